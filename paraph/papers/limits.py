"""What may reading one file cost?

Commands that read one file and end are bounded themselves; a node reads in a child (`apart.py`).
"""

import contextlib
import resource
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paraph.papers.errors import PaperRefused
from paraph.sentences import _


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    memory: int = 512 << 20  # bytes of address space; a part of XML at its limit takes about 150 MB
    seconds: int = 20  # of the processor
    files: int = 300  # that one child reads


USUAL = Limits()


def too_slow() -> PaperRefused:
    """What a file is refused with that takes too long."""
    return PaperRefused("time", _("Reading the file takes far longer than any document needs."))


def too_large() -> PaperRefused:
    """What a file is refused with that takes too much memory."""
    return PaperRefused("memory", _("Reading the file takes far more memory than any document needs."))


@contextlib.contextmanager
def bounded(limits: Limits = USUAL) -> Iterator[None]:
    """Bound what is read inside in this very process, for commands that read one file and end."""
    before = {what: resource.getrlimit(what) for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    handler = signal.getsignal(signal.SIGXCPU)

    def late(_number: int, _frame: object) -> None:
        raise too_slow()

    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _set(resource.RLIMIT_AS, held + limits.memory)
    _set(resource.RLIMIT_CPU, used() + limits.seconds)
    signal.signal(signal.SIGXCPU, late)
    try:
        yield
    except MemoryError:
        raise too_large() from None
    finally:
        for what, (soft, _hard) in before.items():
            _set(what, soft)
        signal.signal(signal.SIGXCPU, handler)


def used() -> int:
    """Whole seconds of the processor that this process took."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int(usage.ru_utime + usage.ru_stime)


def _set(what: int, soft: int) -> None:
    """Set a limit that this process may lift again."""
    hard = resource.getrlimit(what)[1]
    unlimited = resource.RLIM_INFINITY
    if hard != unlimited and (soft == unlimited or soft > hard):
        soft = hard
    resource.setrlimit(what, (soft, hard))
