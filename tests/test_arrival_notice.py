"""What `watch` says of a batch: each file with its own result and receipt, what must be mended first, and no flood."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline import arrival_notice, watching
from pipeline.findings import Finding, Severity
from pipeline.quarter_report import FindingLine
from tests.support.desk import award, holder
from tests.support.workbooks import office, workbook


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> watching.Batch:
    """Two versions of a month at once, a nil return, a file of nobody known, and one that is all wrong."""
    desk = office(tmp_path_factory.mktemp("batch"))
    rows = {"certificates": [holder(serial, issued_on=None) for serial in range(1, 10)]}
    for name, content in {
        "甲.xlsx": workbook("练市镇", "2020-08", {"certificate_awards": [award(1, amount=1.0)]}),
        "乙.xlsx": workbook("练市镇", "2020-08", {"certificate_awards": [award(1, amount=2.0)]}, "2020-09-06"),
        "零.xlsx": workbook("双林镇", "2020-08", {}, nil=True), "[red]x[b].xlsx": b"none", "全错.xlsx": workbook("菱湖镇", "2020-08", rows),
    }.items():
        (desk.inputs / name).write_bytes(content)
    return next(watching.batches(lambda: desk, watching.Stop(), lambda _: None))


def notice(batch: watching.Batch, width: int = 10_000) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
    arrival_notice.show(batch, lambda path: path, console)
    return console.file.getvalue()


def test_each_file_has_its_own_result_and_its_own_receipt(batch: watching.Batch):
    said = notice(batch)
    results = {line.split("　")[0]: line.split("　")[2] for line in said.splitlines() if not line.startswith(" ")}
    assert results["零.xlsx"] == "已收：零报告，没有要改的"
    assert results["[red]x[b].xlsx"] == results["全错.xlsx"] == "整件退回"
    receipts = [Path(line.removeprefix("  回执　")) for line in said.splitlines() if line.startswith("  回执　")]
    assert len(set(receipts)) == len(receipts) == 3
    assert all(path.is_file() for path in receipts)
    assert results["甲.xlsx"] == "已收：读入 1 行，已有更正 1，没有要改的"
    newest = next(number for number, line in enumerate(said.splitlines()) if line.startswith("乙.xlsx"))
    assert "练市镇.xlsx" in next(line for line in said.splitlines()[newest:] if "回执" in line)


def test_the_same_fault_of_many_rows_is_said_once_with_its_first_cells(batch: watching.Batch):
    (line,) = [line for line in notice(batch).splitlines() if "N01" in line]
    assert " 等 9 处" in line


def test_long_words_are_cut_at_the_edge_of_the_screen(batch: watching.Batch):
    for line in notice(batch, width=80).splitlines():
        assert cell_len(line) <= 80 or "回执" in line


def test_what_must_be_mended_comes_first_and_a_flood_is_cut(batch: watching.Batch):
    number = batch.entered[0].number
    many = [Finding(number, "N11", Severity.NOTE, f"提示{serial}") for serial in range(20)] + [
        Finding(number, "N02", Severity.RETURNED, "身份证号码330503198501010019不对", "certificates", "持证人员", 3, "C3")]
    report = replace(batch.outcome.report, findings=[FindingLine("甲.xlsx", "练市镇", None, one) for one in many])
    said = notice(replace(batch, outcome=replace(batch.outcome, report=report))).splitlines()
    assert said[1] == "  退回　持证人员 C3　身份证号码330503********0019不对（N02）"
    assert "另有 9 项，见回执" in said[13]
