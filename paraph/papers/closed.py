"""Which papers does a text give that was closed, or can be: what its lines say, whatever is agreed now?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from paraph.acts import CELLS, Initial, Placed, Seal, Words
from paraph.papers.errors import PaperRefused
from paraph.papers.labels import day, label
from paraph.papers.paper import Block, Cell, Paper, Paragraph, Run, Table, in_cell, plain
from paraph.papers.roadmaps import SHARES, Text, Wanted
from paraph.record.canonical import encode
from paraph.sentences import _, in_language
from paraph.state import agreement, closing
from paraph.state.composed import REFERENCE, composed
from paraph.state.programme import Programme
from paraph.text.fingerprints import fingerprint, short


def initialled(wanted: Wanted) -> Paper:
    """The text that was initialled, word by word as its fingerprint says, with whose initials stand on it."""
    text = _Closed(wanted)
    return text.paper("initialled", [*text.head(), *text.text(), *text.closing()])


def alternat(wanted: Wanted) -> Paper:
    """One party's copy of the same text: its own name and signature come first."""
    text = _Closed(wanted)
    return text.paper("alternat", [*text.head(), *text.text(), *text.signatures()])


def certificate(wanted: Wanted) -> Paper:
    """What was compared: every line of the text with its fingerprints, and by which entries it is agreed."""
    return _Closed(wanted, complete=True).certificate()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line of an initialled text, and the proposals whose words it names, subject by subject."""

    subject: str
    number: str
    proposals: tuple[str, ...]


class _Closed(Text):
    """A text that was closed, or can be: exactly what its lines say, whatever is agreed now."""

    def __init__(self, wanted: Wanted, *, complete: bool = False) -> None:
        super().__init__(wanted)
        about = f"road_map:{wanted.road_map}"
        self.shut = closing.closed(self.programme, about)
        self.stands = (
            list(self.shut.stands)
            if self.shut
            else [s for p in self.programme.parties if (s := closing.standing(self.programme, p, about))]
        )
        now = composed(self.programme, wanted.road_map)
        if self.stands and isinstance(self.stands[-1].placed.act, Initial):
            self.h, lines = self.stands[-1].text, list(self.stands[-1].lines)
        elif now.text and (complete or wanted.party):
            self.h, lines = now.text, list(now.lines)
        elif now.text:
            raise PaperRefused("open", _("The text is complete, but nobody has initialled it yet."))
        else:
            raise PaperRefused("open", _("The text is not complete: it has %(count)s open places."),
                               count=len(now.missing))  # fmt: skip
        self.lines = lines
        if closing.root_of(lines) != self.h:
            raise PaperRefused("open", _("The lines of the text do not lead to its fingerprint."))
        self.pieces = [_piece(self.programme, line) for line in lines if not line.startswith("title ")]
        self.numbers = {one.subject: one.number for one in self.pieces}
        self.named = {number: item for item, number in self.numbers.items()}

    def paper(self, kind: str, blocks: Sequence[Block], *, wide: bool = False, foot: str = "") -> Paper:
        """The paper, with the fingerprint at the foot of every page."""
        return super().paper(kind, blocks, wide=wide, foot=foot or short(self.h))

    def head(self) -> Iterator[Paragraph]:
        """The head, and the fingerprint under it."""
        yield from super().head()
        yield plain("small", label(self.language, "fingerprint", self.h))

    def text(self) -> Iterator[Block]:
        """The words that the lines name."""
        measures = []
        for one, follower in pairwise([*self.pieces, None]):
            assert one is not None
            if one.subject.startswith("measure:"):
                measures.append(one)
                continue
            deeper = follower is not None and follower.number.count(".") > one.number.count(".")
            heading = in_language(
                agreement.in_languages(self.programme, one.proposals[0], "heading"), self.language
            )
            level = one.number.count(".") + 1
            if one.number[:1].isalpha() or (deeper and not self.words(one.proposals[0], self.language)):
                yield Paragraph("heading", (Run(heading),), one.number, one.subject, level)
                continue
            runs = list(self.runs(self.words(one.proposals[0], self.language) or ""))
            runs = [Run(f"{heading}. ", "strong"), *runs] if heading else runs
            yield Paragraph("provision", tuple(runs), one.number, one.subject, level)
        if measures:
            yield Paragraph("heading", (Run(label(self.language, "measures")),))
            rows = [tuple(in_cell("cellhead", label(self.language, name)) for name in ("number", *CELLS))]
            for one in measures:
                number: Cell = (Paragraph("cell", (), one.number, one.subject),)
                words = [self.words(name, self.language) or "" for name in one.proposals]
                rows.append((number, *((Paragraph("cell", tuple(self.runs(said))),) for said in words)))
            yield Table(SHARES, tuple(rows), name=label(self.language, "measures"))

    def closing(self) -> Iterator[Block]:
        """Whose initials and seals stand on this text."""
        seals: list[Placed] = list(self.shut.seals) if self.shut else []
        if not self.shut:
            about = f"road_map:{self.map.id}"
            found = [closing.own_seal(self.programme, one, about) for one in self.programme.parties]
            seals = [one for one in found if one is not None]
        signed = [("was_initialled", stand.placed) for stand in self.stands if stand.text == self.h]
        signed += [
            ("was_sealed", one) for one in seals if isinstance(one.act, Seal) and one.act.text == self.h
        ]
        for said, placed in signed:
            name, when = self.party_name(placed.log), day(self.language, placed.at)
            yield plain("text", label(self.language, said, name, when, placed.log, placed.n))
        yield self._lines_to_sign("initials")

    def signatures(self) -> Iterator[Block]:
        """Room for the signatures, the own one first."""
        tongues = self.programme.charter.authentic
        names = [label(self.language, f"in_{one}") if one in ("en", "ru", "be") else one for one in tongues]
        both = f" {label(self.language, 'and')} "
        said = both.join(filter(None, [", ".join(names[:-1]), names[-1]]))
        done = "done" if len(tongues) > 1 else "done_one"
        yield plain("text", label(self.language, done, len(self.parties), said))
        yield self._lines_to_sign("signature")

    def _lines_to_sign(self, what: str) -> Table:
        cells = tuple(
            (plain("cell", label(self.language, "for", self.party_name(party))), plain("cell", "\n"),
             plain("cell", "______________________"), plain("small", label(self.language, what)))
            for party in self.parties
        )  # fmt: skip
        return Table((1,) * len(cells), (cells,), head=0, plain=True, name=label(self.language, what))

    def certificate(self) -> Paper:
        """The certificate of verification."""
        tongues = list(self.programme.charter.authentic)
        rows: list[tuple[Cell, ...]] = [
            tuple(in_cell("cellhead", said) for said in (
                label(self.language, "number"), label(self.language, "title_line"),
                *(one.upper() for one in tongues), label(self.language, "chosen")))
        ]  # fmt: skip
        references, pending = 0, 0
        for one in self.pieces:
            head, said = one.proposals[0], []
            part = "words" if one.subject.startswith("measure:") else "heading"
            name = in_language(agreement.in_languages(self.programme, head, part), self.language)
            for proposal in one.proposals:
                content = self.programme.content(proposal)
                for text in content.texts:
                    references += sum(len(REFERENCE.findall(words)) for words in text.values())
                    given = agreement.in_languages(self.programme, proposal)
                    pending += sum(one not in given for one in self.programme.charter.working) if text else 0
            for language in tongues:
                texts = [_said(self.programme, proposal, language) for proposal in one.proposals]
                said.append(short(fingerprint(encode(texts))))
            rows.append((
                (Paragraph("cell", (), one.number, one.subject),), in_cell("cell", name[:80]),
                *(in_cell("cell", mark) for mark in said), in_cell("cell", self._choices(one)),
            ))  # fmt: skip
        blocks: list[Block] = [
            *self.head(),
            plain("text", label(self.language, "verified")),
            plain("text", label(self.language, "counted", len(self.pieces), ", ".join(tongues), references)),
            plain("text", label(self.language, "pending", pending)),
            plain("text", label(self.language, "root")),
            Table((2, 6, *([5] * len(tongues)), 6), tuple(rows), name=label(self.language, "certificate")),
            plain("text", label(self.language, "by_hand")),
            self._lines_to_sign("signature"),
        ]
        return self.paper("certificate", blocks)

    def _choices(self, one: _Piece) -> str:
        found: dict[str, int] = {}
        for party in self.programme.parties:
            for proposal in one.proposals:
                about = self.programme.proposals[proposal].subject.name
                choice = self.programme.by[party].choices.get(about)
                if choice is not None and choice.proposal == proposal:
                    found[party] = max(found.get(party, 0), choice.placed.n)
        return "; ".join(f"{party} {n}" for party, n in found.items()) or "–"


def _piece(programme: Programme, line: str) -> _Piece:
    """A line of a text, with the proposals that have exactly its fingerprints."""
    item, number, *parts = line.split(" ")
    found = []
    if item.startswith("measure:"):
        wanted = dict(part.split("=", 1) for part in parts)
        for name in CELLS:
            about = f"{item}/{name}"
            found.append(_named(programme, about, lambda p, about=about, name=name:  # type: ignore[misc]
                                fingerprint(encode([about, p])) == wanted.get(name)))  # fmt: skip
    else:
        found.append(_named(programme, item, lambda p: _line_of(programme, p) == " ".join(parts)))
    return _Piece(item, number, tuple(found))


def _named(programme: Programme, about: str, fits: Callable[[str], bool]) -> str:
    for name in programme.on.get(about, ()):
        if fits(name):
            return name
    raise PaperRefused(
        "words", _("The words of %(subject)s that were initialled are not held here."), subject=about
    )


def _line_of(programme: Programme, proposal: str) -> str:
    content = programme.content(proposal)
    assert isinstance(content, Words)
    return " ".join(
        f"{one}=" + fingerprint(encode([content.heading.get(one, ""), content.words.get(one, "")]))
        for one in programme.authentic
    )


def _said(programme: Programme, proposal: str, language: str) -> str:
    content = programme.content(proposal)
    if isinstance(content, Words):
        return fingerprint(encode([content.heading.get(language, ""), content.words.get(language, "")]))
    return proposal
