"""What does a file that came back propose, in whose name, and what of it is not understood?

Every paragraph is mapped to a provision or to a cell of a measure: by the permanent id that our papers carry,
else by its words. What a party made of a provision is read from the changes of its authors; words that
nobody marked are the sender's. Whatever cannot become a proposal is named.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from paraph.acts import CELLS, Bodies, Propose, Words, measure, proposal_id, provision
from paraph.papers.comparison import Row, compare
from paraph.papers.documents import Change, Document, Paragraph
from paraph.papers.labels import label
from paraph.papers.measures import plain
from paraph.papers.returned.cells import bodies_in, commas_in, indicator_in
from paraph.papers.returned.found import (
    NEW,
    NOT,
    Candidate,
    Kind,
    Known,
    Mapped,
    Returned,
    Trouble,
    Upload,
    Wording,
)
from paraph.papers.returned.heads import TONGUES, Head, heads
from paraph.papers.returned.languages import PENDING, both, key_of, lacking
from paraph.papers.returned.lines import BY_LINES, line_of, readings
from paraph.papers.returned.tables import Table, rows_by_words, tables
from paraph.papers.returned.words import (
    bare,
    beside_agreed,
    date_in,
    holds_bracket,
    parted,
    restored,
    text_of,
    variants,
)
from paraph.papers.roadmaps import cell_words
from paraph.papers.sent import EXCHANGED, subjects_by_key
from paraph.papers.settled import places_of, settled
from paraph.papers.typed import typed_brackets
from paraph.sentences import Sentence, _
from paraph.state import agreement, concordance, roadmaps
from paraph.state.composed import REFERENCE
from paraph.state.programme import Programme
from paraph.state.roadmaps import Item, RoadMap
from paraph.text import outline as order
from paraph.text.alignment import align
from paraph.text.canonical import canonical, looks_alike, mended
from paraph.text.errors import TextRefused

_HOW = {
    "deadline": _("This is no date; write it as 31 December 2022."),
    "bodies": _("Write the bodies of each party behind its code, as BY: one body; another; RU: a third."),
    "indicator": _("Write what is measured, a colon, and the target with its unit."),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table, or a paragraph of it."""

    about: str  # a subject, or NEW
    head: Head
    by: str
    row: tuple[int, int] = (0, 0)  # of which table, where it is the row of a measure


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands in a file on one subject."""

    text: str
    meant: Mapping[str, str] = field(default_factory=dict)  # party -> its words, where no brackets say that


_NOTHING = _Said("")


@dataclass(frozen=True, slots=True)
class _New:
    """A provision or a measure that the file brings."""

    before: str  # behind which item it stands
    item: str
    text: str  # what it says, for people
    acts: tuple[Propose, ...]
    heading: bool = False


def returned(now: Programme, then: Programme, road_map: str, me: str, given: Upload) -> Returned:
    """
    What the file proposes.

    Args:
        now: the programme as it stands.
        then: as it stood when the file was written from it; the same where that is not known.
        road_map: the id.
        me: the party that reads.
        given: the file.
    """
    first = _Reader(now, then, road_map, me, given)
    others = dict(given.beside)
    for language in first.tongues:
        others.setdefault(language, (given.document, given.sent))
    others.pop(given.language, None)
    found = first.found
    for language, (document, sent) in others.items():
        if language in now.authentic or language in now.charter.working:
            other = replace(given, document=document, sent=sent, language=language)
            found = both(now, found, _Reader(now, then, road_map, me, other).found, language)
    return found


class _Reader:
    """One pass over a file for each party that changed it."""

    def __init__(self, now: Programme, then: Programme, road_map: str, me: str, given: Upload) -> None:
        self.now, self.then, self.me, self.given, self.found = now, then, me, given, Returned()
        self.map = roadmaps.road_map(now, road_map)
        self.known = {one.about: one for one in known(then, road_map, given.language)}
        self.keys = subjects_by_key(self.map)
        sent = given.sent.paragraphs if given.sent is not None else ()
        self.ours = {one.words for one in sent if not one.key}  # what stands around the provisions
        self.authentic = given.language in now.authentic
        self.heads = heads(now)
        self.bodies = _bodies(now, given.language)
        self.tongues: set[str] = set()  # languages that have a column of their own
        self.cells: dict[int, _Cell] = {}  # place -> what is known of it, in a table
        self.besides: set[int] = set()  # heads and numbers of tables of measures
        self.asked = self._targets()
        self.targets = {one.place: one.target for one in self.found.mapped}
        if given.sent is not None:
            self.found.unmarked = unmarked(given.sent, given.document)
        parties = dict.fromkeys([given.sender, *(one for one in given.authors.values() if one)])
        for party in parties:
            self._party(party)
        self._brackets()

    @property
    def _exchanged(self) -> bool:
        return self.given.origin is not None and self.given.origin.kind == EXCHANGED

    # ------------------------------------------------------------ mapping

    def _targets(self) -> set[str]:
        """
        Map every paragraph; what was in the file before anybody tracked a change comes first.

        Returns:
            The items that a party which leaves them out wants deleted.
        """
        document, given = self.given.document, self.given
        keys = self.keys
        found: dict[int, tuple[str, str]] = {}
        self.cells = self._cells(document)
        self.tongues = {cell.head.language for cell in self.cells.values() if cell.head.language}
        before = settled(document, lambda _change: False)
        for one in before.paragraphs:
            places = places_of(one)
            item = keys.get(one.key, "")
            if item and not one.place:
                for at in places:
                    whole = document.paragraphs[at]
                    if at == places[0] or any(piece.change is None for piece in whole.pieces):
                        found[at] = item, "key"
        for at, whole in enumerate(document.paragraphs):
            if at in self.cells:
                found[at] = self.cells[at].about, self.cells[at].by
            elif whole.key in keys and not whole.place:
                found.setdefault(at, (keys[whole.key], "key"))
        own = given.origin is not None or any(by == "key" for _target, by in found.values())
        if not own or any(whole.words and not whole.place for whole in document.paragraphs):
            found |= self._by_words(before, found, own)
        asked = {self.known[target].item for target, _by in found.values() if target in self.known}
        if given.sent is not None:
            asked = {_item(keys[one.key]) for one in given.sent.paragraphs if one.key in keys}
        if given.origin is not None and given.origin.kind == "columns":
            asked = set()  # a row that is left out says nothing of the outline
        self._between(found, own)
        for at, target in given.chosen.items():
            if 0 <= at < len(document.paragraphs) and (target in self.known or target in (NEW, NOT)):
                found[at] = target, "person"
        for at, whole in enumerate(document.paragraphs):
            here = whole.words in self.ours or at in self.besides
            target, by = found.get(at, (NOT, "sent" if here else "order"))
            self.found.mapped.append(Mapped(at, whole, target, by))  # type: ignore[arg-type]
        return asked

    def _cells(self, document: Document) -> dict[int, _Cell]:
        """Place -> what is known of a cell that is about something."""
        found: dict[int, _Cell] = {}
        for table in tables(document, self.heads):
            rows = {row: (self.keys[key], "key") for row, key in table.keys.items() if key in self.keys}
            elsewhere = {row for row, key in table.keys.items() if key.startswith("measure:")} - rows.keys()
            if table.measures:
                rows = self._rows(document, table, rows, elsewhere)
                if document is self.given.document:
                    self.besides |= {
                        at
                        for at, row, column in table.places
                        if row <= table.head or row not in rows or column not in table.columns
                    }
            if document is self.given.document:
                self._strange_rows(document, table, rows, elsewhere)
            for at, row, column in table.places:
                own = self.keys.get(document.paragraphs[at].key, "")
                about, by = rows.get(row, ("", ""))
                head = table.columns.get(column, Head())
                of_row = (table.number, row) if table.measures else (0, 0)
                if own.startswith("measure:") and own in self.known:
                    found[at] = _Cell(own, head, "key", of_row)
                elif about == NEW:
                    if head.belongs in CELLS:
                        found[at] = _Cell(NEW, head, by if head.cell == "action" else "row", of_row)
                elif not about and head.language and not table.measures and row > table.head:
                    found[at] = _Cell(NEW, head, "order")
                elif about and (cell := self._cell(table, about, column)):
                    found[at] = _Cell(cell, head, by, of_row)
        return found

    def _rows(
        self, document: Document, table: Table, keyed: Mapping[int, tuple[str, str]], elsewhere: set[int]
    ) -> dict[int, tuple[str, str]]:
        """Row of a table of measures -> the measure that it is about or NEW, and by what that is known."""
        rows, out = dict(keyed), set(elsewhere)
        below = table.below(document)
        actions = {row: [at for at, head in said if head.cell == "action"] for row, said in below.items()}
        if document is self.given.document:
            for row, places in actions.items():
                chosen = next((self.given.chosen[at] for at in places if at in self.given.chosen), "")
                if chosen == NOT:
                    out.add(row)
                elif chosen == NEW or _item(chosen).startswith("measure:"):
                    rows[row] = _item(chosen), "person"
        measures = {one.item: one for one in self.known.values() if one.cell == "action"}
        taken = {about for about, _by in rows.values()}
        texts = {
            item: (one.number, [wording.words for wording in one.wordings])
            for item, one in measures.items()
            if item not in taken
        }
        by_words = rows_by_words(document, table, texts, {*rows, *out})
        rows |= {row: (item, "words") for row, item in by_words.items()}
        fresh = [row for row, places in actions.items() if places and row not in rows and row not in out]
        return rows | dict.fromkeys(fresh, (NEW, "order"))

    def _strange_rows(
        self, document: Document, table: Table, rows: Mapping[int, object], elsewhere: set[int]
    ) -> None:
        """Name the rows of a table of which nothing is taken."""
        if not table.measures and not any(head.compromise for head in table.columns.values()):
            return
        if elsewhere:
            others = _("%(count)s rows are about measures of other road maps; bring the file in there too.")
            self._trouble(Known("", "", "", False, ()), Sentence(others, {"count": len(elsewhere)}))
        for row, said in table.below(document).items():
            if row in rows or row in elsewhere or any(self.given.chosen.get(at) == NOT for at, _h in said):
                continue
            strange = (
                _("This row says nothing of what is to be done; nothing was taken from it.")
                if table.measures
                else _("This row is about nothing that the paper had; nothing was taken from it.")
            )
            first = document.paragraphs[said[0][0]]
            self._trouble(
                _nobody(first), Sentence(strange), " · ".join(document.paragraphs[at].text for at, _h in said)
            )

    def _cell(self, table: Table, about: str, column: int) -> str:
        """The subject of a cell in a row about something; "" where it is only there to be read."""
        head = table.columns.get(column)
        measure = about.startswith("measure:") and about not in self.known
        if head is not None and head.cell:
            return f"{about}/{head.belongs}" if measure and head.belongs in CELLS else ""
        if head is not None:
            return f"{about}/action" if measure else about
        if measure and not table.columns and 2 <= column <= len(CELLS) + 1:
            return f"{about}/{CELLS[column - 2]}"
        return ""

    def _by_words(
        self, before: Document, keyed: Mapping[int, tuple[str, str]], own: bool
    ) -> dict[int, tuple[str, str]]:
        """Paragraphs without an id: equal words first, then what is most alike."""
        body = [
            one for one in before.paragraphs if not one.place and one.words and one.words not in self.ours
        ]
        known = [one for one in self.known.values() if not one.cell and one.wordings]
        first = {one.about: one.wordings[0].whole for one in known}
        said = {bare(wording.whole): one.about for one in known for wording in one.wordings}
        # Another wording of a provision stands for its first one.
        texts = [first.get(said.get(bare(one.words), ""), one.words) for one in body]
        places = {one.about: i for i, one in enumerate(known)}
        pairs: dict[int, int] = {}
        for j, paragraph in enumerate(body):
            about = next((keyed[at][0] for at in places_of(paragraph) if at in keyed), "")
            if about in places:
                pairs.setdefault(places[about], j)
        taken = {about for about, _by in keyed.values()}
        found: dict[int, tuple[str, str]] = {}
        for step in align(list(first.values()), texts, pairs.items()):
            if step.kind in ("stays", "comes"):
                if own and known[step.old[0]].about in taken:
                    continue
                for j in step.new:
                    free = [at for at in places_of(body[j]) if at not in keyed]
                    found |= dict.fromkeys(free, (known[step.old[0]].about, "words"))
                if own:
                    continue
                for i in step.old[1:]:
                    joined = _(
                        "This stands in one paragraph with %(number)s; part them, or correct the mapping."
                    )
                    self._trouble(known[i], Sentence(joined, {"number": known[step.old[0]].number}))
        asked = {about for about, _by in found.values()}
        for one in known if body and not own else ():  # a table alone says nothing of provisions
            if one.about not in asked and one.number:
                missing = _("The file does not have this. Where that is meant, delete it in the outline.")
                self._trouble(one, Sentence(missing))
        return found

    def _between(self, found: dict[int, tuple[str, str]], own: bool) -> None:
        """What stands between provisions and is none is a new one; around them it is no text."""
        paragraphs = self.given.document.paragraphs
        body = [at for at in found if not paragraphs[at].place]
        if not body:
            return
        last = len(paragraphs) if own and self.ours else max(body)
        for at in range(min(body), last):
            one = paragraphs[at]
            if at not in found and not one.place and one.words and one.words not in self.ours:
                found[at] = NEW, "order"

    # ------------------------------------------------------------ one party

    def _party(self, party: str) -> None:
        """What the file says with the changes of one party's authors, and nobody else's."""
        given, authors = self.given, self.given.authors

        def taken(change: Change) -> bool:
            return (authors.get(change.author, "") or "") == party

        groups: dict[tuple[str, str], list[tuple[Head, Paragraph]]] = {}
        fresh: list[tuple[str, Paragraph]] = []  # behind which provision
        rows: dict[tuple[int, int], list[tuple[Head, Paragraph]]] = {}  # of new measures
        behind: dict[tuple[int, int], str] = {}  # which measure each of them stands
        came: list[str] = []  # the order of the provisions
        before = measure_before = ""
        for one in settled(given.document, taken).paragraphs:
            targets = [self.targets[at] for at in places_of(one)]
            cell = next((self.cells[at] for at in places_of(one) if at in self.cells), _Cell("", Head(), ""))
            if cell.head.language not in ("", given.language):
                continue
            target = next((t for t in targets if t not in (NEW, NOT)), targets[-1] if targets else NOT)
            if target == NEW and cell.row[0] and cell.head.cell:
                rows.setdefault(cell.row, []).append((cell.head, one))
                behind.setdefault(cell.row, measure_before)
            elif target == NEW:
                fresh.append((before, one))
            elif target in self.known:
                groups.setdefault((target, cell.head.whose), []).append((cell.head, one))
                if self.known[target].cell:
                    measure_before = self.known[target].item
                elif target not in came and cell.head.whose in ("", f"language {given.language}"):
                    came.append(target)
                    before = target
        sent = self._sent(taken)
        for (about, whose), paragraphs in groups.items():
            known_one = self.known[about]
            self._subject(
                party, known_one, self._said(known_one, paragraphs), sent.get((about, whose), _NOTHING), whose
            )
        gone = self.asked - {self.known[about].item for about, _whose in groups}
        new = [made for before, one in fresh if (made := self._new(party, before, one))]
        new += [made for row, cells in rows.items() if (made := self._new_measure(party, behind[row], cells))]
        self._outline(party, came, gone, new)

    def _sent(self, taken: Callable[[Change], bool]) -> dict[tuple[str, str], _Said]:
        """What stood where in the paper as it was sent, with the changes of the same party."""
        if self.given.sent is None:
            return {}
        document = settled(self.given.sent, taken)
        cells = self._cells(document)
        groups: dict[tuple[str, str], list[tuple[Head, Paragraph]]] = {}
        for at, one in enumerate(document.paragraphs):
            cell = cells.get(at) or _Cell("" if one.place else self.keys.get(one.key, ""), Head(), "")
            if cell.about in self.known:
                groups.setdefault((cell.about, cell.head.whose), []).append((cell.head, one))
        return {
            (about, whose): self._said(self.known[about], said) for (about, whose), said in groups.items()
        }

    def _said(self, one: Known, said: Sequence[tuple[Head, Paragraph]]) -> _Said:
        """What stands on a subject; in an exchanged file, what each wording of a cell says."""
        language = self.given.language
        if one.cell not in BY_LINES:
            return _Said(text_of([paragraph for _head, paragraph in said]))
        parts = _parts(said)
        sources = [source for w in one.wordings if (source := plain(self.now, w.proposal).get("source"))]
        text = line_of(one.cell, language, parts, sources)
        if self._exchanged and one.wordings:
            agreed = agreement.standing(self.then, one.about).agreed
            return _Said(text, readings(one.cell, language, parts, sources, bool(agreed)))
        return _Said(text)

    def _subject(self, party: str, one: Known, said: _Said, before_said: _Said, whose: str = "") -> None:
        """What a party made of one provision or cell; in a table of positions, in whose column."""
        text, sent = said.text, before_said.text
        if text == sent:
            self.found.unchanged += bool(text)
            return
        column = whose.removeprefix("party ") if whose.startswith("party ") else ""
        mine_first = sorted(one.wordings, key=lambda w: (column not in w.parties, party not in w.parties))
        base = next((w for w in mine_first if {column, party} & {*w.parties}), next(iter(one.wordings), None))
        if not text:
            if base is not None:
                self._trouble(one, Sentence(_("The words are gone; a provision is deleted in the outline.")))
            return
        if one.section:
            self._candidate(party, one, base, text.rstrip("."), "")
            return
        if (
            (column or whose == "compromise") and base is not None and base.heading
        ):  # the table has words alone
            text, sent = (f"{base.heading}. {words}" if words else "" for words in (text, sent))
        text, sent = (self._without_place(words, base) for words in (text, sent))
        if self._exchanged and one.wordings and not said.meant:
            text, sent = beside_agreed(text, sent, one.wordings[0].whole)
        wanted: list[tuple[str, str]] = []  # whose label, words
        meant = said.meant or variants(text)
        known = {bare(wording.whole): wording for wording in one.wordings}
        former = before_said.meant or (variants(sent) if sent else {})
        before = {bare(words) for words in former.values()}
        for label_, words in meant.items():
            if bare(words) and bare(words) not in known and bare(words) not in before:
                wanted.append((label_, words))
        mine = meant.get(party, "")
        if not wanted:
            self._as_known(party, one, [known[bare(w)] for w in meant.values() if bare(w) in known])
            return
        if bare(mine):
            wanted = [(whose, words) for whose, words in wanted if whose == party] or wanted
        seen: set[str] = set()
        for whose, words in wanted:
            if bare(words) in seen:
                continue
            seen.add(bare(words))
            near = known.get(bare(former.get(whose, ""))) or next(
                (w for w in one.wordings if whose in w.parties), base
            )
            heading, rest = parted(words, near)
            notes = []
            if column and column != party:
                notes.append(Sentence(_("The words stood in the column of %(party)s."), {"party": column}))
            if whose not in (party, "") and not whose.isdigit():
                notes.append(Sentence(_("The words stood in the brackets of %(party)s."), {"party": whose}))
            self._candidate(party, one, near, heading, rest, notes)

    def _as_known(self, party: str, one: Known, found: Sequence[Wording]) -> None:
        """The words are on the table already; if they are another party's, that is worth knowing."""
        self.found.unchanged += 1
        if len(found) != 1 or len(one.wordings) < 2 or party in found[0].parties:
            return
        if self.given.origin is not None and self.given.origin.kind == "comparison":
            return  # its first words are on the paper whoever's they are
        whose = ", ".join(found[0].parties)
        said = _(
            "%(party)s takes the words of %(other)s here. To accept is for its own delegate, on the page."
        )
        self._trouble(one, Sentence(said, {"party": party, "other": whose}), found[0].whole)

    def _without_place(self, text: str, base: Wording | None) -> str:
        """Words without the mark that a party wants them in, or out."""
        new = "|".join(re.escape(label(tongue, "inserted")) for tongue in TONGUES)
        heading = f"{re.escape(base.heading)}\\. " if base and base.heading else ""
        return re.sub(rf"^({heading})?(?:\[[A-Z*, ]+: (?:–|{new})\] )+", r"\1", text)

    # ------------------------------------------------------------ candidates

    def _candidate(
        self, party: str, one: Known, base: Wording | None, heading: str, words: str,
        notes: Sequence[Sentence] = (),
    ) -> None:  # fmt: skip
        """Put forward new words of a subject, or say why that cannot be."""
        if base is not None and (bare(heading), bare(words)) == (bare(base.heading), bare(base.words)):
            self.found.unchanged += 1
            return
        language = self.given.language
        whole = f"{heading}. {words}" if heading and words else heading or words
        former = plain(self.now, base.proposal) if base is not None and one.cell else {}
        content = self._content(one, one.cell, heading, restored(words, base), former)
        if content is None:
            return
        if one.cell and base is not None and proposal_id(one.about, content) == base.proposal:
            self.found.unchanged += 1  # the same in other words: a date as digits
            return
        act = self._act(party, one.about, content, base)
        if act is None:
            self._trouble(one, Sentence(_(
                "The file is in a working language: what %(party)s changed there has no authentic words. "
                "Ask for the text in an authentic language."), {"party": party}), whole)  # fmt: skip
            return
        before = base.whole if base else ""
        sentences = [*notes, *_commas(content, former)]
        stale = self._stale(one.about)
        if stale:
            sentences.append(Sentence(_("Other words came since the file was written.")))
        lacks = lacking(self.now, content)
        if lacks and self.authentic:
            sentences.append(Sentence(PENDING))
        kind: Kind = "words" if self.authentic or not act.translations else "translation"
        if base is not None and not one.cell:
            sentences += self._discord(base, content["words"].get(language, ""))
        if holds_bracket(whole):
            sentences.append(Sentence(_("Square brackets would stand in these words as signs.")))
        name = proposal_id(act.subject, act.content)
        if kind == "words" and name in self.now.on.get(one.about, ()):
            live = name in agreement.live(self.now, one.about)
            if live and party in agreement.speakers(self.now, name):
                self.found.unchanged += 1
                return
            if not live:
                sentences.append(Sentence(_("These words were on the table before, and were withdrawn.")))
        self.found.candidates.append(
            Candidate(
                key_of(party, one.about, whole), party, kind, one.about, one.number, before, whole, (act,),
                tuple(sentences), looks_alike(before, whole), not stale and not holds_bracket(whole),
            )
        )  # fmt: skip

    def _content(
        self, one: Known, cell: str, heading: str, words: str, former: Mapping[str, Any], row: str = ""
    ) -> dict[str, Any] | None:
        """The content that words of a subject make; None where they make none, and why is said."""
        language = self.given.language
        whole = f"{heading}. {words}" if heading and words else heading or words
        try:
            if cell == "deadline":
                return {"date": date_in(language, words)}
            if cell == "bodies":
                return {
                    "bodies": bodies_in(
                        language, words, former.get("bodies", {}), self.now.parties, self.bodies
                    )
                }
            if cell == "indicator":
                return indicator_in(language, words, former)
            parts = {"heading": canonical(heading), "words": canonical(words)}
            return {
                part: {language: text} if text else {}
                for part, text in parts.items()
                if text or part == "words"
            }
        except TextRefused as refused:
            self._trouble(one, refused.sentence, f"{whole}{row}", mended(whole) or "")
        except ValueError:
            self._trouble(one, Sentence(_HOW[cell]), f"{whole}{row}")
        return None

    def _discord(self, base: Wording, words: str) -> list[Sentence]:
        """What the new words and the other languages of the former ones do not have in common."""
        texts = concordance.words_of(self.now, base.proposal)
        before = concordance.discord_of(self.now, texts)
        after = concordance.discord_of(self.now, texts | {self.given.language: REFERENCE.sub("", words)})
        return [one for one in after if one not in before]

    def _act(
        self, party: str, about: str, content: dict[str, Any], base: Wording | None, seen: str = ""
    ) -> Propose | None:
        """The act that puts it forward; None where it cannot be: a translation is given by the own party."""
        language = self.given.language
        others = "" if party == self.me else party
        if self.authentic or "date" in content or ("bodies" in content and not lacking(self.now, content)):
            if about in self.now.on:
                seen = agreement.seen(self.now, about)
            replaces = base.proposal if base else ""
            return Propose(about, content, replaces=replaces, received_from=others, seen=seen)
        if others or base is None:
            return None
        act = agreement.author(self.now, base.proposal).act
        given = {
            part: words[language]
            for part in ("heading", "words")
            if language in (words := content.get(part, {}))
        }
        if not given:
            return None
        assert isinstance(act, Propose)
        return Propose(about, act.content, {language: given}, seen=agreement.seen(self.now, about))

    def _stale(self, about: str) -> bool:
        one = self.known.get(about)
        live = {wording.proposal for wording in one.wordings} if one else set()
        return self.given.origin is not None and not set(agreement.live(self.now, about)) <= live

    def _named(self, item: str) -> Known:
        """An item of the outline by its first subject."""
        return next((one for one in self.known.values() if one.item == item), Known(item, item, "", True, ()))

    def _trouble(self, one: Known, sentence: Sentence, text: str = "", fix: str = "") -> None:
        found = Trouble(one.about, one.number, sentence, text, fix)
        if found not in self.found.troubles:
            self.found.troubles.append(found)

    # ------------------------------------------------------------ the outline

    def _outline(self, party: str, came: Sequence[str], gone: set[str], fresh: Sequence[_New]) -> None:
        """New provisions, and an outline with them, without what went, in the order of the file."""
        base = list(self.now.outline_items(self.map.outline_proposal)) if self.map.outline_proposal else []
        items = _reordered(base, came)
        for item in sorted(gone - {item for _level, item in base}):
            outside = _("This is not in the outline yet. Who does not want it there declines it on its page.")
            self._trouble(self._named(item), Sentence(outside))
        for item in _leaves_first(items, gone):
            try:
                items = order.remove(items, item)
            except TextRefused as refused:
                self._trouble(self._named(item), refused.sentence)
        behind: dict[str, str] = {}
        listed = {item for _level, item in base}
        new = [one for one in fresh if one.item not in listed]
        self.found.unchanged += len(fresh) - len(new)  # put forward before
        for one in new:
            after = behind.get(one.before, one.before)
            if one.item.startswith("measure:"):
                after = after or next(
                    (item for _level, item in reversed(items) if _is_measure(item)),
                    items[-1][1] if items else "",
                )
                level = next((at for at, item in items if item == after and _is_measure(item)), 1)
            else:
                level = _level(items, after, one.heading)
            items = order.insert_after(items, after, one.item, level)
            behind[one.before] = one.item
        if items == base:
            return
        try:
            order.check_outline(items)
        except TextRefused as refused:
            self._trouble(Known(f"outline:{self.map.id}", "", "", True, ()), refused.sentence)
            return
        change = order.compare_outlines(base, items)
        content = {"items": [[level, item] for level, item in items]}
        outline = self._outline_act(party, content)
        if proposal_id(outline.subject, content) in agreement.live(self.now, outline.subject):
            return
        said = _("%(new)s inserted, %(gone)s deleted, %(moved)s moved.")
        counts = {"new": len(change.inserted), "gone": len(change.deleted), "moved": len(change.moved)}
        lost = "; ".join(_title(self._named(item)) for item in change.deleted)
        moved = "; ".join(_title(self._named(item)) for item in change.moved)
        news = "\n".join(one.text for one in new)
        acts = [act for one in new for act in one.acts]
        sentences = [Sentence(said, counts)]
        if holds_bracket(news):
            sentences.append(Sentence(_("Square brackets would stand in these words as signs.")))
        if lost:
            sentences.append(Sentence(_("Deleted: %(names)s"), {"names": lost}))
        if moved:
            sentences.append(Sentence(_("Moved: %(names)s"), {"names": moved}))
        sentences += [said for act in acts for said in _commas(act.content, {})]
        if any(lacking(self.now, act.content) for act in acts):
            sentences.append(Sentence(PENDING))
        wanted = (self.given.origin is not None or not change.deleted) and not holds_bracket(news)
        self.found.candidates.append(
            Candidate(
                key_of(party, outline.subject, repr(items)), party, "outline", outline.subject, "", "", news,
                (*acts, outline), tuple(sentences), wanted=wanted,
            )
        )  # fmt: skip

    def _outline_act(self, party: str, content: dict[str, Any]) -> Propose:
        about = f"outline:{self.map.id}"
        others = "" if party == self.me else party
        seen = agreement.seen(self.now, about) if about in self.now.on else ""
        return Propose(about, content, replaces=self.map.outline_proposal, received_from=others, seen=seen)

    def _key(self, party: str, one: Paragraph) -> str:
        """The key of something new: the same whenever the same file comes, in each of its languages."""
        place = one.place.rpartition(", column")[0] or places_of(one)[0]
        return f"n{hashlib.sha256(f'{self.given.name} {place} {party}'.encode()).hexdigest()[:10]}"

    def _new(self, party: str, before: str, one: Paragraph) -> _New | None:
        """A provision that the file brings, in each of its alternatives; a heading waits for words."""
        if not self.authentic:
            needs = Sentence(_("A new provision needs words in an authentic language."))
            self._trouble(_nobody(one), needs, one.text)
            return None
        about, language = provision(self.map.id, self._key(party, one)), self.given.language
        made: list[Propose] = []
        for text in dict.fromkeys(variants(one.words).values()):
            try:
                words = {language: canonical(text)}
            except TextRefused as refused:
                self._trouble(_nobody(one), refused.sentence, one.text, mended(text) or "")
                return None
            content = {"words": {}, "heading": words} if one.kind == "heading" else {"words": words}
            act = self._act(party, about, content, None)
            made += [act] if act is not None and words[language] else []
        text = "\n".join(
            next(iter((act.content.get("heading") or act.content["words"]).values())) for act in made
        )
        return _New(before, about, text, tuple(made), one.kind == "heading") if made else None

    def _new_measure(self, party: str, before: str, said: Sequence[tuple[Head, Paragraph]]) -> _New | None:
        """A measure that the file brings, cell by cell in each of its alternatives."""
        first = next((one for head, one in said if head.cell == "action"), said[0][1])
        row = _nobody(first)
        language = self.given.language
        if not self.authentic:
            self._trouble(
                row, Sentence(_("A new measure needs words in an authentic language.")), first.words
            )
            return None
        item, where = measure(self.map.id, self._key(party, first)), f" · {first.text}"
        made: list[Propose] = []
        lines: list[str] = []
        for cell in CELLS:
            parts = _parts([(head, one) for head, one in said if head.belongs == cell])
            text = line_of(cell, language, parts)
            if parts and not text:
                self._trouble(row, Sentence(_HOW[cell]), " ".join(said for _head, said in parts) + where)
            for words in dict.fromkeys(variants(text).values()) if text else ():
                content = self._content(row, cell, "", words, {}, where if cell != "action" else "")
                act = self._act(party, f"{item}/{cell}", content, None) if content else None
                if act is not None:
                    made.append(act)
                    lines.append(words)
                elif cell == "action":
                    return None
            if cell == "action" and not made:
                self._trouble(
                    row,
                    Sentence(_("This row says nothing of what is to be done; nothing was taken from it.")),
                    " · ".join(one.text for _head, one in said),
                )
                return None
        return _New(before, item, " · ".join(lines).replace("\n", "; "), tuple(made))

    # ------------------------------------------------------------ brackets

    def _brackets(self) -> None:
        """Brackets that do not balance, or look like references, in the file as it is now."""
        document = settled(self.given.document, lambda _change: True)
        for one in typed_brackets(document).troubles:
            paragraph = document.paragraphs[one.paragraph]
            target = next((self.targets[at] for at in places_of(paragraph)), NOT)
            self._trouble(self.known.get(target) or _nobody(paragraph), one.sentence)


