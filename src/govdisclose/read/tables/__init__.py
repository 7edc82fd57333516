"""Grids of cells become the statutory tables: labels, headers, matching and numbers."""
