"""Makes a node whose one road map is large: `python -m tests.browser.large HOME ADDRESS [DRAFT DRAFT]`.

Without drafts it has 1,500 brackets. With two drafts of one text, each is a state of the road map, with the
brackets that its delegations typed: what the first alternatives say is proposed by BY, the others by RU.
"""

import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from paraph.acts import Act, Propose, TakeStance, proposal_id
from paraph.demo.history import carry
from paraph.demo.play import begin, found, people
from paraph.node.homes import Home, write_key, write_private
from paraph.node.startup import prepare
from paraph.papers.documents import Paragraph
from paraph.papers.plain import read_plain
from paraph.papers.returned.words import variants
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore
from paraph.text.alignment import align
from paraph.text.canonical import canonical
from paraph.text.errors import TextRefused

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
MAP = "large"
Content = dict[str, object]
Texts = list[tuple[int, str, list[Content]]]  # level, subject, its wordings: of BY, of RU, and so on


def brackets() -> list[Texts]:
    """750 provisions with two wordings each."""
    picker = random.Random(1)
    found: Texts = []
    for n in range(PROVISIONS):
        base = [picker.choice(WORDS) for _ in range(24)]
        texts = [" ".join([*base[:12], verb, *base[12:]]) + "." for verb in ("должны", "могут")]
        found.append((1, f"provision:{MAP}/p{n}", [{"words": {"ru": text}} for text in texts]))
    return [found]


def drafts(paths: list[Path]) -> list[Texts]:
    """The drafts of a text, paragraph by paragraph; what follows from another keeps its id."""
    found: list[Texts] = []
    before: tuple[list[str], list[str]] = [], []
    for number, path in enumerate(paths):
        paragraphs = [one for one in read_plain(path).paragraphs if one.words]
        words = [one.words for one in paragraphs]
        names = {step.new[0]: before[1][step.old[0]]
                 for step in align(before[0], words) if step.kind in ("stays", "comes")}  # fmt: skip
        before = words, [names.get(at, f"provision:{MAP}/d{number}-{at}") for at in range(len(words))]
        level = 1
        texts: Texts = []
        for one, about in zip(paragraphs, before[1], strict=True):
            contents = list(_contents(one))
            level = 2 if one.kind == "heading" else level
            texts += [(1 if one.kind == "heading" else level, about, contents)] if contents else []
        found.append(texts)
    return found


def _contents(one: Paragraph) -> Iterator[Content]:
    """What the alternatives in the brackets of a paragraph say."""
    for text in dict.fromkeys(variants(one.words).values()):
        try:
            words = {"en": canonical(text)}
        except TextRefused:
            continue
        if words["en"]:
            yield {"words": {}, "heading": words} if one.kind == "heading" else {"words": words}


def make(path: Path, listen: str, states: list[Texts], language: str) -> None:
    """Write the home, the logs of both parties and a reader."""
    nodes = {code: SecretKey.generate() for code in ("BY", "RU", "PUB")}
    roots = {party: SecretKey.generate() for party in ("BY", "RU")}
    keys = {one.username: SecretKey.generate() for party in ("BY", "RU") for one in people(party)}
    charter = found({}, nodes, roots, (language,))
    history = begin(charter, nodes, roots, keys)
    title = {"ru": "Большая карта", "en": "Paris Agreement, draft"}
    card: Content = {"number": 1, "title": {language: title[language]}}
    former: dict[str, list[Content]] = {}
    for number, texts in enumerate(states):
        acts: dict[str, list[Act]] = {"BY": [], "RU": []}
        if not number:
            acts["BY"].append(Propose(f"card:{MAP}", card))
        outline: Content = {"items": [[level, about] for level, about, _contents in texts]}
        acts["BY"].append(Propose(f"outline:{MAP}", outline))
        for party in acts:
            acts[party].append(TakeStance(proposal_id(f"outline:{MAP}", outline), "accepts"))
        for _level, about, contents in texts:
            gone = [one for one in former.get(about, ()) if one not in contents]
            for content in contents if contents != former.get(about) else ():
                party = "RU" if contents.index(content) else "BY"
                acts[party].append(Propose(about, content))
                if content in contents[:2]:
                    acts[party].append(TakeStance(proposal_id(about, content), "accepts"))
            for party in acts:
                acts[party] += [TakeStance(proposal_id(about, one), "declines") for one in gone]
            former[about] = contents
        for party in ("BY", "RU"):
            side = history.sides[party]
            with side.journal.batch():
                side.journal.record(acts[party], [side.delegate], at=history.now)
            history.exchange()
        history.now += timedelta(days=40)
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
    home, listen, *files = sys.argv[1:]
    if files:
        make(Path(home), listen, drafts([Path(file) for file in files]), "en")
    else:
        make(Path(home), listen, brackets(), "ru")
