"""Initials and seals: slow on purpose. The same page for a road map, the charter and a decision."""

import time
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paraph.acts import REOPENED, Act, Initial, Notify, Placed, Seal, Sign
from paraph.node.access import heads, members, person_of
from paraph.node.current import journal
from paraph.node.passkeys import Held, answered, closing_passkeys, question
from paraph.pages.acting import record, write
from paraph.pages.attested import attested
from paraph.pages.frame import reading
from paraph.pages.keys import site_of
from paraph.pages.lineage import steps_of
from paraph.pages.roadmap import closing_lines, found
from paraph.pages.sayings import name_of, said, telling
from paraph.record.errors import RecordError
from paraph.state import closing, roadmaps, rules
from paraph.state.composed import Composed, composed_object
from paraph.state.errors import Refused
from paraph.state.programme import Programme, Stand

ASKED = "closing_asked"  # what a passkey was asked to sign, in the session
PATIENCE = 300  # seconds for its answer


@dataclass(frozen=True, slots=True)
class Object:
    """What can be closed: its text as it is now, its closing in force, and what confirms an act on it."""

    about: str
    text: Composed
    shut: closing.Closing | None
    typed: str  # what is typed to confirm

    @property
    def next(self) -> bool:
        """Say whether another text may be initialled: a charter follows a charter without a reopening."""
        fresh = bool(self.text.text) and (self.shut is None or self.text.text != self.shut.text)
        return fresh and (self.shut is None or self.about == "charter")


def object_of(programme: Programme, about: str) -> Object:
    """The object of an address."""
    if about.startswith("road_map:"):
        typed = str(found(programme, about.removeprefix("road_map:")).number)
    elif about in programme.on and (about == "charter" or about.startswith("decision:")):
        typed = "charter" if about == "charter" else "decision"
    else:
        raise Http404(_("There is nothing here that could be closed."))
    return Object(about, composed_object(programme, about), closing.closed(programme, about), typed)


def page(request: HttpRequest, name: str) -> HttpResponse:
    """The closing of a road map's text."""
    return closing_of(request, f"road_map:{name}")


@members
def closing_of(request: HttpRequest, about: str) -> HttpResponse:
    """What initials and seals stand on this text, and what is asked of us now."""
    programme = journal().programme()
    one = object_of(programme, about)
    if request.method == "POST":
        return _close(request, programme, one)
    me = journal().me or ""
    road_map = about.removeprefix("road_map:") if about.startswith("road_map:") else ""
    done = {party: programme.by[party].signed for party in programme.parties}
    told = {party: programme.by[party].notified for party in programme.parties}
    key = (about, one.shut.text) if one.shut else ("", "")
    stands = []
    for party in programme.parties:
        stand = closing.standing(programme, party, about)
        seal = closing.own_seal(programme, party, about)
        if stand is None and one.shut is not None and not one.next:
            stand, seal = one.shut.by(party)
        stands.append(
            {
                "party": party,
                "stand": stand,
                "same": stand is not None and stand.text in (one.text.text, key[1]),
                "reopens": stand is not None and stand.text == REOPENED,
                "seal": seal,
                "signed": done[party].get(key),
                "notified": told[party].get(key),
            }
        )
    mine = closing.standing(programme, me, about)
    whole = closing.whole_set(programme, about)
    context = {
        "one": one,
        "map": found(programme, road_map) if road_map else None,
        "name": name_of(programme, about, reading(programme)),
        "stands": stands,
        "mine": mine,
        "unverified": _unverified(programme, road_map, one),
        "may_initial": one.next and (mine is None or mine.text != one.text.text),
        "may_seal": whole is not None and closing.own_seal(programme, me, about) is None,
        "may_sign": road_map and one.shut and key not in done[me],
        "may_notify": one.shut and key in done[me] and key not in told[me],
        "may_reopen": one.shut is not None and (mine is None or mine.text != REOPENED),
        "foreseen": _foreseen(programme, me, one, mine, sealing=whole is not None),
        "steps": _steps(programme, one),
        "shown_text": (shown := one.shut.text if one.shut and not one.next else one.text.text),
        "attestations": len(attested(programme, reading(programme), shown)) if shown else 0,
        "lines": closing_lines(programme, about, one.text, one.shut),
        "may_close": person_of(request).may_close,
        "by_passkey": closing_passkeys(person_of(request), programme, me),
        "final": closing.final(programme, me, about),
        "proven": any(one["stand"] for one in stands),
    }
    return render(request, "closing.html", context)


