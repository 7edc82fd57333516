"""What was written is read back: by labels for the first document of a template, by place for the next."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from pathlib import Path

import pytest
from docx import Document

from govdisclose import EDITIONS, Agency, Paragraph, compile_report
from govdisclose.errors import OutputError, TemplateError
from govdisclose.form.edition import Edition
from govdisclose.own_templates import check_template, new_template
from govdisclose.proof import ProvedTemplate
from govdisclose.write.word import load_template, render
from govdisclose.write.word.loading import make_template, template_folder
from support.reports import consistent_report, write_book


def fresh(edition: Edition) -> ProvedTemplate:
    """A template that no document has been written with yet."""
    name = f"{edition.name}.docx"
    return ProvedTemplate(make_template((template_folder() / name).read_bytes(), name, edition))


def tamper(data: bytes, old: str, new: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                assert old in content.decode()
                content = content.decode().replace(old, new, 1).encode()
            target.writestr(name, content)
    return out.getvalue()


@pytest.mark.slow
def test_a_document_that_is_not_as_its_checksum_says_is_not_proved() -> None:
    template = ProvedTemplate(load_template(EDITIONS["2021"]))
    report = consistent_report()
    good = render(report, template.template)
    template.verify(good, report)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        checksum = archive.getinfo("word/document.xml").CRC
    bad = good.replace(checksum.to_bytes(4, "little"), (checksum ^ 1).to_bytes(4, "little"))
    with pytest.raises(zipfile.BadZipFile):
        template.verify(bad, report)


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [0, 1, 3], ids=["first", "second", "fourth"])
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_every_document_of_a_template_is_proved(edition: Edition, earlier: int) -> None:
    template = fresh(edition)
    for seed in range(earlier):
        other = consistent_report(edition, seed + 5)
        template.verify(render(other, template.template), other)
    report = consistent_report(edition).with_values({"disputes.review.upheld": 7654321})
    good = render(report, template.template)
    template.verify(good, report)
    for old, new, said in (
        ("7654321", "7654320", "disputes.review.upheld"),
        ("尚未审结", "尚未审查", "回读核对不一致"),
        ("平台运行正常", "平台运行", "回读核对不一致：文字"),
    ):
        with pytest.raises(OutputError, match=said):
            template.verify(tamper(good, old, new), report)


def test_two_cells_exchanged_are_found() -> None:
    template = fresh(EDITIONS["2021"])
    report = consistent_report().with_values(
        {"requests.received.business": 1111111, "requests.received.research": 2222222}
    )
    data = render(report, template.template)
    swapped = tamper(tamper(tamper(data, "1111111", "x"), "2222222", "1111111"), ">x<", ">2222222<")
    for _ in range(3):
        template.verify(data, report)
        with pytest.raises(OutputError, match="received"):
            template.verify(swapped, report)


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_from_the_third_document_on_the_labels_need_no_second_reading(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = fresh(edition)
    for seed in range(3):
        report = consistent_report(edition, seed)
        if seed == 2:
            monkeypatch.delattr("govdisclose.proof.differences")
        template.verify(render(report, template.template), report)


@pytest.mark.slow
def test_a_table_may_say_more_than_the_form_does(tmp_path: Path) -> None:
    path = new_template(tmp_path / "own.docx")
    document = Document(str(path))
    document.add_table(1, 1).cell(0, 0).text = "{{ agency.name }}"
    document.save(str(path))
    for n in range(4):
        report = consistent_report(seed=n).evolve(agency=Agency(f"第{n}局"), title="")
        compile_report(write_book(tmp_path, report), tmp_path / f"{n}.docx", template=path)


@pytest.mark.slow
def test_a_table_that_is_printed_twice_is_refused_whatever_the_second_says(tmp_path: Path) -> None:
    path = new_template(tmp_path / "own.docx")
    document = Document(str(path))
    table = document.tables[1]._tbl
    again = deepcopy(table)
    table.addnext(again)
    table.addnext(document.add_paragraph()._p)
    document.save(str(path))
    assert "有两份" in check_template(path).problems[0]
    for n in range(3):
        with pytest.raises(TemplateError, match="都是“三、收到和处理"):
            compile_report(
                write_book(tmp_path, consistent_report(seed=n)),
                tmp_path / f"{n}.docx",
                template=path,
            )


def test_text_that_looks_like_markup_is_proved_too(tmp_path: Path) -> None:
    for n in range(3):
        text = f"a & b < c > \"d\" 'e' ]]> &amp; &#60; <w:t> {n}"
        report = consistent_report(seed=n).evolve(problems=(Paragraph(text),))
        compile_report(write_book(tmp_path, report), tmp_path / f"{n}.docx")