# ---------------------------------------------------------------- what is on the table


def known(programme: Programme, road_map: str, language: str) -> Iterator[Known]:
    """The subjects of a road map with their wordings in one language, in reading order."""
    try:
        one = roadmaps.road_map(programme, road_map)
    except KeyError:
        return
    numbers = {item.id: item.number for item in one.items}
    for item in one.items:
        for standing in item.standings:
            names = list(dict.fromkeys([standing.agreed, *standing.live])) if standing.live else []
            wordings = [
                wording
                for name in names
                if name and (wording := _wording(programme, name, item, language, numbers)) is not None
            ]
            yield Known(standing.subject, item.id, item.number, item.kind == "section", tuple(wordings))


def _wording(
    programme: Programme, name: str, item: Item, language: str, numbers: Mapping[str, str]
) -> Wording | None:
    parties = tuple(roadmaps.supporters(programme, name))
    if not isinstance(programme.content(name), Words):
        return Wording(name, parties, "", cell_words(programme, name, language) or "")
    heading = agreement.in_languages(programme, name, "heading").get(language, "")
    if item.kind == "section":
        return Wording(name, parties, heading, "")
    given = agreement.in_languages(programme, name).get(language)
    if given is None:
        return None
    words, references = with_numbers(programme, given, programme.proposals[name].subject.road_map, numbers)
    return Wording(name, parties, heading, words, references)


