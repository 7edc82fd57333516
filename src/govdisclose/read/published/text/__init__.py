"""A plain text or a Markdown file becomes a document."""
