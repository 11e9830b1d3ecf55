"""Where new workbooks are read: by child processes of this machine, or in batches on a cluster (config.yaml, `scale`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.config import Config
from pipeline.intake.sandbox import File, Readers
from pipeline.reading import Reading


def readings(files: Sequence[File], today: date, config: Config, workers: int) -> Iterator[Reading]:
    """What each file holds, in the order of the files."""
    if config.scale.where == "dask" and files:
        from pipeline.cluster import read_on_cluster

        yield from read_on_cluster(files, today, config)
        return
    with Readers(config, today, min(workers, len(files))) as readers:
        yield from readers.read_all(files)
