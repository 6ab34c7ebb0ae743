"""How long may something take, in a form that is quick to draw from?

A duration is a table of quantiles: 256 cells of equal probability, straight within a cell. The two end
cells keep their mean. The highest one is itself a table of 256 cells, because the last of many road maps
is decided in the tails. Times are in days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.errors import OutlookRefused
from paraph.sentences import _

CELLS = 256
EDGES = 2 * CELLS  # 0 to 255 are edges of the cells, 255 to 511 those of the cells of the highest one
Floats = NDArray[np.float64]
Survival = Callable[[Floats], Floats]  # probability to take longer -> days

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_NORMAL = NormalDist()
_TAIL_NODES, _TAIL_WEIGHTS = np.polynomial.laguerre.laggauss(24)


@dataclass(frozen=True, eq=False)
class Duration:
    """Days that something may take: the edges of its cells, rising."""

    edges: NDArray[np.float32]

    @cached_property
    def mean(self) -> float:
        """The mean of what is drawn from it, days."""
        edges = self.edges.astype(np.float64)
        middle = (edges[1:] + edges[:-1]) / 2
        return float((middle[: CELLS - 1].sum() + middle[CELLS - 1 :].mean()) / CELLS)

    def at(self, probability: float) -> float:
        """The days within which it is done with that probability."""
        below, above = np.arange(CELLS) / CELLS, (CELLS - 1 + np.arange(1, CELLS + 1) / CELLS) / CELLS
        return float(np.interp(probability, np.concatenate([below, above]), self.edges))

    def times(self, factor: float) -> "Duration":
        """The same, each number of days multiplied."""
        return Duration((self.edges * np.float32(_positive(factor))).astype(np.float32))


def fixed(days: float) -> Duration:
    """Exactly so many days."""
    return Duration(np.full(EDGES, _positive(days), np.float32))


def exponential(mean: float) -> Duration:
    """A constant hazard."""
    return _from_survival(lambda s: -_positive(mean) * np.log(s))


def weibull(scale: float, shape: float) -> Duration:
    """A hazard that rises (shape above 1) or falls with the time that has passed."""
    return _from_survival(lambda s: _positive(scale) * (-np.log(s)) ** (1 / _positive(shape)))


def lognormal(median: float, sigma: float) -> Duration:
    """Its logarithm is normal with standard deviation `sigma`."""
    return _from_survival(lambda s: _positive(median) * np.exp(-sigma * _normal_quantile(s)))


def three_points(low: float, likely: float, high: float) -> Duration:
    """What an expert says: at least, most likely, at most; a triangle between them."""
    if not 0 <= low <= likely <= high:
        raise OutlookRefused(_("An estimate names at least, most likely and at most, in rising order."))
    span = high - low
    if span == 0:
        return fixed(low)
    turn = (likely - low) / span  # the probability of less than the most likely

    def quantile(s: Floats) -> Floats:
        left = low + np.sqrt((1 - s) * span * (likely - low))
        right = high - np.sqrt(s * span * (high - likely))
        return np.where(1 - s < turn, left, right)

    return _from_survival(quantile)


def observed(days: Sequence[float] | Floats) -> Duration:
    """What was seen in as many futures or cases."""
    seen = np.sort(np.asarray(days, np.float64))
    if not len(seen) or seen[0] < 0:
        raise OutlookRefused(
            _("A duration is learned from at least one number of days, none of them negative.")
        )
    places = (np.arange(len(seen)) + 0.5) / len(seen)
    return _from_survival(lambda s: np.interp(1 - s, places, seen))


def _positive(number: float) -> float:
    if not 0 <= number < 1e7:
        raise OutlookRefused(_("A number of days lies between 0 and 10,000,000."))
    return float(number)


def _from_survival(quantile: Survival) -> Duration:
    """
    Put a distribution into cells.

    An edge is lowered or raised by what straight cells beside it would miss of their means, so that the mean
    of the whole holds; the ends are set by the means of their cells.
    """
    low = np.arange(CELLS) / CELLS
    high = (CELLS - 1 + np.arange(CELLS + 1) / CELLS) / CELLS
    at = np.concatenate([low[:-1], high])  # probability below each edge
    inner = quantile(1 - at[1:-1])
    means = _means(quantile, at)
    edges = np.concatenate([[0.0], inner, [0.0]])
    missed = (edges[1:] + edges[:-1]) / 2 - means
    missed[0], missed[-1] = missed[1], missed[-2]
    edges[1:-1] -= (missed[1:] + missed[:-1]) / 2
    edges[0] = max(0.0, 2 * means[0] - edges[1])
    edges[-1] = 2 * means[-1] - edges[-2]
    return Duration(np.maximum.accumulate(edges).astype(np.float32))


def _means(quantile: Survival, at: Floats) -> Floats:
    """The mean within each cell; the last one by its exponential tail, which may have no end."""
    middle, half = (at[1:-1] + at[:-2]) / 2, (at[1:-1] - at[:-2]) / 2
    points = 1 - (middle[:, None] + half[:, None] * _NODES)
    inner = quantile(points.ravel()).reshape(points.shape) @ _WEIGHTS / 2
    last = (1 - at[-2]) * np.exp(-_TAIL_NODES)
    return np.append(inner, quantile(last) @ _TAIL_WEIGHTS)


def _normal_quantile(s: Floats) -> Floats:
    """The standard normal quantile of each probability."""
    return np.array([_NORMAL.inv_cdf(one) for one in s.ravel()]).reshape(s.shape)
