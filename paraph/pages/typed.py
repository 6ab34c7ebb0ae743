"""What did the reader of a form type, in every language?

Everything is canonical; authentic languages make the content, the others stand beside as translations.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from paraph.pages.shown import languages
from paraph.state.programme import Programme
from paraph.text.canonical import canonical
from paraph.text.errors import TextRefused

Content = dict[str, Any]
Translations = dict[str, dict[str, Any]]


def typed(request: HttpRequest, programme: Programme, part: str) -> dict[str, str]:
    """Language -> what was typed as that part; nothing for what was left empty."""
    found = {one: canonical(request.POST.get(f"{part}_{one}", "")) for one in languages(programme)}
    return {language: words for language, words in found.items() if words}


def fields(request: HttpRequest, programme: Programme) -> list[dict[str, Any]]:
    """What was typed, as it was typed, to stand in the form again: one for each language."""
    return [
        {
            "language": language,
            "authentic": language in programme.authentic,
            **{part: request.POST.get(f"{part}_{language}", "") for part in ("heading", "words", "area")},
        }
        for language in languages(programme)
    ]


def words_of(request: HttpRequest, programme: Programme) -> tuple[Content, Translations]:
    """
    Words with their heading; a section has a heading only.

    Raises:
        TextRefused: words that are not lawful, or none in an authentic language.
    """
    words, headings = typed(request, programme, "words"), typed(request, programme, "heading")
    content: Content = {"words": _authentic(programme, words)}
    if heading := _authentic(programme, headings):
        content["heading"] = heading
    if not content["words"] and not heading:
        raise TextRefused("empty", gettext_noop("Write the words in an authentic language first."))
    return content, _others(programme, words=words, heading=headings)


def title_of(request: HttpRequest, programme: Programme) -> tuple[Content, Translations]:
    """A title; TextRefused where it is not lawful."""
    titles = typed(request, programme, "title")
    return {"title": _authentic(programme, titles)}, _others(programme, title=titles)


def card_of(request: HttpRequest, programme: Programme) -> tuple[Content, Translations]:
    """
    Title and area of a road map; TextRefused where they are not lawful.

    The area is one word in the content, in the first authentic language.
    """
    titles, areas = typed(request, programme, "words"), typed(request, programme, "area")
    area = areas.pop(programme.authentic[0], "")
    others = _others(programme, title=titles)
    for language, words in areas.items():
        others.setdefault(language, {})["area"] = words
    return {"title": _authentic(programme, titles), "area": area}, others


def _authentic(programme: Programme, given: dict[str, str]) -> dict[str, str]:
    return {language: words for language, words in given.items() if language in programme.authentic}


def _others(programme: Programme, **parts: dict[str, str]) -> Translations:
    found: Translations = {}
    for part, given in parts.items():
        for language, words in given.items():
            if language not in programme.authentic:
                found.setdefault(language, {})[part] = words
    return found
