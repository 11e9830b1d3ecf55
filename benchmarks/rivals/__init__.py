"""What the same workbooks cost otherwise: readers alone, validators, and the script that an office would write.

Nothing here imports the pipeline, so that no rival pays for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path


def workbooks() -> Iterator[Path]:
    """The workbooks of the folder that the command line names, in their order."""
    yield from sorted((Path(sys.argv[1]) / "inputs").rglob("*.xlsx"))
