"""What do programmes teach the next one: how fast stages pass, how steps gather, how long freezes last?

Rates are steps per working day of an item at a stage, pooled over programmes; each programme has a pace of
its own, which its own steps teach. Steps come in batches at meetings, so ten at one meeting say less about
the pace than ten at ten meetings: counts are divided by the size of a usual batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import lgamma, log

import numpy as np

from paraph.outlook.past import LONG, Past

SPREADS = (0.3, 0.5, 0.8, 1.2, 2.0, 3.5, 6.0)  # of paces between programmes: shapes of a gamma distribution
FOREVER = 1e6  # days
HALVES = (730.0, 2922.0)  # days after which half of what was seen is forgotten
HARDNESSES = (3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 60.0)  # the same between the items of a programme
TAIL = 1.5  # a freeze that has lasted long lasts longer: exponent of its survival
CROWDS = (0.0, 0.5, 1.0)  # how far work turns to what is left: from not at all to all of it
POOLED = 2.0  # a programme's own freezes and gaps count against so many of the others


@dataclass(frozen=True)
class Learned:
    """What was learned, in working days where a time is meant."""

    rates: tuple[float, ...]  # by stage: steps per item and day at the usual pace
    spread: float  # shape of the gamma distribution of paces
    batch: float  # steps of a usual meeting, as one of them sees it
    shock: float  # variance of how productive a meeting is, its mean being 1
    gap: float  # mean days between meetings
    freeze: float  # share of gaps that are freezes
    frozen: float  # scale of their length beyond LONG, days
    returned: float  # returns per settled item and day
    gone: float  # items that leave the programme, per open item and day
    burn: float  # steps taken at a usual meeting
    burn_spread: float  # shape of the gamma distribution of that
    hazards: float = 0.5  # weight of the stage hazards against the burn-down
    hardness: float = 5.0  # shape of the gamma distribution of how fast items are beside each other
    half: float = 730.0  # days after which half of a programme's own pace is forgotten

    @property
    def rare(self) -> tuple[tuple[str, float], tuple[str, float]]:
        """What happens seldom, and how often."""
        return ("returned", self.returned), ("gone", self.gone)


# What holds where no programme has been seen: a stage of a year, a meeting a season.
UNSEEN = Learned((1 / 365, 1 / 365), 0.8, 2.0, 1.0, 90.0, 0.1, 400.0, 1e-5, 1e-5, 2.5, 0.8)


def learn(pasts: Iterable[Past]) -> Learned:
    """Learn from programmes, without weights; `UNSEEN` counts as a little of everything."""
    pasts = list(pasts)
    if not pasts:
        return UNSEEN
    stages = max(past.stages for past in pasts)
    seen = [counted(past, stages) for past in pasts]
    sizes = [size for past in pasts for size in batches(past)]
    batch = max(1.01, sum(size**2 for size in sizes) / sum(sizes)) if sizes else UNSEEN.batch
    rates = [_rate(sum(one[0][k] for one in seen), sum(one[1][k] for one in seen)) for k in range(stages)]
    spread = 1.0
    for _round in range(20):  # a pace of its own for each programme and stage
        pairs = [(n, rate * d) for steps, days in seen for n, rate, d in zip(steps, rates, days, strict=True)]
        spread = _shape([(n / batch, expected / batch) for n, expected in pairs])
        rates = [
            _rate(sum(steps[k] for steps, _days in seen), sum(
                days[k] * (spread + steps[k] / batch) / (spread + rates[k] * days[k] / batch)
                for steps, days in seen
            ))
            for k in range(stages)
        ]  # fmt: skip
    ordinary = [gap for past in pasts for gap in past.gaps if gap <= LONG]
    long = [gap - LONG for past in pasts for gap in past.gaps if gap > LONG]
    lasting = [past.quiet - LONG for past in pasts if past.quiet > LONG and past.finished is None]
    shock = _shock(batch, float(np.mean(sizes)) if sizes else 0.0)
    burn = (batch - 1) / (1 + shock)
    seen_share = max(0.5, 1 - (1 + shock * burn) ** (-1 / shock))
    meetings = [len(past.meetings) / seen_share for past in pasts]
    burn = (sum(sizes) + UNSEEN.burn) / (sum(meetings) + 1)
    return Learned(
        tuple(rates),
        spread,
        batch,
        shock,
        (sum(ordinary) * seen_share + UNSEEN.gap) / (len(ordinary) + 1),
        (len(long) + len(lasting) + UNSEEN.freeze) / (len(ordinary) + len(long) + len(lasting) + 1),
        _scale(long, lasting),
        _events(pasts, "returned"),
        _events(pasts, "gone"),
        burn,
        _shape(
            [(sum(steps) / batch, burn * m / batch) for (steps, _days), m in zip(seen, meetings, strict=True)]
        ),
        hardness=_hardness(pasts, seen, rates, spread, batch),
    )


def _shock(batch: float, mean: float) -> float:
    """
    The variance of how productive meetings are, where those at which nothing was settled were not seen.

    Args:
        batch: steps of a meeting as one of them sees it, which does not depend on empty meetings.
        mean: steps of a meeting that was seen.
    """

    def off(shock: float) -> float:
        burn = (batch - 1) / (1 + shock)
        found = burn / (1 - (1 + shock * burn) ** (-1 / shock))
        return float(abs(found - mean) + 0.01 * (shock - UNSEEN.shock) ** 2)

    return min((0.1 * i for i in range(1, 31)), key=off)


def counted(past: Past, stages: int) -> tuple[list[float], list[float]]:
    """Steps from each stage, and the working days that items have spent there."""
    steps, days = [0.0] * stages, [0.0] * stages
    for _item, stage, since, until, ended in past.spells:
        if stage < past.stages:
            steps[stage] += ended == "step"
            days[stage] += past.worked(since, until)
    return steps, days


def batches(past: Past) -> list[int]:
    """How many steps were taken at each meeting."""
    return [sum(1 for one in past.events if one.what == "step" and one.day == day) for day in past.meetings]


def weighted(learned: Learned, scores: Mapping[tuple[float, float], float]) -> Learned:
    """The same with the forgetting and the weight that scored best, moved half-way to equal shares."""
    hazards, half = min(scores.items(), key=lambda pair: (pair[1], pair[0]))[0]
    return replace(learned, hazards=(hazards + 0.5) / 2, half=half)


def _rate(steps: float, days: float) -> float:
    return (steps + 0.5) / (days + 0.5 / UNSEEN.rates[0])


def rare_events(past: Past, what: str) -> tuple[int, float]:
    """How often items were returned, or left, and the working days in which they could."""
    number, days = 0, 0.0
    for _item, stage, since, until, ended in past.spells:
        if (stage == past.stages) == (what == "returned"):
            number += ended == what
            days += past.worked(since, min(until, past.finished or until))
    return number, days


def _events(pasts: Sequence[Past], what: str) -> float:
    found = [rare_events(past, what) for past in pasts]
    return (sum(number for number, _days in found) + 0.1) / (
        sum(days for _number, days in found) + 0.1 / UNSEEN.returned
    )


def _shape(pairs: Sequence[tuple[float, float]]) -> float:
    """The shape of paces: a few programmes do not rule out one of ten times the pace."""
    return _likeliest(SPREADS, 0.5, pairs)


def _likeliest(shapes: Sequence[float], usual: float, pairs: Iterable[tuple[float, float]]) -> float:
    """The shape under which these numbers of steps, beside the expected ones, are likeliest."""

    def likely(shape: float) -> float:
        found = -0.5 * log(shape / usual) ** 2
        for steps, expected in pairs:
            found += lgamma(shape + steps) - lgamma(shape) + shape * log(shape)
            found -= (shape + steps) * log(shape + expected)
        return found

    return max(shapes, key=likely)


def _hardness(
    pasts: Sequence[Past],
    seen: Sequence[tuple[list[float], list[float]]],
    rates: Sequence[float],
    spread: float,
    batch: float,
) -> float:
    """How alike items are, from how many steps each took beside what its programme let expect."""
    pairs: list[tuple[float, float]] = []
    for past, (steps, days) in zip(pasts, seen, strict=True):
        paces = [
            (spread + n / batch) / (spread + rate * d / batch)
            for n, rate, d in zip(steps, rates, days, strict=True)
        ]
        items: dict[str, tuple[float, float]] = {}
        for item, stage, since, until, ended in past.spells:
            if stage < past.stages:
                taken, expected = items.get(item, (0.0, 0.0))
                load = rates[stage] * paces[stage] * past.worked(since, until)
                items[item] = taken + (ended == "step"), expected + load
        pairs += items.values()
    return _likeliest(HARDNESSES, UNSEEN.hardness, pairs)


def _scale(ended: Sequence[float], lasting: Sequence[float]) -> float:
    """The scale of freezes, from those that ended and those that last (Lomax)."""

    def likely(scale: float) -> float:
        found = -0.5 * log(scale / UNSEEN.frozen) ** 2
        found += sum(-log(scale) - (TAIL + 1) * log(1 + days / scale) for days in ended)
        return found + sum(-TAIL * log(1 + days / scale) for days in lasting)

    return max((50.0 * 1.25**i for i in range(20)), key=likely)
