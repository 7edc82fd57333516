"""PDF of a finished Word file: LibreOffice makes it, and what it made is read again before anybody gets it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
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
"""What LibreOffice makes of the clock in the last lines of a PDF: checksum and both identifiers."""

_MISDRAWN = {"Fandol": "￥"}
"""The beginnings of names of fonts that draw a character as another one: for the full-width yuan sign a dollar."""

_TRAILER = 1024
_CORE = "docProps/core.xml"
_UNSURE = 3
"""So many characters may be absent that fonts do have: two that look alike may share one picture."""


@frozen
class Pdf:
    """A verified PDF: its pages, the fonts embedded in it, and what a reader of it should know, in Chinese."""

    data: bytes
    pages: int
    fonts: tuple[str, ...]
    notes: tuple[str, ...] = ()


@frozen
class PdfFile:
    """What became of one Word file: the PDF at ``path``, or why there is none."""

    word: Path
    path: Path | None = None
    pdf: Pdf | None = None
    error: OutputError | UsageError | None = None


def make_pdf(word: bytes, *, seconds: float = SECONDS) -> Pdf:
    """The PDF of a Word file. Raises ``OutputError`` when LibreOffice fails, or what it made is not whole."""
    (made,) = make_pdfs([word], seconds=seconds)
    if isinstance(made, OutputError):
        raise made
    return made


def make_pdfs(words: Sequence[bytes], *, seconds: float = SECONDS) -> list[Pdf | OutputError]:
    """The PDFs of many Word files by one start of LibreOffice; for each its own, or why there is none.

    Raises ``OutputError`` when there is no LibreOffice, or nothing to verify PDFs with.
    """
    _need_pypdf()
    made = convert(words, seconds=seconds) if words else []
    return [_verified(pdf, word) for pdf, word in zip(made, words, strict=True)]


def _verified(made: bytes | OutputError, word: bytes) -> Pdf | OutputError:
    try:
        return made if isinstance(made, OutputError) else verify_pdf(_settled(made, word), word)
    except OutputError as error:
        return error


def pdf_files(
    words: Sequence[str | Path],
    output_dir: str | Path | None = None,
    *,
    seconds: float = SECONDS,
    force: bool = False,
) -> list[PdfFile]:
    """PDFs of many Word files by one start of LibreOffice, beside them or in ``output_dir``, under their names.

    One file's failure does not touch the others: each has its PDF or its ``error`` (``OutputError``, or
    ``UsageError`` where a PDF exists and ``force`` is not given). Raises ``OutputError`` when there is no
    LibreOffice, ``UsageError`` when two files would have the same PDF.
    """
    paths = [Path(word) for word in words]
    targets = [Path(output_dir or path.parent) / f"{path.stem}.pdf" for path in paths]
    if len(set(targets)) < len(targets):
        raise UsageError("有同名的 Word 文件，它们的 PDF 会互相覆盖，请分开生成")
    read = [_read(path) for path in paths]
    made = iter(make_pdfs([word for word in read if isinstance(word, bytes)], seconds=seconds))
    return [
        _publish(path, target, next(made) if isinstance(word, bytes) else word, force)
        for path, target, word in zip(paths, targets, read, strict=True)
    ]


def _settled(made: bytes, word: bytes) -> bytes:
    """A PDF without the clock in it: the date of the Word file for its own, marks that follow from its content.

    The same Word file then gives the same bytes by the same LibreOffice. Every change keeps its length,
    since a PDF counts bytes.
    """
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        core = archive.read(_CORE) if _CORE in archive.namelist() else b""
    day = re.search(rb"<dcterms:created[^>]*>(\d{4})-(\d\d)-(\d\d)T", core)
    date = b"/CreationDate(D:%b%b%b000000Z)" % day.groups() if day else b""
    made = _CREATED.sub(
        lambda found: date.ljust(len(found[0])) if len(date) <= len(found[0]) else found[0], made
    )
    body, end = made[:-_TRAILER], made[-_TRAILER:]
    mark = sha256(body + _MARKS.sub(b"", end)).hexdigest()[:32].upper().encode()
    return body + _MARKS.sub(mark, end)


def _read(path: Path) -> bytes | OutputError:
    """A Word file; LibreOffice would take anything, and make a page of text of it."""
    try:
        data = path.read_bytes()
        open_package(data, f"{path} ").read("word/document.xml")
    except OSError as error:
        return OutputError(f"{path} 不存在或无法读取：{error.strerror}")
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


# --- what was made, read again -------------------------------------------------------------------


def need_pdf() -> None:
    """Raise ``OutputError`` where no PDF can be made: without LibreOffice, or nothing to verify PDFs with."""
    _need_pypdf()
    need_office()


def _need_pypdf() -> None:
    try:
        import pypdf  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise OutputError(
            '生成 PDF 需要安装组件（用来核对生成的文件）：pip install "govdisclose[pdf]"'
        ) from error


def verify_pdf(data: bytes, word: bytes) -> Pdf:
    """Hold a PDF against the Word file it was made of: pages, fonts, every character of its text in order.

    Raises ``OutputError`` naming what is not as it should be.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    said = read_word(word)
    try:
        reader = PdfReader(io.BytesIO(data))
        text = read_pdf(reader)
        fonts = dict(_fonts(reader))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError("LibreOffice 生成的 PDF 已损坏，读不回来") from error
    if not reader.pages:
        raise OutputError("LibreOffice 生成的 PDF 没有一页")
    loose = sorted(name for name, embedded in fonts.items() if not embedded)
    if loose:
        raise OutputError(f"PDF 没有嵌入字体 {'、'.join(loose)}，在别的电脑上会显示不同")
    _refuse_lost(said, text)
    names = tuple(sorted(fonts))
    _refuse_misdrawn(names, word)
    return Pdf(data, len(reader.pages), names, _notes(names))


