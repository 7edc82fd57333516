"""govdisclose: a workbook goes in, the statutory 政府信息公开工作年度报告 comes out.

The public names of the library. Everything here is also reachable from the command line.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from govdisclose.errors import (
    BatchError,
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
    from govdisclose.many.batch import batch_reports
    from govdisclose.many.result import BatchResult

_LATER = {"BatchResult": "govdisclose.many.result", "batch_reports": "govdisclose.many.batch"}
"""Public names that most programs have no use for: imported when they are asked for."""


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


__version__ = "0.1.0"

__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
    "BatchError",
    "BatchResult",
    "Compiled",
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
    "Severity",
    "TemplateError",
    "UsageError",
    "annotate_workbook",
    "batch_reports",
    "blank_report",
    "check_report",
    "compile_report",
    "continue_workbook",
    "export_report",
    "import_report",
    "new_workbook",
    "outline",
    "read_report",
    "write_workbook",
]
