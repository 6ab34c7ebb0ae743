"""Which hash stands for a log of any size, and how is one entry of it proven? (RFC 9162)"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
_LEAF, _NODE = sha256(b"\x00"), sha256(b"\x01")  # begun once: a copy costs less than a new one


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    hashed = _LEAF.copy()
    hashed.update(data)
    return hashed.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return _pair_hash(left + right)


def _pair_hash(pair: bytes) -> bytes:
    hashed = _NODE.copy()
    hashed.update(pair)
    return hashed.digest()


class Tree:
    """
    The hashes of all complete subtrees in memory, level by level: 64 bytes an entry.

    Upper levels are completed when somebody asks. A tile (C2SP tlog-tiles) is a slice of a level.
    """

    __slots__ = ("_leaves", "_levels", "size")

    def __init__(self) -> None:
        self._leaves = bytearray()
        self._levels: list[bytearray] = [self._leaves]
        self.size = 0  # how many entries

    def append(self, data: bytes) -> bytes:
        """Add the next entry; return its leaf hash."""
        leaf = leaf_hash(data)
        self._leaves += leaf
        self.size += 1
        return leaf

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many leaf hashes."""
        self._leaves += b"".join(leaves)
        self.size = len(self._leaves) // 32

    def truncate(self, size: int) -> None:
        """Forget all entries from `size` on."""
        for level, row in enumerate(self._levels):
            del row[(size >> level) * 32 :]
        self.size = len(self._levels[0]) // 32

    def leaf(self, n: int) -> bytes:
        """The leaf hash of entry n."""
        return bytes(self._levels[0][n * 32 : n * 32 + 32])

    def tile(self, level: int, n: int, width: int) -> bytes:
        """The hashes of a tile: each stands for 256 of the tile level below, at level 0 for one entry."""
        self._complete()
        row = self._levels[8 * level] if 8 * level < len(self._levels) else bytearray()
        part = bytes(row[n * 8_192 : n * 8_192 + width * 32])
        if len(part) != width * 32:
            raise ValueError("no such tile")
        return part

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` entries; of all by default."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} entries, not {size}")
        self._complete()
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, n: int, size: int | None = None) -> list[bytes]:
        """The proof that entry n is in the tree of that size (RFC 9162, 2.1.3)."""
        size = self.size if size is None else size
        if not 0 <= n < size <= self.size:
            raise ValueError("no such entry")
        self._complete()
        return self._path(n, 0, size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the tree of size `old` is a prefix of that of size `new` (2.1.4)."""
        new = self.size if new is None else new
        if not 0 <= old <= new <= self.size:
            raise ValueError("no such sizes")
        self._complete()
        return self._subproof(old, 0, new, whole=True) if 0 < old < new else []

    def _complete(self) -> None:
        level = 0
        while (pairs := len(self._levels[level]) // 64) > 0:
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            row, upper = self._levels[level], self._levels[level + 1]
            start = len(upper) // 32
            if start < pairs:
                part = bytes(memoryview(row)[start * 64 : pairs * 64])
                upper += b"".join([_pair_hash(part[at : at + 64]) for at in range(0, len(part), 64)])
            level += 1

    def _range(self, start: int, stop: int) -> bytes:
        width = stop - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            at = (start >> level) * 32
            return bytes(self._levels[level][at : at + 32])
        split = 1 << ((width - 1).bit_length() - 1)
        return node_hash(self._range(start, start + split), self._range(start + split, stop))

    def _path(self, n: int, start: int, stop: int) -> list[bytes]:
        if stop - start == 1:
            return []
        split = start + (1 << ((stop - start - 1).bit_length() - 1))
        if n < split:
            return [*self._path(n, start, split), self._range(split, stop)]
        return [*self._path(n, split, stop), self._range(start, split)]

    def _subproof(self, old: int, start: int, stop: int, *, whole: bool) -> list[bytes]:
        if old == stop:
            return [] if whole else [self._range(start, stop)]
        split = start + (1 << ((stop - start - 1).bit_length() - 1))
        if old <= split:
            return [*self._subproof(old, start, split, whole=whole), self._range(split, stop)]
        return [*self._subproof(old, split, stop, whole=False), self._range(start, split)]


def verify_inclusion(leaf: bytes, n: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Check an inclusion proof (RFC 9162, 2.1.3.2)."""
    if not 0 <= n < size:
        return False
    place, last, digest = n, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(sibling, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Check a consistency proof (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
