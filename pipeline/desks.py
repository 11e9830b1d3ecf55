"""Whose desk a command is for: a district's own, a district's of a city, or the whole city's."""

from __future__ import annotations

from pathlib import Path

from pipeline.city.offices import City, is_city, load_city
from pipeline.config_file import load
from pipeline.faults import CannotGoOn
from pipeline.office import Office

_FOR_ALL = (None, "verify")  # the commands that a city has as a whole


class WrongDeskError(CannotGoOn):
    """The command needs another desk; the message says which there are."""

    code = 2


def desk_of(config: Path, inputs: Path, outputs: Path, district: str | None, command: str | None) -> Office | City:
    """The desk of a config.yaml; raises ConfigError or WrongDeskError before anything is touched."""
    if not is_city(config):
        if district:
            raise WrongDeskError(f"{config.name} 不是全市的配置文件（没有 districts），不能用 --district")
        return office_of(config, inputs, outputs)
    if command == "watch":
        raise WrongDeskError(f"watch 只用于单独运行的区县：各区县的申请要先互相比较才登记，请用 --config {config.name} 运行全市的每月任务")
    city = load_city(config, inputs, outputs)
    names = "、".join(office.config.district for office in city.districts)
    if district is None:
        if command not in _FOR_ALL:
            raise WrongDeskError(f"{command} 是按区县运行的，请用 --district 写明是哪一个：{names}")
        return city
    office = city.district(district)
    if office is None:
        raise WrongDeskError(f"{city.name}没有“{district}”，只有：{names}")
    return office


def office_of(config: Path, inputs: Path, outputs: Path) -> Office:
    """The desk of a district by itself; raises ConfigError."""
    return Office(load(config), config.read_bytes(), inputs, outputs)


def faults_of(desk: Office | City) -> list[str]:
    """What `verify` finds wrong with a ledger, or with a city's ledgers."""
    if isinstance(desk, City):
        from pipeline.city.verification import verify as city_faults

        return city_faults(desk)
    from pipeline.verification import verify

    return verify(desk)


def restored(desk: Office | City) -> list[str]:
    """What `verify --restore` did; a city's ledgers are made again one by one."""
    if isinstance(desk, City):
        raise WrongDeskError("重做台账是按区县进行的，请用 --district 写明是哪一个")
    from pipeline.restoration import restore

    return restore(desk)
