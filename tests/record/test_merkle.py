"""Hash trees."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paraph.record.merkle import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots of the reference tests of Certificate Transparency (RFC 6962).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def numbered(count: int) -> list[bytes]:
    """Leaf hashes."""
    return [leaf_hash(str(n).encode()) for n in range(count)]


def tree(count: int) -> Tree:
    """A tree of so many entries."""
    made = Tree()
    made.extend(numbered(count))
    return made


def test_the_published_roots_come_out() -> None:
    made = Tree()
    for leaf in LEAVES:
        assert made.append(leaf) == leaf_hash(leaf)

    assert [made.root(size).hex() for size in range(9)] == ROOTS
    assert made.root() == made.root(8)
    assert EMPTY_ROOT.hex() == ROOTS[0]


def test_published_proofs_come_out() -> None:
    made = Tree()
    made.extend(leaf_hash(leaf) for leaf in LEAVES)

    assert [step.hex() for step in made.inclusion(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in made.consistency(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(0, 70), st.data())
def test_the_root_at_every_size_is_that_of_the_definition(count: int, data: st.DataObject) -> None:
    made = tree(count)

    size = data.draw(st.integers(0, count))

    assert made.root(size) == plain_root(numbered(count)[:size])


@given(st.integers(1, 70), st.data())
def test_an_inclusion_proof_holds_for_its_entry_and_no_other(count: int, data: st.DataObject) -> None:
    made, leaves = tree(count), numbered(count)
    size = data.draw(st.integers(1, count))
    n = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))

    proof = made.inclusion(n, size)

    assert verify_inclusion(leaves[n], n, size, proof, made.root(size))
    assert verify_inclusion(leaves[n], other, size, proof, made.root(size)) is (other == n)
    assert not verify_inclusion(leaf_hash(b"x"), n, size, proof, made.root(size))
    assert not verify_inclusion(leaves[n], n, size, [*proof, bytes(32)], made.root(size))
    if proof:
        assert not verify_inclusion(leaves[n], n, size, proof[:-1], made.root(size))


@given(st.integers(0, 70), st.data())
def test_a_consistency_proof_holds_for_a_prefix_only(count: int, data: st.DataObject) -> None:
    made = tree(count)
    new = data.draw(st.integers(0, count))
    old = data.draw(st.integers(0, new))

    proof = made.consistency(old, new)

    assert verify_consistency(old, new, proof, made.root(old), made.root(new))
    assert not verify_consistency(old, new, proof, bytes(32), made.root(new))
    assert not verify_consistency(old, new, [*proof, bytes(32)], made.root(old), made.root(new))
    if 0 < old < new:
        assert not verify_consistency(old, new, proof, made.root(old), bytes(32))
        assert not verify_consistency(old, new, proof[:-1], made.root(old), made.root(new))


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=12))
def test_forgetting_and_going_on_gives_the_tree_of_what_remains(
    steps: list[tuple[int, bool]],
) -> None:
    made, leaves = Tree(), list[bytes]()
    for number, (count, forget) in enumerate(steps):
        made.root()
        if forget:
            made.truncate(min(count, made.size))
            del leaves[count:]
        else:
            new = [f"{number} {n}".encode() for n in range(count)]
            made.extend(leaf_hash(data) for data in new[:3])
            for data in new[3:]:
                made.append(data)
            leaves += [leaf_hash(data) for data in new]

    assert made.size == len(leaves)
    assert made.root() == plain_root(leaves)
    assert [made.leaf(n) for n in range(made.size)] == leaves


def test_what_the_tree_does_not_hold_is_a_wrong_call() -> None:
    made = tree(5)

    for call in (
        lambda: made.root(6),
        lambda: made.root(-1),
        lambda: made.inclusion(5),
        lambda: made.inclusion(0, 6),
        lambda: made.consistency(3, 2),
        lambda: made.consistency(3, 6),
    ):
        with pytest.raises(ValueError):
            call()


def test_a_leaf_never_passes_for_a_subtree() -> None:
    inner = node_hash(leaf_hash(b"0"), leaf_hash(b"1"))

    assert leaf_hash(leaf_hash(b"0") + leaf_hash(b"1")) != inner
    assert not verify_inclusion(inner, 0, 1, [], tree(2).root(1))


def test_a_proof_that_stops_half_way_proves_nothing() -> None:
    made, leaves = tree(7), numbered(7)
    half = made.inclusion(2, 7)[:1]

    assert not verify_inclusion(leaves[0], 0, 2, [], leaves[0])
    assert not verify_inclusion(leaves[2], 2, 7, half, node_hash(leaves[2], leaves[3]))
    assert not verify_inclusion(leaves[2], 7, 7, made.inclusion(2, 7), made.root(7))
