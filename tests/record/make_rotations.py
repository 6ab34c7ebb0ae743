"""Writes `tests/vectors/record/rotations.json`: good and bad changes of keys, with what they lead to.

After a change of the format run `python -m tests.record.make_rotations` and read the difference.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paraph.record.errors import RecordError
from paraph.record.keys import SecretKey
from paraph.record.stores import Row
from tests.record.writing import Writer, key, roots

FILE = Path(__file__).parents[1] / "vectors" / "record" / "rotations.json"
OLD = [key(f"BY root {n}") for n in range(3)]  # two of them sign
NEW = [key(f"BY new root {n}") for n in range(3)]
LAST = [key(f"BY last root {n}") for n in range(3)]
MANY = [key(f"BY many roots {n}") for n in range(17)]
NODE, FRESH = key("BY node"), key("BY new node")


def rotate(to: Sequence[SecretKey] = NEW, version: Any = 1, **other: Any) -> dict[str, Any]:
    """The act that hands over to these root keys, two of which sign."""
    fields = {"kind": "rotate", "node": FRESH.public.hex, "threshold": 2, "version": version}
    return {**fields, "roots": [one.public.hex for one in to], **other}


class Case:
    """What happens to the log of BY after two entries; the last row is the one that is judged."""

    def __init__(self) -> None:
        self.desk = Writer().begin()
        self.rows = list(self.desk.store.rows("BY"))
        self.outcome = ""

    def give(
        self,
        act: dict[str, Any],
        signers: Sequence[SecretKey] = (*OLD[:2], *NEW[:2]),
        node: SecretKey = FRESH,
        *,
        public: bool = True,
        **other: Any,
    ) -> "Case":
        """Write the next entry, and try to admit it."""
        note, content = self.desk.make("BY", act, signers, public=public, node=node, **other)
        self.rows.append(Row("BY", self.desk.ledger.size("BY"), note, content))
        try:
            entry = self.desk.ledger.admit(note, content, lambda _name: None)
        except RecordError as error:
            self.outcome = type(error).__name__
        else:
            self.outcome = f"void: {entry.void}" if entry.void else "holds"
        return self

    def give_standing(self, act: dict[str, Any]) -> "Case":
        """Hand over on the entry before, which the act names."""
        return self.give({**act, "stands": self.desk.ledger.logs["BY"].head})


def cases() -> dict[str, Case]:
    """All cases by name."""
    first = rotate()
    person = [key("BY delegate")]
    second = rotate(LAST, 2, node=key("BY last node").public.hex)
    both = (*NEW[:2], *LAST[:2])
    made: dict[str, Callable[[], Case]] = {
        # good ones
        "to new root keys and a new node key": lambda: Case().give(first),
        "signed by more than are needed": lambda: Case().give(first, (*OLD, *NEW)),
        "to another node key only": lambda: Case().give(rotate(OLD), OLD[:2]),
        "to other root keys only": lambda: Case().give(
            rotate(node=NODE.public.hex), (*OLD[:2], *NEW[:2]), NODE
        ),
        "to the same keys": lambda: Case().give(rotate(OLD, node=NODE.public.hex), OLD[:2], NODE),
        "to a smaller threshold": lambda: Case().give(rotate(threshold=1), (*OLD[:2], NEW[0])),
        "one root key stays and signs for both": lambda: Case().give(
            rotate([OLD[0], NEW[0]]), (OLD[0], OLD[1], NEW[0])
        ),
        "a rotation after a rotation": lambda: Case().give(first).give(second, both, key("BY last node")),
        "back to the first keys, under a later version": lambda: (
            Case().give(first).give(rotate(OLD, 2, node=NODE.public.hex), (*NEW[:2], *OLD[:2]), NODE)
        ),
        "a certificate by the new root keys": lambda: (
            Case().give(first).give(_certificate(), NEW[:2], FRESH, public=False)
        ),
        "an act of a delegate certified before": lambda: (
            Case().give(first).give({"kind": "remark"}, person, FRESH, public=False)
        ),
        "as many root keys as there may be": lambda: Case().give(rotate(MANY[:16]), (*OLD[:2], *MANY[:2])),
        "it stands on the entry before it": lambda: Case().give_standing(first),
        "a third rotation": lambda: (
            Case()
            .give(first)
            .give(second, both, key("BY last node"))
            .give(rotate(OLD, 3, node=NODE.public.hex), (*LAST[:2], *OLD[:2]), NODE)
        ),
        # refused: signatures
        "a head start: the second rotation by its own two sides before the first": lambda: Case().give(
            second, both, key("BY last node")
        ),
        "by the node key before the last, after two rotations": lambda: (
            Case()
            .give(first)
            .give(second, both, key("BY last node"))
            .give({"kind": "remark"}, person, FRESH, public=False)
        ),
        "not signed by the old root keys": lambda: Case().give(first, NEW[:2]),
        "signed by one old root key": lambda: Case().give(first, (OLD[0], *NEW[:2])),
        "signed by one old root key, the place by the old node key": lambda: Case().give(
            first, (OLD[0], *NEW[:2]), NODE
        ),
        "one old root key twice": lambda: Case().give(first, (OLD[0], OLD[0], *NEW[:2])),
        "signed by a stranger too": lambda: Case().give(first, (*OLD[:2], *NEW[:2], key("stranger"))),
        "signed by a root key of another party": lambda: Case().give(first, (OLD[0], *roots("RU"), *NEW[:2])),
        "the place is signed by the old node key": lambda: Case().give(first, node=NODE),
        "the place is signed by a third key": lambda: Case().give(first, node=key("thief")),
        "the next entry is signed by the old node key": lambda: (
            Case().give(first).give({"kind": "remark"}, person, NODE, public=False)
        ),
        "by the node alone": lambda: Case().give(first, ()),
        "by a delegate": lambda: Case().give(first, person),
        "a closed one signed by new root keys": lambda: Case().give(
            first, (*OLD[:2], *NEW[:2]), NODE, public=False
        ),
        # without effect
        "not signed by the new root keys": lambda: Case().give(first, OLD[:2], NODE),
        "signed by one new root key": lambda: Case().give(first, (*OLD[:2], NEW[0]), NODE),
        "a threshold above the number of keys": lambda: Case().give(
            rotate(threshold=4), (*OLD[:2], *NEW), NODE
        ),
        "a threshold of nothing": lambda: Case().give(rotate(threshold=0), (*OLD[:2], *NEW), NODE),
        "a key named twice counts once": lambda: Case().give(
            rotate([NEW[0], NEW[0]]), (*OLD[:2], NEW[0]), NODE
        ),
        "no root keys": lambda: Case().give(rotate([]), OLD[:2], NODE),
        "a root key that is none": lambda: Case().give(
            rotate(roots=[NEW[0].public.hex, "00" * 32]), (*OLD[:2], NEW[0]), NODE
        ),
        "a root key in capitals": lambda: Case().give(
            rotate(roots=[NEW[0].public.hex, NEW[1].public.hex.upper()]), (*OLD[:2], NEW[0]), NODE
        ),
        "a node key of small order": lambda: Case().give(
            rotate(node="01" + 31 * "00"), (*OLD[:2], *NEW[:2]), NODE
        ),
        "a node key that is a root key too": lambda: Case().give(
            rotate(node=NEW[2].public.hex), (*OLD[:2], *NEW[:2]), NODE
        ),
        "a version left out, as before versions": lambda: Case().give(
            {name: first[name] for name in first if name != "version"}, (*OLD[:2], *NEW[:2]), NODE
        ),
        "a version skipped": lambda: Case().give(rotate(version=2), (*OLD[:2], *NEW[:2]), NODE),
        "a version that is a word": lambda: Case().give(rotate(version="1"), (*OLD[:2], *NEW[:2]), NODE),
        "a version that is true": lambda: Case().give(rotate(version=True), (*OLD[:2], *NEW[:2]), NODE),
        "a version back": lambda: Case().give(first).give(rotate(LAST, 0), (*NEW[:2], *LAST[:2]), FRESH),
        "a version below nothing": lambda: Case().give(rotate(version=-1), (*OLD[:2], *NEW[:2]), NODE),
        "a threshold that is true": lambda: Case().give(rotate(threshold=True), (*OLD[:2], *NEW[:2]), NODE),
        "more root keys than there may be": lambda: Case().give(rotate(MANY), (*OLD[:2], *MANY[:2]), NODE),
        "root keys that are no list": lambda: Case().give(
            rotate(roots=NEW[0].public.hex), (*OLD[:2], NEW[0]), NODE
        ),
        "no node key": lambda: Case().give(
            {name: first[name] for name in first if name != "node"}, (*OLD[:2], *NEW[:2]), NODE
        ),
        "what it stands on is a number": lambda: Case().give(rotate(stands=2), (*OLD[:2], *NEW[:2]), NODE),
        "a certificate by the root keys between, after two rotations": lambda: (
            Case()
            .give(first)
            .give(second, both, key("BY last node"))
            .give(_certificate(), NEW[:2], key("BY last node"), public=False)
        ),
        "a field more": lambda: Case().give(rotate(x=1), (*OLD[:2], *NEW[:2]), NODE),
        "a closed one": lambda: Case().give(first, OLD[:2], NODE, public=False),
        "the same rotation again": lambda: Case().give(first).give(first),
        "an earlier rotation again, after the way back": lambda: (
            Case()
            .give(first)
            .give(rotate(OLD, 2, node=NODE.public.hex), (*NEW[:2], *OLD[:2]), NODE)
            .give(first, (*OLD[:2], *NEW[:2]), NODE)
        ),
        "the next rotation by the first keys": lambda: (
            Case().give(first).give(second, (*OLD[:2], *LAST[:2]), FRESH)
        ),
        "a certificate by replaced root keys": lambda: (
            Case().give(first).give(_certificate(), OLD[:2], FRESH, public=False)
        ),
        "a certificate by one new and one replaced root key": lambda: (
            Case()
            .give(rotate([OLD[0], NEW[0]]), (OLD[0], OLD[1], NEW[0]))
            .give(_certificate(), OLD[:2], FRESH, public=False)
        ),
        "it stands on another entry": lambda: Case().give(
            rotate(stands="ab" * 32), (*OLD[:2], *NEW[:2]), NODE
        ),
    }
    return {name: make() for name, make in made.items()}


def _certificate() -> dict[str, Any]:
    return Writer().certificate("BY", key("newcomer").public.hex)


def build() -> dict[str, Any]:
    """The charter, and each case with its rows and its outcome."""
    desk = Writer()
    return {
        "about": "Entries of one log in order. All but the last are admitted; the outcome is that of the"
        " last: it holds, is void for a reason, or is refused with an error of errors.py. Then the keys.",
        "charter": desk.charter.encode().decode(),
        "cases": [
            {
                "name": name,
                "rows": [[row.note.decode(), (row.content or b"").decode()] for row in case.rows],
                "outcome": case.outcome,
                "version": (keys := case.desk.ledger.logs["BY"].authority).version,
                "threshold": keys.threshold,
                "roots": sorted(one.hex for one in keys.roots.values()),
                "node": keys.node.hex,
            }
            for name, case in cases().items()
        ],
    }


def main() -> None:
    """Write the file."""
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
