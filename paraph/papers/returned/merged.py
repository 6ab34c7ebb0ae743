"""Which rows of a table does a merged cell speak for?"""

from bisect import bisect_left, bisect_right

from msgspec.structs import replace

from paraph.papers.documents import Change, Document, Paragraph, cell_at, cell_of
from paraph.papers.errors import PaperRefused
from paraph.sentences import _

MOST = 50_000  # paragraphs that are put into more rows


def spread(document: Document) -> Document:
    """
    The document with the words of a merged cell in each row that the cell reaches over.

    Raises:
        PaperRefused: that would be too many.
    """
    tall = {place: size for place, size in document.spans.items() if size[0] > 1}
    if not tall:
        return document
    rows: dict[int, dict[int, Change | None]] = {}  # table -> its rows, with what became of each
    for one in document.paragraphs:
        if cell := cell_of(one.place):
            rows.setdefault(cell[0], {}).setdefault(cell[1], one.row)
    order = {table: sorted(found) for table, found in rows.items()}
    spans = dict(document.spans)
    found: list[tuple[tuple[int, int, int], int | None, Paragraph]] = []  # order, place before, paragraph
    begun = at_table = 0
    for at, one in enumerate(document.paragraphs):
        cell = cell_of(one.place)
        if cell is None or cell[0] != at_table:
            begun, at_table = at, cell[0] if cell else 0
        table, row, column = cell or (0, 0, 0)
        found.append(((begun, row, column), at, one))
        place = cell_at(table, row, column)
        height, width = tall.get(place, (1, 1))
        lines = order.get(table, ())
        for below in lines[bisect_right(lines, row) : bisect_left(lines, row + height)]:
            there = cell_at(table, below, column)
            copy = replace(one, place=there + one.place.removeprefix(place), row=rows[table][below], notes=(),
                           calls=(), key="", again=True)  # fmt: skip
            found.append(((begun, below, column), None, copy))
            spans[there] = 1, width
        if len(found) > len(document.paragraphs) + MOST:
            raise PaperRefused("large", _("Merged cells reach over more than %(most)s rows."), most=MOST)
    found.sort(key=lambda one: one[0])
    now = {before: at for at, (_order, before, _one) in enumerate(found)}
    comments = tuple(
        replace(one, paragraph=now.get(one.paragraph) if one.paragraph is not None else None)
        for one in document.comments
    )
    return replace(document, paragraphs=tuple(one for *_rest, one in found), comments=comments, spans=spans)
