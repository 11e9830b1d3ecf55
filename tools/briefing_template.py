"""templates/通报.docx: a briefing by GB/T 9704-2012, with places for the quarter's words, tables and closing.

A page has 22 lines of 28 characters. Lying tables keep the page number where it is on the standing pages (GB/T 9704, 8):
it stands turned at the left edge.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.word_kit import (
    FANGSONG,
    HEI,
    KAI,
    SONG,
    TITLE,
    cell,
    font,
    mm,
    package,
    page_number,
    paragraph,
    row,
    run,
    style,
    table,
)

_LINE = 579  # a page of 225 mm in 22 lines
_TEXT, _LYING = mm(156), mm(225)  # the width of the text on standing and on lying pages
_CHARACTER = 316  # 156 mm in 28 characters
_GRID = f'<w:docGrid w:type="lines" w:linePitch="{_LINE}"/>'
_TIGHT = '<w:spacing w:val="-5"/>'  # 28 characters of 16 points are wider than 156 mm; a grid of characters is read in two ways
_RED = '<w:color w:val="FF0000"/>'


def _indent(**characters: float) -> str:
    """Indents in characters, and in twips for programs that know no characters."""
    parts = "".join(f'w:{side}Chars="{round(100 * number)}" w:{side}="{round(_CHARACTER * number)}" '
                    for side, number in characters.items())
    return f"<w:ind {parts}/>"


_EXACT = f'<w:spacing w:line="{_LINE}" w:lineRule="exact"/>'
_KEEP = "<w:keepNext/>"
_CLOSE = '<w:spacing w:line="240" w:lineRule="auto"/>'
_NUMBER = font(SONG, 14)
_IMPRINT_LINES = {"top": 8, "bottom": 8, "insideH": 6}  # eighths of a point: 0.35 mm, 0.35 mm, 0.25 mm
_STYLES = "".join((
    style("Normal", "Normal", f'{font(FANGSONG, 16, _TIGHT)}<w:lang w:val="en-US" w:eastAsia="zh-CN"/>',
          f'<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>{_EXACT}<w:jc w:val="both"/>'),
    style("Masthead", "发文机关标志", font(TITLE, 26, _RED),
          f'<w:spacing w:before="{mm(35)}" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>'),
    style("Number", "发文字号", "", f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" w:color="FF0000"/></w:pBdr>'
          f'<w:spacing w:before="{2 * _LINE}"/><w:jc w:val="center"/>'),
    style("Heading", "公文标题", font(TITLE, 22),
          '<w:snapToGrid w:val="0"/><w:spacing w:line="660" w:lineRule="exact"/><w:jc w:val="center"/>'),
    style("Body", "正文段落", "", _indent(firstLine=2)),
    style("Part", "一级标题", font(HEI, 16), f'<w:keepNext/>{_indent(firstLine=2)}<w:outlineLvl w:val="0"/>'),
    style("Signature", "署名和日期", "", f'{_indent(left=13.5)}<w:jc w:val="center"/>'),
    style("Attachment", "附件标识", font(HEI, 16), '<w:keepNext/>'),
    style("TableTitle", "表题", font(TITLE, 18), '<w:keepNext/><w:jc w:val="center"/>'),
    style("TableHead", "表头", font(HEI, 10.5), f'{_CLOSE}<w:jc w:val="center"/>'),
    style("PairHead", "表头小字", font(HEI, 9), f'{_CLOSE}<w:jc w:val="center"/>'),
    style("Cell", "表格数字", font(FANGSONG, 10.5), f'{_CLOSE}<w:jc w:val="center"/>'),
    style("Words", "表格文字", font(FANGSONG, 10.5), f'{_CLOSE}<w:jc w:val="left"/>'),
    style("Imprint", "版记", font(FANGSONG, 14), _EXACT),
    style("PageNumber", "页码", _NUMBER, _CLOSE),
))


def briefing_template() -> bytes:
    """The whole template."""
    body = _letter() + _section(_STANDING) + _tables() + _section(_LYING_PAGE) + paragraph("")
    return package(body + _properties(_IMPRINT_PAGE), _STYLES, {
        "footer1": _foot("right"), "footer2": _foot("left"), "footer3": paragraph(""), "footer4": _imprint() + _foot("left", 7),
        "header1": _turned("right"), "header2": _turned("left"), "header3": paragraph("")})


def _letter() -> str:
    lead, text = run("{{ one.lead }}", font(KAI, 16)), run("{{ one.text }}")
    blank, together = paragraph(""), paragraph("", more=_KEEP)
    return "".join((
        paragraph("{%p if masthead %}"),
        paragraph("{{ masthead }}", style="Masthead"), paragraph("{{ number }}", style="Number"), blank, blank,
        paragraph("{%p endif %}"),
        paragraph("{%p for line in title %}"), paragraph("{{ line }}", style="Heading"), paragraph("{%p endfor %}"),
        blank,
        paragraph("{{ addressees }}："),
        paragraph("{{ opening }}", style="Body"),
        paragraph("{%p for part in parts %}"),
        paragraph("{{ part.heading }}", style="Part"),
        paragraph("{%p for one in part.paragraphs %}"), paragraph(lead, text, style="Body"), paragraph("{%p endfor %}"),
        paragraph("{%p endfor %}"),
        paragraph("{%p if closing %}"), paragraph("{{ closing }}", style="Body", more=_KEEP), paragraph("{%p endif %}"),
        together,
        paragraph("{%p for name in attachments %}"),
        paragraph("{{ name.label }}{{ name.text }}", more=f"{_KEEP}{_indent(left=6, hanging=4)}"),
        paragraph("{%p endfor %}"),
        together, together, paragraph("{{ signature }}", style="Signature", more=_KEEP),
        paragraph("{{ day }}", style="Signature"),
    ))


def _tables() -> str:
    return "".join((
        paragraph("{{ attachments[0].mark }}", style="Attachment"),
        paragraph("{{ attachments[0].text }}", style="TableTitle"), _plan_table(),
        paragraph("{{ note }}", style="Words", more='<w:spacing w:before="80"/>'),
        paragraph("{%p if payers %}"),
        paragraph("{{ attachments[1].mark }}", style="Attachment", more="<w:pageBreakBefore/>"),
        paragraph("{{ attachments[1].text }}", style="TableTitle"), _money_table(),
        paragraph("{%p endif %}"),
    ))


def _plan_table() -> str:
    """附件2 with actuals: levels and years are as many as the plan has; the widths are set when it is filled."""
    widths = [mm(10), mm(40), *[mm(9)] * 6, mm(14), mm(9), mm(9), mm(20)]
    begin, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"

    def head(text: str, columns: int = 1, merge: str = "") -> str:
        spans = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
        return cell(paragraph(text, style="TableHead"), width=mm(9) * columns, more=spans + merge)

    def heads(merge: str, texts: tuple[str, ...] = ("",) * 5) -> tuple[list[str], str]:
        spans = (2, 2, 2, 3, 1)
        made = [head(text, columns, merge) for text, columns in zip(texts, spans, strict=True)]
        return made[:4], made[4]

    first, remark = heads(begin, ("培育范围", "总体需求数量", "现有数量", "{{ span }}预培育数量", "备注"))
    below, below_remark = heads(on)
    repeated = "<w:tblHeader/>"
    pair = [cell(paragraph(text, style="PairHead"), width=mm(9)) for text in ("计划", "实际")]

    year = cell(paragraph("{{ year }}年{% colspan 2 %}", style="PairHead"), width=mm(18))

    def line(source: str, name: list[str]) -> str:
        value = cell(paragraph("{{ value }}", style="Cell"), width=mm(9))
        return row([*name, _tag(f"{{%tc for value in {source}.numbers %}}"), value, _tag("{%tc endfor %}"),
                    cell(paragraph(f"{{{{ {source}.remark }}}}", style="Words"), width=mm(20))], mm(9))

    layer = cell(paragraph("{% vm %}{{ layer.name }}", style="TableHead"), width=mm(10))
    return table(widths, [
        row([*first, head("其中{% colspan levels|length * years|length * 2 %}"), remark], mm(7), repeated),
        row([*below, _tag("{%tc for level in levels %}"), head("{{ level }}{% colspan years|length * 2 %}"), _tag("{%tc endfor %}"),
             below_remark], mm(7), repeated),
        row([*below, _tag("{%tc for level in levels %}"), _tag("{%tc for year in years %}"), year,
             _tag("{%tc endfor %}"), _tag("{%tc endfor %}"), below_remark], mm(7), repeated),
        row([below[0], *pair, *pair, *pair, head("完成率"), _tag("{%tc for level in levels %}"), _tag("{%tc for year in years %}"),
             *pair, _tag("{%tc endfor %}"), _tag("{%tc endfor %}"), below_remark], mm(7), repeated),
        _row_tag("{%tr for layer in layers %}"), _row_tag("{%tr for line in layer.lines %}"),
        line("line", [layer, cell(paragraph("{{ line.name }}", style="Words"), width=mm(40))]),
        _row_tag("{%tr endfor %}"), _row_tag("{%tr endfor %}"),
        line("total", [cell(paragraph("合　计", style="TableHead"), width=mm(50), more='<w:gridSpan w:val="2"/>')]),
    ])


def _money_table() -> str:
    widths = [mm(12), mm(45), *[mm(16), mm(26)] * 3, mm(21), mm(21)]
    names = (("序号", 1), ("发放单位", 1), ("申请", 2), ("核准", 2), ("发放", 2), ("核准未发放（元）", 1), ("以后各期（元）", 1))
    columns = [sum(span for _, span in names[:at]) for at in range(len(names))]

    def head(text: str, at: int, span: int, merge: str) -> str:
        spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        return cell(paragraph(text, style="TableHead"), width=sum(widths[at : at + span]), more=spans + merge)

    top = [head(text, at, span, "" if span > 1 else '<w:vMerge w:val="restart"/>')
           for (text, span), at in zip(names, columns, strict=True)]
    units = [part for (_, span), at in zip(names, columns, strict=True) for part in (
        [head("件", at, 1, ""), head("元", at + 1, 1, "")] if span > 1 else [head("", at, 1, "<w:vMerge/>")])]
    cells = [cell(paragraph(f"{{{{ line[{at}] }}}}", style="Cell"), width=width) for at, width in enumerate(widths)]
    return table(widths, [
        row(top, mm(8), "<w:tblHeader/>"), row(units, mm(7), "<w:tblHeader/>"),
        _row_tag("{%tr for line in payers %}"), row(cells, mm(7)), _row_tag("{%tr endfor %}")])


def _imprint() -> str:
    """版记 (GB/T 9704, 7.4): between thick lines with a thin one in between. It is part of the foot, which stands on the
    page's end however much is in it."""

    return table([_TEXT], [
        _row_tag("{%tr if copies_to %}"),
        row([cell(paragraph("抄送：{{ copies_to }}。", style="Imprint", more=_indent(left=4, right=1, hanging=3)), width=_TEXT)]),
        _row_tag("{%tr endif %}"),
        row([cell(paragraph(run("{{ signature }}"), "<w:r><w:tab/></w:r>", run("{{ day }}印发"), style="Imprint",
                            more=f'<w:tabs><w:tab w:val="right" w:pos="{_TEXT - 280}"/></w:tabs>{_indent(left=1)}'), width=_TEXT)]),
    ], _IMPRINT_LINES)


