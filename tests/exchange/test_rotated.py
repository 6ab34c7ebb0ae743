"""Nodes that exchange while one of them hands over to new keys."""

import pytest

from paraph.acts import Rotate, TakeStance
from paraph.node.exchange.errors import Declined
from paraph.node.exchange.recovery import recover
from paraph.node.journal import Journal
from paraph.record.errors import BadSignature
from paraph.record.keys import SecretKey
from paraph.state import agreement
from paraph.state.errors import Refused
from tests.exchange.nodes import ABOUT, Nodes, founded, remarks, sizes
from tests.parties import Parties


def rotate(parties: Parties, code: str, *, roots: bool = False) -> SecretKey:
    """Hand over to a new node key, and to a new root key where asked; return the former node key."""
    journal = parties.journals[code]
    held = journal.programme().keys[code][-1]
    old, node = parties.roots[code], SecretKey.generate()
    new = SecretKey.generate() if roots else old
    act = Rotate([new.public.hex], 1, node.public.hex, held.version + 1)
    journal.record([act], list({old.public: old, new.public: new}.values()), new_node=node, at=parties.tick())
    former, parties.nodes[code], parties.roots[code] = parties.nodes[code], node, new
    return former


def test_a_rotation_reaches_all_and_requests_go_on_under_the_new_key() -> None:
    parties = founded("BY", "RU")
    with Nodes(parties) as nodes:
        for code in ("RU", "OBS"):
            nodes.pull(code, "BY")
        rotate(parties, "BY", roots=True)
        remarks(parties, "BY", 2)

        for code in ("RU", "OBS"):
            assert nodes.pull(code, "BY").whole
        name = parties.words("RU", ABOUT, "Слова из Москвы.", accept=True)
        assert nodes.pull("BY", "RU").whole  # signed by the new key
        parties.act("BY", TakeStance(name, "accepts"))
        for code in ("RU", "OBS"):
            assert nodes.pull(code, "BY").whole

    assert sizes(parties, "OBS") == sizes(parties, "RU") == sizes(parties, "BY")
    assert agreement.agreed(parties.programme("RU"), ABOUT) == name
    for code in ("RU", "OBS"):
        assert parties.journals[code].node_of("BY") == parties.nodes["BY"].public


def test_the_former_node_key_asks_for_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    parties = founded("BY", "RU")
    with Nodes(parties) as nodes:
        former = rotate(parties, "BY")
        nodes.pull("RU", "BY")
        thief = nodes.caller("BY", "RU")
        thief._known_by = former
        monkeypatch.setattr(parties.journals["BY"], "asking_keys", lambda: [former])

        with pytest.raises(Declined, match="not signed by the node of BY"):
            thief.heads()
        thief.transport.close()


def test_two_that_have_not_heard_of_each_others_new_keys_know_the_former_ones() -> None:
    parties = founded("BY", "RU")
    with Nodes(parties) as nodes:
        rotate(parties, "BY")
        rotate(parties, "RU")

        assert nodes.pull("BY", "RU").whole
        assert nodes.pull("RU", "BY").whole

    assert parties.journals["RU"].node_of("BY") == parties.nodes["BY"].public
    assert parties.journals["BY"].node_of("RU") == parties.nodes["RU"].public


def test_an_old_database_is_let_in_by_a_key_that_it_has_forgotten() -> None:
    parties = founded("BY", "RU")
    old = parties.new_store()
    for log, size in sizes(parties, "BY").items():
        old.append(list(parties.journals["BY"].store.rows(log, 0, size)), {})
    old.remember_head("BY", 100, bytes(32))
    kept = [parties.nodes["BY"]]
    rotate(parties, "BY")
    kept.append(parties.nodes["BY"])
    parties.exchange()  # the first rotation only
    rotate(parties, "BY")  # nobody has heard of this one
    kept.append(parties.nodes["BY"])
    by_public = {key.public: key for key in kept}
    found = {"find_key": by_public.get, "kept_keys": lambda: list(by_public)}

    for without, asked in ((True, 1), (False, 0)):
        restored = Journal(
            old,
            parties.charter,
            me="BY",
            node_key=parties.nodes["BY"],
            **({"find_key": by_public.get} if without else found),
        )
        parties.journals["BY"] = restored
        with Nodes(parties) as nodes:
            caller = nodes.caller("BY", "RU")
            stands = recover(restored, [caller])
            caller.transport.close()
        assert len([one for one in stands if "not signed by the node of BY" in str(one)]) == asked


def test_another_process_of_the_node_takes_the_new_key_up() -> None:
    parties = founded("BY", "RU")
    kept = {parties.nodes["BY"].public: parties.nodes["BY"]}
    other = Journal(
        parties.journals["BY"].store,
        parties.charter,
        me="BY",
        node_key=parties.nodes["BY"],
        find_key=lambda public: kept.get(public),
    )

    rotate(parties, "BY")
    kept[parties.nodes["BY"].public] = parties.nodes["BY"]
    head = other.checkpoint("BY")

    assert head is not None
    assert parties.journals["RU"].node_of("BY") != parties.nodes["BY"].public
    parties.exchange()
    assert parties.journals["RU"].ledger.confirm("BY", head).size == parties.journals["BY"].heads()["BY"]


def test_a_journal_does_not_open_with_a_replaced_key() -> None:
    parties = founded("BY", "RU")
    store = parties.journals["BY"].store
    former = rotate(parties, "BY")

    with pytest.raises(ValueError, match="names no node with this key"):
        Journal(store, parties.charter, me="BY", node_key=former)

    assert Journal(store, parties.charter, me="BY", node_key=parties.nodes["BY"]).code == "BY"


def test_a_rotation_that_would_have_no_effect_is_refused_and_the_keys_stay() -> None:
    parties = founded("BY", "RU")
    journal, node = parties.journals["BY"], SecretKey.generate()
    before = journal.heads()

    for act, reason in (
        (Rotate([SecretKey.generate().public.hex], 1, node.public.hex, 1), "not signed by the node"),
        (Rotate([parties.roots["BY"].public.hex], 1, node.public.hex, 2), "next version"),
    ):
        with pytest.raises((Refused, BadSignature), match=reason):
            journal.record([act], [parties.roots["BY"]], new_node=node)

    assert journal.heads() == before
    assert journal.node_key == parties.nodes["BY"]
    remarks(parties, "BY", 1)


def test_a_third_node_supplies_a_rotated_log() -> None:
    parties = founded("BY", "RU", "KZ")
    with Nodes(parties) as nodes:
        rotate(parties, "BY", roots=True)
        remarks(parties, "BY", 1)
        nodes.pull("RU", "BY")

        assert nodes.pull("KZ", "RU").whole

    assert sizes(parties, "KZ")["BY"] == sizes(parties, "BY")["BY"]
