"""Which papers does a road map give, and what stands on them?

Everything is read from the joint record: nothing that is internal to a party can stand here, because this
room cannot reach it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from paraph.acts import (
    CELLS,
    Bodies,
    Card,
    Deadline,
    Indicator,
    Outline,
    Words,
    subject,
)
from paraph.papers.errors import PaperRefused
from paraph.papers.labels import day, label
from paraph.papers.paper import Block, Cell, Paper, Paragraph, Remark, Run, Style, Table, in_cell, plain
from paraph.sentences import _, in_language
from paraph.state import agreement, roadmaps
from paraph.state.agreement import Standing
from paraph.state.composed import REFERENCE, subjects_of
from paraph.state.programme import Programme
from paraph.state.roadmaps import Item, RoadMap
from paraph.text import brackets as b
from paraph.text.outline import numbers
from paraph.text.words import redline

_BEGIN, _END = "\ufdd2", "\ufdd3"  # around the number of a reference while words are compared
_MARKED = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")
MARKS = ("reconstruction", "illustrative")
Sayer = Callable[[str, str], Iterator[Run]]  # the words of a subject in a language
SHARES = (3, 11, 9, 5, 7, 9)  # of the table of measures


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which paper of which road map, in which language, for whom."""

    programme: Programme
    road_map: str
    language: str
    party: str = ""  # whose copy an alternat is


def clean(wanted: Wanted) -> Paper:
    """The agreed words; where there are none, empty brackets that say so."""
    text = Text(wanted)
    return text.paper("clean", [*text.head(), *text.body(text.clean_words), *text.measures(text.clean_words)])


def bracketed(wanted: Wanted) -> Paper:
    """All live wordings in named brackets; reserves as remarks of the parties that hold them."""
    text = Text(wanted, reserved=True)
    body = [*text.body(text.bracketed_words), *text.measures(text.bracketed_words)]
    return text.paper("bracketed", [*text.head(), *text.received(), *body])


def comparison(wanted: Wanted) -> Paper:
    """The words on the table first, what each party would strike and add in its name; reserves likewise."""
    text = Text(wanted, reserved=True)
    body = [*text.body(text.compared_words), *text.measures(text.compared_words)]
    return text.paper("comparison", [*text.head(), *body])


def columns(wanted: Wanted) -> Paper:
    """A table of what is not agreed: what each party wants, and room for a compromise."""
    text = Text(wanted, reserved=True)
    return text.paper("columns", [*text.head(), text.positions()], wide=True)


def languages(wanted: Wanted) -> Paper:
    """Two languages side by side, in brackets where words differ."""
    text = Text(wanted, reserved=True)
    return text.paper("languages", [*text.head(), *text.side_by_side()], wide=True)


def unknown(name: str) -> PaperRefused:
    """What is said of a road map that was never opened."""
    return PaperRefused("unknown", _("There is no road map called %(name)s."), name=name)


def as_of(programme: Programme, language: str) -> str:
    """How far the record goes that a paper is written from."""
    sizes = {log: size for log, size in sorted(programme.sizes().items()) if size}
    if not sizes:
        return label(language, "as_of_nothing")
    heads = "; ".join(label(language, "entries", log, size - 1) for log, size in sizes.items())
    return label(language, "as_of", day(language, last(programme)), heads)


def last(programme: Programme) -> str:
    """The claimed time of the last entry."""
    sizes = programme.sizes()
    return max((programme.entry(log, size - 1).at for log, size in sizes.items() if size), default="")


