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
from pipeline.report.duties_page import write_duties
from pipeline.report.examinations_page import write_examinations
from pipeline.report.lists import write_findings, write_money, write_returns, write_units
from pipeline.report.notes_page import write_notes
from pipeline.report.other_measures import write_other_measures
from pipeline.report.plan_table import write_plan_table
from pipeline.report.registrations_page import write_registrations
from pipeline.report.ruled import TEXT_STAYS_TEXT, Page
from pipeline.report.supervisors_page import write_supervisors


def quarter_workbook(report: QuarterReport, config: Config) -> bytes:
    """The workbook as bytes: the same report gives the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({
        "title": f"{config.table_title}（{report.quarter.chinese}进度）", "company": config.office,
        "created": datetime.combine(report.today, time()),
    })
    write_plan_table(Page(book, "计划进度"), report, config)
    write_units(Page(book, "分单位"), report, config)
    write_duties(Page(book, "配置达标"), report)
    write_supervisors(Page(book, "监管人员"), report)
    write_examinations(Page(book, "报考与通过"), report)
    write_registrations(Page(book, "注册与继续教育"), report, config)
    write_activities(Page(book, "工作举措"), report)
    write_money(Page(book, "奖励发放"), report)
    write_clock(Page(book, "审核时限"), report, config)
    write_other_measures(Page(book, "其他激励"), report)
    write_findings(Page(book, "退回与复核"), report)
    write_changes(Page(book, "变动说明"), report)
    write_returns(Page(book, "报送情况"), report)
    write_notes(Page(book, "编制说明"), report, config)
    book.close()
    return target.getvalue()
