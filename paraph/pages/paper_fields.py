"""Which fields do meetings, minutes, decisions and taskings have, in forms and in words?"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from paraph.text.canonical import canonical

KINDS = {
    "meeting": gettext_lazy("meeting"),
    "minutes": gettext_lazy("minutes"),
    "decision": gettext_lazy("decision"),
    "tasking": gettext_lazy("tasking"),
}
FIELDS = {
    "date": gettext_lazy("Date"),
    "level": gettext_lazy("Level"),
    "bodies": gettext_lazy("Responsible bodies"),
    "deadline": gettext_lazy("Deadline"),
}
FIELDS_OF = {
    "meeting": ("date", "level"),
    "minutes": ("date",),
    "decision": ("date", "bodies"),
    "tasking": ("bodies", "deadline"),
}
DATES = ("date", "deadline")


def posted(request: HttpRequest, kind: str) -> dict[str, str]:
    """What stands in the form: field -> value as typed."""
    return {name: request.POST.get(f"field_{name}", "") for name in FIELDS_OF.get(kind, ())}


def checked(given: Mapping[str, str]) -> dict[str, str]:
    """The fields that are filled: dates as ISO, words canonical; ValidationError or TextRefused."""
    return {
        name: forms.DateField().clean(value).isoformat() if name in DATES else canonical(value)
        for name, value in given.items()
        if value.strip()
    }


def inputs(kind: str, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of a paper for a form, with what they hold."""
    return [
        {"name": name, "label": FIELDS[name], "date": name in DATES, "value": given.get(name, "")}
        for name in FIELDS_OF.get(kind, ())
    ]
