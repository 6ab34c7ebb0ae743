"""Real drafts, one after another: the laws hold on what negotiators wrote."""

import difflib
import os
import re
from pathlib import Path

import pytest

from paraph.text.brackets import Alternative, as_text, bracket_count, brackets, project
from paraph.text.canonical import canonical
from paraph.text.errors import TextRefused
from paraph.text.words import accept, redline, reject, tokens

CORPUS = Path(os.environ.get("PARAPH_CORPUS") or Path(__file__).parents[3] / "shared")
DRAFTS = ("2015-10-23-draft.md", "2015-12-04-draft.md", "2015-12-12-adopted.md")
pytestmark = pytest.mark.corpus


def paragraphs(*place: str) -> list[str]:
    """The lawful paragraphs of a file, in canonical form."""
    path = CORPUS.joinpath("texts", *place)
    if not path.exists():
        pytest.skip(f"the corpus is not there: {path}")
    found = []
    for part in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        try:
            words = canonical(part)
        except TextRefused:
            continue
        if len(words) > 80:
            found.append(words)
    return found


def successors(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Each new paragraph with the old one that shares most words with it, where enough are shared."""
    bags = [set(tokens(words)) for words in old]
    found = []
    for words in new:
        mine = set(tokens(words))
        best = max(range(len(old)), key=lambda i: len(bags[i] & mine) / len(bags[i] | mine))
        if len(bags[best] & mine) > 0.4 * len(bags[best] | mine):
            found.append((old[best], words))
    return found


@pytest.mark.parametrize(
    "place",
    [
        *(("paris", name) for name in DRAFTS),
        ("bbnj", "bbnj-2023-ru.txt"),
        ("grundgesetz", "gg-2018-11-08.md"),
    ],
)
def test_real_texts_keep_their_canonical_form(place: tuple[str, str]) -> None:
    found = paragraphs(*place)

    assert len(found) > 50
    assert all(canonical(words) == words for words in found)


@pytest.mark.parametrize(("before", "after"), [DRAFTS[:2], DRAFTS[1:]])
def test_every_provision_of_the_next_draft_reads_out_of_its_redline(before: str, after: str) -> None:
    found = successors(paragraphs("paris", before), paragraphs("paris", after))

    for old, new in found:
        segments = redline(old, new)
        assert (reject(segments), accept(segments)) == (old, new)

    assert len(found) > 40


def test_three_drafts_of_a_provision_read_out_of_its_brackets() -> None:
    first, second, third = (paragraphs("paris", name) for name in DRAFTS)
    earlier = {new: old for old, new in successors(first, second)}
    found = [(earlier[old], old, new) for old, new in successors(second, third) if old in earlier]

    for drafts in found:
        nodes = brackets([Alternative(str(i), words, (f"D{i}",)) for i, words in enumerate(drafts)])
        assert tuple(project(nodes, str(i)) for i in range(3)) == drafts
        plain = sum(words.count("[") for words in drafts) == 0
        assert not plain or as_text(nodes).count("[") == bracket_count(nodes)

    assert len(found) > 20


def test_a_redline_marks_hardly_more_words_than_changed() -> None:
    found = successors(paragraphs("paris", DRAFTS[1]), paragraphs("paris", DRAFTS[2]))
    marked = least = 0

    for old, new in found:
        marked += sum(len(tokens(s.text)) for s in redline(old, new) if s.kind != "same")
        shared = difflib.SequenceMatcher(None, tokens(old), tokens(new), autojunk=False)
        least += len(tokens(old)) + len(tokens(new)) - 2 * sum(m.size for m in shared.get_matching_blocks())

    assert marked < 1.25 * least
