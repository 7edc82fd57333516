"""What reading many workbooks teaches about the next one: an object that its owner passes in.

A batch, a consolidation or a program that reads a folder makes one ``Memory`` and hands it to every
read. A single read has none. Nothing is remembered anywhere else.
"""

from __future__ import annotations

from attrs import field, frozen

from govdisclose.read.tables.match_cache import MatchCache
from govdisclose.read.workbook.frames import FrameMemory
from govdisclose.read.workbook.parts_memory import PartsMemory
from govdisclose.read.workbook.sheet_memory import SheetMemory
from govdisclose.read.workbook.styles import StylesMemory


@frozen
class Memory:
    """Known packages, worksheets, styles, and layouts of tables. Several threads may share one."""

    parts: PartsMemory = field(factory=PartsMemory, repr=False)
    sheets: SheetMemory = field(factory=SheetMemory, repr=False)
    frames: FrameMemory = field(factory=FrameMemory, repr=False)
    styles: StylesMemory = field(factory=StylesMemory, repr=False)
    layouts: MatchCache = field(factory=MatchCache, repr=False)
