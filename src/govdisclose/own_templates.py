"""Word templates of your own: copied, made of the blank form, checked, prepared.

Copy the packaged template, change its look in Word, and check it: a template with problems is
refused wherever it is used. Every function that makes a Word report or a PDF takes it as
``template``.

Examples:
    >>> from govdisclose import compile_report, own_templates
    >>> template = own_templates.new_template("我的模板.docx")
    >>> own_templates.check_template(template).problems
    ()
    >>> made = compile_report(
    ...     "sample_workbooks/huaian-2024.xlsx", "淮安市.docx", template=template
    ... )
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import evolve

from govdisclose.errors import UsageError
from govdisclose.form.edition import EDITIONS, Edition, EditionName, newest_edition
from govdisclose.read.source import InputFile, Readable, input_file
from govdisclose.source import PathLike, Template, refuse_input
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending

if TYPE_CHECKING:
    from govdisclose.write.word.survey import TemplateCheck

__all__ = ["check_template", "new_template", "prepare_template"]

Layout: TypeAlias = Literal["cover", "charts", "landscape"]
"""The packaged layouts besides the standard one: the keys of ``LAYOUTS``."""

LAYOUTS: Mapping[Layout, str] = {"cover": "封面", "charts": "图解", "landscape": "横排"}
"""What the files of the packaged layouts are named after."""


def new_template(
    output: PathLike | None = None,
    *,
    edition: EditionName | None = None,
    layout: Layout | None = None,
    form: Readable | None = None,
    force: bool = False,
) -> Path:
    """Write a copy of the packaged Word template, to be restyled.

    ``edition`` is the newest one by default. ``layout`` is another than the standard one: ``cover``
    (a page with agency, year and date), ``charts`` (charts below the tables) or ``landscape``
    (table three across a page). With ``form``, the blank Word form of the notice (.docx: a path,
    bytes, or an open file), the template is made of that: tags are put into the empty cells of its
    tables and where its text goes, and everything else stays. Without ``output`` the file is named
    报告模板-2021.docx in the working directory.

    Raises ``UsageError`` or ``OutputError``; ``TemplateError`` for a form that cannot be made a
    template, ``InputError`` for one that cannot be read.

    Examples:
        >>> from govdisclose import own_templates
        >>> own_templates.new_template().name
        '报告模板-2021.docx'
    """
    from govdisclose.write.word.loading import template_folder

    chosen = edition or newest_edition().name
    if chosen not in EDITIONS:
        raise UsageError(f"没有 {chosen} 版格式，可选：{'、'.join(EDITIONS)}")
    if layout is not None and layout not in LAYOUTS:
        raise UsageError(f"没有 {layout} 版式，可选：{'、'.join(LAYOUTS)}")
    if layout is not None and form is not None:
        raise UsageError("--layout 和 --from 只能用一个：空白格式有自己的版式")
    if form is not None:
        return _template_of_form(form, output, edition, force=force)
    packaged = template_folder() / f"{chosen}.docx"
    path = Path(f"报告模板-{chosen}.docx")
    if layout is not None:
        packaged = template_folder() / "layouts" / f"{chosen}-{layout}.docx"
        path = Path(f"报告模板-{chosen}-{LAYOUTS[layout]}.docx")
    path = Path(output) if output else path
    refuse_input(path, packaged)
    refuse_ending(path, ".docx")
    publish(path, packaged.read_bytes(), force=force)
    return path


def _template_of_form(
    form: Readable, output: PathLike | None, edition: EditionName | None, *, force: bool
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


def check_template(template: Template, *, edition: EditionName | None = None) -> TemplateCheck:
    """All faults of a user's Word template, and its contents.

    ``template`` is a .docx file or one that ``prepare_template`` has written: a path, the bytes of
    the file, or a file opened in binary mode. Without ``edition`` it is checked for the edition of
    most of its tags. If its tags are sound, a made-up report is written with it and read back: a
    tag in another row and a changed label are problems too. A template with problems is refused
    wherever it is used; one without is accepted.

    Raises ``TemplateError`` if it cannot be a template at all, ``UsageError`` for an unknown
    edition.

    Examples:
        >>> from govdisclose import own_templates
        >>> own_templates.check_template("templates/2021.docx").problems
        ()
    """
    from govdisclose.proof import shown_faults
    from govdisclose.write.word.survey import survey
    from govdisclose.write.word.template_check import assembled, parse

    chosen, file = _edition(edition), input_file(template)
    parsed = parse(_content(file), file.name)
    found = survey(parsed, file.path, chosen)
    if found.problems:
        return found
    loaded = assembled(parsed, file.name, found.edition)
    return evolve(found, problems=tuple(shown_faults(loaded)))


def prepare_template(
    template: Template,
    output: PathLike | None = None,
    *,
    edition: EditionName | None = None,
    force: bool = False,
) -> Path:
    """Write a Word template as a .json file that can be used without docxtpl and lxml.

    The file is accepted wherever a template is, and gives the same documents to the byte. Without
    ``output`` it is named after the template, 我的模板.prepared.json for 我的模板.docx; a template in
    memory has no name. ``template`` and ``edition`` are as in ``check_template``.

    Raises ``TemplateError`` for a template with problems, ``UsageError`` or ``OutputError``.

    Examples:
        >>> from govdisclose import own_templates
        >>> template = own_templates.new_template("我的模板.docx")
        >>> own_templates.prepare_template(template).name
        '我的模板.prepared.json'
    """
    from govdisclose.proof import shown_faults
    from govdisclose.write.word.faults import unusable
    from govdisclose.write.word.loading import PREPARED, make_template
    from govdisclose.write.word.survey import edition_of_file
    from govdisclose.write.word.template_check import prepare_template as prepared_form

    file = input_file(template)
    if output is not None:
        path = Path(output)
    elif file.data is None:
        path = file.path.with_suffix(PREPARED)
    else:
        raise UsageError("没有来源文件，请给出输出文件名")
    refuse_input(path, template)
    refuse_ending(path, ".json")
    data = _content(file)
    chosen = _edition(edition) or edition_of_file(data, file.name)
    prepared = prepared_form(data, file.name, chosen)
    faults = list(shown_faults(make_template(prepared, file.name, chosen)))
    if faults:
        raise unusable(file.name, faults)
    publish(path, prepared, force=force)
    return path


def _content(file: InputFile) -> bytes:
    """The bytes of a template. Raises ``TemplateError`` if a path cannot be read."""
    from govdisclose.write.word.loading import read_file

    return read_file(file.path) if file.data is None else file.data


def _edition(name: str | None) -> Edition | None:
    if name is None:
        return None
    if name not in EDITIONS:
        raise UsageError(f"没有 {name} 版格式，可选：{'、'.join(EDITIONS)}")
    return EDITIONS[name]
