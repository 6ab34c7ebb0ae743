"""What does a Word document say?

Everything that holds words is read or named in the report: body, tables, text boxes, notes, comments,
content controls, formulas, hidden text. Three readings: as marked, all changes accepted, all rejected.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from lxml import etree
from msgspec.structs import replace

from paraph.papers.bounded_xml import too_deep
from paraph.papers.documents import (
    Change,
    Comment,
    Document,
    Paragraph,
    Piece,
    Report,
    folded,
    kind_of,
    number_in,
)
from paraph.papers.docx.numbering import Numbering, Style, Styles, switched_on, value, whole
from paraph.papers.docx.package import STRICT, Package, W
from paraph.papers.docx.settling import COME, GO, PROPERTIES, Reading, mark_of, settle
from paraph.papers.errors import PaperRefused
from paraph.sentences import _

Tree = etree._Element

KEY = re.compile("_P[0-9a-f]{16}")  # a bookmark of ours, or the tag of a content control
_COUNTED = re.compile(r"M?\d+(?:\.\d+)*|[IVXLC]+")  # numbers that our papers let Word count
_P, _TEXT, _RUN, _PPR, _RPR = (W + name for name in ("p", "t", "r", "pPr", "rPr"))
_TC, _TR, _TCPR, _TRPR, _MERGE = (W + name for name in ("tc", "tr", "tcPr", "trPr", "vMerge"))
COLUMNS = 63  # of a table in Word
DEPTH = 120  # of elements in each other, from the body on; Word itself writes up to about 40
_KINDS = {"ins": "inserted", "del": "deleted", "moveTo": "moved here", "moveFrom": "moved away"}
_THROUGH = {  # what stands around words and says nothing itself
    *("hyperlink", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo", "ruby", "rubyBase", "r"),
    *("drawing", "pict", "object", "inline", "anchor", "graphic", "graphicData", "wsp", "wgp"),
    *("wpc", "grpSp", "txbx", "shape", "rect", "group", "textbox", "roundrect", "oval", "line"),
    *("shapetype", "Choice"),
}  # fmt: skip
_PICTURES = {
    "blip": "pictures",
    "imagedata": "pictures",
    "relIds": "diagrams",
    "chart": "charts",
    "OLEObject": "embedded objects",
}
_LETTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_QUIET = {
    *("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "tblPrEx", "rubyPr"),
    *("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "softHyphen"),
    "lastRenderedPageBreak",
    *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "annotationRef"),
    *("customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd"),
    *("customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart"),
    *("customXmlMoveToRangeEnd", "instrText", "delInstrText", "footnoteRef", "endnoteRef", "separator"),
    *("continuationSeparator", "customXmlPr", "smartTagPr", "fldData", "pgNum", "background"),
}  # fmt: skip


def read_docx(path: Path, reading: Reading = "accepted") -> Document:
    """
    Read a Word document.

    Args:
        path: the file.
        reading: `marked` keeps every change on its piece; the others settle them first.

    Raises:
        PaperRefused: the file is not one, is damaged, or could harm; nothing was taken.
    """
    with Package(path) as package:
        return _Reader(package, reading).document


class _Line(msgspec.Struct):
    """A paragraph while its runs are read."""

    pieces: list[Piece] = []
    notes: list[tuple[str, int]] = []  # each with the letters before it
    boxes: list[Tree] = []
    keys: dict[str, tuple[str, int]] = {}  # bookmarks of ours, and where they begin
    number: str = ""  # what the first of them holds
    hidden: list[str] = []  # words that Word does not show
    tags: list[str] = []  # of content controls around some of the words


class _Field(msgspec.Struct):
    """A field while it is read."""

    begins: bool = True  # what comes is its instruction, not what it shows
    instruction: str = ""


class _Reader:
    """One pass over the parts of a document."""

    def __init__(self, package: Package, reading: Reading) -> None:
        self.package, self.reading, self.report = package, reading, Report()
        self.paragraphs: list[Paragraph] = []
        self.hanging: dict[str, list[str]] = {}  # comments whose anchor is being read
        self.anchors: dict[str, tuple[list[str], int]] = {}
        self.fields: list[_Field] = []  # open ones
        self.controls: list[tuple[str, list[int]]] = []  # of ours: the tag, and the paragraphs inside
        self.tables = 0
        self.spans: dict[str, tuple[int, int]] = {}
        main = package.document()
        if main.startswith("xl/"):
            raise PaperRefused("other", _("The file is an Excel workbook; name it .xlsx."))
        relations = {one.kind: one.target for one in package.relations(main).values() if not one.external}
        self.styles = Styles(self._part(relations.get("styles")))
        self.numbering = Numbering(self._part(relations.get("numbering")))
        self._part(relations.get("settings"), package.relations(relations.get("settings", "")))
        tree = package.tree(main)
        if tree.tag.startswith("{" + STRICT):
            raise PaperRefused(
                "strict", _("The file is a strict Open XML document; save it as an ordinary one.")
            )
        body = tree.find(W + "body")
        if body is None:
            raise PaperRefused(
                "kind", _("The file is no Word document; open it in Word and save it as .docx.")
            )
        self._note_changes(tree)
        settle(tree, reading)
        self._blocks(body, "", None, 0)
        self._name_controlled()
        self._notes(relations)
        self._report_rest(relations)
        comments = self._comments(self._part(relations.get("comments")))
        self.document = Document(tuple(self.paragraphs), comments, self.report, spans=self.spans)

    def _part(self, name: str | None, _checked: object = None) -> Tree | None:
        return self.package.tree(name) if name in self.package.parts else None

    # ------------------------------------------------------------ blocks

    def _blocks(self, parent: Tree, place: str, row: Change | None, depth: int) -> None:
        if depth > DEPTH:
            raise too_deep()
        for one in parent:
            name = "p" if one.tag == _P else _local(one)
            if name == "p":
                self._paragraph(one, place, row, depth)
            elif name == "tbl":
                self._table(one, place, row, depth)
            elif name == "sdt":
                self.report.count("content controls")
                first = len(self.paragraphs)
                for content in one.iterchildren(W + "sdtContent"):
                    self._blocks(content, place, row, depth + 1)
                inside = list(range(first, len(self.paragraphs)))
                self.controls += [(tag, inside) for tag in _tag(one) if KEY.fullmatch(tag)]
            elif name in ("ins", "del", "moveTo", "moveFrom", "customXml", "smartTag", "Choice"):
                self._blocks(one, place, row, depth + 1)
            elif name == "AlternateContent":
                self._blocks(_choice(one), place, row, depth + 1)
            elif name == "altChunk":
                self.report.skip("embedded documents")
            elif name in ("r", "hyperlink", "oMath", "oMathPara") or name == "fldSimple":
                self._paragraph(one, place, row, depth)
            else:
                self._quiet(name)

    def _table(self, table: Tree, place: str, row: Change | None, depth: int) -> None:
        self.report.count("tables")
        self.tables += 1
        name = f"{place}, table {self.tables}" if place else f"table {self.tables}"
        trees = list(_through(table, _TR))
        rows = [list(_grid(tree)) for tree in trees]
        self.spans |= {f"{name}, {cell}": span for cell, span in _spans(rows)}
        for at, tree in enumerate(trees, 1):
            properties = _child(tree, _TRPR)
            found = None if properties is None else next(properties.iterchildren(*COME, *GO), None)
            change = row if found is None else _change(found)
            for column, _width, _merge, cell in rows[at - 1]:
                self._blocks(cell, f"{name}, row {at}, column {column}", change, depth + 1)

    def _paragraph(self, tree: Tree, place: str, row: Change | None, depth: int) -> None:
        inside = _children(tree)
        properties = _child(inside, _PPR)
        name = value(properties, "pStyle") or self.styles.default
        style, line = self.styles.get(name), _Line()
        number, at = self._computed(properties, name, style, tree)
        self._inline(inside, line, None, style.hidden, depth)
        pieces = line.pieces
        raw = pieces[0].text if len(pieces) == 1 else "".join([piece.text for piece in pieces])
        text = folded(raw)
        typed, words = ("", text) if number else number_in(text, line.number, place)
        outline = whole(value(properties, "outlineLvl"), style.outline)
        heading = outline is not None and outline < 9
        mark = mark_of(tree) if self.reading == "marked" else None
        if text or number or mark is not None:
            notes, calls = _called(line.notes, raw, text, words) if line.notes else ((), ())
            self.paragraphs.append(
                Paragraph(
                    words,
                    number or typed,
                    bool(typed),
                    "heading" if heading else kind_of(number or typed),
                    (outline or 0) + 1 if heading else at,
                    style.name,
                    place,
                    tuple(pieces) if len(pieces) == 1 and raw else _merged(pieces),
                    None if mark is None else _change(mark),
                    row,
                    notes,
                    calls,
                    next(iter(line.keys.values()))[0] if line.keys else "",
                )
            )
            if line.hidden:
                self._flag_hidden(folded("".join(line.hidden)))
            for tag in line.tags:
                self.controls.append((tag, [len(self.paragraphs) - 1]))
        else:
            self.report.count("empty paragraphs")
        for box in line.boxes:
            self.report.count("text boxes")
            self._blocks(box, f"{place}, text box" if place else "text box", row, depth + 1)

    def _computed(self, properties: Tree | None, name: str, style: Style, tree: Tree) -> tuple[str, int]:
        """The number that Word computes, and the level of the item."""
        listed = properties.find(W + "numPr") if properties is not None and len(properties) else None
        list_id = value(listed, "numId") or style.list_id
        if not list_id or list_id == "0":
            return "", 0
        at = whole(value(listed, "ilvl"), style.level)
        at = self.numbering.level_of(list_id, name) if at is None else at
        if next(tree.iter(W + "r", "{*}oMath"), None) is None:  # Word counts it, but shows nothing to read
            return self.numbering.next(list_id, at) if mark_of(tree) is not None else "", at + 1
        return self.numbering.next(list_id, at), at + 1

    def _name_controlled(self) -> None:
        """
        Let paragraphs without a bookmark have the id of the content control around them.

        A control that was copied has the tag of the first: then a bookmark tells which is which, or that one
        of them came as a tracked insertion; else neither is believed.
        """
        holders: dict[str, list[int]] = {}
        for at, one in enumerate(self.paragraphs):
            if one.key:
                holders.setdefault(one.key, []).append(at)
        for tag, places in self.controls:
            if places and not any(self.paragraphs[at].key for at in places):
                first = next((at for at in places if self.paragraphs[at].stood), places[0])
                holders.setdefault(tag, []).append(first)
        for key, places in holders.items():
            marked = [at for at in places if self.paragraphs[at].key]
            kept = _of_one_paragraph([self.paragraphs[at] for at in places], places, marked)
            if not kept:
                twice = _("Paragraphs %(places)s have one mark; the words tell which is which.")
                self.report.flag(twice, places=", ".join(str(at + 1) for at in places))
            for at in places:
                self.paragraphs[at] = replace(self.paragraphs[at], key=key if at in kept else "")

    # ------------------------------------------------------------ runs

    def _inline(
        self, inside: Iterable[Tree], line: _Line, change: Change | None, hidden: bool, depth: int
    ) -> None:
        if depth > DEPTH:
            raise too_deep()
        for one in inside:
            tag = one.tag
            if tag == _TEXT:  # most of what there is
                self._add(line, one.text or "", change, hidden)
                continue
            if tag == _RUN:
                held = _children(one)
                properties = _child(held, _RPR) if len(held) > 1 else None  # wherever it stands
                veiled = hidden or (
                    properties is not None and len(properties) > 0 and self._vanishes(properties)
                )
                self._inline(held, line, change, veiled, depth + 1)
                continue
            name = _local(one)
            if name in ("t", "delText"):
                self._add(line, one.text or "", change, hidden)
            elif name in _LETTERS:
                if one.get(W + "type") not in ("page", "column"):
                    self._add(line, _LETTERS[name], change, hidden)
                elif line.pieces:
                    self._add(line, " ", change, hidden)
            elif name in _KINDS:
                self._inline(one, line, _change(one), hidden, depth + 1)
            elif name == "fldChar":
                self._field(one.get(W + "fldCharType"), line)
            elif name == "instrText":
                if self.fields:
                    self.fields[-1].instruction += one.text or ""
            elif name in ("footnoteReference", "endnoteReference"):
                note = f"{name.removesuffix('Reference')} {one.get(W + 'id')}"
                line.notes.append((note, sum(len(piece.text) for piece in line.pieces)))
            elif name == "commentRangeStart":
                words: list[str] = []
                self.hanging[one.get(W + "id", "")] = words
                self.anchors[one.get(W + "id", "")] = (words, len(self.paragraphs))
            elif name == "commentRangeEnd":
                self.hanging.pop(one.get(W + "id", ""), None)
            elif name == "commentReference":
                self.anchors.setdefault(one.get(W + "id", ""), ([], len(self.paragraphs)))
            elif name == "sdt":
                self.report.count("content controls")
                line.tags += [tag for tag in _tag(one) if KEY.fullmatch(tag)]
                self._inline(one, line, change, hidden, depth + 1)
            elif name == "bookmarkStart" and KEY.fullmatch(one.get(W + "name", "")):
                size = sum(len(piece.text) for piece in line.pieces)
                line.keys[one.get(W + "id", "")] = one.get(W + "name", ""), size
            elif name == "bookmarkEnd" and one.get(W + "id") in line.keys and not line.number:
                raw = "".join(piece.text for piece in line.pieces)
                line.number = folded(raw[line.keys[one.get(W + "id", "")][1] :])
            elif name == "txbxContent":
                line.boxes.append(one)
            elif name == "AlternateContent":
                self._inline(_choice(one), line, change, hidden, depth + 1)
            elif name in ("oMath", "oMathPara"):
                self.report.count("formulas, as a line of signs", name == "oMath")
                self._formula(one, line, change, hidden)
            elif name == "sym":
                self._symbol(one, line, change, hidden)
            elif name in _PICTURES:
                self.report.skip(_PICTURES[name])
            elif name == "rt":
                self.report.skip("readings above words")
            elif one.tag.startswith(W) and name not in _THROUGH:
                self._quiet(name)
            else:
                self._inline(one, line, change, hidden, depth + 1)

    def _add(self, line: _Line, text: str, change: Change | None, hidden: bool) -> None:
        if not self.fields or not any(field.begins for field in self.fields):
            line.pieces.append(Piece(text, change, hidden))
            if hidden:
                line.hidden.append(text)
            for words in self.hanging.values():
                words.append(text)

    def _formula(self, math: Tree, line: _Line, change: Change | None, hidden: bool) -> None:
        for sign in math.iter("{*}t", "{*}delText"):
            around = next((one for one in sign.iterancestors(*COME, *GO)), None)
            self._add(line, sign.text or "", change if around is None else _change(around), hidden)

    def _symbol(self, one: Tree, line: _Line, change: Change | None, hidden: bool) -> None:
        """A letter of a font of symbols has no meaning outside that font."""
        try:
            code = int(one.get(W + "char", ""), 16)
        except ValueError:
            code = 0xF000
        if 0xE000 <= code <= 0xF8FF or code < 0x20 or code > 0xFFFF or 0xD800 <= code < 0xE000:
            self.report.skip(f"symbols of the font {one.get(W + 'font', '')}, shown as □")
            code = 0x25A1
        self._add(line, chr(code), change, hidden)

    def _field(self, kind: str | None, line: _Line) -> None:
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].begins = False
        elif kind == "end" and self.fields:
            counts = self.fields.pop().instruction.split()[:1] == ["SEQ"]
            raw = "".join(piece.text for piece in line.pieces)
            if counts and not line.keys and _COUNTED.fullmatch(raw):
                line.number = raw

    def _vanishes(self, properties: Tree) -> bool:
        style = value(properties, "rStyle")
        return switched_on(properties, "vanish") or (bool(style) and self.styles.get(style or "").hidden)

    # ------------------------------------------------------------ what stands beside the body

    def _notes(self, relations: dict[str, str]) -> None:
        for kind in ("footnote", "endnote"):
            tree = self._part(relations.get(f"{kind}s"))
            if tree is None:
                continue
            self._note_changes(tree)
            settle(tree, self.reading)
            notes = {f"{kind} {note.get(W + 'id')}": note for note in tree.iterchildren(W + kind)}
            called = dict.fromkeys(name for one in self.paragraphs for name in one.notes if name in notes)
            for name in called:
                self.report.count(f"{kind}s")
                self._blocks(notes[name], name, None, 0)
            if self.reading == "marked":
                for name in notes.keys() - called.keys():
                    if notes[name].get(W + "type") is None:
                        self.report.skip(f"{kind}s that nothing calls")

    def _comments(self, tree: Tree | None) -> tuple[Comment, ...]:
        found = []
        for one in () if tree is None else tree.iterchildren(W + "comment"):
            line = _Line()
            for paragraph in one.iter(W + "p"):
                if line.pieces:
                    line.pieces.append(Piece("\n"))
                self._inline(paragraph, line, None, False, 0)
            key = one.get(W + "id", "")
            anchor, at = self.anchors.get(key, ([], None))
            words, author = folded("".join(piece.text for piece in line.pieces)), one.get(W + "author", "")
            place = None if at is None else min(at, len(self.paragraphs) - 1)
            found.append(Comment(key, author, one.get(W + "date", ""), words, folded("".join(anchor)), place))
            self.report.count(f"comments of {author or 'nobody named'}")
        return tuple(found)

    def _note_changes(self, tree: Tree) -> None:
        """Count the tracked changes before they are settled."""
        for one in tree.iter(*COME, *GO):
            author = one.get(W + "author") or "nobody named"
            parent = one.getparent()
            what = _KINDS[_local(one)]
            if parent is not None and parent.tag in PROPERTIES:
                what = f"{'rows' if parent.tag == W + 'trPr' else 'paragraph marks'} {what}"
            self.report.count(f"{what} by {author}")
        for name, what in (("cellIns", "cells inserted"), ("cellDel", "cells deleted")):
            self.report.count(what, sum(1 for _one in tree.iter(W + name)))
        formats = sum(
            1 for _one in tree.iter("{*}rPrChange", "{*}pPrChange", "{*}tblPrChange", "{*}sectPrChange")
        )
        self.report.count("changes of format", formats)

    def _flag_hidden(self, words: str) -> None:
        if words:
            short = words if len(words) <= 60 else f"{words[:60]}…"
            self.report.count("passages of hidden text")
            hidden_text = _("Hidden text in paragraph %(place)s: %(words)s")
            self.report.flag(hidden_text, place=len(self.paragraphs), words=short)

    def _report_rest(self, relations: dict[str, str]) -> None:
        counts = [("paragraphs", len(self.paragraphs))]
        self.report.read = dict(counts) | self.report.read
        for name in self.package.names():
            base = name.rpartition("/")[2]
            for begin, what in (("header", "page headers"), ("footer", "page footers")):
                if base.startswith(begin) and base.endswith(".xml"):
                    self.report.skip(what)
        for _name in self.package.names("embeddings"):
            self.report.skip("embedded files")
        for _name in self.package.names("activeX"):
            self.report.skip("controls that run programs")
        if self.numbering.unknown:
            kinds = ", ".join(sorted(self.numbering.unknown))
            self.report.flag(_("Numbers of these formats are shown as 1, 2, 3: %(kinds)s."), kinds=kinds)
        for relation in self.package.relations(relations.get("settings", "")).values():
            if relation.external and relation.kind == "attachedTemplate":
                unopened = _("The file names a template that was not opened: %(target)s")
                self.report.flag(unopened, target=relation.target)

    def _quiet(self, name: str) -> None:
        if name not in _QUIET:
            self.report.skip(f"elements called {name}")


def _tag(control: Tree) -> list[str]:
    """What whoever made a content control called it."""
    tag = value(control.find(W + "sdtPr"), "tag")
    return [tag] if tag else []


def _of_one_paragraph(same: Sequence[Paragraph], places: list[int], marked: list[int]) -> list[int]:
    """Which of the paragraphs that carry one id may keep it: all where it moved, none where nobody knows."""
    stood = [at for at, one in zip(places, same, strict=True) if one.stood]
    stands = [at for at, one in zip(places, same, strict=True) if one.stands]
    if len(stood) <= 1 and len(stands) <= 1:
        return places
    if len(marked) == 1:
        return marked
    return stood if len(stood) == 1 else []


def _children(parent: Tree) -> Sequence[Tree]:
    """What stands in an element; for the one child that most have, an iterator would cost twice as much."""
    return (parent[0],) if len(parent) == 1 else list(parent)


def _child(inside: Iterable[Tree], tag: str) -> Tree | None:
    """The first of some elements with a tag."""
    for one in inside:
        if one.tag == tag:
            return one
    return None


def _local(element: Tree) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def _choice(alternatives: Tree) -> Tree:
    """The first of several renderings of one thing."""
    return next(iter(alternatives), alternatives)


def _through(parent: Tree, wanted: str) -> Iterator[Tree]:
    """Rows or cells, also those in content controls."""
    for one in parent:
        if one.tag == wanted:
            yield one
        elif _local(one) in ("sdt", "sdtContent", "customXml", "ins", "del"):
            yield from _through(one, wanted)


def _grid(row: Tree) -> Iterator[tuple[int, int, str, Tree]]:
    """The cells of a row: column of the grid from 1, how many of these it takes, how it is merged, itself."""
    column = 1 + _columns(value(_child(row, _TRPR), "gridBefore"), 0)
    for cell in _through(row, _TC):
        properties = _child(cell, _TCPR)
        width = _columns(value(properties, "gridSpan"), 1) if column < COLUMNS else 1
        merge = None if properties is None else properties.find(_MERGE)
        yield column, width, "" if merge is None else merge.get(W + "val", "continue"), cell
        column += width


def _columns(given: str | None, least: int) -> int:
    """A number of columns of the grid, as far as Word has that many."""
    if given is None:
        return least
    return min(max(whole(given, least) or least, least), COLUMNS)


def _spans(rows: Sequence[Sequence[tuple[int, int, str, Tree]]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each merged cell with the rows and columns that it takes."""
    below: dict[int, int] = {}  # column -> rows from here on that go on with the cell above
    for at in range(len(rows), 0, -1):
        here = {}
        for column, width, merge, _cell in rows[at - 1]:
            height = 1 + below.get(column, 0)
            if merge == "continue":
                here[column] = height
            elif max(width, height) > 1:
                yield f"row {at}, column {column}", (height if merge else 1, width)
        below = here


def _change(element: Tree) -> Change:
    kind = _KINDS[_local(element)]
    return Change(kind, element.get(W + "author", ""), element.get(W + "date", ""))  # type: ignore[arg-type]


def _called(
    notes: Sequence[tuple[str, int]], raw: str, text: str, words: str
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The places of notes, and after how many letters of the words each is called."""
    before = len(text) - len(words)
    calls = [min(max(len(folded(raw[:at])) - before, 0), len(words)) for _note, at in notes]
    return tuple([note for note, _at in notes]), tuple(calls)


def _merged(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Pieces of one fate as one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and (found[-1].change, found[-1].hidden) == (piece.change, piece.hidden):
            found[-1] = replace(found[-1], text=found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return tuple(found)