def _foot(side: str, before: float = 0) -> str:
    """The page number at one side, so many millimetres below what stands above it."""
    return paragraph(page_number(_NUMBER), style="PageNumber",
                     more=f'<w:spacing w:before="{mm(before)}"/>{_indent(**{side: 1})}<w:jc w:val="{side}"/>')


def _turned(side: str) -> str:
    """The page number of a lying page: in a box at its left edge, turned so that it is upright when the page stands.

    VML, because LibreOffice loses the place of a newer text box in a header.
    """
    inner = paragraph(page_number(_NUMBER), style="PageNumber", more=f'{_indent(**{side: 1})}<w:jc w:val="{side}"/>')
    places = {"position": "absolute", "margin-left": "21mm", "margin-top": "28mm", "width": "7mm", "height": "156mm",
              "mso-position-horizontal-relative": "page", "mso-position-vertical-relative": "page"}
    box = (f'<w:pict><v:rect id="pageNumber" filled="f" stroked="f" style="{";".join(map(":".join, places.items()))}">'
           f'<v:textbox style="layout-flow:vertical" inset="0,0,0,0"><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:rect></w:pict>')
    return paragraph(f"<w:r>{box}</w:r>")


@dataclass(frozen=True)
class _Page:
    """A section's page: headers and footers of odd and even pages, margins in millimetres, and where it begins."""

    sides: tuple[str, str, str, str] = ("header3", "header3", "footer1", "footer2")
    size: str = f'<w:pgSz w:w="{mm(210)}" w:h="{mm(297)}"/>'
    margins: tuple[float, float, float, float] = (37, 26, 35, 28)  # top, right, bottom, left
    begins: str = "nextPage"
    grid: str = _GRID


