"""What is the one way to write a JSON value?

RFC 8785 on a narrower profile: ASCII keys, integers below 2^53, no floats, NFC strings, depth at
most 8, no duplicate keys. On this profile compact JSON with sorted keys is RFC 8785.
"""

import re
import unicodedata
from typing import Any

import msgspec

from paraph.record.errors import Malformed, TooLarge

MAX_LINE = 32_768  # bytes of an entry's line, and of a content line
MAX_DEPTH = 8
_LIMIT = 2**53

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()

# Letters and signs that are in NFC in any order: neither combining nor changed by normalisation.
_PLAIN = re.compile("[\x00-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2116]*")
# NFC by the one table that no interpreter updates. What is NFC by a later table is NFC by this one.
_in_nfc = unicodedata.ucd_3_2_0.is_normalized


def encode(value: Any) -> bytes:
    """The canonical bytes of a value; Malformed where the value is outside the profile."""
    check(value)
    return _encoder.encode(value)


def decode(line: bytes, limit: int = MAX_LINE) -> Any:
    """Read one canonical line; Malformed where it is written in any other way."""
    if len(line) > limit:
        raise TooLarge(f"the line has {len(line)} bytes, at most {limit} are allowed")
    try:
        value = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from None
    check(value)
    if _encoder.encode(value) != line:
        raise Malformed("not in canonical form")
    return value


def check(value: Any, depth: int = 1) -> None:
    """Raise Malformed where a value is outside the profile."""
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value)
    elif value is None or value is True or value is False:
        return
    elif isinstance(value, int):
        if not -_LIMIT < value < _LIMIT:
            raise Malformed("an integer of 2^53 or beyond")
    elif isinstance(value, dict):
        if depth > MAX_DEPTH:
            raise Malformed(f"nested deeper than {MAX_DEPTH}")
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise Malformed("a key that is not ASCII")
            check(item, depth + 1)
    elif isinstance(value, (list, tuple)):
        if depth > MAX_DEPTH:
            raise Malformed(f"nested deeper than {MAX_DEPTH}")
        for item in value:
            check(item, depth + 1)
    else:
        raise Malformed(f"{type(value).__name__} has no canonical form")


def _check_text(value: str) -> None:
    if _PLAIN.fullmatch(value):
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Malformed("a lone surrogate") from None
    if not _in_nfc("NFC", value):
        raise Malformed("a string that is not in form NFC")
