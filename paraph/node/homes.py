"""What lies in a node's home folder?

node.toml      party or observer, address, database, peers, clock
charter.json   the founding paper, canonical bytes
node.key       the node's secret key (key_files.py)
root/*.key     a party's root keys, until they are moved to a safer place
node.replaced-*.key  former node keys, for peers that have not heard of the new one
next/          keys that a rotation hands over to, until it is in the log
node.sqlite3   logs and people, unless a PostgreSQL database is named
heads          the second copy of the own head
moved          where the node has moved to another database: the home that serves now
static/        what the pages need, collected at the first start
"""

import json
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from paraph.node.errors import HomeError
from paraph.node.key_files import public_of, read_key, write_key, write_private
from paraph.record.authority import Authority
from paraph.record.charter import Charter, read_charter
from paraph.record.errors import Malformed
from paraph.record.keys import NodeSigner, PublicKey

__all__ = ["Home", "open_home", "read_key", "write_key", "write_private"]


@dataclass
class Home:
    """The settings of one node."""

    path: Path
    code: str  # the party, or the observer
    observer: bool = False
    listen: str = "127.0.0.1:8000"
    database: str = "sqlite"  # or the address of a PostgreSQL database
    secret: str = ""  # for cookies and forms
    peers: Mapping[str, str] = field(default_factory=dict)  # code -> address
    certificates: Mapping[str, str] = field(default_factory=dict)  # code -> PEM file: the only one
    timestamps: Mapping[str, str] = field(default_factory=dict)  # authority, certificates, every: seconds
    signatures: Mapping[str, object] = field(default_factory=dict)  # verify: a command; seconds
    dask: str = ""  # the scheduler of one's own Dask workers, for portfolios of futures; "" for none
    clock_start: str = ""  # programme time at the first start; "" is the system clock
    clock_started: float = 0.0  # system time then, seconds
    demo: bool = False

    @property
    def me(self) -> str | None:
        """The party whose log this node writes; None for an observer."""
        return None if self.observer else self.code

    @property
    def host(self) -> str:
        """The address it listens on, without the port."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.listen.rpartition(":")[2])

    def charter(self) -> Charter:
        """The charter of the programme; HomeError where the node has joined none."""
        try:
            return read_charter((self.path / "charter.json").read_bytes())
        except FileNotFoundError:
            raise HomeError(
                f"{self.path} belongs to no programme yet; run `paraph init` or `paraph join` first"
            ) from None
        except Malformed as error:
            raise HomeError(f"{self.path / 'charter.json'} is damaged: {error}") from None

    def node_key(self) -> NodeSigner:
        """What signs for the node."""
        return read_key(self.path / "node.key")

    def find_key(self, public: PublicKey) -> NodeSigner | None:
        """What signs for a node key, where it lies in this home."""
        for path in self._node_keys():
            if public_of(path) == public:
                with suppress(HomeError):  # an older one may have a passphrase that nobody gave
                    return read_key(path, ask=False)
        return None

    def kept_keys(self) -> list[PublicKey]:
        """The node keys that lie in this home, the latest first."""
        return [public_of(path) for path in self._node_keys()]

    def _node_keys(self) -> list[Path]:
        replaced = sorted(self.path.glob("node.replaced-*.key"), reverse=True)
        found = (self.path / "node.key", self.path / "next" / "node.key", *replaced)
        return [path for path in found if path.exists()]

    def finish(self, keys: Authority) -> None:
        """Complete a rotation that was cut short after its entry came into the log."""
        fresh = sorted((self.path / "next").rglob("*.key"))
        if fresh and all(public_of(path).id in {*keys.roots, keys.node.id} for path in fresh):
            self.take_over()

    def take_over(self) -> None:
        """Put the keys of `next` in their places; those that were there are set aside."""
        fresh, roots = self.path / "next", self.path / "root"
        if (fresh / "root").exists():
            if roots.exists():
                version = len(list(self.path.glob("root.replaced-*"))) + 1
                roots.rename(self.path / f"root.replaced-{version}")
            (fresh / "root").rename(roots)
        if (fresh / "node.key").exists():
            version = len(list(self.path.glob("node.replaced-*.key"))) + 1
            held = (self.path / "node.key").read_bytes()
            write_private(self.path / f"node.replaced-{version}.key", held)
            (fresh / "node.key").replace(self.path / "node.key")
        if fresh.exists():
            fresh.rmdir()

    def write(self) -> None:
        """Write node.toml."""
        lines = [
            "# A Paraph node. Change what you need and restart it.",
            f"code = {json.dumps(self.code)}",
            f"observer = {str(self.observer).lower()}",
            f"listen = {json.dumps(self.listen)}",
            f"database = {json.dumps(self.database)}",
            f"secret = {json.dumps(self.secret)}",
            f"dask = {json.dumps(self.dask)}",
            f"clock_start = {json.dumps(self.clock_start)}",
            f"clock_started = {self.clock_started!r}",
            f"demo = {str(self.demo).lower()}",
            "",
            "[peers]",
            *(f"{code} = {json.dumps(address)}" for code, address in self.peers.items()),
            "",
            "[certificates]",
            *(f"{code} = {json.dumps(name)}" for code, name in self.certificates.items()),
            "",
            *_table("timestamps", self.timestamps),
            *_table("signatures", self.signatures),
        ]
        write_private(self.path / "node.toml", "\n".join(lines).encode())


def _table(name: str, settings: Mapping[str, object]) -> list[str]:
    return (
        [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items()), ""]
        if settings
        else []
    )


def open_home(path: Path) -> Home:
    """Read a home folder."""
    where = path / "node.toml"
    try:
        data = tomllib.loads(where.read_text())
    except FileNotFoundError:
        raise HomeError(f"there is no node in {path}; `paraph card --help` tells how to make one") from None
    except tomllib.TOMLDecodeError as error:
        raise HomeError(f"{where} cannot be read: {error}") from None
    try:
        home = Home(path=path, **data)
    except TypeError as error:
        raise HomeError(f"{where} has an unknown setting: {error}") from None
    for name, kind in _KINDS.items():
        if not isinstance(getattr(home, name), kind):
            raise HomeError(f"{where}: `{name}` has a wrong value")
    if not home.host or not home.listen.rpartition(":")[2].isdigit():
        raise HomeError(f"{where}: `listen` is written 127.0.0.1:8000")
    return home


_KINDS: dict[str, type | tuple[type, ...]] = {
    "code": str,
    "observer": bool,
    "listen": str,
    "database": str,
    "secret": str,
    "peers": dict,
    "certificates": dict,
    "timestamps": dict,
    "signatures": dict,
    "dask": str,
    "clock_start": str,
    "clock_started": (int, float),
    "demo": bool,
}
