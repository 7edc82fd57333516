"""Whether a package is a Word document that may be a template, and which of its parts have text."""

from __future__ import annotations

from collections.abc import Collection

from govdisclose.errors import TemplateError
from govdisclose.package import Package, PackageError, open_package
from govdisclose.write.word.all_relationships import top_part
from govdisclose.write.word.carried import outside
from govdisclose.write.word.package_parts import content_types

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = f"{_WORD}document.main+xml"
_TEXT_PARTS = (
    _MAIN,
    f"{_WORD}header+xml",
    f"{_WORD}footer+xml",
    f"{_WORD}footnotes+xml",
    f"{_WORD}endnotes+xml",
)
_NAMED = 5
"""Relationships that a message names."""


def open_word_package(data: bytes, name: str) -> Package:
    """The package of the template ``name``. Raises ``TemplateError``."""
    try:
        return open_package(data, f"模板 {name} ")
    except PackageError as error:
        raise TemplateError(str(error)) from error


def refuse_other_kinds(package: Package, name: str) -> None:
    """Refuse other files than .docx, and macros, links to other files and embedded programs."""
    kinds = content_types(package).values()
    if any("spreadsheetml" in kind for kind in kinds):
        raise TemplateError(f"模板 {name} 是 Excel 工作簿，不是 Word 文档")
    if _has_macros(package, kinds):
        raise TemplateError(f"模板 {name} 含有宏，请另存为不含宏的 .docx")
    if _MAIN not in kinds:
        raise TemplateError(f"模板 {name} 不是 .docx 文档，请用 Word 或 WPS 另存为 .docx")
    outward = sorted(set(outside(package)))
    if outward:
        named = "、".join(outward[:_NAMED])
        raise TemplateError(f"模板 {name} 含有外部链接或嵌入对象，请删去后再用：{named}")


def _has_macros(package: Package, kinds: Collection[str]) -> bool:
    for kind in kinds:
        if "macroEnabled" in kind or "vbaProject" in kind:
            return True
    names = map(str.lower, package.namelist())
    return any(name.endswith("vbaproject.bin") for name in names)


def main_part(package: Package, name: str) -> str:
    """The one part that is the document, by the package's relationships and by its type."""
    found = top_part(package, "officedocument")
    types = content_types(package)
    documents = [part for part, kind in types.items() if kind == _MAIN]
    if found is None or documents != [found]:
        raise TemplateError(f"模板 {name} 里认不出哪一部分是正文，请用 Word 或 WPS 打开后另存一份")
    return found


def text_parts(package: Package) -> list[str]:
    """The parts whose text a template may fill in: the document, headers, footers and notes."""
    types = content_types(package)
    return [part for part in package.namelist() if types.get(part) in _TEXT_PARTS]
