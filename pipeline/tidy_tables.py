"""The tidy tables of a quarter: which there are, and what stands in each column.

Columns that the units fill in are taken from `sheets`; the others are declared here. The files of
`export`, the frames of `import pipeline` and the data dictionary all derive from TABLES.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.columns import Column, Kind, Sheet
from pipeline.sheets import CERTIFICATES, ESTABLISHMENTS

STATUS = {"counted": "计入", "outside": "表外", "duplicate": "重复", "returned": "退回", "superseded": "被更正"}


@dataclass(frozen=True)
class TidyTable:
    """One table: its key in code, its name in Chinese, what a row is, and its columns."""

    key: str
    label: str
    about: str
    columns: tuple[Column, ...]


def _c(field: str, label: str, kind: Kind = Kind.TEXT, hint: str = "", choices: tuple[str, ...] = ()) -> Column:
    return Column(field, label, kind, hint=hint, choices=choices)


def _of(sheet: Sheet, *fields: str, **labels: str) -> Iterator[Column]:
    """Columns of a sheet under their own labels or others, with what the sheet calls them."""
    for field in (*fields, *labels):
        column = sheet.column(field)
        yield replace(column, label=labels.get(field, column.label), hint=f"填报表“{sheet.label}”的“{column.label}”")


_UNIT = (_c("unit", "填报单位"), _c("month", "填报月份", hint="如 2020-08"))
_PLACE = (_c("file", "文件", hint="在 inputs/ 里的名称"), _c("sheet", "工作表"), _c("row", "行", Kind.COUNT, "在工作表里的行号"))
_ORIGIN = (*_UNIT, *_PLACE)
_PERSON = (
    _c("person", "人员序号", hint="同一个身份证号码同一个序号，只在同一次导出里有效"),
    _c("name", "姓名"), _c("id_number", "身份证号码（打码）", hint="只留前六位和末四位"),
)
_STATUS = _c("status", "统计结果", hint="这一行到季末在统计中的去向", choices=tuple(STATUS.values()))
_SECTOR = _c("sector", "培育范围", hint="附件2 的一行")

TABLES = (
    TidyTable("table", "计划进度", "附件2 的一格：一个培育范围、一个级别、一个年度", (
        _c("layer", "层面"), _SECTOR, _c("level", "级别"), _c("year", "年度", Kind.YEAR),
        _c("target", "计划", Kind.COUNT, "空白：计划表该格没有数"), _c("actual", "实际", Kind.COUNT, "按人员和级别计"),
        _c("introduced", "其中引进", Kind.COUNT))),
    TidyTable("sectors", "培育范围", "附件2 的一行", (
        _c("layer", "层面"), _SECTOR, _c("wording", "计划原文"),
        _c("demand_target", "总体需求数量（计划）", Kind.COUNT),
        _c("demand_actual", "总体需求数量（实际）", Kind.COUNT, "各单位应配置人数之和"),
        _c("existing_target", "现有数量（计划）", Kind.COUNT),
        _c("existing_actual", "现有数量（实际）", Kind.COUNT, "季末持有效证书的人数"),
        _c("target", "三年预培育数量", Kind.COUNT), _c("actual", "实际培育数量", Kind.COUNT))),
    TidyTable("units", "填报单位", "一个单位到季末报来的行", (
        _c("unit", "填报单位"), _c("rows_read", "读入行数", Kind.COUNT, "持证人员和各类申请"),
        _c("counted", "计入证书数", Kind.COUNT, "计入附件2 的证书"), _c("outside", "表外行数", Kind.COUNT),
        _c("duplicate", "重复行数", Kind.COUNT), _c("returned", "退回行数", Kind.COUNT), _c("superseded", "被更正行数", Kind.COUNT),
        _c("claims", "申请件数", Kind.COUNT, "不含退回、重复和不核准的"), _c("claimed_amount", "申请金额", Kind.MONEY, "单位：元"))),
    TidyTable("certificates", "持证人员", "填报表“持证人员”的一行，不论是否计入", (
        *_PERSON, *_of(CERTIFICATES, "document", "employer", sector="培育范围（填报）"),
        _c("table_sector", "培育范围（统计）", hint="按 config.yaml 的 sector_from"),
        *_of(CERTIFICATES, "level", "specialty", "issued_on", "route", "introduced_on"),
        _c("effective_on", "归年日期", Kind.DATE, "考试取得的为发证日期，引进的为引进日期"),
        *_of(CERTIFICATES, "registered_on", "ce_hours", "trainer"), _STATUS,
        _c("reason", "没有计入的原因", hint="计入的为空白"), *_ORIGIN)),
    TidyTable("establishments", "单位摸底", "填报表“单位摸底”的一行，不论是否计入", (
        *_of(ESTABLISHMENTS, "establishment", "uscc", "establishment_type", "headcount", "service_staff",
             required_engineers="应配置人数（填报）"),
        _c("required", "应配置人数（统计）", Kind.COUNT, "填报为空白的，按计划二（一）（二）推算"),
        *_of(ESTABLISHMENTS, "surveyed_on"), _c("table_sector", "培育范围（统计）", hint="由单位类型和从业人员数得出"), _STATUS, *_ORIGIN)),
    TidyTable("claims", "申请", "一件申请", (
        _c("number", "申请编号"), _c("award", "奖励"), _c("item", "内容", hint="级别、期次、职称、费用或补贴类别"), *_PERSON,
        _c("employer", "工作单位"), _c("applied_on", "填报日期", Kind.DATE), _c("amount", "申请金额", Kind.MONEY, "单位：元"),
        _c("payer", "发放单位", hint="空白：待定"), _c("state", "状态"), _c("awaits", "下一环节"), _c("waits_for", "等待的原因"),
        _c("review_due", "初审截止日", Kind.DATE),
        _c("paid", "已发放", Kind.MONEY, "单位：元"), _c("recovered", "已追回", Kind.MONEY, "单位：元"),
        _c("repeats", "重复于", hint="先申请的那一件的编号"), *_ORIGIN)),
    TidyTable("findings", "问题", "核对时发现的一处问题", (
        _c("rule", "规则", hint="见规则手册"), _c("severity", "处理", choices=("退回", "复核", "提示")), _c("message", "说明"),
        *_ORIGIN, _c("cell", "单元格"))),
)
BY_KEY = {table.key: table for table in TABLES}
