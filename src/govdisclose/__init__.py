"""govdisclose: a workbook goes in, the statutory 政府信息公开工作年度报告 comes out.

The public names of the library. Everything here is also reachable from the command line.
"""

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
    check_template,
    compile_report,
    continue_workbook,
    import_report,
    new_template,
    new_workbook,
    read_report,
    write_workbook,
)

__version__ = "0.1.0"

__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
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
    "blank_report",
    "check_report",
    "check_template",
    "compile_report",
    "continue_workbook",
    "export_report",
    "import_report",
    "new_template",
    "new_workbook",
    "outline",
    "read_report",
    "write_workbook",
]
