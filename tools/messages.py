"""Every message with its remedy: `python -m tools.messages` writes docs/手册/消息与办法.md from the rules and the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from pipeline.config_file import load
from pipeline.handbook import FIELD, handbook
from pipeline.handbook_lines import HandbookLine
from pipeline.rules import DUTY_RULES, REGISTER_RULES, REPEAT_RULES, RULES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "手册" / "消息与办法.md"
PACKAGE = ROOT / "pipeline"

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_REMEDY = re.compile(r"；|[，：。](?=请)")  # a message says what was found, then what to do
_SHORTEST = 10  # what is shorter is a piece of another message
_A_PIECE = re.compile(r"…[，；]|[（请\[]|[^；]*\{")
_CELLS = ("cells", "quantities", "rows", "data_rows", "remarks", "totals")
_SCREEN = ("answering", "config_file", "faults", "fetching", "files", "forms", "passwords", "purging", "replay", "restoration",
           "safekeeping", "sending", "signing", "verification", "ledger/journal", "ledger/lock", "ledger/opening",
           "ledger/withdrawal")
_OTHERWISE = {
    "退回": "核对后改正重报；确实不符合条件的，不再申请",
    "复核": "请核对，需要时更正；属实的在“复核结论”里写明",
    "提示": "供参考，不必处理",
}
_HEAD = """# 消息与办法

这一页由 `python -m tools.messages` 从程序里取出，与程序说的一字不差；“…”处是您的表里的内容。按 Ctrl+F 查几个字最快。

回执里的话分三种：

- **退回**：这一行不计入，要改好重报。**整件退回**：整份文件都没有收，改好以后整份再报。
- **复核**：这一行已经计入，但要有人核对。有错就报更正件；没有错，由区安委办在“复核结论”里写“属实”，以后不再提示。
- **提示**：告诉您程序是怎样读的，没有错就不必处理。
"""


def page() -> str:
    """The page as it should be."""
    lines = handbook(load(ROOT / "config.yaml"))
    files = [path for path in sorted((PACKAGE / "intake").glob("*.py")) if path.stem not in _CELLS]
    cells = [PACKAGE / "intake" / f"{name}.py" for name in _CELLS]
    screen = [PACKAGE / f"{name}.py" for name in _SCREEN]
    known = {message for line in lines for message in line.messages}
    parts = [
        _HEAD,
        "## 一份文件读不了，或封面不对\n", *_two_columns(_said_in([*files, PACKAGE / "inbox.py"])),
        "## 格子里的内容读不了\n", *_two_columns(one for one in _said_in(cells) if one not in known),
        "## 内容不符合规则\n",
        "规则的原文、取舍和例子见 `python run.py rules` 写出的规则手册。没有写办法的，按上面三种办。\n", *_of_rules(lines),
        "## 审核意见、发放、追回没有采用\n", *_two_columns(_said_in([PACKAGE / "ledger" / "decisions.py"])),
        "## 屏幕上的话（区安委办）\n", *_two_columns(_said_in(screen)),
        "## 检查电脑时（doctor）\n", *_table(("打 × 或 □ 的", "办法"), _doctor()),
    ]
    return "\n".join(parts)


def _of_rules(lines: Iterable[HandbookLine]) -> Iterator[str]:
    """A table of what is told under each rule."""
    own = {(rule.id, FIELD.sub("…", rule.message)): str(rule.severity)
           for rule in (*REGISTER_RULES, *RULES, *REPEAT_RULES, *DUTY_RULES)}
    told = [(line, message, own.get((line.id, message), line.severity)) for line in lines for message in line.messages]
    return _table(("规则", "处理", "消息", "办法"), [
        (line.id, severity, *_halves(message, severity)) for line, message, severity in told])


def _two_columns(messages: Iterable[str]) -> Iterator[str]:
    return _table(("消息", "办法"), [_halves(one, "") for one in dict.fromkeys(messages)])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in row)} |"
    yield ""


def _halves(message: str, severity: str) -> tuple[str, str]:
    """What was found, and what to do; where the message does not say, what its severity asks for."""
    if cut := _REMEDY.search(message):
        return message[: cut.start()], message[cut.end():]
    return message, _OTHERWISE.get(severity, "")


def _said_in(paths: Iterable[Path]) -> list[str]:
    """The messages that ask for something, in the order of the files."""
    said = chain.from_iterable(texts(ast.parse(path.read_text(encoding="utf-8"))) for path in paths)
    return [one for one in said if _REMEDY.search(one) and len(one) >= _SHORTEST and not _A_PIECE.match(one)]


def _doctor() -> list[tuple[str, str]]:
    """What `doctor` finds wrong, with what it says to do."""
    found = []
    for path in sorted((PACKAGE / "doctor").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) == 3):
            what, remedy = (_text(one, constants) for one in call.args[1:])
            if isinstance(call.func, ast.Name) and call.func.id == "Check" and _CHINESE.search(what) and _CHINESE.search(remedy):
                found.append((what, remedy))
    return found


def texts(tree: ast.Module) -> Iterator[str]:
    """Every Chinese text of a module as it would be shown, … where a value stands; docstrings are English."""
    return _within(tree, _constants(tree))


def _within(node: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    joined = isinstance(node, ast.Constant | ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))
    if joined and _CHINESE.search(text := _text(node, constants)):
        yield text
        return
    for child in ast.iter_child_nodes(node):
        yield from _within(child, constants)


def _text(node: ast.AST, constants: dict[str, str]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("%s", "…")
    if isinstance(node, ast.JoinedStr):
        return re.sub("…+", "…", "".join(_text(part, constants) for part in node.values))
    if isinstance(node, ast.BinOp):
        return _text(node.left, constants) + _text(node.right, constants)
    name = node.value if isinstance(node, ast.FormattedValue) else node
    return constants.get(name.id, "…") if isinstance(name, ast.Name) else "…"


def _constants(tree: ast.Module) -> dict[str, str]:
    """The module's own texts by name."""
    return {node.targets[0].id: node.value.value for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
