"""What is the one way to write words? Canonical form c14n-1.

NFC, one space between words, a line feed between paragraphs, nothing invisible, and no word that
mixes Latin and Cyrillic letters. It is tied to Unicode 14.0 by a table of its own. Composition of
assigned characters never changes between versions of Unicode, so the interpreter's own NFC is safe
once unassigned ones are refused. `docs/reference/text.md` gives every rule.
"""

import re
import unicodedata
from functools import cache
from typing import Any, NoReturn

from paraph.sentences import _
from paraph.text import unicode14
from paraph.text.errors import TextRefused


def _inside(table: str, end: int = 0x110000) -> str:
    """What stands between the brackets of a regular expression class, for code points before `end`."""
    parts = []
    for piece in table.split(","):
        first, _dash, last = piece.partition("-")
        if int(first, 16) < end:
            parts.append(f"\\U{int(first, 16):08x}-\\U{min(int(last or first, 16), end - 1):08x}")
    return "".join(parts)


@cache
def _class(pattern: str) -> re.Pattern[str]:
    """A pattern of large classes, compiled when the first words need it: that takes 10 to 20 ms."""
    return re.compile(pattern)


_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(" ?(?:\r\n|\r|\n|\u2028|\u2029|\x85) ?")
_LINES = re.compile("\n+")

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0"
_VARIATION = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SURROGATE = "\ud800-\udfff"

# Most words are plain: nothing in them is refused, and they are in NFC. Failing that most are safe:
# nothing is refused. Both classes end early, because a range beyond U+FFFF is slow to test.
_SIGNS = "\n\u00a7\u00ab\u00bb\u2013\u2014\u2018-\u201e\u2026\u2116"
_PLAIN_CYRILLIC = "\u0400-\u0482\u048a-\u04ff"
_PLAIN = re.compile(f"[{_SIGNS}\x20-\x7e{_PLAIN_CYRILLIC}]*")
_PLAIN_WORD = re.compile("[A-Za-z\u0400-\u0481\u048a-\u04ff]+")
_PLAIN_ONE = re.compile(f"[{_SIGNS}\x20-@\\[-`{{-~{_PLAIN_CYRILLIC}]*|[{_SIGNS}\x20-\x7e]*")
_SAFE = (
    f"[^{_CONTROL}{_BIDI}{_FILLERS}{_SURROGATE}\ufe00-\ufe0f\U00010000-\U0010ffff"
    + "".join(
        _inside(table, 0x10000)
        for table in (unicode14.FORMAT, unicode14.PRIVATE, unicode14.UNASSIGNED, unicode14.MARKS)
    )
    + "]*"
)
_MARKS = f"([{_inside(unicode14.MARKS)}]{{2}})[{_inside(unicode14.MARKS)}]+"
# Composition takes at most three marks into a letter and two into a mark. A longer run stays too long
# whatever it composes to, and would make composing it slow.
_ENDLESS = f"([{_inside(unicode14.MARKS)}]{{2}})[{_inside(unicode14.MARKS)}]{{10,}}"

_WORD = f"[{_inside(unicode14.LETTERS)}{_inside(unicode14.MARKS)}]+"
_LATIN = re.compile(f"[{_inside(unicode14.LATIN)}]")
_CYRILLIC = re.compile(f"[{_inside(unicode14.CYRILLIC)}]")
_MIXED_PLAIN = re.compile("[A-Za-z](?:(?=[\u0400-\u04ff])|(?<=[\u0400-\u04ff].))")

_TO_LATIN = str.maketrans("АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝЁЇёї", "ABESIJKMHOPCTXYaesijopcyxhdqwËÏëï")
_TO_CYRILLIC = str.maketrans("ABEIJKMHOPCTXYSaeijopcyxsËÏëï", "АВЕІЈКМНОРСТХУЅаеіјорсухѕЁЇёї")
_TO_RUSSIAN = str.maketrans("ABEKMHOPCTXYaeopcyxËë", "АВЕКМНОРСТХУаеорсухЁё")
_ORDINAL = re.compile("(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")

