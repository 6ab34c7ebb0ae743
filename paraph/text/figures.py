"""Do the numbers and dates of two languages agree?

Both texts are read as figures: dates, shares in per cent, articles, numbers. What one language has and the
other lacks is a difference; how often a figure stands is not compared. A number in words answers for one
in digits; it is missed itself only where the other language has a number that answers to nothing, for *the
two Parties* may be *the Parties* there.
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
_SPELLED = {
    1: "one один одна одно одного одной одному одним",
    2: "two два две двух двум двумя",
    3: "three три трёх трех трём трем тремя",
    4: "four четыре четырёх четырех четырём четырем четырьмя",
    5: "five пять пяти пятью",
    6: "six шесть шести шестью",
    7: "seven семь семи",
    8: "eight восемь восьми восемью восьмью",
    9: "nine девять девяти девятью",
    10: "ten десять десяти десятью",
    11: "eleven одиннадцать одиннадцати одиннадцатью",
    12: "twelve двенадцать двенадцати двенадцатью",
    13: "thirteen тринадцать тринадцати тринадцатью",
    14: "fourteen четырнадцать четырнадцати четырнадцатью",
    15: "fifteen пятнадцать пятнадцати пятнадцатью",
    16: "sixteen шестнадцать шестнадцати шестнадцатью",
    17: "seventeen семнадцать семнадцати семнадцатью",
    18: "eighteen восемнадцать восемнадцати восемнадцатью",
    19: "nineteen девятнадцать девятнадцати девятнадцатью",
    20: "twenty двадцать двадцати двадцатью",
    30: "thirty тридцать тридцати тридцатью",
    40: "forty сорок сорока",
    50: "fifty пятьдесят пятидесяти",
    60: "sixty шестьдесят шестидесяти",
    70: "seventy семьдесят семидесяти",
    80: "eighty восемьдесят восьмидесяти",
    90: "ninety девяносто девяноста",
    100: "hundred сто ста",
    200: "двести двухсот",
    300: "триста трёхсот трехсот",
    400: "четыреста четырёхсот четырехсот",
    500: "пятьсот пятисот",
}
_VALUES = {word: value for value, words in _SPELLED.items() for word in words.split()}
_WORDS = "|".join(sorted(_VALUES, key=len, reverse=True))
_NUMBER = re.compile(rf"\b(?:{_WORDS})(?:(?:[ -]| and )(?:{_WORDS}))*\b", re.I)  # twenty-one, сто двадцати


def figures(text: str, language: str) -> list[Figure]:
    """
    The figures of a text in their order, those in words too.

    Args:
        text: canonical words, numbers in the place of references.
        language: a code; in English `1,200` is twelve hundred, elsewhere a comma begins the fraction.
    """
    found = [one for match in _FIGURE.finditer(text) if (one := _figure(match, language)) is not None]
    taken = [(one.place, one.place + len(one.text)) for one in found]
    for match in _NUMBER.finditer(text):
        if not any(begin <= match.start() < end for begin, end in taken):
            found += _spelled(match)
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
    answered = any(figure.kind == "number" for figure in _alone(read[other], read[one]))
    seen: set[tuple[str, str]] = set()
    for figure in _alone(read[one], read[other]):
        key = figure.kind, figure.value
        if key not in seen and (answered or not figure.spelled):
            seen.add(key)
            yield Difference(one, other, figure)


def _alone(said: Sequence[Figure], others: Sequence[Figure]) -> list[Figure]:
    """Figures that others lack."""
    there = {(figure.kind, figure.value) for figure in others}
    return [figure for figure in said if (figure.kind, figure.value) not in there]


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


def _spelled(match: "re.Match[str]") -> Iterator[Figure]:
    """The numbers that words in a row say: *twenty-one* is one, *two and three* are two."""
    value = begin = end = 0
    for word in re.finditer(r"[^\W\d_]+", match[0]):
        part = _VALUES.get(word[0].casefold(), 0)
        if part == 100 and 1 <= value < 10:
            value *= 100
        elif part and _goes_on(value, part):
            value += part
        elif part:
            if value > 1:
                yield _in_words(match, value, begin, end)
            value, begin = part, word.start()
        end = word.end() if part else end
    if value > 1:  # one is an article as often as a number
        yield _in_words(match, value, begin, end)


def _goes_on(value: int, part: int) -> bool:
    """Whether a word adds to what the words before it say: to hundreds, or to tens."""
    hundreds = value >= 100 and value % 100 == 0 and part < 100
    return hundreds or (value >= 20 and value % 10 == 0 and part < 10)


def _in_words(match: "re.Match[str]", value: int, begin: int, end: int) -> Figure:
    return Figure("number", str(value), match[0][begin:end], match.start() + begin, spelled=True)
