"""PostgreSQL as equal store: a role that changes nothing, several processes, moves there and back."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from paraph.node.exchange.messages import Request
from paraph.node.exchange.signing import sign
from paraph.node.homes import open_home
from paraph.record.charter import read_charter
from tests.node.test_cli import ENVIRONMENT, free_ports, paraph, serving, start
from tests.node.test_how_to import reading
from tests.postgresql import Server, programs

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server()
    with psycopg.connect(made.address, autocommit=True) as administrator:
        administrator.execute("create role owns login")
        administrator.execute("create role serves login")
    yield made
    made.stop()


def database(server: Server) -> tuple[str, str]:
    """A new database: its address as the role that serves, and as its owner."""
    address = server.empty()
    name = address.rpartition("/")[2]
    with psycopg.connect(server.address, autocommit=True) as administrator:
        administrator.execute(f"alter database {name} owner to owns")
    return address.replace("paraph@", "serves@"), address.replace("paraph@", "owns@")


FILL = """
from datetime import UTC, datetime
from paraph.node.startup import open_journal
from pathlib import Path
journal = open_journal(Path("by"))
from paraph.mandate.models import InternalNote
from paraph.node.models import Person
at = datetime(2021, 2, 23, tzinfo=UTC)
InternalNote.objects.create(subject="card:gas", person=Person.objects.get(), words="Секрет", at=at)
from paraph.node.homes import open_home
from paraph.record.checkpoints import origin, sign_checkpoint
from paraph.record.cosignatures import cosign, line_of, with_line
from paraph.record.notes import parse_note
own, witness = (origin(journal.charter.prog, party) for party in ("BY", "RU"))
head = sign_checkpoint(own, 1, journal.ledger.root("BY", 1), journal.node_key)
line = cosign(parse_note(head).text, witness, open_home(Path("ru")).node_key(), 1_614_060_000)
journal.store.keep_receipt("BY", "RU", 1, with_line(head, line_of(line)))
"""

READ = """
import sys
from pathlib import Path
from paraph.node.startup import prepare
prepare(Path(sys.argv[1]))
from paraph.mandate.models import InternalNote
from paraph.node.models import EntryRow, Person, PersonKey, ReceiptRow
print(sorted((n.subject, n.person.username, n.words, n.at.isoformat()) for n in InternalNote.objects.all()))
print(sorted((p.username, p.password, p.role, p.title_ru) for p in Person.objects.all()))
print(sorted((k.person.username, k.key, k.wrapped) for k in PersonKey.objects.all()))
print(sorted((r.log, r.witness, r.size, bytes(r.raw)) for r in ReceiptRow.objects.all()))
print(sorted((e.log, e.n, bytes(e.note), e.received_at.isoformat()) for e in EntryRow.objects.all()))
"""

WRITE = """
import sys
from paraph.node.startup import open_journal
from pathlib import Path
journal = open_journal(Path(sys.argv[1]))
from paraph.acts import Publish
for number in range(int(sys.argv[2])):
    journal.record([Publish(sys.argv[3], number, {"ru": "Газ"}, "coordination", "2021-02-23", {})], [])
