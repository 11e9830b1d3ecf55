"""`export`: CSV and Parquet say what the workbook says, nothing in them is a formula or a whole ID number."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from pipeline import monthly
from pipeline.calendar import Quarter
from pipeline.columns import Kind
from pipeline.exporting import as_csv, dictionary, export, guarded
from pipeline.monthly import close_quarter
from pipeline.office import Office
from pipeline.tidy_tables import BY_KEY, TABLES
from tests.support.attacks import ATTACKS, armed, mark
from tests.support.desk import CONFIG, ROOT, award, holder, id_number, introduced, other, survey, talent
from tests.support.libreoffice import convert, needs_libreoffice
from tests.support.workbooks import office, workbook
from tests.test_personal_data import whole_numbers

TODAY, Q3 = date(2020, 10, 8), Quarter(2020, 3)
ROWS = {
    "certificates": [
        holder(1), holder(1, level="初级", certificate_number="ZJ9001"), holder(2, level="高级"), holder(3, issued_on="2018-12-31"),
        holder(4, sector="其他"), introduced(5), holder(6, level="大级"), holder(8, trainer=1, ce_hours=12.5),
        *(holder(100 + at, employer=mark(at), specialty="化工安全", remark=id_number(8)) for at in range(len(ATTACKS)))],
    "certificate_awards": [award(1), award(8, amount=1.0)], "talent_awards": [talent(5)], "other_awards": [other("高层次人才", 9)],
    "establishments": [survey(), survey(headcount=299, surveyed_on="2020-04-01"), survey("乙公司", required_engineers=3)],
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = office(tmp_path_factory.mktemp("export"))
    (made.inputs / f"{id_number(1)}.xlsx").write_bytes(armed(workbook("练市镇", "2020-08", ROWS)))
    others = {"certificates": [holder(1), holder(50), holder(51, issued_on="2020-10-01")], "certificate_awards": [award(1)]}
    (made.inputs / "双林镇.xlsx").write_bytes(workbook("双林镇", "2020-09", others, filled_on="2020-10-03"))
    monthly.run(made, TODAY, None, False, 1, lambda *_: None)
    return made


@pytest.fixture(scope="module")
def folder(desk: Office) -> Path:
    export(desk, None, TODAY)
    return desk.outputs / "2020Q3" / "数据"


def lines_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def parquet_of(folder: Path, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / f"{BY_KEY[key].label}.parquet").to_pylist()
    return rows


def written(value: Any, kind: Kind) -> str:
    """A typed value as the CSV has it."""
    if value is None:
        return ""
    if kind is Kind.YESNO:
        return "是" if value else "否"
    return guarded(value) if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)


def test_csv_and_parquet_hold_the_same_under_the_names_of_the_dictionary(folder: Path):
    named = {(line["文件"], line["列（CSV）"]): line["字段（Parquet）"] for line in lines_of(folder / "数据字典.csv")}
    for table in TABLES:
        lines, rows = lines_of(folder / f"{table.label}.csv"), parquet_of(folder, table.key)
        assert rows
        fields = [named[table.label, label] for label in lines[0]]
        assert fields == list(rows[0]) == [column.field for column in table.columns]
        assert [list(line.values()) for line in lines] == [
            [written(row[column.field], column.kind) for column in table.columns] for row in rows]


def test_every_figure_is_the_workbooks(desk: Office, folder: Path):
    page = load_workbook(desk.outputs / "2020Q3" / "季度进度表_2020Q3.xlsx", data_only=True)["计划进度"]
    rows = parquet_of(folder, "table")
    assert len(rows) == 30
    for row in rows:
        at = CONFIG.target_levels.index(row["level"]) * len(CONFIG.years) + CONFIG.years.index(row["year"])
        line, column = 7 + CONFIG.sector_names.index(row["sector"]), 10 + 2 * at
        assert [page.cell(line, column).value, page.cell(line, column + 1).value] == [
            "—" if row["target"] is None else row["target"], row["actual"]]
    for place, row in enumerate(parquet_of(folder, "sectors"), 7):
        shown = [page.cell(place, column).value for column in range(3, 9)]
        assert shown == ["—" if row[name] is None else row[name] for name in (
            "demand_target", "demand_actual", "existing_target", "existing_actual", "target", "actual")]


def test_the_counted_rows_add_up_to_the_table_and_the_persons_to_the_report(desk: Office, folder: Path):
    rows = [row for row in parquet_of(folder, "certificates") if row["status"] == "计入"]
    cells = Counter((row["table_sector"], row["level"], row["effective_on"].year) for row in rows)
    assert cells == {(row["sector"], row["level"], row["year"]): row["actual"] for row in parquet_of(folder, "table") if row["actual"]}
    total = monthly.as_of(desk, TODAY, TODAY, None, dry=True).report.total
    assert (len(rows), len({row["person"] for row in rows})) == (total.actual, total.persons)
    assert total.persons < total.actual


def test_rows_left_out_say_why_and_the_dates_are_dates(folder: Path):
    rows = parquet_of(folder, "certificates")
    reasons = {row["name"]: (row["status"], row["reason"]) for row in rows if row["unit"] == "练市镇" and row["reason"]}
    assert reasons["甲2"] == ("表外", "T02 这个级别没有计划数，列在合计之下")
    assert reasons["甲3"] == ("表外", "T04 基准日及以前取得，计入现有数量")
    assert reasons["甲6"][0] == "退回"
    assert [row["status"] for row in rows if row["unit"] == "双林镇"] == ["重复", "计入", "表外"]
    assert rows[-1]["reason"] == "T03 发证日期（引进的按引进日期）在季末之后"
    assert rows[0]["issued_on"] == date(2020, 3, 15)


def test_claims_have_their_state_money_and_person(folder: Path):
    rows = parquet_of(folder, "claims")
    assert [(row["unit"], row["award"], row["item"], row["state"], row["amount"], row["month"]) for row in rows][:2] == [
        ("练市镇", "证书奖励", "中级", "待初审", 2000.0, "2020-08"), ("练市镇", "证书奖励", "中级", "退回", 1.0, "2020-08")]
    [second] = [row for row in rows if row["unit"] == "双林镇"]
    assert (second["state"], second["repeats"], second["person"]) == ("重复", rows[0]["number"], rows[0]["person"])
    persons = {row["name"]: row["person"] for row in parquet_of(folder, "certificates")}
    assert rows[0]["person"] == persons["甲1"]


def test_surveys_have_the_engineers_that_the_law_asks_for(folder: Path):
    rows = [(row["establishment"], row["headcount"], row["required"], row["status"]) for row in parquet_of(folder, "establishments")]
    assert rows == [("甲公司", 320, 1, "重复"), ("甲公司", 299, 0, "计入"), ("乙公司", 320, 3, "计入")]


def test_no_whole_id_number_stands_in_any_file(folder: Path):
    said = [path.read_bytes().decode("utf-8", "replace") for path in folder.iterdir()]
    said += [str(row) for table in TABLES for row in parquet_of(folder, table.key)]
    assert any("330503********" in text for text in said)
    assert [number for text in said for number in whole_numbers(text)] == []
    assert not [text for text in said if "19850101" in text or "1985-01-01" in text]


@needs_libreoffice
def test_a_spreadsheet_opens_every_csv_as_text_and_numbers_without_a_formula(folder: Path, tmp_path: Path):
    source = tmp_path / "all.csv"  # one under the other: a spreadsheet takes its time to start
    source.write_bytes(b"".join((folder / f"{table.label}.csv").read_bytes() for table in TABLES))
    cells = [cell for row in load_workbook(convert(source, "xlsx", tmp_path)).worksheets[0].iter_rows() for cell in row]
    assert len(cells) > 1000
    assert any(cell.value == "'=1+1" for cell in cells)
    assert [cell.value for cell in cells if cell.data_type in ("f", "e") or cell.hyperlink] == []


@pytest.mark.parametrize("text", ["=1+1", "+1-1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "＝1+1", "－1", "-", "=cmd|'/c calc'!A1"])
def test_what_a_spreadsheet_would_calculate_has_an_apostrophe(text: str):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "甲公司", "-5", "-0.5", "2020-08", "1+1", "'=1+1"])
def test_everything_else_stays_as_it_is(text: str):
    assert guarded(text) == text


def test_a_csv_is_utf8_with_a_mark_and_keeps_commas_quotes_and_line_ends():
    assert as_csv([["甲,乙", '"', "a\nb"]]) == b"\xef\xbb\xbf" + '"甲,乙","""","a\nb"\r\n'.encode()


