"""The text of 填报说明, for the clerk who fills the workbook: printed by the writer, known again by the reader."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from govdisclose.form.balance_lights import BALANCED, HAS_TEXT, OFF, PENDING, describe
from govdisclose.form.edition import Edition
from govdisclose.form.outline import Relation, outline
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


@frozen
class GuideNote:
    """One line of the guide: its topic, the instruction, and the look of its first cell."""

    topic: str
    text: str
    look: tuple[str, ...] = ("stub",)


def relation_lines(edition: Edition) -> list[str]:
    """Each kind of relation once, in the form's words, with where it holds.

    ``每一行：自然人＋…＝总计`` — what the lights watch and the check enforces.
    """
    form = outline(edition)
    by_name: dict[str, list[Relation]] = {}
    order = list(form.tables)
    for relation in sorted(form.relations, key=lambda r: order.index(form.cells[r.right[0]].table)):
        by_name.setdefault(relation.name, []).append(relation)
    lines = []
    for relations in by_name.values():
        cells = [form.cells[relation.right[0]] for relation in relations]
        heading = next(section.sheet for section in SECTIONS if section.key == cells[0].table)
        if not cells[0].row:
            where = "、".join(cell.column[-2] for cell in cells)
        else:
            where = "每一行" if len({cell.row for cell in cells}) > 1 else "每一列"
        lines.append(f"{heading}，{where}：{describe(relations[0], form.cells)}")
    return lines


def _sheets() -> Iterator[GuideNote]:
    basics = "、".join(basic.label for basic in BASICS if basic.required)
    text = {
        BASICS_SHEET: f"{basics}必填；其余可以不填。",
        PREFACE_SHEET: "可以不写。写了就放在报告正文最前面。",
        EXPLANATIONS_SHEET: "平时空着。数据属实而校验仍报错误时，在这里写明原因（见下）。",
    }
    text |= {
        section.sheet: "法定表格：逐格填数。"
        if section.is_table
        else "文字：一段一行，写在“正文”一栏。"
        for section in SECTIONS
    }
    headings = {
        section.sheet: section.heading for section in SECTIONS if section.heading != section.sheet
    }
    for sheet in SHEET_ORDER:
        if sheet != GUIDE_SHEET:
            full = f"（{headings[sheet]}）" if sheet in headings else ""
            yield GuideNote(sheet, text[sheet] + full, ("plain", "link"))


def _colours() -> Iterator[GuideNote]:
    yield GuideNote("浅黄", "填写的格子；其他颜色都不必动。", ("input", "centre"))
    yield GuideNote("灰色", "自动计算的合计，填了数才显示，不必手填。", ("total", "centre"))
    yield GuideNote(
        "浅蓝", "印好的标题和栏目，已锁定，不能改，也不要增删行列。", ("stub", "centre")
    )
    yield GuideNote(BALANCED, f"“{LIGHT_LABEL}”绿灯：关系成立。", ("light", "good"))
    yield GuideNote(
        f"{OFF}-9",
        "红灯：合计比各项之和少 9。逐格核对这一行或这一列，找到填错的那一格。",
        ("light", "bad"),
    )
    yield GuideNote(
        HAS_TEXT,
        "红灯：有格子填成了文字（如“12件”、文本格式的数字），合计没有算上，请改成数字。",
        ("light", "bad"),
    )
    yield GuideNote(PENDING, "黄灯：有了分项，还没有合计。", ("light", "open"))


def _rules(edition: Edition) -> Iterator[GuideNote]:
    yield GuideNote(
        "空白和 0", "没有发生的一律填 0。空白表示还没有填，校验会指出来；不要填“/”“—”“无”。"
    )
    yield GuideNote(
        "单位",
        "件数填不小于 0 的整数；金额以万元为单位，可带小数（3940 元填 0.394）。格子里只填数字。",
    )
    yield GuideNote(
        "合计",
        "合计是锁定的公式。本单位公布的合计确实不等于各项之和时：审阅→撤销工作表保护（没有密码），直接填写，"
        f"再在“{EXPLANATIONS_SHEET}”写明原因。",
    )
    relations = relation_lines(edition)
    yield GuideNote(
        LIGHT_LABEL,
        "以下关系都要成立：\n" + "\n".join(f"{i}. {r}" for i, r in enumerate(relations, 1)),
    )
    yield GuideNote(
        "红灯怎么办",
        "先核对原始台账，改正填错的格子；每件申请只计入一行、一列。不要为了凑数改合计。"
        f"确因口径等原因不能成立的，在“{EXPLANATIONS_SHEET}”写明原因。",
    )
    yield GuideNote(
        "粘贴",
        "从别的表格复制数字时，用“选择性粘贴→数值”；直接粘贴会带入格式，使检查失效，文字形式的数字也不会计入合计。",
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
        "加“|上年”“|同比”取上年数和变化。名称有误，校验会指出。",
    )
    yield GuideNote(
        EXPLANATIONS_SHEET,
        "一项一行，照抄校验结果里的代码、单元格和数值（应为/实为），再写原因。写了原因的错误不再阻止生成报告；数值变了，说明随即失效。",
    )


def _finish(reported: int | None) -> Iterator[GuideNote]:
    year = f"{reported + 1}年" if reported else "次年"
    yield GuideNote(
        "期限",
        f"部门：{year}1月31日前向本级政府信息公开工作主管部门提交并向社会公布；"
        f"本级政府：{year}3月31日前公布（《中华人民共和国政府信息公开条例》第四十九条）。",
    )
    yield GuideNote(
        "校验",
        "govdisclose check 本文件.xlsx\n列出每一处问题：在哪个格子、应为多少、实为多少、怎么改。",
    )
    yield GuideNote(
        "生成报告",
        "govdisclose compile 本文件.xlsx\n没有错误时生成 Word 报告；加 --draft 可随时生成草稿。",
    )


def guide_scope(edition: Edition) -> str:
    """The line below the title: which form, for which years."""
    until = f"至 {edition.last_year} 年" if edition.last_year else "起"
    return f"适用格式：{edition.basis}，{edition.first_year} 年{until}的报告。"


def guide_parts(
    edition: Edition, year: int | None
) -> tuple[tuple[str, tuple[GuideNote, ...]], ...]:
    """The parts of the guide, each with its heading; ``year`` is that of the report."""
    return (
        ("一、填哪些表", tuple(_sheets())),
        ("二、颜色和灯", tuple(_colours())),
        ("三、怎样填", tuple(_rules(edition))),
        ("四、填好以后", tuple(_finish(year))),
    )
