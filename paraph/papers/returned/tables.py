"""Which column of a table in a file says what, and which row is about which measure?

The heads of the columns tell, in whatever order they stand. A row of ours carries an id; one of another hand
is known by its words, else by its number, else by words that are most alike.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
    head: int = 1  # the row of the heads
    columns: dict[int, Head] = field(default_factory=dict)  # what stands in each, where its head is known
    places: list[tuple[int, int, int]] = field(default_factory=list)  # place in the document, row, column
    keys: dict[int, str] = field(default_factory=dict)  # row -> the first id in its cells
    again: set[int] = field(default_factory=set)  # places that another row of the same measure has already

    @property
    def measures(self) -> bool:
        """Whether a column holds what is to be done."""
        return any(head.cell == "action" for head in self.columns.values())

    def below(self, document: Document) -> dict[int, list[tuple[int, Head]]]:
        """Row below the heads -> the places of its words, with their heads; none that counts columns."""
        found: dict[int, list[tuple[int, Head]]] = {}
        for at, row, column in self.places:
            if row > self.head and document.paragraphs[at].text:
                found.setdefault(row, []).append((at, self.columns.get(column, Head())))
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
        table.columns = rows.get(table.head, {})
        if table.measures:
            _go_on(document, table, rows)
    return list(found.values())


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
    while table.head + 1 in on:
        table.head += 1
        for column, head in heads.get(table.head, {}).items():
            table.columns[column] = _below(table.columns.get(column, Head()), head)
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