def test_the_same_ledger_gives_the_same_bytes(desk: Office, folder: Path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    export(desk, None, TODAY)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_dictionary_has_every_column_once_with_its_choices():
    heading, *lines = dictionary(CONFIG)
    assert len(lines) == len({(line[0], line[2]) for line in lines}) == len({(line[0], line[3]) for line in lines})
    of = {(line[0], line[3]): dict(zip(heading, line, strict=True)) for line in lines}
    assert of["持证人员", "level"]["取值"] == "初级、中级、高级"
    assert of["持证人员", "issued_on"]["说明"] == "填报表“持证人员”的“发证日期”"
    assert of["单位摸底", "headcount"]["类型"] == "整数"
    assert of["持证人员", "status"]["取值"] == "计入、表外、重复、退回、被更正"


def test_a_closed_quarters_folder_stays_as_it_was_signed_and_the_command_tells_where(desk: Office, folder: Path):
    close_quarter(desk, Q3, TODAY)
    before = sorted((desk.outputs / "2020Q3").rglob("*"))
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), "export", "--quarter", "2020Q3", "--today", str(TODAY), "--inputs",
                           str(desk.inputs), "--outputs", str(desk.outputs)], capture_output=True, text=True, check=True, timeout=60)
    assert sorted((desk.outputs / "2020Q3").rglob("*")) == before
    assert len(done.stdout.splitlines()) == 2 * len(TABLES) + 1
    assert all("/2020Q3_封存之后/数据/" in line for line in done.stdout.splitlines())
