"""The long table as CSV, Parquet and SQLite: the same values come back, nothing runs, nothing is left out unsaid."""

from __future__ import annotations

import csv
import errno
import io
import sqlite3
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose import Agency, AnnualReport, Reading, export_report, render_report, write_workbook
from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.form.long_table import LongRow, long_rows
from govdisclose.long_table import export_folder
from govdisclose.write.long_table import LONG_FILES, write_long
from govdisclose.write.long_table.commas import COLUMNS, marked, unmarked
from support.commands import Run
from support.reports import EDITION_2019, consistent_report, reports

FORMS = list(LONG_FILES)
FEES = "proactive.fees.amount"


def table(data: bytes) -> list[dict[str, str]]:
    """A CSV as any program reads it."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def database(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query).fetchall()


# --- one report ---------------------------------------------------------------------------------


@pytest.mark.slow
@given(reports())
def test_the_csv_holds_the_values_of_the_report_digit_by_digit(report: AnnualReport) -> None:
    rows = table(render_report(report, "csv", draft=True).data)  # it may have blank sections
    assert {r["path"]: Decimal(r["value"]) if r["value"] else None for r in rows} == report.values()
    assert [r["state"] for r in rows] == [
        "blank" if v is None else "number" for v in report.values().values()
    ]
    assert {(r["year"], r["edition"], r["agency"]) for r in rows} == {
        (str(report.year), report.edition.name, report.agency.name)
    }
    for row in rows:
        value = report.values()[row["path"]]
        assert row["value"] == ("" if value is None else format(Decimal(value), "f"))


@pytest.mark.slow
@given(reports())
@settings(max_examples=15)
def test_parquet_and_sqlite_hold_the_values_of_the_report(report: AnnualReport) -> None:
    flat = pyarrow.parquet.read_table(
        pyarrow.BufferReader(render_report(report, "parquet", draft=True).data)
    )
    assert flat.column_names == list(COLUMNS)
    assert (
        dict(zip(*(flat[name].to_pylist() for name in ("path", "value")), strict=True))
        == report.values()
    )
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript("".join(dump(render_report(report, "sqlite", draft=True).data)))
        rows = base.execute("SELECT path, value, exact FROM cells").fetchall()
    assert {
        path: None if exact is None else Decimal(exact) for path, _, exact in rows
    } == report.values()
    assert {path: value for path, value, _ in rows} == {
        path: None if value is None else pytest.approx(float(value))
        for path, value in report.values().items()
    }


def dump(data: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base"
        path.write_bytes(data)
        with closing(sqlite3.connect(path)) as base:
            yield from base.iterdump()


@pytest.mark.parametrize("to", FORMS)
def test_the_same_report_gives_the_same_bytes(to: str) -> None:
    assert (
        render_report(consistent_report(), to).data == render_report(consistent_report(), to).data
    )


def test_the_csv_opens_in_excel_as_it_is() -> None:
    data = render_report(consistent_report(), "csv").data
    assert data.startswith(
        "\ufeffyear,edition,agency_code,agency,table,path,row,column,value,state,category,parent,level,file,status\r\n".encode()
    )
    assert data.count(b"\n") == data.count(b"\r\n") == 201


def test_blank_and_0_stay_apart_in_every_form(tmp_path: Path) -> None:
    report = consistent_report().with_values({FEES: None, "disputes.review.upheld": 0})
    for to in FORMS:
        export_report(report, tmp_path / f"t.{to}", to=to)
        found = {
            row.path: (row.value, row.state) for row in LONG_FILES[to].read(tmp_path / f"t.{to}")
        }
        assert found[FEES] == (None, "blank")
        assert found["disputes.review.upheld"] == (0, "number")


def test_a_negative_number_is_a_number_in_the_csv() -> None:
    report = consistent_report(EDITION_2019).with_values({"proactive.licences.change": -8})
    assert "-8" in {row["value"] for row in table(render_report(report, "csv").data)}


# --- text that a spreadsheet would run or change ------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "'=1",
        "=cmd|'/c calc'!A1",
    ],
)
def test_a_name_that_looks_like_a_formula_does_not_run(name: str) -> None:
    report = consistent_report().evolve(agency=Agency(name))
    written = {row["agency"] for row in table(render_report(report, "csv").data)}
    assert written == {f"'{name}"}


@pytest.mark.parametrize(
    "code", ["114201000000000018", "00123", "1142010000E10", "1-2", "2024/1/2"]
)
def test_a_code_that_a_spreadsheet_would_make_another_number_stays_a_text(code: str) -> None:
    assert marked(code) == f"'{code}"


@pytest.mark.parametrize(
    "text", ["某某市教育局", "11420100000000001X", "2021", "规章", "1.属于国家秘密", ""]
)
def test_ordinary_text_is_written_as_it_is(text: str) -> None:
    assert marked(text) == text


@given(st.text())
def test_the_mark_can_be_taken_off_again(text: str) -> None:
    assert unmarked(marked(text)) == text


def test_no_label_or_path_of_the_form_needs_a_mark() -> None:
    for report in (consistent_report(), consistent_report(EDITION_2019)):
        texts = {
            t
            for row in long_rows(report)
            for t in (row.edition, row.table, row.path, row.row, row.column)
        }
        assert {t for t in texts if marked(t) != t} == set()


_ROWS = st.builds(
    LongRow,
    year=st.none() | st.integers(2008, 2100),
    edition=st.sampled_from(["2019", "2021"]),
    agency_code=st.none()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    agency=st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    table=st.just("proactive"),
    path=st.just(FEES),
    row=st.just("行"),
    column=st.just("列"),
    value=st.none()
    | st.integers(-(10**12), 10**12)
    | st.decimals(0, 10**9, places=6, allow_nan=False),
    state=st.just("number"),
)


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMS)
@given(rows=st.lists(_ROWS, max_size=5))
def test_whatever_the_rows_they_read_back_the_same(
    to: str, rows: list[LongRow], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("long") / "cells"
    assert write_long(rows, path, to) == len(rows)
    assert list(LONG_FILES[to].read(path)) == rows


# --- what a form cannot hold --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "value"),
    [
        ("parquet", Decimal("0.12345678901")),
        ("parquet", 10**28),
        ("sqlite", 2**63),
        ("sqlite", -(2**64)),
    ],
)
def test_a_number_that_would_lose_digits_is_refused_by_name(to: str, value: int | Decimal) -> None:
    report = consistent_report().with_values({FEES: value})  # type: ignore[dict-item]  # any number
    with pytest.raises(OutputError, match=FEES):
        # A reading is not judged; only the form of the file cannot hold the number.
        render_report(Reading(report), to)


@pytest.mark.parametrize(
    "value",
    [
        10**28 - 1,
        -(10**28) + 1,
        Decimal("9999999999999999999999999999.9999999999"),
        Decimal("-0.1"),
    ],
)
def test_the_longest_numbers_of_a_parquet_file_keep_every_digit(
    value: int | Decimal, tmp_path: Path
) -> None:
    row = LongRow(2024, "2021", None, "局", "proactive", FEES, "行", "列", value, "number")
    write_long([row], tmp_path / "cells", "parquet")
    assert pyarrow.parquet.read_table(tmp_path / "cells")["value"].to_pylist() == [value]


def test_a_missing_cell_is_missing_in_every_row_group_of_a_parquet_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govdisclose.write.long_table.parquet.ROW_GROUP", 9)
    rows = []
    for number in range(30):
        is_there = number % 3 == 0
        year, code = (number, f"码{number % 2}") if is_there else (None, None)
        value = number if number % 7 else None
        rows.append(
            LongRow(year, "2021", code, "局", "proactive", FEES, "行", "列", value, "number")
        )
    write_long(rows, tmp_path / "cells", "parquet")
    file = pyarrow.parquet.ParquetFile(tmp_path / "cells")
    assert file.num_row_groups == 4
    for name in ("year", "agency_code", "value"):
        assert file.read()[name].to_pylist() == [getattr(row, name) for row in rows]


def test_a_year_that_no_calendar_has_is_refused(tmp_path: Path) -> None:
    row = LongRow(2**31, "2021", None, "局", "proactive", FEES, "行", "列", 1, "number")
    with pytest.raises(OutputError, match="年度太大"):
        write_long([row], tmp_path / "cells", "parquet")


def test_a_parquet_file_says_the_range_only_of_columns_that_differ_between_row_groups(
    tmp_path: Path,
) -> None:
    write_long(long_rows(consistent_report()), tmp_path / "cells", "parquet")
    group = pyarrow.parquet.ParquetFile(tmp_path / "cells").metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    ranged = {column.path_in_schema for column in columns if column.is_stats_set}
    assert ranged == {"year", "agency_code", "agency", "parent"}


def test_texts_of_a_parquet_file_are_texts(tmp_path: Path) -> None:
    """They are dictionaries while the file is written."""
    export_report(
        write_workbook(consistent_report(), tmp_path / "in.xlsx"),
        tmp_path / "t.parquet",
        to="parquet",
    )
    schema = pyarrow.parquet.read_schema(tmp_path / "t.parquet")
    assert {name: str(schema.field(name).type) for name in ("year", "agency", "path", "value")} == {
        "year": "int32",
        "agency": "string",
        "path": "string",
        "value": "decimal128(38, 10)",
    }


@pytest.mark.parametrize("to", ["parquet", "sqlite"])
def test_broken_characters_are_refused(to: str) -> None:
    with pytest.raises(OutputError, match="不成字"):
        render_report(consistent_report().evolve(agency=Agency("局\ud800")), to)


def test_without_pyarrow_parquet_is_wrong_usage_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    write_workbook(consistent_report(), tmp_path / "in.xlsx")
    for source in (tmp_path, tmp_path / "in.xlsx"):
        export = export_folder if source.is_dir() else export_report
        with pytest.raises(UsageError, match=r"govdisclose\[parquet\]"):
            export(source, tmp_path / "out.parquet", to="parquet")
    assert [p.name for p in tmp_path.iterdir()] == ["in.xlsx"]


def test_a_file_that_reads_back_differently_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_workbook(consistent_report(), tmp_path / "in.xlsx")
    monkeypatch.setattr("govdisclose.write.long_table.commas.unmarked", lambda text: f"{text}?")
    with pytest.raises(OutputError, match="读回"):
        export_folder(tmp_path, tmp_path / "out.csv", to="csv")
    assert [p.name for p in tmp_path.iterdir()] == ["in.xlsx"]


# --- a folder -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two workbooks of two editions, one below the other."""
    made = tmp_path / "books"
    (made / "区县").mkdir(parents=True)
    write_workbook(consistent_report(seed=1), made / "甲.xlsx")
    other = consistent_report(EDITION_2019, 2).evolve(agency=Agency("乙局"))
    write_workbook(other, made / "区县" / "乙.xlsx")
    return made


