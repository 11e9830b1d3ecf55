"""What a clerk does to a finished workbook: hides a row, adds a sheet, renames one."""

from __future__ import annotations

from pipeline.demo.pages import Page, Printed
from pipeline.sheets import BY_KEY


def play(printed: Printed) -> None:
    """Every trick that the return asks for."""
    for trick in sorted(printed.filed.tricks):
        _TRICKS[trick](printed)


def _hide_the_first_row(printed: Printed) -> None:
    kind = next(iter(printed.names))
    field = BY_KEY[kind].columns[0].field
    printed.pages[1].hidden.add(int("".join(filter(str.isdigit, printed.cells[kind, 0, field]))) - 1)


def _comment_on_the_first_row(printed: Printed) -> None:
    printed.pages[1].comments[max(printed.pages[1].cells)] = "已与证书原件核对"


def _add_an_unknown_sheet(printed: Printed) -> None:
    printed.pages.append(Page("联系方式", {(0, 0): "部门", (0, 1): "值班电话", (1, 0): "安监办", (1, 1): "0572-3000001"}))


def _add_an_unknown_column(printed: Printed) -> None:
    page = printed.pages[1]
    right = 1 + max(column for _, column in page.cells)
    header = min(row for row, column in page.cells if column >= 2)
    for row in {row for row, _ in page.cells if row >= header}:
        page.cells[row, right] = "科室" if row == header else "安监科"


def _state_a_wrong_total(printed: Printed) -> None:
    page = printed.pages[1]
    page.cells[1 + max(row for row, _ in page.cells), 0] = "合计：99人"


def _add_a_second_cover(printed: Printed) -> None:
    printed.pages.append(Page("封面 (2)", dict(printed.pages[0].cells)))


def _name_the_sheet_by_number(printed: Printed) -> None:
    printed.pages[1].name = "Sheet2"
    printed.names[next(iter(printed.names))] = "Sheet2"


def _keep_only_an_unknown_sheet(printed: Printed) -> None:
    del printed.pages[1:]
    _add_an_unknown_sheet(printed)


_TRICKS = {
    "hidden": _hide_the_first_row,
    "comment": _comment_on_the_first_row,
    "unknown sheet": _add_an_unknown_sheet,
    "unknown column": _add_an_unknown_column,
    "wrong total": _state_a_wrong_total,
    "two covers": _add_a_second_cover,
    "numbered sheet": _name_the_sheet_by_number,
    "no known sheet": _keep_only_an_unknown_sheet,
}
