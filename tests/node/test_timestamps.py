"""Tokens of a time-stamp authority over the own head, from one that really answers."""

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from paraph.node.errors import NodeError
from paraph.node.homes import Home, open_home
from paraph.node.models import StampRow
from paraph.node.time_tokens import ask, roots, verify
from paraph.node.timestamps import stamp
from paraph.record.checkpoints import origin
from paraph.record.cosignatures import cosign, line_of, with_line
from paraph.record.notes import parse_note
from tests.node.test_cli import paraph, start
from tests.parties import Parties

CONFIGURATION = """
[tsa]
default_tsa = config
[config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
certs = {folder}/tsa.pem
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class Authority:
    """A root, a certificate for time stamps, and OpenSSL behind a small server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: bytes | None = None  # an answer that is given again
        self.moved = False
        folder.mkdir()
        (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        own = CONFIGURATION[CONFIGURATION.index("[ca]") :]
        (folder / "req.cnf").write_text(f"[req]\ndistinguished_name = dn\nprompt = no\n[dn]\n{own}")
        new = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config req.cnf"
        self._run(f"{new} -x509 -days 30 -subj /CN=Root -extensions ca -keyout ca.key -out ca.pem")
        self._run(f"{new} -new -subj /CN=Clock -keyout tsa.key -out tsa.csr")
        self._run(
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30"
            " -extfile tsa.cnf -extensions leaf -out tsa.pem"
        )

    def _run(self, words: str) -> None:
        subprocess.run(["openssl", *words.split()], cwd=self.folder, check=True, capture_output=True)

    def answer(self, question: bytes) -> bytes:
        """What OpenSSL answers."""
        if self.kept is not None:
            return self.kept
        (self.folder / "question.tsq").write_bytes(question)
        self._run("ts -reply -config tsa.cnf -queryfile question.tsq -out answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[tuple[Authority, str]]:
    """The authority, and its address on loopback."""
    made = Authority(tmp_path / "authority")

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            if made.moved:
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                return
            answer = made.answer(question)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_about: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Desk) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def home(authority: Authority, address: str) -> Home:
    """The settings of a node that asks it."""
    certificates = str(authority.folder / "ca.pem")
    return Home(Path("."), "BY", timestamps={"authority": address, "certificates": certificates})


def test_the_authority_says_when_a_head_existed_and_the_node_keeps_it(
    parties: Parties, authority: tuple[Authority, str]
) -> None:
    journal, own = parties.journals["BY"], home(*authority)

    token = stamp(own, journal)

    assert token is not None
    assert token.size == journal.heads()["BY"]
    assert abs(token.time - datetime.now(UTC)) < timedelta(minutes=2)
    row = StampRow.objects.get(source="authority")
    assert bytes(row.raw) == journal.checkpoint("BY")
    assert verify(bytes(row.token), bytes(row.raw), roots(own)) == token.time
    assert stamp(own, journal) is None  # nothing was written since
    parties.delegate("BY")
    assert stamp(own, journal) is not None


def test_a_token_counts_for_its_head_its_question_and_under_its_root_only(
    parties: Parties, authority: tuple[Authority, str], tmp_path: Path
) -> None:
    made, address = authority
    own, head = home(made, address), parties.journals["BY"].checkpoint("BY")
    assert head is not None
    first = ask(own, head, 2)
    other = Authority(tmp_path / "other")

    with pytest.raises(NodeError, match="does not count"):
        verify(first.answer, head + b"x", roots(own))
    with pytest.raises(NodeError, match="does not count"):
        verify(first.answer, head, roots(home(other, address)))
    with pytest.raises(NodeError, match="does not count"):
        verify(first.answer[:-9] + b"\0" * 9, head, roots(own))
    made.kept = first.answer  # an old answer to a new question
    with pytest.raises(NodeError, match="does not count"):
        ask(own, head, 2)


@pytest.mark.parametrize("answer", [b"", b"nothing", b"x" * 70_000])
def test_an_answer_that_is_none_is_refused(
    parties: Parties, authority: tuple[Authority, str], answer: bytes
) -> None:
    made, address = authority
    made.kept = answer

    with pytest.raises(NodeError):
        stamp(home(made, address), parties.journals["BY"])

    assert not StampRow.objects.exists()


def test_no_redirection_is_followed_and_an_absent_authority_is_said(
    parties: Parties, authority: tuple[Authority, str]
) -> None:
    made, address = authority
    made.moved = True

    with pytest.raises(NodeError, match="does not answer: HTTP Error 302"):
        stamp(home(made, address), parties.journals["BY"])
    with pytest.raises(NodeError, match="does not answer"):
        stamp(home(made, "http://127.0.0.1:1/"), parties.journals["BY"])
    with pytest.raises(NodeError, match="names no authority"):
        stamp(settings.HOME, parties.journals["BY"])


# ---------------------------------------------------------------- what an audit says of them


@pytest.fixture
def seen(tmp_path: Path, authority: tuple[Authority, str]) -> Path:
    """The folder of a node whose head an authority and a party have seen."""
    made, address = authority
    start(tmp_path)
    with (tmp_path / "by" / "node.toml").open("a") as settings_file:
        settings_file.write(
            f'[timestamps]\nauthority = "{address}"\ncertificates = "{made.folder / "ca.pem"}"\n'
        )
    assert "entries existed on" in paraph(tmp_path, "timestamp --home by")
    with opened(tmp_path) as database:
        row = database.execute("select log, size, time, raw from node_stamprow").fetchone()
        name = origin(open_home(tmp_path / "by").charter().prog, "RU")
        line = cosign(parse_note(row[3]).text, name, open_home(tmp_path / "ru").node_key(), 1_614_000_000)
        database.execute(
            "insert into node_stamprow (log, size, source, time, raw, token) values (?, ?, 'RU', ?, ?, x'')",
            (*row[:3], with_line(row[3], line_of(line))),
        )
    return tmp_path


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of BY, to be changed by hand."""
    database = sqlite3.connect(folder / "by" / "node.sqlite3")
    yield database
    database.commit()
    database.close()


def test_an_audit_checks_receipts_and_tokens(seen: Path) -> None:
    said = paraph(seen, "audit --home by")

    assert "RU has vouched for 1 heads of BY" in said
    assert "1 tokens of an authority for time hold" in said
    toml = seen / "by" / "node.toml"
    toml.write_text(toml.read_text().replace("\ncertificates", "\n# certificates"))
    assert "1 tokens of an authority for time were not checked" in paraph(seen, "audit --home by")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "update node_stamprow set token = x'3003020100' where source = 'authority'",
            "the token does not count",
        ),
        ("update node_stamprow set source = 'KZ' where source = 'RU'", "no key of its node vouches"),
        (
            "update node_stamprow set raw = (select raw from node_stamprow where source = 'authority')",
            "no key of its node vouches",
        ),
        (
            "update node_stamprow set raw = cast(replace(raw, 'paraph', 'parapf') as blob)",
            "FAULT BY, 1 entries, seen by",
        ),
    ],
)
def test_an_audit_finds_a_changed_receipt_or_token(seen: Path, change: str, sentence: str) -> None:
    with opened(seen) as database:
        assert database.execute(change).rowcount > 0

    said = paraph(seen, "audit --home by", code=1)

    assert sentence in said


def test_a_home_without_a_table_of_times_is_audited_too(seen: Path) -> None:
    with opened(seen) as database:
        database.execute("drop table node_stamprow")

    assert "OK every signature holds" in paraph(seen, "audit --home by")
