"""What can go wrong between us and a tracker.

    KeitaroError
    ├── AddressError          the text is not the address of a tracker
    ├── KeyFormatError        the text cannot be an API key
    ├── PayloadError          the body does not fit the operation; nothing was sent
    └── ExchangeError         the request was on its way, see ``sent`` and ``in_doubt``
        ├── PausedError           the tracker is left in peace, so nothing was sent
        ├── UnreachableError      no connection, so nothing was sent
        ├── NoAnswerError         sent, but no whole answer came            (in doubt)
        ├── UnreadableError       2xx, but not what the Admin API sends     (in doubt)
        ├── RedirectError         3xx
        └── ResponseError         any other refusal, with what the tracker said
            ├── KeyRefusedError       401
            ├── LicenceError          402
            ├── ForbiddenError        403
            ├── BlockedError          Cloudflare stands in front and says no
            ├── NotFoundError         404 from the tracker
            ├── NotKeitaroError       HTML with 404 or 2xx          (in doubt with 2xx)
            ├── InvalidError          400, 406 or 422
            ├── RateLimitedError      429
            └── ServerError           5xx                                   (in doubt)

Every text that came from outside has the API key replaced by its mask before it gets here.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

AddressReason = Literal[
    "empty", "not_an_address", "scheme", "plain_http", "port", "user_info", "path"
]
UnreachableCause = Literal["dns", "private", "refused", "tls", "timeout", "other"]
NoAnswerCause = Literal["timeout", "cut", "garbled", "restart"]
UnreadableReason = Literal["not_json", "too_large", "encoding", "shape"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a payload, told without the value that was given.

    *field* is a dotted path ("offers.0.share"), *kind* is pydantic's name for the problem.
    """

    field: str
    kind: str
    expected: str | None
    message: str


@dataclass(frozen=True)
class Sent:
    """A request as it may be shown to people: the key is only hinted at."""

    operation: str
    method: str
    url: str
    body: Any
    key_hint: str


class KeitaroError(Exception):
    """Anything this package raises on purpose."""


class AddressError(KeitaroError):
    """The text is not the address of a tracker, or not one that may be used."""

    def __init__(self, reason: AddressReason) -> None:
        super().__init__(reason)
        self.reason: AddressReason = reason


class KeyFormatError(KeitaroError):
    """The text has characters that no API key has, or none at all."""


class PayloadError(KeitaroError):
    """The body, the query or an id does not fit the operation; nothing was sent."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class ExchangeError(KeitaroError):
    """The exchange with the tracker did not end well.

    *in_doubt* says whether a change may have been carried out all the same.
    The client fills in *sent* before the error leaves it.
    """

    in_doubt: bool = False
    sent: Sent


class PausedError(ExchangeError):
    """Nothing was sent, since the tracker was down for so many calls in a row.

    *seconds* are those after which it may be asked again.
    """

    def __init__(self, seconds: int, failures: int) -> None:
        super().__init__(seconds, failures)
        self.seconds = seconds
        self.failures = failures


class UnreachableError(ExchangeError):
    """No connection came about, so the tracker has not seen the request.

    *private* is a name that leads to an address which is not public, and is not dialled.
    """

    def __init__(self, cause: UnreachableCause, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause: UnreachableCause = cause
        self.detail = detail


class NoAnswerError(ExchangeError):
    """The request went out, and no whole HTTP answer came back.

    *garbled* is what is not HTTP, or more of it than anybody sends.
    After a *restart* it is an earlier process that sent it, or was about to.
    """

    in_doubt = True

    def __init__(self, cause: NoAnswerCause) -> None:
        super().__init__(cause)
        self.cause: NoAnswerCause = cause


class UnreadableError(ExchangeError):
    """A 2xx answer came that is not what the Admin API sends."""

    in_doubt = True

    def __init__(self, reason: UnreadableReason, status: int, detail: str = "") -> None:
        super().__init__(reason, status, detail)
        self.reason: UnreadableReason = reason
        self.status = status
        self.detail = detail


class RedirectError(ExchangeError):
    """The Admin API never redirects, so this is not the tracker; the hop was not followed."""

    def __init__(self, status: int, location: str) -> None:
        super().__init__(status, location)
        self.status = status
        self.location = location


class ResponseError(ExchangeError):
    """An HTTP status said no.

    *detail* is the tracker's own sentence, *fields* its messages field by field, *response*
    the JSON value of the body or the beginning of its text; a page of HTML is never quoted.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        fields: dict[str, tuple[str, ...]] | None = None,
        response: Any = "",
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.fields = fields or {}
        self.response = response


class KeyRefusedError(ResponseError):
    """401: the key is wrong or was revoked."""


class LicenceError(ResponseError):
    """402: the tracker's edition has no Admin API, or the licence is not paid."""


class ForbiddenError(ResponseError):
    """403: the key's user lacks the right."""


class BlockedError(ResponseError):
    """Cloudflare refused the request before the tracker saw it."""


class NotFoundError(ResponseError):
    """404: the tracker has no such object."""


class NotKeitaroError(ResponseError):
    """A page for people came: this host or path does not answer as the Admin API."""

    @property
    def in_doubt(self) -> bool:  # type: ignore[override]  # here it depends on the status
        """Tell whether the status claims success, so that something may have happened."""
        return self.status < 300  # noqa: PLR2004  # the end of the 2xx statuses


class InvalidError(ResponseError):
    """400, 406 or 422: the tracker checked the request and did not like it."""


class RateLimitedError(ResponseError):
    """429: too many requests; *retry_after_seconds* if the answer says it understandably.

    Until then nothing is sent, and further calls end in the same way.
    """

    retry_after_seconds: int | None = None


class ServerError(ResponseError):
    """5xx: the tracker or the proxy before it failed, at any point of its work."""

    in_doubt: ClassVar[bool] = True  # type: ignore[misc]  # narrower than the base on purpose
