"""Every cell of every workbook of a folder as one long table: CSV, Parquet or SQLite.

``export_report`` writes the same table for one report.

Examples:
    >>> from govdisclose import long_table
    >>> made = long_table.export_folder("收件", "全部.csv", to="csv")
    >>> made.workbooks, made.rows
    (2, 400)
"""

from govdisclose.many.long_table import FolderExport, export_folder

__all__ = ["FolderExport", "export_folder"]
