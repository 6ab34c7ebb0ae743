"""Which day do the words of a deadline mean, and how are they understood?

A day may be written in several ways; a quarter, a half, a month or a year means its last day, and a time from
one of these to another the last day of that one. Words that could mean one of two days are not understood:
"by December" may be its first day or its last, and 01/02/2022 of January or of February.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from paraph.sentences import Sentence, _

_LAST = _("“%(words)s” is read as %(date)s, the last day of that period.")
_ITSELF = _("“%(words)s” is read as %(date)s itself; where the day before is meant, write that day.")
_BEFORE = _("“%(words)s” is read as %(date)s, the day before.")
_MONTHS = (
    "jan(?:uary|\\.)?|январ[ьяе]|янв\\.",
    "feb(?:ruary|\\.)?|феврал[ьяе]|февр?\\.",
    "mar(?:ch|\\.)?|март[ае]?",
    "apr(?:il|\\.)?|апрел[ьяе]|апр\\.",
    "may|ма[йяе]",
    "june?|июн[ьяе]",
    "july?|июл[ьяе]",
    "aug(?:ust|\\.)?|август[ае]?|авг\\.",
    "sept?(?:ember|\\.)?|сентябр[ьяе]|сент\\.",
    "oct(?:ober|\\.)?|октябр[ьяе]|окт\\.",
    "nov(?:ember|\\.)?|ноябр[ьяе]|нояб\\.",
    "dec(?:ember|\\.)?|декабр[ьяе]|дек\\.",
)
_COUNTS = (
    "i|1(?:st)?|1-?(?:й|ый|е|ое|м|ом)|first|перв(?:ый|ое|ого|ом)",
    "ii|2(?:nd)?|2-?(?:й|ой|е|ое|м|ом)|second|втор(?:ой|ое|ого|ом)",
    "iii|3(?:rd)?|3-?(?:й|ий|м|ем)|third|трет(?:ий|ьего|ьем)",
    "iv|4(?:th)?|4-?(?:й|ый|м|ом)|fourth|четв[её]рт(?:ый|ого|ом)",
)


def _any(kinds: tuple[str, ...]) -> str:
    return "|".join(f"(?:{one})" for one in kinds)


_MONTH, _COUNT = _any(_MONTHS), _any(_COUNTS)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?: ?(?:г\.?|года?|году|гг\.?|год[ыов]{1,2}|годах))?"
_OF = r"(?: of|,)? ?"
_DAYS = (
    r"(?P<year>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?: г\.?)?",
    r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<year>\d{4}|\d\d)(?: ?(?:г\.?|года))?",
    r"(?P<d>1[3-9]|2\d|3[01])/(?P<m>\d{1,2})/(?P<year>\d{4})",
    r"(?P<m>\d{1,2})/(?P<d>1[3-9]|2\d|3[01])/(?P<year>\d{4})",
    rf"[«“\"]?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[»”\"]? (?:of )?(?P<month>{_MONTH}),? {_YEAR}",
    rf"(?P<month>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
)
_TIMES = (
    rf"(?:(?P<from>{_COUNT}) ?[–—-] ?)?(?P<quarter>{_COUNT})[ -]?(?:кв(?:артал(?:а|е|ы|ов|ах)?|\.)|quarters?)"
    rf"{_OF}{_YEAR}",
    rf"(?P<half>{_COUNT})[ -]?(?:полугоди(?:е|я|и)|half(?:[ -]year)?){_OF}{_YEAR}",
    rf"(?:q(?P<quarter>[1-4])|(?P<qq>[1-4])q){_OF}[/-]?{_YEAR}",
    rf"(?:h(?P<half>[12])|(?P<hh>[12])h){_OF}[/-]?{_YEAR}",
    rf"{_YEAR}[ /-]?(?:q(?P<quarter>[1-4])|h(?P<half>[12]))",
    rf"(?:quarter|квартал) (?P<quarter>{_COUNT}){_OF}{_YEAR}",
    rf"(?P<month>{_MONTH}){_OF}{_YEAR}",
    r"(?P<m>\d{1,2})[./](?P<year>(?:19|20)\d\d)(?: ?г\.?)?",
    rf"(?:(?P<from>(?:19|20)\d\d) ?[–—-] ?)?{_YEAR}",
)
_WITHIN = (
    "in the course of|in|during|within|throughout|not later than|no later than|at the latest in|"
    "в течение|на протяжении|в|во|не позднее|не позже"
)
_END = (
    "(?:(?:by|at|until|till|before|in|no later than|not later than) )?(?:the )?end[ -](?:of )?|"
    "(?:(?:до|к|в|не позднее|не позже) )?кон(?:ца|цу|це|ец) "
)
_BY = "before|prior to|by|until|till|not later than|no later than|on|до|к|ко|не позднее|не позже"
_IN = re.compile(rf"^(?:(?:{_WITHIN}) |{_END})?(?:the )?")
_ON = re.compile(rf"(?P<how>{_BY}) (?P<day>.+?)(?P<inclusive>,? (?:включительно|inclusive))?")
_FROM, _TO = re.compile("^(?:from|с|со) "), re.compile(" ?[–—-] ?| (?:to|по) ")
_SPAN = 80  # letters of words that name a time from one day to another
_A_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day of a deadline."""

    date: str  # ISO
    how: Sentence | None = None  # how its words were understood, where they name no day plainly


