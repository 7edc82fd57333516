"""Word documents: templates are read, checked and filled with a report."""

from govdisclose.write.word.document import render
from govdisclose.write.word.template import Template, TemplateSource, load_template

__all__ = ["Template", "TemplateSource", "load_template", "render"]
