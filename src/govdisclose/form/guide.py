"""The text of the sheet 填报说明, for the clerk who fills the workbook.

The writer prints it and the reader recognises it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from govdisclose.form.balance_lights import BALANCED, HAS_TEXT, OFF, PENDING, describe
from govdisclose.form.edition import Edition
from govdisclose.form.grouping import group_by
from govdisclose.form.outline import Cell, Outline, Relation, outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import (
    BASICS,
    BASICS_SHEET,
    CONTINUED,
    EXPLANATIONS_SHEET,
    GUIDE_SHEET,
    LIGHT_LABEL,
    PARAGRAPH_COLUMNS,
    PARAGRAPH_LEVELS,
    PREFACE_SHEET,
    SHEET_ORDER,
)

GUIDE_TITLE = "政府信息公开工作年度报告填报说明"


class GuideNote(NamedTuple):
    """One line of the guide: its topic, the instruction, and the look of its first cell."""

    topic: str
    text: str
    look: tuple[str, ...] = ("stub",)


def relation_lines(edition: Edition) -> list[str]:
    """Every relation that the lights and the checks watch, in the form's words.

    Relations of one name are one line, which says where they hold:
    ``申请办理，每一行：自然人＋…＝总计``.
    """
    form = outline(edition)
    sheets = {section.key: section.sheet for section in SECTIONS}
    lines = []
    for relations in _relations_by_name(form):
        totals = [form.cells[relation.right[0]] for relation in relations]
        sheet = sheets[totals[0].table]
        words = describe(relations[0], form.cells)
        lines.append(f"{sheet}，{_where(totals)}：{words}")
    return lines


def _relations_by_name(form: Outline) -> list[list[Relation]]:
    """The relations of each name, in the order of the tables."""
    tables = list(form.tables)

    def place(relation: Relation) -> int:
        total = form.cells[relation.right[0]]
        return tables.index(total.table)

    in_order = sorted(form.relations, key=place)
    return list(group_by(in_order, attrgetter("name")).values())


def _where(totals: Sequence[Cell]) -> str:
    """The rows or columns where relations with these totals hold."""
    if not totals[0].row:
        return "、".join(cell.column[-2] for cell in totals)
    rows = {cell.row for cell in totals}
    return "每一行" if len(rows) > 1 else "每一列"


def _sheets() -> Iterator[GuideNote]:
    """What goes on each sheet."""
    for sheet, text in _sheet_texts().items():
        yield GuideNote(sheet, text, ("plain", "link"))


def _sheet_texts() -> dict[str, str]:
    """The instruction for each sheet, in the order of the sheets."""
    basics = "、".join(basic.label for basic in BASICS if basic.required)
    texts = {
        BASICS_SHEET: f"{basics}必填；其余可以不填。",
        PREFACE_SHEET: "可以不写。写了就放在报告正文最前面。",
        EXPLANATIONS_SHEET: "平时空着。数据属实而检查仍报错误时，在这里写明原因（见下）。",
    }
    for section in SECTIONS:
        text = "文字：一段一行，写在“正文”一栏。"
        if section.is_table:
            text = "法定表格：逐格填数。"
        if section.heading != section.sheet:
            text += f"（{section.heading}）"
        texts[section.sheet] = text
    return {sheet: texts[sheet] for sheet in SHEET_ORDER if sheet != GUIDE_SHEET}


def _colours() -> Iterator[GuideNote]:
    """What the colours of the cells and the lights mean."""
    yield GuideNote("浅黄", "填写的单元格；其他颜色都不必动。", ("input", "centre"))
    yield GuideNote("灰色", "自动计算的总计，填了数才显示，不必手填。", ("total", "centre"))
    yield GuideNote(
        "浅蓝", "印好的标题和栏目，已锁定，不能改，也不要增删行列。", ("stub", "centre")
    )
    yield GuideNote(BALANCED, f"“{LIGHT_LABEL}”绿灯：关系成立。", ("light", "good"))
    yield GuideNote(
        f"{OFF}-9",
        "红灯：总计比各项之和少 9。逐格核对这一行或这一列，找到填错的那一格。",
        ("light", "bad"),
    )
    yield GuideNote(
        HAS_TEXT,
        "红灯：有单元格填成了文字（如“12件”、文本格式的数字），总计没有算上，请改成数字。",
        ("light", "bad"),
    )
    yield GuideNote(PENDING, "黄灯：有了分项，还没有总计。", ("light", "open"))


def _rules(edition: Edition) -> Iterator[GuideNote]:
    """How to fill in figures and texts."""
    yield GuideNote(
        "空白和 0", "没有发生的一律填 0。空白表示还没有填，检查会指出来；不要填“/”“—”“无”。"
    )
    yield GuideNote(
        "单位",
        "件数填不小于 0 的整数；金额以万元为单位，可带小数（3940 元填 0.394）。单元格里只填数字。",
    )
    yield GuideNote(
        "总计",
        "总计是锁定的公式。本单位公布的总计确实不等于各项之和时：审阅→撤销工作表保护（没有密码），直接填写，"
        f"再在“{EXPLANATIONS_SHEET}”写明原因。",
    )
    relations = ["以下关系都要成立："]
    for number, line in enumerate(relation_lines(edition), 1):
        relations.append(f"{number}. {line}")
    yield GuideNote(LIGHT_LABEL, "\n".join(relations))
    yield GuideNote(
        "红灯怎么办",
        "先核对原始台账，改正填错的单元格；每件申请只计入一行、一列。不要为了凑数改总计。"
        f"确因口径等原因不能成立的，在“{EXPLANATIONS_SHEET}”写明原因。",
    )
    yield GuideNote(
        "粘贴",
        "从别的表格复制数字时，用“选择性粘贴→数值”；直接粘贴会带入格式，使检查失效，文字形式的数字也不会计入总计。",
    )
    levels = "、".join(PARAGRAPH_LEVELS.values())
    yield GuideNote(
        "文字",
        f"一段一行，不要在段内换行，不必空两格。“{PARAGRAPH_COLUMNS[0]}”从列表中选（{levels}）；"
        f"不选时按段首的序号判断。段内确要换行的，下一行选“{CONTINUED}”。行数不够可以插入行。",
    )
    yield GuideNote(
        "引用数字",
        "文字里写 {表三.本年新收.总计}，生成报告时换成表中的数，文字与表格不会不一致；"
        "加“|上年”“|同比”取上年数和变化。名称有误，检查会指出。",
    )
    yield GuideNote(
        EXPLANATIONS_SHEET,
        "一项一行，照抄检查结果里的代码、单元格和数值（应为/实为），再写原因。写了原因的错误不再阻止生成报告；数值变了，说明随即失效。",
    )


NEXT_YEAR = "次年"
"""Stands for the year in which a report is due while its own year is not known."""

DEADLINE_PARTS = (
    "部门：",
    "1月31日前向本级政府信息公开工作主管部门提交并向社会公布；本级政府：",
    "3月31日前公布（《中华人民共和国政府信息公开条例》第四十九条）。",
)
"""The words of the deadline; the year in which the report is due stands between them."""


def deadline_note(reported: int | None) -> GuideNote:
    """Until when the report on the year ``reported`` is due."""
    year = f"{reported + 1}年" if reported else NEXT_YEAR
    return GuideNote("期限", year.join(DEADLINE_PARTS))


def _finish() -> Iterator[GuideNote]:
    """What to do with the filled workbook."""
    yield GuideNote(
        "检查",
        "govdisclose check 本文件.xlsx\n列出每一处问题：在哪个单元格、应为多少、实为多少、怎么改。",
    )
    yield GuideNote(
        "生成报告",
        "govdisclose compile 本文件.xlsx\n没有错误时生成 Word 报告；加 --draft 可随时生成草稿。",
    )


def guide_scope(edition: Edition) -> str:
    """The line below the title: the form and the years for which it holds."""
    until = f"至 {edition.last_year} 年" if edition.last_year else "起"
    return f"适用格式：{edition.basis}，{edition.first_year} 年{until}的报告。"


def guide_parts(edition: Edition) -> tuple[tuple[str, tuple[GuideNote, ...]], ...]:
    """The parts of the guide, each with its heading; the deadline stands above them."""
    return (
        ("一、填哪些表", tuple(_sheets())),
        ("二、颜色和灯", tuple(_colours())),
        ("三、怎样填", tuple(_rules(edition))),
        ("四、填好以后", tuple(_finish())),
    )
