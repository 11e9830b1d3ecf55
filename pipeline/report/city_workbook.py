"""汇总进度表: the city's workbook, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, time

from xlsxwriter import Workbook

from pipeline.city_report import CityReport, Deduction, RepeatedClaim
from pipeline.findings import Severity
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks, write_rate
from pipeline.report.city_table import write_city_table
from pipeline.report.measure import lines_of
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Page

_DISTRICTS = (("区县", 16), ("计划", 9), ("实际", 9), ("完成率", 9), ("现有数量", 10), ("有效申请（件）", 15),
              ("申请金额（元）", 15), ("已发放（元）", 14), ("跨区重复（件）", 15), ("未报（份）", 11), ("退回（处）", 11),
              ("复核（处）", 11), ("说明", 30))
_ADDED = (1, 2, 4, 5, 6, 7, 8, 9, 10, 11)
_WIDTHS = (13, 14, 12, 22, 14, 14, 10, 17, 10, 14, 14, 10, 17, 34)
_CLAIMS = ("奖励", "级别或事项", "申请人", "身份证号码", "在先区县", "在先单位", "月份", "编号", "状态", "在后区县", "在后单位", "月份",
           "编号", "处理")
_PEOPLE = ("计入项目", "级别", "姓名", "身份证号码", "计入区县", "计入单位", "月份", "年度", "扣除项", "重复区县", "重复单位", "月份")
_ENDED = ("退回", "重复", "不核准")


def city_workbook(report: CityReport) -> bytes:
    """The workbook as bytes: the same report gives the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties({"title": f"{report.name}培育进度汇总表（{report.quarter.chinese}）", "company": report.office,
                         "created": datetime.combine(report.today, time())})
    write_city_table(Page(book, "汇总"), report)
    _write_districts(Page(book, "分区"), report)
    _write_repeats(Page(book, "跨区重复"), report)
    _write_notes(Page(book, "编制说明"), report)
    book.close()
    return target.getvalue()


def _write_districts(page: Page, report: CityReport) -> None:
    last = len(_DISTRICTS) - 1
    page.title("分区县情况", f"{report.quarter.chinese}　{len(report.districts)}个区县", last)
    rows = [_district(name, one, report) for name, one in report.districts.items()]
    below = page.table(2, _DISTRICTS, rows, left=[0, last])
    page.filtered(2, below, len(_DISTRICTS))
    for row, one in enumerate(report.districts.values(), 3):
        write_rate(page, row, 3, 2, 1, one.total.actual / one.total.target if one.total.target else None)
    style = page.style(bold=True, bg_color="#F2F2F2")
    for column in range(last + 1):
        page.sheet.write_string(below, column, "" if column else "各区县合计", style)
    page.sums(below, _ADDED, range(3, below), [sum(_number(row[column]) for row in rows) for column in _ADDED], style)
    write_rate(page, below, 3, 2, 1, report.summed / report.target if report.target else None, bold=True)
    page.sheet.write_string(below + 1, 0, f"各区县实际之和 {report.summed}，扣除跨区重复计入 {report.deducted}，"
                            f"全市实际 {report.actual}，与“汇总”一致。", page.words())


def _number(value: Cell) -> float:
    return value if isinstance(value, int | float) else 0


def _district(name: str, one: QuarterReport, report: CityReport) -> list[Cell]:
    claims = [claim for claim in one.claims if claim.state not in _ENDED]
    found = [line.finding.severity for line in one.findings]
    blocked = sum(repeat.later.district == name and repeat.blocked for repeat in report.repeats)
    return [name, one.total.target, one.total.actual, None, sum(line.existing_actual for line in one.sectors), len(claims),
            sum(claim.amount or 0 for claim in claims), sum(claim.paid - claim.recovered for claim in claims), blocked,
            len(one.missing), found.count(Severity.RETURNED), found.count(Severity.REVIEW),
            "本次运行没有成功，为上一次的台账" if name in report.stale else None]


def _write_repeats(page: Page, report: CityReport) -> None:
    page.title("跨区重复", f"{report.quarter.chinese}　号码只显示一部分", len(_CLAIMS) - 1)
    write_blocks(page, _WIDTHS, [
        Block("一、重复申领：同一人的同一事项在两个区县申请，先核准的为准，都没有核准的先收到的为准", _CLAIMS,
              [_claim(one) for one in report.repeats], "没有跨区重复的申请。", left=[5, 10, 13]),
        Block("二、重复计入：同一人在两个区县都报了，全市计在先报到的区县", _PEOPLE, [_person(one) for one in report.deductions],
              "没有在两个区县重复计入的人员。", left=[5, 10]),
    ])
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width)


def _claim(one: RepeatedClaim) -> list[Cell]:
    done = ("已按重复申领退回，请核实由哪一方撤回" if one.blocked else
            f"并入全市以前两地都已审核（后者{one.later_state}），请核实，应追回的追回")
    return [one.award, one.item, one.name, one.id_number, one.first.district, one.first.unit, one.first.month, one.first_number,
            one.first_state, one.later.district, one.later.unit, one.later.month, one.later_number, done]


def _person(one: Deduction) -> list[Cell]:
    kind = "合计之外" if one.outside else "计划表" if one.level else "现有数量"
    return [one.sector, one.level, one.name, one.id_number, one.first.district, one.first.unit, one.first.month, one.year, kind,
            one.later.district, one.later.unit, one.later.month]


def _write_notes(page: Page, report: CityReport) -> None:
    page.title("编制说明", report.quarter.chinese, 9)
    for row, text in enumerate(_notes(report), 2):
        page.sheet.merge_range(row, 0, row, 9, text, page.words(text_wrap=True))
        page.sheet.set_row(row, 14 + 17 * lines_of(text, 110))
    page.sheet.set_column(0, 9, 12)


def _notes(report: CityReport) -> Iterator[str]:
    yield (f"一、本表由{report.office}汇总{'、'.join(report.districts)}共{len(report.districts)}个区县的台账。"
           "各区县按各自的计划、金额、期限和单位名单判定，培育范围、级别、年度名称相同的相加，只有个别区县有的单列。")
    yield ("二、同一人同一级别在两个区县都计入的，全市只计一次，计在先收到的区县（同一天收到的按区县次序），后者列入“减：跨区重复计入”。"
           "现有数量按人同样处理。总体需求数量不扣除。每次运行都用逐人计数核对一遍，不符则不写本表。")
    yield ("三、同一人的同一奖励事项（级别、期次、职称等），全市只能申请一次：已进入审核的为准；都没有的，先收到的为准，"
           "同一天收到的按区县次序。其余按重复申领退回，两边单位都有告知单。在先的申请退回、撤回或不核准以后，后面的申请在下一次运行时恢复办理。")
    yield "四、补贴、奖励由各区县按各自的办法发放，金额之和只供参考。"
    for name in report.stale:
        yield f"注意：{name}本次运行没有成功，它的数字和申请是上一次运行时的。"
