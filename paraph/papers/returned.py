"""What does a file that came back propose, in whose name, and what of it is not understood?

Every paragraph is mapped to a provision or to a cell of a measure: by the bookmark that our papers carry,
else by its words. What a party made of a provision is read from the changes of its authors; words that
nobody marked are the sender's. Whatever cannot become a proposal is named.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from paraph.acts import CELLS, Deadline, Propose, Words, proposal_id, provision
from paraph.papers.comparison import Row, compare
from paraph.papers.documents import Change, Document, Paragraph, cell_of
from paraph.papers.labels import day, label
from paraph.papers.sent import Origin, items_by_key
from paraph.papers.settled import places_of, settled
from paraph.papers.typed import Bracket, Point, typed_brackets
from paraph.sentences import Sentence, _
from paraph.state import agreement, concordance, roadmaps
from paraph.state.composed import REFERENCE
from paraph.state.programme import Programme
from paraph.state.roadmaps import RECEIVED, Item, RoadMap
from paraph.text import outline as order
from paraph.text.alignment import align
from paraph.text.canonical import canonical, looks_alike, mended, words_in
from paraph.text.errors import TextRefused
from paraph.text.words import Segment, redline

NEW, NOT = "new", "-"  # what a paragraph can be mapped to besides a subject
Kind = Literal["words", "translation", "new", "outline"]
_PUNCTUATION = re.compile(r"\s+([.,;:!?)\]])")
_HEADING = 160  # letters of a first sentence that may be a heading


@dataclass(frozen=True, slots=True)
class Wording:
    """One proposal on the table, as a reader sees it in one language."""

    proposal: str
    parties: tuple[str, ...]
    heading: str
    words: str  # numbers of provisions in the place of references
    references: tuple[tuple[int, int, str], ...] = ()  # where such a number stands, and what it stands for

    @property
    def whole(self) -> str:
        """Heading and words as a paper says them."""
        return f"{self.heading}. {self.words}" if self.heading and self.words else self.heading or self.words


@dataclass(frozen=True, slots=True)
class Known:
    """A subject of the road map with its wordings: the agreed one first."""

    about: str
    item: str
    number: str
    section: bool
    wordings: tuple[Wording, ...]

    @property
    def cell(self) -> str:
        """Which cell of a measure it is; "" of a provision."""
        return self.about.rpartition("/")[2] if self.item.startswith("measure:") else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be put forward from the file."""

    key: str  # the same whenever the file is looked at again
    party: str
    kind: Kind
    about: str
    number: str
    before: str
    after: str
    acts: tuple[Propose, ...]
    sentences: tuple[Sentence, ...] = ()  # what to know before it is sent
    alike: bool = False
    wanted: bool = True  # whether it is chosen at first


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of the file that becomes no proposal, and why."""

    about: str  # a subject, or ""
    number: str
    sentence: Sentence
    text: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One paragraph of the file and what it was taken for."""

    place: int  # in the document as it was read
    paragraph: Paragraph
    target: str  # a subject, NEW or NOT
    by: Literal["key", "words", "person", "order", "sent"]


