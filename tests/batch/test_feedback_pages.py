"""FeedbackRenderer makes the pages of `nbgrader generate_feedback`, byte by byte, and says where it would not."""

from __future__ import annotations

import base64
import copy
import io
import json
import os
import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp
from nbgrader.converters import GenerateFeedback
from rich.console import Console
from traitlets.config import Config

from autograder import batch
from autograder.authoring.new_course import create_course
from autograder.batch.feedback_pages import FeedbackError, FeedbackRenderer, unsupported_reason
from autograder.course.file_access import restrict_new_files
from autograder.course.settings import load_course
from autograder.demo import demo_course
from autograder.demo.students import STUDENTS
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.nbgrader_plugin.config import configure
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands, nbgrader_application
from tests.helpers.gradebook_rows import marks
from tests.helpers.pictures import noise

OTHERS = (("5-attention", "hopeful"), ("5-attention", "empty"), ("6-reflection", "hostile"), ("0-start", "curious"))
ATTENTION = """def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-1, -2) / K.shape[-1] ** 0.5
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return weights @ V, weights"""
PNG = base64.b64encode(noise("PNG", 3)).decode()
HOSTILE = """# $a<b$ & "x"

<script>alert(1)</script><img src='https://evil.example/x.png'>

<div><p>unclosed <b>bold</div></div></div>

| a |\n|---|\n| `<td>` |

This costs \\$5."""


def submit_everything(root: Path, assignment: str, student: str) -> None:
    """Submit a notebook with everything that a page can show."""
    notebook = nbformat.read(root / "assignments" / assignment / f"{assignment}.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name == "scaled_dot_product_attention" and student == "hopeful":
            cell.source = ATTENTION
        if name == "senses":
            cell.source = HOSTILE
        if name == "evidence":
            cell.source = "Nobody marks this."
    notebook.cells.append(nbformat.v4.new_code_cell("import sys\nprint('<b>', file=sys.stderr)\n{'a': '<i>'}"))
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"![x](data:image/png;base64,{PNG})"))
    notebook.cells.append(nbformat.v4.new_raw_cell("<script>alert(2)</script>"))
    path = root / "submitted" / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def mark_manually(db_url: str) -> None:
    with Gradebook(db_url) as gradebook:
        for name, score, extra in (("senses", 1.5, 0.25), ("prediction", 0, None)):
            grade = gradebook.find_grade(name, "6-reflection", "6-reflection", "hostile")
            grade.manual_score, grade.extra_credit = score, extra
        comment = gradebook.find_comment("senses", "6-reflection", "6-reflection", "hostile")
        comment.manual_comment = "Not **quite**: $a<b$, <i>x</i>\n\n- \\$5"
        gradebook.db.commit()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NbGraderApp]:
    """The demo's class and some more, graded."""
    root = tmp_path_factory.mktemp("pages") / "course"
    create_course(root)
    demo_course.set_demo_settings(root / "course.yml")
    for student in STUDENTS:
        if student.submitted:
            demo_course.submit(root, student)
    for assignment, name in OTHERS:
        submit_everything(root, assignment, name)
    with pytest.MonkeyPatch.context() as patch:  # nbgrader calls alembic from PATH
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        with nbgrader_application(root) as app:
            for assignment in dict.fromkeys((demo_course.ASSIGNMENT, *(assignment for assignment, _ in OTHERS))):
                NbgraderCommands(app, assignment).generate()
                batch.grade(load_course(root), assignment, batch.Options(), Console(file=io.StringIO()))
            mark_manually(app.coursedir.db_url)
            yield app


def generated(app: NbGraderApp, assignment: str, config: Config) -> dict[str, str]:
    """The pages that nbgrader's own converter writes."""
    app.coursedir.assignment_id = assignment
    converter = GenerateFeedback(coursedir=app.coursedir, config=config)
    converter.force = True
    converter.start()
    found = Path(app.coursedir.root).glob(f"feedback/*/{assignment}/{assignment}.html")
    return {path.parts[-3]: path.read_text() for path in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "students", "settings"),
    [
        (demo_course.ASSIGNMENT, sum(student.submitted for student in STUDENTS), {}),
        ("5-attention", 2, {}),
        ("6-reflection", 1, {}),
        ("0-start", 1, {}),
        ("6-reflection", 1, {"template_name": "lab"}),
    ],
)
def test_a_page_is_the_one_that_nbgrader_makes(
    app: NbGraderApp, assignment: str, students: int, settings: dict[str, Any]
) -> None:
    config = copy.deepcopy(app.config)
    config.HTMLExporter.update(settings)
    expected = generated(app, assignment, config)
    assert len(expected) == students
    pages = FeedbackRenderer(pickle.loads(pickle.dumps(config)))
    with Gradebook(app.coursedir.db_url) as gradebook:
        for student in 2 * sorted(expected):
            path = Path(app.coursedir.root) / "autograded" / student / assignment / f"{assignment}.ipynb"
            found = pickle.loads(pickle.dumps(marks(gradebook, assignment, student, assignment)))
            notebook = nbformat.read(path, as_version=4)
            assert pages.page(path.read_bytes(), found) == expected[student], student
            assert pages.page(notebook, found) == expected[student], student
            assert notebook == nbformat.read(path, as_version=4)