"""


def run(folder: Path, script: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def roots(said: str) -> list[str]:
    """The lines of an audit that name charter and roots."""
    return [line for line in said.splitlines() if line[:64].isalnum() and "  " in line]


def test_a_node_moves_to_postgresql_and_back_with_equal_roots(tmp_path: Path, server: Server) -> None:
    start(tmp_path)
    paraph(tmp_path, "person add --home by --name novik --role head --title en=Head ru=Глава")
    run(tmp_path, FILL)
    before, kept = paraph(tmp_path, "audit --home by"), run(tmp_path, READ, "by")
    serves, owns = database(server)

    there = paraph(tmp_path, f"move --home by --to by-pg --database {serves} --owner {owns}")
    kept_there = run(tmp_path, READ, "by-pg")
    back = paraph(tmp_path, "move --home by-pg --to by-back --database sqlite")

    assert roots(there) == roots(back) == roots(before) != []
    assert kept_there == kept == run(tmp_path, READ, "by-back")
    assert "Секрет" in kept
    assert "has moved to" in paraph(tmp_path, "person add --home by --name lis --role head", code=2)
    assert roots(paraph(tmp_path, "audit --home by")) == roots(before)
    assert "may sign in" in paraph(tmp_path, "person add --home by-back --name lis --role head")


def test_a_node_that_runs_is_not_moved(tmp_path: Path) -> None:
    by, ru, pub = free_ports(3)
    start(tmp_path, by=by, ru=ru, pub=pub)

    with serving(tmp_path, "by"):
        said = paraph(tmp_path, "move --home by --to by-2 --database sqlite", code=2)

    assert "stop it first" in said
    assert not (tmp_path / "by-2").exists()


def test_a_move_that_cannot_end_leaves_everything_as_it_was(tmp_path: Path) -> None:
    start(tmp_path)
    address = "postgresql://serves@127.0.0.1:1/none"

    paraph(tmp_path, f"move --home by --to by-2 --database {address}", code=2)

    assert not (tmp_path / "by-2").exists()
    assert "may sign in" in paraph(tmp_path, "person add --home by --name lis --role head")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, server: Server) -> tuple[Path, str, str]:
    """The node of BY on PostgreSQL under the role that serves, in the folder `there`."""
    folder = tmp_path_factory.mktemp("moved")
    by, ru = free_ports(2)
    start(folder, by=by, ru=ru)
    serves, owns = database(server)
    paraph(folder, f"move --home by --to there --database {serves} --owner {owns}")
    return folder, serves, owns


@pytest.mark.parametrize(
    "statement",
    [
        "update node_entryrow set note = 'x'",
        "delete from node_entryrow",
        "truncate node_entryrow",
        "update node_blobrow set data = 'x'",
        "delete from node_blobrow",
        "update node_charterrow set raw = 'x'",
        "delete from node_vouchedrow",
        "delete from node_receiptrow",
        "drop table node_entryrow",
        "alter table node_entryrow disable trigger all",
        "create table other (x int)",
        "update django_migrations set name = 'x'",
    ],
)
def test_the_role_that_serves_changes_and_deletes_no_log(
    moved: tuple[Path, str, str], statement: str
) -> None:
    with (
        psycopg.connect(moved[1], autocommit=True) as line,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        line.execute(statement)


def test_a_head_that_was_vouched_for_only_goes_on(moved: tuple[Path, str, str]) -> None:
    with psycopg.connect(moved[1], autocommit=True) as line:
        line.execute("insert into node_vouchedrow (log, size, root) values ('RU', 5, 'x')")
        line.execute("update node_vouchedrow set size = 6 where log = 'RU'")
        with pytest.raises(psycopg.errors.RaiseException, match="only goes on"):
            line.execute("update node_vouchedrow set size = 4 where log = 'RU'")
    with psycopg.connect(moved[2], autocommit=True) as line:
        line.execute("delete from node_vouchedrow")


def test_without_its_tables_a_node_says_who_makes_them(tmp_path: Path, server: Server) -> None:
    serves, owns = database(server)
    paraph(tmp_path, "card --home ru --party RU --name Russia")
    words = f"--home by --party BY --name Belarus --with ru/card.json --database {serves}"

    refused = paraph(tmp_path, f"init {words}", code=2)
    made = paraph(tmp_path, f"migrate --home by --owner {owns}")

    assert "run `paraph migrate`" in refused
    assert "owns; serves serves" in made.replace("belong to ", "")


def test_two_processes_that_write_at_once_make_one_chain(moved: tuple[Path, str, str]) -> None:
    folder, count = moved[0], 15
    before = int(_entries(paraph(folder, "audit --home there")))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, "there", str(count), name], cwd=folder, env=ENVIRONMENT
        )
        for name in ("gas", "oil")
    ]

    assert [writer.wait(timeout=240) for writer in writers] == [0, 0]
    said = paraph(folder, "audit --home there")
    assert "OK every signature holds" in said
    assert int(_entries(said)) == before + 2 * count


def _entries(said: str) -> str:
    return next(line for line in said.splitlines() if "  BY, " in line).split()[2]


def test_a_request_counts_once_whichever_worker_it_reaches(moved: tuple[Path, str, str]) -> None:
    folder = moved[0]
    home, key = open_home(folder / "there"), open_home(folder / "ru").node_key()
    prog = read_charter((folder / "there" / "charter.json").read_bytes()).prog

    with serving(folder, "there", "--workers 3"):
        statuses = []
        for _request in range(5):
            given = sign(Request("GET", "heads"), key, prog, "RU", "BY")
            statuses.append(
                [_status(f"http://{home.listen}/exchange/heads", dict(given.headers)) for _ in range(12)]
            )

    assert [one.count(200) for one in statuses] == [1] * 5
    assert {status for one in statuses for status in one} == {200, 401}


def _status(address: str, headers: dict[str, str]) -> int:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers={**headers, "Connection": "close"}), timeout=20
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_node_goes_to_postgresql_by_the_how_to(tmp_path: Path, server: Server) -> None:
    serves, owns = database(server)
    with reading(tmp_path) as reader:
        reader.follow("start-a-programme.md")
        reader.names = {"$SERVES": serves, "$OWNER": owns}
        reader.follow("use-postgresql.md")

    assert "OK every signature holds" in reader.said["paraph audit --home minsk-pg"]
    assert (tmp_path / "minsk-back" / "node.sqlite3").exists()
