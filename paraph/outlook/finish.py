"""When will each road map be settled, and when all of them?

Two models are played meeting by meeting, under one calendar of meetings and freezes. In the first each item
passes its stages at rates that were learned, at the programme's own pace, harder items slower, all of them
more at a productive meeting. In the second items are settled at a number a meeting, whichever they are. A
share of the futures comes from each: what would have served other programmes best, and then the more the
better the model has foretold this one's own meetings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import ceil
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.draws import drawn, task_key, uniforms, words
from paraph.outlook.learning import (
    HALVES,
    TAIL,
    Learned,
    learn,
    weighted,
)
from paraph.outlook.own import Estimate, Floats, Luck, own, productive
from paraph.outlook.past import LONG, SHORT, Past, accessions
from paraph.outlook.scores import crps
from paraph.outlook.weighing import better, moved, share

HORIZON = 20 * 365.25  # nothing is said about days beyond
MEETINGS = 300
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Change:
    """What if? The luck of every future stays the same."""

    settled: tuple[str, ...] = ()  # today
    dropped: tuple[str, ...] = ()  # taken off the list today
    returned: tuple[str, ...] = ()  # to refinement, today
    frozen: float = 0.0  # so many days from today nothing goes on
    spacing: float = 1.0  # the days between meetings, times this
    pace: float = 1.0  # of the work of experts, times this


@dataclass(frozen=True, eq=False)
class Finish:
    """The day on which everything is settled, and each item, by future; the horizon's end where later."""

    past: Past
    done: Floats
    of: dict[str, Floats]
    luck: Luck
    first: NDArray[np.bool_]  # the futures that the stage hazards give; the others come from the burn-down

    def probability(self, by: float) -> float:
        """The share of futures in which everything is settled by that day."""
        return float((self.done <= by).mean())

    def at(self, share: float) -> float:
        """The day by which everything is settled in that share of the futures."""
        return float(self._in_order[max(0, ceil(share * len(self.done)) - 1)])

    @cached_property
    def _in_order(self) -> Floats:
        return np.sort(self.done)

    @property
    def open(self) -> tuple[str, ...]:
        """The items that are not settled today."""
        return tuple(name for name in self.of if self.past.standings[name].stage < self.past.stages)

    def last(self) -> dict[str, float]:
        """The share of the futures in which each open item is the last one; ties count for each."""
        return {name: float((self.of[name] == self.done).mean()) for name in self.open}

    def settled(self, by: float) -> Floats:
        """How many items are settled by that day, by future."""
        numbers: Floats = np.sum([days <= by for days in self.of.values()], axis=0).astype(np.float64)
        return numbers


@dataclass(frozen=True)
class Played:
    """What both models say: the day on which each item is settled, and the days of all missing steps."""

    hazards: Floats  # item, future
    burned: Floats
    hazard_steps: Floats  # step, future; infinite where never taken
    burn_steps: Floats


def forecast(
    past: Past,
    learned: Learned,
    futures: int,
    seed: int,
    *,
    change: Change | None = None,
    estimates: Mapping[str, Estimate] | None = None,
    luck: Luck | None = None,
    keys: Sequence[int] | None = None,
    compiled: bool = True,
) -> Finish:
    """
    What comes of a programme after what is known of it.

    Args:
        seed: another seed gives other futures.
        change: what is otherwise; the luck is the same, so two answers are compared future by future.
        estimates: what experts say of items: how hard each is before its own record speaks.
        luck: what the same question without a change has found, so that it is not drawn again.
        keys: of the random numbers of each item, in the order of their names; else they follow from these.
        compiled: False takes the NumPy path.
    """
    items = sorted(past.standings)
    first = by_hazards(share(past, learned), futures, seed)
    luck = luck or own(past, learned, items, first, seed, estimates)
    before = luck
    change = change or Change()
    if change != Change():
        luck = replace(
            luck, pace=luck.pace * change.pace, burn=luck.burn * change.pace, gap=luck.gap * change.spacing
        )
    played = play(
        past, learned, luck, items, futures, seed, change=change, keys=keys, compiled=compiled, first=first
    )
    days = np.where(first, played.hazards, played.burned)
    done = days.max(axis=0, initial=past.as_of)
    return Finish(past, done, dict(zip(items, days, strict=True)), before, first)


def by_hazards(share: float, futures: int, seed: int) -> NDArray[np.bool_]:
    """The futures that the stage hazards give; the burn-down gives the others."""
    return uniforms(task_key(seed, "model"), 0, np.arange(futures, dtype=np.uint32)) < share


