"""其他激励: 评优评先, what is passed on, and company money, apart from the district's budget."""

from __future__ import annotations

from pipeline.claim_report import MeasureLine
from pipeline.idnumber import mask
from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Cell, Page
from pipeline.sheets import ALLOWANCE, BONUS, EXCELLENCE, HOUSING

_PERSON = (("单位", 14), ("月份", 10), ("姓名", 12), ("身份证号码", 24), ("工作单位", 30))
_LAST = len(_PERSON) + 2
_BLOCKS = (
    (EXCELLENCE, "评优评先名单（附件3 二（三））：供评先、考察、晋升时优先考虑，不涉及资金",
     (("事项", 14), ("是否合条件", 14), ("说明", 30))),
    (HOUSING, "购房租房补贴（附件3 二（六））：金额由人才新政策另定，转有关部门办理，不入本办法预算",
     (("补贴类别", 14), ("办理状态", 14), ("说明", 30))),
    (BONUS, "企业配套奖励（附件3 二（七））：企业自己的钱，不入区预算", (("费用类别", 14), ("金额（元）", 14), ("说明", 30))),
    (ALLOWANCE, "企业岗位津贴（附件3 二（八））：企业自己的钱，不入区预算", (("级别", 14), ("每月金额（元）", 14), ("参考标准（元）", 30))),
)


def write_other_measures(page: Page, report: QuarterReport) -> None:
    """A list for each measure; a measure that nobody was reported for says so."""
    page.title("其他激励", f"{report.quarter.chinese}　不列入奖励预算的各项", _LAST)
    row = 2
    for measure, heading, columns in _BLOCKS:
        lines = [line for line in report.measures if line.measure == measure]
        page.sheet.merge_range(row, 0, row, _LAST, heading, page.words(bold=True))
        row = _block(page, row + 1, (*_PERSON, *columns), [_cells(line) for line in lines]) + 1


def _block(page: Page, row: int, columns: tuple[tuple[str, float], ...], rows: list[list[Cell]]) -> int:
    if rows:
        return page.table(row, columns, rows, left=[4, _LAST])
    page.sheet.merge_range(row, 0, row, _LAST, "没有报送。", page.words())
    return row + 1


def _cells(line: MeasureLine) -> list[Cell]:
    return [line.unit, line.month, line.name, mask(line.id_number), line.employer, line.item or None, *_terms(line)]


def _terms(line: MeasureLine) -> list[Cell]:
    doubt = None if line.eligible else "“监管人员”或“持证人员”中查不到，见提示 I03"
    terms: dict[str, list[Cell]] = {
        EXCELLENCE: ["是" if line.eligible else "待核", doubt],
        HOUSING: [line.state, None],
        BONUS: [line.amount, None],
        ALLOWANCE: [line.amount, line.guideline],
    }
    return terms[line.measure]
