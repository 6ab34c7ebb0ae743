"""Small words of templates: parties, dates, fingerprints, marks."""

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from paraph.acts import Placed
from paraph.node.current import journal
from paraph.pages import sayings
from paraph.pages.frame import language, reading
from paraph.pages.shown import slot
from paraph.papers.kinds import KINDS
from paraph.record.charter import members
from paraph.sentences import in_language
from paraph.state.roadmaps import RoadMap
from paraph.text.fingerprints import short

register = template.Library()

ICONS = {
    "drafting": "empty",
    "coordination": "half",
    "in_substance": "half",
    "text_complete": "full",
    "verified": "verified",
    "initialled": "initialled",
    "signed": "signed",
    "in_force": "seal",
    "carried_out": "yes",
    "returned": "returned",
    "suspended": "hold",
    "withdrawn": "no",
    "succeeded": "turn",
    "agreed": "agreed",
    "bracketed": "bracketed",
    "proposed": "proposed",
    "reserved": "hold",
    "ad_referendum": "bracketed",
    "empty": "silent",
    "reference": "warn",
    "accepts": "yes",
    "holds": "hold",
    "declines": "no",
    "no_instructions": "silent",
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A shape of 12 x 12; words always stand beside it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="#{}"/></svg>', ICONS.get(name, name))


@register.filter
def badge(value: str) -> SafeString:
    """The shape and the name of a state."""
    return _badge(value, language())


@cache
def _badge(value: str, _tongue: str) -> SafeString:
    return format_html("{}{}", icon(value), state(value))


@register.simple_tag
def party(code: str) -> SafeString:
    """A party's name in its cartouche, with its own line style."""
    return _party(code, language())


@cache
def _party(code: str, tongue: str) -> SafeString:
    charter = journal().charter
    names = {one.code: one.name for one in members(charter)}
    name = names.get(code, {})
    return format_html(
        '<abbr class="party slot-{}{}" title="{}">{}</abbr>',
        slot(journal()._programme, code),
        " ours" if code == settings.HOME.code else "",
        in_language(name, tongue),
        code,
    )


@register.filter
def day(value: Any) -> str:
    """The date of an entry, an ISO date or a time, for a reader."""
    if isinstance(value, Placed):
        value = value.at
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), pgettext("a date in a table", "j M Y"))
    if not value:
        return ""
    return date_format(date.fromisoformat(str(value)[:10]), pgettext("a date in a table", "j M Y"))


@register.filter
def short_day(value: Placed | None) -> str:
    """The day and month of an entry, where room is scarce."""
    short = pgettext("a date in a table", "j M")
    return date_format(date.fromisoformat(value.at[:10]), short) if value else ""


@register.filter
def moment(value: Any) -> str:
    """The date and minute, in the node's time."""
    if isinstance(value, Placed):
        value = value.at
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return date_format(timezone.localtime(value), pgettext("a date in a table", "j M Y, H:i"))


@register.simple_tag(takes_context=True)
def days_since(context: dict[str, Any], placed: Placed | None) -> str:
    """How many days have passed since an entry."""
    if placed is None:
        return ""
    return str(max(0, (context["now"] - datetime.fromisoformat(placed.at.replace("Z", "+00:00"))).days))


@register.filter
def fp(value: str) -> str:
    """A fingerprint for people."""
    return short(value, 3)


@register.filter
def said(value: Any) -> str:
    """A sentence of the core in the reader's language."""
    return sayings.said(value)


@register.filter
def place(about: str) -> str:
    """What a subject is called from outside its road map."""
    programme = journal().programme()
    return sayings.place_of(programme, about, reading(programme))


@register.filter
def paper(kind: str) -> str:
    """What a kind of paper is called."""
    return _(KINDS[kind].title) if kind in KINDS else kind


@register.filter
def stage(value: str) -> str:
    """The name of a stage."""
    return str(sayings.STAGES.get(value, value))


@register.filter
def state(value: str) -> str:
    """The name of a state."""
    return str(sayings.STATES.get(value, value))


@register.filter
def position(value: str) -> str:
    """The name of a position."""
    return str(sayings.POSITIONS.get(value, value))


@register.filter
def strength(value: str) -> str:
    """The name of a strength."""
    return str(sayings.STRENGTHS.get(value, value))


@register.filter
def reserve(value: str) -> str:
    """The name of a type of reserve."""
    return str(sayings.RESERVES.get(value, value))


@register.filter
def cell(value: str) -> str:
    """The name of a cell of a measure."""
    return str(sayings.CELLS.get(value, value))


@register.filter
def mark(value: str) -> str:
    """What a mark says."""
    return str(sayings.MARKS.get(value, value))


@register.filter
def tongue(names: dict[str, str], wanted: str) -> str:
    """What is said in that language, else in the first that there is."""
    return in_language(names, wanted)


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """An item of a mapping."""
    return mapping.get(key, "")


@register.filter
def pairs(mapping: dict[str, Any] | None) -> list[tuple[str, Any]]:
    """The keys and values of a mapping, or nothing."""
    return list((mapping or {}).items())


@register.simple_tag
def strip(one: RoadMap) -> SafeString:
    """One mark for each provision and measure, in the order of the text."""
    paths = {"agreed": "", "bracketed": "", "proposed": ""}
    items = [item for item in one.items if item.kind != "section"]
    step = 4 if len(items) <= 60 else 2
    wide = step - 1
    for place, item in enumerate(items):
        x = place * step
        if item.state == "agreed":
            paths["agreed"] += f"M{x} 1h{wide}v10h-{wide}z"
        elif item.state == "bracketed":
            paths["bracketed"] += f"M{x} 0h{wide}v12h-{wide}z"
            if wide > 2:
                paths["bracketed"] += f"M{x + 1} 1v10h1v-10z"
        else:
            paths["proposed"] += f"M{x} 8h{wide}v3h-{wide}z"
    width = max(1, len(items) * step - 1)
    return mark_safe(  # noqa: S308 - numbers only
        f'<svg class="strip" width="{min(width, 240)}" height="12" viewBox="0 0 {width} 12"'
        ' preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="a" d="{paths["agreed"]}"/><path class="b" d="{paths["bracketed"]}"/>'
        f'<path class="p" d="{paths["proposed"]}"/></svg>'
    )


@register.filter
def cell_name(about: str) -> str:
    """The name of the cell that a subject is."""
    return cell(about.rsplit("/", 1)[1])
