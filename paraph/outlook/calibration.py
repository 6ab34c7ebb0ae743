"""Do eighty of a hundred things happen within what was said of them in eighty of a hundred futures?

Programmes are made as the model says, forecast part of the way, and compared with what came. There the model
is true: the place of what came among the futures is uniform, unless a forecast reads its past wrongly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.draws import task_key, uniforms
from paraph.outlook.finish import HORIZON, by_hazards, forecast, play
from paraph.outlook.learning import FOREVER, UNSEEN, Learned
from paraph.outlook.own import own
from paraph.outlook.past import Event, Past
from paraph.outlook.scores import counts, uniform

BEGUN = 730_000.0
ITEMS = 33
TENTHS_99 = 21.7  # chi-squared of counts in tenths that one in a hundred good forecasts exceeds
Days = NDArray[np.float64]

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
    learned: Learned, programmes: int, futures: int, seed: int, latest: float = 1500.0
) -> Calibration:
    """
    Forecast as many generated programmes, each on a day drawn up to the latest one, and place what came.

    Args:
        latest: days from the beginning; 0 forecasts all of them from the beginning.
    """
    days = BEGUN + latest * uniforms(task_key(seed, "asked"), 0, np.arange(programmes, dtype=np.uint32))
    ties = np.random.Generator(np.random.Philox(seed))
    whole, each = [], []
    for number, steps in enumerate(generated(learned, programmes, seed)):
        day = float(days[number])
        found = forecast(known(steps, day), learned, futures, seed + 1 + number)
        came = np.minimum(steps[-1], day + HORIZON)
        open_ = np.flatnonzero(came > day).tolist()
        if open_:
            whole.append(_place(found.done, float(came.max()), ties))
            each += [_place(found.of[_name(i)], float(came[i]), ties) for i in open_]
    return Calibration(tuple(whole), tuple(each))


def generated(learned: Learned, programmes: int, seed: int) -> Iterator[Days]:
    """The days of the steps (stage, road map) of programmes that the model makes; infinite where never."""
    names = [_name(i) for i in range(ITEMS)]
    new = known(np.full((len(learned.rates), ITEMS), np.inf), BEGUN)
    hazards = by_hazards(learned, programmes, seed)
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


def _place(sample: Days, day: float, ties: np.random.Generator) -> float:
    """The place of a day in a sample; among equal ones (the horizon's end) by chance."""
    return float((sample < day).mean() + ties.uniform() * (sample == day).mean())
