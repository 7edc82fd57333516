"""A PDF with a text layer becomes a document."""
