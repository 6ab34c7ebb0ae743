"""When is each task done, by NumPy alone?

The oracle of `kernel.py`, and what is used where numba is missing: the same days to the last bit, slower.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.draws import RETURNS, drawn, words

LANES = 64
VISITS = 1 << 16
_TOGETHER = 32  # units of 64 futures that are worked on at a time: the memory stays small
Days = NDArray[np.float32]


def simulate(
    first: int, beyond: int, futures: int,
    keys: Any, tables: Any, table_of: Any, earliest: Any, back: Any, settled: Any, target: Any,
    before_at: Any, before: Any, froms: Any, tos: Any, gate_of: Any, gates_at: Any, gates: Any, spacing: Any,
    usual: Any, centre: Any, look_back: bool, all_done: Any, done: Any, critical: Any, sums: Any, whole: Any,
) -> None:  # fmt: skip
    """What `kernel.simulate` does, with the same arguments."""
    count = len(keys)
    for unit in range(first, beyond, _TOGETHER):
        stop_at = min(futures, min(beyond, unit + _TOGETHER) * LANES)
        which = np.arange(unit * LANES, stop_at, dtype=np.uint32)
        start = np.zeros((count, len(which)), np.float32)
        end = np.zeros((count, len(which)), np.float32)
        last = np.zeros(len(which), np.float32)
        for i in range(count):
            if settled[i]:
                continue
            start[i] = earliest[i]
            earlier = before[before_at[i] : before_at[i + 1]]
            for j in earlier:
                np.maximum(start[i], end[j], out=start[i])
            taken = _taken(int(keys[i]), tables[table_of[i]], int(back[i]), which)
            end[i] = start[i] + taken
            _freeze(froms, tos, start[i], end[i])
            if gate_of[i] >= 0:
                held = gates[gates_at[gate_of[i]] : gates_at[gate_of[i] + 1]]
                end[i] = _after_gate(held, spacing[gate_of[i]], end[i])
            if target[i]:
                np.maximum(last, end[i], out=last)
        all_done[unit * LANES : stop_at] = last
        if len(done):
            done[:, unit * LANES : stop_at] = end
        if look_back:
            marked = np.array(target, bool)[:, None] & (end == last)
            for i in range(count - 1, -1, -1):
                for j in before[before_at[i] : before_at[i + 1]]:
                    marked[j] |= marked[i] & (end[j] == start[i])
            marked[np.array(settled, bool)] = False
            critical += marked.sum(1)
            took = (end - start).astype(np.float64) - usual[:, None]
            took[np.array(settled, bool)] = 0
            away = last.astype(np.float64) - centre
            sums += np.stack([took.sum(1), (took**2).sum(1), took @ away], axis=1)
            whole += (away.sum(), (away**2).sum())


def _taken(task: int, edges: Days, back: int, which: NDArray[np.uint32]) -> Days:
    """The days of all visits to a task."""
    taken = drawn(edges, words(task, 0, which))
    if back:
        again = np.arange(len(which))
        for visit in range(1, VISITS):
            again = again[words(task, RETURNS + visit, which[again]) < back]
            if not len(again):
                break
            taken[again] += drawn(edges, words(task, visit, which[again]))
    return taken


def _freeze(froms: Days, tos: Days, start: Days, end: Days) -> None:
    for frozen, thawed in zip(froms, tos, strict=True):
        hit = (start < thawed) & (end > frozen)
        end[hit] += thawed - np.maximum(frozen, start[hit])


def _after_gate(gates: Days, spacing: np.float32, end: Days) -> Days:
    last = gates[-1]
    found = np.where(end <= last, gates[np.searchsorted(gates, end).clip(max=len(gates) - 1)], end)
    if spacing > 0:
        found = np.where(end > last, last + np.ceil((end - last) / spacing) * spacing, found)
    return found.astype(np.float32)
