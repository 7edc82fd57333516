"""The statutory form, declared once; every other part of the package walks it."""
