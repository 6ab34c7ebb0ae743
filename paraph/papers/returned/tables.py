"""Which column of a table in a file says what, and which row is about which measure?

The heads of the columns tell, in whatever order they stand; a table that goes on where another ended may have
none. A row of ours carries an id; one of another hand is known by its words, else by its number, else by
words that are most alike.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from paraph.papers.deadlines import deadline_in
from paraph.papers.documents import Document, Paragraph, cell_of
from paraph.papers.returned.heads import Head, Heads, head_of
from paraph.text.alignment import align
from paraph.text.canonical import words_in

_SHORT = 3  # letters of words that stand in any text
_ALIKE = 0.4  # share of the words of two texts that both have
_WIDE = 200  # columns that one head stands above
_TITLES = 8  # rows of a table in which its heads may stand


@dataclass(slots=True)
class Table:
    """A table of a file."""

    number: int  # in the document
    top: int = 1  # the first row of the heads
    head: int = 1  # their last row; before the first one where another table has the heads
    columns: dict[int, Head] = field(default_factory=dict)  # what stands in each, where its head is known
    places: list[tuple[int, int, int]] = field(default_factory=list)  # place in the document, row, column
    keys: dict[int, str] = field(default_factory=dict)  # row -> the first id in its cells
    again: set[int] = field(default_factory=set)  # places that another row of the same measure has already
    titles: set[int] = field(default_factory=set)  # rows of one cell that goes over several columns

    @property
    def width(self) -> int:
        """How many columns have words."""
        return max(column for _at, _row, column in self.places)

    @property
    def rows(self) -> int:
        """How many rows have words."""
        return len({row for _at, row, _column in self.places})

    @property
    def measures(self) -> bool:
        """Whether a column holds what is to be done."""
        return any(head.cell == "action" for head in self.columns.values())

    def below(self, document: Document) -> dict[int, list[tuple[int, Head]]]:
        """Row below the heads -> the places of its words, with their heads; none that counts columns."""
        found: dict[int, list[tuple[int, Head]]] = {}
        for at, row, column in self.places:
            if row > self.head and document.paragraphs[at].text:
                head = Head() if row in self.titles else self.columns.get(column, Head())
                found.setdefault(row, []).append((at, head))
        return {
            row: said
            for row, said in found.items()
            if not _counts([document.paragraphs[at] for at, _ in said])
        }


def _counts(row: Sequence[Paragraph]) -> bool:
    """Whether a row only counts the columns: 1, 2, 3."""
    texts = [one.text.strip(" .)") for one in row]
    return len(texts) > 1 and texts == [str(at) for at in range(1, len(texts) + 1)]


def tables(document: Document, known: Heads) -> list[Table]:
    """
    The tables of a document.

    Args:
        document: as it was read, merged cells spread over their rows.
        known: what a head may say.
    """
    found: dict[int, Table] = {}
    heads: dict[int, dict[int, dict[int, Head]]] = {}
    for at, one in enumerate(document.paragraphs):
        cell = cell_of(one.place)
        if cell is None:
            continue
        number, row, column = cell
        table = found.setdefault(number, Table(number))
        table.places.append((at, row, column))
        head = head_of(one.text, known) if row <= _TITLES else None
        if head is not None:
            width = min(document.spans.get(one.place, (1, 1))[1], _WIDE)
            said = dict.fromkeys(range(column, column + width), head)
            heads.setdefault(number, {}).setdefault(row, {}).update(said)
        if one.key:
            table.keys.setdefault(row, one.key)
    for number, rows in heads.items():
        table = found[number]
        table.head = next((row for row, said in sorted(rows.items()) if _of_measures(said)), 1)
        table.columns, table.top = rows.get(table.head, {}), table.head
        if table.measures:
            _go_on(document, table, rows)
            table.columns = _of_bodies(table.columns)
    before: Table | None = None
    for table in found.values():
        if before is not None and not heads.get(table.number) and _continues(document, table, before):
            table.columns, table.head, table.top = before.columns, 0, 0
            _go_on(document, table, {})
        if table.measures:
            table.titles = _titles(document, table)
            before = table
    return list(found.values())


def _of_bodies(columns: Mapping[int, Head]) -> dict[int, Head]:
    """In a plan of measures the column of a party holds its bodies, unless another one does."""
    told = any(head.cell == "bodies" for head in columns.values())
    alone = {column for column, head in columns.items() if head.party and not head.cell}
    return {
        column: replace(head, cell="bodies") if column in alone else head
        for column, head in columns.items()
        if not (told and column in alone)
    }


def _continues(document: Document, table: Table, before: Table) -> bool:
    """Whether a table without heads goes on where another ended: words and days stand in their columns."""
    said: dict[str, list[str]] = {}
    for at, _row, column in table.places:
        if column in before.columns:
            said.setdefault(before.columns[column].cell, []).append(document.paragraphs[at].text)
    return (
        table.width <= before.width  # its last cells may all be empty
        and not table.keys
        and any(map(_is_day, said.get("deadline", ())))
        and all(any(map(str.isalpha, text)) for text in said.get("action", ("",)))
    )


def _is_day(text: str) -> bool:
    try:
        deadline_in(text)
    except ValueError:
        return False
    return True


def _titles(document: Document, table: Table) -> set[int]:
    """The rows in which what would be an action goes over columns of something else, alone."""
    others = {column: head.cell for column, head in table.columns.items() if head.cell}
    said: dict[int, list[tuple[int, int]]] = {}
    for at, row, column in table.places:
        if row > table.head and column in others and document.paragraphs[at].text:
            width = document.spans.get(document.paragraphs[at].place, (1, 1))[1]
            said.setdefault(row, []).append((column, min(width, _WIDE)))
    return {
        row
        for row, cells in said.items()
        if all(
            others[column] == "action"
            and any(others.get(beside, "action") != "action" for beside in range(column, column + width))
            for column, width in cells
        )
    }


def _go_on(document: Document, table: Table, heads: Mapping[int, Mapping[int, Head]]) -> None:
    """
    Let rows through which the cell of an action goes on belong to the row where it begins.

    So heads in several rows are read together, and what several rows say of one action is of one measure.
    """
    actions = {column for column, head in table.columns.items() if head.cell == "action"}
    rows: dict[int, list[int]] = {}
    for at, row, column in table.places:
        if column in actions:
            rows.setdefault(row, []).append(at)
    on = {row for row, said in rows.items() if all(document.paragraphs[at].again for at in said)}
    on -= table.keys.keys()
    while table.top and (table.head + 1 in on or _heads_alone(document, table, heads)):
        table.head += 1
        below = heads.get(table.head, {})
        for column, head in below.items():
            table.columns[column] = _below(table.columns.get(column, Head()), head)
        for column in _other_days(document, table, below):
            del table.columns[column]
    kept, first = [], 0
    for at, row, column in table.places:
        if row > table.head and row in on:
            if document.paragraphs[at].again:
                table.again.add(at)
                continue
            row = first
        first = row
        kept.append((at, row, column))
    table.places = kept


def _heads_alone(document: Document, table: Table, heads: Mapping[int, Mapping[int, Head]]) -> bool:
    """Whether the row below the heads says nothing but what stands in some of the columns."""
    row, known = table.head + 1, heads.get(table.head + 1, {})
    said = {column for at, here, column in table.places if here == row and document.paragraphs[at].text}
    actions = {column for column, head in table.columns.items() if head.cell == "action"}
    return bool(said) and said <= known.keys() and not said & actions and row not in table.keys


def _other_days(document: Document, table: Table, known: Mapping[int, Head]) -> list[int]:
    """The columns among several of deadlines that a head below calls something else: their begin."""
    days = [column for column, head in table.columns.items() if head.cell == "deadline"]
    said = {
        column
        for at, row, column in table.places
        if row == table.head and not document.paragraphs[at].again and document.paragraphs[at].text
    }
    return [column for column in days if column in said - known.keys()] if len(days) > 1 else []


def _below(above: Head, head: Head) -> Head:
    """What a head says that stands below another one."""
    if head.cell or not above.cell:
        return head
    return replace(above, party=head.party or above.party, language=head.language or above.language)


def _of_measures(said: Mapping[int, Head]) -> bool:
    return len(said) > 1 and any(head.cell == "action" for head in said.values())


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
    texts: dict[int, str] = {}
    numbers: dict[int, str] = {}
    for row, cells in table.below(document).items():
        words = " ".join(document.paragraphs[at].words for at, head in cells if head.cell == "action")
        if words and row not in known:
            texts[row] = words
            numbers[row] = next((document.paragraphs[at].text for at, head in cells if head == Head()), "")
    found: dict[int, str] = {}
    free = dict(measures)
    by_words: dict[str, list[str]] = {}
    by_number: dict[str, list[str]] = {}
    for item, (number, wordings) in measures.items():
        by_number.setdefault(_number(number), []).append(item)
        for one in {_bare(words) for words in wordings}:
            by_words.setdefault(one, []).append(item)

    def take(row: int, items: list[str]) -> None:
        if len(items) == 1:
            found[row] = items[0]
            del free[items[0]]

    for row, text in texts.items():
        take(row, [item for item in by_words.get(_bare(text), ()) if item in free])
    for row in [row for row in texts if row not in found]:
        called = [item for item in by_number.get(_number(numbers[row]), ()) if item in free]
        take(row, [item for item in called if _called(numbers[row], texts[row], free[item][1])])
    left, items = [row for row in texts if row not in found], list(free)
    for step in align([" ".join(free[item][1][:1]) for item in items], [texts[row] for row in left]):
        if step.kind in ("stays", "comes") and len(step.old) == len(step.new) == 1:
            take(left[step.new[0]], [items[step.old[0]]])
    return found


def _called(given: str, text: str, words: Sequence[str]) -> bool:
    """Whether its number calls a measure: other tables count their own, so 1 needs words alike."""
    mine = _long(text)
    alike = max((len(mine & _long(one)) / max(len(mine | _long(one)), 1) for one in words), default=0)
    return given.strip()[:1] in ("M", "М") or alike >= _ALIKE


def _long(text: str) -> set[str]:
    return {word.casefold() for word in words_in(text) if len(word) > _SHORT}


def _number(text: str) -> str:
    """The digits of a number, whatever letter stands before them."""
    return text.strip(" .)№MМ")


def _bare(text: str) -> str:
    return "".join(text.split()).rstrip(".")
