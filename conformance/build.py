"""Build the workbooks of the conformance set from its data.

    python conformance/build.py FOLDER     # FOLDER/<name>.xlsx, and FOLDER/<name>.last.xlsx where there is one

What a case may say is in README.md beside this file. Needs govdisclose and openpyxl; whoever only
runs the cases against another checker needs the workbooks built, and run.py.
"""

from __future__ import annotations

import argparse
import io
import json
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from govdisclose.form.edition import Edition
from govdisclose.form.explanation import Explanation
from govdisclose.form.report import AnnualReport
from govdisclose.read.json import read_data
from govdisclose.write.workbook import data_cells, workbook_bytes

HERE = Path(__file__).parent


@frozen
class Case:
    """One case: its name, what it is made of, and the findings it must give as (code, place)."""

    name: str
    data: dict[str, Any]

    @property
    def expected(self) -> list[tuple[str, str]]:
        """The findings, in no particular order; a place is ``sheet!cell``, ``sheet`` or empty."""
        return sorted((code, place) for code, place in self.data["expect"])


def cases() -> Iterator[Case]:
    """Every case of every file in ``cases/``."""
    for file in sorted((HERE / "cases").glob("*.json")):
        for data in json.loads(file.read_text(encoding="utf-8")):
            yield Case(data["name"], data)


@cache
def _base(name: str) -> dict[str, Any]:
    text = (HERE / "bases" / f"{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return data


def _paragraphs(value: Any) -> Any:
    """A section given as plain strings, one a paragraph of body text."""
    return (
        [{"level": 0, "text": v} if isinstance(v, str) else v for v in value]
        if isinstance(value, list)
        else value
    )


def _report(data: dict[str, Any]) -> AnnualReport:
    changed = {key: _paragraphs(value) for key, value in data.get("report", {}).items()}
    base = _base(data["base"])
    if "agency" in changed:
        changed["agency"] = {**base["agency"], **changed["agency"]}
    return read_data({**base, **changed}).report


def workbook(data: dict[str, Any]) -> bytes:
    """The workbook that ``base``, ``report``, ``cells``, ``reasons`` and ``book`` of a case describe."""
    report = _report(data)
    is_base = data.keys().isdisjoint(("report", "cells", "reasons"))
    made = _base_workbook(data["base"]) if is_base else _changed_workbook(report, data)
    return _edited(made, report, data["book"]) if data.get("book") else made


@cache
def _base_workbook(name: str) -> bytes:
    """The workbook of a base, which a quarter of the cases begin with."""
    return workbook_bytes(_report({"base": name}))


def _changed_workbook(report: AnnualReport, data: dict[str, Any]) -> bytes:
    paths = _paths(report.edition)
    typed = {paths[place]: value for place, value in data.get("cells", {}).items()}
    reasons = [Explanation(*line) for line in data.get("reasons", ())]
    return workbook_bytes(report, explanations=reasons, as_typed=typed)


@cache
def _paths(edition: Edition) -> dict[str, str]:
    """The paths of an edition by their cells."""
    return {_address(*place): path for path, place in data_cells(edition).items()}


def _address(sheet: str, row: int, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{sheet}!{get_column_letter(column + 1)}{row + 1}"


def _edited(data: bytes, report: AnnualReport, edits: list[list[Any]]) -> bytes:
    """The workbook after edits such as a clerk makes; totals stay as values, as Excel would save them."""
    book: Workbook = pickle.loads(_opened(data))
    values = report.values()
    for path, (sheet, row, column) in data_cells(report.edition).items():
        cell = book[sheet].cell(row + 1, column + 1)
        if cell.data_type == "f":
            cell.value = values[path]
    for name, *arguments in edits:
        EDITS[name](book, *arguments)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@cache
def _opened(data: bytes) -> bytes:
    """A workbook as openpyxl opens it. Most edits are made to the same few, and a copy takes less time."""
    with warnings.catch_warnings():
        # openpyxl says that it drops extensions, which hold no data.
        warnings.simplefilter("ignore")
        return pickle.dumps(load_workbook(io.BytesIO(data)))


def _at(book: Workbook, place: str) -> Any:
    sheet, _, area = place.partition("!")
    return book[sheet], area


def _set(book: Workbook, place: str, value: Any) -> None:
    sheet, area = _at(book, place)
    sheet[area].value = value


def _merge(book: Workbook, place: str) -> None:
    sheet, area = _at(book, place)
    sheet.merge_cells(area)


def _rename(book: Workbook, sheet: str, name: str) -> None:
    book[sheet].title = name


def _copy(book: Workbook, sheet: str) -> None:
    book.copy_worksheet(book[sheet])


def _format(book: Workbook, place: str, code: str) -> None:
    sheet, area = _at(book, place)
    sheet[area].number_format = code


def _strike(book: Workbook, place: str) -> None:
    sheet, area = _at(book, place)
    sheet[area].font = Font(strike=True)


def _hide(book: Workbook, place: str) -> None:
    sheet, row = _at(book, place)
    if row:
        sheet.row_dimensions[int(row)].hidden = True
    else:
        sheet.sheet_state = "hidden"


EDITS: dict[str, Callable[..., None]] = {
    "set": _set,
    "merge": _merge,
    "rename": _rename,
    "copy": _copy,
    "format": _format,
    "strike": _strike,
    "hide": _hide,
    "remove": lambda book, sheet: book.remove(book[sheet]),
}
"""What a case may do to its workbook, by name."""


def write(case: Case, folder: Path) -> tuple[Path, Path | None]:
    """Write the workbook of a case, and last year's where the case has one."""
    book, last = folder / f"{case.name}.xlsx", None
    book.write_bytes(workbook(case.data))
    if "previous" in case.data:
        last = folder / f"{case.name}.last.xlsx"
        last.write_bytes(workbook(case.data["previous"]))
    return book, last


def main(arguments: list[str] | None = None) -> int:
    """Write every workbook into a folder."""
    parser = argparse.ArgumentParser(description="Build the workbooks of the conformance set.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    made = [write(case, folder) for case in cases()]
    print(f"{len(made)} cases in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
