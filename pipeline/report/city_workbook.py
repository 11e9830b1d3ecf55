"""汇总进度表: the city's workbook, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, time

from xlsxwriter import Workbook

from pipeline.calendar import chinese_day
from pipeline.city_report import CityReport, Deduction, Place, RepeatedClaim
from pipeline.findings import Severity
from pipeline.quarter_report import QuarterReport
from pipeline.report.blocks import Block, write_blocks
from pipeline.report.city_table import NAME as TABLE
from pipeline.report.city_table import write_city_table
from pipeline.report.cover_page import Figure, Front, plan_and_actual, write_front
from pipeline.report.ruled import TEXT_STAYS_TEXT, Cell, Page

_COVER, _DISTRICTS, _REPEATS, _NOTES = "封面", "分区", "跨区重复", "编制说明"
_DISTRICT = (
    ("区县", "unit"), ("计划", "count"), ("实际", "count"), ("完成率", "share"), ("现有数量", "count"), ("有效申请\n（件）", "count"),
    ("申请金额\n（元）", "money"), ("已发放\n（元）", "money"), ("跨区重复\n（件）", "count"), ("未报\n（份）", "count"),
    ("退回\n（处）", "count"), ("复核\n（处）", "count"), ("说明", "stage"))
_ADDED = (1, 2, 4, 5, 6, 7, 8, 9, 10, 11)
_TARGET, _ACTUAL, _SHARE = 1, 2, 3
_CLAIM = (
    ("奖励", "award"), ("级别或事项", "item"), ("申请人", "person"), ("身份证号码", "id"), ("在先单位", "stage"), ("在先月份", "month"),
    ("在先编号", "claim"), ("在先状态", "state"), ("在后单位", "stage"), ("在后月份", "month"), ("在后编号", "claim"), ("处理", "note"))
_PERSON = (
    ("计入项目", "sector"), ("级别", "level"), ("姓名", "person"), ("身份证号码", "id"), ("计入单位", "stage"), ("计入月份", "month"),
    ("年度", "year"), ("扣除项", "state"), ("重复单位", "stage"), ("重复月份", "month"))
_ENDED = ("退回", "重复", "不核准")


def city_workbook(report: CityReport) -> bytes:
    """The workbook as bytes: the same report gives the same bytes."""
    target = io.BytesIO()
    book = Workbook(target, {**TEXT_STAYS_TEXT, "in_memory": True})
    book.set_properties(_properties(report))
    cover = Page(book, _COVER)
    pages = [Page(book, TABLE), Page(book, _DISTRICTS), Page(book, _REPEATS), Page(book, _NOTES)]
    table, districts, repeats, notes = pages
    write_front(cover, _front(report, write_city_table(table, report)))
    _write_districts(districts, report)
    _write_repeats(repeats, report)
    _write_notes(notes, report)
    for page in pages:
        page.frame(f"{report.name}注册安全工程师培育　{report.quarter.chinese}")
    book.close()
    return target.getvalue()


def _properties(report: CityReport) -> dict[str, str | datetime]:
    return {"title": f"{report.name}培育进度汇总表（{report.quarter.chinese}）", "author": report.office, "company": report.office,
            "category": "汇总进度表", "keywords": f"{report.quarter}", "comments": "由月报汇总程序生成",
            "created": datetime.combine(report.today, time())}


def _front(report: CityReport, cells: tuple[str, str]) -> Front:
    as_of = f"{len(report.districts)}个区县　截至{chinese_day(min(report.quarter.last_day, report.today))}"
    return Front(f"{report.name}注册安全工程师培育", "汇总进度表", report.quarter.chinese, as_of, [
        *plan_and_actual(report.target, report.actual, cells, TABLE, _DISTRICTS),
        Figure("跨区重复计入（人次）", report.deducted, None, _REPEATS),
        Figure("跨区重复申领（件）", len(report.repeats), None, _REPEATS)], report.office, report.today)


def _write_districts(page: Page, report: CityReport) -> None:
    page.grid([kind for _, kind in _DISTRICT])
    page.title("分区县情况", f"{report.quarter.chinese}　{len(report.districts)}个区县")
    rows = [_district(name, one, report) for name, one in report.districts.items()]
    below = page.listing(_DISTRICT, rows)
    for row, one in enumerate(report.districts.values(), below - len(rows)):
        page.share(row, _SHARE, (_ACTUAL, one.total.actual), (_TARGET, one.total.target), page.face("share"))
    page.bottom_line(below, _DISTRICT, rows, _ADDED)
    page.share(below, _SHARE, (_ACTUAL, report.summed), (_TARGET, report.target), page.total("share"))
    page.paragraph(below + 1, f"各区县实际之和 {report.summed}，扣除跨区重复计入 {report.deducted}，"
                   f"全市实际 {report.actual}，与“{TABLE}”一致。各区县自己的进度表在各自的文件夹里。", font_size=page.sizes.note)


def _district(name: str, one: QuarterReport, report: CityReport) -> list[Cell]:
    claims = [claim for claim in one.claims if claim.state not in _ENDED]
    found = [line.finding.severity for line in one.findings]
    blocked = sum(repeat.later.district == name and repeat.blocked for repeat in report.repeats)
    return [name, one.total.target, one.total.actual, None, sum(line.existing_actual for line in one.sectors), len(claims),
            sum(claim.amount or 0 for claim in claims), sum(claim.paid - claim.recovered for claim in claims), blocked,
            len(one.missing), found.count(Severity.RETURNED), found.count(Severity.REVIEW),
            "本次运行没有成功，为上一次的台账" if name in report.stale else None]


def _write_repeats(page: Page, report: CityReport) -> None:
    write_blocks(page, "跨区重复", f"{report.quarter.chinese}　身份证号码打码", [
        Block("一、重复申领：同一人的同一事项在两个区县申请，先核准的为准，都没有核准的先收到的为准", _CLAIM,
              [_claim(one) for one in report.repeats], "没有跨区重复的申请。"),
        Block("二、重复计入：同一人在两个区县都报了，全市计在先报到的区县", _PERSON, [_person(one) for one in report.deductions],
              "没有在两个区县重复计入的人员。")])


def _claim(one: RepeatedClaim) -> list[Cell]:
    done = ("已按重复申领退回，请核实由哪一方撤回" if one.blocked else
            f"并入全市以前两地都已审核（后者{one.later_state}），请核实，应追回的追回")
    return [one.award, one.item, one.name, one.id_number, *_place(one.first), one.first_number, one.first_state,
            *_place(one.later), one.later_number, done]


def _person(one: Deduction) -> list[Cell]:
    kind = "合计之外" if one.outside else "计划表" if one.level else "现有数量"
    return [one.sector, one.level, one.name, one.id_number, *_place(one.first), one.year, kind, *_place(one.later)]


def _place(one: Place) -> tuple[str, str]:
    return f"{one.district}\n{one.unit}", one.month


def _write_notes(page: Page, report: CityReport) -> None:
    page.grid(["box"] * 10)
    page.title("编制说明", report.quarter.chinese)
    row = 2
    for text in _notes(report):
        row = page.paragraph(row, text)


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
