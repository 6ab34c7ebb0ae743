"""What is the one way to write words? Canonical form c14n-1.

NFC, one space between words, a line feed between paragraphs, nothing invisible, and no word that
mixes Latin and Cyrillic letters. It is tied to Unicode 14.0 by a table of its own. Composition of
assigned characters never changes between versions of Unicode, so the interpreter's own NFC is safe
once unassigned ones are refused.
"""

import re
import unicodedata
from typing import NoReturn

from paraph.sentences import _
from paraph.text import unicode14
from paraph.text.errors import TextRefused


def _class(*tables: str, extra: str = "") -> str:
    """A regular expression class from tables of ranges."""
    parts = []
    for table in tables:
        for piece in table.split(","):
            ends = piece.split("-")
            parts.append("-".join(f"\\U{int(end, 16):08x}" for end in ends))
    return "[" + "".join(parts) + extra + "]"


_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(" ?(?:\r\n|\r|\n|\u2028|\u2029|\x85) ?")
_LINES = re.compile("\n+")
_PLAIN = re.compile(
    "[\n\x20-\x7e\u00a7\u00ab\u00bb\u0400-\u0482\u048a-\u04ff\u2013\u2014\u2018-\u201e\u2026\u2116]*"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    _class(unicode14.FORMAT, extra="\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0")
)
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_PRIVATE = re.compile(_class(unicode14.PRIVATE))
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNASSIGNED = re.compile(_class(unicode14.UNASSIGNED))
_MARKS = re.compile(_class(unicode14.MARKS) + "{3,}")
_WORD = re.compile(f"(?:{_class(unicode14.LETTERS)}|{_class(unicode14.MARKS)})+")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile("[\u0400-\u052f\u1c80-\u1c88\u1d2b\u2de0-\u2dff\ua640-\ua69f]")
_MIXED = re.compile(
    "[A-Za-z\u00c0-\u024f][\u0300-\u036f\u0400-\u052f]|[\u0400-\u052f][\u0300-\u036fA-Za-z\u00c0-\u024f]"
)

_CYRILLIC_AS_LATIN = str.maketrans("АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝ", "ABESIJKMHOPCTXYaesijopcyxhdqw")
_LATIN_AS_CYRILLIC = str.maketrans("ABEIJKMHOPCTXYSaeijopcyxs", "АВЕІЈКМНОРСТХУЅаеіјорсухѕ")
_RUSSIAN = str.maketrans("ABEKMHOPCTXYaeopcyx", "АВЕКМНОРСТХУаеорсух")

_REFUSED = (
    ("control", _CONTROL, _("A control character (%(code)s) stands at position %(place)s; remove it.")),
    ("bidi", _BIDI, _("A mark of writing direction (%(code)s) stands at position %(place)s; remove it.")),
    (
        "variation",
        _VARIATION,
        _("A variation selector (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "invisible",
        _INVISIBLE,
        _("An invisible character (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "private",
        _PRIVATE,
        _("A private character (%(code)s) stands at position %(place)s; write an ordinary one."),
    ),
    (
        "surrogate",
        _SURROGATE,
        _("Half a character (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "unassigned",
        _UNASSIGNED,
        _("A character unknown to Unicode 14.0 (%(code)s) stands at position %(place)s; write another."),
    ),
    ("marks", _MARKS, _("More than two marks stand on one letter at position %(place)s; remove some.")),
)


def canonical(words: str | bytes) -> str:
    """The canonical form of words; TextRefused says what stands in the way, and the fix."""
    if isinstance(words, bytes):
        try:
            words = words.decode()
        except UnicodeDecodeError as error:
            raise TextRefused(
                "encoding", _("Byte %(place)s is not UTF-8; save the text as UTF-8."), place=error.start + 1
            ) from None
    if _PLAIN.fullmatch(words):
        if "\n" not in words and "  " not in words and words[:1] != " " and words[-1:] != " ":
            if _MIXED.search(words):
                _check_words(words)
            return words
    else:
        _check_characters(words)
        words = unicodedata.normalize("NFC", words)
        _check(words, "marks", _MARKS, _REFUSED[-1][2])
    words = _SPACES.sub(" ", words)
    words = _LINES.sub("\n", _BREAKS.sub("\n", words)).strip(" \n")
    if _MIXED.search(words):
        _check_words(words)
    return words


def _check_characters(words: str) -> None:
    for code, pattern, template in _REFUSED:
        _check(words, code, pattern, template)


def _check(words: str, code: str, pattern: re.Pattern[str], template: str) -> None:
    found = pattern.search(words)
    if found is not None:
        raise TextRefused(
            code,
            template,
            fix=pattern.sub("", words),
            code=f"U+{ord(found[0][0]):04X}",
            place=found.start() + 1,
        )


def _check_words(words: str) -> None:
    """Refuse the first word that mixes the two scripts, and offer the one that was meant."""
    for found in _WORD.finditer(words):
        word = found[0]
        if _LATIN.search(word) and _CYRILLIC.search(word):
            _refuse_mixed(words, word, found.start())


def _refuse_mixed(words: str, word: str, place: int) -> NoReturn:
    for meant in (
        word.translate(_RUSSIAN),
        word.translate(_LATIN_AS_CYRILLIC),
        word.translate(_CYRILLIC_AS_LATIN),
    ):
        if not (_LATIN.search(meant) and _CYRILLIC.search(meant)):
            raise TextRefused(
                "mixed",
                _("The word “%(word)s” mixes Latin and Cyrillic letters; “%(meant)s” is meant."),
                fix=words[:place] + meant + words[place + len(word) :],
                word=word,
                meant=meant,
            )
    raise TextRefused(
        "mixed",
        _("The word “%(word)s” mixes Latin and Cyrillic letters; write it in one of the two."),
        word=word,
    )


_SAME_LOOK = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοѵ–—−‐‑„“”«»‘’",
    'ABESIJKMHOPCTXYaesijopcyxhdqwABEZHIKMNOPTYXov-----"""""' + "''",
)


def skeleton(words: str) -> str:
    """What the words look like: equal skeletons of different words look the same and are not."""
    return words.translate(_SAME_LOOK)


def looks_alike(one: str, other: str) -> bool:
    """Say whether two texts look the same, and are not."""
    return one != other and skeleton(one) == skeleton(other)
