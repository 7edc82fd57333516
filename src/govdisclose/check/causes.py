"""Why a relation can fail although no figure typed in it is wrong.

A cell that could not be read, a number stored as text (which ``SUM`` leaves out) and a formula
whose stored result is not its sum come first: as long as one of them is there, no other figure is
blamed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal

from attrs import frozen

from govdisclose.check.relation_sides import unread_cells
from govdisclose.form.fields import Value
from govdisclose.form.outline import Relation, outline
from govdisclose.form.reading import Reading
from govdisclose.rules.values import V106

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_MOST_NAMED = 3
"""How many cells a sentence names; of more it gives the number."""


@frozen
class Causes:
    """The cells of one reading that come before all others when a relation does not hold.

    ``formulas`` maps each cell with a formula to the cells it adds (none when it is no statutory
    sum); ``texts`` maps each number stored as text to its text.
    """

    reading: Reading
    values: Mapping[str, Value]
    formulas: Mapping[str, tuple[str, ...]]
    unread: frozenset[str]
    texts: Mapping[str, str]

    def behind(self, path: str) -> Iterator[str]:
        """The cell, and every cell that it adds by formula, directly or through other totals."""
        yield path
        for addend in self.formulas.get(path, ()):
            yield from self.behind(addend)

    def misadds(self, path: str) -> bool:
        """Whether a total adds, by formula, a cell that the formula cannot count."""
        behind = set(self.behind(path))
        behind.remove(path)
        if not behind.isdisjoint(self.unread):
            return True
        return not behind.isdisjoint(self.texts)

    def of(self, relation: Relation) -> RelationCauses:
        """The cells to suspect first when ``relation`` does not hold."""
        cells: dict[str, None] = {}
        for path in relation.paths:
            for cell in self.behind(path):
                cells[cell] = None
        texts = self._among(cells, self.texts)
        unread = self._among(cells, self.unread)
        formulas = self._among(cells, self.formulas)
        stale: tuple[str, ...] = ()
        if not texts and not unread:
            stale = tuple(filter(self._is_stale, formulas))
        sums: list[str] = []
        for path in relation.paths:
            if self.formulas.get(path):
                sums.append(path)
        links: list[str] = []
        for path in formulas:
            if not self.formulas[path]:
                links.append(path)
        return RelationCauses(
            texts=texts,
            unread=unread,
            stale=stale,
            sums=tuple(sums),
            links=tuple(links),
        )

    def come_first(self, relation: Relation) -> bool:
        """Whether something must be mended before a figure of a relation is blamed."""
        return self.of(relation).come_first

    @staticmethod
    def _among(cells: Iterable[str], suspects: Container[str]) -> tuple[str, ...]:
        return tuple(path for path in cells if path in suspects)

    def advice(self, causes: RelationCauses) -> str | None:
        """Advice in Chinese on what to mend first; ``None`` if the figures themselves are suspect."""
        if causes.unread:
            names = self._names(causes.unread)
            then = self._formulas_follow(causes)
            return f"先改正 {names}（填的内容读不出数）。{then}"
        if causes.texts:
            names = self._names(causes.texts)
            then = self._formulas_follow(causes)
            return f"先把 {names}由文本转换为数字。{then}"
        if causes.stale:
            names = self._names(causes.stale)
            return f"{names}是求和公式，存的结果不是各项之和：在 Excel 或 WPS 中按 F9 重新计算，保存后再检查。"
        if causes.links:
            names = self._names(causes.links)
            return f"{names}是公式，不要直接改数：先核对公式加了或引用了哪些格。"
        return None

    def sums_advice(self, causes: RelationCauses) -> str:
        """An addition to a rule's advice: which cells are calculated totals, so that nobody
        overwrites them.
        """
        if not causes.sums:
            return ""
        return f"{self._names(causes.sums)}是自动求和的公式，不要改，要改的在所加的各格之中。"

    def texts_said(self, causes: RelationCauses) -> str:
        """The numbers stored as text among the parts of a relation, as an addition to its finding."""
        if not causes.texts:
            return ""
        shown = []
        for path in causes.texts[:_MOST_NAMED]:
            text = self.texts[path]
            name = self.name(path)
            shown.append(f"{name} 是文本“{text}”")
        rest = ""
        if len(causes.texts) > _MOST_NAMED:
            rest = f"等 {len(causes.texts)} 格"
        counted = "已按数字读取"
        if causes.sums or causes.links:
            counted = "公式求和时不计"
        cells = "、".join(shown)
        return f"；其中 {cells}{rest}，{counted}"

    def name(self, path: str) -> str:
        """The address of a cell; for a report without cells, its label."""
        address = self.reading.place(path).cell
        if address:
            return address
        form = outline(self.reading.report.edition)
        return f"“{form.cells[path].label}”"

    def _names(self, paths: Iterable[str]) -> str:
        names = [self.name(path) for path in paths]
        shown = "、".join(names[:_MOST_NAMED])
        if len(names) > _MOST_NAMED:
            return f"{shown} 等 {len(names)} 格"
        return f"{shown} "

    def _formulas_follow(self, causes: RelationCauses) -> str:
        totals = (*causes.sums, *causes.links)
        if not totals:
            return "改好后再检查。"
        return f"{self._names(totals)}是公式，会随之重新计算，不要改；保存后再检查。"

    def _is_stale(self, path: str) -> bool:
        """Whether a formula shows another total than that of its addends."""
        shown = self.values[path]
        filled: list[int] = []
        for addend in self.formulas[path]:
            value = self.values[addend]
            if value is not None:
                filled.append(int(value))
        if shown is None or not filled:
            return False
        return shown != sum(filled)


@frozen
class RelationCauses:
    """The cells behind one relation that are suspected before its figures.

    ``sums`` are its formulas that are statutory sums: no suspects, but never the cell to change.
    """

    texts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def come_first(self) -> bool:
        """Whether something must be mended before a figure of the relation is blamed."""
        return any([self.texts, self.unread, self.stale, self.links])


def find_causes(reading: Reading) -> Causes:
    """The cells of ``reading`` to be suspected first. Asks for its formulas, so call it for a
    broken relation only.
    """
    values = reading.report.values()
    return Causes(
        reading=reading,
        values=values,
        formulas=reading.formulas(),
        unread=frozenset(unread_cells(reading)),
        texts=dict(_numbers_as_text(reading, values)),
    )


def _numbers_as_text(reading: Reading, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Cells whose number was read from text.

    V106 also reports a formula's result that was rounded; its text does not equal the value.
    """
    for finding in reading.findings:
        if finding.code != V106.code:
            continue
        if finding.path is None:
            continue
        shown = str(finding.found)
        half_width = unicodedata.normalize("NFKC", shown)
        plain = half_width.replace(",", "").strip()
        if not _NUMBER.fullmatch(plain):
            continue
        if Decimal(plain) == values.get(finding.path):
            yield finding.path, shown
