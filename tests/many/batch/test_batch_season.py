"""A batch with a roster and a year: doubled units, other years, published reports, who is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import export_report, read_report
from govdisclose.errors import InputError, UsageError
from govdisclose.form.report import Agency
from govdisclose.many.batch.plan import batch_reports
from govdisclose.many.batch.result import RESULTS_FILE, SUPERSEDED, BatchResult, Status
from govdisclose.many.batch.season import BatchEnd
from govdisclose.roster import RosterUnit, make_roster, write_roster
from govdisclose.write.workbook import workbook_bytes
from support.archives import shelved, zipped
from support.batches import book
from support.commands import Run
from support.reports import consistent_report
from support.units import cell_sums

ROSTER = make_roster(
    [RosterUnit("", name, code) for name, code in (("甲局", "1"), ("乙局", None), ("丙局", None))]
)


def last_year(name: str) -> bytes:
    title = f"{name}2023年政府信息公开工作年度报告"
    report = consistent_report().evolve(agency=Agency(name, None, "agency"), title=title, year=2023)
    return workbook_bytes(report)


def season(folder: Path, out: Path, **more: object) -> tuple[dict[str, BatchResult], BatchEnd]:
    """The last result of each file by its name, and the end."""
    ends: list[BatchEnd] = []
    wanted = {"roster": ROSTER, "year": 2024, "on_end": ends.append, "resume": out.exists(), **more}
    results = list(batch_reports(folder, out, **wanted))  # type: ignore[arg-type]  # as given
    (end,) = ends
    return {r.workbook.relative_to(folder).as_posix(): r for r in results}, end


def reports(out: Path) -> list[str]:
    return sorted(path.name.partition("2024")[0] for path in out.glob("*.docx"))


def sheet(out: Path, name: str) -> list[tuple[object, ...]]:
    workbook = load_workbook(out / RESULTS_FILE)
    if name not in workbook.sheetnames:
        return []
    return list(workbook[name].iter_rows(values_only=True))


def choose(
    out: Path, *files: str, word: str = "是", keeps_results_of_formulas: bool = True
) -> Path:
    """结果.xlsx as the office saves it: the word beside the files that count."""
    path = out.parent / "选定.xlsx"
    workbook = load_workbook(out / RESULTS_FILE)
    page = workbook["结果"]
    head = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        shown = row[head.index("工作簿")]
        file = str(shown.value).rpartition('","')[2].removesuffix('")')
        if keeps_results_of_formulas:  # openpyxl does not
            shown.value = file
        if file in files:
            row[head.index("以此为准")].value = word
    workbook.save(path)
    return path


TWO = {
    "甲.xlsx": book("甲局", "1", seed=1),
    "更正/甲.xlsx": book("甲局", "1", seed=2),
    "乙.xlsx": book("乙局", seed=3),
}


def test_two_versions_of_a_unit_are_told_and_neither_is_made(tmp_path: Path) -> None:
    results, end = season(shelved(tmp_path / "in", TWO), tmp_path / "out")
    for name in ("甲.xlsx", "更正/甲.xlsx"):
        assert results[name].status is Status.UNDECIDED
        assert (
            "甲.xlsx、更正/甲.xlsx" in results[name].message
            or "更正/甲.xlsx、甲.xlsx" in results[name].message
        )
    assert results["乙.xlsx"].status is Status.MADE
    assert reports(tmp_path / "out") == ["乙局"]
    assert not (tmp_path / "out" / SUPERSEDED).exists()
    assert [unit.name for unit in end.missing] == ["丙局"]
    assert [row[0] for row in sheet(tmp_path / "out", "缺报")] == ["机关名称", "丙局"]


@pytest.mark.slow
def test_the_office_chooses_between_versions_and_may_change_its_mind(tmp_path: Path) -> None:
    folder, out = shelved(tmp_path / "in", TWO), tmp_path / "out"
    season(folder, out)
    fresh = {}
    for name in ("甲.xlsx", "更正/甲.xlsx"):
        other = ({"甲.xlsx", "更正/甲.xlsx"} - {name}).pop()
        results, _ = season(folder, out, decisions=choose(out, name))
        assert (results[name].status, results[other].status) == (Status.MADE, Status.SUPERSEDED)
        assert f"以 {name} 为准" in results[other].message
        assert [path.name.partition("2024")[0] for path in out.glob("*局*（*")] == []
        assert reports(out) == ["乙局", "甲局"]
        fresh[name] = next(out.glob("甲局*.docx")).read_bytes()
    assert len(set(fresh.values())) == 2
    (old,) = (out / SUPERSEDED).glob("*.docx")
    assert old.read_bytes() == fresh["甲.xlsx"]
    season(folder, out, decisions=choose(out, "甲.xlsx"))
    assert next(out.glob("甲局*.docx")).read_bytes() == fresh["甲.xlsx"]
    aside = [path.read_bytes() for path in (out / SUPERSEDED).glob("*.docx")]
    assert aside == [fresh["更正/甲.xlsx"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"三/甲.xlsx": book("甲局", "1", seed=7)}, "又来了 三/甲.xlsx"),
        ({"甲.xlsx": book("甲局", "1", seed=8)}, "甲.xlsx 又改动过"),
    ],
)
def test_a_choice_holds_only_for_the_files_that_the_office_has_seen(
    change: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    folder, out = shelved(tmp_path / "in", TWO), tmp_path / "out"
    season(folder, out)
    decisions = choose(out, "更正/甲.xlsx")
    shelved(folder, change)
    results, _ = season(folder, out, decisions=decisions)
    assert results["更正/甲.xlsx"].status is Status.UNDECIDED
    assert said in results["更正/甲.xlsx"].message


def test_a_choice_of_two_versions_is_no_choice(tmp_path: Path) -> None:
    folder, out = shelved(tmp_path / "in", TWO), tmp_path / "out"
    season(folder, out)
    results, _ = season(folder, out, decisions=choose(out, "甲.xlsx", "更正/甲.xlsx"))
    assert "写了 2 份" in results["甲.xlsx"].message
    with pytest.raises(UsageError, match=r"“以此为准”只能写“是”"):
        season(folder, out, decisions=choose(out, "甲.xlsx", word="这份"))
    with pytest.raises(InputError, match="没有“以此为准”和“工作簿”两列"):
        season(folder, out, decisions=write_roster(tmp_path / "花名册.xlsx", ROSTER.units))


def test_a_sheet_of_choices_that_a_script_has_saved_is_refused_with_the_cause(
    tmp_path: Path,
) -> None:
    folder, out = shelved(tmp_path / "in", TWO), tmp_path / "out"
    season(folder, out)
    decisions = choose(out, "甲.xlsx", keeps_results_of_formulas=False)
    with pytest.raises(
        UsageError, match=r"的公式没有计算结果，不知是哪一份.*请用 Excel 或 WPS 打开"
    ):
        season(folder, out, decisions=decisions)


def test_the_same_file_twice_is_made_once(tmp_path: Path) -> None:
    data = book("甲局", "1")
    folder = shelved(tmp_path / "in", {"甲.xlsx": data, "又.zip": zipped({"甲.xlsx": data})})
    results, _ = season(folder, tmp_path / "out")
    assert results["又.zip/甲.xlsx"].status is Status.MADE
    assert results["甲.xlsx"].status is Status.SUPERSEDED
    assert "内容完全相同" in results["甲.xlsx"].message
    assert reports(tmp_path / "out") == ["甲局"]


def test_a_version_that_passes_is_made_beside_one_that_does_not(tmp_path: Path) -> None:
    files = {"甲.xlsx": book("甲局", "1", wrong=True), "甲更正.xlsx": book("甲局", "1")}
    results, _ = season(shelved(tmp_path / "in", files), tmp_path / "out")
    assert results["甲.xlsx"].status is Status.REFUSED
    assert results["甲更正.xlsx"].status is Status.MADE
    notes = {row[-2]: row[-4] for row in sheet(tmp_path / "out", "结果")[1:]}
    assert all("同一单位还有" in str(note) for note in notes.values())


def test_other_years_are_set_aside_and_listed(tmp_path: Path) -> None:
    folder = shelved(
        tmp_path / "in", {"甲.xlsx": book("甲局", "1"), "去年/甲.xlsx": last_year("甲局")}
    )
    results, _ = season(folder, tmp_path / "out")
    assert results["去年/甲.xlsx"].status is Status.OTHER_YEAR
    assert "2023 年度" in results["去年/甲.xlsx"].message
    assert results["甲.xlsx"].status is Status.MADE
    assert len(list((tmp_path / "out").glob("*.docx"))) == 1


def _correct(folder: Path) -> None:
    shelved(folder, {"甲更正.xlsx": book("甲局", "1", seed=5)})


def _spoil(folder: Path) -> None:
    shelved(folder, {"甲.xlsx": book("甲局", "1", wrong=True)})


def _take_away(folder: Path) -> None:
    (folder / "甲.xlsx").unlink()


def _hand_in_last_years(folder: Path) -> None:
    shelved(folder, {"甲.xlsx": last_year("甲局")})


@pytest.mark.parametrize(
    ("come", "why"),
    [
        (_correct, "不同的报告"),
        (_spoil, "未通过检查"),
        (_take_away, "已不在"),
        (_hand_in_last_years, "2023 年度"),
    ],
)
def test_a_replaced_report_of_an_earlier_run_is_moved_and_listed(
    come: Callable[[Path], None], why: str, tmp_path: Path
) -> None:
    folder, out = (
        shelved(tmp_path / "in", {"甲.xlsx": book("甲局", "1"), "乙.xlsx": book("乙局")}),
        tmp_path / "out",
    )
    season(folder, out)
    before = next(out.glob("甲局*.docx")).read_bytes()
    come(folder)
    _, end = season(folder, out)
    assert reports(out) == ["乙局"]
    (moved,) = end.set_aside
    assert (moved.path.parent, moved.path.read_bytes(), moved.workbook) == (
        out / SUPERSEDED,
        before,
        "甲.xlsx",
    )
    assert why in moved.reason
    assert [str(row[0]) for row in sheet(out, SUPERSEDED)[1:]] == [
        f"{SUPERSEDED}/{moved.path.name}"
    ]
    _, end = season(folder, out)
    assert (end.set_aside, moved.path.exists()) == ((), True)
    assert sheet(out, SUPERSEDED)[1][2] == "以前移入"


def test_a_crash_before_the_move_is_made_good_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = (
        shelved(tmp_path / "in", {"甲.xlsx": book("甲局", "1"), "乙.xlsx": book("乙局")}),
        tmp_path / "out",
    )
    season(folder, out)
    before = next(out.glob("甲局*.docx")).read_bytes()
    _correct(folder)

    def fail(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("govdisclose.many.batch.set_aside.move", fail)
        with pytest.raises(KeyboardInterrupt):
            season(folder, out)
    _, end = season(folder, out)
    assert reports(out) == ["乙局"]
    assert before in [path.read_bytes() for path in (out / SUPERSEDED).iterdir()]
    assert {one.path for one in end.set_aside} == set((out / SUPERSEDED).iterdir())


def _published(report: bytes, folder: Path) -> bytes:
    path = shelved(folder, {"x.xlsx": report}) / "x.xlsx"
    return export_report(path, to="html", force=True).path.read_bytes()


@pytest.mark.slow
def test_published_reports_are_checked_and_not_made_again_unless_asked(tmp_path: Path) -> None:
    page = _published(book("甲局", "1"), tmp_path / "x")
    files = {"甲.html": page, "乙.xlsx": book("乙局"), "通知.txt": "放假通知".encode()}
    results, end = season(shelved(tmp_path / "in", files), tmp_path / "out")
    assert results["甲.html"].status is Status.PUBLISHED
    assert results["甲.html"].agency == "甲局"
    assert reports(tmp_path / "out") == ["乙局"]
    assert [unit.name for unit in end.missing] == ["丙局"]
    assert [row[0] for row in sheet(tmp_path / "out", "看过、没有采用的文件")] == [
        "文件",
        "通知.txt",
    ]
    again, _ = season(tmp_path / "in", tmp_path / "out")
    assert again["甲.html"].kept
    results, _ = season(tmp_path / "in", tmp_path / "two", published=True)
    assert results["甲.html"].status is Status.MADE
    assert reports(tmp_path / "two") == ["乙局", "甲局"]


def test_reports_in_archives_are_made(tmp_path: Path) -> None:
    packed = zipped({"收件/甲.xlsx": book("甲局", "1"), "收件/照片.png": b""}, "gbk")
    results, end = season(shelved(tmp_path / "in", {"来.zip": packed}), tmp_path / "out")
    assert results["来.zip/收件/甲.xlsx"].status is Status.MADE
    assert [one.name for one in end.not_read] == ["来.zip/收件/照片.png"]
    assert season(tmp_path / "in", tmp_path / "out")[0]["来.zip/收件/甲.xlsx"].kept
    (link,) = [row[-2] for row in sheet(tmp_path / "out", "结果")[1:]]
    assert "来.zip/收件/甲.xlsx" in str(link)


@pytest.mark.slow
def test_the_command_says_who_is_missing_and_what_is_to_be_decided(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    folder, out = shelved(tmp_path / "in", TWO), tmp_path / "out"
    write_roster(folder / "花名册.xlsx", ROSTER.units)
    more = ("--roster", folder / "花名册.xlsx", "--year", 2024)
    done = run("batch", folder, "-o", out, *more)
    assert (done.code, "缺报 1 家：丙局" in done.err) == (6, True)
    assert "已生成 1 份，重报待定 2 份" in done.err
    assert "--decisions 结果.xlsx" in done.err
    done = run("batch", folder, "-o", out, "--resume", *more, "--decisions", choose(out, "甲.xlsx"))
    assert (done.code, "已生成 2 份，不采用 1 份" in done.err) == (0, True)


@pytest.mark.parametrize("chosen", ["甲.xlsx", "更正/甲.xlsx"])
@pytest.mark.slow
def test_a_sum_takes_the_version_that_was_chosen_for_the_batch(
    chosen: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    folder, out = shelved(tmp_path / "in", TWO), tmp_path / "out"
    season(folder, out)
    total = tmp_path / "汇总.xlsx"
    assert run("aggregate", folder, "-o", total).code == 1
    done = run("aggregate", folder, "-o", total, "--decisions", choose(out, chosen))
    assert (done.code, f"已选定以 {chosen} 为准" in done.err) == (0, True)
    expected = cell_sums(*(read_report(TWO[name]).report for name in (chosen, "乙.xlsx")))
    assert read_report(total).report.values() == expected
    shelved(folder, {chosen: book("甲局", "1", seed=9)})
    done = run("aggregate", folder, "-o", total, "--force", "--decisions", tmp_path / "选定.xlsx")
    assert (done.code, f"{chosen} 又改动过" in done.err) == (1, True)


@pytest.mark.slow
def test_a_report_that_the_roster_does_not_expect_is_told_at_its_row_and_at_the_end(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    rows = [
        RosterUnit("", "甲局", "1"),
        RosterUnit("", "文化局", merged_into=("甲局",), dissolved=2024),
        RosterUnit("", "中心", reports=False),
    ]
    write_roster(tmp_path / "花名册.xlsx", make_roster(rows).units)
    names = ("甲局", "文化局", "丁局", "中心")
    books = {f"{name}.xlsx": book(name, seed=n) for n, name in enumerate(names)}
    folder, out = shelved(tmp_path / "in", books), tmp_path / "out"
    roster = tmp_path / "花名册.xlsx"
    ended = run("batch", folder, "-o", out, "--roster", roster, "--year", 2024)
    merged = "花名册上“文化局”2024 年并入“甲局”，不用报 2024 年度的报告"
    unknown = "花名册上没有这个单位"
    not_asked = "花名册上“中心”的“填报”是“否”，却交来了报告"
    assert "按花名册不该有的报告 3 份" in ended.err
    reasons = {"文化局": merged, "丁局": unknown, "中心": not_asked}
    for name, reason in reasons.items():
        assert f"{name}.xlsx（{reason}）" in ended.err
    cells = [cell for row in sheet(out, "结果") for cell in row]
    assert sorted(str(cell) for cell in cells if cell in reasons.values()) == sorted(
        reasons.values()
    )


def test_reports_of_namesakes_without_a_code_are_no_versions_of_one(tmp_path: Path) -> None:
    namesakes = [RosterUnit("", "财政局", code) for code in ("1", "2")]
    books = {"甲县.xlsx": book("财政局", seed=1), "乙县.xlsx": book("财政局", seed=2)}
    results, end = season(
        shelved(tmp_path / "in", books), tmp_path / "out", roster=make_roster(namesakes)
    )
    assert {result.status for result in results.values()} == {Status.MADE}
    said = [row[11] for row in sheet(tmp_path / "out", "结果")[1:]]
    assert said == ["花名册上有 2 家“财政局”，要用代码区分，报告的代码空着"] * 2
    assert [unit.code for unit in end.missing] == ["1", "2"]


def test_a_year_to_come_was_mistyped_and_the_unit_is_not_missing(tmp_path: Path) -> None:
    report = consistent_report().evolve(agency=Agency("甲局", "1", "agency"), title="", year=2099)
    books = {"甲.xlsx": workbook_bytes(report), "乙.xlsx": last_year("乙局")}
    results, end = season(shelved(tmp_path / "in", books), tmp_path / "out")
    assert results["甲.xlsx"].status is Status.REFUSED
    told = results["甲.xlsx"].findings[0]
    assert (told.code, told.expected, told.found) == ("H112", "2024", "2099")
    assert str(told.place).endswith("基本信息!B7")
    assert results["乙.xlsx"].status is Status.OTHER_YEAR
    assert [unit.name for unit in end.missing] == ["乙局", "丙局"]
