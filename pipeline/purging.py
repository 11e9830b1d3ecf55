"""`purge`: a person's data removed as far as the law on public money allows (PIPL 47; 会计档案管理办法)."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from pipeline import monthly
from pipeline.faults import CannotGoOn
from pipeline.files import take_away
from pipeline.forms import remove_forms
from pipeline.idnumber import compact, fault, mask, upgrade
from pipeline.judge import Judgement
from pipeline.ledger import contents, schema, tombstones
from pipeline.ledger.contents import Contents
from pipeline.ledger.opening import overwrite_what_is_deleted, rewritten
from pipeline.ledger.store import load_book, sha256
from pipeline.monthly import Outcome
from pipeline.office import Office, settle
from pipeline.reading import Submission
from pipeline.report.redacted import redacted_original
from pipeline.safekeeping import at_work, transaction

_ENDED = ("退回", "重复", "不核准")


class PurgeError(CannotGoOn):
    """The person's data cannot be removed; the message says why, in Chinese."""


def number_of(text: str) -> str:
    """The ID number that was typed; raises PurgeError where it is none."""
    number = upgrade(compact(text))
    if wrong := fault(number):
        raise PurgeError(f"身份证号码不对（{wrong}），没有清除任何数据")
    return number


def purge(office: Office, id_number: str, reason: str, today: date) -> tuple[list[Submission], Outcome]:
    """Remove a person from ledger, originals and receipts; gives the submissions that had them.

    Raises PurgeError for an unknown number and for a person whose application is under way or was paid.
    """
    with at_work(office):
        with transaction(office, dry=False) as connection:
            overwrite_what_is_deleted(connection)
            book, judgement = settle(connection, office.config, today)
            _refuse_where_money_is(judgement, id_number)
            affected = _remove(connection, office, id_number, reason, today)
            outcome = monthly.settled(connection, office, today)
        rewritten(office.config.ledger.url, office.outputs)
        for folder in ("backups", "damaged"):  # older copies still have the person
            shutil.rmtree(office.ledger / folder, ignore_errors=True)
        submissions = [book.submissions[number] for number in affected]
        _remove_receipts(office, submissions)
        remove_forms(office, {claim.number for claim in judgement.claims if claim.id_number == id_number})
        return submissions, monthly.published(office, outcome)


def _refuse_where_money_is(judgement: Judgement, id_number: str) -> None:
    held = [claim for claim in judgement.claims if claim.id_number == id_number and claim.state not in _ENDED]
    if held:
        states = "、".join(f"{claim.number}（{claim.state}）" for claim in held)
        raise PurgeError(f"不能清除：{states}正在办理或已经发放。办理中的请先撤回；涉及财政资金发放的，会计凭证须保管30年"
                         "（《会计档案管理办法》第十四条），期满前不得销毁")


def _remove(connection: Connection, office: Office, id_number: str, reason: str, today: date) -> list[int]:
    held = contents.stored(connection)
    affected = sorted(number for number, one in held.items() if _places(one, id_number))
    if not affected:
        raise PurgeError("台账中没有这个身份证号码，没有清除任何数据")
    stone = tombstones.tombstone(id_number, {one.token for one in tombstones.known(connection)})
    known = load_book(connection, today).submissions
    links = {row.number: row.contents for row in connection.execute(schema.submissions.select())}
    purged = {}
    for number in affected:
        kept = tombstones.redacted(held[number], id_number, mask(id_number), stone)
        tombstones.replace_contents(connection, number, kept)
        text, file = tombstones.as_text(kept), _redacted_file(office, known[number], held[number], id_number)
        path = tombstones.place_of(office.ledger, number)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
        path.with_suffix(".redacted").write_bytes(file)  # takes the original's place once the ledger has the purge
        purged[number] = {"contents": sha256(text), "file": sha256(file), "link": links[number]}
    tombstones.record(connection, stone, purged, reason, today)
    return affected


def _places(one: Contents, id_number: str) -> set[tuple[str, int]]:
    """(sheet, row) of each row of a person in one file."""
    found = set()
    for table in schema.ROWS.values():
        if "id_number" in table.columns:
            at = table.columns.keys().index("id_number")
            found |= {(row[1], row[2]) for row in one.get(table, ()) if row[at] == id_number}
    return found


def _redacted_file(office: Office, submission: Submission, one: Contents, id_number: str) -> bytes:
    original = (office.originals / submission.original).read_bytes()
    return redacted_original(original, _places(one, id_number), id_number)


def _remove_receipts(office: Office, submissions: list[Submission]) -> None:
    """Receipts of those files are made anew from the redacted originals, where they are still due."""
    for one in submissions:
        for path in (office.outputs / "receipts" / str(one.month)).glob(f"{one.unit}*.xlsx"):
            take_away(path)


def still_there(office: Office, id_number: str) -> Iterator[Path]:
    """Files beside the ledger that still have the number: the office must decide on them itself."""
    for folder in (office.inputs, office.outputs):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and office.ledger not in path.parents and _has(path, id_number):
                yield path


def _has(path: Path, id_number: str) -> bool:
    content = path.read_bytes()
    wanted = id_number.encode()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return wanted in content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(wanted in archive.read(name) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return False
