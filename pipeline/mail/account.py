"""Whether the office's mail account can be used: placeholders left in config.yaml, the passwords."""

from __future__ import annotations

import os
from collections.abc import Iterable

from pipeline.config import Config

KEYRING_SERVICE = "nanxun-pipeline"
_PLACEHOLDER = ".invalid"  # a domain that never exists (RFC 2606)


_Filled = tuple[str, str, str]  # place in config.yaml, value, what it is


def unusable(config: Config) -> list[str]:
    """What must be filled in in config.yaml before the quarter's mails can be sent, in Chinese; empty when nothing."""
    group = [(f"leading_group 中{member.name}的 email", member.email, "邮箱") for member in config.leading_group]
    return _placeholders([*_server(config), *group])


def unusable_for(units: Iterable[str], config: Config) -> list[str]:
    """What must be filled in before anything can be sent to these units, in Chinese."""
    addresses = [(unit, config.mail_of(unit)) for unit in units]
    return [
        *_placeholders([*_server(config), *((f"units 中{unit}的 mail", mail[0], "邮箱") for unit, mail in addresses if mail)]),
        *(f"config.yaml 里没有{unit}的邮箱，请在 units 中写上它的 mail" for unit, mail in addresses if not mail),
    ]


def unusable_mailbox(config: Config) -> list[str]:
    """What must be filled in before the mailbox can be looked into, in Chinese."""
    if config.imap is None:
        return ["config.yaml 里没有 imap（收信服务器）这一段；要从邮箱取表，请照 docs/邮件.md 写上"]
    return _placeholders([("imap.host", config.imap.host, "收信服务器"), ("imap.user", config.imap.user, "登录用户名")])


def _server(config: Config) -> list[_Filled]:
    smtp = config.smtp
    return [("smtp.host", smtp.host, "发信服务器"), ("smtp.user", smtp.user or "", "登录用户名"),
            ("smtp.sender", smtp.sender, "发件人邮箱")]


def _placeholders(filled_in: Iterable[_Filled]) -> list[str]:
    return [
        f"config.yaml 的 {place} 还是示例“{value}”，请换成真实的{what}"
        for place, value, what in filled_in
        if _is_placeholder(value)
    ]


def password(config: Config) -> str | None:
    """The SMTP password from the environment, else from the keyring; None where neither has one."""
    return os.environ.get("SMTP_PASSWORD") or _from_keyring(config.smtp.user)


def mailbox_password(user: str) -> str | None:
    """The IMAP password from the environment, else from the keyring; None where neither has one."""
    return os.environ.get("IMAP_PASSWORD") or _from_keyring(user)


def _is_placeholder(value: str) -> bool:
    return value.rstrip(".").lower().endswith(_PLACEHOLDER)


def _from_keyring(user: str | None) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING_SERVICE, user) if user else None
    except KeyringError:
        return None
