"""How is a road map written as Akoma Ntoso 3.0, valid against the strict schema?

One document holds all languages side by side. A permanent id is the GUID, the first place the wId, the
present place the eId. Every bracket says in `refersTo` whose it is and of which proposals; what is only
there to be read (`[BY: `) stands in an inline named `label`, so that the words can be read back exactly.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from lxml import etree

from paraph.acts import CELLS, RESERVES
from paraph.papers.akn.roadmap import Event, Place, Point, RoadMapText, Wording, paths
from paraph.papers.labels import label
from paraph.state.composed import REFERENCE
from paraph.text.brackets import Alternative, Node, Option, Plain, brackets, shown

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OURS = "urn:paraph:road-map:1"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CODES = {
    "en": "eng",
    "ru": "rus",
    "be": "bel",
    "fr": "fra",
    "de": "deu",
    "uk": "ukr",
    "kk": "kaz",
    "hy": "hye",
}
FIRST_REFERENCE = 0xE000  # a private character stands for a reference while brackets are computed

MARKS = ("reconstruction", "illustrative")  # those that have words of their own

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EVENTS = {"opened": "generation", "closed": "generation", "returned": "repeal", "reopened": "repeal"}
_Tree = etree._Element


def write_akn(text: RoadMapText) -> bytes:
    """The document, UTF-8."""
    tree = _Writer(text).tree
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


class _Writer:
    """One pass over a road map."""

    def __init__(self, text: RoadMapText) -> None:
        self.text = text
        self.ids = 0
        self.notes = 0
        self.names = {
            one.proposal: f"w{place}"
            for place, one in enumerate((one for point in text.points.values() for one in point.wordings), 1)
        }
        self.numbers = {place.id: place.number for place in text.places}
        spaces: dict[str | None, str] = {None: AKN, "paraph": OURS}
        self.tree = etree.Element(f"{{{AKN}}}akomaNtoso", nsmap=spaces)  # type: ignore[arg-type]
        doc = _add(self.tree, "doc", name="roadMap")
        self.eids = eids(text.places)
        self.wids = {place.id: place.first or self.eids[place.id] for place in text.places}
        self._meta(doc, "!main")
        self._references(doc[0])
        self._own(doc[0])
        self._preface(doc)
        self._body(_add(doc, "mainBody"))
        measures = [place for place in text.places if place.id.startswith("measure:")]
        if measures:
            self._annex(doc, measures)

    # ------------------------------------------------------------ what the document is

    def _meta(self, doc: _Tree, part: str) -> None:
        text = self.text
        work = f"/akn/zz/doc/road-map/{text.opened[:10]}/{text.programme[:8]}-{text.id}"
        expression = f"{work}/mul@{text.date[:10]}"
        meta = _add(doc, "meta")
        identification = _add(meta, "identification", source="#paraph")
        number = next(iter(self.text.points[f"card:{text.id}"].wordings)).content.get("number", 0)
        for level, address, day, name in (
            ("Work", work, text.opened, "opened"),
            ("Expression", expression, text.date, "as of"),
            ("Manifestation", f"{expression}.xml", text.date, "as of"),
        ):
            one = _add(identification, f"FRBR{level}")
            end = ".xml" if level == "Manifestation" else ""
            _add(one, "FRBRthis", value=f"{address.removesuffix('.xml')}/{part}{end}")
            _add(one, "FRBRuri", value=address)
            _add(one, "FRBRdate", date=_when(day), name=name)
            for party in text.parties:
                _add(one, "FRBRauthor", href=f"#party_{party}", **{"as": "#author"})
            if level == "Work":
                _add(one, "FRBRcountry", value="zz")
                _add(one, "FRBRnumber", value=str(number))
                _add(one, "FRBRname", value=text.id)
            if level == "Expression":
                for language in text.languages:
                    _add(one, "FRBRlanguage", language=CODES.get(language, language))
        if part == "!main" and text.events:
            lifecycle = _add(meta, "lifecycle", source="#paraph")
            for place, event in enumerate(text.events, 1):
                self._event(lifecycle, event, place)

    def _event(self, lifecycle: _Tree, event: Event, place: int) -> None:
        one = _add(
            lifecycle,
            "eventRef",
            eId=f"event_{place}",
            date=_when(event.date),
            source=f"#party_{event.party}" if event.party else "#paraph",
            refersTo=f"#{event.what}",
            type=_EVENTS.get(event.what, "amendment"),
        )
        _own(one, "event", at=event.date, about=event.about, party=event.party, text=event.text)

    def _references(self, meta: _Tree) -> None:
        text = self.text
        references = _add(meta, "references", source="#paraph")

        def concept(tag: str, eid: str, address: str, show: str) -> None:
            _add(references, tag, eId=eid, href=f"/akn/ontology/{address}", showAs=show)

        concept("TLCOrganization", "paraph", "organization/paraph", "Paraph")
        for party in text.parties:
            concept("TLCOrganization", f"party_{party}", f"organization/{party}", party)
        concept("TLCRole", "author", "role/author", "author")
        for what in dict.fromkeys(event.what for event in text.events):
            concept("TLCEvent", what, f"event/{what}", what)
        for kind in RESERVES:
            concept("TLCConcept", f"reserve_{kind}", f"concept/reserve/{kind}", label("en", kind))
        for proposal, name in self.names.items():
            concept("TLCConcept", name, f"concept/proposal/{proposal}", proposal)

    def _own(self, meta: _Tree) -> None:
        """What Akoma Ntoso has no word for."""
        text = self.text
        proprietary = _add(meta, "proprietary", source="#paraph")
        one = _own(
            proprietary,
            "road-map",
            id=text.id,
            programme=text.programme,
            parties=" ".join(text.parties),
            authentic=" ".join(text.authentic),
            working=" ".join(text.working),
            stage=text.stage,
            text=text.text,
            date=text.date,
            opened=text.opened,
        )
        for log, size in sorted(text.heads.items()):
            _own(one, "head", log=log, size=str(size))
        for place in text.places:
            _own(
                one,
                "place",
                id=place.id,
                level=str(place.level),
                number=place.number,
                first=place.first,
                inserted=" ".join(place.inserted_by),
                deleted=" ".join(place.deleted_by),
            )
        for point in text.points.values():
            about = _own(one, "subject", name=point.subject, state=point.state)
            for wording in point.wordings:
                self._wording(about, point, wording)

    def _wording(self, about: _Tree, point: Point, wording: Wording) -> None:
        one = _own(
            about,
            "wording",
            name=self.names[wording.proposal],
            proposal=wording.proposal,
            parts=" ".join(wording.content),
            authors=" ".join(wording.authors),
            supporters=" ".join(wording.supporters),
            agreed="yes" if wording.proposal == point.agreed else "",
        )
        content = wording.content
        for level, item in content.get("items", ()):
            _own(one, "item", id=item, level=str(level))
        if point.subject.startswith("card:"):
            for part in ("number", "area", "basis"):
                if part in content:
                    _own(one, part).text = _clean(str(content[part]))
            for part in ("depends_on", "marks"):
                for value in content.get(part, ()):
                    _own(one, part).text = _clean(value)
            for party, names in content.get("bodies", {}).items():
                listed = _own(one, "bodies", party=party)
                for name in names:
                    body = _own(listed, "body")
                    for language, words in name.items():
                        _own(body, "name", language=language).text = _clean(words)

    # ------------------------------------------------------------ what it says

    def _preface(self, doc: _Tree) -> None:
        preface = _add(doc, "preface")
        card, outline = (self.text.points[f"{kind}:{self.text.id}"] for kind in ("card", "outline"))
        for language in self.text.languages:
            line = _add(preface, "p", **{LANG: language})
            title = _add(line, "docTitle")
            title.set("class", "title")
            self._alternatives(title, card, "title", language)
        for mark in self.text.marks:
            for language in self.text.languages:
                line = _add(preface, "p", **{"class": f"mark {mark}", LANG: language})
                _say(line, label(language, mark) if mark in MARKS else mark)
        for point in (card, outline):
            if point.reserves:
                self._reserves(_add(preface, "p"), point)

    def _body(self, body: _Tree) -> None:
        open_ones: list[tuple[int, _Tree]] = [(0, body)]
        listed = [place for place in self.text.places if not place.id.startswith("measure:")]
        for at, place in enumerate(listed):
            while open_ones[-1][0] >= place.level:
                open_ones.pop()
            above = at + 1 < len(listed) and listed[at + 1].level > place.level
            tree = self._provision(open_ones[-1][1], place, above)
            if above:
                open_ones.append((place.level, tree))
        if not listed:
            _add(body, "p")

    def _provision(self, parent: _Tree, place: Place, above: bool) -> _Tree:
        tree = _add(
            parent,
            "section" if above else "paragraph",
            eId=self.eids[place.id],
            wId=self.wids[place.id],
            GUID=place.id,
        )
        if place.number:
            _say(_add(tree, "num"), place.number)
        point = self.text.points[place.id]
        for language in self.text.languages:
            if point.said("heading", language):
                heading = _add(tree, "heading", **{"class": "heading", LANG: language})
                self._alternatives(heading, point, "heading", language)
        marks = [f"[{party}: {{new}}]" for party in place.inserted_by]
        marks += [f"[{party}: –]" for party in place.deleted_by]
        wordless = not any(point.said("words", language) for language in self.text.languages)
        if above and wordless and not marks and not point.reserves:
            return tree
        blocks = _add(tree, "intro" if above else "content")
        for mark in marks:
            line = _add(blocks, "p")
            for language in self.text.languages:
                sign = _add(line, "inline", name="label", **{LANG: language})
                _say(sign, mark.replace("{new}", label(language, "inserted")))
        self._words(blocks, point)
        return tree

    def _words(self, blocks: _Tree, point: Point) -> None:
        """The words of a subject in every language that has them, with its reserves."""
        line = None
        for language in self.text.languages:
            if point.said("words", language):
                line = _add(blocks, "p", **{"class": "words", LANG: language})
                self._alternatives(line, point, "words", language)
        if line is None or point.reserves:
            self._reserves(_add(blocks, "p"), point)

    def _alternatives(self, line: _Tree, point: Point, part: str, language: str) -> None:
        """One text in which every wording can be read, with named brackets where they differ."""
        words = point.said(part, language)
        if not words:
            return
        line.set("refersTo", " ".join(f"#{self.names[name]}" for name in words))
        labels = {one.proposal: one.supporters for one in point.wordings}
        references = dict.fromkeys(key for one in words.values() for key in REFERENCE.findall(one))
        signs = {key: chr(FIRST_REFERENCE + place) for place, key in enumerate(references)}
        signed = {name: REFERENCE.sub(lambda found: signs[found[1]], one) for name, one in words.items()}
        write = _References(self, point, {sign: key for key, sign in signs.items()}).write
        if point.agreed in signed:
            self._nodes(line, [Plain(signed.pop(point.agreed))], write, bracketed=True)
            for name, one in signed.items():  # what came after the agreement stands behind it
                self._bracket(line, Option(labels[name], (name,), (Plain(one),)), write, lead=" ")
        elif len(signed) == 1:
            ((name, one),) = signed.items()
            self._bracket(line, Option(labels[name], (name,), (Plain(one),)), write)
        else:
            found = brackets([Alternative(name, one, labels[name]) for name, one in signed.items()])
            self._nodes(line, found, write)

    def _nodes(
        self,
        line: _Tree,
        nodes: Sequence[Node],
        write: Callable[[_Tree, str], None],
        bracketed: bool = False,
    ) -> None:
        for node in nodes:
            if isinstance(node, Plain):
                if bracketed:
                    inline = _add(line, "inline", name="agreed")
                    write(inline, node.text)
                else:
                    write(line, node.text)
                continue
            first = True
            for option in node.options:
                self._bracket(line, option, write, lead="" if first else " ")
                first = first and not shown(option)

    def _bracket(
        self, line: _Tree, option: Option, write: Callable[[_Tree, str], None], lead: str = ""
    ) -> None:
        """One alternative: its label, its words, and in `refersTo` the parties and the proposals."""
        whose = [*(f"#party_{party}" for party in option.labels), *(f"#{self.names[k]}" for k in option.keys)]
        inline = _add(line, "inline", name="bracket", refersTo=" ".join(whose))
        if not shown(option):
            self._nodes(inline, option.nodes, write)
            return
        begin = option.nodes[0].text[:1] if option.nodes and isinstance(option.nodes[0], Plain) else ""
        label = f"{lead or (' ' if begin == ' ' else '')}[{', '.join(option.labels)}:"
        _say(_add(inline, "inline", name="label"), label if begin.isspace() else f"{label} ")
        if not any(not isinstance(node, Plain) or node.text.strip() for node in option.nodes):
            _say(_add(inline, "inline", name="label"), "–")
        self._nodes(inline, option.nodes, write)
        _say(_add(inline, "inline", name="label"), "]")

    def _reserves(self, line: _Tree, point: Point) -> None:
        for party, kind in point.reserves:
            self.notes += 1
            note = _add(
                line,
                "authorialNote",
                eId=f"note_{self.notes}",
                marker=str(self.notes),
                placement="bottom",
                refersTo=f"#party_{party} #reserve_{kind}",
            )
            note.set("class", "reserve")
            note.set(f"{{{OURS}}}subject", point.subject)
            for language in self.text.languages:
                _say(_add(note, "p", **{LANG: language}), f"{party}: {label(language, kind)}")

    # ------------------------------------------------------------ measures

    def _annex(self, doc: _Tree, measures: Sequence[Place]) -> None:
        attachment = _add(_add(doc, "attachments"), "attachment", eId="att_1")
        for language in self.text.languages:
            _say(_add(attachment, "heading", **{LANG: language}), label(language, "annex"))
        annex = _add(attachment, "doc", name="annex")
        self._meta(annex, "!annex_1")
        table = _add(_add(annex, "mainBody"), "table", eId="att_1__table_1")
        parties = self._columns(measures)
        head = _add(table, "tr")
        for key in ("number", "action", *parties, "deadline", "completion", "indicator"):
            cell = _add(head, "th")
            for language in self.text.languages:
                name = label(language, "bodies") + f", {key}" if key in parties else label(language, key)
                _say(_add(cell, "p", **{LANG: language}), name)
        for place in measures:
            self._measure(table, place, parties)

    def _columns(self, measures: Sequence[Place]) -> list[str]:
        """The parties that have a column of bodies."""
        found = dict.fromkeys(self.text.parties)
        for place in measures:
            for one in self.text.points[f"{place.id}/bodies"].wordings:
                found.update(dict.fromkeys(one.content["bodies"]))
        return list(found)

    def _measure(self, table: _Tree, place: Place, parties: Sequence[str]) -> None:
        eid = self.eids[place.id]
        row = _add(table, "tr", eId=eid, wId=self.wids[place.id], GUID=place.id)
        _say(_add(_add(row, "td"), "p"), place.number)
        for cell in CELLS:
            point = self.text.points[f"{place.id}/{cell}"]
            if cell == "bodies":
                columns = [_add(row, "td", **{"class": f"bodies {party}"}) for party in parties]
                for column, party in zip(columns, parties, strict=True):
                    self._bodies(column, point, party)
                self._reserves(_add(columns[0], "p"), point) if point.reserves else None
                continue
            blocks = _add(row, "td", **{"class": cell})
            if cell == "deadline":
                self._deadlines(blocks, point)
            else:
                self._words(blocks, point)
                if cell == "indicator":
                    self._targets(blocks, point)

    def _one_by_one(
        self, blocks: _Tree, point: Point, role: str, put: Callable[[_Tree, Wording], bool]
    ) -> None:
        """A line for each wording, in brackets where it is not agreed; no line where `put` has nothing."""
        for one in point.wordings:
            line = etree.Element(f"{{{AKN}}}p", {"class": role, "refersTo": f"#{self.names[one.proposal]}"})
            bare = one.proposal == point.agreed
            if not bare:
                _say(_add(line, "inline", name="label"), f"[{', '.join(one.supporters)}: ")
            if put(line, one):
                if not bare:
                    _say(_add(line, "inline", name="label"), "]")
                blocks.append(line)

    def _deadlines(self, blocks: _Tree, point: Point) -> None:
        def put(line: _Tree, one: Wording) -> bool:
            day = str(one.content["date"])
            try:
                date.fromisoformat(day)
            except ValueError:
                _say(_add(line, "inline", name="date"), day)
            else:
                _say(_add(line, "date", date=day), day)
            return True

        self._one_by_one(blocks, point, "deadline", put)
        if point.reserves:
            self._reserves(_add(blocks, "p"), point)

    def _bodies(self, blocks: _Tree, point: Point, party: str) -> None:
        def put(line: _Tree, one: Wording) -> bool:
            names = one.content["bodies"].get(party)
            for at, name in enumerate(names or ()):
                if at:
                    _say(_add(line, "inline", name="label"), "; ")
                self.ids += 1
                body = _add(line, "organization", eId=f"body_{self.ids}", refersTo=f"#party_{party}")
                for place, (language, words) in enumerate(name.items()):
                    if place:
                        _say(_add(body, "inline", name="label"), " ")
                    _say(_add(body, "inline", name="name", **{LANG: language}), words)
            return names is not None

        self._one_by_one(blocks, point, "bodies", put)

    def _targets(self, blocks: _Tree, point: Point) -> None:
        def put(line: _Tree, one: Wording) -> bool:
            parts = [part for part in ("target", "unit", "source") if one.content.get(part)]
            for at, part in enumerate(parts):
                if at:
                    _say(_add(line, "inline", name="label"), "; " if part == "source" else " ")
                _say(_add(line, "inline", name=part), str(one.content[part]))
            return bool(parts)

        self._one_by_one(blocks, point, "target", put)


class _References:
    """Writes words in which a private character stands for each reference."""

    def __init__(self, writer: _Writer, point: Point, keys: Mapping[str, str]) -> None:
        self.writer, self.keys = writer, keys
        self.room = point.subject.partition(":")[2].partition("/")[0]

    def write(self, line: _Tree, words: str) -> None:
        """Append words, line feeds as ends of lines, references as links."""
        for part in re.split(f"([{chr(FIRST_REFERENCE)}-\uf8ff])", words):
            if part in self.keys:
                self._reference(line, self.keys[part])
            else:
                _say(line, part)

    def _reference(self, line: _Tree, key: str) -> None:
        target = f"provision:{key}" if "/" in key else f"provision:{self.room}/{key}"
        self.writer.ids += 1
        eid = self.writer.eids.get(target)
        href = f"#{eid}" if eid else f"/akn/zz/doc/road-map/{key}"
        one = _add(line, "ref", eId=f"ref_{self.writer.ids}", href=href)
        one.set(f"{{{OURS}}}key", key)
        _say(one, self.writer.numbers.get(target) or f"[{key}]")


# ---------------------------------------------------------------- elements


def _add(parent: _Tree, tag: str, /, **attributes: str) -> _Tree:
    """A child in the namespace of Akoma Ntoso."""
    return etree.SubElement(parent, f"{{{AKN}}}{tag}", attributes)


def _own(parent: _Tree, tag: str, /, **attributes: str) -> _Tree:
    """A child in our own namespace; what is empty is left out."""
    kept = {name: _clean(value) for name, value in attributes.items() if value}
    return etree.SubElement(parent, f"{{{OURS}}}{tag}", kept)


def _say(line: _Tree, words: str) -> None:
    """Append words to what a line says."""
    for at, part in enumerate(_clean(words).split("\n")):
        if at:
            _add(line, "eol")
        if len(line):
            line[-1].tail = (line[-1].tail or "") + part
        else:
            line.text = (line.text or "") + part


def _clean(words: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", words)


def eids(places: Sequence[Place]) -> dict[str, str]:
    """The present place of each item; what stands in no agreed place yet is counted."""
    found = paths([(place.level, place.id) for place in places if place.number])
    new = [place for place in places if not place.number]
    return found | {place.id: f"para_new-{at}" for at, place in enumerate(new, 1)}


def _when(at: str) -> str:
    """A claimed time as the schema wants it; the first of all days where it is none."""
    try:
        return datetime.fromisoformat(at).isoformat()
    except ValueError:
        return "0001-01-01"
