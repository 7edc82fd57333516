"""govdisclose: a workbook goes in, the statutory 政府信息公开工作年度报告 comes out.

The public names of the library. Everything here is also reachable from the command line.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from govdisclose.check import OwnRule
from govdisclose.compile import (
    Rendered,
    Written,
    check_report,
    compile_report,
    export_report,
    render_report,
)
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
from govdisclose.own_templates import check_template, new_template, prepare_template
from govdisclose.rules import Rule
from govdisclose.session import Session
from govdisclose.source import read_report
from govdisclose.version import __version__ as __version__
from govdisclose.workbooks import (
    Continued,
    annotate_workbook,
    continue_workbook,
    import_report,
    new_workbook,
    write_workbook,
)

if TYPE_CHECKING:
    from govdisclose.bundle import Bundle, export_all
    from govdisclose.form.comparison import Comparison
    from govdisclose.many.batch.cluster import Cluster, dask_cluster
    from govdisclose.many.batch.plan import batch_reports
    from govdisclose.many.batch.result import BatchResult
    from govdisclose.many.compare import compare_reports, write_comparison
    from govdisclose.many.consolidate.aggregate import aggregate_reports
    from govdisclose.many.consolidate.folder import aggregate_folder
    from govdisclose.many.consolidate.roster import (
        Roster,
        RosterUnit,
        make_roster,
        read_roster,
        write_roster,
    )
    from govdisclose.many.consolidate.total import Consolidated
    from govdisclose.many.consolidate.workbook import write_consolidated
    from govdisclose.many.long_table import FolderExport, export_folder
    from govdisclose.write.charts import Chart, charts, figures_html
    from govdisclose.write.charts.png import chart_png
    from govdisclose.write.pdf import Pdf, PdfFile, make_pdf, pdf_files

_LATER = {
    "bundle": ("Bundle", "export_all"),
    "form.comparison": ("Comparison",),
    "many.consolidate.aggregate": ("aggregate_reports",),
    "many.batch.plan": ("batch_reports",),
    "many.batch.cluster": ("Cluster", "dask_cluster"),
    "many.compare": ("compare_reports", "write_comparison"),
    "many.consolidate.total": ("Consolidated",),
    "many.long_table": ("FolderExport", "export_folder"),
    "many.consolidate.folder": ("aggregate_folder",),
    "many.consolidate.workbook": ("write_consolidated",),
    "many.batch.result": ("BatchResult",),
    "many.consolidate.roster": (
        "Roster",
        "RosterUnit",
        "make_roster",
        "read_roster",
        "write_roster",
    ),
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


__all__ = [
    "EDITIONS",
    "Agency",
    "AnnualReport",
    "BatchError",
    "BatchResult",
    "Bundle",
    "Chart",
    "Cluster",
    "Comparison",
    "Consolidated",
    "Continued",
    "Edition",
    "Finding",
    "FindingsError",
    "FolderExport",
    "GovDiscloseError",
    "InputError",
    "OutputError",
    "OwnRule",
    "Paragraph",
    "Pdf",
    "PdfFile",
    "Place",
    "Reading",
    "Rendered",
    "Roster",
    "RosterUnit",
    "Rule",
    "Session",
    "Severity",
    "TemplateError",
    "UsageError",
    "Written",
    "aggregate_folder",
    "aggregate_reports",
    "annotate_workbook",
    "batch_reports",
    "blank_report",
    "chart_png",
    "charts",
    "check_report",
    "check_template",
    "compare_reports",
    "compile_report",
    "continue_workbook",
    "dask_cluster",
    "export_all",
    "export_folder",
    "export_report",
    "figures_html",
    "import_report",
    "make_pdf",
    "make_roster",
    "new_template",
    "new_workbook",
    "outline",
    "pdf_files",
    "prepare_template",
    "read_report",
    "read_roster",
    "render_report",
    "write_comparison",
    "write_consolidated",
    "write_roster",
    "write_workbook",
]
