"""The city's monthly job: every district's new files in, claims compared, every district judged, the sum of all.

All ledgers are open until it is known who claims the same elsewhere, so that no decision is taken on a claim that
another district's precedes. Each district commits by itself: what a kill leaves undone is done by the next run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from pipeline import monthly
from pipeline.calendar import Month, Quarter
from pipeline.change_lines import Changes
from pipeline.city.contest import Contender, contenders, pairs, rivals
from pipeline.city.counting import (
    Counted,
    cells_of,
    counted_in,
    deductions,
    outside_of,
    persons,
    reconcile,
    sectors_of,
)
from pipeline.city.offices import City
from pipeline.city_report import CityReport, Place, RepeatedClaim
from pipeline.claim_report import Claim
from pipeline.faults import CannotGoOn
from pipeline.files import remove_half_written, write_if_changed
from pipeline.idnumber import mask
from pipeline.judge import judge
from pipeline.ledger import elsewhere
from pipeline.ledger.lock import locked
from pipeline.monthly import Intake, Outcome
from pipeline.office import Office, Progress, begin, numbered
from pipeline.quarter_lists import QuarterLists
from pipeline.quarter_report import FileCounts, QuarterReport
from pipeline.report.city_workbook import city_workbook
from pipeline.safekeeping import at_work, back_up_before, to_read, transaction
