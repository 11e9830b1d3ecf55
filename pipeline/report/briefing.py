"""The quarter's 通报 as a Word document by GB/T 9704-2012: no names of persons, no ID numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from pipeline.attainment import TableLine, progress, table_lines
from pipeline.calendar import chinese_day
from pipeline.config import Config
from pipeline.dues import Money, dues
from pipeline.files import TEMPLATES
from pipeline.plan_figures import TargetAndActual, attainment, number
from pipeline.quarter_report import QuarterReport
from pipeline.report.briefing_words import NUMERALS, parts
from pipeline.report.word import filled, saved

_PAGE = 225  # millimetres of a lying page
# Of its columns layer, name, rate and remark, for few numbers and for many; the numbers share what is left.
_WIDE, _NARROW, _FEW = (10, 36, 14, 18), (8, 26, 13, 14), 19
_BODY = 442  # points of a standing page's line
_LARGEST_MASTHEAD = 48
_NOTE = "注：“—”表示计划未定数。实际按发证日期（引进按引进日期）归年，同一人同一级别只计一次；备注为“建议数量”的行不作考核。"
_CELL_ORDER = [qn(f"w:{name}") for name in ("tcW", "gridSpan", "vMerge", "vAlign")]


def briefing(report: QuarterReport, config: Config) -> bytes:
    """The document's bytes; the same report gives the same ones."""
    done, due = progress(report, config), dues(report, config)
    values = _values(report, config, [_money(at, one) for at, one in enumerate(due.payers, 1)], due.money)
    values["opening"] = (f"现将《{config.plan_name}》{report.quarter.chinese}完成情况通报如下。数据截至{chinese_day(done.until)}，"
                         "来自各单位月报和审核意见，名单和出处见同期季度进度表。")
    values["parts"] = parts(report, done, due, config)
    document = filled((TEMPLATES / "通报.docx").read_bytes(), values)
    _set_widths(document.tables[0], _widths(len(values["total"]["numbers"])))
    _set_masthead(document, config.briefing.masthead)
    if not config.briefing.masthead:
        _drop_imprint(document)
    return saved(document, "".join(values["title"]), values["signature"], report.today)


def _values(report: QuarterReport, config: Config, payers: list[list[str]], money: Money) -> dict[str, Any]:
    asked, quarter = config.briefing, report.quarter
    lines, total = table_lines(report, config)
    tables = [f"{config.table_title}（{quarter.chinese}进度）", *(["各发放单位奖励资金情况表"] if payers else [])]
    return {
        "masthead": asked.masthead, "number": asked.numbers.get(str(quarter), f"〔{quarter.year}〕　　号"),
        "title": [f"关于{config.plan_name}", f"{quarter.chinese}完成情况的通报"], "addressees": asked.addressees,
        "closing": asked.closing, "signature": asked.signature or config.office, "day": chinese_day(report.today),
        "copies_to": asked.copies_to, "attachments": _attachments(tables), "note": _NOTE,
        "span": f"{NUMERALS[len(config.years)]}年", "levels": config.target_levels, "years": config.years,
        "layers": [{"name": layer, "lines": [_line(one) for one in own]}
                   for layer, own in groupby(lines, key=lambda one: one.layer)],
        "total": _line(total), "payers": [*payers, _money(None, money)] if payers else [],
    }


def _attachments(tables: Sequence[str]) -> list[dict[str, str]]:
    """附件：1.… and 2.…; one alone has no number."""
    if len(tables) == 1:
        return [{"label": "附件：", "mark": "附件", "text": tables[0]}]
    return [{"label": f"{'　　　' if at > 1 else '附件：'}{at}.", "mark": f"附件{at}", "text": text} for at, text in enumerate(tables, 1)]


def _line(one: TableLine) -> dict[str, Any]:
    whole = one.whole
    pairs = [one.demand, one.existing, (whole.target, whole.actual)]
    return {"name": one.name, "remark": one.remark, "numbers": [
        *_shown(pairs), attainment(whole.target, whole.actual), *_shown(one.cells)]}


def _shown(pairs: Iterable[TargetAndActual]) -> list[str]:
    return [number(figure) for pair in pairs for figure in pair]


def _money(at: int | None, one: Money) -> list[str]:
    numbers = (one.applied, one.applied_amount, one.approved, one.approved_amount, one.paid, one.paid_amount,
               one.unpaid_amount, one.future_amount)
    return ["" if at is None else str(at), "合　计" if at is None else one.name, *(f"{number:.15g}" for number in numbers)]


def _widths(values: int) -> list[float]:
    """The columns' widths in millimetres: 完成率 is the seventh of the numbers."""
    layer, name, rate, remark = _WIDE if values <= _FEW else _NARROW
    share = (_PAGE - layer - name - rate - remark) / (values - 1)
    return [layer, name, *[share] * 6, rate, *[share] * (values - 7), remark]


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    """Each cell as wide as the columns that it spans; its properties back in the schema's order."""
    table._tblPr.find(qn("w:tblW")).set(qn("w:w"), str(Mm(_PAGE).twips))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table._tbl.tr_lst:
        at = 0
        for cell in row.tc_lst:
            cell.width = Mm(sum(widths[at : at + cell.grid_span]))
            at += cell.grid_span
            properties = cell.get_or_add_tcPr()
            properties[:] = sorted(properties, key=lambda one: _CELL_ORDER.index(one.tag))


def _set_masthead(document: Document, text: str) -> None:
    """As large as fits on one line (GB/T 9704, 7.2.4)."""
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.style_id == "Masthead":
            paragraph.runs[0].font.size = Pt(min(_LARGEST_MASTHEAD, _BODY // len(text)))


def _drop_imprint(document: Document) -> None:
    """Without a masthead the document ends with its tables: no 版记, no page for it."""
    body = document.element.body
    ends = body.findall(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:sectPr')}")
    closing = ends[-1].getparent().getparent()
    for one in [closing, *closing.itersiblings()]:
        body.remove(one)
    body.append(ends[-1])
