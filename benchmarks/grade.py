"""What a student costs: nbgrader's own Execute, `nbgrader autograde` with ours, and `autograder grade`, as ratios.

    python benchmarks/grade.py                        each further student, the first one, and the start of commands
    python benchmarks/grade.py pictures               the same where cells draw plots
    python benchmarks/grade.py sizes --sizes 10 100   time, memory and gradebook against the size of the class
    python benchmarks/grade.py writer --sizes 100000  what the one writer costs; --db-url for a server's database
    python benchmarks/grade.py cores phases peers     one core and two; where time goes; Otter and gradescope-utils
    ... --json FILE, --pictures DIR                   the figures; PNGs of sizes and phases

A further student costs the difference of the times of two classes, over the difference of their sizes. All sides grade
the same answers in the same run and take turns; the figures are medians. Our judge skips cells that only illustrate,
and so does nbgrader's kernel here, except under `pictures`, where it runs them as it usually does.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.classes import ASSIGNMENT, CAST, FUNCTION, Classes, Kind, command
from bench.measure import machine, run
from bench.peers import PACKAGES, PEER_DESCRIPTIONS, measure_peers
from bench.phases import PHASES, batch_phases, stock_phases
from bench.pictures import draw_phases, draw_sizes
from bench.writer import measure_writer
from rich.console import Console
from rich.table import Table

PARTS = ("further", "start", "pictures", "sizes", "cores", "phases", "writer", "peers")
DRAWING = (ASSIGNMENT, "0-start")  # assignments whose cells draw plots
CONSOLE = Console()


@dataclass(frozen=True)
class Side:
    """A way to grade a class; a cheap one needs a class ``larger`` times as large to show in a run's time."""

    name: str
    kind: Kind
    words: tuple[str, ...]
    larger: int = 1

    def students(self, options: argparse.Namespace) -> tuple[int, int]:
        """The sizes of the two classes that are compared."""
        return 1, min(1 + self.larger * min(20, 2 * options.rounds), options.max_students)


def compared(assignment: str, *, drawn: bool) -> list[Side]:
    """The three ways to grade an assignment; ``drawn``: nbgrader's kernel runs the illustrations too."""
    autograde = ("nbgrader", "autograde", assignment)
    grade = ("autograder", "grade", assignment)
    return [
        Side("nbgrader's own Execute", Kind(stock=True, pictures=drawn, assignment=assignment), autograde),
        Side("nbgrader autograde, ours", Kind(stock=False, assignment=assignment), autograde, larger=4),
        Side("autograder grade", Kind(stock=False, assignment=assignment), grade, larger=40),
    ]


def further(classes: Classes, options: argparse.Namespace, assignment: str, *, drawn: bool) -> dict[str, Any]:
    """What the first student costs and each further one, on every side."""
    seconds: dict[tuple[str, int], list[float]] = {}
    ways = compared(assignment, drawn=drawn)
    for number in range(options.rounds):
        for side in ways if number % 2 else reversed(ways):
            for students in side.students(options):
                course = classes.course(side.kind, students)
                seconds.setdefault((side.name, students), []).append(run(side.words, course).seconds)
                shutil.rmtree(course)
    figures: dict[str, Any] = {}
    for side in ways:
        few, many = side.students(options)
        first, whole_class = (statistics.median(seconds[side.name, students]) for students in (few, many))
        figures[side.name] = {
            "ms a further student": (whole_class - first) / (many - few) * 1e3,
            "seconds for the first": first,
            "of a class of": many,
        }
    title = f"{assignment}, {options.rounds} rounds{', cells draw' * drawn}"
    show(title, {side.name: figures[side.name] for side in ways}, ratio_to=ways[0].name)
    return figures


