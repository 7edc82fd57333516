"""The schemas in the package describe the JSON that status, overview and compare write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from govdisclose.comparison import compare_folders, compare_reports
from govdisclose.form.long_table import tabled
from govdisclose.overview import make_overview
from govdisclose.status import check_inbox
from govdisclose.write.comparison.data import as_json as comparison_json
from govdisclose.write.overview import as_json as overview_json
from govdisclose.write.status import as_json as status_json
from support import seasons
from support.long_tables import city, long_file
from support.reports import consistent_report
from support.units import folder_of, unit, units

Make = Callable[[Path], str]


def messy_season(root: Path) -> str:
    place = seasons.messy(root)
    last = long_file(root / "last.csv", [tabled(unit("甲市第12局", 3, "U12", year=2023))])
    chosen = seasons.decisions(place, "04a.xlsx")
    seen = check_inbox(
        place.inbox, place.roster, year=2024, previous=last, decisions=chosen, jobs=1
    )
    assert seen.changes is not None
    assert seen.changes.listed
    return status_json(seen)


def first_day(root: Path) -> str:
    place = seasons.place(root, seasons.unit(1))
    return status_json(check_inbox(place.inbox, place.roster, jobs=1))


def cities(root: Path) -> str:
    return overview_json(make_overview(long_file(root / "t.csv", city((2020, 2024), 9))))


def reports(root: Path) -> str:
    first, second = consistent_report(seed=1), consistent_report(seed=2)
    return comparison_json(compare_reports(first.evolve(year=2023), second.evolve(year=2024)))


def folders(root: Path) -> str:
    old = folder_of(root / "old", *units("甲局", "乙局", year=2023))
    new = folder_of(root / "new", *units("甲局", "丙局", year=2024))
    return comparison_json(compare_folders(old, new))


CASES: list[tuple[str, Make]] = [
    ("status", messy_season),
    ("status", first_day),
    ("overview", cities),
    ("comparison", reports),
    ("comparison", folders),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each case writes, by its name; made once."""
    return {
        make.__name__: json.loads(make(tmp_path_factory.mktemp(make.__name__))) for _, make in CASES
    }


def validator_of(name: str) -> Draft202012Validator:
    schema = json.loads(files("govdisclose").joinpath(f"schema/{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make"), CASES, ids=[make.__name__ for _, make in CASES])
def test_what_is_written_is_valid_and_names_every_key(
    name: str, make: Make, written: dict[str, Any]
) -> None:
    validator = validator_of(name)
    data = written[make.__name__]
    assert [error.message for error in validator.iter_errors(data)] == []
    assert list(_unknown_keys(data, validator.schema, validator.schema)) == []


@pytest.mark.parametrize(("name", "make"), CASES, ids=[make.__name__ for _, make in CASES])
def test_a_key_less_is_invalid(name: str, make: Make, written: dict[str, Any]) -> None:
    validator = validator_of(name)
    data = written[make.__name__]
    optional = {"units", "counties", "left_out"} if name == "comparison" else set()
    for key in data.keys() - optional:
        rest = {other: value for other, value in data.items() if other != key}
        assert not validator.is_valid(rest), key


def test_another_state_or_a_word_for_a_count_is_invalid(written: dict[str, Any]) -> None:
    validator = validator_of("status")
    for key, value in (("state", "lost"), ("errors", "2"), ("deadline", "31.1.2025")):
        data = json.loads(json.dumps(written["messy_season"]))
        data["units"][0][key] = value
        assert not validator.is_valid(data), key


def _unknown_keys(data: Any, schema: Any, whole: Any) -> Iterator[str]:
    """The keys in ``data`` of which the schema says nothing."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    if "oneOf" in schema:
        schema = next(one for one in schema["oneOf"] if one["type"] != "null" or data is None)
    if isinstance(data, dict):
        known = schema["properties"]
        for key, value in data.items():
            if key in known:
                yield from _unknown_keys(value, known[key], whole)
            else:
                yield key
    elif isinstance(data, list):
        for value in data:
            yield from _unknown_keys(value, schema["items"], whole)
