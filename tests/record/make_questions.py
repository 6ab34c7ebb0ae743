"""Writes `tests/vectors/record/questions.json`: questions to any implementation, with what is right.

Trees, pieces, heads, receipts, proofs, JSON and signatures. After a change of the format run
`python -m tests.record.make_questions` and read the difference.
"""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from paraph.record.checkpoints import origin, sign_checkpoint
from paraph.record.cosignatures import cosign, line_of, with_line
from paraph.record.keys import _ORDER
from paraph.record.notes import parse_note
from paraph.record.proofs import TlogProof, write_proof
from paraph.record.tiles import joined
from tests.record.writing import charter, key, seeded

FILE = Path(__file__).parents[1] / "vectors" / "record" / "questions.json"
Made = list[dict[str, Any]]


def build() -> dict[str, Any]:
    """All questions, each with a name and the answer."""
    made = [*_trees(), *_pieces(), *_heads(), *_proofs(), *_lines(), *_signatures()]
    return {
        "about": "Questions to an implementation, each with the right answer: see"
        " docs/reference/conformance.md. Trees are those of the entries 0, 1, 2 … in decimal.",
        "questions": made,
    }


def _one(label: str, answer: Any, ask: str, /, **asked: Any) -> dict[str, Any]:
    return {"name": label, "question": {"ask": ask, **asked}, "answer": answer}


# ---------------------------------------------------------------- RFC 9162, as its definitions stand


def leaf(n: int) -> bytes:
    """The leaf hash of an entry."""
    return sha256(b"\x00%d" % n).digest()


def mth(start: int, stop: int) -> bytes:
    """The Merkle tree hash of some entries (2.1.1)."""
    if start == stop:
        return sha256(b"").digest()
    if stop - start == 1:
        return leaf(start)
    k = _split(stop - start)
    return sha256(b"\x01" + mth(start, start + k) + mth(start + k, stop)).digest()


def path(n: int, start: int, stop: int) -> list[bytes]:
    """The inclusion path (2.1.3.1)."""
    if stop - start == 1:
        return []
    k = start + _split(stop - start)
    if n < k:
        return [*path(n, start, k), mth(k, stop)]
    return [*path(n, k, stop), mth(start, k)]


