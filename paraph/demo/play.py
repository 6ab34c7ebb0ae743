"""Plays the demo: three nodes on this machine, Minsk, Moscow and an observer."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from paraph.acts import Delegate, Found, Join
from paraph.demo.facts import DAY
from paraph.demo.history import MINSK, PARTIES, History, Side, carry
from paraph.node.errors import HomeError
from paraph.node.homes import Home, open_home, write_key, write_private
from paraph.node.journal import Journal
from paraph.record.bundles import write_bundle
from paraph.record.charter import Charter, Observer, Party
from paraph.record.keys import SecretKey
from paraph.record.stores import MemoryStore

FIRST_PORT = 8021
PASSWORD = "paraph-demo"
READY = "ready"  # the file that says that a demo home is whole
NAMES = {
    "BY": {"en": "Belarus", "ru": "Республика Беларусь"},
    "RU": {"en": "Russia", "ru": "Российская Федерация"},
    "PUB": {"en": "Public observer", "ru": "Публичный наблюдатель"},
}
PROGRAMME = {"en": "Union State programme", "ru": "Программа Союзного государства"}
START = {"": "2021-02-23T09:00:00", "2021": "2021-11-05T09:00:00"}


@dataclass(frozen=True)
class Role:
    """One of the demo people of a party; invented, and named by role."""

    username: str
    role: str
    titles: dict[str, str]


def people(party: str) -> list[Role]:
    """The demo people of a party."""
    who = {"BY": ("Belarus", "Беларуси"), "RU": ("Russia", "России")}[party]
    low = party.lower()
    return [
        Role(f"{low}.head", "head", _titles("Head of delegation", "Глава делегации", who)),
        Role(f"{low}.delegate", "delegate", _titles("Delegate", "Член делегации", who)),
        Role(f"{low}.viewer", "viewer", _titles("Viewer", "Наблюдатель делегации", who)),
        Role(f"{low}.admin", "administrator", _titles("Administrator", "Администратор", who)),
    ]


def _titles(english: str, russian: str, who: tuple[str, str]) -> dict[str, str]:
    return {"en": f"{english}, {who[0]}", "ru": f"{russian} {who[1]}"}


# ---------------------------------------------------------------- the command


def play(*, fresh: bool, story: str | None) -> int:
    """Prepare what is missing, start the three nodes, and wait for Ctrl-C."""
    room = Path(os.environ.get("PARAPH_HOME") or Path.home() / ".paraph")
    room = room / (f"story-{story}" if story else "demo")
    first = _first_port()
    ports = {code: first + place for place, code in enumerate(("BY", "RU", "PUB"))}
    _check_ports(list(ports.values()))
    if fresh and room.exists():
        _remove(room)
    if not (room / READY).exists():
        if room.exists():
            _remove(room)
        prepare(room, ports, story or "", print)
    addresses = {code: f"http://127.0.0.1:{port}" for code, port in ports.items()}
    for code in ports:
        home = open_home(room / code)
        home.listen = f"127.0.0.1:{ports[code]}"
        home.peers = {
            peer: address for peer, address in addresses.items() if peer in PARTIES and peer != code
        }
        home.write()
    return _run(room, addresses)


def _first_port() -> int:
    given = os.environ.get("PARAPH_DEMO_PORT") or str(FIRST_PORT)
    if not given.isdigit() or not 1024 <= int(given) <= 65_000:
        raise HomeError("PARAPH_DEMO_PORT is a number between 1024 and 65000")
    return int(given)


def _check_ports(ports: list[int]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise HomeError(
                    f"port {port} is taken; stop what uses it, or set PARAPH_DEMO_PORT to another number"
                ) from None


def _remove(room: Path) -> None:
    """Remove a demo home, and nothing that is none."""
    expected = {"BY", "RU", "PUB", READY}
    if {path.name for path in room.iterdir()} - expected:
        raise HomeError(f"{room} holds something that is not a demo; choose another PARAPH_HOME")
    shutil.rmtree(room)


def _run(room: Path, addresses: dict[str, str]) -> int:
    """Start one process a node, say where they are, and end them on Ctrl-C."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    nodes = {code: _start(room / code) for code in addresses}
    try:
        _wait(addresses, nodes, room, stopping)
        if not stopping:
            _announce(addresses)
        while not stopping:
            for code, node in nodes.items():
                if node.poll() is not None:
                    raise HomeError(f"the node {code} stopped; {room / code / 'serve.log'} says why")
            time.sleep(0.2)
        print("\nStopping. What was done is kept; `make demo FRESH=1` starts over.", flush=True)
    finally:
        for node in nodes.values():
            node.terminate()
        for node in nodes.values():
            try:
                node.wait(timeout=8)
            except subprocess.TimeoutExpired:
                node.kill()
    return 0


