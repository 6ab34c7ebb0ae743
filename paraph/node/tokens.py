"""How does a token (PKCS#11) sign for a node key or a root key that never leaves it?

The key file names the token and the key in it by a PKCS#11 URI (RFC 7512). A session does not
outlive a fork, so each process opens its own, at its first signature.
"""

import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, unquote

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

from paraph.node.errors import HomeError
from paraph.record.keys import PublicKey

_ED25519 = encode_named_curve_parameters("1.3.101.112")
_URI = re.compile(r"pkcs11:([^?]*)\?module-path=([^&]+)")
_busy = threading.Lock()
_sessions: dict[tuple[int, str, str], Any] = {}  # process, module, token -> session


class TokenKey:
    """A key that lies in a token."""

    def __init__(self, uri: str, public: PublicKey, pin: str = "") -> None:
        self.uri = uri
        self.public = public
        self.pin = pin

    @classmethod
    def read(cls, written: Mapping[str, str]) -> "TokenKey":
        """The key that a file names; HomeError where it names none."""
        try:
            key = cls(written["uri"], PublicKey(bytes.fromhex(written["public"])))
            _parts(key.uri)["object"]
        except (KeyError, ValueError, TypeError):
            raise HomeError("the key file names no key of a token") from None
        return key

    def written(self) -> str:
        """What the key file holds."""
        return json.dumps({"v": 1, "wrap": "pkcs11", "public": self.public.hex, "uri": self.uri})

    @property
    def token(self) -> str:
        """The token alone, as another key in it would name it."""
        parts = _parts(self.uri)
        return f"pkcs11:token={quote(parts['token'])}?module-path={parts['module']}"

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes, made in the token."""
        parts = _parts(self.uri)
        with _busy, _said():
            found = list(
                _session(self.uri, self.pin).get_objects(
                    {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: parts["object"]}
                )
            )
            if len(found) != 1:
                raise HomeError(
                    f"the token {parts['token']} holds {len(found)} keys called {parts['object']}"
                )
            return bytes(found[0].sign(message, mechanism=Mechanism.EDDSA))

    def check(self) -> None:
        """Raise HomeError where the token does not sign for this key; then let it go, before a fork."""
        message = b"paraph token check v1\n"
        if not self.public.verify(message, self.sign(message)):
            raise HomeError(f"the token holds another key than {self.uri} should name")
        close(self.uri)


def generate(uri: str, pin: str, name: str) -> TokenKey:
    """Make a key in the token, from which it cannot be taken."""
    parts = _parts(uri)
    with _busy, _said():
        session = _session(uri, pin)
        curve = session.create_domain_parameters(
            KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _ED25519}, local=True
        )
        kept = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
        public, _private = curve.generate_keypair(
            mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=name, private_template=kept
        )
        raw = bytes(public[Attribute.EC_POINT])
    whole = f"pkcs11:token={quote(parts['token'])};object={quote(name)}?module-path={parts['module']}"
    return TokenKey(whole, PublicKey(raw[-32:]), pin)


def close(uri: str) -> None:
    """End the session of this process with a token."""
    parts = _parts(uri)
    with _busy:
        session = _sessions.pop((os.getpid(), parts["module"], parts["token"]), None)
        if session is not None:
            with suppress(pkcs11.PKCS11Error):
                session.close()
            pkcs11.unload(parts["module"])


def _session(uri: str, pin: str) -> Any:
    parts = _parts(uri)
    key = (os.getpid(), parts["module"], parts["token"])
    if key not in _sessions:
        library = pkcs11.lib(parts["module"])
        if any(module == parts["module"] for _process, module, _token in _sessions):
            library.reinitialize()  # its state came through a fork
        _sessions[key] = library.get_token(token_label=parts["token"]).open(rw=True, user_pin=pin)
    return _sessions[key]


def _parts(uri: str) -> dict[str, str]:
    found = _URI.fullmatch(uri)
    if found is None:
        raise HomeError(
            "a token is named like pkcs11:token=minsk?module-path=/usr/lib/softhsm/libsofthsm2.so"
        )
    parts = dict(part.partition("=")[::2] for part in found[1].split(";") if part)
    if "token" not in parts:
        raise HomeError(
            "a token is named like pkcs11:token=minsk?module-path=/usr/lib/softhsm/libsofthsm2.so"
        )
    return {name: unquote(value) for name, value in parts.items()} | {"module": found[2]}


@contextmanager
def _said() -> Iterator[None]:
    """Turn what the token says into a sentence."""
    try:
        yield
    except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise HomeError("the token does not open with this PIN; most lock after a few wrong ones") from None
    except (pkcs11.NoSuchToken, pkcs11.TokenNotPresent, pkcs11.DeviceRemoved):
        raise HomeError("the token is not there") from None
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise HomeError(f"the token does not work: {type(error).__name__} {error}".rstrip()) from None
