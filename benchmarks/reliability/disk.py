"""A disk that is full at every stage of a run: a small tmpfs, made larger afterwards for the repetition.

Runs as a program of its own inside a mount namespace: `unshare -m python -m benchmarks.reliability.disk KILOBYTES FOLDER`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.reliability.stage import ROOT, Tally, copy, done, fingerprint, history, month_of, rows, torn

_ROOM = 32 << 10  # kilobytes, more than enough


def can_mount() -> bool:
    """Whether this machine lets us mount a file system of our own."""
    return shutil.which("unshare") is not None and subprocess.run(
        [*_namespace(), "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False).returncode == 0


def _namespace() -> list[str]:
    return ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]


def full_disks(folder: Path, times: int) -> Tally:
    """Sizes from none to spare over what the run writes, so that the disk is full at another place each time."""
    tally = Tally("磁盘写满（小的 tmpfs），扩大后再运行")
    command = [*_namespace(), sys.executable, "-m", "benchmarks.reliability.disk", str(times), str(folder / "disk")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for line in told.splitlines():
        tally = tally.plus(**json.loads(line))
    return tally


def _trials(folder: Path, times: int) -> Iterator[dict[str, int]]:
    base, _, today = history(folder / "base", 2)
    job = partial(month_of, today=today)
    whole = copy(base, folder / "whole")
    done(job, whole)
    before, after, right = fingerprint(base), fingerprint(whole), rows(whole)
    held, needed = _kilobytes(base.inputs.parent), _kilobytes(whole.inputs.parent)
    small = folder / "small"
    small.mkdir()
    for number in range(times):
        size = held + (needed - held) * (number + 1) // (times + 1)
        _mount(small, f"size={_ROOM}k")
        desk = copy(base, small / "desk")
        _mount(small, f"remount,size={size}k")
        failed = not done(job, desk)
        half = torn(desk, before, after)
        _mount(small, f"remount,size={_ROOM}k")
        done(job, desk)
        differs = fingerprint(desk) != after
        found = rows(desk)
        subprocess.run(["umount", str(small)], check=True)
        yield {"lost": (right - found).total() or int(differs), "doubled": (found - right).total(), "torn": half + int(not failed)}


def _kilobytes(folder: Path) -> int:
    """What the files take on a file system of whole pages."""
    return sum(-(-path.stat().st_size // 4096) * 4 for path in folder.rglob("*") if path.is_file())


def _mount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)


if __name__ == "__main__":
    for trial in _trials(Path(sys.argv[2]), int(sys.argv[1])):
        print(json.dumps(trial), flush=True)
