"""One unit's report, reduced to what a sum over thousands needs of it."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import evolve, field, frozen

from govdisclose.check import check_tables, check_whole
from govdisclose.compile import PathLike, Source
from govdisclose.errors import InputError
from govdisclose.finding import Finding
from govdisclose.form.adding import balanced, with_derived_totals
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.read import read_figures
from govdisclose.read.from_python import read_built
from govdisclose.read.memory import Memory
from govdisclose.rules import Family, family_of, rule_of


@frozen
class Part:
    """What one report brings to a consolidated one.

    ``values`` are its cells in printed order, the totals derived from its addends; ``stated`` are the
    paths of totals that it states otherwise. ``faults`` are the findings for which it cannot be
    counted, ``explained`` those that it has given a reason for; ``reasons`` are those recorded for what a
    consolidation finds (family H); ``unreadable`` says in Chinese why the file could not be read at all
    (then there are no values).
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
    unreadable: str | None = None

    @property
    def edition(self) -> Edition:
        """The edition of its tables. Raises ``KeyError`` for an unreadable one."""
        return EDITIONS[self.edition_name]

    @property
    def name(self) -> str:
        """The agency, or the file where it names none."""
        return self.agency.name or self.file

    @property
    def blanks(self) -> int:
        """How many of its cells count as 0 although nothing is written there."""
        return sum(value is None for value in self.values)

    @property
    def errs(self) -> bool:
        """Whether its figures contradict each other, without a reason given, or could not all be read."""
        return bool(self.faults or (self.stated and not self.explained))

    def says_the_same(self, other: Part) -> bool:
        """Whether two reports hold the same figures, and both can be counted or neither."""
        mine, theirs = (
            (p.year, p.edition_name, p.values, p.stated, not p.faults) for p in (self, other)
        )
        return mine == theirs


def read_part(source: Source, memory: Memory | None = None, base: PathLike | None = None) -> Part:
    """A file, a reading or a report as a part; ``base`` is the folder that its name is shown under.

    A file that cannot be read gives a part that says so; nothing is raised for it.
    """
    name = shown_name(source, base)
    if isinstance(source, AnnualReport):
        return part_of(_built(source), name)
    if isinstance(source, Reading):
        return part_of(source, name)
    try:
        return part_of(read_figures(Path(source), memory), name)
    except InputError as error:
        return Part(name, unreadable=str(error))


def lost_part(source: Source, why: str, base: PathLike | None = None) -> Part:
    """What stands for a file that ended the process that read it."""
    return Part(shown_name(source, base), unreadable=why)


def shown_name(source: Source, base: PathLike | None = None) -> str:
    """What a source is called in messages: a file by its path below ``base``, anything else by its agency."""
    if isinstance(source, AnnualReport):
        return source.agency.name
    if isinstance(source, Reading):
        return source.source.name if source.source else source.report.agency.name
    return os.path.relpath(source, base) if base is not None else os.fspath(source)


def _built(report: AnnualReport) -> Reading:
    """A report made in memory: one without any prose is a sum of others, of which none is to be expected."""
    reading = read_built(report)
    wordless = not (report.overview or report.problems or report.other_matters)
    return evolve(reading, without_prose=True) if wordless else reading


def part_of(reading: Reading, name: str) -> Part:
    """A reading as a part, under the name of its file."""
    report = reading.report
    stated = tuple(report.values().values())
    values = with_derived_totals(report.edition, stated)
    paths = outline(report.edition).cells
    otherwise = tuple(
        p
        for p, said, v in zip(paths, stated, values, strict=True)
        if said != v and said is not None
    )
    holds = not otherwise and balanced(report.edition, values)
    # Where all relations hold, as they nearly always do, only what is unreadable or blank can be an error.
    findings = check_whole(reading) if holds else check_tables(reading)
    return Part(
        name,
        report.agency,
        report.year,
        report.edition.name,
        values,
        otherwise,
        tuple(f for f in findings if f.stops),
        tuple(f for f in findings if f.explained and rule_of(f).family is Family.RELATIONS),
        tuple(e for e in reading.explanations if family_of(e.code) is Family.CONSOLIDATION),
    )
