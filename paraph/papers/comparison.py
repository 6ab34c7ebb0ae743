"""What has changed between two documents?

Paragraphs are aligned by their permanent ids where they have any, and by their words; a number that is
another now is a renumbering and no change of words. Words are compared only inside what was paired. A table
stands among the paragraphs as one; inside a pair of tables rows are aligned, and inside a pair of rows the
paragraphs of each column.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec

from paraph.papers.documents import Document, Paragraph, cell_of
from paraph.text.alignment import Places, Step, align
from paraph.text.words import Segment, redline

_DIGITS = re.compile(r"\d+|\b[IVXLC]+\b")


def _differs(segment: Segment) -> bool:
    return segment.kind != "same"


class Row(msgspec.Struct, frozen=True, gc=False):
    """
    One step of the redline: where, and what became of the words.

    `segments` joins several paragraphs of one side with line feeds. Of what moved, the row where it came
    carries the changes of words, the row where it left all of them as they were.
    """

    step: Step
    segments: tuple[Segment, ...]
    numbers: tuple[str, str] = ("", "")  # before and after

    @property
    def renumbered(self) -> bool:
        """Whether the paragraph stayed, or moved, and has another number."""
        return self.step.kind in ("stays", "comes") and self.numbers[0] != self.numbers[1]

    @property
    def changed(self) -> bool:
        """Whether words, or the parting into paragraphs, are others."""
        return any(map(_differs, self.segments))


class Line(msgspec.Struct, frozen=True):
    """One row of a table: what became of it, and of the paragraphs in each column."""

    fate: Literal["stays", "inserted", "deleted"]  # what moved is deleted at one place, inserted at another
    cells: tuple[tuple[Row, ...], ...]


Block = Row | tuple[Line, ...]  # a paragraph, or a table


@dataclass(frozen=True)
class Comparison:
    """Two documents and the way from one to the other, in reading order."""

    old: Document
    new: Document
    blocks: tuple[Block, ...]  # of the body
    notes: tuple[Row, ...]  # of the notes under it

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every step by itself, those in tables too."""
        found: list[Row] = []
        for block in self.blocks:
            if isinstance(block, Row):
                found.append(block)
            else:
                found += [row for line in block for cell in line.cells for row in cell]
        return (*found, *self.notes)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many paragraphs of each fate, how many words marked; a row may count under several."""
        rows = [row for row in self.rows if row.step.kind != "leaves"]
        fates = Counter([row.step.kind for row in rows])
        changed = [row.step.kind for row in rows if row.changed]
        segments = [segment for row in rows for segment in row.segments if _differs(segment)]
        return {
            "old": len(self.old.paragraphs),
            "new": len(self.new.paragraphs),
            "same": fates["stays"] - changed.count("stays"),
            "changed": changed.count("stays") + changed.count("comes"),
            "inserted": fates["inserted"],
            "deleted": fates["deleted"],
            "moved": fates["comes"],
            "split": sum([len(row.step.new) > 1 for row in rows]),
            "joined": sum([len(row.step.old) > 1 for row in rows]),
            "renumbered": sum([row.renumbered for row in rows]),
            "words deleted": sum([len(one.text.split()) for one in segments if one.kind == "deleted"]),
            "words inserted": sum([len(one.text.split()) for one in segments if one.kind == "inserted"]),
        }

    @property
    def same(self) -> bool:
        """Whether nothing differs, numbers included."""
        return all(row.step.kind == "stays" and not row.changed and not row.renumbered for row in self.rows)


def compare(old: Document, new: Document) -> Comparison:
    """Compare two documents, paragraph by paragraph and word by word."""
    return _Comparing(old, new).comparison()


def rows_between(old: Document, new: Document, before: Sequence[int], after: Sequence[int]) -> Iterator[Row]:
    """The steps between some paragraphs of one document and some of another, among themselves."""
    return _Comparing(old, new).rows(before, after)


class _Unit(msgspec.Struct):
    """A paragraph of the body, or a whole table: its rows by number, their columns, the places in them."""

    place: int
    lines: dict[int, dict[int, list[int]]] | None = None


class _Comparing:
    """The two documents while they are compared."""

    def __init__(self, old: Document, new: Document) -> None:
        self.documents = old, new
        self.old, self.new = old.paragraphs, new.paragraphs

    def comparison(self) -> Comparison:
        """The way from the one to the other."""
        (before, below), (after, beneath) = _units(self.old), _units(self.new)
        steps = align(
            [_key_of(self.old, unit) for unit in before],
            [_key_of(self.new, unit) for unit in after],
            _known(_ids(self.old, before), _ids(self.new, after)),
        )
        blocks: list[Block] = []
        if len(before) == len(self.old) and len(after) == len(self.new):  # neither has tables or notes
            blocks += [_row(self.old, self.new, step) for step in steps]
            return Comparison(*self.documents, tuple(blocks), ())
        for step in steps:
            blocks += self._blocks([before[i] for i in step.old], [after[j] for j in step.new], step.kind)
        return Comparison(*self.documents, tuple(blocks), tuple(self.rows(below, beneath)))

    def rows(self, old: Sequence[int], new: Sequence[int]) -> Iterator[Row]:
        """The steps between paragraphs at these places, among themselves."""
        before, after = [_key(self.old[i]) for i in old], [_key(self.new[j]) for j in new]
        if before == after:
            yield from (self._row("stays", (i,), (j,)) for i, j in zip(old, new, strict=True))
            return
        for step in align(before, after):
            yield self._row(step.kind, tuple(old[i] for i in step.old), tuple(new[j] for j in step.new))

    def _row(self, kind: str, old: Places, new: Places) -> Row:
        return _row(self.old, self.new, Step(kind, old, new))  # type: ignore[arg-type]

    def _blocks(self, old: list[_Unit], new: list[_Unit], kind: str) -> Iterator[Block]:
        """What a step between paragraphs and tables makes of them."""
        if all(unit.lines is None for unit in (*old, *new)):
            yield self._row(kind, tuple(one.place for one in old), tuple(one.place for one in new))
        elif kind == "stays" and len(old) == len(new) == 1 and old[0].lines and new[0].lines:
            yield tuple(self._lines(old[0].lines, new[0].lines))
        else:
            gone, come = kind != "comes", kind != "leaves"
            yield from (self._alone(unit, "deleted") for unit in old if gone)
            yield from (self._alone(unit, "inserted") for unit in new if come)

    def _alone(self, unit: _Unit, kind: Literal["inserted", "deleted"]) -> Block:
        """A paragraph or a table that has no partner."""
        if unit.lines is None:
            places = ((unit.place,), ()) if kind == "deleted" else ((), (unit.place,))
            return self._row(kind, *places)
        if kind == "deleted":
            return tuple(self._lines(unit.lines, {}))
        return tuple(self._lines({}, unit.lines))

    def _lines(
        self, old: dict[int, dict[int, list[int]]], new: dict[int, dict[int, list[int]]]
    ) -> Iterator[Line]:
        """The rows of a table: those that stay are compared column by column."""
        before, after = list(old.values()), list(new.values())
        width = max(column for line in (*before, *after) for column in line)
        steps = align(
            [_words_of(self.old, line) for line in before],
            [_words_of(self.new, line) for line in after],
            _known([_id_of(self.old, line) for line in before], [_id_of(self.new, line) for line in after]),
        )
        for step in steps:
            gone, come = [before[i] for i in step.old], [after[j] for j in step.new]
            if step.kind == "stays" and len(gone) == len(come) == 1:
                yield Line("stays", tuple(self._cells(gone[0], come[0], width)))
            elif step.kind in ("comes", "leaves") and len(gone) == len(come) == 1:
                fate: Literal["inserted", "deleted"] = "inserted" if step.kind == "comes" else "deleted"
                yield Line(fate, tuple(self._moved(gone[0], come[0], width, step.kind)))
            else:
                for line in gone if step.kind != "comes" else []:
                    yield Line("deleted", tuple(self._cells(line, {}, width)))
                for line in come if step.kind != "leaves" else []:
                    yield Line("inserted", tuple(self._cells({}, line, width)))

    def _cells(
        self, old: dict[int, list[int]], new: dict[int, list[int]], width: int
    ) -> Iterator[tuple[Row, ...]]:
        """What became of each cell; one that differs alone is changed, though no word of it has stayed."""
        columns = [(old.get(at, []), new.get(at, [])) for at in range(1, width + 1)]
        differ = [pair for pair in columns if not self._alike(*pair)] if old and new else []
        alone = differ[0] if len(differ) == 1 and len(columns) > 1 else None
        for gone, come in columns:
            if (gone, come) == alone and len(gone) == len(come) == 1:
                yield (self._row("stays", tuple(gone), tuple(come)),)
            else:
                yield tuple(self.rows(gone, come))

    def _alike(self, old: Sequence[int], new: Sequence[int]) -> bool:
        return [_key(self.old[i]) for i in old] == [_key(self.new[j]) for j in new]

    def _moved(
        self, old: dict[int, list[int]], new: dict[int, list[int]], width: int, kind: str
    ) -> Iterator[tuple[Row, ...]]:
        """The cells of a row at the one place of its move."""
        for column in range(1, width + 1):
            gone, come = old.get(column, []), new.get(column, [])
            if len(gone) == len(come):
                yield tuple(self._row(kind, (i,), (j,)) for i, j in zip(gone, come, strict=True))
            elif kind == "leaves":
                yield tuple(self._row("deleted", (i,), ()) for i in gone)
            else:
                yield tuple(self._row("inserted", (), (j,)) for j in come)


def _units(paragraphs: Sequence[Paragraph]) -> tuple[list[_Unit], list[int]]:
    """The paragraphs and tables of the body, and the places of the notes."""
    units: list[_Unit] = []
    notes: list[int] = []
    table = 0
    for at, paragraph in enumerate(paragraphs):
        cell = cell_of(paragraph.place) if paragraph.place else None
        if cell is not None:
            if cell[0] != table:
                units.append(_Unit(at, {}))
                table = cell[0]
            lines = units[-1].lines
            assert lines is not None
            lines.setdefault(cell[1], {}).setdefault(cell[2], []).append(at)
        elif paragraph.place.startswith(("footnote", "endnote")):
            notes.append(at)
        else:
            units.append(_Unit(at))
            table = 0
    return units, notes


def _words_of(paragraphs: Sequence[Paragraph], line: dict[int, list[int]]) -> str:
    return " ".join(paragraphs[at].text for column in line.values() for at in column)


def _key_of(paragraphs: Sequence[Paragraph], unit: _Unit) -> str:
    if unit.lines is None:
        return _key(paragraphs[unit.place])
    return "\0" + " ".join(_words_of(paragraphs, line) for line in unit.lines.values())


def _ids(paragraphs: Sequence[Paragraph], units: Sequence[_Unit]) -> list[str]:
    """The permanent id of each unit; of several paragraphs that have one together the first has it."""
    known: set[str] = set()
    found = []
    for unit in units:
        key = paragraphs[unit.place].key if unit.lines is None else ""
        found.append("" if key in known else key)
        known.add(key)
    return found


def _id_of(paragraphs: Sequence[Paragraph], line: dict[int, list[int]]) -> str:
    return next((paragraphs[at].key for column in line.values() for at in column if paragraphs[at].key), "")


def _known(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of one permanent id on both sides."""
    there = {key: j for j, key in enumerate(new) if key}
    return ((i, there.pop(key)) for i, key in enumerate(old) if key in there)


