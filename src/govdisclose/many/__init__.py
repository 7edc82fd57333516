"""Folders of workbooks: many reports at once."""
