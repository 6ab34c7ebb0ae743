"""A passkey in software, as an authenticator and its browser answer; faults are given by name."""

import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from paraph.record.keys import SecretKey
from paraph.record.passkeys import Answered, Passkey, answer_of, challenge


@dataclass(frozen=True)
class SoftPasskey:
    """One credential; which one follows from words."""

    words: str
    site: str = "minsk.example"
    algorithm: str = "ES256"

    @property
    def _number(self) -> bytes:
        return hashlib.sha256(self.words.encode()).digest()

    @property
    def _curve(self) -> EllipticCurvePrivateKey:
        return derive_private_key(int.from_bytes(self._number, "big") >> 1 or 1, SECP256R1())

    @property
    def public(self) -> Passkey:
        """What a certificate names."""
        if self.algorithm == "EdDSA":
            return Passkey(SecretKey(self._number).public.raw, self.site)
        numbers = self._curve.public_key().public_numbers()
        return Passkey(numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"), self.site)

    def client(self, message: bytes, **other: object) -> bytes:
        """What the browser says."""
        fields = {
            "type": "webauthn.get",
            "challenge": challenge(message),
            "origin": f"https://{self.site}",
            "crossOrigin": False,
        }
        return json.dumps({**fields, **other}, separators=(",", ":")).encode()

    def answer(
        self,
        message: bytes,
        *,
        client: bytes | None = None,
        site: str = "",
        flags: int = 0x05,
        more: bytes = b"",
    ) -> Answered:
        """The answer to a message, as a page hands it on."""
        client = self.client(message) if client is None else client
        hashed = hashlib.sha256((site or self.site).encode()).digest()
        authenticator = hashed + bytes([flags]) + (7).to_bytes(4, "big") + more
        data = authenticator + hashlib.sha256(client).digest()
        if self.algorithm == "EdDSA":
            signature = SecretKey(self._number).sign(data)
        else:
            signature = self._curve.sign(data, ECDSA(SHA256()))
        return Answered(self.public, answer_of(self.public, authenticator, client, signature))
