"""What does a programme's own record leave open about it: its pace, its meetings, how hard each item is?

Each future is a chain of draws. In turn it guesses what nobody saw (freezes in long gaps, meetings at which
nothing was settled, how productive the others were) and draws from it what the guesses of the next round rest
on. After some rounds its draws are one possible truth behind what was seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from math import log

import numpy as np
from numpy.typing import NDArray

from paraph.outlook import progress
from paraph.outlook.durations import lognormal
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.learning import CROWDS, POOLED, TAIL, Learned, rare_events
from paraph.outlook.past import LONG, SHORT, Past
from paraph.sentences import _

CHAINS = 256  # each gives as many futures as are asked for, one a round
ROUNDS = 12  # from which on they do
CELLS = 4  # into so many parts of equal chance the place of an unseen freeze is cut
SURE, UNSURE = 50.0, 5.0  # an expert counts as so many steps of the item: at most, at least
Floats = NDArray[np.float64]
Estimate = tuple[float, float, float]  # days from today until it is settled: at least, most likely, at most


@dataclass(frozen=True)
class Luck:
    """What a future does not know about its programme; one column a future."""

    pace: Floats  # by stage
    crowd: Floats  # how far work turns to what is left: 0 not at all, 1 all of it
    burn: Floats
    gap: Floats
    freeze: Floats
    frozen: Floats  # how likely today lies in a freeze
    waited: Floats  # days since the last meeting, seen or not, or since that freeze began
    returned: Floats  # returns per settled item and day
    gone: Floats
    hard: Floats  # by item

    def only(self, which: NDArray[np.int64]) -> "Luck":
        """That of some futures."""
        return Luck(*(getattr(self, one.name)[..., which] for one in fields(self)))


def own(
    past: Past,
    learned: Learned,
    items: Sequence[str],
    first: NDArray[np.bool_],
    seed: int,
    estimates: Mapping[str, Estimate] | None = None,
) -> Luck:
    """
    What the programme's own record leaves open about it, drawn once for each future.

    Args:
        first: the futures that the stage hazards give; in the others items are settled by the burn-down.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    futures = len(first)
    known = seen(past, items, learned.half)
    told = estimates or {}
    said = {place: _said(told[item]) for place, item in enumerate(items) if item in told}
    chains = min(futures, CHAINS)
    pace, crowd, hard, *calendar = _drawn(_hazards(past, known, learned, said, chains, rng), futures)
    last = np.array([past.standings[item].stage == past.stages - 1 for item in items], bool)
    hard = np.where(last[:, None], hard * known.factor[:, None], hard)
    burn, *other = _drawn(_burn_down(known, learned, chains, rng), futures)
    gap, freeze, frozen, waited = (np.where(first, *pair) for pair in zip(calendar, other, strict=True))
    returned, gone = (_rare(past, what, usual, rng, futures) for what, usual in learned.rare)
    return Luck(pace, crowd, burn, gap, freeze, frozen, waited, returned, gone, hard)


