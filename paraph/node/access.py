"""Who may see and do what? Decided here, not in templates.

A view below these holds the journal's lock, what it reads does not change under its hands; `unlocked_` ones
take it themselves, so that slow drawing keeps nobody waiting.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from paraph.node.current import journal
from paraph.node.models import Person

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def reading(view: View) -> View:
    """Anybody may see this; while the page is drawn nothing is folded into the programme."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with journal().lock:
            answer = view(request, *args, **kwargs)
            render = getattr(answer, "render", None)
            return render() if callable(render) else answer

    return wrapped


def members(view: View) -> View:
    """Only people of the delegation see this; an observer's node shows its public pages instead."""
    return unlocked_members(reading(view))


def unlocked_members(view: View) -> View:
    """The same for a view that takes the journal's lock itself, for as long as it reads the programme."""
    inner = login_required(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.HOME.observer:
            return redirect("public")
        answer: HttpResponse = inner(request, *args, **kwargs)
        return answer

    return wrapped


def negotiators(view: View) -> View:
    """Only delegates and heads of delegation do this."""
    return unlocked_negotiators(reading(view))


def unlocked_negotiators(view: View) -> View:
    """The same for a view that takes the journal's lock itself, for as long as it reads the programme."""
    return _only(view, lambda person: person.may_act, _may_not_act)


def heads(view: View) -> View:
    """Only the head of delegation initials, seals and signs."""
    return _only(reading(view), lambda person: person.may_close, _may_not_close)


def administrators(view: View) -> View:
    """Only administrators manage people; they negotiate nothing."""
    return _only(reading(view), lambda person: person.role == Person.Role.ADMINISTRATOR, _may_not_manage)


def _only(view: View, may: Callable[[Person], bool], refusal: Callable[[], str]) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(person_of(request)):
            raise PermissionDenied(refusal())
        return view(request, *args, **kwargs)

    return unlocked_members(wrapped)


def _may_not_act() -> str:
    return _("Your role does not let you act in the joint record.")


def _may_not_close() -> str:
    return _("Only the head of delegation initials, seals and signs.")


def _may_not_manage() -> str:
    return _("Only an administrator manages the people of this node.")
