"""The file of a template, read and checked: a .docx file or a prepared one."""

from __future__ import annotations

from govdisclose.form.edition import Edition
from govdisclose.write.word.chart_places import find_pictures
from govdisclose.write.word.draft_marks import with_draft
from govdisclose.write.word.faults import unusable
from govdisclose.write.word.lint import lint
from govdisclose.write.word.members import packed
from govdisclose.write.word.parsed_template import ParsedTemplate
from govdisclose.write.word.prepared_file import (
    Prepared,
    checksum,
    is_prepared,
    read_prepared,
    write_prepared,
)
from govdisclose.write.word.prepared_file_check import parsed_of
from govdisclose.write.word.template import Template


def parse(data: bytes, name: str) -> ParsedTemplate:
    """The template in a file, not checked for any edition yet.

    Raises ``TemplateError`` for bytes that cannot be a template at all.
    """
    if is_prepared(data):
        return parsed_of(read_prepared(data, name), name)
    from govdisclose.write.word.parse import parse_template  # imports docxtpl and lxml

    return parse_template(data, name)


def template_faults(parsed: ParsedTemplate, edition: Edition) -> list[str]:
    """Everything that keeps a template from being used for ``edition``, in Chinese phrases."""
    return [*parsed.faults, *lint(parsed.parts, edition)]


def prepare_template(data: bytes, name: str, edition: Edition) -> bytes:
    """The JSON file of a template that can be used for ``edition``, for ``template prepare``.

    Raises ``TemplateError``.
    """
    parsed = parse(data, name)
    faults = template_faults(parsed, edition)
    if faults:
        raise unusable(name, faults)
    filled = parsed.filled_parts
    trees = {part: parsed.parts[part].syntax.body for part in filled}
    base = packed(parsed.package, without={*filled, parsed.core})
    return write_prepared(Prepared(parsed.main, parsed.core, trees, base, checksum(data)))


def checked_template(data: bytes, name: str, edition: Edition) -> Template:
    """The template in a file, ready to be filled. Raises ``TemplateError``."""
    parsed = parse(data, name)
    faults = template_faults(parsed, edition)
    if faults:
        raise unusable(name, faults)
    return assembled(parsed, name, edition)


def assembled(parsed: ParsedTemplate, name: str, edition: Edition) -> Template:
    """A template without ``template_faults``, ready to be filled."""
    filled = parsed.filled_parts
    parts = {part: parsed.parts[part].syntax.body for part in filled}
    parts[parsed.main] = with_draft(parts[parsed.main])
    pictures = find_pictures(parsed)
    changing = {*filled, parsed.core}
    if pictures is not None:
        changing.add(pictures.relations)
    return Template(
        name=name,
        edition=edition,
        base=packed(parsed.package, without=changing),
        parts=parts,
        core=parsed.core,
        pictures=pictures,
        main=parsed.main,
    )
