"""An overview as JSON (``govdisclose/overview/1``); see docs/overview.md."""

from __future__ import annotations

from typing import Any

import attrs

from govdisclose.form.edition import EDITIONS
from govdisclose.form.indicators import INDICATORS, Indicator
from govdisclose.form.overview import Measure, Overview, Standing
from govdisclose.write.data import dump_json

SCHEMA = "govdisclose/overview/1"


def as_json(overview: Overview) -> str:
    """The whole overview: the definitions, every line, and the reports left out."""
    return dump_json(
        {
            "schema": SCHEMA,
            "title": overview.title,
            "agency": overview.agency,
            "years": list(overview.years),
            "at_least": overview.at_least,
            "notices": list(overview.notices),
            "indicators": [_indicator(indicator) for indicator in INDICATORS],
            "lines": [_line(standing, overview) for standing in overview.standings],
            "excluded": [attrs.asdict(each) for each in overview.excluded],
            "missing": [attrs.asdict(each) for each in overview.missing],
            "sources": list(overview.sources),
        }
    )


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "key": indicator.key,
        "name": indicator.name,
        "unit": "%" if indicator.is_rate else "件",
        "formula": indicator.formula,
        "meaning": indicator.meaning,
        "source": indicator.source,
        "cells": {name: _cells(indicator, name) for name in EDITIONS},
    }


def _cells(indicator: Indicator, edition_name: str) -> dict[str, list[str]]:
    part, whole = indicator.cells(EDITIONS[edition_name])
    return {"part": list(part), "whole": list(whole)}


def _line(standing: Standing, overview: Overview) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for measure in standing.measures():
        figures[measure.indicator.key] = _measure(measure, overview)
    return {
        "grouping": standing.grouping.value,
        "year": standing.year,
        "key": standing.key,
        "name": standing.name,
        "code": standing.code,
        "parent": standing.parent,
        "level": standing.level,
        "reports": standing.reports,
        "figures": figures,
    }


def _measure(measure: Measure, overview: Overview) -> dict[str, Any]:
    """A count has ``value``; a rate its numerator, its denominator, per cent, and ``few_cases``."""
    if not measure.indicator.is_rate:
        return {"value": measure.part, "blanks": measure.blanks}
    return {
        "part": measure.part,
        "whole": measure.whole,
        "percent": measure.percent,
        "few_cases": overview.has_few_cases(measure),
        "blanks": measure.blanks,
    }
