"""An audit as tables for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.authoring.audit.findings import Audit
from autograder.contract import CLAUSES


@contextmanager
def shown(*, as_json: bool) -> Iterator[tuple[Callable[[Audit], None], Callable[[str, int, int], None]]]:
    """What shows an audit, as tables or as a line of JSON, and what hears of progress, which goes to stderr."""
    console = Console()
    columns = SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("")

        def heard(function: str, done: int, pieces: int) -> None:
            progress.update(bar, description=function, completed=done, total=pieces)

        def show(found: Audit) -> None:
            if as_json:
                print(json.dumps(found.as_json()), flush=True)
            else:
                console.print(tables(found), markup=False, highlight=False)

        yield show, heard


def tables(found: Audit) -> Group:
    """What one exercise's hidden tests are worth, then what is amiss."""
    return Group(_summary(found), _clauses(found), _criteria(found), *_problems(found))


def _summary(found: Audit) -> Table:
    table = Table(title=found.function, title_justify="left", show_header=False)
    full = sum(one.score == found.max_score for one in found.right)
    caught = sum(one.score < found.max_score for one in found.wrong)
    first = sum(one.name in one.named[:1] for one in found.wrong)
    steady = sum(one.changes_at is None for one in (*found.right, *found.wrong))
    survivors = found.survivors
    equivalent = sum(name in found.listed.equivalents for name in survivors)
    for what, value in (
        ("right programs", f"{len(found.right)}, full marks {full}"),
        ("misconceptions", f"{len(found.wrong)}, caught {caught}, named first {first}"),
        ("named as another", "; ".join(found.confused()) or "none"),
        ("mutants", f"{found.mutants}, killed {found.mutants - len(survivors)}, equivalent {equivalent}"),
        (f"{found.seeds} seeds", f"the same verdict for {steady} of {len(found.right) + len(found.wrong)} programs"),
        (f"sandbox ({found.sandbox.isolation})", f"{found.sandbox.programs} again, {len(found.sandbox.differ)} differ"),
    ):
        table.add_row(what, value)
    return table


def _clauses(found: Audit) -> Table:
    table = Table("clause", "cases", "misconceptions that it catches", box=None)
    for clause in CLAUSES:
        cases = "; ".join(found.cases.get(clause, ()))
        table.add_row(clause, cases or f"– {found.listed.untested.get(clause, '')}", str(len(found.caught_by(clause))))
    return table


def _criteria(found: Audit) -> Table:
    table = Table("criterion", "without it these would pass", box=None)
    for criterion in found.criteria:
        table.add_row(criterion, ", ".join(found.only_by(criterion)) or "–")
    return table


def _problems(found: Audit) -> Iterator[RenderableType]:
    problems = found.problems()
    if problems:
        table = Table(f"{len(problems)} to mend", box=None, style="bold")
        for problem in problems:
            table.add_row(problem)
        yield table
