"""What if one were dropped, split, returned or settled, a team added, a summit moved, everything frozen?

Before and after are played in the same futures, so the interval of the difference is narrow. What a change
adds has luck of its own; everything else keeps its luck.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from paraph.outlook.errors import OutlookRefused
from paraph.outlook.rounds import Rounds, Team, merged, play
from paraph.outlook.schedule import Gain, Gates, Outcome, Schedule, Span, Task, earlier, gain, simulate
from paraph.sentences import _


@dataclass(frozen=True)
class Drop:
    """A road map is taken out; what waited for it waits for what it waited for."""

    name: str


@dataclass(frozen=True)
class Split:
    """A road map becomes several, each with a share of its days; what waited for it waits for all."""

    name: str
    into: Mapping[str, float]  # name -> share of the days


@dataclass(frozen=True)
class Return:
    """A road map comes back today and takes its days again, after those that are left where it is open."""

    name: str


@dataclass(frozen=True)
class Settle:
    """A road map is settled today."""

    name: str


@dataclass(frozen=True)
class AddTeam:
    """A team works on so many road maps more at a time; a new one is needed by those named."""

    team: str
    places: int = 1
    needed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class MoveSummit:
    """A meeting is held on another day; `to` None: it is cancelled."""

    gate: str
    day: float
    to: float | None


@dataclass(frozen=True)
class Freeze:
    """Nothing goes on from day to day."""

    begins: float
    ends: float


@dataclass(frozen=True)
class Pace:
    """The work goes on so many times as fast."""

    times: float


Change = Drop | Split | Return | Settle | AddTeam | MoveSummit | Freeze | Pace


@dataclass(frozen=True, eq=False)
class Compared:
    """Two plans in the same futures."""

    before: Outcome
    after: Outcome
    gains: Gain  # how much more likely by the date, and how many days earlier in the median
    at_80: Span  # days earlier at 80 %


def what_if(
    rounds: Rounds,
    changes: Iterable[Change],
    by: float,
    futures: int,
    seed: int,
    order: Sequence[str] = (),
) -> Compared:
    """
    Play rounds before and after some changes.

    Args:
        by: the day by which everything is to be done.
        order: as in `rounds.play`; the parts of what is split stand in its place.

    Raises:
        OutlookRefused: a change of what is not there, and as `rounds.play`.
    """
    after, ordered = rounds, list(order)
    for change in changes:
        after = changed(after, change)
        if isinstance(change, Drop | Split | Return):
            ordered = list(_replaced(ordered, change.name, _in_place_of(change)))
    there = {task.name for task in after.schedule.tasks}
    ordered = [name for name in ordered if name in there]
    one, two = (_played(*plan, futures, seed) for plan in ((rounds, order), (after, ordered)))
    return Compared(one, two, gain("", one.done, two.done, by), earlier(one.done, two.done, 0.8))


def _played(rounds: Rounds, order: Sequence[str], futures: int, seed: int) -> Outcome:
    if not rounds.needs and not rounds.limit:
        return simulate(rounds.schedule, futures, seed, look_back=False)
    return play(rounds, futures, seed, order)


def changed(rounds: Rounds, change: Change) -> Rounds:
    """The rounds after a change."""
    schedule = rounds.schedule
    if isinstance(change, Drop | Split | Return | Settle) and change.name not in _names(schedule):
        raise OutlookRefused(_("The schedule has no task %(name)s."), name=change.name)
    match change:
        case Settle(name):
            return replace(rounds, schedule=schedule.with_settled(name))
        case Drop(name):
            return _instead(rounds, name, [], schedule.task(name).after)
        case Split(name, into):
            return _split(rounds, schedule.task(name), into)
        case Return(name):
            return _returned(rounds, schedule.task(name))
        case AddTeam(team, places, needed_by):
            at_once = rounds.teams[team].at_once if team in rounds.teams else 0
            away = rounds.teams[team].away if team in rounds.teams else ()
            needs = {name: (*rounds.needs.get(name, ()), team) for name in needed_by}
            return replace(
                rounds,
                teams={**rounds.teams, team: Team(at_once + places, away)},
                needs={**rounds.needs, **needs},
            )
        case MoveSummit(gate, day, to):
            return replace(rounds, schedule=_moved(schedule, gate, day, to))
        case Pace(times):
            slower = {task.name: {"duration": task.duration.times(1 / times)} for task in schedule.tasks}
            return replace(rounds, schedule=schedule.changed(slower))
        case Freeze(begins, ends):
            if not begins < ends:
                raise OutlookRefused(_("A freeze ends after it begins."))
            freezes = tuple(merged([*schedule.freezes, (begins, ends)]))
            return replace(rounds, schedule=replace(schedule, freezes=freezes))


def with_summit(rounds: Rounds, gate: str, days: tuple[float, ...], spacing: float) -> Rounds:
    """The rounds with summits at which all that is open is settled: on these days, then at that spacing."""
    tasks = tuple(replace(task, gate=gate) for task in rounds.schedule.tasks)
    gates = {**rounds.schedule.gates, gate: Gates(days, spacing)}
    return replace(rounds, schedule=replace(rounds.schedule, tasks=tasks, gates=gates))


def _in_place_of(change: Drop | Split | Return) -> tuple[str, ...]:
    """What stands in an order where the road map stood."""
    match change:
        case Drop():
            return ()
        case Split(_name, into):
            return tuple(into)
        case Return(name):
            return _again(name), name


def _again(name: str) -> str:
    return f"returned:{name}"


def _names(schedule: Schedule) -> set[str]:
    return {task.name for task in schedule.tasks}


def _replaced(names: Iterable[str], name: str, by: Sequence[str]) -> Iterable[str]:
    return dict.fromkeys(chain.from_iterable(by if one == name else (one,) for one in names))


def _instead(rounds: Rounds, name: str, tasks: Sequence[Task], waits: Sequence[str]) -> Rounds:
    """Put tasks, which need the same teams, in the place of one; what waited for it waits for others."""

    def led(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_replaced(names, name, waits))

    schedule = rounds.schedule
    found = [tasks if one.name == name else [replace(one, after=led(one.after))] for one in schedule.tasks]
    teams = rounds.needs.get(name, ())
    needs = {one: wanted for one, wanted in rounds.needs.items() if one != name}
    return replace(
        rounds,
        schedule=replace(schedule, tasks=tuple(chain.from_iterable(found)), targets=led(schedule.targets)),
        needs={**needs, **{task.name: teams for task in tasks if teams}},
    )


def _split(rounds: Rounds, task: Task, into: Mapping[str, float]) -> Rounds:
    taken = sorted((_names(rounds.schedule) - {task.name}) & into.keys())
    if taken:
        raise OutlookRefused(_("%(name)s is in the schedule already."), name=taken[0])
    if len(into) < 2 or any(share <= 0 for share in into.values()):
        raise OutlookRefused(_("A road map is split into at least two, each with a share of its days."))
    parts = [replace(task, name=name, duration=task.duration.times(share)) for name, share in into.items()]
    return _instead(rounds, task.name, parts, tuple(into))


def _returned(rounds: Rounds, task: Task) -> Rounds:
    if task.settled:
        return replace(rounds, schedule=rounds.schedule.changed({task.name: {"settled": False}}))
    again = replace(task, name=_again(task.name), gate="")
    if again.name in _names(rounds.schedule):
        raise OutlookRefused(_("%(name)s has been returned already."), name=task.name)
    return _instead(rounds, task.name, [again, replace(task, after=(again.name,))], (task.name,))


def _moved(schedule: Schedule, gate: str, day: float, to: float | None) -> Schedule:
    if gate not in schedule.gates or day not in schedule.gates[gate].days:
        raise OutlookRefused(_("No meeting of %(gate)s is known on that day."), gate=gate)
    days = set(schedule.gates[gate].days) - {day} | ({to} if to is not None else set())
    if not days:
        raise OutlookRefused(_("The only known meeting of %(gate)s can be moved, not cancelled."), gate=gate)
    moved = replace(schedule.gates[gate], days=tuple(sorted(days)))
    return replace(schedule, gates={**schedule.gates, gate: moved})
