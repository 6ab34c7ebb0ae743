"""Ask one peer, signed, and read its answers strictly: nothing that it says is taken on trust."""

import unicodedata

from paraph.node.exchange.audience import reads_contents
from paraph.node.exchange.errors import BadAnswer, Declined, ExchangeError, Gone
from paraph.node.exchange.limits import MAX_ANSWER, MAX_LINE, MAX_SENTENCE, MAX_SMALL
from paraph.node.exchange.messages import (
    Peer,
    Request,
    Response,
    Transport,
    read_heads,
    write_heads,
)
from paraph.node.exchange.signing import Clock, sign, system_clock
from paraph.node.journal import Journal
from paraph.record.bundles import row_of
from paraph.record.entries import BlobRef
from paraph.record.errors import Malformed
from paraph.record.keys import NodeSigner
from paraph.record.stores import Row
from paraph.sentences import _


class Caller:
    """The questions of one node to one peer."""

    def __init__(
        self, journal: Journal, peer: Peer, transport: Transport, *, clock: Clock = system_clock
    ) -> None:
        self.peer = peer
        self.transport = transport
        self.received = 0  # bytes of answers
        self._journal = journal
        self._clock = clock
        self._logs = frozenset(party.code for party in journal.charter.parties)
        self._reads_contents = reads_contents(journal.charter, journal.code)
        self._known_by = journal.node_key  # the key by which the peer knows this node

    def heads(self) -> dict[str, int]:
        """How many entries of each log the peer says it holds."""
        return self._read_heads(self._get("heads", MAX_SMALL))

    def poke(self, heads: dict[str, int]) -> dict[str, int]:
        """Tell the peer what is held here; it says what it holds."""
        return self._read_heads(self._whole(self._ask("POST", "poke", MAX_SMALL, write_heads(heads))))

    def checkpoint(self, log: str) -> bytes | None:
        """The signed head of a log; None where the peer holds none."""
        answer = self._ask("GET", f"{log}/checkpoint", MAX_SMALL)
        return None if answer.status == 404 else self._whole(answer)

    def vouch(self, log: str, body: bytes) -> bytes | int | None:
        """Ask for a receipt: its line, or where the proof has to begin; None from an older release."""
        answer = self._ask("POST", f"{log}/checkpoint", MAX_SMALL, body)
        if answer.status == 405:
            return None
        if answer.status != 409:
            return self._whole(answer)
        try:
            size = int(answer.body.decode().removesuffix("\n"))
        except ValueError:
            raise self._bad() from None
        if not answer.complete or not 0 <= size < 2**53:
            raise self._bad()
        return size

    def entries(self, log: str, start: int, stop: int, room: int) -> tuple[list[Row], bool]:
        """
        Entries of a log from `start` on, at least one and at most up to `stop`.

        Args:
            log: whose log.
            start: the first place.
            stop: the place after the last.
            room: bytes that the answer may take; what does not fit is cut off and asked for again.

        Returns:
            The entries that came whole, and whether the answer was cut by the peer or on the way.
        """
        limit = min(MAX_ANSWER + MAX_LINE, max(room, MAX_LINE))
        answer = self._accepted(self._ask("GET", f"{log}/entries/{start}-{stop}", limit))
        lines = answer.body.split(b"\n")
        rest = lines.pop()
        cut = not answer.complete and len(answer.body) < limit
        if (not lines and not cut) or (answer.complete and rest) or len(lines) > stop - start:
            raise self._bad()
        try:
            rows = [row_of(log, line) for line in lines]
        except Malformed:
            raise self._bad() from None
        if [row.n for row in rows] != list(range(start, start + len(rows))):
            raise self._bad()
        if not self._reads_contents:  # what is not for an observer is not kept, whoever sends it
            rows = [Row(row.log, row.n, row.note, None) for row in rows]
        return rows, cut

    def entry(self, log: str, n: int) -> Row:
        """One entry of a log."""
        rows, _cut = self.entries(log, n, n + 1, 0)
        if not rows:
            raise self._bad()
        return rows[0]

    def blob(self, ref: BlobRef) -> bytes:
        """A larger content, checked against its name."""
        data = self._get(f"blob/{ref.name}", ref.size)
        if not ref.fits(data):
            raise BadAnswer(_("%(peer)s sends another content than the one named."), peer=self.peer.code)
        return data

    def _get(self, target: str, limit: int) -> bytes:
        return self._whole(self._ask("GET", target, limit))

    def _ask(self, method: str, target: str, limit: int, body: bytes = b"") -> Response:
        try:
            answer = self._send(method, target, limit, body, self._known_by)
        except Gone:
            return self._send(method, target, limit, body, self._known_by)
        for key in self._journal.asking_keys() if answer.status == 401 else ():
            # the peer has just started, so that signed anew it counts; or it knows another key
            answer = self._send(method, target, limit, body, key)
            if answer.status != 401:
                self._known_by = key
                break
        return answer

    def _send(self, method: str, target: str, limit: int, body: bytes, key: NodeSigner) -> Response:
        request = sign(
            Request(method, target, body=body),
            key,
            self._journal.charter.prog,
            self._journal.code,
            self.peer.code,
            self._clock,
        )
        answer = self.transport.send(request, max(limit, MAX_SMALL))
        self.received += len(answer.body)
        return answer

    def _whole(self, answer: Response) -> bytes:
        if not self._accepted(answer).complete:
            raise self._bad(_("%(peer)s sends an answer that is cut off, or longer than allowed."))
        return answer.body

    def _accepted(self, answer: Response) -> Response:
        if answer.status != 200:
            raise Declined(
                _("%(peer)s answers: %(sentence)s"),
                peer=self.peer.code,
                sentence=_plain(answer.body) or str(answer.status),
            )
        return answer

    def _read_heads(self, raw: bytes) -> dict[str, int]:
        try:
            return read_heads(raw, self._logs)
        except ValueError:
            raise self._bad() from None

    def _bad(self, sentence: str = _("%(peer)s answers in a way that cannot be read.")) -> ExchangeError:
        return BadAnswer(sentence, peer=self.peer.code)


def _plain(raw: bytes) -> str:
    """A peer's words, fit to be shown: short, on one line, without control characters."""
    words = raw[: 4 * MAX_SENTENCE].decode(errors="replace")
    shown = (" " if unicodedata.category(one)[0] in "CZ" else one for one in words)
    return " ".join("".join(shown).split())[:MAX_SENTENCE]
