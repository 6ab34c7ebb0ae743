"""Which readers take bytes from outside, and which lawful bytes does a campaign start from?

A reader either takes the bytes or raises one of its own errors; anything else is a fault. A new reader is
one line in READERS.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

import msgspec

from paraph.acts import (
    Ack,
    Act,
    Delegate,
    Found,
    Initial,
    Join,
    Lift,
    Notify,
    Propose,
    Publish,
    Remark,
    Report,
    Reserve,
    Resume,
    Return,
    Revoke,
    Rotate,
    Seal,
    Sign,
    TakeStance,
    proposal_id,
    read,
    to_json,
)
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.errors import ExchangeError
from paraph.node.exchange.messages import Peer, Request, Response, write_heads
from paraph.node.exchange.server import Server
from paraph.node.exchange.signing import sign
from paraph.record.bundles import line_of, read_bundle, row_of, write_bundle
from paraph.record.canonical import MAX_LINE, check, decode, encode
from paraph.record.charter import MAX_CHARTER, read_charter
from paraph.record.checkpoints import read_checkpoint
from paraph.record.cosignatures import read_request, write_request
from paraph.record.entries import BlobRef, Entry, read_content, read_line
from paraph.record.errors import RecordError
from paraph.record.forks import Evidence, of_entries
from paraph.record.ledger import Ledger
from paraph.record.merkle import verify_consistency, verify_inclusion
from paraph.record.notes import MAX_NOTE, parse_note
from paraph.record.proofs import TlogProof, write_proof
from paraph.record.proofs import read_proof as read_tlog_proof
from paraph.record.tiles import joined, parted, read_name, read_parts
from paraph.state.agreement import standing
from paraph.state.fold import apply
from paraph.state.programme import Programme
from paraph.state.roadmaps import counted, road_maps
from paraph.text.brackets import Alternative, brackets
from paraph.text.canonical import canonical
from paraph.text.errors import TextRefused
from tests.fuzz.mutations import zipped
from tests.parties import Parties
from tests.record.writing import Writer, blob, key

KIB, MIB = 2**10, 2**20
Mutate = Callable[[bytes, int], bytes]  # bytes, and how long they may become


@dataclass(frozen=True)
class Reader:
    """A reader of outside bytes."""

    read: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    refusals: tuple[type[Exception], ...] = (RecordError,)
    longest: int = 8 * KIB  # bytes of what it is given
    room: int = 64  # MiB that it may need beside what the process had before
    mutate: Callable[[bytes, Mutate, int], bytes] | None = None  # where bytes are packed

    def take(self, data: bytes) -> str:
        """Let it read; how it answered, in one word."""
        try:
            self.read(data)
        except self.refusals as refusal:
            return type(refusal).__name__
        return "taken"


# ---------------------------------------------------------------- lawful bytes


@cache
def desk() -> Writer:
    """Two logs with contents, acks and a blob."""
    made = Writer().begin()
    made.remark("BY", "Секрет «в кавычках»")
    made.ack("RU", "BY")
    named, held = blob("a long text " * 20)
    made.write("RU", {"kind": "propose", "content": named}, [made.person["RU"]], blobs=held)
    return made


def rows() -> list[tuple[bytes, bytes | None]]:
    """The entries of the desk."""
    store = desk().store
    return [(row.note, row.content) for log in store.sizes() for row in store.rows(log)]


def notes() -> list[bytes]:
    """Notes of entries, and heads."""
    return [note for note, _content in rows()] + list(desk().heads().values())


def lines() -> list[bytes]:
    """Entries as they travel."""
    return [line_of(row) for log in desk().store.sizes() for row in desk().store.rows(log)]


def contents() -> list[bytes]:
    """Content lines of closed acts."""
    return [content for _note, content in rows() if content is not None]


# ---------------------------------------------------------------- readers of several steps


def read_entry(data: bytes) -> None:
    """A note, and after a zero byte its content line, as the next entry of a log."""
    note, parted, content = data.partition(b"\0")
    ledger = Ledger(desk().charter)
    ledger.admit(note, content if parted else None, desk().store.blob)


def next_entries() -> list[bytes]:
    """First entries of the logs, with and without content."""
    return [note + (b"" if content is None else b"\0" + content) for note, content in rows()]


def read_evidence(data: bytes) -> None:
    """What an ack tells of two histories of a log."""
    try:
        evidence = msgspec.json.decode(data, type=Evidence)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    desk().ledger.check_evidence(evidence)


def evidences() -> list[bytes]:
    """Two entries of one place."""
    one = desk().make("BY", {"kind": "remark"}, [desk().person["BY"]])[0]
    two = desk().make("BY", {"kind": "remark", "seen": "x"}, [desk().person["BY"]])[0]
    found = of_entries("BY", one, two)
    return [msgspec.json.encode(found)]


def read_proof(data: bytes) -> None:
    """Two sizes of eight bytes, two roots, and the hashes of a path."""
    old, new = int.from_bytes(data[:8], "big"), int.from_bytes(data[8:16], "big")
    one, two, path = data[16:48], data[48:80], data[80:]
    proof = [path[at : at + 32] for at in range(0, len(path), 32)]
    verify_consistency(old, new, proof, one, two)
    verify_inclusion(one, old, new, proof, two)


def proofs() -> list[bytes]:
    """Lawful proofs of a small tree."""
    tree = desk().ledger.logs["RU"].tree
    return [
        old.to_bytes(8, "big")
        + tree.size.to_bytes(8, "big")
        + tree.root(old)
        + tree.root()
        + b"".join(tree.consistency(old))
        for old in range(1, tree.size)
    ]


def tlog_proofs() -> list[bytes]:
    """The way from an entry to a head, with something beside it."""
    path = tuple(desk().ledger.logs["RU"].tree.inclusion(1))
    return [write_proof(TlogProof(1, path, desk().head("RU"), extra)) for extra in (None, b"x")]


def read_tile(data: bytes) -> None:
    """The name of a piece of a log, and after a line feed its bytes."""
    name, _lf, raw = data.partition(b"\n")
    parted(raw)
    piece = read_name(name.decode("latin-1"))
    read_parts(raw, piece.width)


def tiles() -> list[bytes]:
    """A piece of entries, and one of hashes."""
    found = [note for note, _content in rows()]
    return [f"tile/entries/000.p/{len(found)}\n".encode() + joined(found), b"tile/0/x001/234.p/1\n" + b"\0\0"]


@cache
def party() -> Parties:
    """Two parties in memory, with a road map."""
    made = Parties.make()
    made.road_map()
    return made


@cache
def answering() -> Server:
    """The exchange of BY."""
    return Server(party().journals["BY"])


def read_asked(data: bytes) -> None:
    """A request to a node, its lines in order: method, target, the rest its body; signed by a peer."""
    method, _lf, rest = data.partition(b"\n")
    target, _lf, body = rest.partition(b"\n")
    asked = Request(method.decode("latin-1"), target.decode("latin-1"), body=body)
    node, prog = party().nodes["RU"], party().charter.prog
    given = sign(asked, node, prog, "RU", "BY")
    response = answering().answer(given)
    assert response.status in (200, 400, 401, 403, 404, 405, 409, 413, 414, 422, 429, 503)
    forged = replace(given, headers={**given.headers, "Paraph-Time": target[:40].decode("latin-1")})
    assert answering().answer(forged).status in (401, 413, 414)


def requests() -> list[bytes]:
    """One request of each kind."""
    head = party().journals["RU"].checkpoint("RU") or b""
    return [
        b"GET\nheads\n",
        b"GET\nBY/checkpoint\n",
        b"GET\nRU/entries/0-3\n",
        b"GET\nblob/" + b"0" * 64 + b"\n",
        b"POST\npoke\n" + write_heads({"BY": 3}),
        b"POST\nRU/checkpoint\n" + write_request(0, [], head),
    ]


class _Says:
    """A peer that answers always the same."""

    def __init__(self, status: int, body: bytes) -> None:
        self.said = Response(status, body)

    def send(self, request: Request, limit: int) -> Response:
        """The answer, as far as it is wanted."""
        return replace(self.said, body=self.said.body[:limit], complete=len(self.said.body) <= limit)

    def close(self) -> None:
        """Nothing is open."""

    def abort(self) -> None:
        """Nothing waits."""


def read_answer(data: bytes) -> None:
    """What a peer answers to each question."""
    status = 409 if data[:1] == b"\x01" else 404 if data[:1] == b"\x02" else 200
    caller = Caller(party().journals["BY"], Peer("RU", ""), _Says(status, data[1:]))
    ref = BlobRef("0" * 64, bytes(32), 10)
    for ask in (
        caller.heads,
        lambda: caller.checkpoint("RU"),
        lambda: caller.entries("RU", 0, 8, 1 * MIB),
        lambda: caller.blob(ref),
        lambda: caller.vouch("RU", b""),
    ):
        try:
            ask()
        except (ExchangeError, RecordError):
            continue


def answers() -> list[bytes]:
    """Lawful answers."""
    said = [write_heads({"BY": 3, "RU": 2**40}), b"12\n", *desk().heads().values(), b"".join(lines())]
    return [bytes([status]) + body for status in (0, 1, 2) for body in said]


# ---------------------------------------------------------------- acts of a hostile party


@cache
def soil() -> tuple[Parties, list[Entry]]:
    """What an act falls upon: a road map agreed and initialled by both, sealed by one."""
    made = Parties.make()
    made.road_map()
    for code in ("BY", "RU"):
        made.initial(code)
        made.exchange()
    made.seal("BY")
    made.exchange()
    return made, list(Ledger(made.charter).load(made.journals["BY"].store))


def read_act(data: bytes) -> None:
    """An act of a delegate: whatever stands in it is void or has an effect; the state is drawn after it."""
    value = decode(data)
    if not isinstance(value, dict):
        return
    made, entries = soil()
    programme = Programme(made.charter)
    for entry in entries:
        apply(programme, read(entry, made.journals["BY"].blob))
    last = entries[-1]
    for log in ("BY", "RU"):
        n = len(programme.logs[log].entries)
        for by in (made.people[log].public.id, made.nodes[log].public.id, made.roots[log].public.id):
            line = encode({"act": value, "log": log, "salt": "0" * 64})
            entry = Entry(1, "", log, n, "", by, last.at, value, None, b"", line, b"", {"BY": 99, "RU": 99})
            apply(programme, read(entry, desk().store.blob))
            n += 1
    counted(road_maps(programme))
    for about in list(programme.on):
        standing(programme, about)


def acts() -> list[bytes]:
    """One act of each kind."""
    made, _entries = soil()
    words = {"words": {"ru": "Другие слова."}}
    name = proposal_id("provision:gas/one", words)
    lines_of_text = ["a", "b"]
    text = sha256(b"x").hexdigest()
    items: list[Act] = [
        Propose("provision:gas/one", words),
        Propose("card:gas", {"number": 2, "title": {"ru": "Газ"}, "depends_on": ["gas"], "bodies": {}}),
        Propose("outline:gas", {"items": [[1, "provision:gas/one"], [2, "provision:gas/two"]]}),
        Propose("package:p1", {"title": {"ru": "П"}, "members": [name, name]}),
        Propose("charter", {"steps": [{"change": "withdraw", "old": ["gas"]}]}),
        Propose("meeting:m1", {"words": {"ru": "Встреча"}, "fields": {"date": "2021-01-01"}}),
        Propose("measure:gas/m1/deadline", {"date": "2021-01-01"}),
        Propose("measure:gas/m1/bodies", {"bodies": {"BY": [{"ru": "Министерство"}]}}),
        Propose("measure:gas/m1/indicator", {"words": {"ru": "Цена"}, "unit": "USD"}),
        TakeStance(name, "accepts"),
        Reserve("provision:gas/one", "scrutiny"),
        Lift("provision:gas/one", "scrutiny"),
        Remark("provision:gas/one", {"ru": "Слово"}),
        Return("gas", {"ru": "Причина"}),
        Resume("gas"),
        Initial("road_map:gas", "", made.charter.prog, text, lines_of_text),
        Seal("road_map:gas", "", text),
        Sign("road_map:gas", text, {"ru": "Полномочия"}),
        Notify("road_map:gas", text),
        Report("measure:gas/m1", "done"),
        Delegate(key("x").public.hex, {"ru": "Д"}, {"ru": "Д"}, ["negotiate"], road_maps=["gas"]),
        Revoke(key("x").public.id),
        Rotate([key("y").public.hex], 1, key("z").public.hex, 1),
        Ack({"RU": "x"}),
        Publish("gas", 1, {"ru": "Газ"}, "agreed", "2021-01-01", {"BY": 1}),
        Found(made.charter.prog),
        Join(made.charter.prog),
    ]
    return [encode(to_json(act)) for act in items]


def read_words(data: bytes) -> None:
    """Words as they are proposed, beside other words."""
    text = canonical(data)
    other = canonical(" ".join(text.split(" ")[::-1]))
    brackets([Alternative("1", text, ("BY",)), Alternative("2", other, ("RU",)), Alternative("3", None, ())])


def couriers() -> list[bytes]:
    """A courier's file for a party."""
    return [write_bundle(desk().store, desk().charter.encode(), desk().heads(), contents=True)]


