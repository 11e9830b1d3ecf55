"""What `withdraw` would take back, told before it is done."""

from __future__ import annotations

from datetime import date

from pipeline.ledger.withdrawal import must_be_there
from pipeline.monthly import as_of
from pipeline.office import Office

_DECIDED = ("待复审", "待发放", "已发放", "已追回")


def told(office: Office, number: int, today: date) -> str:
    """The submission, its rows and its claims under way, in Chinese; raises WithdrawalError where it cannot be taken back."""
    outcome = as_of(office, today, today, None, dry=True)
    one = must_be_there(outcome.book.submissions, number)
    rows = sum((frame["submission"] == number).sum() for frame in outcome.book.rows.values())
    decided = [claim for claim in outcome.judgement.claims if claim.submission == number and claim.state in _DECIDED]
    claims = "、".join(f"{claim.number}（{claim.state}）" for claim in decided)
    followed = {verdict.claim for verdict in outcome.book.verdicts if verdict.submission == number and verdict.followed}
    return (f"第 {number} 号报送：{one.unit or '单位不明'} {one.month or '月份不明'} {one.source}，共 {rows} 行。"
            + (f"其中 {claims} 已经审核，撤回以后仍按原来的审核办理。" if claims else "")
            + (f"里面的审核意见一并作废，{'、'.join(sorted(followed))} 退回到这次审核以前。" if followed else ""))
