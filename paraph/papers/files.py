"""Which document does a file hold, and how is it shown on a terminal?"""

from pathlib import Path
from typing import Any

from paraph.papers.documents import Change, Document, Paragraph, Piece
from paraph.papers.docx.reading import read_docx
from paraph.papers.docx.settling import Reading
from paraph.papers.mistaken import AKOMA_NTOSO, TEXTS, WORD, refuse_mistaken
from paraph.sentences import _

FLAGS = 20  # words of one kind that a report names
_SIGNS = {
    "inserted": ("{+", "+}"),
    "deleted": ("[-", "-]"),
    "moved here": ("{>", ">}"),
    "moved away": ("[<", "<]"),
}


def read_file(path: Path, reading: Reading = "accepted", language: str = "") -> Document:
    """
    Read a document of any kind that is known by its name; PaperRefused says why not.

    Args:
        path: the file.
        reading: what becomes of tracked changes.
        language: of a document in several languages; its first one where left out.
    """
    found = _read(path, reading, language)
    if not found.paragraphs:
        found.report.flag(
            _("No words were found in the file; a scan says nothing until its words are typed.")
        )
    flag_look_alikes(found)
    return found


def _read(path: Path, reading: Reading, language: str) -> Document:
    refuse_mistaken(path)
    kind = path.suffix.lower()
    if kind in WORD:
        return read_docx(path, reading)
    if kind in AKOMA_NTOSO:
        from paraph.papers.akn.reading import read_akn  # acts and all that the record needs

        return read_akn(path, reading, language)
    if kind in TEXTS:
        from paraph.papers.plain import read_plain

        return read_plain(path)
    from paraph.papers.xlsx.document import read_sheet  # a command that reads no table starts without it

    return read_sheet(path)


def flag_look_alikes(document: Document) -> None:
    """Tell in the report which words mix two alphabets, and which look like others and are not."""
    text = "\n".join([one.words for one in document.paragraphs])
    if text.isascii():
        return
    text = " ".join(dict.fromkeys(text.split()))  # each word once, in the order in which they come
    from paraph.text.alike import alike_words  # large tables that English needs none of
    from paraph.text.canonical import mended, mixed_words

    for word in mixed_words(text)[:FLAGS]:
        place, meant = _where(document, word), mended(word)
        if meant:
            mixed = _("“%(word)s” in paragraph %(place)s mixes two alphabets; “%(meant)s” is meant.")
            document.report.flag(mixed, word=word, place=place, meant=meant)
        else:
            mixed = _("“%(word)s” in paragraph %(place)s mixes two alphabets.")
            document.report.flag(mixed, word=word, place=place)
    pairs = {frozenset(pair): pair for pair in alike_words(text)}  # the one that comes later is told
    for word, other in list(pairs.values())[:FLAGS]:
        document.report.flag(
            _("“%(word)s” in paragraph %(place)s looks like “%(other)s” in paragraph %(there)s, "
              "and is another word."),
            word=word, place=_where(document, word), other=other, there=_where(document, other),
        )  # fmt: skip


def _where(document: Document, word: str) -> int:
    """The first paragraph that holds a word, from 1."""
    from paraph.text.canonical import words_in

    return next(
        (at for at, one in enumerate(document.paragraphs, 1) if word in words_in(one.words)),
        0,
    )


def line(paragraph: Paragraph) -> str:
    """A paragraph on one line, what is tracked between signs: `{+new+}`, `[-old-]`."""
    if not any(piece.change for piece in paragraph.pieces):
        return paragraph.text.replace("\n", " ")
    number = "" if paragraph.typed or not paragraph.number else f"{paragraph.number} "
    text = "".join(_signed(piece) for piece in paragraph.pieces)
    return number + " ".join(text.split())


def _signed(piece: Piece) -> str:
    if piece.change is None:
        return piece.text
    begin, end = _SIGNS[piece.change.kind]
    return f"{begin}{piece.text}{end}"


def as_json(document: Document) -> dict[str, Any]:
    """The structure of a document, for other programs; what a paragraph has not is left out."""
    return {
        "paragraphs": [_paragraph(one) for one in document.paragraphs],
        "comments": [
            {
                "id": one.id,
                "author": one.author,
                "date": one.date,
                "words": one.words,
                "anchor": one.anchor,
                "paragraph": one.paragraph,
            }
            for one in document.comments
        ],
        "merged": {place: list(span) for place, span in document.spans.items()},
        "report": {
            "read": document.report.read,
            "not_read": document.report.skipped,
            "flags": [str(flag) for flag in document.report.flags],
        },
    }


def _paragraph(one: Paragraph) -> dict[str, Any]:
    tracked = any(piece.change or piece.hidden for piece in one.pieces)
    found: dict[str, Any] = {
        "kind": one.kind,
        "level": one.level,
        "number": one.number,
        "typed": one.typed,
        "words": one.words,
        "place": one.place,
        "style": one.style,
        "notes": list(one.notes),
        "mark": _change(one.mark),
        "row": _change(one.row),
        "pieces": [
            {"text": piece.text, "hidden": piece.hidden, **(_change(piece.change) or {})}
            for piece in one.pieces
            if tracked
        ],
    }
    return {key: value for key, value in found.items() if value or key == "words"}


def _change(change: Change | None) -> dict[str, str] | None:
    if change is None:
        return None
    return {"change": change.kind, "author": change.author, "date": change.date}
