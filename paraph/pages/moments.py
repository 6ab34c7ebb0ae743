"""When was an entry written: as its party claims, and not before and not after, as others say?"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from paraph.acts import Placed
from paraph.node.current import journal
from paraph.node.models import StampRow
from paraph.node.time_tokens import AUTHORITY
from paraph.state import times
from paraph.state.programme import Programme

_MOST = 1_000  # stamps that are looked at for one page


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of the time of one entry besides the claim."""

    after: times.Bound | None  # it knew this, which another party claims to have written then
    before: times.Bound | None  # this knew it, likewise
    receipt: StampRow | None  # a party's node has vouched for it then
    token: StampRow | None  # an authority for time has


def moments(programme: Programme, entries: Sequence[Placed]) -> list[Moments]:
    """The moments of entries, in their order; receipts and tokens are held for the own log only."""
    me = journal().me
    own = [placed.n for placed in entries if placed.log == me]
    found = StampRow.objects.filter(log=me, size__gt=min(own)).order_by("size") if own else None
    stamps = list(found.defer("raw", "token")[:_MOST]) if found is not None else []
    receipts = [one for one in stamps if one.source != AUTHORITY]
    tokens = [one for one in stamps if one.source == AUTHORITY]
    return [
        Moments(
            times.not_before(programme, placed),
            times.not_after(programme, placed),
            _first(receipts, placed.n) if placed.log == me else None,
            _first(tokens, placed.n) if placed.log == me else None,
        )
        for placed in entries
    ]


def latest(moment: Moments) -> datetime | str | None:
    """The earliest time by which the entry existed; what was signed for it before what was only claimed."""
    signed = [one.time for one in (moment.receipt, moment.token) if one is not None]
    return min(signed) if signed else moment.before.at if moment.before else None


def _first(stamps: list[StampRow], n: int) -> StampRow | None:
    """The first stamp that covers entry n."""
    place = bisect_right(stamps, n, key=lambda stamp: stamp.size)
    return min(stamps[place:], key=lambda stamp: stamp.time, default=None)
