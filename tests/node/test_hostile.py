"""What a hostile peer costs a node lies within bounds; `python -m tests.node.hostile` prints the figures."""

import socket
import threading
from collections.abc import Iterator

import pytest

from paraph.node.listener import Turns
from tests.node.hostile import WAYS, Field, field_of, packed

MORE = 64  # MiB


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), entries=300) as made:
        yield made


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_hostile_peer_costs_little_memory_and_others_are_answered(field: Field, way: object) -> None:
    cost = field.suffer(way, 0.7)  # type: ignore[arg-type]

    assert cost.memory <= MORE
    assert cost.answered > 1
    assert cost.asked, "the node did ask it"


def test_nothing_that_a_peer_names_is_ever_fetched(field: Field) -> None:
    assert field.house.lured == 0


def test_a_peer_that_asks_without_end_is_answered_within_bounds(field: Field) -> None:
    cost = field.suffer(packed, 1.0, knocking=True)

    assert cost.memory <= MORE
    assert cost.answered > 1


def test_connections_that_say_nothing_hold_no_thread(field: Field) -> None:
    silent = [socket.create_connection(("127.0.0.1", field.port), 5) for _line in range(60)]
    try:
        took = field.ask(0.3)
    finally:
        for line in silent:
            line.close()

    assert took
    assert max(took) < 5_000  # with their threads held it would be longer


def test_one_address_from_outside_holds_at_most_half_of_the_threads() -> None:
    turns = Turns(threads=4)

    with (
        turns.turn("a", "192.0.2.1") as one,
        turns.turn("b", "192.0.2.1") as two,
        turns.turn("c", "192.0.2.1") as three,
        turns.turn("d", "192.0.2.2") as other,
    ):
        assert (one, two, three, other) == (True, True, False, True)
    with turns.turn("e", "192.0.2.1") as again, turns.turn("f", "127.0.0.1") as here:
        assert again
        assert here


def test_who_does_not_come_to_an_end_is_cut_off(field: Field) -> None:
    with socket.create_connection(("127.0.0.1", field.port), 5) as line:
        line.settimeout(20)
        line.sendall(b"GET /exchange/heads HTTP/1.1\r\nHost: x\r\nX: ")
        ended = threading.Event()
        dripping = threading.Thread(target=_drip, args=(line, ended))
        dripping.start()
        try:
            end = line.recv(1_000)
        except ConnectionError:
            end = b""
        ended.set()
        dripping.join()

    assert end == b"" or b" 400 " in end


def _drip(line: socket.socket, ended: threading.Event) -> None:
    try:
        while not ended.wait(0.2):
            line.sendall(b"x")
    except OSError:
        return


def test_the_home_is_whole_afterwards(field: Field) -> None:
    from tests.node.test_cli import paraph

    assert "OK every signature holds" in paraph(field.folder, "audit --home by")
