"""Road maps as a reader sees them: outline, stage, counts, whose turn, what blocks what.

Everything is derived and kept until an entry touches the road map; a stage is never set.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from paraph.acts import Ack, Card, Lineage, Paper, Placed, Publish, Step
from paraph.state import agreement, closing
from paraph.state.agreement import OpenReserve, Standing
from paraph.state.composed import Composed, composed, subjects_of
from paraph.state.history import history
from paraph.state.programme import WHOLE, Programme
from paraph.text.outline import numbers

Stage = Literal[
    "drafting",
    "coordination",
    "text_complete",
    "verified",
    "initialled",
    "signed",
    "in_force",
    "carried_out",
    "returned",
    "suspended",
]
STAGES: tuple[Stage, ...] = (
    "drafting",
    "coordination",
    "text_complete",
    "verified",
    "initialled",
    "signed",
    "in_force",
    "carried_out",
)
SETTLED = STAGES[2:]
RECEIVED = "*"  # behind the code of a party whose words another one received outside of the record
CLOSE = ("agreed", "reserved", "ad_referendum", "in_substance")  # at least accepted in substance
Count = Literal["agreed", "in_substance", "open"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a road map's text: a section, a provision or a measure."""

    id: str
    level: int
    number: str  # "" where it stands in no agreed place yet
    kind: Literal["section", "provision", "measure"]
    standings: tuple[Standing, ...]  # one; for a measure one for each cell
    inserted_by: tuple[str, ...] = ()  # who wants it in, where the outline does not have it
    deleted_by: tuple[str, ...] = ()  # who wants it out, where the outline has it
    state: str = field(init=False)  # agreed, bracketed or proposed: the three marks of the strip

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", self._state())

    def _state(self) -> str:
        if self.inserted_by:
            return "proposed" if all(s.state != "bracketed" for s in self.standings) else "bracketed"
        if self.deleted_by:
            return "bracketed"
        states = [standing.state for standing in self.standings]
        if all(state == "agreed" for state in states):
            return "agreed"
        if all(state in ("agreed", "proposed", "empty") for state in states):
            return "proposed"
        return "bracketed"

    @property
    def turns(self) -> tuple[str, ...]:
        """The parties whose move it is here."""
        return tuple(dict.fromkeys(party for s in self.standings for party in s.turns))

    @property
    def reserves(self) -> tuple[OpenReserve, ...]:
        """The reserves open here."""
        return tuple(reserve for s in self.standings for reserve in s.reserves)


@dataclass(frozen=True, slots=True)
class RoadMap:
    """A road map as of what has been applied."""

    id: str
    card: Card
    card_proposal: str
    title: dict[str, str]
    area: dict[str, str]
    card_standing: Standing
    outline_proposal: str  # the one shown: agreed, else the best supported
    outline_standing: Standing
    items: tuple[Item, ...]
    opened: Placed
    stage: Stage
    count: Count
    composed: Composed
    closing: closing.Closing | None
    returned: dict[str, Placed]
    turns: Counter[str]
    turn: str  # whose move it is: the party with most open turns, or ""
    waiting_since: Placed | None
    reserves: tuple[OpenReserve, ...]
    counts: Counter[str] = field(default_factory=Counter)  # agreed, bracketed, proposed

    @property
    def number(self) -> int:
        """The number on the board."""
        return self.card.number

    @property
    def provisions(self) -> tuple[Item, ...]:
        """Sections and provisions in reading order."""
        return tuple(item for item in self.items if item.kind != "measure")

    @property
    def measures(self) -> tuple[Item, ...]:
        """The measures in order."""
        return tuple(item for item in self.items if item.kind == "measure")


def road_maps(programme: Programme) -> list[RoadMap]:
    """The road maps of the programme by number, without those that the charter ended."""
    gone = ended(programme)
    found = [road_map(programme, name) for name in opened(programme) if name not in gone]
    return sorted(found, key=lambda one: (one.number, one.id))


def opened(programme: Programme) -> list[str]:
    """The ids of all road maps ever opened."""
    return sorted(name.removeprefix("card:") for name in programme.on if name.startswith("card:"))


