"""报考与通过: candidates by year, level and sector with the pass rate, and who passed but is no holder yet."""

from __future__ import annotations

from pipeline.quarter_lists import Examinations, ExamLine
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks, write_lines, write_rate
from pipeline.report.ruled import Cell, Page

_WIDTHS = (16, 12, 24, 14, 14, 14, 14, 14, 14, 14)
_EXAMS = ("考试年度", "级别", "培育范围", "报考", "参考", "通过", "通过率", "通过后已取证", "参加专题培训", "培训师")
_WAITING = ("填报单位", "姓名", "身份证号码", "级别", "考试年度", "培育范围")
_SAT, _PASSED, _RATE = 4, 5, 6
_FIRST = 4  # the table's first row, below title, heading and header


def write_examinations(page: Page, report: QuarterReport) -> None:
    """The table with its totals, the shares, and the list of those who are still to be reported as holders."""
    told = report.lists.examinations
    page.title("报考与通过", f"{report.quarter.chinese}　参考为考试结果“通过”“未通过”之和，通过率＝通过÷参考　单位：人次", len(_WIDTHS) - 1)
    counted = [column for column in range(3, len(_EXAMS)) if column != _RATE]
    top = write_blocks(page, _WIDTHS, [Block(
        "一、报考与通过情况", _EXAMS, [_line(one) for one in told.lines], "本季度没有报考人员。", summed=counted)])
    if told.lines:
        _write_rates(page, told)
    top = write_lines(page, top, [
        _share("培训师参与报考", "报考人员", told.candidate_trainers), _share("培训师持证", "现有持证人员", told.holder_trainers)])
    waiting: list[list[Cell]] = [[one.unit, one.name, one.id_number, one.level, one.day, one.fact] for one in told.unreported]
    write_blocks(page, _WIDTHS, [Block(
        "二、已通过考试、“持证人员”中还没有该级别证书的人员（领证后请补报）", _WAITING, waiting, "本季度没有这样的人员。")], top)


def _line(one: ExamLine) -> list[Cell]:
    return [str(one.year), one.level, one.sector, one.registered, one.sat, one.passed, None, one.certified, one.trained,
            one.trainers]


def _write_rates(page: Page, told: Examinations) -> None:
    for row, one in enumerate(told.lines, _FIRST):
        write_rate(page, row, _RATE, _PASSED, _SAT, one.pass_rate)
    write_rate(page, _FIRST + len(told.lines), _RATE, _PASSED, _SAT, told.pass_rate, bold=True)


def _share(label: str, among: str, share: tuple[int, int]) -> str:
    return f"{label}：{among} {share[1]} 人中有培训师 {share[0]} 人。"
