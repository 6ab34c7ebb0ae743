"""Which table of measures goes to a party's agencies, and what do they change when it comes back?

One row a measure, one column a cell and language. Hidden columns carry the permanent id and, for every
cell, the proposal that it showed. So what came back is compared with what was read, cell by cell, and
words that were agreed otherwise meanwhile are named instead of being overwritten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec

from paraph.acts import CELLS, Act, Propose, Report, proposal_id
from paraph.papers.deadlines import Deadline, deadline_in
from paraph.papers.errors import PaperRefused
from paraph.papers.labels import label
from paraph.papers.xlsx.reading import Row, Sheet, letters
from paraph.papers.xlsx.writing import Column, Value, day_of, write_xlsx
from paraph.record.canonical import encode
from paraph.sentences import Sentence, _
from paraph.state import agreement, roadmaps
from paraph.state.programme import Programme
from paraph.text.canonical import canonical
from paraph.text.errors import TextRefused
from paraph.text.fingerprints import fingerprint

BESIDE = _("This column is not one of the table: nothing in it is read.")
REPORT = "report"  # beside the five cells
PLACE = "base row"  # keeps the road map and number that a row went out with
HEADS = 20  # rows among which those of the keys and the heads stand
TEXTS = ("action", "completion", "indicator")  # cells with words in languages
TARGETS = ("unit", "target", "source")
NAMES_PART = "\n"  # parts the bodies in a cell
STATUSES = ("not_started", "under_way", "carried_out")  # of a report, in order
MERGED = 200_000  # rows that merged cells reach over, all together
_YEARS = 1900, 2100  # a number between them is no day of 1905, but a year
Reports = dict[str, tuple[str, Report]]  # measure -> place of the party's last report, and what it says


class Change(msgspec.Struct, omit_defaults=True):
    """A cell that will be changed: what is proposed or reported."""

    row: int
    measure: str
    cell: str  # of CELLS, or REPORT
    before: dict[str, str]  # key of the column -> what it showed
    after: dict[str, str]
    content: dict[str, Any]  # of the proposal, or status and words of the report
    translations: dict[str, dict[str, str]] = {}
    base: str = ""  # the proposal shown, or the place of the last report
    seen: str = ""
    how: tuple[str, dict[str, Any]] | None = None  # how the cell was understood: template and parts

    def act(self) -> Act:
        """What the delegate records."""
        if self.cell == REPORT:
            return Report(self.measure, self.content["status"], self.content["words"])
        return Propose(
            f"{self.measure}/{self.cell}", self.content, self.translations, replaces=self.base, seen=self.seen
        )


class Trouble(msgspec.Struct, omit_defaults=True):
    """What is wrong in a row, or has to be known of it."""

    row: int
    column: str  # as people see it: C; "" where it is the row
    head: str
    kind: str  # "error", "stale" or "known"
    template: str
    params: dict[str, Any] = {}
    fix: str = ""

    @property
    def sentence(self) -> Sentence:
        """What to say."""
        return Sentence(self.template, self.params)


@dataclass
class Found:
    """What a file changes: all rows together, or one of them."""

    changes: list[Change] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    rows: int = 0
    unchanged: int = 0  # rows in which nothing is to do and nothing wrong


# ---------------------------------------------------------------- out


def measures_of(programme: Programme, maps: Iterable[str]) -> list[tuple[roadmaps.RoadMap, roadmaps.Item]]:
    """The measures of road maps in order."""
    found = [roadmaps.road_map(programme, name) for name in maps]
    return [(one, item) for one in sorted(found, key=lambda o: (o.number, o.id)) for item in one.measures]


def columns(programme: Programme, language: str) -> list[Column]:
    """The columns of the table; heads in one language, words in all."""
    tongues = programme.charter.languages
    several = len(tongues) > 1

    def head(key: str, *parts: str) -> str:
        return ", ".join([label(language, key), *parts])

    def texts(cell: str, width: int) -> list[Column]:
        return [
            Column(f"{cell} {tongue}", head(cell, *([tongue] if several else [])), width, open=True)
            for tongue in tongues
        ]

    found = [
        Column(f"id {programme.charter.prog}", "id", 8, hidden=True),
        Column("map", head("map"), 26),
        Column("number", head("number"), 6),
        *texts("action", 44),
    ]
    for party in programme.parties:
        found += [
            Column(
                f"bodies {party} {tongue}",
                head("bodies", party, *([tongue] if several else [])),
                28,
                open=True,
            )
            for tongue in tongues
        ]
    statuses = tuple(status_said(status, language) for status in STATUSES)
    found += [
        Column("deadline", head("deadline"), 12, open=True),
        *texts("completion", 28),
        *texts("indicator", 28),
        *(Column(part, head(part), 16, open=True) for part in TARGETS),
        Column("status", head("status"), 16, open=True, choices=statuses),
        *(
            Column(f"{REPORT} {tongue}", head(REPORT, *([tongue] if several else [])), 36, open=True)
            for tongue in tongues
        ),
        *(Column(f"base {cell}", "", 8, hidden=True) for cell in (*CELLS, REPORT)),
        Column(PLACE, "", 8, hidden=True),
    ]
    return found


def write_measures(programme: Programme, party: str, maps: Sequence[str], language: str) -> bytes:
    """The table of all measures of these road maps, for the agencies of a party."""
    cols = columns(programme, language)
    told = reports(programme, party)
    rows = [
        _row(programme, party, cols, one, item, told, language) for one, item in measures_of(programme, maps)
    ]
    return write_xlsx(cols, rows, label(language, "measures"))


def _row(
    programme: Programme,
    party: str,
    cols: Sequence[Column],
    one: roadmaps.RoadMap,
    item: roadmaps.Item,
    told: Reports,
    language: str,
) -> list[Value]:
    title = one.title.get(language) or next(iter(one.title.values()), "")
    place = f"{one.number} {title}", item.number
    values: dict[str, Value] = {"map": place[0], "number": place[1], PLACE: _placed(*place)}
    for cell in CELLS:
        shown = shown_of(programme, party, f"{item.id}/{cell}")
        given = as_values(programme, shown, cell)
        values |= given | {f"base {cell}": mark(cols, cell, shown, given)}
    last, report = told.get(item.id, ("", None))
    values |= _reported(cols, last, report, language)
    return [item.id if col.key.startswith("id ") else values.get(col.key) for col in cols]


def _reported(cols: Sequence[Column], place: str, report: Report | None, language: str) -> dict[str, Value]:
    """What the columns of the report show."""
    values: dict[str, Value] = {}
    if report is not None:
        values["status"] = status_said(report.status, language)
        values |= {f"{REPORT} {tongue}": words for tongue, words in report.words.items()}
    return values | {f"base {REPORT}": mark(cols, REPORT, place, values)}


def status_said(status: str, language: str) -> str:
    """A status as people read it; itself where it is none of ours."""
    return label(language, status) if status in STATUSES else status


def mark(cols: Sequence[Column], cell: str, shown: str, values: Mapping[str, Value]) -> str:
    """What a hidden column keeps of a cell: the proposal shown, and a fingerprint of what is read."""
    keys = sorted(col.key for col in cols if col.open and _cell_of(col.key) == cell)
    read = [" ".join(_as_text(values.get(key)).split()) for key in keys]
    return f"{shown or '-'} {fingerprint(encode(read))[:16]}"


def _placed(road_map: str, number: str) -> str:
    """What a hidden column keeps of where a row stands, for the eyes of its readers."""
    return fingerprint(encode([" ".join(one.split()) for one in (road_map, number)]))[:16]


def shown_of(programme: Programme, party: str, about: str) -> str:
    """The proposal that a cell shows: what is agreed, else the party's own words, else the best supported."""
    found = agreement.standing(programme, about)
    own = [name for name in found.live if party in agreement.speakers(programme, name)]
    return found.agreed or (own[-1] if own else roadmaps.best(programme, found))


