"""Feedback in place of nbconvert's exporter in ``GenerateFeedback``: our page, or the template that a course sets."""

from __future__ import annotations

from typing import Any

from jinja2 import DictLoader
from jinja2.filters import do_float
from nbconvert.exporters import Exporter, HTMLExporter
from nbformat import NotebookNode
from traitlets import default

from autograder.feedback.markdown_html import markdown_filter
from autograder.feedback.page import POLICY, FeedbackPage
from autograder.feedback.page_content import IS_MARKED

_NBGRADERS_TEMPLATE = "feedback"  # what nbgrader sets where the configuration names no template
_NOT_MARKED_YET = "not marked yet"
_NO_MATHJAX = "{%- macro mathjax(url='') -%}{%- endmacro %}"  # in place of the template that loads it


class PreparedNotebook(NotebookNode):
    """A notebook that went through all preprocessors. It is not copied, validated and prepared again."""

    def __deepcopy__(self, memo: dict[int, Any]) -> PreparedNotebook:
        """Return the notebook itself: a template only reads."""
        return self


class _NoScore(float):
    """The 0 that nbgrader passes to a template for a cell without a score. It is shown in words."""

    def __round__(self, digits: Any = None) -> Any:
        return self

    def __str__(self) -> str:
        return _NOT_MARKED_YET


class FeedbackExporter(HTMLExporter):
    """Makes the page under a policy that allows no script and no other host. One exporter makes many pages fast."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._page = FeedbackPage()

    @default("extra_loaders")
    def _without_mathjax(self) -> list[Any]:
        return [DictLoader({"mathjax.html.j2": _NO_MATHJAX})]

    def default_filters(self) -> Any:
        """Replace nbconvert's markdown filter, so that a course's own template also shows formulas without MathJax.

        nbgrader's template converts each score with ``float`` and ``round``.
        """
        yield from super().default_filters()
        yield "markdown2html", markdown_filter
        yield "float", _as_float

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
        if not isinstance(nb, PreparedNotebook):
            nb, resources = super()._preprocess(nb, resources)
        if self.template_name != _NBGRADERS_TEMPLATE:
            _replace_missing_scores(nb, resources)
        return nb, resources


def _as_float(value: Any, default: float = 0.0) -> float:
    return value if isinstance(value, _NoScore) else do_float(value, default)


def _replace_missing_scores(nb: NotebookNode, resources: Any) -> None:
    """Let a course's own template show in words that a cell, or the whole notebook, is not marked yet."""
    graded = [cell.metadata.nbgrader for cell in nb.cells if IS_MARKED in cell.metadata.get("nbgrader", {})]
    unmarked = [grades for grades in graded if not grades[IS_MARKED]]
    for grades in unmarked:
        grades.score = _NoScore()
    if unmarked and len(unmarked) == len(graded):
        resources["nbgrader"]["score"] = _NoScore()