@pytest.mark.slow
def test_the_compared_pages_show_pictures_comments_and_penalties(app: NbGraderApp) -> None:
    reflection = generated(app, "6-reflection", app.config)["hostile"]
    for text in (
        "Not <strong>quite</strong>: <math",
        "1.75 / 3</span>",
        "6 of the 12 points are not marked yet.",
        "&lt;script&gt;alert(2)",
        f"data:image/png;base64,{PNG}",
    ):
        assert text in reflection
    assert "<script" not in reflection
    assert 'src="data:image/png;base64,' in generated(app, "0-start", app.config)["curious"]
    assert "Submitted late: 5 points earned" in generated(app, demo_course.ASSIGNMENT, app.config)["haddad"]


def course(root: Path, **settings: dict[str, Any]) -> Config:
    config = Config()
    with restrict_new_files():  # which sets the umask back
        configure(config, root)
    for section, traits in settings.items():
        config[section].update(traits)
    return config


NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
GRADES = NotebookGrades("novak", "3-softmax", "3-softmax", score=3, max_score=5, late_penalty=0.5)


def with_a_task() -> nbformat.NotebookNode:
    about = {"grade_id": "essay", "task": True, "grade": False, "solution": False}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Why?", metadata={"nbgrader": about})])


def test_a_task_has_its_score_and_its_comment_on_the_page(tmp_path: Path) -> None:
    grades = replace(GRADES, scores={"essay": (2, 4)}, comments={"essay": "*Because*."})
    page = FeedbackRenderer(course(tmp_path)).page(with_a_task(), grades)
    assert "2 / 4</span>" in page
    assert "<em>Because</em>" in page


def test_a_cell_without_a_grade_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="no grade for cell 'essay'"):
        FeedbackRenderer(course(tmp_path)).page(with_a_task(), GRADES)


def test_a_course_s_custom_css_is_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "custom").mkdir()
    (tmp_path / "custom" / "custom.css").write_text("p { color: teal }")
    page = FeedbackRenderer(course(tmp_path)).page(NOTEBOOK, GRADES)
    assert "p { color: teal }" in page
    assert "<strong>2.5</strong>" in page


def test_a_course_s_template_makes_the_page(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "conf.json").write_text('{"base_template": "base"}')
    (tmp_path / "mine" / "index.html.j2").write_text(
        "<p>{{ resources.nbgrader.student }}: {{ resources.metadata.name }}"
    )
    config = course(tmp_path, HTMLExporter={"template_name": "mine", "extra_template_basedirs": [str(tmp_path)]})
    assert FeedbackRenderer(config).page(NOTEBOOK, GRADES) == "<p>novak: 3-softmax</p>"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"GenerateFeedback": {"exporter_class": "nbconvert.exporters.HTMLExporter"}}, "is HTMLExporter"),
        ({"GenerateFeedback": {"preprocessors": ["nbgrader.preprocessors.GetGrades"]}}, "feedback: GetGrades"),
        ({"GetGrades": {"enabled": False}}, "ApplyLatePenalties and ReadGrades"),
        ({"FeedbackExporter": {"preprocessors": ["nbgrader.preprocessors.ClearOutput"]}}, "feedback: ClearOutput"),
        ({"HTMLExporter": {"embed_images": True}}, "embed_images"),
        ({"GenerateFeedback": {"post_convert_hook": "os.path.join"}}, "hook"),
        ({"BaseConverter": {"pre_convert_hook": "os.path.join"}}, "hook"),
    ],
)
def test_a_changed_configuration_leaves_the_pages_to_nbgrader(
    tmp_path: Path, settings: dict[str, Any], reason: str
) -> None:
    config = course(tmp_path, **settings)
    assert reason in unsupported_reason(config)
    with pytest.raises(FeedbackError, match="Run nbgrader generate_feedback instead"):
        FeedbackRenderer(config)


def test_a_new_course_s_pages_can_be_made(tmp_path: Path) -> None:
    assert unsupported_reason(course(tmp_path)) == ""
