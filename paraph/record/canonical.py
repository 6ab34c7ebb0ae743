"""What is the one way to write a JSON value?

RFC 8785 on a narrower profile: ASCII keys, integers below 2^53, no floats, NFC strings, depth at
most 8, no duplicate keys. On this profile sorted compact JSON is RFC 8785.
"""

import unicodedata
from typing import Any

import msgspec

from paraph.record.errors import Malformed, TooLarge

MAX_LINE = 32_768  # bytes of an entry's line, and of a content line
MAX_DEPTH = 8
_LIMIT = 2**53

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()


def encode(value: Any) -> bytes:
    """The canonical bytes of a value; Malformed where the value is outside the profile."""
    check(value)
    return _encoder.encode(value)


def decode(line: bytes) -> Any:
    """Read one canonical line; Malformed where it is written in any other way."""
    if len(line) > MAX_LINE:
        raise TooLarge(f"the line has {len(line)} bytes, at most {MAX_LINE} are allowed")
    try:
        value = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from None
    check(value)
    if _encoder.encode(value) != line:
        raise Malformed("not in canonical form")
    return value


def decode_trusted(line: bytes) -> Any:
    """Read a line whose form was checked when it arrived."""
    return _decoder.decode(line)


def check(value: Any, depth: int = 1) -> None:
    """Raise Malformed where a value is outside the profile."""
    if value is None or value is True or value is False:
        return
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Malformed("a lone surrogate") from None
            if not unicodedata.is_normalized("NFC", value):
                raise Malformed("a string that is not in form NFC")
    elif isinstance(value, int):
        if not -_LIMIT < value < _LIMIT:
            raise Malformed("an integer beyond 2^53")
    elif isinstance(value, dict):
        if depth > MAX_DEPTH:
            raise Malformed(f"deeper than {MAX_DEPTH}")
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise Malformed("a key that is not ASCII")
            check(item, depth + 1)
    elif isinstance(value, (list, tuple)):
        if depth > MAX_DEPTH:
            raise Malformed(f"deeper than {MAX_DEPTH}")
        for item in value:
            check(item, depth + 1)
    else:
        raise Malformed(f"{type(value).__name__} has no canonical form")
