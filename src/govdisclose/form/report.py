"""The annual report as typed, frozen objects, which all stages pass to each other.

Source of the six sections: Regulations on Open Government Information (国务院令第711号), article
50, and the form attached to 国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast, get_args, overload

import attrs
from attrs import field, frozen

from govdisclose.errors import EntryError
from govdisclose.form import edition_2021, entry
from govdisclose.form.common import Disputes
from govdisclose.form.edition import EDITIONS, Edition, EditionName, edition_for, edition_named
from govdisclose.form.fields import KEY, Value
from govdisclose.form.outline import build_tables, read_values

if TYPE_CHECKING:
    from govdisclose.form import edition_2019
    from govdisclose.form.frame import Frame

T = TypeVar("T")

Level: TypeAlias = Literal["agency", "government"]
"""Who reports: one agency (部门、机关), or a government that consolidates (本级政府汇总)."""

LEVELS: tuple[Level, ...] = get_args(Level)


def _entry(convert: Callable[[object, str], Any], default: Any = None) -> Any:
    """An attribute that converts a value to the type that a report holds, or refuses it."""
    return field(default=default, converter=entry.entered(convert))


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

    Raises ``EntryError`` for a name or code that is no text, and for another level.
    """

    name: str = _entry(entry.text, "")
    code: str | None = _entry(entry.optional_text)
    level: Level = _entry(entry.one_of(LEVELS), "agency")


def _paragraph_text(text: str) -> str:
    return entry.text(text, "text")


@frozen
class Paragraph:
    """One paragraph of prose, kept character for character.

    ``level`` 0 is body text, 2 opens with “（一）”, 3 with “1.”, 4 with “（1）”. Raises ``EntryError``
    for a text that is none, and for another level than 0 to 9.
    """

    text: str = field(converter=_paragraph_text)
    level: int = _entry(entry.prose_level, 0)


Prose: TypeAlias = tuple[Paragraph, ...]


def _blocks(paragraphs: object, name: str) -> Prose:
    if isinstance(paragraphs, str) or not isinstance(paragraphs, Iterable):
        kind = type(paragraphs).__name__
        raise EntryError(name, f"应为一组 Paragraph，得到 {kind}")
    found = tuple(paragraphs)
    for number, paragraph in enumerate(found):
        if not isinstance(paragraph, Paragraph):
            kind = type(paragraph).__name__
            raise EntryError(f"{name}.{number}", f"应为 Paragraph，得到 {kind}")
    return found


@frozen
class _DeclaredSection:
    """A section as an attribute of a report declares it."""

    heading: str
    sheet: str
    is_table: bool
    note: str | None = None


def _prose(heading: str, sheet: str) -> Prose:
    section = _DeclaredSection(heading=heading, sheet=sheet, is_table=False)
    convert = entry.entered(_blocks)
    found: Prose = field(default=(), converter=convert, metadata={KEY: section})
    return found


def _one_table(value: object, name: str) -> object:
    """A table of either edition, under the name it has in a report."""
    module = type(value).__module__
    for edition in EDITIONS.values():
        # Only this edition is asked: the tables of one that nobody uses are not imported.
        if edition.module == module and edition.tables[name] is type(value):
            return value
    if name == "disputes" and type(value) is Disputes:  # the same in all editions
        return value
    wanted = name.capitalize()
    kind = type(value).__name__
    raise EntryError(name, f"应为一张表（{wanted}），得到 {kind}")


def _table(default: type, heading: str, sheet: str, note: str | None = None) -> Any:
    section = _DeclaredSection(heading=heading, sheet=sheet, is_table=True, note=note)
    convert = entry.entered(_one_table)
    return field(factory=default, converter=convert, metadata={KEY: section})


