"""The packaged template in the languages of other engines, and a report as the data they fill it with.

The tags stay where they are, under flat names. Prose is a loop of body paragraphs, as no other engine
knows our conditions; the reports measured have body paragraphs only. Name and date at the end of a
report depend on a condition too, and are left out. docx-mailmerge2 repeats table rows only, so that
each of its paragraphs is a row of one cell.

    python benchmarks/peer_templates.py BOOK.xlsx TEMPLATE.docx FOLDER
"""

from __future__ import annotations

import copy
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from govdisclose import AnnualReport, read_report
from govdisclose.form.report import standard_title
from govdisclose.write.context import build_context

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_TAG = re.compile(r"\{\{ ([\w.]+) \}\}")
_LOOP = re.compile(r"\{%p for p in (\w+) %\}")


def flat_name(path: str) -> str:
    """The name of a value in languages whose names have no dots."""
    return path.replace(".", "__")


def flat_data(report: AnnualReport) -> dict[str, Any]:
    """Everything the template prints: texts by flat name, prose as lists of ``{"text": …}``."""
    context = build_context(report)
    data: dict[str, Any] = {
        flat_name(name): [{"text": line.lead + line.text} for line in value]
        if isinstance(value, list)
        else str(value)
        for name, value in context.items()
    }
    data["title"] = report.title or standard_title(
        report.agency.name, report.year
    )  # without our line break
    return data


def make_template(source: Path, target: Path, syntax: str) -> None:
    """Write ``source``, one of our templates, in ``syntax``: docxtemplater, carbone or mailmerge."""
    with (
        zipfile.ZipFile(source) as package,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in package.namelist():
            data = package.read(name)
            made.writestr(name, _document(data, syntax) if name == _DOCUMENT else data)


def texts(document: Path) -> list[str]:
    """The text of every paragraph of a Word file that has any, in order: what two engines must agree on."""
    root = etree.fromstring(zipfile.ZipFile(document).read(_DOCUMENT))
    found = ("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in root.iter(f"{_W}p"))
    return [text for text in found if text]


def _document(data: bytes, syntax: str) -> bytes:
    root = etree.fromstring(data)
    body = root.find(f"{_W}body")
    for key, paragraphs in list(_loops(body)):
        # the last branch is the one of plain text
        *_, model = (after for before, after in pairwise(paragraphs) if "else" in _said(before))
        for new in _REPEATED[syntax](copy.deepcopy(model), key):
            paragraphs[0].addprevious(new)
        for old in paragraphs:
            body.remove(old)
    for paragraph in list(_conditional(body)):
        body.remove(paragraph)
    for text in root.iter(f"{_W}t"):
        if tag := _TAG.fullmatch(text.text or ""):
            _single(text, flat_name(tag[1]), syntax)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _said(paragraph: Any) -> str:
    return "".join(t.text or "" for t in paragraph.iter(f"{_W}t"))


def _loops(body: Any) -> Iterator[tuple[str, list[Any]]]:
    """Each loop's name and its paragraphs, from ``for`` to ``endfor``."""
    key, inside = "", []
    for element in body:
        if start := _LOOP.fullmatch(_said(element)):
            key, inside = start[1], []
        if key:
            inside.append(element)
        if key and "endfor" in _said(element):
            yield key, inside
            key = ""


def _conditional(body: Any) -> Iterator[Any]:
    """The paragraphs under a condition outside the loops: name and date at the end of a report."""
    inside = False
    for element in body:
        said = _said(element)
        inside = inside or said.startswith("{%p if")
        if inside:
            yield element
        if said == "{%p endif %}":
            inside = False


def _single(text: Any, name: str, syntax: str) -> None:
    if syntax == "mailmerge":
        _field(text.getparent(), name)
    else:
        text.text = f"{{{name}}}" if syntax == "docxtemplater" else f"{{d.{name}}}"


def _field(run: Any, name: str) -> None:
    """Put a run into a MERGEFIELD of that name."""
    field = etree.Element(f"{_W}fldSimple")
    field.set(f"{_W}instr", f" MERGEFIELD {name} \\* MERGEFORMAT ")
    run.addprevious(field)
    field.append(run)
    next(run.iter(f"{_W}t")).text = f"«{name}»"


def _with_text(paragraph: Any, text: str) -> Any:
    made = copy.deepcopy(paragraph)
    next(made.iter(f"{_W}t")).text = text
    return made


def _loop_docxtemplater(model: Any, key: str) -> list[Any]:
    return [_with_text(model, text) for text in (f"{{#{key}}}", "{text}", f"{{/{key}}}")]


def _loop_carbone(model: Any, key: str) -> list[Any]:
    return [_with_text(model, f"{{d.{key}[{index}].text}}") for index in ("i", "i+1")]


def _loop_mailmerge(model: Any, key: str) -> list[Any]:
    table = etree.Element(f"{_W}tbl")
    etree.SubElement(
        etree.SubElement(table, f"{_W}tblPr"), f"{_W}tblW", {f"{_W}w": "0", f"{_W}type": "auto"}
    )
    etree.SubElement(etree.SubElement(table, f"{_W}tblGrid"), f"{_W}gridCol", {f"{_W}w": "8845"})
    cell = etree.SubElement(etree.SubElement(table, f"{_W}tr"), f"{_W}tc")
    etree.SubElement(
        etree.SubElement(cell, f"{_W}tcPr"), f"{_W}tcW", {f"{_W}w": "8845", f"{_W}type": "dxa"}
    )
    cell.append(model)
    _field(next(model.iter(f"{_W}r")), f"{key}_text")
    return [table]


_REPEATED: dict[str, Callable[[Any, str], list[Any]]] = {
    "docxtemplater": _loop_docxtemplater,
    "carbone": _loop_carbone,
    "mailmerge": _loop_mailmerge,
}


def main(book: str, template: str, folder: str) -> None:
    """Write the data of ``book`` and the template in every language."""
    data = flat_data(read_report(book).report)
    (Path(folder) / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    for syntax in _REPEATED:
        make_template(Path(template), Path(folder) / f"{syntax}.docx", syntax)


if __name__ == "__main__":
    main(*sys.argv[1:4])
