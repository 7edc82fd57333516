"""What the page is made of: fetched by npm and pip as pinned, compiled, and bundled."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen

PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON = "3.14"
ABI = "cp314"
MARKUPSAFE = "markupsafe==3.0.3"
"""It has no wheel for browsers; without its C part it is plain Python."""

OLDEST = "chrome109"
"""The oldest browser the scripts are written for: the last Chromium of Windows 7."""

_NOT_NEEDED = (
    "/tests/",
    "/test/",
    "/__pycache__/",
    "/sboms/",
    "/govdisclose/cli/",
    "/govdisclose/blank_form/",
    "/govdisclose/many/overview/",
    "/govdisclose/many/status/",
    "/govdisclose/write/overview/",
    "/govdisclose/write/status/",
    "/justhtml/serializer/markdown",
    "/justhtml/__main__",
)
"""Parts of packages that the page never calls: tests, the command line, and what needs lxml."""
_NOT_NEEDED_ENDINGS = (
    ".pyi",
    ".c",
    ".typed",
    "RECORD",
    "WHEEL",
    "INSTALLER",
    "top_level.txt",
    "entry_points.txt",
)
_STDLIB_NOT_NEEDED = (
    "_pyrepl/", "asyncio/__main__", "bdb", "cmd.", "code.", "concurrent/interpreters", "ctypes/", "curses/", "dbm/", "doctest",
    "ftplib", "http/server", "idlelib/", "imaplib", "lib2to3/", "mailbox", "pdb", "poplib", "profile", "pstats", "pydoc",
    "smtplib", "test/", "tkinter/", "trace.", "turtle", "unittest/", "venv/", "wsgiref/", "xmlrpc/",
    "pickletools", "optparse", "statistics", "_pyio", "profiling/", "cProfile", "timeit", "tabnanny", "webbrowser",
)  # fmt: skip
"""Modules of the standard library that neither this library nor what it needs imports: servers, debuggers, tests."""

_NODE_ONLY = ("--external:node:*", "--external:ws")
"""Pyodide imports these only where it runs in Node."""


@frozen
class Parts:
    """The pieces of the page: texts as they stand in it, gzip files by name, and a list of contents."""

    skeleton: str
    style: str
    script: str
    data: dict[str, bytes]
    contents: dict[str, object]


def collect(page: Path, cache: Path, wheel: Path | None, template: Path | None) -> Parts:
    """Fetch and compile everything; ``cache`` keeps downloads between builds."""
    cache.mkdir(parents=True, exist_ok=True)
    modules = _npm(page, cache)
    others, own = _wheels(page, cache), wheel or _own_wheel(page.parent, cache)
    wheels = [*others, own]
    pyodide = modules / "pyodide"
    whole = _members((pyodide / "python_stdlib.zip").read_bytes())
    stdlib = {
        name: content for name, content in whole.items() if not name.startswith(_STDLIB_NOT_NEEDED)
    }
    stdlib, packages = _compiled(page, modules, stdlib, _packages(wheels))
    if template is not None:
        packages["govdisclose/templates/own.prepared.json"] = template.read_bytes()
    contents = _contents(modules, wheels)
    data = {
        "wasm": (pyodide / "pyodide.asm.wasm").read_bytes(),
        "stdlib": _zip(stdlib),
        "packages": _zip(packages),
        "worker": _bundled(page / "worker" / "worker.js", modules, "iife").encode(),
        "contents": json.dumps(contents, ensure_ascii=False, sort_keys=True).encode(),
    }
    packed = {name: _packed(content, cache / "packed") for name, content in data.items()}
    app = page / "app"
    return Parts(
        (app / "index.html").read_text(encoding="utf-8"),
        (app / "style.css").read_text(encoding="utf-8"),
        _bundled(app / "main.js", modules, "iife"),
        packed,
        contents,
    )


def _run(*command: str | Path, folder: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


# --- npm ----------------------------------------------------------------------------------------


def _npm(page: Path, cache: Path) -> Path:
    """The folder of the npm packages that the lock file pins by digest."""
    folder = cache / "npm"
    lock = (page / "package-lock.json").read_text(encoding="utf-8")
    marker = folder / "installed.json"
    if not marker.exists() or marker.read_text(encoding="utf-8") != lock:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(page / name, folder / name)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
        marker.write_text(lock, encoding="utf-8")
    return folder / "node_modules"


def _bundled(entry: Path, modules: Path, form: str) -> str:
    """A script with all that it imports, as one text that can stand inside a page."""
    made = _run(
        modules / ".bin" / "esbuild", entry, "--bundle", f"--format={form}", f"--target={OLDEST}", "--charset=utf8",
        "--legal-comments=inline", "--log-level=error", *_NODE_ONLY,
        folder=modules.parent, NODE_PATH=str(modules),
    )  # fmt: skip
    return made.replace("</script", "<\\/script")


def _compiled(page: Path, modules: Path, *archives: dict[str, bytes]) -> list[dict[str, bytes]]:
    """The archives with every module compiled by the Python of the page; each is kept for later builds.

    That Python takes long to start: it is started once, and only for modules that are not kept.
    """
    compiler = (page / "compile.mjs").read_bytes() + (page / "package-lock.json").read_bytes()
    kept = modules.parents[1] / "compiled"
    kept.mkdir(exist_ok=True)
    missing: dict[str, bytes] = {}
    for archive in archives:
        for name, content in archive.items():
            key = _key(compiler, name, content)
            if name.endswith(".py") and not (kept / key).exists():
                missing[f"{key}/{name}"] = content
    if missing:
        _compile(page, modules, missing, kept)
    return [_with_compiled(archive, compiler, kept) for archive in archives]


def _key(compiler: bytes, name: str, content: bytes) -> str:
    """What a compiled module is kept by: its compiler with the pinned Python, its name, its source."""
    return sha256(b"\0".join((compiler, name.encode(), content))).hexdigest()


def _compile(page: Path, modules: Path, sources: dict[str, bytes], kept: Path) -> None:
    """Compile modules, whose names begin with their keys, and keep each by its key."""
    with tempfile.TemporaryDirectory(dir=kept.parent) as name:
        given, made = Path(name, "given.zip"), Path(name, "made.zip")
        given.write_bytes(_zip(sources))
        _run("node", page / "compile.mjs", given, made, folder=modules.parent)
        for member, content in _members(made.read_bytes()).items():
            key = member.partition("/")[0]
            one = Path(name, key)
            one.write_bytes(content)
            one.replace(kept / key)


def _with_compiled(archive: dict[str, bytes], compiler: bytes, kept: Path) -> dict[str, bytes]:
    """An archive with what is kept for its modules in their place."""
    found = {}
    for name, content in archive.items():
        if name.endswith(".py"):
            key = _key(compiler, name, content)
            found[f"{name}c"] = (kept / key).read_bytes()
        else:
            found[name] = content
    return found


def _packed(content: bytes, folder: Path) -> bytes:
    """A gzip file of the content; kept for later builds, since compressing takes most of their time."""
    kept = folder / f"{sha256(content).hexdigest()}.gz"
    if not kept.exists():
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            made = Path(name, "made.gz")
            made.write_bytes(gzip.compress(content, 9, mtime=0))
            made.replace(kept)
    return kept.read_bytes()


# --- wheels -------------------------------------------------------------------------------------


def _wheels(page: Path, cache: Path) -> list[Path]:
    """The wheels that ``requirements.txt`` pins by digest, and MarkupSafe without its C part."""
    pins = page / "requirements.txt"
    folder = cache / "wheels"
    marker = folder / "installed.txt"
    wanted = pins.read_text(encoding="utf-8") + MARKUPSAFE
    if not marker.exists() or marker.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
        _run(
            *pip, "download", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--platform", PLATFORM,
            "--platform", "any", "--implementation", "cp", "--python-version", PYTHON, "--abi", ABI, "--abi", "none",
            "--dest", folder, "--requirement", pins,
        )  # fmt: skip
        _run(
            *pip,
            "wheel",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--wheel-dir",
            folder,
            MARKUPSAFE,
            CC="false",
        )
        marker.write_text(wanted, encoding="utf-8")
    return sorted(folder.glob("*.whl"))


def _own_wheel(project: Path, cache: Path) -> Path:
    """The library of this checkout as a wheel."""
    folder = cache / "own"
    shutil.rmtree(folder, ignore_errors=True)
    here = ("--no-build-isolation",) if find_spec("hatchling") and find_spec("docxtpl") else ()
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    _run(*pip, "wheel", "--no-deps", *here, "--wheel-dir", folder, project)
    (made,) = folder.glob("*.whl")
    return made


def _packages(wheels: list[Path]) -> dict[str, bytes]:
    """What the wheels install, without tests and what only tools need."""
    return {
        name: content for wheel in wheels for name, content in _members(wheel.read_bytes()).items()
    }


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and _needed(name)]
        return {name: archive.read(name) for name in names}


def _needed(name: str) -> bool:
    return not any(part in f"/{name}" for part in _NOT_NEEDED) and not name.endswith(
        _NOT_NEEDED_ENDINGS
    )


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), members[name])
    return made.getvalue()


# --- the list of contents -----------------------------------------------------------------------


def _contents(modules: Path, wheels: list[Path]) -> dict[str, object]:
    """Name, version and licence of everything inside."""
    pyodide = json.loads((modules / "pyodide" / "package.json").read_text(encoding="utf-8"))
    listed = [{"name": "Pyodide", "version": pyodide["version"], "licence": pyodide["license"]}]
    listed.append({"name": "CPython", "version": PYTHON, "licence": "PSF-2.0"})
    listed.extend(_licences(wheels))
    return {"parts": listed}


def _licences(wheels: list[Path]) -> Iterator[dict[str, str]]:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
            said = BytesParser().parsebytes(archive.read(name))
        licence = (
            said["License-Expression"]
            or said["License"]
            or _classified(said.get_all("Classifier", []))
        )
        yield {
            "name": said["Name"],
            "version": said["Version"],
            "licence": str(licence).partition("\n")[0],
        }


def _classified(classifiers: list[str]) -> str:
    found = [text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License")]
    return "、".join(found) or "?"
