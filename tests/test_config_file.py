"""Every way to write config.yaml wrongly is answered with its line and a Chinese sentence."""

from pathlib import Path

import pytest

from pipeline.config_file import ConfigError, load

PLAN = (Path(__file__).parents[1] / "config.yaml").read_text(encoding="utf-8")
VERSION = PLAN.partition('template_version: "')[2].partition('"')[0]


def _complaint(folder: Path, content: str | bytes) -> str:
    path = folder / "config.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value)


def _edited(old: str, new: str) -> str:
    assert old in PLAN
    return PLAN.replace(old, new, 1)


def _line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


# What is replaced, by what, where the complaint must point, and what it must say.
MISTAKES = {
    "unknown key": ("due_day: 5", "due_dya: 5", "due_dya", "due_dya：不认识的键，请检查拼写或删去"),
    "unknown key in a list": ("{name: 区府办,", "{name: 区府办, 报送: 否,", "报送: 否", "units.0.报送：不认识的键"),
    "duplicate key": ("due_day: 5", "due_day: 5\ndue_day: 6", "due_day: 6", "同一个键写了两次"),
    "full-width colon": ("due_day: 5", "due_day：5", "due_day：", "冒号写成了全角“：”"),
    "no space behind the colon": ("due_day: 5", "due_day:5", "due_day:5", "冒号后面少了一个空格，请补上"),
    "no space behind an indented colon": ("  file_mb: 50", "  file_mb:50", "file_mb:50", "冒号后面少了一个空格，请补上"),
    "full-width colon, indented": ("  file_mb: 50", "  file_mb：50", "file_mb：", "冒号写成了全角“：”"),
    "full-width colon in braces": (
        "{2019: 2, 2020: 3, 2021: 3}", "{2019: 2, 2020：3, 2021: 3}",
        "2020：", "冒号写成了全角",
    ),
    "wrong type: number": ("due_day: 5", "due_day: 五", "due_day: 五", "due_day：现在是 '五'，应当是整数"),
    "wrong type: text": (
        f'template_version: "{VERSION}"', "template_version: 2020.1",
        "template_version", "template_version：现在是 2020.1，应当是文字（请加英文引号）",
    ),
    "wrong type: yes or no": (
        "count_introduced: true", "count_introduced: 也许",
        "count_introduced", "应当是true 或 false",
    ),
    "wrong type: date": (
        "baseline_date: 2018-12-31", "baseline_date: 2018-12-32",
        "baseline_date", "应当是日期（如 2019-01-01）",
    ),
    "wrong type: list": ("years: [2019, 2020, 2021]", "years: 2019", "years: 2019", "years：现在是 2019，应当是列表"),
    "wrong type: mapping": (
        'ledger:\n  url: "sqlite:///{outputs}/ledger/ledger.sqlite"', "ledger: 台账",
        "ledger: 台账", "ledger：现在是 '台账'，应当是“键: 值”的列表",
    ),
    "too many numbers": ("[18, 70]", "[18, 70, 80]", "age_at_issue", "应当是恰好两个数的列表"),
    "too small": ("due_day: 5", "due_day: 0", "due_day: 0", "due_day：现在是 0，不能小于 1"),
    "too large": ("due_day: 5", "due_day: 29", "due_day: 29", "due_day：现在是 29，不能大于 28"),
    "unknown choice": ("security: tls", "security: ssl", "security: ssl", "只能是 'tls', 'starttls' 或 'none'"),
    "a switch that is not implemented": ("review_2_2: form", "review_2_2: none", "review_2_2: none", "只能是 'form'"),
    "malformed address": (
        "wangjianfeng@nanxun.invalid", "王剑峰@nanxun",
        "王剑峰@nanxun", "leading_group.0.email：现在是",
    ),
    "missing item": ("  host: smtp.nanxun.invalid\n", "", "smtp:", "smtp.host：缺少这一项"),
    "bad indentation": ("  demand: 66", " demand: 66", "existing: 18", "格式不对"),
}

