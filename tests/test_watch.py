"""`watch`: real files dropped into a real window, alone and together, slowly and while another run is at work."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline import watching
from pipeline.ledger.lock import locked
from pipeline.office import Office
from tests.support.desk import CONFIG, ROOT, award, holder, id_number
from tests.support.workbooks import office, workbook

PATIENCE = 60.0  # seconds; the machine may have other things to do


class Window:
    """A running `watch`, whose lines are read as they come."""

    def __init__(self, desk: Office, *options: str, **variables: str) -> None:
        self.desk = desk
        words = [sys.executable, "-u", str(ROOT / "run.py"), "watch", *options,
                 "--inputs", str(desk.inputs), "--outputs", str(desk.outputs)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | variables)
        self.lines: queue.Queue[str] = queue.Queue()
        self.said = ""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.decode())

    def until(self, text: str) -> str:
        """What was said up to the line with this text."""
        end, heard = time.monotonic() + PATIENCE, ""
        while text not in heard:
            try:
                heard += self.lines.get(timeout=max(0.1, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"never said: {text}\n{self.said}{heard}")
            self.said += heard.splitlines(keepends=True)[-1]
        return heard

    def drop(self, name: str, content: bytes) -> None:
        (self.desk.inputs / name).write_bytes(content)

    def close(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def window(tmp_path: Path, *options: str, **variables: str) -> Iterator[Window]:
    opened = Window(office(tmp_path), *options, **variables)
    try:
        opened.until("按 Ctrl+C 关闭")
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()


def runs(desk: Office) -> int:
    lines = desk.journal.read_text("utf-8").splitlines()
    return sum(json.loads(line.partition(" ")[2])["kind"] == "run" for line in lines)


def test_a_dropped_workbook_is_answered_at_once_and_ctrl_c_ends_with_0(tmp_path: Path):
    with window(tmp_path) as one:
        one.drop("练市镇8月.xlsx", workbook("练市镇", "2020-08", {
            "certificates": [holder(1), holder(2)], "certificate_awards": [award(1), award(2, amount=1000.0)]}))
        said = one.until("回执　")
        assert "练市镇8月.xlsx　练市镇 2020-08　部分退回：读入 4 行，取用 3，退回 1" in said
        assert "退回　证书奖励申请 P3　申请金额为1000元，中级应为2000元；请改正申请金额（I01）" in said
        assert id_number(2) not in said
        receipt = Path(said.splitlines()[-1].removeprefix("  回执　"))
        assert receipt == one.desk.outputs / "receipts" / "2020-08" / "练市镇.xlsx"
        assert receipt.is_file()
        one.drop("练市镇更正.xlsx", workbook("练市镇", "2020-08", {
            "certificates": [holder(1), holder(2)], "certificate_awards": [award(1), award(2)]}, "2020-09-06"))
        assert "已收：读入 4 行" in one.until("练市镇更正.xlsx")
        one.drop("又一份.xlsx", (one.desk.inputs / "练市镇更正.xlsx").read_bytes())
        assert "没有新的" in one.until("又一份.xlsx　与“练市镇更正.xlsx”完全相同")
        assert one.close() == 0
        one.until("收件窗口已关闭")


def test_twenty_files_dropped_together_are_one_run(tmp_path: Path):
    with window(tmp_path) as one:
        for number, unit in enumerate(CONFIG.reporting_units[:20], 1):
            one.drop(f"{unit}.xlsx", workbook(unit, "2020-08", {"certificates": [holder(number)]}))
        one.until("新收 20 份")
        assert runs(one.desk) == 1
        one.until(CONFIG.reporting_units[19])
        assert one.close() == 0


@pytest.mark.parametrize("variables", [{}, {"WATCHFILES_FORCE_POLLING": "1"}], ids=["told by the system", "polling"])
def test_a_workbook_that_is_copied_slowly_is_taken_whole(tmp_path: Path, variables: dict[str, str]):
    content = workbook("善琏镇", "2020-08", {"certificates": [holder(9)]})
    with window(tmp_path, **variables) as one:
        with (one.desk.inputs / "善琏镇.xlsx").open("wb", buffering=0) as copy:
            for start in range(0, len(content), len(content) // 12 + 1):
                copy.write(content[start:start + len(content) // 12 + 1])
                time.sleep(0.2)
        assert "善琏镇.xlsx　善琏镇 2020-08　已收：读入 1 行，取用 1，没有要改的" in one.until("善琏镇.xlsx")
        assert len(list(one.desk.originals.iterdir())) == 1
        assert one.close() == 0


def test_what_lies_there_already_is_taken_in_and_what_is_known_is_not_listed(tmp_path: Path):
    desk = office(tmp_path)
    for number, unit in enumerate(CONFIG.reporting_units[:5], 1):
        (desk.inputs / f"{unit}.xlsx").write_bytes(workbook(unit, "2020-08", {"certificates": [holder(number)]}))
    with window(tmp_path) as one:
        one.until("新收 5 份")
        one.until(CONFIG.reporting_units[4])
        assert one.close() == 0
    with window(tmp_path) as again:
        assert "没有新的" in again.until("5 个文件已经收过，没有变化")
        assert again.close() == 0


def test_a_ledger_in_use_is_waited_for(tmp_path: Path):
    with window(tmp_path) as one:
        one.desk.ledger.mkdir(parents=True)
        with locked(one.desk.ledger):
            one.drop("练市镇.xlsx", workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
            one.until("台账正在被另一次运行使用")
        assert "已收" in one.until("练市镇.xlsx")
        assert one.close() == 0


def test_a_config_that_is_broken_in_the_meantime_ends_with_2_before_anything_is_touched(tmp_path: Path):
    config = tmp_path / "config.yaml"
    config.write_bytes((ROOT / "config.yaml").read_bytes())
    with window(tmp_path, "--config", str(config)) as one:
        config.write_text("due_day: 五", "utf-8")
        one.drop("练市镇.xlsx", workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
        one.until("config.yaml 第")
        assert one.process.wait(PATIENCE) == 2
        assert not one.desk.outputs.exists()


def test_the_first_ctrl_c_waits_for_what_is_being_done_and_the_second_does_not():
    before = signal.getsignal(signal.SIGINT)
    with watching.until_interrupted() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_where_the_system_watches_no_folder_the_clock_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def no_more_watches(*_: object, **__: object) -> Iterator[None]:
        raise OSError(28, "no space left on device: inotify watches")

    monkeypatch.setattr("watchfiles.watch", no_more_watches)
    monkeypatch.setattr(watching, "_LOOK_AGAIN_MS", 10)
    hints, stop = watching._hints(tmp_path, watching.Stop()), watching.Stop()
    assert [next(hints) for _ in range(3)] == [None] * 3
    stop.asked = True
    assert list(watching._hints(tmp_path, stop)) == [None]


def test_a_file_that_another_program_holds_is_waited_for_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "练市镇.xlsx").write_bytes(b"x")
    held = iter([False] * 4 + [True] * 9)
    monkeypatch.setattr(watching, "_BETWEEN_LOOKS_SECONDS", 0.001)
    monkeypatch.setattr(watching, "_LOOKS_BEFORE_A_WORD", 2)
    monkeypatch.setattr(watching, "opens", lambda _: next(held))
    said: list[str] = []
    assert list(watching._at_rest(tmp_path, {}, watching.Stop(), said.append)) == ["练市镇.xlsx"]
    assert said == ["还在复制或正被占用：练市镇.xlsx，等它完成……"]
    monkeypatch.setattr(watching, "opens", lambda _: False)
    assert list(watching._at_rest(tmp_path, {}, watching.Stop(), said.append)) == ["练市镇.xlsx"]
