"""When is the authority for time asked about the own head? (RFC 3161)

Where node.toml names an authority, the node asks it for a token over its signed head, from time to
time while the log grows. A token that counts is kept beside the head, outside the record.
"""

import threading
import urllib.error

from paraph.node.errors import NodeError
from paraph.node.homes import Home
from paraph.node.journal import Journal
from paraph.node.models import StampRow
from paraph.node.time_tokens import AUTHORITY, Token, ask
from paraph.record.errors import RecordError

EVERY = 3_600.0  # seconds between two tokens, where node.toml does not say


def stamp(home: Home, journal: Journal) -> Token | None:
    """
    Ask the authority for a token over the own head, and keep it; None where the log has not grown.

    Raises:
        NodeError: no authority is named, or its answer does not count.
    """
    if journal.me is None:
        raise NodeError("an observer has no log of its own")
    size = journal.heads()[journal.me]
    last = StampRow.objects.filter(log=journal.me, source=AUTHORITY).order_by("-size").first()
    if not size or (last is not None and last.size >= size):
        return None
    head = journal.checkpoint(journal.me)
    if head is None:
        return None
    size = journal.own_head(head).size
    token = ask(home, head, size)
    StampRow.objects.get_or_create(
        log=journal.me,
        size=size,
        source=AUTHORITY,
        defaults={"time": token.time, "raw": head, "token": token.answer},
    )
    return token


class Keeper:
    """Asks for tokens from time to time, in a thread of its own."""

    def __init__(self, home: Home, journal: Journal) -> None:
        self._home, self._journal = home, journal
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="timestamps", daemon=True)
        self.trouble = ""

    def start(self) -> None:
        """Start the thread, where node.toml names an authority."""
        if self._home.timestamps.get("authority") and self._journal.me:
            self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._ending.set()

    def _run(self) -> None:
        from django.db import close_old_connections, connections

        every = float(self._home.timestamps.get("every", EVERY))
        while not self._ending.is_set():
            close_old_connections()
            try:
                stamp(self._home, self._journal)
                self.trouble = ""
            except (NodeError, RecordError, urllib.error.URLError) as error:
                self.trouble = str(error)
            self._ending.wait(every)
        connections.close_all()
