"""Which road maps do the experts take next, and what holds them up: teams, or the limit of work at a time?

An order is searched on some futures and judged on fresh ones: what a search gains on its own futures is
partly their luck. Sets are searched as sets: two joint blockers gain nothing alone and everything together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from random import Random

import numpy as np

from paraph.outlook.rounds import Course, Luck, Rounds, Team
from paraph.outlook.schedule import Days, Span, earlier

SHARE = 0.8  # plans are compared by the day on which all is done in so many futures
LEARNED_ON = 256  # futures of a search; those that judge follow them
JUDGED_FROM = 1 << 20
Set = frozenset[str]


@dataclass(frozen=True)
class Taken:
    """A road map that is taken at once, and what is lost in days at 80 % were it taken last."""

    name: str
    teams: tuple[str, ...]
    saves: Span


@dataclass(frozen=True)
class Relief:
    """What one more place would gain, days at 80 %: in a team, or under the limit where no team is named."""

    team: str
    gains: Span


@dataclass(frozen=True)
class RoundPlan:
    """An order of work; all spans are days at 80 %, on futures that the search had not seen."""

    order: tuple[str, ...]
    next: tuple[Taken, ...]  # what is taken at once, the most useful first
    at: float  # the day by which all is done in 80 of 100 futures
    first_come: float  # the same where the one ready longest is always taken
    gains: Span  # days earlier than first come
    reliefs: tuple[Relief, ...]  # the largest first

    @property
    def binding(self) -> Relief | None:
        """What binds: the relief that gains most, or None where none makes a difference of a day."""
        worth = (one for one in self.reliefs if one.gains.low > 0 and round(one.gains.value))
        return next(worth, None)


def round_plan(
    rounds: Rounds,
    futures: int,
    seed: int,
    tries: int = 400,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> RoundPlan:
    """
    Search the order in which road maps are taken, and say what it gains.

    Args:
        futures: how many judge the plan.
        tries: orders that the search plays, each in 256 other futures.
        step: is told how many futures of how many are played; what it raises breaks the search off.

    Raises:
        OutlookRefused: as `rounds.play`.
    """
    searched, relieved = tries * LEARNED_ON, list(_relieved(rounds))
    every = searched + (2 + len(relieved)) * futures
    order = best_order(rounds, seed, tries, lambda done: step(done * LEARNED_ON, every))
    fresh = Luck(rounds, seed, JUDGED_FROM, futures)
    planned = fresh.play(rounds, order, keep=True)
    first_come = fresh.play(rounds)
    taken = []
    for name in _begun_first(rounds, planned):
        last = fresh.play(rounds, [*(one for one in order if one != name), name])
        saves = earlier(last.done, planned.done, SHARE)
        taken.append(Taken(name, tuple(rounds.needs.get(name, ())), saves))
    reliefs = []
    for number, (team, other) in enumerate(relieved, 2):
        step(searched + number * futures, every)
        gains = earlier(planned.done, fresh.play(other, order).done, SHARE)
        reliefs.append(Relief(team, gains))
    return RoundPlan(
        tuple(order),
        tuple(sorted(taken, key=lambda one: (-one.saves.value, one.name))),
        planned.at(SHARE),
        first_come.at(SHARE),
        earlier(first_come.done, planned.done, SHARE),
        tuple(sorted(reliefs, key=lambda one: (-one.gains.value, one.team))),
    )


def best_order(
    rounds: Rounds, seed: int, tries: int, step: Callable[[int], None] = lambda _done: None
) -> list[str]:
    """
    The best order found: from the best of some rules, one road map at a time is put elsewhere.

    The last eight that were best are judged again on other futures.
    """
    luck = Luck(rounds, seed, 0, LEARNED_ON)
    picker = Random(seed)

    def score(order: Sequence[str]) -> float:
        return _late(luck.play(rounds, order, threads=1).done)

    best = min(rules(rounds, luck), key=score)
    seen = [(score(best), best)]
    for number in range(tries):
        step(number)
        name = picker.choice(best)
        rest = [one for one in best if one != name]
        place = picker.randrange(len(best))
        other = [*rest[:place], name, *rest[place:]]
        found = score(other)
        if found <= seen[-1][0]:
            best = other
            seen.append((found, other))
    again = Luck(rounds, seed, LEARNED_ON, 4 * LEARNED_ON)
    return min((order for _score, order in seen[-8:]), key=lambda one: _late(again.play(rounds, one).done))


def rules(rounds: Rounds, luck: Luck) -> Iterator[list[str]]:
    """Orders that one would try first: longest way to the end, most work for its teams, first come."""
    tasks = {task.name: task for task in rounds.schedule.tasks}
    usual = {
        name: 0 if task.settled else task.duration.mean / (1 - task.back) for name, task in tasks.items()
    }
    load = dict.fromkeys(rounds.teams, 0.0)
    for name, teams in rounds.needs.items():
        for team in teams:
            load[team] += usual[name] / rounds.teams[team].at_once
    waiting: dict[str, list[str]] = {name: [] for name in tasks}
    for name, task in tasks.items():
        for other in task.after:
            waiting[other].append(name)

    @cache
    def way(name: str) -> float:
        return usual[name] + max((way(other) for other in waiting[name]), default=0.0)

    names = list(tasks)
    for name in reversed(luck.plan.names):  # from the ends on, so that a long chain is no deep recursion
        way(name)
    busiest = {name: max((load[team] for team in rounds.needs.get(name, ())), default=0.0) for name in tasks}
    begun = luck.play(rounds, keep=True).begun
    yield sorted(names, key=lambda name: -way(name))
    yield sorted(names, key=lambda name: -way(name) - busiest[name])
    yield sorted(names, key=lambda name: (-busiest[name], -way(name)))
    yield sorted(names, key=lambda name: -usual[name])
    yield sorted(names, key=lambda name: float(np.median(begun[name])))


def _late(done: Days) -> float:
    """The mean of the days around 80 %: it moves more smoothly than the day itself."""
    days = np.sort(done)
    return float(days[int(0.7 * len(days)) : int(0.9 * len(days)) + 1].mean(dtype=np.float64))


def _begun_first(rounds: Rounds, course: Course) -> list[str]:
    """What is begun on the first day on which anything is, in most futures."""
    open_ = [task.name for task in rounds.schedule.tasks if not task.settled and task.duration.mean > 0]
    if not open_:
        return []
    first = np.min([course.begun[name] for name in open_], axis=0)
    return [name for name in open_ if (course.begun[name] == first).mean() > 0.5]


def _relieved(rounds: Rounds) -> Iterator[tuple[str, Rounds]]:
    """The same with one more place in one team, or under the limit."""
    if rounds.limit:
        yield "", replace(rounds, limit=rounds.limit + 1)
    for name, team in sorted(rounds.teams.items()):
        yield name, replace(rounds, teams={**rounds.teams, name: Team(team.at_once + 1, team.away)})


# ---------------------------------------------------------------- sets


def best_set(
    costs: Mapping[str, int],
    room: int,
    value: Callable[[Set], float],
    fits: Callable[[Set], bool] = lambda _names: True,
    step: Callable[[float], None] = lambda _share: None,
) -> Set:
    """
    The most valuable set whose costs fit into the room, as far as a search finds it.

    It grows from nothing, and shrinks from everything until it fits, then exchanges up to two for up to two
    while that gains; where single ones gain nothing, two are tried together. What adds nothing is left out.

    Args:
        value: of a set; one name more never takes from it.
        fits: what else is asked of a set; asked last, since it may take long.
        step: is told the share of the search that is over, as far as can be said: nobody knows how often it
            gains by exchanging two, so each time is taken for half of what is left.
    """
    value, fits = cache(value), cache(fits)

    def small(names: Set) -> bool:
        return sum(costs[name] for name in names) <= room

    def best(chosen: Set, sizes: Iterable[tuple[int, int]], begins: float, ends: float) -> Set | None:
        above, better = value(chosen), []
        options = [one for one in set(_exchanged(chosen, costs, sizes)) if small(one)]
        for number, one in enumerate(options):
            step(begins + (ends - begins) * number / len(options))
            wider = (one | {name} for name in chosen - one)
            if any(small(more) and value(more) <= above for more in wider):
                continue  # what holds it is no better
            if value(one) > above:
                better.append((-value(one), sorted(one)))
        return next((Set(one) for _value, one in sorted(better) if fits(Set(one))), None)

    def improved(chosen: Set, begins: float, ends: float) -> Set:
        while True:
            found = best(chosen, _SMALL, begins, begins)
            if found is None:
                half = (begins + ends) / 2
                found = best(chosen, _LARGE, begins, half)
                begins = half
            if found is None:
                return chosen
            chosen = found

    shrunk = Set(costs)
    while not small(shrunk) or not fits(shrunk):
        step(0.1 * (1 - len(shrunk) / len(costs)))
        shrunk = max((shrunk - {name} for name in shrunk), key=lambda one: (value(one), sorted(one)))
    found = max(improved(Set(), 0.1, 0.55), improved(shrunk, 0.55, 1.0), key=value)
    for name in sorted(found):
        if value(found - {name}) >= value(found) and fits(found - {name}):
            found -= {name}
    return found


_SMALL = ((0, 1), (1, 1))  # how many go, how many come
_LARGE = ((0, 2), (1, 2), (2, 1))


def _exchanged(chosen: Set, names: Iterable[str], sizes: Iterable[tuple[int, int]]) -> Iterator[Set]:
    """The sets that differ from one by so few."""
    others = sorted(Set(names) - chosen)
    for go, come in sizes:
        for less in combinations(sorted(chosen), go):
            for more in combinations(others, come):
                yield chosen - Set(less) | Set(more)
