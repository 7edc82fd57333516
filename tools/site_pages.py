"""The hooks of the documentation site, named in mkdocs.yml.

Some pages stand in the root of the project, where GitHub shows them. The site has them too, and its
navigation lists the page of every rule.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
ROOT_PAGES = {
    "README.md": "readme.md",
    "README.zh-CN.md": "readme.zh-CN.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
"""A page in the root → its name on the site."""
RULES_TITLE = "检查规则 Rules"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the page of every rule into the navigation, below the list of rules."""
    pages = sorted((Path(config.docs_dir) / "rules").glob("*.md"))
    for section in config.nav or []:
        for entries in section.values():
            _add_rules(entries, [f"rules/{page.name}" for page in pages])
    return config


def _add_rules(entries: object, pages: list[str]) -> None:
    """Complete the entry of the rules, where a section of the navigation has one."""
    if not isinstance(entries, list):
        return
    for entry in entries:
        if RULES_TITLE in entry:
            entry[RULES_TITLE] = ["rules.md", *pages]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root."""
    for source, name in ROOT_PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links between the root and docs/ lead to the pages of the site, and begin a page with its title."""
    if markdown.startswith(
        "<!--"
    ):  # a generated page says so first; MkDocs takes the title from the first line only
        markdown = markdown.partition("-->")[2].lstrip()
    if page.file.src_uri in ROOT_PAGES.values():
        markdown = markdown.replace("](docs/", "](")
        prefix = ""
    else:
        prefix = "../"
    for source, name in ROOT_PAGES.items():
        markdown = markdown.replace(f"]({prefix}{source})", f"]({name})")
    return markdown
