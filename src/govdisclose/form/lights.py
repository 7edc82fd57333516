"""What the 勾稽 lights of a workbook say: the writer prints these words, the reader knows them again."""

from __future__ import annotations

import re
from collections.abc import Mapping

from govdisclose.form.outline import Cell, Relation

BALANCED = "√ 平"
OFF = "差 "
PENDING = "待填"
HAS_TEXT = "有文字"

_OFF_BY = re.compile(re.escape(OFF) + r"[+-][\d.]+")


def is_light(text: str) -> bool:
    """Whether a text is what a light shows."""
    return text in (BALANCED, PENDING, HAS_TEXT) or _OFF_BY.fullmatch(text) is not None


def describe(relation: Relation, cells: Mapping[str, Cell]) -> str:
    """A relation in the form's own words: ``一＋二＝（七）＋四``, ``结果维持＋…＝总计``."""
    members = [cells[path] for path in relation.paths]
    if len({cell.row for cell in members}) == 1:
        terms = {cell.path: cell.column[-1] for cell in members}
    else:
        trails = [cell.row for cell in members]
        shared = next(
            i for i, labels in enumerate(zip(*trails, strict=False)) if len(set(labels)) > 1
        )
        heads = [trail[shared] for trail in trails]
        terms = {
            cell.path: _ordinal(head if heads.count(head) > 1 else cell.row[-1])
            for cell, head in zip(members, heads, strict=True)
        }
    return "＝".join(
        "＋".join(dict.fromkeys(terms[p] for p in side)) for side in (relation.left, relation.right)
    )


def _ordinal(label: str) -> str:
    found = re.match("（[一二三四五六七八九十]+）|[一二三四五六七八九十]+(?=、)", label)
    return found.group() if found else label
