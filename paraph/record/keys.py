"""Which signatures count, and how does a secret key lie on a disk?

Ed25519 with a pinned rule. A key A or a commitment R of small order, or not written canonically, is
refused before the library is asked, because libraries disagree on them; S lies below the order of
the group; then [S]B = R + [k]A must hold without the cofactor.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, Protocol

import nacl.exceptions
import nacl.pwhash
import nacl.secret
import nacl.signing
import nacl.utils

from paraph.record.errors import Malformed, WrongPassword

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
# The y-coordinates of all points of small order: of order 4, 1, 2 and 8.
_SMALL = frozenset(
    {
        0,
        1,
        _P - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)


def plain_point(encoded: bytes) -> bool:
    """Say whether 32 bytes are written canonically and are no point of small order."""
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < _P and y not in _SMALL


@lru_cache(maxsize=4096)
def _verifier(raw: bytes) -> nacl.signing.VerifyKey | None:
    return nacl.signing.VerifyKey(raw) if len(raw) == 32 and plain_point(raw) else None


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 public key."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise ValueError("a public key has 32 bytes")

    @property
    def hex(self) -> str:
        """The key as people and charters write it."""
        return self.raw.hex()

    @cached_property
    def id(self) -> str:
        """How entries name the key: the first 16 bytes of a hash, hex."""
        return hashlib.sha256(b"\x01" + self.raw).hexdigest()[:32]

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the signature counts under the pinned rule."""
        verifier = _verifier(self.raw)
        if verifier is None or len(signature) != 64 or not plain_point(signature[:32]):
            return False
        if int.from_bytes(signature[32:], "little") >= _ORDER:
            return False
        try:
            verifier.verify(message, signature)
        except nacl.exceptions.BadSignatureError:
            return False
        return True


class Verifier(Protocol):
    """The public half of a key of any kind."""

    def __hash__(self) -> int:
        """Equal keys have equal hashes."""

    @property
    def raw(self) -> bytes:
        """Its bytes."""

    @property
    def hex(self) -> str:
        """The key as people and charters write it."""

    @property
    def id(self) -> str:
        """How entries name the key."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the signature counts."""


class Signer(Protocol):
    """Whatever signs for a key: the secret itself, a token that holds it, a passkey that has answered."""

    @property
    def public(self) -> Verifier:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """The signature."""


class NodeSigner(Signer, Protocol):
    """What signs for an Ed25519 key, as a node key and root keys are."""

    @property
    def public(self) -> PublicKey:
        """The public half."""


class SecretKey:
    """An Ed25519 secret key."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("a secret key has 32 bytes")
        self.seed = seed
        self._key = nacl.signing.SigningKey(seed)
        self.public = PublicKey(bytes(self._key.verify_key))

    @classmethod
    def generate(cls) -> "SecretKey":
        """A new key from the system's randomness."""
        return cls(nacl.utils.random(32))

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(message).signature


# ---------------------------------------------------------------- keys on a disk

Cost = Literal["interactive", "moderate"]
_COSTS = {
    "interactive": (
        nacl.pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        nacl.pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    ),
    "moderate": (nacl.pwhash.argon2id.OPSLIMIT_MODERATE, nacl.pwhash.argon2id.MEMLIMIT_MODERATE),
}
_SALT = nacl.pwhash.argon2id.SALTBYTES
_BOX = 32 + nacl.secret.SecretBox.NONCE_SIZE + nacl.secret.SecretBox.MACBYTES


def wrap(secret: SecretKey, password: str, *, cost: Cost = "interactive") -> str:
    """The secret key under a password (Argon2id, XSalsa20-Poly1305), one line of JSON."""
    ops, memory = _COSTS[cost]
    salt = nacl.utils.random(_SALT)
    box = nacl.secret.SecretBox(_stretched(password, salt, ops, memory))
    return json.dumps(
        {
            "v": 1,
            "wrap": "password",  # other ways to wrap are other words here
            "public": secret.public.hex,
            "ops": ops,
            "memory": memory,
            "salt": salt.hex(),
            "box": bytes(box.encrypt(secret.seed)).hex(),
        }
    )


def unwrap(text: str, password: str) -> SecretKey:
    """Open a wrapped key; WrongPassword where it does not open, Malformed where it is none."""
    try:
        parts = json.loads(text)
        if (parts["v"], parts["wrap"]) != (1, "password"):
            raise Malformed("the key is wrapped in a way that this version does not know")
        ops, memory = parts["ops"], parts["memory"]
        salt, box = bytes.fromhex(parts["salt"]), bytes.fromhex(parts["box"])
        public = bytes.fromhex(parts["public"])
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed(f"not a wrapped key: {error}") from None
    if (ops, memory) not in _COSTS.values() or len(salt) != _SALT or len(box) != _BOX:
        raise Malformed("not a wrapped key: of an unknown cost or size")
    try:
        seed = nacl.secret.SecretBox(_stretched(password, salt, ops, memory)).decrypt(box)
    except nacl.exceptions.CryptoError:
        raise WrongPassword("the key does not open with this password") from None
    secret = SecretKey(seed)
    if secret.public.raw != public:
        raise Malformed("the wrapped key is not the one that it names")
    return secret


def _stretched(password: str, salt: bytes, ops: int, memory: int) -> bytes:
    return nacl.pwhash.argon2id.kdf(32, password.encode(), salt, opslimit=ops, memlimit=memory)
