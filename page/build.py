"""Build the offline page: one HTML file that holds the library, a Python for browsers, and the page itself.

    python page/build.py -o dist/govdisclose.html
    python page/build.py --folder dist/govdisclose        # the same as separate files, for a web server
    python page/build.py --template 模板.prepared.json   # with an office's own template inside
    python page/build.py --year 2026                     # the year of the blank workbook beside it

It needs npm (with Node) and pip, which fetch what ``package-lock.json`` and ``requirements.txt`` pin by
digest. The same inputs give the same bytes. Beside the page it puts a blank workbook for the year that
clerks fill now.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from parts import Parts, collect

from govdisclose import Agency, blank_report, write_workbook
from govdisclose.browser import year_to_fill
from govdisclose.form.edition import edition_for

HERE = Path(__file__).resolve().parent
MOST = 14_000_000
"""Bytes of the single file: what a mail system passes on and a clerk waits for."""


def main() -> None:
    """Build what the command line asks for."""
    given = _arguments()
    cache = given.cache.resolve()
    parts = collect(HERE, cache, given.wheel, given.template)
    if given.folder is not None:
        write_folder(parts, given.folder)
        write_blank(given.folder, given.year)
    if given.output is not None or given.folder is None:
        page = given.output or Path("dist/govdisclose.html")
        write_page(parts, page)
        write_blank(page.parent, given.year)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, help="the single file")
    parser.add_argument("--folder", type=Path, help="separate files, into this folder")
    parser.add_argument("--template", type=Path, help="a prepared Word template to put inside")
    parser.add_argument(
        "--year",
        type=int,
        default=year_to_fill(date.today()),
        help="the year of the blank workbook",
    )
    parser.add_argument(
        "--wheel", type=Path, help="a wheel of the library; built from this checkout otherwise"
    )
    parser.add_argument(
        "--cache", type=Path, default=HERE / ".cache", help="where downloads are kept"
    )
    return parser.parse_args()


def write_blank(folder: Path, year: int) -> None:
    """Write a blank workbook of a year, in which the agency has still to put its name."""
    report = blank_report(edition_for(year), agency=Agency(""), year=year)
    path = write_workbook(report, folder / f"政府信息公开工作年度报告-{year}-空白.xlsx", force=True)
    print(f"{path}: {path.stat().st_size:,} bytes")


# --- one file -----------------------------------------------------------------------------------


def write_page(parts: Parts, path: Path) -> None:
    """Write the single file, and say what it is known by."""
    page = single_page(parts)
    if len(page) > MOST:
        raise SystemExit(f"{len(page):,} bytes, more than {MOST:,}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page)
    print(f"{path}: {len(page):,} bytes, sha256 {hashlib.sha256(page).hexdigest()}")


def single_page(parts: Parts) -> bytes:
    """The page as one file: styles, script and data inside; it may open no connection at all."""
    policy = {
        "default-src": "'none'",
        "script-src": f"'{_digest(parts.script)}' 'wasm-unsafe-eval'",
        "style-src": f"'{_digest(parts.style)}'",
        "worker-src": "blob:",
        "img-src": "data:",
        "connect-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
    }
    data = "\n".join(_data_block(name, packed) for name, packed in parts.data.items())
    filled = {
        "POLICY": _policy(policy),
        "STYLE": f"<style>{parts.style}</style>",
        "DATA": data,
        "SCRIPT": f"<script>{parts.script}</script>",
    }
    return _fill(parts.skeleton, filled).encode()


def _policy(rules: dict[str, str]) -> str:
    said = "; ".join(f"{name} {value}" for name, value in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{said}">'


def _digest(text: str) -> str:
    """A text as a Content-Security-Policy names it."""
    found = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(found).decode()}"


def _data_block(name: str, packed: bytes) -> str:
    text = base64.b64encode(packed).decode()
    return f'<script type="application/gzip;base64" id="part-{name}">{text}</script>'


def _fill(skeleton: str, filled: dict[str, str]) -> str:
    for name, text in filled.items():
        place = f"<!-- {name} -->"
        if skeleton.count(place) != 1:
            raise SystemExit(f"index.html must have {place} once")
        skeleton = skeleton.replace(place, text)
    return skeleton


# --- a folder -----------------------------------------------------------------------------------


def write_folder(parts: Parts, folder: Path) -> None:
    """The page as separate files for a web server; it may fetch from that server alone."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "worker-src": "'self' blob:",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
    }
    data = [f'<link rel="part" id="part-{name}" href="{name}.gz">' for name in parts.data]
    filled = {
        "POLICY": _policy(policy),
        "STYLE": '<link rel="stylesheet" href="style.css">',
        "DATA": "\n".join(data),
        "SCRIPT": '<script src="page.js"></script>',
    }
    folder.mkdir(parents=True, exist_ok=True)
    files = {"index.html": _fill(parts.skeleton, filled).encode(), "page.js": parts.script.encode()}
    files["style.css"] = parts.style.encode()
    files.update({f"{name}.gz": packed for name, packed in parts.data.items()})
    files["contents.json"] = json.dumps(parts.contents, ensure_ascii=False, indent=2).encode()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    print(f"{folder}: {len(files)} files, {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    main()
