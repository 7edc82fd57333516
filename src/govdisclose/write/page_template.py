"""The templates of the pages of a comparison, an overview and the state of a season."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def page_template(module: str) -> Template:
    """The template ``page.html`` beside the file of ``module``; it escapes every text.

    ``title_words`` gives the pieces of a title, between which ``wbr`` lets a narrow screen break
    it. A name that the template uses and nobody has given is an error.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    from govdisclose.write.title_lines import title_words

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"title_words": title_words, "wbr": Markup("<wbr>")}
    source = Path(module).with_name("page.html").read_text(encoding="utf-8")
    return environment.from_string(source)
