"""The Bot API over HTTP: requests in, answers and faults out."""

import inspect
import json
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serving import Cut, hang_up
from sandbox.telegram.faults import Fault
from sandbox.telegram.log import Call
from sandbox.telegram.methods import METHODS
from sandbox.telegram.refusal import RefusalError
from sandbox.telegram.wire import Parameters, read_parameters
from sandbox.telegram.world import World


class Server:
    """Serves one `World` to the bot that knows its token."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
                Route("/{path:path}", _nowhere, methods=["GET", "POST"]),
            ],
            exception_handlers={Cut: hang_up},
        )

    async def _method(self, request: Request) -> Response:
        world = self._world
        method = request.path_params["method"]
        if request.path_params["token"] != world.token or world.profile.is_logged_out:
            return _refused(RefusalError(401, "Unauthorized"))
        parameters: Parameters = {}
        at = world.now()
        if world.faults.take(method, is_early=True) is not None:
            self._note(Call(method, parameters, at))
            raise Cut
        try:
            parameters = await read_parameters(request)
            await world.witness("received", Call(method, parameters, at))
            result = await self._carried_out(method, parameters)
        except RefusalError as error:
            self._note(Call(method, parameters, at, error=error.description))
            return _refused(error)
        except _FaultyError as error:
            self._note(Call(method, parameters, at, error.result, error.fault.description or None))
            return _faulty(error.fault)
        call = Call(method, parameters, at, result)
        self._note(call)
        await world.witness("done", call)
        response = _json(200, {"ok": True, "result": result})
        response.background = BackgroundTask(world.witness, "answered", call)
        return response

    async def _carried_out(self, method: str, parameters: Parameters) -> Any:
        fault = self._world.faults.take(method)
        if fault is not None and not fault.after_effect:
            await _held(fault)
        handler = METHODS.get(method.lower())
        if handler is None:
            raise RefusalError(404, "Not Found: method not found")
        result = handler(self._world, parameters)
        if inspect.isawaitable(result):
            result = await result
        if fault is not None and fault.after_effect:
            self._world.pulse.beat()
            await _held(fault, result)
        return result

    def _note(self, call: Call) -> None:
        self._world.calls.append(call)
        self._world.pulse.beat()

    async def _file(self, request: Request) -> Response:
        if request.path_params["token"] != self._world.token:
            return _refused(RefusalError(401, "Unauthorized"))
        fault = self._world.faults.take("file")
        try:
            if fault is not None:
                await _held(fault)
        except _FaultyError as error:
            return _faulty(error.fault)
        content = self._world.files.fetch(request.path_params["path"])
        if content is None:
            return _refused(RefusalError(404, "Not Found"))
        return Response(content, media_type="application/octet-stream")


class _FaultyError(Exception):
    """The answer is the one that was ordered."""

    def __init__(self, fault: Fault, result: Any) -> None:
        super().__init__(fault.method)
        self.fault = fault
        self.result = result


async def _held(fault: Fault, result: Any = None) -> None:
    """Let *fault* happen; one that only waits ends without harm."""
    if fault.gate is not None:
        await fault.gate.wait()
    else:
        raise _FaultyError(fault, result)


def _faulty(fault: Fault) -> Response:
    if fault.is_cut:
        raise Cut
    if fault.raw is not None:
        return Response(fault.raw, status_code=fault.status, media_type="text/html")
    return _refused(RefusalError(fault.status, fault.description, fault.parameters))


async def _nowhere(_request: Request) -> Response:
    return _refused(RefusalError(404, "Not Found"))


def _refused(error: RefusalError) -> Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.status,
        "description": error.description,
    }
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
        if "retry_after" in error.parameters:
            headers["Retry-After"] = str(error.parameters["retry_after"])
    return _json(error.status, body, headers)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(
        json.dumps(body),
        status_code=status,
        headers=headers,
        media_type="application/json",
    )
