"""PDFs of a batch: one start of LibreOffice for many workbooks, and the failure of one workbook is no other's."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest

from govdisclose.errors import OutputError
from govdisclose.many.batch.result import Status
from govdisclose.write import office, pdf
from support.batches import book, left, run, shelve
from support.office import needs_libreoffice
from support.paths import ROOT

Made = list[bytes | OutputError]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three good workbooks, one refused, and one that is none."""
    good = {f"{n}.xlsx": book(f"第{n}局", seed=n) for n in range(3)}
    return shelve(
        tmp_path_factory.mktemp("books"),
        {**good, "a坏.xlsx": b"no", "b错.xlsx": book("错误局", wrong=True)},
    )


@pytest.fixture(scope="module")
def convert() -> Callable[..., Made]:
    """What converts Word files, each only once."""
    known: dict[bytes, bytes | OutputError] = {}

    def converted(words: Sequence[bytes], *, seconds: float) -> Made:
        unknown = [word for word in words if word not in known]
        if unknown:
            known.update(zip(unknown, office.convert(unknown, seconds=seconds), strict=True))
        return [known[word] for word in words]

    return converted


Counted = Callable[..., list[int]]


@pytest.fixture
def counted(convert: Callable[..., Made], monkeypatch: pytest.MonkeyPatch) -> Counted:
    """``counted(failing=None)`` says how many files each start of LibreOffice gets; one of them fails."""

    def begin(failing: int | None = None) -> list[int]:
        starts: list[int] = []

        def counting(words: Sequence[bytes], *, seconds: float) -> Made:
            starts.append(len(words))
            made = convert(words, seconds=seconds)
            return [OutputError("坏了") if n == failing else data for n, data in enumerate(made)]

        monkeypatch.setattr(pdf, "convert", counting)
        return starts

    return begin


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])
def test_many_workbooks_have_their_pdfs_by_one_start_of_libreoffice(
    draft: bool, folder: Path, tmp_path: Path, counted: Counted
) -> None:
    starts = counted()
    results = run(folder, tmp_path / "out", to=("pdf", "json"), draft=draft)
    assert starts == [3 + draft]
    assert [r.status for r in results] == [
        *[Status.MADE] * 3,
        Status.FAILED,
        Status.MADE if draft else Status.REFUSED,
    ]
    for result in results:
        for path in result.outputs[:1]:
            text = "".join(pypdf.PdfReader(path).pages[0].extract_text().split())
            assert result.agency in text
            assert ("草稿" in text) == draft


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_pdf_that_fails_fails_its_workbook_only_and_leaves_no_other_form_of_it(
    folder: Path, tmp_path: Path, counted: Counted
) -> None:
    counted(failing=1)
    results = {r.workbook.name: r for r in run(folder, tmp_path / "out", to=("docx", "pdf"))}
    assert (results["1.xlsx"].status, results["1.xlsx"].error, results["1.xlsx"].exit_code) == (
        Status.FAILED,
        "坏了",
        5,
    )
    assert {name: len(r.outputs) for name, r in results.items() if r.outputs} == {
        "0.xlsx": 2,
        "2.xlsx": 2,
    }
    assert not [name for name in left(tmp_path / "out") if "第1局" in name]


@pytest.mark.slow
def test_a_bug_over_one_pdf_is_that_workbooks_internal_error(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_pdfs(words: Sequence[bytes]) -> list[pdf.Pdf]:
        if any(
            "第1局".encode() in ZipFile(io.BytesIO(word)).read("word/document.xml")
            for word in words
        ):
            raise KeyError("bug")
        return [pdf.Pdf(word, 1, ()) for word in words]

    monkeypatch.setattr(pdf, "make_pdfs", make_pdfs)
    monkeypatch.setattr(pdf, "need_pdf", lambda: None)
    results = {r.workbook.name: r for r in run(folder, tmp_path / "out", to=("pdf",))}
    assert [results[f"{n}.xlsx"].status for n in range(3)] == [
        Status.MADE,
        Status.FAILED,
        Status.MADE,
    ]
    assert "内部错误" in results["1.xlsx"].error


@pytest.mark.libreoffice
@needs_libreoffice
def test_the_pdf_is_that_of_the_word_file_beside_it_own_template_and_all(
    folder: Path,
    tmp_path: Path,
    convert: Callable[..., Made],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = (
        shelve(tmp_path, {"own.docx": (ROOT / "templates" / "2021.docx").read_bytes()}) / "own.docx"
    )
    words: list[bytes] = []

    def noting(given: Sequence[bytes], *, seconds: float) -> Made:
        words.extend(given)
        return convert(given, seconds=seconds)

    monkeypatch.setattr(pdf, "convert", noting)
    run([folder / "0.xlsx"], tmp_path / "out", to=("pdf", "docx"), template=own)
    (word,) = (data for name, data in left(tmp_path / "out").items() if name.endswith(".docx"))
    assert [sha256(data).digest() for data in words] == [sha256(word).digest()]
    (made,) = (data for name, data in left(tmp_path / "out").items() if name.endswith(".pdf"))
    assert pypdf.PdfReader(io.BytesIO(made)).pages


def test_without_libreoffice_here_the_batch_does_not_begin(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    with pytest.raises(OutputError, match="没有找到 LibreOffice"):
        run(folder, tmp_path / "out", to=("json", "pdf"))
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_worker_without_libreoffice_says_so_of_every_workbook(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    with ThreadPoolExecutor(1) as workers:
        results = {
            r.workbook.name: r
            for r in run(folder, tmp_path / "out", to=("json", "pdf"), executor=workers)
        }
    assert all("没有找到 LibreOffice" in results[f"{n}.xlsx"].error for n in range(3))
    assert results["b错.xlsx"].status is Status.REFUSED
    assert not [name for name in left(tmp_path / "out") if name.endswith(".json")]
