"""How is a table written as a spreadsheet that its readers fill in and send back?

One sheet: a hidden row of keys, a row of heads, the rows. Columns may be hidden; grey cells are not to be
changed. The sheet is not protected: nobody could sort, colour or take out rows of it.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from paraph.papers.xlsx.reading import letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x(?=[0-9A-Fa-f]{4}_)")
_EPOCH = date(1899, 12, 30).toordinal()
_KEY, _PLAIN, _OPEN, _DATE, _TITLE = range(5)  # places in the table of styles


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for programs, its head for people."""

    key: str
    head: str
    width: int = 24  # letters
    open: bool = False  # may be changed
    hidden: bool = False
    choices: tuple[str, ...] = ()


Value = str | int | date | None


def write_xlsx(columns: Sequence[Column], rows: Iterable[Sequence[Value]], title: str) -> bytes:
    """
    A workbook of one sheet; the same table gives the same bytes.

    Args:
        columns: in order.
        rows: a value for each column; None and "" leave a cell empty.
        title: of the sheet.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, part in _parts(title).items():
            _put(package, name, part.encode())
        strings: dict[str, int] = {}
        _put(package, "xl/worksheets/sheet1.xml", _sheet(columns, rows, strings).encode())
        _put(package, "xl/sharedStrings.xml", _shared(strings).encode())
    return out.getvalue()


def serial(day: date) -> int:
    """How spreadsheets count days."""
    return day.toordinal() - _EPOCH


def day_of(number: float) -> date:
    """The day that a spreadsheet counts so; ValueError where it is none."""
    if not 1 <= number < 3_000_000:
        raise ValueError(f"no day: {number}")
    return date.fromordinal(int(number) + _EPOCH)


def _put(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # who writes it when is nobody's business
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, data)


def _shared(strings: Iterable[str]) -> str:
    """Every string once; a cell names it by its place."""
    said = (escape(_ILLEGAL.sub(_escaped, one)) for one in strings)
    items = "".join(f'<si><t xml:space="preserve">{one}</t></si>' for one in said)
    return f'{_HEAD}<sst xmlns="{_MAIN}">{items}</sst>'


def _sheet(columns: Sequence[Column], rows: Iterable[Sequence[Value]], strings: dict[str, int]) -> str:
    styles = [_OPEN if one.open else _PLAIN for one in columns]
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{one.width}" customWidth="1" hidden="{int(one.hidden)}"/>'
        for at, one in enumerate(columns, 1)
    )
    names = [letters(at) for at in range(1, len(columns) + 1)]
    keys, heads = [one.key for one in columns], [one.head for one in columns]
    lines = [
        f'<row r="1" hidden="1">{_cells(strings, names, 1, keys, [_KEY] * len(columns))}</row>',
        f'<row r="2">{_cells(strings, names, 2, heads, [_TITLE] * len(columns))}</row>',
    ]
    number = 2
    for number, row in enumerate(rows, 3):
        lines.append(f'<row r="{number}">{_cells(strings, names, number, row, styles)}</row>')
    lists = [
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{name}3:{name}{number}">'
        f"<formula1>{escape(_listed(one.choices))}</formula1></dataValidation>"
        for name, one in zip(names, columns, strict=True)
        if one.choices and number > 2
    ]
    first = next((name for name, one in zip(names, columns, strict=True) if one.open), "A")
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane xSplit="{names.index(first)}" ySplit="2" topLeftCell="{first}3" activePane="bottomRight"'
        f' state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData>"
        f'<autoFilter ref="A2:{names[-1]}{number}"/>'
        + (f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>' if lists else "")
        + '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _listed(choices: Sequence[str]) -> str:
    return '"' + ",".join(choices) + '"'


def _cells(
    strings: dict[str, int], names: Sequence[str], number: int, row: Sequence[Value], styles: Sequence[int]
) -> str:
    parts = []
    for name, value, style in zip(names, row, styles, strict=True):
        place = f'<c r="{name}{number}" s='
        if isinstance(value, date):
            parts.append(f'{place}"{_DATE if style == _OPEN else style}"><v>{serial(value)}</v></c>')
        elif isinstance(value, int):
            parts.append(f'{place}"{style}"><v>{value}</v></c>')
        elif value:
            parts.append(f'{place}"{style}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>')
        elif style == _OPEN:
            parts.append(f'{place}"{style}"/>')
    return "".join(parts)


def _escaped(found: "re.Match[str]") -> str:
    return "_x005F_x" if found[0] == "_x" else "\N{REPLACEMENT CHARACTER}"


def _parts(title: str) -> dict[str, str]:
    """All parts but the sheet."""
    relation = f'<Relationship Id="rId{{}}" Type="{_OFFICE}/{{}}" Target="{{}}"/>'
    relations = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    override = f'<Override PartName="/{{}}" ContentType="{_SHEET}.{{}}+xml"/>'
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + override.format("xl/workbook.xml", "sheet.main")
        + override.format("xl/worksheets/sheet1.xml", "worksheet")
        + override.format("xl/styles.xml", "styles")
        + override.format("xl/sharedStrings.xml", "sharedStrings")
        + "</Types>",
        "_rels/.rels": relations.format(relation.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations.format(
            relation.format(1, "worksheet", "worksheets/sheet1.xml")
            + relation.format(2, "styles", "styles.xml")
            + relation.format(3, "sharedStrings", "sharedStrings.xml")
        ),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(_sheet_name(title))} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/styles.xml": _HEAD + _STYLES,
    }


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "1"


_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF1F1EE"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDE5EE"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/>'
    f'<xf fillId="2" applyFill="1" applyAlignment="1">{_WRAPPED}</xf>'
    f'<xf applyAlignment="1">{_WRAPPED}</xf>'
    f'<xf numFmtId="164" applyNumberFormat="1" applyAlignment="1">{_WRAPPED}</xf>'
    f'<xf fontId="1" applyFont="1" fillId="3" applyFill="1" applyAlignment="1">{_WRAPPED}</xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
