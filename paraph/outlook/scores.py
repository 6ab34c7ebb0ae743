"""How good was a forecast, once it is known what happened?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float64]


def brier(probability: float, happened: bool) -> float:
    """The squared distance of a probability from what happened: 0 is best, 1 worst, 0.25 says nothing."""
    return (probability - happened) ** 2


def crps(sample: Days, day: float) -> float:
    """
    The continuous ranked probability score of a sample against the day on which it happened, days.

    The mean distance to that day, less half the mean distance within the sample; of a single number it is the
    error.
    """
    days = np.sort(np.asarray(sample, np.float64))
    count = len(days)
    within = 2 * float(((2 * np.arange(1, count + 1) - count - 1) * days).sum()) / count**2
    return float(np.abs(days - day).mean()) - within / 2


def crps_censored(sample: Days, day: float) -> float:
    """The same, where it is known only that it has not happened by then: what was expected before counts."""
    return crps(np.minimum(sample, day), day)


def pit(sample: Days, day: float) -> float:
    """Where the day stands in the forecast, from 0 to 1; uniform over many good forecasts."""
    days = np.asarray(sample, np.float64)
    return float((days < day).mean() + (days == day).mean() / 2)


def counts(values: Sequence[float], cells: int = 5) -> list[int]:
    """How many stand in each of so many equal cells between 0 and 1."""
    found = [0] * cells
    for value in values:
        found[min(cells - 1, int(value * cells))] += 1
    return found


def uniform(values: Sequence[float], cells: int = 5) -> float:
    """Chi-squared of these counts against equal ones, with `cells` - 1 degrees of freedom."""
    expected = len(values) / cells
    return sum((count - expected) ** 2 / expected for count in counts(values, cells))
