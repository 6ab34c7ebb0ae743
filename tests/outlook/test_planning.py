"""How soon jobs can be done: worked by hand, against every order, and where the best plan is known."""

import csv
import random
import subprocess
import sys
from itertools import permutations
from math import inf
from pathlib import Path

import numpy as np
import pytest

from paraph.cli import main
from paraph.outlook import planning
from paraph.outlook import planning_kernel as kernel
from paraph.outlook.errors import OutlookRefused
from paraph.outlook.planning import Job, Project, broken, joined, lower_bound, plan, read_sm
from tests.papers.corpora import corpus

SMALL = """\
jobs (incl. supersource/sink ):  6
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           6
   5        1          1           6
   6        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     4       2
  3      1     3       1
  4      1     2       1
  5      1     5       2
  6      1     0       0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1
    2
************************************************************************
"""


def some(seed: int, count: int) -> Project:
    """Random jobs with up to two before each, and two resources."""
    picker = random.Random(seed)
    jobs = tuple(
        Job(
            picker.randrange(1, 8),
            tuple({picker.randrange(i) for _link in range(picker.randrange(3))}) if i else (),
            (picker.randrange(4), picker.randrange(4)),
        )
        for i in range(count)
    )
    return Project(jobs, (4, 5))


def shortest(project: Project) -> int:
    """Every order of the jobs, each placed as early as it can."""
    found = []
    for order in permutations(range(len(project.jobs))):
        ends: dict[int, int] = {}
        used: list[list[int]] = []
        for i in order:
            job = project.jobs[i]
            if any(other not in ends for other in job.after):
                break
            begin = max((ends[other] for other in job.after), default=0)
            while True:
                used += [[0] * len(project.room) for _day in range(begin + job.days - len(used))]
                days = used[begin : begin + job.days]
                if all(
                    day[k] + job.needs[k] <= there for day in days for k, there in enumerate(project.room)
                ):
                    break
                begin += 1
            for day in days:
                day[:] = [one + want for one, want in zip(day, job.needs, strict=True)]
            ends[i] = begin + job.days
        else:
            found.append(max(ends.values()))
    return min(found)


