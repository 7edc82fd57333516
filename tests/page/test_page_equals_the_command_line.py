"""The page from a web server gives the bytes and the sentences of the command line, whatever it is given."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import re
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from govdisclose import read_report
from govdisclose.batch import batch_reports
from govdisclose.consolidate import aggregate_folder
from govdisclose.form.outline import outline
from govdisclose.form.report import Agency
from govdisclose.write.workbook import workbook_bytes
from support.archives import shelved, zipped
from support.offline_page import (
    NOT_READ,
    ROOT,
    SAMPLES,
    ask,
    check,
    here,
    needs_page,
    office_inbox,
    open_page,
    sent,
)

sys.path.insert(0, str(ROOT / "conformance"))
import build as conformance  # a script for others, no package

pytestmark = [pytest.mark.slow, needs_page]
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")
GOOD = next(book for book in SAMPLES if book.stem == "huaian-2024")
FORMS = ("docx", "html", "html-fragment", "json", "csv")
YEAR = "2024"
"""That of the blank workbook beside the page with an office's own template."""

GENERATED = 8
"""Reports with random figures: every kind of cell, blank and filled, in every form. Each takes a second."""


class _Strict(SimpleHTTPRequestHandler):
    """A server that allows as little as it can."""

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        super().end_headers()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(file: Path) -> Iterator[str]:
    """All that was built, from a server of this machine."""
    folder = file.parents[1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(windows: Any, served: str, file: Path) -> Any:
    """The page of one file, for all tests of this module."""
    return open_page(windows, f"{served}/{file.parent.name}/{file.name}")


def asked_elsewhere(page: Any, served: str) -> list[str]:
    """What a page has asked of others than its server."""
    return [url for url in page.asked if not url.startswith((served, "blob:"))]


def test_a_web_server_may_offer_it(page: Any, served: str) -> None:
    check(page, GOOD)
    assert (asked_elsewhere(page, served), page.said) == ([], [])


def test_it_may_be_separate_files_with_an_offices_template_inside(
    windows: Any, served: str, prepared: Path, own: Path
) -> None:
    page = open_page(windows, f"{served}/{own.name}/folder/index.html")
    check(page, GOOD)
    assert (asked_elsewhere(page, served), page.said) == ([], [])
    given = ("book", GOOD.name, GOOD.read_bytes())
    template = ("template", prepared.name, prepared.read_bytes())
    assert page.evaluate("govdisclose.about.own_template") is True
    made = ask(page, "make", {"to": "docx"}, [given]).files
    assert made == here("make", {"to": "docx"}, given, template)[1]
    for folder in (own, own / "folder"):
        name = f"政府信息公开工作年度报告-{YEAR}-空白.xlsx"
        blank = load_workbook(folder / name)["基本信息"]
        assert [blank["B4"].value, blank["B7"].value] == [None, int(YEAR)]


def parts_of(page: Path) -> tuple[str, dict[str, bytes]]:
    """The packages in a page of one file, and all of the page but them."""
    text = page.read_text(encoding="utf-8")
    found = re.search('id="part-packages">(.*?)</script>', text)
    assert found
    packed = gzip.decompress(base64.b64decode(found[1]))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        packages = {name: archive.read(name) for name in archive.namelist()}
    return text.replace(found[1], ""), packages


def test_the_same_inputs_give_the_same_bytes(file: Path, own: Path, prepared: Path) -> None:
    around, packages = parts_of(file)
    own_around, own_packages = parts_of(own / "own.html")
    assert own_packages.pop("govdisclose/templates/own.prepared.json") == prepared.read_bytes()
    assert list(own_packages) == list(packages)
    assert own_packages == packages
    assert own_around == around


_MANY = """async ([call, options, files]) => {
  const answers = []
  for (const [name, text] of files) {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    const answer = await govdisclose.engine.ask(call, options, [{ role: "book", name, data }])
    const hashes = []
    for (const file of answer.files) {
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", file.data))
      hashes.push([file.name, [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("")])
    }
    answers.push([JSON.stringify(answer.said), hashes, answer.heap])
  }
  return answers
}"""


def ask_many(
    page: Any, call: str, options: Mapping[str, Any], files: Sequence[tuple[str, bytes]]
) -> list[tuple[Any, list[list[str]], int]]:
    """The same call for many workbooks: what was said, the digests of the files, the memory."""
    packed = [(name, base64.b64encode(data).decode()) for name, data in files]
    answers = page.evaluate(_MANY, [call, dict(options), packed])
    return [(json.loads(said), hashes, heap) for said, hashes, heap in answers]


def digests(files: Sequence[tuple[str, bytes]]) -> list[list[str]]:
    from hashlib import sha256

    return [[name, sha256(data).hexdigest()] for name, data in files]


@pytest.mark.parametrize("book", SAMPLES, ids=lambda book: book.stem)
def test_the_forms_of_a_sample(page: Any, book: Path) -> None:
    given = ("book", book.name, book.read_bytes())
    for to in FORMS if book == GOOD else ("docx", "json"):
        options = {"to": to, "draft": book == MISTAKES}
        there = ask(page, "make", options, [given])
        said, made = here("make", options, given)
        assert (json.loads(there.said), there.files) == (said, made), to


@pytest.mark.parametrize("book", SAMPLES, ids=lambda book: book.stem)
def test_a_check_of_a_sample(page: Any, book: Path) -> None:
    given = ("book", book.name, book.read_bytes())
    assert json.loads(ask(page, "check", {}, [given]).said) == here("check", {}, given)[0]


def test_an_annotated_copy(page: Any) -> None:
    given = ("book", MISTAKES.name, MISTAKES.read_bytes())
    there = ask(page, "annotate", {}, [given])
    assert _comments(there.files[0][1]) == _comments(here("annotate", {}, given)[1][0][1])


def _comments(data: bytes) -> list[tuple[str, str, object, str]]:
    """Every cell of a workbook with its value and comment. With lxml openpyxl writes other XML for the same."""
    found = []
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                comment = cell.comment.text if cell.comment else ""
                found.append((sheet.title, cell.coordinate, cell.value, comment))
    return found


def test_a_new_workbook(page: Any) -> None:
    options: dict[str, Any] = {"agency": "某某局", "year": 2025, "level": "agency"}
    assert ask(page, "begin", options, []).files == here("begin", options)[1]
    last = ("last", GOOD.name, GOOD.read_bytes())
    options = {"agency": "", "year": 2025, "level": None}
    assert ask(page, "begin", options, [last]).files == here("begin", options, last)[1]


def generated() -> list[tuple[str, bytes]]:
    """Reports with random figures: many with broken relations, some with blanks."""
    chance = random.Random(7)
    base = read_report(GOOD).report
    found = []
    for number in range(GENERATED):
        paths = chance.sample(list(outline(base.edition).cells), 20)
        values = {path: chance.choice((None, 0, 1, 12, 300)) for path in paths}
        agency = Agency(f"某市第{number}局")
        report = base.with_values(values).evolve(agency=agency, title="")
        found.append((f"{number}.xlsx", workbook_bytes(report)))
    return found


def test_generated_reports(page: Any) -> None:
    books = generated()
    for to in ("docx", "json", "html"):
        options = {"to": to, "draft": True}
        answers = ask_many(page, "make", options, books)
        for (name, data), (said, hashes, _memory) in zip(books, answers, strict=True):
            told, made = here("make", options, ("book", name, data))
            assert (said, hashes) == (told, digests(made)), (name, to)


def cases_of_every_code() -> Iterator[conformance.Case]:
    """Some cases of the conformance set: every code of it is expected in one of them."""
    seen: set[str] = set()
    for case in conformance.cases():
        codes = {code for code, _place in case.expected}
        if "previous" not in case.data and not codes <= seen:
            seen |= codes
            yield case


def test_every_rule_finds_the_same_and_memory_stays_flat(
    page: Any, conformance_books: Path
) -> None:
    paths = [conformance_books / f"{case.name}.xlsx" for case in cases_of_every_code()]
    books = [(path.name, path.read_bytes()) for path in paths]
    answers = ask_many(page, "check", {}, books)
    for (name, data), (said, _hashes, _memory) in zip(books, answers, strict=True):
        expected = here("check", {}, ("book", name, data))[0]
        assert said["findings"] == expected["findings"], name
    assert len(answers) > 30
    *_, (_said, _hashes, memory) = answers
    *_, (_said, _hashes, later) = ask_many(page, "check", {}, books[:20])
    # A browser enlarges the memory of Python by a fifth at a time: any growth would be seen.
    assert later <= memory


def test_a_batch_and_a_sum_of_many_units(page: Any, tmp_path: Path) -> None:
    files = office_inbox()
    inbox, reports = shelved(tmp_path / "收件", files), tmp_path / "报告"
    given = sent(files, page.evaluate("govdisclose.about.suffixes"))
    ask(page, "batch", {"to": ["docx"]}, given)
    results = []
    while not (answer := ask(page, "next", {}, [])).files:
        results.append(json.loads(answer.said)["result"])
    expected = list(batch_reports(inbox, reports))
    assert [(r["book"], r["status"]) for r in results] == [
        (r.workbook.relative_to(inbox).as_posix(), r.status.value) for r in expected
    ]
    not_read = json.loads(answer.said)["not_read"]
    assert {one["name"]: one["reason"] for one in not_read} == NOT_READ
    made = dict(answer.files)
    assert made["结果.xlsx"] == (reports / "结果.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(made["全部报告.zip"])) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {path.name: path.read_bytes() for path in reports.iterdir() if path.is_file()}
    ask(page, "end", {}, [])
    options = {"agency": "某市", "skip_errors": True}
    # A county sends a page in an archive, a workbook and a picture.
    some = {name: files[name] for name in (GOOD.name, "照片.JPG")}
    some["县.zip"] = zipped({"乙局.html": html_of_another_unit()})
    there = ask(page, "consolidate", options, sent(some, [".xlsx", ".zip"]))
    inbox = shelved(tmp_path / "几份", some)
    aggregate_folder(inbox, tmp_path / "汇总.xlsx", agency=Agency("某市"), on_error="list")
    assert there.files[0][1] == (tmp_path / "汇总.xlsx").read_bytes()


def html_of_another_unit() -> bytes:
    """A web page as another unit publishes it."""
    report = read_report(GOOD).report.evolve(agency=Agency("乙局"), title="")
    given = ("book", "乙局.xlsx", workbook_bytes(report))
    data: bytes = here("make", {"to": "html", "draft": True}, given)[1][0][1]
    return data
