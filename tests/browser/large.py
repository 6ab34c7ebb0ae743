"""Makes a node whose one road map has 1,500 brackets: `python -m tests.browser.large HOME ADDRESS`."""

import random
import sys
from pathlib import Path

from paraph.acts import Act, Propose, TakeStance, proposal_id
from paraph.demo.history import carry
from paraph.demo.play import begin, found, people
from paraph.node.homes import Home, write_key, write_private
from paraph.node.startup import prepare
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore

WORDS = [
    "стороны",
    "согласуют",
    "порядок",
    "поставки",
    "и",
    "тарифы",
    "на",
    "перевозку",
    "до",
    "начала",
    "применения",
    "общих",
    "правил",
    "рынка",
]
PROVISIONS = 750


def make(path: Path, listen: str) -> None:
    """Write the home, the logs of both parties and a reader."""
    nodes = {code: SecretKey.generate() for code in ("BY", "RU", "PUB")}
    roots = {party: SecretKey.generate() for party in ("BY", "RU")}
    keys = {one.username: SecretKey.generate() for party in ("BY", "RU") for one in people(party)}
    charter = found({}, nodes, roots)
    history = begin(charter, nodes, roots, keys)
    picker = random.Random(1)
    title: dict[str, object] = {"number": 1, "title": {"ru": "Большая карта"}}
    items = [[1, f"provision:large/p{n}"] for n in range(PROVISIONS)]
    wordings: dict[str, list[Act]] = {"BY": [Propose("card:large", title)], "RU": []}
    wordings["BY"] += [Propose("outline:large", {"items": items})]
    for _level, about in items:
        base = [picker.choice(WORDS) for _ in range(24)]
        for party, other in (("BY", "должны"), ("RU", "могут")):
            content = {"words": {"ru": " ".join([*base[:12], other, *base[12:]]) + "."}}
            wordings[party] += [Propose(str(about), content)]
            wordings[party] += [TakeStance(proposal_id(str(about), content), "accepts")]
    for party in ("BY", "RU"):
        side = history.sides[party]
        with side.journal.batch():
            side.journal.record(wordings[party], [side.delegate], at=history.now)
        history.exchange()
    Home(path, "BY", listen=listen, secret="x" * 50).write()
    write_key(path / "node.key", nodes["BY"])
    write_private(path / "charter.json", charter.encode())
    prepare(path)
    from paraph.node.models import Person
    from paraph.node.stores import DatabaseStore

    journal = history.sides["BY"].journal
    carry(history.sides["RU"].journal, journal, history.now)
    assert isinstance(journal.store, MemoryStore)
    store = DatabaseStore(path, ["BY", "RU"])
    with store.lock():
        store.append([*journal.store.rows("BY"), *journal.store.rows("RU")], journal.store.blobs)
    reader = Person(username="reader", role="viewer")
    reader.set_password("paraph-demo")
    reader.save()


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2])
