"""What do all nodes make alike of entries that should not be there, that lack something, or are newer?"""

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from paraph.acts import Propose, Remark, Revoke, TakeStance
from paraph.node.journal import Journal
from paraph.record.charter import read_charter
from paraph.record.errors import Malformed, NotHeld
from paraph.record.keys import SecretKey
from paraph.record.logs import COPIED, REPEATED
from paraph.record.stores import MemoryStore, Row
from paraph.state import agreement
from paraph.state.errors import Refused
from tests.parties import Parties
from tests.record.writing import Writer, blob, charter, key, roots, rows_of
from tests.state.rogue import registers, voids

ABOUT = "provision:gas/one"
LONG = ("Длинные слова. " * 2_000).strip()


def nodes(desk: Writer) -> Iterator[Journal]:
    """An empty journal of each node of the charter."""
    for me, name in (("BY", "BY node"), ("RU", "RU node"), (None, "OBS node")):
        yield Journal(MemoryStore(), desk.charter, me=me, node_key=key(name))


def held_by(journal: Journal, desk: Writer, blobs: Mapping[str, bytes] = {}) -> list[str]:
    """Let a node admit all that was written; why entries have no effect there, in the order of places."""
    rows = rows_of(desk.store)
    if journal.me is None:
        rows = [Row(row.log, row.n, row.note, None) for row in rows]
    journal.admit(rows, blobs if journal.me else {}, desk.heads())
    assert journal.heads() == desk.ledger.sizes()
    return [str(why) for _place, why in sorted(journal.programme().voids.items())]


# ---------------------------------------------------------------- commitments that are not one's own


@pytest.mark.parametrize(("log", "why"), [("RU", COPIED), ("BY", REPEATED)])
def test_a_content_copied_or_repeated_is_void_at_every_node_alike_and_blocks_nothing(
    log: str, why: str
) -> None:
    desk = Writer().begin()
    theirs = desk.write("BY", _words("Слово"), [desk.person["BY"]])
    note, content = desk.make(log, {}, [desk.person[log]], content=theirs.content)
    copy = desk.ledger.admit(note, content, lambda _name: None)
    desk.store.append([Row(log, copy.n, note, content)], {})
    desk.write(log, _words("Слово после"), [desk.person[log]])

    said = [held_by(journal, desk) for journal in nodes(desk) if journal.me]

    assert said[0] == said[1]
    assert [one for one in said[0] if one == why] == [why]


def _words(text: str) -> dict[str, Any]:
    return {"kind": "remark", "subject": "provision:gas/one", "words": {"ru": text}}


def test_an_entry_of_a_foreign_log_is_refused_at_every_node_alike() -> None:
    desk = Writer().begin()
    stranger = Writer(charter(salt="11" * 32)).begin()
    note, content = stranger.make("BY", _words("Слово"), [stranger.person["BY"]])
    rows = [Row("BY", 2, note, content)]

    for journal in nodes(desk):
        held_by(journal, desk)
        with pytest.raises(Malformed, match="another programme"):
            journal.admit(rows if journal.me else [Row("BY", 2, note, None)], {}, {})
        assert journal.heads() == desk.ledger.sizes()


def test_a_blob_that_is_not_the_one_named_is_refused_and_the_right_one_admits_the_entry() -> None:
    desk = Writer().begin()
    named, held = blob("long text")
    desk.write("BY", {"kind": "x", "content": named}, [desk.person["BY"]], blobs=held)

    for journal in nodes(desk):
        if journal.me:
            with pytest.raises(Malformed, match="not the one"):
                held_by(journal, desk, dict.fromkeys(held, b"other bytes"))
            assert journal.heads()["BY"] == 0  # nothing of the batch was kept
        held_by(journal, desk, held)


# ---------------------------------------------------------------- what is withheld


def state(journal: Journal) -> object:
    """All that follows from what a node holds."""
    programme = journal.programme()
    return journal.heads(), voids(programme), registers(programme), agreement.live(programme, ABOUT)


