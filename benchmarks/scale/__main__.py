"""Measure, reckon, write docs/scale.md: `python -m benchmarks.scale [--workbooks 1000]`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.machine import described
from benchmarks.measure import ROOT
from benchmarks.scale.measured import measure
from benchmarks.scale.page import page


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workbooks", type=int, default=1000)
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "pipeline-benchmarks")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    text = page(measure(chosen.folder, chosen.workbooks), described(chosen.folder))
    print(text)
    (ROOT / "docs" / "scale.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