@pytest.mark.parametrize("to", FORMS)
def test_one_file_has_every_cell_of_every_workbook(to: str, folder: Path) -> None:
    made = export_folder(folder, to=to)
    assert made.path == folder.resolve().parent / f"books.{to}"
    assert (made.workbooks, made.rows, made.left_out, made.doubled) == (2, 398, (), ())
    rows = list(LONG_FILES[to].read(made.path))
    for name, report in (
        ("某某市示范局", consistent_report(seed=1)),
        ("乙局", consistent_report(EDITION_2019, 2)),
    ):
        assert {r.path: r.value for r in rows if r.agency == name} == report.values()


def test_the_database_answers_questions(folder: Path, tmp_path: Path) -> None:
    export_folder(folder, tmp_path / "t.sqlite", to="sqlite")
    query = "SELECT agency, value FROM cells WHERE path = 'requests.received.total' ORDER BY year"
    totals = [
        consistent_report(EDITION_2019, 2).requests.received.total,
        consistent_report().requests.received.total,
    ]
    assert database(tmp_path / "t.sqlite", query) == list(
        zip(("乙局", "某某市示范局"), totals, strict=True)
    )


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMS)
def test_one_faulty_workbook_stops_it_and_every_such_workbook_is_named(
    to: str, folder: Path
) -> None:
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    spoil(write_workbook(consistent_report(), folder / "缺.xlsx"))
    with pytest.raises(
        InputError, match=r"(?s)2 份工作簿.*坏\.xlsx.*缺\.xlsx：1 处.*二、主动公开!B16"
    ):
        export_folder(folder, to=to)
    assert not list(folder.parent.glob("*.*"))


