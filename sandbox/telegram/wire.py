"""Requests as they arrive: a query string, a form, a multipart form or JSON."""

import json
import re
from collections.abc import Mapping
from email.message import Message as Headers
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.telegram.log import Upload
from sandbox.telegram.refusal import bad_request

Parameters = dict[str, Any]

# Everything else that arrives as text is JSON, if it can be read as JSON.
_TEXTS = {
    "action",
    "callback_query_id",
    "caption",
    "description",
    "file_id",
    "first_name",
    "language_code",
    "name",
    "parse_mode",
    "secret_token",
    "short_description",
    "text",
    "url",
}
_ATTACHED = "attach://"


async def read_parameters(request: Request) -> Parameters:
    """Return everything that came with *request*, decoded."""
    raw: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    body = await request.body()
    kind, options = _content_type(request.headers)
    match kind:
        case "application/json" if body:
            return {**_decoded(raw), **_json_object(body)}
        case "application/x-www-form-urlencoded":
            raw.update(parse_qsl(body.decode(), keep_blank_values=True))
        case "multipart/form-data":
            raw.update(_multipart(body, options.get("boundary", "").encode()))
    return _decoded(raw)


def _json_object(body: bytes) -> Parameters:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return value


def _content_type(headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    parsed = Headers()
    parsed["Content-Type"] = headers.get("content-type", "application/octet-stream")
    return parsed.get_content_type(), {
        name: str(value) for name, value in parsed.get_params(failobj=[])[1:]
    }


def _multipart(body: bytes, boundary: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _option(head, "name")
        filename = _option(head, "filename")
        if filename is None:
            found[name or ""] = content.decode()
        else:
            kind = re.search(rb"(?i)content-type:\s*([^\r\n;]+)", head)
            mime_type = kind.group(1).decode() if kind else "application/octet-stream"
            found[name or ""] = Upload(filename, mime_type, content)
    return found


def _option(head: bytes, name: str) -> str | None:
    match = re.search(rf'(?i)[;\s]{name}="([^"]*)"', head.decode())
    return None if match is None else match.group(1).replace("%22", '"')


def _decoded(raw: Mapping[str, Any]) -> Parameters:
    uploads = {name: value for name, value in raw.items() if isinstance(value, Upload)}
    found: Parameters = {}
    attached: set[str] = set()
    for name, value in raw.items():
        if isinstance(value, str) and value.startswith(_ATTACHED):
            attached.add(value.removeprefix(_ATTACHED))
            found[name] = uploads.get(value.removeprefix(_ATTACHED))
        else:
            found[name] = value if name in _TEXTS else _value(value)
    return {name: value for name, value in found.items() if name not in attached}


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
