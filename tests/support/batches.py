"""Folders of workbooks for the tests of batches, and the files that a batch has left."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from govdisclose import Agency, AnnualReport
from govdisclose.many.batch.ledger import LEDGER_FILE
from govdisclose.many.batch.plan import batch_reports
from govdisclose.many.batch.result import HIDDEN, BatchResult
from govdisclose.write.data import report_to_json
from govdisclose.write.workbook import workbook_bytes
from support.reports import consistent_report

FORMS = ("docx", "json")
QUICK = ("json", "html-fragment")
"""Two forms of each report that take little time, where any two do."""


def _report(name: str, code: str | None, seed: int, wrong: bool) -> AnnualReport:
    title = f"{name}2024年政府信息公开工作年度报告"
    report = consistent_report(seed=seed).evolve(agency=Agency(name, code, "agency"), title=title)
    return report.with_values({"disputes.review.total": 9_999}) if wrong else report


@cache
def book(name: str, code: str | None = None, seed: int = 1, wrong: bool = False) -> bytes:
    """A consistent workbook of the agency ``name``; with ``wrong`` one sum does not hold."""
    return workbook_bytes(_report(name, code, seed, wrong))


@cache
def exported(name: str, code: str | None = None, seed: int = 1, wrong: bool = False) -> bytes:
    """The same report as JSON, which a batch reads in a tenth of the time."""
    return report_to_json(_report(name, code, seed, wrong)).encode()


def shelve(root: Path, books: dict[str, bytes]) -> Path:
    """A folder with these files."""
    for name, data in books.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def folder_of(root: Path, count: int = 4) -> Path:
    """So many good workbooks, one refused and one that is no workbook."""
    good = {f"{n:02d}.xlsx": book(f"第{n}局", seed=n) for n in range(count)}
    return shelve(
        root, {**good, "a坏.xlsx": b"no workbook", "b错.xlsx": book("错误局", wrong=True)}
    )


def exports_of(root: Path, count: int = 4) -> Path:
    """The same with exports in JSON."""
    good = {f"{n:02d}.json": exported(f"第{n}局", seed=n) for n in range(count)}
    return shelve(
        root, {**good, "a坏.json": b"no export", "b错.json": exported("错误局", wrong=True)}
    )


def run(folder: Path | Iterable[Path], out: Path, **more: object) -> list[BatchResult]:
    """A whole batch."""
    books = folder if isinstance(folder, Path) else list(folder)
    return list(batch_reports(books, out, **{"to": FORMS, **more}))  # type: ignore[arg-type]  # as given


def left(out: Path) -> dict[str, bytes]:
    """Every file of an output folder but the batch's own."""
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in out.rglob("*")
        if p.is_file() and HIDDEN not in p.parts
    }


@contextmanager
def ledger(out: Path) -> Iterator[sqlite3.Connection]:
    """The ledger of an output folder, for tests of what is in it; it need not be there yet."""
    path = out / HIDDEN / LEDGER_FILE
    database = sqlite3.connect(path if path.exists() else ":memory:")
    try:
        yield database
    finally:
        database.close()


def recorded(out: Path) -> dict[str, dict[str, str]]:
    """The files of every workbook that the ledger says is done, with their digests.

    A copy is read: the ledger is locked while a batch is at work, and opening it would repair it.
    """
    with TemporaryDirectory() as folder:
        hidden = Path(folder) / HIDDEN
        hidden.mkdir()
        for path in (out / HIDDEN).glob(f"{LEDGER_FILE}*"):
            with suppress(FileNotFoundError):  # a journal has gone meanwhile
                shutil.copy(path, hidden)
        with ledger(Path(folder)) as database:
            try:
                rows = database.execute("SELECT path, outputs FROM workbook").fetchall()
            except sqlite3.DatabaseError:  # it is being made
                return {}
    return {path: json.loads(outputs) for path, outputs in rows}


def names(results: Iterable[BatchResult]) -> list[str]:
    """The names of the Word files of each workbook as they are at the end, in the order of the books."""
    last = {result.workbook: [path.name for path in result.outputs[:1]] for result in results}
    return [name for book in sorted(last) for name in last[book]]


SCRIPT = """
import sys
from govdisclose.many.batch.plan import batch_reports
if __name__ == "__main__":
    books, out, jobs, resume = sys.argv[1:]
    for result in batch_reports(books, out, to=("docx", "json"), jobs=int(jobs), chunk=2, resume=resume == "resume"):
        pass
"""


def command(
    script: Path, folder: Path, out: Path, jobs: int = 1, resume: bool = False
) -> list[str]:
    """A process that runs a batch."""
    script.write_text(SCRIPT, encoding="utf-8")
    return [
        sys.executable,
        str(script),
        str(folder),
        str(out),
        str(jobs),
        "resume" if resume else "anew",
    ]
