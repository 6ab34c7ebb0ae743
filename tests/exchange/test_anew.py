"""A party that has lost its log, and perhaps its node key, goes on by the word of its root keys."""

from typing import Any

import pytest

from paraph.acts import Found, Join, Rotate
from paraph.node.journal import Journal
from paraph.record.errors import BadSignature, Malformed, RecordError
from paraph.record.keys import SecretKey
from paraph.record.ledger import Ledger
from paraph.state import agreement, closing
from paraph.state.errors import Refused
from tests.parties import Parties
from tests.record.writing import Writer, key, roots

ABOUT = "provision:gas/one"


def begin_anew(parties: Parties, code: str, *, lost_key: bool = True) -> Journal:
    """An empty store, another node key, and the word of the root keys."""
    store, node = parties.new_store(), SecretKey.generate() if lost_key else parties.nodes[code]
    journal = Journal(store, parties.charter, me=code, node_key=node, clock=parties.tick, begins_anew=True)
    parties.journals[code] = journal
    stand(parties, code)
    return journal


def stand(parties: Parties, code: str) -> None:
    """Let root keys say that the history which the journal holds stands."""
    journal, root, node = parties.journals[code], parties.roots[code], SecretKey.generate()
    held = journal.programme().keys[code][-1]
    act = Rotate([root.public.hex], 1, node.public.hex, held.version + 1, journal.ledger.logs[code].head)
    journal.record([act], [root], new_node=node)
    parties.nodes[code] = node


def offer(parties: Parties, source: str, to: str, n: int) -> None:
    """Show a node the entry of BY's log that another holds at that place."""
    row = parties.journals[source].raw("BY", n)
    assert row is not None
    with pytest.raises(RecordError, match="two histories"):
        parties.journals[to].admit([row], {}, {}, at=parties.tick())


def test_a_log_of_which_nothing_is_left_begins_anew_and_all_go_on() -> None:
    parties = Parties.make("BY", "RU", "KZ")
    for code in ("RU", "KZ"):  # they had never received anything of BY
        parties.open(code)
        parties.journals[code].record([Join(parties.charter.prog)], [parties.roots[code]])
        parties.delegate(code)
    parties.open("OBS")

    begin_anew(parties, "BY")
    parties.delegate("BY")
    parties.exchange()

    subjects = parties.road_map()
    for code in ("BY", "RU", "KZ", "OBS"):
        if code != "OBS":
            assert agreement.agreed(parties.programme(code), subjects[0])
            assert not parties.programme(code).voids
    for code in ("BY", "RU", "KZ"):
        parties.initial(code)
    parties.exchange()
    for code in ("BY", "RU", "KZ"):
        parties.seal(code)
    parties.exchange()
    assert closing.closed(parties.programme("KZ"), "road_map:gas") is not None
    assert (
        Journal(parties.journals["BY"].store, parties.charter, me="BY", node_key=parties.nodes["BY"]).heads()
        == parties.journals["KZ"].heads()
    )


def test_before_root_keys_have_spoken_nothing_else_is_written() -> None:
    parties = Parties.make("BY", "RU")
    journal = Journal(
        parties.new_store(), parties.charter, me="BY", node_key=SecretKey.generate(), begins_anew=True
    )

    with pytest.raises(Refused, match="only once root keys have said"):
        journal.record([Found(parties.charter.prog)], [parties.roots["BY"]])
    with pytest.raises(Refused, match="only once root keys have said"):
        journal.record([Rotate([parties.roots["BY"].public.hex], 1, "ab" * 32, 1)], [parties.roots["BY"]])
    with pytest.raises(ValueError, match="names no node with this key"):
        Journal(parties.new_store(), parties.charter, me="BY", node_key=SecretKey.generate())


