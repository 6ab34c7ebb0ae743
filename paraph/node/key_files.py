"""How do the node key and root keys lie on the disk, and what opens them?

A file holds one of three things, and is readable by its owner only:

    the hex seed
    one line of JSON, `wrap` "password": the seed under a passphrase (Argon2id, 256 MiB)
    one line of JSON, `wrap` "pkcs11": which token holds the key (a PKCS#11 URI, RFC 7512)

The passphrase, or the PIN of the token, is read from the file that PARAPH_PASSPHRASE_FILE names (for
root keys PARAPH_ROOT_PASSPHRASE_FILE, where it is set), which may be an open descriptor like
/dev/fd/3, or asked for at the terminal. It is kept in this process, and nowhere else.
"""

import getpass
import json
import os
import secrets
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paraph.node.errors import HomeError
from paraph.record.errors import Malformed, WrongPassword
from paraph.record.keys import NodeSigner, PublicKey, SecretKey, unwrap, wrap

if TYPE_CHECKING:
    from paraph.node.tokens import TokenKey

FILE, ROOT_FILE = "PARAPH_PASSPHRASE_FILE", "PARAPH_ROOT_PASSPHRASE_FILE"
SHORTEST = 10  # characters of a new passphrase
_read: dict[str, str] = {}  # what named files held: a descriptor can be read once
_known: dict[str, str] = {}  # content of the file, or token -> the passphrase or PIN that opens it
_opened: dict[str, NodeSigner] = {}  # content of the file -> key


@dataclass(frozen=True, slots=True)
class Protection:
    """How new keys are kept."""

    way: Literal["plain", "passphrase", "token"] = "plain"
    secret: str = ""  # the passphrase, or the PIN
    uri: str = ""  # of the token: pkcs11:token=minsk?module-path=/usr/lib/…


PLAIN = Protection()


# ---------------------------------------------------------------- making


def make_key(path: Path, how: Protection, name: str) -> NodeSigner:
    """Make a key and keep it in that file; a token keeps it under that name."""
    if how.way == "token":
        from paraph.node.tokens import generate

        key = generate(how.uri, how.secret, f"{name}-{secrets.token_hex(4)}")
        write_private(path, key.written().encode() + b"\n")
        _opened[key.written()], _known[key.token] = key, how.secret
        return key
    secret = SecretKey.generate()
    write_key(path, secret, how.secret if how.way == "passphrase" else "")
    return secret


def new_protection(*, passphrase: bool, token: str, root: bool = False) -> Protection:
    """How new keys shall be kept, with the passphrase or the PIN, asked for where no file names it."""
    what = "root keys" if root else "node key"
    if token:
        return Protection("token", _named(root=root) or _ask(f"PIN of the token for the {what}: "), token)
    if not passphrase:
        return PLAIN
    found = _named(root=root)
    if not found:
        found = _ask(f"New passphrase for the {what}: ")
        if _ask("Once more: ") != found:
            raise HomeError("the passphrases differ; nothing was made")
    if len(found) < SHORTEST:
        raise HomeError(f"a passphrase has at least {SHORTEST} characters")
    return Protection("passphrase", found)


def as_before(path: Path, *, root: bool = False) -> Protection:
    """The protection of a key that is replaced, for the one that follows."""
    key = read_key(path, root=root)
    if token := in_token(key):
        return Protection("token", token.pin, token.token)
    found = _known.get(_content(path))
    return Protection("passphrase", found) if found else PLAIN


def in_token(key: NodeSigner) -> "TokenKey | None":
    """The same key where it lies in a token; None where a file holds it."""
    if isinstance(key, SecretKey):
        return None
    from paraph.node.tokens import TokenKey

    return key if isinstance(key, TokenKey) else None