@pytest.mark.parametrize("what", ["content", "blob"])
def test_an_entry_without_its_content_or_blob_waits_and_what_a_third_supplies_makes_it_as_if_never_withheld(
    what: str,
) -> None:
    parties = Parties.make("BY", "RU", "KZ")
    parties.road_map()
    text = LONG if what == "blob" else "Слова третьи."
    name = parties.words("BY", ABOUT, text)
    place = parties.journals["BY"].heads()["BY"] - 1
    parties.act("BY", TakeStance(name, "accepts"))
    parties.deliver("BY", "KZ")
    source = parties.journals["BY"]
    rows = list(source.store.rows("BY", parties.journals["RU"].heads()["BY"]))
    if what == "content":
        rows = [row if row.n != place else Row(row.log, row.n, row.note, None) for row in rows]

    came = parties.journals["RU"].admit(rows, {}, {})

    assert parties.journals["RU"].heads()["BY"] == place  # it waits, with all that follows
    assert [row.n for row in came.waiting][0] == place
    with pytest.raises(NotHeld):
        parties.journals["RU"].ledger.confirm("BY", source.checkpoint("BY") or b"")
    assert name not in parties.journals["RU"].programme().proposals

    parties.deliver("KZ", "RU", ["BY"])
    assert parties.journals["RU"].heads()["BY"] == place + 2
    fresh = Journal(MemoryStore(), parties.charter, me="RU", node_key=parties.nodes["RU"])
    parties.journals["RU2"] = fresh
    parties.deliver("KZ", "RU2")
    parties.deliver("RU", "RU2")
    assert state(parties.journals["RU"]) == state(fresh)


# ---------------------------------------------------------------- revoked keys


@pytest.mark.parametrize("place", range(4))
def test_what_a_key_wrote_before_its_revocation_stands_everywhere_and_what_comes_after_is_void(
    place: int,
) -> None:
    parties = Parties.make("BY", "RU", "KZ")
    parties.road_map()
    journal, person = parties.journals["BY"], parties.people["BY"]
    journal._check = lambda *_: None  # type: ignore[method-assign]
    names = []

    for n in range(4):
        if n == place:
            journal.record([Revoke(person.public.id)], [parties.roots["BY"]], at=parties.tick())
        journal.record([Remark(ABOUT, {"ru": f"Слово {n}"})], [person], at=parties.tick())
        names.append(journal.heads()["BY"] - 1)
    parties.exchange()

    for node in parties.journals.values():
        assert node.heads()["BY"] == names[-1] + 1  # none blocks the log
        if node.me:
            found = voids(node.programme())
            assert [("BY", n) in found for n in names] == [n >= place for n in range(4)]


def test_a_content_signed_before_the_revocation_and_logged_after_it_is_void_by_its_place() -> None:
    desk = Writer().begin()
    person = desk.person["BY"]
    note, content = desk.make("BY", _words("Слово"), [person])  # signed now: the content knows no place
    signature = note.split(b"\n")[-2]
    desk.write("BY", {"kind": "revoke", "key": person.public.id}, roots("BY"))

    later, _ = desk.make("BY", _words("Слово"), [person], content=content)
    assert later.split(b"\n")[-2] == signature  # the same signature stands under the later place
    entry = desk.ledger.admit(later, content, lambda _name: None)
    desk.store.append([Row("BY", entry.n, later, content)], {})

    for journal in nodes(desk):
        said = held_by(journal, desk)
        if journal.me:
            assert any("revoked" in why for why in said)


# ---------------------------------------------------------------- newer rules, and newer acts


def newer(parties: Parties) -> Parties:
    """The same parties under a charter whose rules nobody here knows."""
    made = replace(parties.charter, rules=2)
    assert read_charter(made.encode()).rules == 2
    other = Parties(made, parties.roots, parties.nodes)
    for code in parties.nodes:
        other.open(code)
    return other