def play(
    past: Past,
    learned: Learned,
    luck: Luck,
    items: Sequence[str],
    futures: int,
    seed: int,
    horizon: float = HORIZON,
    change: Change | None = None,
    keys: Sequence[int] | None = None,
    compiled: bool = True,
    first: NDArray[np.bool_] | None = None,
) -> Played:
    """
    Play both models from the day on which the past ends.

    Args:
        first: the futures of which the hazards are asked for, of the others the burn-down; else both of all.
    """
    change = change or Change()
    last = past.stages
    end = past.as_of + horizon
    stages = np.array([past.standings[item].stage for item in items], np.int64)
    sinces = np.array([past.standings[item].since for item in items])
    for place, item in enumerate(items):
        if item in change.returned:
            stages[place] = min(stages[place], last - 1)
        elif stages[place] < last and item in (*change.settled, *change.dropped):
            stages[place], sinces[place] = last, past.as_of
    sinces = np.where(stages == last, sinces, np.inf)
    days = np.full((len(items), futures), end)
    taken = np.full((last, len(items), futures), np.inf)  # when each step was taken first
    burn_days = np.full((int((last - stages).sum()), futures), end)
    begin = past.as_of + change.frozen
    keys = keys or [task_key(seed, item) for item in items]
    index = {item: i for i, item in enumerate(items)}
    waits = [[index[name] for name in past.after.get(item, ()) if name in index] for item in items]
    shocks = productive(learned.shock)
    wanted = np.zeros(futures, np.int8) if first is None else np.where(first, 1, 2).astype(np.int8)
    engine = _engine() if compiled else None
    if engine:
        engine.play(
            begin, end, MEETINGS, last, stages, sinces,
            np.array(keys, np.uint64),
            np.array([task_key(seed, name) for name in ("meeting", "freeze", "gap", "burn")], np.uint64),
            np.array(learned.rates), shocks,
            luck.pace, luck.crowd, luck.burn, luck.gap, luck.freeze, luck.frozen, luck.waited,
            luck.returned, luck.gone, luck.hard, past.whole,
            np.cumsum([0, *(len(before) for before in waits)], dtype=np.int64),
            np.array([one for before in waits for one in before], np.int64),
            np.array([LONG, learned.frozen, TAIL, SHORT]),
            wanted,
            days, taken, burn_days,
        )  # fmt: skip
    else:
        _play(
            past, learned, luck, seed, begin, end, stages, sinces, keys, waits, shocks, wanted,
            days, taken, burn_days,
        )  # fmt: skip
    burned = _burned(burn_days, taken, stages, np.where(stages == last, sinces, end))
    return Played(days, burned, taken.reshape(-1, futures), burn_days)


@cache
def _engine() -> ModuleType | None:
    """The compiled kernel where numba is there."""
    try:
        from paraph.outlook import finish_kernel
    except ImportError:
        return None
    return finish_kernel


def _play(
    past: Past, learned: Learned, luck: Luck, seed: int, begin: float, end: float,
    stages: NDArray[np.int64], sinces: Floats, keys: Sequence[int], waits: Sequence[Sequence[int]],
    shocks: NDArray[np.float32], wanted: NDArray[np.int8], days: Floats, taken: Floats, burn_days: Floats,
) -> None:  # fmt: skip
    """All futures meeting by meeting, by NumPy alone: what `finish_kernel.play` does."""
    last, futures, to_burn = past.stages, days.shape[1], len(burn_days)
    which = np.arange(futures, dtype=np.uint32)
    stage = stages[:, None].repeat(futures, 1)
    since = sinces[:, None].repeat(futures, 1)
    burned = np.zeros(futures, np.int64)
    now = np.full(futures, begin)
    live = np.full(futures, bool((stages < last).any()))
    for meeting in range(MEETINGS):
        gap, work = _gap(past, learned, luck, which, seed, meeting)
        now = now + gap
        shock = drawn(shocks, words(task_key(seed, "meeting"), meeting, which)).astype(np.float64)
        running = live & (now < end)
        if not running.any():
            break
        if running.mean() < 0.5:  # the others are done: leave them out
            keep = np.flatnonzero(running)
            _store(days, since, which, end)
            which, now, live, stage, since = (
                which[keep],
                now[keep],
                live[keep],
                stage[:, keep],
                since[:, keep],
            )
            luck = luck.only(keep)
            work, shock, burned = work[keep], shock[keep], burned[keep]
            running = running[keep]
        chance = (
            np.stack([uniforms(key, meeting, which) for key in keys]) if keys else np.empty((0, len(which)))
        )
        pull = (past.whole / np.maximum(1, (stage < last).sum(0))) ** luck.crowd
        hazard = np.zeros(stage.shape)
        for k in range(last):
            hazard += (
                np.where(stage == k, learned.rates[k] * luck.pace[k] * pull * shock * work, 0.0) * luck.hard
            )
        moves = (chance < -np.expm1(-hazard)) & (stage < last) & running
        leaves = (chance > np.exp(-luck.gone * work)) & (stage < last) & running & ~moves
        back = (chance > np.exp(-luck.returned * work)) & (stage == last) & running
        for i, before in enumerate(waits):
            if before:
                free = (stage[before] == last).all(0)
                moves[i] &= free | (stage[i] < last - 1)
        for k in range(last):
            taken[k][:, which] = np.where(
                moves & (stage == k), np.minimum(taken[k][:, which], now), taken[k][:, which]
            )
        stage = np.where(leaves, last, np.where(back, last - 1, stage + moves))
        settled = stage == last
        since = np.where(settled, np.where(np.isinf(since), now, since), np.inf)
        live = live & ~settled.all(0)
        chance = uniforms(task_key(seed, "burn"), meeting, which)
        more = np.minimum(_poisson(luck.burn * shock * (work > 0), chance),
                          to_burn - burned)  # fmt: skip
        more = np.where(now < end, more, 0)
        for number in range(int(more.max(initial=0))):
            hit = np.flatnonzero(more > number)
            burn_days[burned[hit] + number, which[hit]] = now[hit]
        burned = burned + more
        live = live | (burned < to_burn) & (wanted[which] != 1)
    _store(days, since, which, end)


