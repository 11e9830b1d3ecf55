"""Whether the office's account is filled in, and where its password comes from."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from pipeline.config import Config
from pipeline.mail.account import KEYRING_SERVICE, mailbox_password, password, unusable, unusable_for, unusable_mailbox


class InMemory(KeyringBackend):
    """A keyring that lives as long as the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def system_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    yield
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    monkeypatch.delenv("IMAP_PASSWORD", raising=False)


def filled_in(config: Config) -> Config:
    members = [
        member.model_copy(update={"email": member.email.replace(".invalid", ".example")})
        for member in config.leading_group
    ]
    smtp = {"host": "localhost", "user": "office@nanxun.example", "sender": "office@nanxun.example"}
    return config.model_copy(update={"leading_group": members, "smtp": config.smtp.model_copy(update=smtp)})


def test_every_placeholder_of_the_repository_is_named(config: Config) -> None:
    sentences = unusable(config)
    assert len(sentences) == 3 + 24
    assert sentences[0] == "config.yaml 的 smtp.host 还是示例“smtp.nanxun.invalid”，请换成真实的发信服务器"
    assert "leading_group 中王剑峰的 email" in sentences[3]


def test_a_filled_in_configuration_is_usable(config: Config) -> None:
    assert unusable(filled_in(config)) == []


def test_capitals_and_a_final_period_do_not_hide_a_placeholder(config: Config) -> None:
    smtp = filled_in(config).smtp.model_copy(update={"host": "SMTP.Nanxun.INVALID."})
    [sentence] = unusable(filled_in(config).model_copy(update={"smtp": smtp}))
    assert "smtp.host" in sentence


@pytest.mark.usefixtures("system_keyring")
def test_the_environment_goes_before_the_keyring(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.smtp.user is not None
    keyring.set_password(KEYRING_SERVICE, config.smtp.user, "from the keyring")
    assert password(config) == "from the keyring"
    monkeypatch.setenv("SMTP_PASSWORD", "from the environment")
    assert password(config) == "from the environment"


def test_a_machine_without_a_keyring_has_no_password(config: Config) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        assert password(config) is None
    finally:
        keyring.set_keyring(before)


@pytest.mark.usefixtures("system_keyring")
def test_the_mailboxs_password_is_kept_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mailbox_password("office") is None
    keyring.set_password(KEYRING_SERVICE, "office", "from the keyring")
    assert mailbox_password("office") == "from the keyring"
    monkeypatch.setenv("IMAP_PASSWORD", "from the environment")
    assert mailbox_password("office") == "from the environment"


def test_for_letters_to_units_only_their_addresses_need_to_be_real(config: Config) -> None:
    real = filled_in(config)
    group = [member if member.unit == "双林镇" else own for member, own in zip(config.leading_group, real.leading_group, strict=True)]
    partly = real.model_copy(update={"leading_group": group})
    assert unusable_for(["练市镇"], partly) == []
    assert unusable_for(["练市镇", "双林镇"], partly) == [
        "config.yaml 的 units 中双林镇的 mail 还是示例“chenxiaohong@nanxun.invalid”，请换成真实的邮箱"]
    assert len(unusable_for([], config)) == 3


def test_a_mailbox_must_be_there_and_real(config: Config) -> None:
    assert [sentence[:22] for sentence in unusable_mailbox(config)] == ["config.yaml 的 imap.hos", "config.yaml 的 imap.use"]
    assert "没有 imap" in unusable_mailbox(config.model_copy(update={"imap": None}))[0]
