"""Between which times was an entry written, as far as others say?

The time in an entry is claimed by its own party. Not before: the latest time that another party
claims for an entry which it knew. Not after: the earliest time that another party claims for an
entry which knew it. Receipts and tokens, where a node holds them, say more; they are not in the
record. Nothing is decided by any of these.
"""

from bisect import bisect_right
from dataclasses import dataclass

from paraph.acts import Placed
from paraph.state.programme import Programme


@dataclass(frozen=True, slots=True)
class Bound:
    """A time, and the entry of another party that claims it."""

    at: str
    by: Placed


def not_before(programme: Programme, placed: Placed) -> Bound | None:
    """The latest time claimed by others for what the entry knew; None where it knew nothing of others."""
    found = [
        programme.logs[log].entries[size - 1]
        for log, size in placed.past.items()
        if log != placed.log and size
    ]
    last = max(found, key=lambda entry: entry.at, default=None)
    return Bound(last.at, last) if last else None


def not_after(programme: Programme, placed: Placed) -> Bound | None:
    """The earliest time claimed by another party for an entry that knew this one; None where none did."""
    found = [first_after(programme, placed, log) for log in programme.parties if log != placed.log]
    known = [Bound(entry.at, entry) for entry in found if entry is not None]
    return min(known, key=lambda bound: bound.at, default=None)


def first_after(programme: Programme, placed: Placed, log: str) -> Placed | None:
    """The first entry of a log, its own or another, that knew this one; None where none did."""
    entries = programme.logs[log].entries
    if log == placed.log:
        first = placed.n + 1
    else:
        first = bisect_right(entries, placed.n, key=lambda entry: entry.past.get(placed.log, 0))
    return entries[first] if first < len(entries) else None
