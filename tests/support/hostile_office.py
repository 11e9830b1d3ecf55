"""An office that was attacked wherever a file can hold text, and went on with its month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline import monthly, signing
from pipeline.calendar import Month, Quarter
from pipeline.forms import write_forms
from pipeline.handbook import write_handbook
from pipeline.office import Office
from pipeline.report.templates import write_templates
from tests.support.attacks import ATTACKS, armed, mark
from tests.support.desk import decision
from tests.support.hostile import as_csv, hostile_sheets, registers, texts_everywhere, unknown_units
from tests.support.month import drop, run
from tests.support.workbooks import office, workbook


def hostile_office(folder: Path) -> Office:
    """An office that got all of them, decided on what could be decided, and wrote every kind of output."""
    made = office(folder)
    drop(made, {"练市镇.xlsx": texts_everywhere(), "双林镇.xlsx": hostile_sheets(), "登记.xlsx": registers(),
                "善琏镇_2020-08_持证人员.csv": as_csv(), **unknown_units()})
    outcome = run(made, date(2020, 9, 21))
    outcome = _decide(made, outcome, "区应急管理局", "初审", date(2020, 9, 24))
    outcome = _decide(made, outcome, "区安委办", "复审", date(2020, 9, 28))
    assert [claim for claim in outcome.judgement.claims if claim.state == "待发放"]
    number = next(one.number for one in outcome.book.submissions.values() if one.source == "登记.xlsx")
    monthly.take_back(made, number, ATTACKS[0] + ATTACKS[33] + ATTACKS[34], date(2020, 9, 29))
    write_handbook(made.config, made.outputs)
    write_templates(made.config, Month(2020, 9), made.outputs / "templates")
    signing.close_signed(made, Quarter(2020, 3), date(2020, 10, 8))
    run(made, date(2020, 10, 8))
    write_forms(made, date(2020, 10, 8), (), 1)
    return made


def _decide(desk: Office, outcome: monthly.Outcome, unit: str, stage: str, day: date) -> monthly.Outcome:
    """Every claim that awaits the stage is approved, by persons with the names of attacks."""
    rows = [decision(claim.number, stage, on=str(day), decided_by=mark(at % len(ATTACKS)), remark=mark(at % len(ATTACKS)))
            for at, claim in enumerate(outcome.report.claims) if claim.awaits == stage]
    assert rows
    drop(desk, {f"{stage}.xlsx": armed(workbook(unit, "2020-09", {"decisions": rows}, str(day)))})
    return run(desk, day)
