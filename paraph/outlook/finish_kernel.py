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
def _short(bits: Any) -> Any:
    """`_mixed` in 32 bits, so that eight of them are computed at once."""
    bits = np.uint32(bits ^ np.uint32(bits >> np.uint32(16)))
    bits = np.uint32(bits * np.uint32(0x21F0AAAD))
    bits = np.uint32(bits ^ np.uint32(bits >> np.uint32(15)))
    bits = np.uint32(bits * np.uint32(0x735A2D97))
    return np.uint32(bits ^ np.uint32(bits >> np.uint32(15)))


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
    gone: Any, hard: Any, whole: Any, before_at: Any, before: Any, calendar: Any, wanted: Any,
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
        wanted: of each future: 0 both models, 1 the days of the hazards, 2 those of the burn-down. Nothing is
            played beyond that; of the other model not everything is filled in then.
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
    firsts = (visits >> np.uint64(32)).astype(np.uint32)
    seconds = (visits & _MASK).astype(np.uint32)
    word = np.empty(count, np.uint32)
    stage = np.empty(count, np.int64)
    since = np.empty(count, np.float64)
    moved, move = np.empty(count, np.int64), np.empty(count, np.int8)
    for f in range(futures):
        open_items = 0
        for i in range(count):
            stage[i], since[i] = stages[i], sinces[i]
            open_items += stages[i] < last
        burned, now, untaken = 0, begin, to_burn
        for meeting in range(meetings):
            # the burn-down asks the hazards for the order of the steps alone; the last one is known
            ordering = open_items and (wanted[f] != 2 or untaken > 1)
            burning = burned < to_burn and wanted[f] != 1
            if not (ordering or burning):
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
            number, moves = np.uint32(f), 0
            for i in range(count):
                mixed = _short(np.uint32(number + firsts[meeting, i]))
                word[i] = _short(np.uint32(mixed ^ seconds[meeting, i]))
            for i in range(count):
                chance = (np.float64(word[i]) + 0.5) / 2.0**32
                if stage[i] == last:
                    if chance > kept:
                        moved[moves], move[moves] = i, -1
                        moves += 1
                    continue
                hazard = rates[stage[i]] * pace[stage[i], f] * pull * shock * work * hard[i, f]
                if chance < hazard and chance < -np.expm1(-hazard):
                    free = True
                    if stage[i] == last - 1:
                        for j in range(before_at[i], before_at[i + 1]):
                            free = free and stage[before[j]] == last
                    if free:
                        moved[moves], move[moves] = i, 1
                        moves += 1
                elif chance > stays:
                    moved[moves], move[moves] = i, 2
                    moves += 1
            for j in range(moves):
                i = moved[j]
                if move[j] == -1:
                    stage[i], since[i] = last - 1, np.inf
                    open_items += 1
                    continue
                if move[j] == 1:
                    if taken[stage[i], i, f] == np.inf:
                        taken[stage[i], i, f] = now
                        untaken -= stages[i] <= stage[i]  # not one taken again
                    stage[i] += 1
                else:
                    stage[i] = last
                if stage[i] == last:
                    since[i] = now
                    open_items -= 1
            if burning and work > 0:
                chance = _uniform(key[count + 3], f)
                mean = burn[f] * shock
                term = np.exp(-mean)
                below = term
                for more in range(1, 61):
                    if not chance > below or burned == to_burn:
                        break
                    burn_days[burned, f] = now
                    burned += 1
                    term = term * mean / more
                    below = below + term
        for i in range(count):
            days[i, f] = end if since[i] == np.inf else since[i]
