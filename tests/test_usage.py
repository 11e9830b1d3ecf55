"""A command that was written wrongly is told in Chinese, with what was meant where that can be known."""

from __future__ import annotations

import pytest

from pipeline.cli import app
from pipeline.usage import in_chinese, is_wrong_usage


def said(*arguments: str) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the class is the library's own
        app(list(arguments), prog_name="run.py", standalone_mode=False)
    assert is_wrong_usage(caught.value)
    return in_chinese(caught.value)


@pytest.mark.parametrize(("arguments", "sentence", "use"), [
    (("--tody", "1"), "没有选项 --tody（是不是 --today？）", "run.py --help"),
    (("--zzz",), "没有选项 --zzz", "run.py --help"),
    (("nothing",), "没有命令 nothing", "run.py --help"),
    (("clos",), "没有命令 clos（是不是 'close'？）", "run.py --help"),
    (("--json=1",), "--json 后面不用写内容", "run.py --help"),
    (("close", "2020Q3"), "多写了 2020Q3", "run.py close --help"),
    (("purge", "--reason", "本人要求", "--id", "1", "330503198501010018"), "多写了 330503********0018", "run.py purge --help"),
    (("--quarter",), "--quarter 后面要写内容", "run.py --help"),
    (("why",), "少写了 sector（培育范围，如 工矿300人以上）", "run.py why --help"),
    (("why", "中介机构", "中级", "今年"), "year 应是整数（年度，如 2019）", "run.py why --help"),
    (("--workers", "0"), "--workers 不能小于 1", "run.py --help"),
    (("--today", "10月8日"), "日期应写成 2020-10-08 的样子，现在是“10月8日”", "run.py --help"),
    (("why", "中介", "中级", "2020"), "没有“中介”这个培育范围，可选：危化冶炼建筑", "run.py why --help"),
])
def test_what_is_wrong_is_said_in_chinese_and_where_the_use_is_told(arguments: tuple[str, ...], sentence: str, use: str):
    first, last = said(*arguments).splitlines()
    assert first.startswith("命令写得不对：")
    assert sentence in first
    assert last == f"用法请看：python {use}"


def test_a_sector_may_be_asked_for_in_the_words_of_the_table(capsys: pytest.CaptureFixture[str]):
    app(["why", "本地行业监管部门、各镇（开发区）", "中级", "2020", "--quarter", "2020Q3"], standalone_mode=False)
    assert capsys.readouterr().out.startswith("政府部门 中级 2020年：实际 ")
