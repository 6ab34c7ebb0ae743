"""How does a node get the own log back, and when may it write again?

After a restored backup, a lost disk or a move to another machine the node asks every party: what
they hold of its log was signed by it and counts. Only when all have answered can it know that
nothing is missing; a party that cannot be asked may be left out by somebody who knows what it means.
"""

from collections.abc import Iterable

from paraph.node.errors import OldDatabase
from paraph.node.exchange.audience import reads_contents
from paraph.node.exchange.caller import Caller
from paraph.node.exchange.client import Pulled, pull
from paraph.node.exchange.errors import ExchangeError
from paraph.node.exchange.heads import signed_head
from paraph.node.journal import Journal
from paraph.record.errors import RecordError
from paraph.sentences import Sentence, _


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
            whole = pulled.whole or _own_log_is_whole(journal, caller, pulled)
        except ExchangeError as error:
            troubles.append(error.sentence)
            continue
        troubles += pulled.troubles
        if whole:
            asked.add(code)
    others = {party.code for party in journal.charter.parties} - {journal.me}
    for code in sorted(others - asked - set(without)):
        template = _("%(party)s has not been asked: it may hold entries of our log that are missing here.")
        troubles.append(Sentence(template, {"party": code}))
    if others - asked <= set(without):
        try:
            journal.compared(give_up=give_up)
        except OldDatabase as error:
            return [*troubles, error.sentence]
        return []
    return troubles


def _own_log_is_whole(journal: Journal, caller: Caller, pulled: Pulled) -> bool:
    """
    Say whether all that the peer holds of the own log is held here.

    What else it holds may be a second history of some other log, which nobody here can take over.
    """
    me = journal.code
    try:
        head = signed_head(journal, caller, me)
    except RecordError:
        return False  # another history of the own log
    return max(pulled.theirs.get(me, 0), head.size if head else 0) <= journal.heads()[me]
