"""Which logs have two histories, and what still counts of them?

What is agreed reads only the entries that the histories share; a closing counts an entry of such a
log only where another party's log has acknowledged it. Nothing is chosen: the root keys of the party
name the history that stands, and all others accept it.
"""

from collections.abc import Mapping

from paraph.acts import Ack, Placed, Rotate
from paraph.record.forks import Evidence
from paraph.sentences import Sentence, _
from paraph.state.programme import Fork, Programme

Cut = Mapping[str, int]  # log -> how many of its entries


def note(programme: Programme, placed: Placed, act: Ack) -> None:
    """Keep what an ack tells of two histories, or accepts as the one that stands."""
    for evidence in act.forks:
        fork = Fork(evidence.shared, evidence.latest, placed)
        programme.forks.setdefault(evidence.log, []).append(fork)
    for log, place in act.accepts.items():
        if log != placed.log and log in programme.logs and says_what_stands(programme, placed, log, place):
            programme.accepted.setdefault(log, []).append((place, placed))


def says_what_stands(programme: Programme, placed: Placed, log: str, place: int) -> bool:
    """Say whether root keys name the history that stands in that entry, known to the one who asks."""
    if not placed.knew(log, place) or place < 0 or (log, place) in programme.voids:
        return False
    act = programme.logs[log].entries[place].act
    return isinstance(act, Rotate) and bool(act.stands)


def settled(programme: Programme, log: str, cut: Cut) -> int:
    """The place up to which all others accept the history that root keys named; -1 where none."""
    accepted = dict.fromkeys(programme.parties, -1)
    for place, told in programme.accepted.get(log, ()):
        if told.n < cut.get(told.log, 0):
            accepted[told.log] = max(place, accepted[told.log])
    del accepted[log]
    return min(accepted.values(), default=-1)


def open_forks(programme: Programme, log: str, cut: Cut) -> list[Fork]:
    """What is known within that cut of two histories of the log, and not settled."""
    if log not in programme.forks:
        return []
    until = settled(programme, log, cut)
    return [
        fork
        for fork in programme.forks[log]
        if fork.latest > until and fork.told.n < cut.get(fork.told.log, 0)
    ]


def shared(programme: Programme, log: str) -> int | None:
    """How many entries count for what is agreed; None where all do."""
    found = open_forks(programme, log, programme.sizes())
    proven = [fork.shared for fork in found if fork.shared]
    return (min(proven) if proven else 0) if found else None


def acknowledged(programme: Programme, log: str, cut: Cut) -> int:
    """How many entries of the log other parties have acknowledged within that cut."""
    return max(
        (
            entries[cut[party] - 1].past.get(log, 0)
            for party in programme.parties
            if party != log and cut.get(party, 0) and (entries := programme.logs[party].entries)
        ),
        default=0,
    )


def counts(programme: Programme, placed: Placed, cut: Cut) -> bool:
    """Say whether an entry counts for a closing within that cut."""
    if not open_forks(programme, placed.log, cut):
        return True
    return placed.n < acknowledged(programme, placed.log, cut)


def is_news(programme: Programme, evidence: Evidence) -> bool:
    """Say whether the evidence tells more than what is known of the log."""
    known = shared(programme, evidence.log)
    if evidence.latest <= settled(programme, evidence.log, programme.sizes()):
        return False
    return known is None or (evidence.shared > 0 and (known == 0 or evidence.shared < known))


def told(programme: Programme) -> list[Sentence]:
    """What everybody should know of logs with two histories."""
    found: list[Sentence] = []
    for log in sorted(programme.shared):
        count = programme.shared[log]
        known = open_forks(programme, log, programme.sizes())
        first = min((fork.shared != count, fork.told.log, fork.told.n) for fork in known)
        found.append(
            Sentence(
                _(
                    "Two histories of the log of %(log)s are signed by its node, says %(party)s entry %(n)s."
                    " Only the first %(shared)s entries, which they share, count for what is agreed;"
                    " a closing counts what another party had acknowledged."
                    " Only the root keys of %(log)s can say which history stands, and all others accept it."
                ),
                {"log": log, "party": first[1], "n": first[2], "shared": count},
            )
        )
    return found
