"""Writes `tests/vectors/record/entries.json`: bytes with the expected outcome, good and bad ones.

After a change of the format run `python -m tests.record.make_vectors` and read the difference.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paraph.record.canonical import encode
from paraph.record.checkpoints import sign_checkpoint
from paraph.record.entries import person_signature
from paraph.record.keys import SecretKey
from paraph.record.notes import Note, format_note, parse_note, signed
from tests.record.writing import Writer, blob, charter, key, roots, seeded

FILE = Path(__file__).parents[1] / "vectors" / "record" / "entries.json"


def build() -> dict[str, Any]:
    """The charter, entries that are admitted in this order, and entries refused after them."""
    desk = Writer().begin()
    desk.remark("BY", "Слово «в кавычках», \u2028 и \u007f")
    desk.ack("RU", "BY")
    named, held = blob("a long text")
    desk.write("RU", {"content": named, "kind": "propose"}, [desk.person["RU"]], blobs=held)
    desk.ack("BY", "RU")
    desk.write("BY", {"key": desk.person["BY"].public.id, "kind": "revoke"}, roots("BY"))
    desk.remark("BY", "after the revocation: admitted, void above")
    desk.write("BY", {"kind": "dance"}, public=True)
    copied = next(desk.store.rows("BY", 2)).content
    note, content = desk.make("RU", {}, [desk.person["RU"]], content=copied)
    desk.store.append([_row(desk.ledger.admit(note, content, held.get))], {})
    entries = [
        {"log": e.log, "n": e.n, "note": e.note.decode(), "content": _text(e.content)}
        | {"leaf": e.leaf.hex(), "past": dict(e.past), "act": e.act}
        for e in _in_order(desk)
    ]
    return {
        "about": "Entries in an order in which they are admitted; then entries of which each is"
        " refused after all of these, with the class of the error as in errors.py.",
        "charter": desk.charter.encode().decode(),
        "prog": desk.charter.prog,
        "seeds": {"BY node": seeded("BY node").hex(), "BY root 0": seeded("BY root 0").hex()},
        "blobs": {name: data.hex() for name, data in held.items()},
        "good": entries,
        "roots": {log: desk.ledger.root(log).hex() for log in desk.ledger.logs},
        "checkpoints": {log: desk.head(log).decode() for log in desk.ledger.logs},
        "bad": [
            {"name": name, "error": error, "note": _raw(note), "content": _raw(content)}
            for name, error, note, content in _bad(desk)
        ],
    }


def _in_order(desk: Writer) -> list[Any]:
    return list(type(desk.ledger)(desk.charter).load(desk.store, trusted=False))


def _row(entry: Any) -> Any:
    from paraph.record.stores import Row

    return Row(entry.log, entry.n, entry.note, entry.content)


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode()


def _raw(raw: bytes | None) -> dict[str, str] | None:
    """As text where it is text, else in hex."""
    if raw is None:
        return None
    try:
        return {"text": raw.decode()}
    except UnicodeDecodeError:
        return {"hex": raw.hex()}


def _bad(desk: Writer) -> list[tuple[str, str, bytes, bytes | None]]:
    person = [desk.person["RU"]]
    act = {"kind": "remark", "words": {"ru": "Слово"}}
    note, content = desk.make("RU", act, person)
    text, (node_line, person_line) = parse_note(note).text, parse_note(note).signatures
    assert content is not None

    def made(name: str, error: str, *given: Any, **other: Any) -> tuple[str, str, bytes, bytes | None]:
        made_act, signers = given or (act, person)
        return (name, error, *desk.make("RU", made_act, signers, **other))

    def line(name: str, raw: bytes, error: str = "Malformed") -> tuple[str, str, bytes, bytes | None]:
        """A line of any bytes, well signed."""
        own = signed(desk.ledger.logs["RU"].origin, key("RU node"), raw + b"\n")
        whose = person_signature(desk.charter.prog, "RU", desk.person["RU"], content)
        return name, error, format_note(Note(raw + b"\n", (own, whose))), content

    def lines(name: str, *other: Any) -> tuple[str, str, bytes, bytes | None]:
        return name, "BadSignature", format_note(Note(text, other)), content

    def commits(name: str, raw: bytes, error: str = "Malformed") -> tuple[str, str, bytes, bytes | None]:
        return name, error, desk.make("RU", {}, person, content=raw)[0], raw

    def ack(name: str, error: str, heads: Any, **other: Any) -> tuple[str, str, bytes, bytes | None]:
        value = {"heads": heads, "kind": "ack"}
        return (name, error, *desk.make("RU", value, (), **{"public": True, **other}))

    canonical = text[:-1]
    fields = json.loads(canonical)
    twin = Writer().begin()
    twin.remark("BY", "another history")
    other = Writer(charter(salt="00" * 32)).begin()
    by = desk.ledger.logs["BY"]
    forged = sign_checkpoint(by.origin, by.tree.size, by.tree.root(), key("thief"))
    ahead = sign_checkpoint(by.origin, by.tree.size + 1, seeded("x"), key("BY node"))
    first = next(desk.store.rows("RU"))
    return [
        ("held already", "Known", first.note, None),
        made("a gap", "BadChain", n=99),
        made("not after the entry before it", "BadChain", prev="00" * 32),
        ("another history, signed by its node", "Inconsistent", *_second(twin)),
        made("another programme", "Malformed", prog=other.charter.prog),
        ("well signed in another programme", "Malformed", *other.make("RU", act, person)),
        made("a log of nobody", "Malformed", log="XX"),
        made("an unknown version", "Malformed", v=2),
        made("a negative place", "Malformed", n=-1),
        made("a time with a fraction", "Malformed", at="2021-02-23T06:00:00.5Z"),
        made("a time in another zone", "Malformed", at="2021-02-23T09:00:00+03:00"),
        made("a day that does not exist", "Malformed", at="2021-02-29T06:00:00Z"),
        made("a key id in capitals", "Malformed", by="AB" * 16),
        made("both an act and a commitment", "Malformed", act={"kind": "x"}),
        made("neither an act nor a commitment", "Malformed", closed=None),
        line("a space in the line", canonical.replace(b":", b": ", 1)),
        line("fields in another order", canonical[:-7] + b',"v":1,"at":1}'),
        line("a field twice", canonical.replace(b'"v":1', b'"v":1,"v":1')),
        line("a field more", encode({**fields, "x": 1})),
        line("a field that is null", encode({**fields, "act": None})),
        line("a field less", encode({name: fields[name] for name in fields if name != "at"})),
        line("an escape that is not needed", canonical.replace(b'"RU"', b'"\\u0052U"')),
        line("a float", canonical.replace(b'"v":1', b'"v":1.0')),
        line("a number beyond 2^53", canonical.replace(b'"v":1', b'"v":9007199254740992')),
        line("no JSON", b"not JSON"),
        line("a list", b"[]"),
        line("two lines", canonical + b"\n" + canonical),
        line("a line over the limit", encode({**fields, "log": "R" * 33_000}), "TooLarge"),
        ("no signatures", "Malformed", text + b"\n", content),
        ("bytes that are not UTF-8", "Malformed", note.replace(b"RU", b"\xff\xfe", 1), content),
        ("a carriage return", "Malformed", note.replace(b"\n", b"\r\n"), content),
        ("something after the signatures", "Malformed", note + b"x", content),
        ("base64 with loose bits", "Malformed", _loose(note), content),
        made("signed by another node", "BadSignature", node=key("thief")),
        lines("only the person's line", person_line),
        lines("only the node's line", node_line),
        lines("the person's line first", person_line, node_line),
        lines("the person's line twice", node_line, person_line, person_line),
        lines("a line of a stranger more", node_line, person_line, _stranger(desk, content)),
        lines("the node's line of another text", _line(node_line, parse_note(first.note)), person_line),
        lines("the person's signature of another content", node_line, _other(desk, person_line)),
        lines("R of small order", node_line, _signature(person_line, bytes([1]) + bytes(31))),
        lines("S beyond the order of the group", node_line, _malleable(person_line)),
        made("a key that was not certified", "UnknownKey", act, [key("stranger")]),
        made("a key of another party", "UnknownKey", act, [desk.person["BY"]]),
        made("a certificate signed by a delegate", "BadSignature", desk.certificate("RU"), person),
        made("a certificate signed by the node alone", "BadSignature", desk.certificate("RU"), ()),
        ("one root key where two are needed", "BadSignature", *_by(desk, roots("BY")[:1])),
        ("one root key twice", "BadSignature", *_by(desk, roots("BY")[:1] * 2)),
        ("a root key of another party", "UnknownKey", *_by(desk, [roots("BY")[0], *roots("RU")])),
        ("the content line is missing", "NotHeld", note, None),
        ("another content line", "Malformed", note, content.replace(b"remark", b"remork")),
        ("a content line beside a public act", "Malformed", *_beside(desk)),
        commits("a content line without salt", encode({"act": {}, "log": "RU"})),
        commits("a content line with a short salt", encode({"act": {}, "log": "RU", "salt": "00"})),
        commits("a content line with a space", encode({"act": {}, "log": "RU", "salt": "0" * 64}) + b" "),
        commits("a content line that is not NFC", _not_nfc()),
        made("a blob that is not held", "NotHeld", {"x": blob("elsewhere")[0]}, person),
        made("a blob of no size", "Malformed", {"x": {**blob("a long text")[0], "size": 0}}, person),
        made(
            "a blob of another size",
            "Malformed",
            {"x": {**blob("a long text")[0], "size": 9}},
            person,
        ),
        ack("a closed ack", "Malformed", {"BY": desk.head("BY").decode()}, public=False),
        ack("an ack of the own log", "Malformed", {"RU": desk.head("RU").decode()}),
        ack("an ack of an unknown log", "Malformed", {"XX": desk.head("BY").decode()}),
        ack("an ack without heads", "Malformed", None),
        ack("an ack of a head of another log", "Malformed", {"BY": desk.head("RU").decode()}),
        ack("an ack of a forged head", "BadSignature", {"BY": forged.decode()}),
        ack("an ack of what is not held", "NotHeld", {"BY": ahead.decode()}),
        ack("an ack of another history", "Inconsistent", {"BY": twin.head("BY").decode()}),
    ]


def _second(twin: Writer) -> tuple[bytes, bytes | None]:
    row = next(twin.store.rows("BY", 2))
    return row.note, row.content


def _by(desk: Writer, signers: Sequence[SecretKey]) -> tuple[bytes, bytes | None]:
    return desk.make("BY", desk.certificate("BY"), signers)


def _beside(desk: Writer) -> tuple[bytes, bytes | None]:
    return desk.make("RU", {"kind": "x"}, public=True)[0], b"{}"


def _not_nfc() -> bytes:
    good = encode({"act": {"x": "й"}, "log": "RU", "salt": "0" * 64})
    return good.replace("й".encode(), "и\u0306".encode())


def _loose(note: bytes) -> bytes:
    at = note.rindex(b"=\n")
    return note[: at - 1] + bytes([note[at - 1] + 1]) + note[at:]


def _line(line: Any, other: Note) -> Any:
    return type(line)(line.name, line.key_hash, other.signatures[0].raw)


def _signature(line: Any, start: bytes) -> Any:
    return type(line)(line.name, line.key_hash, start + line.raw[len(start) :])


def _malleable(line: Any) -> Any:
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(line.raw[32:], "little") + order
    return type(line)(line.name, line.key_hash, line.raw[:32] + s.to_bytes(32, "little"))


def _stranger(desk: Writer, content: bytes) -> Any:
    return person_signature(desk.charter.prog, "RU", key("stranger"), content)


def _other(desk: Writer, line: Any) -> Any:
    return person_signature(desk.charter.prog, "RU", desk.person["RU"], b"{}")


def main() -> None:
    """Write the file."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