def test_a_charter_of_newer_rules_shows_entries_and_no_state_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behind = newer(Parties.meet("BY", "RU"))
    with monkeypatch.context() as patch:  # BY runs the later release, which knows these rules
        patch.setattr("paraph.state.programme.RULES", 2)
        ahead = Parties(behind.charter, behind.roots, behind.nodes)
        for code in ("BY", "RU"):
            ahead.open(code)
        ahead.begin()
        ahead.road_map()
        known = agreement.agreed(ahead.programme(), ABOUT)
        assert known
    for code in ("RU", "OBS"):
        behind.journals["BY"] = ahead.journals["BY"]
        behind.deliver("BY", code)
    journal = behind.journals["RU"]

    assert journal.heads() == ahead.journals["BY"].heads()
    assert behind.journals["OBS"].heads() == ahead.journals["BY"].heads()
    programme = journal.programme()
    assert not programme.understood
    assert (programme.proposals, dict(programme.voids)) == ({}, {})
    entry = journal.entry("BY", 3)
    assert entry is not None and entry.act is not None  # entries are shown
    journal.compared()
    with pytest.raises(Refused, match="upgrade this node"):
        journal.record([Remark(ABOUT, {"ru": "Слово"})], [SecretKey.generate()])
    with monkeypatch.context() as patch:  # upgraded, it sees all
        patch.setattr("paraph.state.programme.RULES", 2)
        upgraded = Journal(journal.store, behind.charter, me="RU", node_key=behind.nodes["RU"])
        assert agreement.agreed(upgraded.programme(), ABOUT) == known


def test_an_act_of_a_later_release_is_kept_without_effect_and_all_around_it_stands() -> None:
    desk = Writer().begin()
    desk.write("BY", {"kind": "dance", "steps": 3}, [desk.person["BY"]])
    desk.write("BY", {**_words("Слово"), "tempo": 7}, [desk.person["BY"]])
    desk.write("BY", {"kind": "wave"}, public=True)
    content = {"number": 1, "title": {"ru": "Газ"}}
    desk.write("BY", {"kind": "propose", "subject": "card:gas", "content": content}, [desk.person["BY"]])

    said = [held_by(journal, desk) for journal in nodes(desk) if journal.me]

    assert said[0] == said[1]
    assert len([why for why in said[0] if "not understood" in why]) == 3
    for journal in nodes(desk):
        held_by(journal, desk)
        if journal.me:
            assert journal.programme().on["card:gas"]


def test_proposals_of_one_content_are_one_on_every_node_whatever_its_python_knows_of_letters() -> None:
    """Letters assigned after Unicode 14 are refused by the table of ours (tests/text), so by every node."""
    parties = Parties.make()
    parties.road_map()
    parties.journals["BY"]._check = lambda *_: None  # type: ignore[method-assign]
    later = "\U0001e4d0"  # NAG MUNDARI LETTER O, Unicode 15.0

    parties.act("BY", Propose(ABOUT, {"words": {"ru": f"Слово {later}"}}))
    parties.exchange()

    found = [voids(parties.programme(code)) for code in ("BY", "RU")]
    assert found[0] == found[1]
    assert any("the words are refused" in why for why in found[0].values())


def test_any_batching_of_such_entries_gives_one_state() -> None:
    desk = Writer().begin()
    theirs = desk.write("BY", _words("Слово"), [desk.person["BY"]])
    for log in ("RU", "BY"):
        note, content = desk.make(log, {}, [desk.person[log]], content=theirs.content)
        entry = desk.ledger.admit(note, content, lambda _name: None)
        desk.store.append([Row(log, entry.n, note, content)], {})
    desk.write("RU", {"kind": "dance"}, [desk.person["RU"]])
    desk.write("BY", {"kind": "revoke", "key": desk.person["BY"].public.id}, roots("BY"))
    desk.write("BY", _words("Слово после"), [desk.person["BY"]])
    states = []

    for seed in range(6):
        picker = random.Random(seed)
        journal = Journal(MemoryStore(), desk.charter, me="RU", node_key=key("RU node"))
        rows = rows_of(desk.store)
        picker.shuffle(rows)
        while rows:
            size = picker.randint(1, 4)
            journal.admit(rows[:size], {}, {})
            rows = [row for row in rows if row.n >= journal.heads()[row.log]]
            picker.shuffle(rows)
        states.append(state(journal))

    assert all(one == states[0] for one in states)
