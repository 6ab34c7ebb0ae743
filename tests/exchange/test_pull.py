"""What does a pull bring, and what does it refuse?"""

import dataclasses
import random
import string

import pytest

from paraph.acts import Remark, TakeStance
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.errors import Declined, ExchangeError, Unreachable
from paraph.node.exchange.messages import Peer, Request, Response
from paraph.node.exchange.transport import HttpTransport
from paraph.node.journal import Journal
from paraph.record.keys import SecretKey
from paraph.record.stores import Store
from tests.exchange.nodes import ABOUT, Nodes, founded, remarks, sizes
from tests.parties import Parties

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыьэюя"
LONG = " ".join(["Слова о газе."] * 2_000)  # lies in a blob


def secret() -> str:
    """Forty random letters that stand nowhere else."""
    return "".join(random.choices(random.choice([string.ascii_letters, CYRILLIC]), k=40))


def test_a_pull_brings_all_that_the_peer_holds_and_another_brings_nothing() -> None:
    parties = founded()
    remarks(parties, "BY", 5)

    with Nodes(parties) as nodes:
        first, second = nodes.pull("RU", "BY"), nodes.pull("RU", "BY")

    assert (first.entries, first.troubles) == (5, ())
    assert second.entries == 0
    assert sizes(parties, "RU") == sizes(parties, "BY")


def test_a_peer_that_holds_what_it_held_before_is_asked_for_its_heads_only() -> None:
    parties = founded()
    remarks(parties, "BY", 1)

    with Nodes(parties) as nodes:
        seen = nodes.pull("RU", "BY").theirs
        nodes["BY"].asked.clear()
        caller = nodes.caller("RU", "BY")
        pull(parties.journals["RU"], caller, seen=seen)
        caller.transport.close()

    assert nodes["BY"].asked == ["heads"]


def test_logs_that_acknowledge_each_other_come_in_one_pull() -> None:
    parties = founded("BY", "RU", "KZ")
    for _ in range(6):
        for code in ("BY", "RU"):
            remarks(parties, code, 2)
            for one, other in (("BY", "RU"), ("RU", "BY")):
                parties.deliver(one, other)

    with Nodes(parties) as nodes:
        pulled = nodes.pull("KZ", "BY")

    assert pulled.whole
    assert sizes(parties, "KZ") == sizes(parties, "BY")
    assert parties.journals["KZ"].ledger.past("BY") == parties.journals["BY"].ledger.past("BY")


def test_more_than_one_answer_holds_comes_in_portions() -> None:
    parties = founded()
    with parties.journals["BY"].batch():
        remarks(parties, "BY", 1_100)

    with Nodes(parties) as nodes:
        nodes.pull("RU", "BY")

    size = sizes(parties, "BY")["BY"]
    pieces = [target for target in nodes["BY"].asked if target.startswith("BY/tile/entries/")]
    assert pieces == [f"BY/tile/entries/{n:03}" for n in range(4)] + [f"BY/tile/entries/004.p/{size - 1024}"]
    assert sizes(parties, "RU")["BY"] == sizes(parties, "BY")["BY"]


def test_larger_contents_come_before_the_entries_that_name_them() -> None:
    parties = founded()
    text = LONG
    parties.words("BY", ABOUT, text)

    with Nodes(parties) as nodes:
        nodes.pull("RU", "BY")

    (blob,) = [target for target in nodes["BY"].asked if target.startswith("blob/")]
    assert text.encode() in (parties.journals["RU"].blob(blob.removeprefix("blob/")) or b"")
    assert sizes(parties, "RU") == sizes(parties, "BY")


def test_the_head_that_came_with_the_entries_can_be_acknowledged() -> None:
    parties = founded()
    name = parties.words("BY", ABOUT, "Другие слова.")

    with Nodes(parties) as nodes:
        nodes.pull("RU", "BY")
        parties.act("RU", TakeStance(name, "accepts"))

    assert parties.journals["RU"].ledger.past("RU")["BY"] == sizes(parties, "BY")["BY"]


