"""What does a file propose that says everything in two languages?"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from paraph.acts import Propose
from paraph.papers.measures import plain
from paraph.papers.returned.found import Candidate, Returned
from paraph.sentences import Sentence, _
from paraph.state.programme import Programme

PENDING = _("Concordance pending: the other authentic languages lack these words.")


def both(now: Programme, first: Returned, other: Returned, language: str) -> Returned:
    """What a file says in two of its languages: one proposal where both changed, or one changed alone."""
    theirs = list(other.candidates)
    candidates = []
    for one in first.candidates:
        same = [two for two in theirs if (two.party, two.about, two.kind) == (one.party, one.about, one.kind)]
        alone = sum((two.party, two.about) == (one.party, one.about) for two in first.candidates) == 1
        if one.kind in ("words", "outline") and len(same) == 1 and alone:
            theirs.remove(same[0])
            candidates.append(_joined(now, one, same[0]))
        else:
            candidates.append(one)
    candidates = [_completed(now, one, language) for one in [*candidates, *theirs]]
    troubles = [*first.troubles, *(one for one in other.troubles if one not in first.troubles)]
    rows = [*first.unmarked, *(one for one in other.unmarked if one not in first.unmarked)]
    unchanged = max(first.unchanged, other.unchanged)
    return Returned(first.mapped, candidates, troubles, unchanged, rows, first.foreign)


def _joined(now: Programme, one: Candidate, other: Candidate) -> Candidate:
    """Two candidates of one party on one subject, in two languages, as one."""
    theirs = {_place(other, at): act for at, act in enumerate(other.acts)}
    mine = [_place(one, at) for at in range(len(one.acts))]
    acts = tuple(
        replace_content(act, _with(act.content, theirs[place].content)) if place in theirs else act
        for place, act in zip(mine, one.acts, strict=True)
    )
    more = tuple(act for place, act in theirs.items() if place not in mine)
    if more and one.kind == "outline":
        acts = (*acts[:-1], *more, acts[-1])
    if acts == one.acts:
        return one
    sentences = [*one.sentences, *(said for said in other.sentences if said not in one.sentences)]
    if not any(lacking(now, act.content) for act in acts):
        sentences = [said for said in sentences if said.template != PENDING]
    before = "\n".join(filter(None, [one.before, other.before]))
    after = "\n".join(filter(None, [one.after, other.after]))
    return replace(
        one, key=key_of(one.key, other.key), before=before, after=after, acts=acts,
        sentences=tuple(sentences), alike=one.alike or other.alike, wanted=one.wanted and other.wanted,
    )  # fmt: skip


def _place(one: Candidate, at: int) -> tuple[str, int]:
    """The subject of an act, and which of those on it the act is."""
    about = one.acts[at].subject
    return about, sum(act.subject == about for act in one.acts[:at])


def _completed(now: Programme, one: Candidate, language: str) -> Candidate:
    """Words that the file leaves as they were in a language stand in the proposal as well."""
    act = one.acts[0]
    if one.kind != "words" or not act.replaces or "words" not in act.content:
        return one
    former = plain(now, act.replaces)
    given = {
        part: {tongue: words for tongue, words in former.get(part, {}).items() if tongue not in said}
        for part, said in act.content.items()
        if isinstance(said, dict) and language in former.get(part, {})
    }
    content = _with(act.content, given)
    if content == act.content:
        return one
    sentences = one.sentences
    if not lacking(now, content):
        sentences = tuple(said for said in sentences if said.template != PENDING)
    stays = Sentence(_("The words in the other language stay as they were."))
    return replace(one, acts=(replace_content(act, content),), sentences=(*sentences, stays))


def _with(content: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A content with the words of more languages."""
    found = dict(content)
    for part, said in more.items():
        if part in ("words", "heading") and isinstance(said, dict):
            found[part] = {**said, **found.get(part, {})}
    bodies, others = content.get("bodies"), more.get("bodies")
    if bodies and others and {p: len(bodies[p]) for p in bodies} == {p: len(others[p]) for p in others}:
        found["bodies"] = {
            party: [{**theirs, **mine} for mine, theirs in zip(names, others[party], strict=True)]
            for party, names in bodies.items()
        }
    return {part: said for part, said in found.items() if said or part in content}


def replace_content(act: Propose, content: dict[str, Any]) -> Propose:
    """The same proposal in other words."""
    return msgspec.structs.replace(act, content=content)


def lacking(programme: Programme, content: Mapping[str, Any]) -> list[str]:
    """The authentic languages in which a content has no words, or a body has no name."""
    texts = [content[part] for part in ("words",) if content.get(part)]
    texts += [content["heading"]] if not texts and content.get("heading") else []
    texts += [name for names in content.get("bodies", {}).values() for name in names]
    return [one for one in programme.authentic if any(not text.get(one) for text in texts)]


def key_of(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
