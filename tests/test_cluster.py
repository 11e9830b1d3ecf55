"""Workbooks read on a real Dask cluster: the same figures, whoever is killed, and no person in any log."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dask
import distributed  # noqa: F401 - its part of Dask's configuration
import pytest

from pipeline import cluster as our_side
from pipeline import monthly
from pipeline.cluster import ClusterError, read_on_cluster
from pipeline.machine import as_json
from pipeline.office import Office
from pipeline.places import Scale
from pipeline.scale import readings
from tests.support.cluster import Cluster, children_of, running, tls
from tests.support.databases import ledger_rows
from tests.support.desk import CONFIG, award, holder, id_number
from tests.support.workbooks import office, workbook

TODAY = date(2020, 10, 8)
PERSON = holder(1, name="欧阳锦绣")
CSV = "姓名,身份证号码\n欧阳锦绣," + id_number(1) + "\n"
# What a log may not hold, as text and as Python shows bytes.
PERSONAL = [word for text in ("欧阳锦绣", id_number(1), "练市镇", "双林镇", "13800000001") for word in (text, repr(text.encode())[2:-1])]

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="processes are looked at in /proc, on Linux alone")


def month_of_files() -> dict[str, bytes]:
    files = {f"练市镇{at}.xlsx": workbook("练市镇", f"2019-{at:02d}", {"certificates": [holder(at), PERSON]}) for at in range(1, 13)}
    return {**files, "双林镇.xlsx": workbook("双林镇", "2020-08", {
        "certificates": [PERSON], "certificate_awards": [award(1, name="欧阳锦绣"), award(2, amount=1.0)]}),
        "0/练市镇_2020-08_持证人员.csv": CSV.encode(), "坏的.xlsx": b"PK\x03\x04 not a workbook"}


def on(cluster: Cluster | str, desk: Office, files_a_task: int = 2) -> Office:
    address = cluster if isinstance(cluster, str) else cluster.address
    return replace(desk, config=desk.config.model_copy(update={
        "scale": Scale(where="dask", scheduler=address, files_a_task=files_a_task)}))


def office_with_files(folder: Path) -> Office:
    desk = office(folder)
    for name, content in month_of_files().items():
        path = desk.inputs / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return desk


def run(desk: Office, progress: Any = lambda *_: None) -> dict:
    return json.loads(as_json(monthly.run(desk, TODAY, None, False, 1, progress).report, []))


def silent(*logs: str) -> bool:
    return not [word for word in PERSONAL for log in logs if word in log]


@pytest.fixture
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    settings = tls(folder)
    with dask.config.set(settings), running(folder, 2, settings) as cluster:
        yield cluster


def test_a_worker_killed_in_mid_run_changes_no_figure_and_no_log_names_a_person(encrypted: Cluster, tmp_path: Path, caplog):
    here = office_with_files(tmp_path / "here")
    there = on(encrypted, office_with_files(tmp_path / "there"))
    victims: list[int] = []

    def kill_one(stage: str, *_: int) -> None:
        if stage == "读取工作簿" and not victims:
            victims.append(encrypted.workers()[0])
            os.kill(victims[0], signal.SIGKILL)

    assert run(there, kill_one) == run(here)
    assert ledger_rows(there) == ledger_rows(here)
    encrypted.wait_for("was killed by signal 9")
    assert encrypted.address.startswith("tls://")
    assert silent(encrypted.log(), caplog.text)

    other = Office(there.config, there.config_source, there.inputs, tmp_path / "other")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(our_side, "__version__", "9.9")
        with pytest.raises(ClusterError, match=r"本机是 9.9 版，请装成同一版本"):
            run(other)
    assert not (other.outputs / "ledger" / "originals").exists()


def test_a_batch_under_which_workers_die_again_and_again_is_read_here(tmp_path: Path, caplog):
    files = list(month_of_files().items())
    with running(tmp_path, 1, {"distributed.scheduler.allowed-failures": "0"}) as cluster:
        config = on(cluster, office(tmp_path), 100).config
        (worker,) = cluster.workers()

        def kill_at_work() -> None:
            while not children_of(worker):  # what starts its reading child
                time.sleep(0.01)
            os.kill(worker, signal.SIGKILL)

        killer = threading.Thread(target=kill_at_work)
        killer.start()
        got = list(read_on_cluster(files, TODAY, config))
        killer.join()
        assert got == list(readings(files, TODAY, CONFIG, 1))
        assert "改在本机读取" in caplog.text
        assert silent(cluster.log(), caplog.text)

        os.kill(cluster.processes[0].pid, signal.SIGKILL)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(our_side, "_SECONDS_TO_CONNECT", 1)
            with pytest.raises(ClusterError, match="连不上 Dask 调度器"):
                list(read_on_cluster(files, TODAY, config))


def test_workers_without_the_program_are_told_and_log_nothing_of_what_they_cannot_read(tmp_path: Path, caplog):
    with running(tmp_path, 1, {}, program=tmp_path) as cluster:
        desk = on(cluster, office_with_files(tmp_path))
        with pytest.raises(ClusterError, match="同一版本的程序"):
            run(desk)
        assert "pipeline" in cluster.log()
        assert silent(cluster.log(), caplog.text)
    assert not (desk.outputs / "ledger" / "originals").exists()


def test_a_worker_that_may_have_no_children_is_told_the_remedy():
    answers, end = multiprocessing.Pipe()
    batch = our_side.Sealed.of(our_side._Batch(list(month_of_files().items()), TODAY, CONFIG))
    child = multiprocessing.get_context("fork").Process(
        target=lambda: end.send(our_side.read_batch(our_side._program(), batch).opened().reason), daemon=True)
    child.start()
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in answers.recv()
    child.join()


def test_an_error_on_a_worker_is_told_by_its_kind_alone():
    answer = our_side.read_batch(our_side._program(), our_side.Sealed(b"no pickle"))
    assert answer.opened().reason == "程序出错（UnpicklingError）"
    assert "欧阳锦绣" not in repr(our_side.Sealed.of("欧阳锦绣"))


def test_without_dask_the_command_that_installs_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install --require-hashes -r requirements-scale.txt"):
        run(on("tcp://127.0.0.1:1", office_with_files(tmp_path)))


def test_nothing_new_needs_no_cluster(tmp_path: Path):
    assert list(readings([], TODAY, on("tcp://127.0.0.1:1", office(tmp_path)).config, 1)) == []
