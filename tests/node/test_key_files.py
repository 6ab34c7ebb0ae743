"""Node keys and root keys as a seed, under a passphrase, or in a token that is really there."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from paraph.node.errors import HomeError
from paraph.node.homes import open_home
from paraph.node.key_files import (
    Protection,
    as_before,
    forget,
    make_key,
    new_protection,
    public_of,
    read_key,
)
from paraph.node.tokens import TokenKey, close
from paraph.record.keys import SecretKey
from tests.node.test_cli import ENVIRONMENT, free_ports, paraph, serving

SECRET = "a passphrase of some length"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
TOKEN, PIN = f"pkcs11:token=minsk?module-path={MODULE}", "20212021"
MESSAGE = b"a message\n"


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget()
    for name in ("PARAPH_PASSPHRASE_FILE", "PARAPH_ROOT_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    yield
    forget()


def passphrase(folder: Path, words: str = SECRET, name: str = "words") -> str:
    """A file that holds a passphrase."""
    (folder / name).write_text(words + "\n")
    return str(folder / name)


# ---------------------------------------------------------------- passphrases


def test_a_key_under_a_passphrase_opens_with_it_and_with_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_key(tmp_path / "node.key", Protection("passphrase", SECRET), "node")
    assert isinstance(made, SecretKey)
    text = (tmp_path / "node.key").read_text()
    assert made.seed.hex() not in text
    assert stat.S_IMODE((tmp_path / "node.key").stat().st_mode) == 0o600
    assert public_of(tmp_path / "node.key") == made.public  # nothing was asked for

    forget()
    with pytest.raises(HomeError, match="PARAPH_PASSPHRASE_FILE"):
        read_key(tmp_path / "node.key")
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(tmp_path, "another passphrase", "wrong"))
    with pytest.raises(HomeError, match="does not open with this passphrase"):
        read_key(tmp_path / "node.key")
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(tmp_path))
    assert read_key(tmp_path / "node.key").public == made.public


def test_root_keys_may_have_a_passphrase_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(tmp_path / "1.key", Protection("passphrase", SECRET), "root")
    forget()
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(tmp_path, "another passphrase", "node-words"))
    monkeypatch.setenv("PARAPH_ROOT_PASSPHRASE_FILE", passphrase(tmp_path))

    assert read_key(tmp_path / "1.key", root=True)


def test_a_passphrase_is_not_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(tmp_path, "short"))

    with pytest.raises(HomeError, match="at least 10 characters"):
        new_protection(passphrase=True, token="")


@pytest.mark.parametrize("text", ["", "zz", "{", "{}", '{"wrap": "pkcs11"}', '{"wrap": "other", "v": 1}'])
def test_what_is_no_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(tmp_path))
    path = tmp_path / "node.key"
    path.write_text(text)
    path.chmod(0o600)

    with pytest.raises(HomeError):
        read_key(path)


def test_a_programme_starts_runs_and_rotates_with_keys_under_a_passphrase(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    words = passphrase(tmp_path)
    paraph(tmp_path, "card --home ru --party RU --name Russia")
    listen = f"--listen 127.0.0.1:{port}"
    founded = "init --home by --party BY --name Belarus --with ru/card.json --authentic ru"
    said = paraph(tmp_path, f"{founded} --passphrase {listen}", code=2)
    assert "PARAPH_PASSPHRASE_FILE" in said
    paraph(tmp_path, f"{founded} --passphrase {listen}", PARAPH_PASSPHRASE_FILE=words)
    files = [tmp_path / "by" / "node.key", tmp_path / "by" / "root" / "1.key"]
    assert all('"wrap": "password"' in file.read_text() for file in files)

    assert "PARAPH_PASSPHRASE_FILE" in paraph(tmp_path, "serve --home by", code=2)
    before = public_of(files[0])
    paraph(tmp_path, "rotate --home by --node --roots 1", PARAPH_PASSPHRASE_FILE=words)

    assert public_of(files[0]) != before
    assert all('"wrap": "password"' in file.read_text() for file in files)  # as those that they replace
    with open_fd(words) as descriptor, pytest.MonkeyPatch.context() as patch:
        patch.setitem(environment(), "PARAPH_PASSPHRASE_FILE", f"/dev/fd/{descriptor}")
        with serving(tmp_path, "by", pass_fds=(descriptor,)):
            pass
    assert "OK every signature holds" in paraph(tmp_path, "audit --home by")


def environment() -> dict[str, str]:
    """What nodes that are started get."""
    return ENVIRONMENT


class open_fd:
    """A pipe that holds the passphrase, and can be read once."""

    def __init__(self, path: str) -> None:
        self._text = Path(path).read_bytes()

    def __enter__(self) -> int:
        self._read, write = os.pipe()
        os.write(write, self._text)
        os.close(write)
        return self._read

    def __exit__(self, *_error: object) -> None:
        os.close(self._read)


# ---------------------------------------------------------------- tokens


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A token in software, with its PIN in a file."""
    folder = tmp_path / "tokens"
    folder.mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    monkeypatch.setitem(environment(), "SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "minsk", "--so-pin", PIN, "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(tmp_path, PIN, "pin"))
    yield tmp_path
    close(TOKEN)


