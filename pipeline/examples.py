"""The scenarios of tests/cases in words: what stands in the rows, and what the rule says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipeline.columns import Kind
from pipeline.idnumber import masked_text
from pipeline.sheets import BY_KEY

Case = Mapping[str, Any]

_FOLDER = Path(__file__).parents[1] / "tests" / "cases"
# Keys of a scenario that hold fields of a sheet; `change` is of the sheet that the scenario names.
_ROWS = {
    "register": "certificates", "survey": "establishments", "supervisor": "supervisors", "notice": "notices",
    "outside": "outside_awards", "certificates": "certificates", "candidates": "candidates",
    "awards": "certificate_awards", "others": "other_awards", "decisions": "decisions",
}
_FACTS = {"holders": "本单位持证人员数", "barred": "失信名单认定日期", "left": "离职日期", "arrives": "收件日期",
          "looked_at": "查看日期", "column": "多出一列", "filled_on": "封面填报日期"}
_LABELS = {"birth": "出生日期", "place": "身份证号码前六位", "on": "日期"}  # what no column is called


def scenarios() -> dict[str, list[Case]]:
    """Rule → its scenarios, from every file of cases; nothing where the tests were not installed."""
    found: dict[str, list[Case]] = defaultdict(list)
    for path in sorted(_FOLDER.glob("*.yaml")):
        for rule, cases in YAML(typ="safe").load(path.read_text(encoding="utf-8")).items():
            found[rule] += cases
    return found


def told(case: Case) -> str:
    """A scenario as a sentence: its name, then what stands in the rows; raises KeyError for what it has no words for."""
    parts = [part for key, value in case.items() if (part := _part(key, value, case))]
    return masked_text(f"{case['case']}：{'；'.join(parts)}" if parts else case["case"])


def _part(key: str, value: Any, case: Case) -> str:
    if key in ("case", "says", "sheet"):
        return ""
    if key == "papers":
        return " → ".join(map(_paper, value))
    if key == "switches":
        return "，".join(f"开关 {name}={str(setting).lower()}" for name, setting in value.items())
    if key in _FACTS:
        return f"{_FACTS[key]} {value}"
    if key in ("cover", "cell", "award"):
        return "，".join(f"{label} {_shown(content)}" for label, content in value.items())
    return _row(case["sheet"] if key == "change" else _ROWS[key], value)


def _paper(paper: Case) -> str:
    rows = [_row(_ROWS[key], row) for key, its in paper.items() if key in _ROWS for row in its]
    filled_on = f"（填报日期 {paper['filled_on']}）" if "filled_on" in paper else ""
    return f"{paper['unit']}{paper['month']}{filled_on} {'、'.join(rows)}"


def _row(kind: str, fields: Mapping[str, Any] | None) -> str:
    label = BY_KEY[kind].label
    if fields is None:
        return f"“{label}”中没有"
    return f"“{label}”{'，'.join(_field(kind, name, value) for name, value in fields.items())}" if fields else ""


def _field(kind: str, name: str, value: Any) -> str:
    if name == "serial":
        return f"第{value}人"
    if name in _LABELS:
        return f"{_LABELS[name]} {value}"
    column = BY_KEY[kind].column(name)
    if column.kind in (Kind.YESNO, Kind.TICK) and value is not None:
        return f"{column.label} {'是' if value else '否'}"
    return f"{column.label} {_shown(value)}"


def _shown(value: Any) -> str:
    return "空白" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
