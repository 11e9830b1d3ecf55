"""The one declaration of the intake workbook: its sheets, columns, kinds and choices (intake.md).

The blank templates, the reader, the ledger's tables and the handbook all derive from SHEETS and
COVER. To add a column, add one line here.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.columns import NUMERIC, Column, Kind, Sheet, choices_of, spellings_of
from pipeline.idnumber import DOCUMENTS

__all__ = [
    "ALLOWANCE", "BONUS", "BY_KEY", "BY_LABEL", "COVER", "COVER_LABEL", "EXCELLENCE", "EXPENSES", "HOUSING", "NUMERIC",
    "OTHER_MEASURES", "OWN_SHEETS", "SENIOR", "SERIAL_LABELS", "SHEETS", "Column", "Kind", "Sheet", "choices_of",
    "spellings_of",
]


def _c(field: str, label: str, kind: Kind = Kind.TEXT, **more: object) -> Column:
    required = label.endswith("*")
    return Column(field, label.rstrip("*"), kind, required, **more)  # type: ignore[arg-type]


_EMPLOYER = ("单位", "所在单位", "工作单位名称", "单位名称")
_REMARK = _c("remark", "备注", example="可不填")
_NAME = _c("name", "姓名*", Kind.NAME, aliases=("名字", "人员姓名"), example="示例张三")
_ID = _c("id_number", "身份证号码*", Kind.ID,
         aliases=("身份证号", "身份证", "证件号码", "公民身份号码", "居民身份证号码"),
         hint="18位，最后一位可为X；按文本填写", example="330503199001010000")
_EMPLOYED = _c("employer", "工作单位*", aliases=_EMPLOYER, example="示例公司")
_SECTOR = _c("sector", "培育范围*", Kind.CHOICE, choices_from="sectors", hint="从下拉列表中选")
_LEVEL = _c("level", "级别*", Kind.CHOICE, choices_from="levels", aliases=("证书级别", "资格级别"))
_CERTIFICATE = _c("certificate_number", "证书编号*", Kind.CODE, single=True,
                  aliases=("证书号", "证书号码", "资格证书编号"),
                  hint="按证书上的编号填写，文本格式", example="SL2019330500001")
_ISSUED = _c("issued_on", "发证日期*", Kind.DATE, aliases=("发证时间", "取证日期", "批准日期"), hint="按证书上印的日期",
             example="2019-06-10")
_APPLIED = _c("applied_on", "填报日期*", Kind.DATE, aliases=("申请日期", "填表日期"), example="2020-08-20")
_TRAINER = _c("trainer", "是否培训师", Kind.YESNO)
_OPINIONS = ("属实", "不属实", "暂无该证书信息")
_NATURES = ("生产经营单位", "政府部门", "其他")
_EMPLOYER_CHECK = (
    _c("employer_opinion", "单位审核意见*", Kind.CHOICE, choices=_OPINIONS, aliases=("审核意见",)),
    _c("checked_by", "验核人", example="示例李四"),
    _REMARK,
)
_SIGNED = _c("signed", "声明签字*", Kind.YESNO, hint="申请人已在声明处签字填“是”")
_COPIES = (
    _c("id_copy", "身份证复印件*", Kind.TICK, hint="已附打“√”"),
    _c("certificate_copy", "证书复印件*", Kind.TICK, hint="已附打“√”"),
)
_APPLICANT = (
    _c("form_number", "编号", aliases=("申请编号",), hint="不用填，由区安委办编", example="不用填"),
    _APPLIED, _NAME, _ID, _EMPLOYED,
    _c("post", "职务", example="安全主管"),
    _c("employer_nature", "单位性质*", Kind.CHOICE, choices=_NATURES),
    _c("employer_address", "工作单位地址", aliases=("单位地址",), example="示例路1号"),
    _c("employer_phone", "单位电话", Kind.PHONE),
    _c("phone", "手机号码*", Kind.PHONE, aliases=("手机", "手机号", "联系电话"), example="13800000000"),
    _CERTIFICATE, _ISSUED,
)
_CONTRACT = (
    _c("contract_from", "合同起始日期*", Kind.DATE, example="2019-08-01"),
    _c("contract_to", "合同终止日期*", Kind.DATE, example="2022-07-31"),
    _c("insured_since", "社保起缴日期*", Kind.DATE, example="2019-08-01"),
    _c("taxed_since", "个税起缴日期*", Kind.DATE, example="2019-08-01"),
)


def _optional(column: Column) -> Column:
    return replace(column, required=False)


def _only_for(column: Column, *measures: str) -> Column:
    return replace(column, required=False, required_if=("measure", measures))


ESTABLISHMENTS = Sheet("establishments", "单位摸底", (
    _c("establishment", "单位名称*", aliases=("企业名称", "名称"), example="示例公司"),
    _c("uscc", "统一社会信用代码", Kind.USCC, aliases=("信用代码", "社会信用代码")),
    _c("establishment_type", "单位类型*", Kind.CHOICE, choices_from="establishment_types", aliases=("企业类型",)),
    _c("headcount", "从业人员数*", Kind.COUNT, aliases=("从业人数", "职工人数", "从业人员"), example="320"),
    _c("service_staff", "安全生产专业服务人员数", Kind.COUNT, aliases=("专业服务人员数",), hint="按比例配置的单位（安全生产中介机构）必填",
       required_if=("establishment_type", ())),
    _c("required_engineers", "应配置人数", Kind.COUNT, aliases=("应配置注册安全工程师数",), hint="可不填，按法规推算"),
    _c("surveyed_on", "摸底日期*", Kind.DATE, aliases=("调查日期",), example="2020-03-01"),
    _REMARK,
), identity=("establishment",))

CERTIFICATES = Sheet("certificates", "持证人员", (
    _NAME,
    _c("document", "证件类型", Kind.CHOICE, choices=DOCUMENTS, default=DOCUMENTS[0]),
    _ID, _EMPLOYED, _SECTOR, _LEVEL,
    _c("specialty", "专业类别", Kind.CHOICE, choices=(
        "煤矿安全", "金属非金属矿山安全", "化工安全", "金属冶炼安全", "建筑施工安全", "道路运输安全", "其他安全"),
       aliases=("专业",)),
    _CERTIFICATE, _ISSUED,
    _c("route", "取得方式*", Kind.CHOICE, choices=("考试取得", "引进"), example="引进"),
    _c("introduced_on", "引进日期", Kind.DATE, aliases=("引进时间",), hint="取得方式为“引进”时必填",
       example="2019-08-01", required_if=("route", ("引进",))),
    _c("registration_number", "注册编号", Kind.CODE, aliases=("注册号",)),
    _c("registered_on", "注册日期", Kind.DATE, example="2019-09-02"),
    _c("ce_hours", "继续教育学时", Kind.HOURS),
    _TRAINER, _REMARK,
), identity=("id_number", "level"))

CANDIDATES = Sheet("candidates", "报考人员", (
    _NAME, _ID, _EMPLOYED, _SECTOR,
    _c("level", "报考级别*", Kind.CHOICE, choices_from="levels"),
    _c("exam_year", "考试年度*", Kind.YEAR, example="2020"),
    _TRAINER,
    _c("attended_training", "参加专题培训", Kind.YESNO),
    _c("exam_result", "考试结果", Kind.CHOICE, choices=("待考", "通过", "未通过")),
    _REMARK,
), identity=("id_number", "level", "exam_year"))

SUPERVISORS = Sheet("supervisors", "监管人员", (
    _NAME, _ID,
    _c("department", "所属部门*", aliases=("部门",), example="示例科室"),
    _c("post", "岗位", example="安全监管"),
    _c("supervises", "从事安全监管*", Kind.YESNO),
    _c("exam_status", "报考情况*", Kind.CHOICE, choices=("已取证", "已报考", "未报考")),
    _REMARK,
), identity=("id_number",))

CERTIFICATE_AWARDS = Sheet("certificate_awards", "证书奖励申请", (
    *_APPLICANT,
    _c("collected_on", "领取日期", Kind.DATE, aliases=("证书领取日期",), example="2020-03-20"),
    _c("level", "申请级别*", Kind.CHOICE, choices_from="levels", aliases=("级别",)),
    _c("earlier_awards", "已申请奖励", Kind.CHOICE, choices_from="earlier_levels"),
    _c("amount", "申请金额*", Kind.MONEY, aliases=("金额", "申请金额（元）"), example="1000"),
    _SIGNED, *_COPIES, *_EMPLOYER_CHECK,
), identity=("id_number", "level"))

TALENT_AWARDS = Sheet("talent_awards", "紧缺人才申请", (
    *_APPLICANT,
    replace(_LEVEL, example="中级"),
    _c("regulator", "行业监管部门", hint="由哪个部门发放；不清楚可不填", example="示例部门"),
    _c("introduced_on", "引进日期*", Kind.DATE, example="2019-08-01"),
    *_CONTRACT,
    _c("instalment", "申请期次*", Kind.CHOICE, choices_from="instalments", aliases=("期次",)),
    _c("amount", "申请金额*", Kind.MONEY, aliases=("金额", "申请金额（元）"), example="3000"),
    _SIGNED, *_COPIES,
    _c("contract_proof", "合同社保个税证明*", Kind.TICK, hint="已附打“√”"),
    *_EMPLOYER_CHECK,
), identity=("id_number", "instalment"))

EXPENSES, EXCELLENCE, SENIOR, HOUSING, BONUS, ALLOWANCE = OTHER_MEASURES = (
    "报考费用报销", "评优评先", "高层次人才", "购房租房补贴", "企业配套奖励", "企业岗位津贴")
OTHER_AWARDS = Sheet("other_awards", "其他激励", (
    _c("measure", "激励项目*", Kind.CHOICE, choices=OTHER_MEASURES),
    _APPLIED, _NAME, _ID, _EMPLOYED,
    _optional(_LEVEL),
    _only_for(_c("title", "职称", Kind.CHOICE, choices=("副高", "正高"), hint="高层次人才必填"), SENIOR),
    _only_for(_c("titled_on", "取得日期", Kind.DATE, hint="取得职称证书的日期，高层次人才必填", example="2019-06-10"), SENIOR),
    _only_for(_c("exam_year", "考试年度", Kind.YEAR, hint="报考费用报销必填"), EXPENSES),
    _only_for(_c("fee", "费用类别", Kind.CHOICE, choices=("报名考试", "培训", "资料"), hint="报考费用报销必填"), EXPENSES),
    _only_for(_c("subsidy", "补贴类别", Kind.CHOICE, choices=("购房", "租房"), hint="购房租房补贴必填"), HOUSING),
    _only_for(_c("introduced_on", "引进日期", Kind.DATE, example="2019-08-01"), HOUSING),
    _only_for(_c("education", "学历", Kind.CHOICE, choices=("博士研究生", "硕士研究生", "本科", "大专")), HOUSING),
    _only_for(_c("full_time", "全日制", Kind.YESNO), HOUSING),
    _c("first_home", "首次购房", Kind.YESNO, required_if=("subsidy", ("购房",))),
    _only_for(_CONTRACT[0], HOUSING), _only_for(_CONTRACT[1], HOUSING),
    _only_for(_CONTRACT[2], HOUSING, SENIOR), _optional(_CONTRACT[3]),
    _only_for(_c("amount", "金额", Kind.MONEY, aliases=("申请金额",)), EXPENSES),
    _REMARK,
), identity=("measure", "id_number", "level", "title", "exam_year", "fee", "subsidy"))

ACTIVITIES = Sheet("activities", "工作举措", (
    _c("held_on", "日期*", Kind.DATE, example="2020-08-10"),
    _c("activity", "举措*", Kind.CHOICE, choices=(
        "专题培训班", "考前交流", "宣传发动", "继续教育", "行业交流", "驻点服务", "政府购买服务")),
    _c("topic", "主题*", example="示例主题"),
    _optional(_LEVEL),
    _c("participants", "参加人数", Kind.COUNT, example="60"),
    _REMARK,
), identity=("held_on", "activity", "topic"))

LEAVERS = Sheet("leavers", "人员变动", (
    _NAME, _ID,
    _c("change", "变动类型*", Kind.CHOICE, choices=("离职", "调出本区", "调入新单位", "证书注销")),
    _c("changed_on", "变动日期*", Kind.DATE),
    _c("new_employer", "新工作单位"),
    _REMARK,
), identity=("id_number", "change", "changed_on"))

DECISIONS = Sheet("decisions", "审核意见", (
    _c("claim", "编号*", aliases=("申请编号",), example="示例"),
    _c("stage", "环节*", Kind.CHOICE, choices=("初审", "复审", "发放", "追回")),
    _c("opinion", "意见*", Kind.CHOICE, choices=("核准", "不核准")),
    _c("decided_on", "日期*", Kind.DATE),
    _c("decided_by", "经办人*", example="示例李四"),
    _c("amount", "金额", Kind.MONEY),
    _REMARK,
), identity=("claim", "stage"), deciding=True)

RESOLUTIONS = Sheet("resolutions", "复核结论", (
    _c("finding", "编号*", example="示例"),
    _c("conclusion", "结论*", Kind.CHOICE, choices=("属实", "已更正", "不再提示")),
    _c("decided_on", "日期*", Kind.DATE),
    _c("decided_by", "经办人*", example="示例李四"),
    _REMARK,
), identity=("finding",), deciding=True)

BAR_LIST = Sheet("bar_list", "失信名单", (
    _NAME, _ID,
    _c("barred_on", "认定日期*", Kind.DATE),
    _c("reason", "事由*", example="示例事由"),
), identity=("id_number",), deciding=True)

OUTSIDE_AWARDS = Sheet("outside_awards", "外部奖励登记", (
    _NAME, _ID,
    _c("award", "奖励类别*"),
    _optional(_LEVEL),
    _c("department", "部门*", example="示例部门"),
    _c("granted_on", "日期*", Kind.DATE),
    _c("amount", "金额", Kind.MONEY),
), identity=("id_number", "award", "level", "department", "granted_on"), deciding=True)

EXAM_DATES = Sheet("exam_dates", "考试安排", (
    _c("exam_year", "考试年度*", Kind.YEAR),
    _LEVEL,
    _c("held_on", "考试日期*", Kind.DATE, example="2020-11-14"),
), identity=("exam_year", "level"), deciding=True)

NOTICES = Sheet("notices", "申请公告", (
    _c("notice_year", "年度*", Kind.YEAR),
    _c("opens_on", "受理开始*", Kind.DATE, example="2020-07-01"),
    _c("closes_on", "受理截止*", Kind.DATE, example="2020-12-31"),
), identity=("notice_year",), deciding=True)

SHEETS = (
    ESTABLISHMENTS, CERTIFICATES, CANDIDATES, SUPERVISORS, CERTIFICATE_AWARDS, TALENT_AWARDS, OTHER_AWARDS,
    ACTIVITIES, LEAVERS, DECISIONS, RESOLUTIONS, BAR_LIST, OUTSIDE_AWARDS, EXAM_DATES, NOTICES,
)
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
BY_LABEL = {sheet.label: sheet for sheet in SHEETS}

COVER_LABEL = "封面"
COVER = (
    _c("unit", "填报单位*", aliases=("报送单位", "单位名称"), hint="已填好"),
    _c("month", "填报月份*", Kind.MONTH, aliases=("报送月份", "月份"), hint="已填好"),
    _c("filled_by", "填报人*", hint="填表人的姓名"),
    _c("phone", "联系电话*", Kind.PHONE),
    _c("reviewed_by", "审核人", hint="本单位审核人的姓名"),
    _c("filled_on", "填报日期*", Kind.DATE, hint="填好报出的那一天"),
    _c("nil_return", "零报告", Kind.YESNO, hint="本月各表都没有内容时选“是”"),
    _c("template_version", "模板版本", hint="已填好"),
)
SERIAL_LABELS = frozenset({"序号", "编码", "No", "NO", "No."})
# Sheets that the program itself puts into workbooks: read by people, not by the reader.
OWN_SHEETS = frozenset({"填写说明", "回执", "选项", "待办说明", "到期期次"})
