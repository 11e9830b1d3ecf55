"""What lies in inputs/: every file is found once, under a harmless name; what is no file is told and left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.intake import find


def sources(folder: Path) -> list[str]:
    return [file.source for file in find(folder)[0]]


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_files_are_found_in_any_folder_in_a_fixed_order(tmp_path: Path):
    put(tmp_path, "b/2020/练市镇.xlsx", "a.XLSX", "b/a.et", "练市镇")
    assert sources(tmp_path) == ["a.XLSX", "b/2020/练市镇.xlsx", "b/a.et", "练市镇"]


@pytest.mark.parametrize("name", ["~$练市镇.xlsx", ".~练市镇.xlsx", ".~lock.练市镇.xlsx#", "x.tmp", ".hidden", "Thumbs.db", "README.md",
                                  ".git/config", "desktop.ini", "X.TMP"])
def test_what_programs_leave_behind_is_ignored_without_a_word(tmp_path: Path, name: str):
    put(tmp_path, name)
    assert find(tmp_path) == ([], [])


def test_a_missing_folder_has_no_files(tmp_path: Path):
    assert find(tmp_path / "none") == ([], [])


@pytest.mark.parametrize("name", [
    "a\nBcc: x@y.xlsx", "a\r\n\x1b[31mred.xlsx", "\u202excod.xlsx", "a\x00".rstrip("\x00") + "\x07.xlsx", "a\u2028b.xlsx", "a\u200bb.xlsx",
])
def test_names_are_shown_without_control_marks(tmp_path: Path, name: str):
    put(tmp_path, name)
    (shown,) = sources(tmp_path)
    assert shown.isprintable()
    assert "\ufffd" in shown


@pytest.mark.parametrize("name", ["a\\b.xlsx", "..%2fb.xlsx", "-rf.xlsx", "CON.xlsx", "a .xlsx", "=1+1.xlsx", "<b>.xlsx",
                                  "'; DROP TABLE.xlsx", "é" * 120 + ".xlsx"])
def test_strange_but_harmless_names_stay_as_they_are(tmp_path: Path, name: str):
    put(tmp_path, name)
    assert sources(tmp_path) == [name]


def test_bytes_that_are_no_utf8_are_shown_as_such(tmp_path: Path):
    with open(os.fsencode(tmp_path) + b"/\xc1\xb7\xca\xd0.xlsx", "wb") as stream:  # noqa: PTH123 - a name in bytes
        stream.write(b"x")
    assert sources(tmp_path) == ["\ufffd\ufffd\ufffd\ufffd.xlsx"]


def test_names_equal_but_for_case_or_unicode_form_are_two_files(tmp_path: Path):
    put(tmp_path, "A.xlsx", "a.xlsx", "\u00e9.xlsx", "e\u0301.xlsx")
    assert len(sources(tmp_path)) == 4


def test_links_out_of_inputs_pipes_and_broken_links_are_told_and_left_alone(tmp_path: Path):
    inputs, outside = tmp_path / "inputs", tmp_path / "outside"
    put(inputs, "inside.xlsx")
    put(outside, "secret.xlsx")
    (inputs / "link.xlsx").symlink_to(outside / "secret.xlsx")
    (inputs / "folder").symlink_to(outside)
    (inputs / "loop.xlsx").symlink_to(inputs / "loop.xlsx")
    (inputs / "gone.xlsx").symlink_to(inputs / "nowhere.xlsx")
    (inputs / "endless.xlsx").symlink_to("/dev/zero")
    os.mkfifo(inputs / "pipe.xlsx")
    files, oddities = find(inputs)
    assert [file.source for file in files] == ["inside.xlsx"]
    assert [odd.source for odd in oddities] == ["endless.xlsx", "folder", "gone.xlsx", "link.xlsx", "loop.xlsx", "pipe.xlsx"]
    assert all(odd.message for odd in oddities)


def test_a_link_within_inputs_is_a_file(tmp_path: Path):
    put(tmp_path, "a/x.xlsx")
    (tmp_path / "b.xlsx").symlink_to(tmp_path / "a" / "x.xlsx")
    assert sources(tmp_path) == ["a/x.xlsx", "b.xlsx"]
