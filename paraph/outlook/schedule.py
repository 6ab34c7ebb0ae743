"""When is everything done in each of many futures, what was critical, what does it gain to settle one thing?

A schedule is a set of tasks, each of which waits for others. A future gives each of them the days that its
own random number says (`draws.py`); so two schedules are compared on the same futures, and a difference of
what they bring is known far better than either.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.draws import task_key
from paraph.outlook.durations import Duration
from paraph.outlook.errors import OutlookRefused
from paraph.sentences import _

SHARES = 16  # the futures are always divided into so many parts, whatever the number of threads
LANES = 64
_SETTLED = 5  # its place among the arrays of a schedule
_T = 2.131  # Student's 97.5 % for 15 degrees of freedom
Days = NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """Something to be settled: a road map, a stage of one, a measure."""

    name: str
    duration: Duration
    after: tuple[str, ...] = ()  # what it waits for
    earliest: float = 0.0  # days from today before which it cannot begin
    back: float = 0.0  # the chance that it comes back each time it is done, and takes its days again
    gate: str = ""  # it counts as done at the next meeting of these only
    settled: bool = False  # done today, whatever it waits for


@dataclass(frozen=True)
class Gates:
    """Meetings at which things are settled: days from today, rising; after the last one at this spacing."""

    days: tuple[float, ...]
    spacing: float = 0.0


@dataclass(frozen=True)
class Schedule:
    """Tasks, meetings, and spans of days in which nothing goes on."""

    tasks: tuple[Task, ...]
    targets: tuple[str, ...] = ()  # everything is done when these are; all where left out
    gates: Mapping[str, Gates] = field(default_factory=dict)
    freezes: tuple[tuple[float, float], ...] = ()  # from day to day, apart and rising

    def task(self, name: str) -> Task:
        """The task of that name."""
        return next(task for task in self.tasks if task.name == name)

    def with_settled(self, *names: str) -> "Schedule":
        """The same, with these settled today."""
        return self.changed({name: {"settled": True} for name in names})

    def changed(self, how: Mapping[str, Mapping[str, Any]]) -> "Schedule":
        """The same, with other fields of some tasks."""
        unknown = sorted(how.keys() - {task.name for task in self.tasks})
        if unknown:
            raise OutlookRefused(_("The schedule has no task %(name)s."), name=unknown[0])
        return replace(self, tasks=tuple(replace(task, **how.get(task.name, {})) for task in self.tasks))


@dataclass(frozen=True)
class Span:
    """A number with the interval in which it lies in 95 of 100 cases."""

    value: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Say whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a schedule in as many futures."""

    done: Days  # day on which everything is done, by future
    criticality: dict[str, float]  # share of the futures in which it lay on a longest path
    cruciality: dict[str, float]  # correlation of its days with the day on which everything is done
    of: dict[str, Days]  # day on which each task is done, by future, where asked for

    def probability(self, by: float) -> float:
        """The share of futures in which everything is done by that day."""
        return float((self.done <= by).mean())

    def at(self, probability: float) -> float:
        """The day by which everything is done with that probability."""
        return quantile(self.done, probability)

    @property
    def mean(self) -> float:
        """The mean of the day on which everything is done."""
        return float(self.done.mean(dtype=np.float64))


@dataclass(frozen=True)
class Gain:
    """What it moves if this one were settled today, on the same futures."""

    name: str
    probability: Span  # of being done by the date asked for: how much more likely
    median: Span  # days earlier


def simulate(
    schedule: Schedule,
    futures: int,
    seed: int,
    *,
    keep: bool = False,
    look_back: bool = True,
    threads: int | None = None,
    compiled: bool = True,
) -> Outcome:
    """
    Play a schedule in as many futures.

    Args:
        seed: another seed gives other futures.
        keep: give the days of each task too, 4 bytes a task and future.
        look_back: compute criticality and cruciality.
        compiled: False takes the NumPy path.

    Raises:
        OutlookRefused: tasks wait for each other in a circle, or for what is not there.
    """
    plan = compile_schedule(schedule, seed)
    return run(plan, futures, keep=keep, look_back=look_back, threads=threads, compiled=compiled)


