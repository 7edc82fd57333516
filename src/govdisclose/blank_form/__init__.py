"""The blank Word form of the notice becomes a template."""
