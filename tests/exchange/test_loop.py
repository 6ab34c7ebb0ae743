"""Do nodes keep each other in step, and go on working when one is away?"""

import dataclasses
import itertools
import threading
import time
from pathlib import Path

import pytest
from django.db import connections

from paraph.acts import Remark
from paraph.node.exchange.messages import Peer, Request, Response
from paraph.node.exchange.worker import PeerView
from tests.exchange.nodes import ABOUT, Nodes, exchanging, founded, remarks, sizes, until
from tests.parties import Parties


def in_step(parties: Parties, *codes: str) -> bool:
    return len({tuple(sizes(parties, code).items()) for code in codes}) == 1


def test_news_is_at_the_other_party_and_the_observer_well_within_two_seconds() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes.start("BY", "RU", "OBS", interval=30)  # so nobody looks by itself: pokes must do
        time.sleep(0.3)
        remarks(parties, "BY", 1)
        took = until(lambda: in_step(parties, "BY", "RU", "OBS"), 2.0)

    assert took < 1.0


def test_what_nobody_was_told_of_is_found_at_the_next_look() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes.start("RU", interval=0.2)
        remarks(parties, "BY", 1)
        until(lambda: in_step(parties, "BY", "RU"), 2.0)


def test_work_goes_on_while_the_other_node_is_down_and_is_exchanged_later() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes["RU"].down()
        nodes.start("BY", interval=0.05)
        loop = nodes["BY"].loop
        assert loop is not None
        until(lambda: loop.state()["RU"].last_error is not None)
        remarks(parties, "BY", 3)
        parties.act("RU", Remark(ABOUT, {"ru": "и здесь"}))
        away = loop.state()["RU"]
        nodes["RU"].up()
        nodes.start("RU", interval=0.05)
        until(lambda: in_step(parties, "BY", "RU"), 2.0)
        until(lambda: loop.state()["RU"].in_step)

    assert str(away.last_error) == "RU cannot be reached."
    assert away.behind >= 3 and not away.in_step


def test_three_nodes_come_to_one_record_though_two_cannot_reach_each_other() -> None:
    parties = founded("BY", "RU", "KZ")

    with Nodes(parties) as nodes:
        for code, others in (("BY", "RU"), ("RU", "BY"), ("RU", "KZ"), ("KZ", "RU")):
            node = nodes[code]
            peers = [nodes[others].peer, *([nodes["KZ"].peer] if code == "RU" else [])]
            if node.loop is None:
                node.loop = exchanging(node.journal, peers, interval=0.1).start()
        remarks(parties, "BY", 2)
        remarks(parties, "KZ", 2)
        until(lambda: in_step(parties, "BY", "RU", "KZ"), 3.0)


def test_the_state_says_what_the_peer_has_not_fetched_and_what_it_has_acknowledged() -> None:
    parties = founded()
    remarks(parties, "BY", 2)

    with Nodes(parties) as nodes:
        nodes.start("BY", interval=30)
        loop = nodes["BY"].loop
        assert loop is not None
        until(lambda: loop.state()["RU"].last_contact is not None)
        before = loop.state()["RU"]
        nodes.pull("RU", "BY")
        parties.act("RU", Remark(ABOUT, {"ru": "прочли"}))
        nodes.pull("BY", "RU")
        after = loop.look("RU")

    assert before.behind == 2
    assert after.behind == 0 and after.in_step
    assert after.acknowledged == sizes(parties, "BY")["BY"]
    assert after.their_sizes == sizes(parties, "BY")


def test_a_peer_that_cannot_be_reached_is_asked_ever_more_seldom() -> None:
    parties = founded()
    looks: list[float] = []

    def note(_view: PeerView) -> None:
        looks.append(time.monotonic())

    loop = exchanging(parties.journals["BY"], [Peer("RU", "http://127.0.0.1:1")], interval=0.1, on_state=note)
    loop.start()
    time.sleep(1.6)
    loop.stop()

    pauses = [later - earlier for earlier, later in itertools.pairwise(looks)]
    assert 3 <= len(looks) <= 5
    assert pauses == sorted(pauses)


def test_a_peer_that_comes_back_is_looked_at_once_it_says_so() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes["RU"].down()
        nodes.start("BY", interval=10)
        loop = nodes["BY"].loop
        assert loop is not None
        until(lambda: loop.state()["RU"].last_error is not None)
        nodes["RU"].up()
        remarks(parties, "RU", 1)
        nodes.start("RU", interval=10)
        until(lambda: in_step(parties, "BY", "RU"), 2.0)


