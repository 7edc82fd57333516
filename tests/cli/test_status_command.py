"""The command status: what it says, where it writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import Agency
from govdisclose.form.long_table import tabled
from govdisclose.read.published.word.reader import read_docx
from support import seasons
from support.browser import needs_axe, needs_browser, opened, violations
from support.commands import Run
from support.long_tables import long_file
from support.pages import text_pages
from support.reports import consistent_report
from support.seasons import Place, workbook


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Three units: one in order, one with an error, one that is missing."""
    made = seasons.place(tmp_path, *map(seasons.unit, (1, 2, 3)))
    made.put("1.xlsx", workbook("甲市第1局", "U1"))
    made.put("2.xlsx", workbook("甲市第2局", "U2", wrong=1))
    return made


@pytest.mark.slow
def test_missing_units_are_no_fault_of_the_command(place: Place, run) -> None:
    done: Run = run("status", place.inbox, "--roster", place.roster, "--today", "2025-01-20")
    assert done.code == 0
    assert "应报 3 家：已收 1 家，退回待改 1 家，缺报 1 家" in done.out
    assert "法定期限：2025-01-31（还有 11 天）" in done.out
    assert "乙县人民政府 1 家：甲市第3局" in done.out


@pytest.mark.slow
def test_every_form_is_written_at_once(place: Place, run) -> None:
    outputs = [place.root / f"s{ending}" for ending in (".xlsx", ".html", ".json")]
    options = [part for path in outputs for part in ("-o", path)]
    done: Run = run("status", place.inbox, "--roster", place.roster, "--format", "json", *options)
    assert done.code == 0
    assert json.loads(done.out)["counts"]["expected"] == 3
    assert all(path.exists() for path in outputs)


@pytest.mark.slow
def test_outputs_in_the_inbox_are_nobodys_reports(place: Place, run) -> None:
    output = place.inbox / "情况.xlsx"
    for force in ([], ["--force"]):
        done: Run = run("status", place.inbox, "--roster", place.roster, "-o", output, *force)
        assert done.code == 0
        assert "不在册" not in done.out


@pytest.mark.slow
def test_letters_in_the_inbox_are_nobodys_reports(place: Place, run) -> None:
    folder = place.inbox / "退回"
    for told in ("新写 1 份", "新写 0 份，1 份没有变化"):
        done: Run = run(
            "status",
            place.inbox,
            "--roster",
            place.roster,
            "--today",
            "2025-01-20",
            "--return",
            folder,
        )
        assert (done.code, told in done.err) == (0, True)
        assert "不在册" not in done.out


@pytest.mark.slow
def test_a_batch_sends_back_too(place: Place, run) -> None:
    folder = place.root / "退回"
    options = ["--roster", place.roster, "--year", "2024", "--return", folder]
    done: Run = run("batch", place.inbox, "-o", place.root / "报告", "--to", "json", *options)
    assert done.code == 6
    assert [path.name for path in folder.glob("*.docx")] == ["甲市第2局.docx"]
    assert "退回函在" in done.err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--today", "昨天"], 2, "--today 应为日期"),
        (["--sender", "甲市"], 2, "要与 --return 一起用"),
        (["-o", "s.pdf"], 2, "s.pdf 的扩展名不对"),
        (["--roster", "没有.xlsx"], 3, "找不到文件"),
    ],
)
def test_misuse_is_one_sentence(
    options: list[str], code: int, words: str, place: Place, run
) -> None:
    done: Run = run("status", place.inbox, "--roster", place.roster, *options)
    assert (done.code, words in done.err) == (code, True)
    assert "Traceback" not in done.err


def test_every_fault_of_the_roster_is_told_by_cell(place: Place, run) -> None:
    workbook = load_workbook(place.roster)
    workbook.active["C5"] = "没有这一家"
    workbook.active["E6"] = "也许"
    workbook.save(place.roster)
    done: Run = run("status", place.inbox, "--roster", place.roster)
    assert done.code == 1
    assert "没有这一家" in done.err
    assert "E6" in done.err


_OUT_OF_VIEW = """() => {
  const lists = [...document.querySelectorAll('table')].filter((table) => /情况|原因/.test(table.tHead.textContent))
  const cells = lists.flatMap((table) => [...table.querySelectorAll('th, td')])
  const hidden = cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth)
  return hidden.map((cell) => cell.outerHTML)
}"""
"""The cells of the lists of units that a person does not see without scrolling sideways."""


@pytest.mark.slow
@needs_browser
@needs_axe
def test_the_page_is_accessible_and_sorts(place: Place, run, browser) -> None:
    output = place.root / "s.html"
    run("status", place.inbox, "--roster", place.roster, "-o", output)
    with opened(browser, output, 390) as page:
        assert violations(page) == []
        assert page.said == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.evaluate(_OUT_OF_VIEW) == []
        table = page.locator("table.sortable").last
        by_unit = table.locator("thead button").nth(2)
        by_unit.click()
        up = table.locator("tbody th").all_inner_texts()
        by_unit.click()
        assert table.locator("tbody th").all_inner_texts() == up[::-1]
        assert [name for name in up if name.startswith("甲市第")] == [
            "甲市第1局",
            "甲市第2局",
            "甲市第3局",
        ]


@pytest.mark.slow
@needs_browser
def test_a_list_on_several_pages_of_paper_repeats_its_header(place: Place, run, browser) -> None:
    output = place.root / "s.html"
    run("status", place.inbox, "--roster", place.roster, "-o", output)
    with opened(browser, output) as page:
        page.add_style_tag(content="tbody td{height:90mm}")
        printed = page.pdf(prefer_css_page_size=True)
    texts = []
    for sheet in text_pages(printed, slice(None)):
        texts.append("".join(line.text for line in sheet.text))
    lists = [text for text in texts if "甲市第" in text]
    assert len(lists) > 3
    assert [text for text in lists if "联系" not in text] == []


@pytest.mark.slow
def test_letters_of_a_batch_hold_what_does_not_fit_last_year(place: Place, run) -> None:
    before = consistent_report(seed=2).evolve(agency=Agency("甲市第2局", "U2"), year=2023)
    last = long_file(
        place.root / "上年.csv",
        [tabled(before.with_values({"requests.carried_out.natural_person": 9_999}))],
    )
    folder = place.root / "退回"
    options = ["--roster", place.roster, "--year", "2024", "--return", folder, "--previous", last]
    run("batch", place.inbox, "-o", place.root / "报告", "--to", "json", *options)
    (letter,) = folder.glob("*.docx")
    text = "\n".join(line.text for line in read_docx(letter.read_bytes(), letter.name).lines)
    assert "C101" in text
