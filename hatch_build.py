"""Build hook: the packaged Word templates go into the wheel together with their prepared form.

A run that uses them then starts without docxtpl, lxml and Jinja. ``write/word/loading.py`` uses the
prepared form only if it was made from the same template; else it reads the template itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PreparedTemplates(BuildHookInterface[Any]):
    """Adds ``govdisclose/templates/<edition>.prepared.json`` for each edition."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Prepare both templates outside the source tree and add the files to the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        source = str(Path(self.root, "src"))
        sys.path.insert(0, source)
        try:
            from govdisclose.form.edition import EDITIONS
            from govdisclose.proof import shown_faults
            from govdisclose.write.word.loading import make_template
            from govdisclose.write.word.template_check import prepare_template
        finally:
            sys.path.remove(source)
        self.made = tempfile.TemporaryDirectory()
        for name, edition in EDITIONS.items():
            data = Path(self.root, "templates", f"{name}.docx").read_bytes()
            prepared = prepare_template(data, f"{name}.docx", edition)
            faults = list(shown_faults(make_template(prepared, f"{name}.docx", edition)))
            if faults:
                raise ValueError(faults)
            file = Path(self.made.name, f"{name}.prepared.json")
            file.write_bytes(prepared)
            build_data["force_include"][str(file)] = f"govdisclose/templates/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the files again."""
        if hasattr(self, "made"):
            self.made.cleanup()
