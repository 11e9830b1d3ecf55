"""通报: the quarter in words by GB/T 9704-2012, from figures alone, without persons."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from pipeline import monthly, signing
from pipeline.config import Briefing, Config
from pipeline.config_file import load
from pipeline.files import write_atomically
from pipeline.office import Office
from pipeline.quarter_report import QuarterReport
from pipeline.report.briefing import briefing
from tests.support.desk import CONFIG, ROOT, award, holder, introduced, talent
from tests.support.documents import opened, pages, paragraphs, parts
from tests.support.libreoffice import needs_libreoffice
from tests.support.workbooks import office, workbook

HOSTILE = "<b>&{{7*7}}{% raw %}</w:t>"
NAMES = ["孙某甲", "李某乙", "周某丙"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = office(tmp_path_factory.mktemp("office"))
    rows = {"certificates": [holder(1, name=NAMES[0]), holder(2, level="初级"), holder(3, sector="政府部门"), holder(4, level="高级"),
                             introduced(5, name=NAMES[1]), *(holder(at, sector="中介机构") for at in range(6, 10))],
            "certificate_awards": [award(1, name=NAMES[0], employer=HOSTILE), award(2, name=NAMES[2], level="初级", amount=1.0)],
            "talent_awards": [talent(5, name=NAMES[1])]}
    (made.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", rows))
    (made.inputs / "双林镇.xlsx").write_bytes(workbook("双林镇", "2020-09", {"certificates": [holder(11, issued_on="2019-06-01")]}))
    return made


@pytest.fixture(scope="module")
def outcome(desk: Office) -> monthly.Outcome:
    return monthly.run(desk, date(2020, 10, 8), None, False, 1, lambda *_: None)


@pytest.fixture(scope="module")
def report(outcome: monthly.Outcome) -> QuarterReport:
    return outcome.report


def with_briefing(**changes: object) -> Config:
    return CONFIG.model_copy(update={"briefing": Briefing(**changes)})


RED = with_briefing(masthead="南浔区安全生产委员会办公室文件", numbers={"2020Q3": "南安委办〔2020〕15号"}, copies_to="区委办公室，区财政局")


def texts(report: QuarterReport, config: Config = CONFIG) -> list[str]:
    return paragraphs(opened(briefing(report, config)))


def test_the_job_writes_it_beside_the_workbook(desk: Office, outcome: monthly.Outcome):
    path = desk.outputs / "2020Q3" / "通报_2020Q3.docx"
    assert outcome.written[1] == path
    assert path.read_bytes() == briefing(outcome.report, CONFIG)


def test_the_whole_is_told_with_its_target_rate_and_gap(report: QuarterReport):
    said = "\n".join(texts(report))
    assert report.total.actual == 9
    assert "累计培育9名（按人员和级别计，去重后9人），三年计划100名，完成率9.0%，还差91名。其中考试取得8名，引进1名；已注册0名。" in said
    assert "初级计划50名，实际1名，完成率2.0%；中级计划50名，实际8名，完成率16.0%。" in said
    assert "2019年计划30名，实际2名，完成率6.7%；2020年计划40名，实际7名，完成率17.5%。" in said
    assert "另有高级1名，不在计划表合计之内。" in said


def test_sectors_are_ranked_by_their_share_and_suggested_ones_are_not(report: QuarterReport):
    said = texts(report)
    ranking = [text for text in said if re.match(r"\d\..*完成率", text)]
    assert [(text[0], text[2:8]) for text in ranking] == [("1", "安全生产中介"), ("2", "从业人员30"), ("3", "危险化学品生")]
    (suggested,) = [text for text in said if text.startswith("（二）建议数量")]
    assert "本地行业监管部门、各镇（开发区）计划9名，实际1名" in suggested
    assert not [word for word in ("完成率", "还差", "未达标") if word in suggested]


def test_who_has_not_reported_is_told_month_by_month(report: QuarterReport):
    (text,) = [text for text in texts(report) if text.startswith("（一）月报。2020年7月未报")]
    assert "2020年7月未报（21个单位）：区委组织部、" in text
    assert "2020年8月迟报（1个单位）：练市镇（10月8日收到）。" in text
    assert "2020年9月迟报（1个单位）：双林镇（10月8日收到）。" in text


def test_money_waits_and_days_to_come_are_told(report: QuarterReport):
    said = "\n".join(texts(report))
    assert "累计申请2件5000元，核准0件0元，发放0件0元。其中：" in said
    assert "待初审2件、待复审0件、待发放0件。" in said
    assert "2020年10月月报的截止日为2020年11月5日。" in said
    assert "现有退回1处（练市镇1处）" in said
    late = replace(report, today=date(2020, 11, 30))
    assert "1.NX-2020-0001：初审期限2020年10月21日。" in texts(late)


def test_parts_are_numbered_as_official_documents_are(report: QuarterReport):
    said = texts(report)
    assert [text[:2] for text in said if re.match("[一二三四五]、", text)] == ["一、", "二、", "三、", "四、", "五、"]
    subs = [text[1] for text in said if re.match("（[一二三四五]）", text)]
    assert subs == [*"一二三四", *"一二三", *"一二", *"一二三", *"一二三"]


def test_no_person_is_in_it(report: QuarterReport):
    said = "".join(parts(briefing(report, CONFIG)).values())
    assert not [name for name in NAMES if name in said]
    assert not re.search(r"\d{17}[\dX]|\*{4}", said)
    assert "&lt;b&gt;" not in said  # nor the employer that a claim names


def test_the_table_is_the_plans_with_actual_beside_target(report: QuarterReport):
    table = opened(briefing(report, CONFIG)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][0] == "培育范围"
    assert rows[1][9:] == ["初级"] * 6 + ["中级"] * 6 + ["备注"]
    assert rows[2][9:13] == ["2019年", "2019年", "2020年", "2020年"]
    assert [row[1] for row in rows[4:9]] == [sector.wording for sector in CONFIG.sectors]
    assert rows[5][2:9] == ["49", "0", "3", "5", "58", "4", "6.9%"]
    assert rows[7][9:21] == ["—", "0", "—", "0", "—", "0", "3", "0", "4", "4", "3", "0"]
    assert rows[9][:9] == ["合　计", "合　计", "66", "0", "18", "10", "100", "9", "9.0%"]
    assert [row[0] for row in rows[4:9]] == ["企业层面"] * 4 + ["政府层面"]


def test_the_money_of_each_payer_stands_in_a_table_of_its_own(report: QuarterReport):
    rows = [[cell.text for cell in row.cells] for row in opened(briefing(report, CONFIG)).tables[1].rows]
    assert rows[2:] == [["1", "区应急管理局", "1", "3000", "0", "0", "0", "0", "0", "0"],
                        ["2", "练市镇", "1", "2000", "0", "0", "0", "0", "0", "0"],
                        ["", "合　计", "2", "5000", "0", "0", "0", "0", "0", "0"]]


def test_without_claims_there_is_one_attachment_and_no_number_before_it(report: QuarterReport):
    said = texts(replace(report, payers=[], claims=[], instalments=[]))
    assert "（一）申请和发放。没有奖励申请。" in said
    assert "附件：南浔区注册安全工程师培育三年行动计划表（2020年第三季度进度）" in said
    assert not [text for text in said if "附件2" in text]


def test_paper_margins_lines_and_typefaces_are_those_of_the_standard(report: QuarterReport):
    document = opened(briefing(report, CONFIG))
    letter, lying = document.sections
    assert [round(side.mm) for side in (letter.page_width, letter.page_height)] == [210, 297]
    assert lying.orientation == WD_ORIENT.LANDSCAPE
    margins = [[round(side.mm) for side in (page.top_margin, page.right_margin, page.bottom_margin, page.left_margin)]
               for page in (letter, lying)]
    assert margins == [[37, 26, 35, 28], [28, 37, 26, 35]]  # the second is the first turned to the left
    styles = {style.style_id: style for style in document.styles}
    faces = {key: (styles[key].font.name, styles[key].font.size.pt) for key in ("Normal", "Heading", "Part", "Attachment", "PageNumber")}
    assert faces == {"Normal": ("仿宋_GB2312", 16), "Heading": ("方正小标宋简体", 22), "Part": ("黑体", 16), "Attachment": ("黑体", 16),
                     "PageNumber": ("宋体", 14)}
    assert 28 <= styles["Normal"].paragraph_format.line_spacing.pt <= 30
    assert 22 * styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(225 / 25.4 * 72, abs=2)
    lead = next(one for one in document.paragraphs if one.text.startswith("（一）总量"))
    assert lead.runs[0].font.name == "楷体_GB2312"


def test_page_numbers_stand_between_dashes_right_on_odd_pages_and_left_on_even_ones(report: QuarterReport):
    document = opened(briefing(report, CONFIG))
    letter, lying = document.sections
    assert document.settings.odd_and_even_pages_header_footer
    for foot, side in ((letter.footer, "right"), (letter.even_page_footer, "left")):
        (number,) = foot.paragraphs
        assert (number.text, number._p.pPr.find(qn("w:jc")).get(qn("w:val"))) == ("— 1 —", side)
        assert " PAGE " in number._p.xml
    for head in (lying.header, lying.even_page_header):  # turned, at the left edge of the lying page
        assert 'layout-flow:vertical' in head._element.xml
        assert " PAGE " in head._element.xml


def test_without_a_masthead_it_has_neither_red_head_nor_imprint(report: QuarterReport):
    made = briefing(report, CONFIG)
    assert "FF0000" not in parts(made)["word/document.xml"]
    assert len(opened(made).sections) == 2
    assert not [text for text in paragraphs(opened(made)) if "〔2020〕" in text]


def test_with_a_masthead_it_has_its_number_and_an_imprint_on_an_even_page(report: QuarterReport):
    document = opened(briefing(report, RED))
    said = paragraphs(document)
    assert said[:2] == ["南浔区安全生产委员会办公室文件", "南安委办〔2020〕15号"]
    assert document.paragraphs[0].runs[0].font.size.pt * len(said[0]) <= 442  # on one line
    *_, imprint = document.sections
    assert imprint.start_type.name == "EVEN_PAGE"
    told = [cell.text for row in imprint.footer.tables[0].rows for cell in row.cells]
    assert told == ["抄送：区委办公室，区财政局。", "南浔区安全生产委员会办公室\t2020年10月8日印发"]


def test_a_number_that_was_not_given_yet_leaves_room_for_it(report: QuarterReport):
    assert "〔2020〕　　号" in texts(report, with_briefing(masthead="甲"))


def test_closing_addressees_and_signature_are_the_districts_own(report: QuarterReport):
    own = with_briefing(addressees="各镇", closing="请认真落实。", signature="区安委会")
    said = texts(report, own)
    assert ("各镇：" in said, "请认真落实。" in said, said.count("区安委会")) == (True, True, 1)
    usual = texts(report)
    assert ("领导小组各成员单位：" in usual, "特此通报。" in usual, usual.count(CONFIG.office)) == (True, True, 1)
    assert not [text for text in texts(report, with_briefing(closing="")) if "特此通报" in text]


def test_an_older_config_without_the_new_keys_has_their_defaults(tmp_path: Path):
    text = (ROOT / "config.yaml").read_text("utf-8")
    older = re.sub(r"(?ms)^briefing:.*?(?=^# ---)", "", text)
    assert "masthead" not in older
    path = write_atomically(tmp_path / "config.yaml", older.encode())
    assert (load(path).briefing, load(path).forms) == (Briefing(), CONFIG.forms)


def test_texts_of_config_yaml_are_texts(report: QuarterReport):
    hostile = with_briefing(masthead=HOSTILE, closing=HOSTILE, addressees=HOSTILE, copies_to=HOSTILE)
    document = opened(briefing(report, hostile))
    assert document.paragraphs[0].text == HOSTILE
    assert HOSTILE in texts(report, hostile)


def test_the_same_report_gives_the_same_bytes(report: QuarterReport):
    assert briefing(report, RED) == briefing(report, RED)


@needs_libreoffice
def test_a_full_page_has_22_lines_of_28_characters(report: QuarterReport, tmp_path: Path):
    made = briefing(report, with_briefing(closing="字" * 28 * 72))
    full = [page for page in pages(made, tmp_path) if page.count("字") > 560]
    lines = [line.strip() for line in full[1].splitlines() if line.strip()]
    assert {len(line) for line in lines[:-1]} == {28}
    assert (len(lines) - 1, bool(re.fullmatch(r"— ?\d+ ?—", lines[-1]))) == (22, True)


@needs_libreoffice
def test_each_table_fits_on_its_page_and_the_imprint_closes_an_even_one(report: QuarterReport, tmp_path: Path):
    told = pages(briefing(report, RED), tmp_path)
    (plan,) = [page for page in told if "三年预培育数量" in page]
    assert "合" in plan
    assert "备注为“建议数量”的行不作考核" in plan
    assert "抄送：区委办公室" in told[-1]
    assert re.search(r"— ?\d*[02468] ?—", told[-1])


@needs_libreoffice
def test_on_lying_pages_the_number_is_where_it_is_when_the_page_stands(report: QuarterReport, tmp_path: Path):
    pages(briefing(report, CONFIG), tmp_path)
    places = number_places(tmp_path / "document.pdf")
    assert [number for number, *_ in places[-2:]] == [len(places) - 1, len(places)]
    for number, left, top in places[-2:]:
        assert 21 <= left <= 28  # millimetres from the edge that is the foot of the standing page
        assert (30 < top < 50) if number % 2 == 0 else (150 < top < 180)


def number_places(pdf: Path) -> list[tuple[int, float, float]]:
    """Each page's number with its place in millimetres: the word outermost on the page that says it."""
    found = []
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for number, page in enumerate(boxes.split("<page ")[1:], 1):
        words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)<', page)
        own = [(float(left) / 72 * 25.4, float(top) / 72 * 25.4) for left, top, word in words if re.fullmatch(f"—? ?{number} ?—?", word)]
        found.append((number, *min(own, key=lambda place: place[0] if 'width="841' in page else -place[1])))
    return found


def test_a_closed_quarters_briefing_stays(desk: Office, outcome: monthly.Outcome, tmp_path: Path):
    shutil.copytree(desk.outputs, tmp_path / "outputs")
    shutil.copytree(desk.inputs, tmp_path / "inputs")
    made = office(tmp_path)
    signing.close_signed(made, None, date(2020, 10, 8))
    path = made.outputs / "2020Q3" / "通报_2020Q3.docx"
    before = path.read_bytes()
    (made.inputs / "二.xlsx").write_bytes(workbook("菱湖镇", "2020-09", {"certificates": [holder(12)]}))
    written = monthly.run(made, date(2020, 10, 9), None, False, 1, lambda *_: None).written
    assert (path.read_bytes() == before, path in written) == (True, False)

