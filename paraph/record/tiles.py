"""Under which names, and in which bytes, does a log lie in pieces? (C2SP tlog-tiles)

tile/<L>/<N>             256 hashes of level L: of leaves (0), of full tiles of the level below
tile/entries/<N>         256 entries: whole notes
tile/contents/<N>        what stands beside them: content lines; nothing beside a public act
...<N>.p/<W>             the first W of them, where there are no more yet

N is written in groups of three digits, all but the last behind an x: 1234067 is x001/x234/067. Bytes
under a name never change. A content line lies in a piece of its own, because not everybody reads it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paraph.record.errors import Malformed, TooLarge

WIDTH = 256
ENTRIES, CONTENTS = "entries", "contents"
MAX_PART = 65_535  # bytes: a length has two bytes
MAX_PIECE = WIDTH * (MAX_PART + 2)
_NAME = re.compile(
    r"tile/(entries|contents|[0-9]|[1-5][0-9]|6[0-3])"
    r"/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a log: hashes of a level, entries, or contents."""

    kind: str  # ENTRIES, CONTENTS, or the level in decimal
    n: int
    width: int = WIDTH

    @property
    def level(self) -> int | None:
        """The level of its hashes; None where it holds none."""
        return int(self.kind) if self.kind.isdecimal() else None

    @property
    def stop(self) -> int:
        """How many entries a log has to have before there is such a piece."""
        return (self.n * WIDTH + self.width) << 8 * (self.level or 0)

    @property
    def name(self) -> str:
        """Its name below that of the log."""
        digits = f"{self.n:d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.kind}/" + "/".join([*(f"x{one}" for one in groups[:-1]), groups[-1]]) + part


def read_name(name: str) -> Piece:
    """The piece of that name; Malformed where it is the name of none."""
    found = _NAME.fullmatch(name)
    if found is not None:
        n = int(found[2].replace("/", "").replace("x", ""))
        piece = Piece(found[1], n, int(found[3] or WIDTH))
        if piece.name == name:
            return piece
    raise Malformed(f"not the name of a piece of a log: {name[:80]!r}")


def hash_pieces(size: int) -> Iterator[Piece]:
    """All tiles of hashes of a tree of that size, full and partial ones."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from (Piece(str(level), n) for n in range(full))
        if rest:
            yield Piece(str(level), full, rest)
        size, level = full, level + 1


def row_pieces(kind: str, start: int, stop: int) -> Iterator[Piece]:
    """The pieces of entries, or of contents, that hold the places from `start` to before `stop`."""
    for n in range(start // WIDTH, -(-stop // WIDTH) if start < stop else 0):
        yield Piece(kind, n, min(WIDTH, stop - n * WIDTH))


# ---------------------------------------------------------------- the bytes


def joined(parts: Iterable[bytes]) -> bytes:
    """Entries or content lines in a piece: each behind its length, two bytes, the higher one first."""
    out = bytearray()
    for part in parts:
        if len(part) > MAX_PART:
            raise TooLarge(f"at most {MAX_PART} bytes stand in a piece as one")
        out += len(part).to_bytes(2, "big") + part
    return bytes(out)


def parted(raw: bytes, most: int = WIDTH) -> tuple[list[bytes], int]:
    """The whole parts at the beginning, at most so many, and how many bytes they take."""
    parts: list[bytes] = []
    at = 0
    while len(parts) < most and at + 2 <= len(raw):
        stop = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        if stop > len(raw):
            break
        parts.append(raw[at + 2 : stop])
        at = stop
    return parts, at


def read_parts(raw: bytes, width: int) -> list[bytes]:
    """The parts of a whole piece of that width; Malformed where they are not so many, or there is more."""
    parts, used = parted(raw, width)
    if len(parts) != width or used != len(raw):
        raise Malformed(f"not {width} whole parts, each behind its length")
    return parts
