"""Tables and prose of one source → its reading."""

from __future__ import annotations

from pathlib import Path

from govdisclose.finding import Place
from govdisclose.form.edition import Edition
from govdisclose.form.reading import Reading
from govdisclose.form.report import make_report, standard_title
from govdisclose.read.tables.places import Places
from govdisclose.read.tables.values import Tables
from govdisclose.read.texts import Prose
from govdisclose.rules.structure import S110, S120


def assemble(source: Path, prose: Prose, tables: Tables, likely: Edition) -> Reading:
    """Put one report together; says when edition and year, or tables and 基本信息, do not agree."""
    edition = tables.edition or likely
    basics = prose.attributes
    basics["title"] = basics.get("title") or standard_title(
        basics["agency"].name, basics.get("year")
    )
    report = make_report(edition, tables.values, **basics)
    findings = [*prose.findings, *tables.findings]
    year = report.year
    if tables.edition is not None:
        if prose.edition_name and prose.edition_name != edition.name:
            place = prose.places.get("edition", Place(source.name))
            said = f"基本信息写的是 {prose.edition_name} 版，统计表却是 {edition.name} 版"
            findings.append(
                S110.finding(said, place, expected=edition.name, found=prose.edition_name)
            )
        if year is not None and not edition.covers(year):
            place = prose.places.get("year", Place(source.name))
            said = f"{year} 年度的报告用的是 {edition.name} 版格式（{edition.basis}）"
            findings.append(S120.finding(said, place, path="year", found=edition.name))
    places = Places(tables.places.matches, prose.places)
    return Reading(
        report, source, places, tuple(findings), tables.unread, tuple(prose.explanations)
    )