def test_what_the_author_withholds_another_holder_supplies() -> None:
    parties = founded("BY", "RU", "KZ")
    parties.words("BY", ABOUT, LONG)
    parties.deliver("BY", "RU")

    def withholds(request: Request, response: Response) -> Response:
        is_blob = request.target.startswith("blob/")
        return Response(404, b"BY does not hold this content.") if is_blob else response

    with Nodes(parties) as nodes:
        nodes["BY"].change = withholds
        from_author = nodes.pull("KZ", "BY")
        before = sizes(parties, "KZ")["BY"]
        from_holder = nodes.pull("KZ", "RU")

    assert "BY does not hold this content" in str(from_author.troubles[0])
    assert before < sizes(parties, "BY")["BY"] == sizes(parties, "KZ")["BY"]
    assert from_holder.whole


def test_an_observer_gets_every_entry_and_no_content() -> None:
    parties = founded()
    planted = [secret() for _ in range(3)]
    parties.words("BY", ABOUT, planted[0])
    parties.words("BY", ABOUT, f"{planted[1]} {LONG}")
    parties.act("RU", Remark(ABOUT, {"en": planted[2]}))
    parties.deliver("RU", "BY")

    with Nodes(parties) as nodes:
        observed = nodes.pull("OBS", "BY")
        to_observer = b"\n".join(nodes["BY"].given)
        nodes["BY"].given.clear()
        nodes.pull("RU", "BY")
        to_party = b"\n".join(nodes["BY"].given)

    kept = parties.journals["OBS"].store
    assert observed.whole
    assert sizes(parties, "OBS") == sizes(parties, "BY")
    assert all(
        parties.journals["OBS"].ledger.root(log) == parties.journals["BY"].ledger.root(log)
        for log in ("BY", "RU")
    )
    assert not any(word.encode() in to_observer for word in planted)
    assert not any(row.content for log in kept.sizes() for row in kept.rows(log))
    assert all(word.encode() in to_party for word in planted[:2])  # the search finds what is there


def test_an_observer_that_asks_for_a_larger_content_is_declined() -> None:
    parties = founded()
    parties.words("BY", ABOUT, LONG)

    with Nodes(parties) as nodes:
        nodes.pull("RU", "BY")
        (blob,) = [target for target in nodes["BY"].asked if target.startswith("blob/")]
        caller = nodes.caller("OBS", "BY")
        answers = [caller._ask("GET", target, 0) for target in (blob, f"blob/{'0' * 64}")]
        caller.transport.close()

    assert {(answer.status, answer.body) for answer in answers} == {
        (403, b"Contents of closed acts go to the parties only.")
    }


def test_an_observer_keeps_no_content_even_where_a_peer_sends_it() -> None:
    parties = founded()
    word = secret()
    parties.words("BY", ABOUT, word)
    parties.open("OBS")  # it begins with nothing

    with Nodes(parties) as nodes:
        as_party = nodes.caller("RU", "BY")
        target = f"BY/entries/0-{sizes(parties, 'BY')['BY']}"
        leaked = as_party._ask("GET", target, 10**6).body
        as_party.transport.close()

        def leaks(request: Request, response: Response) -> Response:
            if request.target.startswith("BY/tile"):  # as a peer of release 0.1.0
                return Response(404, b"BY has nothing under this address.")
            return (
                dataclasses.replace(response, body=leaked)
                if request.target.startswith("BY/entries")
                else response
            )

        nodes["BY"].change = leaks
        nodes.pull("OBS", "BY")

    kept = parties.journals["OBS"].store
    assert word.encode() in leaked
    assert sizes(parties, "OBS")["BY"] == sizes(parties, "BY")["BY"]
    assert all(row.content is None for row in kept.rows("BY"))


