"""A desk for the doctor: an office whose first month has been run."""

from __future__ import annotations

import re
import shutil
import socket
from datetime import date
from pathlib import Path

import pytest

from pipeline import monthly
from pipeline.doctor.check import Desk
from pipeline.office import Office
from tests.support.checks import TODAY
from tests.support.desk import ROOT, holder
from tests.support.workbooks import office, workbook


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose first month has been run, for every test to copy."""
    made = office(tmp_path_factory.mktemp("ran"))
    (made.inputs / "练市镇.xlsx").write_bytes(workbook("练市镇", "2020-08", {"certificates": [holder(1)]}))
    monthly.run(made, date(2020, 10, 8), None, False, 1, lambda *_: None)
    return made


@pytest.fixture
def desk(tmp_path: Path, ran: Office) -> Desk:
    for name in ("inputs", "outputs"):
        shutil.copytree(getattr(ran, name), tmp_path / name)
    text = (ROOT / "config.yaml").read_text("utf-8").replace("smtp.nanxun.invalid", "127.0.0.1")
    text = text.replace("imap.nanxun.invalid", "127.0.0.1").replace(".invalid", ".example")
    (tmp_path / "config.yaml").write_text(re.sub("port: (465|993)", f"port: {_refused_port()}", text), "utf-8")
    return Desk(ROOT, tmp_path / "config.yaml", tmp_path / "inputs", tmp_path / "outputs", TODAY)


def _refused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