@dataclass(slots=True)
class Returned:
    """What a file says of a road map."""

    mapped: list[Mapped] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    unchanged: int = 0
    unmarked: list[Row] = field(default_factory=list)  # against what was sent, where that is known


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, and what a person said of it."""

    document: Document  # read as marked
    language: str
    sender: str  # the party whose the words are that nobody marked
    authors: Mapping[str, str]  # author of tracked changes -> party; "" where they are nobody's
    chosen: Mapping[int, str]  # place -> target, where the person mapped otherwise
    origin: Origin | None = None
    sent: Document | None = None  # as it left, where that is known
    name: str = ""  # tells one upload from another; ids of new provisions follow from it


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
    return _Reader(now, then, road_map, me, given).found


class _Reader:
    """One pass over a file for each party that changed it."""

    def __init__(self, now: Programme, then: Programme, road_map: str, me: str, given: Upload) -> None:
        self.now, self.me, self.given, self.found = now, me, given, Returned()
        self.map = roadmaps.road_map(now, road_map)
        self.known = {one.about: one for one in known(then, road_map, given.language)}
        self.keys = items_by_key(self.map)
        sent = given.sent.paragraphs if given.sent is not None else ()
        self.ours = {one.words for one in sent if not one.key}  # what stands around the provisions
        self.authentic = given.language in now.authentic
        self.asked = self._targets()
        self.targets = {one.place: one.target for one in self.found.mapped}
        if given.sent is not None:
            self.found.unmarked = unmarked(given.sent, given.document)
        parties = dict.fromkeys([given.sender, *(one for one in given.authors.values() if one)])
        for party in parties:
            self._party(party)
        self._brackets()

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
        lines = self._measures(document)
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
            if at in lines:
                found[at] = lines[at], "key"
            elif whole.key in keys and not whole.place:
                found.setdefault(at, (keys[whole.key], "key"))
        own = bool(found)
        if not own:
            found |= self._by_words(before)
        asked = {self.known[target].item for target, _by in found.values() if target in self.known}
        if given.sent is not None:
            asked = {keys[one.key] for one in given.sent.paragraphs if one.key in keys}
        self._between(found, own)
        for at, target in given.chosen.items():
            if 0 <= at < len(document.paragraphs) and (target in self.known or target in (NEW, NOT)):
                found[at] = target, "person"
        for at, whole in enumerate(document.paragraphs):
            target, by = found.get(at, (NOT, "sent" if whole.words in self.ours else "order"))
            self.found.mapped.append(Mapped(at, whole, target, by))  # type: ignore[arg-type]
        return asked

    def _measures(self, document: Document) -> dict[int, str]:
        """The cells of measures: in a row whose first cell carries a bookmark of ours."""
        rows: dict[tuple[int, int], str] = {}
        found: dict[int, str] = {}
        for at, one in enumerate(document.paragraphs):
            cell = cell_of(one.place)
            if cell is None:
                continue
            if self.keys.get(one.key, "").startswith("measure:"):
                rows[cell[:2]] = self.keys[one.key]
            measure = rows.get(cell[:2], "")
            if measure and 2 <= cell[2] <= len(CELLS) + 1:
                found[at] = f"{measure}/{CELLS[cell[2] - 2]}"
        return found

    def _by_words(self, before: Document) -> dict[int, tuple[str, str]]:
        """Paragraphs without a bookmark: equal words first, then what is most alike."""
        body = [one for one in before.paragraphs if not one.place and one.words]
        known = [one for one in self.known.values() if not one.cell and one.wordings]
        first = {one.about: one.wordings[0].whole for one in known}
        said = {_bare(wording.whole): one.about for one in known for wording in one.wordings}
        # Another wording of a provision stands for its first one.
        texts = [first.get(said.get(_bare(one.words), ""), one.words) for one in body]
        found: dict[int, tuple[str, str]] = {}
        for step in align(list(first.values()), texts):
            if step.kind in ("stays", "comes"):
                for j in step.new:
                    found |= dict.fromkeys(places_of(body[j]), (known[step.old[0]].about, "words"))
                for i in step.old[1:]:
                    joined = _(
                        "This stands in one paragraph with %(number)s; part them, or correct the mapping."
                    )
                    self._trouble(known[i], Sentence(joined, {"number": known[step.old[0]].number}))
        asked = {about for about, _by in found.values()}
        for one in known:
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

        groups: dict[str, list[Paragraph]] = {}
        fresh: list[tuple[str, Paragraph]] = []  # behind which provision
        came: list[str] = []  # the order of the provisions
        before = ""
        for one in settled(given.document, taken).paragraphs:
            targets = [self.targets[at] for at in places_of(one)]
            target = next((t for t in targets if t not in (NEW, NOT)), targets[-1] if targets else NOT)
            if target == NEW:
                fresh.append((before, one))
            elif target in self.known:
                groups.setdefault(target, []).append(one)
                if not self.known[target].cell and target not in came:
                    came.append(target)
                    before = target
        sent = self._sent(taken)
        for about, paragraphs in groups.items():
            self._subject(party, self.known[about], _text(paragraphs), sent.get(about, ""))
        gone = self.asked - {self.known[about].item for about in groups}
        self._outline(party, came, gone, fresh)

    def _sent(self, taken: Callable[[Change], bool]) -> dict[str, str]:
        """What stood where in the paper as it was sent, with the changes of the same party."""
        if self.given.sent is None:
            return {}
        document = settled(self.given.sent, taken)
        cells = self._measures(document)
        groups: dict[str, list[Paragraph]] = {}
        for at, one in enumerate(document.paragraphs):
            about = cells.get(at) or ("" if one.place else self.keys.get(one.key, ""))
            if about:
                groups.setdefault(about, []).append(one)
        return {about: _text(paragraphs) for about, paragraphs in groups.items()}

    def _subject(self, party: str, one: Known, text: str, sent: str) -> None:
        """What a party made of one provision or cell."""
        if text == sent:
            self.found.unchanged += bool(text)
            return
        base = next(
            (w for w in one.wordings if party in w.parties), one.wordings[0] if one.wordings else None
        )
        if not text:
            if base is not None:
                self._trouble(one, Sentence(_("The words are gone; a provision is deleted in the outline.")))
            return
        if one.section:
            self._candidate(party, one, base, text.rstrip("."), "")
            return
        text, sent = (self._without_place(said, base) for said in (text, sent))
        wanted: list[tuple[str, str]] = []  # whose label, words
        variants = _variants(text)
        known = {_bare(wording.whole): wording for wording in one.wordings}
        before = {_bare(words) for words in _variants(sent).values()} if sent else set()
        for label_, words in variants.items():
            if _bare(words) and _bare(words) not in known and _bare(words) not in before:
                wanted.append((label_, words))
        mine = variants.get(party, "")
        if not wanted:
            self._as_known(party, one, [known[_bare(w)] for w in variants.values() if _bare(w) in known])
            return
        if _bare(mine):
            wanted = [(whose, words) for whose, words in wanted if whose == party] or wanted
        seen: set[str] = set()
        for whose, words in wanted:
            if _bare(words) in seen:
                continue
            seen.add(_bare(words))
            near = next((w for w in one.wordings if whose in w.parties), base)
            heading, rest = _parted(words, near)
            notes = []
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
        new = re.escape(label(self.given.language, "inserted"))
        heading = f"{re.escape(base.heading)}\\. " if base and base.heading else ""
        return re.sub(rf"^({heading})?\[[A-Z*, ]+: (?:–|{new})\] ", r"\1", text)

    # ------------------------------------------------------------ candidates

    def _candidate(
        self, party: str, one: Known, base: Wording | None, heading: str, words: str,
        notes: Sequence[Sentence] = (),
    ) -> None:  # fmt: skip
        """Put forward new words of a subject, or say why that cannot be."""
        if base is not None and (_bare(heading), _bare(words)) == (_bare(base.heading), _bare(base.words)):
            self.found.unchanged += 1
            return
        language = self.given.language
        whole = f"{heading}. {words}" if heading and words else heading or words
        if one.cell in ("bodies", "indicator"):
            said = _("What changed in this cell is taken over on its own page.")
            self._trouble(one, Sentence(said), whole)
            return
        try:
            if one.cell == "deadline":
                content: dict[str, Any] = {"date": _date(language, words)}
            else:
                parts = {"heading": canonical(heading), "words": canonical(_restored(words, base))}
                content = {
                    part: {language: text} if text else {}
                    for part, text in parts.items()
                    if text or part == "words"
                }
        except TextRefused as refused:
            self._trouble(one, refused.sentence, whole, mended(whole) or "")
            return
        except ValueError:
            self._trouble(one, Sentence(_("This is no date; write it as 31 December 2022.")), whole)
            return
        act = self._act(party, one.about, content, base)
        if act is None:
            self._trouble(one, Sentence(_(
                "The file is in a working language: what %(party)s changed there has no authentic words. "
                "Ask for the text in an authentic language."), {"party": party}), whole)  # fmt: skip
            return
        before = base.whole if base else ""
        sentences, stale = list(notes), self._stale(one.about)
        if stale:
            sentences.append(Sentence(_("Other words came since the file was written.")))
        if len(self.now.authentic) > 1 and self.authentic and one.cell != "deadline":
            sentences.append(
                Sentence(_("Concordance pending: the other authentic languages lack these words."))
            )
        kind: Kind = "words" if self.authentic or one.cell == "deadline" else "translation"
        if base is not None and not one.cell:
            sentences += self._discord(base, content["words"].get(language, ""))
        if _bracket(whole):
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
                _key(party, one.about, whole), party, kind, one.about, one.number, before, whole, (act,),
                tuple(sentences), looks_alike(before, whole), not stale and not _bracket(whole),
            )
        )  # fmt: skip

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
        if self.authentic or "date" in content:
            if about in self.now.on:
                seen = agreement.seen(self.now, about)
            replaces = base.proposal if base else ""
            return Propose(about, content, replaces=replaces, received_from=others, seen=seen)
        if others or base is None:
            return None
        act = agreement.author(self.now, base.proposal).act
        given = {part: words[language] for part, words in content.items() if language in words}
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

    def _outline(
        self, party: str, came: Sequence[str], gone: set[str], fresh: Sequence[tuple[str, Paragraph]]
    ) -> None:
        """New provisions, and an outline with them, without what went, in the order of the file."""
        base = list(self.now.outline_items(self.map.outline_proposal)) if self.map.outline_proposal else []
        acts: list[Propose] = []
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
        for before, one in fresh:
            made = self._new(party, before, one)
            if not made:
                continue
            acts += made
            after = behind.get(before, before)
            items = order.insert_after(items, after, made[0].subject, _level(items, after, one))
            behind[before] = made[0].subject
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
        news = "\n".join(next(iter(a.content["words"].values()), "") or
                         next(iter(a.content.get("heading", {}).values()), "") for a in acts)  # fmt: skip
        sentences = [Sentence(said, counts)]
        if _bracket(news):
            sentences.append(Sentence(_("Square brackets would stand in these words as signs.")))
        if lost:
            sentences.append(Sentence(_("Deleted: %(names)s"), {"names": lost}))
        if moved:
            sentences.append(Sentence(_("Moved: %(names)s"), {"names": moved}))
        wanted = (self.given.origin is not None or not change.deleted) and not _bracket(news)
        self.found.candidates.append(
            Candidate(
                _key(party, outline.subject, repr(items)), party, "outline", outline.subject, "", "", news,
                (*acts, outline), tuple(sentences), wanted=wanted,
            )
        )  # fmt: skip

    def _outline_act(self, party: str, content: dict[str, Any]) -> Propose:
        about = f"outline:{self.map.id}"
        others = "" if party == self.me else party
        seen = agreement.seen(self.now, about) if about in self.now.on else ""
        return Propose(about, content, replaces=self.map.outline_proposal, received_from=others, seen=seen)

    def _new(self, party: str, before: str, one: Paragraph) -> list[Propose]:
        """A provision that the file brings, in each of its alternatives; a heading waits for words."""
        if not self.authentic:
            needs = Sentence(_("A new provision needs words in an authentic language."))
            self._trouble(_nobody(one), needs, one.text)
            return []
        place = places_of(one)[0]
        fresh = hashlib.sha256(f"{self.given.name} {place} {party}".encode()).hexdigest()[:10]
        about, language = provision(self.map.id, f"n{fresh}"), self.given.language
        made: list[Propose] = []
        for text in dict.fromkeys(_variants(one.words).values()):
            try:
                words = {language: canonical(text)}
            except TextRefused as refused:
                self._trouble(_nobody(one), refused.sentence, one.text, mended(text) or "")
                return []
            content = {"words": {}, "heading": words} if one.kind == "heading" else {"words": words}
            act = self._act(party, about, content, None)
            made += [act] if act is not None and words[language] else []
        return made

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
    content = programme.content(name)
    parties = tuple(roadmaps.supporters(programme, name))
    if isinstance(content, Deadline):
        return Wording(name, parties, "", day(language, content.date))
    if not isinstance(content, Words):
        words = agreement.in_languages(programme, name).get(language, "")
        return Wording(name, parties, "", words)
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


# ---------------------------------------------------------------- words


def _bracket(text: str) -> bool:
    """Say whether a bracket is left in words: one that was not understood."""
    return "[" in text or "]" in text


def _text(paragraphs: Sequence[Paragraph]) -> str:
    """Paragraphs as the words of one provision; the number of the first is the provision's."""
    return "\n".join([paragraphs[0].words, *(one.text for one in paragraphs[1:])]).strip()


