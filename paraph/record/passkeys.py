"""When does the answer of a passkey count as a signature, and how does it stand in a line?

A passkey (WebAuthn) signs what its browser shows it, not bytes of our choice: the challenge is the
hash of the statement that every other key signs itself. What counts is decided by bytes alone, so
that every node decides alike: the text of the browser is compared, not read as JSON.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from paraph.record.errors import BadSignature, Malformed
from paraph.record.keys import PublicKey, plain_point

Algorithm = Literal["ES256", "EdDSA"]

MAX_CLIENT = 1_024  # bytes of what the browser says
MAX_AUTHENTICATOR = 512  # bytes of what the authenticator says
PRESENT, VERIFIED = 0x01, 0x04  # flags: somebody touched it; it knew who
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_HEX = re.compile(r"([0-9a-f]{64}){1,2}")
_PORT = re.compile(rb"(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Passkey:
    """The public half of a passkey, and the site at which alone it answers (its relying party)."""

    raw: bytes  # 32 bytes of Ed25519, or 64 of P-256: x, y
    site: str

    @property
    def hex(self) -> str:
        """The key as a certificate writes it."""
        return self.raw.hex()

    @property
    def algorithm(self) -> Algorithm:
        """How it signs."""
        return "EdDSA" if len(self.raw) == 32 else "ES256"

    @cached_property
    def id(self) -> str:
        """How entries name the key; never the id of a key that signs bytes itself."""
        return hashlib.sha256(b"\x02" + self.raw).hexdigest()[:32]

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the packed answer counts as this passkey's signature over the message."""
        try:
            answer = unpack(signature)
        except Malformed:
            return False
        hashed, flags = answer.authenticator[:32], answer.authenticator[32]
        return (
            hashed == hashlib.sha256(self.site.encode()).digest()
            and flags & (PRESENT | VERIFIED) == PRESENT | VERIFIED
            and said(answer.client, challenge(message), self.site)
            and self._signed(answer.authenticator + hashlib.sha256(answer.client).digest(), answer.signature)
        )

    def _signed(self, data: bytes, signature: bytes) -> bool:
        if self.algorithm == "EdDSA":
            return PublicKey(self.raw).verify(data, signature)
        if len(signature) != 64:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        if not (0 < r < _ORDER and 0 < s <= _ORDER // 2):  # of the two forms of one signature the lower
            return False
        try:
            _point(self.raw).verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey answers to a challenge."""

    authenticator: bytes  # hash of the site, flags, counter
    client: bytes  # what the browser says: kind, challenge, origin
    signature: bytes  # 64 bytes

    def pack(self) -> bytes:
        """As it stands in a signature line."""
        parts = (self.authenticator, self.client)
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts) + self.signature


@dataclass(frozen=True, slots=True)
class Answered:
    """A passkey that has answered: it signs that one message and no other."""

    public: Passkey
    answer: Answer

    def sign(self, message: bytes) -> bytes:
        """The packed answer; BadSignature where it is one to something else."""
        packed = self.answer.pack()
        if not self.public.verify(message, packed):
            raise BadSignature("the passkey has answered to something else, or did not check who asks")
        return packed


def read_passkey(key: object, site: object) -> Passkey:
    """The passkey that a certificate names; Malformed where it is none."""
    if not isinstance(key, str) or not _HEX.fullmatch(key):
        raise Malformed("a passkey has a public key of 32 or 64 bytes, in hex")
    if not isinstance(site, str) or not _DOMAIN.fullmatch(site):
        raise Malformed("a passkey belongs to a site: a name like minsk.example")
    raw = bytes.fromhex(key)
    if len(raw) == 64:
        _point(raw)
    elif not plain_point(raw):
        raise Malformed("not the public key of a passkey")
    return Passkey(raw, site)


def challenge(message: bytes) -> str:
    """What the passkey is asked to sign for a message, as browsers write it."""
    return base64.urlsafe_b64encode(hashlib.sha256(message).digest()).rstrip(b"=").decode()


def said(client: bytes, asked: str, site: str) -> bool:
    """
    Say whether the browser says that it was asked this, at this site and on no other site's page.

    WebAuthn fixes the bytes (level 2, section 5.8.1.1), so that they can be compared without JSON.
    """
    if len(client) > MAX_CLIENT:
        return False
    scheme = "http" if site == "localhost" and b'"origin":"http:' in client else "https"
    begins = f'{{"type":"webauthn.get","challenge":"{asked}","origin":"{scheme}://{site}'.encode()
    if not client.startswith(begins):
        return False
    found = _PORT.match(client, len(begins))
    rest = client[found.end() if found else len(begins) :]
    return rest == b'"}' or (
        rest.startswith((b'","crossOrigin":false}', b'","crossOrigin":false,')) and rest.endswith(b"}")
    )


def unpack(packed: bytes) -> Answer:
    """Read an answer as it stands in a signature line."""
    authenticator, rest = _part(packed, MAX_AUTHENTICATOR)
    client, signature = _part(rest, MAX_CLIENT)
    if len(authenticator) < 37 or len(signature) != 64:
        raise Malformed("not the answer of a passkey")
    return Answer(authenticator, client, signature)


def answer_of(key: Passkey, authenticator: bytes, client: bytes, signature: bytes) -> Answer:
    """The answer as a browser gives it, brought into the one form; Malformed where that is none."""
    if key.algorithm == "ES256":
        try:
            r, s = decode_dss_signature(signature)
            signature = r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")
        except (ValueError, OverflowError):
            raise Malformed("not the signature of a passkey") from None
    return unpack(Answer(authenticator, client, signature).pack())


def _part(data: bytes, most: int) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:2], "big")
    if size > most or len(data) < 2 + size:
        raise Malformed("not the answer of a passkey")
    return data[2 : 2 + size], data[2 + size :]


def _point(raw: bytes) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b"\x04" + raw)
    except ValueError:
        raise Malformed("not the public key of a passkey") from None