def as_values(programme: Programme, proposal: str, cell: str) -> dict[str, Value]:
    """What a proposal puts into the columns of its cell."""
    if not proposal:
        return {}
    content = plain(programme, proposal)
    if cell == "deadline":
        try:
            return {"deadline": date.fromisoformat(content["date"])}
        except ValueError:
            return {"deadline": str(content["date"])}
    if cell == "bodies":
        tongues = programme.charter.languages
        return {
            f"bodies {party} {tongue}": NAMES_PART.join(name.get(tongue, "") for name in names)
            for party, names in content["bodies"].items()
            for tongue in tongues
        }
    words = agreement.in_languages(programme, proposal)
    found: dict[str, Value] = {f"{cell} {tongue}": said_words for tongue, said_words in words.items()}
    if cell == "indicator":
        found |= {part: content.get(part, "") for part in TARGETS}
    return found


def plain(programme: Programme, proposal: str) -> dict[str, Any]:
    """The content of a proposal as it was put forward."""
    act = agreement.author(programme, proposal).act
    assert isinstance(act, Propose)
    return act.content


def reports(programme: Programme, party: str) -> Reports:
    """What the party reported last on each measure."""
    found: Reports = {}
    for placed in programme.by[party].entries:
        if isinstance(placed.act, Report) and (party, placed.n) not in programme.voids:
            found[placed.act.measure] = (f"{party} {placed.n}", placed.act)
    return found