def with_numbers(
    programme: Programme, words: str, here: str, numbers: Mapping[str, str]
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Words with the numbers that papers print in the place of references, and where these stand."""
    found, spans, at = "", [], 0
    for reference in REFERENCE.finditer(words):
        room, _slash, key = reference[1].rpartition("/")
        other: RoadMap | None = None
        if room and room != here and f"card:{room}" in programme.on:
            other = roadmaps.road_map(programme, room)
            there = {item.id: item.number for item in other.items}
            number = f"{other.number}/{there.get(f'provision:{room}/{key}') or f'[{key}]'}"
        else:
            number = numbers.get(f"provision:{here}/{key}") or f"[{key}]"
        found += words[at : reference.start()]
        spans.append((len(found), len(found) + len(number), reference[0]))
        found, at = found + number, reference.end()
    return found + words[at:], tuple(spans)


def unmarked(sent: Document, came: Document) -> list[Row]:
    """What differs from what was sent once every tracked change is rejected: nobody marked it."""
    old, new = (settled(one, lambda _change: False) for one in (sent, came))
    return [
        row
        for row in compare(old, new).rows
        if row.changed or row.step.kind in ("inserted", "deleted", "comes")
    ]


def _item(about: str) -> str:
    """The item of the outline that a subject belongs to."""
    return about.rsplit("/", 1)[0] if about.startswith("measure:") and about.count("/") > 1 else about


def _bodies(programme: Programme, language: str) -> dict[str, dict[str, dict[str, str]]]:
    """Party -> the bodies that are agreed anywhere in the programme, by their name in one language."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for about in programme.on:
        agreed = agreement.standing(programme, about).agreed if about.endswith("/bodies") else ""
        content = programme.content(agreed) if agreed else None
        for party, bodies in content.bodies.items() if isinstance(content, Bodies) else ():
            found.setdefault(party, {}).update({one[language]: one for one in bodies if language in one})
    return found


def _commas(content: Mapping[str, Any], former: Mapping[str, Any]) -> list[Sentence]:
    """What to know of bodies with a comma in their names."""
    whole = _("“%(name)s” is taken as one body; write a semicolon between bodies.")
    names = commas_in(content.get("bodies", {}), former.get("bodies", {}))
    return [Sentence(whole, {"name": name}) for name in names]


def _is_measure(item: str) -> bool:
    return item.startswith("measure:")


def _parts(said: Sequence[tuple[Head, Paragraph]]) -> list[tuple[Head, str]]:
    """What stands in the cells of a measure, with the heads; exchanged files have targets below words."""
    return [(Head("target") if one.style == "target" else head, one.text) for head, one in said]


def _nobody(one: Paragraph) -> Known:
    """A paragraph that belongs to no subject."""
    return Known("", "", one.number, False, ())


def _title(one: Known) -> str:
    name = one.wordings[0].heading or one.wordings[0].words[:60] if one.wordings else ""
    return f"{one.number} {name}".strip()


# ---------------------------------------------------------------- order


def _reordered(base: list[tuple[int, str]], came: Sequence[str]) -> list[tuple[int, str]]:
    """The outline in the order of the file, where the file has another."""
    place = {item: at for at, (_level, item) in enumerate(base)}
    listed = [item for item in came if item in place]
    if listed == sorted(listed, key=place.__getitem__):
        return base
    items = list(base)
    for before, item in zip(["", *listed], listed, strict=False):
        at = {name: i for i, (_level, name) in enumerate(items)}
        if before and at[item] < at[before]:
            try:
                items = order.move(items, item, before)
            except TextRefused:
                continue
    return items


def _leaves_first(items: Sequence[tuple[int, str]], gone: set[str]) -> list[str]:
    """What is to go, the last one first, so that a section goes after what stands in it."""
    return [item for _level, item in reversed(items) if item in gone]


def _level(items: Sequence[tuple[int, str]], after: str, heading: bool) -> int:
    """A heading opens a section; a provision stands beside the one before it, or in its section."""
    levels = {item: level for level, item in items}
    if heading or not after:
        return 1
    names = [item for _level_, item in items]
    at = names.index(after) if after in levels else -1
    deeper = at >= 0 and at + 1 < len(items) and items[at + 1][0] > levels[after]
    return levels.get(after, 1) + (1 if deeper else 0)
