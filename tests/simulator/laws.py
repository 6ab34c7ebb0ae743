"""What must hold, whatever goes wrong?"""

import base64
from typing import Any

from paraph.record.ledger import Ledger
from paraph.record.merkle import Tree, leaf_hash
from paraph.state import closing, forks
from paraph.state.programme import Programme
from tests.simulator.disk import DiskStore
from tests.simulator.world import GAS, WATCHER, Node, World


class Laws:
    """Watches a world, and says in words what was broken."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._published: dict[tuple[str, int], bytes] = {}
        self._looked: dict[tuple[str, str], int] = {}
        self._states: dict[tuple[tuple[str, int, bytes], ...], Any] = {}
        self._restored = 0
        self._bound: dict[tuple[str, int], set[tuple[str, str]]] = {}

    def check(self) -> None:
        """After a step."""
        self._forget_what_all_have_lost()
        self.entries_published_stay()
        for node in self.world.honest:
            if node.journal is not None:
                programme = node.journal.programme()
                self.equal_sets_give_equal_states(node, programme)
                self.bound_stays_bound(node.code, node.restored, programme)
        self.receipts_tell_the_truth()

    def _forget_what_all_have_lost(self) -> None:
        """Where the disks of all who held an entry were set back, nobody can have it any more."""
        restored = sum(node.restored for node in self.world.nodes.values())
        if restored == self._restored:
            return
        self._restored = restored
        self._published = {
            (log, n): leaf
            for (log, n), leaf in self._published.items()
            if any(n < len(node.disk.rows.get(log, ())) for node in self.world.honest)
        }

    def entries_published_stay(self) -> None:
        """What another node holds durably is the same everywhere, in the logs of honest parties."""
        if self.world.twin is not None:
            self._published = {
                at: leaf for at, leaf in self._published.items() if at[0] != self.world.traitor
            }
        for node in self.world.honest:
            for log, rows in node.disk.rows.items():
                if self.world.twin is not None and log == self.world.traitor:
                    continue
                start = self._looked.get((node.code, log), 0)
                for row in rows[min(start, len(rows)) :]:
                    leaf = leaf_hash(row.note)
                    known = self._published.get((log, row.n))
                    assert known in (None, leaf), f"{node.code} holds another {log} entry {row.n}"
                    if node.code != log:
                        self._published[log, row.n] = leaf
                self._looked[node.code, log] = 0 if node.code == log else len(rows)

    def equal_sets_give_equal_states(self, node: Node, programme: Programme) -> None:
        """Nodes that hold the same entries see the same programme."""
        assert node.journal is not None
        ledger = node.journal.ledger
        sizes = tuple((log, size, ledger.root(log)) for log, size in sorted(ledger.sizes().items()))
        state = told(programme)
        known = self._states.setdefault(sizes, state)
        assert known == state, f"{node.code} sees another programme than others did with {ledger.sizes()}"

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
        for node in self.world.all:
            for (log, code), (size, raw) in node.disk.receipts.items():
                witness = self.world.nodes[code]
                if witness.restored or witness not in self.world.honest:
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
        self.records_hold()
        self.observer_learns_no_words()
        if self.world.twin is None:
            self.all_is_in_step()
            return
        self.two_histories_are_known()
        if self.world.settle():
            self.check()
            self.nobody_speaks_of_two_histories()
            self.all_is_in_step()

    def all_is_in_step(self) -> None:
        """All parties hold the same, nothing of it is lost, and all have vouched for it."""
        parties = [self.world.nodes[code] for code in self.world.codes]
        sizes = {node.code: {log: len(rows) for log, rows in node.disk.rows.items()} for node in parties}
        assert len({tuple(sorted(one.items())) for one in sizes.values()}) == 1, f"not in step: {sizes}"
        for (log, n), leaf in self._published.items():
            for node in parties:
                rows = node.disk.rows[log]
                assert n < len(rows) and leaf_hash(rows[n].note) == leaf, f"{node.code} lost {log} entry {n}"
        self.all_is_vouched_for()

    def records_hold(self) -> None:
        """What lies on the disks passes an audit with every signature."""
        for node in self.world.honest:
            for _entry in Ledger(self.world.charter).load(DiskStore(node.disk, node.point), trusted=False):
                pass

    def two_histories_are_known(self) -> None:
        """Two who hold different histories of a log, and have exchanged, both know it."""
        log = self.world.traitor
        held = {node.code: node.disk.rows.get(log, []) for node in self.world.honest}
        for node in self.world.honest:
            mine = held[node.code]
            for code, other in held.items():
                both = min(len(mine), len(other))
                if mine[:both] != other[:both]:
                    assert node.journal is not None
                    known = forks.open_forks(node.journal.programme(), log, node.journal.heads())
                    assert known, f"{node.code} does not know that {code} holds another history of {log}"

    def nobody_speaks_of_two_histories(self) -> None:
        """After root keys have said which stands, and all have accepted it, all of it counts again."""
        for code in self.world.codes:
            journal = self.world.nodes[code].journal
            assert journal is not None and not journal.programme().shared, f"{code} still knows two histories"

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
