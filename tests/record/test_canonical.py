"""One way to write a value."""

import json
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from paraph.record import canonical
from paraph.record.canonical import MAX_DEPTH, MAX_LINE, decode, encode
from paraph.record.errors import Malformed, TooLarge
from tests.record.corpora import vectors

words = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127))
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def deep(levels: int, *, objects: bool = False) -> Any:
    """A list in a list in a list, or objects."""
    value: Any = 1
    for _ in range(levels):
        value = {"a": value} if objects else [value]
    return value


@given(values)
def test_what_is_encoded_equals_rfc_8785(value: Any) -> None:
    try:
        line = encode(value)
    except Malformed:
        return  # nested too deep, or text that an older table does not hold for NFC

    assert line == rfc8785.dumps(value)


@given(values)
def test_reading_back_gives_the_same_bytes(value: Any) -> None:
    try:
        line = encode(value)
    except Malformed:
        return

    assert encode(decode(line)) == line
    assert decode(line) == value


@given(words)
def test_text_in_nfc_is_taken(text: str) -> None:
    assert decode(encode(text)) == text


def test_every_code_point_is_written_as_rfc_8785_writes_it() -> None:
    plain = "".join(
        chr(code)
        for code in range(0x110000)
        if not 0xD800 <= code <= 0xDFFF and unicodedata.normalize("NFC", chr(code)) == chr(code)
    )
    singles = [plain[at : at + 1] for at in range(0, len(plain), 7)]

    lines = [canonical._encoder.encode(text) for text in singles]

    assert lines == [rfc8785.dumps(text) for text in singles]


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_samples_within_the_profile_give_the_published_bytes(name: str) -> None:
    value = json.loads((vectors("rfc8785") / f"{name}.json").read_text())
    expected = bytes.fromhex((vectors("rfc8785") / f"{name}.hex").read_text())

    outside = {"unicode", "values", "weird", "french", "structures"}  # not NFC, floats, other keys
    if name in outside:
        with pytest.raises(Malformed):
            encode(value)
    else:
        assert encode(value) == expected


@pytest.mark.parametrize(
    ("line", "because"),
    [
        (b'{"b":1,"a":2}', "not in canonical form"),
        (b'{"a":1, "b":2}', "not in canonical form"),
        (b'{"a":1,"a":1}', "not in canonical form"),
        (b'{"a":1}\n', "not in canonical form"),
        (b'"\\u0041"', "not in canonical form"),
        (b'"\\/"', "not in canonical form"),
        (b"-0", "not in canonical form"),
        (b"1.0", "float has no canonical form"),
        (b"1e2", "float has no canonical form"),
        (b"9007199254740992", "beyond"),
        (b"-9007199254740992", "beyond"),
        (b"123456789012345678901234567890", "beyond"),
        (b'"\\ud800"', "not JSON"),
        (b'"\xff"', "not JSON"),
        (b'{"\xd0\xb0":1}', "not ASCII"),
        ('"и\u0306"'.encode(), "NFC"),
        ('"\u212b"'.encode(), "NFC"),
        (b"NaN", "not JSON"),
        (b"", "not JSON"),
        (b"{}{}", "not JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "not JSON|deeper"),
    ],
)
def test_other_ways_to_write_are_refused(line: bytes, because: str) -> None:
    with pytest.raises(Malformed, match=because):
        decode(line)


@pytest.mark.parametrize("objects", [False, True])
def test_eight_levels_are_taken_and_nine_refused(objects: bool) -> None:
    assert decode(encode(deep(MAX_DEPTH, objects=objects))) == deep(MAX_DEPTH, objects=objects)

    with pytest.raises(Malformed, match="deeper"):
        encode(deep(MAX_DEPTH + 1, objects=objects))


def test_a_line_over_the_limit_is_refused_before_it_is_read() -> None:
    assert len(encode("a" * (MAX_LINE - 2))) == MAX_LINE

    with pytest.raises(TooLarge):
        decode(b"[" * (MAX_LINE + 1))


@pytest.mark.parametrize("value", [1.5, b"bytes", {1: 2}, {"а": 1}, "\ud800", object(), 2**53])
def test_what_is_outside_the_profile_cannot_be_written(value: Any) -> None:
    with pytest.raises(Malformed):
        encode(value)


def test_the_short_way_for_plain_letters_lets_nothing_pass_that_is_not_in_nfc() -> None:
    plain = [chr(code) for code in range(0x3000) if canonical._PLAIN.fullmatch(chr(code))]
    second = {
        parts[-1]
        for code in range(0x110000)
        if (form := unicodedata.decomposition(chr(code))) and "<" not in form
        for parts in [[chr(int(part, 16)) for part in form.split()]]
        if len(parts) == 2
    }

    assert len(plain) > 900
    assert all(unicodedata.is_normalized("NFC", sign) for sign in plain)
    assert not any(unicodedata.combining(sign) for sign in plain)
    assert not second & set(plain)  # none joins the sign before it


def test_what_this_python_holds_for_nfc_is_nfc_by_the_oldest_table() -> None:
    for code in range(0xA0, 0x30000):
        if 0xD800 <= code <= 0xDFFF:
            continue
        for text in (chr(code), "e" + chr(code), chr(code) + "\u0323\u0307"):
            form = unicodedata.normalize("NFC", text)
            assert unicodedata.ucd_3_2_0.is_normalized("NFC", form), hex(code)
