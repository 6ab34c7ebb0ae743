"""Ask one peer, signed, and read its answers strictly: nothing that it says is taken on trust."""

import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from paraph.node.exchange.audience import reads_contents
from paraph.node.exchange.errors import BadAnswer, Cut, Declined, ExchangeError, Gone
from paraph.node.exchange.limits import (
    MAX_ANSWER,
    MAX_BEGUN,
    MAX_ENTRIES,
    MAX_LINE,
    MAX_SENTENCE,
    MAX_SMALL,
)
from paraph.node.exchange.messages import (
    RANGE,
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
from paraph.record.tiles import CONTENTS, ENTRIES, MAX_PART, WIDTH, Piece, parted
from paraph.sentences import _


class _NoSuch(Declined):
    """The peer has nothing under this address."""


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
        self._gives_pieces: bool | None = None  # None: not asked yet
        self._begun: dict[str, tuple[int, bytes]] = {}
        """What came of resources in a pull that has not come to its end, and from which byte on."""

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
            start: the first place; what is before it in its piece is held here.
            stop: the place after the last.
            room: bytes that the answers may take; what does not fit is asked for again.

        Returns:
            The entries that came whole, and whether an answer was cut on the way.
        """
        if self._gives_pieces is False:
            return self._lines(log, start, stop, room)
        piece = Piece(ENTRIES, start // WIDTH)
        piece = Piece(ENTRIES, piece.n, min(WIDTH, stop - piece.n * WIDTH))
        try:
            rows, cut = self._rows(log, piece, start, room)
        except _NoSuch as error:
            if self._gives_pieces:
                raise
            try:
                found = self._lines(log, start, stop, room)  # as release 0.1.0 gives them
            except ExchangeError:
                raise error from None
            self._gives_pieces = False
            return found
        self._gives_pieces = True
        return rows, cut

    def _rows(self, log: str, piece: Piece, start: int, room: int) -> tuple[list[Row], bool]:
        """The entries of a piece from `start` on, with what stands beside them for those who read it."""
        first = piece.n * WIDTH
        rows, cut = self._rows_behind(log, piece, start, room)
        if not rows and not cut and start > first:
            # what lies before is not what is held here: two histories, which the journal will find
            rows, cut = self._rows_behind(log, piece, first, room)
            rows = rows[start - first :]
        if not rows and not cut:
            raise self._bad()
        return rows, cut

    def _rows_behind(self, log: str, piece: Piece, start: int, room: int) -> tuple[list[Row], bool]:
        """The entries behind the bytes of those before; none where they are not the ones of these places."""
        first, limit = piece.n * WIDTH, min(MAX_ANSWER, max(room, 2 * MAX_PART))
        at = self._bytes_before(log, ENTRIES, first, start)
        notes, cut = self._parts(log, piece, at, piece.stop - start, limit)
        if not _follow(log, start, notes):
            return [], cut
        contents: list[bytes] = [b""] * len(notes)
        if self._reads_contents and any(b'"closed":' in note for note in notes):
            before = self._bytes_before(log, CONTENTS, first, start)
            beside = Piece(CONTENTS, piece.n, piece.width)
            contents, cut_beside = self._parts(log, beside, before, len(notes), limit)
            cut = cut or cut_beside
        return [
            Row(log, start + place, note, content or None)
            for place, (note, content) in enumerate(zip(notes, contents, strict=False))
        ], cut

    def _parts(self, log: str, piece: Piece, at: int, most: int, limit: int) -> tuple[list[bytes], bool]:
        """The whole parts of a piece from byte `at` on, and whether the answer was cut."""
        key = f"{log}/{piece.kind}/{piece.n}"
        begun, had = self._begun.get(key, (at, b""))
        had = had[at - begun :] if begun <= at <= begun + len(had) else b""
        parts, cut = parted(had, most)[0], False
        if len(parts) < most:
            came, cut = self._from(f"{log}/{piece.name}", at + len(had), limit)
            had += came
            parts = parted(had, most)[0]
        self._keep(key, at, had)
        return parts, cut

    def _keep(self, key: str, at: int, raw: bytes) -> None:
        """Keep what came of a resource until it is admitted here, within bounds."""
        self._begun.pop(key, None)
        self._begun[key] = (at, raw)
        while sum(len(one) for _at, one in self._begun.values()) > MAX_BEGUN:
            del self._begun[next(iter(self._begun))]

    def _bytes_before(self, log: str, kind: str, first: int, start: int) -> int:
        """How many bytes of a piece lie before the entry `start`, as it is held here."""
        rows = self._journal.store.rows(log, first, start) if start > first else ()
        return sum(2 + len((row.content or b"") if kind == CONTENTS else row.note) for row in rows)

    def _from(self, target: str, start: int, limit: int) -> tuple[bytes, bool]:
        """At most `limit` bytes of a lasting resource from byte `start` on, and whether they were cut."""
        headers = {RANGE: f"bytes={start}-{start + limit - 1}"}
        answer = self._ask("GET", target, start + limit, headers=headers)
        if answer.status == 404:
            raise _NoSuch(
                _("%(peer)s answers: %(sentence)s"), peer=self.peer.code, sentence=_plain(answer.body)
            )
        if answer.status == 416:  # there are no bytes after those
            return b"", False
        self._accepted(answer, 200, 206)
        body = answer.body if answer.status == 206 else answer.body[start:]  # ranges may be unknown there
        cut = not answer.complete and len(answer.body) < start + limit
        return body[:limit], cut

    def _lines(self, log: str, start: int, stop: int, room: int) -> tuple[list[Row], bool]:
        """The same as lines of JSON: single entries, and from release 0.1.0."""
        stop = min(stop, start + MAX_ENTRIES)
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

    def done(self) -> None:
        """All that came has been admitted, or will not be: nothing of it is needed again."""
        self._begun.clear()

    def entry(self, log: str, n: int) -> Row:
        """One entry of a log."""
        rows, _cut = self._lines(log, n, n + 1, 0)
        if not rows:
            raise self._bad()
        return rows[0]

    def blob(self, ref: BlobRef) -> bytes:
        """A larger content, checked against its name; what came before a cut is not asked for again."""
        target = f"blob/{ref.name}"
        data = self._begun.get(target, (0, b""))[1]
        if len(data) < ref.size:
            came, cut = self._from(target, len(data), ref.size - len(data))
            data += came
            self._keep(target, 0, data)
            if cut:
                raise Cut(_("The answer of %(peer)s was cut off."), peer=self.peer.code)
        if not ref.fits(data):
            self._begun.pop(target, None)
            raise BadAnswer(_("%(peer)s sends another content than the one named."), peer=self.peer.code)
        return data

    def _get(self, target: str, limit: int) -> bytes:
        return self._whole(self._ask("GET", target, limit))

    def _ask(
        self,
        method: str,
        target: str,
        limit: int,
        body: bytes = b"",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        request = Request(method, target, headers, body)
        try:
            answer = self._send(request, limit, self._known_by)
        except Gone:
            return self._send(request, limit, self._known_by)
        for key in self._journal.asking_keys() if answer.status == 401 else ():
            # the peer has just started, so that signed anew it counts; or it knows another key
            answer = self._send(request, limit, key)
            if answer.status != 401:
                self._known_by = key
                break
        return answer

    def _send(self, request: Request, limit: int, key: NodeSigner) -> Response:
        journal = self._journal
        signed = sign(request, key, journal.charter.prog, journal.code, self.peer.code, self._clock)
        answer = self.transport.send(signed, max(limit, MAX_SMALL))
        self.received += len(answer.body)
        return answer

    def _whole(self, answer: Response) -> bytes:
        if not self._accepted(answer).complete:
            raise self._bad(_("%(peer)s sends an answer that is cut off, or longer than allowed."))
        return answer.body

    def _accepted(self, answer: Response, *good: int) -> Response:
        if answer.status not in (good or (200,)):
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


def _follow(log: str, start: int, notes: Sequence[bytes]) -> bool:
    """Say whether they look like the entries of these places; admission looks closer."""
    places = (b'"log":"%b","n":%d,"prev":' % (log.encode(), n) for n in range(start, start + len(notes)))
    return all(place in note for place, note in zip(places, notes, strict=True))
