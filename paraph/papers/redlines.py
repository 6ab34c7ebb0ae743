"""How is what has changed between two documents said on a terminal, and to other programs?"""

from collections.abc import Callable
from typing import Any

from paraph.papers.comparison import Comparison, Row
from paraph.papers.documents import Paragraph
from paraph.sentences import _
from paraph.text.words import Segment

TWO_LANGUAGES = _(
    "Most words are in Cyrillic letters in one of the two texts and not in the other: compare two texts of "
    "one language."
)

_NAMED = 40  # renumberings that a terminal shows one by one
_SIGNS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
_COLOURS = {"deleted": "\x1b[31m", "inserted": "\x1b[32m"}
MARGIN = {"stays": "~", "inserted": "+", "deleted": "-", "comes": ">", "leaves": "<"}


def summary(found: Comparison) -> str:
    """The counts as one sentence."""
    counts = found.counts
    fates = ", ".join(
        f"{counts[name]} {name}"
        for name in ("changed", "inserted", "deleted", "moved", "split", "joined", "renumbered")
        if counts[name]
    )
    words = f"{_count(counts['words deleted'], 'word')} deleted, {counts['words inserted']} inserted"
    unread = found.old.report.skipped or found.new.report.skipped
    same = "nothing differs in what was read" if unread else "nothing differs"
    what = f"{fates}; {words}" if fates else same
    return f"{_count(counts['old'], 'paragraph')}, now {counts['new']}: {what}."


def in_two_languages(found: Comparison) -> bool:
    """Whether most words went and came because one text is in Cyrillic letters and the other is not."""
    words: dict[str, list[str]] = {"same": [], "deleted": [], "inserted": []}
    for row in found.rows:
        for one in row.segments if row.step.kind != "leaves" else ():
            words[one.kind].append(one.text)
    letters = {kind: sum(map(len, texts)) for kind, texts in words.items()}
    if letters["same"] > min(letters["deleted"], letters["inserted"]):
        return False
    shares = [_cyrillic("".join(words[kind])) for kind in ("deleted", "inserted")]
    return None not in shares and shares[0] != shares[1]


def _cyrillic(text: str) -> bool | None:
    """Whether most letters at the beginning of a text are Cyrillic; None where it has none."""
    found = [letter for letter in text[:20_000] if letter.isalpha()]
    return sum("\u0400" <= letter <= "\u04ff" for letter in found) * 2 > len(found) if found else None


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# ---------------------------------------------------------------- a terminal


def as_text(found: Comparison, *, whole: bool = False, coloured: bool = False) -> str:
    """
    The redline for a terminal: every paragraph that differs, with a sign in the margin.

    Args:
        found: the comparison.
        whole: whether paragraphs that do not differ are printed too, or only counted.
        coloured: whether the terminal shows colours, beside the signs.
    """
    signed = _coloured if coloured else _plainly
    lines = [summary(found), ""]
    quiet = 0
    for row in found.rows:
        if row.step.kind == "stays" and not row.changed:
            if whole:
                lines.append(f"  {numbered(row, signed)}")
            else:
                quiet += 1
            continue
        if quiet:
            lines += [f"    … {_count(quiet, 'paragraph')} without changes of words", ""]
            quiet = 0
        lines += [f"{MARGIN[row.step.kind]} {_line(found, row, signed)}", ""]
    if quiet:
        lines += [f"    … {_count(quiet, 'paragraph')} without changes of words", ""]
    renumbered = [" → ".join(number or "–" for number in row.numbers) for row in found.rows if row.renumbered]
    if renumbered:
        rest = f"; and {len(renumbered) - _NAMED} more" if len(renumbered) > _NAMED else ""
        lines.append(f"Renumbered: {'; '.join(renumbered[:_NAMED])}{rest}")
    return "\n".join(lines).rstrip("\n")


def _line(found: Comparison, row: Row, signed: Callable[[str, str], str]) -> str:
    first = found.new.paragraphs[row.step.new[0]] if row.step.new else found.old.paragraphs[row.step.old[0]]
    place = f"({first.place}) " if first.place else ""
    match row.step.kind:
        case "leaves":
            moved = found.new.paragraphs[row.step.new[0]]
            return f"[<{_start(row)}<] moved to {_where(moved, row.step.new[0])}"
        case "comes":
            moved = found.old.paragraphs[row.step.old[0]]
            text = numbered(row, signed)
            return f"{{>{text}>}} moved from {_where(moved, row.step.old[0])}"
    return place + numbered(row, signed)


def _start(row: Row) -> str:
    words = row.segments[0].text.replace("\n", " ").split()
    return " ".join([*filter(None, [row.numbers[0]]), *words[:12]]) + " …" * (len(words) > 12)


def _where(paragraph: Paragraph, place: int) -> str:
    return f"{paragraph.number} (paragraph {place + 1})" if paragraph.number else f"paragraph {place + 1}"


def _coloured(kind: str, text: str) -> str:
    """The same, in the colours that terminals have for what goes and what comes."""
    return f"{_COLOURS[kind]}{_plainly(kind, text)}\x1b[0m" if kind in _COLOURS else text


def _plainly(kind: str, text: str) -> str:
    begin, end = _SIGNS[kind]
    text = text.replace("\n", "¶\n  " if kind == "inserted" else "¶" if kind == "deleted" else "\n  ")
    bare = text.lstrip(" ")
    return text[: len(text) - len(bare)] + begin + bare + end if kind != "same" else text


def numbered(row: Row, signed: Callable[[str, str], str]) -> str:
    """Number and words, with their changes."""
    before, after = row.numbers
    if row.step.kind in ("deleted", "leaves"):
        pieces = [Segment("deleted", before)]
    elif row.step.kind == "inserted":
        pieces = [Segment("inserted", after)]
    elif before == after:
        pieces = [Segment("same", after)]
    else:
        pieces = [Segment("deleted", before), Segment("inserted", after)]
    number = "".join(signed(one.kind, one.text) for one in pieces if one.text)
    words = "".join(signed(one.kind, one.text) for one in row.segments)
    return f"{number} {words}" if number and words else number or words


# ---------------------------------------------------------------- other programs


def as_json(found: Comparison) -> dict[str, Any]:
    """Counts, pairs, changes, moves, splits, joinings and renumberings; places count from 0."""
    rows = [row for row in found.rows if row.step.kind != "leaves"]
    return {
        "counts": found.counts,
        "pairs": [[list(row.step.old), list(row.step.new)] for row in rows if row.step.old and row.step.new],
        "changes": [
            {
                "kind": row.step.kind if row.step.kind in ("inserted", "deleted") else "changed",
                **_places(row),
                "numbers": list(row.numbers),
                "segments": [{"kind": one.kind, "text": one.text} for one in row.segments],
            }
            for row in rows
            if row.changed
        ],
        "moves": [
            {**_places(row), "numbers": list(row.numbers), "changed": row.changed}
            for row in rows
            if row.step.kind == "comes"
        ],
        "splits": [_places(row) for row in rows if len(row.step.new) > 1],
        "joinings": [_places(row) for row in rows if len(row.step.old) > 1],
        "renumberings": [
            {**_places(row), "from": row.numbers[0], "to": row.numbers[1]} for row in rows if row.renumbered
        ],
        "reports": {
            side: {
                "read": one.report.read,
                "not_read": one.report.skipped,
                "flags": [str(flag) for flag in one.report.flags],
            }
            for side, one in (("old", found.old), ("new", found.new))
        },
    }


def _places(row: Row) -> dict[str, list[int]]:
    return {"old": list(row.step.old), "new": list(row.step.new)}
