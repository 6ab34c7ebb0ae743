"""Which random number belongs to a future, a task and a visit?

Numbers are not drawn one after the other: each is computed from its key. So a plan that leaves out a task,
or visits it twice, meets the same luck in everything else, and differences are differences of the plans.
`kernel.py` computes the same numbers; the tests compare them.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from paraph.outlook.durations import CELLS

Words = NDArray[np.uint32]
MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15
RETURNS = 1 << 20  # visits from here on decide whether a visit is followed by another


def task_key(seed: int, name: str) -> int:
    """The key of a task under a seed; the same whatever else stands in the schedule."""
    return int.from_bytes(blake2b(f"{seed} {name}".encode(), digest_size=8).digest(), "little")


def visit_keys(task: int, visit: int) -> tuple[int, int]:
    """Two words for one visit to a task (splitmix64)."""
    word = (task + visit * STEP) & MASK
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    word ^= word >> 31
    return word >> 32, word & 0xFFFFFFFF


def words(task: int, visit: int, futures: Words) -> Words:
    """32 random bits for each future: two rounds of a mixing permutation, with a key before each."""
    first, second = visit_keys(task, visit)
    return _mixed(_mixed(futures + np.uint32(first)) ^ np.uint32(second))


def uniforms(task: int, visit: int, futures: Words) -> NDArray[np.float64]:
    """A number between 0 and 1 for each future."""
    found: NDArray[np.float64] = (words(task, visit, futures).astype(np.float64) + 0.5) / 2.0**32
    return found


def drawn(edges: NDArray[np.float32], bits: Words) -> NDArray[np.float32]:
    """Days from a table of quantiles: 8 bits choose the cell, the others the place in it."""
    top = bits >> np.uint32(24) == CELLS - 1
    cell = np.where(top, CELLS - 1 + ((bits >> np.uint32(16)) & np.uint32(255)), bits >> np.uint32(24))
    fine = (bits & np.uint32(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24)
    place = np.where(top, (bits & np.uint32(0xFFFF)).astype(np.float32) * np.float32(2.0**-16), fine)
    found: NDArray[np.float32] = edges[cell] + (edges[cell + 1] - edges[cell]) * place
    return found


def _mixed(bits: Words) -> Words:
    bits = bits ^ (bits >> np.uint32(16))
    bits = bits * np.uint32(0x21F0AAAD)
    bits = bits ^ (bits >> np.uint32(15))
    bits = bits * np.uint32(0x735A2D97)
    return bits ^ (bits >> np.uint32(15))
