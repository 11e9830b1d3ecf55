"""State = f(originals in order of arrival, journal, config.yaml): the ledger made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from pipeline import __version__
from pipeline.calendar import Month
from pipeline.config import Config
from pipeline.config_file import load
from pipeline.faults import CannotGoOn
from pipeline.findings import Finding, Severity
from pipeline.intake import read
from pipeline.ledger import closings, elsewhere, fetched, outbox, tombstones
from pipeline.ledger.store import add_redacted, add_submissions, begin_run, load_book, sha256, take_over
from pipeline.ledger.withdrawal import withdraw
from pipeline.office import Office, settle
from pipeline.reading import Cover, Reading, Submission


class ReplayError(CannotGoOn):
    """The ledger cannot be made again from what there is; the message says what is missing, in Chinese."""


@dataclass
class Replay:
    """A ledger made again in an empty database, entry by entry.

    Each run is judged by its own day and config.yaml. What another version of the program read and
    decided is taken over from the `stored` ledger, where there is one, and read anew where there is none.
    """

    connection: Connection
    office: Office
    stored: Connection | None = None
    _today: date = date.min
    _config: Config = field(init=False)
    _version: str = ""
    _unsettled: bool = False
    _purged: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._config = self.office.config

    def follow(self, entries: Iterable[dict[str, Any]]) -> None:
        """Do again what the journal tells; raises ReplayError where an original or a config.yaml is missing."""
        entries = list(entries)
        self._purged = tombstones.purged_by(entries)
        for entry in entries:
            if entry["kind"] == "submission":
                self._enter(entry)
            elif entry["kind"] == "elsewhere":  # known before its run was judged
                elsewhere.record(self.connection, entry["city"], elsewhere.rivals_in(entry), date.fromisoformat(entry["day"]))
                self._unsettled = True
            else:
                self._settle()
                self._do(entry)
        self._unsettled = True
        self._settle()

    def _settle(self) -> None:
        if self._unsettled and self._today > date.min:
            settle(self.connection, self._config, self._today)
        self._unsettled = False

    def _do(self, entry: dict[str, Any]) -> None:
        day = date.fromisoformat(entry.get("day") or entry["today"])
        match entry["kind"]:
            case "run":
                self._today, self._version = day, entry.get("version", "")
                self._config = _config_of(self.office, entry)
                begin_run(self.connection, day, entry["config_sha256"], entry.get("version"))
            case "withdrawal":
                known = load_book(self.connection, day).submissions
                withdraw(self.connection, known, entry["submission"], entry["reason"], day)
                self._unsettled = True
            case "purge":
                stone = tombstones.Tombstone(entry["token"], entry["salt"], entry["code"])
                tombstones.record(self.connection, stone, tombstones.purged_by([entry]), entry["reason"], day)
                self._unsettled = True
            case "close":
                closings.record(self.connection, closings.Closing(entry["quarter"], day, entry["last_submission"]))
            case "fetch":
                fetched.record(self.connection, **{key: said for key, said in entry.items() if key not in ("entry", "kind")})
            case "mail":
                keys = ("message_id", "recipient", "quarter", "figures")
                outbox.record(self.connection, {key: entry[key] for key in keys}, entry["state"], entry["detail"], day)

    def _enter(self, entry: dict[str, Any]) -> None:
        self._unsettled = True
        if entry["number"] in self._purged:
            self._enter_redacted(entry, self._purged[entry["number"]])
            return
        if self.stored is not None and self._version != __version__:
            take_over(self.stored, self.connection, entry)
            return
        reading = _refused_then(entry) or self._read_again(entry)
        cover = reading.cover
        add_submissions(self.connection, [(Submission(
            number=entry["number"], run=entry["run"], arrived_on=self._today, source=entry["source"],
            sha256=entry["sha256"], original=entry["original"], unit=cover.unit, month=cover.month,
            filled_on=cover.filled_on, nil_return=cover.nil_return, refused=reading.refused), reading)])

    def _enter_redacted(self, entry: dict[str, Any], hashes: Mapping[str, str]) -> None:
        path = tombstones.place_of(self.office.ledger, entry["number"])
        if not path.is_file() or sha256(text := path.read_bytes()) != hashes["contents"]:
            raise ReplayError(f"清除后留下的记录缺失或被改动：tombstones/{path.name}；请从备份中找回")
        filled_on = date.fromisoformat(entry["filled_on"]) if entry["filled_on"] else None
        add_redacted(self.connection, Submission(
            number=entry["number"], run=entry["run"], arrived_on=self._today, source=entry["source"],
            sha256=entry["sha256"], original=entry["original"], unit=entry["unit"],
            month=Month.parse(entry["month"] or ""), filled_on=filled_on, nil_return=bool(entry["nil_return"]),
            refused=bool(entry["refused"])), tombstones.from_text(text), hashes["link"], entry)

    def _read_again(self, entry: dict[str, Any]) -> Reading:
        path = self.office.originals / entry["original"]
        if not path.is_file():
            raise ReplayError(f"缺少原件 {entry['original']}：请从备份中找回，放进 ledger/originals/")
        return read(path.read_bytes(), entry["source"], self._today, self._config)


def _config_of(office: Office, entry: dict[str, Any]) -> Config:
    """The config.yaml of a run; before 0.3.0 it was not kept, and the present one must do."""
    known = entry["config_sha256"]
    if known == office.config_sha256 or "version" not in entry:
        return office.config
    path = office.configs / f"{known}.yaml"
    if not path.is_file():
        raise ReplayError(f"缺少第 {entry['run']} 次运行时的 config.yaml：请从备份中找回 ledger/configs/{path.name}")
    return load(path)


def _refused_then(entry: dict[str, Any]) -> Reading | None:
    """A file that was refused stays refused, though today's config.yaml might let it pass."""
    if entry["refusal"] is None:
        return None
    filled_on = date.fromisoformat(entry["filled_on"]) if entry["filled_on"] else None
    cover = Cover(entry["unit"], Month.parse(entry["month"] or ""), filled_on, None, bool(entry["nil_return"]))
    found = [Finding(0, "N00", Severity.RETURNED, entry["refusal"])]
    return Reading(cover, findings=found, refused=True, curable=entry["curable"])
