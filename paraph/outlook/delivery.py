"""Will the measures be carried out in time, what can start, what waits for whom, and which chain decides?

Measures are tasks of a schedule, across road maps; where their bodies are teams, a body carries out so many
at a time. The chain is followed back from the end: from each measure to the one that was last before it could
begin, be it awaited or carried out by the same body, in the futures in which that is usual.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds, play
from paraph.outlook.schedule import Days, Outcome, quantile, simulate
from paraph.sentences import _


@dataclass(frozen=True)
class Measure:
    """A measure of a road map; its task in the schedule has the same name."""

    name: str
    road_map: str
    bodies: tuple[str, ...] = ()
    deadline: float | None = None  # days from today
    begun: bool = False


@dataclass(frozen=True)
class Prospect:
    """By which day a measure is carried out in 50 and 80 of 100 futures; how likely its deadline holds."""

    name: str
    at_50: float
    at_80: float
    holds: float | None


@dataclass(frozen=True)
class Step:
    """A measure of the chain, in the futures in which the chain runs as told so far."""

    name: str
    road_map: str
    begins: float  # median days
    ends: float
    share: float  # of all futures


@dataclass(frozen=True)
class Wait:
    """A measure waits for another one, the last of those that it needs in most futures."""

    name: str
    awaited: str
    at_50: float  # days from today until it can begin
    at_80: float


@dataclass(frozen=True)
class Between:
    """Measures of one body wait for those of another, the longest for so many days in the median."""

    body: str
    awaited: str
    measures: tuple[str, ...]
    longest: float


@dataclass(frozen=True)
class Delivery:
    """What is known of the measures."""

    prospects: tuple[Prospect, ...]  # the least likely deadlines first
    ready: tuple[str, ...]  # could begin today and have not
    waits: tuple[Wait, ...]  # the longest first
    between: tuple[Between, ...]  # the longest first
    chain: tuple[Step, ...]  # in the order of time
    outcome: Outcome


def carrying_out(
    rounds: Rounds, measures: Sequence[Measure], futures: int, seed: int, order: Sequence[str] = ()
) -> Delivery:
    """
    Say what comes of measures.

    Args:
        order: as in `rounds.play`, where bodies are teams.

    Raises:
        OutlookRefused: a measure that is not in the schedule or named twice, and as `rounds.play`.
    """
    tasks = {task.name: task for task in rounds.schedule.tasks}
    named = {measure.name: measure for measure in measures}
    for measure in measures:
        if measure.name not in tasks:
            raise OutlookRefused(_("The schedule has no task %(name)s."), name=measure.name)
    if len(named) < len(measures):
        raise OutlookRefused(_("Two measures have one name."))
    outcome, begun = _played(rounds, futures, seed, order)
    open_ = [measure for measure in measures if not tasks[measure.name].settled]
    waits, ready = [], []
    for measure in open_:
        task = tasks[measure.name]
        awaited = [name for name in task.after if not tasks[name].settled]
        if awaited:
            ends = np.stack([outcome.of[name] for name in awaited])
            last = awaited[int(np.bincount(ends.argmax(0)).argmax())]
            free = ends.max(0)
            waits.append(Wait(measure.name, last, quantile(free, 0.5), quantile(free, 0.8)))
        elif task.earliest <= 0 and not measure.begun:
            ready.append(measure.name)
    waits.sort(key=lambda wait: (-wait.at_50, wait.name))
    return Delivery(
        tuple(sorted((_prospect(one, outcome.of[one.name]) for one in open_), key=_urgent)),
        tuple(ready),
        tuple(waits),
        tuple(_between(waits, named)),
        tuple(_chain(rounds, named, outcome, begun)),
        outcome,
    )


def _played(rounds: Rounds, futures: int, seed: int, order: Sequence[str]) -> tuple[Outcome, dict[str, Days]]:
    """The outcome, and the day on which each task begins."""
    if rounds.needs or rounds.limit:
        course = play(rounds, futures, seed, order, keep=True)
        return course, course.begun
    outcome = simulate(rounds.schedule, futures, seed, keep=True)
    begun = {}
    for task in rounds.schedule.tasks:
        begun[task.name] = np.full(futures, task.earliest, np.float32)
        for name in task.after:
            np.maximum(begun[task.name], outcome.of[name], out=begun[task.name])
    return outcome, begun


def _prospect(measure: Measure, ends: Days) -> Prospect:
    holds = None if measure.deadline is None else float((ends <= measure.deadline).mean())
    return Prospect(measure.name, quantile(ends, 0.5), quantile(ends, 0.8), holds)


def _urgent(prospect: Prospect) -> tuple[float, float, str]:
    return 2.0 if prospect.holds is None else prospect.holds, -prospect.at_50, prospect.name


def _between(waits: Iterable[Wait], named: dict[str, Measure]) -> list[Between]:
    """Which body waits for which; a measure waits for nobody where its own body is the awaited one."""
    found: dict[tuple[str, str], list[Wait]] = defaultdict(list)
    for wait in waits:
        awaited = named[wait.awaited].bodies if wait.awaited in named else ()
        for body in named[wait.name].bodies:
            for other in awaited:
                if other != body:
                    found[body, other].append(wait)
    pairs = [
        Between(body, other, tuple(wait.name for wait in some), max(wait.at_50 for wait in some))
        for (body, other), some in found.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.longest, pair.body, pair.awaited))


def _chain(rounds: Rounds, named: dict[str, Measure], outcome: Outcome, begun: dict[str, Days]) -> list[Step]:
    """From the end back: what was last before, in most of the futures that are left."""
    tasks = {task.name: task for task in rounds.schedule.tasks if not task.settled}
    sharing: dict[str, list[str]] = defaultdict(list)
    for name in tasks:
        for team in rounds.needs.get(name, ()):
            sharing[team].append(name)
    left: NDArray[np.bool_] = np.ones(len(outcome.done), bool)
    last = [name for name in rounds.schedule.targets or tasks if name in tasks]
    limit = outcome.done
    found: list[Step] = []
    while last:
        ends = np.stack([np.where(outcome.of[name] <= limit, outcome.of[name], -1) for name in last])
        latest = ends.argmax(0)
        left = left & (ends.max(0) >= 0)
        counts = np.bincount(latest[left], minlength=len(last))
        if not counts.any():
            break
        name = last[int(counts.argmax())]
        left = left & (latest == counts.argmax())
        begins, ended = begun[name][left], outcome.of[name][left]
        if name in named:
            share = float(left.mean())
            middle = (quantile(begins, 0.5), quantile(ended, 0.5))
            found.append(Step(name, named[name].road_map, *middle, share))
        limit = begun[name]
        left = left & (limit > max(0.0, tasks[name].earliest))
        mates = [one for team in rounds.needs.get(name, ()) for one in sharing[team] if one != name]
        last = [one for one in dict.fromkeys([*tasks[name].after, *mates]) if one in tasks]
    return found[::-1]
