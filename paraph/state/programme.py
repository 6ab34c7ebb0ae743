"""What is known of a programme: proposals, the registers of each party, closings.

Only `fold.apply` changes these structures. Every register of a party follows from that party's own
log, so the order in which logs arrive changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from paraph.acts import (
    Card,
    Content,
    Delegate,
    Lineage,
    Outline,
    Package,
    Placed,
    Subject,
    to_json,
)
from paraph.record.authority import first
from paraph.record.charter import Charter
from paraph.record.entries import certified
from paraph.sentences import Sentence

T = TypeVar("T")
WHOLE = "*"  # views about the programme as a whole
RULES = 1  # the version of the rules that this fold knows


class Proposal(msgspec.Struct, eq=False):
    """A content put forward on a subject; its id is made of both."""

    id: str
    subject: Subject
    content: Content
    complete: bool  # words in every authentic language
    members: list[str]  # of a package: the proposals that it holds together
    first: dict[str, int] = {}  # author -> entry where it first proposed it
    last: dict[str, int] = {}  # author -> entry where it last proposed it
    translations: dict[str, dict[str, Mapping[str, Any]]] = {}
    """Working language -> party -> {"heading": …, "words": …, "title": …}, its last one."""

    def known_to(self, placed: Placed) -> bool:
        """Say whether somebody had proposed it in the past of that entry."""
        for log, n in self.first.items():  # a plain loop: this is asked for every entry
            if n < (placed.n if log == placed.log else placed.past.get(log, 0)):
                return True
        return False


class Choice(msgspec.Struct, eq=False):
    """The one proposal that a party fully accepts on a subject."""

    proposal: str
    placed: Placed
    direct: bool  # accepted itself, not only within a package


@dataclass(slots=True, eq=False)
class Stand:
    """A party stands on the text that it initialled, until it leaves."""

    object: str
    after: str
    charter: str
    text: str
    lines: list[str]
    placed: Placed
    left: Placed | None = None

    def open_at(self, cut: int) -> bool:
        """Say whether the party stands on it after the first `cut` entries of its log."""
        return self.placed.n < cut and (self.left is None or self.left.n >= cut)


@dataclass(slots=True, eq=False)
class Grant:
    """A delegate's key with its powers, by places of the log."""

    act: Delegate
    since: int
    until: int | None = None
    passed: int | None = None  # from there on a passkey initials, seals and signs instead


@dataclass(slots=True, eq=False)
class Registers:
    """What one party's own log says."""

    entries: list[Placed] = field(default_factory=list)
    grants: dict[str, Grant] = field(default_factory=dict)  # key id ->
    stances: dict[str, Placed] = field(default_factory=dict)  # proposal -> last stance
    words: dict[str, Placed] = field(default_factory=dict)  # subject -> last stance or proposal
    choices: dict[str, Choice] = field(default_factory=dict)  # subject ->
    packages: set[str] = field(default_factory=set)  # packages fully accepted
    reserves: dict[str, dict[str, Placed]] = field(default_factory=dict)  # subject -> type ->
    returns: dict[str, Placed] = field(default_factory=dict)  # road map -> own return that holds
    stands: dict[tuple[str, str], list[Stand]] = field(default_factory=dict)  # (object, after) ->
    seals: dict[tuple[str, str], list[Placed]] = field(default_factory=dict)  # (object, after) ->
    signed: dict[tuple[str, str], Placed] = field(default_factory=dict)  # (object, text) ->
    notified: dict[tuple[str, str], Placed] = field(default_factory=dict)
    published: dict[str, Placed] = field(default_factory=dict)  # road map -> last publish
    ended: set[str] = field(default_factory=set)  # road maps ended by a charter it has sealed
    proposed: dict[str, int] = field(default_factory=dict)  # of a forked log: proposal -> last entry


@dataclass(frozen=True, slots=True)
class Fork:
    """Two histories of a log are proven by an ack."""

    shared: int  # entries that they are proven to share
    latest: int  # they differ in this entry at the latest
    told: Placed


