"""What a tracker, or Telegram, answers to draw a secret out: it says aloud what it was told."""

import base64
import json
from typing import Any

HTML = "text/html"
PLAIN = "text/plain"


def of_tracker(key: str) -> dict[str, dict[str, Any]]:
    """Return faults, by name, of a tracker that echoes *key*."""
    text = key.encode()
    escaped = "".join(f"\\u{sign:04x}" for sign in text)
    page = f"<!doctype html><p>GET /admin_api/v1/streams HTTP/1.1 Api-Key: {key}</p>"
    return {
        "refused": {"status": 401, "body": {"error": f"Unknown key {key}"}},
        "forbidden": {"status": 403, "body": {"error": f"api_key={key} may not"}},
        "not found": {"status": 404, "body": f"No {key}", "content_type": PLAIN},
        "by field": {"status": 406, "body": {"name": [f"is {key}"], key: [key]}},
        "many fields": {"status": 422, "body": {f"f{n}": [key] for n in range(9)}},
        "broken": {"status": 500, "body": {"error": f"SQL '{key}'", "stacktrace": key}},
        "broken, in text": {"status": 500, "body": "x" * 270 + key, "content_type": PLAIN},
        "broken, in hex": {"status": 500, "body": {"error": text.hex()}},
        "broken, in base64": {
            "status": 500,
            "body": {"error": f"Basic {base64.b64encode(b'a:' + text).decode()}"},
        },
        "broken, escaped": {"status": 500, "body": f'{{"error": "{escaped}"}}'.encode()},
        "a page": {"status": 502, "body": page, "content_type": HTML},
        "elsewhere": {"status": 302, "headers": {"location": f"https://a.example/?k={key}"}},
        "later": {"status": 429, "headers": {"retry-after": key, "x-key": key}, "body": {}},
        "half of it": {"status": 200, "body": f'{{"id": 45, "name": "{key}'.encode()},
        "a list": {"status": 200, "body": json.dumps([[key]]).encode()},
        "a text": {"status": 200, "body": json.dumps(key).encode()},
        "another kind": {"status": 200, "body": {"id": 45, "name": {"a": [key]}, key: key}},
        "cut": {"cut": True},
    }


def of_telegram(token: str) -> dict[str, dict[str, Any]]:
    """Return faults, by name, of a Telegram that echoes *token*."""
    page = f"<html><h1>502</h1>POST /bot{token}/sendMessage</html>".encode()
    return {
        "a page": {"status": 502, "raw": page},
        "a complaint": {"status": 400, "description": f"Bad Request: /bot{token}/x is wrong"},
        "a long one": {"status": 400, "description": f"Bad Request: {'x' * 270} bot{token}"},
        "a failure": {"status": 500, "description": f"Internal: {token}"},
        "too many": {
            "status": 429,
            "description": f"Too Many Requests: {token}",
            "parameters": {"retry_after": 1},
        },
    }
