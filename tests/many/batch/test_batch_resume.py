"""A second run of a batch does only what is left to do, and loses nothing of what was there."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from govdisclose.errors import UsageError
from govdisclose.many.batch.ledger import LEDGER_FILE
from govdisclose.many.batch.result import HIDDEN, RESULTS_FILE, Status
from support.batches import (
    FORMS,
    QUICK,
    book,
    exported,
    exports_of,
    folder_of,
    ledger,
    left,
    run,
    shelve,
)


@pytest.fixture
def done(folder: Path, made_batch: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The workbooks of a batch and its output folder, for this test alone."""
    return (
        shutil.copytree(folder, tmp_path / "in"),
        shutil.copytree(made_batch, tmp_path / "out"),
    )


@pytest.mark.slow
def test_nothing_is_done_twice(folder: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run(folder, out)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.docx")}
    again = run(folder, out, resume=True)
    assert {path: path.stat().st_mtime_ns for path in out.glob("*.docx")} == before
    assert left(out) == undisturbed
    assert [r.kept for r in sorted(again, key=lambda r: r.workbook)] == [True] * 4 + [False, True]
    assert {r.workbook: r.findings for r in again} == {r.workbook: r.findings for r in first}


def _change_book(folder: Path, out: Path) -> None:
    (folder / "01.xlsx").write_bytes(book("第1局", seed=40))


def _remove_output(folder: Path, out: Path) -> None:
    next(out.glob("第1局*.json")).unlink()


def _cut_output(folder: Path, out: Path) -> None:
    path = next(out.glob("第1局*.docx"))
    path.write_bytes(path.read_bytes()[:100])


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [_change_book, _remove_output, _cut_output], ids=lambda f: f.__name__
)
def test_what_is_missing_or_changed_is_made_again(
    change: Callable[[Path, Path], None], done: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, out = done
    change(folder, out)
    results = run(folder, out, resume=True)
    assert [r.workbook.name for r in results if not r.kept] == ["01.xlsx", "a坏.xlsx"]
    run(folder, tmp_path / "fresh")
    assert {n: d for n, d in left(out).items() if "改动过" not in n and n != RESULTS_FILE} == {
        n: d for n, d in left(tmp_path / "fresh").items() if n != RESULTS_FILE
    }


def test_a_report_somebody_has_changed_is_put_aside_not_lost(done: tuple[Path, Path]) -> None:
    folder, out = done
    next(out.glob("第1局*.docx")).write_bytes(b"by hand")
    (result,) = [r for r in run(folder, out, resume=True) if r.workbook.name == "01.xlsx"]
    (aside,) = out.glob("第1局*改动过*")
    assert aside.read_bytes() == b"by hand"
    assert aside.name in result.notes[0]


def test_other_options_make_everything_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(folder, out, to=("json",))
    assert not any(r.kept for r in run(folder, out, to=QUICK, resume=True))


def test_a_workbook_that_no_longer_passes_leaves_its_old_report_and_says_so(
    done: tuple[Path, Path],
) -> None:
    folder, out = done
    run(folder, out, resume=True)
    before = left(out)
    (folder / "01.xlsx").write_bytes(book("第1局", wrong=True))
    (result,) = [r for r in run(folder, out, resume=True) if r.workbook.name == "01.xlsx"]
    assert result.status is Status.REFUSED
    assert "与现在的工作簿不符" in result.notes[0]
    (folder / "01.xlsx").write_bytes(book("第1局", seed=1))
    run(folder, out, resume=True)
    assert left(out) == before


def test_a_workbook_of_another_agency_takes_its_old_report_away(done: tuple[Path, Path]) -> None:
    folder, out = done
    (folder / "01.xlsx").write_bytes(book("新名局", seed=1))
    run(folder, out, resume=True)
    assert not list(out.glob("第1局*"))
    assert len(list(out.glob("新名局*"))) == 2


def _twins(folder: Path) -> None:
    shelve(
        folder,
        {
            "03.json": exported("第1局", "11420100000000001X", seed=50),
            "另.json": exported("第1局", seed=51),
        },
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "come",
    [lambda folder: shelve(folder, {"重报.json": exported("第1局", seed=40)}), _twins],
    ids=["one", "twins"],
)
def test_a_workbook_handed_in_again_under_another_file_name_takes_the_place_of_its_old_report(
    come: Callable[[Path], object], tmp_path: Path
) -> None:
    folder, out = exports_of(tmp_path / "in"), tmp_path / "out"
    run(folder, out, to=QUICK)
    (folder / "01.json").unlink()
    come(folder)
    assert not [
        r.error
        for r in run(folder, out, to=QUICK, resume=True)
        if r.status is Status.FAILED and r.exit_code != 3
    ]
    run(folder, tmp_path / "fresh", to=QUICK)
    fresh = left(tmp_path / "fresh")
    assert {n: d for n, d in left(out).items() if n in fresh and n != RESULTS_FILE} == {
        n: d for n, d in fresh.items() if n != RESULTS_FILE
    }


@pytest.mark.slow
def test_workbooks_that_exchange_their_agencies_exchange_their_reports(tmp_path: Path) -> None:
    bystanders = {f"{n}.json": exported(f"第{n}局", seed=n) for n in range(3, 9)}
    folder = shelve(
        tmp_path / "in",
        {"1.json": exported("甲局", seed=1), "2.json": exported("乙局", seed=2), **bystanders},
    )
    run(folder, tmp_path / "out", to=QUICK)
    shelve(folder, {"1.json": exported("乙局", seed=1), "2.json": exported("甲局", seed=2)})
    results = run(folder, tmp_path / "out", to=QUICK, resume=True)
    assert {result.status for result in results} == {Status.MADE}
    run(folder, tmp_path / "fresh", to=QUICK)
    assert left(tmp_path / "out") == left(tmp_path / "fresh")


def test_a_report_in_a_form_that_is_not_asked_for_again_is_pointed_out(tmp_path: Path) -> None:
    folder = shelve(tmp_path / "in", {"1.xlsx": book("甲局", seed=1)})
    run(folder, tmp_path / "out")
    shelve(folder, {"1.xlsx": book("甲局", seed=2)})
    (result,) = run(folder, tmp_path / "out", to=("docx",), resume=True)
    assert "甲局2024年政府信息公开工作年度报告.json，这次没有重做" in "".join(result.notes)
    assert len(left(tmp_path / "out")) == 4
    (result,) = run(folder, tmp_path / "out", resume=True)
    assert result.notes == ()


def test_a_page_and_its_fragment_are_told_apart_when_reports_change_hands(tmp_path: Path) -> None:
    folder, out, to = tmp_path / "in", tmp_path / "out", ("docx", "html-fragment")
    run(shelve(folder, {"b.xlsx": book("甲局", seed=1)}), out, to=to)
    shelve(folder, {"a.xlsx": book("甲局", seed=1), "b.xlsx": book("丙局", seed=2)})
    run(folder, out, to=to, resume=True)
    before = left(out)
    assert len([name for name in before if name.endswith(".fragment.html")]) == 2
    for _ in range(2):
        assert all(result.kept for result in run(folder, out, to=to, resume=True))
        assert left(out) == before


def test_fewer_forms_of_two_agencies_of_one_name_leave_the_others_of_both_and_say_so(
    tmp_path: Path,
) -> None:
    folder = shelve(
        tmp_path / "in", {f"{n}.xlsx": book("甲局", f"{n}" * 18, seed=n) for n in (1, 2)}
    )
    run(folder, tmp_path / "out", to=FORMS)
    before = left(tmp_path / "out")
    results = run(folder, tmp_path / "out", to=("docx",), resume=True)
    assert left(tmp_path / "out").keys() == before.keys()
    assert ["这次没有重做" in "".join(result.notes) for result in results[:2]] == [True, True]


def test_a_report_changed_by_hand_stays_when_its_agency_goes_and_that_is_said(
    tmp_path: Path,
) -> None:
    folder, out = shelve(tmp_path / "in", {"1.xlsx": book("甲局", seed=1)}), tmp_path / "out"
    run(folder, out)
    (old,) = out.glob("甲局*.docx")
    old.write_bytes(b"by hand")
    shelve(folder, {"1.xlsx": book("乙局", seed=1)})
    (result,) = run(folder, out, resume=True)
    assert old.read_bytes() == b"by hand"
    assert f"{old.name}，生成之后被改动过，没有删去" in "".join(result.notes)
    assert not list(out.glob("甲局*.json"))


DAMAGED = {
    "a status that is none": "status = 'gone'",
    "zeros": "findings = zeroblob(40)",
    "no JSON": "findings = 'xxxx'",
    "no list": "findings = '[1]'",
    "no files": "outputs = '{}'",
    "no names": "outputs = '[]'",
    "no notes": "notes = '1'",
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_costs_its_workbook_and_nothing_else(
    damage: str, made_batch: Path, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.copytree(made_batch, tmp_path / "out")
    with ledger(tmp_path / "out") as database:
        database.execute(f"UPDATE workbook SET {damage} WHERE path = '00.xlsx'")
        database.commit()
    for kept in (4, 5):  # one workbook could not be read, and is tried each time
        assert sum(result.kept for result in run(folder, tmp_path / "out", resume=True)) == kept
        assert left(tmp_path / "out") == undisturbed


def _other_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def _overwritten(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"x" * 4096 + data[8192:])


def _no_database(path: Path) -> None:
    path.write_bytes(b"another version\n" * 100)


@pytest.mark.slow
@pytest.mark.parametrize("damage", [_other_version, _overwritten, _no_database])
def test_a_batch_that_cannot_begin_leaves_what_the_last_one_said(
    damage: Callable[[Path], None],
    made_batch: Path,
    folder: Path,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
) -> None:
    out = shutil.copytree(made_batch, tmp_path / "out")
    damage(out / HIDDEN / LEDGER_FILE)
    for more in ({}, {"resume": True}):
        with pytest.raises(UsageError, match=r"不是本程序|--resume"):
            run(folder, out, **more)
        assert left(out) == undisturbed
    run(folder, out, force=True)
    assert left(out) == undisturbed
    assert sum(result.kept for result in run(folder, out, resume=True)) == 5


def test_the_record_of_an_earlier_version_is_told_with_what_to_do(
    made_batch: Path, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = shutil.copytree(made_batch, tmp_path / "out")
    (out / HIDDEN / LEDGER_FILE).unlink()
    old = out / HIDDEN / "batch.jsonl"
    old.write_text('{"schema": "govdisclose/batch/1"}\n{"book": "00.xlsx"}\n')
    for more, words in (({}, "--force"), ({"resume": True}, "以前版本")):
        with pytest.raises(UsageError, match=words):
            run(folder, out, **more)
        assert left(out) == undisturbed
    run(folder, out, force=True)
    assert left(out) == undisturbed
    assert not old.exists()


@pytest.mark.slow
def test_a_second_run_changes_nothing_whatever_has_happened_before(tmp_path: Path) -> None:
    """Publishing makes the folder equal the records: doing so twice is doing so once.

    The reports are exports in JSON, and most runs make JSON, which is quick: what a file holds
    does not matter here.
    """
    chance = Random(3)
    folder, out = exports_of(tmp_path / "in", 3), tmp_path / "out"
    for _ in range(7):
        name = chance.choice(["00.json", "01.json", "x/02.json", "x/03.json"])
        agency = chance.choice(["第1局", "第2局", "甲局"])
        code = chance.choice([None, "A" * 18, "B" * 18])
        shelve(folder, {name: exported(agency, code, chance.randint(1, 3), chance.random() < 0.2)})
        run(folder, out, to=chance.choice([("json",), FORMS]), resume=True)
        for more in ({"resume": True}, {"force": True}):
            run(folder, out, to=("json",), **more)
            before = left(out)
            run(folder, out, to=("json",), **more)
            assert left(out) == before


def test_a_crash_between_a_file_and_its_record_is_no_reason_to_ask_for_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workbook has changed meanwhile, so the file that is there is not what comes out now."""
    folder, out = shelve(tmp_path / "in", {"1.xlsx": book("甲局", seed=1)}), tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr("govdisclose.many.batch.ledger.Ledger.write", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(folder, out)
    assert len(left(out)) == 2
    shelve(folder, {"1.xlsx": book("甲局", seed=2)})
    (result,) = run(folder, out, resume=True)
    assert (result.status, result.notes) == (Status.MADE, ())
    run(folder, tmp_path / "fresh")
    assert left(out) == left(tmp_path / "fresh")


@pytest.mark.slow
@pytest.mark.parametrize("agency", ["甲局", "乙局"])
def test_so_it_is_when_the_report_replaces_an_earlier_one_or_has_another_agency(
    agency: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = shelve(tmp_path / "in", {"1.xlsx": book("甲局", seed=1)}), tmp_path / "out"
    run(folder, out)
    shelve(folder, {"1.xlsx": book("甲局", seed=2)})
    with monkeypatch.context() as patch:
        patch.setattr("govdisclose.many.batch.ledger.Ledger.write", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(folder, out, resume=True)
    shelve(folder, {"1.xlsx": book(agency, seed=3)})
    (result,) = run(folder, out, resume=True)
    assert (result.status, result.notes) == (Status.MADE, ())
    run(folder, tmp_path / "fresh")
    assert left(out) == left(tmp_path / "fresh")


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_results_are_not_replaced_unless_told_to(
    made_batch: Path, folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = shutil.copytree(made_batch, tmp_path / "out")
    with pytest.raises(UsageError, match="--resume"):
        run(folder, out)
    assert left(out) == undisturbed
    assert not any(r.kept for r in run(folder, out, force=True))
    assert left(out) == undisturbed


@pytest.mark.slow
def test_a_file_of_somebody_elses_is_never_replaced_without_force(tmp_path: Path) -> None:
    folder, out = folder_of(tmp_path / "in"), tmp_path / "out"
    name = "第1局2024年政府信息公开工作年度报告.docx"
    shelve(out, {name: b"theirs"})
    for more in ({}, {"resume": True}):
        (result,) = [r for r in run(folder, out, **more) if r.workbook.name == "01.xlsx"]
        assert (result.status, result.exit_code) == (Status.FAILED, 2)
        assert (out / name).read_bytes() == b"theirs"
    (result,) = [r for r in run(folder, out, force=True) if r.workbook.name == "01.xlsx"]
    assert result.status is Status.MADE
    assert (out / name).read_bytes() != b"theirs"


def test_a_dry_run_says_the_same_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    dry = run(folder, out, dry_run=True)
    assert not out.exists()
    wet = run(folder, out)
    assert [(r.workbook, r.status, r.outputs, r.findings) for r in dry] == [
        (r.workbook, r.status, r.outputs, r.findings) for r in wet
    ]
    before = left(tmp_path)
    assert [r.kept for r in run(folder, out, dry_run=True, resume=True)].count(True) == 5
    assert left(tmp_path) == before
