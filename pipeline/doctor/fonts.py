"""The fonts that documents ask for, and one with Chinese characters for charts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

from pipeline.doctor.check import FINE, TO_KNOW, Check, Desk

# Of GB/T 9704 and templates/look.yaml, each under the names by which systems know it.
_OF_DOCUMENTS = {
    "方正小标宋简体": ("方正小标宋简体", "fzxiaobiaosong-b05s"),
    "仿宋_GB2312": ("仿宋_gb2312", "fangsong_gb2312", "仿宋", "fangsong"),
    "楷体_GB2312": ("楷体_gb2312", "kaiti_gb2312", "楷体", "kaiti"),
    "黑体": ("黑体", "simhei"),
}


def in_documents(_: Desk) -> Iterator[Check]:
    """Where one is missing, Word and WPS put a similar one in its place."""
    here = _installed()
    missing = [font for font, names in _OF_DOCUMENTS.items() if not any(_known(name, here) for name in names)]
    if missing:
        yield Check(TO_KNOW, f"这台电脑没有{'、'.join(missing)}，Word、WPS 会换成相近的字体",
                    "正式印发前，在装有这些字体的电脑上打开再打印")
    else:
        yield Check(FINE, f"{'、'.join(_OF_DOCUMENTS)}都有")


def in_charts(_: Desk) -> Iterator[Check]:
    """Charts are drawn here, where no program puts another font in the place of one that is missing."""
    from pipeline.mail.chart import chinese_font

    if font := chinese_font():
        yield Check(FINE, font)
    else:
        yield Check(TO_KNOW, "没有画图用的中文字体，邮件里不附图", "安装一种中文字体，如黑体或思源黑体（Noto Sans CJK SC）")


def _known(name: str, here: set[str]) -> bool:
    """Whether a font goes by exactly this name, alone or with its kind behind it: SimHei (TrueType)."""
    return any(font == name or font.startswith((f"{name} (", f"{name} &")) or font.endswith(f"& {name}") for font in here)


def _installed() -> set[str]:
    """The names of all fonts here, in small letters."""
    names = _in_registry() if sys.platform == "win32" else _in_fontconfig()
    return {name.strip().lower() for name in names}


def _in_fontconfig() -> list[str]:
    lister = shutil.which("fc-list")
    if lister is None:
        return []
    listed = subprocess.run([lister, ":", "family"], capture_output=True, check=False, timeout=30)  # noqa: S603 - no input
    return listed.stdout.decode("utf-8", "replace").replace("\n", ",").split(",")


def _in_registry() -> list[str]:
    """Of all users and of this one: names like `SimSun & NSimSun (TrueType)`, Chinese where Windows is."""
    names: list[str] = []
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            try:
                with winreg.OpenKey(root, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts") as key:
                    names += [winreg.EnumValue(key, at)[0] for at in range(winreg.QueryInfoKey(key)[1])]
            except OSError:
                continue
    return names
