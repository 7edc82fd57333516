"""Two templates as users make them of the packaged one, for the guide's pictures and for the tests.

``with_cover``: a cover with a logo, coloured headings and tables, the agency's name above every page.
``landscape``: another paper, other fonts, a text box beside the title, the title again in the header.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image, ImageDraw

BLUE = RGBColor(0x1F, 0x4E, 0x79)
_BOX = """<w:p {w}><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml">
<v:rect style="width:300pt;height:44pt" strokecolor="#1F4E79"><v:textbox><w:txbxContent>
<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr><w:r><w:t>{{{{ agency.name }}}}</w:t></w:r></w:p>
<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr><w:r><w:t>{{{{ year }}}}年度　发布日期：{{{{ published }}}}</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:rect></w:pict></w:r></w:p>"""


def logo() -> io.BytesIO:
    """A badge as a PNG: a disc with an open book."""
    image = Image.new("RGB", (240, 240), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((6, 6, 234, 234), outline="#1F4E79", width=12)
    draw.polygon([(54, 92), (116, 110), (116, 178), (54, 158)], fill="#1F4E79")
    draw.polygon([(186, 92), (124, 110), (124, 178), (186, 158)], fill="#C00000")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


def with_cover(template: Path) -> bytes:
    """A cover with a logo, coloured headings, tables with shaded headers and higher rows."""
    document = Document(str(template))
    first = document.paragraphs[0]
    badge = first.insert_paragraph_before()
    badge.alignment = WD_ALIGN_PARAGRAPH.CENTER
    badge.paragraph_format.space_before = Pt(60)
    badge.add_run().add_picture(logo(), width=Mm(45))
    for tag, size, space in (
        ("{{ agency.name }}", 26, 60),
        ("政府信息公开工作年度报告", 30, 24),
        ("{{ year }}年度", 22, 24),
    ):
        line = first.insert_paragraph_before()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_before = Pt(space)
        _run(line, tag, "黑体", size, BLUE)
    foot = first.insert_paragraph_before()
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.paragraph_format.space_before = Pt(100)
    _run(foot, "{% if published %}{{ published }}{% endif %}", "楷体", 16, BLUE)
    foot.add_run().add_break(WD_BREAK.PAGE)
    document.sections[0].different_first_page_header_footer = True
    for key in ("一级标题", "二级标题", "报告标题"):
        document.styles[key].font.color.rgb = BLUE
    for table in document.tables:
        _colour(table)
    for header in (document.sections[0].header, document.sections[0].even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(header.paragraphs[0], "{{ agency.name }}政府信息公开工作年度报告", "楷体", 10, BLUE)
    return _saved(document)


def landscape(template: Path) -> bytes:
    """A4 across, tables as wide as the new text area, 微软雅黑 for 黑体 and 宋体, a text box before the title."""
    document = Document(str(template))
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(25)
    section.left_margin = section.right_margin = Mm(25)
    section.header_distance = section.footer_distance = Mm(12)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        if fonts.get(qn("w:eastAsia")) in ("黑体", "宋体"):
            for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.set(qn(f"w:{kind}"), "微软雅黑")
    for table in document.tables:
        _widen(table, 247 / 156)
        _may_break(table)
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        _run(header.paragraphs[0], "{{ title }}", "微软雅黑", 9, BLUE)
    document.paragraphs[0]._p.addprevious(parse_xml(_BOX.format(w=nsdecls("w"))))
    return _saved(document)


def _run(paragraph: Any, text: str, font: str, size: float, colour: RGBColor) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.color.rgb = font, Pt(size), colour
    run._r.rPr.rFonts.set(qn("w:eastAsia"), font)


def _colour(table: Any) -> None:
    for side in table._tbl.tblPr.iter(
        *(qn(f"w:{name}") for name in ("top", "left", "bottom", "right", "insideH", "insideV"))
    ):
        if side.getparent().tag == qn("w:tblBorders"):
            side.set(qn("w:color"), "1F4E79")
    for cell in table._tbl.iter(qn("w:tc")):
        styles = {style.get(qn("w:val")) for style in cell.iter(qn("w:pStyle"))}
        if styles & {"TableHead", "TableHeadSmall"}:
            shade = parse_xml(
                f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="DEEAF6"/>'
            )
            following = [cell.tcPr.find(qn(f"w:{name}")) for name in ("tcMar", "vAlign")]
            next(node for node in following if node is not None).addprevious(shade)
    for height in table._tbl.iter(qn("w:trHeight")):
        height.set(qn("w:val"), "560")


def _widths(table: Any) -> Iterator[Any]:
    for name in ("tblW", "gridCol", "tcW"):
        yield from table._tbl.iter(qn(f"w:{name}"))


def _widen(table: Any, factor: float) -> None:
    for node in _widths(table):
        node.set(qn("w:w"), str(round(int(node.get(qn("w:w"))) * factor)))


def _may_break(table: Any) -> None:
    """Rows of figures below the fourth may leave it: the page is lower now than some of the tables."""
    for row in table.rows[4:]:
        styles = {style.get(qn("w:val")) for style in row._tr.iter(qn("w:pStyle"))}
        for keep in (
            list(row._tr.iter(qn("w:keepNext"))) if styles - {"TableHead", "TableHeadSmall"} else ()
        ):
            keep.getparent().remove(keep)


def with_charts(template: Path) -> bytes:
    """The packaged template with a page of charts at its end."""
    document = Document(str(template))
    heading = document.add_paragraph("图解", style="一级标题")
    heading.paragraph_format.page_break_before = True
    for name in ("applicants", "outcomes"):
        document.add_paragraph(f"{{{{ charts.{name} }}}}", style="报告正文")
    return _saved(document)


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


RESTYLED = {"cover": with_cover, "landscape": landscape}
