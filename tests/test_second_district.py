"""Another plan by config.yaml alone: an invented district with four years, three levels with targets and other amounts."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline import monthly
from pipeline.calendar import Month, Quarter
from pipeline.config_file import load
from pipeline.machine import as_json
from pipeline.report.templates import write_templates
from tests.support import desk as rows
from tests.support.documents import opened, paragraphs
from tests.support.libreoffice import needs_libreoffice, recalculated
from tests.support.workbooks import office, workbook

FILE = Path(__file__).with_name("cases") / "second_district" / "config.yaml"
CONFIG = load(FILE)
TODAY, Q3 = date(2024, 10, 9), Quarter(2024, 3)


def holder(serial: int, sector: str, level: str, issued_on: str, **changes: Any) -> dict[str, Any]:
    employer = "甲矿" if sector == "矿山" else f"{sector}某单位"
    return rows.holder(serial, sector=sector, level=level, issued_on=issued_on, employer=employer, **changes)


def award(serial: int, level: str, issued_on: str, applied_on: str, amount: float, **changes: Any) -> dict[str, Any]:
    return rows.award(serial, level=level, issued_on=issued_on, collected_on=None, applied_on=applied_on, amount=amount,
                      employer="甲矿", **changes)


def survey(name: str, kind: str, headcount: int, **changes: Any) -> dict[str, Any]:
    return {"establishment": name, "establishment_type": kind, "headcount": headcount, "surveyed_on": "2024-03-01", **changes}


HOLDERS = [
    holder(1, "矿山", "助理", "2022-05-01"), holder(2, "矿山", "助理", "2022-06-01"), holder(3, "矿山", "中级", "2024-02-01"),
    holder(4, "渔港", "助理", "2023-01-10"), holder(5, "评价机构", "高级", "2024-06-20"), holder(6, "机关", "中级", "2024-07-05"),
    holder(7, "其余", "中级", "2023-03-03"),  # below the table
    holder(8, "矿山", "高级", "2021-12-31"),  # of before the plan
    holder(9, "矿山", "中级", "2018-01-01", route="引进", introduced_on="2022-09-01"),
    holder(10, "渔港", "助理", "2024-10-01"),  # after the quarter
]
AWARDS = [
    award(5, "高级", "2024-06-20", "2024-06-30", 4000.0), award(6, "中级", "2024-07-05", "2024-07-20", 2500.0),
    award(3, "中级", "2024-02-01", "2024-05-06", 1500.0),  # three months end on a Labour Day holiday: 05-06
    award(4, "助理", "2023-01-10", "2024-07-20", 800.0),  # far too late
]
SURVEYS = [survey("甲矿", "地下矿山", 50), survey("乙矿", "地下矿山", 49), survey("丙评价", "评价机构", 12, service_staff=11),
           survey("丁渔业", "渔业企业", 500)]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> monthly.Outcome:
    made = replace(office(tmp_path_factory.mktemp("district")), config=CONFIG)
    sheets = {"certificates": HOLDERS, "certificate_awards": AWARDS, "establishments": SURVEYS}
    (made.inputs / "石桥.xlsx").write_bytes(workbook("石桥镇", "2024-09", sheets, filled_on="2024-10-02"))
    (made.inputs / "渔湾.xlsx").write_bytes(workbook("渔湾镇", "2024-09", {
        "certificates": [HOLDERS[0]], "certificate_awards": [AWARDS[0]]}, filled_on="2024-10-02"))
    return monthly.run(made, TODAY, Q3, False, 1, lambda *_: None)


@pytest.fixture(scope="module")
def said(outcome: monthly.Outcome) -> dict[str, Any]:
    return json.loads(as_json(outcome.report, []))


def test_every_cell_of_the_table_has_its_own_plans_target_and_actual(said):
    filled = {(cell["sector"], cell["level"], cell["year"]): (cell["target"], cell["actual"]) for cell in said["table"]
              if cell["target"] is not None or cell["actual"]}
    assert len(said["table"]) == 4 * 3 * 4
    assert filled == {
        ("矿山", "助理", 2022): (2, 2), ("矿山", "助理", 2023): (1, 0), ("矿山", "中级", 2022): (1, 1),
        ("矿山", "中级", 2024): (3, 1), ("矿山", "高级", 2025): (1, 0),
        ("渔港", "助理", 2022): (1, 0), ("渔港", "助理", 2023): (1, 1), ("渔港", "助理", 2024): (1, 0),
        ("渔港", "助理", 2025): (1, 0),
        ("评价机构", "高级", 2023): (1, 0), ("评价机构", "高级", 2024): (1, 1), ("评价机构", "高级", 2025): (1, 0),
        ("机关", "中级", 2024): (1, 1), ("机关", "中级", 2025): (1, 0),
    }


def test_sectors_total_and_what_stands_below_are_right(said):
    lines = {line["sector"]: (line["demand_target"], line["demand_actual"], line["existing_actual"], line["target"],
                              line["actual"]) for line in said["sectors"]}
    assert lines == {"矿山": (8, 2, 5, 8, 4), "渔港": (None, 0, 1, 4, 1), "评价机构": (3, 3, 1, 3, 1), "机关": (None, 0, 1, 2, 1)}
    assert said["total"] == {"target": 17, "actual": 7, "persons": 7}
    assert said["outside"] == {"其余": 1}


def test_claims_have_the_amounts_of_their_day_their_prefix_and_their_own_periods(said):
    claims = {(claim["claim"], claim["unit"], claim["level"]): (claim["state"], claim["amount"]) for claim in said["claims"]}
    assert claims == {
        ("YX-2024-0001", "石桥镇", "高级"): ("待初审", 4000), ("YX-2024-0002", "石桥镇", "中级"): ("待初审", 2500),
        ("YX-2024-0003", "石桥镇", "中级"): ("待初审", 1500), ("YX-2024-0004", "石桥镇", "助理"): ("退回", 800),
        ("YX-2024-0005", "渔湾镇", "高级"): ("重复", 4000),
    }


def test_what_is_found_is_found_by_this_plans_numbers(said):
    weighty = sorted((one["unit"], one["rule"], one["severity"]) for one in said["findings"] if one["severity"] != "提示")
    assert weighty == [("渔湾镇", "G01", "退回"), ("渔湾镇", "R4", "复核"), ("石桥镇", "D05", "复核"), ("石桥镇", "F03", "退回")]


def test_every_row_went_somewhere(said):
    assert said["reconciliation"]["certificates"] == {
        "read": 11, "counted": 7, "outside": 3, "duplicate": 1, "returned": 0, "superseded": 0}


def test_the_sheet_has_this_plans_years_levels_and_rows(outcome):
    page = load_workbook(io.BytesIO(outcome.written[0].read_bytes()))["计划进度"]
    texts = [str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None]
    expected = ["云溪县安全工程师四年培育计划表（2024年第三季度进度）", "四年预培育数量", "助理", "高级", "2025年", "渔港和渔业加工企业"]
    assert [text for text in expected if text not in texts] == []


def test_no_page_names_the_other_district_or_its_levels(outcome):
    for path in outcome.written:
        if path.suffix == ".xlsx" and "receipts" not in path.parts:
            book = load_workbook(path)
            texts = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell is not None]
            assert [text for text in texts if "南浔" in text or "初级" in text or "区安委办" in text] == [], path.name
    (told,) = [paragraphs(opened(path.read_bytes())) for path in outcome.written if path.suffix == ".docx"]
    assert "1.从业人员50人以上的矿山（并列）：计划8名，实际4名，完成率50.0%，还差4名。" in told
    assert [text for text in told if "南浔" in text or "初级" in text or "三年" in text] == []


@needs_libreoffice
def test_the_totals_that_a_program_recalculates_are_those_that_were_written(outcome, tmp_path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(outcome.written[0].read_bytes())
    again = load_workbook(recalculated(path, tmp_path / "again"), data_only=True)["计划进度"]
    stored = load_workbook(path, data_only=True)["计划进度"]
    total_row = 2 + 4 + len(CONFIG.sectors) + 1
    before, after = ([cell.value for cell in page[total_row] if isinstance(cell.value, int | float)] for page in (stored, again))
    assert len(before) > 3 * 4 * 2
    assert after == pytest.approx(before)


def test_the_blank_workbooks_offer_this_plans_choices(tmp_path):
    paths = write_templates(CONFIG, Month(2024, 9), tmp_path)
    assert len(paths) == 7
    book = load_workbook(paths[0])
    offered = " ".join(str(check.formula1) for page in book for check in page.data_validations.dataValidation)
    texts = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row]
    assert "渔港" in offered + " ".join(texts)
    assert not [text for text in [offered, *texts] if "初级" in text or "危化" in text]
