"""Every command line in README and docs/ does what its page says, in one small office that each finds as it was."""

from __future__ import annotations

import pkgutil
import re
import shlex
import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer
from ruamel.yaml import YAML
from typer.testing import CliRunner

from pipeline import monthly
from pipeline.cli import app
from pipeline.config_file import load
from pipeline.terminal import global_options_first
from tests.support.desk import ROOT, award, decision, holder, id_number, survey
from tests.support.workbooks import office, workbook
from tools import messages

CITY = ROOT / "docs" / "city.md"  # needs a city: tests/city run its commands
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *sorted({*(ROOT / "docs").rglob("*.md")} - {CITY})]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
EVERYWHERE = {"--config", "--inputs", "--outputs", "--district"}
INLINE = re.compile(r"`(?:\S*python run\.py|启动\.bat)( [^`]*)?`")
IN_A_BLOCK = re.compile(r"^\S.*python run\.py(.*)$", re.MULTILINE)
TODAY = date(2020, 10, 8)
# These need a mail server, an hour, or somebody who ends them: their own tests run them, here their options are parsed.
NOT_RUN = {"fetch": "tests/mail/test_mail_fetch_command.py", "watch": "tests/test_watch.py", "demo": "tests/acceptance"}
ANSWERS = {"purge": f"本人要求\n{id_number(3)}\n", "send": "n\n", "withdraw": "放错了\n"}
UNITS = ["区安委办", "区财政局", "区人力社保局", "区应急管理局", "练市镇", "双林镇"]
SAYS = {"verify": "台账完好", "why": "实际", "withdraw": "已撤回第 2 号", "close": "已封存", "purge": "已从台账", "doctor": "√ 台账",
        "send": "没有发送", "forms": "份没有变化", "export": "数据字典.csv", "rules": "规则手册.md", "templates": "练市镇_"}
HANDBOOK = "docs/手册/改计划和单位.md"


def documented() -> list[str]:
    """The arguments of every command line, each once; … stands where a reader fills something in."""
    blocks = "\n".join(block for text in TEXTS.values() for block in re.findall(r"^```bash\n(.*?)\n```$", text, re.M | re.S))
    lines = [found for text in TEXTS.values() for found in INLINE.findall(text)] + IN_A_BLOCK.findall(blocks)
    return sorted({" ".join(line.split()) for line in lines if "…" not in line})


def group() -> Any:
    return typer.main.get_command(app)


def command_of(words: list[str]) -> tuple[str, Any]:
    """The name of the command ("" for the monthly job) and the command."""
    name = next((word for word in words if word in group().commands), "")
    return name, group().commands[name] if name else group()


def small_plan() -> str:
    """config.yaml with six units and their members, and no address that is an example."""
    lines = (ROOT / "config.yaml").read_text(encoding="utf-8").replace(".invalid", ".example.com").splitlines(keepends=True)
    return "".join(line for line in lines if not re.match(r"  - \{(name|role: 成员)", line) or any(unit in line for unit in UNITS))


def shape(line: str) -> tuple[str, ...]:
    """What makes a line worth running: its command and options, and all of a question's words."""
    words = shlex.split(line)
    name, _ = command_of(words)
    return (name, *(words[1:] if name == "why" else sorted(word for word in words if word.startswith("--"))))


def worth_running() -> list[str]:
    """Of the lines that differ in a value only, the longest; none whose options another line of that command has, too."""
    by_shape = {shape(line): line for line in sorted(documented(), key=len)}
    return [line for one, line in by_shape.items()
            if one[0] not in NOT_RUN and not any(one[0] == other[0] and set(one) < set(other) for other in by_shape)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office on 2020-10-08: two towns reported in August, one claim passed its first review, a mail server that is not asked."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "config.yaml").write_text(small_plan(), encoding="utf-8")
    shutil.copy2(folder / "config.yaml", folder / "other.yaml")
    desk = office(folder, load(folder / "config.yaml"))
    desk = type(desk)(desk.config, (folder / "config.yaml").read_bytes(), desk.inputs, desk.outputs)
    for unit, rows in {"练市镇": {"certificates": [holder(1), holder(2)], "certificate_awards": [award(1)], "establishments": [survey()]},
                       "双林镇": {"certificates": [holder(3)], "establishments": [survey("乙公司")]}}.items():
        (desk.inputs / f"{unit}.xlsx").write_bytes(workbook(unit, "2020-08", rows))
    monthly.run(desk, TODAY, None, False, 1, lambda *_: None)
    (desk.inputs / "审核.xlsx").write_bytes(workbook("区应急管理局", "2020-08", {"decisions": [decision("NX-2020-0001", "初审")]}))
    monthly.run(desk, TODAY, None, False, 1, lambda *_: None)
    return folder


def options_of(command: Any) -> set[str]:
    return {option for one in command.params for option in one.opts}


def test_the_documents_name_many_commands_and_every_command_of_the_program():
    lines = documented()
    assert len(lines) > 25
    assert {command_of(shlex.split(line))[0] for line in lines} - {""} == set(group().commands)


@pytest.mark.parametrize("line", [line for line in documented() if line not in group().commands])
def test_the_program_understands_every_command_line_of_the_documents(line: str):
    words = shlex.split(line)
    name, command = command_of(words)
    assert command.make_context(name or "run.py", [word for word in words if word != name], resilient_parsing=name in ANSWERS)
    assert set(OPTION.findall(line)) <= options_of(command) | EVERYWHERE


@pytest.mark.parametrize("line", worth_running())
def test_a_command_line_of_the_documents_works_as_it_is_written(
    line: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    words = shlex.split(line.replace("邮箱", "sunhui@nanxun.example.com"))
    name, command = command_of(words)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    places = [word for place in ("--config config.yaml", "--inputs inputs", "--outputs outputs") for word in place.split()
              if place.split()[0] not in words]
    day = ["--today", TODAY.isoformat()] if "--today" in options_of(command) and "--today" not in words else []
    done = CliRunner().invoke(app, global_options_first([*places, *words, *day]), input=ANSWERS.get(name))
    assert done.exception is None or (name == "doctor" and done.exit_code == 1), f"{done.output}\n{done.exception!r}"
    assert SAYS.get(name, "") in done.output


@pytest.mark.parametrize("name", sorted(set(re.findall(r"python -m ((?:tools|benchmarks)[\w.]*)", "\n".join(TEXTS.values())))))
def test_a_tool_that_a_document_names_exists(name: str):
    assert find_spec(name)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(pipeline(?:\.\w+)+)`", TEXTS["docs/engineers.md"]))))
def test_every_function_on_a_rows_way_exists(name: str):
    assert pkgutil.resolve_name(name)


@pytest.mark.parametrize("example", re.findall(r"^```yaml\n(.*?)^```$", TEXTS[HANDBOOK], re.M | re.S), ids=lambda text: text.split(":")[0])
def test_config_yaml_takes_every_change_as_the_handbook_writes_it(example: str, tmp_path: Path):
    yaml = YAML()
    plan = yaml.load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    for key, value in yaml.load(example).items():
        if isinstance(value, list):
            plan[key].extend(value)
        elif isinstance(value, dict):
            plan[key].update(value)
        else:
            plan[key] = value
    changed = tmp_path / "config.yaml"
    with changed.open("w", encoding="utf-8") as file:
        yaml.dump(plan, file)
    assert load(changed) != load(ROOT / "config.yaml")


def test_the_page_of_messages_is_what_the_program_says_today():
    assert messages.PAGE.read_text(encoding="utf-8") == messages.page(), "python -m tools.messages"
