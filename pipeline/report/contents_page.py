"""目录: every sheet with a link, what it holds, and what it says this quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pipeline.findings import Severity
from pipeline.quarter_report import QuarterReport
from pipeline.report.ruled import Page

NAME = "目录"
SHEETS: Mapping[str, str] = {
    "计划进度": "附件2 逐格的计划与实际",
    "分单位": "各单位报来多少、计入多少",
    "季度趋势": "各季度累计与计划，各培育范围完成率（图）",
    "奖励发放": "各发放单位的金额、以后各期、全部申请",
    "审核时限": "初审超期和将到期的申请",
    "其他激励": "评优评先、补贴和企业自付各项",
    "配置达标": "应当配置的单位配了没有",
    "监管人员": "应当报考的监管人员报了没有",
    "报考与通过": "报考、参考、通过和通过率",
    "注册与继续教育": "逾期未注册、学时不足的人员",
    "工作举措": "考前培训班和各单位举措",
    "报送情况": "哪个单位哪个月按时、迟报、未报",
    "问题清单": "退回和需要核对的每一处",
    "变动说明": "数字为什么和上次不同",
    "数据来源": "计入的每一人次在哪份文件哪一行",
    "数据勾稽": "读入的每一行去了哪里",
    "编制说明": "怎样计数，计划没写明处怎样取舍",
}
_COLUMNS = (("序号", "serial"), ("表", "kind"), ("内容", "words"), ("本季度", "words"))
_TOP, _LINK = 2, 1


def write_contents(page: Page, report: QuarterReport) -> None:
    """A line for each of the sheets that follow."""
    said = _said(report)
    page.grid([kind for _, kind in _COLUMNS])
    page.title("目　录", f"{report.quarter.chinese}　点表名前往；每张表右上角外侧可返回目录")
    page.table(_TOP, _COLUMNS, [[at, name, about, said[name]] for at, (name, about) in enumerate(SHEETS.items(), 1)])
    style = page.face("kind", font_color=page.colours.link, underline=1)
    for row, name in enumerate(SHEETS, _TOP + 1):
        page.link(row, _LINK, name, "A1", style, f"前往“{name}”")
        page.put(row, _LINK, name, style)
        page.sheet.set_row(row, 23)
    page.sheet.freeze_panes(_TOP + 1, 0)


def _said(report: QuarterReport) -> dict[str, str]:
    """The quarter in a few words for each sheet."""
    total = report.total
    return {
        "计划进度": f"计划 {total.target} 人，实际 {total.actual} 人次（去重 {total.persons} 人）",
        "分单位": f"{sum(any(unit.counted.values()) for unit in report.units)} 个单位有计入人员",
        "季度趋势": f"{report.trend[0].quarter} 至 {report.trend[-1].quarter}" if report.trend else "还没有数据",
        "变动说明": f"{len(report.changes.lines)} 处变动" if report.changes and report.changes.lines else "没有变动",
        "数据来源": f"{len(report.sources)} 人次",
        "数据勾稽": "全部相符" if all(one.balanced for one in report.reconciliation.values()) else "有不符",
        "编制说明": f"{len(report.readings)} 项取舍",
        **_of_awards(report), **_of_lists(report), **_of_returns(report),
    }


def _of_awards(report: QuarterReport) -> dict[str, str]:
    states = Counter(claim.state for claim in report.claims)
    return {"奖励发放": f"申请 {len(report.claims)} 件，已发放 {states['已发放']} 件",
            "审核时限": f"待初审 {states['待初审']} 件", "其他激励": f"{len(report.measures)} 条"}


def _of_lists(report: QuarterReport) -> dict[str, str]:
    lists = report.lists
    bound, below, short = (sum(numbers) for numbers in zip(
        (0, 0, 0), *((unit.bound, unit.below, unit.short) for unit in lists.duties.units), strict=True))
    sat = sum(line.sat for line in lists.examinations.lines)
    passed = sum(line.passed for line in lists.examinations.lines)
    return {"配置达标": f"{bound} 家负有义务，{below} 家未达标，尚缺 {short} 人",
            "监管人员": f"应当报考而未报考 {len(lists.supervision.bound)} 人",
            "报考与通过": f"参考 {sat} 人次，通过 {passed} 人次",
            "注册与继续教育": f"逾期未注册 {len(lists.registrations.overdue)} 人，学时不足 {len(lists.registrations.few_hours)} 人",
            "工作举措": f"{len(lists.activities.log)} 次"}


def _of_returns(report: QuarterReport) -> dict[str, str]:
    states = Counter(one.state for one in report.returns)
    found = Counter(line.finding.severity for line in report.findings)
    return {"报送情况": f"未报 {states['未报']} 次，迟报 {states['迟报']} 次",
            "问题清单": f"退回 {found[Severity.RETURNED]} 处，复核 {found[Severity.REVIEW]} 处"}
