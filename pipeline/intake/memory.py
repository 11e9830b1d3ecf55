"""What cells were taken as: the same cell of a column is not thought about twice, in whichever workbook it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.config import Config
from pipeline.intake.cells import Taker, taker
from pipeline.intake.text import Raw
from pipeline.reading import Value
from pipeline.sheets import Column

_MOST = 1 << 14  # values of one column; of what is never the same twice nothing needs to be kept for long

# Type and content, because 1, 1.0 and True are the same to a dictionary.
Known = dict[tuple[type, Raw], Value]


@dataclass(frozen=True)
class Memory:
    """For each column how its cells are taken, and the values of cells in which nothing was found or changed."""

    config: Config
    _columns: dict[Column, tuple[Taker, Known]] = field(default_factory=dict)

    def of(self, column: Column) -> tuple[Taker, Known]:
        """How a cell of the column is taken, and what is known of its cells."""
        if column not in self._columns:
            self._columns[column] = taker(column, self.config), {}
        take, known = self._columns[column]
        if len(known) > _MOST:
            known.clear()
        return take, known


_memories: list[Memory] = []


def memory_of(config: Config) -> Memory:
    """The memory for a config.yaml; another config.yaml begins with an empty one."""
    if not _memories or _memories[0].config is not config:
        _memories[:] = [Memory(config)]
    return _memories[0]
