"""What the sides of a measurement read: our own workbooks, naive scripts and templates, or those of a peer folder.

A peer folder offers the scripts of ``naive/`` under the same names with the same arguments, and

    gen.py book OUT.xlsx | books DIR --count N | template OUT.docx --syntax SYNTAX
    export_ctx.py BOOK.xlsx OUT.json      its book as flat JSON, for engines that fill templates

Its workbooks are of its own layout; ours are made from the same figures and paragraphs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from content import write_books

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NAIVE = HERE / "naive"
SYNTAXES = ("docxtemplater", "carbone", "mailmerge")
FOREIGN = 50
"""So many workbooks of a peer folder give the content of all of ours, each of which has its own agency."""


class Sides(NamedTuple):
    """Workbooks for us and for the naive scripts, and one workbook's template and data for each engine.

    ``scripts`` is the folder of the naive scripts, ``template`` what they fill, ``data`` the flat JSON
    of the first workbook, ``templates`` the same template in the languages of other engines.
    """

    books: Path
    naive_books: Path
    scripts: Path
    template: Path
    data: Path
    templates: Mapping[str, Path]

    @property
    def own(self) -> bool:
        """Whether all sides read the same workbooks and fill the same template."""
        return self.scripts == NAIVE

    @property
    def book(self) -> Path:
        """Our first book."""
        return min(self.books.iterdir())

    @property
    def naive_book(self) -> Path:
        """The first workbook of the naive scripts: the same content."""
        return min(self.naive_books.iterdir())


def own(folder: Path, count: int) -> Sides:
    """Our workbooks, the scripts of ``naive/`` that read them, and our template in each language."""
    sides = Sides(
        folder / "books", folder / "books", NAIVE, ROOT / "templates" / "2021.docx", folder / "data.json",
        {syntax: folder / f"{syntax}.docx" for syntax in SYNTAXES},
    )  # fmt: skip
    write_books(sides.books, count)
    subprocess.run(
        [sys.executable, HERE / "peer_templates.py", sides.book, sides.template, folder], check=True
    )
    return sides


def foreign(peer: Path, folder: Path, count: int) -> Sides:
    """The workbooks and templates of a peer folder, and workbooks of ours that hold the same."""
    made = folder / "foreign"
    sides = Sides(
        folder / "books", made, peer, folder / "jinja.docx", folder / "data.json",
        {syntax: folder / f"{syntax}.docx" for syntax in SYNTAXES},
    )  # fmt: skip
    _python(peer / "gen.py", "books", made, "--count", str(FOREIGN))
    for syntax, path in {**sides.templates, "jinja": sides.template}.items():
        _python(peer / "gen.py", "template", path, "--syntax", syntax)
    _python(peer / "export_ctx.py", sides.naive_book, sides.data)
    contexts = folder / "contexts.json"
    contexts.write_text(_contexts(peer, made), encoding="utf-8")
    write_books(sides.books, count, contexts)
    return sides


def _python(*arguments: str | Path) -> str:
    return subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True
    ).stdout


def _contexts(peer: Path, books: Path) -> str:
    """What the peer's script reads from each of its workbooks, read by a process of its own."""
    code = """
import json, sys, pathlib
sys.path.insert(0, sys.argv[1])
import naive_report
books = sorted(pathlib.Path(sys.argv[2]).iterdir())
print(json.dumps([naive_report.read_book(str(book)) for book in books]))
"""
    return json.dumps(json.loads(_python("-c", code, peer, books)))
