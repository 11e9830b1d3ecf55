"""Workbooks as clerks make them: any cells in any place, read back by intake."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from pipeline.findings import Finding
from pipeline.intake import read
from pipeline.reading import Reading
from tests.support.desk import CONFIG, id_number

HOLDER = ["姓名", "身份证号码", "工作单位", "培育范围", "级别", "证书编号", "发证日期", "取得方式"]
AWARD = ["填报日期", "姓名", "身份证号码", "工作单位", "单位性质", "手机号码", "证书编号", "发证日期", "领取日期", "申请级别", "申请金额",
         "声明签字", "身份证复印件", "证书复印件", "单位审核意见"]
SURVEY = ["单位名称", "单位类型", "从业人员数", "摸底日期"]
COVER = {"填报单位": "练市镇", "填报月份": "2020-08", "填报人": "张某", "联系电话": "13800000000", "填报日期": "2020-09-05"}
TODAY = date(2020, 10, 8)

Rows = Sequence[Sequence[Any]]


def holder(serial: int = 1, **changes: Any) -> list[Any]:
    """A sound row under HOLDER, with cells replaced by label."""
    row = dict(zip(HOLDER, [f"甲{serial}", id_number(serial), "甲公司", "工矿300人以上", "中级", f"ZJ{serial:04d}",
                            "2020-03-15", "考试取得"], strict=True))
    return list((row | changes).values())


def award(serial: int = 1, **changes: Any) -> list[Any]:
    """A sound row under AWARD, with cells replaced by label."""
    row = dict(zip(AWARD, ["2020-08-20", f"甲{serial}", id_number(serial), "甲公司", "生产经营单位", "13812345678",
                           f"ZJ{serial:04d}", "2020-03-15", "2020-04-01", "中级", 2000, "是", "√", "√", "属实"],
                   strict=True))
    return list((row | changes).values())


def survey(**changes: Any) -> list[Any]:
    """A sound row under SURVEY, with cells replaced by label."""
    row = dict(zip(SURVEY, ["甲公司", "工矿企业", 320, "2020-03-01"], strict=True))
    return list((row | changes).values())


def book(
    sheets: Mapping[str, Rows], cover: Mapping[str, Any] = COVER, touch: Callable[[Workbook], object] | None = None
) -> Workbook:
    """A workbook with a cover and the given cells; `touch` changes it at the end."""
    made = Workbook()
    made.worksheets[0].title = "封面"
    for line in cover.items():
        made.worksheets[0].append(line)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    if touch:
        touch(made)
    return made


def saved(made: Workbook) -> bytes:
    """The workbook's bytes."""
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def paper(
    sheets: Mapping[str, Rows], cover: Mapping[str, Any] = COVER, touch: Callable[[Workbook], object] | None = None
) -> bytes:
    """`book` as bytes."""
    return saved(book(sheets, cover, touch))


def look_at(content: bytes, source: str = "练市镇8月.xlsx", today: date = TODAY) -> Reading:
    """What intake makes of a file."""
    return read(content, source, today, CONFIG)


def holders(rows: Rows, touch: Callable[[Workbook], object] | None = None) -> Reading:
    """A sheet 持证人员 of exactly these cells, read."""
    return look_at(paper({"持证人员": rows}, touch=touch))


def column(reading: Reading, field: str, kind: str = "certificates") -> list[Any]:
    """The values of one field over all tables of a kind."""
    return [value for table in reading.tables if table.kind == kind for value in table.values[field]]


def found(reading: Reading) -> list[tuple[str, str, str | None]]:
    """(rule, severity, cell) of every finding."""
    return [(one.rule, str(one.severity), one.cell) for one in reading.findings]


def returned(reading: Reading) -> list[Finding]:
    """The findings that send something back."""
    return [one for one in reading.findings if str(one.severity) == "退回"]
