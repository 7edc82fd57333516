"""Word documents: templates are read, checked and filled with a report."""

from govdisclose.write.word.document import render
from govdisclose.write.word.ready_template import Template
from govdisclose.write.word.template import TemplateSource, load_template

__all__ = ["Template", "TemplateSource", "load_template", "render"]
