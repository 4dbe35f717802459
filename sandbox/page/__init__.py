"""A page in the browser: the chats, the bot's answers, and the tracker beside them."""

from sandbox.page.serve import page, show

__all__ = ["page", "show"]
