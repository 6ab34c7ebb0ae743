"""Signatures made elsewhere: really made and verified by OpenSSL."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from paraph.acts import Attest
from paraph.node.errors import NodeError
from paraph.node.homes import Home
from paraph.node.signatures import verify
from paraph.record.entries import blobs_of
from tests.parties import Parties

H = "ab" * 32
COMMAND = (
    "openssl cms -verify -binary -inform DER -in {container} -content {content} -CAfile {home}/qualified.pem"
)


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[bytes]:
    """A detached CMS signature over the digits of H, and the certificate in the node's home."""

    def openssl(words: str) -> None:
        subprocess.run(["openssl", *words.split()], cwd=tmp_path, check=True, capture_output=True)

    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=Minister"
        " -addext extendedKeyUsage=emailProtection -keyout key.pem -out cert.pem"
    )
    (tmp_path / "content").write_text(H)
    openssl("cms -sign -binary -in content -signer cert.pem -inkey key.pem -outform DER -out signature.p7s")
    certificate = settings.HOME.path / "qualified.pem"
    certificate.write_bytes((tmp_path / "cert.pem").read_bytes())
    settings.HOME.signatures = {"verify": COMMAND.split()}
    yield (tmp_path / "signature.p7s").read_bytes()
    settings.HOME.signatures = {}
    certificate.unlink()


def upload(client: Client, data: bytes, fingerprint: str = H) -> str:
    """Fill in the form."""
    file = SimpleUploadedFile("minister.p7s", data)
    form = {"fingerprint": fingerprint, "form": "cms", "file": file}
    return client.post("/attested", form, follow=True).content.decode()


def test_a_signature_is_put_on_record_verified_and_handed_out_at_both_nodes(
    parties: Parties, head: Client, signed: bytes
) -> None:
    assert "The signature is on record." in upload(head, signed)
    entry = parties.programme("BY").by["BY"].entries[-1]

    page = head.post(f"/attested/BY/{entry.n}/verify").content.decode()

    assert "It calls the signature good" in page
    assert "CMS Verification successful" in page
    assert head.get(f"/attested/BY/{entry.n}").content == signed
    assert head.get(f"/attested/{H}/content").content == H.encode()
    parties.exchange()
    theirs = parties.programme("RU").by["BY"].entries[entry.n].act
    assert isinstance(theirs, Attest) and (theirs.fingerprint, theirs.form) == (H, "cms")
    assert parties.journals["RU"].blob(blobs_of(theirs.container)[0].name) == signed
    assert blobs_of(theirs.container)[0].name not in list(parties.journals["OBS"].store.blob_names())


def test_a_signature_over_another_fingerprint_is_kept_and_not_called_good(
    parties: Parties, head: Client, signed: bytes
) -> None:
    upload(head, signed, "cd" * 32)
    n = parties.programme("BY").by["BY"].entries[-1].n

    page = head.post(f"/attested/BY/{n}/verify").content.decode()

    assert "It does not call the signature good: exit code" in page


def test_what_is_no_fingerprint_is_refused(parties: Parties, head: Client, signed: bytes) -> None:
    before = parties.journals["BY"].heads()

    assert "A fingerprint has 64 digits" in upload(head, signed, "abc")

    assert parties.journals["BY"].heads() == before


def test_who_only_reads_attests_nothing(parties: Parties, viewer: Client, signed: bytes) -> None:
    file = SimpleUploadedFile("x.p7s", signed)

    assert viewer.post("/attested", {"fingerprint": H, "form": "cms", "file": file}).status_code == 403


# ---------------------------------------------------------------- the command


def home(*command: str, seconds: float = 5) -> Home:
    """Settings with a command."""
    return Home(Path("."), "BY", signatures={"verify": list(command), "seconds": seconds})


def test_the_command_runs_without_a_shell_in_a_folder_of_its_own() -> None:
    said = verify(home("printf", "%s|", "{fingerprint}; echo $HOME `id`", "$(id)"), H, b"x")

    assert said.good
    assert said.words == f"{H}; echo $HOME `id`|$(id)|"
    listed = verify(home("ls", "-1"), H, b"x")
    assert listed.words.split() == ["container", "content"]


def test_the_command_sees_no_settings_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPH_PASSPHRASE_FILE", "/dev/fd/3")

    assert "PARAPH" not in verify(home("env"), H, b"x").words


@pytest.mark.parametrize("command", [("sleep", "60"), ("yes",)])
def test_a_command_that_runs_or_talks_without_end_is_stopped(command: tuple[str, ...]) -> None:
    said = verify(home(*command, seconds=0.3), H, b"x")

    assert said.code is None
    assert not said.good
    assert len(said.words) <= 16_384


def test_a_command_that_is_missing_or_none_is_said() -> None:
    with pytest.raises(NodeError, match="names no command"):
        verify(home(), H, b"x")
    with pytest.raises(NodeError, match="cannot be run"):
        verify(home("no-such-command-here"), H, b"x")
    with pytest.raises(NodeError, match="a list of words"):
        verify(Home(Path("."), "BY", signatures={"verify": "openssl cms"}), H, b"x")
