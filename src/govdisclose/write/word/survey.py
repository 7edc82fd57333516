"""Look through a user's template: its edition, tags and fonts, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.write.context import known_names
from govdisclose.write.word.parsed_template import ParsedTemplate
from govdisclose.write.word.template_check import parse, template_faults
from govdisclose.write.word.template_look import (
    cut_off_pictures,
    declared_fonts,
    fonts,
    mixed_formats,
)
from govdisclose.write.word.tree import Body, Each, If, Name, Value


@frozen
class TemplateCheck:
    """The contents of a template, and the faults that keep it from being used.

    ``problems`` are Chinese phrases that name part and place, empty if the template can be used;
    ``notes`` say what may surprise. ``cells`` counts the statutory cells that have a tag, ``names``
    are the other data it prints, ``fonts`` those it names, ``undeclared`` the fonts among them that
    are missing from its font table.
    """

    path: Path
    edition: Edition
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    cells: int
    names: tuple[str, ...]
    fonts: tuple[str, ...]
    undeclared: tuple[str, ...]


def survey(parsed: ParsedTemplate, path: Path, edition: Edition | None = None) -> TemplateCheck:
    """Look through the template in the file ``path``.

    Without ``edition`` it is taken for one of the edition that most of its tags belong to.
    """
    printed = _printed_names(parsed)
    edition = edition or edition_of(parsed)
    cells = outline(edition).cells
    others = [name for name in known_names(edition) if name not in cells]
    used = fonts(parsed.package, parsed.parts)
    declared = declared_fonts(parsed.package)
    return TemplateCheck(
        path=path,
        edition=edition,
        problems=tuple(template_faults(parsed, edition)),
        notes=tuple(_notes(parsed)),
        cells=len(cells.keys() & set(printed)),
        names=tuple(name for name in printed if name in others),
        fonts=used,
        undeclared=tuple(font for font in used if font not in declared),
    )


def edition_of(parsed: ParsedTemplate) -> Edition:
    """The edition that most tags of a template belong to."""
    printed = set(_printed_names(parsed))
    return max(EDITIONS.values(), key=lambda one: len(outline(one).cells.keys() & printed))


def edition_of_file(data: bytes, name: str) -> Edition:
    """The edition of a template's file. Raises ``TemplateError`` if it cannot be a template."""
    return edition_of(parse(data, name))


def _printed_names(parsed: ParsedTemplate) -> list[str]:
    """Every name that a tag prints without other terms, once."""
    found: dict[str, None] = {}
    for part in parsed.parts.values():
        found.update(dict.fromkeys(_names_in(part.syntax.body)))
    return list(found)


def _names_in(body: Body) -> Iterator[str]:
    for node in body:
        if isinstance(node, Value) and isinstance(node.expression, Name):
            yield node.expression.path
        elif isinstance(node, Each):
            yield from _names_in(node.body + node.otherwise)
        elif isinstance(node, If):
            for branch in node.branches:
                yield from _names_in(branch.body)
            yield from _names_in(node.otherwise)


def _notes(parsed: ParsedTemplate) -> Iterator[str]:
    """Advice: contents that may surprise, although the template can be used."""
    yield from mixed_formats(parsed.package, parsed.parts)
    yield from cut_off_pictures(parsed.package, parsed.parts)
    if parsed.left_behind:
        left = "、".join(parsed.left_behind)
        yield f"模板文件里另有{left}，页面上看不到，不会带进报告"
