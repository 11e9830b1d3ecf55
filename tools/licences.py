"""The licences of all that is installed to run: `python -m tools.licences` writes docs/licences.md."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from tools.pins import Pin, pins

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"

# Where a distribution is not installed on every platform, or its own words leave open which licence they mean.
STATED = {
    "backports-tarfile": "MIT",
    "colorama": "BSD-3-Clause",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "jinja2": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "lazy-importer": "Apache-2.0",
    "matplotlib": "PSF-2.0",
    "olefile": "BSD-2-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "partd": "BSD-3-Clause",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "sortedcontainers": "Apache-2.0",
    "toolz": "BSD-3-Clause",
    "zict": "BSD-3-Clause",
    "zipp": "MIT",
}
_BY_CLASSIFIER = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
}
_PURPOSES = {
    "alembic": "台账随程序升级",
    "chinesecalendar": "工作日和调休",
    "css-inline": "邮件的样式写进正文",
    "docxtpl": "写通报和申请表",
    "jinja2": "邮件和网页的正文",
    "keyring": "邮箱密码存放在系统钥匙串",
    "matplotlib": "邮件里的图",
    "msoffcrypto-tool": "识别和打开有密码的工作簿",
    "openpyxl": "写回执，并作第二个读取程序",
    "pandas": "按表成批核对",
    "pyarrow": "写 Parquet",
    "pydantic": "核对 config.yaml",
    "python-calamine": "读工作簿",
    "python-dateutil": "按月、按年推算期限",
    "python-stdnum": "核对统一社会信用代码，行政区划表",
    "rich": "屏幕上的进度和小结",
    "ruamel-yaml": "读 config.yaml，报出错行号",
    "sqlalchemy": "读写台账",
    "typer": "命令行",
    "watchfiles": "看着 inputs/ 里放进来的文件",
    "xlsxwriter": "写填报表、审核表、季度进度表和各类名单",
}
_HEADING = """# 所用软件的许可证

运行本程序所安装的全部软件，版本与 `requirements.txt` 一致。本页由 `python -m tools.licences` 写成，不要手工改动；
允许哪些许可证，见 `tests/test_supply.py`。这些软件由使用者从软件库安装；Windows 离线包的 `wheels/` 里是软件库的原件，一字未改，
各自的许可证在各个 .whl 里（LGPL 的几个只有源代码，就在其中）。
python-calamine、css-inline、pydantic-core、cryptography 含编译好的部件，清单在各自安装文件夹的 `sboms/` 里；
其中 css-inline 有四个部件用 MPL-2.0。

| 软件 | 版本 | 许可证 | 用途 |
|---|---|---|---|
"""


def licence(name: str) -> str:
    """The SPDX expression for a distribution; raises PackageNotFoundError where it is neither stated nor installed."""
    return STATED.get(name) or told_by_metadata(name) or "?"


def told_by_metadata(name: str) -> str | None:
    """The SPDX expression that an installed distribution states itself, if it does."""
    told = metadata.metadata(name)
    expression = told.get_all("License-Expression", [])
    classified = [_BY_CLASSIFIER[one] for one in told.get_all("Classifier", []) if one in _BY_CLASSIFIER]
    names = [one for one in told.get_all("License", []) if "\n" not in one]  # not the licence's whole text
    return next(iter([*expression, *classified, *names]), None)


def page() -> str:
    """The whole of docs/licences.md."""
    return _HEADING + "".join(_line(name, pin) for name, pin in pins(ROOT / "requirements.txt").items())


def _line(name: str, pin: Pin) -> str:
    purpose = _PURPOSES.get(name) or f"由 {'、'.join(pin.brought_by)} 带入"
    return f"| {name} | {pin.version} | {licence(name)} | {purpose} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
