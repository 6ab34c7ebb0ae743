"""What stands for words."""

from paraph.text.fingerprints import fingerprint, short


def test_a_fingerprint_is_sha_256_in_hex() -> None:
    assert fingerprint(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_people_read_the_first_digits_in_groups_of_four() -> None:
    assert short(fingerprint(b"abc")) == "ba78 16bf 8f01 cfea"
    assert short(fingerprint(b"abc"), 2) == "ba78 16bf"
