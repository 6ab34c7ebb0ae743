"""What must hold, whatever goes wrong?"""

import base64
from functools import lru_cache
from typing import Any

from paraph.node.errors import OldDatabase, Unsure
from paraph.record.ledger import Ledger
from paraph.record.merkle import Tree
from paraph.record.merkle import leaf_hash as hash_of_leaf
from paraph.record.stores import Row
from paraph.state import closing, forks
from paraph.state.programme import Programme
from tests.simulator.disk import DiskStore
from tests.simulator.world import GAS, INTERNAL, WATCHER, Node, World, key

leaf_hash = lru_cache(100_000)(hash_of_leaf)  # the same notes are looked at after every step
Sizes = tuple[tuple[str, int, str], ...]
Texts = set[tuple[str, str]]  # of closings: what each follows, and its text


class Laws:
    """Watches a world, and says in words what was broken."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._published: dict[tuple[str, int], bytes] = {}
        self._looked: dict[tuple[str, str], int] = {}
        self._states: dict[Sizes, Any] = {}
        self._last: dict[str, Sizes] = {}  # node -> what it held when it was looked at last
        self._roots: dict[bytes, str] = {}  # leaf of the last entry -> root, as receipts write it
        self._restored = 0
        self._bound: dict[tuple[str, int], Texts] = {}
        self._final: dict[tuple[str, int], Texts] = {}
        self._closed: dict[str, str] = {}  # what a closing follows -> its text, at all nodes

    def check(self) -> None:
        """After a step."""
        self._forget_what_all_have_lost()
        self.entries_published_stay()
        for node in self.world.honest:
            if node.journal is not None:
                self.what_follows_is_the_same(node)
        self.receipts_tell_the_truth()
        for node, peer in self.world.pulled:
            self.two_histories_are_found(node, peer)
        self.world.pulled.clear()

    def what_follows_is_the_same(self, node: Node) -> None:
        """Look at the programme of a node where it holds something else than at the last look."""
        assert node.journal is not None
        programme = node.journal.programme()
        logs = node.journal.ledger.logs
        sizes = tuple((log, held.tree.size, held.head) for log, held in sorted(logs.items()))
        if self._last.get(node.code) != sizes:
            self._last[node.code] = sizes
            self.equal_sets_give_equal_states(node, programme, sizes)
            self.closings_stay(node, programme)

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

    def equal_sets_give_equal_states(self, node: Node, programme: Programme, sizes: Sizes) -> None:
        """Nodes that hold the same entries see the same programme, a later release all that this one sees."""
        state = told(programme)
        known = self._states.setdefault(sizes, state)
        assert known == state, f"{node.code} sees another programme than others did with {sizes}"

    def closings_stay(self, node: Node, programme: Programme) -> None:
        """
        What is final stays final, and no two texts are bound after one closing.

        What is bound stays bound while nobody has two histories: of those, what no other party had
        acknowledged closes nothing once they are known.
        """
        party = None if node.code == WATCHER else node.code
        found = closing.closings(programme, GAS)
        bound = {(one.after, one.text) for one in found}
        final = {(one.after, one.text) for one in found if closing.is_final(programme, party, one)}
        at = node.code, node.restored
        if self.world.twin is None:
            assert self._bound.get(at, set()) <= bound, f"{node.code} has lost a closing"
            self._bound[at] = bound
        assert self._final.get(at, set()) <= final, f"{node.code} has lost a closing that was final"
        self._final[at] = final
        for after, text in bound:
            assert self._closed.setdefault(after, text) == text, "two texts are bound in one place"

    def receipts_tell_the_truth(self) -> None:
        """Who vouched for a head holds those entries, with their contents, unless it was restored since."""
        for node in self.world.all:
            for (log, code), (size, raw) in node.disk.receipts.items():
                witness = self.world.nodes[code]
                if witness.restored or witness not in self.world.honest:
                    continue
                rows = witness.disk.rows.get(log, [])
                assert len(rows) >= size, f"{code} vouched for {size} entries of {log}, and holds {len(rows)}"
                root = self._root(rows[:size])
                assert raw.split(b"\n")[2].decode() == root, f"{code} vouched for another history of {log}"

    def _root(self, rows: list[Row]) -> str:
        """The root of entries that follow each other: the last one names all before it."""
        last = leaf_hash(rows[-1].note)
        if last not in self._roots:
            tree = Tree()
            tree.extend(leaf_hash(row.note) for row in rows)
            self._roots[last] = base64.b64encode(tree.root()).decode()
        return self._roots[last]

    def two_histories_are_found(self, node: Node, peer: Node) -> None:
        """Who has looked at all that another holds knows where the two hold different histories of a log."""
        if node.journal is None or peer.journal is None or not self._may_write(node):
            return
        mine, theirs = node.disk.rows, peer.disk.rows
        for log in set(mine) & set(theirs):
            both = min(len(mine[log]), len(theirs[log]))
            if log != node.code and both and mine[log][both - 1].note != theirs[log][both - 1].note:
                programme = node.journal.programme()
                known = programme.forks.get(log, ()) if node.code != WATCHER else [1]
                assert known, f"{node.code} has asked {peer.code}, and knows of one history of {log} only"

    def _may_write(self, node: Node) -> bool:
        """Say whether the node may tell of anything: not on an old database."""
        assert node.journal is not None
        try:
            node.journal._check_own_log()
        except (OldDatabase, Unsure):
            return False
        return bool(node.disk.rows.get(node.code))

    def at_the_end(self) -> None:
        """All is mended and exchanged: nothing is lost, and all see the same."""
        self.check()
        self.records_hold()
        self.observer_learns_no_words()
        self.nothing_internal_has_left()
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
        """Two who hold different histories of a log, and have exchanged, both know it, if they may write."""
        log = self.world.traitor
        held = {node.code: node.disk.rows.get(log, []) for node in self.world.honest}
        for node in self.world.honest:
            if not self._may_write(node):
                continue
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

    def nothing_internal_has_left(self) -> None:
        """No word of internal papers and no secret key stands in any byte that left a node."""
        lines = [line for node in self.world.all for line in node.lines.values()]
        sent = b"\n".join([body for line in lines for body in line.carried] + self.world.files)
        sent += b"\n".join(request.body for line in lines for request in line.old)
        assert INTERNAL.encode() not in sent, "words of internal papers have left a node"
        for code in self.world.codes:
            for kind in ("root", "node", "person"):
                seed = key(kind, code, 0).seed
                assert seed not in sent and seed.hex().encode() not in sent, (
                    f"a {kind} key of {code} has left it"
                )


def told(programme: Programme) -> Any:
    """A programme as far as it must be the same everywhere."""
    return (
        sorted(
            (place, said)
            for place, reason in programme.voids.items()
            if not (said := str(reason)).startswith("not understood")  # a later release may understand it
        ),
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
