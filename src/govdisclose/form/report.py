"""The annual report as typed, frozen objects: what travels between all stages.

Source of the six sections: Regulations on Open Government Information (国务院令第711号), article
50, and the form attached to 国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import attrs
from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

from govdisclose.form import edition_2021
from govdisclose.form.common import Disputes
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import KEY, Value
from govdisclose.form.outline import build_tables, read_values

if TYPE_CHECKING:
    from govdisclose.form import edition_2019

Level: TypeAlias = Literal["agency", "government"]
"""Who reports: one agency (部门、机关), or a government that consolidates (本级政府汇总)."""

LEVELS: tuple[Level, ...] = get_args(Level)


SCHEMA = "govdisclose/report/1"
"""The name of the JSON form of a report, first key of every export."""


@frozen
class Section:
    """One of the six statutory sections: its key, printed heading and sheet in the workbook."""

    key: str
    heading: str
    sheet: str
    is_table: bool
    note: str | None = None


@frozen
class Agency:
    """Who reports. ``name`` is empty when the source left it blank; ``code`` is 统一社会信用代码.

    Raises ``TypeError`` for a name or code that is no text, ``ValueError`` for another level.
    """

    name: str = field(default="", validator=instance_of(str))
    code: str | None = field(default=None, validator=optional(instance_of(str)))
    level: Level = field(default="agency", validator=in_(LEVELS))


@frozen
class Paragraph:
    """One paragraph of prose, kept character for character.

    ``level`` 0 is body text, 2 opens with “（一）”, 3 with “1.”, 4 with “（1）”. Raises ``TypeError`` for a
    text that is none, ``ValueError`` for another level than 0 to 9.
    """

    text: str = field(validator=instance_of(str))
    level: int = field(default=0, validator=in_(range(10)))


Prose: TypeAlias = tuple[Paragraph, ...]


def _blocks(paragraphs: Iterable[Paragraph]) -> Prose:
    found = tuple(paragraphs)
    if not all(isinstance(paragraph, Paragraph) for paragraph in found):
        raise TypeError("a section is made of Paragraph objects")
    return found


def _prose(heading: str, sheet: str) -> Prose:
    mark = ("prose", heading, sheet, None)
    found: Prose = field(default=(), converter=_blocks, metadata={KEY: mark})
    return found


def _table(heading: str, sheet: str, note: str | None = None) -> dict[str, object]:
    return {KEY: ("table", heading, sheet, note)}


@frozen(kw_only=True, repr=False)
class AnnualReport:
    """A 政府信息公开工作年度报告 of either edition.

    The tables hold what the agency stated; ``None`` is a blank cell. The two editions differ in
    ``proactive`` and in ``requests.outcomes.other``: narrow with ``isinstance`` before reading those.
    ``year`` is ``None`` and ``agency.name`` empty only when the source left them blank.

    Raises ``TypeError`` when tables of two editions are mixed, and for a year, date, title or paragraph of
    another type; the values of cells are judged by ``check_report``.
    """

    agency: Agency = Agency()
    year: int | None = field(default=None, validator=optional(instance_of(int)))
    published: date | None = field(default=None, validator=optional(instance_of(date)))
    title: str = field(default="", validator=instance_of(str))
    preface: Prose = field(default=(), converter=_blocks)
    overview: Prose = _prose("一、总体情况", "一、总体情况")
    proactive: edition_2021.Proactive | edition_2019.Proactive = field(
        factory=edition_2021.Proactive, metadata=_table("二、主动公开政府信息情况", "二、主动公开")
    )
    requests: edition_2021.Requests | edition_2019.Requests = field(
        factory=edition_2021.Requests,
        metadata=_table(
            "三、收到和处理政府信息公开申请情况",
            "三、依申请公开",
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        ),
    )
    disputes: Disputes = field(
        factory=Disputes, metadata=_table("四、政府信息公开行政复议、行政诉讼情况", "四、复议诉讼")
    )
    problems: Prose = _prose("五、存在的主要问题及改进情况", "五、问题及改进")
    other_matters: Prose = _prose("六、其他需要报告的事项", "六、其他事项")
    _values: dict[str, Value] | None = field(init=False, default=None, eq=False)
    """Gathered when first asked for: every check and every output walks them."""

    def __attrs_post_init__(self) -> None:
        if type(self.requests) is not self.edition.tables["requests"]:
            raise TypeError("proactive and requests are tables of two different editions")

    def __repr__(self) -> str:
        filled = sum(v is not None for v in self.values().values())
        return (
            f"<AnnualReport {self.agency.name or '?'} {self.year or '?'}, edition {self.edition.name}, "
            f"{filled} of {len(self.values())} cells filled>"
        )

    @property
    def edition(self) -> Edition:
        """The edition whose tables this report holds."""
        return next(e for e in EDITIONS.values() if e.module == type(self.proactive).__module__)

    def values(self) -> dict[str, Value]:
        """Every statutory cell by its path, in printed order."""
        if self._values is None:
            object.__setattr__(self, "_values", read_values(self, self.edition))
        return dict(self._values or ())

    def evolve(self, **changes: Any) -> AnnualReport:
        """A copy with some attributes replaced; the original stays as it is."""
        return attrs.evolve(self, **changes)

    def with_values(self, changes: Mapping[str, Value]) -> AnnualReport:
        """A copy with some cells replaced, named by path. Raises ``KeyError`` for an unknown path."""
        tables = build_tables(self.edition, {**self.values(), **changes})
        return attrs.evolve(self, **tables)


def make_report(edition: Edition, values: Mapping[str, Value], **basics: Any) -> AnnualReport:
    """A report of ``edition`` holding ``values`` by path; ``basics`` are its other attributes.

    Raises ``KeyError`` for an unknown path.
    """
    return AnnualReport(**build_tables(edition, values), **basics)


def blank_report(edition: Edition, **basics: Any) -> AnnualReport:
    """A report of ``edition`` with every statutory cell blank; ``basics`` are attributes to set."""
    return make_report(edition, {}, **basics)


def standard_title(name: str, year: int | None) -> str:
    """The prescribed title: agency, year, 年政府信息公开工作年度报告."""
    return f"{name}{year or ''}年政府信息公开工作年度报告"


SECTIONS: tuple[Section, ...] = tuple(
    Section(f.name, heading, sheet, kind == "table", note)
    for f in attrs.fields(AnnualReport)
    if KEY in f.metadata
    for kind, heading, sheet, note in [f.metadata[KEY]]
)
"""The six sections in statutory order."""
