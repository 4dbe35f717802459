"""The words: one dataclass with a field per sentence, one instance per language."""

from handlers.texts.base import Texts
from handlers.texts.en import ENGLISH
from handlers.texts.ru import RUSSIAN

LANGUAGES = {"ru": "Русский", "en": "English"}
# People with these languages in Telegram read Russian rather than English.
RUSSIAN_SPEAKING = ("ru", "uk", "be", "kk")


def texts_for(language: str) -> Texts:
    """Return the words for a language code such as "en" or "pt-br"."""
    return RUSSIAN if language.split("-", maxsplit=1)[0].lower() in RUSSIAN_SPEAKING else ENGLISH


__all__ = ["ENGLISH", "LANGUAGES", "RUSSIAN", "RUSSIAN_SPEAKING", "Texts", "texts_for"]
