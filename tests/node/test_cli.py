"""The command line: two parties start a programme from nothing and carry it on by courier."""

import atexit
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from paraph.node.exchange.messages import Request
from paraph.node.exchange.signing import sign
from paraph.node.homes import open_home
from paraph.node.second_copy import SecondCopy
from paraph.record.charter import read_charter
from tests.postgresql import Server, programs

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("PARAPH")},
    "PYTHONPATH": str(Path(__file__).parents[2]),
}


def paraph(folder: Path, words: str, *, code: int = 0, **environment: str) -> str:
    """Run a command as people type it; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "paraph", *words.split()],
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def start(folder: Path, database: Callable[[], str] = lambda: "sqlite", **ports: int) -> str:
    """Two parties and an observer, joined; return the fingerprint. Without ports all copy one start."""
    if ports:
        return _start(folder, database, ports)
    started, fingerprint = _started()
    shutil.copytree(started, folder, dirs_exist_ok=True)
    for home in ("by", "ru"):  # a copy vouches for nothing: let it pass for the one that was started
        for log, head in SecondCopy(started / home / "heads").heads().items():
            SecondCopy(folder / home / "heads").write(log, *head)
    return fingerprint


@cache
def _started() -> tuple[Path, str]:
    folder = Path(tempfile.mkdtemp(prefix="paraph-started-"))
    atexit.register(shutil.rmtree, folder)
    return folder, _start(folder, lambda: "sqlite", {})


def _start(folder: Path, database: Callable[[], str], ports: Mapping[str, int]) -> str:
    listen = {who: f"--listen 127.0.0.1:{port} --database {database()}" for who, port in ports.items()}
    paraph(folder, f"card --home ru --party RU --name Russia {listen.get('ru', '')}")
    paraph(folder, f"card --home pub --observer PUB --name Public {listen.get('pub', '')}")
    said = paraph(
        folder,
        "init --home by --party BY --name en=Belarus ru=Беларусь --with ru/card.json pub/card.json"
        f" --programme Test --authentic ru --public-stages {listen.get('by', '')}",
    )
    fingerprint = hashlib.sha256((folder / "by" / "charter.json").read_bytes()).hexdigest()
    assert fingerprint in said.replace(" ", "")
    for home in ("ru", "pub"):
        paraph(folder, f"join --home {home} --charter by/charter.json --fingerprint {fingerprint}")
    return fingerprint


@contextmanager
def serving(
    folder: Path,
    home: str,
    options: str = "",
    pass_fds: tuple[int, ...] = (),
    asked: str = "exchange/heads",
) -> Iterator[str]:
    """Run a node; yield its address once it answers what is asked."""
    with (folder / f"{home}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "paraph", "serve", "--home", home, *options.split()],
            cwd=folder,
            env=ENVIRONMENT,
            stderr=subprocess.STDOUT,
            stdout=log,
            pass_fds=pass_fds,
        )
    address = f"http://{open_home(folder / home).listen}"
    try:
        deadline = time.monotonic() + 20
        while not answers(f"{address}/{asked}"):
            assert process.poll() is None, (folder / f"{home}.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5)
    except urllib.error.HTTPError as error:
        return error.code == 401  # it answers, and wants a signature
    except OSError:
        return False
    return True


def free_ports(count: int) -> list[int]:
    import socket

    probes = [socket.socket() for _port in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


# ---------------------------------------------------------------- from nothing


def test_two_parties_start_a_programme_from_nothing_and_exchange_by_courier(tmp_path: Path) -> None:
    start(tmp_path)
    said = paraph(tmp_path, "person add --home by --name novik --role head --title en=Head ru=Глава")
    assert re.search(r"with the password \S{12,}", said)

    paraph(tmp_path, "bundle write --home by --to RU minsk.zip")
    said = paraph(tmp_path, "bundle read --home ru minsk.zip")

    assert "2 new entries, 0 known" in said
    assert "0 new entries, 2 known" in paraph(tmp_path, "bundle read --home ru minsk.zip")
    audit = paraph(tmp_path, "audit --home ru")
    assert "BY, 2 entries" in audit
    assert "RU, 1 entries" in audit
    assert "OK every signature holds" in audit
    assert "OK the signed heads hold" in paraph(tmp_path, "audit --home ru --trusted")
    programme = json.loads(paraph(tmp_path, "export --home ru"))
    assert programme["as_of"] == {"BY": 2, "RU": 1}


def test_join_refuses_another_fingerprint_and_leaves_the_home_as_it_was(tmp_path: Path) -> None:
    paraph(tmp_path, "card --home ru --party RU --name Russia")
    paraph(tmp_path, "init --home by --party BY --name Belarus --with ru/card.json")

    said = paraph(tmp_path, f"join --home ru --charter by/charter.json --fingerprint {'0' * 64}", code=2)

    assert "the fingerprints differ: do not join" in said
    assert not (tmp_path / "ru" / "charter.json").exists()
    assert "give --fingerprint" in paraph(tmp_path, "join --home ru --charter by/charter.json", code=2)


def test_who_has_joined_before_brings_the_log_back_instead(tmp_path: Path) -> None:
    by, ru = free_ports(2)
    fingerprint = start(tmp_path, by=by, ru=ru)
    paraph(tmp_path, "bundle write --home ru --to BY moscow.zip")
    paraph(tmp_path, "bundle read --home by moscow.zip")
    lost = shutil.ignore_patterns("node.sqlite3*", "heads", "charter.json")
    shutil.copytree(tmp_path / "ru", tmp_path / "again", ignore=lost)

    with serving(tmp_path, "by"):
        said = paraph(
            tmp_path, f"join --home again --charter by/charter.json --fingerprint {fingerprint}", code=2
        )
        assert "BY holds 1 entries of the log of RU" in said
        assert "This node writes again" in paraph(tmp_path, "recover --home again")

    assert "RU, 1 entries" in paraph(tmp_path, "audit --home again")


def test_a_party_that_lost_all_goes_on_with_its_root_keys(tmp_path: Path) -> None:
    start(tmp_path)
    paraph(tmp_path, "card --home new --party RU --name Russia")
    options = "--charter by/charter.json --anew --root ru/root/1.key"

    waits = paraph(tmp_path, f"recover --home new {options}", code=1)
    said = paraph(tmp_path, f"recover --home new {options} --without BY")

    assert "BY has not been asked" in waits and "This node does not write yet" in waits
    assert "The root keys of RU say that the history held here stands" in said
    assert "This node writes again" in said
    paraph(tmp_path, "bundle write --home new --to BY moscow.zip")
    assert "1 new entries" in paraph(tmp_path, "bundle read --home by moscow.zip")
    assert "RU, 1 entries" in paraph(tmp_path, "audit --home by")
    assert "OK every signature holds" in paraph(tmp_path, "audit --home new")


def test_a_signature_made_elsewhere_goes_on_record_and_out_again(tmp_path: Path) -> None:
    start(tmp_path)
    paraph(tmp_path, "person add --home by --name novik --role head --password long-enough-1")
    secret = str(tmp_path / "password")
    (tmp_path / "password").write_text("long-enough-1")
    (tmp_path / "minister.p7s").write_bytes(b"a detached signature")
    check = '["python3", "-c", "import sys; print(open(sys.argv[1]).read() == \'ab\' * 32)", "{content}"]'
    with (tmp_path / "by" / "node.toml").open("a") as settings_file:
        settings_file.write(f"[signatures]\nverify = {check}\n")
    about = f"--fingerprint {'AB' * 32} --form cms minister.p7s"

    said = paraph(tmp_path, f"attest add --home by --name novik {about}", PARAPH_PASSPHRASE_FILE=secret)
    assert "The signature is on record: BY:2" in said
    assert f"BY:2  {'ab' * 32}  cms  minister.p7s" in paraph(tmp_path, "attest list --home by")
    paraph(tmp_path, "attest export --home by --entry BY:2 out.p7s")
    verified = paraph(tmp_path, "attest verify --home by --entry BY:2")

    assert (tmp_path / "out.p7s").read_bytes() == b"a detached signature"
    assert "True" in verified and "exit code 0" in verified
    [found] = json.loads(paraph(tmp_path, "export --home by"))["attested"]
    assert found["entry"] == "BY:2" and found["fingerprint"] == "ab" * 32
    assert "holds no signature" in paraph(tmp_path, "attest export --home by --entry BY:1 x", code=2)
    assert "is no delegate" in paraph(tmp_path, f"attest add --home by --name nobody {about}", code=2)
    (tmp_path / "password").write_text("another password")
    wrong = paraph(
        tmp_path, f"attest add --home by --name novik {about}", code=2, PARAPH_PASSPHRASE_FILE=secret
    )
    assert "does not open the key" in wrong


def test_quotas_of_the_charter_are_enforced_by_every_node(tmp_path: Path) -> None:
    paraph(tmp_path, "card --home ru --party RU --name Russia")
    paraph(tmp_path, "init --home by --party BY --name Belarus --with ru/card.json --most-entries 2")
    paraph(tmp_path, "person add --home by --name novik --role head")

    said = paraph(tmp_path, "person add --home by --name lis --role head", code=2)

    assert "the charter allows 2 entries in a log" in said
    assert "at least 1" in paraph(
        tmp_path, "init --home kz --party KZ --name Kazakhstan --with ru/card.json --most-entries 0", code=2
    )


def test_a_charter_with_other_keys_is_not_joined(tmp_path: Path) -> None:
    fingerprint = start(tmp_path)
    paraph(tmp_path, "card --home false --party RU --name Russia")

    said = paraph(
        tmp_path, f"join --home false --charter by/charter.json --fingerprint {fingerprint}", code=2
    )

    assert "names other keys of RU" in said


def test_several_root_keys_sign_together(tmp_path: Path) -> None:
    paraph(tmp_path, "card --home ru --party RU --name Russia --roots 3 --threshold 2")
    paraph(
        tmp_path,
        "init --home by --party BY --name Belarus --roots 3 --threshold 2 --with ru/card.json",
    )

    said = paraph(tmp_path, "person add --home by --name novik --role delegate --root by/root/1.key", code=2)

    assert "1 root keys signed, 2 are needed" in said
    paraph(
        tmp_path,
        "person add --home by --name novik --role delegate --root by/root/1.key by/root/3.key",
    )


def test_a_lost_password_is_renewed_with_a_new_key(tmp_path: Path) -> None:
    start(tmp_path)
    paraph(tmp_path, "person add --home by --name novik --role head --password first-password")

    paraph(tmp_path, "person renew --home by --name novik --password second-password")

    assert "BY, 4 entries" in paraph(tmp_path, "audit --home by")


def test_a_home_is_found_by_its_name_in_the_folder_of_homes(tmp_path: Path) -> None:
    homes = tmp_path / "homes"

    paraph(tmp_path, "card --home ru --party RU --name Russia", PARAPH_HOME=str(homes))

    assert (homes / "ru" / "card.json").exists()


# ---------------------------------------------------------------- what an audit finds


def test_an_audit_finds_a_changed_byte(tmp_path: Path) -> None:
    start(tmp_path)
    with sqlite3.connect(tmp_path / "by" / "node.sqlite3") as database:
        (note,) = database.execute("select note from node_entryrow where log = 'BY'").fetchone()
        changed = note.replace(b'"at":"2', b'"at":"3')
        database.execute("update node_entryrow set note = ? where log = 'BY'", [changed])

    assert "FAULT BY entry 0" in paraph(tmp_path, "audit --home by", code=1)
    assert "FAULT" in paraph(tmp_path, "audit --home by --trusted", code=1)


def test_an_audit_finds_that_the_database_is_an_old_copy(tmp_path: Path) -> None:
    start(tmp_path)
    old = (tmp_path / "by" / "node.sqlite3").read_bytes()
    paraph(tmp_path, "person add --home by --name novik --role head")
    for name in ("node.sqlite3-wal", "node.sqlite3-shm"):
        (tmp_path / "by" / name).unlink(missing_ok=True)
    (tmp_path / "by" / "node.sqlite3").write_bytes(old)

    said = paraph(tmp_path, "audit --home by", code=1)
    refused = paraph(tmp_path, "person add --home by --name other --role head", code=2)

    assert "an old copy" in said
    assert "Nothing is written until `paraph recover`" in refused


# ---------------------------------------------------------------- one clear sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("serve --home nowhere", "there is no node in nowhere"),
        ("audit --home nowhere", "there is no node in nowhere"),
        ("card --home x --name X", "--party or --observer"),
        ("card --home x --party by --name X", "2 to 8 capital letters"),
        ("init --home x --party BY --name X --with nothing.json", "nothing.json does not exist"),
        ("serve --home by --listen 0.0.0.0:8000", "needs TLS: give --cert and --key"),
        ("serve --home by --workers 2", "several workers need PostgreSQL"),
        ("serve --home by --listen here", "is written 127.0.0.1:8000"),
        ("bundle write --home by --to XX file.zip", "the charter names no XX"),
        ("bundle write --home by --to RU gone/a.zip", "there is no folder gone: make it first"),
        ("backup --home by gone/a.tar", "there is no folder gone: make it first"),
        ("paper clean gas --home by -o gone/a.docx", "there is no folder gone: make it first"),
        ("proof entry --home by BY 0 -o gone/a.proof", "there is no folder gone: make it first"),
        ("attest export --home by --entry BY:1 gone/a.p7s", "there is no folder gone: make it first"),
        ("compare old.md new.md --docx gone/a.docx", "there is no folder gone: make it first"),
        ("compare old.md new.md --pdf gone/a.pdf", "there is no folder gone: make it first"),
        (
            "compare old.md new.md --html by/card.json/a.html",
            "there is no folder by/card.json: make it first",
        ),
        ("compare old.md new.md --html by", "by is a folder: name a file in it"),
        ("bundle read --home by by/card.json", "paraph: "),
        ("person add --home by --name n --role head --password short", "at least 10 characters"),
        ("person add --home pub --name n --role head", "has no delegates"),
        ("person renew --home by --name nobody", "nobody called nobody"),
        (
            "init --home by --party BY --name X --with ru/card.json",
            "belongs to a programme already",
        ),
        ("card --home by --party BY --name X", "has keys already"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(joined: Path, words: str, sentence: str) -> None:
    said = paraph(joined, words, code=2)

    assert sentence in said
    assert len(said.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes")
    start(folder)
    return folder


def test_help_teaches_by_examples() -> None:
    said = paraph(Path.cwd(), "--help")

    for command in (
        "card",
        "init",
        "join",
        "person",
        "serve",
        "exchange",
        "bundle",
        "audit",
        "export",
    ):
        assert f"  paraph {command}" in said


def test_a_home_without_a_programme_says_what_to_do(tmp_path: Path) -> None:
    paraph(tmp_path, "card --home ru --party RU --name Russia")

    said = paraph(tmp_path, "serve --home ru", code=2)

    assert "belongs to no programme yet" in said


# ---------------------------------------------------------------- forecasts


def test_a_forecast_goes_on_record_and_the_other_node_reproduces_it(tmp_path: Path) -> None:
    start(tmp_path)
    for home in ("by", "ru"):
        paraph(tmp_path, f"person add --home {home} --name {home}.head --role head --password long-enough-1")
    (tmp_path / "password").write_text("long-enough-1")
    secret = str(tmp_path / "password")
    open_road_map(tmp_path / "by", "by.head")
    said = paraph(
        tmp_path,
        "outlook forecast --home by --by 2040-01-01 --futures 300 --publish by.head",
        PARAPH_PASSPHRASE_FILE=secret,
    )
    for line in ("agreed  ", "agreed:gas  ", "by 2040-01-01", "On record: BY:"):
        assert line in said

    paraph(tmp_path, "bundle write --home by --to RU minsk.zip")
    paraph(tmp_path, "bundle read --home ru minsk.zip")
    told = paraph(tmp_path, "outlook ledger --home ru")

    sets = paraph(tmp_path, "outlook together 1 --home by --by 2040-01-01 --futures 300").splitlines()
    assert sets[0].startswith("Sets of 1: 1. Likelier by 2040-01-01")
    assert sets[1].endswith("  gas")
    assert len(re.findall("reproduced$", told, re.MULTILINE)) == 2
    assert "0 known, 2 open, 0 months without one" in told
    assert "differs" not in told


def test_what_experts_estimate_is_not_put_on_record(joined: Path) -> None:
    said = paraph(joined, "outlook forecast --home by --estimate gas=1,2,3 --publish novik", code=2)

    assert "stays here" in said
    assert "no estimate like" in paraph(joined, "outlook forecast --home by --estimate gas=soon", code=2)


def open_road_map(home: Path, username: str) -> None:
    """Propose a road map at a node, as a delegate whose password is in the file `password` beside it."""
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from paraph.node.startup import open_journal\n"
        "journal = open_journal(Path(sys.argv[1]))\n"
        "from paraph.acts import Propose\nfrom paraph.node.models import Person\n"
        "from paraph.node.people import closing_key\n"
        "key = closing_key(Person.objects.get(username=sys.argv[2]), 'long-enough-1')\n"
        "journal.record([Propose('card:gas', {'number': 1, 'title': {'ru': 'Газ'}})], [key])\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(home), username], env=ENVIRONMENT, check=True, timeout=60
    )


# ---------------------------------------------------------------- running nodes


def test_nodes_answer_and_exchange_by_themselves(tmp_path: Path, database: Callable[[], str]) -> None:
    by, ru, pub = free_ports(3)
    start(tmp_path, database, by=by, ru=ru, pub=pub)

    with serving(tmp_path, "by"), serving(tmp_path, "ru"):
        paraph(tmp_path, "person add --home by --name novik --role head")
        lines = paraph(tmp_path, "audit --home by").splitlines()
        head = next(line for line in lines if "BY," in line)  # with or without an acknowledgement
        deadline = time.monotonic() + 30
        while head not in paraph(tmp_path, "audit --home ru"):
            assert time.monotonic() < deadline
        assert "RU: in step" in paraph(tmp_path, "exchange --home by", code=1)


def test_the_first_request_after_the_start_is_answered(tmp_path: Path) -> None:
    by, ru, pub = free_ports(3)
    start(tmp_path, by=by, ru=ru, pub=pub)
    prog = read_charter((tmp_path / "by" / "charter.json").read_bytes()).prog
    key = open_home(tmp_path / "ru").node_key()

    with serving(tmp_path, "by", asked="") as address:
        given = sign(Request("GET", "heads"), key, prog, "RU", "BY")
        time.sleep(0.1)
        request = urllib.request.Request(f"{address}/exchange/heads", headers=dict(given.headers))
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200


def test_a_taken_port_is_said_at_once(tmp_path: Path) -> None:
    by, ru, pub = free_ports(3)
    start(tmp_path, by=by, ru=ru, pub=pub)

    with serving(tmp_path, "by"):
        said = paraph(tmp_path, "serve --home by", code=2)

    assert f"port {by} of 127.0.0.1 cannot be used" in said


@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
def test_a_node_on_postgresql_serves_with_several_workers(tmp_path: Path) -> None:
    server = Server()
    try:
        by, ru = free_ports(2)
        paraph(tmp_path, f"card --home ru --party RU --name Russia --listen 127.0.0.1:{ru}")
        paraph(
            tmp_path,
            f"init --home by --party BY --name Belarus --with ru/card.json --listen 127.0.0.1:{by}"
            f" --database {server.address}",
        )
        with serving(tmp_path, "by", "--workers 2"):
            paraph(tmp_path, "person add --home by --name novik --role head")
        assert "BY, 2 entries" in paraph(tmp_path, "audit --home by")
    finally:
        server.stop()


# ---------------------------------------------------------------- new keys


def test_a_party_hands_over_to_new_keys_and_goes_on(tmp_path: Path) -> None:
    start(tmp_path)
    before = (tmp_path / "by" / "node.key").read_text()

    said = paraph(tmp_path, "rotate --home by --node --roots 3 --threshold 2")
    paraph(tmp_path, "person add --home by --name novik --role head")
    paraph(tmp_path, "bundle write --home by --to RU minsk.zip")
    read = paraph(tmp_path, "bundle read --home ru minsk.zip")

    assert "now those of version 1" in said
    assert "3 new entries" in read
    assert (tmp_path / "by" / "node.key").read_text() != before
    assert len(list((tmp_path / "by" / "root").glob("*.key"))) == 3
    assert len(list((tmp_path / "by" / "root.replaced-1").glob("*.key"))) == 1
    assert not (tmp_path / "by" / "next").exists()
    for home in ("by", "ru"):
        assert "OK every signature holds" in paraph(tmp_path, f"audit --home {home}")
        assert "OK the signed heads hold" in paraph(tmp_path, f"audit --home {home} --trusted")


def test_replaced_root_keys_certify_nobody(tmp_path: Path) -> None:
    start(tmp_path)
    paraph(tmp_path, "rotate --home by --roots 1")

    said = paraph(
        tmp_path,
        "person add --home by --name novik --role head --root by/root.replaced-1/1.key",
        code=2,
    )

    assert "only the root keys of BY may do this" in said


def test_a_rotation_cut_short_after_its_entry_is_completed_at_the_next_start(tmp_path: Path) -> None:
    start(tmp_path)
    old = (tmp_path / "by" / "node.key").read_bytes(), (tmp_path / "by" / "root" / "1.key").read_bytes()
    paraph(tmp_path, "rotate --home by --node --roots 1")
    home = tmp_path / "by"
    (home / "next" / "root").mkdir(parents=True)  # as it lay before the last step
    (home / "node.key").rename(home / "next" / "node.key")
    (home / "root" / "1.key").rename(home / "next" / "root" / "1.key")
    for path, key in zip((home / "node.key", home / "root" / "1.key"), old, strict=True):
        path.write_bytes(key)
        path.chmod(0o600)

    paraph(tmp_path, "person add --home by --name novik --role head")

    assert not (home / "next").exists()
    assert "OK every signature holds" in paraph(tmp_path, "audit --home by")


def test_a_rotation_says_what_it_replaces(tmp_path: Path) -> None:
    start(tmp_path)

    assert "--node, --roots or both" in paraph(tmp_path, "rotate --home by", code=2)
    assert "at most all of them" in paraph(tmp_path, "rotate --home by --roots 2 --threshold 3", code=2)


def test_root_keys_say_which_of_two_histories_stands_and_the_other_party_accepts(tmp_path: Path) -> None:
    start(tmp_path)
    paraph(tmp_path, "bundle write --home by --to RU before.zip")
    paraph(tmp_path, "bundle read --home ru before.zip")
    shutil.copytree(tmp_path / "by", tmp_path / "copy")
    paraph(tmp_path, "recover --home copy --without RU")  # against the advice that it prints
    paraph(tmp_path, "person add --home by --name novik --role head")
    paraph(tmp_path, "person add --home copy --name lis --role head")
    for home in ("by", "copy"):
        paraph(tmp_path, f"bundle write --home {home} --to RU {home}.zip")
    paraph(tmp_path, "bundle read --home ru by.zip")

    assert "two histories" in paraph(tmp_path, "bundle read --home ru copy.zip", code=2)
    assert "Two histories of the log of BY" in paraph(tmp_path, "audit --home ru")
    assert "have not said which" in paraph(tmp_path, "accept --home ru --log BY", code=2)
    assert "no other party" in paraph(tmp_path, "accept --home ru --log RU", code=2)

    paraph(tmp_path, "rotate --home by --node --stands")
    paraph(tmp_path, "bundle write --home by --to RU by.zip")
    paraph(tmp_path, "bundle read --home ru by.zip")
    said = paraph(tmp_path, "accept --home ru --log BY")

    assert "RU accepts the history of BY" in said
    assert "Two histories" not in paraph(tmp_path, "audit --home ru")
