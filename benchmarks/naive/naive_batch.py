"""A folder of workbooks into reports by the script beside this one, one after the other.

python naive_batch.py BOOKS TEMPLATE.docx OUT_DIR [COUNT]
"""

from __future__ import annotations

import sys
from pathlib import Path

import naive_report

if __name__ == "__main__":
    books, template, out = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else None
    Path(out).mkdir(exist_ok=True)
    for book in sorted(Path(books).glob("*.xlsx"))[:count]:
        naive_report.main(str(book), template, str(Path(out) / f"{book.stem}.docx"))
