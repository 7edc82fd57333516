"""Build hook: the packaged Word templates go into the wheel with the code that fills them.

A run that uses them then starts without docxtpl, lxml and Jinja. ``write/word/template.py`` uses that code
only when it was made from the same template; else it prepares the template itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PreparedTemplates(BuildHookInterface[Any]):
    """Adds ``govdisclose/templates/prepared_<edition>.py`` for each edition."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile both templates into files outside the source tree and add them to the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        source = str(Path(self.root, "src"))
        sys.path.insert(0, source)
        try:
            from govdisclose.ahead import prepared_module
            from govdisclose.form.edition import EDITIONS
        finally:
            sys.path.remove(source)
        self.made = tempfile.TemporaryDirectory()
        for name, edition in EDITIONS.items():
            template = Path(self.root, "templates", f"{name}.docx")
            module = Path(self.made.name, f"prepared_{name}.py")
            module.write_text(
                prepared_module(template.read_bytes(), template.name, edition), encoding="utf-8"
            )
            build_data["force_include"][str(module)] = f"govdisclose/templates/{module.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the files again."""
        if hasattr(self, "made"):
            self.made.cleanup()