# ---------------------------------------------------------------- in


class Table:
    """A table that came back: where each column stands, and its rows."""

    def __init__(self, programme: Programme, sheet: Sheet) -> None:
        first = next((at for at, row in enumerate(sheet.rows[:HEADS]) if _keys(row)), 0)
        keys, heads = (sheet.rows[at].cells if at < len(sheet.rows) else {} for at in (first, first + 1))
        self.places = {str(key): place for place, key in keys.items()}
        self.heads = {str(key): str(heads.get(place, "")) for place, key in keys.items()}
        mine = f"id {programme.charter.prog}"
        if mine not in self.places:
            raise PaperRefused(
                "kind",
                _("The table belongs to another programme.")
                if any(key.startswith("id ") for key in self.places)
                else _(
                    "The hidden row of keys is missing: fill in the file that you downloaded, or bring this"
                    " one in on the page of its road map."
                ),
            )
        self.id = mine
        self.columns = columns(programme, "en")
        if any(col.hidden and col.key not in (*self.places, PLACE) for col in self.columns):
            raise PaperRefused(
                "kind", _("Hidden columns are missing: download the file again and fill in the new one.")
            )
        self.rows = _filled(sheet)[first + 2 :]
        self.flags = sheet.flags
        self.beside = [
            Trouble(sheet.rows[first + 1].number, letters(place), str(heads.get(place, "")), "known", BESIDE)
            for place in sorted({place for row in self.rows for place in row.cells} - set(keys))
        ]

    def value(self, row: Row, key: str) -> str | float:
        """What stands in a column of a row; "" where the column was taken out."""
        return row.cells.get(self.places.get(key, 0), "")

    def text(self, row: Row, key: str) -> str:
        """The same as text; a whole number without its decimals."""
        value = self.value(row, key)
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        return value

    def column(self, key: str) -> str:
        """The name of the column as people see it."""
        return letters(self.places[key]) if key in self.places else ""


def _keys(row: Row) -> bool:
    """Whether a row is that of the keys."""
    return any(str(value).startswith("id ") for value in row.cells.values()) and "map" in row.cells.values()


def _filled(sheet: Sheet) -> list[Row]:
    """The rows with what stands in a merged cell in each row that it reaches over."""
    rows, filled = {row.number: row for row in sheet.rows}, 0
    for (first, column), (height, _width) in sheet.spans.items():
        above = rows.get(first)
        if above is None or column not in above.cells:
            continue
        for number in range(first + 1, min(first + height, sheet.rows[-1].number + 1)):
            filled += 1
            if filled > MERGED:
                raise PaperRefused(
                    "large", _("Merged cells reach over more than %(most)s rows."), most=MERGED
                )
            if number in rows:
                rows[number] = replace(rows[number], cells={column: above.cells[column]} | rows[number].cells)
    return list(rows.values())


class _Wrong(Exception):
    """A cell that cannot be taken as it is."""

    def __init__(self, key: str, template: str, fix: str = "", **params: Any) -> None:
        super().__init__(template)
        self.key, self.template, self.fix, self.params = key, template, fix, params


def check(
    programme: Programme, party: str, table: Table, rows: Sequence[Row], told: Reports, before: set[str]
) -> Found:
    """
    What some rows of a table change.

    Args:
        programme: as it is now.
        party: whose agencies filled in the table.
        table: the whole table.
        rows: those to look at.
        told: what the party reported.
        before: the measures in the rows before; grows.
    """
    found = Found()
    for row in rows:
        found.rows += 1
        size = len(found.changes) + len(found.troubles)
        measure = table.text(row, table.id)
        wrong = _wrong_measure(programme, table, row, measure, before)
        if wrong:
            found.troubles.append(Trouble(row.number, "", "", "error", wrong, {"id": measure[:80]}))
            continue
        before.add(measure)
        _check_row(programme, party, table, row, measure, told, found)
        found.unchanged += size == len(found.changes) + len(found.troubles)
    return found


def _wrong_measure(programme: Programme, table: Table, row: Row, measure: str, before: set[str]) -> str:
    """Why a row cannot be read at all."""
    if not measure:
        return _(
            "The row has no permanent id. To propose it as a new measure, bring the file in on the page of"
            " its road map."
        )
    if not measure.startswith("measure:") or f"{measure}/action" not in programme.on:
        return _("This programme knows no measure %(id)s.")
    if measure in before:
        return _("The measure stands in the table twice; only the first row counts.")
    placed = table.text(row, PLACE)
    if placed and placed != _placed(table.text(row, "map"), table.text(row, "number")):
        return _(
            "Road map and number are not those with which the row went out. Were the rows sorted without the"
            " hidden columns? Nothing of the row is taken; download the table again."
        )
    return ""


