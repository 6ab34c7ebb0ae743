"""What do all measurements share? Processor time, invented words, a charter of two parties."""

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

from paraph.record.charter import Charter, Party
from paraph.record.keys import SecretKey

T = TypeVar("T")
Row = tuple[str, str]  # what was measured, and the figure

TEXT = "стороны согласуют порядок поставки газа и тарифы на транспортировку до начала применения правил"
WORDS = TEXT.split(" ")


def seconds(do: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds of one call, and what it returned."""
    begun = time.process_time()
    found = do()
    return time.process_time() - begun, found


def median(do: Callable[[], object], rounds: int) -> float:
    """Processor seconds of one call, the median of so many."""
    return statistics.median(seconds(do)[0] for _ in range(rounds))


def large_charter() -> tuple[Charter, list[SecretKey], list[SecretKey]]:
    """A charter of two parties, with their node keys and root keys."""
    nodes, roots = [SecretKey.generate() for _ in range(2)], [SecretKey.generate() for _ in range(2)]
    charter = Charter(
        {"en": "Bench"},
        [
            Party(code, {"en": code}, [roots[i].public.hex], 1, nodes[i].public.hex, "http://127.0.0.1:1")
            for i, code in enumerate(("BY", "RU"))
        ],
        ["ru"],
        "2021-02-23",
        "00" * 32,
        ["en"],
    )
    return charter, nodes, roots
