"""The JSON Schemas (2020-12) of a season's state, an overview, a comparison and ranked changes.

The schema of a report is in ``write/data.py``. Building the documentation writes all of them into
the package. Further keys may be added to an object, so none of these schemas forbids other keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from govdisclose.finding import Severity
from govdisclose.form.comparison import State
from govdisclose.form.edition import EDITIONS
from govdisclose.form.indicators import COUNTS, INDICATORS, Indicator
from govdisclose.form.overview import Grouping
from govdisclose.form.status import NewsKind, StrayKind, UnitState
from govdisclose.form.units_compared import Presence
from govdisclose.write.comparison.data import SCHEMA as COMPARISON
from govdisclose.write.overview.data import SCHEMA as OVERVIEW
from govdisclose.write.status.data import SCHEMA as STATUS
from govdisclose.write.status.display import COUNTED

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": "string"}
_TEXT_OR_NULL: _Schema = {"type": ["string", "null"]}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_WHOLE: _Schema = {"type": "integer"}
_WHOLE_OR_NULL: _Schema = {"type": ["integer", "null"]}
_NUMBER_OR_NULL: _Schema = {"type": ["number", "null"]}
_TRUTH: _Schema = {"type": "boolean"}
_DAY: _Schema = {"type": "string", "format": "date"}
_DAY_OR_NULL: _Schema = {"type": ["string", "null"], "format": "date"}
_YEAR: _Schema = {"type": "integer", "minimum": 2008, "maximum": 2100}
_YEAR_OR_NULL: _Schema = {"type": ["integer", "null"]}


def _object(properties: Mapping[str, Any], **optional: Any) -> _Schema:
    """An object that has all of ``properties``, and may have the ``optional`` ones."""
    return {
        "type": "object",
        "properties": {**properties, **optional},
        "required": list(properties),
    }


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _words(kinds: type[Enum]) -> _Schema:
    return {"enum": [kind.value for kind in kinds]}


def _document(name: str, title: str, properties: Mapping[str, Any], **optional: Any) -> _Schema:
    """The schema of a whole file; ``name`` is what its key ``schema`` says."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://govdisclose.example/schema/{name.partition('/')[2].replace('/', '-')}.json",
        "title": title,
        **_object({"schema": {"const": name}, **properties}, **optional),
        "$defs": {"finding": _finding()},
    }


_FINDING: _Schema = {"$ref": "#/$defs/finding"}


def _finding() -> _Schema:
    value: _Schema = {"type": ["integer", "number", "string", "null"]}
    return _object(
        {
            "code": {"type": "string", "pattern": "^[A-Z][0-9]{3}$"},
            "severity": _words(Severity),
            "message": _TEXT,
            "file": _TEXT_OR_NULL,
            "sheet": _TEXT_OR_NULL,
            "cell": _TEXT_OR_NULL,
            "path": _TEXT_OR_NULL,
            "expected": value,
            "found": value,
            "others": _list(_TEXT),
            "hint": _TEXT_OR_NULL,
            "explained": _TEXT_OR_NULL,
        }
    )


# --- govdisclose/status/1 -----------------------------------------------------------------------


def status_schema() -> _Schema:
    """What ``status -o X.json`` writes; see docs/status.md."""
    counted = {state.value: _COUNT for state in COUNTED}
    unread = {"file": _TEXT, "reason": _TEXT, "looked_at": _TRUTH}
    stray = {"kind": _words(StrayKind), "reason": _TEXT, "file": _file()}
    return _document(
        STATUS,
        "报送情况",
        {
            "year": _YEAR,
            "today": _DAY,
            "since": _DAY_OR_NULL,
            "inbox": _TEXT,
            "roster": _TEXT,
            "notes": _list(_TEXT),
            "counts": _object({"expected": _COUNT, **counted}),
            "units": _list(_unit()),
            "strays": _list(_object(stray)),
            "not_looked_at": _list(_object(unread)),
            "news": _list(_object({"kind": _words(NewsKind), "name": _TEXT, "text": _TEXT})),
            "year_changes": {"oneOf": [{"type": "null"}, _year_changes()]},
        },
    )


def _unit() -> _Schema:
    return _object(
        {
            "name": _TEXT,
            "code": _TEXT_OR_NULL,
            "level": _TEXT,
            "parent": _TEXT_OR_NULL,
            "state": _words(UnitState),
            "expected": _TRUTH,
            "deadline": _DAY,
            "days_left": _WHOLE,
            "received": _DAY_OR_NULL,
            "errors": _COUNT,
            "warnings": _COUNT,
            "remark": _TEXT,
            "files": _list(_file()),
            "others": _list(_file()),
            "findings": _list(_FINDING),
        }
    )


def _file() -> _Schema:
    return _object(
        {
            "file": _TEXT,
            "sha256": _TEXT_OR_NULL,
            "received": _DAY,
            "modified": {"type": "string", "format": "date-time"},
            "agency": _TEXT,
            "code": _TEXT_OR_NULL,
            "year": _YEAR_OR_NULL,
            "errors": _COUNT,
            "warnings": _COUNT,
            "unreadable": _TEXT_OR_NULL,
            "set_aside": _TEXT_OR_NULL,
        }
    )


def _year_changes() -> _Schema:
    other = {"unit": _TEXT, "code": _TEXT, "file": _TEXT, "reason": _TEXT}
    return _object(
        {
            "compared": _COUNT,
            "total": _COUNT,
            "changes": _list(_year_change()),
            "not_compared": _list(_object(other)),
            "unread": _list(_TEXT),
        }
    )


