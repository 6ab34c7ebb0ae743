"""Which subject is each cell in the tables of a file about, and which rows are about none?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from paraph.acts import CELLS
from paraph.papers.documents import Document, Paragraph
from paraph.papers.labels import label
from paraph.papers.returned.basis import Basis, item_of, nobody
from paraph.papers.returned.found import NEW, NOT, By, Known
from paraph.papers.returned.heads import Head, only_counts
from paraph.papers.returned.tables import Table, rows_by_words, tables
from paraph.sentences import Sentence, _

Rows = Mapping[int, tuple[str, By]]  # row -> the measure that it is about, or NEW, and by what that is known
NO_HEADS = _("Table %(table)s has no heads; it was read with those of the table before it.")
UNREAD = _(
    "No head of table %(table)s says what is to be done, so nothing was taken from it. If it is one of "
    "measures, call that column “%(action)s”."
)
TWICE = _("The measure stands in the table twice; only the first row counts.")
SAYS_NOTHING = _("This row says nothing of what is to be done; nothing was taken from it.")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, or a paragraph of it."""

    about: str = ""  # a subject, or NEW
    head: Head = field(default_factory=Head)
    by: By = "order"
    row: tuple[int, int] = (0, 0)  # of which table, where it is the row of a measure


@dataclass(slots=True)
class Tables:
    """What is known of the tables of a document."""

    cells: dict[int, Cell] = field(default_factory=dict)  # place -> what stands there
    besides: set[int] = field(default_factory=set)  # heads and numbers of tables of measures

    @property
    def tongues(self) -> set[str]:
        """The languages that have a column of their own."""
        return {cell.head.language for cell in self.cells.values() if cell.head.language}


def read_tables(basis: Basis, document: Document) -> Tables:
    """The tables of the file, whose rows of which nothing is taken are named, or of the paper as it left."""
    found = Tables()
    came = document is basis.given.document
    for table in tables(document, basis.heads):
        twice = _twice(table) if document.made is None else set()
        rows: dict[int, tuple[str, By]] = {
            row: (basis.keys[key], "key")
            for row, key in table.keys.items()
            if key in basis.keys and row not in twice
        }
        ids = {row for row, key in table.keys.items() if key.startswith("measure:")}
        elsewhere = ids - rows.keys() - twice
        if table.measures:
            rows = _of_measures(basis, document, table, rows, elsewhere | twice)
            found.besides |= {
                at
                for at, row, column in table.places
                if row <= table.head or row not in rows or column not in table.columns
            }
        found.besides |= table.again
        if came:
            _name_strange(basis, table, rows, elsewhere, twice)
            _name_unknown(basis, table)
            _name_heads(basis, document, table)
        found.cells |= _cells(basis, document, table, rows)
    return found


def _twice(table: Table) -> set[int]:
    """The rows of a table for agencies that have the permanent id of a row above."""
    rows: dict[str, list[int]] = {}
    for row, key in sorted(table.keys.items()):
        rows.setdefault(key, []).append(row)
    return {row for key, same in rows.items() if key.startswith("measure:") for row in same[1:]}


def _cells(basis: Basis, document: Document, table: Table, rows: Rows) -> Iterator[tuple[int, Cell]]:
    """Each cell of a table that is about something, by its place."""
    for at, row, column in table.places:
        own = basis.keys.get(document.paragraphs[at].key, "")
        about, by = rows.get(row, ("", "order"))
        head = table.columns.get(column, Head())
        of_row = (table.number, row) if table.measures else (0, 0)
        if own.startswith("measure:") and own in basis.known:
            yield at, Cell(own, head, "key", of_row)
        elif about == NEW:
            if head.belongs in CELLS:
                yield at, Cell(NEW, head, by if head.cell == "action" else "row", of_row)
        elif not about and head.language and not table.measures and row > table.head:
            yield at, Cell(NEW, head)
        elif about and (subject := _subject(basis, table, about, column)):
            yield at, Cell(subject, head, by, of_row)


