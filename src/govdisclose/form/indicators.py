"""The figures that an overview of many reports shows: each is declared once, as cells of the form.

A rate is one group of cells divided by another. The same declaration gives the figure in both
editions, and the formula that is printed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from attrs import frozen

from govdisclose.form.edition import EDITION_2021, EDITIONS, Edition
from govdisclose.form.outline import Cell, outline
from govdisclose.form.report import SECTIONS

_ARTICLE_50 = "《政府信息公开条例》第五十条"
_FORM = "国办公开办函〔2021〕30号、〔2019〕60号所附表格"


@frozen
class CellGroup:
    """The cells of one column in a row of the form, or in all rows below a heading.

    ``line`` is the path of the row or of the heading, ``column`` the last part of a cell's path.

    Examples:
        >>> from govdisclose import EDITIONS
        >>> CellGroup("requests.outcomes.unable", "total").paths(EDITIONS["2021"])[0]
        'requests.outcomes.unable.not_held.total'
    """

    line: str
    column: str = "total"

    def paths(self, edition: Edition) -> tuple[str, ...]:
        """The paths of the cells in an edition."""
        return tuple(cell.path for cell in self._cells(edition))

    def _cells(self, edition: Edition) -> Iterable[Cell]:
        start, end = f"{self.line}.", f".{self.column}"
        for path, cell in outline(edition).cells.items():
            if path.startswith(start) and path.endswith(end):
                yield cell

    @property
    def label(self) -> str:
        """The printed labels, for a formula: ``“（四）无法提供”各项``."""
        cells = list(self._cells(EDITION_2021))
        first = cells[0]
        column = first.column[-1]
        if not first.row:
            labels = "／".join(first.column)
            return f"“{labels}”"
        trails = [cell.row for cell in cells]
        shared = [level[0] for level in zip(*trails, strict=False) if len(set(level)) == 1]
        rows = "" if len(cells) == 1 else "各项"
        outer = "" if column == "总计" else f"的“{column}”"
        return f"“{_without_remark(shared[-1])}”{rows}{outer}"

    @property
    def table(self) -> str:
        """The key of the statutory table."""
        return self.line.partition(".")[0]


@frozen
class Indicator:
    """One figure of an overview: a count (件), or with ``whole`` a rate.

    ``part`` and ``whole`` are groups of cells that are added up. ``meaning`` says in Chinese how to
    read it, ``source`` where its parts are defined.
    """

    key: str
    name: str
    part: tuple[CellGroup, ...]
    whole: tuple[CellGroup, ...] = ()
    meaning: str = ""
    source: str = _FORM

    @property
    def is_rate(self) -> bool:
        """Whether the figure is a rate and not a count."""
        return bool(self.whole)

    @property
    def formula(self) -> str:
        """How the figure is worked out, over the labels of the form."""
        part = _sum_label(self.part)
        if not self.is_rate:
            return part
        whole = _sum_label(self.whole)
        return f"{_bracketed(self.part, part)} ÷ {_bracketed(self.whole, whole)}"

    def cells(self, edition: Edition) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The paths of the cells above and below the line of the fraction, in an edition."""
        return _paths(self.part, edition), _paths(self.whole, edition)


def _paths(groups: Iterable[CellGroup], edition: Edition) -> tuple[str, ...]:
    found: list[str] = []
    for group in groups:
        found.extend(group.paths(edition))
    return tuple(found)


def _sum_label(groups: Iterable[CellGroup]) -> str:
    return " ＋ ".join(group.label for group in groups)


def _bracketed(groups: tuple[CellGroup, ...], label: str) -> str:
    return f"（{label}）" if len(groups) > 1 else label


def _without_remark(label: str) -> str:
    """A label without the remark in brackets at its end: ``（二）部分公开（区分处理的…）``."""
    head, bracket, _ = label[1:].partition("（")
    return label[0] + head if bracket else label


# --- the declaration ----------------------------------------------------------------------------

_RECEIVED = CellGroup("requests.received")
_CARRIED_IN = CellGroup("requests.carried_in")
_CARRIED_OUT = CellGroup("requests.carried_out")
_GRANTED = CellGroup("requests.outcomes.granted")
_PARTLY = CellGroup("requests.outcomes.partly_granted")
_CONCLUDED = (CellGroup("requests.outcomes.total"),)
_REVIEW, _DIRECT, _AFTER = (
    "disputes.review",
    "disputes.litigation.direct",
    "disputes.litigation.after_review",
)
_DECIDED = ("upheld", "corrected", "other")


