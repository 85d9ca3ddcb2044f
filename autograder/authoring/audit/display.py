"""Print audits as tables or as JSON, with a progress bar on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from types import TracebackType
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.authoring.audit.problems import find_problems
from autograder.authoring.audit.results import ExerciseAudit
from autograder.contract import CLAUSES


class AuditDisplay:
    """A context manager that shows a progress bar while audits run, and prints each audit when it is done."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._console = Console()
        columns = SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar = self._progress.add_task("")

    def __enter__(self) -> AuditDisplay:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show_progress(self, function: str, done: int, total: int) -> None:
        """Update the bar: the function, how many jobs of its audit are done, and how many there are."""
        self._progress.update(self._bar, description=function, completed=done, total=total)

    def show(self, audit: ExerciseAudit) -> None:
        """Print the results and problems of one finished audit."""
        if self._as_json:
            print(json.dumps(as_json(audit)), flush=True)
        else:
            self._console.print(format_tables(audit), markup=False, highlight=False)


def as_json(audit: ExerciseAudit) -> dict[str, Any]:
    """Return all results and problems in a form that JSON can hold."""
    return asdict(audit) | {"problems": find_problems(audit)}


def format_tables(audit: ExerciseAudit) -> Group:
    """Return tables that show how good an exercise's hidden tests are, then what is wrong with them."""
    return Group(_summary(audit), _clauses(audit), _criteria(audit), *_problems(audit))


def _summary(audit: ExerciseAudit) -> Table:
    results = [*audit.correct, *audit.misconceptions]
    full_marks = sum(result.score == audit.max_score for result in audit.correct)
    caught = sum(result.score < audit.max_score for result in audit.misconceptions)
    named_first = sum(result.program in result.named[:1] for result in audit.misconceptions)
    steady = sum(result.differs_at_seed is None for result in results)
    survived = len(audit.survivors)
    equivalent = sum(name in audit.expected.equivalents for name in audit.survivors)
    sandbox = audit.sandbox
    table = Table(title=audit.function, title_justify="left", show_header=False)
    for label, value in (
        ("correct programs", f"{len(audit.correct)}, full marks {full_marks}"),
        ("misconceptions", f"{len(audit.misconceptions)}, caught {caught}, named first {named_first}"),
        ("named as another", "; ".join(audit.misnamed()) or "none"),
        ("mutants", f"{audit.mutant_count}, killed {audit.mutant_count - survived}, equivalent {equivalent}"),
        (f"{audit.seeds} seeds", f"the same verdict for {steady} of {len(results)} programs"),
        (f"sandbox ({sandbox.isolation})", f"{sandbox.program_count} again, {len(sandbox.differing_programs)} differ"),
    ):
        table.add_row(label, value)
    return table


def _clauses(audit: ExerciseAudit) -> Table:
    table = Table("clause", "cases", "misconceptions that it catches", box=None)
    for clause in CLAUSES:
        cases = "; ".join(audit.cases.get(clause, ())) or f"– {audit.expected.untested.get(clause, '')}"
        table.add_row(clause, cases, str(len(audit.caught_by_clause(clause))))
    return table


def _criteria(audit: ExerciseAudit) -> Table:
    table = Table("criterion", "without it these would pass", box=None)
    for criterion in audit.criteria:
        table.add_row(criterion, ", ".join(audit.caught_only_by(criterion)) or "–")
    return table


def _problems(audit: ExerciseAudit) -> Iterator[RenderableType]:
    problems = find_problems(audit)
    if problems:
        table = Table(f"{len(problems)} to fix", box=None, style="bold")
        for problem in problems:
            table.add_row(problem)
        yield table
