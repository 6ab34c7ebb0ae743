"""On what does the day depend most, and what would it gain to settle one thing today?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from paraph.outlook.finish import Change, Finish, forecast
from paraph.outlook.learning import Learned
from paraph.outlook.own import Estimate, Floats
from paraph.outlook.schedule import Span, earlier, more_likely

Kind = Literal["model", "pace", "gap", "freeze", "returned", "hard"]
SHARE = 0.2  # the futures in which a cause is smallest, or largest


@dataclass(frozen=True)
class Cause:
    """What nobody knows of the programme yet, and the median day where it turns out well or badly."""

    kind: Kind
    item: str  # the item that is hard or not; else ""
    early: float
    late: float
    moves: Span  # days between them


@dataclass(frozen=True)
class Blocker:
    """An open item: what it gains to settle it today, and how often it is the last one."""

    item: str
    probability: Span  # of being done by the date: how much more likely
    median: Span  # days earlier
    last: float  # share of the futures


def causes(found: Finish) -> list[Cause]:
    """
    The causes by how far they move the median day, the largest first.

    Compared are the fifth of the futures in which a cause is best and that in which it is worst.
    """
    luck = found.luck
    values: dict[tuple[Kind, str], Floats] = {
        ("model", ""): found.first.astype(np.float64),
        ("pace", ""): -np.where(found.first, _rank(luck.pace.mean(axis=0)), _rank(luck.burn)),
        ("gap", ""): luck.gap,
        ("freeze", ""): luck.freeze,
        ("returned", ""): luck.returned,
    }
    places = {item: place for place, item in enumerate(sorted(found.past.standings))}
    values |= {("hard", item): -luck.hard[places[item]] for item in found.open}
    compared = (_compared(found, kind, item, value) for (kind, item), value in values.items())
    return sorted(compared, key=lambda one: (-one.moves.value, one.kind, one.item))


def _rank(values: Floats) -> Floats:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def _compared(found: Finish, kind: Kind, item: str, value: Floats) -> Cause:
    good, bad = (value <= np.quantile(value, SHARE)), (value >= np.quantile(value, 1 - SHARE))
    early, late = (found.done[part].astype(np.float32) for part in (good, bad))
    return Cause(kind, item, float(np.median(early)), float(np.median(late)), earlier(late, early))


def blockers(
    found: Finish, learned: Learned, by: float, seed: int, estimates: dict[str, Estimate] | None = None
) -> Iterator[Blocker]:
    """
    What each open item gains, one at a time; whoever asks puts them in order (`most`).

    Args:
        found: what `forecast` gave with this seed, and these estimates.
        by: the day by which everything is to be settled.
    """
    last = found.last()
    before = found.done.astype(np.float32)
    for item in found.open:
        change = Change(settled=(item,))
        after = forecast(
            found.past, learned, len(found.done), seed, change=change, estimates=estimates, luck=found.luck
        ).done.astype(np.float32)
        yield Blocker(item, more_likely(before, after, by), earlier(before, after), last[item])


def most(found: list[Blocker]) -> list[Blocker]:
    """The largest gain first; among equal ones what is the last most often."""
    return sorted(
        found, key=lambda one: (-round(one.probability.value, 3), -one.median.value, -one.last, one.item)
    )
