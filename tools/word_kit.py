"""Small Word documents from their XML: what the makers of templates/*.docx share.

The parts are written as text, because a document of GB/T 9704 is mostly measures that no library names.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

SONG, HEI, KAI, FANGSONG, TITLE = "宋体", "黑体", "楷体_GB2312", "仿宋_GB2312", "方正小标宋简体"
# What a program takes where a typeface is not installed.
_INSTEAD = {SONG: "SimSun", HEI: "SimHei", KAI: "楷体", FANGSONG: "仿宋", TITLE: "华文中宋"}
_DAY = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": f"{_OFFICE}/relationships",
    "v": "urn:schemas-microsoft-com:vml"}.items())
_SETTINGS = """
<w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>
<w:compat><w:balanceSingleByteDoubleByteWidth/><w:useFELayout/><w:compatSetting w:name="compatibilityMode"
w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>"""


def mm(length: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(length * 1440 / 25.4)


def font(name: str, points: float, more: str = "") -> str:
    """The properties of a run: one typeface for all scripts, its size, and what the schema has between them."""
    return (f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>{more}'
            f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>')


def run(text: str, look: str = "") -> str:
    """A text with the properties of `look`."""
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*parts: str, style: str = "Normal", more: str = "") -> str:
    """A paragraph of runs (or of one plain text) in a style; `more` are further properties in the schema's order."""
    runs = "".join(part if part.startswith("<") else run(part) for part in parts)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def page_number(look: str = "") -> str:
    """— 1 —, the number being the page's own."""
    parts = [f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")]
    field = (parts[0], '<w:instrText xml:space="preserve"> PAGE </w:instrText>', parts[1], "<w:t>1</w:t>", parts[2])
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return run("— ", look) + "".join(f"<w:r>{properties}{part}</w:r>" for part in field) + run(" —", look)


def style(key: str, name: str, look: str, layout: str = "") -> str:
    """A paragraph style; Normal is the one that all others are based on."""
    default = ' w:default="1"' if key == "Normal" else ' w:customStyle="1"'
    base = "" if key == "Normal" else '<w:basedOn w:val="Normal"/>'
    return (f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/>{base}<w:qFormat/>'
            f"<w:pPr>{layout}</w:pPr><w:rPr>{look}</w:rPr></w:style>")


def cell(*paragraphs: str, width: int, more: str = "") -> str:
    """A table cell; `more` are further properties in the schema's order (gridSpan, vMerge)."""
    return (f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}<w:vAlign w:val="center"/></w:tcPr>'
            f'{"".join(paragraphs)}</w:tc>')


def row(cells: Iterable[str], height: int = 0, more: str = "") -> str:
    """A table row that is never split over pages, at least so high."""
    tall = f'<w:trHeight w:val="{height}"/>' if height else ""
    return f'<w:tr><w:trPr><w:cantSplit/>{tall}{more}</w:trPr>{"".join(cells)}</w:tr>'


_RULED = dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), 4)


def table(widths: Sequence[int], rows: Iterable[str], lines: Mapping[str, int] = _RULED, margin: int = 28) -> str:
    """A table of fixed columns (twips) with these lines (eighths of a point)."""
    sides = "".join(f'<w:{side} w:val="single" w:sz="{line}" w:space="0" w:color="000000"/>' for side, line in lines.items())
    return (f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
            f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f'<w:tblGrid>{"".join(f"<w:gridCol w:w={chr(34)}{width}{chr(34)}/>" for width in widths)}</w:tblGrid>'
            f'{"".join(rows)}</w:tbl>')


def package(body: str, styles: str, sides: Mapping[str, str] | None = None) -> bytes:
    """The .docx of a body; `sides` are headers and footers (name such as footer1 → content), each with its id rId<name>."""
    sides = sides or {}
    parts = {"styles": "styles", "settings": "settings", "fontTable": "fontTable"} | {
        name: name.rstrip("0123456789") for name in sides}
    files = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relations({"rId1": (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
                                   "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")}),
        "docProps/core.xml": _core(),
        "word/_rels/document.xml.rels": _relations({
            f"rId{name}": (f"{_OFFICE}/relationships/{kind}", f"{name}.xml") for name, kind in parts.items()}),
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_NAMES}>{styles}</w:styles>",
        "word/settings.xml": f"<w:settings {_NAMES}>{_SETTINGS}</w:settings>",
        "word/fontTable.xml": f"<w:fonts {_NAMES}>{''.join(map(_font_entry, _INSTEAD))}</w:fonts>",
    } | {f"word/{name}.xml": _side(name, content) for name, content in sides.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _HEAD + text)
    return target.getvalue()


def _side(name: str, content: str) -> str:
    tag = "hdr" if name.startswith("header") else "ftr"
    return f"<w:{tag} {_NAMES}>{content}</w:{tag}>"


def _font_entry(name: str) -> str:
    return (f'<w:font w:name="{name}"><w:altName w:val="{_INSTEAD[name]}"/><w:charset w:val="86"/>'
            '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>')


def _content_types(parts: Mapping[str, str]) -> str:
    kinds = {"document": "document.main"} | dict(parts)
    overrides = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>' for name, kind in kinds.items())
    return (f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            f"{overrides}</Types>")


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, (kind, target) in targets.items())
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _core() -> str:
    return (f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            '<dcterms:created xsi:type="dcterms:W3CDTF">2019-01-01T00:00:00Z</dcterms:created>'
            '<dcterms:modified xsi:type="dcterms:W3CDTF">2019-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>')
