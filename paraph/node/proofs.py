"""What goes into a proof file, so that whoever holds the charter can check it alone?

The entry that is proven, the certificate of the key that signed it, what its log knew before it, the
rotations up to the head, and the head with the receipts of others, or of this node. A content line
comes with it where this node holds it: who is given the file reads it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from paraph.acts import Propose
from paraph.node.errors import NothingToProve
from paraph.node.exchange import receipts
from paraph.node.journal import Journal
from paraph.record.checkpoints import claimed_size
from paraph.record.cosignatures import COSIGNATURE
from paraph.record.logs import Log
from paraph.record.merkle import leaf_hash
from paraph.record.notes import Note, format_note, key_hash, parse_note
from paraph.record.proofs import Shown, path_in, write_file
from paraph.record.stores import Row
from paraph.sentences import _
from paraph.state import closing
from paraph.state.composed import part_of_line
from paraph.state.programme import Programme, Stand


def of_entry(journal: Journal, log: str, n: int) -> bytes:
    """The proof of one entry; NothingToProve says why there is none."""
    with journal.lock:
        return write_file({"kind": "entry", "log": log, "n": n}, [_shown(journal, log, [n])])


def of_initials(journal: Journal, subject: str, parties: Iterable[str] = ()) -> bytes:
    """
    The proof that words were initialled: by whom, and knowing what.

    Args:
        journal: of this node.
        subject: a provision, a cell of a measure, a charter or a decision.
        parties: whose initials it shows; of all who stand on the text where it is left out.

    Raises:
        NothingToProve: nobody has initialled a text with words on this subject.
    """
    with journal.lock:
        programme = journal.programme()
        stands = initialled_by(programme, subject)
        stands = [one for one in stands if not parties or one.placed.log in parties]
        if not stands:
            raise NothingToProve(_("No initials stand on a text with %(subject)s."), subject=subject)
        first = stands[0]
        n, line = _lines_about(first, subject)[0]
        claim = {
            "kind": "initials",
            "object": first.object,
            "text": first.text,
            "subject": subject,
            "content": _content(programme, subject, line),
            "line": {
                "text": line,
                "path": path_in([leaf_hash(one.encode()) for one in first.lines], n),
            },
        }
        return write_file(claim, [_shown(journal, one.placed.log, [one.placed.n]) for one in stands])


def initialled_by(programme: Programme, subject: str) -> list[Stand]:
    """The initials, one of each party, that stand on a text with words on this subject."""
    return [one for one in _stands(programme, _object(subject)) if _lines_about(one, subject)]


def of_closing(journal: Journal, about: str) -> bytes:
    """The proof that the text of an object was initialled and sealed; NothingToProve where it is not."""
    with journal.lock:
        programme = journal.programme()
        stands = _stands(programme, about)
        if not stands:
            raise NothingToProve(_("No initials stand on a text of %(subject)s."), subject=about)
        shut = closing.closed(programme, about)
        places = {one.placed.log: [one.placed.n] for one in stands}
        for log, ns in places.items():
            seal = shut.by(log)[1] if shut else closing.own_seal(programme, log, about)
            ns += [seal.n] if seal else []
        claim = {"kind": "closing", "object": about, "text": stands[0].text}
        return write_file(claim, [_shown(journal, log, ns) for log, ns in places.items()])


def _object(subject: str) -> str:
    """The object of which a subject is a part."""
    kind, _colon, rest = subject.partition(":")
    return f"road_map:{rest.partition('/')[0]}" if kind in ("provision", "measure") else subject


def _stands(programme: Programme, about: str) -> list[Stand]:
    """The initials on the closed text; else those on the text on which most parties stand now."""
    shut = closing.closed(programme, about)
    if shut:
        return list(shut.stands)
    found = [one for party in programme.parties if (one := closing.standing(programme, party, about))]
    most = max((one.text for one in found), key=[one.text for one in found].count, default="")
    return [one for one in found if one.text == most]


def _lines_about(stand: Stand, subject: str) -> list[tuple[int, str]]:
    """The line of the text that holds the words of a subject, with its place; none where there is none."""
    item = subject.rpartition("/")[0] if subject.startswith("measure:") else subject
    return [(n, line) for n, line in enumerate(stand.lines) if line.split(" ")[0] == item]


def _content(programme: Programme, subject: str, line: str) -> dict[str, object]:
    """The content that the line names, as it was proposed."""
    for name in programme.on.get(subject, []):
        part = part_of_line(programme, name)
        if f" {part} " in f"{line} ":
            author, n = next(iter(programme.proposals[name].first.items()))
            act = programme.logs[author].entries[n].act
            if isinstance(act, Propose):
                return act.content
    raise NothingToProve(_("The words of %(subject)s are not in the record."), subject=subject)


# ---------------------------------------------------------------- one log


def _shown(journal: Journal, log: str, places: Sequence[int]) -> Shown:
    """Those entries of a log and all that leads their signatures back to the charter."""
    held = journal.ledger.logs.get(log)
    if held is None or not all(0 <= n < held.tree.size for n in places):
        raise NothingToProve(_("There is no such entry."))
    checkpoint = _head(journal, log, max(places))
    size = claimed_size(checkpoint.decode())
    wanted = set(places)
    for n in places:
        entry = journal.entry(log, n)
        known = held.keys.get(entry.by) if entry else None
        wanted |= {known.since} if known else set()
        before = bisect_left(held.ack_places, n)
        wanted |= {held.ack_places[before - 1]} if before else set()
    wanted |= {since for since, keys in held.authorities if keys.version and since < size}
    rows: list[Row] = [row for n in sorted(wanted) if (row := journal.raw(log, n)) is not None]
    return Shown(rows, held.tree, size, checkpoint)


def _head(journal: Journal, log: str, last: int) -> bytes:
    """A head that covers that entry, with as many receipts as there are for one."""
    if log != journal.me:
        raw = journal.checkpoint(log)
        if raw is None or claimed_size(raw.decode()) <= last:
            raise NothingToProve(
                _("The node of %(party)s has not signed a head over this entry yet."), party=log
            )
        note = parse_note(raw)
        plain = format_note(Note(note.text, note.signatures[:1]))
        own = receipts.vouch_again(journal, log, plain, int(journal.clock().timestamp()))
        return _by_charter(journal, [plain + (own or b"")])
    heads: dict[bytes, list[bytes]] = {}
    for raw in journal.store.receipts(log).values():
        if claimed_size(raw.decode()) > last:
            heads.setdefault(parse_note(raw).text, []).append(raw)
    if not heads:
        return journal.ledger.checkpoint(log, journal.node_key)
    best = max(heads.values(), key=lambda found: (len(found), claimed_size(found[0].decode())))
    return _by_charter(journal, best)


def _by_charter(journal: Journal, heads: Sequence[bytes]) -> bytes:
    """One head with the receipts that the keys of the charter gave: others would need their rotations."""
    first = parse_note(heads[0])
    hashes = {key_hash(log.origin, log.authorities[0][1].node, COSIGNATURE) for log in _logs(journal)}
    lines = [line for raw in heads for line in parse_note(raw).signatures[1:] if line.key_hash in hashes]
    return format_note(Note(first.text, (*first.signatures[:1], *lines)))


def _logs(journal: Journal) -> Iterable[Log]:
    return journal.ledger.logs.values()