def test_what_another_still_holds_comes_back_first_and_root_keys_go_on_from_there() -> None:
    parties = Parties.make("BY", "RU", "KZ")
    parties.road_map()
    lost = parties.words("BY", ABOUT, "Новые слова.", accept=True)
    parties.deliver("BY", "KZ")  # RU has not received them
    node = SecretKey.generate()
    parties.journals["BY"] = Journal(
        parties.new_store(), parties.charter, me="BY", node_key=node, clock=parties.tick, begins_anew=True
    )
    parties.deliver("RU", "BY")  # as a courier's file from RU; KZ cannot be asked
    place = parties.journals["BY"].heads()["BY"]
    stand(parties, "BY")
    parties.deliver("BY", "RU")
    parties.journals["RU"].accept_history("BY", at=parties.tick())
    name = parties.words("BY", ABOUT, "Слова после потери.", accept=True)
    parties.deliver("BY", "RU")

    # KZ turns up with what was lost: both histories are known, and only what they share counts
    offer(parties, "KZ", "RU", place)
    programme = parties.programme("RU")
    assert programme.forks["BY"]
    parties.deliver("RU", "BY")
    assert name not in agreement.live(parties.programme("BY"), ABOUT)  # KZ has not accepted
    offer(parties, "RU", "KZ", place)
    assert lost in parties.programme("KZ").proposals  # what KZ holds is not undone there

    parties.open("KZ")  # set up again from a holder of the history that stands
    parties.deliver("RU", "KZ")
    parties.journals["KZ"].compared()
    parties.journals["KZ"].accept_history("BY", at=parties.tick())
    for to in ("RU", "BY"):
        parties.deliver("KZ", to)
    for code in ("BY", "RU", "KZ"):
        assert name in agreement.live(parties.programme(code), ABOUT)
        assert lost not in parties.programme(code).proposals


def test_a_party_that_has_acknowledged_what_was_lost_is_not_overruled() -> None:
    parties = Parties.make("BY", "RU")
    parties.road_map()
    for code in ("BY", "RU"):
        parties.initial(code)
    parties.exchange()
    parties.seal("BY")
    parties.exchange()
    parties.seal("RU")
    bound = closing.closed(parties.programme("RU"), "road_map:gas")
    assert bound is not None

    begin_anew(parties, "BY")
    offer(parties, "BY", "RU", 0)

    assert closing.closed(parties.programme("RU"), "road_map:gas") == bound
    assert closing.final(parties.programme("RU"), "RU", "road_map:gas")


# ---------------------------------------------------------------- the bytes


def anew(desk: Writer, **other: Any) -> dict[str, Any]:
    """The first entry of a log that was lost."""
    made = {
        "kind": "rotate",
        "roots": [one.public.hex for one in roots("BY")],
        "threshold": 2,
        "node": key("BY anew").public.hex,
        "version": 1,
        "stands": desk.charter.prog,
    }
    return {**made, **other}


def test_a_log_begins_anew_with_a_rotation_that_stands_on_the_charter() -> None:
    desk = Writer()
    note, _content = desk.make("BY", anew(desk), roots("BY"), public=True, node=key("BY anew"))

    entry = desk.ledger.admit(note, None, lambda _name: None)

    assert (entry.n, entry.void) == (0, "")
    log = desk.ledger.logs["BY"]
    assert log.node == log.node_at(0) == key("BY anew").public
    assert log.node_at(-1) == key("BY node").public  # the head of the empty log is the charter's
    assert log.authority_at(0).version == 0
    watcher = Ledger(desk.charter, reads_contents=False)
    assert watcher.admit(note, None, lambda _name: None).leaf == entry.leaf


@pytest.mark.parametrize(
    ("other", "signers", "node", "error"),
    [
        ({"stands": ""}, roots("BY"), "BY anew", Malformed),
        ({"stands": "ab" * 32}, roots("BY"), "BY anew", Malformed),
        ({"version": 2}, roots("BY"), "BY anew", BadSignature),
        ({"threshold": 3}, roots("BY"), "BY anew", BadSignature),
        ({}, roots("BY")[:1], "BY anew", BadSignature),
        ({}, roots("BY"), "BY node", BadSignature),
        ({}, roots("RU"), "BY anew", RecordError),
    ],
)
def test_other_rotations_begin_no_log(
    other: dict[str, Any], signers: list[SecretKey], node: str, error: type[RecordError]
) -> None:
    desk = Writer()
    note, _content = desk.make("BY", anew(desk, **other), signers, public=True, node=key(node))

    with pytest.raises(error):
        desk.ledger.admit(note, None, lambda _name: None)

    assert desk.ledger.size("BY") == 0


def test_a_log_that_begins_anew_beside_the_former_one_is_a_second_history() -> None:
    desk, other = Writer().begin(), Writer()
    note, _content = other.make("BY", anew(other), roots("BY"), public=True, node=key("BY anew"))

    with pytest.raises(RecordError, match="two histories"):
        desk.ledger.admit(note, None, lambda _name: None)
