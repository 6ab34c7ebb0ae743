"""What stands on every page: node, party, clock, sync light, language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from paraph.node.clock import clock_of
from paraph.node.current import journal, loop
from paraph.node.errors import HomeError
from paraph.node.models import Person
from paraph.pages.shown import languages
from paraph.pages.work import ended
from paraph.record.charter import members
from paraph.sentences import in_language
from paraph.state.programme import Programme

_clock = clock_of(settings.HOME)


def language() -> str:
    """The reader's language, as a code of the programme where it has it."""
    return (get_language() or "en")[:2]


def reading(programme: Programme) -> str:
    """The language in which titles are shown first."""
    wanted = language()
    return wanted if wanted in languages(programme) else languages(programme)[0]


def heads_line(heads: dict[str, int]) -> str:
    """The heads that a page was drawn from: `BY:12,RU:9`."""
    return ",".join(f"{log}:{size}" for log, size in sorted(heads.items()))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame."""
    home = settings.HOME
    try:
        charter = journal().charter
    except HomeError:
        return {"home": home}
    names = {one.code: one.name for one in members(charter)}
    tongue = language()
    return {
        "home": home,
        "me": home.code,
        "node_name": in_language(names[home.code], tongue),
        "party_names": {code: in_language(name, tongue) for code, name in names.items()},
        "parties": [party.code for party in charter.parties],
        "programme_name": in_language(charter.name, tongue),
        "marks": charter.marks,
        "now": _clock(),
        "programme_clock": bool(home.clock_start),
        "peers": list(loop().state().values()),
        "theme": request.COOKIES.get("paraph_theme", ""),
        "density": request.COOKIES.get("paraph_density", ""),
        "heads": heads_line(journal().ledger.sizes()),
        "ended_work": ended(request.user) if isinstance(request.user, Person) else [],
    }
