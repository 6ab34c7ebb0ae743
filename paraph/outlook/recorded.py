"""What has happened in a programme, as its joint record tells?

The record is folded anew, day by day, and what changed for a road map is noted: it is drafted, in
coordination once every party accepts an outline, agreed once its text is complete; it is returned, or ended
by the charter. A claimed time counts where it lies between what the entry knew and what knew it; else the
entry stands in the middle between these, and counts as known from the later one on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heappop, heappush
from itertools import zip_longest

from paraph.acts import Placed, Propose, Seal, TakeStance
from paraph.outlook import network
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.past import Event, Past, What
from paraph.sentences import _
from paraph.state import roadmaps
from paraph.state.fold import apply
from paraph.state.history import abouts
from paraph.state.programme import Programme

AGREED = 2  # drafting, coordination, agreed
_OFTEN = 256  # entries between two words about how far the reading is


@dataclass(frozen=True)
class Noted:
    """A step of a road map, and the entry after which it was seen."""

    event: Event
    placed: Placed


@dataclass(frozen=True)
class Progress:
    """What was left to settle at the end of a day, over all road maps."""

    day: int
    maps: int
    agreed: int
    brackets: int  # provisions, and measures, whose words differ
    options: int  # live proposals on these
    reserves: int


@dataclass(frozen=True)
class Answer:
    """How long a party took to take a stance, or to put other words forward, after others had proposed."""

    party: str
    subject: str
    days: int
    answered: bool  # else it is still waited for


@dataclass(frozen=True)
class Recorded:
    """What the record tells."""

    past: Past
    noted: tuple[Noted, ...]
    progress: tuple[Progress, ...]
    answers: tuple[Answer, ...]
    heads: Mapping[str, int]


def held(programme: Programme, heads: Mapping[str, int] | None = None) -> Programme:
    """
    The entries up to these heads, not folded: what `recorded` reads, while the programme goes on.

    Args:
        heads: how many entries of each log; all that are held where left out.

    Raises:
        OutlookRefused: not all of that is held, or something in it rests on what is left out.
    """
    heads = programme.sizes() if heads is None else heads
    found = Programme(programme.charter)
    for log, registers in programme.by.items():
        if heads.get(log, 0) > len(registers.entries):
            raise OutlookRefused(_("Not all entries that this rests on have come to this node yet."))
        found.logs[log].entries += registers.entries[: heads.get(log, 0)]
    for registers in found.logs.values():
        past = registers.entries[-1].past if registers.entries else {}
        if any(size > heads.get(log, 0) for log, size in past.items()):
            raise OutlookRefused(_("The heads that are named leave out what their own entries rest on."))
    return found


def recorded(entries: Programme, as_of: date) -> Recorded:
    """
    Read the past of a programme from its record.

    Args:
        entries: what `held` gives.
        as_of: the day on which it is read; nothing that happened later counts.
    """
    return Reading().read(entries, as_of)


class Reading:
    """
    A record that is read again and again while it grows: only what is new is folded.

    What has been read is what was read before in the same order on the same days; where an entry has come in
    between, or has moved the day of an earlier one, everything is read anew. One thread reads at a time.
    """

    def __init__(self) -> None:
        self._walk: _Walk | None = None

    def read(
        self, entries: Programme, as_of: date, step: Callable[[int, int], None] = lambda _done, _all: None
    ) -> Recorded:
        """
        What `recorded` gives.

        Args:
            entries: what `held` gives.
            as_of: the day on which it is read.
            step: is told how many entries of how many are read; what it raises breaks the reading off.
        """
        days, today = _days(entries), as_of.toordinal()
        steps = [
            (day, days[placed.log, placed.n][1], placed)
            for day, placed in _in_time(entries, days)
            if day <= today
        ]
        walk, self._walk = self._walk, None  # lost where this is broken off
        if walk is None or not walk.goes_on(entries, steps):
            walk = _Walk(Programme(entries.charter))
        for done in range(len(walk.steps), len(steps)):
            if done % _OFTEN == 0:
                step(done, len(steps))
            walk.take(*steps[done])
        self._walk = walk
        walk = walk.at_its_end()
        after = network.of_road_maps(walk.programme).after()
        begun = min((noted.event.day for noted in walk.noted), default=float(today))
        past = Past(
            entries.charter.prog[:16],
            AGREED,
            begun,
            float(today),
            tuple(noted.event for noted in walk.noted),
            {name: tuple(others) for name, others in after.items() if others},
            {name: tuple(left) for name, left in walk.left.items()},
        )
        return Recorded(
            past, tuple(walk.noted), tuple(walk.progress), tuple(walk.answers(today)), entries.sizes()
        )


def _days(entries: Programme) -> dict[tuple[str, int], tuple[int, int]]:
    """
    The day of every entry, and from which day on it is known.

    No claim counts that lies before the charter, before what the entry knew, or after what knew it; of two
    that contradict each other the one stands that comes after the days before both.
    """
    found: dict[tuple[str, int], tuple[int, int]] = {}
    least: dict[tuple[str, int], int] = {}  # before which day it was not written
    begun = date.fromisoformat(entries.charter.created).toordinal()
    every = (placed for registers in entries.logs.values() for placed in registers.entries)
    claims = {log: [_ordinal(placed.at) for placed in of.entries] for log, of in entries.logs.items()}
    later = {log: _later(entries, claims, log) for log in entries.logs}
    for placed in sorted(every, key=lambda placed: placed.order):
        knew = {**placed.past, placed.log: placed.n}
        low = max([begun, *(least[log, size - 1] for log, size in knew.items() if size)])
        claimed = claims[placed.log][placed.n]
        high = min(
            (claim for claim in later[placed.log][placed.n] if claim >= low), default=max(low, claimed)
        )
        fits = low <= claimed <= high
        found[placed.log, placed.n] = (claimed, claimed) if fits else ((low + high) // 2, high)
        least[placed.log, placed.n] = claimed if fits else low
    return found


def _later(entries: Programme, claims: Mapping[str, Sequence[int]], log: str) -> list[list[int]]:
    """For each entry of a log the day that each log claims for its first one that knew it."""
    found: list[list[int]] = [[] for _placed in entries.logs[log].entries]
    for other, of in entries.logs.items():
        first = 0
        for n, days in enumerate(found):
            while first < len(of.entries) and _knew(of.entries[first], log) <= n:
                first += 1
            if first < len(of.entries):
                days.append(claims[other][first])
    return found


def _knew(placed: Placed, log: str) -> int:
    """How many entries of a log one knew."""
    return placed.n if placed.log == log else placed.past.get(log, 0)


def _ordinal(at: str) -> int:
    return datetime.fromisoformat(at).date().toordinal()


def _in_time(
    programme: Programme, days: Mapping[tuple[str, int], tuple[int, int]]
) -> Iterator[tuple[int, Placed]]:
    """All entries by day, none before what it rests on; a day never goes back."""
    at = dict.fromkeys(programme.parties, 0)
    waiting: dict[tuple[str, int], list[str]] = {}
    ready: list[tuple[int, str]] = []

    def offer(log: str) -> None:
        entries = programme.logs[log].entries
        if at[log] == len(entries):
            return
        placed = entries[at[log]]
        for other, size in placed.past.items():
            if other != log and at[other] < size:
                waiting.setdefault((other, size), []).append(log)
                return
        heappush(ready, (days[log, placed.n][0], log))

    for log in programme.parties:
        offer(log)
    now = 0
    while ready:
        day, log = heappop(ready)
        now = max(now, day)
        placed = programme.logs[log].entries[at[log]]
        at[log] += 1
        yield now, placed
        offer(log)
        for other in waiting.pop((log, at[log]), ()):
            offer(other)


class _Walk:
    """Folds the entries anew, and looks at every road map that a day has touched."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.steps: list[tuple[int, int, Placed]] = []  # day, known from, entry
        self.noted: list[Noted] = []
        self.progress: list[Progress] = []
        self._answers: list[Answer] = []
        self._asked: dict[tuple[str, str], int] = {}  # subject, party -> since when
        self._rank: dict[str, int] = {}
        self._left: dict[str, tuple[int, int, int]] = {}  # brackets, options, reserves
        self.left: dict[str, list[tuple[float, int]]] = {}  # all of these, from a day on
        self._touched: dict[str, Placed] = {}
        self._known = self._day = 0
        self._sealed: Placed | None = None

    def goes_on(self, entries: Programme, steps: Sequence[tuple[int, int, Placed]]) -> bool:
        """Say whether all that has been taken stands at the beginning of these, as it was."""
        return self.programme.charter == entries.charter and all(
            ours[:2] == theirs[:2] and ours[2] is theirs[2]
            for ours, theirs in zip_longest(self.steps, steps[: len(self.steps)], fillvalue=(0, 0, None))
        )

    def take(self, day: int, known: int, placed: Placed) -> None:
        """Apply the next entry; the day before is over where this is another one."""
        self.steps.append((day, known, placed))
        if day != self._day:
            self.close()
            self._day = day
        self._known = max(self._known, known)
        apply(self.programme, placed)
        act = placed.act
        if act is None or (placed.log, placed.n) in self.programme.voids:
            return
        if isinstance(act, Seal) and act.object == "charter":
            self._sealed = placed
        for name in abouts(self.programme, act):
            if name.startswith("road_map:"):
                self._touched[name.removeprefix("road_map:")] = placed
        if isinstance(act, Propose | TakeStance):
            self._answered(day, placed, act)

    def _answered(self, day: int, placed: Placed, act: Propose | TakeStance) -> None:
        about = (
            act.subject if isinstance(act, Propose) else self.programme.proposals[act.proposal].subject.name
        )
        since = self._asked.pop((about, placed.log), None)
        if since is not None:
            self._answers.append(Answer(placed.log, about, day - since, answered=True))
        if isinstance(act, Propose):
            for party in self.programme.parties:
                if party != placed.log:
                    self._asked.setdefault((about, party), day)

    def answers(self, today: int) -> Iterable[Answer]:
        """All answers, and what is still waited for."""
        yield from self._answers
        for (about, party), since in self._asked.items():
            yield Answer(party, about, today - since, answered=False)

    def at_its_end(self) -> "_Walk":
        """The same with its last day over; more of that day may still come to this one."""
        found = copy(self)
        found.noted, found.progress = [*self.noted], [*self.progress]
        found._rank, found._left = dict(self._rank), dict(self._left)
        found.left = {name: [*left] for name, left in self.left.items()}
        found.close()
        return found

    def close(self) -> None:
        """The day is over: what has changed?"""
        if not self._day:
            return
        gone = roadmaps.ended(self.programme) if self._sealed else {}
        for name, placed in sorted(self._touched.items()):
            self._look(name, placed)
        for name in sorted(gone):
            if self._sealed and self._rank.pop(name, None) is not None:
                self._left.pop(name, None)
                self._note(name, "gone", 0, self._sealed)
        if self._touched or gone:
            left = list(zip(*self._left.values(), strict=True)) or [(), (), ()]
            self.progress.append(
                Progress(
                    self._day,
                    len(self._rank),
                    sum(rank == AGREED for rank in self._rank.values()),
                    *(sum(column) for column in left),
                )
            )
        self._touched, self._known = {}, 0

    def _look(self, name: str, placed: Placed) -> None:
        if f"card:{name}" not in self.programme.on or name in roadmaps.ended(self.programme):
            return
        one = roadmaps.road_map(self.programme, name)
        rank = AGREED if one.count == "agreed" else 0 if one.stage == "drafting" else 1
        before = self._rank.get(name)
        if before is None:
            self._note(name, "enters", rank, placed)
        elif before == AGREED > rank:
            self._note(name, "returned", 0, placed)
            rank = AGREED - 1
        else:
            rank = max(rank, before)
            for _step in range(before, rank):
                self._note(name, "step", 0, placed)
        self._rank[name] = rank
        bracketed = [s for item in one.items for s in item.standings if s.state == "bracketed"]
        self._left[name] = (len(bracketed), sum(len(s.live) for s in bracketed), len(one.reserves))
        left = sum(self._left[name])
        if left or name in self.left:  # before there is anything, nothing is known of what will be left
            self.left.setdefault(name, []).append((float(max(self._known, self._day)), left))

    def _note(self, name: str, what: What, stage: int, placed: Placed) -> None:
        known = float(self._known) if self._known > self._day else 0.0
        self.noted.append(Noted(Event(float(self._day), name, what, stage, known), placed))
