"""Which road map do the experts take up when, one future after another?

One long loop over what happens next, in a form that numba compiles; without numba it runs as it stands, to
the same bytes, slower. `rounds.py` calls it and says what the arrays are.
"""

from typing import Any

import numpy as np

WAITS, RUNS, HELD, DONE = 0, 1, 2, 3  # held: the work is done, the meeting that settles it is awaited


def play(
    days: Any, first: Any, visits: Any, rank: Any, first_come: Any, earliest: Any, settled: Any, target: Any,
    before_at: Any, after_at: Any, after: Any, needs_at: Any, needs: Any, room: Any, limit: Any,
    spans_at: Any, froms: Any, tos: Any, gate_of: Any, gates_at: Any, gates: Any, spacing: Any,
    done: Any, begun: Any, ended: Any,
) -> None:  # fmt: skip
    """
    Play as many futures as `days` has rows.

    At each moment the first in `rank` (or, for first come, the one that has been ready longest) of those that
    could begin takes its teams, until none can. What takes no days asks for no team.

    Args:
        days: future and visit; `first` is the first visit of each task, `visits` their number (task, future).
        after: what waits for a task, from `after_at` on; `needs` its teams, `froms` and `tos` its days off.
        room: on how many road maps each team works at a time; `limit`: all of them together, 0 for no limit.
        done: filled with the day on which all targets are done, by future.
        begun, ended: filled with the days of each task and future, where they have rows.
    """
    count = len(first)
    near = np.empty(count, np.int32)  # what could begin, is worked on, or is held
    state = np.empty(count, np.int8)
    left = np.empty(count, np.int32)
    visit = np.empty(count, np.int32)
    ready = np.empty(count, np.float32)
    start = np.empty(count, np.float32)
    end = np.empty(count, np.float32)
    free = np.empty(len(room), np.int32)
    never = np.float32(np.inf)
    for f in range(len(done)):
        number = 0
        for i in range(count):
            state[i] = HELD if settled[i] else WAITS
            left[i] = before_at[i + 1] - before_at[i]
            visit[i] = 0
            ready[i] = earliest[i]
            start[i] = 0
            end[i] = 0
            if settled[i] or left[i] == 0:
                near[number] = i
                number += 1
        for k in range(len(room)):
            free[k] = room[k]
        at_work = 0
        now = np.float32(0)
        last = np.float32(0)
        while now < never:
            place = 0
            while place < number:  # what ends now
                i = near[place]
                if state[i] == RUNS and end[i] <= now:
                    if days[f, first[i] + visit[i] - 1] > 0:
                        at_work -= 1
                        for j in range(needs_at[i], needs_at[i + 1]):
                            free[needs[j]] += 1
                    if visit[i] < visits[i, f]:
                        state[i] = WAITS
                        ready[i] = end[i]
                    else:
                        state[i] = HELD
                        gate = gate_of[i]
                        if gate >= 0:
                            final = gates[gates_at[gate + 1] - 1]
                            if end[i] > final:
                                if spacing[gate] > 0:
                                    end[i] = final + np.ceil((end[i] - final) / spacing[gate]) * spacing[gate]
                            else:
                                for j in range(gates_at[gate], gates_at[gate + 1]):
                                    if gates[j] >= end[i]:
                                        end[i] = gates[j]
                                        break
                if state[i] == HELD and end[i] <= now:
                    state[i] = DONE
                    if target[i] and end[i] > last:
                        last = end[i]
                    for j in range(after_at[i], after_at[i + 1]):
                        other = after[j]
                        left[other] -= 1
                        ready[other] = max(ready[other], end[i])
                        if left[other] == 0 and not settled[other]:
                            near[number] = other
                            number += 1
                    number -= 1
                    near[place] = near[number]
                else:
                    place += 1
            soonest = never
            while True:  # what begins now
                best = -1
                for place in range(number):
                    i = near[place]
                    if state[i] != WAITS:
                        continue
                    if ready[i] > now:
                        soonest = min(soonest, ready[i])
                        continue
                    if best >= 0:
                        if first_come and ready[i] != ready[best]:
                            if ready[i] > ready[best]:
                                continue
                        elif rank[i] > rank[best]:
                            continue
                    off = False
                    for j in range(spans_at[i], spans_at[i + 1]):
                        if froms[j] <= now < tos[j]:
                            soonest = min(soonest, tos[j])
                            off = True
                    if off:
                        continue
                    if days[f, first[i] + visit[i]] > 0:
                        full = limit > 0 and at_work >= limit
                        for j in range(needs_at[i], needs_at[i + 1]):
                            full = full or free[needs[j]] == 0
                        if full:
                            continue
                    best = i
                if best < 0:
                    break
                took = days[f, first[best] + visit[best]]
                if took > 0:
                    at_work += 1
                    for j in range(needs_at[best], needs_at[best + 1]):
                        free[needs[j]] -= 1
                if visit[best] == 0:
                    start[best] = now
                state[best] = RUNS
                visit[best] += 1
                end[best] = now + took
                for j in range(spans_at[best], spans_at[best + 1]):
                    if now < tos[j] and end[best] > froms[j]:
                        end[best] += tos[j] - max(froms[j], now)
            for place in range(number):
                i = near[place]
                if state[i] == RUNS or state[i] == HELD:
                    soonest = min(soonest, end[i])
            now = soonest
        done[f] = last
        for i in range(len(ended)):
            begun[i, f] = start[i]
            ended[i, f] = end[i]
