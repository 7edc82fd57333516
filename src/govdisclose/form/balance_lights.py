"""The texts of the 勾稽 lights beside the tables of a workbook.

A light shows whether a relation holds. The writer prints these texts and the reader recognises
them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from govdisclose.form.outline import Cell, Relation

BALANCED = "√ 平"
OFF = "差 "
PENDING = "待填"
HAS_TEXT = "有文字"

_OFF_BY = re.compile(re.escape(OFF) + r"[+-][\d.]+")
_ORDINAL = re.compile("（[一二三四五六七八九十]+）|[一二三四五六七八九十]+(?=、)")


def is_light(text: str) -> bool:
    """Whether ``text`` is one that a light shows."""
    if text in (BALANCED, PENDING, HAS_TEXT):
        return True
    return _OFF_BY.fullmatch(text) is not None


def describe(relation: Relation, cells: Mapping[str, Cell]) -> str:
    """A relation in the words of the form: ``一＋二＝（七）＋四``, ``结果维持＋…＝总计``."""
    members = [cells[path] for path in relation.paths]
    rows = {cell.row for cell in members}
    is_within_row = len(rows) == 1
    terms = _column_terms(members) if is_within_row else _row_terms(members)
    left = _side(relation.left, terms)
    right = _side(relation.right, terms)
    return f"{left}＝{right}"


def _side(paths: Iterable[str], terms: Mapping[str, str]) -> str:
    """One side of a relation; a group of rows is named once."""
    names = dict.fromkeys(terms[path] for path in paths)
    return "＋".join(names)


def _column_terms(members: Iterable[Cell]) -> dict[str, str]:
    """Names for cells of one row, by path: the labels of their columns."""
    return {cell.path: cell.column[-1] for cell in members}


def _row_terms(members: Sequence[Cell]) -> dict[str, str]:
    """Names for cells of one column, by path.

    A row is named by its own label. The rows of a group are named by the outermost label that they
    share and other rows do not have.
    """
    rows = [cell.row for cell in members]
    depth = _first_difference(rows)
    sizes = Counter(row[depth] for row in rows)
    terms: dict[str, str] = {}
    for cell in members:
        label = cell.row[depth]
        is_group = sizes[label] > 1
        if not is_group:
            label = cell.row[-1]
        terms[cell.path] = _ordinal(label)
    return terms


def _first_difference(trails: Sequence[tuple[str, ...]]) -> int:
    """The first depth at which trails of labels differ."""
    depth = 0
    while len({trail[depth] for trail in trails}) == 1:
        depth += 1
    return depth


def _ordinal(label: str) -> str:
    """The ordinal of a label (``（七）``), or the label if it has none."""
    found = _ORDINAL.match(label)
    if found is None:
        return label
    return found.group()
