"""Which requests does a node answer, and with what sentence does it refuse the others?"""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from paraph.node.exchange.limits import MAX_BODY, MAX_ENTRIES, Pace
from paraph.node.exchange.messages import (
    NONCE,
    RANGE,
    RECEIVER,
    SENDER,
    SIGNATURE,
    TIME,
    UNCHANGED,
    Request,
    Response,
    write_heads,
)
from paraph.node.exchange.server import Server
from paraph.node.exchange.signing import Nonces, sign
from paraph.record.keys import SecretKey
from paraph.record.merkle import leaf_hash
from paraph.record.tiles import read_parts
from tests.exchange.nodes import ABOUT, founded, sizes
from tests.parties import Parties

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A system clock that a test can turn."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def parties() -> Parties:
    return founded()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(parties: Parties, clock: Clock) -> Server:
    return Server(parties.journals["BY"], clock=clock)


def signed(
    parties: Parties,
    target: str = "heads",
    *,
    sender: str = "RU",
    receiver: str = "BY",
    at: datetime = START,
    method: str = "GET",
    body: bytes = b"",
) -> Request:
    request = Request(method, target, body=body)
    return sign(request, parties.nodes[sender], parties.charter.prog, sender, receiver, lambda: at)


def changed(request: Request, **headers: str) -> Request:
    names = {
        "sender": SENDER,
        "receiver": RECEIVER,
        "at": TIME,
        "nonce": NONCE,
        "signature": SIGNATURE,
    }
    new = {names[name]: value for name, value in headers.items()}
    return dataclasses.replace(request, headers={**request.headers, **new})


def said(response: Response) -> tuple[int, str]:
    return response.status, response.body.decode()


def test_a_request_signed_by_a_node_of_the_charter_is_answered(parties: Parties, server: Server) -> None:
    for sender in ("RU", "OBS"):
        response = server.answer(signed(parties, sender=sender))

        assert response.status == 200
        assert response.body == write_heads(sizes(parties, "BY"))


def test_a_request_without_signature_is_refused(server: Server) -> None:
    assert said(server.answer(Request("GET", "heads"))) == (
        401,
        "The request is not signed: it comes from no node of this programme.",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "RU\nX"},
        {"at": "2026-03-01"},
        {"at": "2026-13-01T12:00:00.000Z"},
        {"nonce": "0" * 31},
        {"nonce": "0" * 10_000},
        {"signature": "A" * 87},
        {"signature": "é" * 88},
    ],
)
def test_a_malformed_header_is_refused(parties: Parties, server: Server, headers: dict[str, str]) -> None:
    assert server.answer(changed(signed(parties), **headers)).status == 401


def test_a_sender_that_the_charter_does_not_name_is_refused(parties: Parties, server: Server) -> None:
    response = server.answer(changed(signed(parties), sender="XX"))

    assert said(response) == (401, "The charter names no node XX.")


def test_a_request_under_the_name_of_another_node_is_refused(parties: Parties, server: Server) -> None:
    response = server.answer(changed(signed(parties, sender="OBS"), sender="RU"))

    assert said(response) == (401, "The request is not signed by the node of RU.")


def test_a_request_by_another_key_is_refused(parties: Parties, server: Server) -> None:
    good = signed(parties)
    stranger = Parties(parties.charter, {}, {"RU": parties.nodes["RU"]})
    stranger.nodes["RU"] = SecretKey.generate()

    raw = stranger.nodes["RU"].sign(b"anything")
    import base64

    response = server.answer(changed(good, signature=base64.b64encode(raw).decode()))

    assert said(response) == (401, "The request is not signed by the node of RU.")


@pytest.mark.parametrize(
    "change",
    [
        {"target": "BY/checkpoint"},
        {"target": "heads?x"},
        {"method": "POST"},
        {"body": b"x"},
    ],
)
def test_a_request_that_was_changed_on_the_way_is_refused(
    parties: Parties, server: Server, change: dict[str, object]
) -> None:
    request = dataclasses.replace(signed(parties), **change)  # type: ignore[arg-type]

    assert said(server.answer(request)) == (401, "The request is not signed by the node of RU.")


def test_a_request_of_another_programme_is_refused(parties: Parties, server: Server) -> None:
    other = Parties.make()
    other.nodes["RU"] = parties.nodes["RU"]
    twin = dataclasses.replace(signed(parties))
    elsewhere = sign(
        Request("GET", "heads"), other.nodes["OBS"], other.charter.prog, "OBS", "BY", lambda: START
    )

    response = server.answer(changed(twin, signature=elsewhere.headers[SIGNATURE]))

    assert response.status == 401


def test_a_request_meant_for_another_node_is_refused(parties: Parties, server: Server) -> None:
    request = signed(parties, receiver="OBS")

    assert said(server.answer(request)) == (401, "The request is meant for OBS; this is BY.")
    assert said(server.answer(changed(request, receiver="BY"))) == (
        401,
        "The request is not signed by the node of RU.",
    )


def test_a_request_that_comes_again_is_refused(parties: Parties, server: Server) -> None:
    request = signed(parties)

    first, second = server.answer(request), server.answer(request)

    assert first.status == 200
    assert said(second) == (401, "The request came before: it counts once.")


