"""Tables and prose of one source → its reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import Edition
from govdisclose.form.reading import Reading
from govdisclose.form.report import make_report, standard_title
from govdisclose.read.tables.places import Places
from govdisclose.read.tables.values import Tables
from govdisclose.read.texts import Prose
from govdisclose.rules.structure import S110, S120


def assemble(source: Path, prose: Prose, tables: Tables, likely: Edition) -> Reading:
    """Put one report together, and report if its parts do not agree on the edition."""
    edition = tables.edition or likely
    basics = prose.attributes
    basics["title"] = basics.get("title") or standard_title(
        basics["agency"].name, basics.get("year")
    )
    report = make_report(edition, tables.values, **basics)
    findings = [*prose.findings, *tables.findings]
    if tables.edition is not None:
        disagreements = _disagreements(source.name, prose, edition, report.year)
        findings.extend(disagreements)
    return Reading(
        report,
        source,
        Places(tables.places.matches, prose.places),
        tuple(findings),
        tables.unread,
        tuple(prose.explanations),
    )


def _disagreements(
    file: str, prose: Prose, edition: Edition, year: int | None
) -> Iterator[Finding]:
    """S110 and S120: the tables are of another edition than 基本信息 says, or than the year has."""
    stated = prose.edition_name
    if stated and stated != edition.name:
        place = prose.places.get("edition", Place(file))
        said = f"基本信息写的是 {stated} 版，统计表却是 {edition.name} 版"
        yield S110.finding(said, place, expected=edition.name, found=stated)
    if year is None:
        return
    if not edition.covers(year):
        place = prose.places.get("year", Place(file))
        said = f"{year} 年度的报告用的是 {edition.name} 版格式（{edition.basis}）"
        yield S120.finding(said, place, path="year", found=edition.name)
