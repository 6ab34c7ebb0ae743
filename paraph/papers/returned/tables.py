"""Which column of a table in a file says what, and which row is about which measure?

The heads of the columns tell, in whatever order they stand. A row of ours carries an id; one of another hand
is known by its words, else by its number, else by words that are most alike.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from paraph.papers.documents import Document, cell_of
from paraph.text.alignment import align


@dataclass(slots=True)
class Table:
    """A table of a file."""

    columns: dict[int, str] = field(default_factory=dict)  # what stands in each, where its head is known
    places: list[tuple[int, int, int]] = field(default_factory=list)  # place in the document, row, column
    keys: dict[int, str] = field(default_factory=dict)  # row -> the id in its first cell


def tables(document: Document, heads: Mapping[str, str]) -> list[Table]:
    """
    The tables of a document.

    Args:
        document: as it was read.
        heads: what a head says, without spaces and in small letters -> what stands below.
    """
    found: dict[int, Table] = {}
    for at, one in enumerate(document.paragraphs):
        cell = cell_of(one.place)
        if cell is None:
            continue
        table = found.setdefault(cell[0], Table())
        table.places.append((at, *cell[1:]))
        role = heads.get("".join(one.text.split()).rstrip(".").casefold()) if cell[1] == 1 else None
        if role:
            table.columns[cell[2]] = role
        if one.key:
            table.keys.setdefault(cell[1], one.key)
    return list(found.values())


def rows_by_words(
    document: Document, table: Table, measures: Mapping[str, tuple[str, Sequence[str]]], known: Container[int]
) -> dict[int, str]:
    """
    The measure that each further row of a table is about.

    Args:
        document: the file.
        table: one whose columns hold an action.
        measures: id -> its number, and what it is called in each wording.
        known: rows that are known already.
    """
    numbers: dict[int, str] = {}
    texts: dict[int, str] = {}
    for at, row, column in table.places:
        if row == 1 or row in known:
            continue
        one = document.paragraphs[at]
        if table.columns.get(column) == "action":
            texts[row] = f"{texts.get(row, '')} {one.words}".strip()
        elif column not in table.columns:
            numbers.setdefault(row, _number(one.text))
    found: dict[int, str] = {}
    free = dict(measures)

    def take(row: int, item: str) -> None:
        found[row] = item
        del free[item]

    for row, text in texts.items():
        said = [item for item, (_n, words) in free.items() if _bare(text) in map(_bare, words)]
        if len(said) == 1:
            take(row, said[0])
    for row in texts.keys() - found.keys():
        called = [item for item, (number, _words) in free.items() if numbers.get(row) == _number(number)]
        if len(called) == 1:
            take(row, called[0])
    left, items = [row for row in texts if row not in found], list(free)
    for step in align([" ".join(free[item][1][:1]) for item in items], [texts[row] for row in left]):
        if step.kind in ("stays", "comes") and len(step.old) == len(step.new) == 1:
            take(left[step.new[0]], items[step.old[0]])
    return found


def _number(text: str) -> str:
    """The digits of a number, whatever letter stands before them."""
    return text.strip(" .)№MМ")


def _bare(text: str) -> str:
    return "".join(text.split()).rstrip(".")
