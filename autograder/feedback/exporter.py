"""Feedback in place of nbconvert's exporter in ``GenerateFeedback``: our page, or the template that a course sets."""

from __future__ import annotations

from typing import Any

from jinja2 import DictLoader
from nbconvert.exporters import Exporter, HTMLExporter
from nbformat import NotebookNode
from traitlets import default

from autograder.feedback.markdown_html import markdown_filter
from autograder.feedback.page import POLICY, FeedbackPage

_NBGRADERS_TEMPLATE = "feedback"  # what nbgrader sets where the configuration names no template
_NO_MATHJAX = "{%- macro mathjax(url='') -%}{%- endmacro %}"  # in place of the template that loads it


class PreparedNotebook(NotebookNode):
    """A notebook that went through all preprocessors. It is not copied, validated and prepared again."""

    def __deepcopy__(self, memo: dict[int, Any]) -> PreparedNotebook:
        """Return the notebook itself: a template only reads."""
        return self


class FeedbackExporter(HTMLExporter):
    """Makes the page under a policy that allows no script and no other host. One exporter makes many pages fast."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._page = FeedbackPage()

    @default("extra_loaders")
    def _without_mathjax(self) -> list[Any]:
        return [DictLoader({"mathjax.html.j2": _NO_MATHJAX})]

    def default_filters(self) -> Any:
        """Replace nbconvert's markdown filter, so that a course's own template also shows formulas without MathJax."""
        yield from super().default_filters()
        yield "markdown2html", markdown_filter

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Return the page of a notebook, and the resources."""
        self._nb_metadata.clear()  # nbconvert would keep every notebook's
        if self.template_name != _NBGRADERS_TEMPLATE:
            html, resources = super().from_notebook_node(nb, resources, **kw)
            policy = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            return html.replace("<head>", policy, 1), resources
        nb, resources = Exporter.from_notebook_node(self, nb, resources)
        options = {"embed_images": True, "path": resources["metadata"]["path"]} if self.embed_images else {}
        return self._page.render(nb, resources, **options), resources

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        return (nb, resources) if isinstance(nb, PreparedNotebook) else super()._preprocess(nb, resources)
