"""The files by which the project is kept: hooks, workflows, issue templates, release notes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline import __version__
from pipeline.doctor.check import NEWEST, OLDEST
from tests.support.desk import ROOT
from tools.release_notes import notes

FORGE = ROOT / ".github"
WORKFLOWS = sorted((FORGE / "workflows").glob("*.yml"))
TEMPLATES = sorted(path for path in (FORGE / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
PYTHONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]


def parsed(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in parsed(path)["jobs"].values() for step in job["steps"]]


def test_the_checks_run_on_both_systems_with_each_supported_python():
    jobs = parsed(FORGE / "workflows" / "ci.yml")["jobs"]
    assert {job["runs-on"].partition("-")[0] for job in jobs.values()} == {"ubuntu", "windows"}
    for job in jobs.values():
        assert job["strategy"]["matrix"]["python"] == PYTHONS
    assert {"run": "bash .ci/run", "name": "All checks"} in jobs["linux"]["steps"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_no_more_than_it_says_and_has_an_end(path: Path):
    workflow = parsed(path)
    assert set(workflow["permissions"]) == {"contents"}
    assert (workflow["permissions"]["contents"] == "write") is (path.name == "release.yml")
    assert all(job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())
    for step in steps(path):
        assert ("run" in step) is not ("uses" in step)
        assert step.get("uses", "actions/").startswith("actions/")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_file_and_tool_that_a_workflow_names_is_there(path: Path):
    said = "\n".join(step.get("run", "") for step in steps(path))
    for name in re.findall(r"(?<![\w/\\])(?:tests/\S+\.py|\.ci/run|run\.py|requirements[\w-]*\.txt)", said):
        assert (ROOT / name).is_file(), name
    for name in re.findall(r"-m tools\.(\w+)", said):
        assert (ROOT / "tools" / f"{name}.py").is_file(), name


def test_what_the_public_forge_is_told_by_an_outsider_is_put_into_no_command():
    """Only words of our own: a title or a branch's name in a `run` would be run."""
    for path in WORKFLOWS:
        for step in steps(path):
            assert set(re.findall(r"\$\{\{\s*([\w.]+)", step.get("run", ""))) <= {"matrix.python"}


def test_hooks_run_what_the_environment_has_and_download_nothing():
    (repository,) = parsed(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    programs = {hook["id"]: shlex.split(hook["entry"]) for hook in repository["hooks"]}
    assert {"ruff", "mypy"} <= set(programs)
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert programs[hook["id"]][0].startswith(".venv/bin/")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_an_issue_template_speaks_both_languages_and_has_what_the_forge_asks_for(path: Path):
    template = parsed(path)
    assert {"name", "description", "body"} <= set(template)
    fields = [field for field in template["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields) > 0
    for text in (template["name"], template["description"], *(field["attributes"]["label"] for field in fields)):
        assert re.search(r"[\u4e00-\u9fff]", text)
        assert re.search(r"[A-Za-z]{3}", text)


def test_whoever_tells_of_a_fault_is_asked_for_no_real_data():
    assert "请不要附上真实的工作簿" in (FORGE / "ISSUE_TEMPLATE" / "1-fault.yml").read_text(encoding="utf-8")


LOG = f"# Changelog\n\n## {__version__}\n\n- One.\n- Two.\n\n## 0.0.1\n\n- Old.\n"


def test_the_notes_of_a_release_are_its_section_of_the_changelog():
    assert notes(f"v{__version__}", LOG) == "- One.\n- Two.\n"
    assert notes(f"v{__version__}", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("tag", "log"), [
    ("v99.0.0", LOG), (f"v{__version__}", "# Changelog\n"), (f"v{__version__}", f"## {__version__}\n\n## 0\n\nx")])
def test_a_tag_that_version_or_changelog_do_not_know_makes_no_release(tag: str, log: str):
    with pytest.raises(SystemExit):
        notes(tag, log)


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / ".pre-commit-config.yaml", ROOT / "tools" / "bundle.py"], ids=lambda path: path.name)
def test_no_index_of_packages_is_named(path: Path):
    assert not re.search(r"index-url|https?://[\w.]*(pypi|simple)", path.read_text(encoding="utf-8"))
