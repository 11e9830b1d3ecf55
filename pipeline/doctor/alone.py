"""What run.py says where Python or the packages of the command line are not there: the standard library alone."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from pipeline.doctor.check import OLDEST, Desk

ROOT = Path(__file__).parents[2]
_UNFIT = """现在不能运行：{why}。

- Windows：双击同一文件夹里的“启动.bat”，它会找到 Python、装好程序包。
- 或者运行 python run.py doctor，看缺什么、怎么办。
"""


def why_not() -> str | None:
    """Why the command line cannot even be read here; None where it can."""
    if sys.version_info[:2] < OLDEST:
        return f"这是 Python {sys.version.split()[0]}，要用 3.11 或更新的版本"
    return None if find_spec("typer") else "运行所需的程序包没有装在这个 Python 里"


def main() -> None:
    """Run the doctor if it is asked for; otherwise say where to go. Ends the program."""
    if "doctor" not in sys.argv[1:]:
        sys.stderr.write(_UNFIT.format(why=why_not()))
        sys.exit(1)
    from argparse import ArgumentParser
    from datetime import date

    from pipeline.doctor import all_well, examine, page

    parser = ArgumentParser()
    for option, default in (("--config", "config.yaml"), ("--inputs", "inputs"), ("--outputs", "outputs")):
        parser.add_argument(option, type=Path, default=ROOT / default)
    asked, _ = parser.parse_known_args()
    told = list(examine(Desk(ROOT, asked.config, asked.inputs, asked.outputs, date.today())))
    sys.stdout.write(page(told) + "\n")
    sys.exit(0 if all_well(told) else 1)
