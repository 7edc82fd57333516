"""What a page shows of a cell is what is read of it: as Chromium draws it, or told and left unread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govdisclose import Reading
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from support.browser import needs_browser
from support.looks_html import CASES
from support.reports import consistent_report
from support.webpages import short_page

pytestmark = pytest.mark.slow

LICENCES = "proactive.licences.decisions"
REPORT = consistent_report(seed=5).with_values({LICENCES: 447228})
SHOWN = """() => {
  const cell = document.querySelector('#cell')
  const seen = []
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
  const box = cell.getBoundingClientRect()
  let plain = null
  for (let node; (node = walker.nextNode());) {
    for (let at = 0; at < node.data.length; at++) {
      if (!node.data[at].trim()) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      const rect = range.getBoundingClientRect()
      let faint = false
      let struck = false
      let moved = false
      let clipped = false
      for (let up = node.parentElement; up !== cell.parentElement; up = up.parentElement) {
        const style = getComputedStyle(up)
        if (parseFloat(style.opacity) < 0.1 || style.contentVisibility === 'hidden') faint = true
        if (style.filter !== 'none' || style.transform !== 'none') moved = true
        if (style.webkitTextSecurity !== 'none') moved = true
        const around = up.getBoundingClientRect()
        if (style.overflow === 'hidden' && (around.width < 2 || around.height < 2)) clipped = true
        if (style.clip !== 'auto' || style.clipPath !== 'none') clipped = true
        if (style.position === 'relative' && (style.top !== 'auto' && parseFloat(style.top))) moved = true
      }
      for (let up = node.parentElement; up !== cell.parentElement; up = up.parentElement) {
        if (getComputedStyle(up).textDecorationLine.includes('line-through')) struck = true
        if (getComputedStyle(up).display === 'inline-block') break
      }
      const folded = node.parentElement.closest('details:not([open])')
      if (folded && !node.parentElement.closest('summary')) continue
      const style = getComputedStyle(node.parentElement)
      const clear = style.webkitTextFillColor.replace(/ /g, '') === 'rgba(0,0,0,0)'
      if (style.visibility !== 'visible' || clear || faint || struck || clipped) continue
      if (parseFloat(style.fontSize) < 4 || rect.width < 0.5 || rect.height < 0.5 || rect.right < 0) continue
      if (rect.bottom < 0) continue
      const up = node.parentElement
      const align = getComputedStyle(up).verticalAlign
      const raised = up !== cell && !['baseline', 'middle', 'top', 'bottom'].includes(align)
      seen.push({text: node.data[at], left: rect.left, moved, raised, controls: false})
    }
  }
  seen.sort((a, b) => a.left - b.left)
  for (const name of ['::before', '::after']) {
    for (const node of cell.querySelectorAll('*')) {
      const content = getComputedStyle(node, name).content
      if (content !== 'none' && content !== 'normal' && content !== '""') return 'more'
    }
  }
  if (cell.querySelector('input, select, button, img, ol, rt')) return 'more'
  if (seen.some(one => one.moved || one.raised)) return 'more'
  if (seen.some((one, n) => n && one.left - seen[n - 1].left < 2)) return 'more'
  return seen.map(one => one.text).join('')
}"""


def imported(sheet: str, cell: str) -> Reading:
    html = f"<style>{sheet}</style>" + short_page(REPORT).replace("447228", cell)
    return read_published(read_html(html.encode(), "r.html"), Path("r.html"))


@pytest.fixture(scope="module")
def drawn(browser: Any) -> dict[str, str]:
    """What Chromium shows of each case: figures, or ``more`` for what is no plain figure."""
    found: dict[str, str] = {}
    tab = browser.new_page()
    for name, (sheet, cell) in CASES.items():
        tab.set_content(
            f"<style>{sheet}</style><p>甲</p><table style='margin-left:300px'><tr><td id=cell>{cell}</td></tr></table>"
        )
        found[name] = tab.evaluate(SHOWN)
    tab.close()
    return found


def test_there_are_many_ways() -> None:
    assert len(CASES) > 100


@needs_browser
@pytest.mark.parametrize("name", CASES)
def test_a_cell_is_what_a_browser_shows_or_told_and_unread(
    name: str, drawn: dict[str, str]
) -> None:
    reading = imported(*CASES[name])
    value = reading.report.values()[LICENCES]
    told = [finding for finding in reading.findings if finding.path == LICENCES and finding.stops]
    if value is None:
        assert told
        assert drawn[name] != "66" or name in UNDECIDED
    else:
        assert str(value) == drawn[name] or name in ANNOTATED
        assert not told


UNDECIDED = {
    "hidden for Word", "raised for Word", "bdo", "filter", "turned over", "one pixel", "half a point", "tight letters",
}  # fmt: skip
"""A browser shows 66, or might: these are told all the same, since another program shows something else."""
ANNOTATED = {"ruby"}
"""The figure is read, without the small one above it."""
