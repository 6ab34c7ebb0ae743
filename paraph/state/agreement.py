"""Is a subject agreed, what is live on it, and whose turn is it?

A subject is agreed when every party chose the same proposal and no reserve is open on it. A choice
that rests on a package counts while every party accepts the package and no reserve is open on its
subjects. All of this is soft: it may end at any time.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from paraph.acts import Placed, Propose, ReserveType, TakeStance
from paraph.record.canonical import encode
from paraph.state.programme import Programme, Proposal
from paraph.text.fingerprints import fingerprint

State = Literal[
    "agreed",  # every party chose it, no reserve
    "reserved",  # the same words, confirmed by all, but reserves are open
    "ad_referendum",  # the same words accepted by all, by some subject to their capital
    "in_substance",  # one live proposal is at least accepted in substance by all
    "bracketed",  # live proposals differ
    "proposed",  # one side's words only
    "empty",  # nothing live
]


@dataclass(frozen=True, slots=True)
class OpenReserve:
    """A reserve that a party holds on a subject."""

    party: str
    type: ReserveType
    placed: Placed


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a subject stands, as of what has been applied."""

    subject: str
    state: State
    agreed: str  # proposal, or ""
    live: tuple[str, ...]  # proposals in the order of their authors and entries
    turns: tuple[str, ...]  # the parties whose move it is
    waiting: dict[str, Placed]  # party -> the oldest live proposal that it has not answered
    reserves: tuple[OpenReserve, ...]
    crossed: bool  # each party took the other's words
    since: Placed | None  # the acceptance, or the newest word, that made the state

    @property
    def open(self) -> bool:
        """Say whether something is left to settle."""
        return self.state != "agreed"


def agreed(programme: Programme, about: str) -> str:
    """The proposal agreed on the subject, or ""."""
    chosen = {
        choice.proposal if (choice := programme.by[party].choices.get(about)) else ""
        for party in programme.parties
    }
    if len(programme.parties) < 2 or len(chosen) != 1 or "" in chosen or reserved(programme, about):
        return ""
    proposal = chosen.pop()
    if programme.package(proposal) is not None:
        return proposal if holds(programme, proposal) else ""
    for party in programme.parties:
        registers = programme.by[party]
        if not registers.choices[about].direct and not any(
            holds(programme, package)
            for package in registers.packages & programme.packs[about]
            if proposal in programme.members(package)
        ):
            return ""
    return proposal


def holds(programme: Programme, package: str) -> bool:
    """Say whether every party accepts the package and no reserve is open on it or on its subjects."""
    return all(package in programme.by[party].packages for party in programme.parties) and not any(
        reserved(programme, programme.proposals[name].subject.name)
        for name in (package, *programme.members(package))
    )


def resting_on(programme: Programme, packages: Set[str]) -> list[str]:
    """The agreed subjects that would go back into brackets if these packages ended."""
    found: list[str] = []
    for package in sorted(name for name in packages if holds(programme, name)):
        for member in programme.members(package):
            about = programme.proposals[member].subject.name
            if about not in found and agreed(programme, about) == member:
                others = {
                    name
                    for name in programme.packs[about] - packages
                    if member in programme.members(name) and holds(programme, name)
                }
                if not others and any(not programme.by[p].choices[about].direct for p in programme.parties):
                    found.append(about)
    return found


def reserved(programme: Programme, about: str) -> bool:
    """Say whether any party holds a reserve on the subject."""
    return any(programme.by[party].reserves.get(about) for party in programme.parties)


def reserves_on(programme: Programme, about: str) -> tuple[OpenReserve, ...]:
    """The open reserves on the subject, party by party."""
    return tuple(
        OpenReserve(party, kind, placed)  # type: ignore[arg-type]
        for party in programme.parties
        for kind, placed in sorted(programme.by[party].reserves.get(about, {}).items())
    )


def stance(programme: Programme, party: str, proposal: str) -> TakeStance | None:
    """The party's last stance on that proposal."""
    placed = programme.by[party].stances.get(proposal)
    return placed.act if placed and isinstance(placed.act, TakeStance) else None


