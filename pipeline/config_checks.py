"""Contradictions inside config.yaml that no type can see; each is a sentence for the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.config import Config, TargetRow, TargetTable


def contradictions(config: Config) -> list[str]:
    """All contradictions found, empty where the file agrees with itself."""
    return [
        *_repeated_names(config),
        *_unknown_names(config),
        *_unordered_versions(config),
        *(text for table in config.targets for text in _sums(config, table)),
    ]


def _repeated_names(config: Config) -> Iterator[str]:
    spellings = [name for unit in config.units for name in (unit.name, *unit.aliases)]
    groups = {"units": spellings, "sectors": config.sector_names, "levels": config.levels}
    for key, names in groups.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{key}：“{name}”出现了 {times} 次，应当只有一次"


def _unknown_names(config: Config) -> Iterator[str]:
    sectors = {*config.sector_names, config.other_sector}
    units = set(config.unit_order)
    for key, name in (("first_review_unit", config.first_review_unit), ("office_unit", config.office_unit)):
        if name not in units:
            yield f"{key}：“{name}”不在 units 中"
    for level in config.target_levels:
        if level not in config.levels:
            yield f"target_levels：“{level}”不在 levels 中"
    for label, kind in config.establishment_types.items():
        for sector in filter(None, (kind.sector, kind.sector_below)):
            if sector not in sectors:
                yield f"establishment_types：“{label}”的“{sector}”不在 sectors 中"
    for policy in config.policies:
        named = {*policy.certificate_award.amounts, policy.talent_award.level}
        for level in sorted(named - set(config.levels)):
            yield f"policies：“{level}”不在 levels 中"
        if len(policy.talent_award.instalments) != len(config.switches.instalment_months):
            yield "switches.instalment_months：期数与 talent_award.instalments 不一致"


def _unordered_versions(config: Config) -> Iterator[str]:
    for key, versions in (("targets", config.targets), ("policies", config.policies)):
        days = [version.valid_from for version in versions]
        if not days:
            yield f"{key}：至少要有一个版本"
        elif days != sorted(set(days)):
            yield f"{key}：valid_from 应当由早到晚且不重复"


def _sums(config: Config, table: TargetTable) -> Iterator[str]:
    if unknown := set(table.sectors) ^ set(config.sector_names):
        yield f"targets：与 sectors 不一致的行：{'、'.join(sorted(unknown))}"
        return
    yield from _row_sums(config, table)
    rows = list(table.sectors.values())
    for name in ("demand", "existing", "target"):
        if text := _differs(name, [getattr(row, name) for row in rows], getattr(table.total, name)):
            yield text
    for level, year in product(config.target_levels, config.years):
        parts = [row.of(level, year) for row in rows]
        if text := _differs(f"{level} {year}年", parts, table.total.of(level, year)):
            yield text


def _row_sums(config: Config, table: TargetTable) -> Iterator[str]:
    for name, row in {**table.sectors, "total": table.total}.items():
        yield from _foreign_cells(config, name, row)
        parts = [number for by_year in row.by_level.values() for number in by_year.values()]
        if parts and sum(parts) != row.target:
            yield f"targets：“{name}”各级别各年度之和为 {sum(parts)}，三年预培育数量写的是 {row.target}"


def _foreign_cells(config: Config, name: str, row: TargetRow) -> Iterator[str]:
    for level, by_year in row.by_level.items():
        if level not in config.target_levels:
            yield f"targets：“{name}”的级别“{level}”不在 target_levels 中"
        for year in sorted(set(by_year) - set(config.years)):
            yield f"targets：“{name}”的年度 {year} 不在 years 中"


def _differs(name: str, parts: list[int | None], total: int | None) -> str | None:
    summed = sum(part for part in parts if part is not None)
    if summed == (total or 0):
        return None
    return f"targets：{name} 各行之和为 {summed}，合计写的是 {total}"
