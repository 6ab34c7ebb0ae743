"""Do eighty of a hundred things happen within what was said of them in eighty of a hundred futures?

Programmes are made as the model says, forecast part of the way, and compared with what came. There the model
is true: the place of what came among the futures is uniform, unless a forecast reads its past wrongly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.draws import task_key, uniforms
from paraph.outlook.finish import HORIZON, by_hazards, forecast, play
from paraph.outlook.learning import FOREVER, UNSEEN, Learned
from paraph.outlook.own import own
from paraph.outlook.past import Event, Past
from paraph.outlook.portfolio import carried_out
from paraph.outlook.scores import counts, crps, uniform

BEGUN = 730_000.0
ITEMS = 33
TENTHS_99 = 21.7  # chi-squared of counts in tenths that one in a hundred good forecasts exceeds
SLOPE = 0.7  # of how far more that is left slows a generated road map
Days = NDArray[np.float64]
Left = dict[str, tuple[tuple[float, int], ...]]

# Nothing is forgotten, returned or dropped, and nothing was learned from others.
MODEL = replace(UNSEEN, half=FOREVER, returned=1e-9, gone=1e-9)


@dataclass(frozen=True)
class Calibration:
    """Where what happened stood among the futures, from 0 to 1."""

    all: tuple[float, ...]  # of the day on which everything was settled, one a programme
    each: tuple[float, ...]  # of each road map that was open

    def lines(self) -> Iterator[str]:
        """What a reader is told."""
        for what, places in (("all", self.all), ("single road maps", self.each)):
            yield (
                f"{what}: {coverage(places):.3f} of {len(places)} within 80 % (goal 0.76 to 0.84);"
                f" in tenths {counts(places, 10)}"
            )
        found = uniform(self.all, 10)
        yield f"all, chi-squared {found:.1f}: {'uniform' if found < TENTHS_99 else 'not uniform'} at 1 %"


def coverage(places: tuple[float, ...]) -> float:
    """The share that lies within the middle 80 %."""
    return sum(1 for place in places if 0.1 <= place <= 0.9) / len(places)


def calibrate(
    learned: Learned, programmes: int, futures: int, seed: int, latest: float = 1500.0, dask: str = ""
) -> Calibration:
    """
    Forecast as many generated programmes, each on a day drawn up to the latest one, and place what came.

    Args:
        latest: days from the beginning; 0 forecasts all of them from the beginning.
        dask: the scheduler whose workers take part where it takes long (`portfolio.py`).
    """
    days = BEGUN + latest * uniforms(task_key(seed, "asked"), 0, np.arange(programmes, dtype=np.uint32))
    blocks = [
        (steps, float(days[number]), learned, futures, seed + 1 + number)
        for number, steps in enumerate(generated(learned, programmes, seed))
    ]
    ties = np.random.Generator(np.random.Philox(seed))
    whole, each = [], []
    for places in carried_out(_placed, blocks, dask):
        found = [float(below + ties.uniform() * equal) for below, equal in places]
        whole += found[:1]
        each += found[1:]
    return Calibration(tuple(whole), tuple(each))


def _placed(steps: Days, day: float, learned: Learned, futures: int, seed: int) -> Days:
    """The shares of futures before what came, and on its day: of all, then of each item that was open."""
    found = forecast(known(steps, day), learned, futures, seed)
    came = np.minimum(steps[-1], day + HORIZON)
    open_ = np.flatnonzero(came > day).tolist()
    if not open_:
        return np.empty((0, 2))
    compared = [(found.done, came.max()), *((found.of[_name(i)], came[i]) for i in open_)]
    return np.array([((sample < then).mean(), (sample == then).mean()) for sample, then in compared])


@dataclass(frozen=True)
class Reading:
    """Where what happened stood among the futures of who read how much was left, or did not."""

    places: tuple[float, ...]  # of each road map that was open
    crps: float  # days, mean

    def line(self, what: str) -> str:
        """What a reader is told."""
        share = coverage(self.places)
        return f"{what}: {share:.3f} of {len(self.places)} within 80 %, CRPS {self.crps:.0f} days"


def with_what_is_left(
    learned: Learned, programmes: int, futures: int, seed: int, dask: str = ""
) -> tuple[Reading, Reading]:
    """
    Forecast programmes in which a road map takes the longer the more is left in it.

    Returns:
        What is found by who reads the brackets, options and reserves, and by who does not.
    """
    days = 1500 * uniforms(task_key(seed, "asked"), 0, np.arange(programmes, dtype=np.uint32))
    blocks = [
        (steps, left, float(BEGUN + days[number]), learned, futures, seed + 1 + number)
        for number, (steps, left) in enumerate(_slowed(learned, programmes, seed))
    ]
    rows = np.concatenate(list(carried_out(_both_ways, blocks, dask)))
    ties = np.random.Generator(np.random.Philox(seed)).uniform(size=len(rows))
    one, other = (
        Reading(tuple((way[:, 0] + ties * way[:, 1]).tolist()), float(way[:, 2].mean()))
        for way in (rows[:, :3], rows[:, 3:])
    )
    return one, other


def _slowed(learned: Learned, programmes: int, seed: int) -> Iterator[tuple[Days, Left]]:
    """
    The days on which road maps in co-ordination are agreed, and what was counted in each every two months.

    What is counted goes up and down about a level that slows the road map; its logarithm is off by a half.
    """
    names = [_name(i) for i in range(ITEMS)]
    rng = np.random.Generator(np.random.Philox(seed))
    new = _begun(names, ())
    level = rng.gamma(1.0, 10.0, size=(ITEMS, programmes)).round()
    slower = (1 + level) ** -SLOPE
    luck = own(new, learned, names, np.full(programmes, True), seed)
    luck = replace(luck, hard=luck.hard * slower / slower.mean())
    steps = play(new, learned, luck, names, programmes, seed).hazard_steps.reshape(2, ITEMS, programmes)[1]
    when = BEGUN + np.arange(0.0, 1500.0, 60.0)
    for number in range(programmes):
        told = level[:, number, None] * np.exp(rng.normal(0.0, 0.5, (ITEMS, len(when))))
        counted = {
            name: tuple((float(day), int(one)) for day, one in zip(when, row, strict=True))
            for name, row in zip(names, told, strict=True)
        }
        yield steps[:, number], counted


def _both_ways(steps: Days, left: Left, day: float, learned: Learned, futures: int, seed: int) -> Days:
    """For each open road map, with what is left and without: shares before its day, and on it, CRPS."""
    names = [_name(i) for i in range(ITEMS)]
    taken = [Event(float(one), name, "step") for one, name in zip(steps, names, strict=True) if one <= day]
    unread = replace(_begun(names, sorted(taken, key=lambda one: (one.day, one.item))), as_of=day)
    came = np.minimum(steps, day + HORIZON)
    ways = [
        forecast(one, replace(learned, hazards=1.0), futures, seed)
        for one in (replace(unread, left=left).upto(day), unread)
    ]
    rows = [
        [
            figure
            for found in ways
            for figure in (
                (found.of[names[i]] < came[i]).mean(),
                (found.of[names[i]] == came[i]).mean(),
                crps(found.of[names[i]], float(came[i])),
            )
        ]
        for i in np.flatnonzero(came > day)
    ]
    return np.array(rows).reshape(-1, 6)


def _begun(names: Sequence[str], taken: Sequence[Event]) -> Past:
    events = (*(Event(BEGUN, name, "enters", 1) for name in names), *taken)
    return Past("generated", 2, BEGUN, BEGUN, events)


def generated(learned: Learned, programmes: int, seed: int) -> Iterator[Days]:
    """The days of the steps (stage, road map) of programmes that the model makes; infinite where never."""
    names = [_name(i) for i in range(ITEMS)]
    new = known(np.full((len(learned.rates), ITEMS), np.inf), BEGUN)
    hazards = by_hazards(learned.hazards, programmes, seed)
    luck = own(new, learned, names, hazards, seed)
    played = play(new, learned, luck, names, programmes, seed)
    steps = played.hazard_steps.reshape(new.stages, ITEMS, programmes)
    for number in range(programmes):
        found = steps[:, :, number].copy()
        if not hazards[number]:  # the days of the burn-down, in the order of the hazards
            order = np.argsort(found, axis=None, kind="stable")
            found.flat[order] = played.burn_steps[:, number]
            found[found >= BEGUN + HORIZON] = np.inf
        yield found


def known(steps: Days, day: float) -> Past:
    """What is known of such a programme on a day."""
    events = [Event(BEGUN, _name(i), "enters") for i in range(ITEMS)]
    taken = [
        Event(float(steps[k, i]), _name(i), "step")
        for k in range(len(steps))
        for i in range(ITEMS)
        if steps[k, i] <= day
    ]
    taken.sort(key=lambda event: (event.day, event.item))
    return Past("generated", len(steps), BEGUN, day, (*events, *taken))


def _name(number: int) -> str:
    return f"m{number:02}"
