"""What would have been said of this programme in earlier months, and was it so?

No forecast on record is needed: what was known at the end of each month is read from the past as it stood
then. It is a weaker test than the ledger, for whoever made the model knew how things went on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from paraph.outlook.finish import forecast
from paraph.outlook.learning import Learned
from paraph.outlook.past import Past
from paraph.outlook.scores import pit

AHEAD = 91  # days


@dataclass(frozen=True)
class Looked:
    """At the end of a month: how many items would be settled a quarter later, and how many were."""

    day: int
    low: int  # settled in at least so many in 90 of 100 futures
    middle: int
    high: int
    truth: int
    pit: float

    @property
    def inside(self) -> bool:
        """Say whether the truth lies in the range of 80 %."""
        return self.low <= self.truth <= self.high


def months(past: Past) -> Iterator[int]:
    """The ends of the months since the first step, as far as the quarter after them has passed."""
    day = past.meetings[0] if past.meetings else past.as_of
    month = date.fromordinal(int(day)).replace(day=1)
    while True:
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
        end = month.toordinal() - 1
        if end + AHEAD > past.as_of:
            return
        if past.upto(end).standings:
            yield end


def looked_back(
    past: Past, ends: Iterable[int], learned: Learned, futures: int, seed: int
) -> Iterator[Looked]:
    """What would have been said on each of these days, and what was so a quarter later."""
    for end in ends:
        then = past.upto(end)
        found = forecast(then, learned, futures, seed).settled(end + AHEAD)
        known = past.upto(end + AHEAD).standings
        truth = sum(1 for item in then.standings if item not in known or known[item].stage == past.stages)
        low, middle, high = np.quantile(found, [0.1, 0.5, 0.9], method="inverted_cdf")
        yield Looked(end, int(low), int(middle), int(high), truth, pit(found, truth))
