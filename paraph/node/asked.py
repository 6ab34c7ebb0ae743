"""How is a question that takes long answered once for all who ask it?

Threads of this process work, a few at a time; the answers stay in its memory and can be thrown away. Who
asks again meanwhile sees how far the same work is. Who wants it no more leaves it, and it ends when nobody is
left. All of it dies with the process: a page that asks again begins anew. Several web workers answer each by
itself; who leaves is told to all of them by the cache that they share.
"""

import hashlib
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connections

from paraph.node.jobs import Cancelled, sentence_of
from paraph.sentences import Sentence, _

T = TypeVar("T")
Step = Callable[[int, int], None]  # done, of how many; raises Cancelled where it is wanted no more
NODE = 0  # asks for itself: what it prepares nobody cancels
ROOM = 50  # questions that wait for their turn
_LOOKS = 0.5  # seconds between two looks at who has left at another worker
_TOLD = 3600  # seconds for which the others are told


@dataclass(eq=False)
class Asked(Generic[T]):
    """A question on which work goes on, or has ended."""

    name: str  # the same at every worker
    work: Callable[[Step], T]
    wanted_by: dict[int, float]  # who, and when he asked last
    done: int = 0
    total: int = 0  # 0: not known
    begun: float = 0.0  # 0: it waits for its turn
    answer: list[T] = field(default_factory=list)  # one, once it is there
    trouble: Sentence | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    looked: float = 0.0

    @property
    def cancellable(self) -> bool:
        """Say whether only people want it."""
        return NODE not in self.wanted_by

    @property
    def left(self) -> float | None:
        """Seconds that it will take at the pace so far; None where nobody can say."""
        if not (self.begun and self.done and self.total):
            return None
        return (time.monotonic() - self.begun) * (self.total - self.done) / self.done

    def step(self, done: int, total: int) -> None:
        """
        Say how far the work is.

        Raises:
            Cancelled: nobody wants it any more.
        """
        self.done, self.total = done, total
        if settings.SEVERAL_WORKERS and time.monotonic() > self.looked + _LOOKS:
            self.looked = time.monotonic()
            for who, since in list(self.wanted_by.items()):
                if cache.get(_left(self.name, who), 0.0) > since:
                    self.wanted_by.pop(who, None)
        if not self.wanted_by:
            raise Cancelled


def _left(name: str, who: int) -> str:
    return f"left-{name}-{who}"


class Answers(Generic[T]):
    """The answers to one kind of question, and the work on those that are asked."""

    def __init__(self, at_once: int, kept: int) -> None:
        """
        Begin with no answer.

        Args:
            at_once: how many are worked on at a time; the others wait for their turn.
            kept: how many answers are kept; the one asked for least lately goes first.
        """
        self._at_once, self._most = at_once, kept
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._asked: dict[Hashable, Asked[T]] = {}
        self._waiting: deque[Hashable] = deque()
        self._working = 0

    def ask(
        self, key: Hashable, work: Callable[[Step], T], who: int = NODE, patience: float = 0.0
    ) -> "T | Asked[T]":
        """
        The answer, or the work on it while it goes on; what has failed is handed out once, with its reason.

        Args:
            key: the same for the same question.
            work: gives the answer; an error with a `sentence` says why there is none.
            who: the primary key of who asks.
            patience: seconds to wait for the answer.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            asked = self._asked.get(key)
            if asked is None:
                name = hashlib.sha256(repr(key).encode()).hexdigest()[:32]
                asked = Asked(name, work, {who: time.time()})
                if len(self._waiting) >= ROOM:
                    asked.trouble = Sentence(_("Too much is being computed already; ask again in a minute."))
                    asked.ended.set()
                    return asked
                self._asked[key] = asked
                self._waiting.append(key)
                self._begin()
            asked.wanted_by[who] = time.time()
        asked.ended.wait(patience)
        if not asked.ended.is_set():
            return asked
        with self._lock:
            if self._asked.get(key) is asked:
                del self._asked[key]
        return asked.answer[0] if asked.answer else asked

    def leave(self, name: str, who: int) -> bool:
        """Want a question no more; False where no work on it goes on here."""
        if settings.SEVERAL_WORKERS:
            cache.set(_left(name, who), time.time(), _TOLD)
        with self._lock:
            for asked in self._asked.values():
                if asked.name == name and not asked.ended.is_set():
                    asked.wanted_by.pop(who, None)
                    return True
        return False

    def latest(self) -> T | None:
        """The answer given last, to whatever question; None where there is none."""
        with self._lock:
            return next(reversed(self._kept.values()), None)

    def rest(self) -> None:
        """Wait until nothing is worked on."""
        while True:
            with self._lock:
                going = [asked for asked in self._asked.values() if not asked.ended.is_set()]
            if not going:
                return
            for asked in going:
                asked.ended.wait()

    def forget(self) -> None:
        """Throw all answers away."""
        with self._lock:
            self._kept.clear()

    def _begin(self) -> None:
        """Work on the next question where there is room for one more; the lock is held."""
        while self._waiting and self._working < self._at_once:
            key = self._waiting.popleft()
            self._working += 1
            asked = self._asked[key]
            threading.Thread(target=self._run, args=(key, asked), name="asked", daemon=True).start()

    def _run(self, key: Hashable, asked: Asked[T]) -> None:
        try:
            asked.begun = time.monotonic()
            asked.step(0, 0)
            found = asked.work(asked.step)
            asked.answer.append(found)
        except Cancelled:
            asked.trouble = Sentence(_("Cancelled."))
        except Exception as error:
            asked.trouble = sentence_of(error)
        finally:
            with self._lock:
                if asked.answer:
                    self._kept[key] = asked.answer[0]
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
                if asked.answer or not asked.wanted_by:
                    self._asked.pop(key, None)
                self._working -= 1
                self._begin()
            asked.ended.set()
            connections.close_all()