def _check_row(
    programme: Programme, party: str, table: Table, row: Row, measure: str, told: Reports, found: Found
) -> None:
    for cell in (*CELLS, REPORT):
        try:
            if cell == REPORT:
                change = _report(programme, table, row, measure, told)
            else:
                change = _cell(programme, party, table, row, measure, cell, found)
        except _Wrong as wrong:
            trouble = Trouble(
                row.number,
                table.column(wrong.key),
                table.heads.get(wrong.key, ""),
                "error",
                wrong.template,
                wrong.params,
                wrong.fix,
            )
            found.troubles.append(trouble)
            continue
        if change is not None:
            found.changes.append(change)


def _cell(
    programme: Programme, party: str, table: Table, row: Row, measure: str, cell: str, found: Found
) -> Change | None:
    """What is proposed in a cell; None where there is nothing to do."""
    about = f"{measure}/{cell}"
    kept = table.text(row, f"base {cell}")
    base = kept.partition(" ")[0]
    if base != "-" and base not in programme.on.get(about, ()):
        raise _Wrong(f"base {cell}", _("What the cell showed was changed: download the file again."))
    keys = [col.key for col in table.columns if col.open and _cell_of(col.key) == cell]
    after: dict[str, str] = {key: table.text(row, key) for key in keys}
    if cell == "deadline":
        after = {"deadline": _deadline(table, row).date}
    if mark(table.columns, cell, base if base != "-" else "", after) == kept:
        return None
    former = plain(programme, base) if base != "-" else {}
    content, translations = _content(programme, table, row, cell, former)
    if content is None:
        return None
    shown = shown_of(programme, party, about)
    name = proposal_id(about, content)
    given = as_values(programme, shown, cell)
    known = programme.proposals.get(name)
    if name == shown and not _translated(programme, party, name, translations, given, cell):
        return None
    if (
        known is not None
        and party in known.last
        and not _translated(programme, party, name, translations, {}, cell)
    ):
        if name not in agreement.live(programme, about):
            again = _("These words were proposed before and withdrawn; propose them on the page.")
            found.troubles.append(_note(table, row, keys[0], "known", again))
        return None
    if mark(table.columns, cell, shown, given) != kept:
        stale = _("Other words came since the file was downloaded; nothing is changed here.")
        found.troubles.append(_note(table, row, keys[0], "stale", stale))
        return None
    how = _deadline(table, row).how if cell == "deadline" else None
    return Change(
        row.number,
        measure,
        cell,
        {key: _as_text(given.get(key)) for key in keys},
        after,
        content,
        translations,
        shown,
        agreement.seen(programme, about),
        (how.template, how.params) if how else None,
    )


def _note(table: Table, row: Row, key: str, kind: str, template: str) -> Trouble:
    return Trouble(row.number, table.column(key), table.heads.get(key, ""), kind, template)


def _cell_of(key: str) -> str:
    """The cell of a measure that a column belongs to."""
    first = key.partition(" ")[0]
    return "indicator" if first in TARGETS else REPORT if first == "status" else first


