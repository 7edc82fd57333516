"""Commands for a user's own Word templates: template new, template check, template prepare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from govdisclose.cli.chinese_help import FILE, ChineseGroup, command, force, option
from govdisclose.cli.console import say, tell
from govdisclose.errors import TemplateError
from govdisclose.form.edition import EDITIONS

if TYPE_CHECKING:
    from govdisclose.form.edition import EditionName
    from govdisclose.own_templates import Layout
    from govdisclose.write.word.survey import TemplateCheck

_PLACES = {name: f"govdisclose.cli.templates:{name}" for name in ("new", "check", "prepare")}
_EDITION = click.Choice(list(EDITIONS))


@click.group(cls=ChineseGroup, places=_PLACES, invoke_without_command=True, options_metavar="[选项]",
             subcommand_metavar="命令 [参数]…")  # fmt: skip
@click.pass_context
def template(ctx: click.Context) -> None:
    """自己的 Word 模板：复制一份来改，改好后检查。"""
    if ctx.invoked_subcommand is None:
        tell(ctx.get_help())


@command()
@option("--edition", type=_EDITION, metavar="版本", help="格式版本；不写则为最新的一版。")
@option(
    "--layout",
    type=click.Choice(["cover", "charts", "landscape"]),
    metavar="版式",
    help="cover 有封面；charts 表后有图解；landscape 表三横排；不写则为标准版式。",
)
@option(
    "--from",
    "form",
    type=FILE,
    metavar="格式",
    help="通知附件的空白 Word 格式（.docx），做成模板；不写则复制自带的模板。",
)
@option(
    "-o",
    "--output",
    type=FILE,
    metavar="文件",
    help="输出的模板；不写则为当前文件夹的“报告模板-版本.docx”。",
)
@force
def new(
    edition: EditionName | None,
    layout: Layout | None,
    form: Path | None,
    output: Path | None,
    force: bool,
) -> None:
    """复制一份自带的模板，或把通知附件的空白格式做成模板，供修改。"""
    from govdisclose.own_templates import new_template

    path = new_template(output, edition=edition, layout=layout, form=form, force=force)
    say(f"已生成 {path}：用 Word 或 WPS 改样式，改好后用 govdisclose template check 检查。")


@command()
@click.argument("template", metavar="模板", type=FILE)
@option(
    "--edition", type=_EDITION, metavar="版本", help="按哪一版格式检查；不写则按模板中的标签判断。"
)
def check(template: Path, edition: EditionName | None) -> None:
    """检查模板，列出全部问题和位置。"""
    from govdisclose.own_templates import check_template

    found = check_template(template, edition=edition)
    tell(_as_text(found))
    if found.problems:
        raise click.exceptions.Exit(TemplateError.exit_code)


@command()
@click.argument("template", metavar="模板", type=FILE)
@option(
    "--edition", type=_EDITION, metavar="版本", help="哪一版格式的模板；不写则按模板中的标签判断。"
)
@option(
    "-o",
    "--output",
    type=FILE,
    metavar="文件",
    help="输出的文件；不写则与模板同名，以 .prepared.json 结尾。",
)
@force
def prepare(template: Path, edition: EditionName | None, output: Path | None, force: bool) -> None:
    """把模板预先处理成 .prepared.json 文件：离线网页用它，生成报告也更快。"""
    from govdisclose.own_templates import prepare_template

    path = prepare_template(template, output, edition=edition, force=force)
    say(f"已生成 {path}：--template 后面可以写它，生成的报告与用原模板完全相同。")


def _as_text(found: TemplateCheck) -> str:
    verdict = f"有 {len(found.problems)} 处问题，不能使用" if found.problems else "可以使用"
    others = f"；另有 {'、'.join(found.names)}" if found.names else ""
    lines = [
        f"{found.path}：{found.edition.name} 版模板，{verdict}。",
        *(f"{number}. {problem}" for number, problem in enumerate(found.problems, 1)),
        f"标签：法定数据 {found.cells} 格{others}。",
        f"字体：{'、'.join(found.fonts) or '没有写明'}。",
        *(f"注意：{note}。" for note in found.notes),
    ]
    if found.undeclared:
        lines.append(
            f"注意：模板的字体表中没有 {'、'.join(found.undeclared)}，没有装这种字体的电脑会换成别的字体。"
        )
    return "\n".join(lines)
