"""报考与通过: candidates by year, level and sector with the pass rate, and who passed but is no holder yet."""

from __future__ import annotations

from pipeline.quarter_lists import Examinations, ExamLine
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page

_EXAMS = (("考试年度", "year"), ("级别", "level"), ("培育范围", "sector"), ("报考", "count"), ("参考", "count"), ("通过", "count"),
          ("通过率", "share"), ("通过后已取证", "item"), ("参加专题培训", "item"), ("培训师", "count"))
_WAITING = (("填报单位", "unit"), ("姓名", "person"), ("身份证号码", "id"), ("级别", "level"), ("考试年度", "year"), ("培育范围", "sector"))
_SAT, _PASSED, _RATE = 4, 5, 6
_FIRST = 4  # the table's first row, below title, heading and header


def write_examinations(page: Page, report: QuarterReport) -> None:
    """The table with its totals, the shares, and the list of those who are still to be reported as holders."""
    told = report.lists.examinations
    counted = [column for column in range(3, len(_EXAMS)) if column != _RATE]
    shares = [_share("培训师参与报考", "报考人员", told.candidate_trainers), _share("培训师持证", "现有持证人员", told.holder_trainers)]
    exams = Block("一、报考与通过情况", _EXAMS, [_line(one) for one in told.lines], "本季度没有报考人员。", counted, shares)
    waiting = Block("二、已通过考试、“持证人员”中还没有该级别证书的人员（领证后请补报）", _WAITING,
                    [[one.unit, one.name, one.id_number, one.level, one.day, one.fact] for one in told.unreported],
                    "本季度没有这样的人员。")
    write_blocks(page, "报考与通过", f"{report.quarter.chinese}　参考为考试结果“通过”“未通过”之和，通过率＝通过÷参考　单位：人次",
                 [exams, waiting])
    if told.lines:
        _write_rates(page, told)


def _line(one: ExamLine) -> list[Cell]:
    return [str(one.year), one.level, one.sector, one.registered, one.sat, one.passed, None, one.certified, one.trained,
            one.trainers]


def _write_rates(page: Page, told: Examinations) -> None:
    for row, one in enumerate(told.lines, _FIRST):
        page.share(row, _RATE, (_PASSED, one.passed), (_SAT, one.sat), page.face("share"))
    passed, sat = (sum(numbers) for numbers in zip(*((one.passed, one.sat) for one in told.lines), strict=True))
    page.share(_FIRST + len(told.lines), _RATE, (_PASSED, passed), (_SAT, sat), page.total("share"))


def _share(label: str, among: str, share: tuple[int, int]) -> str:
    return f"{label}：{among} {share[1]} 人中有培训师 {share[0]} 人。"
