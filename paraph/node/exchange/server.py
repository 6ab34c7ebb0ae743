"""What does a node answer to other nodes?

    GET  heads                          {"heads": {log: entries}}
    GET  <log>/checkpoint               the signed head of a log as this node holds it
    GET  <log>/entries/<start>-<stop>   a line of JSON for each entry, immutable
    GET  blob/<name>                    a larger content, immutable; for parties
    POST <log>/checkpoint               a head to vouch for (C2SP tlog-witness): answered with a line
    POST poke                           {"heads": …}: "I have news"; answered with the own heads

Any holder may supply any log. Tiles (`GET <log>/tile/…`) have their place in `_route`.
"""

import re
from collections.abc import Callable, Mapping

from paraph.node.exchange.audience import Shelf
from paraph.node.exchange.errors import Refusal
from paraph.node.exchange.limits import MAX_ANSWER, MAX_BODY, MAX_ENTRIES, MAX_TARGET, Pace
from paraph.node.exchange.messages import (
    BYTES,
    JSON,
    JSON_LINES,
    Request,
    Response,
    read_heads,
    write_heads,
)
from paraph.node.exchange.receipts import vouch
from paraph.node.exchange.signing import Clock, Doorkeeper, system_clock
from paraph.node.journal import Journal
from paraph.record.bundles import line_of
from paraph.record.charter import members

_CHECKPOINT = re.compile(r"([A-Z]{2,8})/checkpoint")
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
    ) -> None:
        charter = journal.charter
        self.me = journal.code
        self._journal = journal
        self._on_poke = on_poke
        self._logs = frozenset(party.code for party in charter.parties)
        self._doorkeeper = Doorkeeper(journal, clock)
        self._clock = clock
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
            return self._route(request, sender)
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
        return Response(200, raw)

    def _vouch(self, log: str, body: bytes) -> Response:
        return Response(200, vouch(self._journal, log, body, int(self._clock().timestamp())))

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
        return Response(200, data, BYTES, lasting=True)

    def _poke(self, shelf: Shelf, sender: str, body: bytes) -> Response:
        try:
            heads = read_heads(body, self._logs)
        except ValueError:
            raise Refusal(400, "The message names no heads of this programme.") from None
        self._on_poke(sender, heads)
        return self._heads(shelf)
