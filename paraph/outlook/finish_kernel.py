"""When is each item settled, future by future, in machine code?

Imported by nothing but `finish.py`. The same days as its NumPy path, from the same random numbers; logarithms
and powers may differ in the last bit.
"""

from typing import Any

import numpy as np
from numba import njit

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MASK = np.uint64(0xFFFFFFFF)


@njit(inline="always")  # type: ignore[untyped-decorator]
def _mixed(bits: Any) -> Any:
    bits ^= bits >> np.uint64(16)
    bits = (bits * np.uint64(0x21F0AAAD)) & _MASK
    bits ^= bits >> np.uint64(15)
    bits = (bits * np.uint64(0x735A2D97)) & _MASK
    return bits ^ (bits >> np.uint64(15))


@njit(inline="always")  # type: ignore[untyped-decorator]
def _visit(task: Any, visit: Any) -> Any:
    """`draws.visit_keys` as one word."""
    word = task + np.uint64(visit) * _STEP
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(inline="always")  # type: ignore[untyped-decorator]
def _word(key: Any, future: Any) -> Any:
    """`draws.words` for one future."""
    first, second = key >> np.uint64(32), key & _MASK
    return _mixed(_mixed((np.uint64(future) + first) & _MASK) ^ second)


@njit(inline="always")  # type: ignore[untyped-decorator]
def _uniform(key: Any, future: Any) -> Any:
    """`draws.uniforms` for one future."""
    return (np.float64(_word(key, future)) + 0.5) / 2.0**32


@njit(inline="always")  # type: ignore[untyped-decorator]
def _drawn(edges: Any, bits: Any) -> Any:
    """`draws.drawn` for one future."""
    cell = np.int64(bits >> np.uint64(24))
    if cell == 255:
        cell += np.int64((bits >> np.uint64(16)) & np.uint64(255))
        place = np.float32(bits & np.uint64(0xFFFF)) * np.float32(2.0**-16)
    else:
        place = np.float32(bits & np.uint64(0xFFFFFF)) * np.float32(2.0**-24)
    return edges[cell] + (edges[cell + 1] - edges[cell]) * place


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def play(
    begin: float, end: float, meetings: int, last: int, stages: Any, sinces: Any,
    keys: Any, common: Any, rates: Any, productive: Any,
    pace: Any, crowd: Any, burn: Any, gap: Any, freeze: Any, frozen: Any, waited: Any, returned: Any,
    gone: Any, hard: Any, whole: Any, before_at: Any, before: Any, calendar: Any,
    days: Any, taken: Any, burn_days: Any,
) -> None:  # fmt: skip
    """
    What `finish._play` does, with its numbers in arrays.

    Args:
        begin, end: the first day of the first gap, the end of the horizon.
        stages, sinces: of each item today.
        keys: of each item; common: of meeting, freeze, gap and burn-down.
        whole: the items of the programme, settled or not.
        calendar: LONG, the scale of freezes beyond it, TAIL, SHORT.
        days: item, future: the end of the horizon before; taken: stage, item, future: infinite before;
            burn_days: step, future: the end of the horizon before. These are filled.
    """
    count, futures = days.shape
    to_burn = burn_days.shape[0]
    least, scale, tail, short = calendar
    visits = np.empty((meetings, count + 4), np.uint64)
    for meeting in range(meetings):
        for i in range(count):
            visits[meeting, i] = _visit(keys[i], meeting)
        for i in range(4):
            visits[meeting, count + i] = _visit(common[i], meeting)
    stage = np.empty(count, np.int64)
    since = np.empty(count, np.float64)
    move = np.empty(count, np.int8)
    for f in range(futures):
        open_items = 0
        for i in range(count):
            stage[i], since[i] = stages[i], sinces[i]
            open_items += stages[i] < last
        burned, now = 0, begin
        for meeting in range(meetings):
            if not (open_items or burned < to_burn):
                break
            key = visits[meeting]
            length = _uniform(key[count + 2], f)
            before_now = waited[f] if meeting == 0 else 0.0
            share = frozen[f] if meeting == 0 else freeze[f]
            if _uniform(key[count + 1], f) < share:
                now += max(0.0, least - before_now)
                now += (scale + max(0.0, before_now - least)) * (length ** (-1 / tail) - 1)
                work = short
            else:
                work = -gap[f] * np.log(length)
                now += work
                work += before_now
            if not now < end:
                break
            shock = np.float64(_drawn(productive, _word(key[count], f)))
            pull = (whole / max(1, open_items)) ** crowd[f]
            stays, kept = np.exp(-gone[f] * work), np.exp(-returned[f] * work)
            for i in range(count):
                chance = _uniform(key[i], f)
                move[i] = 0
                if stage[i] == last:
                    if chance > kept:
                        move[i] = -1
                    continue
                hazard = rates[stage[i]] * pace[stage[i], f] * pull * shock * work * hard[i, f]
                if chance < -np.expm1(-hazard):
                    free = True
                    if stage[i] == last - 1:
                        for j in range(before_at[i], before_at[i + 1]):
                            free = free and stage[before[j]] == last
                    move[i] = free
                elif chance > stays:
                    move[i] = 2
            open_items = 0
            for i in range(count):
                if move[i] == 1:
                    taken[stage[i], i, f] = min(taken[stage[i], i, f], now)
                    stage[i] += 1
                elif move[i] == 2:
                    stage[i] = last
                elif move[i] == -1:
                    stage[i] = last - 1
                if stage[i] < last:
                    since[i] = np.inf
                    open_items += 1
                elif since[i] == np.inf:
                    since[i] = now
            if burned < to_burn and work > 0:
                chance = _uniform(key[count + 3], f)
                mean = burn[f] * shock
                term = np.exp(-mean)
                below = term
                for number in range(1, 61):
                    if not chance > below or burned == to_burn:
                        break
                    burn_days[burned, f] = now
                    burned += 1
                    term = term * mean / number
                    below = below + term
        for i in range(count):
            days[i, f] = end if since[i] == np.inf else since[i]
