"""What does an exchanged file say of a road map: every subject with its wordings, places, events?

The same structure is gathered from the record and read back from a file, so that a round trip can be
compared; fingerprints are computed from the words and not believed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from paraph.acts import CELLS, REOPENED, Propose, proposal_id
from paraph.papers.roadmaps import Wanted, unknown
from paraph.record.canonical import encode
from paraph.state import agreement, closing, roadmaps
from paraph.state.closing import root_of
from paraph.state.composed import subjects_of
from paraph.state.programme import Programme
from paraph.text.fingerprints import fingerprint
from paraph.text.outline import numbers


@dataclass(frozen=True, slots=True)
class Wording:
    """One proposal that is on the table."""

    proposal: str  # as the file states it
    content: dict[str, Any]  # as it was put forward
    translations: dict[str, dict[str, str]]  # working language -> part -> words
    authors: tuple[str, ...]
    supporters: tuple[str, ...]  # who accepts it; its authors where nobody does


@dataclass(frozen=True, slots=True)
class Point:
    """One subject as it stands."""

    subject: str
    state: str
    agreed: str  # a proposal, or ""
    wordings: tuple[Wording, ...]
    reserves: tuple[tuple[str, str], ...] = ()  # party, type

    def said(self, part: str, language: str) -> dict[str, str]:
        """Proposal -> its words, heading or title in a language, of those that have them."""
        found = {}
        for one in self.wordings:
            words = one.content.get(part, {}).get(language)
            if words is None:
                words = one.translations.get(language, {}).get(part)
            if words is not None:
                found[one.proposal] = words
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """An item of the outline shown, in reading order."""

    id: str
    level: int
    number: str  # "" where it stands in no agreed place yet
    first: str  # its place in the outline that named it first, as `paths` writes it
    inserted_by: tuple[str, ...] = ()
    deleted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the text."""

    date: str  # as claimed
    what: str  # opened, agreed, returned, initialled, closed, reopened, signed, notified
    about: str  # a subject or an object
    party: str = ""
    text: str = ""  # a proposal, or H


@dataclass(frozen=True, slots=True)
class RoadMapText:
    """A road map as a file carries it."""

    id: str
    programme: str  # prog
    heads: dict[str, int]  # the sizes of the logs that it was derived from
    date: str  # of the newest entry in them, as claimed
    opened: str  # when
    parties: tuple[str, ...]
    authentic: tuple[str, ...]
    working: tuple[str, ...]
    stage: str
    text: str  # H, or ""
    places: tuple[Place, ...]
    points: dict[str, Point]
    events: tuple[Event, ...] = field(default=())

    @property
    def languages(self) -> tuple[str, ...]:
        """Authentic ones first."""
        return (*self.authentic, *self.working)

    @property
    def marks(self) -> list[str]:
        """What its card says that a reader must know."""
        card = self.points[f"card:{self.id}"]
        shown = next((one for one in card.wordings if one.proposal == card.agreed), card.wordings[0])
        return list(shown.content.get("marks", []))


def exchanged(wanted: Wanted) -> RoadMapText:
    """The same as a paper that is asked for: one for all languages; PaperRefused where there is none."""
    try:
        return gathered(wanted.programme, wanted.road_map)
    except KeyError:
        raise unknown(wanted.road_map) from None


def gathered(programme: Programme, name: str) -> RoadMapText:
    """What the record says of a road map; KeyError where none was ever opened."""
    one = roadmaps.road_map(programme, name)
    first = _first_places(programme, name)
    places = tuple(
        Place(item.id, item.level, item.number, first.get(item.id, ""), item.inserted_by, item.deleted_by)
        for item in one.items
    )
    subjects = [f"card:{name}", f"outline:{name}"]
    subjects += [about for place in places for about in subjects_of(place.id)]
    newest = max(registers.entries[-1].at for registers in programme.by.values() if registers.entries)
    return RoadMapText(
        name,
        programme.charter.prog,
        programme.sizes(),
        newest,
        one.opened.at,
        programme.parties,
        programme.authentic,
        tuple(one for one in programme.charter.languages if one not in programme.authentic),
        one.stage,
        one.composed.text,
        places,
        {about: _point(programme, about) for about in subjects},
        tuple(_events(programme, one, subjects)),
    )


def _first_places(programme: Programme, name: str) -> dict[str, str]:
    """The place of each item in the outline that named it first."""
    outlines = programme.on.get(f"outline:{name}", [])
    authors = {outline: agreement.author(programme, outline) for outline in outlines}
    found: dict[str, str] = {}
    for outline in sorted(outlines, key=lambda o: (authors[o].at, authors[o].log, authors[o].n)):
        for item, path in paths(programme.outline_items(outline)).items():
            found.setdefault(item, path)
    return found