_STANDING = _Page()
_LYING_PAGE = _Page(("header1", "header2", "footer3", "footer3"), f'<w:pgSz w:w="{mm(297)}" w:h="{mm(210)}" w:orient="landscape"/>',
                    (28, 37, 26, 35), grid="")  # the standing page turned to the left
_IMPRINT_PAGE = _Page(("header3", "header3", "footer4", "footer4"), begins="evenPage")


def _section(page: _Page) -> str:
    """The paragraph that ends a section."""
    return f'<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/>{_properties(page)}</w:pPr></w:p>'


def _properties(page: _Page) -> str:
    kinds = (("header", "default"), ("header", "even"), ("footer", "default"), ("footer", "even"))
    references = "".join(f'<w:{kind}Reference w:type="{which}" r:id="rId{name}"/>'
                         for (kind, which), name in zip(kinds, page.sides, strict=True))
    margins = " ".join(f'w:{side}="{mm(width)}"' for side, width in zip(
        ("top", "right", "bottom", "left", "header", "footer"), (*page.margins, 15, 22), strict=True))
    return (f'<w:sectPr>{references}<w:type w:val="{page.begins}"/>{page.size}<w:pgMar {margins} w:gutter="0"/>'
            f"{page.grid}</w:sectPr>")


def _tag(text: str) -> str:
    """A cell that only tells the filler to repeat what follows."""
    return cell(paragraph(text, style="Cell"), width=mm(9))


def _row_tag(text: str) -> str:
    return row([cell(paragraph(text, style="Cell"), width=_LYING)])
