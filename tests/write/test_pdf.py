"""PDF through LibreOffice: what was made is read again, and whatever goes wrong there is one clear sentence."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest
from attrs import frozen

from govdisclose import AnnualReport, Paragraph, export_report, render_report
from govdisclose.errors import OutputError, UsageError
from govdisclose.write import office
from govdisclose.write.pdf import Pdf, PdfFile, make_pdf, make_pdfs, pdf_files, verify_pdf
from govdisclose.write.pdftext import PdfText, WordText, read_word
from govdisclose.write.word.fonts import missing_fonts, without_glyph
from support.office import needs_libreoffice
from support.reports import consistent_report

BOOKS = Path("sample_workbooks")


def edited(word: bytes, change: Callable[[str], str]) -> bytes:
    """A Word file whose text has been changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as source, zipfile.ZipFile(out, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, change(data.decode()) if name == "word/document.xml" else data)
    return out.getvalue()


needs_a_shell = pytest.mark.skipif(
    sys.platform == "win32", reason="the stand-ins are shell scripts"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[PdfFile]:
    """Two Word files and one that is none, by one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("words")
    for name in ("huaian-2024", "tongliao-minwei-2021"):
        (folder / f"{name}.docx").write_bytes(render_report(BOOKS / f"{name}.xlsx").data)
    (folder / "z.docx").write_text("文字", encoding="utf-8")
    return pdf_files(sorted(folder.glob("*.docx")), folder)


RARE = "䶮镕喆𠮷〇㎡⑳✓龘①Ⅷ℃ａ∶"


UNKNOWN = "名称用字：\U000323b0。"


def with_prose(text: str) -> AnnualReport:
    return consistent_report().evolve(problems=[Paragraph(text)])


def with_rare_characters() -> AnnualReport:
    several = [f"本机关由{c}同志负责，{c}{c}共{n}件。" for n, c in enumerate(RARE, 10)]
    return consistent_report().evolve(
        title=f"{RARE[:3]}市2024年政府信息公开工作年度报告",
        problems=(*map(Paragraph, several), Paragraph(f"陶{RARE}同志{RARE}。" * 4)),
    )


@frozen
class Others:
    """What a second start of LibreOffice makes of some Word files."""

    words: list[bytes]
    again: Pdf | OutputError
    rare: Pdf | OutputError
    plain: Pdf | OutputError
    wide: Pdf | OutputError
    unknown: Pdf | OutputError


@pytest.fixture(scope="module")
def others(made: list[PdfFile]) -> Others:
    """The first Word file again, and reports with unusual characters."""
    sentences = ("收费¥3940元。", "收费￥3940元。", UNKNOWN)
    reports = [with_rare_characters(), *map(with_prose, sentences)]
    words = [made[0].word.read_bytes(), *(render_report(report).data for report in reports)]
    return Others(words, *make_pdfs(words))


@pytest.mark.libreoffice
@needs_libreoffice
def test_each_word_file_has_its_pdf_and_what_is_none_is_named(made: list[PdfFile]) -> None:
    *whole, bad = made
    assert [file.path and file.path.name for file in whole] == [
        "huaian-2024.pdf",
        "tongliao-minwei-2021.pdf",
    ]
    assert bad.path is None
    assert "不是 Word 文档" in str(bad.error)


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_pdf_has_title_language_tags_and_embedded_fonts(made: list[PdfFile]) -> None:
    path, pdf = made[0].path, made[0].pdf
    assert path is not None
    assert pdf is not None
    reader = pypdf.PdfReader(path)
    assert len(reader.pages) == pdf.pages >= 1
    assert "".join(reader.pages[0].extract_text().split()).startswith(
        "淮安市人民政府2024年政府信息公开工作年度报告"
    )
    assert reader.metadata is not None
    assert reader.metadata.title == "淮安市人民政府2024年政府信息公开工作年度报告"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.fonts


@pytest.mark.libreoffice
@needs_libreoffice
def test_the_same_word_file_gives_the_same_bytes_and_its_own_date(
    made: list[PdfFile], others: Others
) -> None:
    assert made[0].pdf is not None
    assert isinstance(others.again, Pdf)
    assert others.again.data == made[0].pdf.data
    information = pypdf.PdfReader(io.BytesIO(made[0].pdf.data)).metadata
    assert information is not None
    assert information.creation_date is not None
    assert information.creation_date.date() == date(2025, 1, 24)


@pytest.mark.libreoffice
@needs_libreoffice
def test_stand_ins_for_fonts_are_told(made: list[PdfFile]) -> None:
    pdf, missing = made[0].pdf, missing_fonts()
    assert pdf is not None
    assert missing is not None
    assert all(font in "".join(pdf.notes) for font in missing)


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_pdf_of_another_report_is_refused(made: list[PdfFile]) -> None:
    assert made[0].pdf is not None
    with pytest.raises(OutputError, match="不一致"):
        verify_pdf(made[0].pdf.data, made[1].word.read_bytes())


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize(
    ("old", "new"), [("3119件", "3119件，"), ("3001", "3011"), ("总计", "合计")]
)
def test_a_pdf_that_lacks_a_character_of_the_word_file_is_refused(
    made: list[PdfFile], old: str, new: str
) -> None:
    assert made[0].pdf is not None
    changed = edited(made[0].word.read_bytes(), lambda xml: xml.replace(old, new, 1))
    with pytest.raises(OutputError, match="没有完整地印出来"):
        verify_pdf(made[0].pdf.data, changed)


def test_text_in_boxes_is_read_once_and_neither_what_is_hidden_nor_counted() -> None:
    inner = "<w:p><w:r><w:t>框内</w:t></w:r></w:p>"
    box = f"<w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict>"
    body = (
        f"<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>可见</w:t></w:r></w:p>"
        '<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>昨天</w:t></w:r></w:fldSimple></w:p>'
    )
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    said = read_word(edited(WORD, lambda _: f"<w:document {names}>{body}</w:document>"))
    assert (said.lines, said.boxed) == (("前后", "可见"), ("框内",))
    assert said.lost(PdfText((("框内第1页前后可见",),))) == ""
    assert said.lost(PdfText((("第1页",), ("框内",), ("前后可见",)))) == ""
    assert said.lost(PdfText((("前后可见",),))) == "框内"
    assert said.lost(PdfText((("框内可见前后",),))) == "可见"


DRAWN = PdfText((("本机关由陶同志负责。", "喆"), ("共收到12件。", "㎡"), ("—1—",)))


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        (("本机关由陶喆同志负责。", "共收到12件。"), ""),
        (("本机关由陶喆同志负责。共收到1㎡2件。",), ""),
        (("本机关由陶同志负责。", "共收到21件。"), "共收到21件。"),
        (("本机关由陶同志负责。", "喆共收到12件。"), ""),
        (("共收到12件。", "本机关由陶喆同志负责。"), "本机关由陶喆同志负责。"),
        (("本机关由陶喆喆同志负责。",), "本机关由陶喆喆同志负责。"),
    ],
)
def test_within_a_line_each_font_is_drawn_by_itself(lines: tuple[str, ...], lost: str) -> None:
    assert WordText(lines, ()).lost(DRAWN) == lost


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize(
    ("old", "new"), [("负责，喆", "负责，镕"), ("共12件", "共21件"), ("同志䶮", "同志镕")]
)
def test_rare_characters_within_a_sentence_are_verified_like_others(
    others: Others, old: str, new: str
) -> None:
    assert isinstance(others.rare, Pdf)
    word = others.words[1]
    changed = edited(word, lambda xml: xml.replace(old, new, 1))
    assert changed != edited(word, lambda xml: xml)
    with pytest.raises(OutputError, match="不一致"):
        verify_pdf(others.rare.data, changed)


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_character_without_a_glyph_is_named_and_nothing_is_written(
    others: Others, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert without_glyph("年䶮\U000323b0") == "\U000323b0"
    assert isinstance(others.unknown, OutputError)
    monkeypatch.setattr("govdisclose.write.pdf.make_pdfs", lambda words, **_: [others.unknown])
    with pytest.raises(OutputError, match="U\\+323B0"):
        export_report(with_prose(UNKNOWN), tmp_path / "r.pdf", to="pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["r.docx"]


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_font_that_draws_another_character_is_not_taken_at_its_word(others: Others) -> None:
    """FandolFang and FandolKai draw ￥ as a dollar, and say that it is one of theirs."""
    assert isinstance(others.plain, Pdf)
    if any(font.startswith("Fandol") for font in others.plain.fonts):
        assert "￥（U+FFE5） 印成别的字" in str(others.wide)
    else:
        assert isinstance(others.wide, Pdf)


@pytest.mark.libreoffice
@needs_libreoffice
def test_an_existing_pdf_stays_without_force(
    made: list[PdfFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made[0].path.read_bytes() if made[0].path else b""
    monkeypatch.setattr("govdisclose.write.pdf.make_pdfs", lambda words, **_: [made[1].pdf])
    (again,) = pdf_files([made[0].word])
    assert isinstance(again.error, UsageError)
    assert made[0].path
    assert made[0].path.read_bytes() == before


def test_two_files_that_would_have_one_pdf_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="同名"):
        pdf_files(["a/报告.docx", "b/报告.docx"], tmp_path)


# --- a LibreOffice that fails -------------------------------------------------------------------


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a shell script in LibreOffice's place; returns the folder it may write to."""

    def make(script: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(office, "find_office", lambda: program)
        return folder

    return make


WORD = render_report(consistent_report()).data


@pytest.mark.slow
@needs_a_shell
def test_a_hanging_libreoffice_is_ended_with_all_it_started(
    stand_in: Callable[[str], Path],
) -> None:
    folder = stand_in('sleep 600 & echo $! > "$(dirname "$0")/pid"; wait')
    with pytest.raises(OutputError, match="超过 1 秒没有完成"):
        make_pdf(WORD, seconds=1)
    pid = int((folder / "pid").read_text())
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "zombie" in Path(f"/proc/{pid}/status").read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("what LibreOffice started is still running")


@needs_a_shell
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 0", "没有生成 PDF"),
        ("exit 3", r"运行失败（代码 3）"),
        ('for last; do :; done; echo "%PDF-1.7" > "${last%docx}pdf"', "已损坏"),
        ('for last; do :; done; printf "%%PDF-1.7\\n%%%%EOF" > "${last%docx}pdf"', "已损坏"),
    ],
    ids=["nothing made", "fails", "cut off", "no document"],
)
def test_what_libreoffice_did_not_make_is_not_given_out(
    stand_in: Callable[[str], Path], script: str, said: str, tmp_path: Path
) -> None:
    stand_in(script)
    with pytest.raises(OutputError, match=said):
        export_report(consistent_report(), tmp_path / "r.pdf", to="pdf")
    assert (tmp_path / "r.docx").read_bytes() == WORD
    assert not (tmp_path / "r.pdf").exists()


