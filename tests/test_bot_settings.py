"""The settings: what is taken, and the one line for what is not."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings
from storage import new_key

KEY = new_key()
GOOD = {"BOT_TOKEN": "1000001:fake-token-1111", "BOT_SECRET_KEY": KEY}


@pytest.fixture(autouse=True)
def _clean(monkeypatch, tmp_path):
    """Run in an empty folder and without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BOT_{name.upper()}", raising=False)


def load(monkeypatch, **variables: str) -> Settings:
    for name, value in {**GOOD, **variables}.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_two_variables_are_enough(monkeypatch):
    settings = load(monkeypatch)

    assert settings.token.get_secret_value() == GOOD["BOT_TOKEN"]
    assert settings.owners == frozenset()
    assert settings.database == Path("data/bot.db")
    assert settings.api_url == "https://api.telegram.org"
    assert settings.language is None
    assert settings.max_payload == 1024 * 1024
    assert settings.settle_seconds == 60


def test_lists_are_separated_by_commas(monkeypatch):
    settings = load(
        monkeypatch,
        BOT_OWNERS=" 5000000001, 5000000002,",
        BOT_PRIVATE_TRACKERS="127.0.0.1:8081,[::1]:80, Tracker.example:8443",
    )

    assert settings.owners == {5000000001, 5000000002}
    assert settings.private_trackers == {"127.0.0.1:8081", "[::1]:80", "tracker.example:8443"}


def test_empty_variables_are_as_good_as_none(monkeypatch):
    settings = load(monkeypatch, BOT_OWNERS="", BOT_LANGUAGE="", BOT_LISTEN="", BOT_MAX_PAYLOAD="")

    assert (settings.owners, settings.language, settings.listen) == (frozenset(), None, None)


def test_a_file_named_dotenv_is_read(tmp_path):
    lines = [f"{name}={value}" for name, value in GOOD.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "BOT_LANGUAGE=ru", "OTHER=1"]))

    assert load_settings().language == "ru"


def test_secrets_come_from_files(monkeypatch, tmp_path):
    (tmp_path / "token").write_text("1000001:fake-token-2222\n")
    (tmp_path / "key").write_text(f"{KEY}\n")

    settings = load(
        monkeypatch,
        BOT_TOKEN="",
        BOT_SECRET_KEY="",
        BOT_TOKEN_FILE="token",
        BOT_SECRET_KEY_FILE="key",
    )

    assert settings.token.get_secret_value() == "1000001:fake-token-2222"
    assert settings.secret_key.get_secret_value() == KEY


WRONG = {
    "BOT_TOKEN is missing": (
        {"BOT_TOKEN": ""},
        "BOT_TOKEN (or BOT_TOKEN_FILE) is required",
    ),
    "BOT_SECRET_KEY is missing": (
        {"BOT_SECRET_KEY": ""},
        "BOT_SECRET_KEY (or BOT_SECRET_KEY_FILE) is required",
    ),
    "token": (
        {"BOT_TOKEN": "hunter2"},
        "BOT_TOKEN must be the token that @BotFather gave",
    ),
    "secret key": (
        {"BOT_SECRET_KEY": "hunter2"},
        "BOT_SECRET_KEY must be made by: keitaro-bot new-key",
    ),
    "both": (
        {"BOT_TOKEN_FILE": "token"},
        "BOT_TOKEN and BOT_TOKEN_FILE exclude each other",
    ),
    "no such file": (
        {"BOT_TOKEN": "", "BOT_TOKEN_FILE": "nowhere"},
        "BOT_TOKEN_FILE names a file that cannot be read",
    ),
    "owners": ({"BOT_OWNERS": "@olga"}, "BOT_OWNERS must be a whole number"),
    "api url": ({"BOT_API_URL": "telegram"}, "BOT_API_URL must be an address"),
    "private": ({"BOT_PRIVATE_TRACKERS": "tracker"}, "BOT_PRIVATE_TRACKERS must be host:port"),
    "port": ({"BOT_LISTEN": "127.0.0.1:70000"}, "BOT_LISTEN must be host:port"),
    "zone": ({"BOT_TIMEZONE": "Mars/Base"}, "BOT_TIMEZONE must be an IANA name"),
    "too small": ({"BOT_MAX_PAYLOAD": "1"}, "BOT_MAX_PAYLOAD is too small"),
    "too large": ({"BOT_MAX_PAYLOAD": "999999999"}, "BOT_MAX_PAYLOAD is too large"),
    "no time at all": ({"BOT_SETTLE_SECONDS": "0"}, "BOT_SETTLE_SECONDS is too small"),
    "too much time": ({"BOT_SETTLE_SECONDS": "601"}, "BOT_SETTLE_SECONDS is too large"),
    "ca file": ({"BOT_TRACKER_CA_FILE": "nowhere.pem"}, "BOT_TRACKER_CA_FILE names no file"),
    "webhook without secret": (
        {"BOT_WEBHOOK_URL": "https://bot.example/hook"},
        "BOT_WEBHOOK_SECRET must be 32 to 256 letters, digits, _ or - when BOT_WEBHOOK_URL is set",
    ),
    "short secret": (
        {"BOT_WEBHOOK_URL": "https://bot.example/hook", "BOT_WEBHOOK_SECRET": "hunter2"},
        "BOT_WEBHOOK_SECRET must be 32 to 256 letters, digits, _ or - when BOT_WEBHOOK_URL is set",
    ),
    "language": ({"BOT_LANGUAGE": "fr"}, "BOT_LANGUAGE Input should be 'ru' or 'en'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_in_one_line(monkeypatch, name):
    variables, line = WRONG[name]

    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, **variables)

    assert str(caught.value) == line


def test_settings_do_not_show_their_secrets(monkeypatch):
    settings = load(monkeypatch, BOT_WEBHOOK_SECRET="w" * 40)

    assert not [secret for secret in settings.secrets if secret in repr(settings)]
    assert set(settings.secrets) == {GOOD["BOT_TOKEN"], "fake-token-1111", KEY, "w" * 40}
