"""What is set from outside; nobody else reads the environment."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage import SecretKeyError, parse_keys

DEFAULT_LISTEN = "127.0.0.1:8080"
TELEGRAM = "https://api.telegram.org"
KIB, MIB = 1024, 1024 * 1024
PREFIX = "BOT_"
FILE_SUFFIX = "_file"
SECRET_FILE_BYTES = 64 * KIB
PORT_MOST = 65535
HOOK_SECRET = re.compile("[A-Za-z0-9_-]{32,256}")
HOOK_SECRET_RULE = "must be 32 to 256 letters, digits, _ or - when BOT_WEBHOOK_URL is set"  # noqa: S105 - a sentence
SENTENCES = {
    "missing": "is required",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}


class SettingsError(Exception):
    """A variable is missing or wrong; the text says which and why, never its value."""


def _parts(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def _lower(value: Any) -> Any:
    return frozenset(part.lower() for part in value)


def _check(is_right: Callable[[str], object], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if not is_right(value):
            raise ValueError(what)
        return value

    return AfterValidator(check)


def _is_host_port(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(re.fullmatch(r"\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+", host)) and is_port(port)


def is_port(text: str) -> bool:
    """Tell whether *text* is the number of a port."""
    return bool(re.fullmatch("[0-9]{1,5}", text)) and int(text) <= PORT_MOST


def _is_token(secret: SecretStr) -> bool:
    return bool(re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", secret.get_secret_value()))


def _token(secret: SecretStr) -> SecretStr:
    if not _is_token(secret):
        raise ValueError("must be the token that @BotFather gave")
    return secret


def _secret_key(secret: SecretStr) -> SecretStr:
    try:
        parse_keys(secret.get_secret_value())
    except SecretKeyError as error:
        raise ValueError("must be made by: keitaro-bot new-key") from error
    return secret


HostPort = Annotated[str, _check(_is_host_port, "must be host:port")]
WebUrl = Annotated[
    str, _check(re.compile(r"https?://[^\s@/?#]+(/[^\s?#]*)?").fullmatch, "must be an address")
]
Zone = Annotated[str, _check(lambda name: name in available_timezones(), "must be an IANA name")]


class Settings(BaseSettings):
    """The settings of the process, each from BOT_ and its name in capitals.

    *token* and *secret_key* may come from a file named by the variable with _FILE behind it.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    token: Annotated[SecretStr, AfterValidator(_token)]
    token_file: Annotated[Path | None, Field(repr=False)] = None
    secret_key: Annotated[SecretStr, AfterValidator(_secret_key)]
    secret_key_file: Annotated[Path | None, Field(repr=False)] = None
    owners: Annotated[frozenset[int], NoDecode, BeforeValidator(_parts)] = frozenset()
    database: Path = Path("data/bot.db")
    api_url: WebUrl = TELEGRAM
    private_trackers: Annotated[
        frozenset[HostPort], NoDecode, BeforeValidator(_lower), BeforeValidator(_parts)
    ] = frozenset()
    tracker_ca_file: Path | None = None
    webhook_url: WebUrl | None = None
    webhook_secret: SecretStr | None = None
    listen: HostPort | None = None
    language: Literal["ru", "en"] | None = None
    timezone: Zone = "UTC"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    pace: Literal["telegram", "none"] = "telegram"
    max_payload: Annotated[int, Field(ge=KIB, le=20 * MIB)] = MIB
    settle_seconds: Annotated[int, Field(ge=1, le=600)] = 60
    keep_journal_days: Annotated[int, Field(ge=0, le=36500)] = 365
    keep_strangers_hours: Annotated[int, Field(ge=1, le=168)] = 24

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("token", "secret_key"):
            path = values.get(f"{name}{FILE_SUFFIX}")
            if path and values.get(name):
                raise ValueError(
                    f"{variable(name)} and {variable(name + FILE_SUFFIX)} exclude each other"
                )
            if path:
                values[name] = _content(Path(path), variable(name + FILE_SUFFIX))
        return values

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        path = self.tracker_ca_file
        if path and not path.is_file():
            raise ValueError(f"{variable('tracker_ca_file')} names no file")
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if self.webhook_url and not HOOK_SECRET.fullmatch(secret):
            raise ValueError(f"{variable('webhook_secret')} {HOOK_SECRET_RULE}")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be printed."""
        keys = self.secret_key.get_secret_value().split(",")
        hook = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        token = self.token.get_secret_value()
        return tuple(
            part.strip() for part in (token, token.partition(":")[2], *keys, hook) if part.strip()
        )


def variable(name: str) -> str:
    """Return the variable that sets the field *name*."""
    return f"{PREFIX}{name.upper()}"


def _content(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(SECRET_FILE_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name} names a file that cannot be read") from error


def load_settings() -> Settings:
    """Return the settings in the environment and in .env.

    Raises:
        SettingsError: A variable is missing or wrong; the first one that is.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_line(error)) from None


def _line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=True, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    sentence = str(cause) if cause else SENTENCES.get(first["type"], first["msg"])
    if not first["loc"]:
        return sentence
    name = str(first["loc"][0])
    also = f" (or {variable(name + FILE_SUFFIX)})" if name in ("token", "secret_key") else ""
    return f"{variable(name)}{also if first['type'] == 'missing' else ''} {sentence}"
