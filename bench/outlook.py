"""What does a simulation cost, beside its own random numbers, and beside others? What does learning?"""

import random
import resource
from datetime import date

import networkx
import numpy as np
from pmcontrols import network as pmcontrols

from bench.measuring import Row, median, seconds
from paraph.outlook import kernel
from paraph.outlook.durations import three_points
from paraph.outlook.finish import forecast, learn_with_weights
from paraph.outlook.past import accessions
from paraph.outlook.schedule import Schedule, Task, compile_schedule, simulate

TASKS, LINKS, FUTURES = 990, 1_997, 100_000
Estimates = dict[str, tuple[float, float, float]]


def measure_schedule() -> list[Row]:
    """990 tasks, 1,997 links, 100,000 futures with criticality and cruciality, on one thread."""
    plan, estimates = network()
    simulate(plan, 64, 1)
    compiled = compile_schedule(plan, 1).arrays
    place = np.empty((TASKS, kernel.LANES), np.float32)
    units = -(-FUTURES // kernel.LANES)
    kernel.draw_only(0, 1, *compiled[:3], place)
    floor = median(lambda: kernel.draw_only(0, units, *compiled[:3], place), 3)
    before = _peak()
    taken = median(lambda: simulate(plan, FUTURES, 1, threads=1), 3)
    small = _peak() - before
    simulate(plan, 10 * FUTURES, 1, threads=1)
    large = _peak() - before
    plain = median(lambda: simulate(plan, FUTURES // 10, 1, threads=1, compiled=False), 1) * 10
    loop = seconds(lambda: _networkx(plan, estimates, FUTURES // 1000))[0] * 1000
    rows = [{"id": t.name, "predecessors": list(t.after), **_abc(estimates[t.name])} for t in plan.tasks]
    peer = seconds(lambda: pmcontrols.pert(rows, n_sim=FUTURES // 100))[0]
    again = seconds(lambda: pmcontrols.pert(rows, n_sim=FUTURES // 10))[0]
    peer = again * 10 if again < 20 else peer * 100

    def beside(days: float) -> str:
        return f"{days:.2f} CPU s, {max(days / taken, taken / days):.2f} times"

    return [
        ("990 tasks, 1,997 links, 100,000 futures (goal 0.5 CPU s)", f"{taken:.2f} CPU s"),
        ("  its random numbers alone (goal: the whole at most 1.6 times)", beside(floor)),
        ("  NumPy path, scaled from a tenth", beside(plain)),
        ("  pmcontrols, scaled from a tenth (goal 10 times)", beside(peer)),
        ("  a networkx loop, scaled from a thousandth (goal 500 times)", beside(loop)),
        ("  memory of 100,000 futures, and of a million (goal 200 MB)", f"{small:.0f} MB, {large:.0f} MB"),
    ]


def measure_finish() -> list[Row]:
    """What the accessions in the facts teach, and a forecast of one of them on a day between."""
    known = accessions()
    croatia = known["Croatia"].upto(date(2009, 1, 1).toordinal())
    learned = learn_with_weights(known.values(), 1)
    learning = seconds(lambda: learn_with_weights(known.values(), 1))[0]
    told = median(lambda: forecast(croatia, learned, 4000, 1), 3)
    return [
        ("learning from five programmes with weights (goal 5 CPU s)", f"{learning:.1f} CPU s"),
        ("  a forecast of 35 chapters in 4,000 futures", f"{told:.2f} CPU s"),
    ]


def network() -> tuple[Schedule, Estimates]:
    """A random network in which a task waits for some of the sixty before it, with expert estimates."""
    picker = random.Random(1)
    after: list[set[str]] = [set() for _task in range(TASKS)]
    while sum(map(len, after)) < LINKS:
        later = picker.randrange(1, TASKS)
        after[later].add(f"t{picker.randrange(max(0, later - 60), later)}")
    estimates: Estimates = {}
    for i in range(TASKS):
        low, likely, high = sorted(picker.uniform(1, 50) for _point in range(3))
        estimates[f"t{i}"] = low, likely, high
    tasks = (Task(f"t{i}", three_points(*estimates[f"t{i}"]), tuple(sorted(after[i]))) for i in range(TASKS))
    return Schedule(tuple(tasks)), estimates


def _networkx(plan: Schedule, estimates: Estimates, futures: int) -> None:
    """What one would write first: a graph, a loop over the futures, the longest path of each."""
    graph = networkx.DiGraph()
    graph.add_nodes_from([*estimates, "end"])
    graph.add_edges_from((name, task.name) for task in plan.tasks for name in task.after)
    graph.add_edges_from((name, "end") for name in estimates)
    picker = random.Random(2)
    for _future in range(futures):
        for name, (low, likely, high) in estimates.items():
            days = picker.triangular(low, high, likely)
            for later in graph[name]:
                graph[name][later]["weight"] = days
        networkx.dag_longest_path(graph, weight="weight")


def _abc(estimate: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip("amb", estimate, strict=True))


def _peak() -> float:
    """The most memory that this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
