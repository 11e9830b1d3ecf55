"""The quarter's mail to each member of the leading group (附件1), as bytes; nothing is sent here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import Any

import css_inline

from pipeline.calendar import chinese_day
from pipeline.config import Config, Member
from pipeline.mail.own_section import own_section
from pipeline.mail.parts import attach_workbook, headed, message_id, templates
from pipeline.mail.plan_table import plan_table, tiles
from pipeline.mail.wording import outstanding, preview, result, summary
from pipeline.plan_figures import span
from pipeline.quarter_report import QuarterReport

_PICTURE, _PICTURE_FILE = "progress@quarter", "进度图.png"  # Content-ID and name
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Letter:
    """One member's mail; `figures` is the digest of what it reports, `content` the whole .eml."""

    file_name: str
    recipient: str
    message_id: str
    figures: str
    content: bytes


def compose(
    report: QuarterReport, config: Config, workbook: bytes, workbook_name: str, earlier: Mapping[str, Sequence[str]],
    picture: bytes | None = None,
) -> list[Letter]:
    """One letter per member in the order of 附件1, the same bytes for the same arguments.

    `earlier` has for an address the figures of this quarter that it was sent before, in their order:
    the letter then is a 更正, with a Message-ID of its own even where old figures come back.
    """
    figures = figures_digest(report)
    shown = _shown(report, config, workbook_name, picture)
    letters = []
    for place, member in enumerate(config.leading_group, 1):
        before = earlier.get(member.email, ())
        message = _addressed(report, config, member, (*before, figures))
        own = own_section(report, config, member.unit)
        private = {"member": member, "own": own, "corrected": bool(before), "preview": (own.short if own else "") + shown["preview"]}
        _write_body(message, {**shown, **private}, picture)
        attach_workbook(message, workbook, workbook_name)
        letters.append(Letter(file_name(place, member), member.email, message["Message-ID"], figures, message.as_bytes(policy=SMTP)))
    return letters


def file_name(place: int, member: Member) -> str:
    """What a member's mail is called: the place in 附件1, role and name."""
    return _NOT_IN_FILE_NAMES.sub("_", f"{place:02d}_{member.role}_{member.name}.eml")


def message_ids(report: QuarterReport, config: Config, earlier: Mapping[str, Sequence[str]]) -> set[str]:
    """The Message-IDs of the letters that `compose` would give, without composing them."""
    figures = figures_digest(report)
    return {_message_id(report, config, member, (*earlier.get(member.email, ()), figures)) for member in config.leading_group}


def figures_digest(report: QuarterReport) -> str:
    """SHA-256 over the figures that a letter reports, without days and late returns."""
    lines: list[Any] = [*report.cells, *report.sectors, report.total, *report.payers]
    figures = [str(report.quarter), [asdict(line) for line in lines], report.outside]
    return sha256(json.dumps(figures, ensure_ascii=False).encode()).hexdigest()


def _shown(report: QuarterReport, config: Config, workbook_name: str, picture: bytes | None) -> dict[str, Any]:
    return {
        "subject": _subject(report, config),
        "preview": preview(report, config.target_levels),
        "tiles": tiles(report, config.target_levels),
        "picture": _PICTURE if picture else "",
        "picture_words": f"图：{preview(report, config.target_levels)}",
        "config": config,
        "real_units": config.unit_order,
        "quarter": report.quarter.chinese,
        "levels": config.target_levels,
        "span": span(report),
        "table": plan_table(report, config.target_levels),
        "summary": summary(report, config.target_levels),
        "outstanding": outstanding(report),
        "workbook_name": workbook_name,
        "today": chinese_day(report.today),
    }


def _addressed(report: QuarterReport, config: Config, member: Member, history: Sequence[str]) -> EmailMessage:
    subject = f"{'【更正】' if len(history) > 1 else ''}{_subject(report, config)}"
    return headed(config, member.name, member.email, subject, report.today, _message_id(report, config, member, history))


def _message_id(report: QuarterReport, config: Config, member: Member, history: Sequence[str]) -> str:
    return message_id(config, str(report.quarter), f"{report.quarter} {member.email} {' '.join(history)}")


def _subject(report: QuarterReport, config: Config) -> str:
    """The result first: a telephone shows some twenty characters."""
    return f"{result(report)}（{config.plan_name}）"


def _write_body(message: EmailMessage, shown: dict[str, Any], picture: bytes | None) -> None:
    plain = templates().get_template("mail.txt.j2").render(shown)
    html = templates().get_template("mail.html.j2").render(shown)
    message.set_content(plain, cte="base64")
    message.add_alternative(css_inline.inline(html, load_remote_stylesheets=False), subtype="html", cte="base64")
    message.set_boundary("=_quarter_text")
    page = message.get_body(("html",))
    if picture and page is not None:
        page.add_related(picture, "image", "png", cid=f"<{_PICTURE}>", disposition="inline", filename=_PICTURE_FILE)
        page.set_boundary("=_quarter_page")
