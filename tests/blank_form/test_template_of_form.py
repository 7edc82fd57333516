"""The blank Word form of the notice becomes a template, or one sentence says why it cannot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from docx import Document
from docx.document import Document as Form
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from govdisclose import compile_report, read_report
from govdisclose.errors import InputError, TemplateError
from govdisclose.form.edition import Edition
from govdisclose.own_templates import check_template, new_template
from govdisclose.write.workbook import workbook_bytes
from support.blank_forms import blank_form
from support.commands import Run
from support.reports import EDITION_2019, EDITION_2021, consistent_report

Edit: TypeAlias = Callable[[Form], object]

BOTH = pytest.mark.parametrize(
    "edition", [EDITION_2021, EDITION_2019], ids=lambda edition: edition.name
)
REQUESTS = 1
"""The number of table three among the tables of the form."""


def form(folder: Path, edit: Edit | None = None, edition: Edition = EDITION_2021) -> Path:
    """The blank form as a file, edited."""
    document = Document(io.BytesIO(blank_form(edition)))
    if edit is not None:
        edit(document)
    path = folder / "格式.docx"
    document.save(path)
    return path


def empty_cell(document: Form) -> object:
    """A data cell of table three."""
    return document.tables[REQUESTS].rows[-1].cells[-1]


def paragraph(document: Form, text: str) -> object:
    return next(one for one in document.paragraphs if text in one.text)


def texts(path: Path) -> list[str]:
    return [one.text for one in Document(path).paragraphs if one.text]


@pytest.mark.slow
@BOTH
def test_a_form_becomes_a_template_that_passes_every_check(
    edition: Edition, tmp_path: Path
) -> None:
    made = new_template(tmp_path / "t.docx", form=form(tmp_path, edition=edition))
    found = check_template(made)
    assert (found.problems, found.edition) == ((), edition)


@pytest.mark.slow
@BOTH
def test_a_report_made_with_it_says_what_the_workbook_says(
    edition: Edition, tmp_path: Path
) -> None:
    report = consistent_report(edition)
    book = tmp_path / "b.xlsx"
    book.write_bytes(workbook_bytes(report))
    made = new_template(tmp_path / "t.docx", form=form(tmp_path, edition=edition))
    compile_report(book, tmp_path / "r.docx", template=made)
    assert read_report(tmp_path / "r.docx").report.values() == report.values()


@pytest.mark.slow
def test_everything_else_of_the_form_stays(tmp_path: Path) -> None:
    source = form(
        tmp_path, lambda document: document.sections[0].header.paragraphs[0].add_run("页眉")
    )
    made = new_template(tmp_path / "t.docx", form=source)
    labels = [
        cell.text
        for row in Document(source).tables[REQUESTS].rows
        for cell in row.cells
        if cell.text
    ]
    kept = [
        cell.text
        for row in Document(made).tables[REQUESTS].rows
        for cell in row.cells
        if "{{" not in cell.text
    ]
    assert kept == labels
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made) as new:
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert changed == ["word/document.xml"]


@pytest.mark.slow
def test_tags_take_the_looks_of_the_form(tmp_path: Path) -> None:
    def edit(document: Form) -> None:
        paragraph(document, "（文字描述）").runs[0].font.size = Pt(15)
        mark = OxmlElement("w:rPr")
        size = OxmlElement("w:sz")
        size.set(qn("w:val"), "19")
        mark.append(size)
        empty_cell(document).paragraphs[0]._p.get_or_add_pPr().append(mark)

    made = Document(new_template(tmp_path / "t.docx", form=form(tmp_path, edit)))
    loop = next(
        one
        for one in made.paragraphs
        if one.text == "{{ p.lead }}{{ p.text }}" and one.runs[0].font.size
    )
    assert loop.runs[0].font.size == Pt(15)
    assert empty_cell(made).paragraphs[0].runs[0].font.size == Pt(9.5)


def no_prompts(document: Form) -> None:
    for one in document.paragraphs:
        if one.text == "（文字描述）":
            one._p.getparent().remove(one._p)


def two_line_title(document: Form) -> None:
    document.paragraphs[0].text = "中华人民共和国"
    document.paragraphs[1].insert_paragraph_before("政府信息公开工作年度报告格式")


def two_prompts(document: Form) -> None:
    paragraph(document, "（文字描述）").insert_paragraph_before("（文字描述）")


def row_in_a_control(document: Form) -> None:
    """A content control around a row, as Word makes them."""
    row = document.tables[REQUESTS].rows[-1]._tr
    control = OxmlElement("w:sdt")
    content = OxmlElement("w:sdtContent")
    control.append(content)
    row.addprevious(control)
    content.append(row)


def cell_without_paragraph(document: Form) -> None:
    cell = empty_cell(document)._tc
    for one in cell.p_lst:
        cell.remove(one)


GOOD: dict[str, Edit] = {
    "two prompts": two_prompts,
    "a row in a content control": row_in_a_control,
    "a cell without a paragraph": cell_without_paragraph,
    "without prompts": no_prompts,
    "other prompts": lambda document: setattr(paragraph(document, "（文字描述）"), "text", "……"),
    "a title in two lines": two_line_title,
    "no title": lambda document: setattr(document.paragraphs[0], "text", ""),
    "headings with blanks": lambda document: setattr(
        paragraph(document, "一、"), "text", "一、 总 体 情 况"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("edit", GOOD.values(), ids=GOOD)
def test_forms_as_offices_pass_them_on(edit: Edit, tmp_path: Path) -> None:
    made = new_template(tmp_path / "t.docx", form=form(tmp_path, edit))
    assert check_template(made).problems == ()
    assert texts(made).count("{{ title }}") == 1
    assert not [text for text in texts(made) if "年度报告格式" in text or "文字描述" in text]


def protect(document: Form) -> None:
    protection = OxmlElement("w:documentProtection")
    protection.set(qn("w:edit"), "readOnly")
    protection.set(qn("w:enforcement"), "1")
    document.settings.element.insert(0, protection)


def track(document: Form) -> None:
    inserted = OxmlElement("w:ins")
    inserted.set(qn("w:id"), "1")
    inserted.set(qn("w:author"), "张三")
    run = document.paragraphs[0].runs[0]._r
    run.addprevious(inserted)
    inserted.append(run)


def merge_data_cells(document: Form) -> None:
    row = document.tables[REQUESTS].rows[-1].cells
    row[-1].merge(row[-2])


def drop_table(document: Form) -> None:
    table = document.tables[REQUESTS]._tbl
    table.getparent().remove(table)


def drop_row(document: Form) -> None:
    row = document.tables[REQUESTS].rows[-1]._tr
    row.getparent().remove(row)


def drop_cell(document: Form) -> None:
    cell = empty_cell(document)._tc
    cell.getparent().remove(cell)


def drop_tables(document: Form) -> None:
    for table in document.tables:
        table._tbl.getparent().remove(table._tbl)


def swap_headings(document: Form) -> None:
    one, other = paragraph(document, "五、"), paragraph(document, "六、")
    one.text, other.text = other.text, one.text


def very_wide(document: Form) -> None:
    """A cell over 101 columns in a table of its own."""
    cell = document.add_table(1, 1).cell(0, 0)._tc
    cell.grid_span = 101


def put_picture(document: Form) -> None:
    picture = OxmlElement("w:pict")
    empty_cell(document).paragraphs[0].add_run()._r.append(picture)


BAD: dict[str, tuple[Edit, str]] = {
    "a cell missing": (drop_cell, "不能做成模板"),
    "no tables": (drop_tables, "没有找到法定的三张表格"),
    "a heading twice": (
        lambda document: document.add_paragraph(paragraph(document, "一、").text),
        "出现两次",
    ),
    "headings in another order": (swap_headings, "先后"),
    "a table in a cell": (lambda document: empty_cell(document).add_table(1, 1), "套着表格"),
    "a picture in a cell": (put_picture, "已经填了内容"),
    "a very wide table": (very_wide, "超过 100 列"),
    "a figure in a cell": (
        lambda document: setattr(empty_cell(document), "text", "0"),
        "已经填了内容",
    ),
    "text under a heading": (
        lambda document: setattr(paragraph(document, "（文字描述）"), "text", "我局"),
        "我局",
    ),
    "a table missing": (drop_table, "表格"),
    "a row missing": (drop_row, "不能做成模板"),
    "data cells merged": (merge_data_cells, "合并"),
    "a heading missing": (
        lambda document: setattr(paragraph(document, "五、"), "text", ""),
        "缺少标题",
    ),
    "protected": (protect, "编辑限制"),
    "tracked changes": (track, "修订"),
    "tags already": (lambda document: document.add_paragraph("{{ year }}"), "已经有标签"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("edit", "said"), BAD.values(), ids=BAD)
def test_a_form_that_cannot_be_a_template_is_refused_with_one_sentence(
    edit: Edit, said: str, tmp_path: Path, run: Callable[..., Run]
) -> None:
    output = tmp_path / "t.docx"
    done = run("template", "new", "--from", form(tmp_path, edit), "-o", output)
    assert (done.code, done.err.count("\n"), output.exists()) == (4, 1, False)
    assert "不能做成模板：" in done.err
    assert said in done.err


FILES: dict[str, tuple[str, bytes, int]] = {
    "an old Word file": ("格式.doc", b"\xd0\xcf\x11\xe0rest", 4),
    "with a password": (
        "格式.docx",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        4,
    ),
    "damaged": ("格式.docx", blank_form(EDITION_2021)[:2000], 3),
    "empty": ("格式.docx", b"", 3),
    "no Word file": ("格式.docx", workbook_bytes(consistent_report()), 4),
}


@pytest.mark.parametrize(("name", "data", "code"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_form_is_refused_by_name(
    name: str, data: bytes, code: int, tmp_path: Path, run: Callable[..., Run]
) -> None:
    (tmp_path / name).write_bytes(data)
    done = run("template", "new", "--from", tmp_path / name, "-o", tmp_path / "t.docx")
    assert (done.code, done.err.count("\n")) == (code, 1)
    assert name in done.err


@pytest.mark.slow
def test_a_form_of_another_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="2021 版"):
        new_template(tmp_path / "t.docx", form=form(tmp_path), edition="2019")


def test_a_folder_is_no_form(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="文件夹"):
        new_template(tmp_path / "t.docx", form=tmp_path)


def test_a_missing_form_is_no_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到"):
        new_template(tmp_path / "t.docx", form=tmp_path / "none.docx")


def test_the_advice_on_a_blank_form_names_the_command(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    done = run("import", form(tmp_path), "-o", tmp_path / "b.xlsx")
    assert "template new --from" in done.err
