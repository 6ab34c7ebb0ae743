"""Signed heads."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.record.checkpoints import claimed_size, open_checkpoint, origin, sign_checkpoint
from paraph.record.errors import BadSignature, Malformed
from paraph.record.notes import Note, format_note, parse_note, signed
from tests.record.writing import key, seeded

NAME = origin("ab" * 32, "BY")


def head(text: str) -> bytes:
    """A note of that text, signed by the node."""
    return format_note(Note(text.encode(), (signed(NAME, key("node"), text.encode()),)))


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_reading_back_gives_size_and_root(size: int, root: bytes) -> None:
    raw = sign_checkpoint(NAME, size, root, key("node"))

    found = open_checkpoint(raw, NAME, key("node").public)

    assert (found.origin, found.size, found.root, found.raw) == (NAME, size, root, raw)
    assert claimed_size(raw.decode()) == size


def test_a_log_is_named_by_programme_and_party() -> None:
    assert NAME == "paraph/abababababababab/BY"


def test_receipts_of_other_nodes_may_stand_below() -> None:
    note = parse_note(sign_checkpoint(NAME, 7, seeded("root"), key("node")))
    receipt = signed("paraph/abababababababab/RU", key("other"), b"cosignature", b"\x04")

    raw = format_note(Note(note.text, (*note.signatures, receipt)))

    assert open_checkpoint(raw, NAME, key("node").public).size == 7


def test_another_key_name_or_type_does_not_sign_a_head() -> None:
    text = f"{NAME}\n7\n{base64.b64encode(seeded('root')).decode()}\n".encode()
    for line in (
        signed(NAME, key("other"), text),
        signed(NAME + "x", key("node"), text),
        signed(NAME, key("node"), text, b"\x04"),
        signed(NAME, key("node"), text + b"x"),
    ):
        with pytest.raises(BadSignature):
            open_checkpoint(format_note(Note(text, (line,))), NAME, key("node").public)


ROOT = base64.b64encode(seeded("root")).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}x\n7\n{ROOT}\n",
        f"{NAME}\n07\n{ROOT}\n",
        f"{NAME}\n+7\n{ROOT}\n",
        f"{NAME}\n-1\n{ROOT}\n",
        f"{NAME}\n7_0\n{ROOT}\n",
        f"{NAME}\n٧\n{ROOT}\n",
        f"{NAME}\n{2**53}\n{ROOT}\n",
        f"{NAME}\n7\n{ROOT[:-1]}\n",
        f"{NAME}\n7\n{ROOT[:-2]}B=\n",
        f"{NAME}\n7\nAAAA\n",
        f"{NAME}\n7\n",
        f"{NAME}\n7\n{ROOT}\nmore\n",
        f"{NAME}\n\n{ROOT}\n",
        "\n",
    ],
)
def test_another_form_of_head_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        open_checkpoint(head(text), NAME, key("node").public)


@given(st.integers(0, 8 * 180))
def test_a_head_with_any_bit_flipped_is_refused(bit: int) -> None:
    raw = bytearray(sign_checkpoint(NAME, 7, seeded("root"), key("node")))
    if bit >= 8 * len(raw):
        return
    raw[bit // 8] ^= 1 << bit % 8

    with pytest.raises((Malformed, BadSignature)):
        open_checkpoint(bytes(raw), NAME, key("node").public)


@pytest.mark.parametrize("raw", ["", "one", "a\nb\nc"])
def test_a_size_is_not_read_from_what_is_no_head(raw: str) -> None:
    with pytest.raises(Malformed):
        claimed_size(raw)
