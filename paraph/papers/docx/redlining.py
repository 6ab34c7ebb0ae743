"""How is a comparison written as tracked changes that Word settles rightly?

Accepted whole it is the new document, rejected whole the old one: words, numbers, order, tables, notes. A
line break in words and the call of a note are signs of their own while words are compared, so that a line
feed is only ever the parting of paragraphs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal

from paraph.papers.comparison import Comparison, Line, Row, parted, rows_between
from paraph.papers.documents import Comment, Document, Paragraph, remarks_at
from paraph.papers.docx.styles import LEVELS
from paraph.papers.docx.writing import WIDTH, Book, Cell, Fate, paragraph, run, tabbed, table
from paraph.papers.shapes import Down, shapes
from paraph.text.words import Segment

AUTHOR = "Comparison"
BREAK, CALL = "\ufdd0", "\ufdd1"  # no text has them: they are no characters
_LETTERS = str.maketrans({BREAK: "\ufffd", CALL: "\ufffd"})
_MERGES: dict[Down, Literal["", "restart", "continue"]] = {"": "", "begins": "restart", "goes on": "continue"}
_NONE = iter(()), iter(())  # no calls of notes on either side
_ENDS: dict[str, Fate] = {"deleted": "del", "inserted": "ins", "leaves": "moveFrom", "comes": "moveTo"}


def redline_docx(
    found: Comparison, author: str = AUTHOR, date: str = "", language: str = "", *, remarked: bool = False
) -> bytes:
    """
    The comparison as a Word file with native tracked changes.

    Args:
        found: the comparison.
        author: who is named as author of every change.
        date: of every change, as `2021-02-23T00:00:00Z`; none is written where it is left out.
        language: of the words, for Word's spelling.
        remarked: whether what is said beside the new document, reserves and comments, stands on its words.
    """
    writer = _Redliner(found, author, date, language, remarks_at(found.new) if remarked else {})
    return writer.book.bytes()


class _Redliner:
    """One pass over a comparison."""

    def __init__(
        self, found: Comparison, author: str, date: str, language: str, said: Mapping[int, Sequence[Comment]]
    ) -> None:
        self.found, self.author, self.said = found, author, said
        self.old, self.new = found.old.paragraphs, found.new.paragraphs
        self.book = Book(language or language_of(found.new), tracking=True)
        self.book.marks.date = date
        self.moves: dict[tuple[tuple[int, ...], tuple[int, ...]], str] = {}
        self.noted = _noted(found.old), _noted(found.new)
        self.plain = not _signs(self.old) and not _signs(self.new)
        for block in found.blocks:
            if isinstance(block, Row):
                self.book.add(*self._paragraphs(block))
            else:
                self.book.add(self._table(block))

    # ------------------------------------------------------------ blocks

    def _table(self, lines: Sequence[Line]) -> str:
        width = max(len(line.cells) for line in lines)
        rows = []
        for line, cut in zip(lines, shapes(self.found, lines), strict=True):
            change = "" if line.fate == "stays" else self.book.marks.mark(_ENDS[line.fate], self.author)
            cells = [
                Cell(self._cell(line.cells[one.column], line.fate), one.width, _MERGES[one.down])
                for one in cut
            ]
            rows.append((cells, change))
        return table(rows, [WIDTH // width] * width)

    def _cell(self, rows: Iterable[Row], fate: str) -> str:
        """The paragraphs of a cell; the end of its last one is the end of the cell and cannot change."""
        written = [one for row in rows for one in self._written(row, moving=False)]
        last = len(written) - 1
        inside = ""
        for at, (runs, mark, _was) in enumerate(written):
            change = (
                self.book.marks.mark(mark, self.author) if mark and (at < last or fate != "stays") else ""
            )
            inside += paragraph(runs, "Cell", mark=change)
        return inside

    def _remarked(self, row: Row, was: Paragraph, runs: str) -> str:
        """Runs with the comments on the new paragraph that they make."""
        if not self.said:
            return runs
        places = row.step.new if row.step.kind != "leaves" else ()
        for one in (one for at in places if self.new[at] is was for one in self.said.get(at, ())):
            runs = self.book.comment(one.author, one.words, runs)
        return runs

    def _paragraphs(self, row: Row) -> list[str]:
        """The paragraphs of one step; what moved stands between the begin and end of its range."""
        begin = end = ""
        if row.step.kind in ("leaves", "comes"):
            name = self.moves.setdefault((row.step.old, row.step.new), f"move{len(self.moves) + 1}")
            fate = _ENDS[row.step.kind]
            begin, end = self.book.marks.ranged(fate, name, self.author)  # type: ignore[arg-type]
        found: list[str] = []
        for runs, mark, was in self._written(row):
            change = self.book.marks.mark(mark, self.author) if mark else ""
            style = _style(was.kind, was.level, bool(was.number))
            found.append(paragraph(runs if found else begin + runs, style, mark=change))
        found[-1] += end
        return found

    # ------------------------------------------------------------ words

    def _written(self, row: Row, *, moving: bool = True) -> list[tuple[str, Fate | None, Paragraph]]:
        """
        The paragraphs of a step: their runs, the change of their ends, and how they looked.

        Args:
            row: the step.
            moving: whether a move is written as one; in tables and notes it is a deletion and an insertion.
        """
        kind: str = row.step.kind
        if not moving:
            kind = {"comes": "inserted", "leaves": "deleted"}.get(kind, kind)
        olds = [self.old[i] for i in row.step.old] if kind != "inserted" else []
        news = [self.new[j] for j in row.step.new] if kind not in ("deleted", "leaves") else []
        calls = _NONE if self.plain else (_calls(olds), _calls(news))
        i = j = 0
        head, runs = self._number(kind, olds, news), ""
        found: list[tuple[str, Fate | None, Paragraph]] = []
        for segment in self._segments(row, kind, olds, news):
            fate = segment.kind
            first, *rest = segment.text.split("\n") if "\n" in segment.text else (segment.text,)
            runs += self._run(kind, fate, first, calls)
            for part in rest:
                gone, before, after = fate == "deleted", olds[i : i + 1], news[j : j + 1]
                i, j = (i + 1, j) if gone else (i, j + 1)
                number = (olds[i] if gone else news[j]).number
                typed = self._numbered(kind, fate, number)
                if gone and kind == "comes":  # that end stands where it moved from
                    runs += typed
                else:
                    was, end = (after or before)[0], _ENDS[fate if kind == "stays" else kind]
                    found.append((head + (runs if gone else self._remarked(row, was, runs)), end, was))
                    head, runs = typed, ""
                runs += self._run(kind, fate, part, calls)
        was = news[j] if j < len(news) else olds[i]
        found.append((head + self._remarked(row, was, runs), None if kind == "stays" else _ENDS[kind], was))
        return found

    def _segments(
        self, row: Row, kind: str, olds: Sequence[Paragraph], news: Sequence[Paragraph]
    ) -> Sequence[Segment]:
        """The changes of words; a line feed is only ever the parting of paragraphs."""
        if kind == row.step.kind and (self.plain or not (_signs(olds) or _signs(news))):
            return row.segments
        before, after = [_signed(one) for one in olds], [_signed(one) for one in news]
        if not before or not after:
            what = "inserted" if after else "deleted"
            return (Segment(what, "\n".join(before or after)),)  # type: ignore[arg-type]
        if before == after:
            return (Segment("same", before[0]),)
        return parted(before, after)

    def _number(self, kind: str, olds: Sequence[Paragraph], news: Sequence[Paragraph]) -> str:
        """What a paragraph begins with; another number is a change like any other."""
        before, after = olds[0].number if olds else "", news[0].number if news else ""
        if before == after and olds and news:
            return self._numbered(kind, "same", after)
        return self._numbered(kind, "deleted", before) + self._numbered(kind, "inserted", after)

    def _numbered(self, kind: str, fate: str, number: str) -> str:
        """A number of one fate in a paragraph of some kind."""
        if not number:
            return ""
        return self._fated(kind, fate, tabbed(number, deleted=fate == "deleted" and kind != "leaves"))

    def _run(self, kind: str, fate: str, text: str, calls: Sequence[Iterator[str]]) -> str:
        """Words of one fate in a paragraph of some kind."""
        if not text:
            return ""
        deleted = fate == "deleted" and kind != "leaves"
        first, *rest = (text,) if self.plain else text.split(CALL)
        inside = run(first.replace(BREAK, "\n"), deleted=deleted)
        for part in rest:
            inside += self._note(kind == "stays", fate, calls)
            inside += run(part.replace(BREAK, "\n"), deleted=deleted)
        return self._fated(kind, fate, inside)

    def _fated(self, kind: str, fate: str, runs: str) -> str:
        """Runs as a change: inside what came, a deletion stands in the move."""
        if kind == "stays" and fate == "same":
            return runs
        around, author = self.book.marks.around, self.author
        if kind == "leaves":
            return around("moveFrom", author, runs)
        if kind == "comes" and fate != "inserted":
            return around("moveTo", author, around("del", author, runs) if fate == "deleted" else runs)
        return around(_ENDS[fate], author, runs)

    # ------------------------------------------------------------ notes

    def _note(self, staying: bool, fate: str, calls: Sequence[Iterator[str]]) -> str:
        """The call of a note; what changed in one that is called on both sides stands in it."""
        before = next(calls[0]) if fate != "inserted" else ""
        after = next(calls[1]) if fate != "deleted" else ""
        olds, news = self.noted[0].get(before, []), self.noted[1].get(after, [])
        inside = []
        if staying and fate == "same" and (olds or news):
            for row in rows_between(self.found.old, self.found.new, olds, news):
                for runs, mark, _was in self._written(row, moving=False):
                    inside.append((runs, self.book.marks.mark(mark, self.author) if mark else ""))
            inside[-1] = inside[-1][0], ""  # the end of a note cannot change
        elif after:
            inside = [(run(self.new[j].text), "") for j in news]
        else:
            inside = [(run(self.old[i].text), "") for i in olds]
        return self.book.note(inside, (after or before).partition(" ")[0])


def _noted(document: Document) -> dict[str, list[int]]:
    """Where the paragraphs of each note stand."""
    found: dict[str, list[int]] = {}
    for at, one in enumerate(document.paragraphs):
        if one.place.startswith(("footnote", "endnote")):
            found.setdefault(one.place.partition(",")[0], []).append(at)
    return found


def _calls(side: Sequence[Paragraph]) -> Iterator[str]:
    """The notes that are called, as they come."""
    return iter([note for one in side for note in one.notes])


def _signs(side: Sequence[Paragraph]) -> bool:
    """Whether words have line breaks, or call notes."""
    return any("\n" in one.words or one.notes for one in side)


def _signed(one: Paragraph) -> str:
    """The words with a sign for each line break and each call of a note."""
    words = one.words.translate(_LETTERS).replace("\n", BREAK)
    for at in sorted(one.calls, reverse=True):
        words = words[:at] + CALL + words[at:]
    return words


@cache
def _style(kind: str, level: int, numbered: bool) -> str:
    if kind == "heading":
        return f"Heading{min(max(level, 1), LEVELS)}"
    if kind == "article":
        return "Article"
    return f"Item{min(max(level, 1), 4)}" if kind == "item" and numbered else ""


def language_of(document: Document) -> str:
    """Russian where most letters of the beginning are Cyrillic."""
    begin = "".join([one.words for one in document.paragraphs[:40]])[:2_000]
    letters = [letter for letter in begin if letter.isalpha()]
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    return "ru" if cyrillic * 2 > len(letters) else "en"
