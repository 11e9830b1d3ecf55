"""Real SMTP and IMAP servers, and a quarter's figures made by hand so that every expected number can be read off here."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from pipeline.calendar import Month, Quarter
from pipeline.claim_report import Claim, PayerLine
from pipeline.config import Config, Smtp
from pipeline.config_file import load
from pipeline.idnumber import check_digit
from pipeline.office import Office
from pipeline.quarter_report import MonthlyReturn, QuarterReport, SectorLine, TableCell, Total
from tests.support import dovecot
from tests.support.desk import CONFIG
from tests.support.post import FAULTY, UNITS, AnyPort, PostOffice, paper, receive
from tests.support.workbooks import office

REPOSITORY = Path(__file__).parents[2]
ACTUAL = {
    ("危化冶炼建筑", "中级", 2019): 2,
    ("工矿300人以上", "初级", 2019): 11,
    ("工矿300人以上", "初级", 2020): 4,
    ("工矿300人以上", "中级", 2019): 6,
    ("工矿300人以上", "中级", 2020): 5,
    ("工矿300人以下", "初级", 2019): 4,
    ("工矿300人以下", "中级", 2020): 1,
    ("中介机构", "中级", 2019): 3,
    ("政府部门", "中级", 2019): 2,
    ("政府部门", "中级", 2020): 2,
}
WHOLE_ID = "33050319900101123" + check_digit("33050319900101123")


@pytest.fixture(scope="session")
def config() -> Config:
    return load(REPOSITORY / "config.yaml")


@pytest.fixture(scope="session")
def imap_server() -> Iterator[dovecot.Dovecot]:
    """One real IMAP server for all tests."""
    if dovecot.PROGRAM is None:
        pytest.skip("dovecot is not installed (Debian: dovecot-imapd), so there is no real IMAP server to try against")
    with dovecot.running() as server:
        yield server


@pytest.fixture
def box(imap_server: dovecot.Dovecot, monkeypatch: pytest.MonkeyPatch) -> dovecot.Mailbox:
    """An account of its own there."""
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.certificate))
    return imap_server.account()


@pytest.fixture
def post() -> Iterator[tuple[PostOffice, int]]:
    handler = PostOffice()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    yield handler, controller.port
    controller.stop()


@pytest.fixture
def empty(tmp_path: Path, post: tuple[PostOffice, int]) -> Office:
    """Nothing has come yet."""
    smtp = Smtp(host="127.0.0.1", port=post[1], security="none", sender="office@district.example", retry_seconds=[0])
    return replace(office(tmp_path), config=CONFIG.model_copy(update={"units": UNITS, "smtp": smtp}))


@pytest.fixture(scope="session")
def of_one_unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that has read one workbook with a row that goes back, for every test to copy."""
    folder = tmp_path_factory.mktemp("one")
    receive(office(folder), "八月.xlsx", paper("练市镇", FAULTY))
    return folder


@pytest.fixture
def desk(empty: Office, of_one_unit: Path) -> Office:
    """August's workbook of 练市镇 has come, and a row of it goes back."""
    shutil.copytree(of_one_unit, empty.inputs.parent, dirs_exist_ok=True)
    return empty


@pytest.fixture
def report(config: Config) -> QuarterReport:
    cells = _cells(config)
    return QuarterReport(
        quarter=Quarter(2020, 3),
        today=date(2020, 10, 8),
        as_of=None,
        cells=cells,
        sectors=_sectors(config, cells),
        total=Total(target=100, actual=40, persons=38, introduced=4, registered=30),
        outside={"高级": 1, "其他": 2},
        reconciliation={},
        units=[],
        claims=[_claim()],
        payers=[_payer("练市镇", 3, 1), _payer("南浔镇", 2, 2)],
        measures=[],
        instalments=[],
        findings=[],
        returns=[
            _return("练市镇", 7, "按时", date(2020, 8, 3)),
            _return("双林镇", 7, "迟报", date(2020, 8, 7)),
            _return("千金镇", 8, "未报", None),
            _return("石淙镇", 8, "未报", None),
        ],
        submissions=[],
    )


def _cells(config: Config) -> list[TableCell]:
    targets = config.targets_on(date(2020, 9, 30)).sectors
    return [
        TableCell(sector.layer, sector.name, level, year, targets[sector.name].of(level, year),
                  ACTUAL.get((sector.name, level, year), 0), 0)
        for sector, level, year in product(config.sectors, config.target_levels, config.years)
    ]  # fmt: skip


def _sectors(config: Config, cells: list[TableCell]) -> list[SectorLine]:
    targets = config.targets_on(date(2020, 9, 30)).sectors
    lines = []
    for sector in config.sectors:
        row = targets[sector.name]
        actual = sum(cell.actual for cell in cells if cell.sector == sector.name)
        lines.append(
            SectorLine(sector.layer, sector.name, sector.wording, row.remark, row.suggested,
                       row.demand, 0, row.existing, 0, row.target, actual)
        )  # fmt: skip
    return lines


def _claim() -> Claim:
    return Claim(
        number="NX-2020-0001", award="证书奖励", level="初级", instalment=None, unit="练市镇", month=Month(2020, 8),
        name="示例张三", id_number=WHOLE_ID, employer="示例公司", certificate_number="SL2020330500001",
        applied_on=date(2020, 8, 20), amount=1000, payer="练市镇", state="待初审", awaits="初审", waits_for=None,
        submission=1, sheet="证书奖励申请", row=3,
    )  # fmt: skip


def _payer(payer: str, applied: int, approved: int) -> PayerLine:
    return PayerLine(payer, "证书奖励", 2020, applied, applied * 1000.0, approved, approved * 1000.0, 0, 0.0, 0.0, 0.0, 0.0)


def _return(unit: str, month: int, state: str, arrived: date | None) -> MonthlyReturn:
    return MonthlyReturn(unit, Month(2020, month), date(2020, month + 1, 5), state, arrived, 0)
