"""The declaration of the intake workbook equals the list that the units fill in; `*` marks what is required."""

from hashlib import sha256
from pathlib import Path

import pytest

from pipeline import sheets
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.sheets import BY_KEY, BY_LABEL, COVER, SHEETS, Kind, choices_of, spellings_of

COVER_LABELS = "填报单位* 填报月份* 填报人* 联系电话* 审核人 填报日期* 零报告 模板版本"
LABELS = {
    "单位摸底": "单位名称* 统一社会信用代码 单位类型* 从业人员数* 安全生产专业服务人员数 应配置人数 摸底日期* 备注",
    "持证人员": (
        "姓名* 证件类型 身份证号码* 工作单位* 培育范围* 级别* 专业类别 证书编号* 发证日期* 取得方式* 引进日期 "
        "注册编号 注册日期 继续教育学时 是否培训师 备注"
    ),
    "报考人员": "姓名* 身份证号码* 工作单位* 培育范围* 报考级别* 考试年度* 是否培训师 参加专题培训 考试结果 备注",
    "监管人员": "姓名* 身份证号码* 所属部门* 岗位 从事安全监管* 报考情况* 备注",
    "证书奖励申请": (
        "编号 填报日期* 姓名* 身份证号码* 工作单位* 职务 单位性质* 工作单位地址 单位电话 手机号码* 证书编号* "
        "发证日期* 领取日期 申请级别* 已申请奖励 申请金额* 声明签字* 身份证复印件* 证书复印件* 单位审核意见* "
        "验核人 备注"
    ),
    "紧缺人才申请": (
        "编号 填报日期* 姓名* 身份证号码* 工作单位* 职务 单位性质* 工作单位地址 单位电话 手机号码* 证书编号* "
        "发证日期* 级别* 行业监管部门 引进日期* 合同起始日期* 合同终止日期* 社保起缴日期* 个税起缴日期* 申请期次* "
        "申请金额* 声明签字* 身份证复印件* 证书复印件* 合同社保个税证明* 单位审核意见* 验核人 备注"
    ),
    "其他激励": (
        "激励项目* 填报日期* 姓名* 身份证号码* 工作单位* 级别 职称 取得日期 考试年度 费用类别 补贴类别 引进日期 "
        "学历 全日制 首次购房 合同起始日期 合同终止日期 社保起缴日期 个税起缴日期 金额 备注"
    ),
    "工作举措": "日期* 举措* 主题* 级别 参加人数 备注",
    "人员变动": "姓名* 身份证号码* 变动类型* 变动日期* 新工作单位 备注",
    "审核意见": "编号* 环节* 意见* 日期* 经办人* 金额 备注",
    "复核结论": "编号* 结论* 日期* 经办人* 备注",
    "失信名单": "姓名* 身份证号码* 认定日期* 事由*",
    "外部奖励登记": "姓名* 身份证号码* 奖励类别* 级别 部门* 日期* 金额",
    "考试安排": "考试年度* 级别* 考试日期*",
    "申请公告": "年度* 受理开始* 受理截止*",
}
LEVELS = "初级 中级 高级"
SECTORS = "危化冶炼建筑 工矿300人以上 工矿300人以下 中介机构 政府部门 其他"
NATURES = "生产经营单位 政府部门 其他"
OPINIONS = "属实 不属实 暂无该证书信息"
CHOICES = {
    "单位摸底": {
        "单位类型": (
            "危险化学品生产单位 危险化学品储存单位 金属冶炼单位 建筑施工单位 工矿企业 安全生产中介机构 行业监管部门 "
            "镇（开发区） 其他生产经营单位"
        ),
    },
    "持证人员": {
        "证件类型": "居民身份证 港澳台居民居住证 外国人永久居留身份证", "培育范围": SECTORS, "级别": LEVELS,
        "取得方式": "考试取得 引进",
        "专业类别": "煤矿安全 金属非金属矿山安全 化工安全 金属冶炼安全 建筑施工安全 道路运输安全 其他安全",
    },
    "报考人员": {"培育范围": SECTORS, "报考级别": LEVELS, "考试结果": "待考 通过 未通过"},
    "监管人员": {"报考情况": "已取证 已报考 未报考"},
    "证书奖励申请": {
        "单位性质": NATURES, "申请级别": LEVELS, "已申请奖励": "无 初级 中级 初级、中级",
        "单位审核意见": OPINIONS,
    },
    "紧缺人才申请": {
        "单位性质": NATURES, "级别": LEVELS, "申请期次": "第一年 第二年 第三年", "单位审核意见": OPINIONS,
    },
    "其他激励": {
        "激励项目": "报考费用报销 评优评先 高层次人才 购房租房补贴 企业配套奖励 企业岗位津贴", "级别": LEVELS,
        "职称": "副高 正高", "费用类别": "报名考试 培训 资料", "补贴类别": "购房 租房",
        "学历": "博士研究生 硕士研究生 本科 大专",
    },
    "工作举措": {
        "举措": "专题培训班 考前交流 宣传发动 继续教育 行业交流 驻点服务 政府购买服务", "级别": LEVELS,
    },
    "人员变动": {"变动类型": "离职 调出本区 调入新单位 证书注销"},
    "审核意见": {"环节": "初审 复审 发放 追回", "意见": "核准 不核准"},
    "复核结论": {"结论": "属实 已更正 不再提示"},
    "失信名单": {},
    "外部奖励登记": {"级别": LEVELS},
    "考试安排": {"级别": LEVELS},
    "申请公告": {},
}
YES_OR_NO = {
    "持证人员": "是否培训师", "报考人员": "是否培训师 参加专题培训", "监管人员": "从事安全监管",
    "证书奖励申请": "声明签字", "紧缺人才申请": "声明签字", "其他激励": "全日制 首次购房",
}
TICKS = {"证书奖励申请": "身份证复印件 证书复印件", "紧缺人才申请": "身份证复印件 证书复印件 合同社保个税证明"}
# What units are asked, by the version that stands on the cover of their templates.
TEMPLATES = {"2020.1": "f698d39e"}
DECIDING = ["审核意见", "复核结论", "失信名单", "外部奖励登记", "考试安排", "申请公告"]


