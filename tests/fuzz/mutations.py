"""Which bytes are nearly lawful? Small changes of lawful ones, so that most of a reader is reached."""

import io
import random
import zipfile
from collections.abc import Callable

WORDS = (
    *(
        b"",
        b"\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\",
        b":",
        b",",
        b"/",
        b"..",
        b"%s",
    ),
    *(b"-1", b"0", b"null", b"true", b"1e400", b"9007199254740992", b"18446744073709551616", b"9" * 99),
    *(b"[" * 99, b'{"a":' * 99, b'"\\ud800"', "е\u0301".encode(), "\u202e".encode(), "— ".encode(), b"%(x)s"),
)
Mutate = Callable[[bytes, int], bytes]  # bytes, and how long they may become


def mutated(data: bytes, picker: random.Random, longest: int) -> bytes:
    """The bytes after one to four small changes."""
    for _change in range(picker.randrange(1, 5)):
        at = picker.randrange(len(data) + 1)
        to = min(len(data), at + picker.choice((1, 1, 2, 8, 64)))
        other = picker.randrange(len(data) + 1)
        piece = picker.choice(
            (
                bytes([picker.randrange(256)]),
                picker.choice(WORDS),
                data[other : other + picker.choice((1, 8, 64, 512))],
                data[at:to] * picker.choice((0, 2, 50)),
            )
        )
        data = data[:at] + piece + data[to if picker.random() < 0.7 else at :]
    return data[:longest]


def zipped(data: bytes, mutate: Mutate, seed: int) -> bytes:
    """A ZIP with one part changed and packed again, or the ZIP itself changed."""
    picker = random.Random(seed)
    if picker.random() < 0.3:
        return mutate(data, len(data) + 512)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = [(info, file.read(info)) for info in file.infolist()[:50]]
    except Exception:  # whatever the packed bytes do to the unpacking is for the reader to say
        return mutate(data, len(data) + 512)
    out = io.BytesIO()
    chosen = picker.randrange(len(parts)) if parts else -1
    with zipfile.ZipFile(out, "w") as file:
        for place, (info, raw) in enumerate(parts):
            fresh = zipfile.ZipInfo(info.filename)
            fresh.compress_type, fresh.create_system = zipfile.ZIP_DEFLATED, 0
            file.writestr(fresh, mutate(raw, len(raw) + 512) if place == chosen else raw)
    return out.getvalue()