def _bare(text: str) -> str:
    """The letters of a text: papers set spaces around brackets, and people set them otherwise."""
    return "".join(text.split()).rstrip(".")


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _nobody(one: Paragraph) -> Known:
    """A paragraph that belongs to no subject."""
    return Known("", "", one.number, False, ())


def _title(one: Known) -> str:
    name = one.wordings[0].heading or one.wordings[0].words[:60] if one.wordings else ""
    return f"{one.number} {name}".strip()


def _variants(text: str) -> dict[str, str]:
    """
    The texts that a text with brackets can be read as: party -> its words.

    Brackets without a label are alternatives "1", "2", …; a text without brackets is the one of "".
    """
    points = _outer(text)
    if not points:
        return {"": text}
    labels = sorted({party for point in _every(text) for one in point.brackets for party in _parties(one)})
    if labels:
        return {party: _projected(text, _of_party(party)) for party in labels}
    count = max(len(point.choices) for point in points)
    return {str(at + 1): _projected(text, _of_place(at)) for at in range(count)}


def _outer(text: str) -> list[Point]:
    found = typed_brackets(Document((Paragraph(text),)))
    return [point for point in found.points if point.brackets[0].depth == 1]


def _every(text: str) -> tuple[Point, ...]:
    return typed_brackets(Document((Paragraph(text),))).points


