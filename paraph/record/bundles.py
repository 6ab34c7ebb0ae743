"""What does the courier's file hold? The same resources as the exchange gives, in one ZIP.

charter.json                  the founding paper, canonical bytes
<LOG>/checkpoint              the signed head of the log, as its node signed it
<LOG>/tile/entries/<N>        its entries in pieces, see tiles.py
<LOG>/tile/contents/<N>       what stands beside them, for parties
<LOG>/tile/<L>/<N>            the hashes of its tree, where the file holds the whole log
blob/<name>                   larger contents

Release 0.1.0 wrote <LOG>/entries.jsonl, one JSON object a line, and blobs/<name>: they are read too.
Other names, gaps between parts and lines written in another way are refused.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from paraph.record.canonical import MAX_LINE
from paraph.record.charter import MAX_CHARTER
from paraph.record.checkpoints import claimed_size
from paraph.record.entries import MAX_BLOB, blobs_of, read_content_trusted, read_line_trusted
from paraph.record.errors import Malformed, NotHeld, TooLarge
from paraph.record.merkle import Tree, leaf_hash
from paraph.record.notes import MAX_NOTE
from paraph.record.stores import Row, Store
from paraph.record.tiles import (
    CONTENTS,
    ENTRIES,
    MAX_PIECE,
    WIDTH,
    Piece,
    hash_pieces,
    joined,
    read_name,
    read_parts,
    row_pieces,
)

MAX_FILES = 20_000
MAX_UNPACKED = 512 * 2**20  # bytes
_MAX_ROW = 2 * (MAX_NOTE + MAX_LINE)  # bytes of a line: JSON writes quotes in two
_NAME = re.compile(r"charter\.json|[A-Z]{2,8}/(?:checkpoint|entries\.jsonl)|blobs?/[0-9a-f]{64}")
_PIECE = re.compile(r"([A-Z]{2,8})/(tile/.+)")
_LIMITS = {"charter.json": MAX_CHARTER, "checkpoint": MAX_NOTE, "entries.jsonl": MAX_UNPACKED}
_LOCAL, _CENTRAL, _END = 30, 46, 22  # bytes of the headers of a ZIP besides names


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a courier's file brought, in form, but not yet checked against a programme."""

    charter: bytes
    rows: tuple[Row, ...]  # each log in order
    blobs: Mapping[str, bytes]
    checkpoints: Mapping[str, bytes]  # log -> signed head
    as_lines: frozenset[str] = frozenset()  # logs given as release 0.1.0 did

    def where(self, log: str, n: int) -> str:
        """The place of an entry in the file, for a message."""
        held = [row.n for row in self.rows if row.log == log]
        if log in self.as_lines:
            return f"{log}/entries.jsonl line {n - held[0] + 1}"
        width = min(WIDTH, held[-1] + 1 - n // WIDTH * WIDTH)
        return f"{log}/{Piece(ENTRIES, n // WIDTH, width).name}"


class _Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    n: int
    note: str
    content: str | None = None


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(_Line)


def line_of(row: Row) -> bytes:
    """One entry as a line of JSON, with its line feed."""
    content = None if row.content is None else row.content.decode()
    return _encoder.encode(_Line(row.n, row.note.decode(), content)) + b"\n"


def row_of(log: str, line: bytes) -> Row:
    """Read such a line, with or without its line feed; Malformed where it is none."""
    if len(line) > _MAX_ROW:
        raise TooLarge(f"a line has at most {_MAX_ROW} bytes")
    try:
        value = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"not an entry: {error}") from None
    if _encoder.encode(value) != line.removesuffix(b"\n"):
        raise Malformed("not written in the one way")
    content = None if value.content is None else value.content.encode()
    return Row(log, value.n, value.note.encode(), content)


# ---------------------------------------------------------------- out