def paths(items: Sequence[tuple[int, str]]) -> dict[str, str]:
    """The place of each item of an outline, as Akoma Ntoso names elements: `sec_I__para_1.1`."""
    numbered, found = numbers(items), {}
    above: list[tuple[int, str]] = [(0, "")]
    for at, (level, item) in enumerate(items):
        if item.startswith("measure:"):
            found[item] = f"att_1__tr_{numbered[item]}"
            continue
        while above[-1][0] >= level:
            above.pop()
        below = at + 1 < len(items) and items[at + 1][0] > level
        found[item] = f"{above[-1][1]}{'sec' if below else 'para'}_{numbered[item]}"
        above.append((level, f"{found[item]}__"))
    return found


def _point(programme: Programme, about: str) -> Point:
    found = agreement.standing(programme, about)
    return Point(
        about,
        found.state,
        found.agreed,
        tuple(_wording(programme, name) for name in found.live),
        tuple((one.party, one.type) for one in found.reserves),
    )


def _wording(programme: Programme, name: str) -> Wording:
    act = agreement.author(programme, name).act
    assert isinstance(act, Propose)
    translations: dict[str, dict[str, str]] = {}
    for part in ("heading", "words", "title"):
        authentic = act.content.get(part, {})
        for language, words in agreement.in_languages(programme, name, part).items():
            if language not in authentic and words:
                translations.setdefault(language, {})[part] = words
    return Wording(
        name,
        act.content,
        translations,
        tuple(sorted(programme.proposals[name].last)),
        tuple(roadmaps.supporters(programme, name)),
    )


def _events(programme: Programme, one: roadmaps.RoadMap, subjects: list[str]) -> Iterator[Event]:
    about = f"road_map:{one.id}"
    yield Event(one.opened.at, "opened", about, one.opened.log)
    found = []
    for subject in subjects:
        standing = agreement.standing(programme, subject)
        if standing.agreed and standing.since:
            found.append(Event(standing.since.at, "agreed", subject, "", standing.agreed))
    for party, placed in one.returned.items():
        found.append(Event(placed.at, "returned", about, party))
    for party in programme.parties:
        stand = closing.standing(programme, party, about)
        if stand is not None:
            found.append(Event(stand.placed.at, "initialled", about, party, stand.text))
    for shut in closing.closings(programme, about):
        for stand in shut.stands:
            found.append(Event(stand.placed.at, "initialled", about, stand.placed.log, shut.text))
        last = max(seal.at for seal in shut.seals)
        found.append(Event(last, "reopened" if shut.text == REOPENED else "closed", about, "", shut.text))
        for party in programme.parties:
            for what, kept in (
                ("signed", programme.by[party].signed),
                ("notified", programme.by[party].notified),
            ):
                if (about, shut.text) in kept:
                    found.append(Event(kept[about, shut.text].at, what, about, party, shut.text))
    order = sorted(dict.fromkeys(found), key=lambda event: (event.date, event.what, event.about, event.party))
    yield from order


# ---------------------------------------------------------------- what the words themselves say


def false_names(text: RoadMapText) -> list[str]:
    """The subjects with a wording that is not the proposal which the file names, and H where it differs."""
    found = [
        point.subject
        for point in text.points.values()
        for one in point.wordings
        if proposal_id(point.subject, one.content) != one.proposal
    ]
    if text.text and root(text) != text.text:
        found.append(f"road_map:{text.id}")
    return found


def root(text: RoadMapText) -> str:
    """H of the agreed words, as docs/reference/text.md says; "" where something is not agreed."""
    agreed = {
        about: one
        for about, point in text.points.items()
        for one in point.wordings
        if one.proposal == point.agreed
    }
    card, outline = agreed.get(f"card:{text.id}"), agreed.get(f"outline:{text.id}")
    if card is None or outline is None:
        return ""
    items = [(int(level), str(item)) for level, item in outline.content["items"]]
    if any(about not in agreed for _level, item in items for about in subjects_of(item)):
        return ""
    title = card.content["title"]
    lines = [
        "title " + " ".join(f"{one}={fingerprint(title.get(one, '').encode())}" for one in text.authentic)
    ]
    for item, number in numbers(items).items():
        if item.startswith("measure:"):
            cells = [
                f"{cell}={fingerprint(encode([f'{item}/{cell}', agreed[f'{item}/{cell}'].proposal]))}"
                for cell in CELLS
            ]
            lines.append(f"{item} {number} {' '.join(cells)}")
        else:
            content = agreed[item].content
            parts = [
                f"{one}="
                + fingerprint(
                    encode([content.get("heading", {}).get(one, ""), content.get("words", {}).get(one, "")])
                )
                for one in text.authentic
            ]
            lines.append(f"{item} {number} {' '.join(parts)}")
    return root_of(lines)