def test_an_idle_loop_asks_twice_a_second_and_no_more() -> None:
    parties = founded()

    def asked_within(seconds: float) -> list[str]:
        nodes["BY"].asked.clear()
        time.sleep(seconds)
        return list(nodes["BY"].asked)

    with Nodes(parties) as nodes:
        nodes.start("BY", "RU")
        until(lambda: set(asked_within(0.6)) == {"heads"}, 20)  # all is exchanged and vouched for
        asked = asked_within(1.5)

    assert set(asked) == {"heads"}
    assert 2 <= len(asked) <= 4


def test_an_observer_pulls_and_tells_nobody() -> None:
    parties = founded()

    with Nodes(parties) as nodes:
        nodes.start("OBS", interval=0.05)
        remarks(parties, "BY", 1)
        until(lambda: in_step(parties, "BY", "OBS"), 2.0)

    assert "poke" not in nodes["BY"].asked + nodes["RU"].asked


def test_what_is_wrong_with_a_peer_s_entries_is_said_and_own_work_goes_on() -> None:
    parties = founded()
    remarks(parties, "RU", 1)

    def tampers(request: Request, response: Response) -> Response:
        body = response.body.replace(b'"at":"2', b'"at":"3')
        return dataclasses.replace(response, body=body) if "entries" in request.target else response

    with Nodes(parties) as nodes:
        nodes["RU"].change = tampers
        nodes.start("BY", interval=0.05)
        loop = nodes["BY"].loop
        assert loop is not None
        until(lambda: loop.state()["RU"].last_error is not None)
        view = loop.state()["RU"]
        remarks(parties, "BY", 1)
        until(lambda: nodes["RU"].asked.count("poke") >= 2)

    assert "What RU gave was refused. RU entry" in str(view.last_error)


def test_an_error_of_this_node_is_shown_and_the_thread_lives_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parties = founded()
    remarks(parties, "RU", 1)
    journal = parties.journals["BY"]
    real = journal.admit

    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError("no room on the disk")

    with Nodes(parties) as nodes:
        monkeypatch.setattr(journal, "admit", fails)
        nodes.start("BY", interval=0.05)
        loop = nodes["BY"].loop
        assert loop is not None
        until(lambda: loop.state()["RU"].last_error is not None)
        said = str(loop.state()["RU"].last_error)
        monkeypatch.setattr(journal, "admit", real)
        until(lambda: in_step(parties, "BY", "RU"), 3.0)

    assert said.endswith("RuntimeError: no room on the disk")


def test_stop_ends_every_thread_though_a_peer_never_answers() -> None:
    parties = founded()
    waiting = threading.Event()
    release = threading.Event()

    def hangs(_request: Request, response: Response) -> Response:
        waiting.set()
        release.wait(8)
        return response

    with Nodes(parties) as nodes:
        nodes["RU"].change = hangs
        loop = exchanging(parties.journals["BY"], [nodes["RU"].peer]).start()
        assert waiting.wait(2)
        begin = time.monotonic()
        loop.stop()
        took = time.monotonic() - begin
        release.set()

    assert took < 1.0
    assert not [one for one in threading.enumerate() if one.name.startswith("exchange-")]
    assert parties.journals["BY"].listeners == []


def test_hooks_run_in_the_worker_s_thread_after_each_look_and_at_its_end() -> None:
    parties = founded()
    ticks: list[str] = []
    ends: list[str] = []

    def ended() -> None:
        ends.append(threading.current_thread().name)
        connections.close_all()

    with Nodes(parties) as nodes:
        loop = exchanging(
            parties.journals["BY"],
            [nodes["RU"].peer],
            interval=0.05,
            on_tick=lambda: ticks.append(threading.current_thread().name),
            on_end=ended,
        ).start()
        until(lambda: len(ticks) >= 3)
        loop.stop()

    assert set(ticks) == {"exchange-RU"}
    assert ends == ["exchange-RU"]


# ---------------------------------------------------------------- TLS


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, secret


def test_a_pinned_certificate_counts_and_no_other_does(tmp_path: Path) -> None:
    import ssl

    from paraph.node.exchange.caller import Caller
    from paraph.node.exchange.errors import Unreachable
    from paraph.node.exchange.transport import HttpTransport

    parties = founded()
    cert, key = certificate(tmp_path, "minsk")
    other, _key = certificate(tmp_path, "other")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    with Nodes(parties) as nodes:
        nodes["BY"].down()
        nodes["BY"].tls = context
        nodes["BY"].up()

        def heads(pinned: str) -> dict[str, int]:
            peer = Peer("BY", f"https://127.0.0.1:{nodes['BY'].port}", pinned)
            transport = HttpTransport(peer)
            try:
                return Caller(parties.journals["RU"], peer, transport).heads()
            finally:
                transport.close()

        assert heads(str(cert)) == sizes(parties, "BY")
        for wrong in ("", str(other)):
            with pytest.raises(Unreachable, match="a certificate that does not count here"):
                heads(wrong)
        with pytest.raises(Unreachable, match="cannot be read"):
            heads(str(tmp_path / "missing.pem"))
