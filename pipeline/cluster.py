"""Batches of workbooks read on a Dask cluster, by the same child processes as at home.

What crosses the cluster is sealed: Dask writes keys, tasks and errors into its logs, and the workbooks are of persons.
"""

from __future__ import annotations

import logging
import multiprocessing
import pickle
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.config import Config
from pipeline.faults import CannotGoOn
from pipeline.intake.sandbox import File, Readers
from pipeline.reading import Reading

if TYPE_CHECKING:
    from distributed import Client, Future

# A worker has threads, so that its children must not be forked from it.
_processes = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
_SECONDS_TO_CONNECT = 20
_BATCHES_A_THREAD = 2  # one being read, one waiting; more would only fill memory


class ClusterError(CannotGoOn):
    """The cluster cannot be used or was lost; nothing was stored, and the message says what to look at, in Chinese."""


class Sealed:
    """An object on its way through the cluster: neither its text nor Dask's own pickle shows what is in it."""

    def __init__(self, content: Any) -> None:
        self._content = content

    @classmethod
    def of(cls, thing: object) -> Sealed:
        """The sealed object."""
        return cls(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))

    def opened(self) -> Any:
        """The object again."""
        return pickle.loads(self._content)  # noqa: S301 - from our own program, over the office's own cluster

    def __reduce_ex__(self, protocol: Any) -> tuple[type[Sealed], tuple[Any]]:
        beside = protocol >= 5  # a worker's log shows a pickle that it cannot read, and not what lies beside it
        return Sealed, (pickle.PickleBuffer(self._content) if beside else bytes(self._content),)

    def __sizeof__(self) -> int:
        return len(self._content)


@dataclass(frozen=True)
class _Batch:
    files: Sequence[File]
    today: date
    config: Config


@dataclass(frozen=True)
class _Unread:
    """Why a worker could not read a batch."""

    reason: str


def read_on_cluster(files: Sequence[File], today: date, config: Config) -> Iterator[Reading]:
    """What each file holds, in the order of the files; raises ClusterError where the cluster is lost."""
    size = config.scale.files_a_task
    waiting = deque(_Batch(files[at:at + size], today, config) for at in range(0, len(files), size))
    under_way: deque[tuple[_Batch, Future[Sealed]]] = deque()
    with _connected(str(config.scale.scheduler)) as client:
        while waiting or under_way:
            while waiting and len(under_way) < _room(client):
                batch = waiting.popleft()
                under_way.append((batch, client.submit(read_batch, _program(), Sealed.of(batch), pure=False)))
            yield from _read(*under_way.popleft())


def _program() -> tuple[str, str]:
    """What must be the same on every machine, so that all read alike."""
    return __version__, version("python-calamine")


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("config.yaml 的 scale.where 是 dask，但还没有安装 Dask；请先运行 "
                           "pip install --require-hashes -r requirements-scale.txt") from error
    try:
        return Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise ClusterError(f"连不上 Dask 调度器 {address}，本次没有开始；请检查它是否在运行、config.yaml 的 scale.scheduler 和网络，"
                           "或先把 scale.where 改为 local") from error


def _room(client: Client) -> int:
    """How many batches may be under way."""
    return _BATCHES_A_THREAD * max(1, sum(client.nthreads().values()))  # type: ignore[no-untyped-call]


def _read(batch: _Batch, future: Future[Sealed]) -> list[Reading]:
    """A batch's readings; read here where it had three workers die under it."""
    from distributed import KilledWorker

    try:
        answer = future.result().opened()
    except KilledWorker:
        logging.getLogger(__name__).warning("有一批 %s 个文件接连中断了几个工人进程，改在本机读取", len(batch.files))
        return _read_here(batch)
    except Exception as error:
        raise ClusterError(f"Dask 集群没有读完（{type(error).__name__}），本次什么都没有记入；请检查调度器和各工人进程"
                           "（要装同一版本的程序），再运行一次，或先把 scale.where 改为 local") from None
    if isinstance(answer, _Unread):
        raise ClusterError(f"Dask 的工人进程不能读取：{answer.reason}；本次什么都没有记入")
    return list(answer)


def read_batch(program: tuple[str, str], sealed: Sealed) -> Sealed:
    """On a worker: read a batch; an error is told by its kind alone, because Dask would log its words."""
    try:
        return Sealed.of(_unable(program) or _read_here(sealed.opened()))
    except Exception as error:
        return Sealed.of(_Unread(f"程序出错（{type(error).__name__}）"))


def _unable(program: tuple[str, str]) -> _Unread | None:
    if program != _program():
        return _Unread(f"它的程序是 {_program()[0]} 版，本机是 {program[0]} 版，请装成同一版本（python-calamine 也要相同）")
    if multiprocessing.current_process().daemon:
        return _Unread("它不能再开子进程；请设环境变量 DASK_DISTRIBUTED__WORKER__DAEMON=False 后再启动 dask worker")
    return None


def _read_here(batch: _Batch) -> list[Reading]:
    try:
        return list(_kept.readers_for(batch).read_all(batch.files))
    except BaseException:
        _kept.end()
        raise


class _Kept(threading.local):
    """The child process of one thread, kept from batch to batch, because it takes a second to start."""

    _terms: tuple[date, Config] | None = None
    _readers: Readers | None = None

    def readers_for(self, batch: _Batch) -> Readers:
        """A child that reads by the batch's day and config.yaml."""
        terms = (batch.today, batch.config)
        if self._readers is None or self._terms != terms:
            self.end()
            self._terms, self._readers = terms, Readers(batch.config, batch.today, 1, _processes)
        return self._readers

    def end(self) -> None:
        """Start afresh with the next batch."""
        if self._readers is not None:
            self._readers.__exit__()
        self._readers = None


_kept = _Kept()
