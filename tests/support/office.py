"""LibreOffice as tests start it: once for all files that are converted to the same kind."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from support.paths import DATA

FONTS = DATA / "fonts.conf"
needs_libreoffice = pytest.mark.skipif(
    not shutil.which("soffice") and "CI" not in os.environ, reason="no LibreOffice"
)


def converted(sources: Iterable[Path], to: str, folder: Path) -> None:
    """Put each file into the folder as another kind, with free stand-ins for the fonts of reports."""
    command = ["soffice", f"-env:UserInstallation={_profile().as_uri()}", "--headless"]
    command += ["--convert-to", to, "--outdir", str(folder), *map(str, sources)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
    subprocess.run(command, env=environment, timeout=300, check=True, capture_output=True)


@cache
def _profile() -> Path:
    """The folder of its settings, which each process of tests makes once."""
    folder = Path(tempfile.mkdtemp(prefix="govdisclose-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
