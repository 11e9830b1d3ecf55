"""`doctor`: whether the month can be run here, point by point, and what to do where it cannot.

It must be able to speak where packages are missing and config.yaml is broken: everything is
imported by the check that needs it, and this package itself by the standard library alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.doctor.check import STOPS, TO_KNOW, Check, Desk

_CHECKS = {
    "machine.python": "Python",
    "machine.packages": "程序包",
    "machine.imports": "程序包能否打开",
    "machine.clock": "时钟",
    "machine.written_outputs": "结果文件夹",
    "machine.read_inputs": "收件文件夹",
    "machine.free_space": "磁盘空间",
    "machine.long_paths": "路径长度",
    "fonts.in_documents": "公文字体",
    "fonts.in_charts": "图表字体",
    "office.configuration": "config.yaml",
    "office.ledger": "台账",
    "office.mail": "发信",
    "office.mailbox": "收信",
    "office.holidays": "节假日",
}

if TYPE_CHECKING:  # not for a Python that is too old, which must get as far as being told so
    Told = tuple[str, Check]  # a title and what the check under it found


def examine(desk: Desk) -> Iterator[Told]:
    """Every check in its order; one that cannot be made for want of a package says so, and none stops the others."""
    for name, title in _CHECKS.items():
        module, function = name.split(".")
        check: Callable[[Desk], Iterator[Check]] = getattr(import_module(f"pipeline.doctor.{module}"), function)
        try:
            for found in check(desk):
                yield title, found
        except ImportError as missing:
            yield title, Check(STOPS, f"没有核对，缺少程序包 {missing.name}", "先装齐程序包")
        except Exception as error:  # whatever is wrong here, the other points are still worth knowing
            yield title, Check(STOPS, f"核对时出错：{type(error).__name__}：{error}", "请把这一行告诉维护人员")


def page(told: list[Told]) -> str:
    """All lines, and what follows from them."""
    stopping, others = (sum(check.mark == mark for _, check in told) for mark in (STOPS, TO_KNOW))
    end = (f"有 {stopping} 处要先处理（×），处理后再检查一次。" if stopping else
           "每月任务可以运行。" + (f"有 {others} 处（□）不妨碍运行，知悉即可。" if others else ""))
    return "\n".join([*(check.line(title) for title, check in told), "", end])


def all_well(told: list[Told]) -> bool:
    """Whether nothing stops the month."""
    return all(check.mark != STOPS for _, check in told)
