"""When is each task done, in 64 futures at a time, in machine code?

Imported by nothing but `schedule.py`, and only when something is simulated: numba takes half a second to
import, and what it compiles is kept beside this file for the next start. Every number is that of `draws.py`
and of the NumPy path in `plain.py`.

Words of 32 bits are mixed by instructions that are written out here: numba would widen them to 64 bits, of
which a processor mixes four at a time instead of eight.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

LANES = 64
VISITS = 1 << 16  # nothing returns more often
_RETURNS = np.uint64(1 << 20)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_WORD, _FLOAT = ir.IntType(32), ir.FloatType()


def _mixed(builder: Any, x: Any) -> Any:
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        x = builder.xor(x, builder.lshr(x, _WORD(shift)))
        x = builder.mul(x, _WORD(factor))
    return builder.xor(x, builder.lshr(x, _WORD(15)))


@intrinsic
def _bits(_typing: Any, future: Any, first: Any, second: Any) -> Any:
    """`draws.words` for one future."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        future, first, second = given
        return _mixed(builder, builder.xor(_mixed(builder, builder.add(future, first)), second))

    return types.uint32(types.uint32, types.uint32, types.uint32), build


@intrinsic
def _cell(_typing: Any, bits: Any) -> Any:
    """The cell that 32 bits choose."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        high = builder.lshr(given[0], _WORD(24))
        fine = builder.and_(builder.lshr(given[0], _WORD(16)), _WORD(255))
        in_top = builder.icmp_unsigned("==", high, _WORD(255))
        return builder.select(in_top, builder.add(fine, _WORD(255)), high)

    return types.uint32(types.uint32), build


@intrinsic
def _place(_typing: Any, bits: Any) -> Any:
    """The place within that cell, from 0 to 1."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        in_top = builder.icmp_unsigned("==", builder.lshr(given[0], _WORD(24)), _WORD(255))
        rest = builder.and_(given[0], builder.select(in_top, _WORD(0xFFFF), _WORD(0xFFFFFF)))
        unit = builder.select(in_top, _FLOAT(2.0**-16), _FLOAT(2.0**-24))
        return builder.fmul(builder.sitofp(rest, _FLOAT), unit)

    return types.float32(types.uint32), build


def _row(context: Any, builder: Any, kind: Any, array: Any, row: Any) -> Any:
    """64 numbers of an array, from `row` times 64 on, as one vector in memory."""
    lanes = ir.VectorType(_FLOAT if kind.dtype == types.float32 else _WORD, LANES)
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [builder.mul(row, row.type(LANES))]), lanes.as_pointer())


def _load(builder: Any, at: Any) -> Any:
    loaded = builder.load(at)
    loaded.align = 4
    return loaded


def _store(builder: Any, what: Any, at: Any) -> None:
    builder.store(what, at, align=4)


@intrinsic
def _begin(_typing: Any, start: Any, i: Any, earliest: Any) -> Any:
    """Let all futures of row `i` begin on one day."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        into = _row(context, builder, signature.args[0], given[0], given[1])
        _store(builder, _everywhere(builder, given[2]), into)

    return types.void(start, types.int64, types.float32), build


@intrinsic
def _later(_typing: Any, days: Any, i: Any, others: Any, row: Any) -> Any:
    """Raise the days of row `i` to those of a row of others."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        into = _row(context, builder, signature.args[0], given[0], given[1])
        mine = _load(builder, into)
        other = _load(builder, _row(context, builder, signature.args[2], given[2], given[3]))
        later = builder.fcmp_ordered(">", other, mine)
        _store(builder, builder.select(later, other, mine), into)

    return types.void(days, types.int64, others, types.int64), build


