"""The promises of contract.md, intake.md and rules.md, tried from outside through the command line alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import ROOT, id_number
from tests.support.papers import AWARD, COVER, HOLDER, award, holder, paper, survey

SECTORS = ["危化冶炼建筑", "工矿300人以上", "工矿300人以下", "中介机构", "政府部门"]
STATES = {"待初审", "待复审", "待发放", "已发放", "不核准", "退回", "重复", "已追回"}
INTRODUCED = [*HOLDER, "引进日期"]
TALENT = ["填报日期", "姓名", "身份证号码", "工作单位", "单位性质", "手机号码", "证书编号", "发证日期", "级别", "行业监管部门", "引进日期",
          "合同起始日期", "合同终止日期", "社保起缴日期", "个税起缴日期", "申请期次", "申请金额", "声明签字", "身份证复印件", "证书复印件",
          "合同社保个税证明", "单位审核意见"]
SURVEYED = ["单位名称", "单位类型", "从业人员数", "摸底日期", "安全生产专业服务人员数"]

Sheets = Mapping[str, list[list[Any]]]


def unit(name: str, month: str, sheets: Sheets, filled: str = "2020-10-05", **cover: Any) -> bytes:
    return paper(sheets, COVER | {"填报单位": name, "填报月份": month, "填报日期": filled} | cover)


def talent(serial: int, instalment: str = "第一年", amount: int = 3000) -> list[Any]:
    return ["2020-08-20", f"甲{serial}", id_number(serial), "甲公司", "生产经营单位", "13812345678", f"ZJ{serial:04d}",
            "2018-06-01", "中级", "区住建局", "2019-08-01",
            "2019-08-01", "2022-07-31", "2019-08-01", "2019-08-01", instalment, amount, "是", "√", "√", "√",
            "属实"]


def drop(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "run.py"), *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, check=False, cwd=ROOT)


def report(inputs: Path, outputs: Path, *options: str | Path) -> dict[str, Any]:
    done = command("--inputs", inputs, "--outputs", outputs, "--today", "2020-10-08", "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def tried(tmp_path: Path, files: Mapping[str, bytes], *options: str | Path) -> dict[str, Any]:
    return report(drop(tmp_path / "inputs", files), tmp_path / "outputs", "--dry-run", *options)


def config_with(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    """A copy of the repository's config.yaml with lines edited as text."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def of(said: dict[str, Any], rule: str, file: str | None = None) -> list[dict[str, Any]]:
    return [one for one in said["findings"] if one["rule"] == rule and file in (None, one["file"])]


def actual(said: dict[str, Any], sector: str, level: str, year: int) -> int:
    (cell,) = [one for one in said["table"] if (one["sector"], one["level"], one["year"]) == (sector, level, year)]
    return cell["actual"]


