"""The city's config.yaml: which districts it has, and where each of them works."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field
from sqlalchemy.engine import make_url

from pipeline.config import Config
from pipeline.config_checks import Fault
from pipeline.config_file import ConfigError, load, read
from pipeline.ledger import server
from pipeline.office import Office
from pipeline.places import LedgerPlace
from pipeline.policy import Model

_MARK = re.compile(r"^districts\s*:", re.MULTILINE)
_FOLDER = re.compile(r'[^\\/:*?"<>|.\s][^\\/:*?"<>|]*')
_PLACE = "sqlite:///{outputs}/ledger/ledger.sqlite"


class CityFile(Model):
    """The whole of a city's config.yaml."""

    name: Annotated[str, Field(min_length=1)]
    office: Annotated[str, Field(min_length=1)]
    districts: Annotated[list[str], Field(min_length=1)]
    ledger: LedgerPlace = LedgerPlace(url=_PLACE)


@dataclass(frozen=True)
class City:
    """The city's office and its districts' desks, in the order of its config.yaml."""

    name: str
    office: str
    districts: list[Office]
    outputs: Path

    @property
    def ledger(self) -> Path:
        """The folder whose lock is the whole city's."""
        return self.outputs / "ledger"

    def district(self, name: str) -> Office | None:
        """The desk of one district."""
        return next((one for one in self.districts if one.config.district == name), None)


def is_city(path: Path) -> bool:
    """Whether a config.yaml lists districts; what cannot be read is no city's."""
    try:
        return bool(_MARK.search(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError):
        return False


def load_city(path: Path, inputs: Path, outputs: Path) -> City:
    """The city with all its districts; raises ConfigError for every fault of any of the files, before anything is touched."""
    file = read(path, CityFile, _contradictions)
    configs: list[tuple[Path, Config]] = []
    faults: list[str] = []
    for listed in file.districts:
        try:
            configs.append((path.parent / listed, load(path.parent / listed, listed)))
        except ConfigError as error:
            faults.append(str(error))
    faults += _shared(path.name, [config for _, config in configs])
    if faults:
        raise ConfigError("\n".join(faults))
    return City(file.name, file.office, [
        Office(config.model_copy(update={"ledger": _ledger_of(file.ledger.url, config)}), place.read_bytes(),
               inputs / config.district, outputs / config.district)
        for place, config in configs], outputs)


def _contradictions(file: CityFile) -> list[Fault]:
    twice = [(("districts", at), f"“{one}”前面已经列过") for at, one in enumerate(file.districts) if one in file.districts[:at]]
    url = make_url(file.ledger.url)
    if url.get_backend_name() == "sqlite" and "{outputs}" not in file.ledger.url:
        return [*twice, (("ledger", "url"), f"各区县的台账文件不能是同一个，请照“{_PLACE}”写")]
    return list(twice)


def _shared(name: str, configs: list[Config]) -> Iterator[str]:
    """What must tell districts apart: the name, which is a folder's too, and the prefix of claim numbers."""
    for label, values in (("区县名称（district）", [config.district for config in configs]),
                          ("编号前缀（claim_prefix）", [config.claim_prefix for config in configs])):
        for value, number in Counter(values).items():
            if number > 1:
                yield f"{name}：有 {number} 个区县的{label}同为“{value}”，请各用各的"
    for config in configs:
        if not _FOLDER.fullmatch(config.district) or config.district == "ledger":
            yield f"{name}：区县名称“{config.district}”不能作文件夹名，请改写"


def make_schemas(city: City) -> None:
    """On a server, the schema that each district's ledger is to have."""
    for office in city.districts:
        url = office.config.ledger.url
        if make_url(url).get_backend_name() != "sqlite":
            engine = server.engine_of(url)
            with engine.begin() as connection:
                connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{_schema(office.config)}"')
            engine.dispose()


def _schema(config: Config) -> str:
    return config.claim_prefix.lower()


def _ledger_of(url: str, config: Config) -> LedgerPlace:
    """Each district's part of the one ledger: a file of its own, or on a server a schema named by its prefix."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return LedgerPlace(url=url)
    parts = parsed.update_query_dict({"options": f"-csearch_path={_schema(config)}"})
    return LedgerPlace(url=parts.render_as_string(hide_password=False))