def _parties(one: Bracket) -> list[str]:
    """The parties that a bracket is labelled with."""
    labels = re.split(r", ?| and ", one.label) if one.label else []
    return [name.rstrip(RECEIVED) for name in labels if name.rstrip(RECEIVED).isupper()]


Choosing = Callable[[Point], str | None]


def _of_party(party: str) -> Choosing:
    def choose(point: Point) -> str | None:
        for one in point.brackets:
            if party in _parties(one):
                return one.words
        free = [one for one in point.brackets if not _parties(one)]
        return free[0].words if free else None

    return choose


def _of_place(at: int) -> Choosing:
    def choose(point: Point) -> str | None:
        return point.choices[min(at, len(point.choices) - 1)]

    return choose


def _projected(text: str, choose: Choosing) -> str:
    """A text with each of its brackets read in one way."""
    found, at = "", 0
    for point in _outer(text):
        begin, end = point.brackets[0].begin[1], point.brackets[-1].end[1]
        words = (choose(point) or "").strip()
        inside = "" if words in ("–", "…", "¶") else _projected(words, choose)
        found += text[at:begin] + inside
        at = end + 1
    lines = (found + text[at:]).split("\n")
    return "\n".join(_PUNCTUATION.sub(r"\1", " ".join(line.split())) for line in lines).strip()