def test_a_key_in_a_token_signs_and_does_not_leave_it(token: Path) -> None:
    made = make_key(token / "node.key", new_protection(passphrase=False, token=TOKEN), "node")
    assert isinstance(made, TokenKey)
    forget()

    key = read_key(token / "node.key")

    assert isinstance(key, TokenKey)
    assert key.public == made.public == public_of(token / "node.key")
    assert key.public.verify(MESSAGE, key.sign(MESSAGE))
    assert as_before(token / "node.key") == Protection("token", PIN, key.token)
    assert PIN not in (token / "node.key").read_text()


def test_a_token_signs_in_a_process_that_was_forked_too(token: Path) -> None:
    key = make_key(token / "node.key", new_protection(passphrase=False, token=TOKEN), "node")
    assert key.public.verify(MESSAGE, key.sign(MESSAGE))

    child = os.fork()
    if not child:
        os._exit(0 if key.public.verify(MESSAGE, key.sign(MESSAGE)) else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert key.public.verify(MESSAGE, key.sign(MESSAGE))


def test_a_wrong_pin_a_missing_token_and_a_missing_module_are_said(
    token: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(token / "node.key", new_protection(passphrase=False, token=TOKEN), "node")
    for wrong, words, sentence in (
        ("minsk", "00000000", "does not open with this PIN"),
        ("moscow", PIN, "the token is not there"),
    ):
        close(TOKEN)
        forget()
        monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", passphrase(token, words, f"pin-{wrong}"))
        path = token / f"{wrong}.key"
        path.write_text((token / "node.key").read_text().replace("token=minsk", f"token={wrong}"))
        path.chmod(0o600)
        with pytest.raises(HomeError, match=sentence):
            read_key(path).sign(MESSAGE)
    with pytest.raises(HomeError, match="cannot open shared object"):
        make_key(token / "x.key", Protection("token", PIN, "pkcs11:token=minsk?module-path=/nowhere.so"), "x")
    with pytest.raises(HomeError, match="pkcs11:token=minsk"):
        make_key(token / "x.key", Protection("token", PIN, "softhsm"), "x")


def test_a_programme_is_founded_run_and_rotated_with_keys_in_a_token(token: Path) -> None:
    port = free_ports(1)[0]
    words = str(token / "pin")
    paraph(token, "card --home ru --party RU --name Russia")
    founded = "init --home by --party BY --name Belarus --with ru/card.json --authentic ru"
    paraph(
        token,
        f"{founded} --listen 127.0.0.1:{port} --token {TOKEN} --root-token {TOKEN}",
        PARAPH_PASSPHRASE_FILE=words,
    )
    paraph(token, "person add --home by --name novik --role head", PARAPH_PASSPHRASE_FILE=words)
    before = public_of(token / "by" / "node.key")

    paraph(token, "rotate --home by --node", PARAPH_PASSPHRASE_FILE=words)

    assert public_of(token / "by" / "node.key") != before
    assert "pkcs11:token=minsk;object=paraph-BY-node" in (token / "by" / "node.key").read_text()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(environment(), "PARAPH_PASSPHRASE_FILE", words)
        with serving(token, "by"):
            pass
    assert "OK every signature holds" in paraph(token, "audit --home by")
    assert not [name for name in (token / "by").rglob("*.key") if len(name.read_text().strip()) == 64]
    assert open_home(token / "by").code == "BY"
