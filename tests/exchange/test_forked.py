"""A node whose log has two histories: found within one exchange, told to everybody, settled by root keys."""

import pytest

from paraph.acts import Ack, Initial, Remark, Rotate, TakeStance
from paraph.node.errors import Unsure
from paraph.node.exchange.messages import Response
from paraph.node.exchange.recovery import recover
from paraph.record.errors import Inconsistent
from paraph.record.keys import SecretKey
from paraph.state import agreement, closing, forks
from paraph.state.errors import Refused
from tests.exchange.nodes import ABOUT, Nodes, founded, sizes
from tests.exchange.test_pull import LONG, branched
from tests.parties import Parties


def two_histories(*codes: str, length: int = 2) -> tuple[Parties, Parties]:
    """BY's node and a second one on a copy of its database; both have written since."""
    parties = founded(*codes)
    parties.act("RU", Remark(ABOUT, {"ru": "прочитано"}))
    parties.exchange()
    second = branched(parties)
    for number in range(3):
        parties.act("BY", Remark(ABOUT, {"ru": f"первое {number}"}))
    for number in range(length):
        second.act("BY", Remark(ABOUT, {"ru": f"второе {number}"}))
    return parties, second


def told(parties: Parties, code: str) -> list[str]:
    """What that node says of logs with two histories."""
    return [str(sentence) for sentence in forks.told(parties.programme(code))]


@pytest.mark.parametrize("length", [1, 3, 9])
def test_two_holders_find_two_histories_within_one_exchange_and_tell_all(length: int) -> None:
    parties, second = two_histories("BY", "RU", "KZ", length=length)
    parted = sizes(parties, "RU")["BY"]
    parties.deliver("BY", "RU")
    second.deliver("BY", "KZ")

    with Nodes(parties) as nodes:
        nodes.pull("RU", "KZ")
        nodes.pull("KZ", "RU")
        nodes.pull("OBS", "RU")

    for code in ("RU", "KZ", "OBS"):
        assert len(told(parties, code)) == 1, code
        assert parties.programme(code).shared == {"BY": parted}
    acks = [one.act for one in parties.programme("RU").by["RU"].entries if isinstance(one.act, Ack)]
    assert [len(ack.forks) for ack in acks if ack.forks] == [1]


def test_fewer_entries_of_another_history_without_a_signed_head_are_found_by_who_holds_more() -> None:
    parties, second = two_histories("BY", "RU", "KZ")
    parties.deliver("BY", "RU")
    held = parties.journals["KZ"]
    rows = list(second.journals["BY"].store.rows("BY", held.heads()["BY"]))
    held.admit(rows[:1], {}, {})  # the rest, and the head, did not come

    with Nodes(parties) as nodes:
        pulled = nodes.pull("RU", "KZ")

    assert "two histories" in str(pulled.troubles[0])
    assert len(told(parties, "RU")) == 1


def test_another_history_is_found_though_its_entries_have_other_lengths() -> None:
    parties = founded("BY", "RU", "KZ")
    parties.exchange()
    second = branched(parties)
    for number in range(3):
        parties.act("BY", Remark(ABOUT, {"ru": f"первое {number}"}))
    parties.deliver("BY", "RU")
    parties.act("KZ", Remark(ABOUT, {"ru": "подтверждается"}))
    second.deliver("KZ", "BY")
    for number in range(4):
        second.act("BY", Remark(ABOUT, {"ru": f"второе {number}"}))
    second.deliver("BY", "KZ")

    with Nodes(parties) as nodes:
        pulled = nodes.pull("RU", "KZ")

    assert any("two histories" in str(one) for one in pulled.troubles)
    assert len(told(parties, "RU")) == 1