def _drawn(chains: Iterator[tuple[Floats, ...]], futures: int) -> Iterator[Floats]:
    """What chains say after each of their last rounds, as many of them as give so many futures."""
    for _round in range(ROUNDS - 1):
        first = next(chains)
    more = -(-futures // first[0].shape[-1])
    for values in zip(*islice(chains, more), strict=True):
        yield np.concatenate(values, axis=-1)[..., :futures]


def _said(estimate: Estimate) -> tuple[float, float]:
    """How much an expert's three points weigh, in steps, and their mean, days."""
    low, likely, high = estimate
    if not 0 <= low <= likely <= high or high <= 0:
        raise OutlookRefused(_("An estimate names at least, most likely and at most, in rising order."))
    mean = (low + likely + high) / 3
    variance = (low**2 + likely**2 + high**2 - low * likely - low * high - likely * high) / 18
    return min(SURE, UNSURE + mean**2 / max(variance, 1e-9)), mean


def _rare(past: Past, what: str, usual: float, rng: np.random.Generator, futures: int) -> Floats:
    """The programme's own rate of returns or departures; a fifth of an event is taken from the others."""
    number, days = rare_events(past, what)
    return rng.gamma(0.2 + number, size=futures) / (0.2 / usual + days)


# ---------------------------------------------------------------- what was seen


@dataclass(frozen=True, eq=False)
class Seen:
    """The past as gaps between meetings; the last gap goes on."""

    days: Floats  # of each gap
    steps: Floats  # at its end
    weight: Floats  # what it counts today
    share: Floats  # of all items, those that were not settled
    spent: Floats  # stage, gap, item: the part of the gap in which the item stood there
    moved: Floats  # stage, gap: steps
    taken: Floats  # steps of each item
    factor: Floats  # of its rate at the last stage, by what is left in it today


def seen(past: Past, items: Sequence[str], half: float) -> Seen:
    """The past as gaps, of which half counts after so many days."""
    begun = min(past.begun, past.as_of)
    edges = np.array([begun, *(day for day in past.meetings if day > begun), past.as_of])
    starts, ends = edges[:-1], edges[1:]
    days = ends - starts
    place = {item: i for i, item in enumerate(items)}
    spent = np.zeros((past.stages, len(days), len(items)))
    moved = np.zeros((past.stages, len(days)))
    left = np.zeros(len(days))
    taken = np.zeros(len(items))
    for item, stage, since, until, ended in past.spells:
        if stage == past.stages:
            continue
        left += (since <= starts) & (until > starts)
        part = np.clip(np.minimum(until, ends) - np.maximum(since, starts), 0, None) / np.maximum(days, 1e-9)
        if ended == "step":
            at = int(np.searchsorted(ends[:-1], until))
            moved[stage, at] += 1
            part[at] /= 2  # 1 - exp(-x) is about x exp(-x / 2)
        if item in place:
            spent[stage, :, place[item]] += part
            taken[place[item]] += ended == "step"
    factors = progress.factors(past, items, [*ends[:-1], np.inf])
    spent[-1] *= factors
    share = np.maximum(left, 1) / past.whole
    return Seen(
        days, moved.sum(0), 2 ** ((ends - past.as_of) / half), share, spent, moved, taken, factors[-1]
    )


# ---------------------------------------------------------------- what nobody saw


class _Calendar:
    """The meetings and freezes behind the gaps that were seen, one column a future."""

    def __init__(self, seen: Seen, learned: Learned, futures: int, rng: np.random.Generator) -> None:
        self.seen, self.learned, self.rng = seen, learned, rng
        self.gap = POOLED * learned.gap / rng.gamma(POOLED, size=futures)
        self.freeze = rng.beta(POOLED * learned.freeze, POOLED * (1 - learned.freeze), futures)
        self.frozen = np.zeros(futures, bool)
        self.waited = np.zeros(futures)

    def now(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Gap, chance of a freeze, whether one lasts today, days since it began or since a meeting."""
        return self.gap, self.freeze, self.frozen.astype(np.float64), self.waited

    def guess(
        self, usual: Floats, after_freeze: Floats, empty: Floats, empty_freeze: Floats
    ) -> tuple[Floats, Floats]:
        """
        Guess what happened within the gaps, and draw the gap and the chance of freezes that follow.

        Args:
            usual, after_freeze: mean steps at a meeting, by gap and future.
            empty, empty_freeze: how likely nothing is settled there.

        Returns:
            The meetings in each gap with the one at its end, and the days of work before them.
        """
        rng, days, last = self.rng, self.seen.days, len(self.seen.days) - 1
        away, ended = np.zeros(usual.shape), np.zeros(usual.shape)
        for j in (*np.flatnonzero(days[:-1] > LONG), last):
            stories = _Stories(self, float(days[j]), empty[j], empty_freeze[j])
            if j == last:
                stories.going_on()
            else:
                one, other = (
                    _chance(mean[j], self.seen.steps[j], self.learned.shock) for mean in (usual, after_freeze)
                )
                stories.ended(one, other)
            picked = stories.pick(rng)
            away[j], ended[j] = picked[:, 0], picked[:, 1]
            self.frozen = picked[:, 2] > 0
        plain = days[:, None] - away
        missed = rng.poisson(plain * empty * (1 - self.freeze) / self.gap).astype(np.float64)
        alone = (missed[-1] == 0) & (ended[-1] == 0)
        since = np.minimum(plain[-1], -self.gap * np.log1p(-rng.random(len(alone))))
        self.waited = np.where(self.frozen, away[-1], np.where(alone, plain[-1], since))
        at_end = np.arange(len(days))[:, None] < last
        held = (missed + (at_end & ((ended == 0) | (plain > 0)))).sum(0)
        self.gap = (POOLED * self.learned.gap + plain.sum(0)) / rng.gamma(POOLED + held)
        self.freeze = rng.beta(
            POOLED * self.learned.freeze + (away > 0).sum(0), POOLED * (1 - self.learned.freeze) + held
        )
        work = plain + SHORT * ended
        work[-1] -= np.where(self.frozen, 0.0, self.waited)
        return missed + at_end + ((ended > 0) & (~at_end | (plain > 0))), work


class _Stories:
    """What may have happened in a gap, and how likely: frozen days, freezes that ended, one that goes on."""

    def __init__(self, calendar: _Calendar, days: float, empty: Floats, empty_freeze: Floats) -> None:
        self.days, self.gap, self.freeze = days, calendar.gap, calendar.freeze
        self.empty, self.empty_freeze = empty, empty_freeze
        self.scale = calendar.learned.frozen
        self.no_freeze = 1 - empty * (1 - self.freeze)
        self.chances: list[Floats] = []
        self.told: list[tuple[float, float, float]] = []

    def ended(self, usual: Floats, after_freeze: Floats) -> None:
        """The gap ended with so many steps, which are so likely at an ordinary meeting and after a freeze."""
        self._add(self._plain(self.days) * usual / self.gap, 0, 0, 0)
        over = self.days - LONG
        density = TAIL / self.scale * (1 + over / self.scale) ** (-TAIL - 1)
        self._add(self.freeze * density * after_freeze, self.days, 1, 0)
        for chance, frozen in self._freezes():
            rest = self.days - frozen
            within = self.empty_freeze * usual / self.gap * self._places(rest)
            self._add(
                chance * self._plain(rest) * (within + self.empty / self.gap * after_freeze), frozen, 1, 0
            )

    def going_on(self) -> None:
        """The gap has not ended."""
        self._add(self._plain(self.days), 0, 0, 0)
        self._add(self.freeze * self._lasts(self.days), self.days, 0, 1)
        for part in range(CELLS):
            before = self.days * (part + 0.5) / CELLS
            begins = self._plain(before) * self.empty / self.gap * self.days / CELLS
            self._add(begins * self.freeze * self._lasts(self.days - before), self.days - before, 0, 1)
        for chance, frozen in self._freezes():
            rest = self.days - frozen
            self._add(chance * self._plain(rest) * self.empty_freeze * self._places(rest), frozen, 1, 0)

    def pick(self, rng: np.random.Generator) -> Floats:
        """One of them for each future."""
        sums = np.cumsum(self.chances, axis=0)
        picked: Floats = np.array(self.told)[(rng.random(len(self.gap)) * sums[-1] > sums[:-1]).sum(0)]
        return picked

    def _add(self, chance: Floats, frozen: float, ended: int, goes_on: int) -> None:
        self.chances.append(chance)
        self.told.append((frozen, ended, goes_on))

    def _plain(self, days: float) -> Floats:
        """How likely so many days pass without freeze and without a meeting at which something is settled."""
        passed: Floats = (1 - self.freeze) * np.exp(-days * self.no_freeze / self.gap)
        return passed

    def _places(self, rest: float) -> Floats:
        """Before how many meetings a freeze may have begun."""
        return 1 + rest * self.empty * (1 - self.freeze) / self.gap

    def _lasts(self, days: float) -> float:
        return float((1 + max(0.0, days - LONG) / self.scale) ** -TAIL)

    def _freezes(self) -> list[tuple[Floats, float]]:
        """Freezes that have ended within the gap."""
        if self.days <= LONG:
            return []
        mass = 1 - self._lasts(self.days)
        lengths = [
            LONG + self.scale * ((1 - mass * (part + 0.5) / CELLS) ** (-1 / TAIL) - 1)
            for part in range(CELLS)
        ]
        return [(self.freeze * mass / CELLS, length) for length in lengths]


def _chance(mean: Floats, steps: float, variance: float) -> Floats:
    """How likely so many steps are at a meeting with that mean (negative binomial, without its binomial)."""
    share = mean * variance / (1 + mean * variance)
    found: Floats = (1 - share) ** (1 / variance) * share**steps
    return found


# ---------------------------------------------------------------- the two models


def _hazards(
    past: Past,
    seen: Seen,
    learned: Learned,
    known: Mapping[int, tuple[float, float]],
    futures: int,
    rng: np.random.Generator,
) -> Iterator[tuple[Floats, ...]]:
    """Pace, crowding, hardness and calendar where items pass their stages at rates of their own."""
    calendar = _Calendar(seen, learned, futures, rng)
    shocks = productive(learned.shock)[16:241:32].astype(np.float64)  # eight that are as likely
    rates, shares = np.array(learned.rates)[:, None], seen.share[:, None]
    pulls = [shares**-crowd for crowd in CROWDS]
    stepped = (seen.moved * seen.weight).sum(1)[:, None]
    drawn_to = -float((seen.steps * seen.weight * np.log(seen.share)).sum())
    steps = seen.taken[:, None]
    shapes, scales = (
        np.full((len(steps), 1), learned.hardness),
        np.full((len(steps), futures), learned.hardness),
    )
    standing = [one.stage for _item, one in sorted(past.standings.items())]
    pace = rng.gamma(learned.spread, size=(len(rates), futures)) / learned.spread
    hard = np.ones((len(steps), futures))
    crowd, pull = np.zeros(futures), np.ones((len(shares), futures))
    while True:
        open_ = seen.spent @ hard
        load = (open_ * (rates * pace)[:, None]).sum(0) * pull  # steps a day
        empty = np.mean([1 / (1 + shock * calendar.gap * load) for shock in shocks], axis=0)
        empty_freeze = _empty(SHORT * load, learned.shock)
        meetings, work = calendar.guess(calendar.gap * load, SHORT * load, empty, empty_freeze)
        counts = (meetings > 0) & (work > 0)
        shape = np.where(counts, meetings / learned.shock, 1.0)
        worked = rng.gamma(shape + seen.steps[:, None]) / (shape / np.where(counts, work, 1.0) + load)
        worked = np.where(counts, worked, 0.0)  # days, more where meetings were productive
        loads = [rates * (open_ * worked * pull * seen.weight[:, None]).sum(1) for pull in pulls]
        logs = np.array([
            crowd * drawn_to - ((learned.spread + stepped) * np.log(learned.spread + load)).sum(0)
            for crowd, load in zip(CROWDS, loads, strict=True)
        ])  # fmt: skip
        odds = np.cumsum(np.exp(logs - logs.max(0)), axis=0)
        which = (rng.random(futures) * odds[-1] > odds[:-1]).sum(0)
        crowd, pull = np.array(CROWDS)[which], np.choose(which, pulls)
        pace = rng.gamma(learned.spread + stepped, size=pace.shape) / (
            learned.spread + np.choose(which, loads)
        )
        for place, (weight, mean) in known.items():
            usual = sum(1 / (rates[k] * pace[k] * pull[-1]) for k in range(standing[place], past.stages))
            shapes[place], scales[place] = weight, weight * mean / np.maximum(usual, 1.0)
        spent = (seen.spent.transpose(0, 2, 1) @ ((rates * pace)[:, None] * worked * pull)).sum(0)
        hard = rng.gamma(shapes + steps, size=hard.shape) / (scales + spent)
        yield pace, crowd, hard, *calendar.now()


def _burn_down(
    seen: Seen, learned: Learned, futures: int, rng: np.random.Generator
) -> Iterator[tuple[Floats, ...]]:
    """Steps a meeting and the calendar where items are settled at a number a meeting, whichever they are."""
    calendar = _Calendar(seen, learned, futures, rng)
    weight, steps = seen.weight[:, None], seen.steps[:, None]
    burn = learned.burn * rng.gamma(learned.burn_spread, size=futures) / learned.burn_spread
    while True:
        each = np.broadcast_to(burn, (len(steps), futures))
        empty = _empty(each, learned.shock)
        meetings, _work = calendar.guess(each, each, empty, empty)
        held = np.where(meetings > 0, meetings / learned.shock, 1.0)
        productive = np.where(meetings > 0, rng.gamma(held + steps) / (1 / learned.shock + burn), 0.0)
        burn = rng.gamma(learned.burn_spread + float((weight * steps).sum()), size=futures)
        burn /= learned.burn_spread / learned.burn + (weight * productive).sum(0)
        yield burn, *calendar.now()


def _empty(mean: Floats, variance: float) -> Floats:
    """How likely nothing is settled at a meeting with that mean."""
    found: Floats = (1 + variance * mean) ** (-1 / variance)
    return found


@cache
def productive(variance: float) -> NDArray[np.float32]:
    """How productive a meeting is, as a table of `durations`."""
    return lognormal((1 + variance) ** -0.5, log(1 + variance) ** 0.5).edges