# The same for what no type can see.
CONTRADICTIONS = {
    "letters moved to where they came from": (
        "done_folder: null", "done_folder: Inbox", "done_folder: Inbox", "imap.done_folder：不能与 folder 相同"),
    "row total": ("target: 58", "target: 59", "target: 59", "各级别各年度之和为 58，预培育数量写的是 59"),
    "column total": ("demand: 66", "demand: 67", "demand: 67", "各行之和为 66，合计写的是 67"),
    "year's total": (
        "初级: {2019: 15, 2020: 20, 2021: 15}", "初级: {2019: 14, 2020: 21, 2021: 15}",
        "2019: 14", "targets.0.total.by_level.初级.2019：各行之和为 15，合计写的是 14",
    ),
    "a number without a total": ("      existing: 18\n", "", "    total:", "各行之和为 18，合计写的是 None"),
    "a year that the plan has not": (
        "{2019: 4, 2020: 5, 2021: 6}", "{2019: 4, 2020: 5, 2022: 6}",
        "2022: 6", "年度 2022 不在 years 中",
    ),
    "a level without targets": (
        "target_levels: [初级, 中级]", "target_levels: [中级]",
        "          初级: {2019: 11", "不在 target_levels 中",
    ),
    "a table row that is no sector": (
        "      中介机构:\n", "      中介机关:\n",
        "    sectors:\n      危化", "不一致的行：中介机关、中介机构",
    ),
    "an unknown sector": (
        "required_percent: 30", "required_percent: 30, sector_below: 中介",
        "中介机构, required_percent", "“中介”不在 sectors 中",
    ),
    "precedence of an unknown sector": (
        "sector_precedence: [中介机构,", "sector_precedence: [中介,",
        "sector_precedence", "sector_precedence.0：“中介”不在 sectors 中",
    ),
    "a duty that no rule judges": (
        "required_percent: 30, duty: D05", "required_percent: 30",
        "中介机构, required_percent", "要写明 duty",
    ),
    "an unknown unit": (
        "office_unit: 区安委办", "office_unit: 安委办",
        "office_unit", "office_unit：“安委办”不在 units 中",
    ),
    "a unit named twice": (
        "aliases: [财政局]", "aliases: [科技局]",
        "区财政局, reports", "units.5：“科技局”前面已经出现过",
    ),
    "a sector named twice": (
        "- name: 中介机构", "- name: 政府部门",
        "- name: 政府部门\n    wording: 本地", "sectors.4：“政府部门”前面已经出现过",
    ),
    "a year named twice": (
        "years: [2019, 2020, 2021]", "years: [2019, 2020, 2020]",
        "years:", "“2020”前面已经出现过",
    ),
    "an award for an unknown level": ("高级: 3000", "特级: 3000", "      amounts:", "与 levels 不一致：特级、高级"),
    "a talent award for an unknown level": ("level: 中级\n", "level: 特级\n", "level: 特级", "“特级”不在 levels 中"),
    "a database that is neither": ("sqlite:///{outputs}", "mysql://{outputs}", "  url:", "应当以 sqlite:/// 或 postgresql+psycopg:// 开头"),
    "a password in the file": (
        "sqlite:///{outputs}/ledger/ledger.sqlite", "postgresql+psycopg://office:geheim@10.0.0.1/ledger",
        "  url:", "ledger.url：密码不要写在这里",
    ),
    "a password behind the database": (
        "sqlite:///{outputs}/ledger/ledger.sqlite", "postgresql+psycopg://office@10.0.0.1/ledger?password=geheim",
        "  url:", "ledger.url：密码不要写在这里",
    ),
    "a cluster without an address": ("smtp:\n", "scale: {where: dask}\nsmtp:\n", "scale:", "要写调度器的地址"),
    "an address that is none": (
        "smtp:\n", "scale: {where: dask, scheduler: 10.0.0.1}\nsmtp:\n", "scale:", "scale.scheduler：where 是 dask 时"),
    "instalments and their months": (
        "[12, 24, 36]", "[12, 24]",
        "      instalments:", "期数与 switches.instalment_months 不一致",
    ),
}


