"""One file of the inbox, reduced to what the state of its unit follows from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from attrs import field, frozen

from govdisclose.compile import check_report
from govdisclose.errors import InputError, NoReportError
from govdisclose.finding import Finding, Severity
from govdisclose.form.reading import Reading
from govdisclose.form.report import Agency, AnnualReport
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.many.inbox import NO_REPORT, InboxEntry, of_report
from govdisclose.many.previous import PreviousYear
from govdisclose.many.same_figures import marked_digest
from govdisclose.many.year_changes import is_about_last_year, no_report_of_last_year
from govdisclose.read import read
from govdisclose.read.memory import Memory
from govdisclose.read.source import InputFile


@frozen
class FileSummary:
    """The content of one file, whoever sent it and whenever it came.

    The attributes are those of ``HandedIn``; ``findings`` are the errors and warnings without an
    explanation. ``about_last_year`` are the findings that say how the report compares with last
    year's, explained or not, or that it was not compared. A file that ended its reader has no
    ``digest``. ``unreadable`` of a notice, which is no report, is ``NO_REPORT``.
    """

    digest: str = ""
    agency: Agency = Agency()
    year: int | None = None
    figures: str = field(default="", repr=False)
    texts: str = field(default="", repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    about_last_year: tuple[Finding, ...] = field(default=(), repr=False)
    unreadable: str = ""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.stops for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors


def summarize(
    entry: InboxEntry, memory: Memory | None = None, previous: PreviousYear | None = None
) -> FileSummary:
    """Read and check a file, with ``previous`` also against last year's report of its unit.

    Nothing is raised for a file that cannot be read: its summary says why.
    """
    digest = ""
    try:
        file = entry.file()
        data = file.content()
        digest = sha256(data).hexdigest()
        reading = of_report(read(InputFile(file.path, data, file.kind), memory))
    except NoReportError:
        return FileSummary(digest, unreadable=NO_REPORT)
    except InputError as error:
        said = str(error).replace(str(entry.path), entry.name)
        return FileSummary(digest, unreadable=said.rstrip("。"))
    return summary_of(reading, digest, previous)


def lost_file(entry: InboxEntry, why: str) -> FileSummary:
    """The summary of a file that ended the process that read it; ``why`` is in Chinese."""
    return FileSummary(unreadable=why)


def summary_of(
    reading: Reading, digest: str = "", previous: PreviousYear | None = None
) -> FileSummary:
    """Check a reading and reduce it."""
    report = reading.report
    findings = list(_findings(reading, previous))
    return FileSummary(
        digest,
        report.agency,
        report.year,
        figures=marked_digest(report),
        texts=_digest(_texts(report)),
        findings=tuple(_to_correct(findings)),
        about_last_year=tuple(filter(is_about_last_year, findings)),
    )


def _findings(reading: Reading, previous: PreviousYear | None) -> Iterator[Finding]:
    """All findings, with ``previous`` also those of the comparison with last year's report."""
    if previous is None:
        yield from check_report(reading)
        return
    report = reading.report
    found = previous.find(report.agency, report.year)
    yield from check_report(reading, previous=found.reading)
    if found.report is None:
        yield no_report_of_last_year(found)


def is_to_correct(finding: Finding) -> bool:
    """Whether it is an error or a warning that the unit has not explained."""
    is_open = finding.explained is None
    return is_open and finding.severity in (Severity.ERROR, Severity.WARNING)


def _to_correct(findings: Iterable[Finding]) -> Iterable[Finding]:
    """The errors, then the warnings, without those that the unit has explained."""
    open_ones = filter(is_to_correct, findings)
    return sorted(open_ones, key=lambda finding: finding.severity.rank)


def _texts(report: AnnualReport) -> Iterator[str]:
    """Every paragraph with its section and level."""
    for key in PROSE_SHEETS:
        for paragraph in getattr(report, key):
            yield f"{key} {paragraph.level} {paragraph.text}"


def _digest(texts: Iterable[str]) -> str:
    """Equal for equal texts only: no text of a report holds the separator."""
    joined = "\0".join(texts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
