"""Feedback pages as they were made before any part of one was remembered: by nbconvert, the whole page at once."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter

from autograder.feedback import exporter
from autograder.feedback.exporter import FeedbackExporter


class Whole(FeedbackExporter):
    """The same page, made slowly."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        source = source.replace(exporter._DOLLAR, "").replace("\\$", exporter._DOLLAR)
        return exporter.formulas(HTMLExporter.markdown2html(self, context, source))

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        page, resources = HTMLExporter.from_notebook_node(self, nb, resources, **kw)
        return re.sub(r"<head>", f"<head>\n{exporter.POLICY}", page, count=1), resources

    def _load_template(self) -> Any:
        return HTMLExporter._load_template(self)