def lineage(programme: Programme) -> list[Step]:
    """What became of road maps under the charter in force, oldest first."""
    found = closing.closed(programme, "charter")
    if found is None:
        return []
    known = programme.proposals.get(found.lines[0].removeprefix("charter "))
    return known.content.steps if known and isinstance(known.content, Lineage) else []


def ended(programme: Programme) -> dict[str, Step]:
    """What the charter in force withdrew, merged, split or let succeed: road map -> step."""
    return {old: step for step in lineage(programme) for old in step.old}


def last_movement(programme: Programme, name: str) -> Placed | None:
    """The newest claimed act about a road map, remarks and publications apart."""
    about = f"road_map:{name}"
    return programme.view(
        "last movement",
        about,
        lambda: max(
            (placed for placed in history(programme, about) if not isinstance(placed.act, _QUIET)),
            key=lambda placed: (placed.at, placed.log, placed.n),
            default=None,
        ),
    )


def counted(maps: Iterable[RoadMap]) -> Counter[str]:
    """How many are agreed, in substance, open."""
    return Counter(one.count for one in maps)


def blocks(programme: Programme) -> dict[str, list[str]]:
    """Road map -> the road maps that depend on it, by number, among those not yet agreed."""

    def make() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        maps = road_maps(programme)
        for one in maps:
            for needed in one.card.depends_on:
                found.setdefault(needed, []).append(one.id)
        return found

    return programme.view("blocks", WHOLE, make)


def road_map(programme: Programme, name: str) -> RoadMap:
    """The road map of that id; KeyError where none was ever opened."""
    if f"card:{name}" not in programme.on:
        raise KeyError(name)
    return programme.view("road map", f"road_map:{name}", lambda: _road_map(programme, name))


# ---------------------------------------------------------------- how it is derived


def _road_map(programme: Programme, name: str) -> RoadMap:
    about = f"road_map:{name}"
    card_standing = agreement.standing(programme, f"card:{name}")
    card_proposal = card_standing.agreed or best(programme, card_standing) or programme.on[f"card:{name}"][0]
    outline_standing = agreement.standing(programme, f"outline:{name}")
    outline_proposal = outline_standing.agreed or best(programme, outline_standing)
    items = tuple(_items(programme, outline_proposal, outline_standing))
    text = composed(programme, name)
    shut = closing.closed(programme, about)
    returned = {
        party: placed
        for party in programme.parties
        if (placed := programme.by[party].returns.get(name)) is not None and shut is None
    }
    standings = [card_standing, outline_standing, *(s for item in items for s in item.standings)]
    if text.text and f"verification:{name}" in programme.on:
        standings.append(agreement.standing(programme, f"verification:{name}"))
    stage = _stage(programme, about, text, shut, returned, outline_standing)
    turns = Counter(party for standing in standings for party in standing.turns)
    turn = max(programme.parties, key=lambda party: turns[party]) if turns else ""
    if not turns and stage in ("text_complete", "verified"):
        turn = _turn_to_close(programme, about)
    return RoadMap(
        name,
        programme.card(card_proposal),
        card_proposal,
        agreement.in_languages(programme, card_proposal, "title"),
        agreement.in_languages(programme, card_proposal, "area"),
        card_standing,
        outline_proposal,
        outline_standing,
        items,
        agreement.author(programme, card_proposal),
        stage,
        _count(stage, standings),
        text,
        shut,
        returned,
        turns,
        turn,
        min(
            (placed for s in standings for party, placed in s.waiting.items() if party == turn),
            key=lambda placed: (placed.at, placed.log, placed.n),
            default=None,
        ),
        tuple(reserve for s in standings for reserve in s.reserves),
        Counter(item.state for item in items if item.kind != "section"),
    )


def best(programme: Programme, standing: Standing) -> str:
    """The live proposal with most support, the first one among equals; "" where there is none."""
    return max(
        standing.live,
        key=lambda name: sum(agreement.supports(programme, party, name) for party in programme.parties),
        default="",
    )


