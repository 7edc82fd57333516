"""A chart as PNG, by resvg (extra ``charts``): one wheel, and the fonts of this machine."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from govdisclose.errors import OutputError
from govdisclose.write.charts.svg import FONTS, PAPER, Chart

PIXELS = 1600
"""Width of a picture: 260 dots an inch on 156 mm."""

_NOWHERE = "\U0010fffd"
"""A private character that no font has: its glyph is the one of every missing character."""


def chart_png(chart: Chart, *, width: int = PIXELS) -> bytes:
    """A chart as a PNG picture of ``width`` pixels.

    Raises ``OutputError`` when the extra is not installed, and when the fonts of this machine lack
    a character of the chart: a picture with holes would be wrong silently.

    Examples:
        >>> from govdisclose import charts, read_report
        >>> report = read_report("sample_workbooks/huaian-2024.xlsx").report
        >>> first, *_ = charts.draw_charts(report)
        >>> charts.chart_png(first, width=400)[:4]
        b'\\x89PNG'
    """
    lost = "".join(
        sorted(c for c in set(_words(chart.svg)) if not c.isspace() and not _has_glyph(c))
    )
    if lost:
        raise OutputError(
            f"画不出图中的字“{lost[:20]}”：本机的字体没有这些字，请安装中文字体（如 Noto Sans CJK SC）后再试"
        )
    return _render(chart.svg, width)


def _words(svg: str) -> str:
    return unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))


def _render(svg: str, width: int) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise OutputError('生成 PNG 图片需要安装组件：pip install "govdisclose[charts]"') from error
    return bytes(svg_to_bytes(svg_string=svg, width=width, background=PAPER))


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    """Whether a font of this machine can draw a character: its picture is not that of a missing
    one.
    """
    return _alone(character) != _alone(_NOWHERE)


@lru_cache(maxsize=4096)
def _alone(character: str) -> bytes:
    text = f'<text x="2" y="20" font-size="16" font-family="{FONTS}">&#{ord(character)};</text>'
    return _render(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">{text}</svg>',
        24,
    )
