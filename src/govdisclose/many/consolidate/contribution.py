"""The report of one unit, reduced to the data for a sum over thousands of reports."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256

from attrs import evolve, field, frozen

from govdisclose.check import check_tables, check_whole
from govdisclose.errors import InputError, NoReportError, NoTextError
from govdisclose.finding import NOWHERE, Finding, Place
from govdisclose.form.adding import balanced, with_derived_totals
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Prose
from govdisclose.many.inbox import InboxEntry, of_report, why_no_report
from govdisclose.read import read, read_figures
from govdisclose.read.from_python import read_built
from govdisclose.read.memory import Memory
from govdisclose.read.source import given_name, input_file
from govdisclose.rules import Family, family_of, rule_of
from govdisclose.source import PathLike, Source


@frozen
class Contribution:
    """What one report adds to a consolidated report.

    ``values`` are its cells in printed order, with totals derived from its addends. ``stated`` are
    the paths of the totals that the report states otherwise. ``faults`` are the findings that keep
    it from being counted. ``explained`` are the broken relations that the unit has given a reason
    for, and ``reasons`` its explanations of findings of family H. ``texts`` are its prose sections,
    if they were asked for. ``unreadable`` says in Chinese why the file could not be read; then
    there are no values. ``is_report`` is false for a document that is no report at all, such as a
    notice that lies among the reports, and for one without text, which may be anything. ``digest``
    is the SHA-256 of the file, if it was asked for. ``code_place`` is the cell of its code.
    """

    file: str
    agency: Agency = Agency()
    year: int | None = None
    edition_name: str = ""
    values: tuple[Value, ...] = field(default=(), repr=False)
    stated: tuple[str, ...] = ()
    faults: tuple[Finding, ...] = ()
    explained: tuple[Finding, ...] = ()
    reasons: tuple[Explanation, ...] = ()
    texts: tuple[Prose, ...] = field(default=(), repr=False, eq=False)
    unreadable: str | None = None
    is_report: bool = True
    digest: str = ""
    code_place: Place = NOWHERE

    @property
    def edition(self) -> Edition:
        """The edition of its tables. Raises ``KeyError`` for an unreadable file."""
        return EDITIONS[self.edition_name]

    @property
    def cells(self) -> dict[str, Value]:
        """The values by their paths."""
        return dict(zip(outline(self.edition).cells, self.values, strict=True))

    @property
    def name(self) -> str:
        """The agency, or the file where the report names none."""
        return self.agency.name or self.file

    @property
    def blanks(self) -> int:
        """How many cells are blank; they count as 0 in a sum."""
        return self.values.count(None)

    @property
    def is_unbalanced(self) -> bool:
        """Whether a stated total is wrong and no reason was given."""
        return bool(self.stated) and not self.explained

    @property
    def errs(self) -> bool:
        """Whether its figures could not all be read, or contradict each other without a reason."""
        return bool(self.faults) or self.is_unbalanced

    def says_the_same(self, other: Contribution) -> bool:
        """Whether both reports hold the same figures, and both for certain or neither."""
        return self._figures == other._figures

    @property
    def _figures(self) -> tuple[object, ...]:
        is_certain = all(map(_leaves_figures, self.faults))
        return (self.year, self.edition_name, self.values, is_certain)


_NO_FIGURES = ("agency", "title", "preface", "overview", "problems", "other_matters")
"""The first words of paths that are no cells of the tables."""


def _leaves_figures(fault: Finding) -> bool:
    """Whether the addends of a report are known for certain in spite of a fault."""
    rule = rule_of(fault)
    if rule.family is Family.RELATIONS:
        return True
    return not is_of_tables(fault)


def is_of_tables(fault: Finding) -> bool:
    """Whether a fault may concern the three tables, and not only the texts or the agency."""
    path = fault.path or ""
    first, _, _ = path.partition(".")
    return first not in _NO_FIGURES


def read_contribution(
    source: Source | InboxEntry,
    memory: Memory | None = None,
    base: PathLike | None = None,
    *,
    with_texts: bool = False,
    with_digest: bool = False,
) -> Contribution:
    """Read a file, or take a reading or a report; file names are shown below ``base``.

    Nothing is raised for a file that cannot be read: its contribution says why. The prose decides
    nothing about the figures, so ``with_texts`` reads it separately. ``with_digest`` also takes the
    SHA-256 of a file.
    """
    digest = ""
    name = shown_name(source, base)
    try:
        if isinstance(source, AnnualReport):
            reading = whole = _reading_of_built(source)
        elif isinstance(source, Reading):
            reading = whole = source
        else:
            file = source.file() if isinstance(source, InboxEntry) else input_file(source)
            if with_digest:
                digest = sha256(file.content()).hexdigest()
            reading = of_report(read_figures(file, memory))
            whole = read(file, memory) if with_texts else reading
    except (NoReportError, NoTextError) as error:
        return Contribution(name, unreadable=why_no_report(error), is_report=False)
    except InputError as error:
        return Contribution(name, unreadable=str(error))
    found = evolve(contribution_of(reading, name), digest=digest)
    return evolve(found, texts=_texts(whole.report)) if with_texts else found


def _texts(report: AnnualReport) -> tuple[Prose, ...]:
    """The prose sections of a report, quoted figures filled in."""
    filled = fill_quotes(report)
    return filled.overview, filled.problems, filled.other_matters


def lost_contribution(
    source: Source | InboxEntry, why: str, base: PathLike | None = None
) -> Contribution:
    """The contribution of a file that ended the process that read it; ``why`` is in Chinese."""
    return Contribution(shown_name(source, base), unreadable=why)


def shown_name(source: Source | InboxEntry, base: PathLike | None = None) -> str:
    """The name of a source in messages: a file's path below ``base``, else the agency's name."""
    if isinstance(source, InboxEntry):
        return source.name
    if isinstance(source, AnnualReport):
        return source.agency.name
    if isinstance(source, Reading):
        return source.source.name if source.source else source.report.agency.name
    if not isinstance(source, str | os.PathLike):
        return given_name(source)
    return os.path.relpath(source, base) if base is not None else os.fspath(source)


def _reading_of_built(report: AnnualReport) -> Reading:
    """A report made in memory. One without any prose is a sum of others, and needs none."""
    reading = read_built(report)
    has_prose = report.overview or report.problems or report.other_matters
    return reading if has_prose else evolve(reading, without_prose=True)


def contribution_of(reading: Reading, name: str) -> Contribution:
    """Reduce a reading to its contribution; ``name`` is its file in messages."""
    report = reading.report
    stated = tuple(report.values().values())
    derived = with_derived_totals(report.edition, stated)
    otherwise = tuple(_stated_otherwise(report.edition, stated, derived))
    findings = _findings(reading, is_balanced=not otherwise and balanced(report.edition, derived))
    return Contribution(
        name,
        report.agency,
        report.year,
        report.edition.name,
        derived,
        stated=otherwise,
        faults=tuple(f for f in findings if f.stops),
        explained=tuple(f for f in findings if _is_explained_relation(f)),
        reasons=tuple(e for e in reading.explanations if family_of(e.code) is Family.CONSOLIDATION),
        code_place=evolve(reading.place("agency.code"), file=name),
    )


def _stated_otherwise(
    edition: Edition, stated: Sequence[Value], derived: Sequence[Value]
) -> Iterator[str]:
    """The paths of the totals that a report states, but not as the sum of its addends.

    Blank addends make 0, as in the checks of a single report.
    """
    for path, said, value in zip(outline(edition).cells, stated, derived, strict=True):
        if said is not None and said != (value or 0):
            yield path


def _findings(reading: Reading, *, is_balanced: bool) -> list[Finding]:
    """The findings that decide whether the figures count.

    Where all relations hold, as they nearly always do, only unreadable or blank cells can be
    errors.
    """
    return check_whole(reading) if is_balanced else check_tables(reading)


def _is_explained_relation(finding: Finding) -> bool:
    return bool(finding.explained) and rule_of(finding).family is Family.RELATIONS
