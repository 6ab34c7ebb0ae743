"""The journal and the exchange of this process, made once."""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

from paraph.node import peers
from paraph.node.clock import clock_of
from paraph.node.errors import HomeError
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.loop import Loop
from paraph.node.exchange.messages import Peer
from paraph.node.exchange.transport import HttpTransport
from paraph.node.exchange.worker import PeerView
from paraph.node.homes import Home
from paraph.node.journal import Journal
from paraph.node.stores import DatabaseStore

_making = threading.RLock()
_anew: list[bool] = []  # whether the own log begins anew by root keys


def journal() -> Journal:
    """The journal of this node; HomeError where it belongs to no programme yet."""
    with _making:
        return _journal()


def begin_anew() -> None:
    """Let the journal of this process open also with a node key that root keys will hand over to."""
    _anew.append(True)


def loop() -> Loop:
    """The exchange with the peers; it runs once `start` was called."""
    with _making:
        return _loop()


def peers_of(home: Home) -> list[Peer]:
    """How the other nodes are reached, as this node's settings say."""
    return [
        Peer(code, address, str(Path(home.path, pem)) if (pem := home.certificates.get(code)) else "")
        for code, address in home.peers.items()
        if address
    ]


@cache
def _journal() -> Journal:
    home = settings.HOME
    charter = home.charter()
    store = DatabaseStore(home.path, [party.code for party in charter.parties])
    try:
        store.save_charter(charter.encode())
        made = Journal(
            store,
            charter,
            me=home.me,
            node_key=home.node_key(),
            gates=[import_string(name) for name in settings.GATES],
            clock=clock_of(home),
            find_key=home.find_key,
            kept_keys=home.kept_keys,
            begins_anew=bool(_anew),
        )
        if home.me:
            home.finish(made.ledger.logs[home.me].authority)
        return made
    except ValueError as error:
        raise HomeError(f"{home.path}: {error}") from None


def callers() -> list[Caller]:
    """Questions to each peer; whoever asks closes the transports."""
    return [Caller(journal(), peer, HttpTransport(peer)) for peer in peers_of(settings.HOME)]


def peer_views() -> Mapping[str, PeerView]:
    """What is known of each peer, whichever worker exchanges with it."""
    return peers.views() if settings.SEVERAL_WORKERS else loop().state()


@cache
def _loop() -> Loop:
    return Loop(
        journal(),
        peers_of(settings.HOME),
        on_state=peers.keep if settings.SEVERAL_WORKERS else lambda _view: None,
        on_tick=close_old_connections,
        on_end=connections.close_all,
    )


def forget() -> None:
    """Let the next look make everything anew; for tests."""
    _journal.cache_clear()
    _loop.cache_clear()
