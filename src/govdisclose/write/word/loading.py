"""Word templates: found, read, checked, and made ready for filling.

A template is a .docx file, or the JSON file of ``prepared_file.py``. The packaged ones are in the
wheel in both forms, so that an ordinary run imports neither docxtpl nor lxml nor Jinja.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeAlias

from attrs import evolve

from govdisclose.errors import TemplateError
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.input_file import NotAFileError, read_input
from govdisclose.package import DEFAULT_LIMITS
from govdisclose.write.word.layout import layout_of
from govdisclose.write.word.template import Template

PREPARED = ".prepared.json"
"""How the name of a prepared template ends."""

_FITTING_DIGITS = 6
"""What surely fits every cell of the packaged templates, without measuring."""

_UNNAMED = "（未命名）"
"""The name in messages of a template that is given as bytes."""


TemplateSource: TypeAlias = "str | Path | bytes | Template | None"
"""A template's path or bytes (.docx or prepared), a loaded one, ``None`` for the packaged one."""


def template_folder() -> Path:
    """Where the packaged templates are: beside the modules, or at the top of a source checkout."""
    here = Path(__file__)
    beside = here.parents[2] / "templates"
    return beside if beside.is_dir() else here.parents[4] / "templates"


def load_template(edition: Edition, source: TemplateSource = None) -> Template:
    """The template at ``source``, checked for ``edition``; the packaged one for ``None``.

    Only packaged templates are kept for the life of the process; to use another one many times,
    keep the ``Template``. Raises ``TemplateError``.
    """
    if source is None:
        return _packaged(edition.name)
    if isinstance(source, Template):
        return source
    return make_template(template_bytes(source), template_name(source), edition)


@cache
def _packaged(edition: str) -> Template:
    path = template_folder() / f"{edition}.docx"
    data = read_file(path)
    found = _shipped(path, data, EDITIONS[edition])
    if found is None:
        found = make_template(data, path.name, EDITIONS[edition])
    return evolve(found, fits=_FITTING_DIGITS)


def _shipped(path: Path, data: bytes, edition: Edition) -> Template | None:
    """The prepared form that the wheel holds beside a packaged template, if it was made from it."""
    file = path.with_suffix(PREPARED)
    if not file.exists():
        return None
    from govdisclose.write.word.draft_marks import with_draft
    from govdisclose.write.word.prepared_file import checksum, read_prepared

    found = read_prepared(file.read_bytes(), file.name)
    if found.made_from != checksum(data):
        return None
    body = with_draft(found.parts[found.main])
    return Template(
        name=path.name,
        edition=edition,
        base=found.base,
        parts={**found.parts, found.main: body},
        core=found.core,
        main=found.main,
        layout=layout_of(body, edition),
    )


def template_name(source: str | Path | bytes) -> str:
    """The name of a template in messages."""
    return _UNNAMED if isinstance(source, bytes) else Path(source).name


def template_bytes(source: str | Path | bytes) -> bytes:
    """The content of a template's file. Raises ``TemplateError`` if it cannot be read."""
    return source if isinstance(source, bytes) else read_file(Path(source))


def read_file(path: Path) -> bytes:
    """The bytes of a template. Raises ``TemplateError`` if it cannot be read."""
    try:
        return read_input(path, DEFAULT_LIMITS.package)
    except NotAFileError as error:
        raise TemplateError(f"模板 {path} {error}") from error
    except FileNotFoundError as error:
        raise TemplateError(f"模板 {path} 不存在") from error
    except OSError as error:
        raise TemplateError(f"读不了模板 {path}：没有权限或文件被占用") from error


def make_template(data: bytes, name: str, edition: Edition) -> Template:
    """A template from the bytes of its file, checked for ``edition``. Raises ``TemplateError``."""
    from govdisclose.write.word.template_check import checked_template

    return checked_template(data, name, edition)
