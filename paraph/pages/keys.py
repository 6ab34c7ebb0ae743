"""The own keys: with what do I sign, and how do I get a passkey for initials and seals?"""

import ipaddress
import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paraph.node import passkeys
from paraph.node.access import heads, members, person_of
from paraph.node.current import journal
from paraph.record.errors import Malformed

ASKED = "passkey_asked"


@members
def page(request: HttpRequest) -> HttpResponse:
    """The signing key and the passkeys of who is signed in."""
    person, programme, me = person_of(request), journal().programme(), journal().me or ""
    mine = person.signing_key
    context: dict[str, Any] = {
        "mine": mine,
        "grant": programme.logs[me].grants.get(mine.key) if mine else None,
        "party_code": me,
        "passkeys": passkeys.passkeys_of(person, programme, me),
        "site": site_of(request),
    }
    return render(request, "keys.html", context)


@heads
def register(request: HttpRequest) -> HttpResponse:
    """Ask the browser for a passkey, and keep what it made."""
    person, site = person_of(request), site_of(request)
    if not site:
        return redirect("keys")
    asked = request.session.pop(ASKED, "")
    if request.method == "POST" and asked:
        try:
            held = passkeys.register(person, asked, site, request.POST)
        except Malformed as error:
            messages.error(request, _("No passkey was kept: %(reason)s.") % {"reason": str(error)})
        else:
            messages.success(
                request, _("The passkey %(id)s waits for the root keys.") % {"id": held.row.key[:8]}
            )
        return redirect("keys")
    request.session[ASKED] = passkeys.new_challenge()
    known = [
        one.credential for one in passkeys.passkeys_of(person, journal().programme(), journal().me or "")
    ]
    context = {
        "challenge": request.session[ASKED],
        "site": site,
        "user_id": f"paraph-{journal().charter.prog[:16]}-{person.pk}",
        "known": " ".join(known),
    }
    return render(request, "new_passkey.html", context)


def site_of(request: HttpRequest) -> str:
    """The name under which the node was opened, to which a passkey belongs; "" where it is a bare number."""
    host = re.sub(r":\d+$", "", request.get_host())
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.lower()
    return ""
