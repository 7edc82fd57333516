"""Find and run LibreOffice: with a private profile, within a time limit, and always ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

from govdisclose.errors import OutputError
from govdisclose.write.line_breaks import LATIN, NOT_FIRST, NOT_LAST
from govdisclose.write.office_text import set_as_in_word
from govdisclose.write.word.fonts import TITLE_FONT, missing_fonts

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
_FONTS_CONF = Path(__file__).with_name("fonts.conf")
_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Common/AsianLayout/StartEndCharacters">'
    '<node oor:name="zh-CN" oor:op="replace">{}</node></item></oor:items>'
)
_TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'

SECONDS = 120.0
"""Time limit for one document; the first start on a slow machine takes half a minute."""

SECONDS_MORE = 15.0
"""Additional time for each further document of one start."""


def find_office() -> Path | None:
    """The LibreOffice program: on the path, or where installers put it on Windows and macOS."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    for path in _usual_places():
        if path.is_file():
            return path
    return None


def _usual_places() -> Iterator[Path]:
    for name in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)"):
        root = os.environ.get(name)
        if root:
            yield Path(root, "LibreOffice", "program", "soffice.exe")
    yield from map(Path, _PLACES)


def need_office() -> Path:
    """The LibreOffice program. Raises ``OutputError`` if there is none."""
    program = find_office()
    if program is None:
        raise OutputError(
            "没有找到 LibreOffice，不能生成 PDF：请安装 LibreOffice（libreoffice.org）"
        )
    return program


def convert(words: Sequence[bytes], *, seconds: float = SECONDS) -> list[bytes | OutputError]:
    """Convert Word files to PDF with one start of LibreOffice; failed files are tried again alone.

    Returns the bytes of a PDF or an error for each file. Raises ``OutputError`` if there is no
    LibreOffice.
    """
    program = need_office()
    made = _start(program, words, seconds + SECONDS_MORE * (len(words) - 1))
    if len(words) == 1:
        return made
    results: list[bytes | OutputError] = []
    for word, result in zip(words, made, strict=True):
        if isinstance(result, OutputError):
            (result,) = _start(program, [word], seconds)
        results.append(result)
    return results


def _start(program: Path, words: Sequence[bytes], seconds: float) -> list[bytes | OutputError]:
    with tempfile.TemporaryDirectory(prefix="govdisclose-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        sources = [folder / f"{number}.docx" for number in range(len(words))]
        for source, word in zip(sources, words, strict=True):
            source.write_bytes(set_as_in_word(word))
        _write_profile(folder / "profile")
        failure = _run(program, folder, sources, seconds)
        return [_made(source.with_suffix(".pdf"), failure) for source in sources]


def _write_profile(profile: Path) -> None:
    """The settings of LibreOffice: it does not read those of a Word file that say where lines end."""
    characters = {"StartCharacters": NOT_FIRST, "EndCharacters": NOT_LAST + LATIN}
    values = ""
    for name, value in characters.items():
        values += f'<prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop>'
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS.format(values), encoding="utf-8")


def _made(path: Path, failure: str) -> bytes | OutputError:
    """The PDF, or an error. LibreOffice exits with code 0 even if it has made no file."""
    data = path.read_bytes() if path.is_file() else b""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]:
        return data
    if failure:
        return OutputError(failure)
    return OutputError("LibreOffice 生成的 PDF 已损坏" if data else "LibreOffice 没有生成 PDF")


def _run(program: Path, folder: Path, sources: Sequence[Path], seconds: float) -> str:
    """Run LibreOffice on some files; the message of a failure, or an empty text."""
    profile = (folder / "profile").as_uri()
    command = [str(program), f"-env:UserInstallation={profile}"]
    command += ["--headless", "--norestore", "--nolockcheck"]
    command += ["--convert-to", _TAGGED, "--outdir", str(folder)]
    command += [str(source) for source in sources]
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own, so that all of it can be ended
        )
    except OSError as error:
        return f"LibreOffice（{program}）无法启动：{error.strerror or error}"
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"LibreOffice 超过 {seconds:g} 秒没有完成，已停止"
    finally:
        _end(process)
    return f"LibreOffice 运行失败（代码 {code}）" if code else ""


def _environment(folder: Path) -> dict[str, str] | None:
    """The environment variables of LibreOffice; ``None`` for those of this process."""
    if sys.platform != "linux":
        return None
    return {"FONTCONFIG_FILE": str(_fonts_conf(folder)), **os.environ}


def _fonts_conf(folder: Path) -> Path:
    """Write the configuration of substitute fonts.

    The font of the title is bold by design, so its substitute is set in bold.
    """
    text = _FONTS_CONF.read_text(encoding="utf-8")
    if TITLE_FONT in (missing_fonts() or ()):
        text = text.replace(
            "<!--bold-->", '<edit name="weight" mode="assign"><const>bold</const></edit>'
        )
    path = folder / "fonts.conf"
    path.write_text(text, encoding="utf-8")
    return path


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with all its child processes: the first program is only a launcher."""
    if sys.platform == "win32":
        if process.poll() is None:
            command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(command, capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
