"""When can each job begin, if one after the other takes the first free place? Compiled where numba is there.

Imported by nothing but `planning.py`. Jobs are numbered so that none precedes what it waits for; what comes
before (or after) job i stands in `before` from `before_at[i]` on. What jobs need of the resources is packed
in whole words, a field for each resource with a bit above it: what is left of a day has all these bits set,
and keeps them after a subtraction where enough is left of everything.
"""

from typing import Any

import numpy as np

try:
    from numba import njit
except ImportError:

    def njit(**_options: Any) -> Any:
        """Leave it as it stands: the same plans, slower."""
        return lambda function: function


MOVED = 0.8  # the chance that one more job moves


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def placed(
    order: Any, days: Any, before_at: Any, before: Any, needs: Any, room: Any, guard: Any, left: Any,
    ends: Any,
) -> Any:  # fmt: skip
    """Let the jobs take, in this order, the first free place; fill `ends`, return the last of them."""
    words = len(guard)
    most, above, free, need = room[0], guard[0], left[0], needs[0]  # as a rule the only word
    last = untouched = 0
    for i in order:
        day = 0
        for j in range(before_at[i], before_at[i + 1]):
            day = max(day, ends[before[j]])
        lasts = days[i]
        end = day + lasts
        wanted = need[i]
        while day < end:
            while day < end:
                while untouched < end:
                    free[untouched] = most
                    for word in range(1, words):
                        left[word, untouched] = room[word]
                    untouched += 1
                if (free[day] - wanted) & above != above:
                    end = day + 1 + lasts
                day += 1
            for word in range(1, words):
                for at in range(day - lasts, day):
                    if (left[word, at] - needs[word, i]) & guard[word] != guard[word]:
                        end = at + 1 + lasts
        for day in range(end - days[i], end):
            free[day] -= need[i]
            for word in range(1, words):
                left[word, day] -= needs[word, i]
        ends[i] = end
        last = max(last, end)
    return last


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def by_day(days: Any, places: Any, order: Any) -> None:
    """Fill `order` with the jobs, by day and then by number; `places` has room for one day more."""
    places[: days.max() + 2] = 0
    for day in days:
        places[day + 1] += 1
    for day in range(days.max() + 1):
        places[day + 1] += places[day]
    for i in range(len(days)):
        order[places[days[i]]] = i
        places[days[i]] += 1


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def improved(
    order: Any, days: Any, before_at: Any, before: Any, after_at: Any, after: Any, needs: Any, room: Any,
    guard: Any, left: Any, places: Any, ends: Any,
) -> Any:  # fmt: skip
    """
    Place the jobs, move them to the end and back to the beginning; return the last day.

    `order` and `ends` are those of the last pass: by the day on which each begins.
    """
    placed(order, days, before_at, before, needs, room, guard, left, ends)
    by_day(ends, places, order)
    last = placed(order[::-1], days, after_at, after, needs, room, guard, left, ends)
    by_day(last - ends, places, order)  # of the plan seen from its end: what begins first ends last
    last = placed(order, days, before_at, before, needs, room, guard, left, ends)
    by_day(ends - days, places, order)
    return last


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def begun(
    orders: Any, lasts: Any, totals: Any, urgent: Any, best: Any, days: Any, before_at: Any, before: Any,
    after_at: Any, after: Any, needs: Any, room: Any, guard: Any, left: Any, places: Any, ends: Any,
) -> None:  # fmt: skip
    """Fill `orders`, `lasts` and `totals`: of what can begin, the most urgent job comes first."""
    count = len(days)
    missing = np.empty(count, np.int64)
    for row in range(len(orders)):
        missing[:] = before_at[1:] - before_at[:-1]
        for place in range(count):
            chosen = -1
            for i in range(count):
                if missing[i] == 0 and (chosen < 0 or urgent[row, i] > urgent[row, chosen]):
                    chosen = i
            orders[row, place] = chosen
            missing[chosen] = -1
            for j in range(after_at[chosen], after_at[chosen + 1]):
                missing[after[j]] -= 1
        lasts[row] = improved(
            orders[row], days, before_at, before, after_at, after, needs, room, guard, left, places, ends
        )
        totals[row] = ends.sum()
        if lasts[row] < best[count]:
            best[:count] = ends
            best[count] = lasts[row]


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def bred(
    orders: Any, lasts: Any, totals: Any, chances: Any, best: Any, days: Any, before_at: Any, before: Any,
    after_at: Any, after: Any, needs: Any, room: Any, guard: Any, left: Any, places: Any, ends: Any,
) -> None:  # fmt: skip
    """
    Make one new order from two others for each row of chances; it takes the place of the worse of two.

    A piece of one order is put into the other, half of the time at its beginning; then jobs move, each as far
    as what it waits for, and what waits for it, let it.

    Args:
        orders: orders that are kept; `lasts` their last days, `totals` the sums of all ends: where both are
            equal, the plan is taken for the same and left out.
        chances: numbers between 0 and 1: nine, and three for each move.
        best: the ends of the best plan, and its last day in the place beyond; replaced by better ones.
    """
    count = len(days)
    child = np.empty(count, np.int64)
    there = np.empty(count, np.bool_)
    for chance in chances:
        picked = (chance[:6] * len(orders)).astype(np.int64)
        one = picked[0] if lasts[picked[0]] <= lasts[picked[1]] else picked[1]
        two = picked[2] if lasts[picked[2]] <= lasts[picked[3]] else picked[3]
        out = picked[4] if lasts[picked[4]] >= lasts[picked[5]] else picked[5]
        first, beyond = int(chance[6] * (count + 1)), int(chance[7] * (count + 1))
        if first > beyond:
            first, beyond = beyond, first
        if chance[8] < 0.5:
            first = 0
        there[:] = False
        place = 0
        for i in orders[one, :first]:
            child[place] = i
            there[i] = True
            place += 1
        for i in orders[two]:
            if place == beyond:
                break
            if not there[i]:
                child[place] = i
                there[i] = True
                place += 1
        for i in orders[one, first:]:
            if not there[i]:
                child[place] = i
                place += 1
        for move in range(9, len(chance), 3):
            if chance[move] > MOVED:
                break
            _move(child, int(chance[move + 1] * count), chance[move + 2], before_at, before)
        last = improved(
            child, days, before_at, before, after_at, after, needs, room, guard, left, places, ends
        )
        total = ends.sum()
        known = False
        for row in range(len(orders)):
            known |= lasts[row] == last and totals[row] == total
        if last <= lasts[out] and not known:
            orders[out] = child
            lasts[out] = last
            totals[out] = total
        if last < best[count]:
            best[:count] = ends
            best[count] = last


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _move(order: Any, place: Any, chance: Any, before_at: Any, before: Any) -> None:
    """Move what stands at a place to another one, between what it waits for and what waits for it."""
    i = order[place]
    low = high = place
    while low > 0 and not _follows(i, order[low - 1], before_at, before):
        low -= 1
    while high < len(order) - 1 and not _follows(order[high + 1], i, before_at, before):
        high += 1
    to = low + int(chance * (high - low + 1))
    step = 1 if to > place else -1
    for at in range(place, to, step):
        order[at] = order[at + step]
    order[to] = i


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _follows(i: Any, other: Any, before_at: Any, before: Any) -> Any:
    found = False
    for j in range(before_at[i], before_at[i + 1]):
        found = found or before[j] == other
    return found
