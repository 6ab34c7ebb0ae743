"""Who are the parties, with which keys, under which rules?"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property

import msgspec

from paraph.record.canonical import decode, encode
from paraph.record.errors import Malformed
from paraph.record.keys import PublicKey, plain_point

MAX_CHARTER = 262_144  # bytes
MAX_PARTIES = 64
MAX_ROOTS = 16
_CODE = re.compile(r"[A-Z]{2,8}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORD = re.compile(r"[a-z_]{1,32}")
_HEX32 = re.compile(r"[0-9a-f]{64}")


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sovereign side: its name, its root keys (threshold of them), its node's key and address."""

    code: str
    name: dict[str, str]  # language -> name
    roots: Sequence[str]  # public keys, hex
    threshold: int
    node: str  # public key, hex
    address: str = ""


class Observer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node that looks on: it verifies every log and reads what is public; it has no log."""

    code: str
    name: dict[str, str]
    node: str
    address: str = ""


class Charter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The founding paper of a programme; `prog` is its fingerprint."""

    name: dict[str, str]
    parties: Sequence[Party]
    authentic: Sequence[str]
    created: str  # ISO date
    salt: str  # 32 random bytes, hex: two programmes of the same words are two programmes
    working: Sequence[str] = ()
    observers: Sequence[Observer] = ()
    public: Sequence[str] = ()  # "stages": each party's node publishes the stages that it sees
    quotas: dict[str, int] = {}  # "entries": of one log; "blob": bytes of one blob
    marks: Sequence[str] = ()
    facts: str = ""  # what the programme is drawn from, where it is a demonstration
    rules: int = 1  # the version of the rules of agreement and closing
    v: int = 1

    def encode(self) -> bytes:
        """The canonical bytes."""
        return encode(msgspec.to_builtins(self))

    @cached_property
    def prog(self) -> str:
        """The fingerprint of the charter, hex: people compare it over another channel."""
        return hashlib.sha256(self.encode()).hexdigest()

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """All languages of the programme, each once: authentic ones first."""
        return tuple(dict.fromkeys((*self.authentic, *self.working)))

    def party(self, code: str) -> Party:
        """The party of that code; KeyError where there is none."""
        for party in self.parties:
            if party.code == code:
                return party
        raise KeyError(code)

    def node_of(self, code: str) -> str:
        """The node key of a party or an observer, hex; KeyError where there is none."""
        for one in members(self):
            if one.code == code:
                return one.node
        raise KeyError(code)


def read_charter(raw: bytes) -> Charter:
    """Read and check a charter; Malformed says what is wrong with it."""
    try:
        charter = msgspec.convert(decode(raw, MAX_CHARTER), Charter)
    except msgspec.ValidationError as error:
        raise Malformed(f"not a charter: {error}") from None
    if charter.encode() != raw:
        raise Malformed("the charter leaves out a field that it should state")
    check_charter(charter)
    return charter


def check_charter(charter: Charter) -> None:
    """Raise Malformed where the charter cannot stand; one party may found, before others join."""
    if charter.v != 1:
        raise Malformed(f"version {charter.v} of charters is not known")
    if charter.rules < 1:
        raise Malformed("the version of the rules counts from 1")
    if not 1 <= len(charter.parties) <= MAX_PARTIES or len(charter.observers) > MAX_PARTIES:
        raise Malformed(f"a charter names 1 to {MAX_PARTIES} parties and at most as many observers")
    named = members(charter)
    codes = [one.code for one in named]
    if len(set(codes)) != len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise Malformed("codes of parties and observers are 2 to 8 capital letters, each used once")
    for party in charter.parties:
        if not 1 <= party.threshold <= len(party.roots) <= MAX_ROOTS:
            raise Malformed(f"{party.code}: the threshold lies between 1 and the number of root keys")
    keys = [one.node for one in named] + [key for party in charter.parties for key in party.roots]
    for key in keys:
        if not _HEX32.fullmatch(key) or not plain_point(bytes.fromhex(key)):
            raise Malformed(f"not a public key: {key[:80]}")
    if len(set(keys)) != len(keys):
        raise Malformed("a key stands twice in the charter")
    languages = charter.languages
    if not charter.authentic or len(languages) != len(charter.authentic) + len(charter.working):
        raise Malformed("the charter needs an authentic language, and names each language once")
    names = [charter.name, *(one.name for one in named)]
    if not all(
        _LANGUAGE.fullmatch(language)
        for language in (*languages, *(language for name in names for language in name))
    ):
        raise Malformed("languages are written as two or three small letters")
    if not all(names):
        raise Malformed("the programme, its parties and observers each have a name")
    words = (*charter.public, *charter.marks, *charter.quotas)
    if not all(_WORD.fullmatch(word) for word in words) or min(charter.quotas.values(), default=1) < 1:
        raise Malformed("what is public, marks and quotas are named in small letters; a quota is at least 1")
    if not _HEX32.fullmatch(charter.salt):
        raise Malformed("the salt has 32 bytes, in hex")
    try:
        if date.fromisoformat(charter.created).isoformat() != charter.created:
            raise ValueError
    except ValueError:
        raise Malformed("the date of the charter is written 2019-12-06") from None


def members(charter: Charter) -> list[Party | Observer]:
    """All who have a node: parties, then observers."""
    return [*charter.parties, *charter.observers]


def root_keys(party: Party) -> dict[str, PublicKey]:
    """The root keys of a party by key id."""
    return {key.id: key for key in (PublicKey(bytes.fromhex(raw)) for raw in party.roots)}
