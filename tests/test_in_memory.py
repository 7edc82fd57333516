"""Whatever takes a file takes its bytes and an open file as well, with the same result."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import xlsxwriter

from govdisclose import (
    annotate_workbook,
    check_report,
    compile_report,
    continue_workbook,
    import_report,
    read_report,
)
from govdisclose.batch import batch_reports, read_decisions
from govdisclose.consolidate import aggregate_folder
from govdisclose.errors import InputError, UsageError
from govdisclose.own_templates import check_template, new_template, prepare_template
from govdisclose.roster import RosterUnit, read_roster, write_roster
from govdisclose.status import check_inbox
from support.blank_forms import blank_form
from support.paths import ROOT
from support.reports import EDITION_2021
from support.seasons import Place, decisions, place, unit, workbook

Given: TypeAlias = Callable[[Path], Any]

SAMPLE = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"
MISTAKES = ROOT / "sample_workbooks" / "with-mistakes.xlsx"
TEMPLATE = ROOT / "templates" / "2021.docx"


def opened(path: Path) -> io.BytesIO:
    """An open file with a name, as a web framework hands one on."""
    file = io.BytesIO(path.read_bytes())
    file.name = str(path)
    return file


GIVEN: dict[str, Given] = {"bytes": Path.read_bytes, "open file": opened}
IN_MEMORY = pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)


@pytest.mark.slow
def test_a_workbook_is_annotated(tmp_path: Path) -> None:
    findings = check_report(MISTAKES)
    lost = annotate_workbook(MISTAKES, findings, tmp_path / "path.xlsx")
    expected = read_report(tmp_path / "path.xlsx").report
    for number, given in enumerate(GIVEN.values()):
        path = tmp_path / f"{number}.xlsx"
        assert annotate_workbook(given(MISTAKES), findings, path) == lost
        assert read_report(path).report == expected


def test_a_json_export_in_memory_cannot_be_annotated(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^内存中的文件 不是工作簿，不能加批注$"):
        annotate_workbook(b'{"schema": "govdisclose/report/1"}', [], tmp_path / "a.xlsx")


@IN_MEMORY
def test_a_report_is_imported_under_the_name_that_is_given(given: Given, tmp_path: Path) -> None:
    made = import_report(given(SAMPLE), tmp_path / "a.xlsx")
    assert read_report(made.path).report == read_report(SAMPLE).report
    with pytest.raises(UsageError, match=r"^没有来源文件，请给出输出文件名$"):
        import_report(given(SAMPLE))


@IN_MEMORY
def test_last_years_workbook_is_continued(
    given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = continue_workbook(given(SAMPLE))
    assert made.path.name == "通辽市民族事务委员会2022年度报告填报表.xlsx"
    with pytest.raises(UsageError, match=r"是 2021 年度的报告，不能作为 2026 年度的上年报告$"):
        continue_workbook(given(SAMPLE), 2026)


def test_an_open_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(MISTAKES.read_bytes())
    for write in (
        lambda file: annotate_workbook(file, [], path, force=True),
        lambda file: import_report(file, path, force=True),
        lambda file: continue_workbook(file, agency="某某局", output=path, force=True),
    ):
        with path.open("rb") as file, pytest.raises(UsageError, match="就是输入文件"):
            write(file)
    assert path.read_bytes() == MISTAKES.read_bytes()


# --- templates ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_template_is_checked_and_prepared(tmp_path: Path) -> None:
    found, named = check_template(opened(TEMPLATE)), check_template(TEMPLATE)
    assert (found.problems, found.cells, found.path.name) == ((), named.cells, "2021.docx")
    prepared = prepare_template(TEMPLATE.read_bytes(), tmp_path / "memory.json")
    of_path = prepare_template(TEMPLATE, tmp_path / "path.json")
    assert prepared.read_bytes() == of_path.read_bytes()
    with pytest.raises(UsageError, match=r"^没有来源文件，请给出输出文件名$"):
        prepare_template(opened(TEMPLATE))


@pytest.mark.slow
def test_a_template_of_ones_own_makes_the_same_report(tmp_path: Path) -> None:
    named = compile_report(SAMPLE, tmp_path / "path.docx", template=TEMPLATE)
    expected = named.path.read_bytes()
    for number, given in enumerate(GIVEN.values()):
        made = compile_report(SAMPLE, tmp_path / f"{number}.docx", template=given(TEMPLATE))
        assert made.path.read_bytes() == expected
        (result,) = batch_reports([SAMPLE], tmp_path / f"{number}", template=given(TEMPLATE))
        (output,) = result.outputs
        assert output.read_bytes() == expected


@pytest.mark.slow
def test_a_template_is_made_of_the_blank_form(tmp_path: Path) -> None:
    form = tmp_path / "格式.docx"
    form.write_bytes(blank_form(EDITION_2021))
    made = new_template(tmp_path / "memory.docx", form=form.read_bytes())
    assert made.read_bytes() == new_template(tmp_path / "path.docx", form=form).read_bytes()


# --- rosters and decisions ----------------------------------------------------------------------


@IN_MEMORY
def test_a_roster_is_read(given: Given, tmp_path: Path) -> None:
    path = write_roster(tmp_path / "名单.xlsx", [RosterUnit("", "甲局")])
    roster = read_roster(given(path))
    assert (roster.units, roster.source) == (read_roster(path).units, None)
    with pytest.raises(InputError, match="不是花名册"):
        read_roster(given(SAMPLE))


@IN_MEMORY
def test_decisions_are_read(given: Given, tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["以此为准", "工作簿"])
        sheet.write_row("A2", ["是", "甲局.xlsx"])
    chosen = read_decisions(given(path))
    assert [(file, one.is_chosen) for file, one in chosen.items()] == [("甲局.xlsx", True)]


def two_versions(root: Path) -> Place:
    """An inbox with two versions of one unit's report, and the roster as a third file."""
    made = place(root, unit(1))
    made.put("a.xlsx", workbook("甲市第1局", "U1", seed=1))
    made.put("b.xlsx", workbook("甲市第1局", "U1", seed=2))
    made.put("r.xlsx", made.roster.read_bytes())
    return made


def taken_by_batch(made: Place, roster: Any, chosen: Any) -> list[str]:
    out = made.root / "out"
    made_of = batch_reports(made.inbox, out, dry_run=True, roster=roster, decisions=chosen)
    final = {result.workbook.name: result.status.value for result in made_of}
    return [name for name, status in final.items() if status == "made"]


def taken_by_sum(made: Place, roster: Any, chosen: Any) -> list[str]:
    total = aggregate_folder(made.inbox, made.root / "s.xlsx", roster=roster, decisions=chosen)
    assert total.not_read == ()
    return [report.file for report in total.units]


def taken_by_status(made: Place, roster: Any, chosen: Any) -> list[str]:
    seen = check_inbox(made.inbox, roster, year=2024, decisions=chosen, jobs=1)
    assert seen.not_looked_at == ()
    (own,) = [each for each in seen.units if each.code == "U1"]
    return [file.file for file in own.files]


@pytest.mark.slow
@pytest.mark.parametrize("taken", [taken_by_batch, taken_by_sum, taken_by_status])
def test_a_folder_is_read_with_an_open_roster_and_the_bytes_of_decisions(
    taken: Callable[[Place, Any, Any], list[str]], tmp_path: Path
) -> None:
    made = two_versions(tmp_path)
    chosen = decisions(made, "b.xlsx").read_bytes()
    with (made.inbox / "r.xlsx").open("rb") as roster:
        assert taken(made, roster, chosen) == ["b.xlsx"]
