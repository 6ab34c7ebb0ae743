"""Nodes vouch for each other's logs, by the rules of a witness."""

from collections.abc import Iterator
from typing import Any

import pytest

from paraph.node.exchange.errors import BadAnswer, Declined, Refusal
from paraph.node.exchange.messages import Request, Response
from paraph.node.exchange.receipts import Elsewhere, ask, last, published, vouch
from paraph.node.journal import Journal
from paraph.record.checkpoints import origin, sign_checkpoint
from paraph.record.cosignatures import Receipt, write_request
from paraph.record.keys import SecretKey
from tests.exchange.nodes import Change, Nodes, founded, remarks, sizes, until


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    with Nodes(founded()) as up:
        yield up


def asks(nodes: Nodes, held: int) -> Receipt | None:
    """BY asks RU to vouch for so many entries."""
    caller = nodes.caller("BY", "RU")
    try:
        return ask(nodes.parties.journals["BY"], caller, held)
    finally:
        caller.transport.close()


def request(journal: Journal, old: int, size: int) -> bytes:
    """BY asks for a receipt of that size."""
    tree = journal.ledger.logs["BY"].tree
    head = sign_checkpoint(origin(journal.charter.prog, "BY"), size, tree.root(size), journal.node_key)
    return write_request(old, tree.consistency(old, size), head)


def refused(journal: Journal, body: bytes, log: str = "BY") -> int:
    """The status with which a request is refused."""
    with pytest.raises(Refusal) as found:
        vouch(journal, log, body, 1)
    return found.value.status


def test_an_act_is_published_when_a_party_has_vouched_for_it(nodes: Nodes) -> None:
    journal = nodes.parties.journals["BY"]
    size = sizes(nodes.parties, "BY")["BY"]
    assert published(journal) == 0

    receipt = asks(nodes, size)

    assert receipt is not None
    assert receipt.head.size == published(journal) == size
    assert receipt.time == int(nodes.parties.now.timestamp())  # by the clock of the witness
    assert last(journal, "RU") == receipt
    remarks(nodes.parties, "BY", 1)
    assert published(journal) == size


def test_a_receipt_is_asked_for_once(nodes: Nodes) -> None:
    size = sizes(nodes.parties, "BY")["BY"]
    asks(nodes, size)
    nodes["RU"].asked.clear()

    assert asks(nodes, size) is None
    assert nodes["RU"].asked == []


def test_receipts_follow_each_other(nodes: Nodes) -> None:
    parties, journal = nodes.parties, nodes.parties.journals["BY"]
    for _round in range(3):
        remarks(parties, "BY", 2)
        parties.deliver("BY", "RU")
        asks(nodes, sizes(parties, "RU")["BY"])

    assert published(journal) == sizes(parties, "BY")["BY"]


def test_a_node_that_lost_its_receipts_is_told_where_the_proof_begins(nodes: Nodes, carriers: Any) -> None:
    from paraph.node.models import ReceiptRow

    parties, journal = nodes.parties, nodes.parties.journals["BY"]
    asks(nodes, sizes(parties, "RU")["BY"])
    ReceiptRow.objects.using(carriers.names[0]).all().delete()  # of BY, which was opened first
    remarks(parties, "BY", 2)
    parties.deliver("BY", "RU")

    assert asks(nodes, sizes(parties, "RU")["BY"]) is not None
    assert published(journal) == sizes(parties, "BY")["BY"]


def test_who_does_not_hold_the_entries_does_not_vouch_for_them() -> None:
    parties = founded()
    remarks(parties, "BY", 2)
    size = sizes(parties, "BY")["BY"]

    assert refused(parties.journals["RU"], request(parties.journals["BY"], 0, size)) == 503
    parties.deliver("BY", "RU")
    assert vouch(parties.journals["RU"], "BY", request(parties.journals["BY"], 0, size), 1)


def test_the_rules_of_a_witness() -> None:
    parties = founded()
    by, ru = parties.journals["BY"], parties.journals["RU"]
    first = request(by, 0, 1)
    stranger = sign_checkpoint(
        origin(by.charter.prog, "BY"), 1, by.ledger.root("BY", 1), SecretKey.generate()
    )
    other = sign_checkpoint(origin(by.charter.prog, "BY"), 2, b"\x07" * 32, by.node_key)

    assert refused(ru, first, "KZ") == 404
    assert refused(ru, first, "RU") == 404
    assert refused(parties.journals["OBS"], first) == 404
    assert refused(ru, b"old\n\n") == 400
    assert refused(ru, write_request(0, [], stranger)) == 403
    vouch(ru, "BY", first, 1)
    assert refused(ru, request(by, 0, 2)) == 409
    assert refused(ru, write_request(1, [b"\x01" * 32], other)) == 422
    assert vouch(ru, "BY", request(by, 1, 1), 2)  # the same head again
    vouch(ru, "BY", request(by, 1, 2), 3)
    assert refused(ru, request(by, 2, 2).replace(b"old 2", b"old 1")) == 409


def test_the_answer_to_another_beginning_is_the_size() -> None:
    parties = founded()
    by, ru = parties.journals["BY"], parties.journals["RU"]
    vouch(ru, "BY", request(by, 0, 2), 1)

    with pytest.raises(Elsewhere) as found:
        vouch(ru, "BY", request(by, 1, 2), 2)

    assert found.value.sentence == "2\n"


def test_a_node_never_vouches_for_two_histories() -> None:
    parties = founded()
    by, ru = parties.journals["BY"], parties.journals["RU"]
    vouch(ru, "BY", request(by, 0, 2), 1)
    other = sign_checkpoint(origin(by.charter.prog, "BY"), 2, b"\x07" * 32, by.node_key)

    assert refused(ru, write_request(2, [], other)) == 409
    assert refused(ru, write_request(0, [], other)) == 409


def answers(status: int, body: bytes) -> Change:
    """A peer that answers every request for a receipt so."""

    def change(asked: Request, response: Response) -> Response:
        return Response(status, body) if asked.target == "BY/checkpoint" else response

    return change


@pytest.mark.parametrize("body", [b"", b"nonsense\n", b"x" * 70_000])
def test_a_receipt_that_does_not_count_is_refused(nodes: Nodes, body: bytes) -> None:
    nodes["RU"].change = answers(200, body)
    journal = nodes.parties.journals["BY"]

    with pytest.raises(BadAnswer):
        asks(nodes, sizes(nodes.parties, "BY")["BY"])
    assert published(journal) == 0


def test_a_peer_that_always_begins_elsewhere_is_not_asked_for_ever(nodes: Nodes) -> None:
    nodes["RU"].change = answers(409, b"1\n")

    with pytest.raises(BadAnswer):
        asks(nodes, sizes(nodes.parties, "BY")["BY"])
    assert nodes["RU"].asked.count("BY/checkpoint") == 2


def test_an_older_release_gives_no_receipts_and_no_trouble(nodes: Nodes) -> None:
    nodes["RU"].change = answers(405, b"Resources of the record are read, not written.")

    assert asks(nodes, 1) is None


def test_a_refusal_is_told_in_the_words_of_the_peer(nodes: Nodes) -> None:
    nodes["RU"].change = answers(422, b"No prefix.")

    with pytest.raises(Declined, match="No prefix"):
        asks(nodes, 1)


def test_nodes_vouch_for_each_other_by_themselves(nodes: Nodes) -> None:
    nodes.start("BY", "RU", interval=0.05)
    remarks(nodes.parties, "BY", 1)

    until(lambda: published(nodes.parties.journals["BY"]) == sizes(nodes.parties, "BY")["BY"])