READERS: dict[str, Reader] = {
    "note": Reader(parse_note, notes, longest=MAX_NOTE + 10),
    "line": Reader(read_line, lambda: [note[: note.index(b"\n")] for note in notes()]),
    "content": Reader(read_content, contents),
    "json": Reader(lambda data: check(decode(data, MAX_LINE)), contents),
    "entry": Reader(read_entry, next_entries),
    "row": Reader(lambda data: row_of("BY", data), lines),
    "checkpoint": Reader(
        lambda data: read_checkpoint(data, parse_note(data), desk().ledger.logs["BY"].origin), notes
    ),
    "cosignature": Reader(read_request, lambda: [write_request(3, [bytes(32)], notes()[-1])]),
    "evidence": Reader(read_evidence, evidences),
    "proof": Reader(read_proof, proofs),
    "tlogproof": Reader(read_tlog_proof, tlog_proofs),
    "tile": Reader(read_tile, tiles),
    "request": Reader(read_asked, requests),
    "answer": Reader(read_answer, answers),
    "charter": Reader(read_charter, lambda: [desk().charter.encode()], longest=MAX_CHARTER + 10),
    "courier": Reader(read_bundle, couriers, longest=64 * KIB, room=128, mutate=zipped),
    "act": Reader(read_act, acts),
    "words": Reader(read_words, lambda: ["Стороны 1 000,5 м² согласуют.\nИ ещё".encode()], (TextRefused,)),
}
