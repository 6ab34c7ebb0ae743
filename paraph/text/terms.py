"""Does an agreed term stand in every language of a text where it stands in one?

Words are inflected, so a term is found by its stems: «природный газ» stands in «цены природного газа».
"""

import re
from collections.abc import Mapping
from functools import lru_cache

_WORD = re.compile(r"[\w’'-]+")
_SHORT = 3  # letters of a word that loses no ending


def stands(term: str, text: str) -> bool:
    """Say whether a term stands in a text, in whatever form of its words."""
    return bool(term) and _pattern(term).search(text) is not None


def lacking(term: Mapping[str, str], texts: Mapping[str, str]) -> list[str]:
    """
    The languages whose text lacks a term that stands in another language of it.

    Args:
        term: language -> the agreed term.
        texts: language -> the same words in it.
    """
    found = {one: stands(term[one], text) for one, text in texts.items() if term.get(one) and text}
    return [one for one, there in found.items() if not there] if any(found.values()) else []


@lru_cache(maxsize=2_000)
def _pattern(term: str) -> "re.Pattern[str]":
    return re.compile(r"\b" + r"\s+".join(_stem(word) for word in _WORD.findall(term)) + r"\b", re.I)


def _stem(word: str) -> str:
    if word.isupper():
        return re.escape(word)  # НДС
    if word.isascii():
        return re.escape(word[:-1]) + rf"(?:{re.escape(word[-1])}(?:e?s|’s|'s)?|ies)"
    if len(word) <= _SHORT:
        return re.escape(word) + r"\w{0,2}"
    return re.escape(word[: -2 if len(word) > 5 else -1]) + r"\w{0,4}"
