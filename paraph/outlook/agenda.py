"""What goes on the agenda of a meeting of so many minutes, in which order, and what falls off at what cost?

The points are valued as a set: what the date would gain if just these were settled at the meeting, on the
same futures. OR-Tools CP-SAT then puts them into the minutes in which those who must be there are, so that
what is worth most comes first: where time runs out, the least is lost.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.choice import Set, best_set
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.schedule import Days, Gain, Schedule, compile_schedule, gain, run
from paraph.sentences import _

Level = Literal["experts", "heads", "ministers", "leaders"]
LEVELS: tuple[Level, ...] = ("experts", "heads", "ministers", "leaders")
Why = Literal["level", "time", "presence", "no gain"]
LEARNED_ON = 512  # futures in which the points are chosen
MOST = 16 * 60  # minutes of a meeting
Minutes = NDArray[np.bool_]  # of a meeting, one by one
_EFFORT = 0.05  # deterministic seconds of the solver: the same agenda on every machine


@dataclass(frozen=True)
class Point:
    """Something that a meeting could settle: a task of the schedule."""

    name: str
    minutes: int
    level: Level = "experts"  # the lowest at which it can be settled
    bodies: tuple[str, ...] = ()  # who must be there
    after: tuple[str, ...] = ()  # points that come before it where both are taken


@dataclass(frozen=True)
class Meeting:
    """How long, at which level, and who is there when, in minutes from its beginning."""

    minutes: int
    level: Level
    breaks: tuple[tuple[int, int], ...] = ()
    present: Mapping[str, tuple[tuple[int, int], ...]] = field(
        default_factory=dict
    )  # all the time if not named


@dataclass(frozen=True)
class Slot:
    """A point on the agenda, from minute to minute, and what is lost were it alone left out."""

    name: str
    begins: int
    ends: int
    worth: Gain


@dataclass(frozen=True)
class LeftOff:
    """A point that is not on the agenda, why, and what it would gain beside those that are."""

    name: str
    why: Why
    costs: Gain


@dataclass(frozen=True)
class Agenda:
    """Points in order, what they gain together, and what falls off."""

    slots: tuple[Slot, ...]
    gains: Gain  # named by the points together
    left: tuple[LeftOff, ...]  # the dearest first


def agenda(
    meeting: Meeting,
    points: Sequence[Point],
    schedule: Schedule,
    by: float,
    futures: int,
    seed: int,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> Agenda:
    """
    Choose, order and time the points of a meeting.

    Args:
        schedule: counted from the day of the meeting.
        by: the day by which everything is to be done.
        futures: how many say what is gained, beside the 512 others in which the points are chosen.
        step: is told how many thousandths of the work are done; what it raises breaks it off.

    Raises:
        OutlookRefused: a point that is not in the schedule, of no minutes, named twice; spans out of order.
    """
    _check(meeting, points, schedule)
    named = {point.name: point for point in points}
    plan = compile_schedule(schedule, seed)

    @cache
    def days(names: Set) -> Days:
        return run(plan.with_settled(sorted(names)), LEARNED_ON + futures).done[LEARNED_ON:]

    def value(names: Set) -> float:
        done = run(plan.with_settled(sorted(names)), LEARNED_ON, threads=1).done
        in_time, days = np.count_nonzero(done <= by), done.sum(dtype=np.float64)  # much quicker than means
        return float(in_time - 1e-6 * days) / LEARNED_ON

    def gained(name: str, fewer: Set, more: Set) -> Gain:
        return gain(name, days(fewer), days(more), by)

    room = _Room(meeting, points)

    @cache
    def fits(names: Set) -> bool:
        return _timed(room, [named[name] for name in sorted(names)], {}) is not None

    open_ = Set(task.name for task in schedule.tasks if not task.settled)
    possible = {
        point.name: point.minutes for point in points if _settles(meeting, point) and point.name in open_
    }
    chosen = best_set(possible, _sits(meeting), value, fits, lambda share: step(round(700 * share), 1000))
    worth = {name: value(chosen) - value(chosen - {name}) for name in sorted(chosen)}
    times = _timed(room, [named[name] for name in sorted(chosen)], worth) or {}
    left = []
    others = sorted(open_ & named.keys() - chosen)
    for number, name in enumerate(others):
        step(950 + 50 * number // len(others), 1000)
        costs = gained(name, chosen, chosen | {name})
        left.append(LeftOff(name, _why(meeting, named[name], chosen, fits), costs))
    return Agenda(
        tuple(
            Slot(name, begins, begins + named[name].minutes, gained(name, chosen - {name}, chosen))
            for name, begins in sorted(times.items(), key=lambda pair: pair[1])
        ),
        gained(", ".join(times), Set(), chosen),
        tuple(
            sorted(left, key=lambda one: (-one.costs.probability.value, -one.costs.median.value, one.name))
        ),
    )


def _sits(meeting: Meeting) -> int:
    """The minutes without breaks."""
    return meeting.minutes - sum(ends - begins for begins, ends in meeting.breaks)


def _settles(meeting: Meeting, point: Point) -> bool:
    return LEVELS.index(point.level) <= LEVELS.index(meeting.level)


def _why(meeting: Meeting, point: Point, chosen: Set, fits: Callable[[Set], bool]) -> Why:
    """Why a point is not on the agenda."""
    if not _settles(meeting, point):
        return "level"
    if point.minutes <= meeting.minutes and not fits(Set([point.name])):
        return "presence"
    if not fits(chosen | {point.name}):
        return "time"
    return "no gain"


# ---------------------------------------------------------------- minutes


class _Room:
    """The minutes in which a meeting sits, and those in which each point can be taken."""

    def __init__(self, meeting: Meeting, points: Sequence[Point]) -> None:
        self.sits = np.concatenate([[0], np.cumsum(_there(meeting, ()))])  # how many before each minute
        self.spans = {one.name: _spans(_there(meeting, one.bodies), one.minutes) for one in points}
        alike = len({one.minutes for one in points}) <= 1
        self.even = not meeting.present and (alike or not meeting.breaks)  # Smith's rule gives the best order

    def too_little(self, points: Sequence[Point]) -> bool:
        """Say whether those that must be taken between two minutes take longer than the meeting sits then."""
        begins, ends = (np.array([self.spans[one.name][end][end] for one in points]) for end in (0, -1))
        within = (begins >= begins[:, None]).astype(np.int64) * [one.minutes for one in points]
        need = within @ (ends[:, None] <= ends)
        return bool((need > np.maximum(0, self.sits[ends] - self.sits[begins][:, None])).any())

    def one_after_another(self, points: Iterable[Point]) -> dict[str, int] | None:
        """Each in the first minutes that are free; None where one finds no room in this way."""
        found: dict[str, int] = {}
        busy: list[tuple[int, int]] = []
        for point in points:
            begins = self._first(point, busy)
            if begins is None:
                return None
            found[point.name] = begins
            insort(busy, (begins, begins + point.minutes))
        return found

    def _first(self, point: Point, busy: Iterable[tuple[int, int]]) -> int | None:
        for begins, until in self.spans[point.name]:
            for start, end in busy:
                if start < begins + point.minutes and end > begins:
                    begins = end
            if begins + point.minutes <= until:
                return begins
        return None


def _timed(room: _Room, points: Sequence[Point], worth: Mapping[str, float]) -> dict[str, int] | None:
    """
    The minute at which each point begins, or None where they do not fit.

    Args:
        worth: what is worth most comes first; where nothing is named, any order will do.
    """
    if not all(room.spans[point.name] for point in points) or (points and room.too_little(points)):
        return None
    most = max(worth.values(), default=0.0) or 1.0
    weights = {point.name: 1 + round(1000 * max(0.0, worth.get(point.name, 0.0)) / most) for point in points}
    # what is worth most a minute first: Smith's rule
    orders: list[Callable[[Point], float]] = [lambda one: -weights[one.name] / one.minutes]
    if not worth:
        orders += [
            lambda one: room.spans[one.name][-1][1],
            lambda one: _width(room.spans[one.name]),
            lambda one: -one.minutes,
        ]
    ways = (
        room.one_after_another(sorted(points, key=lambda one: (order(one), one.name))) for order in orders
    )
    quick = next((way for way in ways if way is not None), None)
    bound = any(point.after for point in points)
    if quick is not None and not bound and (not worth or room.even):
        return quick  # any order will do, or it is the best one
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    begins = {}
    for point in points:
        spans = [(a, b - point.minutes) for a, b in room.spans[point.name]]
        begins[point.name] = model.new_int_var_from_domain(cp_model.Domain.from_intervals(spans), point.name)
    model.add_no_overlap(
        model.new_fixed_size_interval_var(begins[point.name], point.minutes, point.name) for point in points
    )
    for point in points:
        for other in points:
            if other.name in point.after:
                model.add(begins[point.name] >= begins[other.name] + other.minutes)
    if worth:
        for name, begin in (quick or {}).items():
            model.add_hint(begins[name], begin)
        model.minimize(sum(weights[name] * begin for name, begin in begins.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = _EFFORT
    solver.parameters.search_branching = (
        cp_model.PORTFOLIO_WITH_QUICK_RESTART_SEARCH
    )  # best in so short a time
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None if bound else quick
    return {name: solver.value(begin) for name, begin in begins.items()}


def _width(spans: Iterable[tuple[int, int]]) -> int:
    return sum(end - begin for begin, end in spans)


def _there(meeting: Meeting, bodies: Iterable[str]) -> Minutes:
    """The minutes in which the meeting sits and all of them are present."""
    sits = np.ones(meeting.minutes, bool)
    for begins, ends in meeting.breaks:
        sits[begins:ends] = False
    for body in bodies:
        if body in meeting.present:
            there = np.zeros(meeting.minutes, bool)
            for begins, ends in meeting.present[body]:
                there[begins:ends] = True
            sits &= there
    return sits


def _spans(minutes: Minutes, least: int) -> list[tuple[int, int]]:
    """From and to of the runs of so many minutes or more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], minutes, [False]]).astype(np.int8)))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(begins, ends) for begins, ends in runs if ends - begins >= least]


def _check(meeting: Meeting, points: Sequence[Point], schedule: Schedule) -> None:
    if not 0 < meeting.minutes <= MOST:
        raise OutlookRefused(_("A meeting lasts between 1 and %(most)s minutes."), most=MOST)
    for spans in (meeting.breaks, *meeting.present.values()):
        if any(not 0 <= begins < ends <= meeting.minutes for begins, ends in spans):
            raise OutlookRefused(
                _("Breaks and presence lie within the meeting, each from a minute to a later one.")
            )
    known = {task.name for task in schedule.tasks}
    seen: set[str] = set()
    for point in points:
        if point.name not in known:
            raise OutlookRefused(_("The schedule has no task %(name)s."), name=point.name)
        if point.name in seen:
            raise OutlookRefused(_("%(name)s is named twice."), name=point.name)
        if point.minutes < 1:
            raise OutlookRefused(_("%(name)s takes at least one minute."), name=point.name)
        seen.add(point.name)