def _start(home: Path) -> "subprocess.Popen[bytes]":
    log = (home / "serve.log").open("wb")
    environment = {**os.environ, "PARAPH_NODE_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-m", "paraph", "serve", "--home", str(home)],
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C reaches us; we end the nodes
    )


def _wait(
    addresses: dict[str, str],
    nodes: "dict[str, subprocess.Popen[bytes]]",
    room: Path,
    stopping: list[int],
) -> None:
    """Until each node answers."""
    deadline = time.monotonic() + 60
    left = dict(addresses)
    while left and not stopping:
        for code, address in list(left.items()):
            if nodes[code].poll() is not None:
                last = (room / code / "serve.log").read_text(errors="replace").strip().splitlines()
                raise HomeError(f"the node {code} did not start: {last[-1] if last else 'no reason given'}")
            try:
                with urllib.request.urlopen(address + "/", timeout=5) as answer:
                    if answer.status == 200:
                        del left[code]
            except (urllib.error.URLError, OSError):
                pass
        if time.monotonic() > deadline:
            raise HomeError(f"the nodes {', '.join(left)} do not answer; see serve.log in {room}")
        time.sleep(0.05)


def _announce(addresses: dict[str, str]) -> None:
    print("\nThe Union State on 23 February 2021, a reconstruction. Three nodes are running:\n")
    for code, where in (("BY", "Minsk"), ("RU", "Moscow"), ("PUB", "Public observer")):
        print(f"  {where:16} {addresses[code]}")
    print(f"\nSign in with one of these names and the password {PASSWORD}\n")
    for party in PARTIES:
        for one in people(party):
            print(f"  {one.username:14} {one.role:14} {one.titles['en']}")
    print("\nCtrl-C ends the demo and keeps what was done.", flush=True)


# ---------------------------------------------------------------- preparing


def prepare(room: Path, ports: dict[str, int], story: str, say: Callable[[str], None]) -> None:
    """Make the three homes: keys, charter, the history act by act, databases, people."""
    begun = time.monotonic()
    say("Preparing the demo: keys and charter")
    compiling = subprocess.Popen([sys.executable, "-m", "paraph.outlook.warm"])
    nodes = {code: SecretKey.generate() for code in ports}
    roots = {party: SecretKey.generate() for party in PARTIES}
    keys = {one.username: SecretKey.generate() for party in PARTIES for one in people(party)}
    charter = found(ports, nodes, roots)
    start = datetime.fromisoformat(START[story]).replace(tzinfo=MINSK)
    for code in ports:
        home = Home(
            room / code,
            code,
            code not in PARTIES,
            f"127.0.0.1:{ports[code]}",
            secret=SecretKey.generate().seed.hex(),
            clock_start=start.isoformat(),
            clock_started=time.time(),
            demo=True,
        )
        home.write()
        write_key(home.path / "node.key", nodes[code])
        write_private(home.path / "charter.json", charter.encode())
        if code in PARTIES:
            write_key(home.path / "root" / "1.key", roots[code])
    say("Playing the talks since September 2019, act by act")
    history = begin(charter, nodes, roots, keys)
    history.play(DAY)
    if story:
        say("Playing what came after, February to November 2021")
        history.play("2021-12-31", since=DAY)
    observer = Journal(MemoryStore(), charter, me=None, node_key=nodes["PUB"])
    carry(history.sides["BY"].journal, observer, history.now)
    journals = {**{party: side.journal for party, side in history.sides.items()}, "PUB": observer}
    say("Filling the databases")
    _fill(room, journals, keys)
    if compiling.poll() is None:
        say("Compiling the outlook")
    if compiling.wait() != 0:
        raise HomeError("the outlook could not be compiled; `paraph outlook forecast` says why")
    (room / READY).write_text("")
    say(f"Prepared in {time.monotonic() - begun:.0f} s")


