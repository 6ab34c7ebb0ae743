"""What does the head of a column say stands below it?

Papers of ours name a cell of a measure, a party and a language; those of others use other words for the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from paraph.acts import CELLS
from paraph.papers.labels import label
from paraph.papers.measures import TARGETS
from paraph.state.programme import Programme

TONGUES = ("en", "ru")  # in which papers have words of their own
_CALLED = {  # what others call it
    "action": "Actions|Measure|Measures|Activity|Activities|Мероприятия|Наименование мероприятия|"
    "Содержание мероприятия|Мера|Меры|Действие|Действия",
    "bodies": "Responsible body|Responsible bodies|Responsible party|Lead body|Ответственный|Ответственные|"
    "Ответственный исполнитель|Ответственные органы|Исполнитель|Исполнители",
    "deadline": "Due date|Due by|Date|Term|By when|Сроки|Срок исполнения|Сроки исполнения|Срок реализации|"
    "Сроки реализации|Срок выполнения|Дата",
    "completion": "Form|Result|Expected result|Output|Deliverable|Вид документа|Результат|"
    "Ожидаемый результат|Форма|Форма реализации",
    "indicator": "Indicators|Показатели|Индикатор|Целевой показатель",
}
_BESIDE = re.compile(r"(?:№|N[oº]?|#|number|номер)?[\s./]*(?:п[\s./]*п)?[\s.]*", re.IGNORECASE)  # № п/п
_PARTS = re.compile(r"[,;:()\n/]|\s[–—-]\s")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a column."""

    cell: str = ""  # of a measure, or unit, target or source of its indicator
    party: str = ""  # whose words, or whose bodies
    language: str = ""
    compromise: bool = False

    @property
    def belongs(self) -> str:
        """The cell of a measure that it belongs to."""
        return "indicator" if self.cell in TARGETS else self.cell

    @property
    def whose(self) -> str:
        """Whose words of one subject stand in it, where a table has several columns of them."""
        if self.language:
            return f"language {self.language}"
        if self.compromise:
            return "compromise"
        return f"party {self.party}" if self.party and not self.cell else ""


Heads = Mapping[str, Head]  # what a head says, codes as they are, words in small letters -> what stands below


def heads(programme: Programme) -> Heads:
    """The heads that are known in a programme."""
    found = {one: Head(cell) for cell, called in _CALLED.items() for one in called.split("|")}
    for tongue in TONGUES:
        found |= {label(tongue, cell): Head(cell) for cell in (*CELLS, *TARGETS)}
        found[label(tongue, "compromise")] = Head(compromise=True)
    for party in programme.charter.parties:
        found |= dict.fromkeys(party.name.values(), Head(party=party.code))
    tongues = programme.charter.languages
    for language in {"en", "ru", "be"} & {*tongues}:
        found |= {label(tongue, f"language_{language}"): Head(language=language) for tongue in TONGUES}
    codes = {language: Head(language=language) for language in tongues}
    codes |= {party.code: Head(party=party.code) for party in programme.charter.parties}
    return {_plain(said): head for said, head in found.items()} | codes


def only_counts(text: str) -> bool:
    """Whether a head stands above what names a row and says nothing of its measure."""
    names = {_plain(label(tongue, name)) for tongue in TONGUES for name in ("number", "map")}
    return _plain(text) in names or _BESIDE.fullmatch(text.strip()) is not None


def head_of(text: str, known: Heads) -> Head | None:
    """What a head says, in one of its parts after the other; None where that is not known."""
    whole = _plain(text)
    found = _exact(text, known)
    if found is not None:
        return found
    parts = [_exact(part, known) for part in _PARTS.split(text) if part.strip()]
    first = parts[0] if parts else None
    if first is not None and first.cell:
        for part in parts[1:]:
            if part is not None:
                first = replace(
                    first, party=part.party or first.party, language=part.language or first.language
                )
        return first
    begins = [said for said, head in known.items() if head.cell in CELLS and whole.startswith(f"{said} ")]
    return known[max(begins, key=len)] if begins else None


def _exact(text: str, known: Heads) -> Head | None:
    """RU is a party, and ru a language."""
    return known.get(" ".join(text.split())) or known.get(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()
