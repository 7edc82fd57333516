"""A comparison for the terminal: what has changed, how much of the prose has not, what does not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govdisclose.finding import count_findings
from govdisclose.form.comparison import Comparison, Figure, ProseChange, Step
from govdisclose.write.aligned import aligned
from govdisclose.write.comparison.display import (
    APART_WORDS,
    LEGEND,
    Group,
    amount_text,
    entry_text,
    percent_text,
    similarity_text,
    step_headers,
    tables,
)

_LONG_LABEL, _LONG_PASSAGE, _MOST_PASSAGES = 24, 60, 3


def as_text(comparison: Comparison) -> str:
    """The comparison as lines for people; figures that have not changed are counted, not listed."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield comparison.title
    yield from (f"注意：{notice}。" for notice in comparison.notices)
    for group in tables(comparison.figures):
        yield from _table(group, comparison)
    yield from ("", LEGEND)
    if comparison.apart:
        yield from ("", f"【格式不同的格】{APART_WORDS}，共 {len(comparison.apart)} 格：")
        yield from _figures(comparison.apart, comparison)
    for step in comparison.steps:
        yield from _step(step)


def _table(group: Group, comparison: Comparison) -> Iterator[str]:
    same = len(group.figures) - len(group.changed)
    yield ""
    yield f"【{group.heading}】{len(group.changed)} 格有变化，{same} 格没有变化"
    if group.changed:
        yield from _figures(group.changed, comparison)


def _figures(figures: Sequence[Figure], comparison: Comparison) -> Iterator[str]:
    changes = [word for pair in step_headers(comparison) for word in pair]
    header = ["项目", "栏目", *(f"{year}年" for year in comparison.years), *changes]
    rows = [header, *(_row(figure) for figure in figures)]
    sides = "ll" + "r" * (len(header) - 2)
    yield from (f"  {line}" for line in aligned(rows, sides))


def _row(figure: Figure) -> list[str]:
    entries = [entry_text(entry, figure.cell.kind) for entry in figure.entries]
    changes = [
        text for change in figure.changes for text in (amount_text(change), percent_text(change))
    ]
    return [_short(figure.item), _short(figure.cell.column[-1]), *entries, *changes]


def _short(label: str, most: int = _LONG_LABEL) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _step(step: Step) -> Iterator[str]:
    yield from ("", f"【文字】{step.new} 年度比 {step.old} 年度")
    for prose in step.prose:
        if prose.letters or prose.old_letters:
            yield from _prose(prose, step)
    if step.new == step.old + 1:
        yield from ("", f"【跨年衔接】{step.new} 年度与 {step.old} 年度：{_count(step)}")
        yield from (f"  {f.severity.label} {f.code} {f.message}" for f in step.findings)


def _count(step: Step) -> str:
    return count_findings(step.findings) or "没有发现问题"


def _prose(prose: ProseChange, step: Step) -> Iterator[str]:
    yield f"  {prose.heading}：{similarity_text(prose)}"
    for passage in prose.passages[:_MOST_PASSAGES]:
        yield f"    相同的一段（{passage.length} 字）"
        yield f"      {step.old}：{_flat(passage.old)}"
        yield f"      {step.new}：{_flat(passage.new)}"
    if len(prose.passages) > _MOST_PASSAGES:
        yield f"    另有 {len(prose.passages) - _MOST_PASSAGES} 段相同，输出到 .html 或 .xlsx 可看全部"


def _flat(text: str) -> str:
    return _short(" ".join(text.split()), _LONG_PASSAGE)
