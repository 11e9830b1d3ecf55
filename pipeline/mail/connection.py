"""Why a mail server cannot be used, in sentences for the office."""

from __future__ import annotations

import ssl

TIMEOUT_SECONDS = 120  # a server may look for viruses before it answers


def no_connection(section: str, host: str, port: int, error: Exception) -> str:
    """What is wrong with the connection to the server of a section of config.yaml (`smtp`, `imap`)."""
    where, reason = f"邮件服务器 {host}:{port}", printable(str(error))
    match error:
        case ssl.SSLCertVerificationError():
            return f"{where} 的证书未通过验证，没有{_DONE[section]}：{printable(error.verify_message)}"
        case ssl.SSLError():
            return f"与{where} 建立加密连接失败，请核对 {section}.port 和 {section}.security：{reason}"
    return f"连不上{where}，请核对网络和 {section}.host、{section}.port：{reason}"


_DONE = {"smtp": "发送", "imap": "收取"}


def printable(text: str) -> str:
    """A server's words on one line, without what steers a terminal."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