@pytest.fixture(scope="module")
def config() -> Config:
    return load(Path(__file__).parents[1] / "config.yaml")


def _marked(columns):
    return [column.label + "*" * column.required for column in columns]


def _of_kind(sheet, kind):
    return [column.label for column in sheet.columns if column.kind is kind]


def test_the_sheets_stand_in_the_order_of_the_contract():
    assert [sheet.label for sheet in SHEETS] == list(LABELS)


def test_the_cover_asks_what_the_contract_asks():
    assert _marked(COVER) == COVER_LABELS.split()


@pytest.mark.parametrize("label", LABELS)
def test_a_sheet_has_the_contracts_columns_and_required_marks(label):
    assert _marked(BY_LABEL[label].columns) == LABELS[label].split(), f"write the new list of {label} into LABELS of this test"


@pytest.mark.parametrize("label", LABELS)
def test_a_sheets_choices_are_the_contracts(label, config):
    sheet = BY_LABEL[label]
    offered = {column.label: choices_of(column, config) for column in sheet.columns if column.kind is Kind.CHOICE}
    assert offered == {name: choices.split() for name, choices in CHOICES[label].items()}


@pytest.mark.parametrize("label", LABELS)
def test_yes_or_no_and_ticks_stand_where_the_contract_has_them(label):
    assert _of_kind(BY_LABEL[label], Kind.YESNO) == YES_OR_NO.get(label, "").split()
    assert _of_kind(BY_LABEL[label], Kind.TICK) == TICKS.get(label, "").split()


def test_a_template_that_asks_something_else_has_another_version(config):
    asked = sha256(repr((COVER_LABELS, LABELS, CHOICES, YES_OR_NO, TICKS)).encode()).hexdigest()[:8]
    assert TEMPLATES.get(config.template_version) == asked, (
        f"give config.yaml a new template_version, and TEMPLATES its line with {asked}: units with an old template are told so")


def test_only_the_deciding_bodies_sheets_are_marked_as_such():
    assert [sheet.label for sheet in SHEETS if sheet.deciding] == DECIDING


def test_every_id_number_and_certificate_number_is_text_that_excel_cannot_damage():
    kinds = {column.label: column.kind for sheet in SHEETS for column in sheet.columns}
    assert kinds["身份证号码"] is Kind.ID
    assert kinds["证书编号"] is kinds["注册编号"] is Kind.CODE
    assert not {Kind.ID, Kind.CODE, Kind.PHONE, Kind.USCC} & sheets.NUMERIC


def test_a_merged_range_of_what_is_one_persons_belongs_to_its_first_row():
    single = {column.label for column in BY_LABEL["证书奖励申请"].columns if column.one_per_row}
    assert single == {"姓名", "身份证号码", "证书编号", "申请金额"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_no_heading_could_mean_two_columns_of_a_sheet(sheet):
    headings = [heading for column in sheet.columns for heading in (column.label, *column.aliases)]
    assert len(headings) == len(set(headings))
    assert len(sheet.fields) == len(set(sheet.fields))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_what_makes_two_rows_the_same_is_a_column_of_the_sheet(sheet):
    assert set(sheet.identity) <= set(sheet.fields)
    assert BY_KEY[sheet.key] is sheet


def test_a_column_is_found_by_its_field():
    assert sheets.CERTIFICATES.column("issued_on").label == "发证日期"
    with pytest.raises(KeyError):
        sheets.CERTIFICATES.column("birthday")


def test_a_sector_may_be_written_in_the_plans_words(config):
    spellings = spellings_of(sheets.CERTIFICATES.column("sector"), config)
    assert spellings["从业人员300人以上的工矿企业"] == "工矿300人以上"
    assert spellings["本地行业监管部门、各镇（开发区）"] == "政府部门"
    assert spellings["其他"] == "其他"
    assert len(spellings) == 11


def test_another_choice_has_no_second_wording(config):
    column = sheets.CERTIFICATES.column("route")
    assert spellings_of(column, config) == {"考试取得": "考试取得", "引进": "引进"}
