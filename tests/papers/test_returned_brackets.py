"""Brackets that delegations typed: each is an alternative that can be read, or is named."""

import re
from dataclasses import replace

import pytest

from paraph.papers.documents import Document, Paragraph
from paraph.papers.files import read_file
from paraph.papers.returned import NEW, Upload, returned
from paraph.papers.returned.words import bare, variants
from paraph.papers.typed import DEPTH, typed_brackets
from tests.papers.corpora import corpus
from tests.parties import Parties


def test_inner_alternatives_stand_in_a_reading_each() -> None:
    found = variants("Each [Party [shall] [should [always]]] acts [on [55] [60] [X] votes].")

    assert list(found.values()) == [
        "Each Party shall acts on 55 votes.",
        "Each Party should always acts on 60 votes.",
        "Each Party should acts on X votes.",
        "Each acts.",
    ]


def test_what_a_party_leaves_open_in_its_own_brackets_is_its_further_reading() -> None:
    found = variants("[BY: Prices rise [soon].] [RU: Prices fall.]")

    assert found == {"BY": "Prices rise soon.", "BY 2": "Prices rise.", "RU": "Prices fall."}


@pytest.mark.parametrize("depth", [DEPTH, DEPTH + 1, 5_000])
def test_brackets_deeper_than_anybody_types_are_named_and_stop_nothing(depth: int) -> None:
    text = f"{'[' * depth}Prices{']' * depth} rise."

    found = typed_brackets(Document((Paragraph(text),)))

    assert (found.count, len(found.troubles)) == (min(depth, DEPTH), max(depth - DEPTH, 0))
    assert {one.kind for one in found.troubles} <= {"deep"}
    assert list(variants(text).values())[1] == "rise."


@pytest.mark.corpus
def test_each_bracket_of_a_real_draft_is_an_alternative_that_can_be_read_or_is_named() -> None:
    parties = Parties.make("BY", "RU", authentic=("en",))
    parties.agree("card:paris", {"number": 1, "title": {"en": "Paris Agreement"}})
    programme = parties.programme("BY")
    document = read_file(corpus("texts", "paris", "2015-12-04-draft.md"))
    chosen = dict.fromkeys(range(len(document.paragraphs)), NEW)

    given = Upload(document, "en", "BY", {}, chosen, name="draft")
    found = returned(programme, programme, "paris", "BY", given)

    (outline,) = found.candidates
    words: dict[str, list[str]] = {}
    for act in outline.acts[:-1]:
        said = (act.content.get(part, {}).get("en", "") for part in ("heading", "words"))
        words.setdefault(act.subject, []).append("\n".join(said))
    put = iter([bare(text) for text in texts] for texts in words.values())  # an article is one of them
    readings = next(put)
    named = {str(trouble.sentence) for trouble in found.troubles}
    alternatives = inner = listed = 0
    for at, one in enumerate(document.paragraphs):
        typed = typed_brackets(Document((Paragraph(one.words),)))
        brackets = [bracket for point in typed.points for bracket in point.brackets]
        alternatives += sum(bracket.depth == 1 for bracket in brackets)
        inner += sum(bracket.depth > 1 for bracket in brackets)
        for trouble in typed.troubles:
            assert str(replace(trouble, paragraph=at)) in named
            listed += trouble.kind in ("unclosed", "reference")
        for piece in re.split(r"[\[\]/]", one.words):
            plain = bare(re.sub(r"^(?:Option|Alternative) ?[\w.]{1,4}\s*[:.–—]\s*", "", piece))
            if not plain.strip(".…,;or"):
                continue
            while not any(plain in re.sub(r"[\[\]/]", "", text) for text in readings):
                readings = next(put)  # where the piece stands nowhere they end
    assert next(put, None) is None
    assert (alternatives, inner, listed) == (583, 413, 50)
    signs = sum(one.words.count("[") for one in document.paragraphs)
    notes = sum(one.words.startswith("[^") for one in document.paragraphs)
    assert alternatives + inner + listed == signs == 1_029 + notes + 1  # one is written [x](a)
