"""What does an Akoma Ntoso document say: to a reader of any of them, and of our own in full?

Any document gives paragraphs, with numbers, headings, tables and notes. One that Paraph wrote also gives
back every subject with every wording on the table; their fingerprints are computed and not believed. What
carries a permanent id, or stands where our own list of places has one, keeps it whatever its words are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from lxml import etree

from paraph.acts import CELLS
from paraph.papers.akn.roadmap import Event, Place, Point, RoadMapText, Wording, false_names
from paraph.papers.akn.writing import AKN, LANG, OURS, eids
from paraph.papers.bounded_xml import parse, too_deep
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
from paraph.papers.errors import PaperRefused
from paraph.sentences import _
from paraph.text.outline import check_outline

DEPTH = 120  # of elements in each other
COLUMNS = 200  # that a cell takes
FILE = 64 << 20  # bytes
Tree: TypeAlias = etree._Element

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
    tree = _tree(path)
    wanted = language or next((one for one in (e.get(LANG) for e in tree.iter()) if one), "")
    own = _own_part(tree)
    text = None if own is None else _road_map(tree, own)
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


def read_road_map(path: Path) -> RoadMapText:
    """
    The road map in a document that Paraph wrote.

    Raises:
        PaperRefused: also where it is another document.
    """
    tree = _tree(path)
    own = _own_part(tree)
    if own is None:
        raise PaperRefused("kind", _("The document holds no road map of Paraph."))
    return _road_map(tree, own)


def _tree(path: Path) -> Tree:
    if path.stat().st_size > FILE:
        raise PaperRefused("large", _("The file is larger than %(most)s MB."), most=FILE >> 20)
    with path.open("rb") as file:
        tree = parse(file, path.name)
    if tree.tag != f"{{{AKN}}}akomaNtoso":
        raise PaperRefused("kind", _("The file is no Akoma Ntoso 3.0 document."))
    return tree


def _own_part(tree: Tree) -> Tree | None:
    return tree.find(f"./{{*}}doc/{{*}}meta/{{*}}proprietary/{{{OURS}}}road-map")


def _ids(tree: Tree, places: Sequence[Place]) -> dict[str, list[Tree]]:
    """Permanent id -> the elements that carry it; where it is gone, the present place says it."""
    there = {eid: item for item, eid in eids(places).items()}
    found: dict[str, list[Tree]] = {}
    for one in tree.iter(f"{{{AKN}}}*"):
        name = one.get("GUID") or there.get(one.get("eId", ""))
        if name:
            found.setdefault(name, []).append(one)
    return found


def _local(element: Tree) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


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
            name = _local(one)
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
            elif name in ("section", "paragraph") or any(_local(child) == "num" for child in one):
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
            ) and not any(_local(child) in _LINES for child in one):
                number = self._say(one, place, level, number)
            else:
                number = self._blocks(one, place, level, number, depth + 1)
        if number and _local(parent) not in ("content", "intro"):
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
                if any(_local(child) in _LINES for child in cell):
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
            name = _local(one)
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


# ---------------------------------------------------------------- our own documents in full


def _road_map(tree: Tree, own: Tree) -> RoadMapText:
    try:
        return _Own(tree, own).text
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise PaperRefused("damaged", _("The file is damaged; ask for it again.")) from error


class _Own:
    """One pass over a document of ours: first what it names, then the words."""

    def __init__(self, tree: Tree, own: Tree) -> None:
        self.parts: dict[str, dict[str, dict[str, str]]] = {}  # wording -> part -> language -> words
        self.bodies: dict[str, dict[str, list[dict[str, str]]]] = {}
        self.single: dict[str, dict[str, str]] = {}  # wording -> date, target, unit, source
        self.reserves: dict[str, list[tuple[str, str]]] = {}
        authentic = tuple(_given(own, "authentic").split())
        for element in tree.iter(f"{{{AKN}}}*"):
            self._take(element)
        points = {}
        for about in own.iterchildren(f"{{{OURS}}}subject"):
            name = _given(about, "name")
            wordings = [
                self._wording(one, name, authentic) for one in about.iterchildren(f"{{{OURS}}}wording")
            ]
            agreed = [
                _given(one, "proposal")
                for one in about.iterchildren(f"{{{OURS}}}wording")
                if one.get("agreed")
            ]
            points[name] = Point(
                name,
                _given(about, "state"),
                "".join(agreed),
                tuple(wordings),
                tuple(self.reserves.get(name, ())),
            )
        heads = {
            _given(one, "log"): _whole(_given(one, "size")) for one in own.iterchildren(f"{{{OURS}}}head")
        }
        self.text = RoadMapText(
            _given(own, "id"),
            _given(own, "programme"),
            heads,
            _given(own, "date"),
            _given(own, "opened"),
            tuple(_given(own, "parties").split()),
            authentic,
            tuple(own.get("working", "").split()),
            _given(own, "stage"),
            own.get("text", ""),
            _outline(own),
            points,
            tuple(_event(one) for one in tree.iter(f"{{{OURS}}}event")),
        )

    def _take(self, element: Tree) -> None:
        """Collect what an element says of the wordings that it names."""
        role, refers = element.get("class", ""), element.get("refersTo", "").replace("#", "").split()
        if role in ("words", "heading", "title"):
            for name in refers:
                words = _projected(element, name)
                self.parts.setdefault(name, {}).setdefault(role, {})[_language(element)] = words
        elif role in ("deadline", "target") and refers:
            found = self.single.setdefault(refers[0], {})
            for one in element:
                if _local(one) == "date" or one.get("name") in ("date", "target", "unit", "source"):
                    found[one.get("name", "date")] = _letters(one)
        elif role == "bodies" and refers:
            parent = element.getparent()
            party = (parent.get("class", "") if parent is not None else "").removeprefix("bodies ")
            self.bodies.setdefault(refers[0], {})[party] = [
                {_given(name, LANG): _letters(name) for name in body if name.get("name") == "name"}
                for body in element
                if _local(body) == "organization"
            ]
        elif role == "reserve":
            party, kind = refers[0].removeprefix("party_"), refers[1].removeprefix("reserve_")
            self.reserves.setdefault(_given(element, f"{{{OURS}}}subject"), []).append((party, kind))

    def _wording(self, one: Tree, about: str, authentic: tuple[str, ...]) -> Wording:
        name = _given(one, "name")
        parts = self.parts.get(name, {})
        content: dict[str, Any] = {}
        for part in one.get("parts", "").split():
            content[part] = self._part(one, about, name, part, authentic)
        translations: dict[str, dict[str, str]] = {}
        for part, words in parts.items():
            for language, said in words.items():
                if language not in authentic:
                    translations.setdefault(language, {})[part] = said
        return Wording(
            _given(one, "proposal"),
            content,
            translations,
            tuple(one.get("authors", "").split()),
            tuple(one.get("supporters", "").split()),
        )

    def _part(self, one: Tree, about: str, name: str, part: str, authentic: tuple[str, ...]) -> Any:
        def listed(tag: str) -> list[str]:
            return [child.text or "" for child in one.iterchildren(f"{{{OURS}}}{tag}")]

        if part in ("words", "heading", "title"):
            said = self.parts.get(name, {}).get(part, {})
            return {language: said[language] for language in authentic if language in said}
        if part == "items":
            items = one.iterchildren(f"{{{OURS}}}item")
            return [[_whole(_given(item, "level")), _given(item, "id")] for item in items]
        if part in ("depends_on", "marks"):
            return listed(part)
        if part == "number":
            return _whole("".join(listed(part)))
        if part == "bodies" and about.startswith("card:"):
            return {
                _given(bodies, "party"): [
                    {_given(said, "language"): said.text or "" for said in body} for body in bodies
                ]
                for bodies in one.iterchildren(f"{{{OURS}}}bodies")
            }
        if part == "bodies":
            return self.bodies.get(name, {})
        if about.startswith("card:"):
            return "".join(listed(part))
        return self.single.get(name, {}).get(part, "")


def _outline(own: Tree) -> tuple[Place, ...]:
    """The places of the text; TextRefused where those that are agreed make no outline."""
    places = tuple(_place(one) for one in own.iterchildren(f"{{{OURS}}}place"))
    if agreed := [(place.level, place.id) for place in places if place.number]:
        check_outline(tuple(agreed))
    return places


def _place(one: Tree) -> Place:
    return Place(
        _given(one, "id"),
        _whole(_given(one, "level")),
        one.get("number", ""),
        one.get("first", ""),
        tuple(one.get("inserted", "").split()),
        tuple(one.get("deleted", "").split()),
    )


def _event(one: Tree) -> Event:
    parent = one.getparent()
    what = (parent.get("refersTo", "") if parent is not None else "").removeprefix("#")
    return Event(_given(one, "at"), what, _given(one, "about"), one.get("party", ""), one.get("text", ""))


def _given(element: Tree, name: str) -> str:
    """An attribute that has to be there; KeyError where it is not."""
    return str(element.attrib[name])


def _whole(text: str) -> int:
    """A number; ValueError where it is none, or larger than any that the record holds."""
    number = int(text)
    if abs(number) >= 1 << 53:
        raise ValueError(text)
    return number


def _language(element: Tree) -> str:
    """The language of an element, its own or that of what it stands in."""
    while element.get(LANG) is None and (parent := element.getparent()) is not None:
        element = parent
    return element.get(LANG, "")


def _projected(element: Tree, wording: str) -> str:
    """The words of one proposal, read out of the brackets."""
    return "".join(_projection(element, wording, 0))


def _projection(element: Tree, wording: str, depth: int) -> Iterator[str]:
    if depth > DEPTH:
        raise too_deep()
    yield element.text or ""
    for one in element:
        name = one.get("name", "")
        if _local(one) == "eol":
            yield "\n"
        elif _local(one) == "ref" and (key := one.get(f"{{{OURS}}}key")):
            yield f"{{ref:{key}}}"
        elif _is_another(one, name, wording):
            pass
        else:
            yield from _projection(one, wording, depth + 1)
        yield one.tail or ""


def _is_another(element: Tree, name: str, wording: str) -> bool:
    """Say whether an element is only there to be read, or belongs to other wordings."""
    if name == "bracket":
        return f"#{wording}" not in element.get("refersTo", "").split()
    return name == "label" or _local(element) == "authorialNote"


def _letters(element: Tree) -> str:
    return "".join(_projection(element, "", 0))
