"""What is known of a person from all sheets together (N05, N13)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from itertools import combinations

import pandas as pd

from pipeline.book import marks, records
from pipeline.idnumber import mask

_COMMON = range(0x4E00, 0xA000)


def add_people_facts(frames: dict[str, pd.DataFrame]) -> None:
    """Add `first_name`, `first_name_where`, `twin`, `twin_where` to every frame of persons, blank where there is none."""
    people = _people(frames)
    _add_first_names(people)
    _add_twins(people)
    for kind, rows in people.groupby("kind"):
        for name in ("first_name", "first_name_where", "twin", "twin_where"):
            frames[str(kind)][name] = rows.set_index("index")[name].reindex(frames[str(kind)].index)


def _people(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    wanted = ["submission", "place", "row", "unit", "month", "name", "id_number", "employer", "phone"]
    parts = [
        frame.reindex(columns=wanted).assign(kind=kind, index=frame.index)
        for kind, frame in frames.items() if {"name", "id_number"} <= set(frame.columns)
    ]
    people = pd.concat(parts, ignore_index=True).astype(object)
    people = people[people["id_number"].notna() & people["name"].notna()]
    people = people.sort_values(["submission", "place"], kind="stable")
    people["where"] = [f"{unit}{month}第{row}行" for unit, month, row in
                       zip(people["unit"], people["month"], people["row"], strict=True)]
    return people


def _add_first_names(people: pd.DataFrame) -> None:
    first = people.groupby("id_number")[["name", "where"]].transform("first")
    same = people["name"] == first["name"]
    same[~same] = marks(people[~same], map(same_name, people.loc[~same, "name"], first.loc[~same, "name"]))
    people["first_name"] = first["name"].mask(same, None)
    people["first_name_where"] = first["where"].mask(same, None)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: spaces and rare characters that not every font has aside."""
    first, second = _bare(one), _bare(other)
    if len(first) != len(second):
        return False
    return all(a == b or _rare(a) or _rare(b) for a, b in zip(first, second, strict=True))


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).replace("•", "·").split()).casefold()


def _rare(character: str) -> bool:
    return (ord(character) not in _COMMON and not character.isascii() and character != "·") or character == "?"


def _add_twins(people: pd.DataFrame) -> None:
    persons = people.drop_duplicates(["name", "id_number"])
    shared = persons.loc[persons.duplicated("name"), "name"].unique()
    twin: dict[int, tuple[str, str]] = {}
    for _, namesakes in people[people["name"].isin(shared)].groupby("name"):
        twin |= _twins_among(namesakes)
    people["twin"] = pd.Series({at: mask(number) for at, (number, _) in twin.items()}, dtype=object).reindex(people.index)
    people["twin_where"] = pd.Series({at: where for at, (_, where) in twin.items()}, dtype=object).reindex(people.index)


def _twins_among(namesakes: pd.DataFrame) -> dict[int, tuple[str, str]]:
    firsts = namesakes.drop_duplicates("id_number")
    found: dict[int, tuple[str, str]] = {}
    known: dict[str, set[str]] = defaultdict(set)
    for row in records(namesakes):
        known[row["id_number"]] |= {value for value in (row["employer"], row["phone"]) if value}
    numbered = list(zip(firsts.index, firsts["id_number"], firsts["where"], strict=True))
    for (_, earlier, where), (at, later, _) in combinations(numbered, 2):
        if differing_places(earlier, later) in (2, 3) and known[earlier] & known[later]:
            found.setdefault(at, (earlier, where))
    return found


def differing_places(one: str, other: str) -> int:
    """In how many places two numbers of one length differ; -1 for different lengths."""
    return sum(a != b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else -1
