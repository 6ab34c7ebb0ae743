"""How does a node get the own log back, and when may it write again?

After a restored backup, a lost disk or a move to another machine the node asks every party: what
they hold of its log was signed by it and counts. Only when all have answered can it know that
nothing is missing; a party that cannot be asked may be left out by somebody who knows what it means.
"""

from collections.abc import Iterable
from contextlib import suppress

from paraph.node.errors import OldDatabase
from paraph.node.exchange.audience import reads_contents
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import pull
from paraph.node.exchange.errors import ExchangeError
from paraph.node.journal import Journal
from paraph.sentences import Sentence, _

NOT_ASKED = _("%(party)s has not been asked: it may hold entries of our log that are missing here.")


def recover(
    journal: Journal, callers: Iterable[Caller], *, without: Iterable[str] = (), give_up: bool = False
) -> list[Sentence]:
    """
    Bring back what the parties hold, the own log too, and let the node write again.

    Args:
        journal: of this node.
        callers: how to ask each other node.
        without: parties that need not answer.
        give_up: go on without entries of the own log that are lost here and held by nobody who answered.

    Returns:
        What stands in the way, one sentence each; none where the node may write again.
    """
    troubles = bring_back(journal, callers, without)
    if not any(trouble.template == NOT_ASKED for trouble in troubles):
        try:
            journal.compared(give_up=give_up)
        except OldDatabase as error:
            return [*troubles, error.sentence]
        return []
    return troubles


def held_elsewhere(callers: Iterable[Caller], log: str) -> tuple[str, int]:
    """Who of those that answer holds most of a log, and how many entries; nobody and 0 where none does."""
    held = {"": 0}
    for caller in callers:
        with suppress(ExchangeError):
            held[caller.peer.code] = caller.heads().get(log, 0)
    most = max(held, key=lambda code: held[code])
    return most, held[most]


def bring_back(journal: Journal, callers: Iterable[Caller], without: Iterable[str]) -> list[Sentence]:
    """Take over what the parties hold; what went wrong, and which of them has not been asked."""
    asked: set[str] = set()
    troubles: list[Sentence] = []
    for caller in callers:
        code = caller.peer.code
        if not reads_contents(journal.charter, code):
            continue
        try:
            pulled = pull(journal, caller, recovering=True)
            while pulled.more:
                pulled = pull(journal, caller, recovering=True)
        except ExchangeError as error:
            troubles.append(error.sentence)
            continue
        troubles += pulled.troubles
        if journal.me in pulled.complete:  # two histories of another log are no reason to wait
            asked.add(code)
    others = {party.code for party in journal.charter.parties} - {journal.me}
    for code in sorted(others - asked - set(without)):
        troubles.append(Sentence(NOT_ASKED, {"party": code}))
    return troubles