def _steps(programme: Programme, one: Object) -> list[dict[str, Any]]:
    """The steps of the charter that is closed, or to be closed next."""
    lines = one.text.lines if one.next or one.shut is None else one.shut.lines
    name = lines[0].removeprefix("charter ") if lines else ""
    return steps_of(programme, name, reading(programme)) if name in programme.proposals else []


def _unverified(programme: Programme, road_map: str, one: Object) -> bool:
    """Whether the text of a road map that may still be closed is one that not every party calls verified."""
    if not road_map or not one.next:
        return False
    return roadmaps.verified(programme, road_map) != one.text.text


def _foreseen(programme: Programme, me: str, one: Object, mine: Stand | None, *, sealing: bool) -> list[Any]:
    """What follows from the act that is asked for now."""
    act: Act = Initial(one.about, "", "", one.text.text, list(one.text.lines))
    if sealing and mine is not None:
        act = Seal(one.about, mine.after, mine.text)
    return rules.foresee(programme, me, act)


@heads
def _close(request: HttpRequest, programme: Programme, one: Object) -> HttpResponse:
    """Initial, seal, sign or notify: with the passkey or the password, and the words typed."""
    back = redirect(request.path)
    if request.POST.get("do") == "answer":
        _answered(request, programme)
        return back
    made = _act(request, programme, one)
    if made is None:
        messages.error(request, _("The text changed while you were reading. Read it, then decide again."))
        return back
    act, done = made
    if request.POST.get("typed", "").strip() != one.typed:
        messages.error(request, _("Type %(typed)s to confirm.") % {"typed": one.typed})
        return back
    held = closing_passkeys(person_of(request), programme, journal().me or "")
    if held:
        return _ask(request, programme, one, held[-1], act, done) or back
    record(request, [act], done, password=request.POST.get("password", ""))
    return back


def _ask(
    request: HttpRequest, programme: Programme, one: Object, held: Held, act: Act, done: str
) -> HttpResponse | None:
    """Ask the passkey to sign the content; it is kept until the answer comes, or another question."""
    try:
        prepared = journal().prepare(act, held.row.key)
    except Refused as refused:
        messages.error(request, said(refused.sentence))
        return None
    request.session[ASKED] = {
        "content": prepared.content.decode(),
        "blobs": {name: data.decode() for name, data in prepared.blobs.items()},
        "key": held.row.key,
        "path": request.path,
        "done": str(done),
        "until": time.time() + PATIENCE,
    }
    context = {
        "name": name_of(programme, one.about, reading(programme)),
        "saying": telling(programme, Placed(journal().me or "", 0, "", "", {}, act), reading(programme)),
        "fingerprint": getattr(act, "text", ""),
        "question": question(held, prepared),
        "elsewhere": site_of(request) != held.public.site,
    }
    return render(request, "ask_passkey.html", context)


def _answered(request: HttpRequest, programme: Programme) -> None:
    """Write what the passkey has signed."""
    asked = request.session.pop(ASKED, None)
    found = closing_passkeys(person_of(request), programme, journal().me or "")
    held = next((one for one in found if asked and one.row.key == asked["key"]), None)
    if asked is None or held is None or asked["path"] != request.path or asked["until"] < time.time():
        messages.error(request, _("The question to the passkey is too old; nothing was signed. Begin again."))
        return
    blobs = {name: data.encode() for name, data in asked["blobs"].items()}
    prepared = journal().prepared(asked["content"].encode(), blobs)
    try:
        signer = answered(held, prepared, request.POST)
    except RecordError as error:
        messages.error(request, _("Nothing was signed: %(reason)s.") % {"reason": str(error)})
        return
    write(request, [prepared.act], signer, asked["done"], prepared)


def _act(request: HttpRequest, programme: Programme, one: Object) -> tuple[Act, str] | None:
    """The act that the form asks for, on exactly the text that was shown."""
    about = one.about
    shown = request.POST.get("text", "")
    charter = programme.charter.prog
    after = closing.after(programme, about)
    titles: Any = {"en": person_of(request).title_en}
    match request.POST.get("do"):
        case "initial" if one.next and shown == one.text.text:
            return Initial(about, after, charter, shown, list(one.text.lines)), _("Initialled.")
        case "seal":
            stand = closing.standing(programme, journal().me or "", about)
            if stand is not None and stand.text == shown:
                return Seal(about, stand.after, shown), _("Sealed.")
        case "sign" if one.shut and shown == one.shut.text:
            return Sign(about, shown, titles), _("Signed.")
        case "notify" if one.shut and shown == one.shut.text:
            return Notify(about, shown), _("Notified.")
        case "reopen" if one.shut and shown == one.shut.text:
            return Initial(about, after, charter, REOPENED), _("The reopening is initialled.")
    return None