def run(
    plan: "Compiled",
    futures: int,
    *,
    keep: bool = False,
    look_back: bool = False,
    threads: int | None = None,
    compiled: bool = True,
) -> Outcome:
    """What `simulate` does, for a schedule that is compiled once and played often."""
    done = np.empty(futures, np.float32)
    each = np.empty((len(plan.names) if keep else 0, futures), np.float32)
    threads = min(os.cpu_count() or 1, 4) if threads is None else threads
    shares = SHARES if look_back or threads > 1 else 1  # days alone are the same however they are divided
    found = [_Sums(len(plan.names)) for _share in range(shares)]
    engine = _engine(compiled)
    units = -(-futures // LANES)
    cuts = [units * share // shares for share in range(shares + 1)]

    def part(share: int) -> None:
        if cuts[share] < cuts[share + 1]:
            engine.simulate(
                cuts[share], cuts[share + 1], futures, *plan.arrays,
                look_back, done, each, found[share].critical, found[share].sums, found[share].whole,
            )  # fmt: skip

    if threads == 1:
        for share in range(shares):
            part(share)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(shares)))
    return Outcome(
        done,
        *(_looked_back(plan.names, found, futures) if look_back else ({}, {})),
        dict(zip(plan.names, each, strict=True)) if keep else {},
    )


def gains(
    schedule: Schedule,
    names: Iterable[str],
    by: float,
    futures: int,
    seed: int,
    *,
    threads: int | None = None,
) -> list[Gain]:
    """For each of these, what it gains to settle it today; the largest gain first."""
    plan = compile_schedule(schedule, seed)
    before = run(plan, futures, threads=threads).done
    found = [
        gain(name, before, run(plan.with_settled([name]), futures, threads=threads).done, by)
        for name in names
    ]
    return sorted(found, key=lambda gain: (-gain.probability.value, -gain.median.value, gain.name))


def gain(name: str, before: Days, after: Days, by: float) -> Gain:
    """What one plan gains over another, on the same futures."""
    return Gain(name, more_likely(before, after, by), earlier(before, after))


def more_likely(before: Days, after: Days, by: float) -> Span:
    """How much more likely the second plan is done by a day, on the same futures."""
    won = (after <= by).astype(np.float64) - (before <= by)
    value, error = float(won.mean()), float(won.std() / np.sqrt(len(won)))
    return Span(value, value - 1.96 * error, value + 1.96 * error)


def earlier(before: Days, after: Days, share: float = 0.5) -> Span:
    """How many days earlier the second plan is done in that share of the futures."""
    value = quantile(before, share) - quantile(after, share)
    parts = zip(np.array_split(before, SHARES), np.array_split(after, SHARES), strict=True)
    error = np.std([quantile(one, share) - quantile(other, share) for one, other in parts], ddof=1)
    error /= np.sqrt(SHARES)
    return Span(value, value - _T * float(error), value + _T * float(error))


def quantile(days: Days, probability: float) -> float:
    """The smallest of these days that so large a share does not exceed."""
    place = min(len(days) - 1, max(0, int(np.ceil(probability * len(days))) - 1))
    return float(np.partition(days, place)[place])


# ---------------------------------------------------------------- a schedule as arrays


@dataclass(frozen=True, eq=False)
class Compiled:
    """A schedule as the kernels read it, its tasks in an order in which none precedes what it waits for."""

    names: tuple[str, ...]
    arrays: tuple[Any, ...]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def with_settled(self, names: Iterable[str]) -> "Compiled":
        """The same, with these settled today too."""
        settled = self.arrays[_SETTLED].copy()
        settled[[self._places[name] for name in names]] = True
        return Compiled(self.names, (*self.arrays[:_SETTLED], settled, *self.arrays[_SETTLED + 1 :]))


def compile_schedule(schedule: Schedule, seed: int) -> Compiled:
    """Put a schedule into arrays; `simulate` says what is refused."""
    tasks = _ordered(schedule)
    place = {task.name: i for i, task in enumerate(tasks)}
    tables: dict[int, int] = {}
    edges: list[Days] = []
    for task in tasks:
        if id(task.duration) not in tables:
            tables[id(task.duration)] = len(edges)
            edges.append(task.duration.edges)
        if not 0 <= task.back <= 0.99:
            raise OutlookRefused(
                _("The chance to come back of %(name)s lies between 0 and 0.99."), name=task.name
            )
    gate_names = sorted(schedule.gates)
    links = [place[name] for task in tasks for name in task.after]
    targets = set(schedule.targets or place)
    usual = np.array([task.duration.mean / (1 - task.back) for task in tasks], np.float32)
    return Compiled(
        tuple(place),
        (
            np.array([task_key(seed, task.name) for task in tasks], np.uint64),
            np.array(edges, np.float32).reshape(len(edges), -1),
            np.array([tables[id(task.duration)] for task in tasks], np.int32),
            np.array([task.earliest for task in tasks], np.float32),
            np.array([round(task.back * 2**32) for task in tasks], np.uint32),
            np.array([task.settled for task in tasks], np.uint8),
            np.array([task.name in targets for task in tasks], np.uint8),
            np.cumsum([0, *(len(task.after) for task in tasks)], dtype=np.int32),
            np.array(links, np.int32),
            *_calendar(schedule, tasks, gate_names),
            usual,
            np.float32(_centre(tasks, place, usual)),
        ),
    )


