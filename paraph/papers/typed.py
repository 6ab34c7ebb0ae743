"""Which square brackets did somebody type into a text, and what do they leave open?

Brackets nest, go over paragraphs and often do not balance. Those that stand beside each other are
alternatives, one alone is words or nothing. Whatever is not understood is listed, never dropped.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from paraph.papers.documents import Document, Paragraph
from paraph.sentences import Sentence, _

_LABEL = re.compile(
    r"(?:(?P<parties>[A-Z]{2,8}\*?(?:(?:, ?| and )[A-Z]{2,8}\*?)*)"
    r"|(?P<option>(?:Option|Alternative|Variant|Вариант|Альтернатива) ?[\w.]{1,4}))\s*[:.–—]\s*"
)
_BETWEEN = re.compile(r"\s*(?:/|;|,|or|или|oder)?\s*", re.I)
_MARK = re.compile(r"\^\d{1,3}|[*†‡]+")  # of a note
_FIGURE = re.compile(r"\s*\d{1,3}\s*")  # [50] [55]; alone it may be a reference
DEPTH = 40  # of brackets in each other; real drafts have up to ten
_EMPTY = re.compile(r"[\s.…_–—-]*")


@dataclass(slots=True)
class Bracket:
    """One pair of brackets: where it begins and ends, and those inside it."""

    begin: tuple[int, int]  # paragraph, and the place of [ in its words
    end: tuple[int, int] = (-1, -1)  # likewise of ]
    depth: int = 1
    label: str = ""  # who or which option it says it is
    words: str = ""  # between the brackets, without the label; paragraphs parted by line feeds
    inside: list["Bracket"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Point:
    """What is left open at one place: the wordings one can choose between."""

    brackets: tuple[Bracket, ...]
    choices: tuple[str, ...]  # "" is nothing


@dataclass(frozen=True, slots=True)
class Trouble:
    """A bracket that is not understood."""

    paragraph: int
    place: int
    kind: str  # unopened, unclosed, reference, deep
    near: str

    @property
    def sentence(self) -> Sentence:
        """What is not understood, and where."""
        said = {
            "unopened": _("Paragraph %(place)s: a bracket is closed that was never opened: %(near)s"),
            "deep": _("Paragraph %(place)s: brackets nest too deep to be read: %(near)s"),
            "unclosed": _("Paragraph %(place)s: a bracket is opened and never closed: %(near)s"),
            "reference": _("Paragraph %(place)s: brackets that look like a reference were not taken as "
                           "open words: %(near)s"),
        }  # fmt: skip
        return Sentence(said[self.kind], {"place": self.paragraph + 1, "near": self.near})

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True)
class Typed:
    """The brackets of a document."""

    points: tuple[Point, ...]
    troubles: tuple[Trouble, ...]
    count: int
    depth: int  # of the deepest


def typed_brackets(document: Document) -> Typed:
    """The brackets typed into a document, as alternatives, and those that are not understood."""
    return _Reader(document.paragraphs).typed()


class _Reader:
    """One pass over the paragraphs, with the brackets that are open."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.open: list[Bracket] = []
        self.outer: list[Bracket] = []
        self.troubles: list[Trouble] = []
        self.deeper = 0  # brackets that are open inside the deepest that are read
        place = ""
        for at, one in enumerate(paragraphs):
            if one.place != place or one.kind in ("heading", "article"):
                self._give_up()  # nobody brackets on into another cell, note or article
            place = one.place
            self._paragraph(at, one.words)
        self._give_up()

    def typed(self) -> Typed:
        """What was found, in reading order."""
        for siblings in _families(self.outer):
            self._without_references(siblings)
        every = list(_all(self.outer))
        points = [
            Point(tuple(group), tuple(_choices(group)))
            for siblings in _families(self.outer)
            for group in self._groups(siblings)
        ]
        points.sort(key=lambda point: point.brackets[0].begin)
        self.troubles.sort(key=lambda one: (one.paragraph, one.place))
        return Typed(
            tuple(points), tuple(self.troubles), len(every), max((one.depth for one in every), default=0)
        )

    def _paragraph(self, at: int, words: str) -> None:
        for found in re.finditer(r"[\[\]]", words):
            place = found.start()
            if found[0] == "[" and len(self.open) >= DEPTH:
                self.deeper += 1
                self._trouble("deep", at, place)
            elif found[0] == "]" and self.deeper:
                self.deeper -= 1
            elif found[0] == "[":
                self.open.append(Bracket((at, place), depth=len(self.open) + 1))
            elif not self.open:
                self._trouble("unopened", at, place)
            else:
                self._close(at, place)

    def _close(self, at: int, place: int) -> None:
        one = self.open.pop()
        one.end = at, place
        text = self._between(one.begin, one.end)
        if not one.inside and _MARK.fullmatch(text.strip()):
            self._trouble("reference", *one.begin)
            return
        label = _LABEL.match(text)
        one.label = label["parties"] or label["option"] if label else ""
        one.words = text[label.end() :] if label else text
        (self.open[-1].inside if self.open else self.outer).append(one)

    def _give_up(self) -> None:
        """What is open now is never closed; what it holds stands for itself."""
        self.deeper = 0
        while self.open:
            one = self.open.pop(0)
            self._trouble("unclosed", *one.begin)
            for inner in one.inside:
                for below in _all([inner]):
                    below.depth -= 1
            self.outer += one.inside

    def _trouble(self, kind: str, at: int, place: int) -> None:
        words = self.paragraphs[at].words
        near = words[max(0, place - 25) : place + 40].replace("\n", " ")
        self.troubles.append(Trouble(at, place, kind, f"…{near}…"))

    def _between(self, begin: tuple[int, int], end: tuple[int, int]) -> str:
        """The words from one place to another, the sign at the begin left out."""
        (first, start), (last, stop) = begin, end
        if first == last:
            return self.paragraphs[first].words[start + 1 : stop]
        middle = [self.paragraphs[at].words for at in range(first + 1, last)]
        return "\n".join(
            [self.paragraphs[first].words[start + 1 :], *middle, self.paragraphs[last].words[:stop]]
        )

    def _without_references(self, siblings: list[Bracket]) -> None:
        """A figure that stands alone in brackets may be a reference."""
        for group in self._groups(siblings):
            if len(group) == 1 and _FIGURE.fullmatch(group[0].words):
                siblings.remove(group[0])
                self._trouble("reference", *group[0].begin)

    def _groups(self, siblings: list[Bracket]) -> list[list[Bracket]]:
        """Brackets beside each other leave one point open."""
        groups: list[list[Bracket]] = []
        for one in sorted(siblings, key=lambda one: one.begin):
            if groups and self._beside(groups[-1][-1], one):
                groups[-1].append(one)
            else:
                groups.append([one])
        return groups

    def _beside(self, one: Bracket, other: Bracket) -> bool:
        if other.begin[0] - one.end[0] > 1:
            return False
        if other.begin[0] > one.end[0]:  # options that are paragraphs of their own
            rest = (
                self.paragraphs[one.end[0]].words[one.end[1] + 1 :]
                + self.paragraphs[other.begin[0]].words[: other.begin[1]]
            )
            return bool(one.label and other.label) and not rest.strip()
        return bool(_BETWEEN.fullmatch(self._between(one.end, other.begin)))