def write_bundle(
    store: Store,
    charter: bytes,
    checkpoints: Mapping[str, bytes],
    *,
    contents: bool,
    since: Mapping[str, int] | None = None,
) -> bytes:
    """
    Write a courier's file; equal input gives equal bytes.

    Args:
        store: the logs.
        charter: the founding paper.
        checkpoints: the signed head of each log; entries beyond it stay behind.
        contents: whether closed acts go with their contents and blobs; only to parties.
        since: log -> how many entries the receiver holds already; pieces that lie before stay behind.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        _put(file, "charter.json", charter)
        names: set[str] = set()
        for log in sorted(checkpoints):
            size, start = claimed_size(checkpoints[log].decode()), (since or {}).get(log, 0)
            _put(file, f"{log}/checkpoint", checkpoints[log])
            tree = Tree()
            for piece in row_pieces(ENTRIES, start, size):
                rows = list(store.rows(log, piece.n * WIDTH, piece.stop))
                _put(file, f"{log}/{piece.name}", joined(row.note for row in rows))
                tree.extend(leaf_hash(row.note) for row in rows)
                if contents:
                    beside = Piece(CONTENTS, piece.n, piece.width)
                    _put(file, f"{log}/{beside.name}", joined(row.content or b"" for row in rows))
                    names.update(name for row in rows if row.n >= start for name in _blob_names(row))
            if start < min(WIDTH, size):
                for piece in hash_pieces(size):
                    hashes = tree.tile(piece.level or 0, piece.n, piece.width)
                    _put(file, f"{log}/{piece.name}", hashes)
        for name in sorted(names):
            data = store.blob(name)
            if data is None:
                raise NotHeld(f"the blob {name[:12]} of an admitted entry is not in the store")
            _put(file, f"blob/{name}", data)
        if len(file.infolist()) > MAX_FILES or _unpacked(file) > MAX_UNPACKED:
            raise TooLarge("more than one courier's file may hold: leave out what the receiver has")
    return out.getvalue()


def _put(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name)  # of 1980: a file says nothing about when it was written
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    file.writestr(info, data)


def _blob_names(row: Row) -> Iterator[str]:
    if b'"blob"' in (row.note if row.content is None else row.content):
        act = (
            read_line_trusted(row.note[: row.note.index(b"\n")]).act
            if row.content is None
            else read_content_trusted(row.content).act
        )
        yield from (ref.name for ref in blobs_of(act))


# ---------------------------------------------------------------- in


def read_bundle(data: bytes) -> Bundle:
    """
    Read a courier's file, strictly bounded.

    Raises:
        Malformed: with the file, the line and the reason; nothing of it is to be used.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _read(file, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Malformed(f"not a courier's file: {error}") from None


def _read(file: zipfile.ZipFile, size: int) -> Bundle:
    infos = file.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MAX_FILES or _unpacked(file) > MAX_UNPACKED:
        raise TooLarge("the courier's file holds more than is allowed")
    for name in names:
        if not _NAME.fullmatch(name) and _piece(name) is None:
            raise Malformed(f"an unknown name in the courier's file: {name[:80]!r}")
    if len(set(names)) != len(names):
        raise Malformed("a name stands twice in the courier's file")
    spanned = sum(info.compress_size + 2 * len(info.filename) + _LOCAL + _CENTRAL for info in infos)
    if spanned + _END != size or any(info.flag_bits or info.extra or info.comment for info in infos):
        raise Malformed("the courier's file holds more than its entries say")
    parts = {info.filename: _unpack(file, info) for info in infos}
    if "charter.json" not in parts:
        raise Malformed("the courier's file holds no charter")
    pieces: dict[str, dict[Piece, bytes]] = {}
    lines: dict[str, list[Row]] = {}
    for name, raw in parts.items():
        log = name.partition("/")[0]
        if found := _piece(name):
            pieces.setdefault(found[0], {})[found[1]] = raw
        elif name.endswith("/entries.jsonl"):
            lines[log] = list(_rows(log, raw, name))
    if twice := sorted(pieces.keys() & lines.keys()):
        raise Malformed("its entries stand in pieces and as lines", twice[0])
    rows = [row for log in lines for row in lines[log]]
    rows += [row for log, held in pieces.items() for row in _rows_in(log, held)]
    blobs = {name.partition("/")[2]: raw for name, raw in parts.items() if name.startswith("blob")}
    heads = {name[:-11]: raw for name, raw in parts.items() if name.endswith("/checkpoint")}
    bundle = Bundle(parts["charter.json"], tuple(rows), blobs, heads, frozenset(lines))
    _check_whole(bundle)
    return bundle


def _unpack(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    of_kind = MAX_PIECE if _piece(info.filename) else MAX_BLOB
    limit = _LIMITS.get(info.filename.rpartition("/")[2], of_kind)
    if info.file_size > limit:
        raise TooLarge(f"it has more than {limit} bytes", info.filename)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Malformed("packed in a way that is not allowed", info.filename)
    with file.open(info) as part:
        raw = part.read(info.file_size + 1)
    if len(raw) != info.file_size:
        raise Malformed("a size that is not the one stated", info.filename)
    return raw


def _piece(name: str) -> tuple[str, Piece] | None:
    """The log and the piece of it that a name means; None where it means none."""
    found = _PIECE.fullmatch(name)
    try:
        return (found[1], read_name(found[2])) if found else None
    except Malformed:
        return None


def _rows_in(log: str, pieces: Mapping[Piece, bytes]) -> Iterator[Row]:
    """The entries in the pieces of a log, with the contents beside them where there are any."""
    entries = sorted((piece for piece in pieces if piece.kind == ENTRIES), key=lambda piece: piece.n)
    beside = {piece for piece in pieces if piece.kind == CONTENTS}
    tree = Tree()
    for place, piece in enumerate(entries):
        where, content = f"{log}/{piece.name}", Piece(CONTENTS, piece.n, piece.width)
        if piece.n != entries[0].n + place or (piece.width < WIDTH and piece is not entries[-1]):
            raise Malformed("it does not follow the piece before it", where)
        try:
            notes = read_parts(pieces[piece], piece.width)
            contents = read_parts(pieces[content], piece.width) if beside else [b""] * piece.width
        except Malformed as error:
            raise error.at(where) from None
        except KeyError:
            raise Malformed("without the contents beside it", where) from None
        tree.extend(leaf_hash(note) for note in notes)
        for n, (note, line) in enumerate(zip(notes, contents, strict=True), piece.n * WIDTH):
            yield Row(log, n, note, line or None)
    if beside - {Piece(CONTENTS, piece.n, piece.width) for piece in entries}:
        raise Malformed("contents without the entries that they belong to", log)
    _check_hashes(log, pieces, tree, whole=not entries or entries[0].n == 0)


def _check_hashes(log: str, pieces: Mapping[Piece, bytes], tree: Tree, *, whole: bool) -> None:
    """The tiles of hashes are those of the entries beside them."""
    for piece, raw in pieces.items():
        if piece.level is None:
            continue
        try:
            fits = whole and tree.tile(piece.level, piece.n, piece.width) == raw
        except ValueError:
            fits = False
        if not fits:
            raise Malformed("hashes of other entries than those in the file", f"{log}/{piece.name}")


def _rows(log: str, raw: bytes, name: str) -> Iterable[Row]:
    if not raw.endswith(b"\n"):
        raise Malformed("the last line is cut", name)
    first = None
    for place, line in enumerate(raw[:-1].split(b"\n")):
        where = f"{name} line {place + 1}"
        try:
            row = row_of(log, line)
        except Malformed as error:
            raise error.at(where) from None
        first = row.n if first is None else first
        if row.n != first + place or row.n < 0:
            raise Malformed(f"entry {row.n} does not follow the line before it", where)
        yield row


def _check_whole(bundle: Bundle) -> None:
    """Each log comes with the head that covers it, and no blob comes that no entry names."""
    last = {row.log: row.n for row in bundle.rows}
    for log, n in last.items():
        raw = bundle.checkpoints.get(log)
        if raw is None or claimed_size(raw.decode()) <= n:
            raise Malformed("its signed head does not cover it", f"{log} entry {n}")
    named: set[str] = set()
    for row in bundle.rows:
        try:
            named.update(_blob_names(row))
        except (Malformed, msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
            raise Malformed(f"not an entry: {error}", bundle.where(row.log, row.n)) from None
    for name in bundle.blobs:
        if name not in named:
            raise Malformed("a blob that no entry of the courier's file names", f"blob/{name}")


def _unpacked(file: zipfile.ZipFile) -> int:
    return sum(info.file_size for info in file.infolist())
