"""The documentation is true: what the README names exists, and what exists is named in the README."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HALVES = README.split("\n# For engineers\n")
COMMANDS = ["templates", "fetch", "send", "withdraw", "purge", "close", "export", "why", "verify", "rules", "forms", "demo", "watch",
            "doctor"]
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
EVERYWHERE = {"--config", "--inputs", "--outputs"}
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md",
             *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]


@cache
def _help(*command: str) -> str:
    run = subprocess.run([sys.executable, "run.py", *command, "--help"], cwd=ROOT, capture_output=True, check=True)
    return run.stdout.decode()


def _rows(text: str) -> list[tuple[str, str]]:
    """Each line of a table of commands: the command's name ("" for the monthly job) and the whole line."""
    return re.findall(r"^(?=\| `python run\.py ?([a-z]*)[^`]*` \|)(.*)$", text, re.MULTILINE)


def test_the_readme_speaks_chinese_first_and_english_after():
    assert len(HALVES) == 2
    assert re.match(r"# \w*[\u4e00-\u9fff]", README)


@pytest.mark.parametrize("half", HALVES, ids=["Chinese", "English"])
def test_every_command_stands_in_the_table_of_both_languages(half):
    assert [name for name, _ in _rows(half)] == ["", *COMMANDS]


def test_the_program_has_the_documented_commands_and_no_other():
    listed = _help().split("Commands:")[1]
    assert re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE) == COMMANDS


@pytest.mark.parametrize(("command", "row"), [row for half in HALVES for row in _rows(half)])
def test_every_option_in_a_commands_row_is_an_option_of_that_command(command, row):
    assert set(OPTION.findall(row)) <= set(OPTION.findall(_help(*filter(None, [command])))) | EVERYWHERE


def test_every_command_line_in_the_readme_is_one_that_the_program_knows():
    for name in re.findall(r"run\.py ([a-z]+)", README):
        assert name in COMMANDS


def test_every_option_of_the_monthly_job_is_documented_in_both_languages():
    for half in HALVES:
        assert set(OPTION.findall(_help())) - {"--help"} <= set(OPTION.findall(half))


def test_every_option_that_the_readme_names_exists():
    existing = {option for command in ["", *COMMANDS] for option in OPTION.findall(_help(*filter(None, [command])))}
    assert set(OPTION.findall(README)) - {"--require-hashes"} <= existing  # that one is pip's


def test_the_first_two_command_blocks_are_those_that_the_checks_run():
    demo, tests = re.findall(r"^```bash\n(.*?)\n```$", README, re.MULTILINE)[:2]
    assert demo.endswith(".venv/bin/python run.py demo")
    assert tests.endswith(".venv/bin/python -m pytest")
    assert "pip install -q --require-hashes -r requirements.txt " in demo
    assert "pip install -q --require-hashes -r requirements-dev.txt " in tests


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_heading_that_a_document_links_to_exists(document):
    path = ROOT / document
    for target, heading in re.findall(r"\]\((?!https:)([^)#]+)(?:#([^)]+))?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).is_file(), target
        assert not heading or heading in _headings(path.parent / target), heading


def _headings(page: Path) -> list[str]:
    """The anchors of a page's headings."""
    return [line.lower().replace(" ", "-") for line in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)]


def test_the_handbooks_index_names_every_page_of_it():
    folder = ROOT / "docs" / "手册"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in folder.glob("*.md") if page.name != "README.md" and f"]({page.name})" not in index] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_and_test_that_a_document_names_exists(document):
    named = re.findall(r"`((?:pipeline|tests|\.ci)/[\w./]*)`", (ROOT / document).read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_changelog_begins_with_the_current_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == PROJECT["version"]
