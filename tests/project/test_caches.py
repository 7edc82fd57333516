"""What the package remembers between calls is bounded: the form has an end, what users type has none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from support.paths import ROOT

OF_THE_FORM = {"Edition", "Edition | None", "Cell"}
"""Types of arguments of which there are as many as the form has."""

ASKED_BY_US = {
    "check/narrative.py:_totals",
    "check/regulation_claims.py:_before_number",
    "check/regulation_claims.py:_behind_subject",
    "check/regulation_claims.py:_none_stated",
    "form/edition.py:_tables",
    "form/indicators.py:positions",
    "form/outline.py:_fields",
    "form/outline.py:_groups",
    "form/quotes.py:quote_name",
    "read/published/text/forms.py:header_words",
    "read/published/text/rows.py:_beginnings",
    "read/tables/vocabulary.py:vocabulary",
    "write/charts/figures.py:_request_lines",
    "write/page_template.py:page_template",
    "write/web/page.py:_pieces",
    "write/web/page.py:_template",
    "write/word/fonts.py:_asked",
    "write/word/loading.py:_packaged",
    "write/workbook/formulas.py:ranges",
    "write/workbook/layout.py:table_layout",
}
"""Functions whose other arguments are words of the form or of the package, never of a file."""


def unbounded() -> Iterator[str]:
    """Functions that remember every answer and are asked for more than an edition or a cell."""
    package = ROOT / "src" / "govdisclose"
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and remembers_everything(node):
                types = {
                    ast.unparse(one.annotation) for one in ast.walk(node.args) if is_typed(one)
                }
                if not types <= OF_THE_FORM:
                    yield f"{path.relative_to(package).as_posix()}:{node.name}"


def is_typed(node: ast.AST) -> bool:
    return isinstance(node, ast.arg) and node.annotation is not None


def remembers_everything(function: ast.FunctionDef) -> bool:
    """Whether a function has the decorator ``cache``, or ``lru_cache`` without a size."""
    said = {ast.unparse(decorator) for decorator in function.decorator_list}
    return any(one == "cache" or "maxsize=None" in one for one in said)


def test_what_users_type_is_remembered_in_bounds() -> None:
    assert set(unbounded()) == ASKED_BY_US
