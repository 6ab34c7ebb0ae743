"""The path of an act from a form to the record, the same for every button."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from paraph.acts import STRENGTHS, Act, Strength
from paraph.node.access import person_of
from paraph.node.current import journal
from paraph.node.journal import Prepared
from paraph.node.people import try_password, working_key
from paraph.pages.frame import reading
from paraph.pages.sayings import said
from paraph.record.errors import RecordError
from paraph.record.keys import Signer
from paraph.state.errors import Refused
from paraph.text.errors import TextRefused


def record(request: HttpRequest, acts: Sequence[Act], done: str, *, password: str | None = None) -> bool:
    """
    Write acts with the key of who is signed in; say what happened.

    Args:
        request: whose form it was.
        acts: all of them are written, or none.
        done: what to say when they stand in the record.
        password: typed now, for what is closed; None for everyday work.
    """
    person = person_of(request)
    try:
        key = working_key(request) if password is None else try_password(person, password)
    except Refused as refused:
        messages.error(request, said(refused.sentence))
        return False
    if key is None:
        messages.error(
            request,
            _("Your signing key is not open: sign out and in again.")
            if password is None
            else _("The password does not open your signing key; nothing was signed."),
        )
        return False
    return write(request, acts, key, done)


def write(
    request: HttpRequest, acts: Sequence[Act], key: Signer, done: str, prepared: Prepared | None = None
) -> bool:
    """Write acts that this key signs, or has signed; say what happened."""
    try:
        placed = journal().record(acts, [key], prepared=prepared)
    except Refused as refused:
        messages.error(request, said(refused.sentence))
        return False
    except TextRefused as refused:
        messages.error(request, said(refused.sentence))
        return False
    except RecordError as error:
        messages.error(request, str(error))
        return False
    last = placed[-1] if placed else None
    where = f" {last.log} {last.n}" if last else ""
    messages.success(request, f"{done} {_('In the record:')}{where}.")
    return True


def noted(request: HttpRequest) -> dict[str, str]:
    """The reason that a form gives to all parties, in the reader's language."""
    words = request.POST.get("reason", "").strip()[:2000]
    return {reading(journal().programme()): words} if words else {}


def strength_of(request: HttpRequest) -> Strength | None:
    """How the form accepts what it proposes, or None: to propose is not to accept."""
    asked = request.POST.get("accept")
    return next((one for one in STRENGTHS if one == asked), None)
