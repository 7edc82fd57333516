"""The reports of many units, added up to one consolidated report.

Examples:
    >>> from govdisclose import consolidate
    >>> made = consolidate.aggregate_folder("收件", "汇总.xlsx", roster="花名册.xlsx")
    >>> print(made.face)
    已汇总 2 家，应报 3 家
"""

from govdisclose.many.consolidate.aggregate import aggregate_reports
from govdisclose.many.consolidate.folder import aggregate_folder, verify_folder
from govdisclose.many.consolidate.total import Consolidated
from govdisclose.many.consolidate.workbook import write_consolidated

__all__ = [
    "Consolidated",
    "aggregate_folder",
    "aggregate_reports",
    "verify_folder",
    "write_consolidated",
]
