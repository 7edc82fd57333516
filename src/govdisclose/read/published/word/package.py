"""An open Word document: its body and the parts beside it, found by their relationships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from attrs import frozen

from govdisclose.errors import InputError
from govdisclose.package import Package, PackageError, open_package
from govdisclose.read.published.word.element_names import (
    CONTROL,
    CONTROL_CONTENT,
    CONTROL_PROPERTIES,
    PARAGRAPH,
    PARAGRAPH_PROPERTIES,
    W,
    is_on,
)
from govdisclose.relationships import find_part, relationships

_USUAL_MAIN = "word/document.xml"
_CORE_PROPERTIES = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_UNREADABLE = (LookupError, ElementTree.ParseError, ValueError)
"""What reading a part raises: it is missing, broken, or in an unknown encoding."""


@frozen
class WordPackage:
    """A Word document; ``related`` has its parts by the kind of relationship that leads to them."""

    archive: Package
    body: Element
    related: Mapping[str, tuple[str, ...]]

    def has(self, kind: str) -> bool:
        """Whether there is a part of a kind."""
        return bool(self.related.get(kind))

    def parts(self, kind: str) -> Iterator[Element]:
        """The roots of the parts of a kind; broken ones are passed over, as Word repairs them."""
        for name in self.related.get(kind, ()):
            root = _root(self.archive, name)
            if root is not None:
                yield root

    def part(self, kind: str) -> Element | None:
        """The root of the part of a kind, if there is one."""
        return next(self.parts(kind), None)

    @property
    def title(self) -> str:
        """The title among the document's properties."""
        root = _root(self.archive, _CORE_PROPERTIES)
        if root is None:
            return ""
        return (root.findtext(_TITLE) or "").strip()


_OTHER_DOCUMENTS = {
    "spreadsheetml": "是工作簿，不是 Word 文件，请把扩展名改为 .xlsx",
    "presentationml": "是演示文稿，不是 Word 文件",
}
"""What the root of a main part shows that is none of Word, and what to say of it."""


def open_word(data: bytes, file: str | None) -> WordPackage:
    """Open a Word document. Raises ``InputError``."""
    what = "文件"
    if file:
        what = f"文件 {file} "
    try:
        archive = open_package(data, what)
    except PackageError as error:
        raise InputError(str(error)) from error
    mains = _related(archive, "").get("officeDocument", ())
    main = mains[0] if mains else _USUAL_MAIN
    root = _root(archive, main)
    if root is None:
        raise InputError(f"{what}不是完好的 Word 文档（.docx）")
    for namespace, said in _OTHER_DOCUMENTS.items():
        if namespace in root.tag:
            raise InputError(f"{what}{said}")
    body = root.find(W + "body")
    if body is None:
        raise InputError(f"{what}没有正文，或是“严格 Open XML”文档，请另存为普通的 .docx")
    _push_controls_down(body)
    return WordPackage(archive, body, _related(archive, main))


def _root(archive: Package, name: str) -> Element | None:
    """The root of a part, ``None`` if it cannot be read.

    The standard parser is safe here: ``open_package`` lets no DTD through, hence no entities.
    """
    try:
        part = find_part(archive, name) or name
        return ElementTree.fromstring(archive.read(part))
    except _UNREADABLE:
        return None


def _related(archive: Package, source: str) -> dict[str, tuple[str, ...]]:
    """The parts that a part (or the package) leads to, by the kind of relationship."""
    found: dict[str, tuple[str, ...]] = {}
    try:
        relations = relationships(archive, source)
    except PackageError:
        return found  # a document without relationships has its parts where Word puts them
    for relation in relations:
        if relation.target is not None:
            known = found.get(relation.kind, ())
            found[relation.kind] = (*known, relation.target)
    return found


def _push_controls_down(body: Element) -> None:
    """Put controls around paragraphs or cells into each of their paragraphs.

    Only controls that are prompts or bound to data matter: their text may not be what Word shows.
    """
    for control in body.iter(CONTROL):
        properties = control.find(CONTROL_PROPERTIES)
        if properties is None:
            continue
        is_bound = properties.find(W + "dataBinding") is not None
        if is_bound or is_on(properties, "showingPlcHdr"):
            for paragraph in list(control.iter(PARAGRAPH)):
                _wrap(paragraph, properties)


def _wrap(paragraph: Element, properties: Element) -> None:
    """Put all of a paragraph into a control of these properties."""
    inner = Element(CONTROL)
    inner.append(properties)
    content = Element(CONTROL_CONTENT)
    inner.append(content)
    for child in list(paragraph):
        if child.tag != PARAGRAPH_PROPERTIES:
            paragraph.remove(child)
            content.append(child)
    paragraph.append(inner)