def _refuse_lost(said: WordText, text: PdfText) -> None:
    """Refuse a PDF in which characters of the Word file are empty boxes, or are not there at all.

    Missing ones share one box, and the text of a PDF names only one of them; so fontconfig, where it is
    there, is asked about every character outside GB 2312 as well, and has the last word.
    """
    expected = set("".join((*said.lines, *said.boxed)))
    absent = expected - text.characters
    boxes = without_glyph(sorted(absent | {c for c in expected if not _is_common(c)}))
    lost = "".join(sorted(absent)) if boxes is None else boxes
    if lost:
        more = f"等 {len(lost)} 个字" if len(lost) > _SHOWN else ""
        raise OutputError(
            f"PDF 中有字没有字形，会印成空框：{'、'.join(map(_named, lost[:_SHOWN]))}{more}。请安装有这些字的字体（如 Noto CJK、思源），"
            "或在有这些字体的电脑上用 Word、WPS 另存为 PDF"
        )
    line = said.lost(text, absent if len(absent) <= _UNSURE else ())
    if line:
        more = "……" if len(line) > _SHOWN else ""
        raise OutputError(
            f"PDF 与 Word 文件不一致：“{line[:_SHOWN]}{more}”没有完整地印出来，或次序不同"
        )


def _refuse_misdrawn(fonts: Sequence[str], word: bytes) -> None:
    """What is compared with the PDF has one form of each character; which of two it was only the file itself says."""
    for family, characters in _MISDRAWN.items():
        if not any(font.startswith(family) for font in fonts):
            continue
        with zipfile.ZipFile(io.BytesIO(word)) as archive:
            text = archive.read("word/document.xml").decode()
        if wrong := [c for c in characters if c in text]:
            raise OutputError(
                f"PDF 用了代用字体 {family}，它把 {'、'.join(map(_named, wrong))} 印成别的字。请安装仿宋_GB2312、楷体_GB2312，"
                "或在有这些字体的电脑上用 Word、WPS 另存为 PDF；金额也可以写作“3940元”"
            )


def _named(character: str) -> str:
    """A character that some machine may not show, with its code point."""
    return f"{character if character.isprintable() else ''}（U+{ord(character):04X}）"


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
        for entry in resources.get_object().get("/Font", {}).values():
            font = entry.get_object()
            name = str(font.get("/BaseFont", "?")).lstrip("/").rpartition("+")[2]
            yield name, font.get("/Subtype") == "/Type3" or _is_embedded(font)


def _is_embedded(font: Mapping[str, Any]) -> bool:
    below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    descriptor = below.get("/FontDescriptor")
    return descriptor is not None and any(
        key.startswith("/FontFile") for key in descriptor.get_object()
    )


def pdf_notes(data: bytes) -> tuple[str, ...]:
    """What a reader of a PDF should know, in Chinese: fonts of the form that stand-ins were used for."""
    from pypdf import PdfReader

    return _notes(sorted(dict(_fonts(PdfReader(io.BytesIO(data))))))


def _notes(fonts: Sequence[str]) -> tuple[str, ...]:
    missing = missing_fonts()
    if not missing:
        return ()
    return (
        f"本机没有字体 {'、'.join(missing)}，PDF 中以 {'、'.join(fonts)} 代替，版面可能与 Word 中略有不同",
    )
