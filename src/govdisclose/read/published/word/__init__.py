"""A Word file becomes a document: its text and tables as Word shows them."""
