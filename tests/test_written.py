"""A paper is made again where its facts, its basis or somebody's hand have changed it, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.written import Written, _templates


@pytest.fixture
def made() -> list[str]:
    return []


def write(outputs: Path, made: list[str], facts: str, basis: str = "config") -> bytes:
    memory = Written(outputs / "ledger" / "written.json", basis)

    def make() -> bytes:
        made.append(facts)
        return facts.encode()

    path = memory.paper(outputs / "2020Q3" / "paper", facts, make)
    memory.keep()
    return path.read_bytes()


def test_the_same_facts_are_not_written_twice(tmp_path: Path, made: list[str]):
    assert [write(tmp_path, made, "one"), write(tmp_path, made, "one")] == [b"one", b"one"]
    assert made == ["one"]


@pytest.mark.parametrize(("name", "times"), [("mail.txt.j2", 2), ("~$通报.docx", 1)])
def test_a_template_that_the_office_changed_makes_it_anew_and_what_word_puts_beside_an_open_one_does_not(
    tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch, name: str, times: int
):
    templates = tmp_path / "templates"
    (templates / "旧版").mkdir(parents=True)
    monkeypatch.setattr("pipeline.written.TEMPLATES", templates)
    for words in (b"first", b"second"):
        (templates / name).write_bytes(words)
        _templates.cache_clear()
        write(tmp_path / "outputs", made, "one")
    _templates.cache_clear()
    assert made == ["one"] * times


def test_other_facts_and_another_config_make_it_anew(tmp_path: Path, made: list[str]):
    write(tmp_path, made, "one")
    assert write(tmp_path, made, "two") == b"two"
    write(tmp_path, made, "two", basis="another")
    assert made == ["one", "two", "two"]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"by hand")])
def test_a_paper_that_is_gone_or_was_changed_by_hand_is_made_anew(tmp_path: Path, made: list[str], spoil):
    write(tmp_path, made, "one")
    spoil(tmp_path / "2020Q3" / "paper")
    assert write(tmp_path, made, "one") == b"one"
    assert made == ["one", "one"]
