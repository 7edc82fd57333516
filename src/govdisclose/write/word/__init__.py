"""Word documents: templates are read, checked and filled with a report."""

from govdisclose.write.word.document import render
from govdisclose.write.word.template import Template, load_template

__all__ = ["Template", "load_template", "render"]
