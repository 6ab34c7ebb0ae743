"""Which signatures count, and how keys lie on a disk."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from paraph.record.errors import Malformed, WrongPassword
from paraph.record.keys import PublicKey, SecretKey, plain_point, unwrap, wrap
from tests.record.corpora import read
from tests.record.writing import key

# What the flags of C2SP/CCTV must come to under our rule.
REFUSED = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}


@pytest.mark.corpus
def test_every_edge_case_of_c2sp_gets_the_verdict_of_the_rule() -> None:
    cases = read("ed25519-cctv.json")
    for case in cases:
        public, signature = PublicKey(bytes.fromhex(case["key"])), bytes.fromhex(case["sig"])

        verdict = public.verify(case["msg"].encode(), signature)

        assert verdict is not bool(REFUSED & set(case["flags"] or [])), case["number"]

    assert len(cases) == 914


@pytest.mark.corpus
def test_every_case_of_wycheproof_gets_its_verdict() -> None:
    count = 0
    for group in read("ed25519-wycheproof.json")["testGroups"]:
        public = PublicKey(bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])

            assert public.verify(message, signature) is (case["result"] == "valid"), case["tcId"]

            count += 1
    assert count == 151


def test_the_eight_points_of_small_order_are_refused_as_keys() -> None:
    p, d = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19) % (2**255 - 19)
    eighth = 55188659117513257062467267217118295137698188065244968500265048394206261417927
    y2 = eighth * eighth % p

    assert (d * y2 * y2 + 2 * y2 - 1) % p == 0  # it doubles to a point of order 4
    for y in (0, 1, p - 1, eighth, p - eighth):
        for sign in (0, 2**255):
            assert not plain_point((y + sign).to_bytes(32, "little"))
            assert not PublicKey((y + sign).to_bytes(32, "little")).verify(b"", bytes(64))
    assert not plain_point((p + 3).to_bytes(32, "little"))
    assert plain_point((3).to_bytes(32, "little"))


@given(st.binary(max_size=100), st.binary(min_size=32, max_size=32))
def test_another_library_signs_the_same(message: bytes, seed: bytes) -> None:
    ours, other = SecretKey(seed), Ed25519PrivateKey.from_private_bytes(seed)

    signature = ours.sign(message)

    assert signature == other.sign(message)
    assert ours.public.verify(message, signature)
    assert not ours.public.verify(message + b"x", signature)


@given(st.integers(0, 511))
def test_a_signature_with_any_bit_flipped_is_refused(bit: int) -> None:
    secret = key("flip")
    signature = bytearray(secret.sign(b"message"))

    signature[bit // 8] ^= 1 << bit % 8

    assert not secret.public.verify(b"message", bytes(signature))


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    assert not key("length").public.verify(b"", bytes(length))


def test_a_key_id_is_sixteen_bytes_of_a_hash() -> None:
    public = PublicKey(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))

    assert public.id == "bcd1d56b5845f21e54ce5b764fc1d552"
    assert public.hex.startswith("d75a9801")


def test_a_wrapped_key_opens_with_its_password_only() -> None:
    secret = SecretKey.generate()

    text = wrap(secret, "Слово 1")

    assert unwrap(text, "Слово 1").seed == secret.seed
    assert secret.seed.hex() not in text
    with pytest.raises(WrongPassword):
        unwrap(text, "слово 1")


def test_two_wrappings_of_one_key_share_neither_salt_nor_box() -> None:
    secret = key("twice")

    one, two = (json.loads(wrap(secret, "word")) for _ in range(2))

    assert one["salt"] != two["salt"]
    assert one["box"] != two["box"]


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"wrap": "passkey"},
        {"memory": 2**40},
        {"ops": 10**9},
        {"salt": "00"},
        {"box": "00"},
        {"salt": 7},
        {"public": key("other").public.hex},
    ],
)
def test_a_wrapping_of_another_form_is_malformed(change: dict[str, object]) -> None:
    text = json.dumps({**json.loads(wrap(key("form"), "word")), **change})

    with pytest.raises(Malformed):
        unwrap(text, "word")


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '{"v":1}', "\x00"])
def test_what_is_no_wrapping_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        unwrap(text, "word")
