"""What a competent user would write to add table three up: openpyxl, one sheet, fixed positions, no checks.

python naive_aggregate.py FOLDER [COUNT]
"""

from __future__ import annotations

import sys
from pathlib import Path

from openpyxl import load_workbook

SHEET, TOP, LEFT, ROWS, COLUMNS = "三、依申请公开", 6, 4, 25, 7


def add_up(books: list[Path]) -> list[list[int]]:
    """The sums of table three of the 2021 form, row by row."""
    sums = [[0] * COLUMNS for _ in range(ROWS)]
    for path in books:
        book = load_workbook(path, data_only=True)
        area = {
            "min_row": TOP, "max_row": TOP + ROWS - 1, "min_col": LEFT, "max_col": LEFT + COLUMNS - 1,
        }  # fmt: skip
        for line, row in zip(sums, book[SHEET].iter_rows(**area, values_only=True), strict=True):
            for index, value in enumerate(row):
                line[index] += value or 0
        book.close()
    return sums


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else None
    print(add_up(sorted(Path(sys.argv[1]).glob("*.xlsx"))[:count])[-2][-1])
