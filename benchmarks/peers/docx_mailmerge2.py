"""One rendering for each line on stdin: python docx_mailmerge2.py TEMPLATE.docx DATA.json OUT.docx.

Answers with the milliseconds it took. A list under ``key`` fills the table row that has the fields
``key_name`` of its items.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from mailmerge import MailMerge


def render(template: str, context: dict[str, object], output: str) -> None:
    """Fill and save."""
    with MailMerge(template) as document:
        texts = {}
        for key, value in context.items():
            if isinstance(value, list):
                rows = [{f"{key}_{name}": str(item) for name, item in row.items()} for row in value]
                document.merge_rows(next(iter(rows[0])), rows)
            else:
                texts[key] = str(value)
        document.merge(**texts)
        document.write(output)


def main(template: str, data: str, output: str) -> None:
    """Render as often as asked."""
    context = json.loads(Path(data).read_text("utf-8"))
    for _ in sys.stdin:
        start = time.perf_counter()
        render(template, context, output)
        print(1000 * (time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
