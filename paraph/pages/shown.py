"""How is a content written for a reader: words, brackets, redlines, in one language?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from paraph.acts import Bodies, Card, Deadline, Indicator, Lineage, Outline, Package, Paper, Words, subject
from paraph.pages.paper_fields import DATES, FIELDS
from paraph.sentences import in_language
from paraph.state import agreement, roadmaps
from paraph.state.composed import REFERENCE
from paraph.state.programme import Programme
from paraph.text import brackets as b
from paraph.text.outline import numbers
from paraph.text.words import Segment, redline

RECEIVED_SAID = gettext_lazy("* as received by another party; not signed by the party itself")


def languages(programme: Programme) -> list[str]:
    """The languages of the programme: authentic ones first."""
    return list(programme.charter.languages)


def slot(programme: Programme, party: str) -> int:
    """The line style and hue of a party: 1 to 4, dealt out again after four."""
    party = party.rstrip(roadmaps.RECEIVED)
    return programme.parties.index(party) % 4 + 1 if party in programme.parties else 1


def text_of(programme: Programme, proposal: str, language: str) -> str | None:
    """A content as plain words in one language; None where it has none in it."""
    content = programme.content(proposal)
    match content:
        case Paper():
            parts = [agreement.in_languages(programme, proposal, part) for part in ("heading", "words")]
            heading, body = (part.get(language, "") for part in parts)
            return paper_text(heading, body, content.fields) if heading or body else None
        case Words():
            words = agreement.in_languages(programme, proposal)
            if not content.words and content.heading:
                return ""
            return with_numbers(programme, words[language], proposal) if language in words else None
        case Deadline():
            return day(content.date)
        case Bodies():
            lines = ((party, bodies_of(content, party, language)) for party in sorted(content.bodies))
            return "\n".join(f"{party}: {names}" for party, names in lines)
        case Indicator():
            words = agreement.in_languages(programme, proposal)
            if language not in words:
                return None
            target = f"{content.target} {content.unit}".strip()
            return f"{words[language]}: {target}" if target else words[language]
        case Card():
            parts = [agreement.in_languages(programme, proposal, part) for part in ("title", "area")]
            return card_text(*(part.get(language, "") for part in parts)) or None
        case Outline():
            return outline_text(programme, content, language)
        case Package():
            title = agreement.in_languages(programme, proposal, "title").get(language)
            return title and "\n".join([title, *(_member(programme, m, language) for m in content.members)])
        case Lineage():

            def maps(names: list[str]) -> str:
                return "; ".join(road_map_name(programme, name, language) for name in names)

            return "\n".join(
                f"{maps(step.old)} → {maps(step.new) or '–'} ({step.change})" for step in content.steps
            )


def bodies_of(content: Bodies, party: str, language: str) -> str:
    """The bodies of a party as one line."""
    return "; ".join(in_language(names, language) for names in content.bodies.get(party, ()))


def paper_text(heading: str, words: str, fields: Mapping[str, str]) -> str:
    """A paper as lines: everything that its fingerprint covers."""
    lines = [
        f"{label}: {day(fields[name]) if name in DATES else fields[name]}"
        for name, label in FIELDS.items()
        if name in fields
    ]
    return "\n".join(part for part in (heading, words, *lines) if part)


def card_text(title: str, area: str) -> str:
    """What a card says of a road map in one language, as lines."""
    return "\n".join(part for part in (title, area) if part)


def _member(programme: Programme, proposal: str, language: str) -> str:
    """A member of a package as one line: its heading and its words."""
    about = programme.proposals[proposal].subject
    item = about.name.rsplit("/", 1)[0] if about.cell else about.name
    heading = heading_of(programme, item, language) if about.kind in ("provision", "measure") else ""
    return ": ".join(part for part in (heading, text_of(programme, proposal, language)) if part)


def day(iso: str) -> str:
    """A date for a reader."""
    try:
        return date_format(date.fromisoformat(iso[:10]), "j E Y")
    except ValueError:
        return iso


def road_map_name(programme: Programme, name: str, language: str) -> str:
    """The number and title of a road map, ended or not; its id where it was never opened."""
    try:
        one = roadmaps.road_map(programme, name)
    except KeyError:
        return name
    return f"{one.number} {in_language(one.title, language)}"


def heading_of(programme: Programme, item: str, language: str) -> str:
    """The heading of a provision, or the action of a measure, as it stands or is proposed."""
    about = f"{item}/action" if item.startswith("measure:") else item
    found = agreement.standing(programme, about)
    name = found.agreed or (found.live[0] if found.live else "")
    if not name:
        return ""
    part = "words" if item.startswith("measure:") else "heading"
    return in_language(agreement.in_languages(programme, name, part), language)


def outline_text(programme: Programme, content: Outline, language: str) -> str:
    """An outline as numbered lines."""
    numbered = numbers(content.items)
    return "\n".join(
        f"{numbered[item]} {heading_of(programme, item, language)}".strip() for _level, item in content.items
    )


def with_numbers(programme: Programme, words: str, proposal: str) -> str:
    """Words with each reference as the number that it has in the outline shown."""
    if "{ref:" not in words:
        return words
    here = programme.proposals[proposal].subject.road_map

    def number(found: "REFERENCE.Match") -> str:  # type: ignore[name-defined]
        room, _slash, key = found[1].rpartition("/")
        road_map = room or here
        try:
            one = roadmaps.road_map(programme, road_map)
        except KeyError:
            return f"[{found[1]}]"
        placed = {item.id: item.number for item in one.items}
        value = placed.get(f"provision:{road_map}/{key}") or f"[{key}]"
        return value if not room else f"{one.number}/{value}"

    return REFERENCE.sub(number, words)


def labels_of(programme: Programme, proposal: str) -> tuple[str, ...]:
    """Who a bracket is named after: the parties that accept it, its authors where nobody does."""
    return tuple(roadmaps.labels(programme, proposal))


def nodes_of(programme: Programme, about: str, language: str) -> tuple[b.Node, ...] | None:
    """The bracketed text of a subject, kept until touched; None where a live proposal lacks the language."""
    kind = f"nodes {language} {_outline_of(programme, about)}"
    return programme.view(kind, about, lambda: _nodes_of(programme, about, language))


def _outline_of(programme: Programme, about: str) -> str:
    """The outline shown: numbers in references follow from it."""
    try:
        room = subject(about).road_map
        return roadmaps.road_map(programme, room).outline_proposal if room else ""
    except (KeyError, ValueError):
        return ""


def _nodes_of(programme: Programme, about: str, language: str) -> tuple[b.Node, ...] | None:
    found = agreement.standing(programme, about)
    if found.agreed:
        words = text_of(programme, found.agreed, language)
        return None if words is None else (b.Plain(words),)
    alternatives = []
    for name in found.live:
        words = text_of(programme, name, language)
        if words is None:
            return None
        alternatives.append(b.Alternative(name, words, labels_of(programme, name)))
    return _as_nodes(alternatives)


def _as_nodes(alternatives: Sequence[b.Alternative]) -> tuple[b.Node, ...]:
    """Wordings as one bracketed text."""
    if not alternatives:
        return ()
    if len(alternatives) == 1:
        one = alternatives[0]
        return (b.OpenPoint((b.Option(one.labels, (one.key,), (b.Plain(one.words or ""),)),)),)
    return b.brackets(alternatives)


def bracketed(programme: Programme, about: str, language: str) -> SafeString:
    """The text of a subject with its named brackets, as HTML."""
    kind = f"html {get_language()} {language} {_outline_of(programme, about)}"
    return programme.view(kind, about, lambda: _bracketed(programme, about, language))


def _bracketed(programme: Programme, about: str, language: str) -> SafeString:
    nodes = nodes_of(programme, about, language)
    if nodes is None:
        return format_html('<span class="quiet">{}</span>', _("no words in this language yet"))
    return html_of(programme, nodes)


def bracketed_bodies(programme: Programme, about: str, party: str, language: str) -> SafeString:
    """The bodies of one party, in brackets where they are not agreed."""
    found = agreement.standing(programme, about)
    names = [found.agreed] if found.agreed else list(found.live)
    said = [
        b.Alternative(name, bodies_of(content, party, language), labels_of(programme, name))
        for name in names
        if isinstance(content := programme.content(name), Bodies)
    ]
    if found.agreed:
        return html_of(programme, [b.Plain(one.words or "") for one in said])
    return html_of(programme, _as_nodes(said if any(one.words for one in said) else ()))


def html_of(programme: Programme, nodes: Sequence[b.Node]) -> SafeString:
    """Nodes of a bracketed text as HTML; the brackets are real characters."""
    return mark_safe("".join(_node(programme, node) for node in nodes))  # noqa: S308 - all parts are escaped


def _node(programme: Programme, node: b.Node) -> str:
    if isinstance(node, b.Plain):
        return _lines(node.text)
    parts = []
    lead = ""
    for option in node.options:
        if not b.shown(option):
            continue
        inner = "".join(_node(programme, inside) for inside in option.nodes).strip(" ") or "–"
        if b.as_text(option.nodes).startswith(" "):
            lead = " "
        received = any(one.endswith(roadmaps.RECEIVED) for one in option.labels)
        same = len(option.labels) == len(programme.parties) and len(node.options) == 1 and not received
        label = _("same words") if same else ", ".join(option.labels)
        style = "same" if same else f"slot-{slot(programme, option.labels[0])}" if option.labels else ""
        said = f' title="{conditional_escape(RECEIVED_SAID)}"' if received else ""
        opening = f'<span class="bracket {style}"{said}><b>[{conditional_escape(label)}:</b>'
        parts.append(f'{opening} {inner}<b class="end">]</b></span>')
    return lead + " ".join(parts)


def _lines(text: str) -> str:
    return str(conditional_escape(text)).replace("\n", "<br>")


def redlined(old: str, new: str) -> SafeString:
    """What to strike and what to add, as HTML."""
    return marked(redline(old, new))


def marked(segments: Iterable[Segment], without: str = "") -> SafeString:
    """
    Segments of a redline as HTML.

    Args:
        segments: in order.
        without: the kind that is left out: without "inserted" it is the old text, without "deleted" the new.
    """
    parts = []
    for segment in segments:
        text = escape(segment.text).replace("\n", "<br>")
        if segment.kind == "same":
            parts.append(text)
        elif segment.kind != without:
            tag = "del" if segment.kind == "deleted" else "ins"
            lead = " " if text.startswith(" ") else ""
            parts.append(f"{lead}<{tag}>{text.strip(' ').replace('<br>', '¶<br>')}</{tag}>")
    return mark_safe("".join(parts))  # noqa: S308 - all parts are escaped


def open_points(programme: Programme, about: str, language: str) -> int:
    """How many open points a subject has in a language."""
    nodes = nodes_of(programme, about, language)
    return b.open_points(nodes) if nodes else 0