def _subject(basis: Basis, table: Table, about: str, column: int) -> str:
    """The subject of a cell in a row about something; "" where it is only there to be read."""
    head = table.columns.get(column)
    measure = about.startswith("measure:") and about not in basis.known
    if head is not None and head.cell:
        return f"{about}/{head.belongs}" if measure and head.belongs in CELLS else ""
    if head is not None:
        return f"{about}/action" if measure else about
    if measure and not table.columns and 2 <= column <= len(CELLS) + 1:
        return f"{about}/{CELLS[column - 2]}"
    return ""


def _of_measures(
    basis: Basis, document: Document, table: Table, keyed: Rows, elsewhere: set[int]
) -> dict[int, tuple[str, By]]:
    """The rows of a table of measures: by their ids, as a person said, by their words; others are new."""
    rows, out = dict(keyed), set(elsewhere)
    below = table.below(document)
    actions = {row: [at for at, head in said if head.cell == "action"] for row, said in below.items()}
    if document is basis.given.document:
        for row, places in actions.items():
            chosen = next((basis.given.chosen[at] for at in places if at in basis.given.chosen), "")
            if chosen == NOT:
                out.add(row)
            elif chosen == NEW or item_of(chosen).startswith("measure:"):
                rows[row] = item_of(chosen), "person"
    taken = {about for about, _by in rows.values()}
    texts = {
        one.item: (one.number, [wording.words for wording in one.wordings])
        for one in basis.known.values()
        if one.cell == "action" and one.item not in taken
    }
    for row, item in rows_by_words(document, table, texts, {*rows, *out}).items():
        rows[row] = item, "words"
    for row, places in actions.items():
        if places and row not in rows and row not in out:
            rows[row] = NEW, "order"
    return rows


def _name_unknown(basis: Basis, table: Table) -> None:
    """Name the columns of a table that is read whose heads are not known, where something stands below."""
    mine = any(head.whose for head in table.columns.values())  # parties or languages side by side
    heads: dict[int, list[str]] = {}
    below: dict[int, list[str]] = {}
    for at, row, column in table.places if table.measures or mine else ():
        text = basis.given.document.paragraphs[at].text
        if column not in table.columns and text and row >= table.top:
            (below if row > table.head else heads).setdefault(column, []).append(text)
    for column, said in below.items():
        head = " · ".join(dict.fromkeys(heads.get(column, ())))
        if only_counts(head) if head else mine or all(one.strip(".)").isdigit() for one in said):
            continue
        unknown = _("The head of this column is not known; nothing was taken from its cells: %(count)s.")
        named = Sentence(unknown, {"count": len(said)})
        basis.trouble(Known("", "", "", False, ()), named, head or said[0])


def _name_heads(basis: Basis, document: Document, table: Table) -> None:
    """Name a table that was read without heads of its own, or was not read at all."""
    first = next(
        (document.paragraphs[at].text for at, _row, _c in table.places if document.paragraphs[at].text), ""
    )
    if table.measures and not table.top:
        basis.trouble(nobody(Paragraph("")), Sentence(NO_HEADS, {"table": table.number}), first)
        return
    mine = basis.given.origin or table.keys or any(head.whose for head in table.columns.values())
    if not (mine or table.measures) and table.rows > 1 and table.width > 1:
        action = label(basis.given.language, "action")
        basis.trouble(
            nobody(Paragraph("")), Sentence(UNREAD, {"table": table.number, "action": action}), first
        )


def _name_strange(basis: Basis, table: Table, rows: Rows, elsewhere: set[int], twice: set[int]) -> None:
    """Name the rows of a table of the file of which nothing is taken."""
    if not table.measures and not any(head.compromise for head in table.columns.values()):
        return
    document, chosen = basis.given.document, basis.given.chosen
    if elsewhere:
        others = _("%(count)s rows are about measures of other road maps; bring the file in there too.")
        basis.trouble(Known("", "", "", False, ()), Sentence(others, {"count": len(elsewhere)}))
    for row, said in table.below(document).items():
        if row in rows or row in elsewhere or any(chosen.get(at) == NOT for at, _head in said):
            continue
        strange = (
            TWICE
            if row in twice
            else SAYS_NOTHING
            if table.measures
            else _("This row is about nothing that the paper had; nothing was taken from it.")
        )
        first = document.paragraphs[said[0][0]]
        text = " · ".join(document.paragraphs[at].text for at, _head in said)
        basis.trouble(nobody(first), Sentence(strange), text)