def test_another_history_is_found_though_it_rests_on_what_the_peer_withholds() -> None:
    parties = founded("BY", "RU", "KZ")
    parties.exchange()
    second = branched(parties)
    parties.act("BY", Remark(ABOUT, {"ru": "первое"}))
    parties.words("RU", ABOUT, LONG)
    parties.deliver("RU", "BY")
    parties.act("BY", Remark(ABOUT, {"ru": "со знанием его"}))
    parties.deliver("BY", "RU")
    second.act("BY", Remark(ABOUT, {"ru": "второе"}))
    second.deliver("BY", "KZ")

    with Nodes(parties) as nodes:
        nodes["RU"].change = lambda request, response: (
            Response(404, b"RU does not hold this content.")
            if request.target.startswith("blob/")
            else response
        )
        pulled = nodes.pull("KZ", "RU")

    assert any("two histories" in str(one) or "another entry" in str(one) for one in pulled.troubles)
    assert len(told(parties, "KZ")) == 1


def test_two_histories_of_one_log_do_not_keep_another_restored_node_from_writing() -> None:
    parties, second = two_histories("BY", "RU", "KZ")
    parties.deliver("BY", "RU")
    second.deliver("BY", "KZ")
    old = parties.new_store()  # RU's backup, without its second copy
    for log, size in sizes(parties, "RU").items():
        old.append(list(parties.journals["RU"].store.rows(log, 0, size)), {})
    parties.act("RU", Remark(ABOUT, {"ru": "после копии"}))
    parties.deliver("RU", "BY", ["RU"])
    restored = parties.open("RU", old)

    with Nodes(parties) as nodes:
        callers = [nodes.caller("RU", peer) for peer in ("BY", "KZ")]
        stands = recover(restored, callers)
        for caller in callers:
            caller.transport.close()
        nodes.pull("RU", "KZ")

    assert stands == []
    contents = [row.content or b"" for row in restored.store.rows("RU")]
    assert any("после копии".encode() in content for content in contents)
    assert len(told(parties, "RU")) == 1
    parties.act("RU", Remark(ABOUT, {"ru": "дальше"}))


def test_a_restored_node_whose_own_log_has_another_history_elsewhere_does_not_write() -> None:
    parties, second = two_histories("BY", "RU", "KZ")
    second.deliver("BY", "KZ")
    copy = parties.new_store()
    for log, size in sizes(parties, "BY").items():
        copy.append(list(parties.journals["BY"].store.rows(log, 0, size)), {})
    restored = parties.open("BY", copy)

    with Nodes(parties) as nodes:
        callers = [nodes.caller("BY", peer) for peer in ("RU", "KZ")]
        stands = recover(restored, callers)
        for caller in callers:
            caller.transport.close()

    assert any("KZ has not been asked" in str(one) for one in stands)
    with pytest.raises(Unsure):
        parties.act("BY", Remark(ABOUT, {"ru": "дальше"}))


def test_what_is_known_is_told_once() -> None:
    parties, second = two_histories("BY", "RU", "KZ")
    parties.deliver("BY", "RU")
    second.deliver("BY", "KZ")
    with Nodes(parties) as nodes:
        nodes.pull("RU", "KZ")
        before = sizes(parties, "RU")

        for _ in range(3):
            nodes.pull("RU", "KZ")
            nodes.pull("RU", "BY")

    assert sizes(parties, "RU") == before


def test_a_couriers_file_of_another_history_is_refused_and_told() -> None:
    parties, second = two_histories("BY", "RU")
    parties.deliver("BY", "RU")
    rows = list(second.journals["BY"].store.rows("BY"))

    with pytest.raises(Inconsistent):
        parties.journals["RU"].admit(rows, {}, {})

    assert "Two histories of the log of BY" in told(parties, "RU")[0]


def test_a_head_of_another_history_is_evidence_too() -> None:
    parties, second = two_histories("BY", "RU")
    parties.deliver("BY", "RU")
    head = second.journals["BY"].checkpoint("BY")
    assert head is not None

    with pytest.raises(Inconsistent):
        parties.journals["RU"].admit([], {}, {"BY": head})

    assert parties.programme("RU").shared == {"BY": 0}


