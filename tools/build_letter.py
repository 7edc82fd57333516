"""Write the Word template of the letters of return: ``python tools/build_letter.py [--check]``.

The bytes depend on this script and on the styles of the report templates alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from build_templates import members, packed, properties, signed_with, spaced  # noqa: E402  # needs the path set above
from templates_styles import section  # noqa: E402  # needs the path set above
from templates_xml import paragraph, part, run, w  # noqa: E402  # needs the path set above

TARGET = ROOT / "src" / "govdisclose" / "write" / "status" / "letter.docx"

_FLUSH = w("ind", firstLineChars=0, firstLine=0)


def _list(name: str, heading: str) -> str:
    """A heading and the numbered problems below it, if there are any."""
    pieces = [
        f"{{%p if {name} %}}",
        paragraph("Heading1", run(heading)),
        f"{{%p for p in {name} %}}",
        spaced("p.text_", run("{{ p.number }}．{{ p.text }}")),
        "{%p if p.advice %}",
        spaced("p.advice_", run("怎么改：{{ p.advice }}")),
        "{%p endif %}",
        "{%p endfor %}",
        "{%p endif %}",
    ]
    return "".join(_tag(piece) for piece in pieces)


def _tag(piece: str) -> str:
    return piece if piece.startswith("<") else paragraph("Body", run(piece))


def document() -> str:
    """``word/document.xml``: title, addressee, opening, problems, closing, sender and date."""
    body = [
        paragraph("ReportTitle", run("{{ title_first }}\n{{ title_second }}")),
        paragraph("Body", run("{{ unit }}："), extra=_FLUSH),
        spaced("opening_", run("{{ opening }}")),
        _list("errors", "须改正的"),
        _list("warnings", "请核对的"),
        spaced("closing_", run("{{ closing }}"), extra=w("keepNext")),
        signed_with("sender", "day"),
    ]
    return part("document", w("body", *body, section("footer1", "footer2")))


def build() -> bytes:
    """The template; the same bytes every time."""
    return packed(document(), properties("退回修改的函（模板）"))


def main(arguments: list[str]) -> int:
    """Write the template, or with ``--check`` say whether it is up to date."""
    if "--check" in arguments:
        return 0 if TARGET.exists() and members(TARGET.read_bytes()) == members(build()) else 1
    TARGET.write_bytes(build())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
