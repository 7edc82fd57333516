"""Pictures of the samples' pages for the documentation: ``python tools/build_pages.py [--check]``.

Needs LibreOffice and poppler. Every picture is a page of docs/pages/; beside them lies pages.json, the
text of each page. ``--check`` sets the pages again and compares their number and their text, never
their pixels, which depend on the fonts' versions; it is 1 when they differ.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from govdisclose import compile_report  # noqa: E402  # needs the path set above
from govdisclose.errors import OutputError  # noqa: E402  # as above
from govdisclose.write.office import convert  # noqa: E402  # as above
from restyled_templates import RESTYLED, with_charts  # noqa: E402  # as above

FOLDER = ROOT / "docs" / "pages"
FRONT, FRONT_PAGES = ROOT / "docs" / "images" / "report.png", (1, 3, 4)
"""The picture of the READMEs, and the pages of the sample ``huaian-2024`` that stand in it side by side."""
LAYER = "pages.json"
DPI = 80
SHOWN = {
    "tongliao-minwei-2021": ("tongliao-minwei-2021", None),
    "huaian-2024": ("huaian-2024", None),
    "shili-2020": ("shili-2020", None),
    "cover": ("huaian-2024", "cover"),
    "landscape": ("huaian-2024", "landscape"),
    "charts": ("huaian-2024", "charts"),
    "layout-cover": ("huaian-2024", "layout-cover"),
    "layout-charts": ("huaian-2024", "layout-charts"),
    "layout-landscape": ("huaian-2024", "layout-landscape"),
}
STYLES = {**RESTYLED, "charts": with_charts}
"""Restyled templates by name."""


def _template(style: str) -> bytes:
    """A packaged layout, or the packaged template restyled."""
    if style in STYLES:
        return STYLES[style](ROOT / "templates" / "2021.docx")
    layout = style.removeprefix("layout-")
    return (ROOT / "templates" / "layouts" / f"2021-{layout}.docx").read_bytes()


def documents(folder: Path) -> Iterator[Path]:
    """Every document that is shown, compiled."""
    for name, (book, style) in SHOWN.items():
        template = None
        if style:
            template = folder / f"{style}.template.docx"
            template.write_bytes(_template(style))
        book_path = ROOT / "sample_workbooks" / f"{book}.xlsx"
        yield compile_report(book_path, folder / f"{name}.docx", template=template).path


def converted(folder: Path) -> list[Path]:
    """A PDF of every document that is shown, as ``export --to pdf`` makes it."""
    os.environ["FONTCONFIG_FILE"] = str(ROOT / "tests" / "data" / "fonts.conf")
    made = list(documents(folder))
    pdfs = []
    for path, pdf in zip(made, convert([path.read_bytes() for path in made]), strict=True):
        if isinstance(pdf, OutputError):
            raise pdf
        pdfs.append(path.with_suffix(".pdf"))
        pdfs[-1].write_bytes(pdf)
    return pdfs


def texts(pdf: Path) -> list[str]:
    """The text of each page, without blanks."""
    said = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, encoding="utf-8"
    )
    return [re.sub(r"\s+", "", page) for page in said.stdout.split("\f")[:-1]]


def draw(pdf: Path) -> None:
    """The pages of ``pdf`` as small grey or coloured pictures."""
    from PIL import Image

    for old in FOLDER.glob(f"{pdf.stem}-*.png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-png", str(pdf), str(FOLDER / pdf.stem)],
        check=True,
        timeout=120,
    )
    for path in FOLDER.glob(f"{pdf.stem}-*.png"):
        with Image.open(path) as image:
            small = image.quantize(16)
        small.save(path, optimize=True)


def draw_front() -> None:
    """Some pages side by side, with a line around each."""
    from PIL import Image, ImageOps

    pages = []
    for number in FRONT_PAGES:
        with Image.open(FOLDER / f"huaian-2024-{number}.png") as page:
            pages.append(
                ImageOps.expand(
                    page.convert("L").resize((397, 561), Image.Resampling.LANCZOS), 1, 160
                )
            )
    width, height = pages[0].size
    front = Image.new("L", (len(pages) * (width + 16) - 16, height), 255)
    for index, page in enumerate(pages):
        front.paste(page, (index * (width + 16), 0))
    front.quantize(16).save(FRONT, optimize=True)


def stale(layer: dict[str, list[str]]) -> list[str]:
    """The documents whose pages are not those that the documentation shows."""
    known = json.loads((FOLDER / LAYER).read_text("utf-8"))
    found = []
    for name, pages in layer.items():
        pictures = len(list(FOLDER.glob(f"{name}-*.png")))
        if (known.get(name), pictures) != (pages, len(pages)):
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    """Write the pictures and the text layer, or with ``--check`` compare; 1 when they differ."""
    with tempfile.TemporaryDirectory() as folder:
        pdfs = converted(Path(folder))
        layer = {pdf.stem: texts(pdf) for pdf in pdfs}
        if "--check" in arguments:
            found = stale(layer)
            for name in found:
                sys.stderr.write(f"{name} is stale: run tools/build_pages.py\n")
            return 1 if found else 0
        FOLDER.mkdir(exist_ok=True)
        for pdf in pdfs:
            draw(pdf)
        draw_front()
    (FOLDER / LAYER).write_text(
        json.dumps(layer, ensure_ascii=False, indent=0) + "\n", encoding="utf-8", newline="\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
