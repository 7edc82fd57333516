"""PDF of a finished Word file: LibreOffice makes it, and it is read back and compared before use."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from govdisclose.errors import OutputError, UsageError
from govdisclose.package import PackageError, open_package
from govdisclose.write.atomic import publish
from govdisclose.write.office import SECONDS, convert, need_office
from govdisclose.write.pdftext import PdfText, WordText, read_pdf, read_word
from govdisclose.write.word.fonts import missing_fonts, without_glyph

if TYPE_CHECKING:
    from pypdf import PdfReader

_SHOWN = 20
_CREATED = re.compile(rb"/CreationDate\(D:\d{14}[^)]*\)")
_MARKS = re.compile(rb"(?<=/DocChecksum /)[0-9A-F]{32}|(?<=<)[0-9A-F]{32}(?=>)")
"""The checksum and both identifiers in the last lines of a PDF, which depend on the time."""

_MISDRAWN = {"Fandol": "￥"}
"""Fonts, by the beginning of their names, with characters that they draw as another character.

These draw the full-width yuan sign as a dollar sign.
"""

_MARK_LENGTH = 32
_TRAILER = 1024
"""Bytes at the end of a PDF that contain its marks."""

_CORE = "docProps/core.xml"
_UNSURE = 3
"""Characters that a PDF may seem to lack although its fonts have them: two may share a glyph."""


@frozen
class Pdf:
    """A verified PDF: its bytes, the number of pages, the embedded fonts, and notes in Chinese."""

    data: bytes
    pages: int
    fonts: tuple[str, ...]
    notes: tuple[str, ...] = ()


@frozen
class PdfFile:
    """The result for one Word file: the PDF at ``path``, or the ``error``."""

    word: Path
    path: Path | None = None
    pdf: Pdf | None = None
    error: OutputError | UsageError | None = None


def make_pdf(word: bytes, *, seconds: float = SECONDS) -> Pdf:
    """The PDF of a Word file.

    ``seconds`` limits the run of LibreOffice. Raises ``OutputError`` if LibreOffice fails, or if
    the PDF lacks anything of the Word file.

    Examples:
        >>> from govdisclose import pdf, render_report
        >>> word = render_report("sample_workbooks/huaian-2024.xlsx").data
        >>> pdf.make_pdf(word).data[:5]
        b'%PDF-'
    """
    (made,) = make_pdfs([word], seconds=seconds)
    if isinstance(made, OutputError):
        raise made
    return made


def make_pdfs(words: Sequence[bytes], *, seconds: float = SECONDS) -> list[Pdf | OutputError]:
    """The PDFs of many Word files with one start of LibreOffice: a PDF or an error for each.

    Raises ``OutputError`` if LibreOffice or pypdf, which verifies the PDFs, is missing.
    """
    _need_pypdf()
    made = convert(words, seconds=seconds) if words else []
    return [_verified(pdf, word) for pdf, word in zip(made, words, strict=True)]


def _verified(made: bytes | OutputError, word: bytes) -> Pdf | OutputError:
    if isinstance(made, OutputError):
        return made
    data = _without_clock(made, word)
    try:
        return verify_pdf(data, word)
    except OutputError as error:
        return error


def pdf_files(
    words: Sequence[str | Path],
    output_dir: str | Path | None = None,
    *,
    seconds: float = SECONDS,
    force: bool = False,
) -> list[PdfFile]:
    """Write the PDFs of many Word files with one start of LibreOffice.

    A PDF has the name of its Word file and is written beside it, or into ``output_dir``. The
    failure of one file does not affect the others: each has its PDF or its ``error`` (an
    ``OutputError``, or a ``UsageError`` if the PDF exists and ``force`` is not given). Raises
    ``OutputError`` if there is no LibreOffice, ``UsageError`` if two files would have the same PDF.

    Examples:
        >>> from govdisclose import compile_report, pdf
        >>> word = compile_report("sample_workbooks/huaian-2024.xlsx", "淮安市.docx").path
        >>> [file.path.name for file in pdf.pdf_files([word])]
        ['淮安市.pdf']
    """
    paths = list(map(Path, words))
    targets: list[Path] = []
    for path in paths:
        folder = Path(output_dir or path.parent)
        targets.append(folder / f"{path.stem}.pdf")
    if len(set(targets)) < len(targets):
        raise UsageError("有同名的 Word 文件，它们的 PDF 会互相覆盖，请分开生成")
    contents = list(map(_read, paths))
    readable = [content for content in contents if isinstance(content, bytes)]
    made = iter(make_pdfs(readable, seconds=seconds))
    results = []
    for path, target, content in zip(paths, targets, contents, strict=True):
        pdf = next(made) if isinstance(content, bytes) else content
        result = _publish(path, target, pdf, force)
        results.append(result)
    return results


def _without_clock(made: bytes, word: bytes) -> bytes:
    """A PDF whose bytes do not depend on the time.

    Its date is that of the Word file, and its marks follow from its content. So the same Word file
    and the same LibreOffice give the same bytes. All changes keep the length, because a PDF
    contains byte offsets.
    """
    date = _creation_date(word)

    def dated(found: re.Match[bytes]) -> bytes:
        length = len(found[0])
        if len(date) > length:
            return found[0]
        return date.ljust(length)

    made = _CREATED.sub(dated, made)
    body = made[:-_TRAILER]
    end = made[-_TRAILER:]
    unmarked = body + _MARKS.sub(b"", end)
    digest = sha256(unmarked).hexdigest().upper()
    mark = digest[:_MARK_LENGTH].encode()
    return body + _MARKS.sub(mark, end)


def _creation_date(word: bytes) -> bytes:
    """The date of a Word file as an entry of a PDF; empty if it has none."""
    core = b""
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        if _CORE in archive.namelist():
            core = archive.read(_CORE)
    day = re.search(rb"<dcterms:created[^>]*>(\d{4})-(\d\d)-(\d\d)T", core)
    if day is None:
        return b""
    return b"/CreationDate(D:%b%b%b000000Z)" % day.groups()


def _read(path: Path) -> bytes | OutputError:
    """A Word file, or an error for any other: LibreOffice would convert every file as text."""
    try:
        data = path.read_bytes()
        package = open_package(data, f"{path} ")
        package.read("word/document.xml")
    except OSError as error:
        return OutputError(f"{path} 不存在或读不了：{error.strerror}")
    except (PackageError, KeyError):
        return OutputError(f"{path} 不是 Word 文档（.docx）")
    return data


def _publish(path: Path, target: Path, made: Pdf | OutputError, force: bool) -> PdfFile:
    if isinstance(made, OutputError):
        return PdfFile(path, error=made)
    try:
        publish(target, made.data, force=force)
    except (OutputError, UsageError) as error:
        return PdfFile(path, error=error)
    return PdfFile(path, target, made)


# --- verification --------------------------------------------------------------------------------


def need_pdf() -> None:
    """Raise ``OutputError`` if LibreOffice or pypdf, which verifies PDFs, is missing."""
    _need_pypdf()
    need_office()


def _need_pypdf() -> None:
    try:
        import pypdf  # noqa: F401  # only to see whether it is installed
    except ImportError as error:
        raise OutputError(
            '生成 PDF 需要安装组件（用来核对生成的文件）：pip install "govdisclose[pdf]"'
        ) from error


def verify_pdf(data: bytes, word: bytes) -> Pdf:
    """Compare a PDF with its Word file: pages, fonts, and every character of the text in order.

    Raises ``OutputError`` that names the first difference.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    original = read_word(word)
    try:
        reader = PdfReader(io.BytesIO(data))
        text = read_pdf(reader)
        fonts = dict(_fonts(reader))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError("LibreOffice 生成的 PDF 已损坏，读不回来") from error
    if not reader.pages:
        raise OutputError("LibreOffice 生成的 PDF 没有一页")
    missing = sorted(name for name, embedded in fonts.items() if not embedded)
    if missing:
        named = "、".join(missing)
        raise OutputError(f"PDF 没有嵌入字体 {named}，在别的电脑上会显示不同")
    _refuse_lost(original, text)
    names = tuple(sorted(fonts))
    _refuse_misdrawn(names, word)
    return Pdf(data, len(reader.pages), names, _notes(names))


