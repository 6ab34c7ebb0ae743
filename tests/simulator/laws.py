"""What must hold, whatever goes wrong?"""

import base64
from typing import Any

from paraph.record.merkle import Tree, leaf_hash
from paraph.state import closing
from paraph.state.programme import Programme
from tests.simulator.world import GAS, WATCHER, World


class Laws:
    """Watches a world, and says in words what was broken."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._published: dict[tuple[str, int], bytes] = {}
        self._looked: dict[tuple[str, str], int] = {}
        self._states: dict[tuple[tuple[str, int], ...], Any] = {}
        self._restored = 0
        self._bound: dict[tuple[str, int], set[tuple[str, str]]] = {}

    def check(self) -> None:
        """After a step."""
        self._forget_what_all_have_lost()
        self.entries_published_stay()
        for node in self.world.nodes.values():
            if node.journal is not None and node.code != WATCHER:
                programme = node.journal.programme()
                self.equal_sets_give_equal_states(node.code, programme)
                self.bound_stays_bound(node.code, node.restored, programme)
        self.receipts_tell_the_truth()

    def _forget_what_all_have_lost(self) -> None:
        """Where the disks of all who held an entry were set back, nobody can have it any more."""
        restored = sum(node.restored for node in self.world.nodes.values())
        if restored == self._restored:
            return
        self._restored = restored
        parties = [self.world.nodes[code] for code in self.world.codes]
        self._published = {
            (log, n): leaf
            for (log, n), leaf in self._published.items()
            if any(n < len(node.disk.rows.get(log, ())) for node in parties)
        }

    def entries_published_stay(self) -> None:
        """What another node holds durably is the same everywhere."""
        for node in map(self.world.nodes.__getitem__, self.world.codes):
            for log, rows in node.disk.rows.items():
                start = self._looked.get((node.code, log), 0)
                for row in rows[min(start, len(rows)) :]:
                    leaf = leaf_hash(row.note)
                    known = self._published.get((log, row.n))
                    assert known in (None, leaf), f"{node.code} holds another {log} entry {row.n}"
                    if node.code != log:
                        self._published[log, row.n] = leaf
                self._looked[node.code, log] = 0 if node.code == log else len(rows)

    def equal_sets_give_equal_states(self, code: str, programme: Programme) -> None:
        """Nodes that hold the same entries see the same programme."""
        sizes = tuple(sorted(programme.sizes().items()))
        state = told(programme)
        known = self._states.setdefault(sizes, state)
        assert known == state, f"{code} sees another programme than others did with {sizes}"

    def bound_stays_bound(self, code: str, restored: int, programme: Programme) -> None:
        """What was bound stays bound, and no two texts are bound after one closing."""
        now = {(one.after, one.text) for one in closing.closings(programme, GAS)}
        before = self._bound.get((code, restored), set())
        assert before <= now, f"{code} has lost a closing"
        self._bound[code, restored] = now
        everywhere = set().union(*self._bound.values())
        places = [after for after, _text in everywhere]
        assert len(set(places)) == len(places), "two texts are bound in one place"

    def receipts_tell_the_truth(self) -> None:
        """Who vouched for a head holds those entries, with their contents, unless it was restored since."""
        for node in map(self.world.nodes.__getitem__, self.world.codes):
            for (log, code), (size, raw) in node.disk.receipts.items():
                witness = self.world.nodes[code]
                if witness.restored:
                    continue
                rows = witness.disk.rows.get(log, [])
                assert len(rows) >= size, f"{code} vouched for {size} entries of {log}, and holds {len(rows)}"
                tree = Tree()
                tree.extend(leaf_hash(row.note) for row in rows[:size])
                root = base64.b64encode(tree.root()).decode()
                assert raw.split(b"\n")[2].decode() == root, f"{code} vouched for another history of {log}"

    def at_the_end(self) -> None:
        """All is mended and exchanged: nothing is lost, and all see the same."""
        self.check()
        parties = [self.world.nodes[code] for code in self.world.codes]
        sizes = {node.code: {log: len(rows) for log, rows in node.disk.rows.items()} for node in parties}
        assert len({tuple(sorted(one.items())) for one in sizes.values()}) == 1, f"not in step: {sizes}"
        for (log, n), leaf in self._published.items():
            for node in parties:
                rows = node.disk.rows[log]
                assert n < len(rows) and leaf_hash(rows[n].note) == leaf, f"{node.code} lost {log} entry {n}"
        self.all_is_vouched_for()
        self.observer_learns_no_words()

    def all_is_vouched_for(self) -> None:
        """In the end every party has vouched for all entries of every other."""
        for code in self.world.codes:
            node = self.world.nodes[code]
            for other in set(self.world.codes) - {code}:
                size = node.disk.receipts.get((code, other), (0, b""))[0]
                held = len(node.disk.rows[code])
                assert size == held, f"{other} has vouched for {size} of {held} entries of {code}"

    def observer_learns_no_words(self) -> None:
        """Nothing of a closed act reaches the observer."""
        node = self.world.nodes[WATCHER]
        for line in node.lines.values():
            for body in line.carried:
                assert "тариф".encode() not in body and b"scrutiny" not in body, "the observer reads words"
        assert all(row.content is None for rows in node.disk.rows.values() for row in rows)


def told(programme: Programme) -> Any:
    """A programme as far as it must be the same everywhere."""
    return (
        sorted((place, str(reason)) for place, reason in programme.voids.items()),
        sorted(programme.proposals),
        [
            (
                party,
                sorted((about, choice.proposal, choice.direct) for about, choice in mine.choices.items()),
                sorted((name, placed.n) for name, placed in mine.stances.items()),
                sorted((about, sorted(kinds)) for about, kinds in mine.reserves.items()),
                sorted(mine.returns),
                sorted(
                    (where, [(s.text, s.placed.n) for s in stands]) for where, stands in mine.stands.items()
                ),
                sorted((where, [one.n for one in seals]) for where, seals in mine.seals.items()),
            )
            for party, mine in programme.by.items()
        ],
        [(one.after, one.text) for one in closing.closings(programme, GAS)],
    )
