"""A fault of the program, told to the office: what happened, that nothing was lost, and what to do."""

from __future__ import annotations

from pathlib import Path

from pipeline.idnumber import masked_text


class CannotGoOn(Exception):
    """Something that a person must settle first; the message says what, in Chinese, `code` is the command's exit code."""

    code = 1


_PAGE = """运行没有完成：{what}

台账没有损坏：本次要记的要么已经全部记入，要么一条没记；inputs/ 里的文件原样未动。排除原因后再运行一次，没写完的会补上。
{advice}
技术细节（给维护人员）写在：{file}"""
_ADVICE = {
    PermissionError: "有文件或文件夹没有写的权限，或正被 Excel、WPS 打开：请关闭后再试。",
    OSError: "磁盘可能已满或不可用：请检查剩余空间。",
    ImportError: "程序包没有装齐：请双击 启动.bat 补装，或运行 python run.py doctor 看缺什么。",
}


def explain_fault(error: Exception, trace: str, folder: Path) -> str:
    """The page for the terminal; the traceback goes into a file, with every ID number masked."""
    file = folder / "运行错误.txt"
    try:
        file.write_text(masked_text(trace), encoding="utf-8")
    except OSError:
        file = Path("（无法写出）")
    return _PAGE.format(what=masked_text(f"{type(error).__name__}：{error}"[:300]), advice=_advice(error), file=file.name)


def _advice(error: Exception) -> str:
    if "disk is full" in str(error):  # said by the database
        return _ADVICE[OSError]
    return next((text for kind, text in _ADVICE.items() if isinstance(error, kind)), "")
