"""Do all templates compile, keep to the content policy, and say everything in the reader's language?"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOM = Path(__file__).resolve().parents[1]

_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|<!--.*?-->", re.S)
_TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
_TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_BLOCK_OF_ATTRIBUTE = re.compile(r"\{%\s*block (?:page|density)\s*%\}.*?\{%\s*endblock\b.*?%\}", re.S)
_HTML_TAG = re.compile(r"<[^>]*>")

# The policy refuses these in the browser, silently for the reader.
_INLINE = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+|hx-on[\w:-]*)\s*=|<(style)\b|(javascript:)", re.I)
_SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))", re.I)
_SAID = re.compile(r"\b(title|alt|placeholder|aria-label|aria-description|label)=\"([^\"]*)\"")
_WORD = re.compile(r"[^\W\d_]{2,}")
# Names, and each language under its own name.
_SAME_IN_ALL = {"Paraph", "Русский", "English", "Беларуская"}


def main() -> int:
    """Print what is wrong; the exit code says whether anything is."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "paraph.settings"
    os.environ["PARAPH_PLAIN_STATIC"] = "1"
    import django
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    faults = []
    paths = sorted((ROOM / "paraph").rglob("templates/**/*.html"))
    for path in paths:
        name = path.as_posix().partition("/templates/")[2]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            faults.append(f"{name}: {error}")
        text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        faults += [f"{name}: {fault}" for fault in [*refused(text), *untranslated(text)]]
    print("\n".join(faults) or f"{len(paths)} templates compile and keep the rules")
    return 1 if faults else 0


def refused(text: str) -> Iterator[str]:
    """What the browser will not do: inline style, inline script."""
    plain = _TEMPLATE_TAG.sub(" ", text)
    for found in _INLINE.finditer(plain):
        yield f"inline {found[1] or found[2] or found[3]}"
    for _found in _SCRIPT.finditer(plain):
        yield "inline script"


def untranslated(text: str) -> Iterator[str]:
    """Words on the page, or said by it, that stand outside of a translation."""
    plain = _TEMPLATE_TAG.sub(" ", _TRANSLATED.sub("", _BLOCK_OF_ATTRIBUTE.sub("", text)))
    for attribute, value in _SAID.findall(plain):
        if strange := set(_WORD.findall(value)) - _SAME_IN_ALL:
            yield f"not translated in {attribute}: {sorted(strange)}"
    if strange := set(_WORD.findall(_HTML_TAG.sub(" ", plain))) - _SAME_IN_ALL:
        yield f"not translated: {sorted(strange)}"


if __name__ == "__main__":
    sys.exit(main())