def live(programme: Programme, about: str) -> tuple[str, ...]:
    """
    The proposals still on the table.

    A proposal leaves it when each of its authors has declined it since proposing it, when all
    parties decline it, or when other words are agreed by a party that knew it.
    """
    settled = agreed(programme, about)
    found = [
        programme.proposals[name]
        for name in programme.on.get(about, ())
        if name == settled or alive(programme, programme.proposals[name], settled)
    ]
    order = {party: place for place, party in enumerate(programme.parties)}
    found.sort(key=lambda p: min((order[party], n) for party, n in p.first.items()))
    return tuple(proposal.id for proposal in found)


def alive(programme: Programme, proposal: Proposal, settled: str) -> bool:
    """Say whether a proposal that is not the agreed one is still on the table."""
    declined = {
        party
        for party in programme.parties
        if (said := stance(programme, party, proposal.id)) and said.position == "declines"
    }
    withdrawn = all(
        author in declined and programme.by[author].stances[proposal.id].n > n
        for author, n in programme.put_forward(proposal).items()
    )
    if withdrawn or len(declined) == len(programme.parties):
        return False
    if not settled:
        return True
    return not any(
        proposal.known_to(programme.by[party].choices[proposal.subject.name].placed)
        for party in programme.parties
    )


def waits_for(programme: Programme, party: str, about: str, live_ones: tuple[str, ...]) -> Placed | None:
    """The oldest live proposal of another party that the party has not answered, or None."""
    word = programme.by[party].words.get(about)
    unanswered: list[Placed] = []
    for name in live_ones:
        proposal = programme.proposals[name]
        others = [
            (log, n)
            for log, n in programme.put_forward(proposal).items()
            if speaker(programme, log, n) != party
        ]
        said = stance(programme, party, name)
        if said is not None and said.position == "no_instructions":
            unanswered += [programme.entry(log, n) for log, n in others]
        elif word is None or not any(word.knew(log, n) for log, n in proposal.first.items()):
            unanswered += [
                programme.entry(log, n) for log, n in others if party not in speakers(programme, name)
            ]
    return min(unanswered, key=lambda placed: (placed.at, placed.log, placed.n), default=None)


def speaker(programme: Programme, log: str, n: int) -> str:
    """Whose words an entry puts forward: its own party's, or those of the party that it has them from."""
    act = programme.entry(log, n).act
    return (isinstance(act, Propose) and act.received_from) or log


def speakers(programme: Programme, proposal: str) -> dict[str, bool]:
    """Whose words a proposal is -> whether that party itself has put them forward."""
    found: dict[str, bool] = {}
    for log, n in programme.put_forward(programme.proposals[proposal]).items():
        party = speaker(programme, log, n)
        found[party] = found.get(party, False) or party == log
    return found


def standing(programme: Programme, about: str) -> Standing:
    """Where the subject stands; kept until an entry touches it."""
    return programme.view("standing", about, lambda: _standing(programme, about))


def _standing(programme: Programme, about: str) -> Standing:
    settled = agreed(programme, about)
    on_table = live(programme, about)
    waiting = {
        party: placed
        for party in programme.parties
        if (placed := waits_for(programme, party, about, on_table)) is not None and on_table != (settled,)
    }
    open_reserves = reserves_on(programme, about)
    state = _state(programme, about, settled, on_table)
    words = [
        programme.by[party].words[about] for party in programme.parties if about in programme.by[party].words
    ]
    made = (
        [programme.by[party].choices[about].placed for party in programme.parties]
        if state == "agreed"
        else words
    )
    since = max(made, key=lambda placed: (placed.at, placed.log, placed.n), default=None)
    return Standing(
        about,
        state,
        settled,
        on_table,
        tuple(waiting),
        waiting,
        open_reserves,
        _crossed(programme, about),
        since,
    )