def _key(paragraph: Paragraph) -> str:
    """What a paragraph is aligned by: its words, or what kind of number stands alone."""
    return paragraph.words or "\0" + _DIGITS.sub("", paragraph.number)


def _row(old: Sequence[Paragraph], new: Sequence[Paragraph], step: Step) -> Row:
    if step.kind == "stays" and len(step.old) == len(step.new) == 1:
        was, now = old[step.old[0]], new[step.new[0]]
        if was.words == now.words:
            return Row(step, (Segment("same", was.words),), (was.number, now.number))
    before, after = [old[i] for i in step.old], [new[j] for j in step.new]
    numbers = before[0].number if before else "", after[0].number if after else ""
    if step.kind == "leaves":
        return Row(step, (Segment("deleted", "\n".join(one.words for one in before)),), numbers)
    if not before or not after:
        kind = "inserted" if after else "deleted"
        return Row(step, (Segment(kind, (before or after)[0].words),), numbers)  # type: ignore[arg-type]
    if len(before) == len(after) == 1 and before[0].words == after[0].words:
        return Row(step, (Segment("same", before[0].words),), numbers)
    return Row(step, tuple(parted([one.words for one in before], [one.words for one in after])), numbers)


def parted(old: Sequence[str], new: Sequence[str]) -> list[Segment]:
    """The redline of several paragraphs; a line feed is the change where only one side is parted."""
    segments = redline(" ".join(old), " ".join(new))
    if len(old) == len(new) == 1:
        return segments
    found: list[Segment] = []
    breaks = _ends(old), _ends(new)
    i = j = 0

    def add(kind: str, text: str) -> None:
        if text and found and found[-1].kind == kind:
            found[-1] = Segment(found[-1].kind, found[-1].text + text)
        elif text:
            found.append(Segment(kind, text))  # type: ignore[arg-type]

    for segment in segments:
        text, kind, size = segment.text, segment.kind, len(segment.text)
        cuts = {at - i for at in breaks[0] if i <= at < i + size} if kind != "inserted" else set()
        cuts |= {at - j for at in breaks[1] if j <= at < j + size} if kind != "deleted" else set()
        start = 0
        for cut in sorted(cuts):
            add(kind, text[start:cut])
            was = "\n" if kind != "inserted" and i + cut in breaks[0] else text[cut]
            now = "\n" if kind != "deleted" and j + cut in breaks[1] else text[cut]
            if kind == "same" and was != now:
                add("deleted", was)
                add("inserted", now)
            else:
                add(kind, was if kind == "deleted" else now)
            start = cut + 1
        add(kind, text[start:])
        i += size if kind != "inserted" else 0
        j += size if kind != "deleted" else 0
    return found


def _ends(parts: Sequence[str]) -> set[int]:
    """Where the joined paragraphs are parted."""
    found, at = set(), 0
    for part in parts[:-1]:
        at += len(part)
        found.add(at)
        at += 1
    return found
