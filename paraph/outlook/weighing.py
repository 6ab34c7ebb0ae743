"""Which of the two models has foretold the meetings of a programme better so far?

Before each meeting at which something was settled each model says, from the meetings before it alone, how
likely so many steps were to be taken there after so many days. Who foretold better is believed more, and the
other is not given up: neither is the truth. The stages from which the steps were taken are foretold alike by
both.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.learning import CROWDS, Learned
from paraph.outlook.own import Seen, seen
from paraph.outlook.past import LONG, SHORT, Past

PACES = np.exp(np.linspace(np.log(1e-3), np.log(30), 24))  # of the usual one, that are weighed
Floats = NDArray[np.float64]


def share(past: Past, learned: Learned) -> float:
    """The share of the futures that the stage hazards give, after what was seen."""
    return moved(learned.hazards, better(past, learned))


def moved(before: float, favour: float) -> float:
    """Half-way from a share before what was seen to the one after it."""
    return (before + after(before, favour)) / 2


def after(before: float, favour: float) -> float:
    """A share before what was seen, and after what is so much likelier (logarithm) where it is right."""
    return before / (before + (1 - before) * exp(max(-500.0, min(500.0, -favour))))


def better(past: Past, learned: Learned) -> float:
    """The logarithm of how many times likelier the stage hazards foretold the meetings than the burn-down."""
    known = seen(past, sorted(past.standings), learned.half)
    held = np.flatnonzero(known.steps)
    if not len(held):
        return 0.0
    ends = np.cumsum(known.days)[held]
    kept = np.tril(0.5 ** ((ends[:, None] - ends) / learned.half), -1)  # what an earlier meeting still says
    steps = known.steps[held, None]
    loads = _loads(known, learned, held)
    all_ = loads.sum(0)
    stages = (known.moved[:, held, None] * np.log(loads / all_)).sum(0)
    pulls = known.share[held, None] ** -np.array(CROWDS)
    hazards = [_likely(all_ * pull[:, None], steps, learned.shock) + stages for pull in pulls.T]
    burn = _likely(learned.burn * PACES[None], steps, learned.shock)
    paces = np.log(np.prod(np.meshgrid(*[_prior(learned.spread)] * len(loads)), axis=0)).ravel()
    return (
        _foretold(np.tile(paces, len(CROWDS)), np.concatenate(hazards, axis=1), kept)
        - _foretold(np.log(_prior(learned.burn_spread)), burn, kept)
        - _foretold(paces, stages, kept)
    )


def _loads(known: Seen, learned: Learned, held: NDArray[np.int64]) -> Floats:
    """Steps that are to be expected of the hazards: stage, meeting, pace; all work alike on what is open."""
    count = len(learned.rates)
    open_ = np.maximum(known.spent.sum(2), known.moved / 2)[:, held]
    work = np.where(known.days > LONG, SHORT, np.maximum(known.days, 1.0))[held]
    paces = np.stack([axis.ravel() for axis in np.meshgrid(*[PACES] * count)])
    usual = np.maximum(np.array(learned.rates)[:, None] * open_ * work, 1e-12)
    loads: Floats = usual[:, :, None] * paces[:, None]
    return loads


def _prior(shape: float) -> Floats:
    """How likely each pace is before anything was seen."""
    found = PACES**shape * np.exp(-shape * PACES)
    likely: Floats = found / found.sum()
    return likely


def _likely(mean: Floats, steps: Floats, variance: float) -> Floats:
    """The logarithm of how likely so many steps are where at least one is taken (negative binomial)."""
    spread = np.log1p(mean * variance)
    found: Floats = (
        steps * (np.log(mean * variance) - spread) - spread / variance - np.log(-np.expm1(-spread / variance))
    )
    return found


def _foretold(prior: Floats, likely: Floats, kept: Floats) -> float:
    """The logarithm of how likely all meetings were, each foretold from those before it."""
    before = prior + kept @ likely
    return float((_log_sum(before + likely) - _log_sum(before)).sum())


def _log_sum(logs: Floats) -> Floats:
    most = logs.max(axis=-1, keepdims=True)
    found: Floats = most[..., 0] + np.log(np.exp(logs - most).sum(axis=-1))
    return found
