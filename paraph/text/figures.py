"""Do the numbers and dates of two languages agree?

Both texts are read as figures: dates, shares in per cent, articles, numbers. What one language has and the
other lacks is a difference; how often a figure stands is not compared. A number in words answers for one
in digits, and is never missed by itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Literal

Kind = Literal["date", "percent", "article", "number"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text: what it is, its value in one form for all languages, and how it is written."""

    kind: Kind
    value: str  # 2021-02-23, 1200, 12.5, 2.1
    text: str
    place: int  # letters before it
    spelled: bool = False  # in words


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that one language has and another lacks."""

    language: str
    lacking: str
    figure: Figure


_MONTHS = (
    ("january", "январ", "студзен"),
    ("february", "феврал", "лют"),
    ("march", "март", "сакавік"),
    ("april", "апрел", "красавік"),
    ("may", "ма", "ма"),
    ("june", "июн", "чэрвен"),
    ("july", "июл", "ліпен"),
    ("august", "август", "жніўн"),
    ("september", "сентябр", "верас"),
    ("october", "октябр", "кастрычнік"),
    ("november", "ноябр", "лістапад"),
    ("december", "декабр", "снежн"),
)
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]"
    "|декабр[ья]|студзеня|лютага|сакавіка|красавіка|мая|чэрвеня|ліпеня|жніўня|верасня|кастрычніка|лістапада"
    "|снежня"
)
_COUNT = r"\d{1,3}(?:[ \u00a0]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_SCALES = {
    "thousand": 3, "тыс": 3, "тысяч": 3, "тысяча": 3, "тысячи": 3, "тысяч.": 3,
    "million": 6, "млн": 6, "миллион": 6, "мільён": 6,
    "billion": 9, "bn": 9, "mn": 6, "млрд": 9, "миллиард": 9, "мільярд": 9,
}  # fmt: skip
_SCALE = (
    r"thousand|million|billion|bn|mn|тыс(?:яч[аиу]?)?|млн|млрд|миллион\w*|миллиард\w*|мільён\w*|мільярд\w*"
)
_NAMED = (
    r"(?:Articles?|Art\.|paragraphs?|sections?|clauses?|items?|chapters?|annex(?:es)?"
    r"|стат(?:ья|ьи|ье|ью|ьёй|ьей|ей|ьях|ьям)|ст\.|пункт\w*|п\.|раздел\w*|глав\w*|част[ьи]|приложени\w*"
    r"|артыкул\w*|раздзел\w*|дадат\w*)"
)
_FIGURE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
    rf"|(?P<dotted>\b\d{{1,2}}\.\d{{1,2}}\.\d{{4}}\b)"
    rf"|(?P<day>\b\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\w* (?P<year>\d{{4}})\b"
    rf"|(?P<us_month>\b(?:{_MONTH})) (?P<us_day>\d{{1,2}}), (?P<us_year>\d{{4}})\b"
    rf"|\b{_NAMED} (?P<article>\d+(?:\.\d+)*)\b"
    rf"|(?<![\w.,])(?P<count>{_COUNT})(?P<scale>[ \u00a0](?:{_SCALE})\b\.?)?"
    r"(?P<share>[ \u00a0]?%|[ \u00a0](?:per ?cent\b|процент\w*|адсотк\w*|працэнт\w*))?"
    r"(?:-?(?:й|го|му|м|х|ю|я|ый|ая|ое|ой|ые|st|nd|rd|th)\b)?(?![\wА-Яа-яЁё²³])",
    re.I,
)
_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "один": 1, "одного": 1, "одна": 1, "одной": 1, "одно": 1, "два": 2, "две": 2, "двух": 2, "двум": 2,
    "три": 3, "трёх": 3, "трех": 3, "четыре": 4, "четырёх": 4, "четырех": 4, "пять": 5, "пяти": 5,
    "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "девяти": 9,
    "десять": 10, "десяти": 10, "одиннадцать": 11, "одиннадцати": 11, "двенадцать": 12, "двенадцати": 12,
    "пятнадцать": 15, "пятнадцати": 15, "двадцать": 20, "двадцати": 20, "тридцать": 30, "тридцати": 30,
    "сорок": 40, "сорока": 40, "пятьдесят": 50, "пятидесяти": 50, "шестьдесят": 60, "шестидесяти": 60,
    "девяносто": 90, "девяноста": 90, "сто": 100, "ста": 100,
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


def figures(text: str, language: str) -> list[Figure]:
    """
    The figures of a text in their order, those in words too.

    Args:
        text: canonical words, numbers in the place of references.
        language: a code; in English `1,200` is twelve hundred, elsewhere a comma begins the fraction.
    """
    found = [one for match in _FIGURE.finditer(text) if (one := _figure(match, language)) is not None]
    taken = [(one.place, one.place + len(one.text)) for one in found]
    for match in _WORD.finditer(text):
        value = _spelled(match[0])
        if value and not any(begin <= match.start() < end for begin, end in taken):
            found.append(Figure("number", str(value), match[0], match.start(), spelled=True))
    return sorted(found, key=lambda one: one.place)


def differences(texts: Mapping[str, str]) -> list[Difference]:
    """What the languages of one text do not have in common; nothing where figures agree."""
    read = {language: figures(text, language) for language, text in texts.items()}
    found: list[Difference] = []
    for one, other in combinations(read, 2):
        found += _lacking(one, other, read)
        found += _lacking(other, one, read)
    return list(dict.fromkeys(found))


def _lacking(one: str, other: str, read: Mapping[str, Sequence[Figure]]) -> Iterator[Difference]:
    there = {(figure.kind, figure.value) for figure in read[other]}
    seen: set[tuple[str, str]] = set()
    for figure in read[one]:
        key = figure.kind, figure.value
        if not figure.spelled and key not in there and key not in seen:
            seen.add(key)
            yield Difference(one, other, figure)


def _figure(match: "re.Match[str]", language: str) -> Figure | None:
    text, place = match[0], match.start()
    if match["iso"]:
        return Figure("date", match["iso"], text, place)
    if match["dotted"]:
        day, month, year = match["dotted"].split(".")
        return Figure("date", f"{year}-{int(month):02}-{int(day):02}", text, place)
    if match["day"] or match["us_day"]:
        month_said = match["month"] or match["us_month"]
        day, year = match["day"] or match["us_day"], match["year"] or match["us_year"]
        return Figure("date", f"{year}-{_month(month_said):02}-{int(day):02}", text, place)
    if match["article"]:
        return Figure("article", match["article"], text, place)
    value = _number(match["count"], language)
    if value is None:
        return None
    if scale := match["scale"]:
        value = value.scaleb(_power(scale.strip(" \u00a0.")))
    kind: Kind = "percent" if match["share"] else "number"
    return Figure(kind, f"{value.normalize():f}", text, place)


def _number(text: str, language: str) -> Decimal | None:
    plain = text.replace(" ", "").replace("\u00a0", "")
    if language == "en":
        thousands = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain)
        plain = plain.replace(",", "") if thousands else plain.replace(",", ".")
    else:
        plain = plain.replace(",", ".") if plain.count(",") == 1 else plain.replace(",", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _month(said: str) -> int:
    word = said.casefold()
    lengths = {at: max(len(stem) * word.startswith(stem) for stem in stems)
               for at, stems in enumerate(_MONTHS, 1)}  # fmt: skip
    return max(lengths, key=lambda at: lengths[at])


def _power(scale: str) -> int:
    word = scale.casefold()
    return next(power for stem, power in sorted(_SCALES.items(), reverse=True) if word.startswith(stem[:4]))


def _spelled(word: str) -> int:
    """The value of a number in words up to a hundred; 0 where the word is none."""
    parts = [_UNITS.get(part, 0) for part in word.casefold().split("-")]
    if len(parts) == 2 and parts[0] >= 20 > parts[1] > 0:
        return sum(parts)
    return parts[0] if len(parts) == 1 and parts[0] != 1 else 0
