"""One of our jobs for each line on stdin, which names it: python ours.py BOOK.xlsx OUT_DIR.

Answers with the milliseconds it took.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from govdisclose import compile_report, read_report
from govdisclose.write.context import build_context
from govdisclose.write.word import document as word
from govdisclose.write.word import load_template, render
from govdisclose.write.word.fill import fill


def jobs(book: Path, folder: Path) -> dict[str, Callable[[], object]]:
    """Rendering alone, the whole job, and what deflating the finished document takes without either."""
    report = read_report(book).report
    template = load_template(report.edition)
    context: dict[str, Any] = {**build_context(report), "draft": False, "findings": []}
    (text,) = [fill(body, context).encode() for body in template.parts.values()]
    return {
        "render": lambda: (folder / "render.docx").write_bytes(render(report, template)),
        "whole job": lambda: compile_report(book, folder / "whole.docx", force=True),
        "deflate": lambda: deflate(text),
    }


def deflate(data: bytes) -> bytes:
    """What a ZIP member needs, at the level of our writer: the floor of any rendering of this document."""
    packed = zlib.compressobj(getattr(word, "_LEVEL", 6), zlib.DEFLATED, -15)
    zlib.crc32(data)
    return packed.compress(data) + packed.flush()


def main(book: str, folder: str) -> None:
    """Do as often as asked."""
    known = jobs(Path(book), Path(folder))
    for line in sys.stdin:
        job = known[line.strip()]
        start = time.perf_counter()
        job()
        print(1000 * (time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
