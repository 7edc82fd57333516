"""The forms a batch makes: the Word report, and every export."""

from __future__ import annotations

from govdisclose.outputs import OFFERED

DOCX = "docx"
"""The form that ``compile`` makes."""

PDF = "pdf"
"""The export that is made of the Word report, many at a time."""

FORMS = tuple(OFFERED)
"""What ``batch --to`` takes."""


def suffix_of(form: str) -> str:
    """The ending of the files of one form."""
    return OFFERED[form].suffix


_SUFFIXES = sorted(map(suffix_of, FORMS), key=len, reverse=True)


def stem_of(name: str) -> str:
    """The name of a file without the ending of its form: of ``甲局.fragment.html`` ``甲局``."""
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)
