"""When can each job begin, if one after the other takes the first free place? Compiled where numba is there.

Imported by nothing but `planning.py`. Jobs are numbered so that none precedes what it waits for; what comes
before (or after) job i stands in `before` from `before_at[i]` on.
"""

from typing import Any

import numpy as np

try:
    from numba import njit
except ImportError:

    def njit(**_options: Any) -> Any:
        """Leave it as it stands: the same plans, slower."""
        return lambda function: function


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def placed(
    order: Any, days: Any, before_at: Any, before: Any, needs: Any, room: Any, used: Any, ends: Any
) -> Any:
    """Let the jobs take, in this order, the first free place; fill `ends`, return the last of them."""
    used[:] = 0
    last = 0
    for i in order:
        begin = 0
        for j in range(before_at[i], before_at[i + 1]):
            begin = max(begin, ends[before[j]])
        day = begin
        while day < begin + days[i]:
            full = False
            for k in range(len(room)):
                full = full or used[day, k] + needs[i, k] > room[k]
            day += 1
            if full:
                begin = day
        for day in range(begin, begin + days[i]):
            for k in range(len(room)):
                used[day, k] += needs[i, k]
        ends[i] = begin + days[i]
        last = max(last, ends[i])
    return last


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def improved(
    order: Any, days: Any, before_at: Any, before: Any, after_at: Any, after: Any, needs: Any, room: Any,
    used: Any, ends: Any,
) -> Any:  # fmt: skip
    """
    Place the jobs, move them to the end and back to the beginning; return the last day.

    `order` and `ends` are those of the last pass: by the day on which each begins.
    """
    placed(order, days, before_at, before, needs, room, used, ends)
    order[:] = np.argsort(ends, kind="mergesort")[::-1]
    placed(order, days, after_at, after, needs, room, used, ends)
    order[:] = np.argsort(
        -ends, kind="mergesort"
    )  # of the plan seen from its end: what begins first ends last
    last = placed(order, days, before_at, before, needs, room, used, ends)
    order[:] = np.argsort(ends - days, kind="mergesort")
    return last


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def bred(
    orders: Any, lasts: Any, totals: Any, chances: Any, best: Any, days: Any, before_at: Any, before: Any,
    after_at: Any, after: Any, needs: Any, room: Any, used: Any, ends: Any,
) -> None:  # fmt: skip
    """
    Make one new order from two others for each row of chances; it takes the place of the worst.

    A piece of one order is put into the other, neighbours change places here and there.

    Args:
        orders: orders that are kept; `lasts` their last days, `totals` the sums of all ends: where both are
            equal, the plan is taken for the same and left out.
        chances: numbers between 0 and 1: six, and one for each place.
        best: the ends of the best plan, and its last day in the place beyond; replaced by better ones.
    """
    count = len(days)
    child = np.empty(count, np.int64)
    there = np.empty(count, np.bool_)
    for chance in chances:
        picked = (chance[:4] * len(orders)).astype(np.int64)
        one = picked[0] if lasts[picked[0]] <= lasts[picked[1]] else picked[1]
        two = picked[2] if lasts[picked[2]] <= lasts[picked[3]] else picked[3]
        first, beyond = int(chance[4] * count), int(chance[5] * count)
        if first > beyond:
            first, beyond = beyond, first
        there[:] = False
        place = 0
        for i in orders[one, :first]:
            child[place] = i
            there[i] = True
            place += 1
        for i in orders[two]:
            if place < beyond and not there[i]:
                child[place] = i
                there[i] = True
                place += 1
        for i in orders[one]:
            if not there[i]:
                child[place] = i
                place += 1
        for place in range(count - 1):
            if chance[6 + place] < 0.05:
                i, j = child[place], child[place + 1]
                bound = False
                for k in range(before_at[j], before_at[j + 1]):
                    bound = bound or before[k] == i
                if not bound:
                    child[place], child[place + 1] = j, i
        last = improved(child, days, before_at, before, after_at, after, needs, room, used, ends)
        worst = np.argmax(lasts)
        total = ends.sum()
        known = False
        for k in range(len(lasts)):
            known = known or (lasts[k] == last and totals[k] == total)
        if last <= lasts[worst] and not known:
            orders[worst] = child
            lasts[worst] = last
            totals[worst] = total
        if last < best[count]:
            best[:count] = ends
            best[count] = last
