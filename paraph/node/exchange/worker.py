"""How does a node exchange with one peer, look after look, and what does it know of it?"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from paraph.node.exchange import receipts
from paraph.node.exchange.audience import reads_contents
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.errors import ExchangeError, Unreachable
from paraph.node.exchange.limits import BACK_OFF, BREATH
from paraph.node.exchange.messages import Peer, Transport
from paraph.node.exchange.signing import Clock
from paraph.node.journal import Journal
from paraph.sentences import Sentence, _
from paraph.state.errors import Refused

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PeerView:
    """What this node knows of a peer."""

    code: str
    last_contact: datetime | None  # by the system clock
    last_error: Sentence | None  # None: the last look went well
    their_sizes: Mapping[str, int]  # how many entries of each log it holds, as it said last
    behind: int  # entries held here that it does not hold
    acknowledged: int  # entries of our own log that its log has acknowledged

    @property
    def reachable(self) -> bool:
        """Say whether the last look went well."""
        return self.last_contact is not None and self.last_error is None

    @property
    def in_step(self) -> bool:
        """Say whether it was reached and holds all that is held here."""
        return self.reachable and not self.behind


class Worker:
    """Exchanges with one peer."""

    def __init__(
        self,
        journal: Journal,
        peer: Peer,
        interval: float,
        on_state: Callable[[PeerView], None],
        on_tick: Callable[[], None],
        transport: Transport,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._peer = peer
        self._interval = interval
        self._on_state, self._on_tick = on_state, on_tick
        self._clock = clock
        self._transport = transport
        self._caller = Caller(journal, peer, transport, clock=clock)
        self._supplies = reads_contents(journal.charter, peer.code)  # an observer supplies nobody
        self._busy = threading.Lock()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._told = -1  # entries of the own log that the peer was told of
        self._seen: Mapping[str, int] | None = None  # what the peer held when all of it was taken
        self._failures = 0  # looks in a row that went wrong
        self._unreachable = False
        self._more = False
        self._theirs: Mapping[str, int] = {}
        self._last_contact: datetime | None = None
        self._last_error: Sentence | None = None

    # ------------------------------------------------------------ from any thread

    def news(self) -> None:
        """Something was stored here; where the own log grew, the peer is told at once."""
        if self._own_size() != self._told and not self._unreachable:
            self._wake.set()

    def poked(self, heads: Mapping[str, int]) -> None:
        """The peer says what it holds."""
        self._theirs = heads
        held = self._journal.ledger.sizes()
        if self._failures or any(size > held.get(log, 0) for log, size in heads.items()):
            self._wake.set()

    def end(self) -> None:
        """Let the thread end soon."""
        self._ending.set()
        self._wake.set()
        self._transport.abort()

    def view(self) -> PeerView:
        """What is known of the peer now."""
        held, theirs = self._journal.ledger.sizes(), self._theirs
        return PeerView(
            self._peer.code,
            self._last_contact,
            self._last_error,
            theirs,
            sum(max(0, size - theirs.get(log, 0)) for log, size in held.items()),
            self._acknowledged(),
        )

    def _acknowledged(self) -> int:
        me, code = self._journal.me, self._peer.code
        return self._journal.ledger.past(code).get(me, 0) if me and self._supplies else 0

    def _own_size(self) -> int:
        return self._journal.ledger.size(self._journal.me) if self._journal.me else -1

    # ------------------------------------------------------------ in the worker's thread

    def run(self) -> None:
        """Look, and wait for the next reason to look."""
        while not self._ending.is_set():
            self._wake.clear()
            self.look()
            self._ending.wait(BREATH)
            self._wake.wait(self._pause())
        self._transport.close()

    def look(self) -> None:
        """Exchange once; what goes wrong is kept as a sentence."""
        with self._busy:
            self._unreachable = False
            try:
                self._last_error = self._exchange()
            except ExchangeError as error:
                self._unreachable = isinstance(error, Unreachable)
                self._last_error = error.sentence
            except Exception as error:  # the thread must live on; people see that it is in trouble
                _log.exception("exchange with %s", self._peer.code)
                self._last_error = Sentence(
                    _("An error of this node stops the exchange with %(peer)s: %(error)s"),
                    {"peer": self._peer.code, "error": f"{type(error).__name__}: {error}"},
                )
            self._failures = self._failures + 1 if self._last_error else 0
            self._on_state(self.view())
            self._on_tick()

    def _exchange(self) -> Sentence | None:
        """Tell the peer of news, take over what it holds; return what was wrong with that."""
        self._journal.refresh()  # another process of this node may have written
        with suppress(Refused):  # while nothing may be written, no term is ended
            self._journal.end_terms()
        if self._own_size() != self._told:
            self._tell()
        if not self._supplies:
            if self.view().behind:
                self._heard(self._caller.heads())
            return None
        pulled = pull(self._journal, self._caller, seen=self._seen)
        self._heard(pulled.theirs)
        self._seen = pulled.theirs if pulled.whole else None
        self._more = pulled.more
        receipts.ask(self._journal, self._caller, pulled.theirs.get(self._journal.me or "", 0))
        return pulled.troubles[0] if pulled.troubles else None

    def _tell(self) -> None:
        size = self._own_size()
        self._heard(self._caller.poke(self._journal.store.sizes()))
        self._told = size

    def _heard(self, theirs: Mapping[str, int]) -> None:
        self._theirs = theirs
        self._last_contact = self._clock()

    def _pause(self) -> float:
        if self._failures:
            return min(BACK_OFF, self._interval * 2.0 ** min(self._failures, 16))
        return 0.0 if self._more else self._interval
