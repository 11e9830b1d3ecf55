"""The office's own: config.yaml, ledger, mail, and the years whose holidays are known."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.doctor.check import FINE, STOPS, TO_KNOW, Check, Desk

if TYPE_CHECKING:
    from pipeline.city.offices import City
    from pipeline.config import Config
    from pipeline.office import Office

_PATIENCE_SECONDS = 5.0
_HALF_A_YEAR = timedelta(days=184)  # the longest period that is counted ahead


def configuration(desk: Desk) -> Iterator[Check]:
    """It is found, and the loader has nothing against it; its mistakes are told with their lines."""
    from pipeline.city.offices import City
    from pipeline.faults import CannotGoOn

    try:
        found = _desk_of(desk)
    except CannotGoOn as error:
        yield Check(STOPS, str(error), "按上面的行号改正后保存；改对之前什么都不会动")
        return
    if isinstance(found, City):
        yield Check(FINE, f"{found.name}，{len(found.districts)} 个区县的配置文件都能用")
        for office in found.districts:
            yield from _misspelt_units(office.config)
    else:
        config = found.config
        yield Check(FINE, f"{config.district}，{len(config.reporting_units)} 个报送单位，计划 {config.years[0]} 至 {config.years[-1]} 年")
        yield from _misspelt_units(config)


def _misspelt_units(config: Config) -> Iterator[Check]:
    """A member of the leading group may be of no unit; one of nearly a unit would miss what concerns it."""
    for member in config.leading_group:
        near = config.unit_like(member.unit)
        if near and member.unit not in config.unit_order:
            yield Check(TO_KNOW, f"leading_group 中{member.name}的 unit“{member.unit}”不在 units 中",
                        f"是不是“{near}”？写成 units 里的名称，他的邮件才有本单位的一节")


def ledger(desk: Desk) -> Iterator[Check]:
    """It fits its seal, and every hash in it holds; the replay is left to `verify`."""
    offices = _sound(desk)
    if not offices:
        yield Check(TO_KNOW, "没有核对，config.yaml 要先改对")
    for office in offices:
        found = _ledger(office)
        yield found if len(offices) == 1 else replace(found, found=f"{office.config.district}：{found.found}")


def _ledger(office: Office) -> Check:
    from pipeline.ledger.lock import LedgerBusyError
    from pipeline.ledger.opening import alone, database_file
    from pipeline.ledger.server import ServerError
    from pipeline.verification import quickly_verify

    if not office.ledger.is_dir() and database_file(office.config.ledger.url, office.outputs):
        return Check(FINE, "还没有台账，第一次运行时建立")
    try:
        with alone(office.config.ledger.url, office.outputs):
            faults = quickly_verify(office)
    except LedgerBusyError:
        return Check(TO_KNOW, "正在被另一次运行使用，没有核对", "等那一次结束后再检查")
    except ServerError as error:
        return Check(STOPS, str(error), "请数据库服务器的管理员协助")
    if faults:
        return Check(STOPS, "；".join(faults[:-1]), faults[-1].removeprefix("处理办法："))
    return Check(FINE, "封条完好，原件、流水和校验链一致（全部重算用 python run.py verify）")


def mail(desk: Desk) -> Iterator[Check]:
    """The server answers and the password is there; only `send` needs either."""
    offices = _sound(desk)
    if len(offices) > 1:
        yield Check(TO_KNOW, "收信、发信是按区县进行的，没有核对", "加 --district 区县名 再检查一次；每月任务不受影响")
    if len(offices) != 1:
        return
    config = offices[0].config
    from pipeline.mail.account import password, unusable

    if faults := unusable(config):
        yield Check(TO_KNOW, f"还没有配置（示例邮箱和服务器 {len(faults)} 处），每月任务不受影响", "send 之前在 config.yaml 里换成真实的")
        return
    yield _reached(config.smtp.host, config.smtp.port, "SMTP", not config.smtp.user or password(config) is not None)


def mailbox(desk: Desk) -> Iterator[Check]:
    """The same of the server from which `fetch` takes workbooks, where config.yaml has one."""
    offices = _sound(desk)
    if len(offices) != 1 or offices[0].config.imap is None:  # of a city: as told above
        return
    config, imap = offices[0].config, offices[0].config.imap
    from pipeline.mail.account import mailbox_password, unusable_mailbox

    if unusable_mailbox(config):
        yield Check(TO_KNOW, "还没有配置，每月任务不受影响", "fetch 之前在 config.yaml 的 imap 里换成真实的；不用邮箱收表，可以删去那一段")
        return
    yield _reached(imap.host, imap.port, "IMAP", mailbox_password(imap.user) is not None)


def _reached(host: str, port: int, protocol: str, has_password: bool) -> Check:
    place = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), timeout=_PATIENCE_SECONDS):
            pass
    except OSError as error:
        return Check(TO_KNOW, f"连不上 {place}（{error.strerror or error}），每月任务不受影响",
                     f"检查网络和 config.yaml 的 {protocol.lower()}")
    if not has_password:
        return Check(TO_KNOW, f"{place} 可以连接，没有找到密码", f"把密码放进环境变量 {protocol}_PASSWORD 或系统钥匙串")
    return Check(FINE, f"{place} 可以连接")


def holidays(desk: Desk) -> Iterator[Check]:
    """The calendar library knows the years of the deadlines that are counted now."""
    from chinese_calendar import is_workday

    def known(year: int) -> bool:
        try:
            is_workday(date(year, 12, 31))
        except NotImplementedError:
            return False
        return True

    if known(desk.today.year) and known((desk.today + _HALF_A_YEAR).year):
        yield Check(FINE, f"{desk.today.year} 年的放假和调休安排已知")
        return
    year = desk.today.year + known(desk.today.year)
    yield Check(TO_KNOW, f"还不知道 {year} 年的放假和调休安排，落在那一年的期限只避开周末，并标明“暂定”",
                "国务院办公厅公布后（多在上一年 11 月），换用新版程序")


def _desk_of(desk: Desk) -> Office | City:
    from pipeline.desks import desk_of

    return desk_of(desk.config, desk.inputs, desk.outputs, desk.district, "verify")


def _sound(desk: Desk) -> list[Office]:
    """The office, or a city's offices; none where config.yaml has mistakes."""
    from pipeline.city.offices import City
    from pipeline.faults import CannotGoOn

    try:
        found = _desk_of(desk)
    except CannotGoOn:
        return []
    return found.districts if isinstance(found, City) else [found]