class Programme:
    """All that follows from the entries applied so far."""

    def __init__(self, charter: Charter) -> None:
        self.charter = charter
        self.parties: tuple[str, ...] = tuple(party.code for party in charter.parties)
        self.authentic: tuple[str, ...] = tuple(charter.authentic)
        self.understood = charter.rules <= RULES
        self.keys = {party.code: [first(party)] for party in charter.parties}  # the last one holds
        self.logs: dict[str, Registers] = {party: Registers() for party in self.parties}
        self.by = dict(self.logs)  # what counts: of a log with two histories what these share
        self.forks: dict[str, list[Fork]] = {}  # log -> what is known of its histories
        self.shared: dict[str, int] = {}  # log with two histories -> how many entries these share
        self.accepted: dict[str, list[tuple[int, Placed]]] = {}  # log -> place of a `rotate`, and the ack
        self.proposals: dict[str, Proposal] = {}
        self.on: dict[str, list[str]] = defaultdict(list)  # subject -> proposals
        self.packs: dict[str, set[str]] = defaultdict(set)  # subject -> packages with a member on it
        self.maps: dict[str, set[str]] = defaultdict(set)  # road map -> its subjects; "": those of none
        self.voids: dict[tuple[str, int], Sentence] = {}
        self.applied: list[Placed] = []  # all entries, in the order in which they came
        self.files: dict[str, list[Placed]] = defaultdict(list)  # kept by history.py
        self.filed = 0  # how many of the applied entries are in `files`
        self._views: dict[str, dict[str, Any]] = defaultdict(dict)  # about -> kind -> view

    def entry(self, log: str, n: int) -> Placed:
        """The entry at that place."""
        return self.by[log].entries[n]

    def sizes(self) -> dict[str, int]:
        """How many entries of each log have been applied."""
        return {party: len(registers.entries) for party, registers in self.by.items()}

    def put_forward(self, proposal: Proposal) -> Mapping[str, int]:
        """Author -> entry where it last proposed it, as far as the author's log has one history."""
        if not self.shared:
            return proposal.last
        found = {log: n for log, n in proposal.last.items() if log not in self.shared}
        for log in self.shared:
            if proposal.id in self.by[log].proposed:
                found[log] = self.by[log].proposed[proposal.id]
        return found

    def content(self, proposal: str) -> Content:
        """The content of a known proposal."""
        return self.proposals[proposal].content

    def package(self, proposal: str) -> Package | None:
        """The package of that name, or None where the proposal is none."""
        known = self.proposals.get(proposal)
        return known.content if known and isinstance(known.content, Package) else None

    def members(self, proposal: str) -> list[str]:
        """The proposals that a package holds together; none where it is no package."""
        known = self.proposals.get(proposal)
        return known.members if known else []

    def beside(self, *kinds: str) -> list[str]:
        """The subjects that belong to no road map (packages, the charter, papers), of these kinds or all."""
        return sorted(name for name in self.maps[""] if not kinds or name.partition(":")[0] in kinds)

    def outline_items(self, proposal: str) -> list[tuple[int, str]]:
        """The items of an outline proposal."""
        content = self.content(proposal)
        if not isinstance(content, Outline):
            raise ValueError(f"{proposal} is no outline")
        return content.items

    def card(self, proposal: str) -> Card:
        """The card of a road map that this proposal carries."""
        content = self.content(proposal)
        if not isinstance(content, Card):
            raise ValueError(f"{proposal} is no card")
        return content

    def lineage(self, proposal: str) -> Lineage:
        """The lineage that this charter proposal carries."""
        content = self.content(proposal)
        if not isinstance(content, Lineage):
            raise ValueError(f"{proposal} is no charter")
        return content

    # ------------------------------------------------------------ derived views, kept until touched

    def view(self, kind: str, about: str, make: Callable[[], T]) -> T:
        """Return what `make` derives about a subject, object or road map; kept until touched."""
        kept = self._views[about]
        if kind not in kept:
            kept[kind] = make()
        found: T = kept[kind]
        return found

    @property
    def viewed(self) -> bool:
        """Say whether anything derived is kept."""
        return bool(self._views)

    def touch(self, *about: str) -> None:
        """Forget what was derived about these subjects, their road maps and the whole."""
        for name in (*about, WHOLE):
            self._views.pop(name, None)

    def forget(self) -> None:
        """Forget everything that was derived."""
        self._views.clear()


def key_id(act: Delegate) -> str:
    """The id of the key that is given full powers, as entries name it in `by`; Malformed where it is none."""
    return certified(to_json(act)).id
