"""Facts about the installation for ``govdisclose doctor``."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator

from attrs import frozen

from govdisclose.form.edition import EDITIONS
from govdisclose.write.office import find_office
from govdisclose.write.word.fonts import FONTS, missing_fonts

_PACKAGES = [
    "attrs",
    "openpyxl",
    "docxtpl",
    "Jinja2",
    "lxml",
    "python-calamine",
    "XlsxWriter",
    "click",
    "cssselect",
    "defusedxml",
    "filelock",
    "rich",
    "simplejson",
    "tinycss2",
]
_OPTIONAL = {
    "msoffcrypto-tool": "没有安装（只在读设有打开密码的工作簿时需要：pip install govdisclose[crypt]）",
    "distributed": "没有安装（只在用多台机器做批处理时需要：pip install govdisclose[dask]）",
    "pdfplumber": "没有安装（只在导入 PDF 时需要：pip install govdisclose[pdf-import]）",
    "pyarrow": "没有安装（只在导出 parquet 时需要：pip install govdisclose[parquet]）",
    "pypdf": "没有安装（只在生成 PDF 时需要：pip install govdisclose[pdf]）",
    "resvg-py": "没有安装（只在生成 PNG 图片时需要：pip install govdisclose[charts]）",
}


@frozen
class Fact:
    """One line: a name, the value found, and whether it is right."""

    name: str
    value: str
    ok: bool = True


def examine() -> list[Fact]:
    """Versions, templates, LibreOffice and fonts of this machine."""
    return [*_versions(), *_templates(), *_office(), *_fonts()]


def _versions() -> Iterator[Fact]:
    from govdisclose.version import __version__

    yield Fact("govdisclose", __version__)
    yield Fact("Python", f"{platform.python_version()}（{platform.system()}）")
    for package in _PACKAGES:
        try:
            yield Fact(package, importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield Fact(package, "没有安装", ok=False)
    for package, purpose in _OPTIONAL.items():
        try:
            yield Fact(package, importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield Fact(package, purpose)
    owners = importlib.metadata.packages_distributions().get("docx", [])
    if owners != ["python-docx"]:
        yield Fact(
            "docx 模块", f"来自 {'、'.join(owners) or '未知'}，应只来自 python-docx", ok=False
        )


def _templates() -> Iterator[Fact]:
    from govdisclose.errors import TemplateError
    from govdisclose.write.word import load_template

    for edition in EDITIONS.values():
        try:
            load_template(edition)
            yield Fact(f"{edition.name} 版模板", "完好")
        except TemplateError as error:
            yield Fact(f"{edition.name} 版模板", str(error), ok=False)


def _office() -> Iterator[Fact]:
    yield Fact("LibreOffice", str(find_office() or "没有找到（只在转换 PDF 时需要）"))


def _fonts() -> Iterator[Fact]:
    missing = missing_fonts()
    if missing is None:
        return
    for font in FONTS:
        value = "已安装"
        if font in missing:
            value = "没有安装（由 Word 或 LibreOffice 以相近字体代替显示）"
        yield Fact(f"字体 {font}", value)
