"""Files are written whole or not at all, and the same content gives the same bytes."""

import io
import signal
import subprocess
import sys
import threading
import time
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.files import same_bytes_each_time, write_atomically, write_if_changed

DAY = datetime(2020, 10, 8)
VERSIONS = [bytes([letter]) * 2_000_000 for letter in b"AB"]
WRITER = """
import sys
from pathlib import Path
from pipeline.files import write_atomically
while True:
    for letter in b"AB":
        write_atomically(Path(sys.argv[1]), bytes([letter]) * 2_000_000)
        print("written", flush=True)
"""


def test_a_file_is_written_with_the_folders_that_it_needs(tmp_path):
    path = tmp_path / "2020Q3" / "mail" / "季度进度表.xlsx"
    assert write_atomically(path, b"whole") == path
    assert path.read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "report.xlsx"
    write_atomically(path, VERSIONS[0])
    writer = threading.Thread(target=lambda: [write_atomically(path, VERSIONS[turn % 2]) for turn in range(20)])
    writer.start()
    while writer.is_alive():
        assert path.read_bytes() in VERSIONS
    writer.join()


def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path):
    path = tmp_path / "report.xlsx"
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(0.05)
        writer.send_signal(signal.SIGKILL)
    assert path.read_bytes() in VERSIONS
    assert write_atomically(path, b"next") == path
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report.xlsx"
    write_atomically(path, b"old")
    monkeypatch.setattr("os.fsync", _disk_full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def _disk_full(_descriptor):
    raise OSError(28, "no space left")


def test_a_file_that_is_open_in_excel_gets_a_numbered_sibling(tmp_path, monkeypatch):
    path = tmp_path / "季度进度表_2020Q3.xlsx"
    path.write_bytes(b"open in Excel")
    _lock(monkeypatch, {path, tmp_path / "季度进度表_2020Q3_2.xlsx"})
    written = write_atomically(path, b"new")
    assert written == tmp_path / "季度进度表_2020Q3_3.xlsx"
    assert (path.read_bytes(), written.read_bytes()) == (b"open in Excel", b"new")


def test_a_folder_that_admits_no_file_is_an_error_in_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", _refuse)
    with pytest.raises(PermissionError):
        write_atomically(tmp_path / "report.xlsx", b"new")


def _lock(monkeypatch, locked):
    """As Windows does: no file can be renamed onto one that is open."""
    rename = Path.replace
    monkeypatch.setattr(Path, "replace", lambda old, new: _refuse() if new in locked else rename(old, new))


def _refuse(*_):
    raise PermissionError(13, "in use")


def test_an_equal_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "receipt.xlsx"
    write_if_changed(path, b"same")
    before = path.stat()
    assert write_if_changed(path, b"same") == path
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    write_if_changed(path, b"other")
    assert path.read_bytes() == b"other"


def _zip(year: int) -> bytes:
    """A workbook's parts, saved on a day of that year."""
    saved = f"<dcterms:modified xsi:type='dcterms:W3CDTF'>{year}-05-17T08:30:12Z</dcterms:modified>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (("xl/workbook.xml", "<workbook/>"), ("docProps/core.xml", saved), ("a.txt", "text")):
            archive.writestr(zipfile.ZipInfo(name, (year, 5, 17, 8, 30, 12)), content)
    return stream.getvalue()


def test_the_same_content_saved_at_another_time_gives_the_same_bytes():
    assert _zip(2020) != _zip(2021)
    assert same_bytes_each_time(_zip(2020), DAY) == same_bytes_each_time(_zip(2021), DAY)


def test_the_content_and_its_order_stay():
    with zipfile.ZipFile(io.BytesIO(same_bytes_each_time(_zip(2020), DAY))) as archive:
        assert archive.namelist() == ["xl/workbook.xml", "docProps/core.xml", "a.txt"]
        assert archive.read("a.txt") == b"text"


def test_a_workbook_is_still_a_workbook_and_says_the_given_day():
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.save(stream)
    again = openpyxl.load_workbook(io.BytesIO(same_bytes_each_time(stream.getvalue(), DAY)))
    assert again.active["A1"].value == "姓名"
    assert again.properties.modified.replace(tzinfo=None) == DAY
