"""What the figures look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt


def sizes(points: list[dict[str, Any]], path: Path) -> None:
    """Time, memory and gradebook against the size of the class, and what each student costs; both axes log."""
    _, (totals, each) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    students = [point["students"] for point in points]
    for name in ("seconds", "peak MB", "gradebook MB"):
        totals.loglog(students, [point[name] for point in points], marker="o", label=name)
    each.loglog(students, [point["ms a student"] for point in points], marker="o", label="ms a student, start included")
    further = [(point["students"], point["ms a further student"]) for point in points[1:]]
    each.loglog(*zip(*further, strict=True), marker="s", label="ms a further student") if further else None
    for axes in (totals, each):
        axes.set(xlabel="students")
        axes.grid(which="major", alpha=0.3)
        axes.legend()
    plt.savefig(path, dpi=120)
    plt.close()


def phases(seconds: dict[str, float], students: int, path: Path) -> None:
    """Where the time of a run goes: one bar, its parts in milliseconds a student."""
    _, axes = plt.subplots(figsize=(9, 2.2), layout="constrained")
    left = 0.0
    for name, part in sorted(seconds.items(), key=lambda one: -one[1]):
        width = part / students * 1e3
        axes.barh(0, width, left=left, label=f"{name}, {width:.1f} ms")
        left += width
    axes.set(xlabel="milliseconds a student", yticks=[], xlim=(0, left))
    axes.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    plt.savefig(path, dpi=120)
    plt.close()
