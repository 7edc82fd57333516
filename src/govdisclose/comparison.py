"""Reports of two or more years, compared cell by cell.

Examples:
    >>> from govdisclose import comparison
    >>> compared = comparison.compare_reports("收件2023/甲局.xlsx", "收件/甲局.xlsx")
    >>> comparison.write_comparison(compared, "对比.html").name
    '对比.html'
"""

from govdisclose.form.comparison import Comparison
from govdisclose.many.compare import compare_reports, write_comparison
from govdisclose.many.compare_folders import compare_folders

__all__ = ["Comparison", "compare_folders", "compare_reports", "write_comparison"]
