"""config.yaml in the repository is the plan of the district, whole; the figures below are read off the plan."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.config import Config, EstablishmentType
from pipeline.config_file import load

# 附件2: wording, demand, existing, target, 初级 2019-2021, 中级 2019-2021, remark; None is a blank cell.
ADJUSTED, SUGGESTED = "根据实际企业数量相应调整", "建议数量，无强制要求"
BLANK = (None, None, None)
TABLE = [
    ("危险化学品生产、储存单位、金属冶炼单位、从业人员300人以上的建筑施工单位", 9, 3, 8, BLANK, (2, 3, 3), ADJUSTED),
    ("从业人员300人以上的工矿企业", 49, 3, 58, (11, 15, 9), (7, 10, 6), ADJUSTED),
    ("从业人员300人以下的工矿企业", None, 5, 15, (4, 5, 6), BLANK, SUGGESTED),
    ("安全生产中介机构", 8, 4, 10, BLANK, (3, 4, 3), ""),
    ("本地行业监管部门、各镇（开发区）", None, 3, 9, BLANK, (3, 3, 3), SUGGESTED),
]
TOTAL = (66, 18, 100, (15, 20, 15), (15, 20, 15))
# 附件1
UNITS = [
    "区府办", "区安委办", "区委组织部", "区发改经信局", "区科技局", "区财政局", "区人力社保局", "区住建局",
    "区交通局", "区应急管理局", "区市场监管局", "区消防大队", "区总工会", "开发区", "南浔镇", "练市镇",
    "双林镇", "菱湖镇", "和孚镇", "善琏镇", "旧馆镇", "千金镇", "石淙镇",
]
MEMBERS = [
    "王剑峰", "沈晓良", "施永伟", "吴博文", "褚利斌", "邹贤华", "孙晖", "段良英",
    "钱云飞", "顾月洪", "余为荣", "吴建平", "喻志林", "沈林强", "刘晓芬", "叶伟强",
    "钱建中", "陈小红", "张国强", "邱建荣", "姚强英", "张华飞", "宋新华", "华小彬",
]


@pytest.fixture(scope="module")
def config() -> Config:
    return load(Path(__file__).parents[1] / "config.yaml")


def _cells(row, level):
    return tuple(row.of(level, year) for year in (2019, 2020, 2021))


def test_the_table_is_the_plans_cell_by_cell(config):
    table = config.targets_on(date(2020, 1, 1))
    written = []
    for sector in config.sectors:
        row = table.sectors[sector.name]
        numbers = (row.demand, row.existing, row.target, _cells(row, "初级"), _cells(row, "中级"))
        written.append((sector.wording, *numbers, row.remark))
    assert written == TABLE


def test_the_tables_bottom_line_is_the_plans(config):
    total = config.targets_on(date(2020, 1, 1)).total
    assert (total.demand, total.existing, total.target, _cells(total, "初级"), _cells(total, "中级")) == TOTAL


def test_four_rows_are_of_enterprises_and_one_of_government(config):
    assert [sector.layer for sector in config.sectors] == ["企业层面"] * 4 + ["政府层面"]


def test_only_the_rows_without_obligation_are_suggestions(config):
    rows = config.targets[0].sectors
    assert [name for name in config.sector_names if rows[name].suggested] == ["工矿300人以下", "政府部门"]


def test_the_units_are_those_of_annex_1_in_its_order(config):
    assert [unit.name for unit in config.units] == UNITS
    assert len(UNITS) == 23


def test_the_two_offices_that_only_receive_need_not_report(config):
    assert config.reporting_units == UNITS[2:]


def test_the_leading_group_has_a_leader_two_deputies_and_21_members(config):
    assert [member.role for member in config.leading_group] == ["组长"] + ["副组长"] * 2 + ["成员"] * 21
    assert [member.name for member in config.leading_group] == MEMBERS
    assert [member.unit for member in config.leading_group[1:]] == UNITS


def test_the_repository_holds_no_address_that_could_be_delivered_to(config):
    servers = [config.smtp.sender, config.smtp.host, config.imap.host, config.imap.user]
    addresses = [member.email for member in config.leading_group] + servers
    assert all(address.endswith(".invalid") for address in addresses)
    assert len({member.email for member in config.leading_group}) == 24


def test_the_amounts_are_those_of_annex_3(config):
    policy = config.policy_on("2020-08-31")
    assert policy.certificate_award.amounts == {"初级": 1000, "中级": 2000, "高级": 3000}
    assert policy.certificate_award.window_months == 6
    assert policy.certificate_award.since == date(2019, 1, 1)
    assert policy.talent_award.level == "中级"
    assert list(policy.talent_award.instalments.items()) == [("第一年", 3000), ("第二年", 3000), ("第三年", 4000)]
    assert (policy.talent_award.contract_months, policy.talent_award.insured_months) == (36, 12)


def test_a_unit_is_known_by_its_aliases_and_with_the_districts_name_in_front(config):
    for spelling in ("区应急管理局", "应急管理局", "区应急局", "南浔区应急管理局"):
        assert config.unit_spellings[spelling] == "区应急管理局"
    assert "外区某局" not in config.unit_spellings


@pytest.mark.parametrize(
    ("kind", "headcount", "sector", "required"),
    [
        ("工矿企业", 299, "工矿300人以下", 0),
        ("工矿企业", 300, "工矿300人以上", 1),  # exactly 300 is 以上
        ("建筑施工单位", 299, "其他", 0),
        ("建筑施工单位", 300, "危化冶炼建筑", 1),
        ("金属冶炼单位", 3, "危化冶炼建筑", 1),  # any size
        ("其他生产经营单位", 5000, "其他", 0),
    ],
)
def test_an_establishments_size_decides_its_row_and_its_duty(config, kind, headcount, sector, required):
    assert config.sector_of(kind, headcount) == sector
    assert config.engineers_of(kind, headcount, 0) == required


@pytest.mark.parametrize(("staff", "required"), [(0, 0), (1, 1), (10, 3), (11, 4), (20, 6)])
def test_an_intermediary_needs_30_percent_of_its_service_staff_rounded_up(config, staff, required):
    assert config.engineers_of("安全生产中介机构", 50, staff) == required


def switched(config, **switches):
    return config.model_copy(update={"switches": config.switches.model_copy(update=switches)})


@pytest.mark.parametrize(("headcount", "sector", "required"), [(300, "工矿300人以下", 0), (301, "工矿300人以上", 1)])
def test_exactly_300_is_below_where_the_switch_says_so(config, headcount, sector, required):
    other = switched(config, boundary_300="below")
    assert other.sector_of("工矿企业", headcount) == sector
    assert other.engineers_of("工矿企业", headcount, 0) == required


@pytest.mark.parametrize(("rounding", "of_11", "of_15"), [("ceil", 4, 5), ("floor", 3, 4), ("round", 3, 5)])
def test_the_share_is_rounded_as_the_switch_says(config, rounding, of_11, of_15):
    other = switched(config, ratio_round=rounding)
    assert [other.engineers_of("安全生产中介机构", 50, staff) for staff in (11, 15)] == [of_11, of_15]


@pytest.mark.parametrize(("kind", "headcount", "sector", "required"), [
    ("金属冶炼单位", 299, "其他", 0), ("金属冶炼单位", 300, "危化冶炼建筑", 1), ("建筑施工单位", 299, "其他", 0),
    ("工矿企业", 299, "工矿300人以下", 0), ("行业监管部门", 5, "政府部门", 0)])
def test_the_limit_may_hold_for_the_whole_row(config, kind, headcount, sector, required):
    other = switched(config, threshold_applies_to="all")
    assert other.sector_of(kind, headcount) == sector
    assert other.engineers_of(kind, headcount, 0) == required


def test_a_type_without_a_limit_has_one_row_whatever_its_size():
    assert EstablishmentType(sector="甲").sector_for(0, "above") == "甲"


def test_each_day_has_the_version_of_the_plan_that_holds_on_it(config):
    older, newer = config.policies[0], config.policies[0].model_copy(update={"valid_from": date(2021, 1, 1)})
    revised = config.model_copy(update={"policies": [older, newer]})
    assert revised.policy_on("2020-12-31") is older
    assert revised.policy_on("2021-01-01") is newer
    assert revised.policy_on("2018-01-01") is older
    assert revised.policy_on(None) is newer


def test_each_day_has_the_version_of_the_targets_that_holds_on_it(config):
    older, newer = config.targets[0], config.targets[0].model_copy(update={"valid_from": date(2021, 1, 1)})
    revised = config.model_copy(update={"targets": [older, newer]})
    assert revised.targets_on(date(2020, 12, 31)) is older
    assert revised.targets_on(date(2021, 1, 1)) is newer
    assert revised.targets_on(date(2018, 12, 31)) is older


def test_a_units_mail_goes_to_its_own_address_or_else_to_its_member_of_the_leading_group(config):
    units = [unit.model_copy(update={"mail": ["a@lianshi.example", "B@lianshi.example"]}) if unit.name == "练市镇" else unit
             for unit in config.units]
    addressed = config.model_copy(update={"units": units})
    assert addressed.mail_of("练市镇") == ["a@lianshi.example", "B@lianshi.example"]
    assert addressed.mail_of("双林镇") == ["chenxiaohong@nanxun.invalid"]
    assert addressed.mail_of("没有的") == []


def test_a_sender_is_known_by_any_address_of_a_unit_or_of_the_leading_group(config):
    units = [unit.model_copy(update={"mail": ["B@lianshi.example"]}) if unit.name == "练市镇" else unit for unit in config.units]
    senders = config.model_copy(update={"units": units}).senders
    assert (senders["b@lianshi.example"], senders["qianjianzhong@nanxun.invalid"]) == ("练市镇", "练市镇")
    assert senders["wangjianfeng@nanxun.invalid"] == "王剑峰"
    assert "else@lianshi.example" not in senders
