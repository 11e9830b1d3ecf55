"""季度进度表: the quarter's workbook, sheet by sheet."""

from __future__ import annotations

import io
from datetime import datetime, time

from xlsxwriter import Workbook

from pipeline.config import Config
from pipeline.quarter_report import QuarterReport
from pipeline.report.activities_page import write_activities
from pipeline.report.changes_page import write_changes
from pipeline.report.clock_page import write_clock
from pipeline.report.contents_page import NAME as CONTENTS
from pipeline.report.contents_page import SHEETS, write_contents
from pipeline.report.cover_page import write_cover
from pipeline.report.duties_page import write_duties
from pipeline.report.examinations_page import write_examinations
from pipeline.report.findings_page import write_findings
from pipeline.report.look import look
from pipeline.report.money_page import write_money
from pipeline.report.notes_page import write_notes
from pipeline.report.other_measures import write_other_measures
from pipeline.report.plan_table import write_plan_table
from pipeline.report.reconciliation_page import write_reconciliation
from pipeline.report.registrations_page import write_registrations
from pipeline.report.returns_page import write_returns
from pipeline.report.ruled import TEXT_STAYS_TEXT, Page
from pipeline.report.sources_page import write_sources
from pipeline.report.supervisors_page import write_supervisors
from pipeline.report.trend_page import write_trend
from pipeline.report.units_page import write_units

COVER = "封面"
_DENSE = ("问题清单", "变动说明", "数据来源")  # the lists with most columns, in smaller type


def quarter_workbook(report: QuarterReport, config: Config) -> bytes:
    """The workbook as bytes: the same report gives the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties(_properties(report, config))
    sizes = look().sizes
    pages = {name: Page(book, name, sizes.note if name in _DENSE else sizes.body) for name in (COVER, CONTENTS, *SHEETS)}
    write_cover(pages[COVER], report, config)
    write_contents(pages[CONTENTS], report)
    write_plan_table(pages["计划进度"], report, config)
    write_units(pages["分单位"], report, config)
    write_trend(pages["季度趋势"], report, config)
    write_money(pages["奖励发放"], report)
    write_clock(pages["审核时限"], report, config)
    write_other_measures(pages["其他激励"], report)
    write_duties(pages["配置达标"], report)
    write_supervisors(pages["监管人员"], report)
    write_examinations(pages["报考与通过"], report)
    write_registrations(pages["注册与继续教育"], report, config)
    write_activities(pages["工作举措"], report)
    write_returns(pages["报送情况"], report)
    write_findings(pages["问题清单"], report)
    write_changes(pages["变动说明"], report)
    write_sources(pages["数据来源"], report)
    write_reconciliation(pages["数据勾稽"], report)
    write_notes(pages["编制说明"], report, config)
    for name in SHEETS:
        _frame(pages[name], report, config)
    book.close()
    return target.getvalue()


def _frame(page: Page, report: QuarterReport, config: Config) -> None:
    """What every sheet of figures has: its frame, and beside the printed area the way back."""
    page.frame(f"{config.plan_name}　{report.quarter.chinese}")
    way_back = page.words(font_color=page.colours.link, underline=1)
    page.link(0, page.last + 1, CONTENTS, "A1", way_back, "返回目录")
    page.put(0, page.last + 1, "返回目录", way_back)


def _properties(report: QuarterReport, config: Config) -> dict[str, str | datetime]:
    return {
        "title": f"{config.table_title}（{report.quarter.chinese}进度）", "subject": config.plan_name, "author": config.office,
        "company": config.office, "category": "季度进度表", "keywords": f"{report.quarter}", "comments": "由月报汇总程序生成",
        "created": datetime.combine(report.today, time())}
