"""What has happened in a programme so far, and what was known of it on a day?

Days are ordinals of the calendar (`date.toordinal`). Something that is only known to have happened between
two days stands at the middle of them and counts as known from the later one on.
"""

import csv
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal

What = Literal["enters", "step", "returned", "gone"]
LONG = 365.0  # a programme that has taken no step for so many days is frozen
SHORT = 120.0  # of such a span so many days count as work
FACTS = Path(__file__).parent / "facts"


@dataclass(frozen=True, order=True)
class Event:
    """An item enters at a stage, takes a step to the next, is returned to the last but one, or is gone."""

    day: float
    item: str
    what: What
    stage: int = 0  # where it enters
    known: float = 0.0  # from when on it is known; its day where 0
    sourced: bool = True  # the date has a source, it is not from memory


@dataclass(frozen=True)
class Standing:
    """Where an item stands: its stage, since when, and how many working days it has spent there."""

    stage: int
    since: float
    worked: float


@dataclass(frozen=True)
class Past:
    """The events of a programme as known on a day."""

    name: str
    stages: int  # an item is settled at this stage
    begun: float
    as_of: float
    events: tuple[Event, ...]
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # item -> what it waits for
    left: Mapping[str, tuple[tuple[float, int], ...]] = field(default_factory=dict)  # item -> day, number

    def upto(self, day: float) -> "Past":
        """What was known on an earlier day."""
        known = tuple(one for one in self.events if max(one.day, one.known) <= day)
        left = {item: tuple(one for one in left if one[0] <= day) for item, left in self.left.items()}
        return Past(self.name, self.stages, self.begun, min(day, self.as_of), known, self.after, left)

    def left_before(self, item: str, day: float) -> int | None:
        """How many brackets, options and reserves were left in an item, as known before a day."""
        left = self.left.get(item, ())
        before = bisect_left(left, (day, 0))
        return left[before - 1][1] if before else None

    @cached_property
    def meetings(self) -> tuple[float, ...]:
        """The days on which something took a step, in order."""
        return tuple(sorted({one.day for one in self.events if one.what == "step"}))

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """The days between two meetings; what came before the first one is preparation."""
        return tuple(later - earlier for earlier, later in pairwise(self.meetings))

    @property
    def quiet(self) -> float:
        """The days since the last meeting, or since it began."""
        return self.as_of - (self.meetings[-1] if self.meetings else self.begun)

    @property
    def whole(self) -> int:
        """How many items there are, settled or not, and at least one."""
        return max(1, len(self.standings))

    @cached_property
    def freezes(self) -> tuple[tuple[float, float], ...]:
        """The spans in which no work is counted."""
        days = (self.begun, *self.meetings, self.as_of)
        return tuple((a + SHORT, b) for a, b in pairwise(days) if b - a > LONG)

    def worked(self, since: float, until: float) -> float:
        """The days between two days without those of freezes."""
        frozen = sum(max(0.0, min(until, b) - max(since, a)) for a, b in self.freezes)
        return max(0.0, until - since - frozen)

    @cached_property
    def spells(self) -> tuple[tuple[str, int, float, float, What | None], ...]:
        """Item, stage, from, to, and what ended it: None where it lasts."""
        found: list[tuple[str, int, float, float, What | None]] = []
        at: dict[str, tuple[int, float]] = {}
        for event in self.events:
            if event.what != "enters" and event.item in at:
                stage, since = at.pop(event.item)
                found.append((event.item, stage, since, event.day, event.what))
            if event.what == "enters":
                at[event.item] = (event.stage, event.day)
            elif event.what == "step":
                at[event.item] = (min(self.stages, found[-1][1] + 1), event.day)
            elif event.what == "returned":
                at[event.item] = (self.stages - 1, event.day)
        lasting = ((item, stage, since, self.as_of, None) for item, (stage, since) in at.items())
        return (*found, *lasting)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """The items of the programme and where they stand."""
        return {
            item: Standing(stage, since, self.worked(since, until))
            for item, stage, since, until, ended in self.spells
            if ended is None
        }

    def settled(self, day: float) -> int:
        """How many items were settled on a day, as known now."""
        return sum(1 for one in self.upto(day).standings.values() if one.stage == self.stages)

    @property
    def finished(self) -> float | None:
        """The day on which everything was settled for good, or None."""
        if not self.standings or any(one.stage < self.stages for one in self.standings.values()):
            return None
        return max(one.since for one in self.standings.values())


def accessions() -> dict[str, Past]:
    """The accession negotiations of five countries by chapter, until the last day that the facts know of."""
    with (FACTS / "accessions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["country"]].append(row)
    end = max(day_of(row[name]) for row in rows for name in ("opened", "provisionally_closed") if row[name])
    return {country: _accession(country, chapters, end) for country, chapters in grouped.items()}


def day_of(written: str) -> float:
    """The ordinal of 2021-02-22; of 2021-02 that of its middle."""
    return float(date.fromisoformat(written if len(written) > 7 else f"{written}-15").toordinal())


def _accession(country: str, chapters: Iterable[Mapping[str, str]], end: float) -> Past:
    """Stages: not opened, open, provisionally closed; the last two chapters need no opening."""
    events: list[Event] = []
    begun = 0.0
    for row in chapters:
        begun = day_of(row["negotiations_started"])
        never_opened = row["chapter"] in ("34", "35") and not row["opened"]
        events.append(Event(begun, row["chapter"], "enters", 1 if never_opened else 0))
        for day, basis in (
            (row["opened"], row["opened_basis"]),
            (row["provisionally_closed"], row["closed_basis"]),
        ):
            if day:
                events.append(Event(day_of(day), row["chapter"], "step", sourced=basis.startswith("sourced")))
    order = {"enters": 0, "step": 1, "returned": 2, "gone": 3}
    events.sort(key=lambda one: (one.day, one.item, order[one.what]))
    return Past(country, 2, begun, end, tuple(events))
