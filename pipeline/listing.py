"""All lists of a quarter, from the judged rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.activity_log import activity_lists
from pipeline.calendar import Quarter
from pipeline.config import Config
from pipeline.duty_lists import duty_lists
from pipeline.examinations import examinations
from pipeline.quarter_lists import QuarterLists
from pipeline.registrations import registrations
from pipeline.supervision import supervision


def quarter_lists(rows: Mapping[str, pd.DataFrame], quarter: Quarter, today: date, config: Config) -> QuarterLists:
    """The quarter's lists, as they stand on its last day or, before it is over, today."""
    return QuarterLists(
        duties=duty_lists(rows, quarter, config),
        supervision=supervision(rows, quarter, config),
        examinations=examinations(rows, quarter, config),
        registrations=registrations(rows, quarter, today, config),
        activities=activity_lists(rows, quarter, today, config))
