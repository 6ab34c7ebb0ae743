"""How does a reader see what has changed between two documents?"""

from html import escape
from typing import Any

from paraph.papers.comparison import Comparison, Row
from paraph.papers.documents import Paragraph
from paraph.text.words import Segment

_NAMED = 40  # renumberings that a terminal shows one by one
_SIGNS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
_MARGIN = {"stays": "~", "inserted": "+", "deleted": "-", "comes": ">", "leaves": "<"}
_HTML = {"same": "", "deleted": "del", "inserted": "ins"}


def summary(found: Comparison) -> str:
    """The counts as one sentence."""
    counts = found.counts
    fates = ", ".join(
        f"{counts[name]} {name}"
        for name in ("changed", "inserted", "deleted", "moved", "split", "joined", "renumbered")
        if counts[name]
    )
    words = f"{counts['words deleted']} words deleted, {counts['words inserted']} inserted"
    what = f"{fates}; {words}" if fates else "nothing differs"
    return f"{counts['old']} paragraphs, now {counts['new']}: {what}."


# ---------------------------------------------------------------- a terminal


def as_text(found: Comparison, *, whole: bool = False) -> str:
    """
    The redline for a terminal: every paragraph that differs, with a sign in the margin.

    Args:
        found: the comparison.
        whole: whether paragraphs that do not differ are printed too, or only counted.
    """
    lines = [summary(found), ""]
    quiet = 0
    for row in found.rows:
        if row.step.kind == "stays" and not row.changed:
            if whole:
                lines.append(f"  {_numbered(row, _signed)}")
            else:
                quiet += 1
            continue
        if quiet:
            lines += [f"    … {quiet} paragraph{'s' * (quiet > 1)} without changes of words", ""]
            quiet = 0
        lines += [f"{_MARGIN[row.step.kind]} {_line(found, row)}", ""]
    if quiet:
        lines += [f"    … {quiet} paragraph{'s' * (quiet > 1)} without changes of words", ""]
    renumbered = [" → ".join(number or "–" for number in row.numbers) for row in found.rows if row.renumbered]
    if renumbered:
        rest = f"; and {len(renumbered) - _NAMED} more" if len(renumbered) > _NAMED else ""
        lines.append(f"Renumbered: {'; '.join(renumbered[:_NAMED])}{rest}")
    return "\n".join(lines).rstrip("\n")


def _line(found: Comparison, row: Row) -> str:
    match row.step.kind:
        case "leaves":
            moved = found.new.paragraphs[row.step.new[0]]
            return f"[<{_start(row)}<] moved to {_where(moved, row.step.new[0])}"
        case "comes":
            moved = found.old.paragraphs[row.step.old[0]]
            text = _numbered(row, _signed)
            return f"{{>{text}>}} moved from {_where(moved, row.step.old[0])}"
    return _numbered(row, _signed)


def _start(row: Row) -> str:
    words = row.segments[0].text.replace("\n", " ").split()
    return " ".join([*filter(None, [row.numbers[0]]), *words[:12]]) + " …" * (len(words) > 12)


def _where(paragraph: Paragraph, place: int) -> str:
    return f"{paragraph.number} (paragraph {place + 1})" if paragraph.number else f"paragraph {place + 1}"


def _signed(kind: str, text: str) -> str:
    begin, end = _SIGNS[kind]
    text = text.replace("\n", "¶\n  " if kind == "inserted" else "¶" if kind == "deleted" else "\n  ")
    bare = text.lstrip(" ")
    return text[: len(text) - len(bare)] + begin + bare + end if kind != "same" else text


def _numbered(row: Row, signed: Any) -> str:
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
            side: {"read": one.report.read, "not_read": one.report.skipped, "flags": one.report.flags}
            for side, one in (("old", found.old), ("new", found.new))
        },
    }


def _places(row: Row) -> dict[str, list[int]]:
    return {"old": list(row.step.old), "new": list(row.step.new)}


# ---------------------------------------------------------------- a browser, or a printer

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 "PT Serif", Georgia, serif; max-width: 46rem; margin: 2rem auto; color: #1b1b1b }}
h1 {{ font-size: 1.3rem }} h2, h3 {{ font-size: 1.05rem }} p {{ margin: .6rem 0 }}
ins {{ color: #14532d; background: #e6f4ea; text-decoration: underline }}
del {{ color: #7f1d1d; background: #fbe9e7; text-decoration: line-through }}
.change {{ border-left: 3px solid #444; padding-left: .8rem; margin-left: -1rem }}
.moved {{ border-left-style: double; border-left-width: 5px }}
.note {{ font-size: .85rem; color: #555; font-style: italic }}
.number {{ font-weight: bold }}
nav {{ columns: 2; font-size: .9rem; padding: .5rem 1rem; border: 1px solid #ccc }}
nav a {{ display: block; color: inherit }}
@media print {{ nav {{ display: none }} body {{ margin: 0; max-width: none }} }}
</style></head><body>
<h1>{title}</h1><p>{summary}</p>
<nav aria-label="Changes">{contents}</nav>
<main>
{body}
</main></body></html>
"""


def as_html(found: Comparison, title: str, language: str = "") -> str:
    """The whole text with its changes as one page that needs nothing else: for a browser, or to print."""
    contents, body, heading = [], [], ""
    old, new = found.old.paragraphs, found.new.paragraphs
    for at, row in enumerate(found.rows):
        step, note = row.step, ""
        first = new[step.new[0]] if step.new else old[step.old[0]]
        if first.kind in ("heading", "article") and step.kind != "leaves":
            heading = first.text
        if step.kind == "stays" and not row.changed:
            body.append(f"<p{_level(first)}>{_numbered(row, _tagged)}</p>")
            continue
        if step.kind == "comes":
            note = f"moved from {_where(old[step.old[0]], step.old[0])}"
        elif step.kind == "leaves":
            note = f"moved to {_where(new[step.new[0]], step.new[0])}"
        style = "change moved" if note else "change"
        note = note and f' <span class="note">({escape(note)})</span>'
        body.append(f'<p class="{style}" id="c{at}">{_numbered(row, _tagged)}{note}</p>')
        name = first.text[:50] if first.text == heading else f"{heading[:40]}: {first.text[:40]}"
        contents.append(f'<a href="#c{at}">{_MARGIN[step.kind]} {escape(name)}</a>')
    return _PAGE.format(
        language=escape(language),
        title=escape(title),
        summary=escape(summary(found)),
        contents="\n".join(contents),
        body="\n".join(body),
    )


def _level(paragraph: Paragraph) -> str:
    if paragraph.kind != "heading":
        return ""
    return f' role="heading" aria-level="{min(paragraph.level + 1, 6)}" class="number"'


def _tagged(kind: str, text: str) -> str:
    tag = _HTML[kind]
    inside = escape(text).replace("\n", "¶<br>" if tag else "<br>")
    return f"<{tag}>{inside}</{tag}>" if tag else inside
