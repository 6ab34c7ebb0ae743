"""When can each job begin, if one after the other takes the first free place? Compiled where numba is there.

Imported by nothing but `planning.py`. Jobs are numbered so that none precedes what it waits for; what comes
before (or after) job i stands in `before` from `before_at[i]` on. What jobs need of the resources is packed
in words of 32 bits, a field for each resource with a bit above it: what is left of a day has all these bits
set, and keeps them after a subtraction where enough is left of everything. 32 days are looked at in one go,
by instructions that are written out here, and become the bits of a word.
"""

from typing import Any

import numpy as np

try:
    from llvmlite import ir
    from numba import njit, types
    from numba.cpython.unsafe.numbers import trailing_zeros
    from numba.extending import intrinsic
except ImportError:

    def njit(**_options: Any) -> Any:
        """Leave it as it stands: the same plans, slower."""
        return lambda function: function

    def trailing_zeros(bits: Any) -> Any:
        """How many of the lowest bits are not set."""
        return (int(bits) & -int(bits)).bit_length() - 1

    def _free(left: Any, word: Any, day: Any, need: Any, guard: Any) -> Any:
        fits = (left[word, day : day + AT_SIGHT] - need) & guard == guard
        return np.packbits(fits, bitorder="little").view(np.uint32)[0]

    def _take(left: Any, word: Any, day: Any, lasts: Any, need: Any) -> None:
        left[word, day : day + min(lasts, AT_SIGHT)] -= need

else:

    def _days(context: Any, builder: Any, kind: Any, left: Any, word: Any, day: Any) -> Any:
        left = context.make_array(kind)(context, builder, left)
        at = builder.add(builder.mul(word, builder.extract_value(left.shape, 1)), day)
        return builder.bitcast(builder.gep(left.data, [at]), _DAYS.as_pointer())

    def _loaded(builder: Any, at: Any) -> Any:
        loaded = builder.load(at)
        loaded.align = 4
        return loaded

    def _everywhere(builder: Any, one: Any) -> Any:
        none = _DAYS(ir.Undefined)
        return builder.shuffle_vector(
            builder.insert_element(none, one, _WORD(0)), none, _DAYS([0] * AT_SIGHT)
        )

    @intrinsic  # type: ignore[untyped-decorator]
    def _free(_typing: Any, left: Any, word: Any, day: Any, need: Any, guard: Any) -> Any:
        """Of the days from this one on, those on which enough is left, as bits."""

        def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            days = _loaded(builder, _days(context, builder, signature.args[0], *given[:3]))
            need, guard = (_everywhere(builder, one) for one in given[3:])
            after = builder.and_(builder.sub(days, need), guard)
            return builder.bitcast(builder.icmp_signed("==", after, guard), _WORD)

        return types.uint32(left, types.int64, types.int64, types.int32, types.int32), build

    @intrinsic  # type: ignore[untyped-decorator]
    def _take(_typing: Any, left: Any, word: Any, day: Any, lasts: Any, need: Any) -> Any:
        """Take what a job needs from the days from this one on, as long as it lasts."""

        def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            at = _days(context, builder, signature.args[0], *given[:3])
            lasts = _everywhere(builder, builder.trunc(given[3], _WORD))
            within = builder.icmp_signed("<", _DAYS(list(range(AT_SIGHT))), lasts)
            taken = builder.select(within, _everywhere(builder, given[4]), _DAYS([0] * AT_SIGHT))
            builder.store(builder.sub(_loaded(builder, at), taken), at, align=4)

        return types.void(left, types.int64, types.int64, types.int64, types.int32), build

    _WORD = ir.IntType(32)
    _DAYS = ir.VectorType(_WORD, 32)


AT_SIGHT = 32  # days that are looked at in one go, at least so many stand beyond the last
MOVED = 0.8  # the chance that one more job moves
HOPELESS = 1.05, 1.01  # times the worst that is wanted: so long after one pass, and after two
FAR = 1 << 62  # no day


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _enough(i: Any, day: Any, needs: Any, guard: Any, left: Any) -> Any:
    """Of the days from this one on, those on which enough is left of everything for a job, as bits."""
    days = _free(left, 0, day, needs[0, i], guard[0])
    for word in range(1, len(guard)):
        days &= _free(left, word, day, needs[word, i], guard[word])
    return days


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _first(i: Any, day: Any, lasts: Any, needs: Any, guard: Any, left: Any) -> Any:
    """The first day from this one on on which a job can begin."""
    if lasts > AT_SIGHT:
        end = day + lasts
        while day < end:
            if not _enough(i, day, needs, guard, left) & 1:
                end = day + 1 + lasts
            day += 1
        return end - lasts
    while True:
        begins = _enough(i, day, needs, guard, left)
        known = 1  # a bit means that so many days from its own on are free
        while known < lasts:
            more = min(known, lasts - known)
            begins &= begins >> np.uint32(more)
            known += more
        if begins:
            return day + np.int64(trailing_zeros(begins))
        day += AT_SIGHT + 1 - lasts


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def placed(
    order: Any, days: Any, before_at: Any, before: Any, needs: Any, room: Any, guard: Any, left: Any,
    ends: Any,
) -> Any:  # fmt: skip
    """Let the jobs take, in this order, the first free place; fill `ends`, return the last of them."""
    words = len(guard)
    for word in range(words):
        left[word, :] = room[word]
    last = 0
    for i in order:
        day = 0
        for j in range(before_at[i], before_at[i + 1]):
            day = max(day, ends[before[j]])
        day = _first(i, day, days[i], needs, guard, left)
        end = day + days[i]
        for word in range(words):
            for at in range(day, end, AT_SIGHT):
                _take(left, word, at, end - at, needs[word, i])
        ends[i] = end
        last = max(last, end)
    return last


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def by_day(days: Any, last: Any, places: Any, order: Any) -> None:
    """Fill `order` with the jobs, by day, none after the last, and then by number."""
    places[: last + 2] = 0
    for day in days:
        places[np.uint64(day + 1)] += 1
    before = 0
    for day in range(last + 1):
        before += places[day]
        places[day] = before
    for i in range(len(days)):
        day = np.uint64(days[i])
        order[np.uint64(places[day])] = i
        places[day] += 1


@njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def improved(
    order: Any, worst: Any, days: Any, before_at: Any, before: Any, after_at: Any, after: Any, needs: Any,
    room: Any, guard: Any, left: Any, places: Any, ends: Any,
) -> Any:  # fmt: skip
    """
    Place the jobs, move them to the end and back to the beginning; return the last day.

    `order` and `ends` are those of the last pass: by the day on which each begins. What has no hope to end as
    soon as the worst that is wanted is left after a pass or two.
    """
    last = placed(order, days, before_at, before, needs, room, guard, left, ends)
    if last > HOPELESS[0] * worst:
        return last
    by_day(ends, last, places, order)
    last = placed(order[::-1], days, after_at, after, needs, room, guard, left, ends)
    if last > HOPELESS[1] * worst:
        return last
    ends[:] = last - ends  # of the plan seen from its end: what begins first ends last
    by_day(ends, last, places, order)
    last = placed(order, days, before_at, before, needs, room, guard, left, ends)
    by_day(ends - days, last, places, order)
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
            orders[row], FAR, days, before_at, before, after_at, after, needs, room, guard, left, places, ends
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
            child, lasts[out], days, before_at, before, after_at, after, needs, room, guard, left, places,
            ends,
        )  # fmt: skip
        if last > lasts[out]:
            continue
        total = ends.sum()
        known = False
        for row in range(len(orders)):
            known |= lasts[row] == last and totals[row] == total
        if not known:
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
