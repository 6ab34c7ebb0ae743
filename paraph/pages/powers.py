"""Full powers: who may do what for each party, since when, until when, certified by whom; and its keys."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from paraph.node.access import members
from paraph.node.current import journal
from paraph.node.models import EntryRow
from paraph.pages.frame import reading
from paraph.pages.sayings import name_of
from paraph.record.authority import Authority
from paraph.record.notes import parse_note
from paraph.state.programme import Grant, Programme

POWERS = {
    "negotiate": gettext_lazy("negotiates"),
    "initial": gettext_lazy("initials"),
    "seal": gettext_lazy("seals"),
    "sign": gettext_lazy("signs"),
}


@dataclass(frozen=True, slots=True)
class Power:
    """Full powers of one key, for a table."""

    key: str
    grant: Grant
    name: str
    office: str
    may: str
    scope: str
    certified: list[str]  # ids of the root keys that signed


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a party from one place of its log on."""

    since: int
    held: Authority
    now: bool


@require_GET
@members
def page(request: HttpRequest) -> HttpResponse:
    """The full powers of every party, those that hold first, and the history of its keys."""
    programme = journal().programme()
    every = [
        {"party": party, "powers": powers(programme, party), "keys": keys(party)}
        for party in programme.parties
    ]
    return render(request, "powers.html", {"every": every})


def powers(programme: Programme, party: str) -> list[Power]:
    """The full powers that a party has given, those that hold first."""
    language = reading(programme)
    grants = programme.logs[party].grants
    signers = _signers(party, [grant.since for grant in grants.values()])
    found = [
        Power(
            key,
            grant,
            _one(grant.act.name, language),
            _one(grant.act.office, language),
            ", ".join(str(POWERS.get(power, power)) for power in _held(grant)),
            _scope(programme, grant, language),
            signers.get(grant.since, []),
        )
        for key, grant in grants.items()
    ]
    return sorted(found, key=lambda one: (one.grant.until is not None, one.grant.since))


def keys(party: str) -> list[Keys]:
    """The keys of a party, the latest first."""
    held = journal().ledger.logs[party].authorities
    return [Keys(since, one, one is held[-1][1]) for since, one in reversed(held)]


def _held(grant: Grant) -> list[str]:
    """What the key itself may do: closings may have passed to a passkey."""
    return [power for power in grant.act.powers if grant.passed is None or power == "negotiate"]


def _scope(programme: Programme, grant: Grant, language: str) -> str:
    maps = grant.act.road_maps
    if maps is None:
        return _("everything")
    return "; ".join(name_of(programme, f"road_map:{name}", language) for name in maps) or _("nothing")


def _signers(party: str, places: list[int]) -> dict[int, list[str]]:
    """The ids of the keys that signed the contents of these entries."""
    rows = EntryRow.objects.filter(log=party, n__in=places).values_list("n", "note")
    return {
        n: [line.name.rpartition("/")[2] for line in parse_note(bytes(note)).signatures[1:]]
        for n, note in rows
    }


def _one(words: dict[str, str], language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")
