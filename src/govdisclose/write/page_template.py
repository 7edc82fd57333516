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

    A name that the template uses and nobody has given is an error.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = Path(module).with_name("page.html").read_text(encoding="utf-8")
    return environment.from_string(source)
