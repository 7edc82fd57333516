"""govdisclose: a workbook goes in, the statutory 政府信息公开工作年度报告 comes out.

The public names of the library. Everything here is also reachable from the command line.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from govdisclose.everything import Bundle, export_all
    from govdisclose.write.charts import Chart, charts, figures_html
    from govdisclose.write.charts.png import chart_png
    from govdisclose.write.pdf import Pdf, PdfFile, make_pdf, pdf_files

__version__ = "0.1.0"

_LATER = {
    **dict.fromkeys(("Bundle", "export_all"), "govdisclose.everything"),
    **dict.fromkeys(("Chart", "charts", "figures_html"), "govdisclose.write.charts"),
    "chart_png": "govdisclose.write.charts.png",
    **dict.fromkeys(("Pdf", "PdfFile", "make_pdf", "pdf_files"), "govdisclose.write.pdf"),
}
"""Where the names live that are imported when they are asked for: most runs need none of them."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
    "Bundle",
    "Chart",
    "Compiled",
    "Continued",
    "Edition",
    "Finding",
    "FindingsError",
    "GovDiscloseError",
    "InputError",
    "OutputError",
    "Paragraph",
    "Pdf",
    "PdfFile",
    "Place",
    "Reading",
    "Severity",
    "TemplateError",
    "UsageError",
    "annotate_workbook",
    "blank_report",
    "chart_png",
    "charts",
    "check_report",
    "compile_report",
    "continue_workbook",
    "export_all",
    "export_report",
    "figures_html",
    "import_report",
    "make_pdf",
    "new_workbook",
    "outline",
    "pdf_files",
    "read_report",
    "write_workbook",
]