def test_bytes_that_the_node_did_not_sign_are_no_evidence() -> None:
    parties = founded("BY", "RU")
    forger = Parties(parties.charter, parties.roots, {**parties.nodes, "BY": SecretKey.generate()})
    size = sizes(parties, "RU")

    row = parties.journals["BY"].raw("BY", 2)
    assert row is not None
    assert parties.journals["RU"].tell_fork(row.note.replace(b'"at":"2', b'"at":"3')) is None
    assert parties.journals["RU"].tell_fork(b"nonsense") is None

    assert sizes(parties, "RU") == size
    assert forger.nodes["BY"] != parties.nodes["BY"]


def test_a_log_with_two_histories_is_acknowledged_no_further_and_its_own_node_writes_nothing() -> None:
    parties, second = two_histories("BY", "RU", "KZ")
    parties.deliver("BY", "RU")
    second.deliver("BY", "KZ")
    known = dict(parties.journals["RU"].ledger.past("RU"))
    with Nodes(parties) as nodes:
        nodes.pull("RU", "KZ")
        parties.act("RU", Remark(ABOUT, {"ru": "слово"}))
        nodes.pull("BY", "RU")

    assert parties.journals["RU"].ledger.past("RU").get("BY", 0) == known.get("BY", 0)
    with pytest.raises(Refused, match="its root keys have to say"):
        parties.act("BY", Remark(ABOUT, {"ru": "ещё"}))


def test_root_keys_name_the_history_that_stands_and_the_others_accept_it() -> None:
    parties, second = two_histories("BY", "RU")
    name = parties.words("BY", ABOUT, "Согласованные слова.", accept=True)
    parties.deliver("BY", "RU")
    with pytest.raises(Inconsistent):
        parties.journals["RU"].admit(list(second.journals["BY"].store.rows("BY")), {}, {})
    with pytest.raises(Refused, match="have not said which history stands"):
        parties.journals["RU"].accept_history("BY")
    parties.exchange()
    journal, root, node = parties.journals["BY"], parties.roots["BY"], SecretKey.generate()

    act = Rotate([root.public.hex], 1, node.public.hex, 1, journal.ledger.logs["BY"].head)
    journal.record([act], [root], new_node=node, at=parties.tick())
    parties.exchange()
    assert told(parties, "RU") == told(parties, "BY") != []
    parties.journals["RU"].accept_history("BY", at=parties.tick())
    parties.exchange()

    assert told(parties, "RU") == told(parties, "BY") == told(parties, "OBS") == []
    parties.act("RU", TakeStance(name, "accepts"))
    parties.exchange()
    assert agreement.agreed(parties.programme("BY"), ABOUT) == name
    with pytest.raises(Inconsistent):  # the other history stays refused, and is no news
        parties.journals["RU"].admit(list(second.journals["BY"].store.rows("BY")), {}, {})
    assert told(parties, "RU") == []


def test_what_was_bound_and_acknowledged_stays_final_when_its_party_shows_another_history() -> None:
    parties = Parties.make()
    parties.road_map()
    second = branched(parties)
    for code in ("BY", "RU"):
        text = parties.initial(code)
        parties.exchange()
    for code in ("BY", "RU"):
        parties.seal(code)
        parties.exchange()
    assert closing.final(parties.programme("RU"), "RU", "road_map:gas")
    programme = second.programme("BY")
    composed = parties.programme("RU").by["BY"].stands["road_map:gas", ""][0]
    second.act("BY", Initial("road_map:gas", "", parties.charter.prog, composed.text, composed.lines))

    with pytest.raises(Inconsistent):
        parties.journals["RU"].admit(list(second.journals["BY"].store.rows("BY")), {}, {})

    assert programme.shared == {}
    assert parties.programme("RU").shared["BY"] <= composed.placed.n
    assert closing.final(parties.programme("RU"), "RU", "road_map:gas")
    found = closing.closed(parties.programme("RU"), "road_map:gas")
    assert found is not None
    assert found.text == text
