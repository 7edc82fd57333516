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
    check_template,
    compile_report,
    continue_workbook,
    import_report,
    new_template,
    new_workbook,
    read_report,
    write_workbook,
)

if TYPE_CHECKING:
    from govdisclose.form.comparison import Comparison
    from govdisclose.many.compare import compare_reports, write_comparison
    from govdisclose.many.longfile import FolderExport, export_folder
else:
    _LATER = {
        "Comparison": "form.comparison",
        "compare_reports": "many.compare",
        "write_comparison": "many.compare",
        "FolderExport": "many.longfile",
        "export_folder": "many.longfile",
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
    "BatchError",
    "Comparison",
    "Compiled",
    "Continued",
    "Edition",
    "Finding",
    "FindingsError",
    "FolderExport",
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
    "blank_report",
    "check_report",
    "check_template",
    "compare_reports",
    "compile_report",
    "continue_workbook",
    "export_folder",
    "export_report",
    "import_report",
    "new_template",
    "new_workbook",
    "outline",
    "read_report",
    "write_comparison",
    "write_workbook",
]
