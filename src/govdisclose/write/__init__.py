"""A report → files: Word, workbook, JSON."""
