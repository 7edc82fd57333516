"""Every limit of the program is known here, with what happens beyond it: nothing is cut off silently."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import govdisclose
from govdisclose import Paragraph
from govdisclose.write.workbook.lastyear import outline_hint
from support.paths import TESTS

SOURCE = Path(govdisclose.__file__).parent
NAME = re.compile(
    r"(?:.*_)?(?:MAX|LIMIT|LONGEST|LARGEST|SHOWN|LISTED|NAMED|MOST|MANY|DEPTH)(?:_.*)?"
)

REFUSED = "The file or the value is refused in one sentence."
TOLD = "What lies beyond is not read as a figure or a heading, and a finding names it or the text stays in the report."
DISPLAY = (
    "A message shows the first and says how many there are, or marks the cut; the data are whole."
)
WORK = "Bounds memory or time; beyond it the same result is found in another way, or the cell is told as undecided."
LOOK = "Decides how lines are spaced or how wide letters are; all of the text is there."

LIMITS: dict[str, str] = {
    "write.office_paragraphs._MOST_LACKING": LOOK,
    "write.office_paragraphs._MOST_TRIED": LOOK,
    "write.word.cell_room._LONGEST_CHAIN": LOOK,
    "write.word.cell_room._LONGEST_NUMBER": LOOK,
    "write.word.faults._NAMED": DISPLAY,
    "write.word.fields._MOST_SHOWN": DISPLAY,
    "write.word.lint._NAMED": DISPLAY,
    "write.word.prepared_file._LONGEST_NUMBER": REFUSED,
    "write.word.prepared_file._MOST_OBJECTS": REFUSED,
    "write.word.word_package._NAMED": DISPLAY,
    "blank_form.grids._MAX_COLUMNS": REFUSED,
    "blank_form.wording._SHOWN": DISPLAY,
    "check.causes._MOST_NAMED": DISPLAY,
    "check.narrative._CELLS_NAMED": DISPLAY,
    "check.rootcause._MOST_LEFT_OVER": WORK,
    "check.wording.LONGEST_LABEL": WORK,
    "many.consolidate.crosscheck._SHOWN": DISPLAY,
    "many.batch.cluster._SHOWN": DISPLAY,
    "cli.batches._SHOWN": DISPLAY,
    "cli.exports._SHOWN": DISPLAY,
    "many.archive._DEPTH": REFUSED,
    "many.archive._MOST_HEADERS": REFUSED,
    "read.workbook.drawings._SHOWN": DISPLAY,
    "read.workbook.drawings._LISTED": DISPLAY,
    "form.year_changes.MOST_CHANGES": DISPLAY,
    "many.roster_doubts._SHOWN": DISPLAY,
    "many.roster_sheet._SHOWN": DISPLAY,
    "many.same_figures._NAMED": DISPLAY,
    "write.status.mail_merge._MOST_PRINTED": DISPLAY,
    "write.status.mail_merge._LONGEST_SHORT": DISPLAY,
    "write.status.mail_merge._NAMED": DISPLAY,
    "write.status.text._MOST": DISPLAY,
    "many.inbox._SHOWN": DISPLAY,
    "many.long_file._MOST_DIGITS": REFUSED,
    "write.comparison.text._MOST_UNITS": DISPLAY,
    "write.overview.page.MOST_RANKED": DISPLAY,
    "write.year_changes._SHOWN": DISPLAY,
    "write.overview.page.MOST_UNITS": DISPLAY,
    "write.overview.text._MOST_LISTED": DISPLAY,
    "write.overview.text._MOST_RANKED": DISPLAY,
    "many.consolidate.admission._SHOWN": DISPLAY,
    "many.overview.notices._SHOWN": DISPLAY,
    "many.batch.result._MOST": DISPLAY,
    "many.batch.results_sheet._LINK_LIMIT": DISPLAY,
    "many.batch.summary._MOST_LINES": DISPLAY,
    "many.batch.summary._MOST_CHANGES_PRINTED": DISPLAY,
    "many.batch.summary._MOST_LETTER_ROWS": DISPLAY,
    "many.batch.results_sheet._TEXT_LIMIT": DISPLAY,
    "read.source.LIMIT": REFUSED,
    "read.workbook.misplaced_prose._SHOWN": DISPLAY,
    "read.published.pdf.confined._LONGEST": REFUSED,
    "read.published.masthead._LONGEST_DATED": TOLD,
    "read.published.masthead._LONGEST_META": TOLD,
    "read.published.masthead._LONGEST_TITLE": TOLD,
    "read.published.masthead._LONGEST_VALUE": TOLD,
    "read.published.sections._LONGEST_DATE": TOLD,
    "read.published.html.browser_tree.MOST_LETTERS": REFUSED,
    "read.published.html.browser_tree.MOST_MATCHES": REFUSED,
    "read.published.html.css.MAX_SHEET": REFUSED,
    "read.published.html.css._LONGEST_SELECTOR": WORK,
    "read.published.html.css._MAX_NESTING": WORK,
    "read.published.html.css._MAX_RULES": REFUSED,
    "read.published.html.css._MAX_STEPS": WORK,
    "read.published.html.css._MAX_WORK": REFUSED,
    "read.workbook.xml_parts._DEPTH": REFUSED,
    "read.published.headings._LONGEST_LINE": TOLD,
    "read.published.headings._LONGEST_MEANING": TOLD,
    "read.published.headings._MANY": TOLD,
    "read.published.html.page.LIMIT": REFUSED,
    "read.published.html.walk.MAX_CELLS": REFUSED,
    "read.workbook.leftovers._LISTED": DISPLAY,
    "read.tables.labels.LONGEST": TOLD,
    "read.tables.match._ROWS_NAMED": DISPLAY,
    "read.tables.match._SHOWN": DISPLAY,
    "read.tables.match_cache.LIMIT": WORK,
    "read.published.text.markdown._LONGEST": TOLD,
    "read.workbook.number_formats._LARGEST": WORK,
    "read.tables.numbers.LIMIT": REFUSED,
    "read.tables.numbers._LONGEST": DISPLAY,
    "read.workbook.hidden._NAMED": DISPLAY,
    "read.published.pdf.pages.MAX_CHARS": REFUSED,
    "read.published.pdf.pages.MAX_PAGES": REFUSED,
    "read.workbook.cells.MAX_AREA": TOLD,
    "read.published.document.MAX_LINES": REFUSED,
    "package.LARGEST_KNOWN": WORK,
    "proof._SHOWN_CELLS": DISPLAY,
    "proof._SHOWN_LETTERS": DISPLAY,
    "read.workbook.frames.LARGEST": WORK,
    "read.workbook.frames.LIMIT": WORK,
    "read.workbook.parts_memory.LIMIT": WORK,
    "read.workbook.sheet_memory.LARGEST": WORK,
    "read.workbook.sheet_memory.LIMIT": WORK,
    "read.workbook.sheet_memory.MOST_MEANINGS": WORK,
    "read.workbook.text_rows.LARGEST": WORK,
    "read.workbook.styles.LARGEST": WORK,
    "read.workbook.styles.LIMIT": WORK,
    "read.workbook.strings.MAX_STRINGS": REFUSED,
    "read.workbook.figure_view._SURELY_SHOWN": WORK,
    "read.published.text.decoding.MAX_BYTES": REFUSED,
    "read.published.text.pipe_tables._MOST_PIPES": TOLD,
    "read.published.text.statutory._LONGEST": TOLD,
    "read.published.text.rows._MOST_ON": TOLD,
    "read.published.text.rows._MOST_RUNS": TOLD,
    "read.published.text.headers._MOST_STACKS": TOLD,
    "read.published.text.dispute_parts._MOST_PIECES": TOLD,
    "read.published.word.tables.MAX_CELLS": REFUSED,
    "read.published.word.letter_marks._LONGEST_MEASURE": WORK,
    "read.published.word.run_appearance._LONGEST_CHAIN": WORK,
    "read.workbook.sheets.MAX_AREA": REFUSED,
    "read.workbook.sheets.MAX_CELLS": REFUSED,
    "read.workbook.sheets.MAX_TAGS": REFUSED,
    "read.workbook.oversized._MOST_INFLATED": REFUSED,
    "read.workbook.reader._SHOWN": DISPLAY,
    "write.word.probes._MOST_PARAGRAPHS": WORK,
    "write.word.probes._MOST_VALUES": WORK,
    "write.word.chart_places._MOST_TAGS": WORK,
    "write.word.package_parts.LARGEST_PART": REFUSED,
    "write.comparison.text._MOST_PASSAGES": DISPLAY,
    "write.long_table.database._LARGEST": REFUSED,
    "write.pdf._SHOWN": DISPLAY,
    "write.title_lines._MOST_LINES": WORK,
    "write.context._LONGEST_LEAD": DISPLAY,
    "write.workbook.comparison._MOST_UPRIGHT": DISPLAY,
    "write.workbook.preview._LONGEST_FORMULA": DISPLAY,
    "write.workbook.preview._LONGEST_LITERAL": DISPLAY,
    "write.workbook.preview._MOST_NESTED": DISPLAY,
    "write.workbook.writer.TEXT_LIMIT": REFUSED,
    "write.annotate._LONGEST_HEADER": DISPLAY,
    "write.workbook.writer.MOST_PRINTED": DISPLAY,
    "write.workbook.writer._LONGEST_HEADER": DISPLAY,
    "write.workbook.year_changes._MOST_PRINTED": DISPLAY,
    "write.workbook.lastyear._LONGEST": DISPLAY,
    "write.workbook.lastyear._MOST": DISPLAY,
    "write.workbook.provenance.MOST_FIGURES": TOLD,
    "write.workbook.tables._CHANGE_LIMIT": REFUSED,
}
"""Each limit by its module and name → what happens at one more than it."""

PROVED = {
    "read.workbook.sheets.MAX_CELLS": "test_a_limit_refuses_and_never_cuts",
    "read.workbook.sheets.MAX_AREA": "test_a_limit_refuses_and_never_cuts",
    "read.workbook.sheets.MAX_TAGS": "test_a_limit_refuses_and_never_cuts",
    "read.workbook.strings.MAX_STRINGS": "test_a_limit_refuses_and_never_cuts",
    "read.workbook.cells.MAX_AREA": "test_of_a_sheet_that_is_too_wide_every_cell_is_read_or_named",
    "read.published.html.walk.MAX_CELLS": "test_a_page_with_cells_beyond_counting_is_refused",
    "read.published.word.tables.MAX_CELLS": "test_a_word_table_with_cells_beyond_counting_is_refused",
    "read.published.document.MAX_LINES": "test_a_text_of_more_lines_than_a_report_has_is_refused",
}
"""Limits whose edge has a test of its own."""


def limits() -> Iterator[str]:
    """Every constant of a module whose name says that it is a limit, and whose value is a number."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = (
                node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            )
            for target in targets:
                if isinstance(target, ast.Name) and NAME.fullmatch(target.id) and _is_number(node):
                    yield f"{module}.{target.id}"


def _is_number(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    if isinstance(value, ast.BinOp):
        return isinstance(value.left, ast.Constant | ast.BinOp)
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)


def test_what_happens_beyond_every_limit_is_known() -> None:
    assert sorted(limits()) == sorted(LIMITS)


@pytest.mark.parametrize(("limit", "test"), PROVED.items(), ids=PROVED)
def test_a_limit_that_is_said_to_be_proved_has_its_test(limit: str, test: str) -> None:
    assert limit in LIMITS
    assert any(
        f"def {test}(" in path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")
    )


def test_sub_headings_beyond_those_shown_are_counted() -> None:
    prose = tuple(Paragraph(f"（一）标题{number}。", 2) for number in range(41))
    assert outline_hint(prose).endswith("等 41 条")
    assert "等" not in outline_hint(prose[:40])
