"""Where the ledger is kept, and where workbooks are read: config.yaml's `ledger` and `scale`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.policy import Model


class LedgerPlace(Model):
    """Where the ledger is kept: a file (`{outputs}` stands for the outputs folder) or a PostgreSQL server."""

    url: str


class Scale(Model):
    """Where new workbooks are read: by so many processes of this machine, or on a Dask cluster, so many files a task."""

    where: Literal["local", "dask"] = "local"
    workers: Annotated[int, Field(ge=1)] = 1
    scheduler: str | None = None
    files_a_task: Annotated[int, Field(ge=1)] = 50
