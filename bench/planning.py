"""What does a plan of rounds gain, does it hold on fresh futures, and how near to the best are schedules?"""

import csv
import os
import random
from functools import partial
from pathlib import Path

from bench.measuring import Row, seconds
from paraph.demo.facts import table
from paraph.outlook.choice import JUDGED_FROM, SHARE, round_plan
from paraph.outlook.durations import lognormal
from paraph.outlook.planning import broken, plan, read_sm
from paraph.outlook.rounds import Rounds, Team, play
from paraph.outlook.schedule import Schedule, Task, earlier

CORPUS = Path(os.environ.get("PARAPH_CORPUS") or Path(__file__).parents[2] / "shared") / "psplib"
RUNS = 40


def measure_planning(each: float) -> list[Row]:
    """Rounds of the reference case, then PSPLIB with and without a solver; the longest part of the bench."""
    return [*measure_rounds(), *measure_claims(), *measure_psplib(each)]


def measure_rounds() -> list[Row]:
    """A round plan against first come, and what a simulation of rounds costs."""
    case = reference()
    play(case, 64, 1)
    taken, _course = seconds(lambda: play(case, 8192, 1, threads=1))
    planned, found = seconds(lambda: round_plan(case, 4096, 1))
    return [
        ("rounds of 33 road maps, a future (goal 100 µs)", f"{taken / 8192 * 1e6:.0f} µs"),
        ("P80 of the round plan over first come (goal 0.93)", f"{found.at / found.first_come:.3f}"),
        ("  days earlier, on fresh futures", f"{found.gains.value:.0f} ({found.gains.low:.0f} to "
         f"{found.gains.high:.0f}), {planned:.1f} CPU s"),
    ]  # fmt: skip


def measure_claims() -> list[Row]:
    """How many claims of 40 hold: on four times as many futures, the gain lies in the claimed interval."""
    held = positive = 0
    for seed in range(RUNS):
        case = reference(seed)
        found = round_plan(case, 2048, seed, tries=100)
        one, other = (
            play(case, 8192, seed, order, first=2 * JUDGED_FROM).done for order in ((), found.order)
        )
        gained = earlier(one, other, SHARE).value
        held += found.gains.low <= gained <= found.gains.high
        positive += gained > 0
    return [
        ("claimed gains that hold on fresh futures (goal 85 %)", f"{held} of {RUNS}"),
        ("  plans that are better than first come there", f"{positive} of {RUNS}"),
    ]


def measure_psplib(each: float) -> list[Row]:
    """Gaps to the best known plans, as means, and the processor time that was obtained."""
    if not CORPUS.is_dir():
        return [("PSPLIB", "the corpus is not there")]
    with (CORPUS / "best_known.csv").open(encoding="utf-8", newline="") as file:
        best = {row["file"]: int(row["best_known"].split("..")[-1]) for row in csv.DictReader(file)}
    rows = []
    for what, time, solver in ((f"{each:g} s, two workers", each, True), ("1 s, without solver", 1.0, False)):
        for size, goals in (("j30", "0, 1 %"), ("j60", "0, 1 %"), ("j90", "1.5 %"), ("j120", "6.5, 6 %")):
            gaps, cpu, proved = [], 0.0, 0
            for name in sorted(name for name in best if name.startswith(size)):
                project = read_sm((CORPUS / name).read_text(encoding="utf-8"))
                taken, found = seconds(partial(plan, project, time, solver=solver))
                assert not broken(project, found.begins)
                gaps.append(found.makespan / best[name] - 1)
                proved += found.proved
                cpu += taken
            figure = f"{sum(gaps) / len(gaps):.2%}, largest {max(gaps):.1%}, {proved} of {len(gaps)} proved"
            rows.append(
                (f"PSPLIB {size}, {what} (goals {goals})", f"{figure}, {cpu / len(gaps):.1f} CPU s each")
            )
    return rows


def reference(seed: int = 1) -> Rounds:
    """
    The 33 road maps of the facts with what they depend on; their leading bodies are the teams.

    A body works on one road map at a time, all of them on seven. Days are invented: a round has a median of
    15 to 90 days, and one in seven is followed by another.
    """
    picker = random.Random(seed)
    rows = table("demo_33")
    tasks = tuple(
        Task(row["id"], lognormal(picker.uniform(15, 90), 0.5), tuple(row["depends_on"].split()), back=1 / 7)
        for row in rows
    )
    needs = {row["id"]: (row["lead_by"], row["lead_ru"]) for row in rows}
    bodies = {body for pair in needs.values() for body in pair}
    return Rounds(Schedule(tasks), needs, {body: Team() for body in bodies}, limit=7)
