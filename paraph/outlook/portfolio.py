"""What comes of very many futures, and where are they played: here, or by Dask workers?

A portfolio is cut into blocks of numbers that know nothing of each other: random numbers come from their keys
(`draws.py`), so a block gives the same bytes wherever it is played. The first two are played here and timed;
where all of them would take more than ten minutes of processor time, the others go to the workers of a Dask
scheduler, if one is named. What goes there are numbers: days, counts, keys. Names of road maps stay here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from math import comb
from time import thread_time
from typing import Any, TypeVar

import numpy as np

from paraph.outlook.draws import task_key
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.finish import Change, forecast
from paraph.outlook.learning import Learned
from paraph.outlook.past import Past
from paraph.outlook.schedule import Span, earlier, more_likely
from paraph.sentences import _

LONG = 600.0  # processor seconds beyond which a portfolio goes to workers
MOST = 1_000_000  # sets of one portfolio
_TOGETHER = 32  # sets in a block
_AHEAD = 256  # blocks that wait at the scheduler at a time
T = TypeVar("T")


def carried_out(work: Callable[..., T], blocks: Sequence[tuple[Any, ...]], dask: str = "") -> Iterator[T]:
    """
    What the work gives for each block, in their order.

    Args:
        work: a function of a module, whose answer follows from the block alone.
        dask: the address of a scheduler; all is done here where it is left out.

    Raises:
        OutlookRefused: the workers cannot be reached; what has been done here is lost.
    """
    seconds = []
    for block in blocks[:2]:  # the first one may wait for the compiler
        begun = thread_time()
        yield work(*block)
        seconds.append(thread_time() - begun)
    left = blocks[2:]
    if dask and left and min(seconds) * len(blocks) > LONG:
        yield from _by_workers(work, left, dask)
    else:
        yield from (work(*block) for block in left)


def _by_workers(work: Callable[..., T], blocks: Sequence[tuple[Any, ...]], address: str) -> Iterator[T]:
    try:
        from distributed import Client
    except ImportError:
        raise OutlookRefused(
            _("Dask is not installed here: install paraph with its part `workers`, or leave `dask` empty.")
        ) from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OutlookRefused(
            _("No Dask scheduler answers at %(address)s: %(reason)s"), address=address, reason=str(error)
        ) from None
    with client:
        rest = iter(blocks)
        asked = [client.submit(work, *block, pure=False) for block in islice(rest, _AHEAD)]
        while asked:
            found = asked.pop(0)
            yield found.result()
            asked += [client.submit(work, *block, pure=False) for block in islice(rest, 1)]


# ---------------------------------------------------------------- what helps together


@dataclass(frozen=True)
class Together:
    """Road maps, and what it gains to settle all of them today."""

    items: tuple[str, ...]
    probability: Span  # of being done by the date: how much more likely
    median: Span  # days earlier


def together(
    past: Past, learned: Learned, size: int, by: float, futures: int, seed: int, dask: str = ""
) -> list[Together]:
    """
    For every set of so many open items, what it gains to settle them today; the largest gain first.

    Two that both last until winter gain nothing alone and everything together, so sets are played as sets,
    all in the same futures.

    Raises:
        OutlookRefused: there are fewer open items, or too many sets.
    """
    items = sorted(past.standings)
    open_ = [i for i, item in enumerate(items) if past.standings[item].stage < past.stages]
    if not 1 <= size <= len(open_):
        raise OutlookRefused(_("%(n)s road maps are open: name a number from 1 to that."), n=len(open_))
    if comb(len(open_), size) > MOST:
        raise OutlookRefused(_("These are more than %(n)s sets: name a smaller number."), n=MOST)
    keys = tuple(task_key(seed, item) for item in items)
    numbered = _numbered(past, items)
    sets = combinations(open_, size)
    blocks = []
    while block := tuple(islice(sets, _TOGETHER)):
        blocks.append((numbered, keys, learned, by, futures, seed, block))
    found = [
        Together(tuple(items[i] for i in chosen), Span(*row[:3]), Span(*row[3:]))
        for block, rows in zip(blocks, carried_out(_gained, blocks, dask), strict=True)
        for chosen, row in zip(block[-1], rows, strict=True)
    ]
    return sorted(found, key=lambda one: (-round(one.probability.value, 3), -one.median.value, one.items))


def _numbered(past: Past, items: Sequence[str]) -> Past:
    """The same past, in which items have numbers in place of names."""
    number = {item: f"{i:05}" for i, item in enumerate(items)}
    for event in past.events:  # those that have left come after the others
        number.setdefault(event.item, f"{len(number):05}")
    events = tuple(replace(event, item=number[event.item]) for event in past.events)
    after = {
        number[item]: tuple(number[one] for one in others if one in number)
        for item, others in past.after.items()
        if item in number
    }
    left = {number[item]: counts for item, counts in past.left.items() if item in number}
    return replace(past, name="", events=events, after=after, left=left)


def _gained(
    past: Past, keys: tuple[int, ...], learned: Learned, by: float, futures: int, seed: int,
    sets: tuple[tuple[int, ...], ...],
) -> list[tuple[float, ...]]:  # fmt: skip
    """For each set: value, low and high of how much more likely, and of how many days earlier."""
    found = forecast(past, learned, futures, seed, keys=keys)
    before, rows = found.done.astype(np.float32), []
    for chosen in sets:
        change = Change(settled=tuple(f"{i:05}" for i in chosen))
        after = forecast(past, learned, futures, seed, keys=keys, change=change, luck=found.luck)
        spans = (more_likely(before, then := after.done.astype(np.float32), by), earlier(before, then))
        rows.append(tuple(float(n) for span in spans for n in (span.value, span.low, span.high)))
    return rows
