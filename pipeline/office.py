"""The office's desk: where things are, and the ledger brought up to date by one run."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection

from pipeline import __version__
from pipeline.book import Book
from pipeline.config import Config
from pipeline.files import write_if_changed
from pipeline.judge import STANDS, Judgement, judge
from pipeline.ledger import schema
from pipeline.ledger.bulk import bulk_insert
from pipeline.ledger.claims import decided_states, register
from pipeline.ledger.decisions import judge_new
from pipeline.ledger.originals import keep, name_of
from pipeline.ledger.store import (
    add_submissions,
    begin_run,
    last_run,
    load_book,
    next_number,
    pin,
    replace_derived,
    sha256,
)
from pipeline.reading import Reading, Submission

_AT_ONCE = 200  # files that are entered together
# What is being done, how much of it, and of how much.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Office:
    """The district's configuration and its folders."""

    config: Config
    config_source: bytes  # config.yaml as it stands
    inputs: Path
    outputs: Path

    @cached_property
    def config_sha256(self) -> str:
        """The fingerprint by which the ledger knows a config.yaml."""
        return sha256(self.config_source)

    @property
    def ledger(self) -> Path:
        """The ledger's folder."""
        return self.outputs / "ledger"

    @property
    def configs(self) -> Path:
        """Where every config.yaml by which was judged is kept."""
        return self.ledger / "configs"

    @property
    def originals(self) -> Path:
        """Where every file that came in is kept."""
        return self.ledger / "originals"

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.ledger / "journal.jsonl"


@dataclass(frozen=True)
class Arrival:
    """A new file with what was read from it."""

    source: str
    content: bytes
    reading: Reading


def read_all(
    files: Sequence[tuple[str, bytes]], today: date, config: Config, workers: int, step: Callable[[], None]
) -> list[Arrival]:
    """Every new file, read where config.yaml says, in the order in which they arrive."""
    from pipeline.scale import readings

    arrivals = []
    for (source, content), reading in zip(files, readings(files, today, config, workers), strict=True):
        arrivals.append(Arrival(source, content, reading))
        step()
    return sorted(arrivals, key=lambda arrival: _order(arrival, config))


def _order(arrival: Arrival, config: Config) -> tuple[object, ...]:
    """Month, unit order, 填报日期, file name without its extension (contract.md)."""
    cover = arrival.reading.cover
    name = unicodedata.normalize("NFC", PurePosixPath(arrival.source).stem)
    return (
        str(cover.month or "9999-99"), config.unit_order.get(cover.unit or "", len(config.units)),
        cover.filled_on or date.max, name, arrival.source,
    )


def begin(connection: Connection, office: Office, today: date, *, keep_config: bool) -> int:
    """Enter a run and keep its config.yaml, so that the ledger can be made again by the same; gives its number."""
    if keep_config:
        write_if_changed(office.configs / f"{office.config_sha256}.yaml", office.config_source)
    return begin_run(connection, today, office.config_sha256)


def is_another_run(connection: Connection, office: Office, today: date) -> bool:
    """Whether day, config.yaml or version are others than those by which the ledger was judged last."""
    last = last_run(connection)
    return last is not None and last != (today, office.config_sha256, __version__)


def enter(
    connection: Connection, office: Office, arrivals: Iterable[Arrival], today: date, *, keep_originals: bool
) -> list[Submission]:
    """Put a run's files into the ledger and (but for a dry run) among the originals."""
    run = begin(connection, office, today, keep_config=keep_originals)
    entered = [(_submission(number, arrival, run, today), arrival)
               for number, arrival in enumerate(arrivals, next_number(connection))]
    for first in range(0, len(entered), _AT_ONCE):
        several = entered[first : first + _AT_ONCE]
        if keep_originals:
            for submission, arrival in several:
                keep(office.originals, submission.original, arrival.content)
        add_submissions(connection, [(submission, arrival.reading) for submission, arrival in several])
    return [submission for submission, _ in entered]


def _submission(number: int, arrival: Arrival, run: int, today: date) -> Submission:
    cover = arrival.reading.cover
    return Submission(
        number=number, run=run, arrived_on=today, source=arrival.source, sha256=sha256(arrival.content),
        original=name_of(number, today, cover.month, cover.unit, arrival.source), unit=cover.unit, month=cover.month,
        filled_on=cover.filled_on, nil_return=cover.nil_return, refused=arrival.reading.refused,
    )


def settle(connection: Connection, config: Config, today: date) -> tuple[Book, Judgement]:
    """Number the new claims, follow the new decisions, and write down what stands now."""
    book = numbered(connection, config, today)
    judgement = judge(book, config)
    if decided := _decided(connection, book, judgement, config):
        book = decided
        judgement = judge(book, config)
    states = [
        (claim.number, claim.award, claim.id_number, claim.instalment or claim.level, claim.unit, claim.state,
         claim.amount) for claim in judgement.claims
    ]
    replace_derived(connection, judgement.findings, states)
    return book, judgement


def numbered(connection: Connection, config: Config, today: date) -> Book:
    """The Book in which every claim has its number; the new ones are written down."""
    book = load_book(connection, today)
    new = register(book, config.claim_prefix)
    bulk_insert(connection, schema.claim_rows, [(*origin, number) for origin, number in new.items()])
    return book.learnt(claim_of=book.claim_of | new)


def _decided(connection: Connection, book: Book, judgement: Judgement, config: Config) -> Book | None:
    """The Book with its new decisions; a claim is pinned to the row that its first decision was taken on."""
    claims, decisions = {claim.number: claim for claim in judgement.claims}, judgement.rows["decisions"]
    new = judge_new(book, decisions[decisions["status"] == STANDS], claims, config)
    if not new:
        return None
    bulk_insert(connection, schema.verdicts, [
        (one.submission, one.sheet, one.row, one.claim, one.stage, one.opinion, one.decided_on, one.amount, one.refusal,
         int(one.repeated)) for one in new])
    pinned_by = {one.claim: one.submission for one in reversed(new) if one.refusal is None}
    pins = {number: (claims[number].submission, claims[number].sheet, claims[number].row)
            for number in decided_states(new) if number not in book.pins}
    pin(connection, [(number, *origin, pinned_by[number]) for number, origin in pins.items()])
    return book.learnt(verdicts=[*book.verdicts, *new], pins=book.pins | pins)


def statuses(judgement: Judgement) -> Mapping[int, dict[tuple[str, str], dict[str, int]]]:
    """For each submission and (kind, sheet): how many rows are in which status."""
    counts: dict[int, dict[tuple[str, str], dict[str, int]]] = {}
    for kind, frame in judgement.rows.items():
        sizes = Counter(zip(frame["submission"], frame["sheet"], frame["status"], strict=True))
        for (number, sheet, status), size in sizes.items():
            counts.setdefault(number, {}).setdefault((kind, sheet), {})[status] = size
    return counts
