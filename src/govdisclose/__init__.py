"""govdisclose: a workbook goes in, the statutory 政府信息公开工作年度报告 comes out.

The public names of the library. Everything here is also reachable from the command line.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from govdisclose.errors import (
    FindingsError,
    GovDiscloseError,
    InputError,
    OutputError,
    TemplateError,
    UsageError,
)
from govdisclose.exports import export_report
from govdisclose.finding import Finding, Place, Severity
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport, Paragraph, blank_report
from govdisclose.story import (
    Compiled,
    Continued,
    annotate_workbook,
    check_report,
    compile_report,
    continue_workbook,
    import_report,
    new_workbook,
    read_report,
    write_workbook,
)

if TYPE_CHECKING:
    from govdisclose.many.aggregate import aggregate_reports
    from govdisclose.many.consolidated import Consolidated
    from govdisclose.many.report import aggregate_folder, write_consolidated
    from govdisclose.many.roster import Roster, RosterUnit, make_roster, read_roster, write_roster
else:
    _LATER = {
        "Consolidated": "many.consolidated",
        "Roster": "many.roster",
        "RosterUnit": "many.roster",
        "aggregate_folder": "many.report",
        "aggregate_reports": "many.aggregate",
        "make_roster": "many.roster",
        "read_roster": "many.roster",
        "write_consolidated": "many.report",
        "write_roster": "many.roster",
    }
    """Public names that a single report does not need: imported when they are asked for."""

    def __getattr__(name: str) -> object:
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


__version__ = "0.1.0"

__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
    "Compiled",
    "Consolidated",
    "Continued",
    "Edition",
    "Finding",
    "FindingsError",
    "GovDiscloseError",
    "InputError",
    "OutputError",
    "Paragraph",
    "Place",
    "Reading",
    "Roster",
    "RosterUnit",
    "Severity",
    "TemplateError",
    "UsageError",
    "aggregate_folder",
    "aggregate_reports",
    "annotate_workbook",
    "blank_report",
    "check_report",
    "compile_report",
    "continue_workbook",
    "export_report",
    "import_report",
    "make_roster",
    "new_workbook",
    "outline",
    "read_report",
    "read_roster",
    "write_consolidated",
    "write_roster",
    "write_workbook",
]
