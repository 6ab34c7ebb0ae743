"""What does a node answer to other nodes?

    GET  heads                          {"heads": {log: entries}}
    GET  charter.json                   the founding paper
    GET  <log>/checkpoint               the signed head of a log as this node holds it
    GET  <log>/tile/…                   a piece of a log (C2SP tlog-tiles), immutable; contents for parties
    GET  blob/<name>                    a larger content, immutable; for parties
    GET  <log>/entries/<start>-<stop>   a line of JSON for each entry: single ones, and for release 0.1.0
    POST <log>/checkpoint               a head to vouch for (C2SP tlog-witness): answered with a line
    POST poke                           {"heads": …}: "I have news"; answered with the own heads

Any holder may supply any log. What is immutable is given in ranges too, so that what was cut goes on.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from paraph.node.exchange.audience import Shelf
from paraph.node.exchange.errors import Refusal
from paraph.node.exchange.limits import MAX_ANSWER, MAX_BODY, MAX_ENTRIES, MAX_TARGET, Pace
from paraph.node.exchange.messages import (
    BYTES,
    JSON,
    JSON_LINES,
    Request,
    Response,
    asked_part,
    read_heads,
    write_heads,
)
from paraph.node.exchange.receipts import vouch
from paraph.node.exchange.signing import Clock, Doorkeeper, First, anyone, system_clock
from paraph.node.journal import Journal
from paraph.record.bundles import line_of
from paraph.record.charter import members
from paraph.record.errors import Malformed
from paraph.record.tiles import CONTENTS, WIDTH, Piece, joined, read_name

_CHECKPOINT = re.compile(r"([A-Z]{2,8})/checkpoint")
_PIECE = re.compile(r"([A-Z]{2,8})/(tile/.+)")
_ENTRIES = re.compile(r"([A-Z]{2,8})/entries/(0|[1-9]\d{0,15})-([1-9]\d{0,15})")
_BLOB = re.compile(r"blob/([0-9a-f]{64})")


class Server:
    """Answers the nodes of one programme: a request in, a response out."""

    def __init__(
        self,
        journal: Journal,
        *,
        on_poke: Callable[[str, Mapping[str, int]], None] = lambda _sender, _heads: None,
        clock: Clock = system_clock,
        first: First = anyone,
        since: datetime | None = None,
    ) -> None:
        charter = journal.charter
        self.me = journal.code
        self._journal = journal
        self._on_poke = on_poke
        self._logs = frozenset(party.code for party in charter.parties)
        self._doorkeeper = Doorkeeper(journal, clock, first, since)
        self._paces = {one.code: Pace() for one in members(charter)}

    def answer(self, request: Request) -> Response:
        """Answer one request; the cheapest checks come first."""
        try:
            if len(request.body) > MAX_BODY:
                raise Refusal(413, f"The request has more than {MAX_BODY} bytes.")
            if len(request.target) > MAX_TARGET:
                raise Refusal(414, f"The address has more than {MAX_TARGET} characters.")
            sender = self._doorkeeper.sender(request)
            if not self._paces[sender].allows():
                raise Refusal(429, f"{self.me} is asked too often; ask again in a moment.")
            return asked_part(self._route(request, sender), request)
        except Refusal as refusal:
            return Response(refusal.status, refusal.sentence.encode())

    def _route(self, request: Request, sender: str) -> Response:
        shelf = Shelf(self._journal.store, self._journal.charter, sender)
        if request.method == "POST" and request.target == "poke":
            return self._poke(shelf, sender, request.body)
        if request.method == "POST" and (found := _CHECKPOINT.fullmatch(request.target)):
            return self._vouch(self._known(found[1]), request.body)
        if request.method != "GET":
            raise Refusal(405, "Resources of the record are read, not written.")
        if request.target == "heads":
            return self._heads(shelf)
        if found := _CHECKPOINT.fullmatch(request.target):
            return self._checkpoint(self._known(found[1]))
        if request.target == "charter.json":
            charter = self._journal.charter
            return Response(200, charter.encode(), JSON, lasting=True, tag=charter.prog)
        if found := _PIECE.fullmatch(request.target):
            return self._piece(shelf, self._known(found[1]), found[2])
        if found := _ENTRIES.fullmatch(request.target):
            return self._entries(shelf, self._known(found[1]), int(found[2]), int(found[3]))
        if found := _BLOB.fullmatch(request.target):
            return self._blob(shelf, found[1])
        raise Refusal(404, f"{self.me} has nothing under this address.")

    def _known(self, log: str) -> str:
        if log not in self._logs:
            raise Refusal(404, f"The charter names no log {log}.")
        return log

    def _heads(self, shelf: Shelf) -> Response:
        return Response(200, write_heads(shelf.sizes()), JSON)

    def _checkpoint(self, log: str) -> Response:
        raw = self._journal.checkpoint(log)
        if raw is None:
            raise Refusal(404, f"{self.me} holds no signed head of {log}.")
        return Response(200, raw, tag=hashlib.sha256(raw).hexdigest()[:32])

    def _vouch(self, log: str, body: bytes) -> Response:
        return Response(200, vouch(self._journal, log, body, int(self._journal.clock().timestamp())))

    def _piece(self, shelf: Shelf, log: str, name: str) -> Response:
        try:
            piece = read_name(name)
        except Malformed:
            raise Refusal(404, f"{self.me} has nothing under this address.") from None
        if piece.kind == CONTENTS and not shelf.contents:
            raise Refusal(403, "Contents of closed acts go to the parties only.")
        if piece.kind == CONTENTS and self._journal.me is None:
            raise Refusal(404, f"{self.me} looks on and holds no contents.")
        held = shelf.sizes().get(log, 0)
        if piece.stop > held:
            raise Refusal(404, f"{self.me} holds {held} entries of {log}.")
        tree = self._journal.ledger.logs[log].tree
        with self._journal.lock:
            self._journal.refresh()
            tag = tree.root(piece.stop).hex()[:32]  # equal roots, equal entries
            hashes = b"" if piece.level is None else tree.tile(piece.level, piece.n, piece.width)
        return Response(200, hashes or _rows(shelf, log, piece), BYTES, lasting=True, tag=tag)

    def _entries(self, shelf: Shelf, log: str, start: int, stop: int) -> Response:
        if not start < stop <= start + MAX_ENTRIES:
            raise Refusal(400, f"Ask for 1 to {MAX_ENTRIES} entries at once.")
        held = shelf.sizes().get(log, 0)
        if stop > held:
            raise Refusal(404, f"{self.me} holds {held} entries of {log}.")
        lines: list[bytes] = []
        size = 0
        for row in shelf.rows(log, start, stop):
            line = line_of(row)
            size += len(line)
            if lines and size > MAX_ANSWER:
                break  # the rest is another resource: it begins where this one ends
            lines.append(line)
        return Response(200, b"".join(lines), JSON_LINES, lasting=True)

    def _blob(self, shelf: Shelf, name: str) -> Response:
        if not shelf.contents:
            raise Refusal(403, "Contents of closed acts go to the parties only.")
        data = shelf.blob(name)
        if data is None:
            raise Refusal(404, f"{self.me} does not hold this content.")
        return Response(200, data, BYTES, lasting=True, tag=name[:32])

    def _poke(self, shelf: Shelf, sender: str, body: bytes) -> Response:
        try:
            heads = read_heads(body, self._logs)
        except ValueError:
            raise Refusal(400, "The message names no heads of this programme.") from None
        self._on_poke(sender, heads)
        return self._heads(shelf)


def _rows(shelf: Shelf, log: str, piece: Piece) -> bytes:
    """Entries, or what stands beside them, as they lie in a piece."""
    rows = shelf.rows(log, piece.n * WIDTH, piece.stop)
    if piece.kind == CONTENTS:
        return joined(row.content or b"" for row in rows)
    return joined(row.note for row in rows)
