"""The city's config.yaml and the command line: one broken file touches nothing, each command knows whose it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.city.offices import load_city
from pipeline.config_file import ConfigError
from tests.support.city import CLOUD, EAST, WEST, city, drop, write_configs
from tests.support.desk import ROOT, holder


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py", "--config", str(folder / "configs" / "city.yaml"), "--inputs", str(folder / "inputs"),
         "--outputs", str(folder / "outputs"), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def complaint(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_city(folder / "configs" / "city.yaml", folder / "inputs", folder / "outputs")
    return str(caught.value)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_one_broken_district_is_named_with_its_line_and_nothing_is_touched(tmp_path):
    made = city(tmp_path)
    drop(made, EAST, "练市.xlsx", "练市镇", "2024-08", {"certificates": [holder(1)]}, filled_on="2024-09-03")
    edit(tmp_path / "configs" / WEST / "config.yaml", "due_day: 5", "due_day: 五")
    edit(tmp_path / "configs" / CLOUD / "config.yaml", "due_day: 8", "due_day: 八")
    run = command(tmp_path, "--today", "2024-10-09")
    assert run.returncode == 2
    assert f"{WEST}/config.yaml 第 11 行 due_day：现在是 '五'，应当是整数" in run.stderr
    assert f"{CLOUD}/config.yaml 第 8 行 due_day" in run.stderr
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize(("place", "old", "new", "said"), [
    (f"{WEST}/config.yaml", f"district: {WEST}", f"district: {EAST}", f"有 2 个区县的区县名称（district）同为“{EAST}”"),
    (f"{WEST}/config.yaml", "claim_prefix: XX", "claim_prefix: DX", "有 2 个区县的编号前缀（claim_prefix）同为“DX”"),
    (f"{WEST}/config.yaml", f"district: {WEST}", "district: ../外面", "区县名称“../外面”不能作文件夹名"),
    ("city.yaml", f"{WEST}/config.yaml", f"{EAST}/config.yaml", "districts.1：“东浔区/config.yaml”前面已经列过"),
    ("city.yaml", f"{WEST}/config.yaml", "没有/config.yaml", "找不到配置文件"),
    ("city.yaml", "office: 湖山市安委办", "office: 湖山市安委办\nledger: {url: 'sqlite:////srv/one.sqlite'}", "不能是同一个"),
    ("city.yaml", "office: 湖山市安委办", "offices: 湖山市安委办", "第 2 行 offices：不认识的键"),
])
def test_what_would_mix_districts_up_is_refused(tmp_path, place, old, new, said):
    write_configs(tmp_path / "configs")
    edit(tmp_path / "configs" / place, old, new)
    assert said in complaint(tmp_path)


def test_on_a_server_every_district_has_a_schema_of_its_own(tmp_path):
    write_configs(tmp_path / "configs")
    edit(tmp_path / "configs" / "city.yaml", "office: 湖山市安委办",
         "office: 湖山市安委办\nledger: {url: 'postgresql+psycopg://office:geheim@db/ledger'}")
    made = load_city(tmp_path / "configs" / "city.yaml", tmp_path / "inputs", tmp_path / "outputs")
    assert [office.config.ledger.url for office in made.districts] == [
        f"postgresql+psycopg://office:geheim@db/ledger?options=-csearch_path%3D{schema}" for schema in ("dx", "xx", "yx")]


def test_the_whole_city_from_the_shell_and_one_district_by_its_name(tmp_path):
    made = city(tmp_path)
    drop(made, EAST, "练市.xlsx", "练市镇", "2024-08", {"certificates": [holder(1)]}, filled_on="2024-09-03")
    drop(made, WEST, "练市.xlsx", "练市镇", "2024-08", {"certificates": [holder(1), holder(2)]}, filled_on="2024-09-03")
    run = command(tmp_path, "--today", "2024-10-09", "--json")
    assert (run.returncode, run.stderr.splitlines()) == (0, ["各区县收件：3 个", "各区县登记和写出：3 个"])
    said = json.loads(run.stdout)
    assert said["total"]["total"] == {"target": 217, "actual": 2, "persons": 2, "summed": 3, "deducted": 1}
    assert said["total"]["written"] == [(tmp_path / "outputs" / "2024Q3" / "汇总进度表_2024Q3.xlsx").as_posix()]
    told = command(tmp_path, "--today", "2024-10-09")
    assert "减：跨区重复计入" in told.stdout
    assert "台账完好" in command(tmp_path, "verify").stdout
    why = command(tmp_path, "why", "工矿300人以上", "中级", "2020", "--district", WEST, "--today", "2024-10-09")
    assert "实际 2 人" in why.stdout


@pytest.mark.parametrize(("arguments", "said"), [
    (("send",), f"send 是按区县运行的，请用 --district 写明是哪一个：{EAST}、{WEST}、{CLOUD}"),
    (("watch",), "watch 只用于单独运行的区县"),
    (("watch", "--district", EAST), "请用 --config city.yaml 运行全市的每月任务"),
    (("verify", "--restore"), "重做台账是按区县进行的"),
    (("send", "--district", "南海县"), f"湖山市没有“南海县”，只有：{EAST}、{WEST}、{CLOUD}"),
    (("--as-of", "2024-10-01"), "--as-of、--since 是按区县运行的"),
])
def test_a_command_for_one_district_asks_which(tmp_path, arguments, said):
    write_configs(tmp_path / "configs")
    run = command(tmp_path, *arguments)
    assert (run.returncode, said in run.stderr) == (2, True), run.stderr


def test_the_doctor_looks_at_every_district_and_names_the_one_with_a_fault(tmp_path):
    write_configs(tmp_path / "configs")
    told = command(tmp_path, "doctor")
    assert "√ config.yaml　湖山市，3 个区县的配置文件都能用" in told.stdout
    assert f"√ 台账　{CLOUD}：还没有台账" in told.stdout
    assert f"√ config.yaml　{EAST}，" in command(tmp_path, "doctor", "--district", EAST).stdout
    edit(tmp_path / "configs" / WEST / "config.yaml", "due_day: 5", "due_day: 五")
    broken = command(tmp_path, "doctor")
    assert (broken.returncode, f"× config.yaml　{WEST}/config.yaml 第 11 行 due_day" in broken.stdout) == (1, True), broken.stdout


def test_a_district_is_not_asked_for_without_a_city(tmp_path):
    run = subprocess.run([sys.executable, "run.py", "--district", EAST, "--outputs", str(tmp_path)], cwd=ROOT, capture_output=True,
                         text=True, check=False)
    assert run.returncode == 2
    assert "不是全市的配置文件" in run.stderr
