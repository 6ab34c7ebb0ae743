"""The how-to pages are true: their commands do what they say."""

import hashlib
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.node.test_cli import ENVIRONMENT

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
HERE = {**ENVIRONMENT, "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")}


def commands(page: str) -> list[str]:
    """The commands of a page, in order."""
    return [line[2:] for line in (PAGES / page).read_text().splitlines() if line.startswith("$ ")]


class Reader:
    """Types what the pages say, in one folder; nodes listen at free ports."""

    def __init__(self, folder: Path, database: Callable[[], str]) -> None:
        self.folder = folder
        self._database = database
        self.said: dict[str, str] = {}
        self.names: dict[str, str] = {}  # what stands for an address of one's own
        self._ports: dict[str, str] = {}
        self._running: list[subprocess.Popen[bytes]] = []

    def follow(self, page: str) -> None:
        """Type every command of a page; one that ends with & runs on."""
        for command in commands(page):
            if " serve " in command and not command.endswith("&"):
                continue  # it runs until it is stopped; test_cli serves
            typed = re.sub(r"\b84\d\d\b", lambda found: self._port(found[0]), command)
            charter = self.folder / "minsk" / "charter.json"
            if charter.exists():
                fingerprint = hashlib.sha256(charter.read_bytes()).hexdigest()
                typed = typed.replace("$FINGERPRINT", fingerprint)
            for name, value in self.names.items():
                typed = typed.replace(name, value)
            if typed.endswith("&"):
                self._start(typed.removesuffix("&"))
            else:
                self.said[command] = self.type(typed)

    def type(self, command: str, code: int = 0) -> str:
        """Type one command; return what it prints. Homes lie in the database of this run."""
        words = shlex.split(command)
        if words[1] in ("card", "init", "restore") and "--database" not in words:
            words += ["--database", self._database()]
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env=HERE,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def _port(self, written: str) -> str:
        if written not in self._ports:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self._ports[written] = str(free.getsockname()[1])
        return self._ports[written]

    def _start(self, command: str) -> None:
        home = shlex.split(command)[-1]
        listen = re.search(r'listen = "(.*):(\d+)"', (self.folder / home / "node.toml").read_text())
        assert listen is not None
        self._running.append(
            subprocess.Popen([sys.executable, "-m", *shlex.split(command)], cwd=self.folder, env=HERE)
        )
        for _try in range(300):
            with socket.socket() as line:
                if line.connect_ex((listen[1], int(listen[2]))) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"{command} does not listen")

    def end(self) -> None:
        """End what was started."""
        for process in self._running:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def reading(folder: Path, database: Callable[[], str] = lambda: "sqlite") -> Iterator[Reader]:
    reader = Reader(folder, database)
    try:
        yield reader
    finally:
        reader.end()


def test_two_parties_start_a_programme_by_the_how_to(tmp_path: Path, database: Callable[[], str]) -> None:
    with reading(tmp_path, database) as reader:
        reader.follow("start-a-programme.md")

    assert "OK every signature holds" in reader.said["paraph audit --home moscow"]
    assert "RU, 2 entries" in reader.said["paraph audit --home moscow"]
    assert "2 new entries" in reader.said["paraph bundle read --home moscow minsk.zip"]


def test_a_courier_carries_the_record_by_the_how_to(tmp_path: Path, database: Callable[[], str]) -> None:
    with reading(tmp_path, database) as reader:
        reader.follow("start-a-programme.md")
        reader.type('paraph person add --home minsk --name kovalev --role delegate --title "en=Adviser"')
        reader.follow("carry-by-courier.md")
        again = reader.type("paraph bundle read --home moscow minsk.zip")

    assert "2 new entries, 4 known" in reader.said["paraph bundle read --home moscow minsk.zip"]
    assert "0 new entries" in again


def test_a_node_comes_back_after_a_loss_by_the_how_to(tmp_path: Path, database: Callable[[], str]) -> None:
    with reading(tmp_path, database) as reader:
        reader.follow("start-a-programme.md")
        reader.follow("come-back-after-a-loss.md")
        lost = reader.type("paraph restore --home minsk-old minsk.backup")
        refused = reader.type("paraph person add --home minsk-old --name petrov --role delegate", code=2)

    assert "It does not write yet" in lost
    assert "cannot tell whether its copy of the own log is whole" in refused
    recovered = reader.said["paraph recover --home minsk-new"]
    assert "2 entries of the own log came back" in recovered
    assert "This node writes again" in recovered
    assert "OK every signature holds" in reader.said["paraph audit --home minsk-new"]
