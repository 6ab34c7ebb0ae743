"""Answers the questions of conformance.py: `python -m paraph.record.answering`, one JSON object a line.

This is the second party of its own test, and an example of how another implementation is wired.
"""

import base64
import json
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from paraph.record.canonical import decode
from paraph.record.charter import read_charter
from paraph.record.checkpoints import open_checkpoint
from paraph.record.conformance import UNKNOWN
from paraph.record.cosignatures import read_receipt
from paraph.record.errors import RecordError
from paraph.record.forks import Evidence
from paraph.record.keys import PublicKey
from paraph.record.ledger import Ledger
from paraph.record.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from paraph.record.proofs import read_proof
from paraph.record.tiles import read_name, read_parts

Asked = dict[str, Any]
REFUSED = "refused"


def answer(asked: Asked) -> Any:
    """The answer to one question."""
    known = _ANSWERS.get(asked["ask"])
    if known is None:
        return UNKNOWN
    try:
        return known(asked)
    except RecordError:
        return REFUSED


def _root(asked: Asked) -> str:
    return _tree(asked).root(asked["size"]).hex()


def _path(asked: Asked) -> list[str]:
    return [one.hex() for one in _tree(asked).inclusion(asked["n"], asked["size"])]


def _growth(asked: Asked) -> list[str]:
    return [one.hex() for one in _tree(asked).consistency(asked["old"], asked["new"])]


def _tree(asked: Asked) -> Tree:
    """The tree of the entries "0", "1", "2" and so on."""
    made = Tree()
    made.extend(leaf_hash(b"%d" % n) for n in range(asked["entries"]))
    return made


def _included(asked: Asked) -> bool:
    path = [bytes.fromhex(one) for one in asked["path"]]
    leaf, root = bytes.fromhex(asked["leaf"]), bytes.fromhex(asked["root"])
    return verify_inclusion(leaf, asked["n"], asked["size"], path, root)


def _consistent(asked: Asked) -> bool:
    path = [bytes.fromhex(one) for one in asked["path"]]
    roots = (bytes.fromhex(asked[name]) for name in ("old_root", "new_root"))
    return verify_consistency(asked["old"], asked["new"], path, *roots)


def _piece(asked: Asked) -> Asked:
    piece = read_name(asked["name"])
    return {"kind": piece.kind, "n": piece.n, "width": piece.width, "entries": piece.stop}


def _tile(asked: Asked) -> str:
    return _tree(asked).tile(asked["level"], asked["n"], asked["width"]).hex()


def _parts(asked: Asked) -> list[str]:
    return [part.hex() for part in read_parts(bytes.fromhex(asked["bytes"]), asked["width"])]


def _canonical(asked: Asked) -> bool:
    try:
        decode(_raw(asked["line"]))
    except RecordError:
        return False
    return True


def _signature(asked: Asked) -> bool:
    key, message, signature = (bytes.fromhex(asked[name]) for name in ("key", "message", "signature"))
    return PublicKey(key).verify(message, signature)


def _head(asked: Asked) -> Asked:
    key = PublicKey(bytes.fromhex(asked["key"]))
    found = open_checkpoint(_raw(asked["raw"]), asked["origin"], key)
    return {"size": found.size, "root": found.root.hex()}


def _receipt(asked: Asked) -> Asked:
    key = PublicKey(bytes.fromhex(asked["key"]))
    found = read_receipt(_raw(asked["raw"]), asked["origin"], asked["witness"], key)
    return {"size": found.head.size, "time": found.time}


def _proof(asked: Asked) -> Asked:
    found = read_proof(_raw(asked["raw"]))
    extra = None if found.extra is None else found.extra.hex()
    return {"index": found.index, "path": [one.hex() for one in found.path], "extra": extra}


def _raw(written: str) -> bytes:
    return base64.b64decode(written)


def _entry(asked: Asked) -> Asked:
    """What becomes of the last of some rows, where those before it are admitted in order."""
    ledger = Ledger(read_charter(asked["charter"].encode()))
    blobs = {name: bytes.fromhex(data) for name, data in asked["blobs"].items()}
    found: Asked = {}
    for row in asked["rows"]:
        content = None if row["content"] is None else row["content"].encode()
        try:
            entry = ledger.admit(row["note"].encode(), content, blobs.get)
        except RecordError as error:
            found = {"outcome": type(error).__name__}
        else:
            found = {"outcome": "void" if entry.void else "holds"}
            if "leaf_of" in asked:
                found |= {"leaf": entry.leaf.hex(), "past": dict(entry.past)}
    if "keys_of" in asked:
        keys = ledger.logs[asked["keys_of"]].authority
        found |= {"version": keys.version, "threshold": keys.threshold, "node": keys.node.hex}
        found["roots"] = sorted(key.hex for key in keys.roots.values())
    return found


def _evidence(asked: Asked) -> Asked:
    ledger = Ledger(read_charter(asked["charter"].encode()))
    for row in asked["rows"]:
        content = None if row["content"] is None else row["content"].encode()
        ledger.admit(row["note"].encode(), content, lambda _name: None)
    evidence = msgspec.convert(asked["evidence"], Evidence)
    try:
        ledger.check_evidence(evidence)
    except RecordError as error:
        return {"error": type(error).__name__}
    return {"shared": evidence.shared, "latest": evidence.latest}


_ANSWERS: dict[str, Callable[[Asked], Any]] = {
    "root": _root,
    "path": _path,
    "growth": _growth,
    "included": _included,
    "consistent": _consistent,
    "piece": _piece,
    "tile": _tile,
    "parts": _parts,
    "canonical": _canonical,
    "signature": _signature,
    "head": _head,
    "receipt": _receipt,
    "proof": _proof,
    "entry": _entry,
    "evidence": _evidence,
}


def main() -> int:
    """Answer until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps({"id": asked["id"], "is": answer(asked)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
