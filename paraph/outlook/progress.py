"""Is a road map settled sooner when fewer brackets, options and reserves are left in it?

At every meeting at which something was settled, what was left in that is compared with what was left in all
that stood beside it. This tells a slope in which no pace, gap or freeze has a part. It is drawn towards zero:
a record that says little moves nothing. One that says the contrary is believed too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.past import Past

SLOPES = np.arange(-20, 21) / 10  # of the logarithm of the rate, by that of one more than is left
DOUBT = 0.5  # the slope is this far from zero, give or take, before the record speaks
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Slope:
    """How what is left slows the last stage."""

    slope: float
    usual: float  # the mean of what it does to the rate, over all that stood together

    def factor(self, left: int | None) -> float:
        """What the rate is multiplied by; 1 where it is not known what is left."""
        return 1.0 if left is None else float((1 + left) ** -self.slope / self.usual)


def learned(past: Past) -> Slope:
    """The slope that a programme's own record tells."""
    likely = -0.5 * (SLOPES / DOUBT) ** 2
    beside: list[Floats] = []
    for day in past.meetings if past.left else ():
        stood = [
            (float(count), ended == "step" and until == day)
            for item, stage, since, until, ended in past.spells
            if stage == past.stages - 1 and since < day <= until
            if (count := past.left_before(item, day)) is not None
        ]
        if not stood:
            continue
        left: Floats = np.log1p(np.array([count for count, _moved in stood]))
        moved = np.array([moved for _count, moved in stood])
        beside.append(left)
        among = np.log(np.exp(-np.outer(SLOPES, left)).sum(axis=1))
        likely = likely - SLOPES * left[moved].sum() - moved.sum() * among
    if not beside:
        return Slope(0.0, 1.0)
    chances = np.exp(likely - likely.max())
    slope = float((SLOPES * chances).sum() / chances.sum())
    return Slope(slope, float(np.exp(-slope * np.concatenate(beside)).mean()))


def factors(past: Past, items: Sequence[str], days: Sequence[float]) -> Floats:
    """What the rates of the last stage are multiplied by, before each of these days (day, item)."""
    slope = learned(past)
    return np.array([[slope.factor(past.left_before(item, day)) for item in items] for day in days])
