"""Contradictions inside config.yaml that no type can see; each is a sentence for the office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from urllib.parse import urlsplit

from pipeline.config import Config, TargetRow, TargetTable

# What Windows does not take as a name: some marks, names of devices, a dot or a space at the end.
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|^$', re.IGNORECASE)

Place = tuple[str | int, ...]  # the keys that lead to a value of config.yaml
Fault = tuple[Place, str]


def contradictions(config: Config) -> list[Fault]:
    """All contradictions found, with the place of each; empty where the file agrees with itself."""
    return [
        *_repeated_names(config),
        *_no_file_names(config),
        *_unknown_units(config),
        *_unknown_sectors(config),
        *_duties(config),
        *_unknown_levels(config),
        *_policies(config),
        *_unordered_versions(config),
        *_machines(config),
        *_mail_folders(config),
        *(fault for number, table in enumerate(config.targets) for fault in _sums(config, table, ("targets", number))),
    ]


def _repeated_names(config: Config) -> Iterator[Fault]:
    lists: dict[str, list[tuple[int, object]]] = {
        "units": [(place, name) for place, unit in enumerate(config.units) for name in (unit.name, *unit.aliases)],
        "sectors": list(enumerate(config.sector_names)),
        "levels": list(enumerate(config.levels)),
        "years": list(enumerate(config.years)),
    }
    for key, names in lists.items():
        seen: set[object] = set()
        for place, name in names:
            if name in seen:
                yield (key, place), f"“{name}”前面已经出现过，应当只有一次"
            seen.add(name)


def _no_file_names(config: Config) -> Iterator[Fault]:
    """Files are named by their unit, also on Windows."""
    for place, unit in enumerate(config.units):
        if _NO_FILE_NAME.search(unit.name):
            yield ("units", place, "name"), f"“{unit.name}”不能用作文件名：不要用 \\ / : * ? \" < > |，也不要以空格或句点结尾"


def _unknown_units(config: Config) -> Iterator[Fault]:
    for key in ("first_review_unit", "office_unit"):
        if getattr(config, key) not in config.unit_order:
            yield (key,), f"“{getattr(config, key)}”不在 units 中"
    for number, policy in enumerate(config.policies):
        for award in ("senior_award", "housing_subsidy"):
            payer = getattr(policy, award).payer
            if payer and payer not in config.unit_order:
                yield ("policies", number, award, "payer"), f"“{payer}”不在 units 中"


def _unknown_sectors(config: Config) -> Iterator[Fault]:
    known = {*config.sector_names, config.other_sector, None}
    for label, kind in config.establishment_types.items():
        for key in ("sector", "sector_below"):
            if getattr(kind, key) not in known:
                yield ("establishment_types", label, key), f"“{getattr(kind, key)}”不在 sectors 中"
    for place, name in enumerate(config.sector_precedence):
        if name not in config.sector_names:
            yield ("sector_precedence", place), f"“{name}”不在 sectors 中"


def _duties(config: Config) -> Iterator[Fault]:
    for label, kind in config.establishment_types.items():
        if (kind.required or kind.required_percent) and kind.duty is None:
            yield ("establishment_types", label), "应配置注册安全工程师的单位类型要写明 duty（按哪条规则判定）"


def _unknown_levels(config: Config) -> Iterator[Fault]:
    for place, level in enumerate(config.target_levels):
        if level not in config.levels:
            yield ("target_levels", place), f"“{level}”不在 levels 中"


def _policies(config: Config) -> Iterator[Fault]:
    for number, policy in enumerate(config.policies):
        here = ("policies", number)
        if unlike := set(policy.certificate_award.amounts) ^ set(config.levels):
            yield (*here, "certificate_award", "amounts"), f"与 levels 不一致：{'、'.join(sorted(unlike))}"
        if unlike := set(policy.company_allowance) ^ set(config.levels):
            yield (*here, "company_allowance"), f"与 levels 不一致：{'、'.join(sorted(unlike))}"
        if policy.talent_award.level not in config.levels:
            yield (*here, "talent_award", "level"), f"“{policy.talent_award.level}”不在 levels 中"
        if len(policy.talent_award.instalments) != len(config.switches.instalment_months):
            yield (*here, "talent_award", "instalments"), "期数与 switches.instalment_months 不一致"
        elif policy.talent_award.insured_months != config.switches.instalment_months[0]:
            yield (*here, "talent_award", "insured_months"), "与 switches.instalment_months 的第一个不一致"


def _unordered_versions(config: Config) -> Iterator[Fault]:
    for key, versions in (("targets", config.targets), ("policies", config.policies)):
        days = [version.valid_from for version in versions]
        if not days:
            yield (key,), "至少要有一个版本"
        for number in range(1, len(days)):
            if days[number] <= days[number - 1]:
                yield (key, number, "valid_from"), "各版本的 valid_from 应当由早到晚且不重复"


def _machines(config: Config) -> Iterator[Fault]:
    """Where the ledger is kept and where workbooks are read."""
    url, scale = config.ledger.url, config.scale
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        yield ("ledger", "url"), "应当以 sqlite:/// 或 postgresql+psycopg:// 开头"
    elif urlsplit(url).password or "password=" in urlsplit(url).query:
        yield ("ledger", "url"), "密码不要写在这里，请删去；放在环境变量 PGPASSWORD、系统钥匙串（服务名 nanxun-ledger）或 ~/.pgpass 里"
    if scale.where == "dask" and not re.fullmatch(r"(tcp|tls)://[^\s/@]+:\d+", scale.scheduler or ""):
        yield ("scale", "scheduler"), "where 是 dask 时，要写调度器的地址，如 tls://10.1.2.3:8786"


def _mail_folders(config: Config) -> Iterator[Fault]:
    """A letter that is moved to where it came from would be new for ever."""
    if config.imap and (config.imap.done_folder or "").upper() == config.imap.folder.upper():
        yield ("imap", "done_folder"), "不能与 folder 相同"


def _sums(config: Config, table: TargetTable, here: Place) -> Iterator[Fault]:
    """The sums of one version of the plan's table: along its rows, then down its columns."""
    if unlike := set(table.sectors) ^ set(config.sector_names):
        yield (*here, "sectors"), f"与 sectors 不一致的行：{'、'.join(sorted(unlike))}"
        return
    places: Mapping[str, Place] = {name: (*here, "sectors", name) for name in table.sectors}
    for name, row in table.sectors.items():
        yield from _row(config, row, places[name])
    yield from _row(config, table.total, (*here, "total"))
    yield from _columns(config, table, (*here, "total"))