def test_a_request_of_the_time_before_a_restart_is_refused(
    parties: Parties, server: Server, clock: Clock
) -> None:
    request = signed(parties)
    server.answer(request)
    clock.now += timedelta(seconds=30)

    restarted = Server(parties.journals["BY"], clock=clock)

    assert said(restarted.answer(request)) == (401, "The request came before: it counts once.")


def test_of_several_workers_a_late_one_answers_what_was_sent_before_it_began(
    parties: Parties, clock: Clock
) -> None:
    answered: set[str] = set()

    def first(_sender: str, _at: int, nonce: str) -> bool:
        fresh = nonce not in answered
        answered.add(nonce)
        return fresh

    request, older = signed(parties), signed(parties, at=START - timedelta(milliseconds=1))
    clock.now += timedelta(seconds=30)
    workers = [Server(parties.journals["BY"], clock=clock, first=first, since=START) for _worker in range(2)]

    assert [workers[number].answer(request).status for number in (1, 0, 1)] == [200, 401, 401]
    assert workers[0].answer(older).status == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_more_than_five_minutes_off_is_refused(
    parties: Parties, server: Server, clock: Clock, minutes: int
) -> None:
    clock.now += timedelta(hours=1)
    at = clock.now + timedelta(minutes=minutes)

    status, sentence = said(server.answer(signed(parties, at=at)))

    assert status == 401
    assert "more than five minutes from the clock of BY, which says 2026-03-01 13:00:00" in sentence


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_by_less(parties: Parties, server: Server, clock: Clock, minutes: int) -> None:
    clock.now += timedelta(hours=1)
    at = clock.now + timedelta(minutes=minutes)

    assert server.answer(signed(parties, at=at)).status == 200


def test_too_large_a_body_is_refused_before_anything_is_checked(server: Server) -> None:
    response = server.answer(Request("POST", "poke", body=b"x" * (MAX_BODY + 1)))

    assert said(response) == (413, "The request has more than 16384 bytes.")


def test_too_long_an_address_is_refused(server: Server) -> None:
    assert server.answer(Request("GET", "x" * 201)).status == 414


def test_remembered_nonces_are_bounded_and_none_counts_twice() -> None:
    nonces = Nonces(0, most=100)
    given = [(1_000_000 + number * 1_000, f"{number:032x}") for number in range(1_000)]

    first = [nonces.first(at, nonce) for at, nonce in given]
    again = [nonces.first(at, nonce) for at, nonce in given]

    assert sum(first) > 500
    assert not any(again)
    assert sum(len(minute) for minute in nonces._minutes.values()) <= 100


def test_a_sender_that_asks_too_often_has_to_wait() -> None:
    pace = Pace(pace=1_000, burst=5)

    allowed = [pace.allows() for _ in range(50)]

    assert allowed[:5] == [True] * 5
    assert not all(allowed)


@pytest.mark.parametrize(
    ("target", "status", "sentence"),
    [
        ("XX/checkpoint", 404, "The charter names no log XX."),
        ("BY/entries/0-99", 404, "BY holds 5 entries of BY."),
        ("BY/entries/3-3", 400, f"Ask for 1 to {MAX_ENTRIES} entries at once."),
        ("BY/entries/4-2", 400, f"Ask for 1 to {MAX_ENTRIES} entries at once."),
        ("BY/entries/0-513", 400, f"Ask for 1 to {MAX_ENTRIES} entries at once."),
        ("BY/entries/00-2", 404, "BY has nothing under this address."),
        ("BY/tile/0/000", 404, "BY holds 5 entries of BY."),
        ("BY/tile/entries/000.p/6", 404, "BY holds 5 entries of BY."),
        ("BY/tile/1/000.p/1", 404, "BY holds 5 entries of BY."),
        ("BY/tile/0/000.p/0", 404, "BY has nothing under this address."),
        ("BY/tile/0/000.p/256", 404, "BY has nothing under this address."),
        ("BY/tile/0/x000/000", 404, "BY has nothing under this address."),
        ("BY/tile/64/000", 404, "BY has nothing under this address."),
        ("BY/tile/others/000", 404, "BY has nothing under this address."),
        ("heads?all", 404, "BY has nothing under this address."),
        ("../heads", 404, "BY has nothing under this address."),
        (f"blob/{'0' * 64}", 404, "BY does not hold this content."),
    ],
)
def test_what_there_is_not_is_said_in_a_sentence(
    parties: Parties, server: Server, target: str, status: int, sentence: str
) -> None:
    assert said(server.answer(signed(parties, target))) == (status, sentence)


def test_nothing_is_written_but_a_poke(parties: Parties, server: Server) -> None:
    assert server.answer(signed(parties, method="PUT")).status == 405


def test_entries_are_the_same_bytes_for_ever(parties: Parties, server: Server) -> None:
    first = server.answer(signed(parties, "BY/entries/1-4"))
    parties.words("BY", ABOUT, "Ещё слова.")
    second = server.answer(signed(parties, "BY/entries/1-4"))

    assert first == second
    assert first.headers["Cache-Control"] == "private, immutable, max-age=31536000"


