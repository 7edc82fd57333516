"""WordprocessingML as strings. The callers give children in the order that the schema prescribes."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def w(tag: str, *children: str, **attributes: object) -> str:
    """An element of the main namespace, with attributes of the same namespace."""
    start = f"w:{tag}"
    for name, value in attributes.items():
        start += f" w:{name}={quoteattr(str(value))}"
    body = "".join(children)
    if not body:
        return f"<{start}/>"
    return f"<{start}>{body}</w:{tag}>"


def part(tag: str, *children: str) -> str:
    """A whole part whose root is ``tag``."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    body = "".join(children)
    return f'{declaration}<w:{tag} xmlns:w="{W}" xmlns:r="{R}">{body}</w:{tag}>'


def run(text: str, style: str | None = None) -> str:
    """Text in one run, so that a template tag is never split; line breaks are kept."""
    properties = w("rPr", w("rStyle", val=style)) if style else ""
    lines = []
    for line in text.split("\n"):
        lines.append(f'<w:t xml:space="preserve">{escape(line)}</w:t>')
    return w("r", properties, w("br").join(lines))


def paragraph(style: str, *runs: str, extra: str = "") -> str:
    """A paragraph in a named style; ``extra`` are properties after the style."""
    properties = w("pPr", w("pStyle", val=style), extra)
    return w("p", properties, *runs)
