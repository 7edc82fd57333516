"""A user's script, checked by ``mypy --strict``: what editors and type checkers know of a report."""

from decimal import Decimal

import govdisclose
from govdisclose.form import edition_2021

reading = govdisclose.read_report("book.xlsx")
report: govdisclose.AnnualReport = reading.report

secrets: int | None = report.requests.outcomes.refused.state_secret.natural_person
pending: int | None = report.disputes.litigation.after_review.pending
decisions: int | None = report.proactive.licences.decisions
if isinstance(report.proactive, edition_2021.Proactive):
    fees: Decimal | None = report.proactive.fees.amount
    in_force: int | None = report.proactive.regulations.in_force
cells: int = len(govdisclose.outline("2021").cells)

for finding in govdisclose.check_report(reading):
    code: str = finding.code
    place: str | None = finding.place.cell
    if finding.severity is govdisclose.Severity.ERROR:
        print(code, place, finding.message)

made: govdisclose.Written = govdisclose.compile_report("book.xlsx", "report.docx", draft=True)
other: govdisclose.AnnualReport = report.evolve(year=2025).with_values({"disputes.review.total": 3})

page: bytes = govdisclose.render_report(report, to="html").data
govdisclose.export_report(report, "report.json", to="json", session=govdisclose.Session())
pictures: list[str] = [chart.svg for chart in govdisclose.charts.draw_charts(report)]
for result in govdisclose.batch.batch_reports("inbox", "reports"):
    print(result.status.label, result.outputs)
try:
    govdisclose.compile_report(b"PK", template=b"PK")
except govdisclose.errors.UsageError as error:
    print(error.exit_code)
