"""Fills the database of one demo node: its logs as they were written, and its people."""

import sys
from pathlib import Path

from paraph.demo.history import PARTIES
from paraph.demo.play import PASSWORD, people
from paraph.node.homes import open_home
from paraph.node.startup import prepare
from paraph.record.bundles import read_bundle
from paraph.record.checkpoints import open_checkpoint, origin
from paraph.record.keys import PublicKey, SecretKey


def fill(path: Path) -> None:
    """Keep what `seed.zip` brings; it was written by these very keys a moment ago."""
    prepare(path)
    from paraph.node.current import journal
    from paraph.node.people import create_person
    from paraph.node.stores import DatabaseStore

    home = open_home(path)
    charter = home.charter()
    bundle = read_bundle((path / "seed.zip").read_bytes())
    store = DatabaseStore(path, [party.code for party in charter.parties])
    with store.lock():
        store.save_charter(charter.encode())
        store.append(bundle.rows, bundle.blobs)
        for log, raw in bundle.checkpoints.items():
            store.keep_head(log, raw)
    if home.code not in PARTIES:
        return
    node = PublicKey(bytes.fromhex(charter.party(home.code).node))
    head = open_checkpoint(bundle.checkpoints[home.code], origin(charter.prog, home.code), node)
    store.remember_head(home.code, head.size, head.root)
    seeds = (path / "seed.keys").read_text().split()
    for one, seed in zip(people(home.code), seeds, strict=True):
        create_person(
            journal(),
            [],
            username=one.username,
            password=PASSWORD,
            role=one.role,
            titles=one.titles,
            key=SecretKey(bytes.fromhex(seed)),
        )


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