@pytest.mark.parametrize(("old", "new", "pointed", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, pointed, sentence):
    text = _edited(old, new)
    complaint = _complaint(tmp_path, text)
    assert f"config.yaml 第 {_line_of(text, pointed)} 行" in complaint
    assert sentence in complaint


@pytest.mark.parametrize(("old", "new", "pointed", "sentence"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_named_with_its_line(tmp_path, old, new, pointed, sentence):
    text = _edited(old, new)
    complaint = _complaint(tmp_path, text)
    told = [line for line in complaint.splitlines() if sentence in line]
    assert told, complaint
    assert told[0].startswith(f"config.yaml 第 {_line_of(text, pointed)} 行 ")


def test_versions_must_be_in_order(tmp_path):
    policy = PLAN[PLAN.index("  - valid_from: 2019-01-01\n    certificate_award") : PLAN.index("switches:")]
    text = PLAN.replace("switches:", policy.replace("2019-01-01", "2018-06-01", 1) + "\nswitches:", 1)
    complaint = _complaint(tmp_path, text)
    assert f"第 {_line_of(text, 'valid_from: 2018-06-01')} 行 policies.1.valid_from：" in complaint


def test_a_list_of_versions_must_not_be_empty(tmp_path):
    start, end = PLAN.index("targets:"), PLAN.index("# 单位类型归入哪一行")
    text = f"{PLAN[:start]}targets: []\n{PLAN[end:]}"
    assert f"第 {_line_of(text, 'targets: []')} 行 targets：至少要有一个版本" in _complaint(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path):
    text = _edited("due_day: 5", "due_day: 五").replace("port: 465", "port: 99999")
    assert len(_complaint(tmp_path, text).splitlines()) == 2


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="找不到配置文件"):
        load(tmp_path / "没有这个.yaml")


def test_a_folder_in_its_place_is_no_crash(tmp_path):
    with pytest.raises(ConfigError, match="读不出来"):
        load(tmp_path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_refused_with_the_first_wrong_line(tmp_path, encoding):
    complaint = _complaint(tmp_path, "# plan\ndistrict: 南浔区\n".encode(encoding))
    line = {"gb18030": 2, "utf-16": 1}[encoding]
    assert complaint == f"config.yaml 第 {line} 行：不是 UTF-8 编码，请在编辑器中另存为 UTF-8"


@pytest.mark.parametrize("content", ["", "# 只有注释\n", "南浔区\n", "- 一\n- 二\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, content):
    assert _complaint(tmp_path, content).startswith("config.yaml 第 1 行：应当是“键: 值”的列表")


def test_a_control_character_is_refused_in_words(tmp_path):
    text = _edited("office: 南浔区", "office: 南浔\x01区")
    assert f"第 {_line_of(text, 'office:')} 行：有看不见的控制字符" in _complaint(tmp_path, text)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(PLAN, encoding="utf-8-sig")
    assert load(path).district == "南浔区"


def test_full_width_colons_in_comments_and_values_are_welcome(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(_edited("remark: 建议数量，无强制要求", 'remark: "说明：建议数量"  # 备注：照抄'), encoding="utf-8")
    assert load(path).targets[0].sectors["工矿300人以下"].remark == "说明：建议数量"


def test_another_districts_plan_runs_by_another_file_alone(tmp_path):
    text = PLAN.replace("南浔区", "示例县").replace("工矿300人以上", "大型工矿").replace("工矿300人以下", "小型工矿")
    for year in (2021, 2020, 2019):
        text = text.replace(f"{year}: ", f"{year + 5}: ")
    path = tmp_path / "config.yaml"
    path.write_text(text.replace("years: [2019, 2020, 2021]", "years: [2024, 2025, 2026]"), encoding="utf-8")
    config = load(path)
    assert (config.district, config.years) == ("示例县", [2024, 2025, 2026])
    assert config.targets[0].sectors["大型工矿"].of("初级", 2025) == 15
