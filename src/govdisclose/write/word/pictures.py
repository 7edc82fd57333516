"""Charts in a Word file: ``{{ charts.applicants }}`` becomes a picture with its text alternative.

Only templates with the tag pay for it: the others keep no ``Pictures``.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from govdisclose.form.report import AnnualReport
from govdisclose.write.charts import Chart, charts_or_words
from govdisclose.write.charts.png import chart_png
from govdisclose.write.context import CHARTS
from govdisclose.write.word.chart_places import Pictures

_SIZE = re.compile(r'viewBox="0 0 (\S+) (\S+)"')
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_FIRST_ID = 900_001
"""Word numbers drawings from 1; a template's own pictures do not come this far."""

_INDENT = "\u3000\u3000"
"""The indent of a sentence in place of a chart, whose paragraph has lost its indent."""

_TALLEST = 0.9
"""Of the text area's height: a caption or a heading still fits on the same page."""


def fill_pictures(
    pictures: Pictures, report: AnnualReport, previous: AnnualReport | None
) -> tuple[dict[str, str], dict[str, bytes]]:
    """What the tags ``charts.…`` print, and the package members that belong to it.

    A sentence replaces a chart that has nothing to show. Raises as ``charts`` and
    ``chart_png`` do.
    """
    printed: dict[str, str] = {}
    members: dict[str, bytes] = {}
    relations = ""
    drawn = charts_or_words(report, previous)
    folder = pictures.relations.partition("_rels/")[0]
    for name in pictures.names:
        chart = drawn[name]
        if isinstance(chart, str):
            printed[f"charts.{name}"] = _INDENT + chart
            continue
        printed[f"charts.{name}"] = _drawing(chart, pictures)
        members[f"{folder}media/gd-{name}.png"] = chart_png(chart)
        relations += f'<Relationship xmlns="{_RELATIONS}" Id="gd-{name}" Type="{_IMAGE}" Target="media/gd-{name}.png"/>'
    before, end, after = pictures.relations_xml.rpartition("</")
    members[pictures.relations] = f"{before}{relations}{end}{after}".encode()
    return printed, members


def _drawing(chart: Chart, pictures: Pictures) -> Markup:
    """A picture in line with the text, as wide as the text area or as high as a page lets it be."""
    found = _SIZE.search(chart.svg)
    across, down = map(float, found.groups()) if found else (1.0, 1.0)
    tallest = pictures.height * _TALLEST
    width = int(min(pictures.width, tallest * across / down))
    height = int(width * down / across)
    extent = f'cx="{width}" cy="{height}"'
    number = _FIRST_ID + CHARTS.index(chart.name)
    title = escape(chart.title)
    words = escape(chart.alt)
    word = "http://schemas.openxmlformats.org/officeDocument/2006"
    main = "http://schemas.openxmlformats.org/drawingml/2006"
    return Markup(
        f'</w:t><w:drawing><wp:inline xmlns:wp="{main}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {extent}/><wp:docPr id="{number}" name="{title}" descr="{words}"/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{main}/main" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{main}/main"><a:graphicData uri="{main}/picture"><pic:pic xmlns:pic="{main}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="gd-{chart.name}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip xmlns:r="{word}/relationships" r:embed="gd-{chart.name}"/>'
        f"<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        f'</wp:inline></w:drawing><w:t xml:space="preserve">'
    )
