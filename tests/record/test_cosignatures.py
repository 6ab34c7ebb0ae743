"""Receipts: lines of other nodes on a signed head."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.record.checkpoints import open_checkpoint, origin, sign_checkpoint
from paraph.record.cosignatures import (
    COSIGNATURE,
    Asked,
    cosign,
    follows,
    line_of,
    read_receipt,
    read_request,
    statement,
    with_line,
    write_request,
)
from paraph.record.errors import BadSignature, Malformed
from paraph.record.merkle import EMPTY_ROOT, Tree
from paraph.record.notes import parse_note, signature_line
from tests.record.writing import key, seeded

LOG, WITNESS = origin("ab" * 32, "BY"), origin("ab" * 32, "RU")
HEAD = sign_checkpoint(LOG, 7, seeded("root"), key("BY node"))
TIME = 1_614_060_000


def receipt(**other: object) -> bytes:
    """The head with the witness's line below."""
    given = {"text": parse_note(HEAD).text, "name": WITNESS, "secret": key("RU node"), "time": TIME, **other}
    return with_line(HEAD, line_of(cosign(**given)))  # type: ignore[arg-type]


def test_a_receipt_says_who_vouches_for_what_and_when() -> None:
    found = read_receipt(receipt(), LOG, WITNESS, key("RU node").public)

    assert (found.witness, found.time) == (WITNESS, TIME)
    assert (found.head.size, found.head.root) == (7, seeded("root"))


def test_the_witness_signs_the_time_and_the_three_lines_of_the_head() -> None:
    text = parse_note(HEAD).text

    assert statement(TIME, text) == f"cosignature/v1\ntime {TIME}\n".encode() + text


def test_a_head_with_receipts_is_still_the_head_of_its_log() -> None:
    assert open_checkpoint(receipt(), LOG, key("BY node").public).size == 7


@pytest.mark.parametrize(
    "other",
    [
        {"text": b"another text\n"},
        {"secret": key("KZ node")},
        {"name": origin("ab" * 32, "KZ")},
    ],
)
def test_a_line_over_other_words_by_another_key_or_under_another_name_does_not_count(
    other: dict[str, object],
) -> None:
    with pytest.raises(BadSignature):
        read_receipt(receipt(**other), LOG, WITNESS, key("RU node").public)


def test_a_time_that_was_changed_afterwards_does_not_count() -> None:
    line = cosign(parse_note(HEAD).text, WITNESS, key("RU node"), TIME)
    later = (TIME + 1).to_bytes(8, "big") + line.raw[8:]
    changed = signature_line(WITNESS, key("RU node").public, COSIGNATURE, later)

    with pytest.raises(BadSignature):
        read_receipt(with_line(HEAD, line_of(changed)), LOG, WITNESS, key("RU node").public)


def test_the_line_of_the_log_itself_is_no_receipt() -> None:
    with pytest.raises(BadSignature):
        read_receipt(HEAD, LOG, LOG, key("BY node").public)


@pytest.mark.parametrize("line", [b"", b"two lines\n", line_of(parse_note(HEAD).signatures[0]) * 2, b"\n"])
def test_what_is_not_one_line_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        with_line(HEAD, line)


@given(st.integers(0, 2**53), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_request_reads_back(old: int, proof: list[bytes]) -> None:
    assert read_request(write_request(old, proof, HEAD)) == Asked(old, tuple(proof), HEAD)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        HEAD,
        b"old 7\n" + HEAD,
        b"old 07\n\n" + HEAD,
        b"old -1\n\n" + HEAD,
        b"old 7 8\n\n" + HEAD,
        b"new 7\n\n" + HEAD,
        b"old 7\nAAAA\n\n" + HEAD,
        b"old 7\nnot base64\n\n" + HEAD,
        b"old 7\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + HEAD,
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_request(body)


@given(st.integers(0, 40), st.integers(0, 40))
def test_only_a_proof_from_the_head_vouched_for_before_counts(old: int, more: int) -> None:
    tree = Tree()
    tree.extend(seeded(f"leaf {n}") for n in range(old + more))
    head = open_checkpoint(
        sign_checkpoint(LOG, tree.size, tree.root(), key("BY node")), LOG, key("BY node").public
    )
    asked = Asked(old, tuple(tree.consistency(old)), head.raw)

    assert follows(asked, head, (old, tree.root(old) if old else EMPTY_ROOT))
    if old and more:
        assert not follows(asked, head, (old, seeded("another history")))
