"""What does a document say when some of its tracked changes are taken, and the others are not?

The same as settling its tree, on paragraphs that were read as marked: so the changes of each author can be
taken by themselves, and chosen anew without reading the file again.
"""

from collections.abc import Callable

from msgspec.structs import replace

from paraph.papers.documents import Change, Document, Paragraph, Piece, folded, number_in


def settled(document: Document, taken: Callable[[Change], bool]) -> Document:
    """
    The document in one of its readings.

    Args:
        document: read as marked.
        taken: whether a change is accepted; the others are rejected.

    Each paragraph says the places in `document` of those that it was made of.
    """

    def stands(change: Change | None) -> bool:
        return change is None or (change.kind in ("inserted", "moved here")) == taken(change)

    found: list[Paragraph] = []
    places: list[int] = []  # of each paragraph read, among those found: comments hang on it
    begun: list[Paragraph] = []  # paragraphs whose end goes: what they hold begins the next one
    for at, one in enumerate(document.paragraphs):
        if begun and begun[-1].place != one.place:  # the last end of a cell, or of a note, cannot go
            found += [_joined(begun, stands)] if _pieces(begun, stands) else []
            begun = []
        places.append(len(found))
        if not stands(one.row):
            continue
        ends = stands(one.mark)
        left = any(piece.text.strip() for piece in _pieces([one], stands))
        if ends or left:  # of what goes with its end nothing begins the next one
            begun.append(replace(one, made_of=(at,)))
        if ends:
            whole = _joined(begun, stands)
            if whole.words or whole.number:
                found.append(whole)
            begun = []
    if begun and _pieces(begun, stands):
        found.append(_joined(begun, stands))
    comments = tuple(
        replace(one, paragraph=None if one.paragraph is None or not found
                else min(places[one.paragraph], len(found) - 1))
        for one in document.comments
    )  # fmt: skip
    return Document(tuple(found), comments, document.report)


def authors(document: Document) -> dict[str, int]:
    """Who changed what is tracked, and how many passages, ends of paragraphs and rows."""
    found: dict[str, int] = {}
    rows: set[tuple[str, Change]] = set()
    for one in document.paragraphs:
        changes = [piece.change for piece in one.pieces] + [one.mark]
        for change in (*changes, one.row):
            if change is None:
                continue
            if change is one.row:
                row = one.place.rpartition(",")[0], change
                if row in rows:
                    continue
                rows.add(row)
            found[change.author] = found.get(change.author, 0) + 1
    return found


def _pieces(begun: list[Paragraph], stands: Callable[[Change | None], bool]) -> list[Piece]:
    return [Piece(piece.text, None, piece.hidden) for one in begun for piece in one.pieces
            if stands(piece.change)]  # fmt: skip


def _joined(begun: list[Paragraph], stands: Callable[[Change | None], bool]) -> Paragraph:
    """Paragraphs as one; how it looks, and the number that Word computes, are the last one's."""
    last = begun[-1]
    if len(begun) == 1 and all(piece.change is None for piece in last.pieces):
        return replace(last, mark=None, row=None)
    pieces = _pieces(begun, stands)
    text = folded("".join(piece.text for piece in pieces))
    computed = "" if last.typed else last.number
    key = next((one.key for one in begun if one.key), "")
    typed, words = ("", text) if computed else number_in(text, begun[0].number if key else "", last.place)
    return replace(
        last,
        words=words,
        number=(computed if text else "") or typed,
        typed=bool(typed),
        pieces=tuple(pieces),
        mark=None,
        row=None,
        notes=tuple(note for one in begun for note in one.notes),
        calls=(),
        made_of=tuple(at for one in begun for at in one.made_of),
        key=key,
    )
