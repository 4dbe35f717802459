"""What a query is called."""

from handlers.stats.query import Query


def title(query: Query, language: str) -> str:
    """Return what *query* is called, in one line."""
    del language
    return ", ".join([query.kind, *query.body.get("dimensions", [])])