def _choices(group: Sequence[Bracket]) -> list[str]:
    if len(group) > 1:
        return [one.words for one in group]
    one = group[0]
    if _EMPTY.fullmatch(one.words):
        return [""]  # room for words to come
    parts = [part.strip() for part in one.words.split("/")]
    if (
        not one.inside
        and len(parts) > 1
        and all(part and " " not in part for part in parts[1:-1])
        and all(parts)
    ):
        return parts
    return [one.words, ""]


def _all(brackets: Sequence[Bracket]) -> Iterator[Bracket]:
    for one in brackets:
        yield one
        yield from _all(one.inside)


def _families(outer: list[Bracket]) -> Iterator[list[Bracket]]:
    """Brackets that stand in the same one."""
    yield outer
    for one in _all(outer):
        if one.inside:
            yield one.inside


def as_json(found: Typed) -> dict[str, Any]:
    """The open points and the troubles, for other programs."""
    return {
        "count": found.count,
        "deepest": found.depth,
        "open_points": [
            {
                "paragraph": point.brackets[0].begin[0],
                "to": point.brackets[-1].end[0],
                "depth": point.brackets[0].depth,
                "labels": [one.label for one in point.brackets],
                "choices": list(point.choices),
            }
            for point in found.points
        ],
        "not_understood": [
            {"paragraph": one.paragraph, "place": one.place, "kind": one.kind, "near": one.near}
            for one in found.troubles
        ],
    }