@intrinsic
def _end(_typing: Any, end: Any, start: Any, taken: Any, i: Any) -> Any:
    """Let row `i` end when what it takes has passed."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        i = given[3]
        begun = _load(builder, _row(context, builder, signature.args[1], given[1], i))
        took = _load(builder, _row(context, builder, signature.args[2], given[2], i.type(0)))
        _store(builder, builder.fadd(begun, took), _row(context, builder, signature.args[0], given[0], i))

    return types.void(end, start, taken, types.int64), build


@intrinsic
def _mark(_typing: Any, marked: Any, here: Any, there: Any, end: Any, begin: Any) -> Any:
    """Mark row `there` where row `here` is marked and the end of `there` is the beginning of `here`."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        def row(i: int, at: Any) -> Any:
            return _row(context, builder, signature.args[i], given[i], at)

        into = row(0, given[2])
        ends, begins = _load(builder, row(3, given[2])), _load(builder, row(4, given[1]))
        equal = builder.sext(builder.fcmp_ordered("==", ends, begins), ir.VectorType(_WORD, LANES))
        new = builder.and_(_load(builder, row(0, given[1])), equal)
        _store(builder, builder.or_(_load(builder, into), new), into)

    return types.void(marked, types.int64, types.int64, end, begin), build


@intrinsic
def _meets(_typing: Any, end: Any, last: Any, i: Any) -> Any:
    """Whether row `i` ends with all in one of these futures."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        ends = _load(builder, _row(context, builder, signature.args[0], given[0], given[2]))
        lasts = _load(builder, _row(context, builder, signature.args[1], given[1], given[2].type(0)))
        equal = builder.bitcast(builder.fcmp_ordered("==", ends, lasts), ir.IntType(LANES))
        return builder.icmp_unsigned("!=", equal, equal.type(0))

    return types.boolean(end, last, types.int64), build


@intrinsic
def _sums(
    _typing: Any, sums: Any, end: Any, begin: Any, last: Any, i: Any, usual: Any, centre: Any, lanes: Any
) -> Any:
    """Add up, over the first lanes, what the correlation of a task's days with the end of all needs."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        _array, _end, _begin, _last, i, usual, centre, lanes = given
        place = ir.VectorType(_WORD, LANES)(list(range(LANES)))
        counts = builder.icmp_signed("<", place, _everywhere(builder, lanes))

        def row(number: int, at: Any) -> Any:
            return _load(builder, _row(context, builder, signature.args[number], given[number], at))

        took = builder.fsub(row(1, i), row(2, i))
        took = builder.fsub(took, _everywhere(builder, usual))
        took = builder.select(counts, took, ir.VectorType(_FLOAT, LANES)([0.0] * LANES))
        away = builder.fsub(row(3, i.type(0)), _everywhere(builder, centre))
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        for j, found in enumerate((took, builder.fmul(took, took), builder.fmul(took, away))):
            at = builder.gep(data, [builder.add(builder.mul(i, i.type(3)), i.type(j))])
            total = builder.fpext(_total(builder, found), ir.DoubleType())
            builder.store(builder.fadd(builder.load(at), total), at)

    kinds = (sums, end, begin, last, types.int64, types.float32, types.float32, types.int32)
    return types.void(*kinds), build