@frozen(kw_only=True, repr=False)
class AnnualReport:
    """A 政府信息公开工作年度报告 of either edition.

    The tables hold what the agency stated; ``None`` is a blank cell. The two editions differ in
    ``proactive`` and in ``requests.outcomes.other``: narrow with ``isinstance`` before reading
    those. ``year`` is ``None`` and ``agency.name`` empty only when the source left them blank.
    ``signature`` (落款) and ``signed`` (成文日期) are printed below the last section; without them
    nothing is.

    Numbers and dates of other types are made plain ones, values that mean “blank” (NaN,
    ``pandas.NA``) become ``None``. Raises ``EntryError``, which is both a ``TypeError`` and a
    ``ValueError``, for every other type, for a year outside 2008 to 2100, and when tables of two
    editions are mixed. Whether a number is a possible one is judged by ``check_report``.
    """

    agency: Agency = _entry(entry.group_of(Agency), Agency())
    year: int | None = _entry(entry.year)
    published: date | None = _entry(entry.day)
    title: str = _entry(entry.text, "")
    signature: str = _entry(entry.text, "")
    signed: date | None = _entry(entry.day)
    preface: Prose = _entry(_blocks, ())
    overview: Prose = _prose("一、总体情况", "一、总体情况")
    proactive: edition_2021.Proactive | edition_2019.Proactive = _table(
        edition_2021.Proactive, heading="二、主动公开政府信息情况", sheet="二、主动公开"
    )
    requests: edition_2021.Requests | edition_2019.Requests = _table(
        edition_2021.Requests,
        heading="三、收到和处理政府信息公开申请情况",
        sheet="三、依申请公开",
        note="（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    )
    disputes: Disputes = _table(
        Disputes, heading="四、政府信息公开行政复议、行政诉讼情况", sheet="四、复议诉讼"
    )
    problems: Prose = _prose("五、存在的主要问题及改进情况", "五、问题及改进")
    other_matters: Prose = _prose("六、其他需要报告的事项", "六、其他事项")
    _values: dict[str, Value] | None = field(init=False, default=None, eq=False)
    """Gathered when first asked for: every check and every output walks them."""

    def __attrs_post_init__(self) -> None:
        if type(self.requests) is not self.edition.tables["requests"]:
            raise EntryError(
                "requests", "与 proactive 不是同一版格式的表（two different editions）"
            )

    def __repr__(self) -> str:
        values = list(self.values().values())
        count = len(values)
        filled = count - values.count(None)
        name = self.agency.name or "?"
        year = self.year or "?"
        edition = self.edition.name
        cells = f"{filled} of {count} cells filled"
        return f"<AnnualReport {name} {year}, edition {edition}, {cells}>"

    @property
    def edition(self) -> Edition:
        """The edition whose tables this report holds."""
        module = type(self.proactive).__module__
        for edition in EDITIONS.values():
            if edition.module == module:
                return edition
        raise AssertionError(module)  # the converter lets tables of an edition through only

    def values(self) -> dict[str, Value]:
        """Every statutory cell by its path, in printed order."""
        if self._values is None:
            object.__setattr__(self, "_values", read_values(self, self.edition))
        return dict(self._values or ())

    def evolve(self, **changes: Any) -> AnnualReport:
        """A copy with some attributes replaced; the original stays as it is."""
        return attrs.evolve(self, **changes)

    def with_values(self, changes: Mapping[str, Value]) -> AnnualReport:
        """A copy with some cells replaced, named by path.

        Raises ``UnknownCellError`` for an unknown path (the message names the nearest one) and
        ``EntryError`` for a value that no cell can hold.
        """
        tables = build_tables(self.edition, {**self.values(), **changes})
        return attrs.evolve(self, **tables)

    @classmethod
    def from_values(
        cls,
        values: Mapping[str, object],
        *,
        agency: Agency | str,
        year: int,
        edition: Edition | EditionName | None = None,
        **basics: Any,
    ) -> AnnualReport:
        """A report made of its statutory cells: path → number (件, or 万元 for the fees).

        Cells that are not named stay blank, which is not 0. ``edition`` is the one prescribed for
        ``year`` unless it is given; ``basics`` are other attributes, such as ``overview``.

        Raises ``UnknownCellError`` for a path that the edition does not have (the message names the
        nearest one) and ``EntryError`` for anything that a report cannot hold. Both are
        ``UsageError``. Whether the figures are right is for ``check_report`` to say.

        Examples:
            >>> from govdisclose import AnnualReport
            >>> report = AnnualReport.from_values(
            ...     {"requests.received.natural_person": 12, "requests.received.total": 12},
            ...     agency="某某市示范局",
            ...     year=2025,
            ... )
            >>> report.requests.received.total
            12
        """
        who = Agency(agency) if isinstance(agency, str) else agency
        number = entry.year(year, "year")
        if number is None:
            raise EntryError("year", "应为四位年份")
        chosen = edition_for(number) if edition is None else edition_named(edition)
        numbers = cast("Mapping[str, Value]", values)  # the constructors judge them
        return make_report(chosen, numbers, agency=who, year=number, **basics)

    @classmethod
    def from_frame(
        cls,
        frame: Frame,
        *,
        agency: Agency | str,
        year: int,
        edition: Edition | EditionName | None = None,
        **basics: Any,
    ) -> AnnualReport:
        """A report made of a dataframe with the columns ``path`` and ``value``.

        ``frame`` comes from pandas, polars or pyarrow, or is a dict of two columns, or rows: dicts
        or pairs. Other columns are left alone. A NaN or null is a blank cell. The other arguments
        and the exceptions are those of ``from_values``; a repeated path is refused.

        Examples:
            >>> from govdisclose import AnnualReport
            >>> rows = [("disputes.review.upheld", 2), ("disputes.review.total", 2)]
            >>> report = AnnualReport.from_frame(rows, agency="某某市示范局", year=2025)
            >>> report.disputes.review.total
            2
        """
        from govdisclose.form.frame import frame_values

        values = frame_values(frame)
        return cls.from_values(values, agency=agency, year=year, edition=edition, **basics)

    @overload
    def to_frame(self) -> dict[str, list[Any]]: ...

    @overload
    def to_frame(self, make: Callable[[dict[str, list[Any]]], T]) -> T: ...

    def to_frame(self, make: Callable[[dict[str, list[Any]]], Any] = dict) -> Any:
        """The statutory cells as a dataframe with the columns ``path`` and ``value``.

        ``make`` is a function that makes a frame of a dict of columns: ``pandas.DataFrame``,
        ``polars.DataFrame`` or ``pyarrow.table``. Without it the dict itself is returned. All
        numbers are ``Decimal``, so that no digit is lost; a blank cell is ``None``.

        Examples:
            >>> from govdisclose import blank_report
            >>> columns = blank_report("2021").to_frame()
            >>> columns["path"][0], columns["value"][0]
            ('proactive.regulations.issued', None)
        """
        from govdisclose.form.frame import frame_columns

        columns = frame_columns(self.values())
        return make(columns)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AnnualReport:
        """A report made of its JSON form, as ``to_dict`` or ``json.load`` gives it.

        Raises ``EntryError`` (a ``UsageError``) with the path of the first fault: another schema, a
        missing or unknown key, a value that a report cannot hold, or cells that a draft left
        unread. To get the faults of a file as findings, use ``read_report``.

        Examples:
            >>> from govdisclose import AnnualReport, blank_report
            >>> report = blank_report("2021", year=2025)
            >>> AnnualReport.from_dict(report.to_dict()) == report
            True
        """
        from govdisclose.form.json_form import refuse_unread, take_apart

        form = take_apart(data, PROSE, LEVELS)
        refuse_unread(form.unread)
        prose: dict[str, Prose] = {}
        for key, blocks in form.prose.items():
            paragraphs = [Paragraph(block.text, block.level) for block in blocks]
            prose[key] = tuple(paragraphs)
        values = cast("Mapping[str, Value]", form.values)  # the constructors judge them
        level = cast(Level, form.agency_level)
        agency = Agency(form.agency_name, form.agency_code, level)
        return make_report(
            form.edition,
            values,
            agency=agency,
            year=form.year,
            published=form.published,
            title=form.title,
            signature=form.signature,
            signed=form.signed,
            **prose,
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form of the report (``govdisclose/report/1``) as Python objects.

        Amounts are ``Decimal``, blank cells ``None``; keys are in the order of the export.

        Examples:
            >>> from govdisclose import blank_report
            >>> blank_report("2021", year=2025).to_dict()["requests"]["received"]["total"] is None
            True
        """
        from govdisclose.form.json_form import SCHEMA, nested

        published = None
        if self.published:
            published = self.published.isoformat()
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "edition": self.edition.name,
            "agency": attrs.asdict(self.agency),
            "year": self.year,
            "published": published,
            "title": self.title,
        }
        if self.signature:
            data["signature"] = self.signature
        if self.signed:
            data["signed"] = self.signed.isoformat()
        data["preface"] = _json_blocks(self.preface)
        tables = nested(self.values())
        for section in SECTIONS:
            if section.is_table:
                data[section.key] = tables[section.key]
            else:
                prose: Prose = getattr(self, section.key)
                data[section.key] = _json_blocks(prose)
        return data


def _json_blocks(prose: Prose) -> list[dict[str, Any]]:
    return [{"level": paragraph.level, "text": paragraph.text} for paragraph in prose]


def make_report(edition: Edition, values: Mapping[str, Value], **basics: Any) -> AnnualReport:
    """A report of ``edition`` holding ``values`` by path; ``basics`` are its other attributes.

    Raises ``UnknownCellError`` for an unknown path, ``EntryError`` for a value that no report can
    hold.
    """
    return AnnualReport(**build_tables(edition, values), **basics)


def blank_report(edition: Edition | EditionName, **basics: Any) -> AnnualReport:
    """A report with every statutory cell blank.

    ``edition`` is an edition or its name (``"2021"``), ``basics`` are attributes to set.
    Raises ``EntryError`` for an unknown edition and for a value that no report can hold.

    Examples:
        >>> from govdisclose import Agency, blank_report
        >>> blank_report("2021", agency=Agency("某某市示范局"), year=2025)
        <AnnualReport 某某市示范局 2025, edition 2021, 0 of 200 cells filled>
    """
    return make_report(edition_named(edition), {}, **basics)


def signature_of(report: AnnualReport) -> str:
    """The name printed above the date at the end of a report: nothing unless it is signed."""
    if report.signed is None:
        return report.signature
    return report.signature or report.agency.name


def standard_title(name: str, year: int | None) -> str:
    """The prescribed title: agency, year, 年政府信息公开工作年度报告."""
    return f"{name}{year or ''}年政府信息公开工作年度报告"


def _sections() -> Iterator[Section]:
    """The sections that the attributes of a report declare."""
    for attribute in attrs.fields(AnnualReport):
        declared: _DeclaredSection | None = attribute.metadata.get(KEY)
        if declared is None:
            continue
        yield Section(
            key=attribute.name,
            heading=declared.heading,
            sheet=declared.sheet,
            is_table=declared.is_table,
            note=declared.note,
        )


SECTIONS: tuple[Section, ...] = tuple(_sections())
"""The six sections in statutory order."""

PROSE = ("preface", *(section.key for section in SECTIONS if not section.is_table))
"""The attributes of a report that hold paragraphs, in printed order."""
