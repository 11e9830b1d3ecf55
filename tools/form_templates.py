"""templates/申请表2-1.docx and 申请表2-2.docx: the plan's two forms, word for word, with places for a claim's values.

What is wrong in the plan's forms is kept (plan_text.yaml lists it): where an option has no □ of its own, a √ stands before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tools.word_kit import FANGSONG, HEI, SONG, TITLE, cell, font, mm, package, paragraph, row, run, style, table

COLUMNS = [mm(width) for width in (29, 25, 43, 25, 48)]
_ROW = mm(8.5)
_WORDS = font(SONG, 10.5)
_VALUE = font(FANGSONG, 10.5)
_SPAN = '<w:gridSpan w:val="{}"/>'
_BEGIN, _GO_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
_STYLES = "".join((
    style("Normal", "Normal", f'{_WORDS}<w:lang w:val="en-US" w:eastAsia="zh-CN"/>',
          '<w:widowControl w:val="0"/><w:spacing w:line="300" w:lineRule="exact"/>'),
    style("Attachment", "附件标识", font(HEI, 14), '<w:spacing w:line="400" w:lineRule="exact"/>'),
    style("FormTitle", "表题", font(TITLE, 18),
          '<w:spacing w:before="40" w:after="120" w:line="480" w:lineRule="exact"/><w:jc w:val="center"/>'),
    style("Label", "栏目", _WORDS, '<w:jc w:val="center"/>'),
    style("Value", "填写", _VALUE, '<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>'),
    style("Text", "条文", _WORDS, '<w:jc w:val="both"/>'),
    style("Seal", "签章", _WORDS, f'<w:ind w:left="{mm(52)}"/>'),
))
_SECTION = (f'<w:sectPr><w:pgSz w:w="{mm(210)}" w:h="{mm(297)}"/><w:pgMar w:top="{mm(17)}" w:right="{mm(20)}" '
            f'w:bottom="{mm(12)}" w:left="{mm(20)}" w:header="{mm(10)}" w:footer="{mm(10)}" w:gutter="0"/></w:sectPr>')
_NATURE = "生产经营单位{{ nature.生产经营单位 }} 政府部门      {{ nature.政府部门 }} 其他（ {{ elsewhere }}   ）"
_DECLARATION = "申请人声明：本人所填写的内容及提供的资料均属真实，没有向其他部门申请过同类证书补贴或奖励。"
_CHECKED = "已收到申请人以下证明材料并与原件核对无误："
_ID_COPY = "{{ proof.id_copy }} 身份证复印件；"
_CERTIFICATE_COPY = "{{ proof.certificate_copy }}《中华人民共和国注册安全工程师职业资格证书》复印件。"
_OPINION = "申请人资料{{ opinion.属实 }}属实，{{ opinion.不属实 }}不属实，{{ opinion.暂无该证书信息 }}暂无该证书信息。"
_COPIES = "本表一式三份，{{ first_body }}、行业监管部门及各镇（开发区）、申请人所在单位各一份。"


def certificate_form() -> bytes:
    """附件2-1: the application for a certificate award."""
    refusal = "（申请人已有同类同级别证书的补贴或奖励记录）"
    return _form("附件2-1", "{{ district }}注册安全工程师职业资格证书奖励申请表", [
        *_holder(),
        _declaration(
            "（重要提醒：1、每个级别的注册安全工程师资格证书奖励只能申请一次，申请人利用同一级别证书向相关部门重复申请同类证书补贴或"
            "奖励的，按骗取财政资金处理；2、申请人弄虚作假、骗取奖励，除追回有关款项，不得再申领奖励，并按程序移交司法机关依法追究"
            "有关责任人员的法律责任。）"),
        *_request(
            ("已申请奖励", "  {{ earlier.无 }}无申请任何奖励 {{ earlier.初级 }}已申请初级职称奖励{{ earlier.中级 }}已申请中级职称奖励"),
            ("申请金额", "{{ level.初级 }}初级职称  {{ amounts.初级 }}元   {{ level.中级 }}中级职称 {{ amounts.中级 }}元   "
                     "{{ level.高级 }}高级职称{{ amounts.高级 }}元")),
        _opinion(["申请人所在单位", "审核意见"], [
            _CHECKED, _ID_COPY, _CERTIFICATE_COPY, _OPINION,
            "级别属{{ level.初级 }}初级职称，{{ level.中级 }}中级职称， {{ level.高级 }}高级职称。"],
            "验核人：{{ checked_by }}", "{{ blank_day }}"),
        _opinion(["{{ first_body }}", "初审意见"], [_decided("first", refusal)], *_signed("first")),
        _opinion(["行业监管部门及各镇（开发区）复审意见"], [
            _decided("second", refusal), "同意申领{{ granted.初级 }}初级职称 {{ amounts.初级 }}元 "
            "{{ granted.中级 }}中级职称 {{ amounts.中级 }}元 {{ granted.高级 }}高级职称 {{ amounts.高级 }}元。"],
            *_signed("second")),
    ])


def talent_form() -> bytes:
    """附件2-2: the application for an award for urgently needed talent."""
    return _form("附件2-2", "{{ district }}注册安全工程师紧缺人才奖励申请表", [
        *_holder(),
        _declaration(
            "（重要提醒：紧缺人才奖励只能申请一次，申请人弄虚作假、骗取奖励，除追回有关款项，不得再申领奖励，并按程序移交司法机关"
            "依法追究有关责任人员的法律责任。）"),
        *_request(
            ("申请奖励", "  {{ instalment.第一年 }}申请第一年奖励    {{ instalment.第二年 }}申请第二年奖励 "
                     "{{ instalment.第三年 }}申请第三年奖励"),
            ("申请金额", "{{ unboxed.第一年 }}第一年奖励{{ amounts.第一年 }}元 {{ instalment.第二年 }}第二年奖励{{ amounts.第二年 }}元"
                     "{{ unboxed.第三年 }}第三年奖励{{ amounts.第三年 }}元")),
        _opinion(["申请人所在单位", "审核意见"], [
            _CHECKED, _ID_COPY, _CERTIFICATE_COPY, "{{ proof.contract_proof }}三年及以上合同且按规定缴纳社保和个税满一年。", _OPINION],
            "验核人：{{ checked_by }}", "{{ blank_day }}"),
        _opinion(["{{ first_body }}", "初审意见"], [_decided("first")], *_signed("first")),
        _opinion(["行业监管部门及各镇（开发区）复审意见"], [
            _decided("second"),
            "同意申领{{ granted.第一年 }}第一年奖励{{ amounts.第一年 }}元 {{ granted.第二年 }}第二年奖励{{ amounts.第二年 }}元 "
            "{{ granted.第三年 }}第三年奖励 {{ amounts.第三年 }}元。"],
            *_signed("second")),
    ])


def _form(name: str, title: str, rows: Iterable[str]) -> bytes:
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{sum(COLUMNS)}"/></w:tabs><w:spacing w:after="60"/>'
    body = "".join((
        paragraph(name, style="Attachment"), paragraph(title, style="FormTitle"),
        paragraph(run("编号：{{ number }}"), "<w:r><w:tab/></w:r>", run("填报日期：{{ applied_on }}"), more=tab),
        table(COLUMNS, rows, margin=mm(1.2)),
        paragraph(_COPIES, more='<w:spacing w:before="100"/>')))
    return package(body + _SECTION, _STYLES)


def _holder() -> list[str]:
    """证书持有人情况, and the certificate below it."""
    first = cell(paragraph("证书持有人情况", style="Label"), width=COLUMNS[0], more=_BEGIN)
    below = cell(paragraph(""), width=COLUMNS[0], more=_GO_ON)
    return [
        row([first, *_pairs(("姓名", "name"), ("身份证号码", "id_number"))], _ROW),
        row([below, *_pairs(("工作单位", "employer"), ("职    务", "post"))], _ROW),
        row([below, _label("单位性质"), _wide(_NATURE, 3)], _ROW),
        row([below, _label("工作单位地址"), _wide(_value("address"), 3)], _ROW),
        row([below, *_pairs(("单位电话", "employer_phone"), ("手机号码", "phone"))], _ROW),
        row([_label("证书编号", 0), cell(_value("certificate_number"), width=sum(COLUMNS[1:3]), more=_SPAN.format(2)),
             _label("发证日期"), cell(_value("issued_on"), width=COLUMNS[4])], _ROW),
    ]


def _pairs(*pairs: tuple[str, str]) -> list[str]:
    return [part for (label, name), at in zip(pairs, (2, 4), strict=True)
            for part in (_label(label), cell(_value(name), width=COLUMNS[at]))]


def _label(text: str, column: int = 1) -> str:
    return cell(paragraph(text, style="Label"), width=COLUMNS[column])


def _wide(content: str, columns: int) -> str:
    inner = content if content.startswith("<w:p>") else paragraph(content, style="Text")
    return cell(inner, width=sum(COLUMNS[-columns:]), more=_SPAN.format(columns))


def _value(name: str) -> str:
    return paragraph(f"{{{{ {name} }}}}", style="Value")


def _declaration(reminder: str) -> str:
    text = (paragraph(_DECLARATION, style="Text"), paragraph(reminder, style="Text"),
            paragraph("申请人签字：                      {{ blank_day }}", style="Text",
                      more=f'<w:spacing w:before="160"/><w:ind w:left="{mm(60)}"/>'))
    return row([cell(*text, width=sum(COLUMNS), more=_SPAN.format(5))], mm(36))


def _request(*lines: tuple[str, str]) -> list[str]:
    """申请情况: two rows of boxes beside their heading."""
    starts = (cell(paragraph("申请", style="Label"), paragraph("情况", style="Label"), width=COLUMNS[0], more=_BEGIN),
              cell(paragraph(""), width=COLUMNS[0], more=_GO_ON))
    return [row([start, _label(label), _wide(text, 3)], _ROW) for start, (label, text) in zip(starts, lines, strict=True)]


def _opinion(heading: Sequence[str], lines: Sequence[str], signature: str, day: str) -> str:
    """A body's opinion with the place for its seal."""
    room = '<w:spacing w:before="280"/>'
    text = [*(paragraph(line, style="Text") for line in lines), paragraph(signature, style="Seal", more=room),
            paragraph("单位（盖章）：", style="Seal"), paragraph(f"                {day}", style="Seal", more='<w:spacing w:after="80"/>')]
    label = cell(*(paragraph(line, style="Label") for line in heading), width=COLUMNS[0])
    return row([label, _wide("".join(text), 4)], mm(33))


def _decided(stage: str, reason: str = "") -> str:
    return f"予以{{{{ {stage}.核准 }}}}核准，{{{{ {stage}.不核准 }}}}不核准{reason}。"


def _signed(stage: str) -> tuple[str, str]:
    return f"经办人：{{{{ {stage}.by }}}}", f"{{{{ {stage}.on }}}}"