_REFUSED = (
    (
        "control",
        f"[{_CONTROL}]",
        _("A control character (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "bidi",
        f"[{_BIDI}]",
        _("A mark of writing direction (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "variation",
        f"[{_VARIATION}]",
        _("A variation selector (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "invisible",
        f"[{_inside(unicode14.FORMAT)}{_FILLERS}]",
        _("An invisible character (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "private",
        f"[{_inside(unicode14.PRIVATE)}]",
        _("A private character (%(code)s) stands at position %(place)s; write an ordinary one."),
    ),
    (
        "surrogate",
        f"[{_SURROGATE}]",
        _("Half a character (%(code)s) stands at position %(place)s; remove it."),
    ),
    (
        "unassigned",
        f"[{_inside(unicode14.UNASSIGNED)}]",
        _("A character unknown to Unicode 14.0 (%(code)s) stands at position %(place)s; write another."),
    ),
)
_TOO_MANY = _("More than two marks stand on one letter at position %(place)s; remove some.")


def canonical(words: str | bytes) -> str:
    """The canonical form of words; TextRefused says what stands in the way, and the fix."""
    if isinstance(words, bytes):
        try:
            words = words.decode()
        except UnicodeDecodeError as error:
            raise TextRefused(
                "encoding", _("Byte %(place)s is not UTF-8; save the text as UTF-8."), place=error.start + 1
            ) from None
    one = _PLAIN_ONE.fullmatch(words) is not None
    plain = one or _PLAIN.fullmatch(words) is not None
    if not plain:
        words = _composed(words)
    if not plain or "  " in words:
        words = _SPACES.sub(" ", words)
    if not plain or "\n" in words:
        words = _LINES.sub("\n", _BREAKS.sub("\n", words))
    words = words.strip(" \n")
    if one:
        return words
    if _MIXED_PLAIN.search(words) if plain else _CYRILLIC.search(words) and _LATIN.search(words):
        _check_words(words)
    return words


def _composed(words: str) -> str:
    """The words in NFC; what could deceive is refused before, too many marks after."""
    if not _class(_SAFE).fullmatch(words):
        for kind, pattern, template in _REFUSED:
            _check(words, kind, pattern, template)
        _check(words, "marks", _ENDLESS, _TOO_MANY, r"\1")
    words = unicodedata.normalize("NFC", words)
    if not _class(_SAFE).fullmatch(words):
        _check(words, "marks", _MARKS, _TOO_MANY, r"\1")
    return words


def _check(words: str, kind: str, pattern: str, template: str, instead: str = "") -> None:
    found = _class(pattern).search(words)
    if found is not None:
        raise TextRefused(
            kind,
            template,
            fix=_class(pattern).sub(instead, words),
            code=f"U+{ord(found[0][0]):04X}",
            **_where(words, found.start()),
        )


def _where(words: str, start: int) -> dict[str, Any]:
    """The position in the words, and the line it is on, as people count."""
    return {"place": start + 1, "line": words.count("\n", 0, start) + 1}


def _check_words(words: str) -> None:
    """Refuse the first word that mixes the two scripts, and offer the one that was meant."""
    for found in _class(_WORD).finditer(words):
        word = found[0]
        if _mixes(word):
            _refuse_mixed(words, word, found.start())


def _mixes(word: str) -> bool:
    return _CYRILLIC.search(word) is not None and _LATIN.search(word) is not None


def _refuse_mixed(words: str, word: str, start: int) -> NoReturn:
    latin = word.translate(_TO_LATIN)
    candidates = [word.translate(_TO_RUSSIAN), word.translate(_TO_CYRILLIC), latin]
    if _ORDINAL.fullmatch(latin):
        candidates.insert(0, latin)  # XIX, not ХІХ
    for meant in candidates:
        if not _mixes(meant):
            raise TextRefused(
                "mixed",
                _("The word “%(word)s” mixes Latin and Cyrillic letters; “%(meant)s” is meant."),
                fix=words[:start] + meant + words[start + len(word) :],
                word=word,
                meant=meant,
                **_where(words, start),
            )
    raise TextRefused(
        "mixed",
        _("The word “%(word)s” mixes Latin and Cyrillic letters; write it in one of the two."),
        word=word,
        **_where(words, start),
    )


_SAME_LOOK = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухһԁԛԝѵӀӏҮԚԜ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρϲϳ" + "ɑɡ" + "–—−‐‑„“”«»‘’ʼ",
    "ABESIJKMHOPCTXYaesijopcyxhdqwvIlYQW" + "ABEZHIKMNOPTYXoavpcj" + "ag" + '-----"""""' + "'" * 3,
)


def skeleton(words: str) -> str:
    """What the words look like: equal skeletons of different words look the same and are not."""
    return unicodedata.normalize("NFD", words).translate(_SAME_LOOK)


def words_in(text: str) -> list[str]:
    """The words of a text: runs of letters and marks."""
    return (_PLAIN_WORD if _PLAIN.fullmatch(text) else _class(_WORD)).findall(text)


def mixed_words(text: str) -> list[str]:
    """The words that mix Latin and Cyrillic letters, each once; the canonical form refuses them."""
    if not (_CYRILLIC.search(text) and _LATIN.search(text)):
        return []
    return list(dict.fromkeys(word for word in words_in(text) if _mixes(word)))


def mended(words: str) -> str | None:
    """The words with every fix taken that canonical offers; None where only a person can mend them."""
    for _fault in range(1_000):
        try:
            return canonical(words)
        except TextRefused as refused:
            if refused.fix is None:
                return None
            words = refused.fix
    return None


def looks_alike(one: str, other: str) -> bool:
    """Say whether two texts look the same, and are not."""
    return one != other and skeleton(one) == skeleton(other)
