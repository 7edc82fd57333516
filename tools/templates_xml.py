"""WordprocessingML as strings: one function an element, children in the order the schema asks for."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def w(tag: str, *children: str, **attributes: object) -> str:
    """An element of the main namespace, its attributes too."""
    marks = "".join(f" w:{name}={quoteattr(str(value))}" for name, value in attributes.items())
    body = "".join(children)
    return f"<w:{tag}{marks}>{body}</w:{tag}>" if body else f"<w:{tag}{marks}/>"


def part(tag: str, *children: str) -> str:
    """A whole part whose root is ``tag``."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{declaration}<w:{tag} xmlns:w="{W}" xmlns:r="{R}">{"".join(children)}</w:{tag}>'


def run(text: str, style: str | None = None) -> str:
    """Text in one run, so that a template tag is never split; a line break stays one."""
    properties = w("rPr", w("rStyle", val=style)) if style else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return w("r", properties, w("br").join(lines))


def paragraph(style: str, *runs: str, extra: str = "") -> str:
    """A paragraph in a named style; ``extra`` are properties printed after the style."""
    return w("p", w("pPr", w("pStyle", val=style), extra), *runs)
