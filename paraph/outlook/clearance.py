"""When will all be settled, if what is not cleared at home has to wait for that?

A party's own forecast: it takes the futures of the joint one and lets each item that the party's government
has not approved wait for that. How long it takes is learned from what it has approved, and stays uncertain.
What is given here is internal; so is the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from paraph.outlook.draws import task_key, uniforms
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import HORIZON, Finish
from paraph.sentences import _


@dataclass(frozen=True)
class Clearance:
    """What is known of clearance at home: how many days it took, and has lasted where it is open."""

    took: tuple[float, ...]  # days from opening to approval, of each that is cleared
    lasts: Mapping[str, float]  # open item that waits for it -> days since it was opened

    @property
    def mean(self) -> float:
        """Days that one took on average, those still waiting counted as days without one."""
        return (sum(self.took) + sum(self.lasts.values())) / len(self.took)


def clearance(found: Finish, opened: Mapping[str, float], cleared: Mapping[str, float]) -> Clearance:
    """
    Read what a party knows of its own clearances.

    Args:
        opened: item -> the day on which it was opened.
        cleared: item -> the day on which its draft was approved at home; it counts as one day at least.

    Raises:
        OutlookRefused: nothing is cleared, so that there is no pace to learn from.
    """
    today = found.past.as_of
    took = [max(1.0, min(cleared[item], today) - opened[item]) for item in sorted(opened) if item in cleared]
    if not took:
        raise OutlookRefused(
            _(
                "No draft is kept as approved at home, so there is no pace to learn from."
                " Keep approved drafts on the page Scrub and verification of a road map."
            )
        )
    lasts = {item: max(1.0, today - opened[item]) for item in found.open if item not in cleared}
    return Clearance(tuple(took), lasts)


def internal(found: Finish, known: Clearance, seed: int) -> Finish:
    """
    The same futures, in which what waits for clearance is settled no earlier than it is cleared.

    Clearances come at a constant rate a day; each future has its own, drawn from what is known (a gamma
    distribution of as many events in as many days), and its own luck for each item.
    """
    futures = len(found.done)
    days = sum(known.took) + sum(known.lasts.values())
    rate = np.random.Generator(np.random.Philox(seed)).gamma(len(known.took), size=futures) / days
    which = np.arange(futures, dtype=np.uint32)
    today, of = found.past.as_of, dict(found.of)
    for item in known.lasts:
        luck = uniforms(task_key(seed, f"clearance {item}"), 0, which)
        of[item] = np.maximum(of[item], np.minimum(today - np.log(luck) / rate, today + HORIZON))
    return replace(found, of=of, done=np.max(list(of.values()), axis=0, initial=today))
