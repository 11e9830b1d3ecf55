"""A real IMAP server (Debian's dovecot) on the loopback, with TLS, for as long as it is wanted."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pipeline.config import Imap
from tests.support.certificates import write_certificate

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PASSWORD = "secret-of-the-test"  # noqa: S105 - of a server that lives as long as the tests
_ACCOUNTS = count(1)
_SETTINGS = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{root}/mail/%u
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """The running server: every account exists, all have the one password."""

    plain: int
    tls: int
    certificate: Path

    def account(self, **more: object) -> Mailbox:
        """A mailbox that nobody else has; `more` are settings of config.yaml's imap."""
        imap = Imap.model_validate({"host": "localhost", "port": self.tls, "user": f"office{next(_ACCOUNTS)}"} | more)
        return Mailbox(self, imap)


@dataclass(frozen=True)
class Mailbox:
    """One account: what is put into it, and how it lies there."""

    server: Dovecot
    imap: Imap

    def put(self, letter: bytes, received: str = "08-Oct-2020 09:12:00 +0800", folder: str = "INBOX") -> None:
        """A letter that arrived at a time."""
        with self._open(folder) as box:
            assert box.append(folder, "", f'"{received}"', letter)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[bool]:
        """For each letter of a folder, in order of arrival, whether it is marked as read."""
        with self._open(folder) as box:
            return [rb"\Seen" in item for item in box.fetch("1:*", "(FLAGS)")[1] if item]

    def renumber(self) -> None:
        """The folder's letters as after a repair of the server: the same under new numbers (another UIDVALIDITY)."""
        with self._open("INBOX") as box:
            box.create("aside")
            box.copy("1:*", "aside")
            box.select("aside")
            box.delete("INBOX")
            box.create("INBOX")
            box.copy("1:*", "INBOX")

    @contextmanager
    def _open(self, folder: str) -> Iterator[imaplib.IMAP4]:
        context = ssl.create_default_context(cafile=self.server.certificate)
        with imaplib.IMAP4_SSL("localhost", self.server.tls, ssl_context=context, timeout=20) as box:
            box.login(self.imap.user, PASSWORD)
            box.select(folder)
            yield box


@contextmanager
def running() -> Iterator[Dovecot]:
    """The server, in a folder of its own with a short name (sockets have no room for more)."""
    assert PROGRAM
    root = Path(tempfile.mkdtemp(prefix="imap"))
    try:
        server, settings = _prepared(root)
        process = subprocess.Popen([PROGRAM, "-F", "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(server.tls, process, root / "log")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=10)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _prepared(root: Path) -> tuple[Dovecot, Path]:
    """As root the server works under the accounts that came with it; as anybody else, under theirs."""
    as_root, own = os.getuid() == 0, pwd.getpwuid(os.getuid())
    who = pwd.getpwnam("nobody") if as_root else own
    root.chmod(0o755)
    (root / "mail").mkdir()
    os.chown(root / "mail", who.pw_uid, who.pw_gid)
    certificate, key = write_certificate(root)
    server = Dovecot(_free_port(), _free_port(), certificate)
    settings = root / "settings"
    settings.write_text(_SETTINGS.format(
        root=root, internal="dovecot" if as_root else own.pw_name, login="dovenull" if as_root else own.pw_name,
        group="dovecot" if as_root else grp.getgrgid(own.pw_gid).gr_name,
        certificate=certificate, key=key, password=PASSWORD, uid=who.pw_uid, gid=who.pw_gid, plain=server.plain, tls=server.tls))
    return server, settings


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise RuntimeError(f"dovecot did not start: {log.read_text(encoding='utf-8') if log.exists() else ''}")
