"""Reports for tests of web pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from govdisclose import AnnualReport
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.write.web import fragment_html, page_html
from support.paths import ROOT
from support.reports import consistent_report

GOOD = consistent_report()


SAMPLES = sorted(ROOT.glob("sample_workbooks/*.xlsx"))


FORMS: dict[str, Callable[..., str]] = {"page": page_html, "fragment": fragment_html}


def read_back(text: str) -> AnnualReport:
    return read_published(read_html(text.encode(), "r.html"), Path("r.html")).report


HARD = {
    "a script": "</p><script>alert(1)</script><p onclick=\"x\">",
    "markup": "<b>&lt;&amp;&nbsp;</b> a<b && c>d \"双\" '单' {{ 7*7 }} {% raw %} {#",
    "emoji": "😀👨‍👩‍👧🇨🇳",
    "rare characters": "䶮镕喆𠮷㐂𬭊",
    "blanks": "一  二\u3000三\u00a0四\t五",
    "5,000 characters": "公开" * 2500,
    "an address": "https://www.example.gov.cn/" + "a" * 400 + "?x=1&y=2#z",
}  # fmt: skip
