"""A comparison as JSON (``govdisclose/comparison/1``); amounts stay exact decimal numbers."""

from __future__ import annotations

from typing import Any

import attrs

from govdisclose.form.comparison import Change, Compared, Comparison, Figure, ProseChange, Step
from govdisclose.form.indicators import COUNTS
from govdisclose.form.units_compared import UnitsCompared, UnitYears
from govdisclose.write.comparison.display import UNITS
from govdisclose.write.data import dump_json

SCHEMA = "govdisclose/comparison/1"


def as_json(comparison: Comparison) -> str:
    """The whole comparison, unchanged figures too; see docs/compare.md."""
    return dump_json(
        {
            "schema": SCHEMA,
            "title": comparison.title,
            "reports": [_report(report) for report in comparison.reports],
            "notices": list(comparison.notices),
            "figures": [_figure(figure, comparison) for figure in comparison.figures],
            "apart": [_figure(figure, comparison) for figure in comparison.apart],
            "steps": [_step(step) for step in comparison.steps],
            **_units(comparison.units),
        }
    )


def _units(units: UnitsCompared | None) -> dict[str, Any]:
    """The units of two folders; nothing where single reports are compared."""
    if units is None:
        return {}
    return {
        "units": [_unit(unit) for unit in units.units],
        "counties": [_unit(county) for county in units.counties],
        "left_out": [file.said for file in units.left_out],
    }


def _unit(unit: UnitYears) -> dict[str, Any]:
    return {
        "name": unit.name,
        "code": unit.code,
        "parent": unit.parent,
        "level": unit.level,
        "presence": unit.presence.value,
        "reports": [unit.old_reports, unit.new_reports],
        "figures": _figures_of(unit),
        "changed": unit.changed,
        "remark": unit.remark,
    }


def _figures_of(unit: UnitYears) -> dict[str, list[int | None]]:
    """The figures by the keys of the indicators: the older year's, the newer year's."""
    nothing = (None,) * len(COUNTS)
    pairs = zip(COUNTS, unit.old or nothing, unit.new or nothing, strict=True)
    return {indicator.key: [old, new] for indicator, old, new in pairs}


def _report(report: Compared) -> dict[str, Any]:
    return {
        "year": report.year,
        "agency": report.agency.name,
        "code": report.agency.code,
        "edition": report.edition.name,
        "source": report.source,
    }


def _figure(figure: Figure, comparison: Comparison) -> dict[str, Any]:
    cell = figure.cell
    steps = zip(comparison.steps, figure.changes, strict=True)
    return {
        "path": cell.path,
        "table": cell.table,
        "row": "／".join(cell.row),
        "column": "／".join(cell.column),
        "unit": UNITS[cell.kind],
        "values": [entry.value for entry in figure.entries],
        "states": [entry.state.value for entry in figure.entries],
        "changes": [_change(step, change) for step, change in steps],
    }


def _change(step: Step, change: Change) -> dict[str, Any]:
    return {
        "from": step.old,
        "to": step.new,
        "amount": change.amount,
        "percent": change.percent,
        "note": change.note or None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "from": step.old,
        "to": step.new,
        "findings": [finding.as_dict() for finding in step.findings],
        "prose": [_prose(prose) for prose in step.prose],
    }


def _prose(prose: ProseChange) -> dict[str, Any]:
    return {
        "section": prose.key,
        "heading": prose.heading,
        "letters": prose.letters,
        "old_letters": prose.old_letters,
        "similarity": prose.similarity,
        "passages": [attrs.asdict(passage) for passage in prose.passages],
    }
