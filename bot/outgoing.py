"""What goes out to Telegram, with every secret masked, whoever has let it slip in."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

from telegram import InputFile
from telegram.request import RequestData

from handlers import Redaction

# What is searched beside the loop; anything smaller is searched sooner than handed over.
LARGE_BYTES = 128 * 1024
# It hands Telegram the secret of the webhook, which is what it is for.
TELLING = "/setWebhook"

log = logging.getLogger(__name__)


async def masked(url: str, data: RequestData | None, redaction: Redaction) -> RequestData | None:
    """Return *data*, which goes to *url*, without secrets: texts, buttons, files, names."""
    if data is None or url.endswith(TELLING):
        return data
    parameters = data._parameters  # noqa: SLF001 - the library has no other way to the files
    sizes = (len(content) for one in parameters for content in map(_content, one.input_files or ()))
    if sum(sizes) > LARGE_BYTES:
        clean = await asyncio.to_thread(_clean, parameters, redaction)
    else:
        clean = _clean(parameters, redaction)
    if clean is None:
        return data
    log.error("a secret was kept out of a message (%s)", url.rpartition("/")[2])
    return RequestData(clean)


def _clean(parameters: list[Any], redaction: Redaction) -> list[Any] | None:
    """Return *parameters* without secrets; None if there were none."""
    clean = [
        replace(
            one,
            value=redaction.value(one.value),
            input_files=one.input_files and [_file(file, redaction) for file in one.input_files],
        )
        for one in parameters
    ]
    is_changed = any(_shown(old) != _shown(new) for old, new in zip(parameters, clean, strict=True))
    return clean if is_changed else None


def _file(file: InputFile, redaction: Redaction) -> InputFile:
    clean = InputFile(redaction.content(_content(file)), filename=redaction.text(file.filename))
    clean.attach_name = file.attach_name
    return clean


def _content(file: InputFile) -> bytes:
    content = file.input_file_content
    return content if isinstance(content, bytes) else content.read()


def _shown(parameter: Any) -> tuple[object, list[tuple[str, bytes]]]:
    files = [(file.filename, _content(file)) for file in parameter.input_files or ()]
    return parameter.json_value, files
