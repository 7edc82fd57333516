"""A web page → a document. Layout tables are taken apart, data tables are kept.

Text that a browser does not show is not read (``element_appearance.py``, ``css.py``).
"""

from __future__ import annotations

import re
from typing import Any

from govdisclose.errors import InputError
from govdisclose.read.published.document import Document
from govdisclose.read.published.html.css import read_sheets
from govdisclose.read.published.html.data_tables import data_tables
from govdisclose.read.published.html.encoding import decode
from govdisclose.read.published.html.tree import parse, visit
from govdisclose.read.published.html.walk import MARK, Walk

LIMIT = 20_000_000
"""Bytes of a page; the largest real report is below one million."""
_FEW_LETTERS = 200
"""A page with fewer letters and a script is filled by a browser."""
_DOCUMENTS = re.compile(r"\.(pdf|docx?|wps|ofd|xlsx?|zip|rar)([?#]|$)", re.I)
_META_NAMES = {"articletitle": "title", "pubdate": "published", "publishdate": "published"}


def read_html(data: bytes, file: str) -> Document:
    """Read a web page. Raises ``InputError`` for one that is too large, empty or broken."""
    if len(data) > LIMIT:
        raise InputError(
            f"{file} 有 {len(data) // 1_000_000} MB，超过网页 {LIMIT // 1_000_000} MB 的上限"
        )
    decoded = decode(data, file)
    tree = parse(decoded.text, file)
    root = tree.root
    sheets = read_sheets(tree, file)
    walk = Walk(file, sheets, data_tables(root))
    visit(root, walk.start, walk.end)
    walk.flush()
    described = _self_description(root)
    return Document(
        file,
        tuple(walk.blocks),
        (*decoded.findings, *walk.unread()),
        title=described.get("title", ""),
        published=described.get("published", ""),
        images=sum(1 for _ in root.iter("img")),
        attachments=tuple(_attachments(root)),
        script_only=walk.letters < _FEW_LETTERS and next(root.iter("script"), None) is not None,
    )


def _attachments(root: Any) -> list[str]:
    """The links of a page that lead to documents."""
    found: list[str] = []
    for anchor in root.iter("a"):
        link = anchor.get("href") or ""
        if _DOCUMENTS.search(link):
            found.append(link)
    return found


def _self_description(root: Any) -> dict[str, str]:
    """Title and date as the page's meta elements give them; else the title from ``<title>``."""
    for article in root.iter("article"):
        title = article.get(f"{MARK}-title")
        if title:
            return {"title": title}
    title = root.findtext(".//head/title") or ""
    found = {"title": title.strip()}
    for meta in root.iter("meta"):
        name = meta.get("name") or ""
        key = _META_NAMES.get(name.lower())
        content = (meta.get("content") or "").strip()
        if key and content:
            found[key] = content
    return found
