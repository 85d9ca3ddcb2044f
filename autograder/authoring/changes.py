"""Find out what a changed course does to assignments that have submissions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.course.settings import Course


@dataclass(frozen=True)
class Change:
    """A difference between a built notebook and the gradebook's record of its assignment.

    ``loses_scores`` is true if a graded cell is new or gone, because nbgrader cannot keep its scores then. Otherwise
    only its points differ.
    """

    loses_scores: bool
    text: str


def find_changes(course: Course, solutions: Mapping[str, bytes]) -> list[Change]:
    """Compare the solution notebook of each assignment that has submissions with the gradebook."""
    # Imported late because nbgrader takes a second to import.
    from autograder.gradebook import inspection
    from autograder.nbgrader_plugin import effective_config

    db_url = effective_config.load_effective_config(course.root).db_url
    # `doctor` reports a gradebook that cannot be read.
    if inspection.gradebook_problem(db_url):
        return []
    recorded = inspection.summarize_assignments(db_url)
    return [
        change
        for name, notebook in solutions.items()
        if name in recorded and recorded[name].submissions
        for change in _compare(name, graded_cells(notebook), recorded[name].cells)
    ]


def graded_cells(notebook: bytes) -> dict[str, float]:
    """Return the points of each graded cell of a built notebook."""
    metadata = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(notebook)["cells"]]
    return {data["grade_id"]: float(data["points"]) for data in metadata if data.get("grade")}


def _compare(assignment: str, built: Mapping[str, float], recorded: Mapping[str, float]) -> Iterator[Change]:
    for cell in sorted(built.keys() ^ recorded.keys()):
        state = "new" if cell in built else "gone"
        text = f"{assignment} has submissions, and its graded cell {cell} is {state}: nbgrader would lose scores."
        yield Change(True, f"{text} Undo that change, or make it in an assignment with a new name.")
    for cell in sorted(built.keys() & recorded.keys()):
        if built[cell] != recorded[cell]:
            points = f"{recorded[cell]:g} points became {built[cell]:g}"
            commands = f"nbgrader generate_assignment {assignment} --force && autograder grade {assignment}"
            yield Change(False, f"{assignment}: {cell}: {points}: regrade needed. Run {commands}.")
