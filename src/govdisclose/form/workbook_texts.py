"""The texts printed in a standardized workbook. Somebody has typed everything else.

The writer takes the hints from here, and the reader compares every cell with all of them. The
former wording of a text must stay known (``FORMER``), because older workbooks are still in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import attrs

from govdisclose.form.balance_lights import BALANCED, describe
from govdisclose.form.edition import Edition
from govdisclose.form.guide import GUIDE_TITLE, deadline_note, guide_parts, guide_scope
from govdisclose.form.outline import Table, outline
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import (
    BASICS,
    BASICS_COLUMNS,
    BASICS_SHEET,
    EXPLANATION_COLUMNS,
    EXPLANATIONS_SHEET,
    ITEM_HEADER,
    LIGHT_LABEL,
)

TABLE_HINTS = {
    "proactive": "没有发生的填 0，不要空着。件数填整数；金额以万元为单位，可带小数。",
    "requests": "没有发生的填 0，不要空着。一件申请只计入一行、一列。灰色的总计自动计算；"
    f"右侧和下方的“{LIGHT_LABEL}”全部显示“{BALANCED}”才算填对。",
    "disputes": f"没有发生的填 0，不要空着。灰色的总计自动计算；下方的“{LIGHT_LABEL}”全部显示“{BALANCED}”才算填对。",
}
"""The line of advice above each statutory table."""

_REQUIRED = "、".join(basic.label for basic in BASICS if basic.required)
BASICS_HINT = f"只填中间一列。{_REQUIRED}必须填写，其余可以不填。"

EXPLANATIONS_HINT = (
    "数据属实而检查仍报错误时才填：照抄检查结果里的规则代码、单元格和数值（应为/实为，如 5/4），写明原因。"
    "填好后该项不再阻止生成报告；数值改变后须重新说明。一项一行。"
)

FORMER = frozenset(
    {
        "数据属实而校验仍报错误时才填：照抄校验结果里的规则代码、单元格和数值（应为/实为，如 5/4），写明原因。填好后该项不再阻止生成报告；数值改变后须重新说明。一项一行。",
        "平时空着。数据属实而校验仍报错误时，在这里写明原因（见下）。",
        "没有发生的一律填 0。空白表示还没有填，校验会指出来；不要填“/”“—”“无”。",
        "文字里写 {表三.本年新收.总计}，生成报告时换成表中的数，文字与表格不会不一致；加“|上年”“|同比”取上年数和变化。名称有误，校验会指出。",
        "一项一行，照抄校验结果里的代码、单元格和数值（应为/实为），再写原因。写了原因的错误不再阻止生成报告；数值变了，说明随即失效。",
        "校验",
        "一段一行，不要在段内换行，不必空两格。“层级”从列表中选（正文、（一）、1.、（1））；"
        "不选时按段首的序号判断。行数不够可以插入行。",
        "没有发生的填 0，不要留空。一件申请只计入一行、一列。灰色的合计自动计算；右侧和下方的“勾稽”全部显示“√ 平”才算填对。",
        "没有发生的填 0，不要留空。灰色的合计自动计算；下方的“勾稽”全部显示“√ 平”才算填对。",
        "自动计算的合计，填了数才显示，不必手填。",
        "红灯：合计比各项之和少 9。逐格核对这一行或这一列，找到填错的那一格。",
        "红灯：有格子填成了文字（如“12件”、文本格式的数字），合计没有算上，请改成数字。",
        "黄灯：有了分项，还没有合计。",
        "合计",
        "合计是锁定的公式。本单位公布的合计确实不等于各项之和时：审阅→撤销工作表保护（没有密码），直接填写，再在“说明事项”写明原因。",
        "先核对原始台账，改正填错的格子；每件申请只计入一行、一列。不要为了凑数改合计。确因口径等原因不能成立的，在“说明事项”写明原因。",
        "从别的表格复制数字时，用“选择性粘贴→数值”；直接粘贴会带入格式，使检查失效，文字形式的数字也不会计入合计。",
        "没有发生的填 0，不要留空。件数填整数；金额以万元为单位，可带小数。",
        "没有发生的填 0，不要留空。一件申请只计入一行、一列。灰色的总计自动计算；右侧和下方的“勾稽”全部显示“√ 平”才算填对。",
        "没有发生的填 0，不要留空。灰色的总计自动计算；下方的“勾稽”全部显示“√ 平”才算填对。",
        "填写的格子；其他颜色都不必动。",
        "红灯：有格子填成了文字（如“12件”、文本格式的数字），总计没有算上，请改成数字。",
        "件数填不小于 0 的整数；金额以万元为单位，可带小数（3940 元填 0.394）。格子里只填数字。",
        "先核对原始台账，改正填错的格子；每件申请只计入一行、一列。不要为了凑数改总计。确因口径等原因不能成立的，在“说明事项”写明原因。",
        "govdisclose check 本文件.xlsx\n列出每一处问题：在哪个格子、应为多少、实为多少、怎么改。",
    }
)
"""Wordings of earlier versions."""

_YEAR = re.compile(r"\d{4}年")


def plain(text: str) -> str:
    """A text without its year and without blanks at its ends: these differ between workbooks."""
    return _YEAR.sub("年", text.replace("次年", "年")).strip()


@cache
def table_texts(edition: Edition) -> frozenset[str]:
    """Everything printed on the sheets of the three tables, but the numbers."""
    form = outline(edition)
    texts = {LIGHT_LABEL, ITEM_HEADER, *TABLE_HINTS.values()}
    for section in SECTIONS:
        texts |= {section.heading, section.sheet, section.note or ""}
    for table in form.tables.values():
        texts.update(_labels(table))
    texts.update(describe(relation, form.cells) for relation in form.relations)
    return frozenset(map(plain, texts)) | FORMER


def _labels(table: Table) -> Iterator[str]:
    """The labels of a table in all their spellings."""
    for block in table.blocks:
        yield block.label or ""
        for column in block.columns:
            yield from chain(column.labels, column.names, *column.parents)
    for line in table.lines:
        yield from chain(line.labels, line.names)


@cache
def basics_texts() -> frozenset[str]:
    """Everything printed on 基本信息 and 说明事项."""
    texts = {
        BASICS_SHEET,
        BASICS_HINT,
        EXPLANATIONS_SHEET,
        EXPLANATIONS_HINT,
        *BASICS_COLUMNS,
        *EXPLANATION_COLUMNS,
    }
    for basic in BASICS:
        texts |= {basic.label, basic.help, *basic.variants}
    return frozenset(map(plain, texts)) | FORMER


def _scopes(edition: Edition) -> tuple[str, str]:
    """Both wordings of the years of an edition.

    Workbooks written before the next edition came out say that the edition has no end.
    """
    return guide_scope(edition), guide_scope(attrs.evolve(edition, last_year=None))


@cache
def guide_texts(edition: Edition) -> frozenset[str]:
    """Everything printed on 填报说明."""
    deadline = deadline_note(None)
    texts = {GUIDE_TITLE, *_scopes(edition), deadline.topic, deadline.text}
    for heading, notes in guide_parts(edition):
        texts.add(heading)
        for note in notes:
            texts |= {note.topic, note.text}
    return frozenset(map(plain, texts)) | FORMER
