"""Which papers around payment are due: before the second review, after it, and where money comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.claim_report import Claim
from pipeline.config import Config
from pipeline.files import take_away
from pipeline.report.payment_lists import payment_list, public_notice, recovery_list
from pipeline.written import Finish, Written


def begin_payment_papers(folder: Path, claims: list[Claim], today: date, config: Config, memory: Written) -> list[Finish]:
    """Begin the papers that are due and take away those that are not any more.

    What is set elsewhere (购房租房补贴) is paid elsewhere: it stands in no list.
    """
    with_amount = [claim for claim in claims if claim.amount is not None]
    papers: dict[str, tuple[list[Claim], Callable[[], bytes]]] = {}
    if announced := [claim for claim in with_amount if claim.state == "待复审"]:
        papers["公示名单.xlsx"] = announced, partial(public_notice, announced, today, config)
    for payer, own in _by_payer(with_amount).items():
        papers[f"发放清单_{payer}.xlsx"] = own, partial(payment_list, payer, own, today, config)
    if owed := [claim for claim in with_amount if claim.to_recover]:
        papers["追回清单.xlsx"] = owed, partial(recovery_list, owed, today, config)
    for path in folder.glob("*.xlsx"):
        if path.name not in papers and path.name.startswith(("公示名单", "发放清单_", "追回清单")):
            take_away(path)
    return [memory.begun(folder / name, (today, own), make) for name, (own, make) in papers.items()]


def _by_payer(claims: list[Claim]) -> dict[str, list[Claim]]:
    own: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.state == "待发放":
            own[claim.payer or "发放单位待定"].append(claim)
    return dict(sorted(own.items()))
