"""A table of 4,000 measures out, in, checked and sent: what does it cost?

Processor seconds of the node and, for reading, of the child; the memory is the most that a process held.
"""

import resource
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from bench.measuring import Row, seconds
from paraph.acts import CELLS, Act, Propose, TakeStance, proposal_id
from paraph.papers.apart import ReadingRoom
from paraph.papers.measures import Table, check, columns, reports, write_measures
from paraph.papers.xlsx.reading import Sheet, read_xlsx
from paraph.papers.xlsx.writing import day_of, write_xlsx
from tests.parties import Parties

MEASURES = 4_000
MAPS = 35
CHANGED = 4  # every so manieth row is changed in two cells


def measure_agencies() -> list[Row]:
    """Write, read, check and send the table of a whole programme."""
    met = _programme()
    programme = met.programme()
    maps = [f"m{at}" for at in range(MAPS)]
    spent, data = seconds(lambda: write_measures(programme, "BY", maps, "en"))
    found: list[Row] = [
        (f"table of {MEASURES} measures written", f"{spent:.2f} CPU s, {len(data) >> 10} kB"),
    ]
    changed = _changed(met, data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(changed)
        room = ReadingRoom()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent, sheet = seconds(lambda: room.read(Sheet, "sheet", path))
        room.close()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        theirs = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append(
            ("… read in a child", f"{theirs + spent:.2f} CPU s, {room.memory >> 20} MB in the child")
        )
    table = Table(programme, sheet)
    spent, checked = seconds(
        lambda: check(programme, "BY", table, table.rows, reports(programme, "BY"), set())
    )
    assert len(checked.changes) == 2 * MEASURES // CHANGED and not checked.troubles
    found.append((f"… checked, {len(checked.changes)} changes found", f"{spent:.2f} CPU s"))
    spent, _nothing = seconds(lambda: [met.act("BY", change.act()) for change in checked.changes])
    found.append(("… sent, one act a change, in memory", f"{spent:.2f} CPU s"))
    again = check(met.programme(), "BY", table, table.rows, reports(met.programme(), "BY"), set())
    assert not again.changes and not again.troubles
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    found.append(("… all of it, the node's process with the programme", f"{held} MB"))
    return found


def _programme() -> Parties:
    """A programme of 35 road maps with 4,000 agreed measures."""
    met = Parties.make()
    for at in range(MAPS):
        name = f"m{at}"
        keys = [f"measure:{name}/k{place}" for place in range(at, MEASURES, MAPS)]
        contents: dict[str, dict[str, Any]] = {
            f"card:{name}": {"number": at + 1, "title": {"ru": f"Дорожная карта {at}"}},
            f"outline:{name}": {"items": [[1, key] for key in keys]},
        }
        for key in keys:
            contents |= {f"{key}/{cell}": _content(cell, key) for cell in CELLS}
        stances = [TakeStance(proposal_id(about, content), "accepts") for about, content in contents.items()]
        acts: list[Act] = [Propose(about, content) for about, content in contents.items()]
        met.act("BY", *acts, *stances)
        met.exchange()
        met.act("RU", *stances)
        met.exchange()
    return met


def _content(cell: str, key: str) -> dict[str, Any]:
    words: dict[str, Any] = {
        "words": {"ru": f"Стороны принимают согласованные меры по пункту {key} в установленном порядке."}
    }
    contents: dict[str, dict[str, Any]] = {
        "bodies": {"bodies": {p: [{"ru": "Министерство энергетики", "en": "Energy"}] for p in ("BY", "RU")}},
        "deadline": {"date": "2022-12-31"},
        "indicator": {**words, "unit": "млн т", "target": "25", "source": "национальная статистика"},
    }
    return contents.get(cell, words)


def _changed(met: Parties, data: bytes) -> bytes:
    """The table with two cells of every fourth row changed."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(BytesIO(data).getvalue())
        file.flush()
        sheet = read_xlsx(Path(file.name))
    cols = columns(met.programme(), "en")
    places = {col.key: at for at, col in enumerate(cols, 1)}
    rows = []
    for at, row in enumerate(sheet.rows[2:]):
        values = [row.cells.get(place, "") for place in range(1, len(cols) + 1)]
        cells = [day_of(value) if isinstance(value, float) else value for value in values]
        if at % CHANGED == 0:
            cells[places["action ru"] - 1] = f"Новые слова {at}"
            cells[places["target"] - 1] = "30"
        rows.append(cells)
    return write_xlsx(cols, rows, "Measures")
