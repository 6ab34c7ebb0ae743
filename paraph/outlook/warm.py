"""What has to be compiled and learned before somebody asks?

Machine code is kept beside the sources, so it is compiled once on a machine; a node loads it when it starts,
beside the first requests. Nobody who asks waits for a compiler.
"""

from threading import Event

from paraph.outlook.agenda import Meeting, Point, agenda
from paraph.outlook.durations import fixed
from paraph.outlook.finish import forecast, taught
from paraph.outlook.past import Event as Step
from paraph.outlook.past import Past
from paraph.outlook.rounds import Rounds, Team, play
from paraph.outlook.schedule import Schedule, Task, simulate

ready = Event()


def compile_all() -> None:
    """Compile, or load, the kernels, and learn from the facts."""
    past = Past(
        "", 2, 0, 2, (Step(0, "a", "enters"), Step(0, "b", "enters"), Step(1, "a", "step")), {"b": ("a",)}
    )
    forecast(past, taught(), 2, 1)
    schedule = Schedule((Task("a", fixed(1)), Task("b", fixed(1), ("a",))))
    simulate(schedule, 64, 1)
    play(Rounds(schedule, {"a": ("x",)}, {"x": Team()}, 1), 2, 1, ("b", "a"), keep=True)
    agenda(Meeting(9, "heads", ((1, 2),)), [Point("a", 5)], schedule, 1, 64, 1)
    ready.set()


if __name__ == "__main__":
    compile_all()