def _state(programme: Programme, about: str, settled: str, on_table: tuple[str, ...]) -> State:
    if settled:
        return "agreed"
    if not on_table:
        return "empty"
    chosen = {
        choice.proposal if (choice := programme.by[party].choices.get(about)) else ""
        for party in programme.parties
    }
    if len(chosen) == 1 and "" not in chosen:
        return "reserved"
    if any(support(programme, name) == "ad_referendum" for name in on_table):
        return "ad_referendum"
    if any(support(programme, name) == "in_substance" for name in on_table):
        return "in_substance"
    if len(on_table) > 1:
        return "bracketed"
    supporters = {party for party in programme.parties if supports(programme, party, on_table[0])}
    supporters |= set(speakers(programme, on_table[0]))
    return "proposed" if len(supporters) == 1 else "bracketed"


def support(programme: Programme, proposal: str) -> str:
    """What all parties have in common on the proposal: "ad_referendum", "in_substance" or ""."""
    said = [held(programme, party, proposal) for party in programme.parties]
    if any(one is None or one.position not in ("accepts", "in_substance") for one in said):
        return ""
    return "ad_referendum" if all(one and one.position == "accepts" for one in said) else "in_substance"


def supports(programme: Programme, party: str, proposal: str) -> bool:
    """Say whether the party accepts the proposal, by itself or in a package, at least in substance."""
    choice = programme.by[party].choices.get(programme.proposals[proposal].subject.name)
    if choice is not None and choice.proposal == proposal:
        return True
    said = held(programme, party, proposal)
    return said is not None and said.position in ("accepts", "in_substance")


def held(programme: Programme, party: str, proposal: str) -> TakeStance | None:
    """The party's last stance on that proposal, as far as it still holds."""
    return None if ended(programme, party, proposal) else stance(programme, party, proposal)


def ended(programme: Programme, party: str, proposal: str) -> bool:
    """Say whether the party's full acceptance has ended: it chose other words, or its package fell."""
    said = stance(programme, party, proposal)
    choice = programme.by[party].choices.get(programme.proposals[proposal].subject.name)
    full = said is not None and (said.position, said.strength) == ("accepts", "confirmed")
    return full and (choice is None or choice.proposal != proposal)


def _crossed(programme: Programme, about: str) -> bool:
    """Each party's choice is words that another one proposed and has left."""
    choices = {
        party: choice.proposal
        for party in programme.parties
        if (choice := programme.by[party].choices.get(about))
    }
    if len(choices) < len(programme.parties) or len(set(choices.values())) < 2:
        return False
    return all(party not in programme.proposals[name].last for party, name in choices.items())


def since_agreed(programme: Programme, about: str) -> Placed | None:
    """The acceptance that made the subject agreed: the latest one claimed."""
    found = standing(programme, about)
    return found.since if found.state == "agreed" else None


def author(programme: Programme, proposal: str) -> Placed:
    """The entry that first put the proposal forward."""
    known = programme.proposals[proposal]
    order = {party: place for place, party in enumerate(programme.parties)}
    log, n = min(known.first.items(), key=lambda item: (order[item[0]], item[1]))
    placed = programme.entry(log, n)
    if not isinstance(placed.act, Propose):
        raise ValueError(f"{log} entry {n} proposes nothing")
    return placed


def seen(programme: Programme, about: str) -> str:
    """The fingerprint of what a page shows of a subject: its live proposals and the agreed one."""
    found = standing(programme, about)
    beneath = [  # a page of a package shows the subjects of its members too
        seen(programme, programme.proposals[member].subject.name)
        for name in found.live
        for member in programme.members(name)
    ]
    return fingerprint(encode([about, found.agreed, *found.live, *beneath]))


def in_languages(programme: Programme, proposal: str, part: str = "words") -> dict[str, str]:
    """
    The words (or "heading", "title", "area") of a proposal in every language it has.

    Authentic words come from the content. A working language shows the translation of the first
    author who gave one; it renders exactly this proposal. An area is one word in the content, in the
    first authentic language.
    """
    known = programme.proposals[proposal]
    given_in_it = getattr(known.content, part, None) or {}
    found = {programme.authentic[0]: given_in_it} if isinstance(given_in_it, str) else dict(given_in_it)
    order = sorted(programme.parties, key=lambda party: (party not in known.first, party))
    for language, given in known.translations.items():
        for party in order:
            words = given.get(party, {}).get(part)
            if language not in found and isinstance(words, str):
                found[language] = words
    return found
