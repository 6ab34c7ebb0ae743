"""Whose keys speak for a log, and how do they pass to new ones?

As in TUF: the root keys that hold and the root keys that follow both sign, each by their own
threshold, and versions are counted without a gap. So neither a thief of the new keys nor one of the
old can take a log over, and no rotation can be written a second time.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from paraph.record.charter import MAX_ROOTS, Party, root_keys
from paraph.record.errors import Malformed
from paraph.record.keys import PublicKey, plain_point

FIELDS = {"kind", "roots", "threshold", "node", "version", "stands"}  # of a `rotate`
_HEX32 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Authority:
    """The keys of one log from one place on."""

    version: int  # the charter's keys are version 0
    roots: Mapping[str, PublicKey]  # by key id
    threshold: int
    node: PublicKey

    def agrees(self, signers: Collection[str]) -> bool:
        """Say whether enough of the root keys are among these key ids."""
        return sum(root in signers for root in self.roots) >= self.threshold


def first(party: Party) -> Authority:
    """The keys that the charter names."""
    return Authority(0, root_keys(party), party.threshold, PublicKey(bytes.fromhex(party.node)))


def offered(act: Mapping[str, Any]) -> dict[str, PublicKey]:
    """The root keys that a `rotate` names, as far as they are keys; one named twice counts once."""
    named = act.get("roots")
    found = [_key(one) for one in named] if isinstance(named, list) and len(named) <= MAX_ROOTS else []
    return {key.id: key for key in found if key is not None}


def successor(before: Authority, act: Mapping[str, Any]) -> Authority:
    """
    The keys that a `rotate` hands over to; who signed it is asked apart.

    Raises:
        Malformed: it names no keys that could follow, with the reason.
    """
    version, threshold, node = act.get("version", 0), act.get("threshold"), _key(act.get("node"))
    roots = offered(act)
    if type(version) is not int or version != before.version + 1:
        raise Malformed(f"the keys of version {before.version} are followed by those of the next version")
    if not set(act) <= FIELDS or not isinstance(act.get("stands", ""), str):
        raise Malformed("a rotation has other fields")
    if not roots or not all(_key(one) for one in act["roots"]):
        raise Malformed(f"a rotation names 1 to {MAX_ROOTS} root keys")
    if type(threshold) is not int or not 1 <= threshold <= len(roots):
        raise Malformed("the threshold lies between 1 and the number of root keys")
    if node is None or node.id in roots:
        raise Malformed("a rotation names a node key, which is no root key")
    return Authority(version, roots, threshold, node)


def _key(written: object) -> PublicKey | None:
    if not isinstance(written, str) or not _HEX32.fullmatch(written):
        return None
    raw = bytes.fromhex(written)
    return PublicKey(raw) if plain_point(raw) else None