def _refuse_lost(original: WordText, text: PdfText) -> None:
    """Refuse a PDF that shows characters of the Word file as empty boxes, or lacks them."""
    expected = set().union(*original.lines, *original.boxed)
    absent = expected - text.characters
    lost = _without_glyph(expected, absent)
    if lost:
        count = len(lost)
        named = _named(lost[:_SHOWN])
        more = f"等 {count} 个字" if count > _SHOWN else ""
        raise OutputError(
            f"PDF 中有字没有字形，会印成空框：{named}{more}。"
            "请安装有这些字的字体（如 Noto CJK、思源），"
            "或在有这些字体的电脑上用 Word、WPS 另存为 PDF"
        )
    ignored = absent if len(absent) <= _UNSURE else ()
    line = original.lost(text, ignored)
    if line:
        start = line[:_SHOWN]
        more = "……" if len(line) > _SHOWN else ""
        raise OutputError(f"PDF 与 Word 文件不一致：“{start}{more}”没有完整地印出来，或次序不同")


def _without_glyph(expected: Set[str], absent: Set[str]) -> str:
    """The characters that no font can draw.

    All of them are drawn as the same box, and the text of a PDF names only one of them. So
    fontconfig decides about every character outside GB 2312, if it is installed.
    """
    rare = {character for character in expected if not _is_common(character)}
    boxes = without_glyph(sorted(absent | rare))
    if boxes is None:
        return "".join(sorted(absent))
    return boxes


