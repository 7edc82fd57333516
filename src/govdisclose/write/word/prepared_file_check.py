"""A prepared template from a user, checked as strictly as the .docx file it was made from.

Its trees are written out as the Word parts they came from, with the tags in them. The package with
these parts must be one that could be a template, in every branch of every condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from xml.etree import ElementTree

from attrs import evolve

from govdisclose.errors import TemplateError
from govdisclose.package import Package
from govdisclose.write.word.all_relationships import top_part
from govdisclose.write.word.carried import carried_faults
from govdisclose.write.word.extras import has_extras
from govdisclose.write.word.lint import part_name
from govdisclose.write.word.package_parts import LARGEST_PART, parsed
from govdisclose.write.word.parsed_template import (
    ParsedTemplate,
    Part,
    Syntax,
)
from govdisclose.write.word.prepared_file import Prepared
from govdisclose.write.word.tree import BOTTOM_MARK, TOP_MARK, Body, Text, source_of
from govdisclose.write.word.word_package import (
    main_part,
    open_word_package,
    refuse_other_kinds,
    text_parts,
)

_CORE = b"<coreProperties/>"


def parsed_of(prepared: Prepared, name: str) -> ParsedTemplate:
    """The template in a prepared file. Raises ``TemplateError`` for one that was tampered with."""
    package = open_word_package(prepared.base, name)
    if not _is_in_order(prepared, package):
        raise _tampered(name)
    written = _written_out(prepared, package, name)
    refuse_other_kinds(written, name)
    texts = text_parts(written)
    named_rightly = (
        main_part(written, name) == prepared.main
        and top_part(written, "core-properties") == prepared.core
        and prepared.parts.keys() <= set(texts)
    )
    if not named_rightly or has_extras(written):
        raise _tampered(name)
    parts = {part: _part(part, prepared.parts, written) for part in texts}
    faults = carried_faults(written, [*prepared.parts], part_name)
    return ParsedTemplate(package, parts, prepared.main, prepared.core, tuple(faults))


def _tampered(name: str) -> TemplateError:
    return TemplateError(f"模板 {name} 的内容被改动过，请用 govdisclose template prepare 重新生成")


def _is_in_order(prepared: Prepared, package: Package) -> bool:
    """Whether no part is there twice, and a draft can be marked."""
    names = {name.lower() for name in package.parts}
    own = [name.lower() for name in (*prepared.parts, prepared.core) if name]
    if len(set(own)) < len(own) or names.intersection(own):
        return False
    main = prepared.parts[prepared.main]
    top = "".join(node.xml for node in main if isinstance(node, Text))
    whole = "".join(map(source_of, prepared.parts.values()))
    marks = (TOP_MARK, BOTTOM_MARK)
    marked = all(whole.count(mark) == 1 == top.count(mark) for mark in marks)
    return marked and top.index(TOP_MARK) < top.index(BOTTOM_MARK)


def _written_out(prepared: Prepared, package: Package, name: str) -> Package:
    """The package with the parts that the trees came from, tags in them."""
    parts = dict(package.parts)
    for part, body in prepared.parts.items():
        source = (
            source_of(body, partial(escape, quote=False))
            .replace(TOP_MARK, "")
            .replace(BOTTOM_MARK, "")
        )
        if "<!" in source:  # a comment, or a DTD, which no parser may see
            raise _tampered(name)
        content = source.encode(errors="replace")
        if len(content) > LARGEST_PART:
            raise TemplateError(f"模板的部件 {part} 过大（{len(content)} 字节）")
        parts[part] = content
    if prepared.core is not None:
        parts[prepared.core] = _CORE
    return evolve(package, parts=parts)


def _part(name: str, trees: Mapping[str, Body], written: Package) -> Part:
    body = trees.get(name)
    if body is not None:
        return Part(source_of(body), Syntax(body))
    source = ElementTree.tostring(parsed(written, name), encoding="unicode")
    return Part(source, Syntax((Text(source),)))