def _items(programme: Programme, shown: str, standing: Standing) -> Iterable[Item]:
    """The items of the outline shown, with the insertions and deletions that others propose."""
    if not shown:
        return
    base = [(level, item) for level, item in programme.outline_items(shown)]
    place = {item: i for i, (_level, item) in enumerate(base)}
    rivals = [name for name in standing.live if name != shown]
    inserted: dict[str, dict[str, tuple[int, list[str]]]] = {}  # predecessor -> item -> level, parties
    deleted: dict[str, list[str]] = {}
    for name in rivals:
        wanted = supporters(programme, name)
        listed = programme.outline_items(name)
        before = ""
        for level, item in listed:
            if item in place:
                before = item
            else:
                inserted.setdefault(before, {}).setdefault(item, (level, []))[1].extend(wanted)
        for item in place.keys() - {item for _level, item in listed}:
            deleted.setdefault(item, []).extend(wanted)
    numbered = numbers(tuple(base))
    deeper = {item: i + 1 < len(base) and base[i + 1][0] > base[i][0] for item, i in place.items()}
    for before, (level, item) in [("", (0, "")), *((item, (level, item)) for level, item in base)]:
        if item:
            yield _item(programme, item, level, numbered[item], deeper[item], (), _unique(deleted.get(item)))
        for extra, (extra_level, wanted) in inserted.get(before, {}).items():
            yield _item(programme, extra, extra_level, "", False, _unique(wanted), ())


def _item(
    programme: Programme,
    item: str,
    level: int,
    number: str,
    section: bool,
    inserted_by: tuple[str, ...],
    deleted_by: tuple[str, ...],
) -> Item:
    kind: Literal["section", "provision", "measure"] = (
        "measure" if item.startswith("measure:") else "section" if section else "provision"
    )
    standings = tuple(agreement.standing(programme, about) for about in subjects_of(item))
    return Item(item, level, number, kind, standings, inserted_by, deleted_by)


def supporters(programme: Programme, proposal: str) -> list[str]:
    """The parties that accept the proposal at least in substance, or those whose words it is."""
    return [label.rstrip(RECEIVED) for label in labels(programme, proposal)]


def labels(programme: Programme, proposal: str) -> list[str]:
    """The same as they stand in brackets: a star says that the party has not signed these words itself."""
    found = [party for party in programme.parties if agreement.supports(programme, party, proposal)]
    whose = agreement.speakers(programme, proposal)
    return found or [
        party if whose[party] else party + RECEIVED for party in programme.parties if party in whose
    ]


def _unique(parties: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parties or ()))


def _stage(
    programme: Programme,
    about: str,
    text: Composed,
    shut: closing.Closing | None,
    returned: dict[str, Placed],
    outline: Standing,
) -> Stage:
    if shut is not None:
        key = (about, shut.text)
        if all(key in programme.by[party].notified for party in programme.parties):
            return "in_force"
        if all(key in programme.by[party].signed for party in programme.parties):
            return "signed"
        return "initialled"
    if returned:
        return "returned"
    if text.text:
        return "verified" if verified(programme, about.partition(":")[2]) == text.text else "text_complete"
    chosen = all(outline.subject in programme.by[party].choices for party in programme.parties)
    return "coordination" if chosen else "drafting"  # until every party has accepted an outline


def verified(programme: Programme, road_map: str) -> str:
    """H of the text that all parties agree is verified; "" where none is. It may be an earlier one."""
    settled = agreement.agreed(programme, f"verification:{road_map}")
    content = programme.content(settled) if settled else None
    return content.fields.get("text", "") if isinstance(content, Paper) else ""


def _count(stage: Stage, standings: list[Standing]) -> Count:
    if stage in SETTLED:
        return "agreed"
    if stage != "returned" and all(standing.state in CLOSE for standing in standings):
        return "in_substance"
    return "open"


def _turn_to_close(programme: Programme, about: str) -> str:
    """Whose move it is once the text is complete: who has not initialled, then who has not sealed."""
    standing = [party for party in programme.parties if closing.standing(programme, party, about)]
    if not standing:
        return ""
    waiting = [party for party in programme.parties if party not in standing] or [
        party for party in programme.parties if closing.own_seal(programme, party, about) is None
    ]
    return waiting[0] if waiting else ""


_QUIET = (Ack, Publish)
