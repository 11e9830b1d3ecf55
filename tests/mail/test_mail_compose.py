"""The letters as the members' mail programs will read them."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import product

import pytest

from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.findings import Finding, Severity
from pipeline.mail.compose import Letter, compose, figures_digest, message_ids
from pipeline.quarter_report import FindingLine, QuarterReport, UnitLine

WORKBOOK = bytes(range(256)) * 40
NAME = "季度进度表_2020Q3.xlsx"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
def letters(report: QuarterReport, config: Config) -> list[Letter]:
    return compose(report, config, WORKBOOK, NAME, {})


def opened(letter: Letter) -> EmailMessage:
    message = message_from_bytes(letter.content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not [part.defects for part in message.walk() if part.defects]
    return message


def text_of(letter: Letter, kind: str) -> str:
    body = opened(letter).get_body((kind,))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def test_every_member_gets_one_letter_in_the_order_of_the_annex(letters: list[Letter], config: Config) -> None:
    assert [letter.recipient for letter in letters] == [member.email for member in config.leading_group]
    assert letters[0].file_name == "01_组长_王剑峰.eml"
    assert len({letter.file_name for letter in letters}) == len(letters) == 24
    assert len({letter.message_id for letter in letters}) == 24


def test_headers_name_the_office_the_member_and_the_quarter(letters: list[Letter]) -> None:
    message = opened(letters[1])
    assert message["From"] == "南浔区安全生产委员会办公室 <anweiban@nanxun.invalid>"
    assert message["To"] == "沈晓良 <shenxiaoliang@nanxun.invalid>"
    assert message["Subject"] == "2020年第三季度进度：累计40名，完成率40.0%（南浔区注册安全工程师培育三年行动计划）"
    assert message["Date"] == "Thu, 08 Oct 2020 09:00:00 +0800"
    assert message["Message-ID"] == letters[1].message_id


def test_the_same_quarter_gives_the_same_bytes(letters: list[Letter], report: QuarterReport, config: Config) -> None:
    assert compose(report, config, WORKBOOK, NAME, {}) == letters


def test_letters_are_seven_bit_lines_that_any_server_takes(letters: list[Letter]) -> None:
    for line in letters[0].content.split(b"\r\n"):
        assert line.isascii()
        assert len(line) < 80
        assert b"\n" not in line


def test_the_workbook_is_attached_whole(letters: list[Letter]) -> None:
    [attachment] = opened(letters[5]).iter_attachments()
    assert attachment.get_filename() == NAME
    assert attachment.get_content() == WORKBOOK
    assert attachment.get_content_type().endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_bodies_say_the_figures_in_words(letters: list[Letter], kind: str) -> None:
    body = text_of(letters[0], kind)
    for sentence in (
        "截至2020年9月30日，累计培育40名（按人员和级别计，去重后38人），三年计划100名，完成率40.0%，还差60名。",
        "其中初级19名（计划50名）、中级21名（计划50名）；考试取得36名，引进4名；已注册30名。",
        "2020年度计划40名，实际12名，完成率30.0%。",
        "另有高级1名、其他2名，不在计划表合计之内。",
        "证书奖励：申请5件5,000元，核准3件3,000元，发放0件。",
        "2020年8月未报（2个单位）：千金镇、石淙镇。",
        "2020年7月迟报（1个单位）：双林镇（8月7日收到）。",
    ):
        assert sentence in body


def test_the_html_table_has_plan_and_actual_of_every_sector(letters: list[Letter]) -> None:
    rows = rows_of(text_of(letters[0], "html"))
    assert ["从业人员300人以上的工矿企业", "35", "15", "23", "11", "58", "26", "44.8%"] in rows
    assert ["安全生产中介机构", "—", "0", "10", "3", "10", "3", "30.0%"] in rows
    assert ["合计", "50", "19", "50", "21", "100", "40", "40.0%"] in rows
    assert ["2020年", "20", "4", "20", "8", "40", "12", "30.0%"] in rows


def rows_of(html: str) -> list[list[str]]:
    """The first text of each cell, which leaves out the notes under a name."""
    rows = html.split("<tr")[1:]
    return [[text.strip() for text in re.findall(r"<t[dh][^>]*>([^<]*)", row)] for row in rows]


def test_the_plain_twin_has_the_same_table(letters: list[Letter]) -> None:
    body = text_of(letters[0], "plain")
    assert "安全生产中介机构\n  初级：计划 —，实际 0\n  中级：计划 10，实际 3\n" in body
    assert "  三年合计：计划 10，实际 3，完成率 30.0%\n" in body


def test_styles_are_inlined_because_mail_programs_drop_style_sheets(letters: list[Letter]) -> None:
    html = text_of(letters[0], "html")
    (kept,) = re.findall(r"<style[^>]*>(.*?)</style>", html, re.S)  # for telephones and dark screens, where it is understood
    assert re.sub(r"@media[^{]*\{(\s*[^{}]+\{[^{}]*\})*\s*\}", "", kept).strip() == ""
    cells = re.findall(r"<t[dh][^>]*>", html.partition('class="figures"')[2])
    assert len(cells) > 80
    assert all("border: 1px solid" in cell for cell in cells)
    assert '<!--[if mso]><table role="presentation" width="720"' in html


def test_the_salutation_names_the_role_and_the_unit(letters: list[Letter]) -> None:
    assert "领导小组组长王剑峰同志：" in text_of(letters[0], "html")
    assert "领导小组副组长沈晓良同志（区府办）：" in text_of(letters[1], "plain")
    assert "领导小组成员吴博文同志（区委组织部）：" in text_of(letters[3], "html")


def test_no_letter_names_an_applicant(report: QuarterReport, config: Config) -> None:
    claim = report.claims[0]
    assert claim.id_number is not None
    letters = compose(with_units(report, config), config, WORKBOOK, NAME, {})
    for letter, kind in product(letters, ("plain", "html")):
        body = text_of(letter, kind)
        assert claim.id_number not in body
        assert claim.id_number[6:14] not in body
        assert claim.name not in body


def test_a_member_who_had_other_figures_gets_a_correction(report: QuarterReport, config: Config) -> None:
    first, second, *_ = compose(report, config, WORKBOOK, NAME, {config.leading_group[1].email: ["earlier"]})
    sentence = "本邮件更正并取代此前发送的2020年第三季度进度邮件"
    assert opened(second)["Subject"].startswith("【更正】2020年第三季度进度：累计40名")
    assert sentence in text_of(second, "plain")
    assert sentence in text_of(second, "html")
    assert "更正" not in opened(first)["Subject"] + text_of(first, "plain") + text_of(first, "html")


def test_other_figures_make_another_message_and_another_day_does_not(report: QuarterReport, config: Config) -> None:
    today = compose(report, config, WORKBOOK, NAME, {})[0]
    tomorrow = compose(replace(report, today=date(2020, 10, 9), returns=[]), config, WORKBOOK, NAME, {})[0]
    changed = compose(replace(report, outside={"高级": 2}), config, WORKBOOK, NAME, {})[0]
    assert (tomorrow.message_id, tomorrow.figures) == (today.message_id, today.figures)
    assert changed.message_id != today.message_id
    assert changed.figures != today.figures


def test_the_digest_covers_every_figure(report: QuarterReport) -> None:
    changes = [
        replace(report, cells=[replace(report.cells[0], actual=9), *report.cells[1:]]),
        replace(report, sectors=[replace(report.sectors[0], demand_actual=9), *report.sectors[1:]]),
        replace(report, total=replace(report.total, persons=39)),
        replace(report, payers=[replace(report.payers[0], paid_amount=1.0), *report.payers[1:]]),
        replace(report, outside={}),
    ]
    assert len({figures_digest(changed) for changed in [report, *changes]}) == 6


def test_names_cannot_write_headers_or_markup(report: QuarterReport, config: Config) -> None:
    member = config.leading_group[0].model_copy(update={"name": f"王\r\nBcc: spy@example.org/..{HOSTILE}"})
    hostile = config.model_copy(update={"leading_group": [member], "office": f"办\nX-Evil: 1{HOSTILE}"})
    [letter] = compose(report, hostile, WORKBOOK, NAME, {})
    message = opened(letter)
    assert {"Bcc", "X-Evil"}.isdisjoint(message.keys())
    assert [address.addr_spec for address in message["To"].addresses] == [member.email]
    assert "<script>" not in text_of(letter, "html")
    assert "{{ 7*7 }}" in text_of(letter, "html")
    assert "<script>" in text_of(letter, "plain")
    assert not set(letter.file_name) & set('\\/:*?"<>|\r\n')


def test_a_reached_target_is_said_as_a_number(report: QuarterReport, config: Config) -> None:
    for actual, words in ((100, "完成率100.0%，与计划数相等"), (103, "完成率103.0%，超出计划3名")):
        reached = replace(report, total=replace(report.total, actual=actual))
        assert words in text_of(compose(reached, config, b"", NAME, {})[0], "plain")


def test_before_the_due_day_nobody_is_called_missing(report: QuarterReport, config: Config) -> None:
    waiting = [replace(due, state="未到期", first_arrived=None) for due in report.returns[2:]]
    body = text_of(compose(replace(report, returns=waiting), config, b"", NAME, {})[0], "plain")
    assert "2020年8月尚未到截止日（9月5日），还有2个单位未报送。" in body
    assert "未报（" not in body


def test_a_complete_quarter_says_so(report: QuarterReport, config: Config) -> None:
    complete = replace(report, returns=report.returns[:1], payers=[], outside={"高级": 0})
    body = text_of(compose(complete, config, b"", NAME, {})[0], "plain")
    assert "本季度应报送的月报均已按时收到。" in body
    assert "证书奖励" not in body
    assert "另有" not in body


def test_figures_that_come_back_after_a_correction_are_a_correction_again(report: QuarterReport, config: Config) -> None:
    address = config.leading_group[0].email
    first = compose(report, config, WORKBOOK, NAME, {})[0]
    again = compose(report, config, WORKBOOK, NAME, {address: [first.figures, "other figures"]})[0]
    assert again.figures == first.figures
    assert again.message_id != first.message_id


def with_units(report: QuarterReport, config: Config, **changes: object) -> QuarterReport:
    """The report with a line for each unit, and twelve returned rows of 练市镇."""
    lines = [UnitLine(unit.name, 9, {"初级": 3, "中级": 5}, 0, 0, 1, 0, 1, 1000.0) for unit in config.units]
    findings = [FindingLine("练市镇8月.xlsx", "练市镇", Month(2020, 8), Finding(
        1, "N01", Severity.RETURNED, f"“手机号码”第{row}个{HOSTILE}：必填项没有填；请补填", "certificates", "持证人员", row, f"H{row}"))
        for row in range(3, 15)]
    return replace(report, **{"units": lines, "findings": findings, **changes})


def of_member(letters: list[Letter], name: str) -> Letter:
    (letter,) = [letter for letter in letters if name in letter.file_name]
    return letter


def preview_of(letter: Letter) -> str:
    (shown,) = re.findall(r'<div class="preview" style="display: none[^"]*">([^<]*)</div>', text_of(letter, "html"))
    return shown


def test_the_mailbox_shows_the_result_before_the_letter_is_opened(report: QuarterReport, config: Config) -> None:
    letters = compose(with_units(report, config), config, WORKBOOK, NAME, {})
    assert preview_of(letters[0]) == "初级19名（计划50名）、中级21名（计划50名）；月报未报2份。"
    assert preview_of(of_member(letters, "钱建中")).startswith("练市镇退回待改12项。初级19名")
    assert preview_of(of_member(letters, "余为荣")).startswith("区应急管理局待办申请1件。初级19名")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_town_reads_its_own_figures_its_returned_rows_and_its_claims(report: QuarterReport, config: Config, kind: str) -> None:
    letters = compose(with_units(report, config), config, WORKBOOK, NAME, {})
    body = text_of(of_member(letters, "钱建中"), kind)
    for sentence in ("二、本单位情况（练市镇）", "练市镇报来并计入计划的初级3名、中级5名；有效奖励申请1件、1,000元。",
                     "本季度月报：7月按时。", "退回待改12项", "其余2条见发回的回执。",
                     "本单位报来、正在办理的申请1件", "NX-2020-0001", "三、计划表"):
        assert sentence in body
    assert "H12" in body
    assert "H13" not in body
    assert "等待本单位办理的申请1件" in text_of(of_member(letters, "余为荣"), kind)


def test_who_belongs_to_no_unit_reads_the_district_alone(report: QuarterReport, config: Config) -> None:
    body = text_of(compose(with_units(report, config), config, WORKBOOK, NAME, {})[0], "plain")
    assert "本单位" not in body
    assert "二、计划表" in body


def test_a_unit_with_nothing_to_do_is_told_so(report: QuarterReport, config: Config) -> None:
    letters = compose(with_units(report, config, findings=[], claims=[]), config, WORKBOOK, NAME, {})
    assert "没有退回待改的内容，也没有待办理的申请。" in text_of(of_member(letters, "钱建中"), "html")


def test_what_a_cell_says_is_text_in_its_unit_s_letter_too(report: QuarterReport, config: Config) -> None:
    body = text_of(of_member(compose(with_units(report, config), config, WORKBOOK, NAME, {}), "钱建中"), "html")
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in body


def test_the_picture_travels_inside_the_letter_and_says_its_figures_where_it_is_not_shown(
    report: QuarterReport, config: Config
) -> None:
    message = opened(compose(report, config, WORKBOOK, NAME, {}, b"\x89PNG picture")[3])
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    html = message.get_body(("html",))
    assert html is not None
    (image,) = re.findall(r"<img [^>]*>", html.get_content())
    assert picture.get_payload(decode=True) == b"\x89PNG picture"
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in image
    assert 'width="560"' in image
    assert "初级19名（计划50名）、中级21名（计划50名）" in image


def test_without_a_picture_none_is_spoken_of(letters: list[Letter]) -> None:
    assert "<img" not in text_of(letters[0], "html")
    assert "图：" not in text_of(letters[0], "html")


def test_message_ids_are_known_without_composing(report: QuarterReport, config: Config) -> None:
    earlier = {config.leading_group[2].email: ["other"]}
    assert message_ids(report, config, earlier) == {one.message_id for one in compose(report, config, WORKBOOK, NAME, earlier)}