def test_a_piece_of_a_log_is_the_same_bytes_for_ever_and_its_tag_says_so(
    parties: Parties, server: Server
) -> None:
    for target in ("BY/tile/0/000.p/4", "BY/tile/entries/000.p/4", "BY/tile/contents/000.p/4"):
        first = server.answer(signed(parties, target))
        parties.words("BY", ABOUT, f"Слова {target}.")
        second = server.answer(signed(parties, target))
        again = dataclasses.replace(signed(parties, target))
        tag = first.headers["ETag"]
        known = dataclasses.replace(again, headers={**again.headers, UNCHANGED: tag})

        assert first == second and first.status == 200
        assert first.headers["Cache-Control"] == "private, immutable, max-age=31536000"
        assert server.answer(known).status == 304


def test_the_pieces_of_a_log_are_its_entries_its_contents_and_the_hashes_of_them(
    parties: Parties, server: Server
) -> None:
    rows = list(parties.journals["BY"].store.rows("BY"))
    part = f"000.p/{len(rows)}"

    notes, contents, hashes = (
        server.answer(signed(parties, f"BY/tile/{kind}/{part}")).body for kind in ("entries", "contents", "0")
    )

    assert read_parts(notes, len(rows)) == [row.note for row in rows]
    assert read_parts(contents, len(rows)) == [row.content or b"" for row in rows]
    assert hashes == b"".join(leaf_hash(row.note) for row in rows)


def test_an_observer_is_given_entries_and_no_contents(parties: Parties, server: Server) -> None:
    def asked(target: str) -> Response:
        return server.answer(signed(parties, target, sender="OBS"))

    assert asked("BY/tile/entries/000.p/4").status == asked("BY/tile/0/000.p/4").status == 200
    assert said(asked("BY/tile/contents/000.p/4")) == (
        403,
        "Contents of closed acts go to the parties only.",
    )


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-0", 206, "bytes 0-0/128"),
        ("bytes=100-", 206, "bytes 100-127/128"),
        ("bytes=100-999", 206, "bytes 100-127/128"),
        ("bytes=128-", 416, "bytes */128"),
        ("bytes=9-8", 416, "bytes */128"),
        ("bytes=-5", 200, None),
        ("bytes=0-1,5-6", 200, None),
        ("lines=0-1", 200, None),
    ],
)
def test_a_range_of_a_lasting_resource_is_given(
    parties: Parties, server: Server, asked: str, status: int, span: str | None
) -> None:
    request = signed(parties, "BY/tile/0/000.p/4")
    whole = server.answer(signed(parties, "BY/tile/0/000.p/4")).body

    part = server.answer(dataclasses.replace(request, headers={**request.headers, RANGE: asked}))

    assert (part.status, part.headers.get("Content-Range")) == (status, span)
    if span and status == 206:
        first, last = span.removeprefix("bytes ").partition("/")[0].split("-")
        assert part.body == whole[int(first) : int(last) + 1]


def test_the_charter_is_a_resource_too(parties: Parties, server: Server) -> None:
    response = server.answer(signed(parties, "charter.json", sender="OBS"))

    assert response.body == parties.charter.encode()


def test_an_answer_ends_where_it_is_full(
    parties: Parties, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = server.answer(signed(parties, "BY/entries/0-5")).body
    monkeypatch.setattr("paraph.node.exchange.server.MAX_ANSWER", len(whole) // 2)

    part = server.answer(signed(parties, "BY/entries/0-5")).body
    smallest = server.answer(signed(parties, "BY/entries/0-1")).body

    assert whole.startswith(part) and part.endswith(b"\n")
    assert 0 < len(part) <= len(whole) // 2
    assert smallest.count(b"\n") == 1


def test_an_observer_holds_no_contents_and_still_supplies_notes(parties: Parties) -> None:
    server = Server(parties.journals["OBS"])
    request = sign(Request("GET", "BY/entries/0-5"), parties.nodes["RU"], parties.charter.prog, "RU", "OBS")

    response = server.answer(request)

    assert response.status == 200
    assert b'"content"' not in response.body


def test_a_poke_tells_what_the_sender_holds_and_is_answered_with_what_is_held_here(
    parties: Parties, clock: Clock
) -> None:
    heard: list[tuple[str, dict[str, int]]] = []
    server = Server(
        parties.journals["BY"],
        on_poke=lambda sender, heads: heard.append((sender, dict(heads))),
        clock=clock,
    )

    response = server.answer(signed(parties, "poke", method="POST", body=write_heads({"RU": 7})))

    assert heard == [("RU", {"RU": 7})]
    assert response.body == write_heads(sizes(parties, "BY"))


@pytest.mark.parametrize("body", [b"", b"[]", b'{"heads":{"XX":1}}', b'{"heads":{"BY":-1}}', b"\xff"])
def test_a_poke_that_names_no_heads_is_refused(parties: Parties, server: Server, body: bytes) -> None:
    response = server.answer(signed(parties, "poke", method="POST", body=body))

    assert said(response) == (400, "The message names no heads of this programme.")
