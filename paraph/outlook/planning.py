"""How soon can jobs be done that wait for each other and share resources, and is it proved that not sooner?

A resource-constrained project in whole days. Orders of jobs are bred: each is placed, moved to the end and
back to the beginning, and mixed with others. Beside that OR-Tools CP-SAT searches on for a while, above
all for the proof that none is shorter.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from math import inf
from threading import Event
from time import monotonic
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.errors import OutlookRefused
from paraph.sentences import _

KEPT, MOST = 200, 1000  # orders of a new herd, and of one that was put together
AT_ONCE = 20  # between two looks at the clock; a herd is bred as many times as it has orders
CHANCES = 9 + 3 * 10  # numbers that one new order needs
ALONE = 0.1  # share of the seconds before the solver begins
SOLVED = 0.4  # and until it ends
Ints = NDArray[np.int64]
Words = NDArray[np.int32]
Herd = tuple[Ints, Ints, Ints]  # orders, the last day of each, the sum of all its ends


@dataclass(frozen=True)
class Job:
    """Something that takes whole days, other jobs before it, and so much of each resource while it lasts."""

    days: int
    after: tuple[int, ...]  # places of the jobs that it waits for
    needs: tuple[int, ...]


@dataclass(frozen=True)
class Project:
    """Jobs, none of them before what it waits for, and how much there is of each resource."""

    jobs: tuple[Job, ...]
    room: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """When each job begins, how long all of it takes, and below what no plan can come."""

    begins: tuple[int, ...]
    makespan: int
    bound: int

    @property
    def proved(self) -> bool:
        """Say whether no plan is shorter."""
        return self.bound >= self.makespan

    def __str__(self) -> str:
        return f"makespan {self.makespan} bound {self.bound} proved {'yes' if self.proved else 'no'}"


_TINY = Project((Job(1, (), (1,)), Job(1, (0,), (1,))), (1,))


def plan(project: Project, seconds: float, workers: int = 2, *, solver: bool = True, seed: int = 1) -> Plan:
    """
    Search a short plan for so many seconds, less where it is proved that none is shorter.

    Args:
        workers: threads; one of them breeds while the solver is at work, then all of them.
        solver: False breeds on one thread all the time.
    """
    _compile()  # before the clock runs
    if solver:
        _solver()
    begun = monotonic()
    breeding = _Breeding(project, lower_bound(project), begun + seconds)
    if not solver:
        return breeding.plan(seed)
    with ThreadPoolExecutor(max(2, workers)) as pool:
        others = [pool.submit(breeding.plan, seed + 1)]
        found = breeding.plan(seed, begun + seconds * ALONE)
        solved = _solved(
            project, found, begun + seconds * SOLVED, max(1, workers - 1), seed, beside=others[0]
        )
        breeding.bound = solved.bound
        if solved.proved:
            breeding.ended.set()
        others += [pool.submit(breeding.plan, seed + i) for i in range(2, workers + 1)]
    shortest = min(found, solved, *(one.result() for one in others), key=lambda one: one.makespan)
    return Plan(shortest.begins, shortest.makespan, min(solved.bound, shortest.makespan))


def read_sm(text: str) -> Project:
    """
    Read a project in the format of PSPLIB for one mode (`.sm`).

    Raises:
        OutlookRefused: it is none, with what is missing.
    """
    jobs = _number(text, "jobs")
    after: list[list[int]] = [[] for _job in range(jobs)]
    for number, (job, modes, count, *later) in enumerate(_rows(text, "PRECEDENCE RELATIONS", jobs, 3), 1):
        if job != number or modes != 1 or count != len(later) or not all(1 <= one <= jobs for one in later):
            raise OutlookRefused(
                _("The relations of job %(job)s cannot be read: number, 1, how many follow, and which."),
                job=number,
            )
        for one in later:
            after[one - 1].append(number - 1)
    days, needs = [], []
    room = next(iter(_rows(text, "RESOURCEAVAILABILITIES", 1, 1)))
    for number, (job, mode, lasts, *wants) in enumerate(_rows(text, "REQUESTS/DURATIONS", jobs, 3), 1):
        if job != number or mode != 1 or len(wants) != len(room) or min(lasts, *wants) < 0:
            raise OutlookRefused(
                _("The requests of job %(job)s cannot be read: number, 1, days, and one for each resource."),
                job=number,
            )
        if any(want > there for want, there in zip(wants, room, strict=True)):
            raise OutlookRefused(_("Job %(job)s wants more of a resource than there is."), job=number)
        days.append(lasts)
        needs.append(tuple(wants))
    return _in_order([Job(*one) for one in zip(days, map(tuple, after), needs, strict=True)], tuple(room))


def lower_bound(project: Project) -> int:
    """Days below which no plan comes: the longest chain, and the work of each resource between its ends."""
    head, tail = _chains(project)
    found = max((h + t for h, t in zip(head, tail, strict=True)), default=0)
    for k, there in enumerate(project.room):
        users = [i for i, job in enumerate(project.jobs) if job.needs[k] and job.days]
        if users:
            work = sum(project.jobs[i].days * project.jobs[i].needs[k] for i in users)
            last = min(tail[i] - project.jobs[i].days for i in users)
            found = max(found, min(head[i] for i in users) + -(-work // there) + last)
    return found


def broken(project: Project, begins: Sequence[int]) -> str:
    """What is wrong with a plan, or nothing."""
    ends = [begin + job.days for begin, job in zip(begins, project.jobs, strict=True)]
    used = np.zeros((max(ends, default=0), len(project.room)), np.int64)
    for i, job in enumerate(project.jobs):
        if any(ends[other] > begins[i] for other in job.after):
            return f"job {i} begins before what it waits for is done"
        used[begins[i] : ends[i]] += job.needs
    return "a resource is used twice" if (used > project.room).any() else ""


# ---------------------------------------------------------------- without a solver


class _Breeding:
    """
    Herds of orders, bred by several threads until the time is over or a plan is as short as the bound.

    A herd is bred for a while; where another one has come as far, both go on as one. So what each has found
    alone is put together late, and small herds find much where time is short.
    """

    def __init__(self, project: Project, bound: int, until: float) -> None:
        self.project, self.bound, self.until = project, bound, until
        self.ended = Event()
        self._herds: dict[int, list[Herd]] = defaultdict(list)  # by how often they were put together

    def plan(self, seed: int, until: float = inf) -> Plan:
        """The best plan that one thread finds until then."""
        breeder = _Breeder(self, seed, min(until, self.until))
        while True:
            herd, level = breeder.begun(), 0
            breeder.bred(herd)
            while breeder.going() and (other := _popped(self._herds[level])):
                herd, level = joined(herd, other), level + 1
                breeder.bred(herd)
            self._herds[level].append(herd)
            if not breeder.going():
                begins = breeder.ends[:-1] - breeder.days
                return Plan(tuple(begins.tolist()), int(breeder.ends[-1]), self.bound)


class _Breeder:
    """The best plan that a thread has found, and all with which it breeds."""

    def __init__(self, breeding: _Breeding, seed: int, until: float) -> None:
        from paraph.outlook import planning_kernel as kernel

        project, count = breeding.project, len(breeding.project.jobs)
        self._breeding, self._until, self._kernel = breeding, until, kernel
        self._rng = np.random.Generator(np.random.Philox(seed))
        self.days = np.array([job.days for job in project.jobs], np.int64)
        self._tail = np.array(_chains(project)[1], np.float64)
        needs, room, guard = _packed(project)
        horizon = int(self.days.sum()) + 1
        self._arrays: tuple[Any, ...] = (
            self.days, *_links(job.after for job in project.jobs), *_links(_later(project)),
            needs, room, guard, np.empty((len(guard), horizon + kernel.AT_SIGHT), np.int32),
            np.empty(horizon + 1, np.int64), np.empty(count, np.int64),
        )  # fmt: skip
        self.ends = np.full(count + 1, horizon, np.int64)  # and the last of them

    def going(self) -> bool:
        """Say whether there is time, and a shorter plan may be found."""
        if self.ends[-1] <= self._breeding.bound:
            self._breeding.ended.set()
        return not self._breeding.ended.is_set() and monotonic() < self._until

    def begun(self) -> Herd:
        """A new herd: what has the longest way to the end comes first, with luck; none in one of twenty."""
        count, filled = len(self.days), 0
        orders, lasts, totals = (np.empty(shape, np.int64) for shape in ((KEPT, count), KEPT, KEPT))
        while not filled or (filled < KEPT and self.going()):
            part = slice(filled, filled + AT_ONCE)
            urgent = self._tail ** self._rng.random((AT_ONCE, 1)) * self._rng.random((AT_ONCE, count))
            urgent[0] = self._tail
            self._kernel.begun(orders[part], lasts[part], totals[part], urgent, self.ends, *self._arrays)
            filled += AT_ONCE
        return orders[:filled], lasts[:filled], totals[:filled]

    def bred(self, herd: Herd) -> None:
        """Breed a herd for a while."""
        for _turn in range(len(herd[0])):
            if not self.going():
                break
            self._kernel.bred(*herd, self._rng.random((AT_ONCE, CHANCES)), self.ends, *self._arrays)


@cache
def _compile() -> None:
    breeder = _Breeder(_Breeding(_TINY, 0, inf), 1, inf)
    orders, lasts, totals = breeder.begun()
    breeder.bred((orders[:1], lasts[:1], totals[:1]))


def _popped(herds: list[Herd]) -> Herd | None:
    try:
        return herds.pop()
    except IndexError:
        return None


def joined(*herds: Herd) -> Herd:
    """All orders of these herds, or as many of the best of each as one herd has at most."""
    share = MOST // len(herds)
    bests = [np.argsort(lasts, kind="stable")[:share] for _orders, lasts, _totals in herds]
    orders, lasts, totals = (
        np.concatenate([part[best] for part, best in zip(parts, bests, strict=True)])
        for parts in zip(*herds, strict=True)
    )
    return orders, lasts, totals


def _packed(project: Project) -> tuple[Words, Words, Words]:
    """What jobs need, what there is, and the bits above the fields, in words (`planning_kernel`)."""
    bits = max(project.room, default=0).bit_length() + 1
    each = max(1, 31 // bits)
    words = [range(k, min(k + each, len(project.room))) for k in range(0, len(project.room), each)]

    def packed(rows: Sequence[Sequence[int]]) -> Words:
        return np.array(
            [
                [sum(row[k] << bits * (k - word[0]) for k in word) for row in rows]
                for word in words or [range(0)]
            ],
            np.int32,
        )

    guard = packed([[1 << bits - 1] * len(project.room)])[:, 0]
    needs = [job.needs if job.days else [0] * len(job.needs) for job in project.jobs]
    return packed(needs), packed([project.room])[:, 0] | guard, guard


def _later(project: Project) -> list[list[int]]:
    """What waits for each job."""
    later: list[list[int]] = [[] for _job in project.jobs]
    for i, job in enumerate(project.jobs):
        for other in job.after:
            later[other].append(i)
    return later


def _chains(project: Project) -> tuple[list[int], list[int]]:
    """The longest chain before each job, and from its beginning to the end."""
    head, tail = [0] * len(project.jobs), [job.days for job in project.jobs]
    for i, job in enumerate(project.jobs):
        head[i] = max((head[other] + project.jobs[other].days for other in job.after), default=0)
    for i in range(len(project.jobs) - 1, -1, -1):
        for other in project.jobs[i].after:
            tail[other] = max(tail[other], project.jobs[other].days + tail[i])
    return head, tail


def _links(lists: Iterable[Sequence[int]]) -> tuple[Ints, Ints]:
    lists = list(lists)
    at = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    return at, np.array([one for row in lists for one in row], np.int64)


# ---------------------------------------------------------------- with a solver


def _solved(
    project: Project, known: Plan, until: float, workers: int, seed: int, beside: "Future[Plan]"
) -> Plan:
    cp_model = _solver()
    model = cp_model.CpModel()
    head, tail = _chains(project)
    makespan = model.new_int_var(known.bound, known.makespan, "")
    begins = [model.new_int_var(h, known.makespan - t, "") for h, t in zip(head, tail, strict=True)]
    spans = [
        model.new_fixed_size_interval_var(begin, job.days, "")
        for begin, job in zip(begins, project.jobs, strict=True)
    ]
    for i, job in enumerate(project.jobs):
        for other in job.after:
            model.add(begins[i] >= begins[other] + project.jobs[other].days)
        model.add(makespan >= begins[i] + job.days)
        model.add_hint(begins[i], known.begins[i])
    for k, there in enumerate(project.room):
        users = [i for i, job in enumerate(project.jobs) if job.needs[k] and job.days]
        model.add_cumulative([spans[i] for i in users], [project.jobs[i].needs[k] for i in users], there)
    model.add_hint(makespan, known.makespan)
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.0, until - monotonic())
    beside.add_done_callback(lambda _found: solver.stop_search())
    status = solver.solve(model)
    bound = max(known.bound, round(solver.best_objective_bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Plan(known.begins, known.makespan, min(bound, known.makespan))
    found = [solver.value(begin) for begin in begins]
    last = max((begin + job.days for begin, job in zip(found, project.jobs, strict=True)), default=0)
    return Plan(tuple(found), last, min(bound, last))


@cache
def _solver() -> ModuleType:
    from ortools.sat.python import cp_model

    return cp_model


# ---------------------------------------------------------------- files


def _number(text: str, what: str) -> int:
    found = re.search(rf"^{what}[^:\n]*:\s*(\d+)\s*$", text, re.MULTILINE)
    if not found or not 0 < int(found[1]) <= 10_000:
        raise OutlookRefused(_("This is no project of PSPLIB: the line “%(what)s” is missing."), what=what)
    return int(found[1])


def _rows(text: str, section: str, count: int, least: int) -> list[list[int]]:
    """The rows of numbers (below 1,000,000,000) of a section, of at least so many numbers each."""
    lines = text.partition(section)[2].partition("****")[0].splitlines()
    rows = [
        [int(one) for one in line.split()]
        for line in lines
        if re.fullmatch(r"\s*\d{1,9}(\s+\d{1,9})*\s*", line)
    ]
    if len(rows) < count or any(len(row) < least for row in rows[:count]):
        raise OutlookRefused(
            _("This is no project of PSPLIB: “%(section)s” lacks rows of numbers."), section=section
        )
    return rows[:count]


def _in_order(jobs: Sequence[Job], room: tuple[int, ...]) -> Project:
    """The project with its jobs as they are, none before what it waits for."""
    try:
        order = list(TopologicalSorter({i: job.after for i, job in enumerate(jobs)}).static_order())
    except CycleError as error:
        raise OutlookRefused(
            _("These wait for each other in a circle and can only be settled together: %(names)s."),
            names=", ".join(str(one + 1) for one in error.args[1][:-1]),
        ) from None
    if any(other > i for i, job in enumerate(jobs) for other in job.after):
        place = {i: new for new, i in enumerate(order)}
        jobs = [
            Job(jobs[i].days, tuple(place[other] for other in jobs[i].after), jobs[i].needs) for i in order
        ]
    return Project(tuple(jobs), room)
