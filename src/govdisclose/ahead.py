"""A packaged template, prepared when the wheel is built: code, package and layout as one Python module.

A run that finds the module starts without docxtpl, lxml and Jinja, and proves its first document at
the places already known.
"""

from __future__ import annotations

from govdisclose.form.edition import Edition
from govdisclose.proof import learn_layout
from govdisclose.write.word.parse import prepare
from govdisclose.write.word.template import checksum, make_template


def prepared_module(data: bytes, name: str, edition: Edition) -> str:
    """Python source of the prepared template ``data``, for ``hatch_build.py`` to put into the wheel.

    Raises ``TemplateError``, and ``ValueError`` for a template of which more than one part has tags.
    """
    made = prepare(data, name, edition)
    ((part, source),) = made.parts.items()
    layout = learn_layout(make_template(data, name, edition))
    facts = {
        "CHECKSUM": checksum(data), "PART": part, "CORE": made.core, "BASE": made.base,
        "PIECES": layout.pieces, "CELLS": layout.cells,
    }  # fmt: skip
    return source + "".join(f"{key} = {value!r}\n" for key, value in facts.items())
