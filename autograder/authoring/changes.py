"""What a changed course does to assignments that have submissions: other points, or other graded cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.course.settings import Course


@dataclass(frozen=True)
class Change:
    """A difference between a built notebook and what the gradebook has of its assignment."""

    loses_scores: bool  # graded cells come or go: nbgrader cannot keep their scores. Otherwise only points differ.
    text: str


def changes(course: Course, notebooks: Mapping[str, bytes]) -> list[Change]:
    """Compare the built solution of each assignment with the gradebook, where there are submissions."""
    from autograder.nbgrader_plugin import effective_config  # nbgrader takes a second to import

    db_url = effective_config.load_effective_config(course.root).db_url
    if effective_config.gradebook_problem(db_url):  # `doctor` says what it is
        return []
    known = effective_config.summarize_assignments(db_url)
    return [
        change
        for name, notebook in notebooks.items()
        if name in known and known[name].submissions
        for change in _compare(name, graded_cells(notebook), known[name].cells)
    ]


def graded_cells(notebook: bytes) -> dict[str, float]:
    """The graded cells of a built notebook with their points."""
    data = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(notebook)["cells"]]
    return {cell["grade_id"]: float(cell["points"]) for cell in data if cell.get("grade")}


def _compare(assignment: str, now: Mapping[str, float], then: Mapping[str, float]) -> Iterator[Change]:
    for cell in sorted(now.keys() ^ then.keys()):
        what = "new" if cell in now else "gone"
        text = f"{assignment} has submissions, and its graded cell {cell} is {what}: nbgrader would lose scores."
        yield Change(True, f"{text} Undo that change, or make it in an assignment with a new name.")
    for cell in sorted(now.keys() & then.keys()):
        if now[cell] != then[cell]:
            points = f"{then[cell]:g} points became {now[cell]:g}"
            again = f"nbgrader generate_assignment {assignment} --force, then nbgrader autograde {assignment} --force"
            yield Change(False, f"{assignment}: {cell}: {points}: regrade needed. Run {again}.")