def found(
    ports: dict[str, int],
    nodes: dict[str, SecretKey],
    roots: dict[str, SecretKey],
    authentic: tuple[str, ...] = ("ru",),
) -> Charter:
    """The charter of the demo; what is not authentic of Russian and English is a working language."""
    return Charter(
        PROGRAMME,
        [
            Party(
                party,
                NAMES[party],
                [roots[party].public.hex],
                1,
                nodes[party].public.hex,
                f"http://127.0.0.1:{ports.get(party, 0)}",
            )
            for party in PARTIES
        ],
        list(authentic),
        "2019-09-06",
        SecretKey.generate().seed.hex(),
        [language for language in ("ru", "en") if language not in authentic],
        [Observer("PUB", NAMES["PUB"], nodes["PUB"].public.hex, f"http://127.0.0.1:{ports.get('PUB', 0)}")],
        ["stages"],
        {},
        ["reconstruction"],
    )


def begin(
    charter: Charter,
    nodes: dict[str, SecretKey],
    roots: dict[str, SecretKey],
    keys: dict[str, SecretKey],
) -> History:
    """Both logs with their first entries and the full powers of the delegates."""
    history = History({}, tuple(charter.authentic))
    for party in PARTIES:
        journal = Journal(MemoryStore(), charter, me=party, node_key=nodes[party])
        first = Found(charter.prog) if party == "BY" else Join(charter.prog)
        grants = [
            Delegate(keys[one.username].public.hex, one.titles, one.titles, _powers(one.role))
            for one in people(party)
            if _powers(one.role)
        ]
        journal.record([first, *grants], [roots[party]], at=history.now)
        low = party.lower()
        history.sides[party] = Side(journal, keys[f"{low}.delegate"], keys[f"{low}.head"])
    history.exchange()
    return history


def _powers(role: str) -> list[str]:
    return {"delegate": ["negotiate"], "head": ["negotiate", "initial", "seal", "sign"]}.get(role, [])


def _fill(room: Path, journals: dict[str, Journal], keys: dict[str, SecretKey]) -> None:
    """Fill each node's database in a process of its own, for Django serves one home a process."""
    filling = []
    for code, journal in journals.items():
        heads = {log: raw for log in journal.heads() if (raw := journal.checkpoint(log)) is not None}
        data = write_bundle(journal.store, journal.charter.encode(), heads, contents=journal.me is not None)
        home = room / code
        (home / "seed.zip").write_bytes(data)
        if code in PARTIES:
            lines = [keys[one.username].seed.hex() for one in people(code)]
            write_private(home / "seed.keys", "\n".join(lines).encode())
        log = (home / "fill.log").open("wb")
        filling.append(
            (
                home,
                subprocess.Popen(
                    [sys.executable, "-m", "paraph.demo.fill", str(home)], stdout=log, stderr=log
                ),
            )
        )
    for home, process in filling:
        if process.wait() != 0:
            raise HomeError(f"the database of {home} could not be filled; see {home / 'fill.log'}")
        for name in ("seed.zip", "seed.keys", "fill.log"):
            (home / name).unlink(missing_ok=True)
