"""govdisclose: a workbook goes in, the statutory 政府信息公开工作年度报告 comes out.

Read a report, check it, and write it as a Word document:

Examples:
    >>> from govdisclose import check_report, compile_report, read_report
    >>> reading = read_report("sample_workbooks/huaian-2024.xlsx")
    >>> reading.report.agency.name, reading.report.requests.received.total
    ('淮安市人民政府', 3119)
    >>> [finding.code for finding in check_report(reading) if finding.stops]
    []
    >>> made = compile_report(reading, "report.docx")

A source is a path, the bytes of a file, an open file, a ``Reading``, or an ``AnnualReport``.
Problems in the data are findings, never exceptions. Misuse, and files that cannot be read or
written, are exceptions: all of them are ``GovDiscloseError``, and ``str(error)`` is one Chinese
sentence.

Read and check:

- ``read_report`` reads a workbook, a JSON export or a published report as a ``Reading``.
- ``check_report`` gives its ``Finding`` objects; ``Rule`` and ``OwnRule`` add rules of your own.

Make outputs:

- ``compile_report`` writes the Word report; ``export_report`` writes PDF, a web page, or data.
- ``render_report`` gives the bytes of any output and writes nothing.
- ``export_all`` writes every output and the charts into one folder.

Workbooks:

- ``new_workbook`` writes a blank workbook, ``continue_workbook`` one that continues last year's.
- ``new_paper_sheet`` writes a page with all tables, to be filled by hand.
- ``import_report`` makes a workbook of a published report, ``write_workbook`` of an
  ``AnnualReport``.
- ``annotate_workbook`` writes a copy with the findings as comments.

Reports in Python:

- ``AnnualReport`` is the report, with ``Agency`` and ``Paragraph``; ``blank_report`` makes a
  blank one.
- ``EDITIONS`` are the editions of the form, ``outline`` lists the tables and cells of one.

For programs that handle many workbooks, a ``Session`` makes the later ones faster.

Namespaces, each with a docstring of its own: ``batch`` (whole folders), ``consolidate``, ``roster``
and ``status`` (many units), ``overview`` (rates by unit and county), ``comparison`` (several
years), ``long_table`` (all cells as one table), ``charts``, ``pdf``, ``own_templates`` (your own
Word templates), and ``errors``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from govdisclose.version import __version__ as __version__

if TYPE_CHECKING:
    from govdisclose import (
        batch,
        charts,
        comparison,
        consolidate,
        errors,
        long_table,
        overview,
        own_templates,
        pdf,
        roster,
        status,
    )
    from govdisclose.bundle import export_all
    from govdisclose.check.own_rules import OwnRule
    from govdisclose.compile import (
        Rendered,
        Written,
        check_report,
        compile_report,
        export_report,
        render_report,
    )
    from govdisclose.errors import FindingsError, GovDiscloseError
    from govdisclose.finding import Finding, Severity
    from govdisclose.form.edition import EDITIONS
    from govdisclose.form.outline import outline
    from govdisclose.form.reading import Reading
    from govdisclose.form.report import Agency, AnnualReport, Paragraph, blank_report
    from govdisclose.rules.rule import Rule
    from govdisclose.session import Session
    from govdisclose.source import read_report
    from govdisclose.workbooks import (
        annotate_workbook,
        continue_workbook,
        import_report,
        new_paper_sheet,
        new_workbook,
        write_workbook,
    )

_NAMES = {
    "bundle": ("export_all",),
    "check.own_rules": ("OwnRule",),
    "compile": (
        "Rendered",
        "Written",
        "check_report",
        "compile_report",
        "export_report",
        "render_report",
    ),
    "errors": ("FindingsError", "GovDiscloseError"),
    "finding": ("Finding", "Severity"),
    "form.edition": ("EDITIONS",),
    "form.outline": ("outline",),
    "form.reading": ("Reading",),
    "form.report": ("Agency", "AnnualReport", "Paragraph", "blank_report"),
    "rules.rule": ("Rule",),
    "session": ("Session",),
    "source": ("read_report",),
    "workbooks": (
        "annotate_workbook",
        "continue_workbook",
        "import_report",
        "new_paper_sheet",
        "new_workbook",
        "write_workbook",
    ),
}
"""The public names by the module that each is imported from when it is first asked for."""

_NAMESPACES = (
    "batch",
    "charts",
    "comparison",
    "consolidate",
    "errors",
    "long_table",
    "overview",
    "own_templates",
    "pdf",
    "roster",
    "status",
)

__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
    "Finding",
    "FindingsError",
    "GovDiscloseError",
    "OwnRule",
    "Paragraph",
    "Reading",
    "Rendered",
    "Rule",
    "Session",
    "Severity",
    "Written",
    "annotate_workbook",
    "batch",
    "blank_report",
    "charts",
    "check_report",
    "comparison",
    "compile_report",
    "consolidate",
    "continue_workbook",
    "errors",
    "export_all",
    "export_report",
    "import_report",
    "long_table",
    "new_paper_sheet",
    "new_workbook",
    "outline",
    "overview",
    "own_templates",
    "pdf",
    "read_report",
    "render_report",
    "roster",
    "status",
    "write_workbook",
]


def __getattr__(name: str) -> object:
    """Import a public name now, so that a program loads only what it uses."""
    if name in _NAMESPACES:
        return import_module(f"{__name__}.{name}")
    for module, names in _NAMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__version__"]
