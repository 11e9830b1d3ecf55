"""The arrows of the design: foundations ← stages ← orchestration ← cli, and what each may touch."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pipeline"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
STAGES = {"intake", "rules", "ledger", "rollup", "report", "mail", "demo"}
FOUNDATIONS = {
    "config", "policy", "config_checks", "config_file", "columns", "sheets", "findings", "idnumber", "calendar", "reading",
    "book", "quarter_report", "files", "faults", "establishment_types", "surveys", "presence", "quarter_rows",
    "quarter_lists", "finding_numbers", "claim_report", "capitals", "change_lines", "handbook_lines", "rule_book", "plan_text",
    "receipt_marks", "plain_text", "places", "attainment", "dues", "plan_figures", "finding_groups", "level_trends", "city_report",
}
SPREADSHEET_LIBRARIES = {"openpyxl", "python_calamine", "xlsxwriter", "xlrd", "msoffcrypto"}
LONGEST = 260


def _imports(path: Path) -> set[str]:
    """The full names of all that a module imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _part(path: Path) -> str:
    """The stage or top-level module that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _parts_imported(path: Path) -> set[str]:
    """The other stages and top-level modules that a file imports."""
    parts = {name.split(".")[1] for name in _imports(path) if name.startswith("pipeline.")}
    return parts - {_part(path)}


IMPORTED = {part: set().union(*(_parts_imported(path) for path in MODULES if _part(path) == part))
            for part in map(_part, MODULES)}
ORCHESTRATION = {part for part, imported in IMPORTED.items() if imported & STAGES} - STAGES - {"cli"}


@pytest.mark.parametrize("part", sorted(FOUNDATIONS & set(IMPORTED)))
def test_a_foundation_imports_foundations_only(part):
    assert IMPORTED[part] <= FOUNDATIONS


@pytest.mark.parametrize("part", sorted(STAGES & set(IMPORTED)))
def test_a_stage_imports_no_other_stage_and_nothing_above(part):
    assert not IMPORTED[part] & (STAGES | ORCHESTRATION | {"cli"})


def test_nothing_but_the_entry_imports_the_command_line():
    assert [part for part, imported in IMPORTED.items() if "cli" in imported] == []


def test_no_two_parts_import_each_other_even_by_a_detour():
    above = {part: set(imported) for part, imported in IMPORTED.items()}
    while free := {part for part, imported in above.items() if not imported & set(above)}:
        above = {part: imported for part, imported in above.items() if part not in free}
    assert above == {}


@pytest.mark.parametrize("path", [path for path in MODULES if _part(path) == "rules"], ids=lambda path: path.name)
def test_rules_know_nothing_of_spreadsheets_or_files(path):
    libraries = {name.split(".")[0] for name in _imports(path)}
    assert not libraries & (SPREADSHEET_LIBRARIES | {"pathlib", "os", "io"})


@pytest.mark.parametrize("path", [path for path in MODULES if _part(path) != "cli"], ids=lambda path: path.stem)
def test_only_the_command_line_prints(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_fits_in_the_head(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
