"""Mistakes of a user's that ``mypy --strict`` must find, one a marked line."""

import govdisclose

report = govdisclose.read_report("book.xlsx").report
report.requests.outcomes.refused.state_secrets  # error: no such row
report.requests.received.total.x  # error: a count has no x
report.proactive.regulations.issued  # error: not narrowed to an edition
report.year = 2024  # error: frozen
total: str = report.disputes.review.total  # error: a count is no text
govdisclose.render_report(report, to="doc")  # error: no such output
govdisclose.batch.batch_reports("in", "out", to=["doc"])  # error: no such output
govdisclose.batch.batch_reports("in", "out", to="docx")  # error: not a list of outputs
govdisclose.long_table.export_folder("in", to="xlsx")  # error: no such form of a long table
govdisclose.new_workbook("某某市示范局", 2025, edition="2020")  # error: no such edition
govdisclose.outline("2020")  # error: no such edition
govdisclose.own_templates.new_template(layout="wide")  # error: no such layout
govdisclose.charts.draw_chart(report)  # error: no such function