def _as_text(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _translated(
    programme: Programme,
    party: str,
    name: str,
    translations: dict[str, dict[str, str]],
    read_as: dict[str, Value],
    cell: str,
) -> bool:
    """Say whether a row brings a translation that neither the file showed nor the party has given."""
    known = programme.proposals[name].translations if name in programme.proposals else {}
    for language, parts in translations.items():
        own = known.get(language, {}).get(party, {}).get("words")
        if parts["words"] not in (own, read_as.get(f"{cell} {language}")):
            return True
    return False


def _content(
    programme: Programme, table: Table, row: Row, cell: str, former: dict[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, dict[str, str]]]:
    """The content of a cell as the row has it, with translations; None where the cell is and was empty."""
    if cell == "deadline":
        return _date(table, row, former), {}
    if cell == "bodies":
        return _bodies(programme, table, row, former), {}
    words, translations = {}, {}
    for language in programme.charter.languages:
        key = f"{cell} {language}"
        text = _lawful(table, row, key)
        if language not in programme.authentic:
            if text:
                translations[language] = {"words": text}
        elif text:
            words[language] = text
        elif former.get("words", {}).get(language):
            raise _Wrong(key, _("The words are gone; a measure is deleted in the outline, not here."))
    if not words:
        return None, {}
    content: dict[str, Any] = {**former, "words": words}
    if cell == "indicator":
        for part in TARGETS:
            text = _lawful(table, row, part)
            if text or part in former:
                content[part] = text
    return content, translations


def _lawful(table: Table, row: Row, key: str) -> str:
    try:
        return canonical(table.text(row, key))
    except TextRefused as refused:
        sentence = refused.sentence
        raise _Wrong(key, sentence.template, refused.fix or "", **sentence.params) from refused


def _deadline(table: Table, row: Row) -> Deadline:
    """The deadline of a row; what stands there, where that means no day."""
    value = table.value(row, "deadline")
    try:
        if isinstance(value, float) and not _YEARS[0] <= value < _YEARS[1]:
            return Deadline(day_of(value).isoformat())
        return deadline_in(table.text(row, "deadline"))
    except (ValueError, OverflowError):
        return Deadline(str(value).strip())


def _date(table: Table, row: Row, former: dict[str, Any]) -> dict[str, Any] | None:
    day = _deadline(table, row).date
    try:
        if day:
            return {"date": date.fromisoformat(day).isoformat()}
    except ValueError:
        wrong = _("“%(text)s” names no day, or could mean one of two; write 2022-12-31.")
        raise _Wrong("deadline", wrong, text=day[:40]) from None
    if former:
        raise _Wrong("deadline", _("The deadline is gone; write a date."))
    return None


def _bodies(programme: Programme, table: Table, row: Row, former: dict[str, Any]) -> dict[str, Any] | None:
    """Bodies stand one a line, or behind semicolons, in the same order in every language."""
    tongues = programme.charter.languages
    found: dict[str, list[dict[str, str]]] = {}
    for party in programme.parties:
        lines: dict[str, list[str]] = {}
        for tongue in tongues:
            text = _lawful(table, row, f"bodies {party} {tongue}")
            if text:
                lines[tongue] = [
                    name.strip() for line in text.split("\n") for name in line.rstrip("; ").split(";")
                ]
        counts = {len(one) for one in lines.values()}
        if len(counts) > 1:
            raise _Wrong(
                f"bodies {party} {tongues[0]}",
                _("There are not as many bodies in one language as in the other; write one a line in each."),
            )
        if lines:
            size = counts.pop()
            found[party] = [
                {tongue: names[at] for tongue, names in lines.items() if names[at]} for at in range(size)
            ]
    was = former.get("bodies", {})
    kept = {party: names for party, names in was.items() if party not in programme.parties or not names}
    if not found and not was:
        return None
    if not found:
        raise _Wrong(f"bodies {programme.parties[0]} {tongues[0]}", _("The responsible bodies are gone."))
    return {"bodies": {**kept, **found}}


def _report(programme: Programme, table: Table, row: Row, measure: str, told: Reports) -> Change | None:
    """What the row reports; None where that was reported already, or nothing is."""
    shown = {col.key: table.text(row, col.key) for col in table.columns if _cell_of(col.key) == REPORT}
    kept = table.text(row, f"base {REPORT}")
    base = kept.rpartition(" ")[0]
    if mark(table.columns, REPORT, "" if base == "-" else base, shown) == kept:
        return None
    place, last = told.get(measure, ("", None))
    given = table.text(row, "status").strip()
    words = {
        tongue: text
        for tongue in programme.charter.languages
        if (text := _lawful(table, row, f"{REPORT} {tongue}"))
    }
    if not given:
        if words:
            raise _Wrong("status", _("Choose a status for the report."))
        return None
    status = next(
        (key for key in STATUSES if given in (key, *(label(tongue, key) for tongue in ("en", "ru")))),
        given if last is not None and given == last.status else "",
    )
    if not status:
        raise _Wrong("status", _("“%(text)s” is no status; choose one from the list."), text=given[:40])
    if last is not None and (last.status, last.words) == (status, words):
        return None
    former = last if last is not None else Report(measure, "")
    if base != (place or "-"):
        raise _Wrong("status", _("Another report came since the file was downloaded; download it again."))
    keys = [key for key in table.places if _cell_of(key) == REPORT]
    before = {f"{REPORT} {tongue}": text for tongue, text in former.words.items()} | {"status": former.status}
    return Change(
        row.number,
        measure,
        REPORT,
        {key: before.get(key, "") for key in keys},
        {"status": status} | {f"{REPORT} {tongue}": text for tongue, text in words.items()},
        {"status": status, "words": words},
        base=place,
    )
