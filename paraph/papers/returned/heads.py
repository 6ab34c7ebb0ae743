"""What does the head of a column say stands below it?

Papers of ours name a cell of a measure, a party and a language; those of others use other words for the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from paraph.acts import CELLS
from paraph.papers.labels import label
from paraph.papers.measures import TARGETS
from paraph.papers.returned.named import Parties, parties_of
from paraph.state.programme import Programme

TONGUES = ("en", "ru")  # in which papers have words of their own
_CALLED = {  # what others call it
    "action": "Actions|Measure|Measures|Activity|Activities|Task|Tasks|Commitment|Commitments|"
    "Description of measure|Description of action|Name of measure|Мероприятия|Наименование мероприятия|"
    "Наименование мероприятий|Содержание мероприятия|Содержание мероприятий|Перечень мероприятий|Мера|Меры|"
    "Наименование меры|Действие|Действия|Задача|Задачи|Наименование задачи|Обязательство|Обязательства",
    "bodies": "Responsible body|Responsible bodies|Responsible party|Lead body|Lead bodies|Lead authority|"
    "Lead authorities|Lead institution|Implementing body|Implementing bodies|Implementing authority|Executor|"
    "Executors|Ответственный|Ответственные|Ответственный исполнитель|Ответственные органы|"
    "Головной исполнитель|Головные исполнители|Исполнитель|Исполнители|Органы-исполнители",
    "deadline": "Due date|Due by|Date|Term|By when|Time frame|Timeframe|Timeline|Time limit|Target date|"
    "Completion date|End|End date|Period|Period of implementation|Implementation period|Сроки|"
    "Срок исполнения|Сроки исполнения|Срок реализации|Сроки реализации|Срок выполнения|Контрольный срок|"
    "Контрольные сроки|Период реализации|Дата|Окончание|Завершение",
    "completion": "Form|Result|Results|Expected result|Expected results|Outcome|Expected outcome|"
    "Expected outcomes|Output|Outputs|Expected output|Deliverable|Deliverables|Вид документа|"
    "Итоговый документ|Результат|Результаты|Ожидаемый результат|Ожидаемые результаты|Форма|Форма реализации",
    "indicator": "Indicators|Performance indicator|Performance indicators|Result indicator|"
    "Result indicators|Key performance indicator|Key performance indicators|Показатели|Индикатор|Индикаторы|"
    "Целевой показатель|Целевые показатели|Показатели результата",
    "unit": "Unit of measurement|Unit of measure|Единица измерения|Ед. изм|Единицы измерения",
    "target": "Target value|Value|Значение|Плановое значение|Значение показателя",
    "source": "Source of data|Data source|Источник данных",
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
        if self.language and not self.cell:
            return f"language {self.language}"
        if self.compromise:
            return "compromise"
        return f"party {self.party}" if self.party and not self.cell else ""


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads that are known in a programme."""

    said: Mapping[str, Head]  # codes as they are, words in small letters -> what stands below
    parties: Parties


def heads(programme: Programme) -> Heads:
    """The heads that are known in a programme."""
    found = {one: Head(cell) for cell, called in _CALLED.items() for one in called.split("|")}
    for tongue in TONGUES:
        found |= {label(tongue, cell): Head(cell) for cell in (*CELLS, *TARGETS)}
        found[label(tongue, "compromise")] = Head(compromise=True)
    tongues = programme.charter.languages
    for language in {"en", "ru", "be"} & {*tongues}:
        for name in (label(tongue, f"language_{language}") for tongue in TONGUES):
            names = (name, f"{name} language", f"{name} text", f"{name} язык")  # ours said the second
            found |= dict.fromkeys(names, Head(language=language))
        found[f"на {label('ru', f'in_{language}')} языке"] = Head(language=language)
    codes = {language: Head(language=language) for language in tongues}
    codes |= {party.code: Head(party=party.code) for party in programme.charter.parties}
    said = {_plain(said): head for said, head in found.items()} | codes
    return Heads(said, parties_of(programme.charter.parties))


def only_counts(text: str) -> bool:
    """Whether a head stands above what names a row and says nothing of its measure."""
    names = {_plain(label(tongue, name)) for tongue in TONGUES for name in ("number", "map")}
    return _plain(text) in names or _BESIDE.fullmatch(text.strip()) is not None


def head_of(text: str, known: Heads) -> Head | None:
    """What a head says, in one of its parts after the other; None where that is not known."""
    found = _exact(text, known)
    if found is not None:
        return found
    first, *rest = [part for part in _PARTS.split(text) if part.strip()] or [""]
    found = _exact(first, known) or _begun(first, known)
    if found is None or not found.cell:
        return None
    for part in rest:
        beside = _exact(part, known)
        if beside is not None:
            found = replace(
                found, party=beside.party or found.party, language=beside.language or found.language
            )
    return found


def _begun(text: str, known: Heads) -> Head | None:
    """A cell of a measure with which a head begins, and the party that it ends in."""
    whole = _plain(text)
    begins = [one for one, head in known.said.items() if head.cell in CELLS and whole.startswith(f"{one} ")]
    if not begins:
        return None
    longest = max(begins, key=len)
    return replace(known.said[longest], party=known.parties.named(" ".join(text.split())[len(longest) :]))


def _exact(text: str, known: Heads) -> Head | None:
    """RU is a party, and ru a language."""
    found = known.said.get(" ".join(text.split())) or known.said.get(_plain(text))
    party = "" if found else known.parties.named(text)
    return Head(party=party) if party else found


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()
