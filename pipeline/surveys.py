"""Which row of 单位摸底 speaks for an establishment (S01: 每年动态更新; D08)."""

from __future__ import annotations

import pandas as pd

from pipeline.config import Config


def newest_surveys(establishments: pd.DataFrame, config: Config) -> pd.DataFrame:
    """The newest row of each `establishment_key`: by 摸底日期, then by the type that takes precedence, then by arrival."""
    known = establishments.dropna(subset=["establishment", "surveyed_on"])
    ordered = known.assign(rank=_ranks(known, config)).sort_values(["surveyed_on", "rank"], kind="stable")
    return ordered.drop(columns="rank").drop_duplicates("establishment_key", keep="last")


def _ranks(establishments: pd.DataFrame, config: Config) -> list[int]:
    """The higher, the sooner the row's type takes precedence."""
    rank = {sector: place for place, sector in enumerate(reversed(config.sector_precedence), 1)}
    return [rank.get(sector or "", 0) for sector in sectors_of(establishments, config)]


def sectors_of(establishments: pd.DataFrame, config: Config) -> list[str | None]:
    """The table row that each survey row's type and headcount belong to, None where they are blank."""
    sized = list(zip(establishments["establishment_type"].tolist(), establishments["headcount"].tolist(), strict=True))
    sectors = {(kind, heads): config.sector_of(kind, heads) for kind, heads in set(sized) if kind and heads is not None}
    return [sectors.get(one) for one in sized]


def engineers_of(establishments: pd.DataFrame, config: Config) -> list[int]:
    """The engineers that the law asks of each survey row's establishment (D01 to D05)."""
    sized = list(zip(*(establishments[name].tolist() for name in ("establishment_type", "headcount", "service_staff")), strict=True))
    engineers = {(kind, heads, staff): config.engineers_of(kind, heads, staff or 0)
                 for kind, heads, staff in set(sized) if kind and heads is not None}
    return [engineers.get(one, 0) for one in sized]
