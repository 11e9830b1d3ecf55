"""收件清单: every file of the month, whose it was, when it came and what became of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.calendar import Month
from pipeline.report.arrivals import ArrivalLine, arrivals_workbook
from tests.support.desk import CONFIG
from tests.support.returned import opened, submission

LINES = [
    ArrivalLine(submission(1), 5, 0, 0, "已收", late=False),
    ArrivalLine(submission(2, "菱湖镇.xlsx", "菱湖镇", nil=True), 0, 0, 0, "已收", late=True),
    ArrivalLine(submission(3, "更正.xlsx", withdrawn="放错了"), 3, 2, 1, "已撤回", late=True),
    ArrivalLine(submission(4, "坏的.xlsx", None, refused=True), 0, 0, 0, "整件退回", late=True),
    ArrivalLine(submission(5, "也坏的.xlsx", None, refused=True), 0, 0, 0, "整件退回", late=True),
]


def rows(lines: list[ArrivalLine]) -> list[dict[str, object]]:
    page = opened(arrivals_workbook(Month(2020, 8), lines, CONFIG))["收件清单"]
    header, *below = page.iter_rows(min_row=3, max_row=3 + len(lines), values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in below]


def test_every_submission_is_listed_with_number_day_name_and_whole_hash():
    listed = rows(LINES)
    assert [row["收件号"] for row in listed] == ["000001", "000002", "000003", "000004", "000005"]
    assert (listed[0]["单位"], listed[0]["收件日期"], listed[0]["文件名"]) == ("练市镇", "2020-09-05", "练市镇.xlsx")
    assert {row["文件指纹（SHA-256）"] for row in listed} == {"ab" * 32}
    assert listed[3]["单位"] == "单位不明"


def test_it_says_what_was_taken_what_came_late_and_what_became_of_each_file():
    listed = rows(LINES)
    assert [(row["取用行数"], row["退回行数"], row["重复行数"], row["处理结果"]) for row in listed[:3]] == [
        (5, 0, 0, "已收"), (0, 0, 0, "已收"), (3, 2, 1, "已撤回")]
    assert [row["是否按时"] for row in listed[:2]] == ["按时", "迟报"]


def test_nil_returns_later_files_and_withdrawals_are_remarked_and_unknown_units_are_not_taken_for_one():
    assert [row["备注"] or "" for row in rows(LINES)] == [
        "", "零报告", "本月第2份（更正或补充）；撤回原因：放错了", "", ""]


def test_a_file_of_decisions_is_neither_late_nor_a_further_return_of_its_month():
    decisions, correction = (ArrivalLine(submission(at), 1, 0, 0, "已收", late) for at, late in ((6, None), (7, True)))
    listed = rows([LINES[0], decisions, correction])
    assert [(row["是否按时"], row["备注"]) for row in listed] == [("按时", ""), ("—", ""), ("迟报", "本月第2份（更正或补充）")]


@pytest.mark.parametrize("text", ["=1+1", "=cmd|'/c calc'!A1", "@SUM(A1)", "http://example.invalid", "<script>"])
def test_a_file_s_name_stays_text(text: str):
    content = arrivals_workbook(Month(2020, 8), [ArrivalLine(submission(1, text), 1, 0, 0, "已收", late=False)], CONFIG)
    cell = opened(content)["收件清单"]["D4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_the_same_lines_give_the_same_bytes_dated_with_the_last_arrival():
    content = arrivals_workbook(Month(2020, 8), LINES, CONFIG)
    assert content == arrivals_workbook(Month(2020, 8), LINES, CONFIG)
    assert opened(content).properties.created == datetime(2020, 9, 5)


