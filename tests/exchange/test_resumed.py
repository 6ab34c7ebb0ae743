"""How much does a pull move, and does it go on after a cut at any byte?"""

import dataclasses
from collections.abc import Callable

import pytest

from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.errors import Cut, ExchangeError, Unreachable
from paraph.node.exchange.messages import RANGE, Peer, Request, Response, asked_part
from paraph.node.exchange.server import Server
from paraph.record.stores import MemoryStore, Store
from paraph.record.tiles import joined
from paraph.sentences import _
from paraph.state import forks
from tests.exchange.nodes import ABOUT, founded, remarks, sizes
from tests.exchange.test_pull import branched
from tests.parties import Parties

LONG = " ".join(["Слова о газе."] * 2_000)  # lies in a blob


class Line:
    """A way to a node that counts the bytes of answers, and may cut them."""

    def __init__(self, answer: Callable[[Request], Response], cut: int = 2**40) -> None:
        self.answer = answer
        self.cut = cut  # after so many bytes of entries, contents and blobs the line breaks
        self.moved = 0
        self.lasting = 0

    def send(self, request: Request, limit: int) -> Response:
        """Carry one request."""
        if self.cut == 0:
            raise Unreachable(_("%(peer)s cannot be reached."), peer="BY")
        response = self.answer(request)
        body = response.body[:limit]
        complete = response.complete and len(body) == len(response.body)
        if response.lasting:
            if len(body) > self.cut:
                body, complete = body[: self.cut], False
            self.cut -= len(body)
            self.lasting += len(body)
        self.moved += len(body)
        return dataclasses.replace(response, body=body, complete=complete)

    def close(self) -> None:
        """Nothing stays open."""

    def abort(self) -> None:
        """Nothing waits."""


def caller(parties: Parties, line: Line) -> Caller:
    return Caller(parties.journals["RU"], Peer("BY", "http://127.0.0.1:1"), line)


def by(parties: Parties) -> Callable[[Request], Response]:
    return Server(parties.journals["BY"]).answer


def bytes_of(store: Store, since: int) -> int:
    """The bytes of entries of BY from there on, and of all blobs."""
    rows = sum(len(row.note) + len(row.content or b"") for row in store.rows("BY", since))
    return rows + sum(len(store.blob(name) or b"") for name in store.blob_names())


@pytest.mark.parametrize("new", [1, 20, 600])
def test_a_pull_moves_hardly_more_than_what_is_new(new: int) -> None:
    parties = founded()
    with parties.journals["BY"].batch():
        remarks(parties, "BY", 300)
    parties.deliver("BY", "RU")
    held = sizes(parties, "RU")["BY"]
    with parties.journals["BY"].batch():
        remarks(parties, "BY", new)
    line = Line(by(parties))

    pulled = pull(parties.journals["RU"], caller(parties, line))

    wanted = bytes_of(parties.journals["BY"].store, held)
    assert pulled.entries == new
    assert line.lasting <= 1.1 * wanted
    assert line.moved <= 1.1 * wanted + max(0.02 * wanted, 600)  # heads and checkpoints are of one size


def test_a_pull_goes_on_after_a_cut_at_any_byte_and_asks_for_no_byte_twice() -> None:
    parties = founded()
    remarks(parties, "BY", 2)
    parties.words("BY", ABOUT, LONG)
    held, size = sizes(parties, "RU")["BY"], sizes(parties, "BY")["BY"]
    whole = bytes_of(parties.journals["BY"].store, held) + 4 * (size - held)
    rows = [row for log in ("BY", "RU") for row in parties.journals["RU"].store.rows(log)]
    heads = parties.journals["RU"].store.remembered_heads()
    answer = by(parties)

    for cut in [*range(1, 4_000, 97), *range(4_000, whole, 4_001)]:
        store = MemoryStore()
        store.append(rows, {})
        for log, head in heads.items():
            store.remember_head(log, *head)
        parties.open("RU", store)
        line = Line(answer, cut)
        asking = caller(parties, line)
        with pytest.raises(ExchangeError):
            pull(parties.journals["RU"], asking)
        line.cut = 2**40
        pull(parties.journals["RU"], asking)

        assert sizes(parties, "RU")["BY"] == size
        assert line.lasting == whole, f"cut after {cut} bytes"


@pytest.mark.parametrize("left", [3, 200, 500])
def test_another_history_is_found_where_it_goes_on_within_an_answer_that_was_cut(left: int) -> None:
    parties = founded()
    second = branched(parties)
    remarks(parties, "BY", 2)
    remarks(second, "BY", 3, size=90)
    last = list(parties.journals["BY"].store.rows("BY"))[-1]
    answer = by(parties)

    def cuts(request: Request) -> Response:
        response = answer(request)
        if "/tile/entries/" not in request.target:
            return response
        short = response.body[: left - len(last.note)]
        return dataclasses.replace(response, body=short, complete=False)

    line = Line(cuts)
    asking = caller(parties, line)
    with pytest.raises(Cut):
        pull(parties.journals["RU"], asking)
    line.answer = by(second)
    pulled = pull(parties.journals["RU"], asking)

    assert [str(one) for one in pulled.troubles if "two histories" in str(one)]
    assert len(forks.told(parties.programme("RU"))) == 1


def test_a_terminator_that_knows_no_ranges_does_no_harm() -> None:
    parties = founded()
    remarks(parties, "BY", 3)
    answer = by(parties)

    def whole(request: Request) -> Response:
        plain = {name: value for name, value in request.headers.items() if name != RANGE}
        return answer(dataclasses.replace(request, headers=plain))

    pull(parties.journals["RU"], caller(parties, Line(whole)))

    assert sizes(parties, "RU") == sizes(parties, "BY")


def test_a_peer_of_release_0_1_0_gives_its_entries_as_lines() -> None:
    parties = founded()
    remarks(parties, "BY", 3)
    parties.words("BY", ABOUT, LONG)
    answer, asked = by(parties), list[str]()

    def older(request: Request) -> Response:
        asked.append(request.target)
        if "/tile/" in request.target:
            return Response(404, b"BY has nothing under this address.")
        return dataclasses.replace(answer(request), tag="", span="")

    pulled = pull(parties.journals["RU"], caller(parties, Line(older)))

    assert pulled.whole and sizes(parties, "RU") == sizes(parties, "BY")
    assert sum("/tile/" in target for target in asked) == 1


def test_what_is_kept_of_cut_answers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    parties = founded()
    asking = caller(parties, Line(by(parties)))
    monkeypatch.setattr("paraph.node.exchange.caller.MAX_BEGUN", 1_000)

    for number in range(20):
        asking._keep(f"BY/entries/{number}", 0, bytes(300))

    assert sum(len(raw) for _at, raw in asking._begun.values()) <= 1_000
    assert "BY/entries/19" in asking._begun


def test_a_range_is_cut_out_of_lasting_resources_only() -> None:
    request = Request("GET", "heads", {RANGE: "bytes=1-"})

    assert asked_part(Response(200, b"abc"), request).body == b"abc"
    assert asked_part(Response(200, joined([b"a"]), lasting=True), request).body == b"\x01a"
    assert asked_part(Response(404, b"no", lasting=True), request).body == b"no"
