"""Feedback as a page that needs nothing but itself: no script, nothing from the net, formulas as MathML.

It stands in place of nbconvert's exporter in ``GenerateFeedback``; nbgrader's template stays, or one that you set.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from jinja2 import DictLoader, pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from traitlets import default

from autograder.feedback.page_fragments import CUT, FragmentCache, finish_page

# A browser that reads this line runs no script and asks no host for anything, whatever else is on the page.
POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: 'self' file:\">"
)
MAX_FORMULA = 2000
_NO_MATHJAX = "{%- macro mathjax(url='') -%}{%- endmacro %}"  # in place of the template that loads it
_CUTS = f"""{{%- extends template -%}}
{{%- block body -%}}{CUT}{{{{ super() }}}}{CUT}{{%- endblock -%}}
{{%- block any_cell -%}}{CUT}{{{{ super() }}}}{CUT}{{%- endblock -%}}"""
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?P<dollars>.+?)(?<!\\)\$\$"
    r"|(?<!\\)\\\[(?P<brackets>.+?)\\\]"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.+?\\end\{(?P=name)\})"
    r"|(?<!\\)\$(?P<dollar>[^$]+?)(?<!\\)\$"
    r"|(?<!\\)\\\((?P<parenthesis>.+?)\\\)",
    re.DOTALL,
)
_DOLLAR = "\ue000"  # an escaped dollar, while a page is made: no formula begins there
_DISPLAYED = ("dollars", "brackets", "environment")
_AS_IT_IS = ("pre", "code", "script", "style", "textarea", "math")
_TAGS = (
    "math mrow mi mo mn mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle "
    "mpadded mphantom menclose mmultiscripts mprescripts merror"
)
_ATTRIBUTES = (
    "display displaystyle scriptlevel mathvariant mathcolor stretchy fence form separator accent accentunder lspace "
    "rspace minsize maxsize symmetric largeop movablelimits columnalign rowspacing columnspacing columnlines rowlines "
    "linethickness notation width height depth voffset"
)


class Prepared(NotebookNode):
    """A notebook that went through everything before its template: it is not copied, checked and prepared once more."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Prepared:
        """Itself: a template only reads."""
        return self


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML under a policy that allows no script and no other host, with formulas that need neither.

    Most of a page was in the page before, too, so text, code and whole cells are made once and remembered.
    """

    def __init__(self, *args: Any, **kw: Any) -> None:
        self._memory = FragmentCache()
        super().__init__(*args, **kw)

    @default("extra_loaders")
    def _without_mathjax(self) -> list[Any]:
        return [DictLoader({"mathjax.html.j2": _NO_MATHJAX})]

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """A cell, or a grader's comment, as HTML."""
        source = source.replace(_DOLLAR, "").replace("\\$", _DOLLAR)

        def make() -> str:
            return formulas(HTMLExporter.markdown2html(self, context, source))

        if self.embed_images:  # it reads files, and they may change
            return make()
        return self._memory.recall(("markdown", source, json.dumps(context.get("cell", {}).get("attachments"))), make)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """The page of a notebook: as HTMLExporter makes it, but for the parts that were made before."""
        resources = self._init_resources(resources)
        self._nb_metadata.clear()  # it would keep that of every notebook
        widgets = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("filter_data_type", widgets)
        self.register_filter("highlight_code", self.filters.get("highlight_code", self._highlighter(nb)))
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        page = finish_page(page, self._memory)
        return re.sub(r"<head>", f"<head>\n{POLICY}", page, count=1), resources

    def _highlighter(self, nb: Any) -> Callable[..., str]:
        """Code as HTML, in the notebook's language."""
        about = nb.metadata.get("language_info", {})
        lexer = about.get("pygments_lexer", about.get("name", None))
        filter_ = Highlight2HTML(pygments_lexer=lexer, parent=self)

        def highlight(source: str, language: str | None = None, metadata: Any = None) -> str:
            chosen = json.dumps([lexer, language, (metadata or {}).get("magics_language")])
            return self._memory.recall(("code", source, chosen), lambda: str(filter_(source, language, metadata)))

        return highlight

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        return (nb, resources) if isinstance(nb, Prepared) else super()._preprocess(nb, resources)

    def _load_template(self) -> Any:
        """The template, with cuts before and after each cell and the page's body."""
        return self.environment.from_string(_CUTS, globals={"template": super()._load_template()})


def formulas(page: str) -> str:
    """HTML with its TeX as MathML; a formula that cannot be converted stays TeX, as code."""
    if not re.search(rf"[$\\{_DOLLAR}]", page):
        return page
    soup = BeautifulSoup(page, "html.parser")
    for text in soup.find_all(string=True):
        if type(text) is not NavigableString:
            continue
        if any(one.name in _AS_IT_IS for one in text.parents):
            text.replace_with(text.replace(_DOLLAR, "\\$"))
        elif _FORMULA.search(text):
            text.replace_with(BeautifulSoup(_replaced(text), "html.parser"))
    return str(soup).replace(_DOLLAR, "$")


def _replaced(text: str) -> str:
    """A text as HTML, its formulas as MathML."""
    parts, end = [], 0
    for found in _FORMULA.finditer(text):
        name, tex = next((key, found[key]) for key in (*_DISPLAYED, "dollar", "parenthesis") if found[key])
        tex = tex.replace(_DOLLAR, "\\$")
        parts += [html.escape(text[end : found.start()]), _mathml(tex, displayed=name in _DISPLAYED)]
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def _mathml(tex: str, *, displayed: bool) -> str:
    try:
        if len(tex) > MAX_FORMULA:
            raise ValueError("too long")
        # The converter writes text into its XML as it is, so that is cleaned like any other.
        made = convert(tex.replace("<", r"\lt ").replace(">", r"\gt "), display="block" if displayed else "inline")
        if "\\" in made:  # a command that it does not know
            raise ValueError("unknown command")
    except Exception:  # it has many ways to refuse what is no TeX
        return f"<code>{html.escape(tex)}</code>"
    return nh3.clean(made, tags=set(_TAGS.split()), attributes={"*": set(_ATTRIBUTES.split())}, link_rel=None)