def _year_change() -> _Schema:
    return _object(
        {
            "place": {"type": "integer", "minimum": 1},
            "unit": _TEXT,
            "code": _TEXT,
            "file": _TEXT,
            "rule": _TEXT,
            "severity": _words(Severity),
            "expected": _NUMBER_OR_NULL,
            "found": _NUMBER_OR_NULL,
            "difference": _NUMBER_OR_NULL,
            "weight": {"type": "number", "minimum": 0},
            "message": _TEXT,
        }
    )


# --- govdisclose/overview/1 ---------------------------------------------------------------------


def overview_schema() -> _Schema:
    """What ``overview -o X.json`` writes; see docs/overview.md."""
    excluded = {
        "file": _TEXT,
        "reason": _TEXT,
        "year": _YEAR_OR_NULL,
        "agency": _TEXT,
        "leaves_a_gap": _TRUTH,
    }
    missing = {"year": _YEAR, "name": _TEXT, "code": _TEXT, "parent": _TEXT, "level": _TEXT}
    return _document(
        OVERVIEW,
        "数据概览",
        {
            "title": _TEXT,
            "agency": _TEXT,
            "years": _list(_YEAR),
            "at_least": _COUNT,
            "notices": _list(_TEXT),
            "indicators": _list(_indicator()),
            "lines": _list(_line()),
            "excluded": _list(_object(excluded)),
            "missing": _list(_object(missing, remark=_TEXT)),
            "sources": _list(_TEXT),
        },
    )


def _indicator() -> _Schema:
    cells = _object({"part": _list(_TEXT), "whole": _list(_TEXT)})
    return _object(
        {
            "key": {"enum": [indicator.key for indicator in INDICATORS]},
            "name": _TEXT,
            "unit": {"enum": ["件", "%"]},
            "formula": _TEXT,
            "meaning": _TEXT,
            "source": _TEXT,
            "cells": _object(dict.fromkeys(EDITIONS, cells)),
        }
    )


def _line() -> _Schema:
    return _object(
        {
            "grouping": _words(Grouping),
            "year": _YEAR,
            "key": _TEXT,
            "name": _TEXT,
            "code": _TEXT,
            "parent": _TEXT,
            "level": _TEXT,
            "reports": _COUNT,
            "figures": _object({each.key: _measure(each) for each in INDICATORS}),
        }
    )


def _measure(indicator: Indicator) -> _Schema:
    if not indicator.is_rate:
        return _object({"value": _WHOLE_OR_NULL, "blanks": _COUNT})
    return _object(
        {
            "part": _WHOLE_OR_NULL,
            "whole": _WHOLE_OR_NULL,
            "percent": _NUMBER_OR_NULL,
            "few_cases": _TRUTH,
            "blanks": _COUNT,
        }
    )


# --- govdisclose/comparison/1 -------------------------------------------------------------------


def comparison_schema() -> _Schema:
    """What ``compare -o X.json`` writes; see docs/compare.md."""
    report = {
        "year": _YEAR_OR_NULL,
        "agency": _TEXT,
        "code": _TEXT_OR_NULL,
        "edition": {"enum": list(EDITIONS)},
        "source": _TEXT_OR_NULL,
    }
    return _document(
        COMPARISON,
        "年度对比",
        {
            "title": _TEXT,
            "reports": {**_list(_object(report)), "minItems": 2},
            "notices": _list(_TEXT),
            "figures": _list(_figure()),
            "apart": _list(_figure()),
            "steps": _list(_step()),
        },
        units=_list(_unit_years()),
        counties=_list(_unit_years()),
        left_out=_list(_TEXT),
    )


def _figure() -> _Schema:
    return _object(
        {
            "path": _TEXT,
            "table": _TEXT,
            "row": _TEXT,
            "column": _TEXT,
            "unit": _TEXT,
            "values": _list(_NUMBER_OR_NULL),
            "states": _list(_words(State)),
            "changes": _list(_change()),
        }
    )


def _change() -> _Schema:
    return _object(
        {
            "from": _YEAR_OR_NULL,
            "to": _YEAR_OR_NULL,
            "amount": _NUMBER_OR_NULL,
            "percent": _NUMBER_OR_NULL,
            "note": _TEXT_OR_NULL,
        }
    )


def _step() -> _Schema:
    passage = {
        "length": _COUNT,
        "old_index": _COUNT,
        "old": _TEXT,
        "new_index": _COUNT,
        "new": _TEXT,
    }
    prose = {
        "section": _TEXT,
        "heading": _TEXT,
        "letters": _COUNT,
        "old_letters": _COUNT,
        "similarity": _NUMBER_OR_NULL,
        "passages": _list(_object(passage)),
    }
    return _object(
        {
            "from": _YEAR_OR_NULL,
            "to": _YEAR_OR_NULL,
            "findings": _list(_FINDING),
            "prose": _list(_object(prose)),
        }
    )


def _unit_years() -> _Schema:
    both = {**_list(_WHOLE_OR_NULL), "minItems": 2, "maxItems": 2}
    return _object(
        {
            "name": _TEXT,
            "code": _TEXT,
            "parent": _TEXT,
            "level": _TEXT,
            "presence": _words(Presence),
            "reports": {**_list(_COUNT), "minItems": 2, "maxItems": 2},
            "figures": _object({indicator.key: both for indicator in COUNTS}),
            "changed": _WHOLE_OR_NULL,
            "remark": _TEXT,
        }
    )


SCHEMAS: Mapping[str, Callable[[], _Schema]] = {
    "status": status_schema,
    "overview": overview_schema,
    "comparison": comparison_schema,
}
"""Name of the file in ``govdisclose/schema`` → its schema."""
