"""Whose full powers have ended by their date, so that the own node revokes them?

Dates decide nothing in the record: a term ends where the node of the party writes that it does.
(docs/decisions/terms.md)
"""

from datetime import date

from paraph.state.programme import Programme

REASON = "the term is over"


def over(programme: Programme, party: str, today: date) -> list[str]:
    """The keys of a party whose last day lies before today, and which hold."""
    grants = programme.logs[party].grants
    return [
        key
        for key, grant in grants.items()
        if grant.until is None and grant.act.until and grant.act.until < today.isoformat()
    ]
