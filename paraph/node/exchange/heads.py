"""Does the signed head that a peer gives of a log fit what is held here?"""

from paraph.node.exchange.caller import Caller
from paraph.node.exchange.errors import ExchangeError
from paraph.node.journal import Journal
from paraph.record.checkpoints import Checkpoint, read_checkpoint
from paraph.record.errors import BadSignature, Inconsistent, RecordError
from paraph.record.merkle import leaf_hash
from paraph.record.notes import parse_note
from paraph.record.stores import Row
from paraph.sentences import _


def signed_head(journal: Journal, caller: Caller, log: str) -> Checkpoint | None:
    """
    Fetch the peer's signed head of a log and compare it with what is held.

    One that goes beyond what is held is compared after the entries have come, by the journal.

    Raises:
        RecordError: it is none, or it is of another history.
        ExchangeError: the peer does not answer as it should.
    """
    raw = caller.checkpoint(log)
    if raw is None:
        return None
    with journal.lock:
        held = journal.ledger.logs[log]
        foreign: BadSignature | None = None
        try:
            head = journal.own_head(raw) if log == journal.me else held.read_head(raw)
        except BadSignature as error:
            if log == journal.me:
                raise
            head, foreign = read_checkpoint(raw, parse_note(raw), held.origin), error
        # one by an unknown key is compared with its entries: they may bring the key
        if head.size > held.tree.size or (not foreign and held.tree.root(head.size) == head.root):
            return head
    told = told_where(journal, caller, log, head.size)
    if foreign and not told:
        raise foreign
    if not told:
        journal.tell_fork(raw)
    raise Inconsistent(f"its node signed {head.size} other entries: two histories", log, raw)


def compare(journal: Journal, caller: Caller, log: str, size: int) -> None:
    """
    Compare the first entries of a log that the peer holds without a signed head that covers them.

    Raises:
        Inconsistent: the peer holds another history, which everybody has then been told of.
        ExchangeError: the peer does not answer as it should.
    """
    row = caller.entry(log, size - 1)
    if leaf_hash(row.note) != journal.ledger.logs[log].tree.leaf(size - 1):
        told = told_where(journal, caller, log, size)
        raise told or Inconsistent("another entry is held there", f"{log} entry {size - 1}", row.note)


def told_where(journal: Journal, caller: Caller, log: str, end: int) -> Inconsistent | None:
    """Tell everybody of the first entry below `end` in which the peer's history of a log differs."""
    known = [fork.shared for fork in journal.programme().forks.get(log, ()) if fork.shared]
    tree = journal.ledger.logs[log].tree
    other: Row | None = None
    shared = 0
    try:
        if known and leaf_hash(caller.entry(log, min(known) - 1).note) == tree.leaf(min(known) - 1):
            return Inconsistent("two histories of it are known", f"{log} entry {min(known)}")
        while shared < end:  # they share so many entries; the one before `end` differs
            middle = (shared + end) // 2
            row = caller.entry(log, middle)
            if leaf_hash(row.note) == tree.leaf(middle):
                shared = middle + 1
            else:
                end, other = middle, row
    except ExchangeError:
        return None
    if other is None or journal.tell_fork(other.note) is None:
        return None
    return Inconsistent(f"another entry is held there: two histories of {log}", f"{log} entry {other.n}")


def explained(caller: Caller, journal: Journal, row: Row, error: RecordError) -> RecordError:
    """
    Where an entry does not follow or cannot be read, the peer may hold another history.

    What comes before an entry in its pieces has other lengths then, and what was cut out is no entry.
    """
    if isinstance(error, Inconsistent) or row.n == 0:
        return error
    return told_where(journal, caller, row.log, row.n) or error


OLD_DATABASE = _(
    "%(peer)s holds %(theirs)s entries of our own log under our signature, this node only %(held)s:"
    " this database is an old copy."
)
NO_PROOF = _("%(peer)s says that it holds %(theirs)s entries of our own log, without proof.")