def start(classes: Classes, options: argparse.Namespace) -> dict[str, Any]:
    """How long commands take to start."""
    course = classes.course(Kind(stock=False), 1)
    file = next(course.glob("submitted/*/*/*.ipynb"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        'python -c "import numpy"': [sys.executable, "-c", "import numpy"],
        "autograder --help": ["autograder", "--help"],
        "autograder judge FILE": ["autograder", "judge", "--exercise", FUNCTION, str(file)],
        "nbgrader --help": ["nbgrader", "--help"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, words in commands.items():
            seconds[name].append(run(words, course).seconds)
    figures = {name: {"ms": statistics.median(times) * 1e3} for name, times in seconds.items()}
    show("start", figures, ratio_to="python -c pass")
    return figures


def sizes(classes: Classes, options: argparse.Namespace) -> dict[str, Any]:
    """Time, memory and gradebook against the size of the class."""
    side = compared(ASSIGNMENT, drawn=False)[-1]
    points: list[dict[str, Any]] = []
    for students in options.sizes:
        course = classes.course(side.kind, students)
        once = run(side.words, course, memory=True)
        point = {
            "students": students,
            "seconds": once.seconds,
            "peak MB": once.megabytes,
            "gradebook MB": (course / "gradebook.db").stat().st_size / 2**20,
            "ms a student": once.seconds / students * 1e3,
        }
        if points:
            more = students - points[-1]["students"]
            point["ms a further student"] = (once.seconds - points[-1]["seconds"]) / more * 1e3
        points.append(point)
        shutil.rmtree(course)
    show(f"{side.name}, classes of different sizes", {str(point["students"]): point for point in points})
    draw(options, "sizes.png", draw_sizes, points)
    return {"side": side.name, "points": points}


def cores(classes: Classes, options: argparse.Namespace) -> dict[str, Any]:
    """One core against two: each further student of a class that has a hundred for each round."""
    few, many = 1, 1 + 100 * options.rounds
    figures = {}
    for name, cpus, workers in (("one core", "0", "1"), ("two cores", "0,1", "2")):
        seconds = []
        for students in (few, many):
            course = classes.course(Kind(stock=False), students)
            words = ["taskset", "-c", cpus, "autograder", "grade", ASSIGNMENT, "--workers", workers]
            seconds.append(run(words, course).seconds)
            shutil.rmtree(course)
        figures[name] = {"ms a further student": (seconds[1] - seconds[0]) / (many - few) * 1e3, "seconds": seconds[1]}
    show(f"{many} students", figures, ratio_to="one core")
    return figures


def phases(classes: Classes, options: argparse.Namespace) -> dict[str, Any]:
    """Where the time of a student goes: nbgrader's two commands with our preprocessors, and `autograder grade`."""
    many = min(25 * options.rounds, options.max_students)
    figures = {}
    for name, way, students in (
        ("nbgrader autograde and generate_feedback, ours", stock_phases, max(1, many // 5)),
        ("autograder grade --feedback", batch_phases, many),
    ):
        course = classes.course(Kind(stock=False), students)
        seconds = way(course, sorted(path.name for path in course.glob("submitted/*")))
        figures[name] = {phase: seconds[phase] / students * 1e3 for phase in PHASES}
        figures[name] = {"ms a student": sum(figures[name].values()), **figures[name]}
        shutil.rmtree(course)
    rows = {phase: {way: figures[way][phase] for way in figures} for phase in next(iter(figures.values()))}
    show("where time goes on one core: ms a student", rows)
    draw(options, "phases.png", draw_phases, figures)
    return figures


def writer(classes: Classes, options: argparse.Namespace) -> dict[str, Any]:
    """The one writer alone, against the number of rows that are there already."""
    course = classes.course(Kind(stock=False), len(CAST))
    if options.db_url:
        with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(f"\nc.CourseDirectory.db_url = {options.db_url!r}\n")
        command("nbgrader", "generate_assignment", ASSIGNMENT, "--force", cwd=course)
    points = list(measure_writer(course, options.sizes))
    shutil.rmtree(course)
    show("the writer alone", {str(point["students"]): point for point in points})
    return {"database": options.db_url.partition(":")[0] or "sqlite", "points": points}


def peers(classes: Classes, options: argparse.Namespace) -> dict[str, Any]:
    """Other graders on the same function, each in its own environment."""
    many = 1 + 5 * options.rounds
    course = classes.course(Kind(stock=False), 0)
    figures = measure_peers(course, many)
    show(f"softmax, {many} submissions", figures, ratio_to="autograder judge")
    for name in PACKAGES.keys() - figures.keys():
        CONSOLE.print(f"{name}: its packages cannot be installed here")
    CONSOLE.print(PEER_DESCRIPTIONS, highlight=False, soft_wrap=True)
    return {**figures, "what they do": PEER_DESCRIPTIONS}


def show(title: str, rows: Mapping[str, Mapping[str, float]], ratio_to: str = "") -> None:
    """A table; where ``ratio_to`` names a row, with how its first figure compares with that of each other."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row if name != "students"))
    table = Table(title=title, title_justify="left")
    for heading in ("", *names, *([f"{names[0]}, ratio"] if ratio_to else [])):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, row in rows.items():
        cells = [f"{row[column]:.4g}" if column in row else "" for column in names]
        ratio = [_ratio(row[names[0]] / rows[ratio_to][names[0]])] if ratio_to else []
        table.add_row(name, *cells, *ratio)
    CONSOLE.print(table)


def _ratio(times: float) -> str:
    return f"{times:.3g} x" if times >= 1 else f"{1 / times:.3g} x less" if times > 0 else "noise"


def draw(options: argparse.Namespace, name: str, picture: Any, *data: Any) -> None:
    """Draw a picture where pictures are wanted."""
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        picture(*data, options.pictures / name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (further and start)")
    parser.add_argument("--rounds", type=int, default=5, help="how often; classes grow with it (5)")
    parser.add_argument("--max-students", type=int, default=10_000, metavar="N", help="size of the largest class")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000, 10000], metavar="N")
    parser.add_argument("--db-url", default="", help="an empty database for the part writer (SQLite)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--pictures", type=Path, metavar="DIR")
    options = parser.parse_args(arguments)
    parts = options.parts or ["further", "start"]
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    results: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory() as folder:
        classes = Classes(Path(folder))
        for part in dict.fromkeys(parts):
            match part:
                case "further":
                    results[part] = further(classes, options, ASSIGNMENT, drawn=False)
                case "pictures":
                    results[part] = {name: further(classes, options, name, drawn=True) for name in DRAWING}
                case _:
                    results[part] = globals()[part](classes, options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
