"""A sheet to print and fill by hand: all tables of an edition on one page, with empty cells.

Lengths are in twips.
"""

from __future__ import annotations

import re

from attrs import evolve

from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS
from templates_styles import HEI, PAGE_HEIGHT, PAGE_WIDTH, SONG, Style, plain_style
from templates_tables import DESIGNS, Design, statutory_table
from templates_xml import paragraph, part, run, w

_EDGE, _SIDE = 454, 624
"""The margins above and below, and beside the text: 8 mm and 11 mm."""

_WIDTH = PAGE_WIDTH - 2 * _SIDE

_ROW = 266
"""The height of a row, 4.7 mm: the three tables just fill the page."""

_FIELDS = "机关名称：____________________　报告年度：______　填表人：__________　电话：____________　日期：__________"
_ADVICE = (
    "没有发生的填 0。各项之和等于总计；表三每一列：一加二，等于（七）加四。"
    "填完录入标准工作簿再检查，本页不作为报告。"
)

STYLES: tuple[Style, ...] = (
    plain_style("PaperTitle", "手填表标题", HEI, 30, "center"),
    plain_style("PaperLine", "手填表文字", SONG, 18, "left"),
    plain_style("PaperHead", "手填表栏目", HEI, 20, "left"),
)

_TAG = re.compile(r"\{\{ [\w.]+ \}\}")


def paper_sheet(edition: Edition) -> str:
    """``word/document.xml`` of the sheet of one edition."""
    body = [
        paragraph(
            "PaperTitle", run(f"政府信息公开工作年度报告　统计表手填表（{edition.name} 版）")
        ),
        paragraph("PaperLine", run(_FIELDS)),
    ]
    for section in SECTIONS:
        if section.is_table:
            table = outline(edition).tables[section.key]
            drawn = statutory_table(table, section, _design(section.key), _WIDTH)
            body += [paragraph("PaperHead", run(section.heading)), _TAG.sub("", drawn)]
    body.append(paragraph("PaperLine", run(_ADVICE)))
    return part("document", w("body", *body, _page()))


def _design(key: str) -> Design:
    """The design of a table in the report, with lower rows and wider columns of numbers."""
    design = evolve(DESIGNS[key], height=_ROW, air=0, own_page=False)
    if key == "proactive":
        return evolve(
            design,
            head="TableHeadSmall",
            number="TableNumber",
            label="TableTextSmall",
            stub=(3000,),
        )
    if key == "requests":
        return evolve(design, stub=(664, 860, 4514))
    return evolve(
        design, head="TableHeadSmall", number="TableNumber", narrow_heads=True, last_head=None
    )


def _page() -> str:
    margins = {"top": _EDGE, "right": _SIDE, "bottom": _EDGE, "left": _SIDE}
    return w(
        "sectPr",
        w("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        w("pgMar", **margins, header=0, footer=0, gutter=0),
        w("cols", space=425),
    )
