"""Which signatures count, and how does a secret key lie on a disk?

Ed25519 with a pinned rule: public keys and commitments of small order or in a non-canonical encoding
are refused before the library is asked, because libraries disagree on them.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import nacl.exceptions
import nacl.pwhash
import nacl.secret
import nacl.signing
import nacl.utils

from paraph.record.errors import Malformed, WrongPassword

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
# y-coordinates of the points of small order (RFC 7748 and the literature on Ed25519 edge cases)
_SMALL = frozenset(
    {
        0,
        1,
        _P - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303021022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)


def plain_point(encoded: bytes) -> bool:
    """Say whether 32 bytes encode a point canonically and not one of small order."""
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


class SecretKey:
    """An Ed25519 secret key."""

    def __init__(self, seed: bytes) -> None:
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
    "interactive": (nacl.pwhash.argon2id.OPSLIMIT_INTERACTIVE, nacl.pwhash.argon2id.MEMLIMIT_INTERACTIVE),
    "moderate": (nacl.pwhash.argon2id.OPSLIMIT_MODERATE, nacl.pwhash.argon2id.MEMLIMIT_MODERATE),
}


def wrap(secret: SecretKey, password: str, *, cost: Cost = "interactive") -> str:
    """The secret key under a password (Argon2id, XSalsa20-Poly1305), one line of JSON."""
    ops, memory = _COSTS[cost]
    salt = nacl.utils.random(nacl.pwhash.argon2id.SALTBYTES)
    box = nacl.secret.SecretBox(
        nacl.pwhash.argon2id.kdf(32, password.encode(), salt, opslimit=ops, memlimit=memory)
    )
    return json.dumps(
        {
            "v": 1,
            "wrap": "password",
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
        ops, memory = int(parts["ops"]), int(parts["memory"])
        if (ops, memory) not in _COSTS.values():
            raise Malformed("the key is wrapped at an unknown cost")
        key = nacl.pwhash.argon2id.kdf(
            32, password.encode(), bytes.fromhex(parts["salt"]), opslimit=ops, memlimit=memory
        )
        seed = nacl.secret.SecretBox(key).decrypt(bytes.fromhex(parts["box"]))
    except nacl.exceptions.CryptoError:
        raise WrongPassword("the key does not open with this password") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed(f"not a wrapped key: {error}") from None
    return SecretKey(seed)