def _refuse_misdrawn(fonts: Sequence[str], word: bytes) -> None:
    """Refuse a PDF with a font that draws a character of the Word file as another one.

    The comparison of the texts does not show it, because it normalizes both characters to one.
    """
    for family, characters in _MISDRAWN.items():
        if not any(font.startswith(family) for font in fonts):
            continue
        with zipfile.ZipFile(io.BytesIO(word)) as archive:
            text = archive.read("word/document.xml").decode()
        wrong = [character for character in characters if character in text]
        if wrong:
            named = _named(wrong)
            raise OutputError(
                f"PDF 用了代用字体 {family}，它把 {named} 印成别的字。"
                "请安装仿宋_GB2312、楷体_GB2312，"
                "或在有这些字体的电脑上用 Word、WPS 另存为 PDF；金额也可以写作“3940元”"
            )


def _named(characters: Iterable[str]) -> str:
    """Characters with their code points: the reader's machine may be unable to show them."""
    names = []
    for character in characters:
        shown = character if character.isprintable() else ""
        names.append(f"{shown}（U+{ord(character):04X}）")
    return "、".join(names)


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _fonts(reader: PdfReader) -> Iterator[tuple[str, bool]]:
    """Each font used on a page, and whether it is embedded."""
    for page in reader.pages:
        resources: Any = page.get("/Resources", {})
        fonts = resources.get_object().get("/Font", {})
        for entry in fonts.values():
            font = entry.get_object()
            full_name = str(font.get("/BaseFont", "?"))
            _, _, name = full_name.lstrip("/").rpartition("+")
            yield name, _is_embedded(font)


def _is_embedded(font: Mapping[str, Any]) -> bool:
    if font.get("/Subtype") == "/Type3":
        return True  # its glyphs are drawings of the PDF
    if "/DescendantFonts" in font:
        font = font["/DescendantFonts"][0].get_object()
    descriptor = font.get("/FontDescriptor")
    if descriptor is None:
        return False
    return any(key.startswith("/FontFile") for key in descriptor.get_object())


def pdf_notes(data: bytes) -> tuple[str, ...]:
    """Notes for the reader of a PDF, in Chinese: the fonts of the form that were substituted."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    fonts = dict(_fonts(reader))
    return _notes(sorted(fonts))


def _notes(fonts: Sequence[str]) -> tuple[str, ...]:
    missing = missing_fonts()
    if not missing:
        return ()
    wanted = "、".join(missing)
    used = "、".join(fonts)
    return (f"本机没有字体 {wanted}，PDF 中以 {used} 代替，版面可能与 Word 中略有不同",)
