"""The sheets of text → paragraphs, agency data and recorded reasons, each with its place."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from govdisclose.finding import Place
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.grid import Grid, Position
from govdisclose.read.tables.match_cache import MatchCache
from govdisclose.read.texts import Prose
from govdisclose.read.workbook.basics import read_basics
from govdisclose.read.workbook.display import Display
from govdisclose.read.workbook.explanations import read_explanations
from govdisclose.read.workbook.paragraphs import find_section_sheet, read_section
from govdisclose.rules.structure import S109


@define
class SheetTexts(Prose):
    """The texts of a workbook, and the cells and sheets that they were read from."""

    cells: dict[str, frozenset[Position]] = field(factory=dict)
    """Sheet → cells that hold agency data or recorded reasons."""
    sheets: set[str] = field(factory=set)
    """Sheets of paragraphs: every text there is read, or is a finding."""


def read_prose(
    grids: Sequence[Grid],
    source: str | None,
    display: Display,
    *,
    prose: bool = True,
    layouts: MatchCache | None = None,
) -> SheetTexts:
    """Agency data, the preface, sections one, five and six, and the sheet 说明事项.

    ``display`` says what a person sees: nothing that is struck out is read. Without ``prose`` no
    paragraphs are read.
    """
    basics = read_basics(grids, source, display, layouts)
    texts = SheetTexts(
        attributes=basics.attributes,
        places=basics.places,
        findings=basics.findings,
        edition_name=basics.edition_name,
    )
    if prose:
        for key, sheet in PROSE_SHEETS.items():
            _add_section(texts, grids, key, sheet, source, display)
    explanations = read_explanations(grids)
    texts.explanations = list(explanations.entries)
    of_basics = (basics.sheet, basics.cells)
    of_reasons = (explanations.sheet, explanations.cells)
    for name, cells in (of_basics, of_reasons):
        if name is not None:
            known = texts.cells.get(name, frozenset())
            texts.cells[name] = known | cells
    return texts


def _add_section(
    texts: SheetTexts,
    grids: Sequence[Grid],
    key: str,
    sheet: str,
    source: str | None,
    display: Display,
) -> None:
    """Add one section, whose sheet has the statutory name ``sheet``."""
    found = find_section_sheet(grids, key, sheet, display)
    texts.sheets |= found.names
    texts.findings.extend(found.findings)
    if found.grid is not None:
        read = read_section(found.grid, key, sheet, display)
        texts.attributes[key] = read.paragraphs
        texts.places.update(read.places)
        texts.findings.extend(read.findings)
    elif key != "preface":
        said = f"缺少“{sheet}”工作表，读不到这一部分的文字"
        finding = S109.finding(said, Place(source), path=key)
        texts.findings.append(finding)
