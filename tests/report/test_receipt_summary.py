"""The sheet 回执: a clerk sees at once what to mend and where; printed, it proves the submission."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook

from pipeline.findings import Finding, Severity
from pipeline.reading import Change
from pipeline.report.look import look
from pipeline.report.receipt_summary import Papers, write_summary
from pipeline.report.receipts import receipt
from tests.support.desk import CONFIG, id_number
from tests.support.returned import SHEET, claim, fault, opened, papers, submission, texts

HOSTILE = ["=1+1", "=cmd|'/c calc'!A1", "+1", "@SUM(A1)", '=HYPERLINK("http://x")', "\x07bell", "\ud800", "x" * 40_000]


def summary(given: Papers) -> Workbook:
    """The page beside an empty sheet 持证人员."""
    book = Workbook()
    book.worksheets[0].title = "回执"
    book.create_sheet(SHEET)
    write_summary(book["回执"], given, CONFIG)
    return book


def said(*findings: Finding) -> list[str]:
    return texts(summary(papers(findings)), "回执")


def test_it_begins_with_what_is_to_be_done_and_the_proof_of_what_was_received():
    lines = said(fault("B3"), fault("C3", "N08"), fault("A2", "N05", Severity.REVIEW))
    assert lines[:2] == ["练市镇　2020年8月　报表回执", "2 项要改正后重报，1 项要核对。"]
    assert lines[2:14] == ["收件号", "000007", "收件日期", "2020-09-05", "收件单位", CONFIG.office, "行数", "读入 2，取用 1，退回 1",
                           "文件", "练市镇.xlsx", "文件指纹", f"SHA-256　{'ab' * 32}"]
    assert lines[-1].startswith("收件单位（盖章）：")


@pytest.mark.parametrize(("findings", "colour"), [
    ([fault("B3"), fault("A2", "N05", Severity.REVIEW)], look().colours.marked_fill),
    ([fault("A2", "N05", Severity.REVIEW)], look().colours.review_fill),
    ([fault("A2", "N10", Severity.NOTE)], look().colours.settled_fill)])
def test_what_is_to_be_done_stands_on_the_colour_of_the_gravest(findings: list[Finding], colour: str):
    assert summary(papers(findings))["回执"]["A2"].fill.fgColor.rgb == f"00{colour.removeprefix('#')}"


def test_how_to_send_it_in_again_follows_what_is_to_be_mended():
    lines = said(fault("B3"))
    places = [next(at for at, line in enumerate(lines) if line.startswith(word)) for word in ("退回：", "怎样重报", "各表取用情况")]
    assert places == sorted(places)


def test_every_printed_page_says_whose_receipt_it_is():
    page = summary(papers(one=submission(unit="甲&乙镇")))["回执"]
    assert page.oddHeader.left.text == "甲&&乙镇　2020年8月　报表回执　收件号 000007"


def test_what_goes_back_stands_before_what_must_be_looked_at_and_notes_come_last():
    lines = said(fault("A9", "N10", Severity.NOTE), fault("A2", "N05", Severity.REVIEW), fault("B3"))
    places = [next(at for at, line in enumerate(lines) if line.startswith(word)) for word in ("退回：", "复核：", "提示：")]
    assert places == sorted(places)
    assert [lines.index(rule) for rule in ("N02", "N05", "N10")] == sorted(lines.index(rule) for rule in ("N02", "N05", "N10"))


def test_the_same_message_is_said_once_with_all_its_cells_drawn_together():
    lines = said(*(fault(f"K{row}") for row in (13, 11, 12, 20)), fault("L11"))
    assert lines.count("请改正") == 1
    assert "K11:K13、K20、L11" in lines


def test_a_long_list_of_cells_is_cut_short_with_their_number():
    (places,) = [line for line in said(*(fault(f"K{row}") for row in range(2, 100, 2))) if line.startswith("K2、")]
    assert places.endswith("K40 等（另有 29 处）")


def test_each_fault_leads_to_its_cells_and_a_fault_of_the_whole_file_leads_nowhere():
    book = summary(papers([fault("K2"), fault("K3"), fault(None, "R5", row=7), fault(None, "N00", message="整件", sheet=None),
                           fault("B1", "N01", sheet="没有的表")]))
    links = [cell.hyperlink for row in book["回执"].iter_rows() for cell in row if cell.hyperlink]
    assert [(link.location, link.target) for link in links] == [(f"'{SHEET}'!K2:K3", None), (f"'{SHEET}'!A7", None)]


def test_rows_taken_and_returned_claims_and_changed_spellings_are_listed():
    lines = texts(summary(papers(
        [fault("B3")], claims=[claim(), claim("NX-2020-0002", state="退回", awaits=None, amount=None),
                               claim("NX-2020-0003", waits_for="单位暂无该证书信息")],
        changes=[Change(SHEET, "A2", "孙  晖", "孙晖")])), "回执")
    at = lines.index("各表取用情况（行）")
    assert lines[at + 7 : at + 13] == [SHEET, "2", "1", "1", "0", "0"]
    at = lines.index("NX-2020-0001")
    assert lines[at : at + 5] == ["NX-2020-0001", "甲一", "证书奖励　中级", "待初审", "2000.0"]
    assert "待初审（单位暂无该证书信息）" in lines
    assert lines[lines.index("孙  晖") - 2 :][:4] == [SHEET, "A2", "孙  晖", "孙晖"]


def test_many_changed_spellings_are_counted_and_the_first_of_them_shown():
    lines = texts(summary(papers(changes=[Change(SHEET, f"A{row}", f"Ａ{row}", f"A{row}") for row in range(2, 102)])), "回执")
    assert any("共 100 处，列出前 30 处" in line for line in lines)
    assert "Ａ31" in lines
    assert "Ａ32" not in lines


def test_a_refused_file_is_told_as_returned_whole_with_the_reason():
    told = fault(None, "N00", message="文件有密码，读不了", sheet=None)
    lines = texts(summary(papers([told], submission(refused=True, unit=None))), "回执")
    assert lines[0].startswith("单位不明")
    assert "整件退回，没有取用任何内容。请按下面的说明改好后重报。" in lines
    assert lines[lines.index("文件有密码，读不了") - 2 :][:4] == ["整件", "—", "文件有密码，读不了", "N00"]


def test_without_a_copy_behind_it_the_page_speaks_of_the_original_and_of_no_colours():
    book = Workbook()
    write_summary(book.worksheets[0], papers([fault("B3")]), CONFIG)
    lines = texts(book, "Sheet")
    assert "退回：请改正后重报" in lines
    assert any(line.startswith("怎样重报：请在原文件中改正") for line in lines)
    assert not [line for line in lines if "副本" in line]


def test_nothing_to_mend_is_said_in_words():
    assert "没有要改正或核对的地方。" in said(fault("A2", "N10", Severity.NOTE))


def test_a_csv_is_to_be_mended_where_its_name_is_for_only_that_says_whose_it_is():
    lines = texts(summary(papers(one=submission(source="练市镇_2020-08_持证人员.CSV"))), "回执")
    assert any("原文件中改正（CSV 文件名不变）" in line for line in lines)


def test_it_says_what_of_the_original_this_copy_does_not_keep():
    assert any("图形、图片、控件、宏" in line for line in said())


def test_no_message_shows_a_full_id_number():
    given = papers([fault("B3", message=f"身份证号码{id_number(1)}不对")], changes=[Change(SHEET, "B2", id_number(2), id_number(3))])
    assert not [line for line in texts(summary(given), "回执") for serial in (1, 2, 3) if id_number(serial) in line]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_and_the_receipt_can_be_opened(text: str):
    given = papers([fault(None, message=text, sheet=text[:99])], submission(source=text),
                   [claim(name=text, waits_for=text)], [Change(text, "A2", text, text)])
    page = opened(receipt("姓名\n甲".encode(), given, CONFIG))["回执"]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert [cell for cell in cells if cell.hyperlink] == []


def test_it_prints_one_a4_page_wide_with_page_numbers():
    page = summary(papers())["回执"]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.oddFooter.center.text) == (1, 0, "第&P页 共&N页")
    assert date(2020, 9, 5).isoformat() in texts(page.parent, "回执")
