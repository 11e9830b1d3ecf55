"""What one workbook costs: to read, to take in, to keep; on SQLite and PostgreSQL, at home and on a Dask cluster."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import TODAY
from benchmarks.measure import ROOT, Cost, cost
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.intake import find
from pipeline.intake.sandbox import File
from pipeline.places import Scale
from pipeline.scale import readings
from tests.support import cluster, postgres

NEW = 25
_LIMIT = 3600.0
_DURABLE = "shared_buffers = 256MB\nmax_wal_size = 2GB\n"


@dataclass(frozen=True)
class Job:
    """The whole job on one kind of ledger: without a file, the first run, 25 more, and without news; bytes kept for each workbook."""

    empty: Cost
    first: Cost
    further: Cost
    nothing: Cost
    server: float  # CPU seconds of the database server in the first run
    ledger: float
    originals: float


@dataclass(frozen=True)
class Reading:
    """CPU seconds of reading everything: by the readers, by the client, by the scheduler."""

    readers: float
    client: float
    scheduler: float = 0.0


@dataclass(frozen=True)
class Measured:
    """Everything, and of how many workbooks."""

    workbooks: int
    sqlite: Job
    postgres: Job
    local: Reading
    dask: Reading


def measure(folder: Path, workbooks: int) -> Measured:
    """Make the corpus, run everything on it."""
    corpus = folder / f"scale-{workbooks}"
    subprocess.run([sys.executable, "-m", "benchmarks.corpus", str(corpus), "--workbooks", str(workbooks), "--further", str(NEW)],
                   cwd=ROOT, check=True, capture_output=True)
    config = load(corpus / "config.yaml")
    with tempfile.TemporaryDirectory() as desk, postgres.running(_DURABLE) as server:
        sqlite = _job(Path(desk) / "file", corpus, config.ledger.url, None)
        on_server = _job(Path(desk) / "server", corpus, server.database(), server)
    files = [(one.source, one.path.read_bytes()) for one in find(corpus / "inputs")[0]]
    return Measured(workbooks, sqlite, on_server, _read_here(files, config), _read_on_cluster(files, config))


def _job(desk: Path, corpus: Path, url: str, server: postgres.Server | None) -> Job:
    desk.mkdir()
    given = load(corpus / "config.yaml").ledger.url
    (desk / "config.yaml").write_text((corpus / "config.yaml").read_text("utf-8").replace(given, url), "utf-8")
    empty = _run(desk)
    with_nothing = _ledger_bytes(desk, url, server)
    shutil.copytree(corpus / "inputs", desk / "inputs")
    workbooks = sum(path.is_file() for path in (desk / "inputs").rglob("*"))
    before = _server_cpu(server)
    first = _run(desk)
    busy = _server_cpu(server) - before
    ledger, originals = _ledger_bytes(desk, url, server) - with_nothing, _bytes(desk / "outputs/ledger/originals")
    shutil.copytree(corpus / "new", desk / "inputs", dirs_exist_ok=True)
    further = _run(desk)
    return Job(empty, first, further, _run(desk), busy, ledger / workbooks, originals / workbooks)


def _run(desk: Path) -> Cost:
    found = cost([sys.executable, "run.py", "--config", str(desk / "config.yaml"), "--inputs", str(desk / "inputs"),
                  "--outputs", str(desk / "outputs"), "--today", TODAY], _LIMIT)
    if found.failure:
        raise SystemExit(f"a run failed: {found.failure}")
    return found


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _ledger_bytes(desk: Path, url: str, server: postgres.Server | None) -> int:
    if server is None:
        return (desk / "outputs/ledger/ledger.sqlite").stat().st_size
    return int(server.ask(postgres.name_of(url), "select pg_database_size(current_database())")[0][0])


def _server_cpu(server: postgres.Server | None) -> float:
    return _family_cpu(int((server.folder / "data/postmaster.pid").read_text().split()[0])) if server else 0.0


def _read_here(files: list[File], config: Config) -> Reading:
    with _cpu(resource.RUSAGE_SELF) as client, _cpu(resource.RUSAGE_CHILDREN) as readers:
        _read_all(files, config)
    return Reading(readers(), client())


def _read_on_cluster(files: list[File], config: Config) -> Reading:
    with tempfile.TemporaryDirectory() as folder, cluster.running(Path(folder), 2, {}) as machines:
        there = config.model_copy(update={"scale": Scale(where="dask", scheduler=machines.address)})
        _read_all(files[:NEW], there)  # the first batch starts the readers
        processes = [process.pid for process in machines.processes]
        before = [_family_cpu(one) for one in processes]
        with _cpu(resource.RUSAGE_SELF) as client:
            _read_all(files, there)
        spent = [_family_cpu(one) - earlier for one, earlier in zip(processes, before, strict=True)]
    return Reading(sum(spent[1:]), client(), spent[0])


def _read_all(files: list[File], config: Config) -> None:
    if sum(one.refused for one in readings(files, date.fromisoformat(TODAY), config, 1)):
        raise SystemExit("a workbook was refused")


@contextmanager
def _cpu(who: int) -> Iterator[Callable[[], float]]:
    def used() -> float:
        now = resource.getrusage(who)
        return now.ru_utime + now.ru_stime

    before = used()
    spent: list[float] = []
    yield lambda: spent[0]
    spent.append(used() - before)


def _family_cpu(process: int) -> float:
    """CPU seconds of a process, of those that it ended, and of all its descendants."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_family_cpu, cluster.children_of(process)))

