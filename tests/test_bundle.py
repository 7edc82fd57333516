"""``export --to all``: one folder with every form, whole or not there, and never in place of anything else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from govdisclose import EDITIONS, Agency, FindingsError, read_report
from govdisclose.bundle import Bundle, export_all
from govdisclose.errors import OutputError, UsageError
from govdisclose.outputs import OFFERED
from govdisclose.write import office
from support.commands import Run
from support.reports import consistent_report, write_book

BOOK = Path("sample_workbooks/huaian-2024.xlsx")


pytestmark = pytest.mark.usefixtures("small_pictures")


@pytest.fixture(scope="module", autouse=True)
def no_office() -> Iterator[None]:
    """The PDF has tests of its own; here LibreOffice is not there, which is a case as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "find_office", lambda: None)
        yield


@pytest.fixture(scope="module")
def made(small_pictures: None, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A folder to look at."""
    return export_all(BOOK, tmp_path_factory.mktemp("bundle") / "out")


def test_the_folder_holds_every_form_under_one_name(made: Bundle) -> None:
    stem = "淮安市人民政府2024年政府信息公开工作年度报告"
    expected = {
        f"{stem}.docx",
        *(stem + form.suffix for name, form in OFFERED.items() if name not in made.absent),
    }
    charts = {f"{stem}-图{n}.{kind}" for n in (1, 2, 3, 4) for kind in ("svg", "png")}
    assert {p.name for p in made.folder.iterdir()} == expected | charts | {
        "index.json",
        "SHA256SUMS",
    }
    assert "LibreOffice" in made.absent["pdf"]


def test_the_index_says_size_and_checksum_of_each_file(made: Bundle) -> None:
    index = json.loads((made.folder / "index.json").read_bytes())
    assert (index["year"], index["agency"]["name"]) == (2024, "淮安市人民政府")
    listed = {entry["name"]: (entry["size"], entry["sha256"]) for entry in index["files"]}
    files = [p for p in made.folder.iterdir() if p.name not in ("index.json", "SHA256SUMS")]
    assert listed == {
        p.name: (p.stat().st_size, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files
    }
    sums = (made.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert sums == [f"{sha256}  {name}" for name, (_, sha256) in listed.items()]
    assert [entry["form"] for entry in index["absent"]] == list(made.absent)


def test_what_is_in_the_folder_reads_back_as_the_report(made: Bundle) -> None:
    report = read_report(BOOK).report
    for item in made.items:
        if item.form in ("json", "docx"):
            assert read_report(made.folder / item.name).report.values() == report.values()


def test_the_same_report_gives_the_same_folder(made: Bundle, tmp_path: Path) -> None:
    assert export_all(BOOK, tmp_path / "again").items == made.items


def test_it_stands_beside_the_source_named_like_the_report(tmp_path: Path) -> None:
    book = write_book(tmp_path, consistent_report())
    assert export_all(book).folder == tmp_path / "某某市示范局2024年政府信息公开工作年度报告"


def test_last_year_is_drawn_beside_this_year(tmp_path: Path) -> None:
    report = consistent_report(seed=3)
    made = export_all(report, tmp_path / "out", previous=report.evolve(year=2023))
    assert "2023年" in next(p for p in made.folder.iterdir() if p.suffix == ".svg").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda e: e.name)
def test_a_very_long_name_still_makes_files(edition: object, tmp_path: Path) -> None:
    report = consistent_report(edition).evolve(agency=Agency("某" * 120, None), title="")  # type: ignore[arg-type]  # an edition
    assert len(export_all(report, tmp_path / "out").items) >= 6


def test_errors_stop_it_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(FindingsError):
        export_all("sample_workbooks/with-mistakes.xlsx", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


# --- what stands there already ------------------------------------------------------------------


def test_a_folder_that_exists_is_replaced_only_with_force(tmp_path: Path) -> None:
    made = export_all(BOOK, tmp_path / "out")
    with pytest.raises(UsageError, match="已存在"):
        export_all(BOOK, made.folder)
    again = export_all(consistent_report(), made.folder, force=True)
    assert {p.name for p in again.folder.iterdir()} >= {item.name for item in again.items}
    assert not any("淮安" in p.name for p in again.folder.iterdir())


@pytest.mark.parametrize("other", ["别的.txt", "子文件夹"])
def test_a_folder_with_anything_else_in_it_is_never_replaced(other: str, tmp_path: Path) -> None:
    made = export_all(BOOK, tmp_path / "out")
    (made.folder / other).mkdir() if other == "子文件夹" else (made.folder / other).write_text(
        "我的"
    )
    before = sorted(made.folder.iterdir())
    with pytest.raises(UsageError, match="别的文件"):
        export_all(BOOK, made.folder, force=True)
    assert sorted(made.folder.iterdir()) == before


@pytest.mark.parametrize("kind", ["empty folder", "file", "link"])
def test_what_is_no_such_folder_is_never_replaced(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    if kind == "empty folder":
        path.mkdir()
    elif kind == "file":
        path.write_text("我的")
    else:
        path.symlink_to(export_all(BOOK, tmp_path / "real").folder)
    with pytest.raises(UsageError, match="不覆盖"):
        export_all(BOOK, path, force=True)
    assert os.path.lexists(path)


def test_a_fault_on_the_way_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = export_all(BOOK, tmp_path / "out")
    before = {p.name: p.read_bytes() for p in made.folder.iterdir()}
    real = os.rename

    def refuse(source: Path, target: Path) -> None:
        if (
            Path(target) == made.folder
            and "index.json" in os.listdir(source)
            and list(Path(source).glob("某某*"))
        ):
            raise PermissionError
        real(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(OutputError, match="先关闭"):
        export_all(consistent_report(), made.folder, force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert {p.name: p.read_bytes() for p in made.folder.iterdir()} == before


def test_a_form_that_cannot_be_made_here_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_chart: object) -> bytes:
        raise OutputError("没有组件")

    monkeypatch.setattr("govdisclose.write.charts.png.chart_png", refuse)
    made = export_all(BOOK, tmp_path / "out")
    assert made.absent["png"] == "没有组件"
    assert not [item for item in made.items if item.form == "png"]


def test_pictures_say_in_the_index_what_they_show_and_those_not_drawn_why(
    made: Bundle, tmp_path: Path
) -> None:
    tongliao = BOOK.with_name("tongliao-minwei-2021.xlsx")
    bundles = {BOOK: made, tongliao: export_all(tongliao, tmp_path / "out")}
    index = {
        book: json.loads((bundle.folder / "index.json").read_bytes())
        for book, bundle in bundles.items()
    }
    alts = {
        entry["name"][-7:]: entry["alt"]
        for entry in index[BOOK]["files"]
        if "图" in entry["name"][-7:]
    }
    assert alts["-图1.png"] == alts["-图1.svg"]
    assert "自然人3001件" in alts["-图1.png"]
    assert all(entry["alt"] for entry in index[BOOK]["files"] if entry["form"] in ("svg", "png"))
    assert not any(
        "alt" in entry for entry in index[BOOK]["files"] if entry["form"] not in ("svg", "png")
    )
    reasons = {entry["form"]: entry["reason"] for entry in index[tongliao]["absent"]}
    assert reasons["图1"] == "本年新收政府信息公开申请数量（2021年）：各项均为0件"
    assert reasons.keys() == {"pdf", "图1", "图2", "图3", "图4"}


# --- a template of one's own ---------------------------------------------------------------------


@pytest.mark.slow
def test_word_and_pdf_are_made_of_ones_own_template_with_charts_against_last_year(
    tmp_path: Path,
) -> None:
    document = Document("templates/2021.docx")
    document.paragraphs[0].insert_paragraph_before("{{ charts.applicants }}")
    document.save(tmp_path / "模板.docx")
    report = consistent_report(seed=3)
    made = export_all(
        report, tmp_path / "out", previous=report.evolve(year=2023), template=tmp_path / "模板.docx"
    )
    word = Document(
        str(made.folder / next(item.name for item in made.items if item.form == "docx"))
    )
    (picture,) = word.element.iter(qn("wp:docPr"))
    assert "2023年" in picture.get("descr")


# --- on the command line ------------------------------------------------------------------------


def test_the_command_says_what_it_made_and_what_it_did_not(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    shutil.copy(BOOK, tmp_path)
    done = run("export", tmp_path / BOOK.name, "--to", "all")
    assert (done.code, done.out) == (0, "")
    assert "没有生成 pdf：没有找到 LibreOffice" in done.err
    assert "-图1.svg（" in done.err
    assert "SHA-256 见 index.json" in done.err


def test_without_libreoffice_the_command_leaves_the_word_file(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    shutil.copy(BOOK, tmp_path)
    for output, named in (
        ([], "huaian-2024.docx"),
        (["-o", str(tmp_path / "报告.pdf")], "报告.docx"),
    ):
        done = run("export", tmp_path / BOOK.name, "--to", "pdf", *output)
        assert (done.code, done.out) == (5, "")
        assert "请安装 LibreOffice" in done.err
        assert f"{named}，可用 Word、WPS" in done.err
        assert zipfile.is_zipfile(tmp_path / named)
    assert run("export", tmp_path / BOOK.name, "--to", "pdf", "-o", "-").code == 5
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "huaian-2024.docx",
        BOOK.name,
        "报告.docx",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--to", "all", "-o", "-"], 2, "文件夹"),
        (["--to", "all", "-o", "没有/这个/out"], 5, "无法写入"),
        (["--to", "all", "--draft"], 2, "--draft 不用于 all"),
        (["--to", "all", "--template", "没有.docx"], 4, "没有.docx"),
        (["--to", "pdf", "--template", "没有.docx"], 4, "没有.docx"),
        (["--to", "html", "--template", "没有.docx"], 2, "不用于 html"),
    ],
)
def test_what_the_command_refuses(
    run: Callable[..., Run], arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    shutil.copy(BOOK, tmp_path)
    done = run("export", tmp_path / BOOK.name, *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert [p.name for p in tmp_path.iterdir()] == [BOOK.name]