def spoil(book: Path, text: str = "约三万元") -> None:
    """Put into the cell of fees what is no number."""
    from openpyxl import load_workbook

    opened = load_workbook(book)
    opened["二、主动公开"]["B16"] = text
    opened.save(book)


@pytest.mark.parametrize("to", FORMS)
def test_faulty_workbooks_are_left_out_only_when_asked_and_are_listed(
    to: str, folder: Path
) -> None:
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    made = export_folder(folder, to=to, skip_faulty=True)
    assert (made.workbooks, made.rows) == (2, 398)
    assert [item.path.name for item in made.left_out] == ["坏.xlsx"]


def test_a_folder_of_faulty_workbooks_only_gives_no_file_even_when_they_may_be_left_out(
    tmp_path: Path,
) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    with pytest.raises(InputError, match="没有一份"):
        export_folder(tmp_path, tmp_path / "t.csv", to="csv", skip_faulty=True)
    assert [p.name for p in tmp_path.iterdir()] == ["坏.xlsx"]


def test_a_placeholder_is_blank_in_the_table_and_that_is_said(folder: Path) -> None:
    spoil(folder / "甲.xlsx", "/")
    assert export_folder(folder, to="csv").not_numbers == ((folder / "甲.xlsx", 1),)


def test_two_workbooks_of_one_agency_and_year_are_named(folder: Path) -> None:
    write_workbook(consistent_report(seed=3), folder / "甲（2）.xlsx")
    made = export_folder(folder, to="csv")
    assert [[p.name for p in pair] for pair in made.doubled] == [["甲.xlsx", "甲（2）.xlsx"]]
    assert made.rows == 598


