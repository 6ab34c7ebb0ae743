"""Two parties and an observer that write bytes; keys follow from words, so runs are equal."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from paraph.record.charter import Charter, Observer, Party
from paraph.record.entries import (
    Entry,
    Head,
    blob_name,
    content_line,
    encode_line,
    person_signature,
)
from paraph.record.keys import SecretKey, Signer
from paraph.record.ledger import Ledger
from paraph.record.notes import Note, Signature, format_note, signed
from paraph.record.stores import MemoryStore, Row

AT = "2021-02-23T06:00:00Z"


def seeded(words: str) -> bytes:
    """32 bytes that follow from words."""
    return sha256(words.encode()).digest()


def key(words: str) -> SecretKey:
    """A secret key that follows from words."""
    return SecretKey(seeded(words))


def charter(**other: Any) -> Charter:
    """Belarus with three root keys of which two sign, Russia with one, and an observer."""
    fields: dict[str, Any] = {
        "name": {"en": "Union State", "ru": "Союзное государство"},
        "parties": [
            Party(
                "BY",
                {"en": "Belarus", "ru": "Беларусь"},
                [key(f"BY root {n}").public.hex for n in range(3)],
                2,
                key("BY node").public.hex,
                "https://minsk.example",
            ),
            Party(
                "RU",
                {"en": "Russia", "ru": "Россия"},
                [key("RU root 0").public.hex],
                1,
                key("RU node").public.hex,
                "https://moscow.example",
            ),
        ],
        "observers": [Observer("OBS", {"en": "Observer"}, key("OBS node").public.hex)],
        "authentic": ["ru"],
        "working": ["en"],
        "public": ["stages"],
        "created": "2019-12-06",
        "salt": seeded("charter").hex(),
    }
    return Charter(**{**fields, **other})


def roots(log: str) -> list[SecretKey]:
    """As many root keys as must sign."""
    return [key(f"{log} root {n}") for n in range(2 if log == "BY" else 1)]


def blob(words: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """How an act names a larger content, and the content."""
    data, salt = words.encode(), seeded("salt of " + words)
    name = blob_name(salt, data)
    return {"blob": name, "salt": salt.hex(), "size": len(data)}, {name: data}


class Writer:
    """Writes and admits entries; what it makes follows from what it is told, bit for bit."""

    def __init__(self, made: Charter | None = None) -> None:
        self.charter = made or charter()
        self.ledger = Ledger(self.charter)
        self.store = MemoryStore()
        self.person = {"BY": key("BY delegate"), "RU": key("RU delegate")}

    def begin(self) -> "Writer":
        """Found and join, and give each party a delegate."""
        self.write("BY", {"charter": self.charter.prog, "kind": "found"}, roots("BY"), public=True)
        self.write("RU", {"charter": self.charter.prog, "kind": "join"}, roots("RU"), public=True)
        for log in ("BY", "RU"):
            self.write(log, self.certificate(log), roots(log))
        return self

    def certificate(self, log: str, public: str = "") -> dict[str, Any]:
        """The act that gives a delegate's key full powers."""
        return {
            "kind": "delegate",
            "key": public or self.person[log].public.hex,
            "name": {"en": "Delegate"},
            "office": {"en": "Ministry"},
            "powers": ["negotiate"],
        }

    def remark(self, log: str, words: str = "Слово") -> Entry:
        """A closed act of the delegate."""
        act = {"kind": "remark", "subject": "provision:r1/a", "words": {"ru": words}}
        return self.write(log, act, [self.person[log]])

    def ack(self, log: str, *others: str) -> Entry:
        """Acknowledge the heads of other logs."""
        heads = {other: self.head(other).decode() for other in others}
        return self.write(log, {"kind": "ack", "heads": heads}, public=True)

    def head(self, log: str) -> bytes:
        """The signed head of a log."""
        return self.ledger.checkpoint(log, key(f"{log} node"))

    def heads(self) -> dict[str, bytes]:
        """The signed heads of all logs."""
        return {log: self.head(log) for log in self.ledger.logs}

    def write(
        self,
        log: str,
        act: Mapping[str, Any],
        signers: Sequence[Signer] = (),
        *,
        public: bool = False,
        blobs: Mapping[str, bytes] | None = None,
        **other: Any,
    ) -> Entry:
        """Make the next entry, admit it and keep it."""
        note, content = self.make(log, act, signers, public=public, **other)
        held = dict(blobs or {})
        entry = self.ledger.admit(note, content, held.get)
        self.store.append([Row(log, entry.n, note, content)], held)
        return entry

    def make(
        self,
        log: str,
        act: Mapping[str, Any],
        signers: Sequence[Signer] = (),
        /,
        *,
        public: bool = False,
        content: bytes | None = None,
        node: SecretKey | None = None,
        lines: Sequence[Signature] | None = None,
        **other: Any,
    ) -> tuple[bytes, bytes | None]:
        """Make the next entry, or with other fields one that must be refused."""
        n = self.ledger.size(log)
        node = node or key(f"{log} node")
        salt = None if public else seeded(f"salt {log} {n}")
        content = content_line(log, act, salt) if content is None else content
        fields: dict[str, Any] = {
            "v": 1,
            "prog": self.charter.prog,
            "log": log,
            "n": n,
            "prev": self.ledger.logs[log].head,
            "by": (signers[0] if signers else node).public.id,
            "at": AT,
            "act": dict(act) if public else None,
            "closed": None if public else sha256(content).hexdigest(),
        }
        text = encode_line(Head(**{**fields, **other})) + b"\n"
        if lines is None:
            lines = [signed(self.ledger.logs[log].origin, node, text)] + [
                person_signature(self.charter.prog, log, signer, content) for signer in signers
            ]
        return format_note(Note(text, tuple(lines))), None if public else content


def rows_of(store: MemoryStore) -> list[Row]:
    """All that a store keeps."""
    return [row for log in sorted(store.sizes()) for row in store.rows(log)]