def deadline_in(text: str) -> Deadline:
    """
    The day that a deadline means, in English or Russian words or in digits.

    Raises:
        ValueError: it means none, or could mean one of two.
    """
    words = " ".join(text.split())
    plain = words.casefold().translate({ord("і"): "i", ord("ё"): "е"}).rstrip(" .;,")
    if day := _day(plain):
        return Deadline(day.isoformat())
    if (found := _ON.fullmatch(plain)) and (day := _day(found["day"])):
        return _by(words, day, found["how"], bool(found["inclusive"]))
    if day := _last_day(_IN.sub("", plain)):
        return Deadline(day.isoformat(), _how(_LAST, words, day))
    if day := _last_of_span(plain):
        return Deadline(day.isoformat(), _how(_LAST, words, day))
    raise ValueError(text)


def _last_of_span(text: str) -> date | None:
    """The last day of a time that begins in one period and ends in another; None where it is none."""
    text = _FROM.sub("", _IN.sub("", text)) if len(text) <= _SPAN else ""
    for between in _TO.finditer(text):
        first, last = text[: between.start()], text[between.end() :]
        end, year = _day(last) or _last_day(last), _A_YEAR.search(last)
        if end is None or year is None:
            continue
        ways = first, f"{first} {year[0]}", f"{first}.{year[0]}"
        begin = next((day for one in ways if (day := _day(one) or _last_day(one))), None)
        if begin is not None and begin < end:
            return end
    return None


def _by(words: str, day: date, how: str, inclusive: bool) -> Deadline:
    """A deadline that names a day and says on which side of it."""
    if how in ("before", "prior to"):
        day = date.fromordinal(day.toordinal() - 1)
        return Deadline(day.isoformat(), _how(_BEFORE, words, day))
    if how in ("до", "until", "till") and not inclusive:
        return Deadline(day.isoformat(), _how(_ITSELF, words, day))
    return Deadline(day.isoformat())


def _how(template: str, words: str, day: date) -> Sentence:
    return Sentence(template, {"words": words[:80], "date": day.isoformat()})


def _day(text: str) -> date | None:
    for pattern in _DAYS:
        if found := re.fullmatch(pattern, text):
            said = found.groupdict()
            month = int(said["m"]) if said.get("m") else _place(said["month"], _MONTHS)
            year = int(said["year"])
            return date(year if year > 99 else 2000 + year, month, int(said["d"]))
    return None


def _last_day(text: str) -> date | None:
    """The last day of a quarter, a half, a month or a year."""
    for pattern in _TIMES:
        found = re.fullmatch(pattern, text)
        if found is None:
            continue
        said = {name: part for name, part in found.groupdict().items() if part}
        year, month = int(said["year"]), 12
        if "month" in said or "m" in said:
            month = int(said["m"]) if "m" in said else _place(said["month"], _MONTHS)
        elif quarter := said.get("quarter") or said.get("qq"):
            month = 3 * _place(quarter, _COUNTS)
        elif half := said.get("half") or said.get("hh"):
            month = 6 * _place(half, _COUNTS)
        begins = _place(said["from"], _COUNTS) * 3 if "quarter" in said and "from" in said else 0
        if (
            not 0 < month <= 12
            or begins >= month
            or ("from" in said and not begins and int(said["from"]) >= year)
        ):
            return None
        return date(year, month, monthrange(year, month)[1])
    return None


def _place(text: str, kinds: tuple[str, ...]) -> int:
    """Which of some kinds of words it is, from 1."""
    return next(at for at, kind in enumerate(kinds, 1) if re.fullmatch(kind, text))
