"""What 启动.bat starts: makes the environment where it is missing or old, runs the month, opens the newest quarter's folder.

It runs in whatever Python was found, so it needs the standard library alone; the month runs in the environment.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_QUARTER = re.compile(r"\d{4}Q[1-4]")
_SAID_BY = {
    0: "完成。",
    1: "没有完成，原因见上。处理后再双击一次 启动.bat；还不行，请把上面的话告诉维护人员。",
    2: "没有开始：config.yaml 或命令写错了，行号见上。改好保存，再双击一次 启动.bat。",
}
_NO_ENVIRONMENT = """运行环境没有建起来（{what}）。技术细节写在：{log}
常见原因：
- 没有连上网络，而文件夹里又没有 wheels（离线包）：换用带 wheels 的离线包，或先连上网络；
- 离线包不含这个版本的 Python（{python}）：离线包适用的版本见 docs/windows.md；
- 文件夹的路径太长：把整个文件夹移到路径短的地方，如 D:\\培育计划；
- 磁盘已满，或杀毒软件拦住了写入。"""


class SetUpError(Exception):
    """The environment could not be made; the message says so in Chinese."""


class Environment:
    """The folder .venv with the packages of requirements.txt, made once and again when they change."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        self._stamp = self.folder / "requirements.sha256"

    @property
    def is_ready(self) -> bool:
        """Whether it works here (it may have come from another computer) and has the packages that are pinned now."""
        return self._stamp.is_file() and self._stamp.read_text(encoding="ascii") == self._wanted() and self._works()

    def make(self) -> None:
        """Make or mend it; raises SetUpError, and is not ready then."""
        self._stamp.unlink(missing_ok=True)
        if not self._works():
            self._do("venv", [sys.executable, "-m", "venv", "--clear", str(self.folder)])
        wheels = self.root / "wheels"
        source = ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []
        self._do("pip", [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:",
                         "--require-hashes", *source, "-r", str(self.root / "requirements.txt")])
        self._stamp.write_text(self._wanted(), encoding="ascii")

    def _wanted(self) -> str:
        return hashlib.sha256((self.root / "requirements.txt").read_bytes()).hexdigest()

    def _works(self) -> bool:
        try:
            return subprocess.run([self.python, "-c", "import pip"], capture_output=True, check=False, timeout=120).returncode == 0
        except OSError:
            return False

    def _do(self, what: str, command: Sequence[str]) -> None:
        """Run a command, with a dot for each of its lines; its words go into a file where it fails."""
        lines = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL) as process:
            assert process.stdout
            for line in process.stdout:
                lines.append(line)
                _say(".", end="")
        _say("")
        if process.returncode:
            log = self.root / "安装错误.txt"
            log.write_bytes(b"".join(lines))
            raise SetUpError(_NO_ENVIRONMENT.format(what=f"{what}，退出码 {process.returncode}", log=log.name,
                                                    python=sys.version.split()[0]))


def launch(root: Path, arguments: Sequence[str]) -> int:
    """Run run.py with these arguments in its environment; without any, open what the month wrote. Gives the exit code."""
    environment = Environment(root)
    try:
        if not environment.is_ready:
            _say("第一次使用，或程序已更新：正在准备运行环境，需要一两分钟，请不要关闭窗口。")
            environment.make()
    except SetUpError as error:
        _say(str(error))
        return 1
    code = subprocess.run([environment.python, "-X", "utf8", "run.py", *arguments], cwd=root, check=False).returncode
    if not arguments:
        _say("\n" + _SAID_BY.get(code, _SAID_BY[1]))
        if code == 0:
            _open(newest_quarter(root / "outputs"))
        elif code != 2:
            _say("\n检查这台电脑：")
            subprocess.run([environment.python, "-X", "utf8", "run.py", "doctor"], cwd=root, check=False)
    return code


def newest_quarter(outputs: Path) -> Path:
    """The folder of the newest quarter; that of all results where there is none."""
    quarters = sorted(path for path in outputs.glob("*") if _QUARTER.fullmatch(path.name) and path.is_dir())
    return quarters[-1] if quarters else outputs


def _open(folder: Path) -> None:
    _say(f"结果在 {folder}")
    if sys.platform == "win32":
        os.startfile(folder)  # noqa: S606 - a folder that was just written


def _say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def main(root: Path = ROOT) -> None:
    """The command; Ctrl+C is left to what was started, which ends in its own way."""
    signal.signal(signal.SIGINT, lambda *_: None)
    sys.exit(launch(root, sys.argv[1:]))


if __name__ == "__main__":
    main()
