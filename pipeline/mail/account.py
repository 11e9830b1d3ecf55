"""Whether the office's mail account can be used: placeholders left in config.yaml, the password."""

from __future__ import annotations

import os

from pipeline.config import Config

KEYRING_SERVICE = "nanxun-pipeline"
_PASSWORD_VARIABLE = "SMTP_PASSWORD"  # noqa: S105 - where it is kept, not what it is
_PLACEHOLDER = ".invalid"  # a domain that never exists (RFC 2606)


def unusable(config: Config) -> list[str]:
    """What must be filled in in config.yaml before anything can be sent, in Chinese; empty when nothing."""
    smtp = config.smtp
    filled_in = [
        ("smtp.host", smtp.host, "发信服务器"),
        ("smtp.user", smtp.user or "", "登录用户名"),
        ("smtp.sender", smtp.sender, "发件人邮箱"),
        *((f"leading_group 中{member.name}的 email", member.email, "邮箱") for member in config.leading_group),
    ]
    return [
        f"config.yaml 的 {place} 还是示例“{value}”，请换成真实的{what}"
        for place, value, what in filled_in
        if _is_placeholder(value)
    ]


def password(config: Config) -> str | None:
    """The SMTP password from the environment, else from the keyring; None where neither has one."""
    return os.environ.get(_PASSWORD_VARIABLE) or _from_keyring(config.smtp.user)


def _is_placeholder(value: str) -> bool:
    return value.rstrip(".").lower().endswith(_PLACEHOLDER)


def _from_keyring(user: str | None) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING_SERVICE, user) if user else None
    except KeyringError:
        return None
