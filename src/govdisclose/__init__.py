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
    from govdisclose.everything import Bundle, export_all
    from govdisclose.exports import export_report
    from govdisclose.form.comparison import Comparison
    from govdisclose.many.compare import compare_reports, write_comparison
    from govdisclose.many.longfile import FolderExport, export_folder
    from govdisclose.write.charts import Chart, charts, figures_html
    from govdisclose.write.charts.png import chart_png
    from govdisclose.write.pdf import Pdf, PdfFile, make_pdf, pdf_files

_LATER = {
    "everything": ("Bundle", "export_all"),
    "exports": ("export_report",),
    "form.comparison": ("Comparison",),
    "many.compare": ("compare_reports", "write_comparison"),
    "many.longfile": ("FolderExport", "export_folder"),
    "write.charts": ("Chart", "charts", "figures_html"),
    "write.charts.png": ("chart_png",),
    "write.pdf": ("Pdf", "PdfFile", "make_pdf", "pdf_files"),
}
"""Names that most runs do not need, and the modules they are imported from when they are asked for."""


def __getattr__(name: str) -> object:
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__version__ = "0.1.0"

__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
    "BatchError",
    "Bundle",
    "Chart",
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
    "check_template",
    "compare_reports",
    "compile_report",
    "continue_workbook",
    "export_all",
    "export_folder",
    "export_report",
    "figures_html",
    "import_report",
    "make_pdf",
    "new_template",
    "new_workbook",
    "outline",
    "pdf_files",
    "read_report",
    "write_comparison",
    "write_workbook",
]
