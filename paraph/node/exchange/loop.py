"""The threads that keep this node in step with its peers, one for each peer.

A worker looks at its peer every half second, at once when the peer has news, ever more seldom
while the peer cannot be reached; after own writes it tells the peer at once. Work at this node
never waits for it.
"""

import threading
from collections.abc import Callable, Iterable, Mapping

from paraph.node.exchange.limits import READ
from paraph.node.exchange.messages import Peer, Transport
from paraph.node.exchange.signing import Clock, system_clock
from paraph.node.exchange.transport import HttpTransport
from paraph.node.exchange.worker import PeerView, Worker
from paraph.node.journal import Journal

INTERVAL = 0.5  # seconds between looks
Opener = Callable[[Peer], Transport]


class Loop:
    """Exchanges with each peer in a thread of its own, once started."""

    def __init__(
        self,
        journal: Journal,
        peers: Iterable[Peer],
        *,
        interval: float = INTERVAL,
        on_state: Callable[[PeerView], None] = lambda _view: None,
        on_tick: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
        opener: Opener = HttpTransport,
        clock: Clock = system_clock,
    ) -> None:
        """
        Make the loop; nothing happens before `start`.

        Args:
            journal: the record of this node.
            peers: whom to call, as this node's settings say.
            interval: seconds between two looks at a peer.
            on_state: told of a peer after each look, in the worker's thread.
            on_tick: called in the worker's thread after each look; lets old connections go.
            on_end: called in the worker's thread when it ends.
            opener: makes the connection to a peer.
            clock: dates requests and contacts; the system's, never a programme's.
        """
        self._journal = journal
        self._on_end = on_end
        self._workers = {
            peer.code: Worker(journal, peer, interval, on_state, on_tick, opener(peer), clock)
            for peer in peers
        }
        self._threads: list[threading.Thread] = []

    def start(self) -> "Loop":
        """Start the threads; they end with the process, or at `stop`."""
        self._journal.listeners.append(self._news)
        for code, worker in self._workers.items():
            thread = threading.Thread(target=self._run, args=(worker,), name=f"exchange-{code}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def stop(self) -> None:
        """End the threads and wait for them."""
        if self._news in self._journal.listeners:
            self._journal.listeners.remove(self._news)
        for worker in self._workers.values():
            worker.end()
        for thread in self._threads:
            thread.join(timeout=READ)
        self._threads.clear()

    def state(self) -> dict[str, PeerView]:
        """What is known of each peer now."""
        return {code: worker.view() for code, worker in self._workers.items()}

    def poked(self, sender: str, heads: Mapping[str, int]) -> None:
        """A peer says what it holds; where that is news, look at once."""
        if sender in self._workers:
            self._workers[sender].poked(heads)

    def look(self, code: str) -> PeerView:
        """Exchange with one peer now, in this thread; KeyError where it is none."""
        self._workers[code].look()
        return self._workers[code].view()

    def _run(self, worker: Worker) -> None:
        try:
            worker.run()
        finally:
            self._on_end()

    def _news(self) -> None:
        for worker in self._workers.values():
            worker.news()
