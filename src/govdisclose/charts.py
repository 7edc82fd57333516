"""Charts of a report: SVG pictures for pages and documents, and PNG with the extra ``charts``.

Examples:
    >>> from govdisclose import charts, read_report
    >>> report = read_report("sample_workbooks/huaian-2024.xlsx").report
    >>> [chart.name for chart in charts.draw_charts(report)]
    ['applicants', 'outcomes', 'refusals', 'disputes']
"""

from govdisclose.write.charts import Chart, draw_charts, figures_html
from govdisclose.write.charts.png import chart_png

__all__ = ["Chart", "chart_png", "draw_charts", "figures_html"]
