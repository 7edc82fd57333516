"""A government's own report against the sum of its units' reports: H101, and H102 where the sum is not whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from govdisclose.finding import Finding, Place
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, outline
from govdisclose.form.report import SECTIONS
from govdisclose.many.consolidate.total import Consolidated
from govdisclose.rules.aggregation import H101, H102

FOLD = 12
"""More differing cells than this in one table are told in one finding."""

_SHOWN = 3
"""As many of them are named in it."""


def check_against(
    whole: Consolidated, own: Mapping[str, Value], place: Callable[[str], Place]
) -> Iterator[Finding]:
    """``own`` cells by path, standing at ``place``, held against the sums of ``whole``.

    Where units are missing, nothing follows from a difference: one finding counts the cells that
    differ and names those that a missing unit cannot explain, because the sum is already larger.
    A blank counts as 0 when the other side is filled.
    """
    sums = whole.report.values()
    differing = [path for path in sums if (own[path] or 0) != (sums[path] or 0)]
    totals = outline(whole.report.edition).totals
    # A total that differs only because one of its addends does is not told a second time.
    causes = [
        p for p in differing if not any(a in differing for r in totals.get(p, ()) for a in r.left)
    ]
    if not causes:
        return
    cells = outline(whole.report.edition).cells
    if not whole.complete:
        yield _unfinished(
            whole,
            own,
            len(causes),
            [p for p in causes if _too_small(cells[p], own[p], sums[p])],
            place,
        )
        return
    for section in SECTIONS:
        paths = [path for path in causes if cells[path].table == section.key]
        if len(paths) > FOLD:
            text = f"“{section.heading}”有 {len(paths)} 格与所属单位之和不等：{_examples(paths, own, whole)}"
            yield H101.finding(text, place(paths[0]), path=paths[0], others=paths[1:])
            continue
        for path in paths:
            text = f"{cells[path].label}：{_sides(own[path], sums[path])}"
            yield H101.finding(
                text, place(path), path=path, expected=sums[path] or 0, found=own[path]
            )


def _too_small(cell: Cell, own: Value, total: Value) -> bool:
    """Whether no missing unit could make up for the difference; changes may be negative."""
    return cell.kind.value != "change" and (own or 0) < (total or 0)


def _sides(own: Value, total: Value) -> str:
    found = "空白" if own is None else own
    return f"所属单位之和为 {total or 0}，本级报告为 {found}，差 {(own or 0) - (total or 0):+}"


def _examples(paths: list[str], own: Mapping[str, Value], whole: Consolidated) -> str:
    cells, sums = outline(whole.report.edition).cells, whole.report.values()
    told = "；".join(f"{cells[p].label}：{_sides(own[p], sums[p])}" for p in paths[:_SHOWN])
    return told + (" 等" if len(paths) > _SHOWN else "")


def _unfinished(
    whole: Consolidated,
    own: Mapping[str, Value],
    count: int,
    small: list[str],
    place: Callable[[str], Place],
) -> Finding:
    text = f"{whole.face}，没有汇总齐；本级报告有 {count} 格与已汇总之和不同，汇总齐以前不逐格列出"
    if small:
        text += (
            f"。其中 {len(small)} 格小于已汇总之和，不是缺报造成的：{_examples(small, own, whole)}"
        )
    here = place(small[0]) if small else Place(place("").file)
    return H102.finding(text, here, others=small)
