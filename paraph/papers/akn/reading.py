"""What does any Akoma Ntoso document say?

Paragraphs, with numbers, headings, tables and notes. What carries a permanent id, or stands where the list of
places of a document of ours has one, keeps it whatever its words are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paraph.acts import CELLS
from paraph.papers.akn.own import own_part, road_map_in
from paraph.papers.akn.parsed import DEPTH, Tree, local, parsed
from paraph.papers.akn.roadmap import Place, false_names
from paraph.papers.akn.writing import AKN, LANG, eids
from paraph.papers.bounded_xml import too_deep
from paraph.papers.documents import (
    Change,
    Document,
    Made,
    Paragraph,
    Piece,
    Report,
    folded,
    kind_of,
    typed_number,
)
from paraph.papers.docx.settling import Reading
from paraph.sentences import _

COLUMNS = 200  # that a cell takes

_BESIDE = {"meta", "authorialNote", "coverPage", "componentInfo"}
_INLINE_KINDS = {"ins": "inserted", "del": "deleted"}
_LINES = {"p", "block", "li", "longTitle", "num", "heading", "subheading", "crossHeading", "listIntroduction",
          "listWrapUp", "caption", "docTitle", "th", "td", "item", "intro", "wrapUp"}  # fmt: skip


def read_akn(path: Path, reading: Reading = "accepted", language: str = "") -> Document:
    """
    The paragraphs of a document in one language.

    Args:
        path: the file.
        reading: what becomes of words marked as inserted or deleted.
        language: of a document in several; the first one that it has where left out.

    Raises:
        PaperRefused: it is none, is damaged, or could harm; nothing was taken.
    """
    tree = parsed(path)
    wanted = language or next((one for one in (e.get(LANG) for e in tree.iter()) if one), "")
    own = own_part(tree)
    text = None if own is None else road_map_in(tree, own)
    found = _Reader(tree, reading, wanted, _ids(tree, text.places if text else ()))
    others = {one for element in tree.iter() if (one := element.get(LANG)) and one != wanted}
    if others and wanted:
        also = _("The document is also written in other languages: %(languages)s.")
        found.report.flag(also, languages=", ".join(sorted(others)))
    made = None
    if text is not None:
        made = Made(text.programme, text.heads, text.languages)
        wrong = false_names(text)
        found.report.count(
            "proposals, named by their words", sum(len(one.wordings) for one in text.points.values())
        )
        for about in wrong:
            found.report.flag(_("The words are not the ones that the file names: %(about)s."), about=about)
    return Document(tuple(found.paragraphs), (), found.report, made, found.spans)


def _ids(tree: Tree, places: Sequence[Place]) -> dict[str, list[Tree]]:
    """Permanent id -> the elements that carry it; where it is gone, the present place says it."""
    there = {eid: item for item, eid in eids(places).items()}
    found: dict[str, list[Tree]] = {}
    for one in tree.iter(f"{{{AKN}}}*"):
        name = one.get("GUID") or there.get(one.get("eId", ""))
        if name:
            found.setdefault(name, []).append(one)
    return found


# ---------------------------------------------------------------- paragraphs of any document


@dataclass(slots=True)
class _Line:
    """A paragraph while its words are read."""

    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Reader:
    """One pass over a document in one language."""

    def __init__(self, tree: Tree, reading: Reading, language: str, ids: dict[str, list[Tree]]) -> None:
        self.reading, self.language, self.report = reading, language, Report()
        self.keys = {elements[0]: name for name, elements in ids.items() if len(elements) == 1}
        self.key = ""  # the permanent id of what is being read
        for name, elements in ids.items():
            if len(elements) > 1:
                twice = _("The permanent id %(id)s stands %(count)s times; the words tell which is which.")
                self.report.flag(twice, id=name, count=len(elements))
        self.paragraphs: list[Paragraph] = []
        self.notes: list[tuple[str, Tree]] = []
        self.tables = 0
        self.spans: dict[str, tuple[int, int]] = {}
        for document in tree:
            self._blocks(document, "", 1, "", 0)
        for name, note in self.notes:
            self._blocks(note, name, 1, "", 0)
        counts = [("paragraphs", len(self.paragraphs))]
        self.report.read = dict(counts) | self.report.read

    def _ours(self, element: Tree) -> bool:
        language = element.get(LANG)
        return not (language and self.language and language != self.language)

    def _blocks(self, parent: Tree, place: str, level: int, number: str, depth: int) -> str:
        """Read what stands in an element; give back a number that no words have taken."""
        if depth > DEPTH:
            raise too_deep()
        for one in parent:
            name = local(one)
            if name in _BESIDE or not self._ours(one) or not name:
                self._beside(one, name)
            elif name == "num":
                number = folded(self._plain(one))
            elif name in ("heading", "subheading", "crossHeading", "docTitle", "longTitle"):
                number = self._say(one, place, level, number, heading=True)
            elif name == "table":
                self._number(number, place, level)
                number = ""
                self._table(one, place, depth)
            elif name in ("section", "paragraph") or any(local(child) == "num" for child in one):
                self._number(number, place, level)
                number = ""
                above, self.key = self.key, self.keys.get(one, "")
                self._blocks(one, place, level + 1, "", depth + 1)
                self.key = above
            elif name in (
                "p",
                "block",
                "listIntroduction",
                "listWrapUp",
                "caption",
                "td",
                "th",
                "item",
            ) and not any(local(child) in _LINES for child in one):
                number = self._say(one, place, level, number)
            else:
                number = self._blocks(one, place, level, number, depth + 1)
        if number and local(parent) not in ("content", "intro"):
            self._number(number, place, level)
            return ""
        return number

    def _number(self, number: str, place: str, level: int) -> None:
        """A number that stands alone."""
        if number:
            self.paragraphs.append(
                Paragraph("", number, False, kind_of(number), level, place=place, key=self.key)
            )

    def _table(self, table: Tree, place: str, depth: int) -> None:
        self.report.count("tables")
        self.tables += 1
        name = f"{place}, table {self.tables}" if place else f"table {self.tables}"
        above = self.key
        free: dict[int, int] = {}  # column -> the first row that no cell from above takes
        for at, row in enumerate(table.iterchildren("{*}tr"), 1):
            item = self.keys.get(row, "")
            column = 1
            for cell in row.iterchildren("{*}td", "{*}th"):
                while free.get(column, 0) > at:
                    column += 1
                where = f"{name}, row {at}, column {column}"
                height, width = (_reach(cell.get(side)) for side in ("rowspan", "colspan"))
                if max(height, width) > 1:
                    self.spans[where] = height, width
                width = min(width, COLUMNS) if column < COLUMNS else 1
                free |= dict.fromkeys(range(column, column + width), at + height)
                column += width
                part = cell.get("class", "").partition(" ")[0]
                self.key = f"{item}/{part}" if item and part in CELLS else item
                if any(local(child) in _LINES for child in cell):
                    self._blocks(cell, where, 1, "", depth + 1)
                else:
                    self._say(cell, where, 1, "")
        self.key = above

    def _say(self, element: Tree, place: str, level: int, number: str, *, heading: bool = False) -> str:
        line = _Line()
        self._inline(element, line, None, 0)
        text = folded("".join(piece.text for piece in line.pieces))
        typed, words = ("", text) if number else typed_number(text, place)
        if not words and not typed:
            return number
        tracked = any(piece.change for piece in line.pieces)
        self.paragraphs.append(
            Paragraph(
                words,
                number or typed,
                bool(typed),
                "heading" if heading else kind_of(number or typed),
                level if heading or number else 0,
                element.get("class", ""),
                place,
                pieces=tuple(line.pieces) if tracked else (Piece(text),),
                notes=tuple(line.notes),
                key=self.key,
            )
        )
        return ""

    def _inline(self, element: Tree, line: _Line, change: Change | None, depth: int) -> None:
        if depth > DEPTH:
            raise too_deep()
        self._add(line, element.text, change)
        for one in element:
            name = local(one)
            if name in ("eol", "br"):
                line.pieces.append(Piece("\n", change))
            elif name == "authorialNote":
                note = f"footnote {len(self.notes) + 1}"
                self.notes.append((note, one))
                line.notes.append(note)
                self.report.count("footnotes")
            elif name == "img":
                self.report.skip("pictures")
            elif name and self._ours(one):
                self._changed(one, name, line, change, depth)
            self._add(line, one.tail, change)

    def _changed(self, one: Tree, name: str, line: _Line, change: Change | None, depth: int) -> None:
        kind = _INLINE_KINDS.get(name)
        if kind is None:
            self._inline(one, line, change, depth + 1)
            return
        self.report.count(f"{kind} by nobody named")
        if self.reading == "marked":
            self._inline(one, line, Change(kind, ""), depth + 1)  # type: ignore[arg-type]
        elif (kind == "inserted") == (self.reading == "accepted"):
            self._inline(one, line, change, depth + 1)

    @staticmethod
    def _add(line: _Line, text: str | None, change: Change | None) -> None:
        if text:
            line.pieces.append(Piece(text.replace("\n", " "), change))

    def _plain(self, element: Tree) -> str:
        line = _Line()
        self._inline(element, line, None, 0)
        return "".join(piece.text for piece in line.pieces)

    def _beside(self, element: Tree, name: str) -> None:
        if name == "authorialNote":
            self.report.skip("notes that nothing calls")


def _reach(given: str | None) -> int:
    """How many rows or columns a cell takes."""
    return max(int(given), 1) if given and given.isascii() and given.isdigit() and len(given) < 4 else 1
