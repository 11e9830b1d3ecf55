"""The benchmark's corpus is sound, and its one command measures everything; no test asserts a time."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks import TODAY
from benchmarks.corpus import build, returns, units_for, write, write_config
from benchmarks.goals import Goal, goals
from benchmarks.measure import Cost, cost, middle
from benchmarks.runs import Results
from benchmarks.subjects import AFTERWARDS, FIRST_LINE, HELP, SUBJECTS
from pipeline import monthly
from pipeline.config_file import load
from pipeline.office import Office
from tests.support.desk import ROOT


def test_only_the_spoiled_rows_of_the_corpus_have_anything_to_mend(tmp_path: Path):
    build(tmp_path, 4)
    config = tmp_path / "config.yaml"
    office = Office(load(config), config.read_bytes(), tmp_path / "inputs", tmp_path / "outputs")
    report = monthly.run(office, date.fromisoformat(TODAY), None, True, 1, lambda *_: None).report
    assert (report.files.accepted, report.files.partly) == (3, 1)
    assert {line.finding.rule for line in report.findings} == {"N01", "N02", "R4", "I01"}


def test_the_corpus_is_the_same_each_time(tmp_path: Path):
    one = next(returns(["练市镇"], 0, 1))
    first, second = (folder / one.path for folder in (tmp_path / "a", tmp_path / "b"))
    for path in (first, second):
        path.parent.mkdir(parents=True)
    write(tmp_path / "a", one)
    write(tmp_path / "b", one)
    assert first.read_bytes() == second.read_bytes()


def test_ten_thousand_workbooks_are_three_years_of_units_that_config_yaml_knows(tmp_path: Path):
    units = units_for(10_000)
    path, names = write_config(tmp_path, units)
    known = load(path).reporting_units
    assert (len(names), set(names) <= set(known)) == (units, True)
    last = list(returns(names, 0, 10_000))[-1]
    assert str(last.calendar_month) == "2021-12"


def test_a_command_that_takes_too_long_is_ended_and_said_to_have_been():
    one = cost([sys.executable, "-c", "import time; time.sleep(60)"], limit=0.3)
    assert one.failure == "超过 0 秒"
    assert one.wall < 30


def test_the_cost_of_a_command_has_that_of_its_children():
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(150 << 20); sum(range(2_000_000))'])"
    one = cost([sys.executable, "-c", busy], limit=60)
    assert one.failure is None
    assert one.memory_largest > 150
    assert one.cpu > 0


def test_a_failed_run_is_never_averaged_away():
    assert middle([Cost(1.0), Cost(2.0, failure="退出码 1"), Cost(3.0)]).failure == "退出码 1"


@pytest.mark.parametrize(("goal", "verdict"), [
    (Goal("", 2.0, 2.0), "达到 met"),
    (Goal("", 2.0, 2.1), "**未达到 not met**"),
    (Goal("", 20, 19.9, at_least=True), "**未达到 not met**"),
    (Goal("", 20, None, at_least=True), "没有测得 not measured"),
])
def test_a_goal_says_whether_it_is_met(goal, verdict):
    assert goal.verdict == verdict


def test_goals_are_ratios_of_the_medians_at_the_sizes_measured():
    results = Results()
    for key, small, many, most in (("floor", 0.1, 2.0, 20.0), ("one", 1.0, 4.0, 50.0), ("two", 0.9, 2.0, 21.0),
                                   ("default", 0.8, 4.0, 40.0), ("alone", 0.8, 0.8, 0.9), ("incremental", 0.8, 0.8, 1.0)):
        for size, seconds in ((25, small), (1000, many), (10_000, most)):
            results.runs[key, size] = [Cost(seconds, memory_largest=100)]
    measured = [one.measured for one in goals(results, [25, 1000, 10_000])]
    assert measured == pytest.approx([2.0, 1.0, None, None, 1.05, 100, 10.0, 0.8, None])


def test_the_one_command_measures_everything(tmp_path: Path):
    run = subprocess.run([sys.executable, "-m", "benchmarks", "--quick", "--folder", str(tmp_path)], cwd=ROOT,
                         capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    for subject in (*SUBJECTS, *AFTERWARDS, HELP, FIRST_LINE):
        row = next(line for line in run.stdout.splitlines() if line.startswith(f"| {subject.name} |"))
        assert float(row.split("|")[3]) > 0, row
    assert "判定 judge" in run.stdout
    assert run.stdout.count(" met") >= 6
