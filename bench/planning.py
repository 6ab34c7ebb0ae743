"""What does a plan of rounds gain, does it hold on fresh futures, and how near to the best are schedules?"""

import random

from paraph.demo.facts import table
from paraph.outlook.durations import lognormal
from paraph.outlook.rounds import Rounds, Team
from paraph.outlook.schedule import Schedule, Task


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