def test_an_output_that_is_one_of_the_workbooks_is_refused(folder: Path) -> None:
    before = (folder / "甲.xlsx").read_bytes()
    with pytest.raises(UsageError):
        export_folder(folder, folder / "甲.xlsx", to="csv", force=True)
    assert (folder / "甲.xlsx").read_bytes() == before


def test_an_empty_folder_and_a_form_that_no_folder_has_are_refused(
    tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="没有工作簿"):
        export_folder(tmp_path / "empty", to="csv")
    with pytest.raises(UsageError, match="csv、parquet、sqlite"):
        export_folder(folder, to="json")


@pytest.mark.parametrize("to", FORMS)
def test_rows_are_not_gathered_in_memory(
    to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govdisclose.write.long_table.parquet.ROW_GROUP", 100)
    alive: weakref.WeakSet[LongRow] = weakref.WeakSet()
    most = 0

    def rows() -> Iterator[LongRow]:
        nonlocal most
        for year in range(2000):
            row = LongRow(year, "2021", None, "局", "proactive", FEES, "行", "列", 1, "number")
            alive.add(row)
            most = max(most, len(alive))
            yield row

    assert write_long(rows(), tmp_path / "cells", to) == 2000
    assert most <= 250


@pytest.mark.parametrize("to", FORMS)
def test_a_disk_that_fills_up_leaves_nothing_and_is_told(
    to: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(report: AnnualReport) -> Iterator[LongRow]:
        yield from list(long_rows(report))[:10]
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("govdisclose.many.long_table.long_rows", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        export_folder(folder, to=to)
    assert [p.name for p in folder.parent.iterdir()] == ["books"]


# --- the command --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_writes_beside_the_folder_and_says_how_much(
    folder: Path, run: Callable[..., Run]
) -> None:
    done = run("export", folder, "--to", "csv")
    assert (done.code, done.out) == (0, "")
    assert "2 份工作簿，398 行" in done.err
    assert (folder.parent / "books.csv").exists()
    assert run("export", folder, "--to", "csv").code == 2


@pytest.mark.slow
def test_the_command_prints_the_same_bytes(folder: Path, run: Callable[..., Run]) -> None:
    made = export_folder(folder, to="csv")
    assert run("export", folder, "--to", "csv", "-o", "-").out.encode() == made.path.read_bytes()


@pytest.mark.slow
def test_the_command_ends_with_6_when_workbooks_were_left_out_and_with_3_when_refused(
    folder: Path, run: Callable[..., Run]
) -> None:
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    refused = run("export", folder, "--to", "csv")
    assert (refused.code, "坏.xlsx" in refused.err) == (3, True)
    left_out = run("export", folder, "--to", "csv", "--skip-faulty")
    assert (left_out.code, "坏.xlsx" in left_out.err) == (6, True)
    assert len(table((folder.parent / "books.csv").read_bytes())) == 398


def test_a_single_workbook_has_nothing_to_skip(folder: Path, run: Callable[..., Run]) -> None:
    assert run("export", folder / "甲.xlsx", "--to", "csv", "--skip-faulty").code == 2
    assert run("export", folder / "甲.xlsx", "--to", "csv").code == 0
    assert len(table((folder / "甲.csv").read_bytes())) == 200


_EXPORT = """
import sys
import govdisclose
govdisclose.export_report(sys.argv[1], sys.argv[2], to="parquet")
sys.exit("pandas" in sys.modules)
"""


@pytest.mark.slow
def test_a_parquet_file_is_written_without_pandas(tmp_path: Path) -> None:
    """Where pandas is installed, pyarrow would load it: 50 MB for nothing."""
    workbook = write_workbook(consistent_report(), tmp_path / "in.xlsx")
    command = [sys.executable, "-c", _EXPORT, workbook, tmp_path / "out.parquet"]
    subprocess.run(list(map(str, command)), check=True)
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").num_rows == 200


def test_texts_with_quotes_lines_and_empty_codes_come_back_as_they_were(tmp_path: Path) -> None:
    texts = ('"甲","乙"', "一\n二\r三", " 空 格 ", "", "NULL", "a,b")
    rows = [
        LongRow(2024, "2021", code, text, "表", FEES, "行", "列", None, "blank")
        for text in texts
        for code in (None, "N/A")
    ]
    for to in FORMS:
        write_long(iter(rows), tmp_path / to, to)
        assert list(LONG_FILES[to].read(tmp_path / to)) == rows
