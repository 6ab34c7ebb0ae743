"""Stories in which everything goes wrong and no law is broken; and bugs that such stories find."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from paraph.acts import Placed, Seal
from paraph.node.exchange import audience, courier, recovery, server
from paraph.node.exchange.messages import Request, Response
from paraph.node.journal import Journal
from paraph.record import ledger
from paraph.record.checkpoints import origin
from paraph.record.cosignatures import cosign, line_of, read_request
from paraph.record.entries import Entry
from paraph.record.errors import Malformed
from paraph.record.logs import Log
from paraph.record.notes import Note, parse_note
from paraph.record.stores import Row
from paraph.state import closing, fold, forks
from paraph.state.programme import Programme, Registers, Stand
from tests.simulator.disk import Disk, DiskStore
from tests.simulator.run import play
from tests.simulator.world import INTERNAL, Later, Node

STORIES = 50
Plant = Callable[[pytest.MonkeyPatch], None]
ENOUGH = 200  # stories from there on in which a planted bug has to be found


@pytest.mark.parametrize("number", range(STORIES))
def test_no_law_is_broken_whatever_goes_wrong(number: int) -> None:
    play(number)


# ---------------------------------------------------------------- bugs planted on purpose


def skip_fsync(patch: pytest.MonkeyPatch) -> None:
    """The last transaction before a crash is not on the disk, though it was said to be."""
    commit, end = DiskStore.commit, Node.end
    before: dict[int, Disk] = {}

    def committed(store: DiskStore) -> None:
        before[id(store.disk)] = store.disk.copy()
        commit(store)

    def ended(node: Node) -> None:
        old = before.pop(id(node.disk), None)
        if old is not None:
            vars(node.disk).update(vars(old))
        end(node)

    patch.setattr(DiskStore, "commit", committed)
    patch.setattr(Node, "end", ended)


def write_on_an_old_backup(patch: pytest.MonkeyPatch) -> None:
    """The own log is not compared with anything."""
    patch.setattr(Journal, "_check_own_log", lambda _journal: None)


def naive_finality(patch: pytest.MonkeyPatch) -> None:
    """A seal counts over whatever its parties stand on now."""

    def latest(programme: Programme, _seal: Placed, act: Seal) -> tuple[Stand, ...] | None:
        found = []
        for party in programme.parties:
            stands = programme.by[party].stands.get((act.object, act.after), [])
            if not stands or stands[-1].left is not None or stands[-1].text != act.text:
                return None
            found.append(stands[-1])
        return tuple(found)

    patch.setattr(closing, "initials_under", latest)


def observers_read_contents(patch: pytest.MonkeyPatch) -> None:
    """Whoever asks is given the contents of closed acts."""
    for module in (audience, courier):
        patch.setattr(module, "reads_contents", lambda _charter, _code: True)


def order_of_arrival(patch: pytest.MonkeyPatch) -> None:
    """An acceptance that arrives ends what the others have chosen."""
    choose = fold.choose

    def chosen(programme: Programme, mine: Registers, proposal: str, placed: Placed, *, direct: bool) -> None:
        about = programme.proposals[proposal].subject.name
        for other in programme.by.values():
            choice = other.choices.get(about)
            if other is not mine and choice is not None and choice.proposal != proposal:
                del other.choices[about]
        choose(programme, mine, proposal, placed, direct=direct)

    patch.setattr(fold, "choose", chosen)


def past_not_held(patch: pytest.MonkeyPatch) -> None:
    """An entry is admitted though what it acknowledges has not come."""
    patch.setattr(Log, "check_reached", lambda _log, _size: None)
    patch.setattr(ledger.Ledger, "_heads", lambda _ledger, _log, _entry: {})


def recovery_asks_one_party(patch: pytest.MonkeyPatch) -> None:
    """After a restore the first answer is taken for all."""
    whole = recovery.recover

    def first(journal: Journal, callers: object, **how: object) -> object:
        named = {party.code for party in journal.charter.parties}
        return whole(journal, list(callers)[:1], without=named, give_up=True)  # type: ignore[call-overload]

    patch.setattr("tests.simulator.world.recover", first)


def vouch_twice(patch: pytest.MonkeyPatch) -> None:
    """A node vouches for whatever head it is asked for."""

    def vouched(journal: Journal, _log: str, body: bytes, time: int) -> bytes:
        text = parse_note(read_request(body).checkpoint).text
        return line_of(cosign(text, origin(journal.charter.prog, journal.code), journal.node_key, time))

    patch.setattr(server, "vouch", vouched)


def accept_a_gap(patch: pytest.MonkeyPatch) -> None:
    """An entry is admitted whatever entry it follows."""
    check_place = ledger.Ledger._check_place

    def checked(self: ledger.Ledger, entry: Entry, parsed: Note, note: bytes) -> Log:
        log = self.logs[entry.log]
        if entry.n == log.tree.size:
            return log
        return check_place(self, entry, parsed, note)

    patch.setattr(ledger.Ledger, "_check_place", checked)


def keep_forks_to_oneself(patch: pytest.MonkeyPatch) -> None:
    """Who finds two histories of a log tells nobody, and does not remember."""
    patch.setattr(Journal, "tell_fork", lambda _journal, _other, at=None: None)


def common_prefix_for_closings(patch: pytest.MonkeyPatch) -> None:
    """Of a log with two histories closings too count only what these share."""

    def counted(programme: Programme, placed: Placed, cut: forks.Cut) -> bool:
        shared = forks.shared(programme, placed.log)
        return shared is None or placed.n < shared

    patch.setattr(forks, "counts", counted)


def take_entries_without_contents(patch: pytest.MonkeyPatch) -> None:
    """A party folds past a closed act whose content line has not come."""
    opened = ledger.Ledger._open

    def whatever(self: ledger.Ledger, log: Log, entry: Entry, content: bytes | None) -> bytes | None:
        return opened(self, log, entry, content) if content is not None or entry.closed is None else None

    patch.setattr(ledger.Ledger, "_open", whatever)


def tell_others_what_stands_in_the_way(patch: pytest.MonkeyPatch) -> None:
    """A refusal names the internal paper to whoever asks."""
    answer = server.Server.answer

    def answered(self: server.Server, request: Request) -> Response:
        response = answer(self, request)
        if response.status < 400:
            return response
        return Response(response.status, response.body + INTERNAL.encode())

    patch.setattr(server.Server, "answer", answered)


def refuse_acts_of_a_later_release(patch: pytest.MonkeyPatch) -> None:
    """An entry whose act is not understood is refused instead of kept without effect."""
    hold = Journal._hold

    def held(self: Journal, row: Row, blobs: Mapping[str, bytes]) -> Entry:
        if not isinstance(self, Later) and b'"kind":"dance"' in (row.content or b""):
            raise Malformed("an act of unknown kind")
        return hold(self, row, blobs)

    patch.setattr(Journal, "_hold", held)


PLANTED: dict[Plant, int] = {  # and a story that finds it, or one shortly before such a one
    skip_fsync: 8,
    write_on_an_old_backup: 27,
    naive_finality: 172,
    observers_read_contents: 25,
    order_of_arrival: 24,
    past_not_held: 0,
    recovery_asks_one_party: 85,
    vouch_twice: 9,
    accept_a_gap: 11,
    keep_forks_to_oneself: 4,
    common_prefix_for_closings: 7,
    take_entries_without_contents: 0,
    tell_others_what_stands_in_the_way: 0,
    refuse_acts_of_a_later_release: 1,
}


@contextmanager
def planted(bug: Plant) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        bug(patch)
        yield patch


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: Plant) -> None:
    with planted(bug), pytest.raises(AssertionError) as found:
        for number in range(PLANTED[bug], PLANTED[bug] + ENOUGH):
            play(number)

    assert "story" in str(found.value)