@intrinsic
def _take(_typing: Any, taken: Any, tables: Any, table: Any, cells: Any, places: Any) -> Any:
    """The days at these places in these cells of a table, four futures at a time: both edges in one load."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        tables = context.make_array(signature.args[1])(context, builder, given[1])
        width = builder.extract_value(tables.shape, 1)
        edges = builder.gep(tables.data, [builder.mul(given[2], width)])

        def four(number: int, first: int, kind: Any) -> Any:
            data = context.make_array(signature.args[number])(context, builder, given[number]).data
            at = builder.gep(data, [ir.IntType(64)(first)])
            return builder.bitcast(at, ir.VectorType(kind, 4).as_pointer())

        for first in range(0, LANES, 4):
            cells, places = _load(builder, four(3, first, _WORD)), _load(builder, four(4, first, _FLOAT))
            pairs = []
            for k in range(4):
                cell = builder.zext(builder.extract_element(cells, _WORD(k)), ir.IntType(64))
                both = builder.bitcast(builder.gep(edges, [cell]), ir.VectorType(_FLOAT, 2).as_pointer())
                pairs.append(_load(builder, both))
            left, right = (_chosen(builder, pairs[k], pairs[k + 1], range(4)) for k in (0, 2))
            low, high = (_chosen(builder, left, right, range(k, 8, 2)) for k in (0, 1))
            within = builder.fmul(builder.fsub(high, low), places)
            _store(builder, builder.fadd(low, within), four(0, first, _FLOAT))

    return types.void(taken, tables, types.int64, cells, places), build


def _chosen(builder: Any, one: Any, other: Any, places: Any) -> Any:
    """What stands at these places of one vector and, counted on, of the other."""
    return builder.shuffle_vector(one, other, ir.VectorType(_WORD, len(places))(list(places)))


def _everywhere(builder: Any, value: Any) -> Any:
    """One number in all 64 places."""
    lanes = ir.VectorType(value.type, LANES)
    nothing = ir.Constant(lanes, ir.Undefined)
    return _chosen(builder, builder.insert_element(nothing, value, _WORD(0)), nothing, [0] * LANES)


def _total(builder: Any, lanes: Any) -> Any:
    """The sum of 64 numbers: halves are added until one is left, always in this order."""
    size = LANES
    while size > 1:
        size //= 2
        nothing = ir.Constant(lanes.type, ir.Undefined)
        low, high = (_chosen(builder, lanes, nothing, range(at, at + size)) for at in (0, size))
        lanes = builder.fadd(low, high)
    return builder.extract_element(lanes, _WORD(0))


@njit(nogil=True)
def _key(task: Any, visit: Any) -> Any:
    word = np.uint64(task + visit * _STEP)
    word = np.uint64((word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9))
    word = np.uint64((word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))
    word = np.uint64(word ^ (word >> np.uint64(31)))
    return np.uint32(word >> np.uint64(32)), np.uint32(word & np.uint64(0xFFFFFFFF))


@njit(nogil=True)
def _draw(future: Any, task: Any, tables: Any, table: Any, cells: Any, places: Any, taken: Any) -> None:
    """The days of the first visit."""
    first, second = _key(task, np.uint64(0))
    for k in range(LANES):
        bits = _bits(np.uint32(future + np.uint32(k)), first, second)
        cells[k] = _cell(bits)
        places[k] = _place(bits)
    _take(taken, tables, np.int64(table), cells, places)


@njit(nogil=True)
def _return(future: Any, task: Any, tables: Any, table: Any, chance: Any, taken: Any) -> None:
    """Add the days of further visits, as long as the task comes back."""
    for k in range(LANES):
        for visit in range(1, VISITS):
            first, second = _key(task, np.uint64(visit) + _RETURNS)
            if _bits(np.uint32(future + np.uint32(k)), first, second) >= chance:
                break
            first, second = _key(task, np.uint64(visit))
            bits = _bits(np.uint32(future + np.uint32(k)), first, second)
            cell = np.int64(_cell(bits))
            low = tables[table, cell]
            taken[k] += low + (tables[table, cell + 1] - low) * _place(bits)


@njit(nogil=True)
def _freeze(froms: Any, tos: Any, start: Any, end: Any, i: Any) -> None:
    """Move the ends of what runs into a freeze by the days that it takes away."""
    for j in range(len(froms)):
        for k in range(LANES):
            if start[i, k] < tos[j] and end[i, k] > froms[j]:
                end[i, k] += tos[j] - max(froms[j], start[i, k])


@njit(nogil=True)
def _wait_for_gate(gates: Any, first: Any, beyond: Any, spacing: Any, end: Any, i: Any) -> None:
    """Move ends to the next meeting; after the last known one they follow at an equal spacing."""
    last = gates[beyond - 1]
    for k in range(LANES):
        if end[i, k] <= last:
            end[i, k] = gates[first + np.searchsorted(gates[first:beyond], end[i, k])]
        elif spacing > 0:
            end[i, k] = last + np.ceil((end[i, k] - last) / spacing) * spacing


@njit(nogil=True, cache=True)
def simulate(
    first: Any, beyond: Any, futures: Any,
    keys: Any, tables: Any, table_of: Any, earliest: Any, back: Any, settled: Any, target: Any,
    before_at: Any, before: Any, froms: Any, tos: Any, gate_of: Any, gates_at: Any, gates: Any, spacing: Any,
    usual: Any, centre: Any, look_back: Any, all_done: Any, done: Any, critical: Any, sums: Any, whole: Any,
) -> None:  # fmt: skip
    """
    Simulate the units of 64 futures from `first` to before `beyond`, tasks in an order in which none
    precedes what it waits for; `all_done`, `done` (one row a task, or none), `critical`, `sums` and `whole`
    are filled. Rows are named by their index: a slice of an array costs more than the work on 64 numbers.
    """
    count = len(keys)
    start = np.empty((count, LANES), np.float32)
    end = np.empty((count, LANES), np.float32)
    marked = np.empty((count, LANES), np.uint32)
    reached = np.empty(count, np.uint8)
    last = np.empty(LANES, np.float32)
    cells = np.empty(LANES, np.uint32)
    places = np.empty(LANES, np.float32)
    taken = np.empty(LANES, np.float32)
    for unit in range(first, beyond):
        future = np.uint32(unit * LANES)
        lanes = min(LANES, futures - unit * LANES)
        for k in range(LANES):
            last[k] = 0
        for i in range(count):
            if settled[i]:
                for k in range(LANES):
                    end[i, k] = 0
                continue
            _draw(future, keys[i], tables, table_of[i], cells, places, taken)
            if back[i]:
                _return(future, keys[i], tables, table_of[i], back[i], taken)
            _begin(start, i, earliest[i])
            for j in range(before_at[i], before_at[i + 1]):
                _later(start, i, end, np.int64(before[j]))
            _end(end, start, taken, i)
            if len(froms):
                _freeze(froms, tos, start, end, i)
            gate = gate_of[i]
            if gate >= 0:
                _wait_for_gate(gates, gates_at[gate], gates_at[gate + 1], spacing[gate], end, i)
            if target[i]:
                _later(last, 0, end, i)
        for k in range(lanes):
            all_done[unit * LANES + k] = last[k]
        for i in range(len(done)):
            for k in range(lanes):
                done[i, unit * LANES + k] = end[i, k]
        if look_back:
            _look_back(
                start, end, last, settled, target, before_at, before, lanes, usual, centre,
                marked, reached, critical, sums,
            )  # fmt: skip
            for k in range(lanes):
                away = np.float64(last[k] - centre)
                whole[0] += away
                whole[1] += away * away


@njit(nogil=True)
def _look_back(
    start: Any, end: Any, last: Any, settled: Any, target: Any, before_at: Any, before: Any, lanes: Any,
    usual: Any, centre: Any, marked: Any, reached: Any, critical: Any, sums: Any,
) -> None:  # fmt: skip
    """Mark from the end what is critical: whatever ends exactly when something critical begins."""
    tasks = len(end)
    reached[:] = 0
    for i in range(tasks - 1, -1, -1):
        if settled[i]:
            continue
        _sums(sums, end, start, last, i, np.float32(usual[i]), np.float32(centre), np.int32(lanes))
        if target[i] and _meets(end, last, i):
            for k in range(LANES):
                kept = marked[i, k] if reached[i] else np.uint32(0)
                marked[i, k] = kept | np.uint32(end[i, k] == last[k])
            reached[i] = 1
        if reached[i] == 0:  # most tasks are critical in none of these futures
            continue
        found = np.uint32(0)
        for k in range(LANES):
            found |= marked[i, k]
        if found == 0:
            continue
        count = np.uint32(0)
        for k in range(lanes):
            count += marked[i, k]
        critical[i] += count
        for j in range(before_at[i], before_at[i + 1]):
            other = np.int64(before[j])
            if reached[other] == 0:
                reached[other] = 1
                for k in range(LANES):
                    marked[other, k] = 0
            _mark(marked, i, other, end, start)


@njit(nogil=True, cache=True)
def draw_only(first: Any, beyond: Any, keys: Any, tables: Any, table_of: Any, end: Any) -> None:
    """The floor: the same numbers drawn into the same places, and nothing done with them."""
    cells = np.empty(LANES, np.uint32)
    places = np.empty(LANES, np.float32)
    taken = np.empty(LANES, np.float32)
    for unit in range(first, beyond):
        for i in range(len(keys)):
            _draw(np.uint32(unit * LANES), keys[i], tables, table_of[i], cells, places, taken)
            for k in range(LANES):
                end[i, k] = taken[k]
