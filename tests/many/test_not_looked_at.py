"""Files that nobody looked at: every command that reads a folder counts and lists exactly these."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from attrs import frozen
from docx import Document

from govdisclose.batch import BatchEnd, batch_reports, look_into
from govdisclose.comparison import compare_folders
from govdisclose.consolidate import aggregate_folder
from govdisclose.long_table import export_folder
from govdisclose.many.inbox import PassedOver, note_of
from govdisclose.overview import make_overview
from govdisclose.status import check_inbox
from govdisclose.write.workbook.roster import roster_bytes
from support.archives import zipped
from support.commands import Run
from support.pdfs import blank_pdf
from support.seasons import YEAR, Place, decisions, place, unit, workbook

NOTICE = "关于放假的通知".encode()
UNSEEN = {
    "a.rar",
    "b.doc",
    "c.csv",
    "d.ofd",
    "e.eml",
    "f.jpg",
    "g.lnk",
    "h.crdownload",
    "i.unknown",
    "没有扩展名",
    "来.zip/照片.png",
}
SEEN = {"通知.txt", "通知.docx", "空.zip", "又一份.xlsx"}
SCANNED = "扫描.pdf"
"""A scan may be a report that lacks: a batch and the state of a season list it as unreadable."""


@frozen
class Lists:
    """The files that nobody looked at, and those that were looked at and not used."""

    unseen: Set[str]
    seen: Set[str]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One report, files of every ending, and what the office itself has put beside them."""
    made = place(tmp_path_factory.mktemp("endings"), unit(1))
    report = made.put("1.xlsx", workbook("甲市第1局", "U1"))
    for name in UNSEEN:
        if "/" not in name:
            made.put(name, b"\xd0\xcf\x11\xe0")
    made.put("来.zip", zipped({"照片.png": b"picture"}))
    made.put("空.zip", zipped({}))
    made.put("通知.txt", NOTICE)
    made.put(SCANNED, blank_pdf())
    made.put("通知.docx", _notice_in_word())
    (made.inbox / "又一份.xlsx").symlink_to(report)
    chosen = decisions(made).read_bytes()
    made.put("结果.xlsx", chosen)
    made.put("花名册.xlsx", made.roster.read_bytes())
    made.put("~$1.xlsx", b"lock")
    return made


def _notice_in_word() -> bytes:
    document = Document()
    document.add_paragraph("关于放假的通知")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def of_batch(made: Place) -> Lists:
    ends: list[BatchEnd] = []
    done = batch_reports(
        made.inbox,
        made.root / "out",
        to=["json"],
        roster=made.inbox / "花名册.xlsx",
        decisions=made.inbox / "结果.xlsx",
        on_end=ends.append,
    )
    failed = {result.workbook.name for result in done if result.status.is_bad}
    assert failed == {SCANNED}
    return lists(ends[0].not_read, {SCANNED})


def of_sum(made: Place) -> Lists:
    total = aggregate_folder(
        made.inbox,
        made.root / "s.xlsx",
        roster=made.inbox / "花名册.xlsx",
        decisions=made.inbox / "结果.xlsx",
    )
    return lists(total.not_read)


def of_table(made: Place) -> Lists:
    table = export_folder(
        made.inbox,
        made.root / "t.csv",
        to="csv",
        roster=made.inbox / "花名册.xlsx",
        decisions=made.inbox / "结果.xlsx",
    )
    assert table.passed_over == note_of(table.not_read)
    return lists(table.not_read)


def of_overview(made: Place) -> Lists:
    made_of = make_overview(
        made.inbox,
        roster=made.inbox / "花名册.xlsx",
        decisions=made.inbox / "结果.xlsx",
    )
    found = {
        state: {each.file for each in made_of.excluded if each.reason.startswith(f"{state}：")}
        for state in ("没有看", "没有采用")
    }
    counts = [f"有 {len(files)} 个文件{state}（" for state, files in found.items()]
    assert all(any(count in said for said in made_of.notices) for count in counts)
    return Lists(found["没有看"], found["没有采用"])


def of_comparison(made: Place) -> Lists:
    old = place(made.root / "old", unit(1))
    old.put("1.xlsx", workbook("甲市第1局", "U1", year=YEAR - 1))
    compared = compare_folders(
        old.inbox,
        made.inbox,
        roster=made.inbox / "花名册.xlsx",
        decisions=made.inbox / "结果.xlsx",
    )
    assert compared.units is not None
    files = {
        Path(file.file).relative_to(made.inbox).as_posix(): file.state
        for file in compared.units.files_not_read
    }
    return Lists(
        {name for name, state in files.items() if state == "没有看"},
        {name for name, state in files.items() if state == "没有采用"},
    )


def of_status(made: Place) -> Lists:
    seen = check_inbox(
        made.inbox,
        made.inbox / "花名册.xlsx",
        year=YEAR,
        today=date(2025, 1, 25),
        state=made.root / "state",
        decisions=made.inbox / "结果.xlsx",
        jobs=1,
    )
    assert [stray.file.file for stray in seen.strays] == [SCANNED]
    others = {
        is_seen: {one.file for one in seen.not_looked_at if one.looked_at is is_seen}
        for is_seen in (False, True)
    }
    return Lists(others[False], {*others[True], SCANNED})


def lists(files: Sequence[PassedOver], more: Set[str] = frozenset()) -> Lists:
    unseen = {one.name for one in files if not one.looked_at}
    said = note_of(files)
    assert f"另有 {len(unseen)} 个文件没有看：" in said
    seen = {one.name for one in files if one.looked_at}
    assert f"另有 {len(seen)} 个文件看过、没有采用：" in said
    return Lists(unseen, seen | more)


@pytest.mark.slow
@pytest.mark.parametrize(
    "listed", [of_batch, of_sum, of_table, of_overview, of_comparison, of_status]
)
def test_every_command_lists_the_same_files_as_not_looked_at(
    listed: Callable[[Place], Lists], inbox: Place
) -> None:
    assert listed(inbox) == Lists(UNSEEN, SEEN | {SCANNED})


def test_files_that_nobody_looks_at_and_empty_ones_are_told_apart_before_reading(
    inbox: Place,
) -> None:
    passed_over = look_into(inbox.inbox).passed_over
    assert {one.name for one in passed_over if not one.looked_at} == UNSEEN
    assert {one.name for one in passed_over if one.looked_at} == {"空.zip", "又一份.xlsx"}


@pytest.mark.parametrize(
    ("file", "data"),
    [("图.jpg", b""), ("花名册副本.xlsx", roster_bytes([]))],
    ids=["unseen", "seen"],
)
@pytest.mark.parametrize(
    "command",
    [
        ("aggregate", "-o", "out.xlsx"),
        ("export", "--to", "csv", "-o", "out.csv"),
        ("overview", "-o", "out.html"),
        ("compare", "-o", "out.html"),
    ],
    ids=lambda command: command[0],
)
def test_a_folder_without_a_report_is_refused_with_the_names_of_its_files(
    command: tuple[str, ...], file: str, data: bytes, tmp_path: Path, run: Callable[..., Run]
) -> None:
    made = place(tmp_path, unit(1))
    made.put(file, data)
    verb, *options, output = command
    folders = [made.inbox, made.inbox] if verb == "compare" else [made.inbox]
    done = run(verb, *folders, "--roster", made.roster, *options, tmp_path / output)
    assert (done.code, file in done.err) == (3, True), done.err
    assert "汇总报告" not in done.err
    assert not (tmp_path / output).exists()
