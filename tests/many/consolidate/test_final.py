"""The final state: what has changed in the folder since the workbook was made."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import read_report, write_workbook
from govdisclose.consolidate import aggregate_folder, verify_folder
from govdisclose.errors import InputError, UsageError
from govdisclose.form.sheets import SEAL_SHEET
from govdisclose.roster import RosterUnit, write_roster
from support.commands import Run
from support.units import folder_of, unit, units

A, B, C = units("甲局", "乙局", "丙局")


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports and the final workbook beside it. Tests work on copies."""
    root = tmp_path_factory.mktemp("final")
    folder = folder_of(root, A, B, C)
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        write_workbook(unit("丁局", 4), root / "丁局.xlsx")
        archive.write(root / "丁局.xlsx", "丁局.xlsx")
    write_roster(
        folder / "花名册.xlsx", [RosterUnit("", name) for name in ("甲局", "乙局", "丙局", "丁局")]
    )
    aggregate_folder(folder, root / "汇总.xlsx", roster=folder / "花名册.xlsx", final=True)
    return root


@pytest.fixture
def copied(final: Path, tmp_path: Path) -> Path:
    import shutil

    shutil.copytree(final, tmp_path / "copy")
    return tmp_path / "copy"


def found(root: Path) -> dict[str, str]:
    folder = root / "books"
    findings = verify_folder(folder, root / "汇总.xlsx", roster=folder / "花名册.xlsx")
    assert {finding.code for finding in findings} <= {"H115"}
    return {str(finding.place.file): finding.text for finding in findings}


@pytest.mark.slow
def test_the_final_workbook_holds_the_checksum_of_every_file(final: Path) -> None:
    rows = list(load_workbook(final / "汇总.xlsx")[SEAL_SHEET].iter_rows(values_only=True))
    listed = {row[0]: row for row in rows if row[3] and row[0] != "文件"}
    files = {path.name: path for path in (final / "books").glob("0*.xlsx")}
    assert listed.keys() == {*files, "包.zip/丁局.xlsx"}
    for name, path in files.items():
        assert listed[name][3] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert listed["包.zip/丁局.xlsx"][1:3] == ("丁局", "是")
    assert not [f for f in read_report(final / "汇总.xlsx").findings if f.place.sheet == SEAL_SHEET]
    assert found(final) == {}


def touch(root: Path) -> None:
    (root / "books/00甲局.xlsx").write_bytes((root / "books/00甲局.xlsx").read_bytes() + b" ")


def remove(root: Path) -> None:
    (root / "books/01乙局.xlsx").unlink()


def add(root: Path) -> None:
    (root / "books/戊局.xlsx").write_bytes(b"new")


def rename(root: Path) -> None:
    (root / "books/01乙局.xlsx").rename(root / "books/改名.xlsx")


def repack(root: Path) -> None:
    with zipfile.ZipFile(root / "books/包.zip", "w") as archive:
        archive.writestr("丁局.xlsx", b"other")


CHANGES: dict[str, tuple[Callable[[Path], None], dict[str, str]]] = {
    "changed": (touch, {"00甲局.xlsx": "定稿以后改过"}),
    "gone": (remove, {"01乙局.xlsx": "不见了"}),
    "new": (add, {"戊局.xlsx": "新来的"}),
    "renamed": (rename, {"01乙局.xlsx": "改名为“改名.xlsx”，内容没有变"}),
    "changed in an archive": (repack, {"包.zip/丁局.xlsx": "定稿以后改过"}),
}


@pytest.mark.parametrize("case", CHANGES)
def test_every_change_since_is_named(case: str, copied: Path) -> None:
    change, expected = CHANGES[case]
    change(copied)
    said = found(copied)
    assert said.keys() == expected.keys()
    for name, words in expected.items():
        assert words in said[name]


@pytest.mark.slow
def test_the_command_verifies_and_writes_only_when_forced(copied: Path, run) -> None:
    folder, output = copied / "books", copied / "汇总.xlsx"
    arguments = ("aggregate", folder, "-o", output, "--roster", folder / "花名册.xlsx")
    before = output.read_bytes()
    same: Run = run(*arguments, "--final")
    assert (same.code, "没有变动" in same.err) == (0, True)
    write_workbook(
        B.with_values({"proactive.licences.decisions": 3}), folder / "01乙局.xlsx", force=True
    )
    for option in ("--final", "--verify"):
        changed: Run = run(*arguments, option)
        assert changed.code == 1
        assert "H115 01乙局.xlsx：定稿以后改过" in changed.err
        assert output.read_bytes() == before
    again: Run = run(*arguments, "--final", "--force")
    assert again.code == 0, again.err
    assert found(copied) == {}


def test_a_workbook_without_checksums_cannot_be_verified(tmp_path: Path, run) -> None:
    folder = folder_of(tmp_path, A, B)
    aggregate_folder(folder, tmp_path / "o.xlsx")
    with pytest.raises(UsageError, match="不是用 --final 定稿的"):
        verify_folder(folder, tmp_path / "o.xlsx")
    with pytest.raises(InputError):
        verify_folder(folder, tmp_path / "none.xlsx")
    done: Run = run("aggregate", folder, "-o", tmp_path / "o.xlsx", "--final")
    assert (done.code, "已存在" in done.err) == (2, True)


def test_a_file_that_changes_while_it_is_counted_stops_the_final_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, A, B)
    taken = iter([{"a": "1"}, {"a": "2"}])
    monkeypatch.setattr("govdisclose.many.consolidate.folder.checksums", lambda inbox: next(taken))
    with pytest.raises(InputError, match="有文件改动，没有定稿"):
        aggregate_folder(folder, tmp_path / "o.xlsx", final=True)
    assert not (tmp_path / "o.xlsx").exists()
