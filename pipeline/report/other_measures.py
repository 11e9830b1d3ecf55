"""其他激励: 评优评先, what is passed on, and company money, apart from the district's budget."""

from __future__ import annotations

from pipeline.claim_report import MeasureLine
from pipeline.idnumber import mask
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.ruled import Cell, Page
from pipeline.sheets import ALLOWANCE, BONUS, EXCELLENCE, HOUSING

_PERSON = (("单位", "unit"), ("月份", "month"), ("姓名", "person"), ("身份证号码", "id"), ("工作单位", "employer"))
_BLOCKS = (
    (EXCELLENCE, "一、评优评先名单（附件3 二（三））：供评先、考察、晋升时优先考虑，不涉及资金",
     (("事项", "item"), ("是否合条件", "item"), ("说明", "note"))),
    (HOUSING, "二、购房租房补贴（附件3 二（六））：金额由人才新政策另定，转有关部门办理，不入本办法预算",
     (("补贴类别", "item"), ("办理状态", "item"), ("说明", "note"))),
    (BONUS, "三、企业配套奖励（附件3 二（七））：企业自己的钱，不入区预算",
     (("费用类别", "item"), ("金额（元）", "money"), ("说明", "note"))),
    (ALLOWANCE, "四、企业岗位津贴（附件3 二（八））：企业自己的钱，不入区预算",
     (("级别", "item"), ("每月金额（元）", "money"), ("参考标准（元）", "money"))),
)


def write_other_measures(page: Page, report: QuarterReport) -> None:
    """A list for each measure; a measure that nobody was reported for says so."""
    write_blocks(page, "其他激励", f"{report.quarter.chinese}　不列入奖励预算的各项", [
        Block(heading, (*_PERSON, *columns), [_cells(line) for line in report.measures if line.measure == measure], "没有报送。")
        for measure, heading, columns in _BLOCKS])


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
