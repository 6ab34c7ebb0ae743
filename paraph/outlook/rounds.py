"""Who works on which road map when, under expert teams, their calendars and a limit of work at a time?

A schedule says what waits for what; here each road map also needs teams, and a team works on so many road
maps at a time. A visit is one round of work on a road map; it may come back for another one. Its days belong
to (future, road map, visit), whatever is taken first: two orders are compared under the same luck.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.draws import RETURNS, drawn, words
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.schedule import Compiled, Days, Outcome, Schedule, compile_schedule
from paraph.sentences import _

VISITS = 1 << 16  # nothing returns more often
_TOGETHER = 1024  # futures that are drawn at a time
Spans = tuple[tuple[float, float], ...]  # from day to day


@dataclass(frozen=True)
class Team:
    """Experts who work on so many road maps at a time, and the days when they do not."""

    at_once: int = 1
    away: Spans = ()


@dataclass(frozen=True)
class Rounds:
    """A schedule whose road maps need expert teams."""

    schedule: Schedule
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # road map -> all teams it needs
    teams: Mapping[str, Team] = field(default_factory=dict)
    limit: int = 0  # road maps that are worked on at a time; 0 for no limit


@dataclass(frozen=True, eq=False)
class Course(Outcome):
    """What came of it; `of` has the day on which each road map is done, `begun` that on which work begins."""

    begun: dict[str, Days] = field(default_factory=dict)


def play(
    rounds: Rounds,
    futures: int,
    seed: int,
    order: Sequence[str] = (),
    *,
    first: int = 0,
    keep: bool = False,
    threads: int | None = None,
    compiled: bool = True,
) -> Course:
    """
    Play the rounds in the futures from `first` on.

    Args:
        order: who is taken first when several could begin; where it names none, who has been ready longest.
            Those left out come after those named, in the order of the schedule.
        keep: give the days of each road map too, 8 bytes a road map and future.
        compiled: False runs the loop without numba.

    Raises:
        OutlookRefused: as `schedule.simulate`, and for teams that are not there.
    """
    luck = Luck(rounds, seed, first, futures)
    return luck.play(rounds, order, keep=keep, threads=threads, compiled=compiled)


class Luck:
    """The days of all visits in some futures, drawn once for many orders and changes of teams."""

    def __init__(self, rounds: Rounds, seed: int, first: int, futures: int) -> None:
        self.plan = compile_schedule(rounds.schedule, seed)
        self.futures = futures
        cuts = range(first, first + futures, _TOGETHER)
        self.parts = [
            _draw(self.plan, np.arange(at, min(at + _TOGETHER, first + futures), dtype=np.uint32))
            for at in cuts
        ]

    def play(
        self,
        rounds: Rounds,
        order: Sequence[str] = (),
        *,
        keep: bool = False,
        threads: int | None = None,
        compiled: bool = True,
    ) -> Course:
        """Play an order; the schedule of `rounds` is that for which the days were drawn."""
        arrays = _arrays(rounds, self.plan)
        names = self.plan.names
        rank = np.array(ranks(names, [task.name for task in rounds.schedule.tasks], order), np.int32)
        done = np.empty(self.futures, np.float32)
        rows = len(names) if keep else 0
        begun, ended = (np.empty((rows, self.futures), np.float32) for _what in range(2))
        dispatch = _dispatch(compiled)

        def part(number: int) -> None:
            days, at, visits = self.parts[number]
            here = slice(number * _TOGETHER, number * _TOGETHER + len(days))
            dispatch(days, at, visits, rank, not order, *arrays, done[here], begun[:, here], ended[:, here])

        threads = min(os.cpu_count() or 1, 4) if threads is None else threads
        if threads == 1 or len(self.parts) == 1:
            for number in range(len(self.parts)):
                part(number)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(part, range(len(self.parts))))
        kept = names if keep else ()
        return Course(done, {}, {}, dict(zip(kept, ended, strict=True)), dict(zip(kept, begun, strict=True)))


def ranks(names: Sequence[str], scheduled: Sequence[str], order: Sequence[str]) -> list[int]:
    """The place of each name in the order; those that it leaves out follow as they are scheduled."""
    unknown = sorted(set(order) - set(names))
    if unknown:
        raise OutlookRefused(_("The schedule has no task %(name)s."), name=unknown[0])
    place = {name: number for number, name in enumerate(dict.fromkeys([*order, *scheduled]))}
    return [place[name] for name in names]


# ---------------------------------------------------------------- as arrays


def _draw(plan: Compiled, which: NDArray[np.uint32]) -> tuple[Days, NDArray[np.int32], NDArray[np.int32]]:
    """The days of all visits (future, visit), the first visit of each task, and how many it has."""
    keys, tables, table_of, _earliest, back = plan.arrays[:5]
    found: list[Days] = []
    first = np.zeros(len(keys), np.int32)
    visits = np.ones((len(keys), len(which)), np.int32)
    for i, key in enumerate(map(int, keys)):
        first[i] = len(found)
        edges = tables[table_of[i]]
        found.append(drawn(edges, words(key, 0, which)))
        again = np.arange(len(which))
        for visit in range(1, VISITS if back[i] else 1):
            again = again[words(key, RETURNS + visit, which[again]) < back[i]]
            if not len(again):
                break
            found.append(np.zeros(len(which), np.float32))
            found[-1][again] = drawn(edges, words(key, visit, which[again]))
            visits[i, again] += 1
    return np.ascontiguousarray(np.array(found, np.float32).reshape(-1, len(which)).T), first, visits


def _arrays(rounds: Rounds, plan: Compiled) -> tuple[Any, ...]:
    """What `dispatch.play` asks for between the order and what it fills."""
    (_keys, _tables, _table_of, earliest, _back, settled, target, before_at, before, _froms, _tos,
     gate_of, gates_at, gates, spacing, _usual, _centre) = plan.arrays  # fmt: skip
    _check(rounds, plan.names)
    teams = sorted(rounds.teams)
    needs = [[teams.index(team) for team in dict.fromkeys(rounds.needs.get(name, ()))] for name in plan.names]
    spans = [
        merged([*rounds.schedule.freezes, *(span for k in wanted for span in rounds.teams[teams[k]].away)])
        for wanted in needs
    ]
    waiting: list[list[int]] = [[] for _name in plan.names]
    for i in range(len(plan.names)):
        for other in before[before_at[i] : before_at[i + 1]]:
            waiting[other].append(i)
    flat = [span for task in spans for span in task]
    return (
        earliest, settled, target, before_at,
        *_rows(waiting), *_rows(needs),
        np.array([rounds.teams[team].at_once for team in teams], np.int32),
        rounds.limit,
        _at(spans),
        np.array([one[0] for one in flat], np.float32),
        np.array([one[1] for one in flat], np.float32),
        gate_of, gates_at, gates, spacing,
    )  # fmt: skip


def _check(rounds: Rounds, names: Iterable[str]) -> None:
    unknown = sorted(rounds.needs.keys() - set(names))
    if unknown:
        raise OutlookRefused(_("The schedule has no task %(name)s."), name=unknown[0])
    for name, wanted in rounds.needs.items():
        for team in wanted:
            if team not in rounds.teams:
                raise OutlookRefused(_("%(name)s needs the team %(team)s, which is not there."),
                                     name=name, team=team)  # fmt: skip
    for name, team_ in rounds.teams.items():
        if team_.at_once < 1:
            raise OutlookRefused(_("The team %(team)s works on at least one road map at a time."), team=name)
        if any(not one < two < np.inf for one, two in team_.away):
            raise OutlookRefused(_("A span of days ends after it begins, and it ends some day."))
    if rounds.limit < 0:
        raise OutlookRefused(_("A limit of work at a time is a number of road maps, or 0 for none."))


def merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same days in spans that stand apart, in order."""
    found: list[tuple[float, float]] = []
    for one, two in sorted(spans):
        if found and one <= found[-1][1]:
            found[-1] = (found[-1][0], max(two, found[-1][1]))
        else:
            found.append((one, two))
    return found


def _rows(lists: Sequence[Sequence[Any]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where each list begins, and all of them one after the other."""
    return _at(lists), np.array([one for row in lists for one in row], np.int32)


def _at(lists: Sequence[Sequence[Any]]) -> NDArray[np.int32]:
    return np.cumsum([0, *map(len, lists)], dtype=np.int32)


@cache
def _dispatch(compiled: bool) -> Any:
    from paraph.outlook import dispatch

    if compiled:
        try:
            from numba import njit
        except ImportError:
            pass
        else:
            return njit(nogil=True, cache=True)(dispatch.play)
    return dispatch.play
