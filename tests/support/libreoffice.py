"""LibreOffice for tests that must see what an office's program sees."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

# Without this it trusts the values in files that name Excel as their maker, as XlsxWriter's do.
_RECALCULATES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def recalculated(path: Path, folder: Path) -> Path:
    """The .xlsx with every formula worked out anew, in an empty folder."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_RECALCULATES, encoding="utf-8")
    return convert(path, "xlsx", folder)


def convert(path: Path, target: str, folder: Path) -> Path:
    """The file in another format, made by a LibreOffice with a profile of its own."""
    profile = f"-env:UserInstallation=file://{(folder / 'profile').as_posix()}"
    subprocess.run([str(SOFFICE), profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(path)],
                   check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{target.split(':', maxsplit=1)[0]}"