def _parted(text: str, base: Wording | None) -> tuple[str, str]:
    """Heading and words of a text, where the heading ended before it was changed; one left out stays."""
    if base is None or not base.heading:
        return "", text
    if text.startswith(f"{base.heading}. "):
        return base.heading, text[len(base.heading) + 2 :]
    first, newline, rest = text.partition("\n")
    if newline and first.rstrip(".") == base.heading:
        return base.heading, rest
    end = _moved_to(redline(base.whole, text), len(base.heading))
    if end is not None and text[end : end + 2] == ". ":
        return text[:end], text[end + 2 :]
    heading, dot, rest = text.partition(". ")
    like = {word.casefold() for word in words_in(base.heading)} & {w.casefold() for w in words_in(heading)}
    return (heading, rest) if dot and like and len(heading) <= _HEADING else (base.heading, text)


def _restored(words: str, base: Wording | None) -> str:
    """Words with references again in the place of the numbers that were left as they were."""
    if base is None or not base.references:
        return words
    segments = redline(base.words, words)
    for begin, end, reference in reversed(base.references):
        start, stop = _moved_to(segments, begin), _moved_to(segments, end - 1)
        if start is not None and stop == start + end - 1 - begin:
            words = words[:start] + reference + words[stop + 1 :]
    return words


def _moved_to(segments: Sequence[Segment], place: int) -> int | None:
    """Where a letter of the old text stands in the new one; None where it was struck."""
    i = j = 0
    for one in segments:
        size = len(one.text)
        if one.kind != "inserted" and i <= place < i + size:
            return j + place - i if one.kind == "same" else None
        i += size if one.kind != "inserted" else 0
        j += size if one.kind != "deleted" else 0
    return None


def _date(language: str, text: str) -> str:
    """A date as papers write it, or 2022-12-31 or 31.12.2022, as ISO; ValueError where it is none."""
    words = text.strip().removesuffix(" г.").removesuffix(" года").strip(". ")
    for tongue in (language, "ru", "en"):
        months = label(tongue, "month").split()
        parts = words.split()
        if len(parts) == 3 and parts[1] in months:
            return date(int(parts[2]), months.index(parts[1]) + 1, int(parts[0])).isoformat()
    if words[2:3] == "." == words[5:6]:
        words = "-".join(reversed(words.split(".")))
    return date.fromisoformat(words).isoformat()


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


def _level(items: Sequence[tuple[int, str]], after: str, one: Paragraph) -> int:
    """A heading opens a section; a provision stands beside the one before it, or in its section."""
    levels = {item: level for level, item in items}
    if one.kind == "heading" or not after:
        return 1
    names = [item for _level_, item in items]
    at = names.index(after) if after in levels else -1
    deeper = at >= 0 and at + 1 < len(items) and items[at + 1][0] > levels[after]
    return levels.get(after, 1) + (1 if deeper else 0)
