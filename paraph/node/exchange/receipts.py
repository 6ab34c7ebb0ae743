"""When does this node vouch for another's log, and who vouches for its own?

As a witness (C2SP tlog-witness) it vouches for a head once it holds and has checked the entries with
their contents, durably, and only where the head vouched for before is a prefix. As a log it asks
each party for as many entries as that party says it holds, and keeps the answer: the receipt.
"""

from paraph.node.exchange.caller import Caller
from paraph.node.exchange.errors import BadAnswer, Refusal
from paraph.node.journal import Journal
from paraph.record.checkpoints import origin, sign_checkpoint
from paraph.record.cosignatures import (
    Receipt,
    cosign,
    follows,
    line_of,
    read_receipt,
    read_request,
    with_line,
    write_request,
)
from paraph.record.errors import BadSignature, Malformed, RecordError
from paraph.record.merkle import EMPTY_ROOT
from paraph.record.notes import parse_note
from paraph.sentences import _


class Elsewhere(Refusal):
    """The head vouched for before is another one: the answer says of which size."""

    def __init__(self, size: int) -> None:
        super().__init__(409, f"{size}\n")


def vouch(journal: Journal, log: str, body: bytes, time: int) -> bytes:
    """
    Vouch for a head of another party's log.

    Args:
        journal: of this node.
        log: whose log.
        body: the request, as C2SP tlog-witness has it.
        time: now, in seconds since 1970.

    Returns:
        The line of the receipt.

    Raises:
        Refusal: 400 no request; 403 not signed by the log's node; 404 not a log of others; 409 the
            proof begins elsewhere; 422 it does not hold; 503 the entries are not held here yet.
    """
    me, mine = journal.me, journal.ledger.logs.get(log)
    if me is None or mine is None or log == me:
        raise Refusal(404, "This node vouches for the logs of other parties only.")
    try:
        asked = read_request(body)
    except Malformed as error:
        raise Refusal(400, f"{error}.") from None
    with journal.lock, journal.store.lock():
        journal.refresh()
        try:
            head = mine.read_head(asked.checkpoint)
        except BadSignature:
            raise Refusal(403, f"The head is not signed by the node of {log}.") from None
        except RecordError as error:
            raise Refusal(400, f"{error}.") from None
        before = journal.store.vouched(log) or (0, EMPTY_ROOT)
        if asked.old != before[0]:
            raise Elsewhere(before[0])
        if head.size < before[0]:
            raise Refusal(400, "The head is smaller than the one vouched for before.")
        if head.size == before[0] and head.root != before[1]:
            raise Elsewhere(before[0])
        if not follows(asked, head, before):
            raise Refusal(422, "The head vouched for before is no prefix of this one.")
        held = journal.store.sizes().get(log, 0)
        if head.size > held:
            raise Refusal(503, f"{me} holds {held} entries of {log} so far.")
        if mine.tree.root(head.size) != head.root:
            raise Refusal(422, f"{me} holds another history of {log}.")
        journal.store.vouch(log, head.size, head.root)
    text = parse_note(asked.checkpoint).text
    return line_of(cosign(text, origin(journal.charter.prog, me), journal.node_key, time))


def vouch_again(journal: Journal, log: str, raw: bytes, time: int) -> bytes | None:
    """The line by which this node vouches for a head that it holds; None where it may not, or has no log."""
    me = journal.me
    if me is None or log == me:
        return None
    with journal.lock, journal.store.lock():
        head, tree = journal.ledger.logs[log].read_head(raw), journal.ledger.logs[log].tree
        size, root = journal.store.vouched(log) or (0, EMPTY_ROOT)
        if not size <= head.size <= journal.store.sizes().get(log, 0):
            return None
        if tree.root(size) != root or tree.root(head.size) != head.root:
            return None
        journal.store.vouch(log, head.size, head.root)
    return line_of(cosign(parse_note(raw).text, _name(journal, me), journal.node_key, time))


def ask(journal: Journal, caller: Caller, held: int) -> Receipt | None:
    """
    Ask a party to vouch for the own log, as far as it says it holds it; None where that is no news.

    Raises:
        ExchangeError: it answers otherwise than it should.
    """
    me, witness = journal.me, caller.peer.code
    if me is None:
        return None
    with journal.lock:
        size = min(held, journal.store.sizes().get(me, 0))
        known = last(journal, witness)
        old = known.head.size if known else 0
        if size <= old or journal.ledger.logs[me].node_at(size - 1) != journal.node_key.public:
            return None
    answer = caller.vouch(me, _request(journal, me, old, size))
    if isinstance(answer, int):  # it has vouched for more, or this node has lost the receipt
        if answer > size:
            return None
        answer = caller.vouch(me, _request(journal, me, answer, size))
    if answer is None:
        return None
    if isinstance(answer, int):
        raise BadAnswer(_("%(peer)s does not say for which head it vouches."), peer=witness)
    with journal.lock, journal.store.lock():
        key = journal.ledger.logs[witness].node
        try:
            raw = with_line(_head(journal, me, size), answer)
            receipt = read_receipt(raw, origin(journal.charter.prog, me), _name(journal, witness), key)
        except RecordError:
            raise BadAnswer(_("%(peer)s gives a receipt that does not count."), peer=witness) from None
        journal.store.keep_receipt(me, witness, size, raw)
    return receipt


def last(journal: Journal, witness: str) -> Receipt | None:
    """The last receipt of that party for the own log."""
    raw = journal.store.receipts(journal.me or "").get(witness)
    if raw is None:
        return None
    note = parse_note(raw)
    line = note.signatures[-1]
    stamp = int.from_bytes(line.raw[:8], "big")
    mine = journal.ledger.logs[journal.me or ""]
    return Receipt(line.name, stamp, mine.read_head(raw))


def given(journal: Journal) -> dict[str, Receipt]:
    """Party -> its last receipt for the own log."""
    others = [party.code for party in journal.charter.parties if party.code != journal.me]
    return {code: receipt for code in others if (receipt := last(journal, code)) is not None}


def published(journal: Journal) -> int:
    """How many entries of the own log some other party holds, as it has vouched."""
    return max((receipt.head.size for receipt in given(journal).values()), default=0)


def _request(journal: Journal, me: str, old: int, size: int) -> bytes:
    with journal.lock:
        tree = journal.ledger.logs[me].tree
        return write_request(old, tree.consistency(old, size), _head(journal, me, size))


def _head(journal: Journal, me: str, size: int) -> bytes:
    root = journal.ledger.root(me, size)
    return sign_checkpoint(journal.ledger.logs[me].origin, size, root, journal.node_key)


def _name(journal: Journal, party: str) -> str:
    return origin(journal.charter.prog, party)
