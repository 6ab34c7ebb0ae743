"""Signed notes."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.record.errors import Malformed, TooLarge
from paraph.record.keys import PublicKey
from paraph.record.notes import (
    MAX_NOTE,
    Note,
    Signature,
    counts,
    format_note,
    key_hash,
    parse_note,
    signature_line,
    signed,
)
from tests.record.writing import key

# The note in the documentation of golang.org/x/mod/sumdb/note, by which C2SP signed-note was made.
KEY = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo\
tpRZb6KE6RyyBwJnAM=
""".encode()

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: text.encode() + b"\n")


def note(text: bytes = b"text\n") -> bytes:
    """A note signed by one key."""
    return format_note(Note(text, (signed("name", key("note"), text),)))


def test_the_published_note_is_read_and_its_signature_counts() -> None:
    public = PublicKey(base64.b64decode(KEY)[1:])

    read = parse_note(PUBLISHED)

    assert key_hash("PeterNeumann", public).hex() == "c74f20a3"
    assert counts(read.signatures[0], "PeterNeumann", public, read.text)
    assert format_note(read) == PUBLISHED


@given(texts, st.integers(1, 3))
def test_reading_back_gives_the_same_note(text: bytes, signers: int) -> None:
    keys = [key(f"note {n}") for n in range(signers)]
    made = Note(text, tuple(signed(f"name{n}", secret, text) for n, secret in enumerate(keys)))

    read = parse_note(format_note(made))

    assert read == made
    assert all(
        counts(line, f"name{n}", secret.public, text)
        for n, (line, secret) in enumerate(zip(read.signatures, keys, strict=True))
    )


@given(st.integers(0, len(note()) * 8 - 1))
def test_a_note_with_any_bit_flipped_is_refused_or_does_not_count(bit: int) -> None:
    raw = bytearray(note())
    raw[bit // 8] ^= 1 << bit % 8

    try:
        read = parse_note(bytes(raw))
    except Malformed:
        return

    assert not any(counts(line, "name", key("note").public, read.text) for line in read.signatures)


def test_a_signature_counts_for_its_name_key_and_type_only() -> None:
    line = signed("name", key("note"), b"text\n", b"\xffone")

    assert counts(line, "name", key("note").public, b"text\n", b"\xffone")
    assert not counts(line, "name", key("note").public, b"text\n", b"\xfftwo")
    assert not counts(line, "name", key("note").public, b"text\n")
    assert not counts(line, "other", key("note").public, b"text\n", b"\xffone")
    assert not counts(line, "name", key("other").public, b"text\n", b"\xffone")
    assert not counts(line, "name", key("note").public, b"other\n", b"\xffone")


def test_a_signature_made_elsewhere_gets_the_same_line() -> None:
    made = key("note").sign(b"text\n")

    assert signature_line("name", key("note").public, b"\x01", made) == signed("name", key("note"), b"text\n")


LINE = note().split(b"\n\n")[1]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        b"text\n" + LINE,
        b"text\n\n" + LINE[:-1],
        b"text\n\n" + LINE + b"\n",
        b"text\n\n" + LINE + b"text\n",
        b"te\x00xt\n\n" + LINE,
        b"te\txt\n\n" + LINE,
        b"text\r\n\n" + LINE,
        b"te\xffxt\n\n" + LINE,
        b"text\n\n" + LINE.replace("—".encode(), b"-"),
        b"text\n\n" + LINE.replace(b" name", b"  name"),
        b"text\n\n" + LINE.replace(b"name", b"na+me"),
        b"text\n\n" + LINE.replace(b"name", "na\u00a0me".encode()),
        b"text\n\n" + LINE.replace(b"name", b"n" * 201),
        b"text\n\n" + LINE.replace(b"=", b""),
        b"text\n\n" + LINE.replace(b"\n", b" \n"),
        "text\n\n— name AAAA\n".encode(),
        "text\n\n— name AAAAAAB=\n".encode(),
        "text\n\n— name \n".encode(),
    ],
)
def test_what_is_no_note_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_note(raw)


def test_a_note_over_its_limits_is_refused() -> None:
    line = Signature("name", b"abcd", bytes(64))

    with pytest.raises(TooLarge):
        parse_note(note(b"a" * MAX_NOTE + b"\n"))
    with pytest.raises(TooLarge):
        parse_note(format_note(Note(b"text\n", (line,) * 65)))
