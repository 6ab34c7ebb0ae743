"""Does the signed head that a peer gives of a log fit what is held here?"""

from paraph.node.exchange.caller import Caller
from paraph.node.journal import Journal
from paraph.record.checkpoints import Checkpoint, read_checkpoint
from paraph.record.errors import BadChain, BadSignature, Inconsistent, RecordError
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
        try:
            head = held.read_head(raw)
        except BadSignature:
            head = read_checkpoint(raw, parse_note(raw), held.origin)
            if log == journal.me or head.size <= held.tree.size:
                raise
            return head  # perhaps of a node key that comes with the entries: compared after them
        if head.size <= held.tree.size and held.tree.root(head.size) != head.root:
            raise Inconsistent(f"its node signed {head.size} other entries: two histories", log, raw)
    return head


def explained(caller: Caller, journal: Journal, row: Row, error: RecordError) -> RecordError:
    """Where an entry does not follow, ask for the one before it: it may show two histories."""
    if not isinstance(error, BadChain) or row.n == 0:
        return error
    rows, _cut = caller.entries(row.log, row.n - 1, row.n, 0)
    try:
        journal.admit(rows, {}, {}, source=caller.peer.code)
    except Inconsistent as found:
        return found
    except RecordError:
        pass
    return error


OLD_DATABASE = _(
    "%(peer)s holds %(theirs)s entries of our own log under our signature, this node only %(held)s:"
    " this database is an old copy."
)
NO_PROOF = _("%(peer)s says that it holds %(theirs)s entries of our own log, without proof.")
