"""The Excel workbook: open and guard the package, read its sheets, and see what their cells show."""