def subproof(old: int, start: int, stop: int, *, whole: bool) -> list[bytes]:
    """The consistency proof (2.1.4.1)."""
    if old == stop - start:
        return [] if whole else [mth(start, stop)]
    k = _split(stop - start)
    if old <= k:
        return [*subproof(old, start, start + k, whole=whole), mth(start + k, stop)]
    return [*subproof(old - k, start + k, stop, whole=False), mth(start, start + k)]


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _hex(hashes: list[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def _trees() -> Made:
    made: Made = []
    for size in (0, 1, 2, 3, 7, 8, 13, 64, 255, 256, 257):
        made.append(_one(f"root of {size}", mth(0, size).hex(), "root", entries=size, size=size))
    for n, size in ((0, 1), (0, 2), (1, 2), (2, 3), (5, 7), (6, 7), (0, 8), (12, 13), (200, 257), (256, 257)):
        name, way, root = f"entry {n} of {size}", path(n, 0, size), mth(0, size)
        made.append(_one(name, _hex(way), "path", entries=size, size=size, n=n))
        given = {"leaf": leaf(n).hex(), "n": n, "size": size, "path": _hex(way), "root": root.hex()}
        bad: dict[str, dict[str, Any]] = {
            "another leaf": {"leaf": leaf(n + 1).hex()},
            "another place": {"n": (n + 1) % size if size > 1 else 1},
            "a place beyond": {"n": size},
            "another root": {"root": mth(0, size + 1).hex()},
            "one hash more": {"path": [*_hex(way), root.hex()]},
            "the root as leaf and no path": {"leaf": root.hex(), "path": []},
        }
        if way:
            bad["one hash less"] = {"path": _hex(way)[:-1]}
            bad["the path turned"] = {"path": _hex(way)[::-1]}
            bad["no size"] = {"size": 0}
        made.append(_one(name, True, "included", **given))
        for fault, change in bad.items():
            changed = {**given, **change}
            if changed != given and not (size == 1 and fault == "the root as leaf and no path"):
                made.append(_one(f"{name}, {fault}", False, "included", **changed))
    for old, new in ((0, 5), (1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (8, 13), (128, 257), (256, 257)):
        name = f"from {old} to {new}"
        way = subproof(old, 0, new, whole=True) if 0 < old < new else []
        given = {"old": old, "new": new, "path": _hex(way)}
        given |= {"old_root": mth(0, old).hex(), "new_root": mth(0, new).hex()}
        made.append(_one(name, _hex(way), "growth", entries=new, old=old, new=new))
        made.append(_one(name, True, "consistent", **given))
        faults: dict[str, dict[str, Any]] = {"another old root": {"old_root": mth(0, old + 1).hex()}}
        faults["one hash more"] = {"path": [*_hex(way), mth(0, 1).hex()]}
        if 0 < old < new:
            faults["another new root"] = {"new_root": mth(0, new + 1).hex()}
            faults["one hash less"] = {"path": _hex(way)[:-1]}
            faults["smaller than before"] = {"old": new, "new": old}
        for fault, change in faults.items():
            made.append(_one(f"{name}, {fault}", False, "consistent", **{**given, **change}))
    return made


# ---------------------------------------------------------------- pieces


def _pieces() -> Made:
    good = {
        "tile/0/000": ("0", 0, 256, 256),
        "tile/0/x001/x234/067": ("0", 1_234_067, 256, 315_921_408),
        "tile/1/001.p/17": ("1", 1, 17, 69_888),
        "tile/entries/273.p/112": ("entries", 273, 112, 70_000),
        "tile/contents/000.p/1": ("contents", 0, 1, 1),
    }
    made = [
        _one(name, {"kind": kind, "n": n, "width": width, "entries": stop}, "piece", name=name)
        for name, (kind, n, width, stop) in good.items()
    ]
    for name in (
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/other/000",
        "tile/0/000/",
        "/tile/0/000",
    ):
        made.append(_one(name, "refused", "piece", name=name))
    for level, n, width, size in ((0, 0, 3, 3), (0, 1, 44, 300), (1, 0, 1, 300), (1, 0, 2, 600)):
        span = 256**level
        at = [(n * 256 + i) * span for i in range(width)]
        hashes = b"".join(mth(start, start + span) for start in at)
        asked = {"entries": size, "level": level, "n": n, "width": width}
        made.append(_one(f"tile/{level}/{n:03} of {size}", hashes.hex(), "tile", **asked))
    parts = [b"", b"a", b"b" * 300]
    raw = joined(parts)
    right = [part.hex() for part in parts]
    made.append(_one("three parts", right, "parts", bytes=raw.hex(), width=3))
    for name, data, width in (
        ("cut", raw[:-1], 3),
        ("more behind", raw + b"\0", 3),
        ("one part more", raw, 2),
        ("one part less", raw, 4),
        ("half a length", b"\0", 1),
    ):
        made.append(_one(f"parts, {name}", "refused", "parts", bytes=data.hex(), width=width))
    return made


# ---------------------------------------------------------------- heads, receipts, proofs


def _base(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _head() -> tuple[str, bytes]:
    log = origin(charter().prog, "BY")
    return log, sign_checkpoint(log, 257, mth(0, 257), key("BY node"))


def _heads() -> Made:
    log, raw = _head()
    right = {"size": 257, "root": mth(0, 257).hex()}
    given = {"origin": log, "key": key("BY node").public.hex}
    made = [_one("a head", right, "head", raw=_base(raw), **given)]
    bad = {
        "of another log": raw.replace(b"/BY\n257", b"/RU\n257"),
        "of another size": raw.replace(b"\n257\n", b"\n258\n"),
        "with a zero before": raw.replace(b"\n257\n", b"\n0257\n"),
        "of another root": raw.replace(_base(mth(0, 257)).encode(), _base(mth(0, 256)).encode()),
        "with a line more": raw.replace(b"=\n\n", b"=\nmore\n\n", 1),
        "without signature": raw[: raw.index(b"\n\n") + 2],
        "by another key": sign_checkpoint(log, 257, mth(0, 257), key("thief")),
        "with a carriage return": raw.replace(b"\n", b"\r\n"),
        "cut": raw[:-2],
    }
    made += [
        _one(f"a head {name}", "refused", "head", raw=_base(data), **given) for name, data in bad.items()
    ]
    witness = origin(charter().prog, "RU")
    text = parse_note(raw).text
    line = line_of(cosign(text, witness, key("RU node"), 1_614_060_000))
    asked = {"origin": log, "witness": witness, "key": key("RU node").public.hex}
    vouched = with_line(raw, line)
    right = {"size": 257, "time": 1_614_060_000}
    made.append(_one("a receipt", right, "receipt", raw=_base(vouched), **asked))
    later = with_line(raw, line_of(cosign(text, witness, key("RU node"), 2**63)))
    stranger = with_line(raw, line_of(cosign(text, witness, key("thief"), 1)))
    other = with_line(sign_checkpoint(log, 256, mth(0, 256), key("BY node")), line)
    for name, data in (
        ("none", raw),
        ("of a time beyond 2^63", later),
        ("by another key", stranger),
        ("for another head", other),
    ):
        made.append(_one(f"a receipt, {name}", "refused", "receipt", raw=_base(data), **asked))
    return made


def _proofs() -> Made:
    _log, head = _head()
    way = path(200, 0, 257)
    proof = TlogProof(200, tuple(way), head)
    raw = write_proof(proof)
    right: dict[str, Any] = {"index": 200, "path": _hex(way), "extra": None}
    made = [_one("a tlog-proof", right, "proof", raw=_base(raw))]
    extra = write_proof(TlogProof(200, tuple(way), head, b"more"))
    made.append(_one("a tlog-proof with extra", {**right, "extra": b"more".hex()}, "proof", raw=_base(extra)))
    empty = write_proof(TlogProof(0, (), head))
    made.append(_one("without path", {"index": 0, "path": [], "extra": None}, "proof", raw=_base(empty)))
    for name, data in (
        ("of another version", raw.replace(b"@v1", b"@v2")),
        ("with a zero before", raw.replace(b"index 200", b"index 0200")),
        ("of a negative place", raw.replace(b"index 200", b"index -1")),
        ("without index", raw.replace(b"index 200\n", b"")),
        ("with a short hash", raw.replace(b"index 200\n", b"index 200\nAAAA\n")),
        ("with loose bits", raw.replace(_base(way[0]).encode(), _base(way[0])[:-2].encode() + b"1=")),
        ("with extra behind index", raw.replace(b"index 200\n", b"index 200\nextra AAAA\n")),
        ("without head", raw[: raw.index(b"\n\n")]),
    ):
        made.append(_one(f"a tlog-proof {name}", "refused", "proof", raw=_base(data)))
    return made


# ---------------------------------------------------------------- JSON and signatures


def _lines() -> Made:
    good = {
        "an object": '{"a":1,"b":[true,null,"\u0451"]}',
        "a line separator": '"\u2028"',
        "a control character": '"\\u001f\\n\\t"',
        "the largest number": "[9007199254740991,-9007199254740991]",
        "depth 8": "[[[[[[[1]]]]]]]",
    }
    bad = {
        "a space": '{"a": 1}',
        "keys not sorted": '{"b":1,"a":1}',
        "a key twice": '{"a":1,"a":1}',
        "an escape that is not needed": '"\\u0041"',
        "a capital in an escape": '"\\u001F"',
        "a slash escaped": '"\\/"',
        "a float": "1.0",
        "an exponent": "1e2",
        "minus zero": "-0",
        "a number beyond 2^53": "9007199254740992",
        "a key beyond ASCII": '{"\u0451":1}',
        "not in NFC": '"\u0435\u0308"',
        "half a character": '"\\ud800"',
        "too deep": "[[[[[[[[[1]]]]]]]]]",
        "two values": "1 1",
        "nothing": "",
    }
    made = [_one(name, True, "canonical", line=_base(line.encode())) for name, line in good.items()]
    made += [_one(name, False, "canonical", line=_base(line.encode())) for name, line in bad.items()]
    return [*made, _one("not UTF-8", False, "canonical", line=_base(b'"\xff"'))]


def _signatures() -> Made:
    one, message = key("BY node"), b"Paraph"
    good = one.sign(message)
    s = int.from_bytes(good[32:], "little")
    small = (1).to_bytes(32, "little")
    wide = (2**255 - 19 + 3).to_bytes(32, "little")
    cases: dict[str, tuple[bytes, bytes, bytes, bool]] = {
        "valid": (one.public.raw, message, good, True),
        "another message": (one.public.raw, b"paraph", good, False),
        "another key": (key("thief").public.raw, message, good, False),
        "S beyond the order": (
            one.public.raw,
            message,
            good[:32] + (s + _ORDER).to_bytes(32, "little"),
            False,
        ),
        "R of small order": (one.public.raw, message, small + good[32:], False),
        "A of small order": (small, message, small + bytes(32), False),
        "A not canonical": (wide, message, good, False),
        "R not canonical": (one.public.raw, message, wide + good[32:], False),
        "cut": (one.public.raw, message, good[:-1], False),
        "a seed's bytes": (one.public.raw, message, seeded("x") * 2, False),
    }
    return [
        _one(name, right, "signature", key=a.hex(), message=m.hex(), signature=raw.hex())
        for name, (a, m, raw, right) in cases.items()
    ]


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), ensure_ascii=False, indent=1) + "\n")
