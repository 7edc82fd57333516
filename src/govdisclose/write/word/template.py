"""Word templates: found, read, checked, and prepared once for filling.

A packaged template comes with its code already written when the wheel was built (``ahead.py``), so
that an ordinary run imports neither docxtpl nor Jinja; any other is prepared by ``prepare.py``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from attrs import field, frozen
from markupsafe import escape

from govdisclose.errors import TemplateError
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.infile import NotAFileError, read_input
from govdisclose.package import DEFAULT_LIMITS

if TYPE_CHECKING:
    from govdisclose.write.word.pictures import Pictures

Part: TypeAlias = Callable[[Mapping[str, Any]], str]
"""What fills one part of a template from a context (``write/context.py``)."""


class Layout(NamedTuple):
    """The XML of a filled template's tables, cut at the statutory values, and the paths of these in order."""

    pieces: list[str]
    cells: list[str]


@frozen(eq=False)
class Template:
    """A template ready to be filled; two are equal only if they are the same.

    ``base`` is the package without the parts that change; ``parts`` are those with tags, ``core``
    the name of the core properties (``None`` when the template has none). ``layout`` is known ahead
    for a packaged template; for others ``proof.py`` learns it. ``pictures`` are the charts it shows.
    ``main`` is the part that is the document.
    """

    name: str
    edition: Edition
    base: bytes = field(repr=False)
    parts: Mapping[str, Part] = field(repr=False)
    core: str | None = None
    layout: Layout | None = field(default=None, repr=False)
    pictures: Pictures | None = field(default=None, repr=False)
    main: str = "word/document.xml"


def template_folder() -> Path:
    """Where the packaged templates are: beside the modules, or in a source checkout at its top."""
    beside = Path(__file__).parents[2] / "templates"
    return beside if beside.is_dir() else Path(__file__).parents[4] / "templates"


def load_template(edition: Edition, path: Path | None = None) -> Template:
    """The packaged template of ``edition``, or the user's own at ``path``, checked and prepared.

    Kept for the life of the process; a file whose content has changed is prepared again. Raises ``TemplateError``.
    """
    if path is None:
        return _packaged(edition.name)
    return _own(edition.name, path.name, read_file(path))


@cache
def _packaged(edition: str) -> Template:
    path = template_folder() / f"{edition}.docx"
    return make_template(read_file(path), path.name, EDITIONS[edition], _ahead(edition))


@lru_cache(maxsize=8)
def _own(edition: str, name: str, data: bytes) -> Template:
    return make_template(data, name, EDITIONS[edition])


def read_file(path: Path) -> bytes:
    """The bytes of a template. Raises ``TemplateError`` when it cannot be read."""
    try:
        return read_input(path, DEFAULT_LIMITS.package)
    except NotAFileError as error:
        raise TemplateError(f"模板 {path} {error}") from error
    except FileNotFoundError as error:
        raise TemplateError(f"模板 {path} 不存在") from error
    except OSError as error:
        raise TemplateError(f"模板 {path} 无法读取：没有权限或文件被占用") from error


def _ahead(edition: str) -> dict[str, Any]:
    """What ``ahead.py`` wrote into the wheel; empty in a source checkout."""
    try:
        return vars(import_module(f"govdisclose.templates.prepared_{edition}"))
    except ModuleNotFoundError:
        return {}


def make_template(
    data: bytes, name: str, edition: Edition, ahead: Mapping[str, Any] | None = None
) -> Template:
    """A template from the bytes of a .docx file.

    ``ahead`` is the namespace of a module made by ``ahead.py``; it is used when it was made from these
    bytes. Raises ``TemplateError``.
    """
    if ahead and ahead["CHECKSUM"] == checksum(data):
        layout = Layout(ahead["PIECES"], ahead["CELLS"])
        return Template(
            name,
            edition,
            ahead["BASE"],
            {ahead["PART"]: bind(ahead["fill"])},
            ahead["CORE"],
            layout,
        )
    from govdisclose.write.word.parse import prepare
    from govdisclose.write.word.program import load_part

    made = prepare(data, name, edition)
    parts = {part: load_part(source, part) for part, source in made.parts.items()}
    return Template(
        name, edition, made.base, parts, made.core, pictures=made.pictures, main=made.main
    )


def bind(fill: Callable[..., str]) -> Part:
    """The function that ``program.py`` wrote, with the escaping of XML."""
    return lambda context: fill(context, escape)


def checksum(data: bytes) -> tuple[int, int]:
    """Whether a template is still the one that was prepared: a guard against edits, not against attacks."""
    return len(data), zlib.crc32(data)


def member(name: str) -> zipfile.ZipInfo:
    """How every member of a written package is described: deflated, dated 1980, made on no system."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    return info
