"""The methods by which the bot receives updates: the long poll and the webhook."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.refusal import bad_request, conflict
from sandbox.telegram.updates import HASTY_SECONDS, Update
from sandbox.telegram.webhook import Webhook
from sandbox.telegram.wire import Parameters
from sandbox.telegram.world import World

LONGEST_POLL_SECONDS = 50
BATCH_LIMIT = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_PORTS = {None, 80, 88, 443, 8443}
_LOCAL = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::\d+)?(?:/|$)")


async def get_updates(world: World, parameters: Parameters) -> list[Update]:
    """Return what has happened, or wait until something does."""
    if world.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    queue = world.updates
    offset = int(parameters.get("offset") or 0)
    queue.allow(parameters.get("allowed_updates"))
    queue.confirm(offset)
    limit = min(max(int(parameters.get("limit") or BATCH_LIMIT), 1), BATCH_LIMIT)
    turn = queue.take_turn(offset, limit)
    world.pulse.beat()
    wait_seconds = min(max(int(parameters.get("timeout") or 0), 0), LONGEST_POLL_SECONDS)
    if turn.is_hasty and world.limits.is_enforced:
        wait_seconds = max(wait_seconds, HASTY_SECONDS)
    try:
        async with asyncio.timeout(wait_seconds):
            while turn.displaced_by is None and not (batch := queue.batch(turn.limit)):
                turn.woken.clear()
                await turn.woken.wait()
    except TimeoutError:
        batch = []
    finally:
        queue.end_turn(turn)
    if turn.displaced_by is not None:
        raise conflict(f"terminated by {turn.displaced_by}")
    return batch


async def set_webhook(world: World, parameters: Parameters) -> bool:
    """Have updates sent to an address; an empty one takes the webhook away."""
    url = str(parameters.get("url") or "")
    if not url:
        return await delete_webhook(world, parameters)
    if not url.startswith("https://") and not _LOCAL.match(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _LOCAL.match(url) and urlsplit(url).port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = str(parameters.get("secret_token") or "")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    await _stop(world)
    world.updates.displace("setWebhook request")
    world.updates.allow(parameters.get("allowed_updates"))
    if parameters.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = Webhook(
        url=url,
        secret=secret,
        max_connections=int(parameters.get("max_connections") or 40),
        ip_address=parameters.get("ip_address"),
    )
    world.webhook.start(world)
    return True


async def delete_webhook(world: World, parameters: Parameters) -> bool:
    """Take the webhook away, so that the bot may poll again."""
    await _stop(world)
    if parameters.get("drop_pending_updates"):
        world.updates.drop()
    return True


async def _stop(world: World) -> None:
    if world.webhook is not None:
        await world.webhook.stop()
        world.webhook = None


def get_webhook_info(world: World, _parameters: Parameters) -> dict[str, Any]:
    """Return what the webhook is and how it fares."""
    info: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if world.updates.allowed:
        info["allowed_updates"] = list(world.updates.allowed)
    return info if world.webhook is None else {**info, **world.webhook.info()}