def _store(days: Floats, since: Floats, which: NDArray[np.uint32], end: float) -> None:
    days[:, which] = np.where(np.isinf(since), end, since)


def _burned(burn_days: Floats, taken: Floats, stages: NDArray[np.int64], sinces: Floats) -> Floats:
    """Give the days of the burn-down to the steps, in the order in which the hazards take them."""
    last = len(taken)
    missing = [(k, i) for k in range(last) for i, stage in enumerate(stages) if stage <= k]
    found = sinces[:, None].repeat(burn_days.shape[1], 1)
    if missing:
        steps = np.stack([taken[k, i] for k, i in missing])
        place = np.argsort(np.argsort(steps, axis=0, kind="stable"), axis=0, kind="stable")
        dated = np.take_along_axis(burn_days, place, axis=0)
        for (k, i), days in zip(missing, dated, strict=True):
            if k == last - 1:
                found[i] = days
    return found


def _gap(
    past: Past, learned: Learned, luck: Luck, which: NDArray[np.uint32], seed: int, meeting: int
) -> tuple[Floats, Floats]:
    """The days to the next meeting, and how many of them are worked; the first gap has lasted a while."""
    chance = uniforms(task_key(seed, "freeze"), meeting, which)
    length = uniforms(task_key(seed, "gap"), meeting, which)
    waited = luck.waited if meeting == 0 else np.zeros(len(which))
    frozen = chance < (luck.frozen if meeting == 0 else luck.freeze)
    freeze = np.maximum(0.0, LONG - waited)
    freeze += (learned.frozen + np.maximum(0.0, waited - LONG)) * (length ** (-1 / TAIL) - 1)
    gap = np.where(frozen, freeze, -luck.gap * np.log(length))
    work = np.where(frozen, SHORT, gap + waited)
    return gap, work


def _poisson(mean: Floats, chance: Floats) -> NDArray[np.int64]:
    """The Poisson number with that mean at that chance, at most 60."""
    found = np.zeros(len(mean), np.int64)
    term = np.exp(-mean)
    below = term.copy()
    for number in range(1, 61):
        above = chance > below
        if not above.any():
            break
        found += above
        term = term * mean / number
        below = below + term
    return found


# ---------------------------------------------------------------- weights


@cache
def taught() -> Learned:
    """What the accession negotiations in the facts teach any other programme; it takes a second, once."""
    return learn_with_weights(accessions().values(), 1)


def learn_with_weights(pasts: Iterable[Past], seed: int, futures: int = 128) -> Learned:
    """
    Learn from programmes, and which share of futures each model is to give.

    Each programme is forecast from the others at three and six tenths of its days; the weight
    is the one with the best mean score of the number of steps taken one, two and four years later. Steps of
    all stages count: what is settled is too rare in programmes that stall to tell the models apart.
    """
    pasts = list(pasts)
    learned = learn(pasts)
    scores: dict[tuple[float, float], float] = {}
    for past in pasts:
        others = learn([one for one in pasts if one is not past])
        for part in (0.3, 0.6):
            day = past.begun + part * ((past.finished or past.as_of) - past.begun)
            for half in HALVES:
                then, known = past.upto(day), replace(others, half=half)
                for weight, score in _weight_scores(past, then, known, futures, seed).items():
                    scores[weight, half] = scores.get((weight, half), 0.0) + score
    return weighted(learned, scores) if scores else learned


def _weight_scores(past: Past, then: Past, others: Learned, futures: int, seed: int) -> dict[float, float]:
    items, favour = sorted(then.standings), better(then, others)
    played = []
    for first in (True, False):
        luck = own(then, others, items, np.full(futures, first), seed)
        both = play(then, others, luck, items, futures, seed, horizon=1500.0)
        played.append(both.hazard_steps if first else both.burn_steps)
    scores = dict.fromkeys(WEIGHTS, 0.0)
    for later in (365.0, 730.0, 1461.0):
        day = then.as_of + later
        if day <= past.as_of:
            taken = sum(1 for one in past.events if one.what == "step" and then.as_of < one.day <= day)
            numbers = [(steps <= day).sum(0).astype(np.float64) for steps in played]
            for weight in WEIGHTS:
                cut = round(moved(weight, favour) * futures)
                scores[weight] += crps(np.concatenate([numbers[0][:cut], numbers[1][cut:]]), taken)
    return scores
