"""What does an official paper look like in Word?"""

from functools import cache

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LANGUAGES = {"en": "en-GB", "ru": "ru-RU", "be": "be-BY", "fr": "fr-FR", "de": "de-DE"}
LEVELS = 6
FACE = "Times New Roman"
SIZE = 24  # half points
_STEP = 425  # an indent, twentieths of a point
_ALONE = '<w:spacing w:before="0" w:after="0"/>'


def _style(
    key: str, name: str, based: str = "Normal", *, paragraph: str = "", run: str = "", following: str = "",
    shown: bool = True,
) -> str:  # fmt: skip
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        + (f'<w:next w:val="{following}"/>' if following else "")
        + ("<w:qFormat/>" if shown else "")
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _letters(key: str, name: str, run: str) -> str:
    named = f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{name}"/>'
    return f"{named}<w:rPr>{run}</w:rPr></w:style>"


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _numbered(step: int) -> str:
    """Indented by so many steps, the number hanging before the words."""
    return (
        f'<w:tabs><w:tab w:val="left" w:pos="{(step + 2) * _STEP}"/></w:tabs>'
        f'<w:ind w:left="{(step + 2) * _STEP}" w:hanging="{2 * _STEP}"/>'
    )


@cache
def styles_part(language: str) -> str:
    """The part of styles for a paper in this language."""
    tongue = LANGUAGES.get(language, "en-GB")
    faces = "".join(f' w:{kind}="{FACE}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    normal = (
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{faces}/>{_size(SIZE)}"
        f'<w:lang w:val="{tongue}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="Plain"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/>'
        '<w:left w:w="100" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    ruled = (
        '<w:style w:type="table" w:styleId="Ruled"><w:name w:val="Table Grid"/><w:basedOn w:val="Plain"/>'
        f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders></w:tblPr></w:style>"
    )
    headings = "".join(
        _style(
            f"Heading{level}", f"heading {level}", following="Normal",
            paragraph=f'<w:keepNext/><w:keepLines/><w:spacing w:before="{360 - 40 * level}" w:after="120"/>'
            + ('<w:jc w:val="center"/>' if level == 1 else "") + f'<w:outlineLvl w:val="{level - 1}"/>',
            run="<w:b/>" if level < 4 else "<w:i/>",
        )
        for level in range(1, LEVELS + 1)
    )  # fmt: skip
    items = "".join(
        _style(f"Item{level}", f"Item {level}", paragraph=_numbered(level - 1)) for level in range(1, 5)
    )
    small = _size(SIZE - 4)
    raised = '<w:vertAlign w:val="superscript"/>'
    others = [
        _style("Title", "Title", following="Normal", paragraph='<w:keepNext/><w:spacing w:before="120" '
               'w:after="120"/><w:jc w:val="center"/>', run="<w:b/>" + _size(30)),
        _style("Subtitle", "Subtitle", paragraph='<w:spacing w:after="240"/><w:jc w:val="center"/>'),
        _style("Mark", "Paper mark", paragraph='<w:pBdr><w:top w:val="single" w:sz="6" w:space="4" '
               'w:color="auto"/><w:bottom w:val="single" w:sz="6" w:space="4" w:color="auto"/></w:pBdr>'
               '<w:spacing w:before="120" w:after="240"/><w:jc w:val="center"/>', run="<w:b/>" + small),
        _style("Article", "Article", following="Normal", paragraph='<w:keepNext/><w:spacing w:before="240" '
               'w:after="120"/>', run="<w:b/>"),
        _style("Provision", "Provision", paragraph=_numbered(0) + '<w:jc w:val="both"/>'),
        _style("Cell", "Table text", paragraph=_ALONE, run=small),
        _style("CellHead", "Table heading", "Cell", paragraph=_ALONE, run="<w:b/>"),
        _style("Small", "Small text", run=small),
        _style("Footer", "footer", paragraph=_ALONE + '<w:jc w:val="center"/>', run=small, shown=False),
        _style("FootnoteText", "footnote text", paragraph=_ALONE, run=small, shown=False),
        _style("EndnoteText", "endnote text", paragraph=_ALONE, run=small, shown=False),
        _style("CommentText", "annotation text", paragraph=_ALONE, run=small, shown=False),
        _letters("FootnoteReference", "footnote reference", raised),
        _letters("EndnoteReference", "endnote reference", raised),
        _letters("CommentReference", "annotation reference", _size(16)),
    ]  # fmt: skip
    return f"<w:styles {_SPACE}>{normal}{ruled}{headings}{items}{''.join(others)}</w:styles>"
