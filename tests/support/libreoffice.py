"""LibreOffice for tests that must see what an office's program sees."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def convert(path: Path, target: str, folder: Path) -> Path:
    """The file in another format, made by a LibreOffice with a profile of its own."""
    profile = f"-env:UserInstallation=file://{(folder / 'profile').as_posix()}"
    subprocess.run([str(SOFFICE), profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(path)],
                   check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{target.split(':', maxsplit=1)[0]}"
