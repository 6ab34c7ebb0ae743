"""How far does each cell of a table in a redline reach?

A row that is new has the cells of the new document, one that is gone those of the old; where a row stays,
a cell reaches over others only if it did so before and does so now. With all changes accepted, or rejected,
cells are merged as in the new document, or the old one.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from paraph.papers.comparison import Comparison, Line
from paraph.papers.documents import Document, cell_at, cell_of

Down = Literal["", "begins", "goes on"]


class Shape(msgspec.Struct, frozen=True, gc=False):
    """A cell of a row: the columns that it takes, and whether one over several rows begins or goes on."""

    column: int  # from 0
    width: int = 1
    down: Down = ""


def shapes(found: Comparison, lines: Sequence[Line]) -> list[list[Shape]]:
    """The cells of each row of a table; those that another one of the row covers are left out."""
    width = max(len(line.cells) for line in lines)
    if not (found.old.spans or found.new.spans):
        return [[Shape(column) for column in range(width)]] * len(lines)
    old, new = _Side(found.old), _Side(found.new)
    made = []
    for line in lines:
        before = old.reaches(line, 0) if line.fate != "inserted" else None
        after = new.reaches(line, 1) if line.fate != "deleted" else None
        made.append(list(_row(line, width, before, after)))
    return made


def heights(rows: Sequence[Sequence[Shape]]) -> Iterator[list[tuple[Shape, int]]]:
    """The cells that are shown in each row, with how many rows they take here."""
    below: dict[tuple[int, int], int] = {}  # column and width -> rows from here on that go on
    found: list[list[tuple[Shape, int]]] = []
    for at in range(len(rows) - 1, -1, -1):
        above = {(one.column, one.width, one.down) for one in rows[at - 1]} if at else set()
        here: dict[tuple[int, int], int] = {}
        shown = []
        for one in rows[at]:
            place = one.column, one.width
            height = 1 + below.get(place, 0)
            if one.down == "goes on" and above & {(*place, "begins"), (*place, "goes on")}:
                here[place] = height
            else:
                shown.append((one, height))
        found.append(shown)
        below = here
    return reversed(found)


def _row(
    line: Line,
    width: int,
    before: dict[int, tuple[int, Down]] | None,
    after: dict[int, tuple[int, Down]] | None,
) -> Iterator[Shape]:
    column = 0
    while column < width:
        was, now = ((side or {}).get(column, (1, "")) for side in (before, after))
        reach, down = now if before is None else was if after is None or was == now else (1, "")
        reach = min(reach, width - column)
        covered = line.cells[column + 1 : column + reach]
        if any(covered) or (down == "goes on" and line.cells[column]):
            reach, down = 1, ""  # what stands there is said
        yield Shape(column, reach, down)
        column += reach


class _Side:
    """One document, whose rows are asked for in their order."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tall: dict[int, tuple[int, int, int]] = {}  # column -> first and last row, width
        self.table = 0

    def reaches(self, line: Line, side: Literal[0, 1]) -> dict[int, tuple[int, Down]]:
        """Column from 0 -> how many columns a cell of this row takes, and whether it begins or goes on."""
        places = [at for cell in line.cells for row in cell for at in (row.step.old, row.step.new)[side]]
        here = cell_of(self.document.paragraphs[places[0]].place) if places else None
        if here is None:
            return {}
        table, row, _column = here
        if table != self.table:
            self.table, self.tall = table, {}
        found: dict[int, tuple[int, Down]] = {
            column: (width, "goes on")
            for column, (first, last, width) in self.tall.items()
            if first < row <= last
        }
        for column in range(len(line.cells)):
            height, width = self.document.spans.get(cell_at(table, row, column + 1), (1, 1))
            if height > 1:
                self.tall[column] = row, row + height - 1, width
            if max(height, width) > 1:
                found[column] = width, "begins" if height > 1 else ""
        return found