def test_a_cut_answer_keeps_what_came_whole_and_the_next_pull_goes_on_there() -> None:
    parties = founded()
    remarks(parties, "BY", 40)
    held = sizes(parties, "RU")["BY"]

    def cuts(request: Request, response: Response) -> Response:
        if "entries" not in request.target:
            return response
        half = response.body[: len(response.body) // 2]
        return dataclasses.replace(response, body=half, complete=False)

    with Nodes(parties) as nodes:
        nodes["BY"].change = cuts
        with pytest.raises(ExchangeError, match="cut off"):
            nodes.pull("RU", "BY")
        halfway = sizes(parties, "RU")["BY"]
        nodes["BY"].change = lambda _request, response: response
        nodes["BY"].asked.clear()
        nodes.pull("RU", "BY")

    assert held < halfway < held + 40
    assert f"BY/tile/entries/000.p/{held + 40}" in nodes["BY"].asked
    assert sizes(parties, "RU")["BY"] == held + 40


def test_a_tampered_entry_is_refused_and_what_came_before_it_is_kept() -> None:
    parties = founded()
    held = sizes(parties, "RU")["BY"]
    remarks(parties, "BY", 10)
    target = parties.journals["BY"].raw("BY", held + 6)
    assert target is not None and target.content is not None

    def tampers(_request: Request, response: Response) -> Response:
        return dataclasses.replace(response, body=response.body.replace("6 оо".encode(), "7 оо".encode()))

    with Nodes(parties) as nodes:
        nodes["BY"].change = tampers
        pulled = nodes.pull("RU", "BY")

    assert str(pulled.troubles[0]) == (
        f"What BY gave was refused. BY entry {held + 6}: the content line is not the one that the"
        " entry is committed to."
    )
    assert sizes(parties, "RU")["BY"] == held + 6


def test_a_wrong_entry_of_one_log_does_not_hold_up_another() -> None:
    parties = founded("BY", "RU", "KZ")
    held = sizes(parties, "KZ")
    remarks(parties, "RU", 3)
    parties.deliver("RU", "BY")
    remarks(parties, "BY", 1)

    def tampers(request: Request, response: Response) -> Response:
        if not request.target.startswith("BY/tile/entries"):
            return response
        return dataclasses.replace(response, body=response.body.replace(b'"by":', b'"bY":'))

    with Nodes(parties) as nodes:
        nodes["BY"].change = tampers
        pulled = nodes.pull("KZ", "BY")

    assert len(pulled.troubles) >= 1
    assert sizes(parties, "KZ") == {**held, "RU": sizes(parties, "RU")["RU"]}


def branched(parties: Parties) -> Parties:
    """The same programme, in which BY's node runs a second time on a copy of its database."""
    other = Parties(parties.charter, parties.roots, parties.nodes, parties.people)
    other.journals = dict(parties.journals)
    copy = copy_of(parties)
    for log, head in parties.journals["BY"].store.remembered_heads().items():
        copy.remember_head(log, *head)  # as the whole machine was copied
    other.open("BY", copy)
    return other


def copy_of(parties: Parties) -> Store:
    """The entries that BY holds, without their second copy."""
    journal, copy = parties.journals["BY"], parties.new_store()
    for log, size in journal.heads().items():
        copy.append(list(journal.store.rows(log, 0, size)), {})
    return copy


@pytest.mark.parametrize("length", [1, 2, 3])
def test_two_histories_of_one_log_are_said_in_words(length: int) -> None:
    parties = founded()
    other = branched(parties)
    remarks(parties, "BY", 2)
    parties.deliver("BY", "RU")
    for number in range(length):
        other.act("BY", Remark(ABOUT, {"ru": f"другое {number}"}))

    with Nodes(other) as nodes:
        pulled = nodes.pull("RU", "BY")

    assert "two histories" in str(pulled.troubles[0])
    assert sizes(other, "RU")["BY"] == sizes(parties, "BY")["BY"]


def test_a_second_node_that_runs_under_the_own_key_is_found() -> None:
    parties = founded()
    other = branched(parties)
    remarks(parties, "BY", 1)
    other.act("BY", Remark(ABOUT, {"ru": "другое"}))
    other.deliver("BY", "RU")

    with Nodes(parties) as nodes:
        pulled = nodes.pull("BY", "RU")

    assert "two histories" in str(pulled.troubles[0])


def test_a_peer_that_holds_more_of_the_own_log_shows_that_the_database_is_old() -> None:
    parties = founded()
    old = copy_of(parties)
    remarks(parties, "BY", 2)
    parties.deliver("BY", "RU")
    parties.open("BY", old)

    with Nodes(parties) as nodes:
        pulled = nodes.pull("BY", "RU")

    assert "this database is an old copy" in str(pulled.troubles[0])
    with pytest.raises(Exception, match="old copy"):
        parties.act("BY", Remark(ABOUT, {"ru": "нет"}))


def test_a_claim_on_the_own_log_without_proof_stops_nothing() -> None:
    parties = founded()
    size = sizes(parties, "BY")["BY"]

    with Nodes(parties) as nodes:
        nodes["RU"].change = lambda request, response: (
            dataclasses.replace(response, body=b'{"heads":{"BY":%d}}' % (size + 1))
            if request.target == "heads"
            else response
        )
        pulled = nodes.pull("BY", "RU")
        parties.act("BY", Remark(ABOUT, {"ru": "да"}))

    assert "without proof" in str(pulled.troubles[0])


def test_heads_of_logs_that_the_charter_does_not_name_are_not_read() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes["BY"].change = lambda _request, response: dataclasses.replace(
            response, body=b'{"heads":{"XX":9}}'
        )
        with pytest.raises(ExchangeError, match="cannot be read"):
            nodes.pull("RU", "BY")


@pytest.mark.parametrize(
    "answer",
    [
        Response(200, b"x" * 100_000),
        Response(200, b'{"heads":{"BY":-1}}'),
        Response(200, b'{"heads":{"BY":1.5}}'),
        Response(200, b'{"heads":{}, "next": "http://127.0.0.1:1/"}'),
        Response(200, b"\xff\xfe"),
        Response(200, b""),
    ],
)
def test_an_answer_out_of_form_or_size_is_an_error_in_words(answer: Response) -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes["BY"].change = lambda _request, _response: answer
        with pytest.raises(ExchangeError) as caught:
            nodes.pull("RU", "BY")

    assert str(caught.value).startswith("BY ")


def test_a_redirection_is_not_followed() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes["BY"].change = lambda _request, _response: Response(302, b"")
        with pytest.raises(ExchangeError, match="none is followed"):
            nodes.pull("RU", "BY")

    assert nodes["BY"].asked == ["heads"]


def test_a_peer_s_words_are_shown_short_and_without_control_characters() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes["BY"].change = lambda _request, _response: Response(503, b"a\x1b[1m\x00b\n" + b"c" * 900)
        with pytest.raises(Declined) as caught:
            nodes.pull("RU", "BY")

    assert str(caught.value).startswith("BY answers: a [1m b ccc")
    assert len(str(caught.value)) < 330


def test_a_connection_that_the_peer_let_go_is_made_anew() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        caller = nodes.caller("RU", "BY")
        caller.heads()
        nodes["BY"].down()
        caller.transport._connection.sock.shutdown(2)  # type: ignore[attr-defined]
        nodes["BY"].up()
        heads = caller.heads()
        caller.transport.close()

    assert heads == sizes(parties, "BY")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://node.example", "without TLS"),
        ("ftp://127.0.0.1", "no address like"),
        ("127.0.0.1:80", "no address like"),
        ("http://127.0.0.1:99999", "no address like"),
        ("http://127.0.0.1:1", "cannot be reached"),
    ],
)
def test_an_address_that_cannot_be_called_is_said_in_words(address: str, sentence: str) -> None:
    parties = founded()
    peer = Peer("BY", address)

    with pytest.raises(Unreachable, match=sentence):
        Caller(parties.journals["RU"], peer, HttpTransport(peer)).heads()


def test_a_node_with_another_key_is_nobody() -> None:
    parties = founded()

    with pytest.raises(ValueError, match="names no node"):
        Journal(parties.new_store(), parties.charter, me=None, node_key=SecretKey.generate())