# ---------------------------------------------------------------- reading and writing


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read; whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def write_key(path: Path, key: SecretKey, passphrase: str = "") -> None:
    """Keep a secret key: under a passphrase, or as its hex seed."""
    text = wrap(key, passphrase, cost="moderate") if passphrase else key.seed.hex()
    write_private(path, text.encode() + b"\n")
    if passphrase:
        _opened[text], _known[text] = key, passphrase


def read_key(path: Path, *, root: bool = False, ask: bool = True) -> NodeSigner:
    """
    The key in a file; one that others can read is refused.

    Args:
        path: the file.
        root: whether it is a root key, which may have a passphrase of its own.
        ask: whether a passphrase that nothing names is asked for at the terminal.
    """
    text = _content(path)
    wrapped = _wrapped(text)
    if wrapped is None:
        try:
            return SecretKey(bytes.fromhex(text))
        except ValueError:
            raise HomeError(f"{path} holds no key") from None
    if text not in _opened:
        _opened[text] = _open(path, text, wrapped, root=root, ask=ask)
    return _opened[text]


def public_of(path: Path) -> PublicKey:
    """The public half of the key in a file; nothing is asked for."""
    wrapped = _wrapped(_content(path))
    if wrapped is None:
        return SecretKey(bytes.fromhex(_content(path))).public
    try:
        return PublicKey(bytes.fromhex(wrapped["public"]))
    except (KeyError, ValueError, TypeError):
        raise HomeError(f"{path} holds no key") from None


def _open(path: Path, text: str, wrapped: dict[str, str], *, root: bool, ask: bool) -> NodeSigner:
    if wrapped.get("wrap") == "pkcs11":
        from paraph.node.tokens import TokenKey

        key = TokenKey.read(wrapped)
        key.pin = _known.get(key.token) or _passphrase(path, root=root, ask=ask)
        _known[key.token] = key.pin
        return key
    try:
        for known in {*_known.values(), _named(root=root)} - {""}:
            with suppress(WrongPassword):
                secret = unwrap(text, known)
                _known[text] = known
                return secret
        if _named(root=root):
            raise WrongPassword("")
        given = _passphrase(path, root=root, ask=ask)
        secret, _known[text] = unwrap(text, given), given
    except WrongPassword:
        raise HomeError(f"{path} does not open with this passphrase") from None
    except Malformed as error:
        raise HomeError(f"{path} holds no key: {error}") from None
    return secret


def _content(path: Path) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise HomeError(f"others can read the key {path}; run `chmod 600 {path}`")
        return path.read_text().strip()
    except FileNotFoundError:
        raise HomeError(f"the key {path} is missing") from None
    except UnicodeDecodeError:
        raise HomeError(f"{path} holds no key") from None


def _wrapped(text: str) -> dict[str, str] | None:
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# ---------------------------------------------------------------- passphrases


def forget() -> None:
    """Forget what was read and opened; for tests."""
    _read.clear()
    _known.clear()
    _opened.clear()


def secret_of(words: str) -> str:
    """What somebody has to say for a command: from the file that the environment names, or typed."""
    return _named(root=False) or _ask(f"{words}: ")


def _passphrase(path: Path, *, root: bool, ask: bool) -> str:
    return _named(root=root) or _ask(f"Passphrase or PIN of {path}: ", ask=ask)


def _named(*, root: bool) -> str:
    """What the file named in the environment holds, its first line; "" where none is named."""
    name = (os.environ.get(ROOT_FILE) if root else None) or os.environ.get(FILE) or ""
    if name and name not in _read:
        try:
            _read[name] = Path(name).read_text().split("\n")[0]
        except (OSError, UnicodeDecodeError) as error:
            raise HomeError(f"the passphrase cannot be read from {name}: {error}") from None
    return _read.get(name, "")


def _ask(words: str, *, ask: bool = True) -> str:
    if not ask or not sys.stdin.isatty():
        raise HomeError(
            f"a passphrase is needed ({words.removesuffix(': ')}): name a file that holds it in {FILE},"
            " or start at a terminal"
        )
    return getpass.getpass(words)
