"""Writes `tests/vectors/record/forks.json`: notes that prove two histories of a log, and notes that do not.

After a change of the format run `python -m tests.record.make_forks` and read the difference.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from paraph.record.checkpoints import sign_checkpoint
from paraph.record.errors import RecordError
from paraph.record.forks import Evidence, of_entries, of_heads
from paraph.record.keys import SecretKey
from paraph.record.ledger import Ledger
from paraph.record.notes import Note, format_note, parse_note
from paraph.record.stores import Row
from tests.record.make_rotations import FRESH, NEW, NODE, OLD, rotate
from tests.record.writing import Writer, charter, key

FILE = Path(__file__).parents[1] / "vectors" / "record" / "forks.json"


def held() -> Writer:
    """The history of BY that is held: two remarks, a rotation, a remark under the new node key."""
    desk = Writer().begin()
    desk.remark("BY", "one")
    desk.remark("BY", "two")
    write(desk, rotate(), (*OLD[:2], *NEW[:2]), FRESH, public=True)
    write(desk, {"kind": "remark"}, [desk.person["BY"]], FRESH)
    return desk


def other() -> Writer:
    """Another history that its node signed: it parts in entry 3 and rotates as well."""
    desk = Writer().begin()
    desk.remark("BY", "one")
    desk.remark("BY", "two, otherwise")
    desk.remark("BY", "three")
    return desk


def write(
    desk: Writer, act: dict[str, Any], signers: Sequence[SecretKey], node: SecretKey, *, public: bool = False
) -> bytes:
    """Write the next entry of BY under that node key."""
    note, content = desk.make("BY", act, signers, public=public, node=node)
    entry = desk.ledger.admit(note, content, lambda _name: None)
    desk.store.append([Row("BY", entry.n, note, content)], {})
    return note


def note_of(desk: Writer, n: int) -> bytes:
    """An entry of BY."""
    return next(desk.store.rows("BY", n)).note


def head(desk: Writer, size: int, signer: SecretKey = NODE) -> bytes:
    """A signed head of BY."""
    return sign_checkpoint(desk.ledger.logs["BY"].origin, size, desk.ledger.root("BY", size), signer)


def cases() -> dict[str, Evidence]:
    """Evidence by name."""
    mine, second = held(), other()
    tree = mine.ledger.logs["BY"].tree
    third = Writer().begin()
    third.remark("BY", "one")
    third.remark("BY", "two")
    late = third.make("BY", {"kind": "dance"}, public=True)[0]
    turned = third.make(
        "BY", rotate(node=key("third").public.hex), (*OLD[:2], *NEW[:2]), public=True, node=key("third")
    )[0]
    few = third.make("BY", rotate(node=key("third").public.hex), OLD[:2], public=True, node=key("third"))[0]
    alien = Writer(charter(salt="00" * 32)).begin()
    alien.remark("BY", "elsewhere")
    parsed = parse_note(note_of(mine, 3))
    relined = format_note(Note(parsed.text, parsed.signatures[:1]))
    near = third.make("BY", {}, public=True, n=2, prog=third.charter.prog[:16] + "0" * 48)[0]
    thief, stranger = key("thief"), key("stranger")
    beyond = sign_checkpoint(mine.ledger.logs["BY"].origin, 9, b"x" * 32, stranger).decode()
    heads = of_heads("BY", tree, head(mine, 6, FRESH), head(second, 4))
    equal = of_heads("BY", tree, head(mine, 4), head(second, 4))
    assert heads is not None and equal is not None

    def pair(one: bytes, two: bytes) -> Evidence:
        found = of_entries("BY", one, two)
        assert found is not None
        return found

    def as_(base: Evidence, **changed: Any) -> Evidence:
        return msgspec.structs.replace(base, **changed)

    entries = pair(note_of(mine, 3), note_of(second, 3))
    forged = pair(note_of(mine, 3), third.make("BY", {}, public=True, node=key("thief"), n=3)[0])
    same = of_heads("BY", tree, head(mine, 6, FRESH), head(mine, 3))
    assert same is not None
    return {
        "two entries after the same entry": entries,
        "two entries after different entries": pair(note_of(mine, 4), note_of(second, 4)),
        "a rotation, and another entry by the former node key": pair(note_of(mine, 4), late),
        "two rotations of one place": pair(note_of(mine, 4), turned),
        "two heads of one size": equal,
        "two heads of two sizes": heads,
        "an entry signed by a thief": forged,
        "a rotation that too few root keys signed": pair(note_of(mine, 4), few),
        "an entry after a rotation by the former node key": pair(
            note_of(mine, 5), second.make("BY", {}, public=True, n=5)[0]
        ),
        "the same entry twice": pair(note_of(mine, 3), note_of(mine, 3)),
        "the same entry with other signature lines": pair(note_of(mine, 3), relined),
        "entries of two places": pair(note_of(mine, 2), note_of(second, 3)),
        "entries of another programme": pair(note_of(alien, 2), note_of(mine, 2)),
        "entries of a programme of similar name": pair(note_of(mine, 2), near),
        "entries of another log": as_(entries, log="RU"),
        "entries with a path": as_(entries, path=heads.path),
        "one note": as_(entries, notes=entries.notes[:1]),
        "an entry and a head": as_(entries, notes=[entries.notes[0], heads.notes[0]]),
        "a head of no log": as_(heads, notes=["paraph/x\n1\n\n\n— x AAAAAAA=\n", heads.notes[1]]),
        "heads in another order": as_(heads, notes=heads.notes[::-1]),
        "heads without a path": as_(heads, path=[]),
        "heads with a path cut": as_(heads, path=heads.path[:-1]),
        "heads with another root before": as_(heads, path=["00" * 32, *heads.path[1:]]),
        "heads with a path that is not hex": as_(heads, path=["x" * 64, *heads.path[1:]]),
        "heads of one history": same,
        "the same head twice": as_(heads, notes=[heads.notes[1], heads.notes[1]], path=[]),
        "a head of nothing": as_(heads, notes=[head(mine, 0).decode(), heads.notes[1]]),
        "a head signed by a thief": as_(equal, notes=[head(second, 4, thief).decode(), equal.notes[1]]),
        "a head beyond what is known, by a stranger": as_(equal, notes=[equal.notes[0], beyond]),
    }


def build() -> dict[str, Any]:
    """The charter, the entries held, and each evidence with its outcome."""
    desk = held()
    return {
        "about": "What is held of BY; then evidence of two histories of a log, as an ack carries it, with the"
        " places that it proves, or the class of the error as in errors.py.",
        "charter": desk.charter.encode().decode(),
        "rows": [[row.note.decode(), (row.content or b"").decode()] for row in desk.store.rows("BY")],
        "cases": [
            {"name": name, "evidence": msgspec.to_builtins(evidence), **judged(desk.ledger, evidence)}
            for name, evidence in cases().items()
        ],
    }


def judged(ledger: Ledger, evidence: Evidence) -> dict[str, Any]:
    """What the evidence proves at a node that holds the first history."""
    try:
        ledger.check_evidence(evidence)
    except RecordError as error:
        return {"error": type(error).__name__}
    return {"shared": evidence.shared, "latest": evidence.latest}


def main() -> None:
    """Write the file."""
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
