"""What a draft shows besides the report: a mark above it, the findings below it.

Both are Jinja source put into every prepared template, so that template authors need not know of
drafts. They use no style but the template's default one.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from govdisclose.finding import Finding
from govdisclose.form.printed import FORBIDDEN


def _paragraph(text: str, look: str, size: int, colour: str = "000000") -> str:
    """``size`` in half points; ``look`` are paragraph properties."""
    letters = (
        '<w:rPr><w:rFonts w:ascii="黑体" w:hAnsi="黑体" w:eastAsia="黑体"/>'
        f'<w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )
    return f'<w:p><w:pPr>{look}</w:pPr><w:r>{letters}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _frame(colour: str) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="12" w:space="4" w:color="{colour}"/>'
        for side in ("top", "bottom")
    )
    return f'<w:pBdr>{sides}</w:pBdr><w:spacing w:after="240"/><w:jc w:val="center"/>'


_RED = "C00000"
_OFF_GRID = '<w:snapToGrid w:val="0"/>'
_LINE = f'{_OFF_GRID}<w:spacing w:before="60" w:after="60"/><w:ind w:firstLineChars="0" w:firstLine="0"/>'
_HINT = f'{_OFF_GRID}<w:spacing w:after="60"/><w:ind w:left="420" w:firstLineChars="0" w:firstLine="0"/>'

TOP = (
    "{% if draft %}"
    + _paragraph("草稿　尚未通过检查，不得公布", _frame(_RED), 32, _RED)
    + "{% endif %}"
)
BOTTOM = (
    "{% if draft %}"
    + _paragraph(
        "草稿附：检查结果（{{ findings|length }} 项）",
        "<w:keepNext/><w:pageBreakBefore/>" + _LINE,
        32,
        _RED,
    )
    + "{% for finding in findings %}"
    + _paragraph(
        "{{ loop.index }}. 【{{ finding.label }} {{ finding.code }}】{{ finding.message }}",
        _LINE,
        21,
    )
    + "{% if finding.hint %}"
    + _paragraph("{{ finding.hint }}", _HINT, 21, "595959")
    + "{% endif %}{% endfor %}{% endif %}"
)


def describe(findings: Iterable[Finding]) -> list[SimpleNamespace]:
    """The findings as the block below the draft prints them; characters XML cannot hold become ``�``."""
    return [
        SimpleNamespace(
            label="已说明" if finding.explained else finding.severity.label,
            code=finding.code,
            message=FORBIDDEN.sub("�", finding.message),
            hint=FORBIDDEN.sub("�", _advice(finding)),
        )
        for finding in findings
    ]


def _advice(finding: Finding) -> str:
    if finding.explained:
        return f"说明：{finding.explained}"
    return f"建议：{finding.hint}" if finding.hint else ""