LIANSHI = {
    "持证人员": [
        INTRODUCED, holder(1), holder(2, 级别="初级", 发证日期="2019-06-10", 培育范围="从业人员300人以下的工矿企业"),
        holder(3, 级别="高级"), holder(4, 培育范围="其他"), holder(5, 发证日期="2018-12-31"), holder(6, 发证日期="2020-10-01"),
        [*holder(7, 发证日期="2018-06-01", 取得方式="引进"), "2019-08-01"], holder(8, 身份证号码=id_number(8)[:-1] + "Y"),
        holder(9, 发证日期="2019-01-01"), holder(9, 级别="初级", 证书编号="ZJ1009", 发证日期="2019-03-01"),
    ],
    "证书奖励申请": [AWARD, award(1), award(2, 申请级别="初级", 申请金额=2000, 发证日期="2019-06-10"), award(10)],
    "紧缺人才申请": [TALENT, talent(7)],
    "单位摸底": [
        SURVEYED, [*survey(), None], [*survey(单位名称="乙公司", 单位类型="安全生产中介机构", 从业人员数=20), 7],
        [*survey(单位名称="丙公司", 从业人员数=299), None],
        [*survey(单位名称="丁公司", 单位类型="危险化学品储存单位", 从业人员数=9), None]],
}
DISTRICT = {
    "八月/练市镇8月.xlsx": unit("练市镇", "2020-08", LIANSHI),
    "双林镇8月.xlsx": unit("双林镇", "2020年8月", {
        "持证人员": [HOLDER, holder(1, 身份证号码="330503850101001"), holder(11)], "证书奖励申请": [AWARD, award(1), award(11)]}),
    "练市镇9月.xlsx": unit("练市镇", "202009", {"证书奖励申请": [AWARD, award(1)]}),
    "菱湖镇7月.xlsx": unit("菱湖镇", "2020-07", {"持证人员": [HOLDER, holder(12), holder(13)]}, "2020-08-05"),
    "菱湖镇7月更正.xlsx": unit("菱湖镇", "2020-07", {"持证人员": [HOLDER, holder(12, 培育范围="中介机构")]}, "2020-08-06"),
    "石淙镇.xlsx": unit("石淙镇", "2020-08", {}, 零报告="是"),
    "副本.xlsx": unit("石淙镇", "2020-08", {}, 零报告="是"),
    "坏的.xlsx": b"PK\x03\x04 no workbook",
    "某某镇.xlsx": unit("某某镇", "2020-08", {"持证人员": [HOLDER, holder(20)]}),
    "~$练市镇8月.xlsx": b"lock",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("district")
    drop(folder / "inputs", DISTRICT)
    shutil.copy2(folder / "inputs" / "石淙镇.xlsx", folder / "inputs" / "副本.xlsx")
    return folder


@pytest.fixture(scope="module")
def said(desk: Path) -> dict[str, Any]:
    return report(desk / "inputs", desk / "outputs")


def test_the_object_has_the_promised_keys(said: dict[str, Any]):
    assert list(said) == ["quarter", "today", "as_of", "files", "reconciliation", "table", "sectors", "total", "outside", "claims",
                          "findings", "missing", "written"]
    assert (said["quarter"], said["today"], said["as_of"]) == ("2020Q3", "2020-10-08", None)
    assert set(said["files"]) == {"read", "unchanged", "accepted", "partly", "returned"}
    assert set(said["sectors"][0]) == {"sector", "demand_target", "demand_actual", "existing_target", "existing_actual",
                                         "target", "actual"}
    assert set(said["total"]) == {"target", "actual", "persons"}
    assert all(set(one) == {"claim", "award", "level", "instalment", "unit", "state", "amount"} for one in said["claims"])
    assert all(set(one) == {"file", "unit", "month", "sheet", "cell", "rule", "severity", "message"} for one in said["findings"])


def test_every_file_is_counted_once(said: dict[str, Any]):
    files = said["files"]
    assert files["read"] == 9
    assert files["returned"] == 2
    assert sum(files[name] for name in ("unchanged", "accepted", "partly", "returned")) == files["read"]


def test_the_table_has_thirty_cells_with_the_plans_targets(said: dict[str, Any]):
    assert len(said["table"]) == 30
    assert {(one["sector"], one["level"], one["year"]) for one in said["table"]} == {
        (sector, level, year) for sector in SECTORS for level in ("初级", "中级") for year in (2019, 2020, 2021)}
    targets = {(one["sector"], one["level"], one["year"]): one["target"] for one in said["table"]}
    assert targets["工矿300人以上", "初级", 2020] == 15
    assert targets["危化冶炼建筑", "初级", 2019] is None
    assert sum(value or 0 for value in targets.values()) == 100


def test_actual_counts_person_and_level_by_year_of_issue_or_introduction(said: dict[str, Any]):
    assert {(one["sector"], one["level"], one["year"]): one["actual"] for one in said["table"] if one["actual"]} == {
        ("工矿300人以上", "中级", 2020): 2, ("工矿300人以下", "初级", 2019): 1, ("工矿300人以上", "中级", 2019): 2,
        ("工矿300人以上", "初级", 2019): 1, ("中介机构", "中级", 2020): 1}
    assert said["total"] == {"target": 100, "actual": 7, "persons": 6}
    assert said["outside"] == {"高级": 1, "其他": 1}


def test_every_kind_of_sheet_reconciles(said: dict[str, Any]):
    for kind, one in said["reconciliation"].items():
        assert one["read"] == sum(one[name] for name in ("counted", "outside", "duplicate", "returned", "superseded")), kind
    assert said["reconciliation"]["certificates"] == {
        "read": 15, "counted": 7, "outside": 4, "duplicate": 1, "returned": 1, "superseded": 2}
    assert said["reconciliation"]["certificate_awards"]["read"] == 6
    assert said["reconciliation"]["establishments"] == {
        "read": 4, "counted": 4, "outside": 0, "duplicate": 0, "returned": 0, "superseded": 0}


def test_demand_and_existing_beside_their_targets(said: dict[str, Any]):
    lines = {one["sector"]: one for one in said["sectors"]}
    assert {name: one["demand_actual"] for name, one in lines.items()} == {
        "危化冶炼建筑": 1, "工矿300人以上": 1, "工矿300人以下": 0, "中介机构": 3, "政府部门": 0}
    assert (lines["工矿300人以上"]["demand_target"], lines["工矿300人以下"]["demand_target"]) == (49, None)
    assert lines["工矿300人以上"]["existing_target"] == 3
    assert lines["工矿300人以上"]["existing_actual"] == 6  # 1, 3, 5, 7, 9 and 11: those of before the plan and 高级 too


def test_a_broken_and_an_unknown_file_go_back_whole_and_the_others_go_on(said: dict[str, Any]):
    for file in ("坏的.xlsx", "某某镇.xlsx"):
        (one,) = [found for found in said["findings"] if found["file"] == file]
        assert (one["rule"], one["severity"], one["sheet"], one["cell"]) == ("N00", "退回", None, None)


def test_a_finding_points_to_its_cell(said: dict[str, Any]):
    (wrong_id,) = of(said, "N02")
    assert wrong_id | {"message": ""} == {
        "file": "八月/练市镇8月.xlsx", "unit": "练市镇", "month": "2020-08", "sheet": "持证人员", "cell": "B9", "rule": "N02",
        "severity": "退回", "message": ""}
    (amount,) = [one for one in of(said, "I01", "八月/练市镇8月.xlsx") if one["severity"] == "退回"]
    assert (amount["sheet"], amount["cell"]) == ("证书奖励申请", "K3")
    assert "1000" in amount["message"].replace(",", "")
    (unknown,) = [one for one in of(said, "I01", "八月/练市镇8月.xlsx") if one["severity"] == "复核"]
    assert unknown["sheet"] == "证书奖励申请"


def test_no_claim_is_paid_twice_by_two_units(said: dict[str, Any]):
    (repeat,) = of(said, "G01")
    assert (repeat["file"], repeat["unit"], repeat["severity"]) == ("双林镇8月.xlsx", "双林镇", "退回")
    (first,) = [one for one in said["claims"] if one["unit"] == "练市镇" and one["state"] == "待初审" and one["level"] == "中级"
                and one["award"] == "证书奖励" and one["claim"] in repeat["message"]]
    assert re.fullmatch(r"NX-2020-\d{4}", first["claim"])
    assert "练市镇" in repeat["message"]
    assert re.search(r"2020-08|2020年8月", repeat["message"])
    (second,) = [one for one in said["claims"] if one["unit"] == "双林镇" and one["state"] == "重复"]
    assert second["level"] == "中级"


def test_the_five_kinds_of_repetition_are_told_apart(said: dict[str, Any]):
    severities = {rule: {(one["severity"], one["file"]) for one in of(said, rule)} for rule in ("R1", "R2", "R3", "R4")}
    assert {severity for severity, _ in severities["R1"]} == {"提示"}
    assert {severity for severity, _ in severities["R2"]} == {"复核"}
    assert severities["R3"] == {("提示", "练市镇9月.xlsx")}
    assert {severity for severity, _ in severities["R4"]} == {"复核"}
    assert {one["file"] for one in of(said, "R4")} == {"双林镇8月.xlsx"}
    assert said["reconciliation"]["certificate_awards"]["duplicate"] == 2


def test_claims_have_states_numbers_and_amounts(said: dict[str, Any]):
    assert {one["state"] for one in said["claims"]} <= STATES
    assert len({one["claim"] for one in said["claims"]}) == len(said["claims"])
    states = Counter((one["award"], one["unit"], one["state"]) for one in said["claims"])
    assert states["证书奖励", "练市镇", "退回"] == 1
    (instalment,) = [one for one in said["claims"] if one["award"] == "紧缺人才"]
    assert (instalment["instalment"], instalment["amount"], instalment["state"]) == ("第一年", 3000, "待初审")


def test_a_return_that_came_is_not_missing_and_a_nil_return_neither(said: dict[str, Any]):
    missing = {(one["unit"], one["month"]) for one in said["missing"]}
    assert ("石淙镇", "2020-08") not in missing
    assert ("练市镇", "2020-08") not in missing
    assert ("石淙镇", "2020-07") in missing
    assert ("南浔镇", "2020-09") in missing
    assert not {name for name, _ in missing} & {"区府办", "区安委办"}


def test_a_repeated_run_says_the_same(desk: Path, said: dict[str, Any]):
    again = report(desk / "inputs", desk / "outputs")
    assert again["files"] == {"read": 9, "unchanged": 9, "accepted": 0, "partly": 0, "returned": 0}
    for name in ("claims", "findings", "table", "reconciliation", "missing", "total", "outside", "sectors"):
        assert again[name] == said[name], name


def test_no_whole_id_leaves_the_program(desk: Path):
    done = command("--inputs", desk / "inputs", "--outputs", desk / "outputs", "--today", "2020-10-08")
    spoken = done.stdout + done.stderr + json.dumps(report(desk / "inputs", desk / "outputs"), ensure_ascii=False)
    assert not [serial for serial in range(1, 30) if id_number(serial) in spoken or id_number(serial)[:17] in spoken]
    assert "330503850101001" not in spoken


def test_inputs_are_never_touched(desk: Path, said: dict[str, Any]):
    assert said["quarter"]
    assert {path.relative_to(desk / "inputs").as_posix(): path.read_bytes() for path in (desk / "inputs").rglob("*.xlsx")
            if path.name != "副本.xlsx"} == {name: content for name, content in DISTRICT.items() if name != "副本.xlsx"}


def test_a_dry_run_leaves_nothing_behind(tmp_path: Path):
    tried(tmp_path, {"练市镇8月.xlsx": DISTRICT["八月/练市镇8月.xlsx"]})
    assert not (tmp_path / "outputs").exists() or not list((tmp_path / "outputs").rglob("*"))


def test_neither_names_nor_splits_nor_resubmissions_change_a_total(tmp_path: Path):
    rows = [holder(serial, 级别=level, 证书编号=f"ZJ{serial}{level}", 发证日期=day) for serial in range(1, 7)
            for level, day in (("初级", "2019-05-05"), ("中级", "2020-05-05"))]
    awards = [award(serial, 发证日期="2020-05-05", 领取日期="2020-05-06", 证书编号=f"ZJ{serial}中级") for serial in range(1, 7)]
    whole = {"练市镇.xlsx": unit("练市镇", "2020-08", {"持证人员": [HOLDER, *rows], "证书奖励申请": [AWARD, *awards]})}
    by_sheet = {"z.xlsx": unit("练市镇", "2020-08", {"持证人员": [HOLDER, *rows]}),
                "a.xlsx": unit("练市镇", "2020-08", {"证书奖励申请": [AWARD, *awards]})}
    by_month = {"1.xlsx": unit("练市镇", "2020-07", {"持证人员": [HOLDER, *rows[7:]], "证书奖励申请": [AWARD, *awards[:2]]}),
                "0.xlsx": unit("练市镇", "2020-08", {"持证人员": [HOLDER, *rows[:7]], "证书奖励申请": [AWARD, *awards[2:]]})}
    resubmitted = whole | {"又.xlsx": unit("练市镇", "2020-08", {"持证人员": [HOLDER, *rows[::-1]], "证书奖励申请": [AWARD, *awards[::-1]]},
                                          "2020-10-06")}
    totals = []
    for number, files in enumerate((whole, by_sheet, by_month, resubmitted)):
        one = tried(tmp_path / str(number), files)
        states = Counter((claim["state"], claim["amount"]) for claim in one["claims"])
        totals.append((one["table"], one["total"], one["sectors"], one["outside"], states))
    assert totals[0][1] == {"target": 100, "actual": 12, "persons": 6}
    assert totals[0][4] == {("待初审", 2000): 6}
    assert all(one == totals[0] for one in totals[1:])


def test_wrong_usage_and_a_wrong_configuration_end_with_two(tmp_path: Path):
    assert command("--nonsense").returncode == 2
    assert command("--today", "gestern").returncode == 2
    assert command("--quarter", "2020Q5").returncode == 2
    wrong = config_with(tmp_path, ("due_day: 5", "due_day: 五"))
    done = command("--config", wrong, "--inputs", tmp_path / "in", "--outputs", tmp_path / "out")
    assert done.returncode == 2
    assert "due_day" in done.stderr
    assert not (tmp_path / "out").exists()
    assert command("--config", tmp_path / "none.yaml").returncode == 2


def test_an_empty_inbox_is_a_complete_run(tmp_path: Path):
    (tmp_path / "inputs").mkdir()
    one = report(tmp_path / "inputs", tmp_path / "outputs", "--dry-run")
    assert one["files"] == {"read": 0, "unchanged": 0, "accepted": 0, "partly": 0, "returned": 0}
    assert one["quarter"] == "2020Q4"


def test_the_sector_comes_from_the_survey_where_config_says_so(tmp_path: Path):
    files = {"练市镇.xlsx": unit("练市镇", "2020-08", {"持证人员": [HOLDER, holder(1)], "单位摸底": [
        SURVEYED, [*survey(从业人员数=120), None]]})}
    reported = tried(tmp_path, files)
    assert [one["severity"] for one in of(reported, "D08")] == ["复核"]
    assert actual(reported, "工矿300人以上", "中级", 2020) == 1
    surveyed = tried(tmp_path, files, "--config", config_with(tmp_path, ("sector_from: reported", "sector_from: survey")))
    assert actual(surveyed, "工矿300人以上", "中级", 2020) == 0
    assert actual(surveyed, "工矿300人以下", "中级", 2020) == 1


def test_officials_may_be_shut_out_of_the_award(tmp_path: Path):
    files = {"区住建局.xlsx": unit("区住建局", "2020-08", {
        "持证人员": [HOLDER, holder(1, 培育范围="政府部门")], "证书奖励申请": [AWARD, award(1, 单位性质="政府部门")]})}
    allowed = tried(tmp_path, files)
    assert [one["severity"] for one in of(allowed, "I01")] == ["提示"]
    assert [one["state"] for one in allowed["claims"]] == ["待初审"]
    barred = tried(tmp_path, files, "--config", config_with(tmp_path, ("gov_eligible: true", "gov_eligible: false")))
    assert [one["severity"] for one in of(barred, "I01")] == ["退回"]
    assert [one["state"] for one in barred["claims"]] == ["退回"]


def test_another_count_of_targets_runs_by_config_alone(tmp_path: Path):
    later = config_with(tmp_path, ("baseline_date: 2018-12-31", "baseline_date: 2019-12-31"), ("中级: 2000", "中级: 2500"))
    files = {"练市镇.xlsx": unit("练市镇", "2020-08", {
        "持证人员": [HOLDER, holder(1), holder(2, 发证日期="2019-05-05")], "证书奖励申请": [AWARD, award(1)]})}
    one = tried(tmp_path, files, "--config", later)
    assert one["total"]["actual"] == 1
    assert "2500" in of(one, "I01")[0]["message"].replace(",", "")


def test_hostile_names_and_texts_stay_harmless(tmp_path: Path):
    names = ["a\nBcc: evil@x.xlsx", "=HYPERLINK(1).xlsx", "\u202excod.xlsx", "a\\b.xlsx", "\x1b[31m.xlsx", "<script>.xlsx"]
    files = {name: unit("练市镇", "2020-08", {"持证人员": [HOLDER, holder(1, 姓名="=cmd|'/c calc'!A1"), holder(2, 级别=f"特{at}")]})
             for at, name in enumerate(names)}
    done = command("--inputs", drop(tmp_path / "inputs", files), "--outputs", tmp_path / "outputs", "--today", "2020-10-08", "--json")
    assert done.returncode == 0, done.stderr
    shown = {one["file"] for one in json.loads(done.stdout)["findings"]}
    assert all(name.isprintable() for name in shown)
    assert not any(mark in done.stderr for mark in ("\x1b[31m", "\nBcc", "\u202e"))
