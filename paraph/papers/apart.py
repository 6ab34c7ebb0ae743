"""How is a file from outside read so that nothing it holds can harm a node?

A child process reads it, bounded in memory and time, without the right to write a file. What the child
dies of refuses this one file and touches nobody else. After some hundred files it is replaced.
"""

import atexit
import contextlib
import os
import resource
import select
import signal
import struct
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeAlias, TypeVar

import msgspec

from paraph.papers.errors import PaperRefused
from paraph.papers.limits import USUAL, Limits, too_large, too_slow, used
from paraph.sentences import _

T = TypeVar("T")
Question: TypeAlias = tuple[str, str, dict[str, str]]  # what to read, where it lies, how

BROKEN = _("Reading the file ended the program that read it; nothing was taken.")

_LENGTH = struct.Struct(">I")
_OPEN_FILES = 32
_PATIENCE = 8  # seconds on the wall for one of the processor: the machine has more to do
_ROOM = Path(__file__).parents[2]


class Answer(msgspec.Struct, omit_defaults=True):
    """What a child says of a file, and what the reading cost it."""

    found: msgspec.Raw = msgspec.Raw()
    refused: tuple[str, str, dict[str, Any]] | None = None  # kind, template, parts
    memory: int = 0  # bytes, the most that the child ever held


class ReadingRoom:
    """Children that read, and who waits for one."""

    def __init__(self, limits: Limits = USUAL, places: int = 2) -> None:
        self.limits = limits
        self.memory = 0  # bytes, the most that any child held
        self._idle: list[_Child] = []
        self._busy: list[_Child] = []
        self._lock = threading.Lock()
        self._places = threading.Semaphore(places)

    def read(self, kind: type[T], what: str, path: Path, **options: str) -> T:
        """
        What the file holds.

        Args:
            kind: the type of what is read.
            what: a key of `readers()`.
            path: the file; its name tells its kind.
            options: for that reader.

        Raises:
            PaperRefused: it is no such file, could harm, or costs more than the limits.
        """
        with self._places:
            answer = self._ask((what, str(path.resolve()), options))
        self.memory = max(self.memory, answer.memory)
        if answer.refused is not None:
            reason, template, parts = answer.refused
            raise PaperRefused(reason, template, **parts)
        return msgspec.msgpack.decode(answer.found, type=kind)

    def _ask(self, question: Question) -> Answer:
        """Let a child read; a child that ended between two files, or was ended, is replaced once."""
        for attempt in (1, 2):
            with self._lock:
                child = self._idle.pop() if self._idle else _Child(self.limits)
                self._busy.append(child)
            try:
                answer = child.ask(question)
            except (EOFError, BrokenPipeError):
                died = child.end()
                if died == -signal.SIGXCPU:
                    raise too_slow() from None
                if attempt == 2:
                    raise PaperRefused("broken", BROKEN) from None
                continue
            except BaseException:
                child.process.kill()
                child.end()
                raise
            finally:
                with self._lock:
                    self._busy.remove(child)
            if child.files >= self.limits.files or (answer.refused and answer.refused[0] == "memory"):
                child.end()
            else:
                with self._lock:
                    self._idle.append(child)
            return answer
        raise AssertionError("unreachable")

    def children(self) -> list[int]:
        """The process ids of the children, first those that read."""
        with self._lock:
            return [child.process.pid for child in (*self._busy, *self._idle)]

    def close(self) -> None:
        """End the children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()


@cache
def room() -> ReadingRoom:
    """The reading room of this process."""
    made = ReadingRoom()
    atexit.register(made.close)
    return made


class _Child:
    """One process that reads."""

    def __init__(self, limits: Limits) -> None:
        import subprocess  # commands that read inside need no child

        self.limits, self.files = limits, 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "paraph.papers.apart", str(limits.memory), str(limits.seconds)],
            cwd=_ROOM,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, question: Question) -> Answer:
        """Its answer; EOFError or BrokenPipeError where it has ended."""
        self.files += 1
        ask, answers = self.process.stdin, self.process.stdout
        assert ask is not None and answers is not None
        _send(ask, msgspec.msgpack.encode(question))
        until = self.limits.seconds * _PATIENCE
        if not select.select([answers], [], [], until)[0]:
            raise too_slow()
        return msgspec.msgpack.decode(_receive(answers), type=Answer)

    def end(self) -> int:
        """End it, and say how it ended."""
        import subprocess

        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            return self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _most_held() -> int:
    """The most memory that this process ever held, bytes; what getrusage says counts its parent's, too."""
    status = Path("/proc/self/status").read_bytes()
    return int(status.split(b"VmHWM:")[1].split()[0]) << 10


# ---------------------------------------------------------------- the child


def readers() -> dict[str, Callable[..., Any]]:
    """What can be read, by the word with which it is asked for."""
    import paraph.papers.xlsx.document  # noqa: F401 - a child imports nothing later
    from paraph.papers.akn.own import read_road_map
    from paraph.papers.files import read_file
    from paraph.papers.xlsx.reading import read_xlsx

    return {"document": read_file, "road map": read_road_map, "sheet": read_xlsx}


def _read(question: Question) -> Answer:
    what, path, options = question
    try:
        found = readers()[what](Path(path), **options)
        return Answer(msgspec.Raw(msgspec.msgpack.encode(found)))
    except PaperRefused as error:
        sentence = error.sentence
        return Answer(refused=(error.kind, sentence.template, dict(sentence.params)))
    except MemoryError:
        large = too_large()
        return Answer(refused=(large.kind, large.sentence.template, {}))
    except Exception:  # a fault of ours; the next file is read by the same child
        return Answer(refused=("broken", BROKEN, {}))


def main(memory: int, seconds: int) -> None:
    """Answer one question after the other, until nobody asks any more."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    readers()
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    while True:
        try:
            question = msgspec.msgpack.decode(_receive(asked), type=Question)
        except EOFError:
            return
        resource.setrlimit(resource.RLIMIT_CPU, (used() + seconds, resource.RLIM_INFINITY))
        answer = _read(question)
        answer.memory = _most_held()
        _send(answers, msgspec.msgpack.encode(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
