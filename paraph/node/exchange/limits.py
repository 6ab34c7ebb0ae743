"""How much may be asked, sent and remembered between nodes?

What a hostile peer can cost lies within these numbers; quotas of the charter bound the logs.
"""

import threading
import time

KIB, MIB = 2**10, 2**20

# One answer
MAX_ENTRIES = 512  # entries
MAX_ANSWER = 4 * MIB  # bytes of entries; one entry is always given
MAX_LINE = 256 * KIB  # bytes of one entry in an answer: note and content line, with their quotes escaped
MAX_BEGUN = 8 * MIB  # bytes of answers that are kept while a pull has not come to its end
MAX_SMALL = 64 * KIB  # bytes of a checkpoint, of heads, of a refusal
MAX_HEAD = 64 * KIB  # bytes of the head of an answer
MAX_SENTENCE = 300  # characters of a peer's words that are shown

# One request
MAX_TARGET = 200  # characters
MAX_BODY = 16 * KIB  # bytes

# One pull
MAX_PENDING = 8 * MIB  # bytes of entries that wait in memory for others
MAX_BLOBS = 32 * MIB  # bytes of blobs fetched before they are admitted, and of one entry's
MAX_PULLED = 50_000  # entries; then others get their turn

# Time, in seconds
CONNECT = 2.0
READ = 10.0  # for the next bytes
ANSWER = 60.0  # for a whole answer
SKEW = 300.0  # how far two clocks may differ
BACK_OFF = 10.0  # the longest pause while a peer cannot be reached
BREATH = 0.05  # the shortest pause between two looks at one peer

# One sender
PACE = 1_000.0  # requests a second, lasting
BURST = 2_000.0  # requests at once
MAX_NONCES = 65_536  # nonces remembered


class Pace:
    """Lets a sender ask so often and not more (a token bucket)."""

    def __init__(self, pace: float = PACE, burst: float = BURST) -> None:
        self._pace, self._burst = pace, burst
        self._left = burst
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Count one request; say whether it is within the pace."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._burst, self._left + (now - self._at) * self._pace)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
