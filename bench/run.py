"""Measures speed as ratios in one run: `make bench`, or `make bench ARGS="--entries 1000000"`.

Every figure is the median of several rounds; floors and peers are measured in the same run.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.agencies import measure_agencies
from bench.appending import measure_appending
from bench.audit import measure_audit
from bench.measuring import WORDS, Row, large_charter, median
from bench.planning import measure_planning
from bench.redlines import measure_redlines
from bench.resources import measure_exchange, measure_proofs
from bench.workers import measure_workers
from paraph.acts import Act, Delegate, Found, Propose, TakeStance, proposal_id
from paraph.node.homes import Home, write_key, write_private
from paraph.record.charter import Charter
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore
from paraph.text.brackets import Alternative, brackets

LONG = ("workers",)  # twenty minutes, only where it is named


def main() -> None:
    """Run all measurements and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=10, help="of each problem of `planning`")
    given = parser.parse_args()
    rows: list[Row] = []
    parts: dict[str, Callable[[], list[Row]]] = {
        "brackets": measure_brackets,
        "pages": measure_pages,
        "exchange": measure_exchange,
        "proofs": measure_proofs,
        "append": measure_appending,
        "agencies": measure_agencies,
        "outlook": measure_outlook,
        "planning": lambda: measure_planning(given.seconds),
        "audit": lambda: measure_audit(given.entries),
        "redlines": lambda: measure_redlines(5),
        "workers": lambda: measure_workers(8_192),
    }
    for name, measure in parts.items():
        if given.only == name or (not given.only and name not in LONG):
            rows += measure()
    for what, figure in rows:
        print(f"{what:64} {figure}")


# ---------------------------------------------------------------- brackets


def measure_brackets() -> list[Row]:
    """Brackets of five alternatives of a provision of 500 words."""
    picker = random.Random(1)
    base = [picker.choice(WORDS) + str(picker.randrange(40)) for _ in range(500)]
    alternatives = []
    for place in range(5):
        words = base[:]
        for _ in range(20):
            at = picker.randrange(len(words))
            words[at : at + picker.randrange(3)] = [picker.choice(WORDS) for _ in range(picker.randrange(4))]
        alternatives.append(Alternative(str(place), " ".join(words), (f"P{place}",)))
    seconds = median(lambda: brackets(alternatives), 50)
    return [("brackets, 5 alternatives of 500 words (goal 10 ms)", f"{seconds * 1000:.1f} ms")]


# ---------------------------------------------------------------- pages


def measure_pages() -> list[Row]:
    """The board and a road map of 100 provisions at the server: 33 road maps, 3,300 provisions."""
    from paraph.node.journal import Journal

    charter, nodes, roots = large_charter()
    people = [SecretKey.generate() for _ in range(2)]
    store = MemoryStore()
    journal = Journal(store, charter, me="BY", node_key=nodes[0])
    journal.record([Found(charter.prog)], [roots[0]])
    grant = ["negotiate", "initial", "seal", "sign"]
    journal.record([Delegate(people[0].public.hex, {"en": "d"}, {"en": "d"}, grant)], [roots[0]])
    picker = random.Random(3)
    with journal.batch():
        for number in range(1, 34):
            name = f"map-{number}"
            acts: list[Act] = [
                Propose(f"card:{name}", {"number": number, "title": {"ru": f"Карта {number}"}})
            ]
            items = []
            for place in range(100):
                about = f"provision:{name}/p{place}"
                items.append([1, about])
                for _ in range(2 if place % 3 == 0 else 1):
                    content = {"words": {"ru": " ".join(picker.choice(WORDS) for _ in range(40))}}
                    acts.append(Propose(about, content))
                    acts.append(TakeStance(proposal_id(about, content), "accepts"))
            acts.append(Propose(f"outline:{name}", {"items": items}))
            journal.record(acts, [people[0]])
    folder = Path(tempfile.mkdtemp())
    try:
        return _pages(folder, charter, nodes[0], store)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_outlook() -> list[Row]:
    """Schedules in many futures, and learning; peers are imported only when they are measured."""
    from bench.outlook import measure_finish, measure_schedule

    return [*measure_finish(), *measure_schedule()]


def _pages(folder: Path, charter: Charter, node: SecretKey, memory: MemoryStore) -> list[Row]:
    Home(folder, "BY", secret="x" * 50).write()
    write_key(folder / "node.key", node)
    write_private(folder / "charter.json", charter.encode())
    os.environ |= {
        "PARAPH_NODE_HOME": str(folder),
        "PARAPH_PLAIN_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "paraph.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from paraph.node.models import Person
    from paraph.node.stores import DatabaseStore

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    store = DatabaseStore(folder, ["BY", "RU"])
    with store.lock():
        store.append(list(memory.rows("BY")), memory.blobs)
    person = Person.objects.create(username="reader", role="viewer")
    client = Client()
    client.force_login(person)
    found = []
    for path, what, goal in (
        ("/board", "board, 33 road maps and 3,300 provisions", 50),
        ("/map/map-7", "road map of 100 provisions", 100),
    ):
        first = time.process_time()
        assert client.get(path).status_code == 200
        first = time.process_time() - first
        again = median(lambda path=path: client.get(path), 15)  # type: ignore[misc]
        found.append((f"{what} (goal {goal} ms)", f"{again * 1000:.0f} ms, the first {first * 1000:.0f} ms"))
    return found


if __name__ == "__main__":
    main()
