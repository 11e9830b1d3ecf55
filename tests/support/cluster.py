"""A Dask scheduler and workers as an administrator starts them: processes of their own, on the loopback, under TLS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.desk import ROOT

_HERE = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
_SOON = 60.0


@dataclass
class Cluster:
    """What is running, and what it wrote into its logs."""

    folder: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(json.loads((self.folder / "scheduler.json").read_text())["address"])

    def start(self, *command: str) -> None:
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            self.processes.append(subprocess.Popen(
                [sys.executable, "-m", "dask", *command, *_HERE, "--scheduler-file", self.folder / "scheduler.json"],
                stdout=log, stderr=log, cwd=self.folder, env={**os.environ, **self.environment}))

    def workers(self) -> list[int]:
        """The process of every worker that is running, below its nanny."""
        nannies = {process.pid for process in self.processes}
        return [one for nanny in nannies for one in children_of(nanny) if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]

    def wait_for(self, word: str, times: int = 1) -> None:
        """Until a word stands so often in the logs."""
        until = time.monotonic() + _SOON
        while self.log().count(word) < times:
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def log(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


def children_of(parent: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        found += [int(stat.parent.name)] if int(fields[1]) == parent and fields[0] != "Z" else []
    return found


def tls(folder: Path) -> dict[str, str]:
    """A certificate for all sides, as keys of Dask's configuration."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now()
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(2)).not_valid_after(now + timedelta(2))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256()))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    sides = {f"distributed.comm.tls.{side}.{what}": str(folder / f"{what}.pem")
             for side in ("scheduler", "worker", "client") for what in ("cert", "key")}
    return {**sides, "distributed.comm.tls.ca-file": str(folder / "cert.pem"), "distributed.comm.require-encryption": "True"}


@contextmanager
def running(folder: Path, workers: int, settings: dict[str, str], program: Path = ROOT) -> Iterator[Cluster]:
    """A scheduler and workers of one thread each, looked after by nannies; ended afterwards."""
    variables = {f"DASK_{key.upper().replace('.', '__').replace('-', '_')}": value for key, value in settings.items()}
    cluster = Cluster(folder, {"PYTHONPATH": str(program), "DASK_DISTRIBUTED__WORKER__DAEMON": "False", **variables})
    secure = ["--protocol", "tls"] if settings.get("distributed.comm.tls.ca-file") else []
    try:
        cluster.start("scheduler", "--port", "0", *secure)
        cluster.wait_for("Scheduler at")
        for _ in range(workers):
            cluster.start("worker", "--nthreads", "1", "--local-directory", str(folder), *secure)
        cluster.wait_for("Registered to", workers)
        yield cluster
    finally:
        ends = [*cluster.workers(), *(process.pid for process in cluster.processes)]
        for one in ends:
            os.kill(one, 9)
        for process in cluster.processes:
            process.wait()
