"""Who are the parties, with which keys, under which rules?"""

import hashlib
import re

import msgspec

from paraph.record.canonical import decode, encode
from paraph.record.errors import Malformed
from paraph.record.keys import plain_point

_CODE = re.compile(r"[A-Z]{2,8}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sovereign side: its name, its root keys (threshold of them), its node's key and address."""

    code: str
    name: dict[str, str]
    roots: list[str]  # public keys, hex
    threshold: int
    node: str  # public key, hex
    address: str


class Observer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node that looks on: it verifies every log and reads what is public."""

    code: str
    name: dict[str, str]
    node: str
    address: str


class Charter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The founding paper of a programme; `prog` is its fingerprint."""

    name: dict[str, str]
    parties: list[Party]
    authentic: list[str]
    created: str  # ISO date
    salt: str  # 32 random bytes, hex
    working: list[str] = []
    observers: list[Observer] = []
    public: list[str] = []  # "stages": each party's node publishes the stages it sees
    quotas: dict[str, int] = {}
    marks: list[str] = []  # "reconstruction"
    rules: int = 1
    v: int = 1

    def encode(self) -> bytes:
        """The canonical bytes."""
        return encode(msgspec.to_builtins(self))

    @property
    def prog(self) -> str:
        """The fingerprint of the charter, hex: people compare it over another channel."""
        return hashlib.sha256(self.encode()).hexdigest()

    def party(self, code: str) -> Party:
        """The party of that code; KeyError where there is none."""
        for party in self.parties:
            if party.code == code:
                return party
        raise KeyError(code)

    def node_of(self, code: str) -> str:
        """The node key of a party or an observer, hex; KeyError where there is none."""
        for one in (*self.parties, *self.observers):
            if one.code == code:
                return one.node
        raise KeyError(code)


def read_charter(raw: bytes) -> Charter:
    """Read and check a charter; Malformed says what is wrong with it."""
    try:
        charter = msgspec.convert(decode(raw), Charter)
    except msgspec.ValidationError as error:
        raise Malformed(f"not a charter: {error}") from None
    check_charter(charter)
    if charter.encode() != raw:
        raise Malformed("the charter leaves out what it should state")
    return charter


def check_charter(charter: Charter) -> None:
    """Raise Malformed where the charter contradicts itself."""
    codes = [one.code for one in (*charter.parties, *charter.observers)]
    if not charter.parties:
        raise Malformed("the charter names no party")
    if len(set(codes)) != len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise Malformed("codes of parties and observers are 2 to 8 capital letters, each used once")
    keys = [one.node for one in (*charter.parties, *charter.observers)]
    for party in charter.parties:
        keys += party.roots
        if not 1 <= party.threshold <= len(party.roots):
            raise Malformed(f"{party.code}: the threshold must lie between 1 and the number of root keys")
    if len(set(keys)) != len(keys):
        raise Malformed("a key stands twice in the charter")
    for key in keys:
        if not re.fullmatch(r"[0-9a-f]{64}", key) or not plain_point(bytes.fromhex(key)):
            raise Malformed(f"not a public key: {key[:80]}")
    languages = [*charter.authentic, *charter.working]
    if not charter.authentic or len(set(languages)) != len(languages):
        raise Malformed("the charter needs an authentic language, and names each language once")
    if not all(_LANGUAGE.fullmatch(language) for language in languages):
        raise Malformed("languages are written as two or three small letters")
    if not re.fullmatch(r"[0-9a-f]{64}", charter.salt):
        raise Malformed("the salt has 32 bytes, in hex")
