"""LibreOffice, found and run: in a profile of its own, within a time, and gone afterwards whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from govdisclose.errors import OutputError
from govdisclose.write.word.fonts import TITLE_FONT, missing_fonts

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
_FONTS_CONF = Path(__file__).with_name("fonts.conf")
_TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'

SECONDS = 120.0
"""How long one document may take; the first start on a slow machine takes half a minute."""

SECONDS_MORE = 15.0
"""How much longer for each further document of one start."""


def find_office() -> Path | None:
    """LibreOffice's program: on the path, or where its installers put it on Windows and macOS."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    roots = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)"))
    windows = [Path(root, "LibreOffice", "program", "soffice.exe") for root in roots if root]
    return next((path for path in (*windows, *map(Path, _PLACES)) if path.is_file()), None)


def need_office() -> Path:
    """LibreOffice's program. Raises ``OutputError`` when there is none."""
    program = find_office()
    if program is None:
        raise OutputError(
            "没有找到 LibreOffice，不能生成 PDF：请安装 LibreOffice（libreoffice.org）"
        )
    return program


def convert(words: Sequence[bytes], *, seconds: float = SECONDS) -> list[bytes | OutputError]:
    """Word files as PDF, by one start of LibreOffice; a file it made nothing of is tried again alone.

    For each file its PDF, or why there is none. Raises ``OutputError`` when there is no LibreOffice.
    """
    program = need_office()
    made = _start(program, words, seconds + SECONDS_MORE * (len(words) - 1))
    if len(words) > 1:
        alone = (data if isinstance(data, bytes) else _start(program, [word], seconds)[0]
                 for word, data in zip(words, made, strict=True))  # fmt: skip
        return list(alone)
    return made


def _start(program: Path, words: Sequence[bytes], seconds: float) -> list[bytes | OutputError]:
    with tempfile.TemporaryDirectory(prefix="govdisclose-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        sources = [folder / f"{number}.docx" for number in range(len(words))]
        for source, word in zip(sources, words, strict=True):
            source.write_bytes(word)
        why = _run(program, folder, sources, seconds)
        return [_made(source.with_suffix(".pdf"), why) for source in sources]


def _made(path: Path, why: str) -> bytes | OutputError:
    """The PDF, if there is one; LibreOffice says 0 also when it has made nothing."""
    data = path.read_bytes() if path.is_file() else b""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]:
        return data
    return OutputError(
        why or ("LibreOffice 生成的 PDF 已损坏" if data else "LibreOffice 没有生成 PDF")
    )


def _run(program: Path, folder: Path, sources: Sequence[Path], seconds: float) -> str:
    """Run LibreOffice on some files; why it failed, or nothing."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(program), profile, "--headless", "--norestore", "--nolockcheck", "--convert-to", _TAGGED,
               "--outdir", str(folder), *map(str, sources)]  # fmt: skip
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"FONTCONFIG_FILE": str(_fonts_conf(folder)), **os.environ}
            if sys.platform == "linux"
            else None,
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


def _fonts_conf(folder: Path) -> Path:
    """Stand-ins for the fonts that are not installed; that for the title's, which is bold itself, is set bold."""
    text = _FONTS_CONF.read_text(encoding="utf-8")
    if TITLE_FONT in (missing_fonts() or ()):
        text = text.replace(
            "<!--bold-->", '<edit name="weight" mode="assign"><const>bold</const></edit>'
        )
    path = folder / "fonts.conf"
    path.write_text(text, encoding="utf-8")
    return path


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with all it has started: its first program is only a launcher."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(
                ["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False
            )
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
