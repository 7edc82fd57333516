"""Word templates of the user's own: a copy to restyle, or a template made of the blank form; checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from govdisclose.errors import UsageError
from govdisclose.form.edition import EDITIONS
from govdisclose.source import PathLike, refuse_input
from govdisclose.write.atomic import publish
from govdisclose.write.names import refuse_ending

if TYPE_CHECKING:
    from govdisclose.write.word.survey import TemplateCheck


def new_template(
    output: PathLike | None = None,
    *,
    edition: str | None = None,
    form: PathLike | None = None,
    force: bool = False,
) -> Path:
    """Write a copy of the packaged Word template of ``edition`` (by default the newest one), to be restyled.

    With ``form``, the blank Word form of the notice (.docx), the template is made of that: tags stand in the
    empty cells of its tables and where its text goes, everything else stays. Without ``output`` it is named
    报告模板-2021.docx in the working directory.

    Raises ``UsageError`` or ``OutputError``; for a form that cannot be made a template ``TemplateError``, for
    one that cannot be read ``InputError``.
    """
    from govdisclose.write.word.template import template_folder

    chosen = edition or max(EDITIONS)
    if chosen not in EDITIONS:
        raise UsageError(f"没有 {chosen} 版格式，可选：{'、'.join(EDITIONS)}")
    if form is not None:
        return _template_of_form(Path(form), output, edition, force=force)
    path = Path(output) if output else Path(f"报告模板-{chosen}.docx")
    packaged = template_folder() / f"{chosen}.docx"
    refuse_input(path, packaged)
    refuse_ending(path, ".docx")
    publish(path, packaged.read_bytes(), force=force)
    return path


def _template_of_form(
    form: Path, output: PathLike | None, edition: str | None, *, force: bool
) -> Path:
    from govdisclose.blank_form.template import template_from_form

    if output is not None:
        refuse_input(Path(output), form)
        refuse_ending(Path(output), ".docx")
    made = template_from_form(form, EDITIONS[edition] if edition else None)
    path = Path(output) if output is not None else Path(f"报告模板-{made.edition.name}.docx")
    refuse_input(path, form)
    publish(path, made.data, force=force)
    return path


def check_template(template: PathLike, *, edition: str | None = None) -> TemplateCheck:
    """Everything that is wrong with a user's Word template, and what was found in it.

    Without ``edition`` the template is taken for one of the edition that most of its tags are of. When
    its tags are sound, a made-up report is written with it and read back: a tag that was moved to
    another row or a label that was changed is a problem too.

    Raises ``TemplateError`` when it is no .docx that may be used, ``UsageError`` for an unknown edition.
    """
    from govdisclose.proof import shown_faults
    from govdisclose.write.word import load_template
    from govdisclose.write.word.survey import survey

    if edition is not None and edition not in EDITIONS:
        raise UsageError(f"没有 {edition} 版格式，可选：{'、'.join(EDITIONS)}")
    found = survey(Path(template), EDITIONS[edition] if edition else None)
    if found.problems:
        return found
    return evolve(found, problems=tuple(shown_faults(load_template(found.edition, Path(template)))))
