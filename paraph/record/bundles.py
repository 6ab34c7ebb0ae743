"""What does the courier's file hold? The same entries and blobs as the exchange, in one ZIP.

charter.json          the founding paper, canonical bytes
<LOG>/checkpoint      the signed head
<LOG>/entries.jsonl   one entry a line
blobs/<name>          larger contents
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from paraph.record.entries import MAX_BLOB, blobs_of
from paraph.record.errors import Malformed, TooLarge
from paraph.record.stores import Row, Store

MAX_FILES = 20_000
MAX_UNPACKED = 512 * 2**20
_NAME = re.compile(r"charter\.json|[A-Z]{2,8}/(?:checkpoint|entries\.jsonl)|blobs/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a courier's file brought, read but not yet checked against a programme."""

    charter: bytes
    rows: tuple[Row, ...]
    blobs: Mapping[str, bytes]
    checkpoints: Mapping[str, bytes]


def line_of(row: Row) -> bytes:
    """One entry as a line of JSON."""
    value = {"n": row.n, "note": row.note.decode()}
    if row.content is not None:
        value["content"] = row.content.decode()
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def row_of(log: str, line: bytes) -> Row:
    """Read such a line; ValueError where it is none."""
    value = json.loads(line)
    if not isinstance(value, dict) or not set(value) <= {"n", "note", "content"}:
        raise ValueError("not an entry")
    n, note, content = value.get("n"), value.get("note"), value.get("content")
    if type(n) is not int or not isinstance(note, str) or not isinstance(content, str | None):
        raise ValueError("not an entry")
    return Row(log, n, note.encode(), None if content is None else content.encode())


def write_bundle(
    store: Store,
    charter: bytes,
    checkpoints: Mapping[str, bytes],
    *,
    contents: bool,
    since: Mapping[str, int] | None = None,
) -> bytes:
    """
    Write a courier's file.

    Args:
        store: the logs.
        charter: the founding paper.
        checkpoints: the signed head of each log.
        contents: whether closed acts go with their contents; only to parties.
        since: log -> how many entries the receiver holds already.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("charter.json", charter)
        names: set[str] = set()
        for log in sorted(store.sizes()):
            rows = list(store.rows(log, (since or {}).get(log, 0)))
            if log in checkpoints:
                file.writestr(f"{log}/checkpoint", checkpoints[log])
            if not contents:
                rows = [Row(row.log, row.n, row.note, None) for row in rows]
            file.writestr(f"{log}/entries.jsonl", b"".join(line_of(row) for row in rows))
            names |= set(_blob_names(rows))
        for name in sorted(names):
            data = store.blob(name)
            if data is not None:
                file.writestr(f"blobs/{name}", data)
    return out.getvalue()


def _blob_names(rows: Iterable[Row]) -> Iterable[str]:
    for row in rows:
        if row.content is not None and b'"blob"' in row.content:
            yield from (ref.name for ref in blobs_of(json.loads(row.content)))


def read_bundle(data: bytes) -> Bundle:
    """Read a courier's file, strictly bounded; Malformed names the file, the line and the reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _read(file)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise Malformed(f"not a courier's file: {error}") from None


def _read(file: zipfile.ZipFile) -> Bundle:
    infos = file.infolist()
    if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise TooLarge("the courier's file unpacks to more than is allowed")
    names = [info.filename for info in infos]
    if len(set(names)) != len(names):
        raise Malformed("a name stands twice in the courier's file")
    rows: list[Row] = []
    blobs: dict[str, bytes] = {}
    checkpoints: dict[str, bytes] = {}
    charter = b""
    for info in infos:
        if not _NAME.fullmatch(info.filename):
            raise Malformed(f"an unknown name in the courier's file: {info.filename[:80]!r}")
        with file.open(info) as part:
            raw = part.read(info.file_size + 1)
        if len(raw) != info.file_size:
            raise Malformed("a size that is not the one stated", info.filename)
        room, _, name = info.filename.partition("/")
        if room == "charter.json":
            charter = raw
        elif room == "blobs":
            if len(raw) > MAX_BLOB:
                raise TooLarge("a blob that is too large", info.filename)
            blobs[name] = raw
        elif name == "checkpoint":
            checkpoints[room] = raw
        else:
            rows += _rows(room, raw, info.filename)
    return Bundle(charter, tuple(rows), blobs, checkpoints)


def _rows(log: str, raw: bytes, where: str) -> Iterable[Row]:
    for number, line in enumerate(raw.splitlines(), 1):
        try:
            yield row_of(log, line)
        except ValueError as error:
            raise Malformed(f"line {number}: {error}", where) from None
