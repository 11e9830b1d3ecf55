"""The bundle for offices without a network: the project with all its wheels for Windows x64, in one .zip.

`python -m tools.bundle` makes dist/…-windows-x64.zip for every supported Python (`--python 3.13` for one
alone). `--check` leaves nothing behind: it asks for each supported Python whether all pins have a wheel for
Windows among their hashes, and makes and tries the bundle of one.

Which wheel fits is pip's own decision. Only the markers behind the pins are read here, because pip
reads them for the Python that it runs in, whatever it is asked for.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.utils import canonicalize_name

from pipeline import __version__
from pipeline.doctor.check import NEWEST, OLDEST
from tools.pins import Pin, pins

ROOT = Path(__file__).parents[1]
PYTHONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
CONTENTS = ("run.py", "启动.bat", "config.yaml", "requirements.txt", "README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md",
            "LICENSE", "pipeline", "templates", "docs", "inputs/README.md", "outputs/README.md")
_TRIED = "3.13"  # the bundle that `--check` makes; 3.13 is what docs/no-python.txt tells people to install
_DAY = (1980, 1, 1, 0, 0, 0)


def for_windows(version: str) -> dict[str, Pin]:
    """The pins of requirements.txt that Windows x64 needs with this Python."""
    environment = {
        "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
        "python_version": version, "python_full_version": f"{version}.0",
    }
    return {name: pin for name, pin in pins(ROOT / "requirements.txt").items()
            if pin.requirement.marker is None or pin.requirement.marker.evaluate(environment)}


def without_wheel(version: str) -> list[str]:
    """The pins for which pip finds no wheel, or another than those that are pinned; asks the package index, fetches metadata alone."""
    wanted = for_windows(version)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = _pip(version, ["install", "--dry-run", "--ignore-installed", "--target", folder, "--report", str(report)],
                    Path(folder), (f"{name}=={pin.version}" for name, pin in wanted.items()))
        if done.returncode:
            return [done.stderr.decode("utf-8", "replace").strip()]
        found: dict[str, str] = {canonicalize_name(one["metadata"]["name"]): one["download_info"]["archive_info"]["hashes"]["sha256"]
                 for one in json.loads(report.read_bytes())["install"]}
    return [f"{name}=={pin.version}" for name, pin in wanted.items() if found.get(name) not in pin.hashes]


def fetch(version: str, wheels: Path) -> None:
    """Put into a folder every wheel that Windows needs with this Python, each with one of its pinned hashes; raises SystemExit."""
    done = _pip(version, ["download", "--require-hashes", "-d", str(wheels)], wheels.parent, _hashed(for_windows(version)))
    if done.returncode:
        raise SystemExit(done.stderr.decode("utf-8", "replace"))


def installs_offline(version: str, bundle: Path) -> bool:
    """Whether a Windows with this Python would install all it needs from the unpacked bundle alone."""
    with tempfile.TemporaryDirectory() as folder:
        options = ["install", "--dry-run", "--ignore-installed", "--target", folder, "--no-index", "--find-links", str(bundle / "wheels"),
                   "--require-hashes"]
        return _pip(version, options, Path(folder), _hashed(for_windows(version))).returncode == 0


def _hashed(wanted: Mapping[str, Pin]) -> Iterator[str]:
    for name, pin in wanted.items():
        yield f"{name}=={pin.version} {' '.join(f'--hash=sha256:{digest}' for digest in sorted(pin.hashes))}"


def _pip(version: str, command: Sequence[str], folder: Path, lines: Iterator[str]) -> subprocess.CompletedProcess[bytes]:
    wanted = folder / f"wanted-{version}.txt"
    wanted.write_text("\n".join(lines), encoding="utf-8")
    chosen = ["--quiet", "--no-deps", "--only-binary", ":all:", "--implementation", "cp", "--platform", "win_amd64",
              "--python-version", version]
    try:
        return subprocess.run([sys.executable, "-m", "pip", *command, *chosen, "-r", str(wanted)], capture_output=True, check=False)
    finally:
        wanted.unlink()


def pack(wheels: Path, target: Path) -> Path:
    """Write the .zip: the project's files and the wheels below one folder; the same files give the same bytes."""
    top = f"safety-engineers-{__version__}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in [*_project(), *((f"wheels/{path.name}", path) for path in sorted(wheels.iterdir()))]:
            info = zipfile.ZipInfo(f"{top}/{name}", _DAY)
            info.compress_type = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, path.read_bytes())
    return target


def _project() -> Iterator[tuple[str, Path]]:
    for name in CONTENTS:
        path = ROOT / name
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(ROOT).as_posix(), file


def make(versions: Sequence[str], target: Path) -> Path:
    """The bundle for these versions of Python; raises SystemExit where a wheel is missing."""
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder) / "wheels"
        wheels.mkdir()
        for version in versions:
            fetch(version, wheels)
        return pack(wheels, target)


def check() -> list[str]:
    """What stands in the way of a bundle, for each supported Python."""
    with ThreadPoolExecutor(len(PYTHONS)) as pool:  # mostly waiting for the index
        faults = [f"Python {version}: {fault}" for version, found in zip(PYTHONS, pool.map(without_wheel, PYTHONS), strict=True)
                  for fault in found]
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(make([_TRIED], Path(folder) / "bundle.zip")) as archive:
            archive.extractall(folder)
        (unpacked,) = (path for path in Path(folder).iterdir() if path.is_dir())
        if not installs_offline(_TRIED, unpacked):
            faults.append(f"Python {_TRIED}: the bundle does not hold all that it needs")
    return faults


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", choices=PYTHONS, help="for this version; may be repeated; default: all")
    parser.add_argument("--check", action="store_true", help="leave nothing behind, say what is missing")
    asked = parser.parse_args()
    if asked.check:
        faults = check()
        sys.stdout.write("\n".join(faults or [f"bundle for Windows x64: all wheels for Python {', '.join(PYTHONS)}"]) + "\n")
        sys.exit(bool(faults))
    target = make(asked.python or PYTHONS, ROOT / "dist" / f"safety-engineers-{__version__}-windows-x64.zip")
    sys.stdout.write(f"{target} {target.stat().st_size / 1e6:.0f} MB\n")


if __name__ == "__main__":
    main()
