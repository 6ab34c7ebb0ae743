"""Has another worker of this node answered that request already?

Each worker remembers the requests that it has answered; behind several workers they tell each other in the
database, as long as a request could come again.
"""

import threading
import time

from django.db import connection

from paraph.node.exchange.limits import SKEW

_KEPT = int(2 * SKEW + 60) * 1000  # milliseconds
_OFTEN = 30.0  # seconds between two clearings
_INSERT = (
    "insert into node_noncerow (sender, nonce, at) values (%s, %s, %s) on conflict (sender, nonce) do nothing"
)
_lock = threading.Lock()
_cleared = 0.0


def first(sender: str, at: int, nonce: str) -> bool:
    """Remember a request; say whether it comes for the first time to any worker. `at` is in milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [sender, bytes.fromhex(nonce), at])
        fresh = bool(cursor.rowcount)
    _clear()
    return fresh


def _clear() -> None:
    """Forget what even the fastest clock refuses by now."""
    global _cleared
    with _lock:
        if time.monotonic() - _cleared < _OFTEN:
            return
        _cleared = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("delete from node_noncerow where at < %s", [int(time.time() * 1000) - _KEPT])