@pytest.mark.parametrize("solver", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_a_plan_is_as_short_as_the_best_of_all_orders(seed: int, solver: bool) -> None:
    project = some(seed, 6)

    found = plan(project, 0.4 if not solver else 20, solver=solver)

    assert found.makespan == shortest(project)
    assert broken(project, found.begins) == ""
    assert lower_bound(project) <= found.bound <= found.makespan
    assert found.proved or not solver


def test_resources_that_do_not_fit_into_one_word_are_looked_at_as_well() -> None:
    """The last of twelve resources of a million lets no two jobs go on together."""
    jobs = tuple(Job(days, (), (*[1] * 11, 600_000)) for days in (3, 2, 4))
    project = Project((*jobs, Job(2, (), (*[1] * 11, 1))), (1_000_000,) * 12)

    found = plan(project, 0.2, solver=False)

    assert broken(project, found.begins) == ""
    assert found.makespan == 9


def test_the_largest_resource_that_can_be_read_fits_into_its_word() -> None:
    most = 10**9 - 1
    project = Project((Job(2, (), (most,)), Job(3, (), (1,)), Job(1, (), (most - 1,))), (most,))

    assert plan(project, 0.2, solver=False).makespan == 5


def test_herds_that_have_come_as_far_go_on_as_one_with_the_best_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = ((np.full((4, 2), n), np.array([n, 9, n + 1, 8]), np.arange(4)) for n in (1, 2))

    _orders, all_lasts, _totals = joined(one, other)
    monkeypatch.setattr(planning, "MOST", 4)
    orders, lasts, totals = joined(one, other)

    assert all_lasts.tolist() == [1, 2, 8, 9, 2, 3, 8, 9]
    assert (orders[:, 0].tolist(), lasts.tolist(), totals.tolist()) == (
        [1, 1, 2, 2],
        [1, 2, 2, 3],
        [0, 2, 0, 2],
    )


@pytest.mark.parametrize("days", [31, 32, 33, 64, 100])
def test_jobs_of_any_length_wait_for_the_first_gap_that_is_long_enough(days: int) -> None:
    """What is short leaves too short a gap, then one that is just long enough."""
    order = (
        Job(5, (), (1,)), Job(days - 1, (0,), (0,)), Job(1, (1,), (2,)),
        Job(days, (2,), (0,)), Job(1, (3,), (2,)), Job(days, (0,), (2,)),
    )  # fmt: skip
    project = Project(order, (2,))
    days_of, *rest = planning._Breeder(planning._Breeding(project, 0, inf), 1, inf)._arrays
    ends = rest[-1]

    last = kernel.placed(np.arange(6), days_of, *rest[:2], *rest[4:8], ends)

    assert ends.tolist() == [5, days + 4, days + 5, 2 * days + 5, 2 * days + 6, 2 * days + 5]
    assert last == 2 * days + 6
    assert broken(project, (ends - days_of).tolist()) == ""


@pytest.mark.parametrize("seed", range(5))
def test_each_job_takes_the_first_free_place(seed: int) -> None:
    """Against days that are looked at one by one; most jobs wait for more than 32 days."""
    project = some(seed, 60)
    days_of, *rest = planning._Breeder(planning._Breeding(project, 0, inf), 1, inf)._arrays
    used = np.zeros((300, 2), np.int64)
    expected: list[int] = []
    for job in project.jobs:
        day = max((expected[other] for other in job.after), default=0)
        while (used[day : day + job.days] + job.needs > project.room).any():
            day += 1
        used[day : day + job.days] += job.needs
        expected.append(day + job.days)

    last = kernel.placed(np.arange(60), days_of, *rest[:2], *rest[4:8], rest[-1])

    assert last == max(expected) > 64
    assert rest[-1].tolist() == expected


def test_a_file_is_read_and_planned_as_worked_by_hand() -> None:
    """Job 2 (4 days) and job 5 (5 days) need all of the resource; 3 and 4 stand beside each other."""
    project = read_sm(SMALL)

    found = plan(project, 5)

    assert project.jobs[4] == Job(5, (2,), (2,))
    assert str(found) == "makespan 12 bound 12 proved yes"


def test_the_command_prints_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "small.sm"
    file.write_text(SMALL)

    code = main(["outlook", "plan", str(file), "--seconds", "5"])

    assert (code, capsys.readouterr().out) == (0, "makespan 12 bound 12 proved yes\n")


def test_the_command_prints_the_plan_where_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small.sm"
    file.write_text(SMALL)

    main(["outlook", "plan", str(file), "--seconds", "0.2", "--without-solver", "--days"])

    line, *jobs = capsys.readouterr().out.splitlines()
    begins = [int(job.split()[1]) for job in jobs]
    assert line.startswith("makespan 12 bound ")
    assert broken(read_sm(SMALL), begins) == ""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("jobs (incl.", "works (incl.", "line .jobs. is missing"),
        ("   6        1          0\n", "", "PRECEDENCE RELATIONS. lacks rows"),
        (
            "   5        1          1           6",
            "   5        1          1           7",
            "relations of job 5",
        ),
        (
            "   5        1          1           6",
            "   5        1          2           6",
            "relations of job 5",
        ),
        (
            "   5        1          1           6",
            "   5        1          1           3",
            "circle .* 3, 5|5, 3",
        ),
        ("  4      1     2       1", "  4      1     2       1   1", "requests of job 4"),
        ("  4      1     2       1", "  4      1     2       3", "wants more"),
        ("    2\n****", "****", "RESOURCEAVAILABILITIES. lacks rows"),
        ("    2\n****", "1000000000\n****", "RESOURCEAVAILABILITIES. lacks rows"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(old: str, new: str, says: str) -> None:
    assert old in SMALL

    with pytest.raises(OutlookRefused, match=says):
        read_sm(SMALL.replace(old, new))


def test_a_plan_that_uses_too_much_or_begins_too_soon_is_broken() -> None:
    project = read_sm(SMALL)

    assert "resource" in broken(project, [0, 0, 0, 4, 7, 12])
    assert "waits for" in broken(project, [0, 0, 4, 3, 7, 12])


def test_without_numba_orders_are_bred_all_the_same() -> None:
    code = (
        "import builtins; real = builtins.__import__\n"
        "def refuse(name, *rest):\n"
        "    if name.startswith(('numba', 'llvmlite')): raise ImportError(name)\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = refuse\n"
        "from paraph.outlook.planning import plan, read_sm\n"
        f"print(plan(read_sm({SMALL!r}), 0.5, solver=False).makespan)"
    )

    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )

    assert found.stdout == "12\n"


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["j3012_5.sm", "j3029_4.sm", "j6014_4.sm", "j9038_1.sm", "j1201_5.sm"])
def test_problems_of_psplib_come_near_to_the_best_known_plan(name: str) -> None:
    rows = csv.DictReader(corpus("psplib", "best_known.csv").read_text().splitlines())
    best = next(int(row["best_known"].split("..")[-1]) for row in rows if row["file"] == name)
    project = read_sm(corpus("psplib", name).read_text())

    found = plan(project, 4, solver=False)

    assert broken(project, found.begins) == ""
    assert found.bound <= best <= found.makespan <= 1.1 * best


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "days"), [("j6013_1.sm", 115), ("j6013_5.sm", 100)])
def test_the_hardest_problems_of_sixty_jobs_come_within_three_days(name: str, days: int) -> None:
    project = read_sm(corpus("psplib", name).read_text())

    found = plan(project, 4, solver=False)

    assert broken(project, found.begins) == ""
    assert found.makespan <= days
