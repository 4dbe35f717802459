"""Text becomes JSON: strictly, but with a hand for what phone keyboards do to it.

A valid document is never touched. Only when it does not parse are curly quotes, no-break
spaces, a code fence and a byte order mark mended, each sign for one sign, so that lines and
columns in an error still are those of the message.
"""

import json
import math
import re
from collections import Counter
from typing import Any

from handlers.faults import JsonError, JsonFault, NotTextError

MAX_DEPTH = 64
MAX_DIGITS = 300
# Two letters can be a value of a hundred; signs inside of texts count, too.
MAX_SIGNS = 200_000
# Everything that is known of a field is asked of each: an object with more is none of a tracker.
MAX_NAMES = 1000
SPOT_WIDTH = 32
NAME_SIGNS = 40

CURLY = "“”„‟«»″"
BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u202f\u205f\u2060\u3000\ufeff"
)
BENT = re.compile(f"[{CURLY}{BLANKS}]")
AROUND = f" \t\r\n{BLANKS}"
STRING_ENDS = re.compile(rf"[\s{BLANKS}]*(?:[:,\]}}]|\Z)")
# Strings, one that has no end, too, and whatever else is no bracket.
NO_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[^"\[\]{}]++', re.DOTALL)
FENCE = "```"
FENCE_LANGUAGE = re.compile(r"[\w-]*(?=[\s\[{])")

FAULTS: tuple[tuple[str, JsonFault], ...] = (
    ("Expecting value", "value"),
    ("Expecting property name", "name"),
    ("Expecting ':'", "colon"),
    ("Expecting ','", "comma"),
    ("Illegal trailing comma", "trailing_comma"),
    ("Unterminated string", "string"),
    ("Extra data", "extra"),
    ("Invalid control character", "control"),
    ("Invalid \\", "escape"),
)


def decode(content: bytes) -> str:
    """Return the text of a file.

    Raises:
        NotTextError: It is not UTF-8 (a byte order mark is tolerated).
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotTextError from error


def parse(text: str) -> Any:
    """Return the JSON value in *text*.

    Raises:
        JsonError: It is not JSON, even after mending; the place is that of the first fault.
    """
    if is_crowded(text):
        raise JsonError("crowded")
    try:
        return _load(text)
    except (json.JSONDecodeError, JsonError) as error:
        mended = mend(text)
        if mended == text:
            raise _fault_in(text, error) from error
    try:
        return _load(mended)
    except (json.JSONDecodeError, JsonError) as error:
        raise _fault_in(text, error) from error


def is_crowded(text: str) -> bool:
    """Tell whether *text* may hold more values than anybody wants to keep in memory."""
    return sum(map(text.count, "{[,")) > MAX_SIGNS


def mend(text: str) -> str:
    """Undo what a phone keyboard or a code fence does to JSON, sign for sign."""
    return _straighten(unfence(text))


def unfence(text: str) -> str:
    """Blank out a code fence around the text, and the language behind it."""
    start = len(text) - len(text.lstrip(AROUND))
    if not text.startswith(FENCE, start):
        return text
    language = FENCE_LANGUAGE.match(text, start + len(FENCE))
    inside = language.end() if language else start + len(FENCE)
    end = len(text.rstrip(AROUND))
    if end - len(FENCE) >= inside and text.endswith(FENCE, 0, end):
        end -= len(FENCE)
    return re.sub(r"[^\n]", " ", text[:inside]) + text[inside:end]


def _straighten(text: str) -> str:
    """Make quotes straight and blanks plain, but leave straight strings as they are."""
    if not BENT.search(text):
        return text
    signs = list(text)
    opened_by = ""
    escaped = False
    for place, sign in enumerate(signs):
        if escaped or (opened_by and sign == "\\"):
            if escaped and opened_by != '"' and sign in CURLY:
                signs[place] = '"'
            escaped = not escaped
        elif not opened_by:
            if sign == '"' or sign in CURLY:
                signs[place], opened_by = '"', sign
            elif sign in BLANKS:
                signs[place] = " "
        elif _closes(text, place, opened_by):
            signs[place], opened_by = '"', ""
    return "".join(signs)


def _closes(text: str, place: int, opened_by: str) -> bool:
    """Tell whether the sign at *place* ends the string: a curly quote only before , : ] or }."""
    if opened_by == '"':
        return text[place] == '"'
    return text[place] in CURLY + '"' and bool(STRING_ENDS.match(text, place + 1))


def _load(text: str) -> Any:
    _check_depth(text)
    value = json.loads(
        text,
        object_pairs_hook=_unique,
        parse_int=_whole,
        parse_float=_finite,
        parse_constant=_constant,
    )
    _check_surrogates(text, value)
    return value


def _check_depth(text: str) -> None:
    # Counted before parsing, since the parser itself is recursive.
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    brackets = NO_BRACKET.sub("", text)
    depth = 0
    for sign in brackets:
        depth += 1 if sign in "[{" else -1
        if depth > MAX_DEPTH:
            raise JsonError("depth")


def _check_surrogates(text: str, value: Any) -> None:
    try:
        text.encode()
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise JsonError("surrogate") from error


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(members) > MAX_NAMES:
        raise JsonError("crowded")
    value = dict(members)
    if len(value) < len(members):
        times = Counter(name for name, _ in members)
        raise JsonError("duplicate", name=_cut(next(name for name in times if times[name] > 1)))
    return value


def _whole(digits: str) -> int:
    # Python refuses to read more than 4,300 digits, with an error of another kind.
    if len(digits) > MAX_DIGITS:
        raise JsonError("number", name=_cut(digits))
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonError("number", name=_cut(digits))
    return number


def _constant(name: str) -> float:
    raise JsonError("number", name=name)


def _cut(name: str) -> str:
    return name if len(name) <= NAME_SIGNS else f"{name[:NAME_SIGNS]}…"


def _at_comma(error: json.JSONDecodeError) -> json.JSONDecodeError:
    # Before Python 3.13 a comma too many is blamed on the bracket behind it.
    before = error.doc[: error.pos].rstrip()
    if before.endswith(",") and error.doc[error.pos : error.pos + 1] in ("]", "}"):
        return json.JSONDecodeError("Illegal trailing comma", error.doc, len(before) - 1)
    return error


def _fault_in(text: str, error: json.JSONDecodeError | JsonError) -> JsonError:
    return error if isinstance(error, JsonError) else _fault_at(text, _at_comma(error))


def _fault_at(text: str, error: json.JSONDecodeError) -> JsonError:
    fault: JsonFault = next(
        (kind for start, kind in FAULTS if error.msg.startswith(start)), "value"
    )
    line = text.split("\n")[error.lineno - 1].removesuffix("\r")
    start = max(0, error.colno - 1 - SPOT_WIDTH // 2)
    return JsonError(
        fault,
        line=error.lineno,
        column=error.colno,
        spot=line[start : start + SPOT_WIDTH],
        caret=error.colno - 1 - start,
    )
