"""How does a reader see what has changed between two documents?"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from paraph.papers.comparison import Comparison, Line, Row
from paraph.papers.documents import Paragraph, remarks_at
from paraph.papers.labels import label
from paraph.text.words import Segment

_NAMED = 40  # renumberings that a terminal shows one by one
_SIGNS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
_COLOURS = {"deleted": "\x1b[31m", "inserted": "\x1b[32m"}
_MARGIN = {"stays": "~", "inserted": "+", "deleted": "-", "comes": ">", "leaves": "<"}
COUNTED = (
    "old",
    "new",
    "changed",
    "inserted",
    "deleted",
    "moved",
    "renumbered",
    "words deleted",
    "words inserted",
)
_HTML = {"same": "", "deleted": "del", "inserted": "ins"}


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
                lines.append(f"  {_numbered(row, signed)}")
            else:
                quiet += 1
            continue
        if quiet:
            lines += [f"    … {_count(quiet, 'paragraph')} without changes of words", ""]
            quiet = 0
        lines += [f"{_MARGIN[row.step.kind]} {_line(found, row, signed)}", ""]
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
            text = _numbered(row, signed)
            return f"{{>{text}>}} moved from {_where(moved, row.step.old[0])}"
    return place + _numbered(row, signed)


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


# ---------------------------------------------------------------- a browser, or a printer

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --ink: #1b1b1b; --ground: #fff; --soft: #555; --line: #999;
  --ins: #14532d; --ins-ground: #e6f4ea; --del: #7f1d1d; --del-ground: #fbe9e7 }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e8e8e8; --ground: #17191c; --soft: #b5b5b5;
  --line: #777; --ins: #a5e3bb; --ins-ground: #12301f; --del: #f5b5ae; --del-ground: #3a1a18 }} }}
body {{ font: 1rem/1.5 "PT Serif", Georgia, "Times New Roman", serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1.5rem; color: var(--ink); background: var(--ground); overflow-wrap: anywhere }}
h1 {{ font-size: 1.3rem }} p {{ margin: .6rem 0 }}
ins {{ color: var(--ins); background: var(--ins-ground); text-decoration: underline }}
del {{ color: var(--del); background: var(--del-ground); text-decoration: line-through }}
.change {{ border-left: 3px solid var(--line); padding-left: .8rem; margin-left: -1rem }}
.moved {{ border-left-style: double; border-left-width: 5px }}
.note {{ font-size: .85rem; color: var(--soft); font-style: italic }}
.heading {{ font-weight: bold; margin-top: 1.4rem }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem }}
td {{ border: 1px solid var(--line); padding: .2rem .5rem; vertical-align: top }} td p {{ margin: .1rem 0 }}
td .change {{ border: 0; padding: 0; margin: .1rem 0 }}
details {{ font-size: .9rem; padding: .5rem 1rem; border: 1px solid var(--line); margin: 1rem 0 }}
details a {{ display: block; color: inherit }}
@page {{ size: A4; margin: 20mm 15mm 20mm 25mm }}
@media print {{ details {{ display: none }} body {{ margin: 0; padding: 0; max-width: none; font-size: 11pt;
  color: #000; background: #fff }} ins, del {{ background: none }} .change {{ margin-left: 0 }}
  .heading {{ break-after: avoid }} tr {{ break-inside: avoid }} }}
</style></head><body>
<h1>{title}</h1>{between}<p>{summary}</p>
<details><summary>{count}</summary><nav aria-label="{count}">
{contents}
</nav></details>
<main>
{body}
</main></body></html>
"""


def as_html(found: Comparison, title: str, language: str = "", between: Sequence[str] = ()) -> str:
    """
    The whole text with its changes as one page that needs nothing else: for a browser, or to print.

    Args:
        found: the comparison.
        title: of the page.
        language: of the page's own words.
        between: what the old and the new document are, a line each.
    """
    page = _Page(found, language)
    for block in found.blocks:
        if isinstance(block, Row):
            page.body.append(page.paragraph(block))
        else:
            page.body.append(page.table(block))
    page.body += [page.paragraph(row) for row in found.notes]
    return _PAGE.format(
        language=escape(language),
        title=escape(title),
        between="".join(f'<p class="note">{escape(line)}</p>' for line in between),
        summary=escape(label(language, "changes", *(found.counts[name] for name in COUNTED))),
        count=escape(label(language, "places", len(page.contents))),
        contents="\n".join(page.contents),
        body="\n".join(page.body),
    )


class _Page:
    """The paragraphs of a page, and the list of those that differ."""

    def __init__(self, found: Comparison, language: str) -> None:
        self.old, self.new, self.language = found.old.paragraphs, found.new.paragraphs, language
        self.said = remarks_at(found.new)
        self.contents: list[str] = []
        self.body: list[str] = []
        self.heading = ""

    def table(self, lines: tuple[Line, ...]) -> str:
        """A table, its rows as they are now and as they were."""
        rows = ""
        for line in lines:
            cells = "".join(f"<td>{''.join(map(self.paragraph, cell))}</td>" for cell in line.cells)
            rows += f"<tr>{cells}</tr>"
        return f"<table><tbody>{rows}</tbody></table>"

    def paragraph(self, row: Row) -> str:
        """One step: its words with their changes, and where it moved."""
        step, note = row.step, ""
        first = self.new[step.new[0]] if step.new else self.old[step.old[0]]
        if first.kind in ("heading", "article") and step.kind != "leaves":
            self.heading = first.text
        level, style = _level(first)
        beside = "".join(
            f'<p class="note">{escape(one.line)}</p>'
            for at in step.new
            if step.kind != "leaves"
            for one in self.said.get(at, ())
        )
        if step.kind == "stays" and not row.changed:
            named = f' class="{style}"' if style else ""
            return f"<p{level}{named}>{_numbered(row, _tagged)}</p>{beside}"
        if step.kind == "comes":
            note = label(self.language, "moved_from", where(self.language, self.old, step.old[0]))
        elif step.kind == "leaves":
            note = label(self.language, "moved_to", where(self.language, self.new, step.new[0]))
        named = " ".join(filter(None, ["change", "moved" if note else "", style]))
        note = note and f' <span class="note">({escape(note)})</span>'
        at = len(self.contents)
        name = first.text[:50] if first.text == self.heading else f"{self.heading[:40]}: {first.text[:40]}"
        self.contents.append(f'<a href="#c{at}">{_MARGIN[step.kind]} {escape(name)}</a>')
        return f'<p{level} class="{named}" id="c{at}">{_numbered(row, _tagged)}{note}</p>{beside}'


def where(language: str, paragraphs: Sequence[Paragraph], place: int) -> str:
    """What a paragraph is called in a language: by its number, else by its place."""
    return paragraphs[place].number or label(language, "paragraph", place + 1)


def _level(paragraph: Paragraph) -> tuple[str, str]:
    """The attributes and the class of a heading."""
    if paragraph.kind not in ("heading", "article"):
        return "", ""
    level = min(paragraph.level + 1, 6) if paragraph.kind == "heading" else 3
    return f' role="heading" aria-level="{level}"', "heading"


def _tagged(kind: str, text: str) -> str:
    tag = _HTML[kind]
    inside = escape(text).replace("\n", "¶<br>" if tag else "<br>")
    return f"<{tag}>{inside}</{tag}>" if tag else inside
