"""Findings: their order of gravity, and one entry per row and rule."""

from dataclasses import replace

from pipeline.findings import Finding, Severity, merged

RETURNED = Finding(1, "N02", Severity.RETURNED, "应为18位，现为17位", "certificates", "持证人员", 7, "C7")


def test_the_gravest_severity_comes_first():
    assert Severity.RETURNED.weight < Severity.REVIEW.weight < Severity.NOTE.weight


def test_two_findings_of_one_rule_on_one_row_become_one():
    second = replace(RETURNED, message="出生日期不对", cell="D7")
    (joined,) = merged([RETURNED, second])
    assert joined == replace(RETURNED, message="应为18位，现为17位；出生日期不对")


def test_the_same_sentence_is_said_once():
    assert merged([RETURNED, RETURNED]) == [RETURNED]


def test_the_joined_finding_has_the_gravest_severity_whichever_came_first():
    note = replace(RETURNED, severity=Severity.NOTE)
    assert merged([note, RETURNED])[0].severity is Severity.RETURNED
    assert merged([RETURNED, note])[0].severity is Severity.RETURNED


def test_the_joined_finding_points_at_the_first_cell_that_is_known():
    assert merged([replace(RETURNED, cell=None), RETURNED])[0].cell == "C7"


def test_other_rules_rows_sheets_and_files_stay_apart():
    others = [replace(RETURNED, rule="N01"), replace(RETURNED, row=8), replace(RETURNED, sheet="证书奖励申请"),
              replace(RETURNED, submission=2)]
    assert merged([RETURNED, *others]) == [RETURNED, *others]


def test_findings_on_a_whole_sheet_are_joined_only_where_they_say_the_same():
    sheet = Finding(1, "N11", Severity.NOTE, "不认识的列“籍贯”", "certificates", "持证人员", cell="Q1")
    other = replace(sheet, message="不认识的列“民族”", cell="R1")
    assert merged([sheet, other, sheet]) == [sheet, other]