def _decided(*lines: str) -> tuple[CellGroup, ...]:
    """The cases with a result: all but those that are still pending."""
    return tuple(CellGroup(line, column) for line in lines for column in _DECIDED)


_OF_RESULTS = "分母是已审结的：结果维持、结果纠正、其他结果；尚未审结的不算。"

INDICATORS = (
    Indicator(key="received", name="新收申请", part=(_RECEIVED,), source=_ARTICLE_50 + "（二）"),
    Indicator(key="carried_in", name="上年结转", part=(_CARRIED_IN,)),
    Indicator(
        key="concluded", name="办理总数", part=_CONCLUDED, meaning="本年办结的申请，每件只计一次。"
    ),
    Indicator(key="carried_out", name="结转下年度", part=(_CARRIED_OUT,)),
    Indicator(
        key="disclosure_rate",
        name="公开率",
        part=(_GRANTED, _PARTLY),
        whole=_CONCLUDED,
        meaning="予以公开和部分公开占办理总数的比例。",
    ),
    Indicator(
        key="refusal_rate",
        name="不予公开率",
        part=(CellGroup("requests.outcomes.refused"),),
        whole=_CONCLUDED,
        meaning="八种不予公开的理由合在一起。",
    ),
    Indicator(
        key="unable_rate",
        name="无法提供率",
        part=(CellGroup("requests.outcomes.unable"),),
        whole=_CONCLUDED,
        meaning="不掌握、需另行制作、补正后仍不明确。",
    ),
    Indicator(
        key="unprocessed_rate",
        name="不予处理率",
        part=(CellGroup("requests.outcomes.not_processed"),),
        whole=_CONCLUDED,
        meaning="信访投诉、重复申请等五种。",
    ),
    Indicator(
        key="other_rate",
        name="其他处理率",
        part=(CellGroup("requests.outcomes.other"),),
        whole=_CONCLUDED,
        meaning="2019 版是一行，2021 版是三行之和。",
    ),
    Indicator(
        key="carry_over_rate",
        name="结转率",
        part=(_CARRIED_OUT,),
        whole=(_RECEIVED, _CARRIED_IN),
        meaning="本年要办的申请（新收加上年结转）中，年底没有办结的比例。",
    ),
    Indicator(
        key="natural_person_rate",
        name="自然人申请占比",
        part=(CellGroup("requests.received", "natural_person"),),
        whole=(_RECEIVED,),
        meaning="新收申请中由自然人提出的比例。",
    ),
    Indicator(
        key="reviews", name="行政复议", part=(CellGroup(_REVIEW),), source=_ARTICLE_50 + "（三）"
    ),
    Indicator(
        key="review_correction_rate",
        name="行政复议纠错率",
        part=(CellGroup(_REVIEW, "corrected"),),
        whole=_decided(_REVIEW),
        meaning=_OF_RESULTS,
        source=_ARTICLE_50 + "（三）",
    ),
    Indicator(
        key="lawsuits",
        name="行政诉讼",
        part=(CellGroup(_DIRECT), CellGroup(_AFTER)),
        meaning="未经复议直接起诉的，加上复议后起诉的。",
        source=_ARTICLE_50 + "（三）",
    ),
    Indicator(
        key="lawsuit_correction_rate",
        name="行政诉讼纠错率",
        part=(CellGroup(_DIRECT, "corrected"), CellGroup(_AFTER, "corrected")),
        whole=_decided(_DIRECT, _AFTER),
        meaning=_OF_RESULTS,
        source=_ARTICLE_50 + "（三）",
    ),
)
"""Every figure of an overview, in the order in which it is shown."""

BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
RATES = tuple(indicator for indicator in INDICATORS if indicator.is_rate)
COUNTS = tuple(indicator for indicator in INDICATORS if not indicator.is_rate)


@frozen
class CellPositions:
    """Where the cells of an indicator stand in a report's values, above and below the line."""

    part: tuple[int, ...]
    whole: tuple[int, ...]


@cache
def positions(edition_name: str) -> tuple[CellPositions, ...]:
    """The positions for each of ``INDICATORS``, in printed order of the edition's cells."""
    edition = EDITIONS[edition_name]
    at = {path: position for position, path in enumerate(outline(edition).cells)}
    found = []
    for indicator in INDICATORS:
        part, whole = indicator.cells(edition)
        above = tuple(at[path] for path in part)
        below = tuple(at[path] for path in whole)
        found.append(CellPositions(above, below))
    return tuple(found)


def table_heading(indicator: Indicator) -> str:
    """The heading of the statutory table that an indicator is taken from."""
    headings = {section.key: section.heading for section in SECTIONS}
    return headings[indicator.part[0].table]
