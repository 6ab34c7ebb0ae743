"""How do all processors check signatures while one process reads the record?

What is taken on is believed at first: who reads on asks `hold` in the end, and reads again in the plain way
where it says no, to find the place.
"""

import os
import signal
from collections import deque
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeAlias

from paraph.record.keys import Verifier
from paraph.record.notes import verified

Claim: TypeAlias = tuple[Verifier, bytes, bytes]  # key, message, signature

_AT_ONCE = 256  # signatures that a process checks at once, about 30 ms
_AHEAD = 4  # such groups that wait for each process


class Beside:
    """Signatures that other processes check; none is started for fewer than fill one group."""

    def __init__(self) -> None:
        self._processes = len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: list[Claim] = []
        self._asked: deque[Future[bool]] = deque()
        self._good = True

    def __call__(self, key: Verifier, message: bytes, signature: bytes) -> bool:
        """Take a signature on, and say that it counts."""
        self._waiting.append((key, message, signature))
        if len(self._waiting) == _AT_ONCE:
            self._ask()
        return True

    def hold(self) -> bool:
        """Say whether all that were taken on count."""
        self._good = _all_count(self._waiting) and self._good
        self._waiting = []
        while self._asked:
            self._hear()
        return self._good

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _ask(self) -> None:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, get_context("fork"), _let_the_first_end)
        if len(self._asked) == self._processes * _AHEAD:
            self._hear()
        try:
            self._asked.append(self._pool.submit(_all_count, self._waiting))
        except BrokenExecutor:
            self._good = False
        self._waiting = []

    def _hear(self) -> None:
        try:
            self._good = self._asked.popleft().result() and self._good
        except BrokenExecutor:  # something ended a process: its signatures are not checked
            self._good = False


def _let_the_first_end() -> None:
    """Ctrl-C ends who reads, and that one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _all_count(claims: Sequence[Claim]) -> bool:
    return all(verified(*claim) for claim in claims)