def _row(config: Config, row: TargetRow, here: Place) -> Iterator[Fault]:
    for level, by_year in row.by_level.items():
        if level not in config.target_levels:
            yield (*here, "by_level", level), f"级别“{level}”不在 target_levels 中"
        for year in sorted(set(by_year) - set(config.years)):
            yield (*here, "by_level", level, year), f"年度 {year} 不在 years 中"
    parts = [number for by_year in row.by_level.values() for number in by_year.values()]
    if parts and sum(parts) != row.target:
        yield (*here, "target"), f"各级别各年度之和为 {sum(parts)}，预培育数量写的是 {row.target}"


def _columns(config: Config, table: TargetTable, here: Place) -> Iterator[Fault]:
    rows = list(table.sectors.values())
    for key in ("demand", "existing", "target"):
        yield from _column([getattr(row, key) for row in rows], getattr(table.total, key), (*here, key))
    for level, year in product(config.target_levels, config.years):
        cells = [row.of(level, year) for row in rows]
        yield from _column(cells, table.total.of(level, year), (*here, "by_level", level, year))


def _column(parts: Sequence[int | None], total: int | None, place: Place) -> Iterator[Fault]:
    summed = sum(part for part in parts if part is not None)
    if summed != (total or 0):
        yield place, f"各行之和为 {summed}，合计写的是 {total}"
