"""How does a programme start from nothing, and how does a party change its keys?

Each party makes its keys and a card with the public halves; one of them founds the programme on the
cards; people compare its fingerprint over another channel, and the others join.
"""

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from paraph.acts import Rotate
from paraph.node.errors import HomeError
from paraph.node.homes import Home, open_home, read_key, write_private
from paraph.node.key_files import PLAIN, Protection, make_key
from paraph.record.charter import MAX_ROOTS, Charter, Observer, Party, check_charter, members
from paraph.record.errors import Malformed
from paraph.record.keys import NodeSigner

if TYPE_CHECKING:
    from paraph.node.journal import Journal


def make_home(
    home: Home,
    name: Mapping[str, str],
    address: str,
    *,
    roots: int,
    threshold: int,
    node_how: Protection = PLAIN,
    roots_how: Protection = PLAIN,
) -> None:
    """
    Make a home with its keys and its card; nothing in it is overwritten.

    Args:
        home: the settings of the new node.
        name: language -> how the party or the observer is called.
        address: where others reach the node.
        roots: how many root keys a party has.
        threshold: how many of them sign together.
        node_how: how the node key is kept.
        roots_how: how the root keys are kept.
    """
    if (home.path / "node.key").exists():
        raise HomeError(f"{home.path} has keys already")
    if not home.observer and not 1 <= threshold <= roots <= 16:
        raise HomeError("a party has 1 to 16 root keys, and at most all of them sign together")
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    node = make_key(home.path / "node.key", node_how, f"paraph-{home.code}-node")
    one = Observer(home.code, dict(name), node.public.hex, address)
    card: Party | Observer = one
    if not home.observer:
        keys = _make_roots(home.path / "root", roots, roots_how, home.code)
        public = [key.public.hex for key in keys]
        card = Party(home.code, dict(name), public, threshold, node.public.hex, address)
    write_private(home.path / "card.json", _pretty(msgspec.to_builtins(card)))
    home.secret = secrets.token_hex(32)
    home.write()


def read_card(path: Path) -> Party | Observer:
    """Read a card: a party's, with root keys, or an observer's."""
    try:
        value = json.loads(path.read_bytes())
        if "roots" in value:
            return msgspec.convert(value, Party)
        return msgspec.convert(value, Observer)
    except (ValueError, TypeError) as error:
        raise HomeError(f"{path} is no card of a party or an observer: {error}") from None


def found(
    cards: Sequence[Party | Observer],
    name: Mapping[str, str],
    *,
    authentic: Sequence[str],
    working: Sequence[str],
    public_stages: bool,
    quotas: Mapping[str, int] | None = None,
) -> Charter:
    """The charter of a new programme on these cards; the founding party's comes first."""
    charter = Charter(
        dict(name),
        [card for card in cards if isinstance(card, Party)],
        list(authentic),
        datetime.now(UTC).date().isoformat(),
        secrets.token_hex(32),
        list(working),
        [card for card in cards if isinstance(card, Observer)],
        ["stages"] if public_stages else [],
        dict(quotas or {}),
    )
    try:
        check_charter(charter)
    except Malformed as error:
        raise HomeError(f"this makes no programme: {error}") from None
    return charter


def check_named(home: Home, charter: Charter) -> None:
    """Raise HomeError where the charter does not name the keys of this home."""
    try:
        node = charter.node_of(home.code)
    except KeyError:
        raise HomeError(f"the charter names no {home.code}") from None
    mine = read_card(home.path / "card.json")
    one = next(one for one in members(charter) if one.code == home.code)
    same_roots = not isinstance(mine, Party) or (
        isinstance(one, Party) and list(one.roots) == list(mine.roots) and one.threshold == mine.threshold
    )
    if node != home.node_key().public.hex or not same_roots:
        raise HomeError(f"the charter names other keys of {home.code} than those of {home.path}")


def settle(path: Path, charter: Charter) -> Home:
    """Keep the charter in a home, and know the other nodes by it."""
    home = open_home(path)
    raw, where = charter.encode(), path / "charter.json"
    if where.exists() and where.read_bytes() != raw:
        raise HomeError(f"{path} belongs to another programme already")
    write_private(where, raw)
    others = [one for one in members(charter) if one.code != home.code]
    home.peers = {one.code: one.address for one in others if one.address}
    home.write()
    return home


def root_keys(home: Path, files: Sequence[Path]) -> list[NodeSigner]:
    """The root keys in those files; in the home by default."""
    found_keys = [read_key(path, root=True) for path in files or sorted((home / "root").glob("*.key"))]
    if not found_keys:
        raise HomeError("no root key is at hand: name its file with --root")
    return found_keys


def rotate(
    home: Home,
    journal: "Journal",
    signers: Sequence[NodeSigner],
    *,
    node: bool,
    roots: int,
    threshold: int,
    stands: bool = False,
    node_how: Protection = PLAIN,
    roots_how: Protection = PLAIN,
) -> Rotate:
    """
    Hand over to new keys: they are made, the old and the new root keys sign, and then they hold.

    Args:
        home: the node's folder; it keeps the new keys.
        journal: the record of the node.
        signers: root keys that hold now, enough of them.
        node: whether there is a new node key.
        roots: how many new root keys there are; 0 keeps those that hold.
        threshold: how many of the new ones sign together.
        stands: whether the root keys name the history that this node holds, where two are known.
        node_how: how a new node key is kept.
        roots_how: how new root keys are kept.
    """
    if journal.me is None:
        raise HomeError("an observer has no log in which keys could be rotated")
    if not node and not roots and not stands:
        raise HomeError("say which keys are replaced: --node, --roots or both")
    if not 0 <= threshold <= roots <= MAX_ROOTS or bool(threshold) != bool(roots):
        raise HomeError("a party has 1 to 16 root keys, and at most all of them sign together")
    held = journal.programme().keys[journal.me][-1]
    next_keys = home.path / "next"
    shutil.rmtree(next_keys, ignore_errors=True)  # of a rotation that never came into the log
    fresh = _make_roots(next_keys / "root", roots, roots_how, home.code)
    name = f"paraph-{home.code}-node"
    new_node = make_key(next_keys / "node.key", node_how, name) if node else journal.node_key
    act = Rotate(
        [key.public.hex for key in fresh] or [key.hex for key in held.roots.values()],
        threshold or held.threshold,
        new_node.public.hex,
        held.version + 1,
        journal.ledger.logs[journal.me].head if stands else "",
    )
    journal.record([act], [*signers, *fresh], new_node=new_node)
    home.take_over()
    return act


def _make_roots(folder: Path, count: int, how: Protection, code: str) -> list[NodeSigner]:
    return [make_key(folder / f"{place}.key", how, f"paraph-{code}-root") for place in range(1, count + 1)]


def spoken(prog: str) -> str:
    """A fingerprint in groups, to be read aloud and compared."""
    return " ".join(prog[i : i + 4] for i in range(0, 64, 4))


def heard(words: str) -> str:
    """A fingerprint as people type it, without spaces."""
    return "".join(words.lower().split())


def _pretty(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