def _ordered(schedule: Schedule) -> list[Task]:
    named = {task.name: task for task in schedule.tasks}
    if len(named) < len(schedule.tasks):
        raise OutlookRefused(_("Two tasks of the schedule have one name."))
    for task in schedule.tasks:
        for name in task.after:
            if name not in named:
                raise OutlookRefused(_("%(name)s waits for %(other)s, which is not in the schedule."),
                                     name=task.name, other=name)  # fmt: skip
        if task.gate and task.gate not in schedule.gates:
            raise OutlookRefused(_("%(name)s waits for a meeting of %(gate)s, of which no day is known."),
                                 name=task.name, gate=task.gate)  # fmt: skip
    for name in schedule.targets:
        if name not in named:
            raise OutlookRefused(_("The schedule has no task %(name)s."), name=name)
    try:
        order = TopologicalSorter({task.name: task.after for task in schedule.tasks}).static_order()
        return [named[name] for name in order]
    except CycleError as error:
        raise OutlookRefused(
            _("These wait for each other in a circle and can only be settled together: %(names)s."),
            names=", ".join(error.args[1][:-1]),
        ) from None


def _calendar(schedule: Schedule, tasks: Sequence[Task], names: Sequence[str]) -> tuple[Any, ...]:
    """Freezes and meetings as arrays."""
    for one, two in pairwise(schedule.freezes):
        if one[1] > two[0]:
            raise OutlookRefused(
                _("The spans in which nothing goes on stand apart from each other and in order.")
            )
    for name in names:
        days = schedule.gates[name].days
        if not days or any(a >= b for a, b in pairwise(days)):
            raise OutlookRefused(
                _("The meetings of %(name)s need at least one day, in rising order."), name=name
            )
    place = {name: i for i, name in enumerate(names)}
    return (
        np.array([one[0] for one in schedule.freezes], np.float32),
        np.array([one[1] for one in schedule.freezes], np.float32),
        np.array([place.get(task.gate, -1) for task in tasks], np.int32),
        np.cumsum([0, *(len(schedule.gates[name].days) for name in names)], dtype=np.int32),
        np.array([day for name in names for day in schedule.gates[name].days], np.float32),
        np.array([schedule.gates[name].spacing for name in names], np.float32),
    )


def _centre(tasks: Sequence[Task], place: Mapping[str, int], usual: Days) -> float:
    """About where everything ends: the longest path of usual days; only the rounding depends on it."""
    end: list[float] = []
    for task, days in zip(tasks, usual, strict=True):
        end.append(max([task.earliest, *(end[place[name]] for name in task.after)]) + float(days))
    return max(end, default=0.0)


# ---------------------------------------------------------------- what was seen on the way back


class _Sums:
    """What one share of the futures adds up."""

    def __init__(self, count: int) -> None:
        self.critical = np.zeros(count, np.int64)
        self.sums = np.zeros((count, 3))
        self.whole = np.zeros(2)


def _looked_back(
    names: Sequence[str], found: Sequence[_Sums], futures: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Criticality and cruciality; the shares are always added in the same order."""
    critical = sum((one.critical for one in found), np.zeros(len(names), np.int64)) / futures
    days, squares, products = sum((one.sums for one in found), np.zeros((len(names), 3))).T / futures
    away, away_squares = sum((one.whole for one in found), np.zeros(2)) / futures
    spread = np.sqrt(np.maximum(squares - days**2, 0) * max(away_squares - away**2, 0))
    tiny = spread <= 1e-9 * np.maximum(1, squares)
    cruciality = np.where(tiny, 0, (products - days * away) / np.where(tiny, 1, spread))
    return (
        dict(zip(names, critical.tolist(), strict=True)),
        dict(zip(names, cruciality.clip(-1, 1).tolist(), strict=True)),
    )


@cache
def _engine(compiled: bool) -> ModuleType:
    """The compiled kernel where numba is there, else the NumPy path."""
    if compiled:
        try:
            from paraph.outlook import kernel

            return kernel
        except ImportError:
            pass
    from paraph.outlook import plain

    return plain
