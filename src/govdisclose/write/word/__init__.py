"""Word documents: templates are read, checked and filled with a report."""

from govdisclose.write.word.document import render
from govdisclose.write.word.loading import TemplateSource, load_template
from govdisclose.write.word.template import Template

__all__ = ["Template", "TemplateSource", "load_template", "render"]
