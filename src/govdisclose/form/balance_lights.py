"""The words of the 勾稽 lights of a workbook: the writer prints them, the reader recognises them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from govdisclose.form.outline import Cell, Relation

BALANCED = "√ 平"
OFF = "差 "
PENDING = "待填"
HAS_TEXT = "有文字"

_OFF_BY = re.compile(re.escape(OFF) + r"[+-][\d.]+")


def is_light(text: str) -> bool:
    """Whether a text is the word of a light."""
    return text in (BALANCED, PENDING, HAS_TEXT) or _OFF_BY.fullmatch(text) is not None


def describe(relation: Relation, cells: Mapping[str, Cell]) -> str:
    """A relation in the form's own words: ``一＋二＝（七）＋四``, ``结果维持＋…＝总计``."""
    members = [cells[path] for path in relation.paths]
    is_in_one_row = len({cell.row for cell in members}) == 1
    terms = _column_terms(members) if is_in_one_row else _row_terms(members)
    left = dict.fromkeys(terms[path] for path in relation.left)
    right = dict.fromkeys(terms[path] for path in relation.right)
    return f"{'＋'.join(left)}＝{'＋'.join(right)}"


def _column_terms(members: Sequence[Cell]) -> dict[str, str]:
    """The names of cells of one row: the labels of their columns."""
    return {cell.path: cell.column[-1] for cell in members}


def _row_terms(members: Sequence[Cell]) -> dict[str, str]:
    """The names of cells of one column.

    A row is called by its own label; rows of one group, by the outermost label that they share and
    other rows do not have.
    """
    depth = _first_difference([cell.row for cell in members])
    heads = [cell.row[depth] for cell in members]
    terms: dict[str, str] = {}
    for cell, head in zip(members, heads, strict=True):
        is_group = heads.count(head) > 1
        terms[cell.path] = _ordinal(head if is_group else cell.row[-1])
    return terms


def _first_difference(trails: Sequence[tuple[str, ...]]) -> int:
    """The first depth at which label trails differ."""
    labels = zip(*trails, strict=False)
    return next(depth for depth, found in enumerate(labels) if len(set(found)) > 1)


def _ordinal(label: str) -> str:
    found = re.match("（[一二三四五六七八九十]+）|[一二三四五六七八九十]+(?=、)", label)
    return found.group() if found else label