@needs_a_shell
def test_one_file_that_stops_libreoffice_does_not_stop_the_others(
    stand_in: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in('for last; do case "$last" in *.docx) grep -q bad "$last" && exit 1; printf "%%PDF-%%%%EOF" > "${last%docx}pdf";; esac; done')  # fmt: skip
    made = office.convert([b"good", b"bad", b"good"])
    assert [isinstance(data, bytes) for data in made] == [True, False, True]


def test_a_missing_libreoffice_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    for stays in (
        "请安装 LibreOffice.*Word 文件已生成：.*另存为 PDF",
        "请安装 LibreOffice.*Word 文件也没有写出：.*已存在",
    ):
        with pytest.raises(OutputError, match=stays):
            export_report(consistent_report(), tmp_path / "r.pdf", to="pdf")
        assert [path.read_bytes() for path in tmp_path.iterdir()] == [WORD]


def test_libreoffice_is_looked_for_where_windows_puts_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    program = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    assert office.find_office() == program


def test_without_the_extra_the_way_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(OutputError, match=r"govdisclose\[pdf\]"):
        make_pdf(WORD)


def test_a_font_that_is_not_embedded_is_refused() -> None:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
         pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
         pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica")}
    )  # fmt: skip
    fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
    page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/Font"): fonts}
    )
    data = io.BytesIO()
    writer.write(data)
    with pytest.raises(OutputError, match="没有嵌入字体 Helvetica"):
        verify_pdf(data.getvalue(), WORD)