class Text:
    """A road map as it stands, in one language."""

    def __init__(self, wanted: Wanted, *, reserved: bool = False) -> None:
        self.programme, self.language = wanted.programme, wanted.language
        self.reserved = reserved  # whether reserves stand beside the words
        try:
            self.map: RoadMap = roadmaps.road_map(wanted.programme, wanted.road_map)
        except KeyError:
            raise unknown(wanted.road_map) from None
        known = self.programme.charter.languages
        if wanted.language not in known:
            raise PaperRefused("language", _("The programme has no language %(name)s."), name=wanted.language)
        if wanted.party and wanted.party not in self.programme.parties:
            raise PaperRefused("party", _("%(name)s is no party of the programme."), name=wanted.party)
        first = [wanted.party] if wanted.party else []
        self.parties = [*first, *(one for one in self.programme.parties if one not in first)]
        self.second = next((one for one in known if one != wanted.language), wanted.language)
        self.numbers = {item.id: item.number for item in self.map.items if item.number}
        self.named = {number: item for item, number in self.numbers.items()}

    def paper(self, kind: str, blocks: Sequence[Block], *, wide: bool = False, foot: str = "") -> Paper:
        """The paper around these blocks."""
        title = f"{label(self.language, 'road_map', self.map.number)}. {self.title(self.language)}"
        kind_said = label(
            self.language, kind, *([self.party_name(self.parties[0])] if kind == "alternat" else [])
        )
        return Paper(
            f"{title}. {kind_said}",
            self.language,
            tuple(self._headed(blocks, kind_said)),
            foot or f"{title}. {kind_said}",
            wide,
            label(self.language, "page").replace("%d", "{}"),
            last(self.programme)[:10],
        )

    def _headed(self, blocks: Sequence[Block], kind: str) -> Iterator[Block]:
        """The kind of paper stands under the title."""
        for block in blocks:
            yield block
            if isinstance(block, Paragraph) and block.style == "title" and kind:
                yield plain("subtitle", kind)
                kind = ""

    # ------------------------------------------------------------ the head

    def title(self, language: str) -> str:
        """The title in a language."""
        return in_language(self.map.title, language)

    def party_name(self, party: str) -> str:
        """The name of a party in the language of the paper."""
        return in_language(self.programme.charter.party(party).name, self.language)

    def head(self) -> Iterator[Paragraph]:
        """Programme, number, title in both languages, the parties, the state of the record, the marks."""
        charter = self.programme.charter
        yield plain("subtitle", in_language(charter.name, self.language))
        names = [self.party_name(party) for party in self.parties]
        sides = (
            f" {label(self.language, 'and')} ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else ""
        )
        if sides:
            yield plain("subtitle", label(self.language, "between", sides))
        title = f"{label(self.language, 'road_map', self.map.number)}. {self.title(self.language)}"
        standings = (self.map.card_standing, self.map.outline_standing)
        remarks = tuple(one for standing in standings for one in self.reserves(standing))
        yield Paragraph("title", (Run(title),), remarks=remarks)
        if self.second in self.map.title and self.map.title[self.second] != self.title(self.language):
            yield Paragraph("subtitle", (Run(self.map.title[self.second], "quiet"),), language=self.second)
        marks = [one for one in dict.fromkeys([*charter.marks, *self.map.card.marks]) if one in MARKS]
        said = [label(one, mark) for one in dict.fromkeys([self.language, self.second]) for mark in marks]
        if said:
            yield plain("mark", "\n".join(said))
        yield plain("small", as_of(self.programme, self.language))

    def received(self) -> Iterator[Paragraph]:
        """What the star behind a party means, where one stands."""
        on_table = (name for item in self.map.items for one in item.standings for name in one.live)
        labels = (label for name in on_table for label in roadmaps.labels(self.programme, name))
        if any(one.endswith(roadmaps.RECEIVED) for one in labels):
            yield plain("small", label(self.language, "received"))

    # ------------------------------------------------------------ the body

    def body(self, words: Sayer) -> Iterator[Paragraph]:
        """Sections and provisions in order."""
        for item in self.map.provisions:
            yield from self.provision(item, words)

    def provision(self, item: Item, words: Sayer, *, style: Style = "provision") -> Iterator[Paragraph]:
        """A provision: its heading and its words; a section is its heading alone."""
        heading = self.heading(item, self.language)
        if item.kind == "section":
            yield self._made("heading", (Run(heading or "–"),), item)
            return
        runs = list(words(item.standings[0].subject, self.language)) or [Run("–")]
        runs = self._with_place(item, runs)
        if heading:
            runs = [Run(f"{heading}. ", "strong"), *runs]
        yield self._made(style, tuple(runs), item)

    def _made(self, style: Style, runs: tuple[Run, ...], item: Item) -> Paragraph:
        number = item.number or ("+" if style == "provision" else "")
        return Paragraph(style, runs, number, item.id, item.level, remarks=self.reserves(item.standings[0]))

    def reserves(self, found: Standing) -> tuple[Remark, ...]:
        """
        Why words that all accept are not agreed, where the paper shows that.

        Reserves, and acceptances ad referendum, are remarks of the parties whose they are.
        """
        if not self.reserved:
            return ()
        held = [(one.party, str(one.type), one.placed.at) for one in found.reserves]
        if found.state == "ad_referendum":
            held += [
                (party, "ad_referendum", self.programme.by[party].stances[name].at)
                for name in found.live
                for party in self.parties
                if (said := agreement.stance(self.programme, party, name)) is not None
                and (said.position, said.strength) == ("accepts", "ad_referendum")
            ]
        return tuple(
            self._remark(party, "reserve", label(self.language, what), day(self.language, at))
            for party, what, at in held
        )

    def _remark(self, party: str, key: str, *said: str) -> Remark:
        name = self.party_name(party)
        return Remark(name, label(self.language, key, name, *said))

    def _with_place(self, item: Item, runs: list[Run]) -> list[Run]:
        """Who wants it in where the outline does not have it, and who wants it out where it does."""
        if item.inserted_by:
            runs = [
                Run(f"[{', '.join(item.inserted_by)}: {label(self.language, 'inserted')}] ", "strong"),
                *runs,
            ]
        if item.deleted_by:
            runs = [Run(f"[{', '.join(item.deleted_by)}: –] ", "strong"), *runs]
        return runs

    def heading(self, item: Item, language: str) -> str:
        """The heading of a provision as it stands or is proposed first."""
        found = item.standings[0]
        name = found.agreed or next(iter(found.live), "")
        return in_language(agreement.in_languages(self.programme, name, "heading"), language) if name else ""

    # ------------------------------------------------------------ words of a subject

    def clean_words(self, about: str, language: str) -> Iterator[Run]:
        """The agreed words, or a place kept for them."""
        found = agreement.standing(self.programme, about)
        if found.agreed:
            yield from self.runs(self.words(found.agreed, language) or "")
        else:
            yield Run("[…]", note=label(self.language, "not_agreed"))

    def bracketed_words(self, about: str, language: str) -> Iterator[Run]:
        """All live wordings in brackets."""
        found = agreement.standing(self.programme, about)
        yield from self._bracketed(found.agreed, found.live, language)

    def _bracketed(self, settled: str, live: Sequence[str], language: str) -> Iterator[Run]:
        if settled:
            yield from self.runs(self.words(settled, language) or "")
            return
        alternatives = []
        for name in live:
            words = self.words(name, language)
            if words is None:
                yield Run(label(self.language, "no_words"), "quiet")
                return
            alternatives.append(b.Alternative(name, words, tuple(roadmaps.labels(self.programme, name))))
        if len(alternatives) == 1:
            one = alternatives[0]
            yield Run(f"[{', '.join(one.labels)}: ", "strong")
            yield from self.runs(one.words or "")
            yield Run("]", "strong")
        else:
            yield from self._nodes(b.brackets(alternatives))

    def _nodes(self, nodes: Sequence[b.Node]) -> Iterator[Run]:
        for node in nodes:
            if isinstance(node, b.Plain):
                yield from self.runs(node.text)
                continue
            shown = [option for option in node.options if b.shown(option)]
            if any(b.as_text(option.nodes).startswith(" ") for option in shown):
                yield Run(" ")
            for at, option in enumerate(shown):
                yield Run(f"{' ' if at else ''}[{', '.join(option.labels)}: ", "strong")
                inside = _trimmed(list(self._nodes(option.nodes)))
                yield from inside or [Run("–")]
                yield Run("]", "strong")

    def compared_words(self, about: str, language: str) -> Iterator[Run]:
        """The agreed words, else those proposed first; then what others would strike and add."""
        found = agreement.standing(self.programme, about)
        names = [found.agreed] if found.agreed else list(found.live)
        said = [(name, words) for name in names if (words := self.words(name, language)) is not None]
        if not said:
            yield Run(label(self.language, "no_words") if names else "–", "quiet")
            return
        base = said[0][1]
        for name, words in said[1:2]:
            author = self.supporters(name)
            for segment in redline(base, words):
                look = {"same": "", "deleted": "deleted", "inserted": "inserted"}[segment.kind]
                for one in self.runs(segment.text):
                    yield Run(one.text, look, author if look else "", one.target if not look else "")  # type: ignore[arg-type]
        if not said[1:]:
            yield from self.runs(base)
        for name, words in said[2:]:
            yield from (Run(one.text, "inserted", self.supporters(name)) for one in self.runs(f" [{words}]"))

    def supporters(self, name: str) -> str:
        """The names of the parties for which a proposal stands."""
        return ", ".join(self.party_name(one) for one in roadmaps.supporters(self.programme, name))

    def said(self, proposal: str, language: str) -> str:
        """A whole content as words: heading and words, title and area, the lines of an outline."""
        if not proposal:
            return ""
        content = self.programme.content(proposal)
        if isinstance(content, Outline):
            numbered = numbers(content.items)
            lines = (f"{numbered[item]} {self._heading_of(item, language)}" for _level, item in content.items)
            return "\n".join(lines)
        parts = ("title", "area") if isinstance(content, Card) else ("heading",)
        said = [agreement.in_languages(self.programme, proposal, part).get(language, "") for part in parts]
        words = "" if isinstance(content, Card) else _unmarked(self.words(proposal, language) or "")
        return ". ".join(part for part in (*said, words) if part)

    def name(self, about: str) -> str:
        """What a subject of the road map is called: number and heading, and which cell of a measure."""
        known = subject(about)
        if known.kind in ("card", "outline"):
            return label(self.language, f"the_{known.kind}")
        item = about.rsplit("/", 1)[0] if known.cell else about
        called = f"{self.numbers.get(item, '')} {self._heading_of(item, self.language)}".strip()
        return f"{called.removesuffix('.')}: {label(self.language, known.cell)}" if known.cell else called

    def _heading_of(self, item: str, language: str) -> str:
        found = agreement.standing(self.programme, subjects_of(item)[0])
        name = found.agreed or next(iter(found.live), "")
        part = "words" if item.startswith("measure:") else "heading"
        words = in_language(agreement.in_languages(self.programme, name, part), language) if name else ""
        return words if len(words) <= 80 else f"{words[:80].rsplit(' ', 1)[0]} …"

    def words(self, proposal: str, language: str) -> str | None:
        """A content as words of a language, numbers of references marked; None where it has none in it."""
        content = self.programme.content(proposal)
        if isinstance(content, Words):
            words = agreement.in_languages(self.programme, proposal).get(language)
            return None if words is None else self._numbered(words, proposal)
        return cell_words(self.programme, proposal, language)

    def _numbered(self, words: str, proposal: str) -> str:
        here = self.programme.proposals[proposal].subject.road_map

        def number(found: "re.Match[str]") -> str:
            room, _slash, key = found[1].rpartition("/")
            if not room or room == here:
                value = self.numbers.get(f"provision:{here}/{key}")
                return f"{_BEGIN}{value}{_END}" if value else f"[{key}]"
            try:
                other = roadmaps.road_map(self.programme, room)
            except KeyError:
                return f"[{found[1]}]"
            value = next((one.number for one in other.items if one.id == f"provision:{room}/{key}"), "")
            return f"{other.number}/{value or f'[{key}]'}"

        return REFERENCE.sub(number, words)

    def runs(self, text: str) -> Iterator[Run]:
        """Words with the numbers of other provisions as references to them."""
        at = 0
        for found in _MARKED.finditer(text):
            if found.start() > at:
                yield Run(_unmarked(text[at : found.start()]))
            target = self.named.get(found[1].strip(), "")
            yield Run(found[1], target=target)
            at = found.end()
        if at < len(text):
            yield Run(_unmarked(text[at:]))

    # ------------------------------------------------------------ tables

    def measures(self, words: Sayer) -> Iterator[Block]:
        """The table of measures under its heading."""
        if not self.map.measures:
            return
        yield Paragraph("heading", (Run(label(self.language, "measures")),))
        rows = [tuple(in_cell("cellhead", label(self.language, name)) for name in ("number", *CELLS))]
        for item in self.map.measures:
            cells: list[Cell] = [(Paragraph("cell", (), item.number, item.id),)]
            for standing in item.standings:
                runs = list(words(standing.subject, self.language))
                if standing.subject.endswith("/action"):
                    runs = self._with_place(item, runs)
                cells.append((Paragraph("cell", tuple(runs), remarks=self.reserves(standing)),))
            rows.append(tuple(cells))
        yield Table(SHARES, tuple(rows), name=label(self.language, "measures"))

    def positions(self) -> Table:
        """What is not agreed, one row a subject: the words of each party, and a column that is left free."""
        heads = [label(self.language, "number"), *(self.party_name(party) for party in self.parties),
                 label(self.language, "compromise")]  # fmt: skip
        rows = [tuple(in_cell("cellhead", head) for head in heads)]
        for item in self.map.items:
            for standing in item.standings:
                if not standing.open and not (item.deleted_by and standing is item.standings[0]):
                    continue
                if item.kind == "section" and not standing.live:
                    continue
                cell = standing.subject.rpartition("/")[2] if item.kind == "measure" else ""
                name = " ".join(filter(None, [item.number or "+", cell and label(self.language, cell)]))
                cells: list[Cell] = [(Paragraph("cell", (Run(name),), key=standing.subject),)]
                wanted = {party: self._wanted(party, standing.live) for party in self.parties}
                remarks = [*self.reserves(standing), *self._further(standing, wanted)]
                for party, names in wanted.items():
                    own = tuple(one for one in remarks if one.author == self.party_name(party))
                    cells.append((Paragraph("cell", self._position(party, item, names), remarks=own),))
                cells.append((Paragraph("cell", ()),))
                rows.append(tuple(cells))
        count = len(self.parties)
        return Table((2, *([6] * count), 6), tuple(rows), name=label(self.language, "columns"))

    def _wanted(self, party: str, live: Sequence[str]) -> list[str]:
        """The proposals that a party accepts, else those that it supports or put forward."""
        choices = {choice.proposal for choice in self.programme.by[party].choices.values()}
        wanted = [name for name in live if name in choices]
        wanted = wanted or [name for name in live if agreement.supports(self.programme, party, name)]
        return wanted or [name for name in live if party in agreement.speakers(self.programme, name)]

    def _further(self, found: Standing, wanted: Mapping[str, Sequence[str]]) -> Iterator[Remark]:
        """What else parties have put forward: words that no column shows, as remarks of their authors."""
        shown = {name for names in wanted.values() for name in names}
        for name in found.live:
            if name not in shown and (words := self.words(name, self.language)):
                for party in agreement.speakers(self.programme, name):
                    yield self._remark(party, "also", _unmarked(words))

    def _position(self, party: str, item: Item, wanted: Sequence[str]) -> tuple[Run, ...]:
        """The words of a party, and where it wants them in or out."""
        runs: list[Run] = []
        for at, name in enumerate(wanted):
            words = self.words(name, self.language)
            if item.kind == "section":
                words = in_language(agreement.in_languages(self.programme, name, "heading"), self.language)
            runs += [Run("\n–\n")] * bool(at) + list(self.runs(words or label(self.language, "no_words")))
        own = party in (*item.inserted_by, *item.deleted_by)
        return tuple(self._with_place(item, runs) if own else runs)

    def side_by_side(self) -> Iterator[Block]:
        """Every provision in two languages; the measures below."""
        tongues = (self.language, self.second)
        rows: list[tuple[Cell, ...]] = [
            (in_cell("cellhead", ""), *(in_cell("cellhead", label(one, f"language_{one}").capitalize()
                                            if one in ("en", "ru", "be") else one) for one in tongues))
        ]  # fmt: skip
        for item in self.map.items:
            for standing in item.standings:
                if item.kind == "measure" and not standing.subject.endswith("/action"):
                    continue
                number: Cell = (Paragraph("cell", (), item.number or "+", item.id),)
                cells = []
                for at, language in enumerate(tongues):
                    heading = self.heading(item, language) if item.kind != "measure" else ""
                    runs = (
                        []
                        if item.kind == "section"
                        else list(self.bracketed_words(standing.subject, language))
                    )
                    if heading:
                        runs = [Run(f"{heading}. " if runs else heading, "strong"), *runs]
                    runs = self._with_place(item, runs)
                    remarks = () if at else self.reserves(standing)  # they are on the words in both
                    cells.append((Paragraph("cell", tuple(runs), language=language, remarks=remarks),))
                rows.append((number, *cells))
        yield Table((1, 7, 7), tuple(rows), name=label(self.language, "languages"))


def cell_words(programme: Programme, proposal: str, language: str) -> str | None:
    """What a deadline, bodies or an indicator look like in a cell; None where they have no words in it."""
    content = programme.content(proposal)
    match content:
        case Deadline():
            return day(language, content.date)
        case Bodies():
            return "\n".join(
                f"{party}: {'; '.join(in_language(names, language) for names in bodies)}"
                for party, bodies in sorted(content.bodies.items())
            )
        case Indicator():
            words = agreement.in_languages(programme, proposal).get(language)
            target = f"{content.target} {content.unit}".strip()
            return f"{words}: {target}" if words is not None and target else words
    return ""


def _trimmed(runs: list[Run]) -> list[Run]:
    """Runs without the space at both ends: it stands outside of the bracket."""
    if runs and not runs[0].target:
        runs[0] = Run(runs[0].text.lstrip(" "), runs[0].look)
    if runs and not runs[-1].target:
        runs[-1] = Run(runs[-1].text.rstrip(" "), runs[-1].look)
    return [one for one in runs if one.text]


def _unmarked(text: str) -> str:
    return text.replace(_BEGIN, "").replace(_END, "")
