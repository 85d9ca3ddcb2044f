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


def phases(ways: dict[str, dict[str, float]], path: Path) -> None:
    """Where the time of a student goes: the ways on one scale, and the last one enlarged."""
    names = [name for name in next(iter(ways.values())) if name != "ms a student"]
    last = list(ways)[-1]
    figure, (both, large) = plt.subplots(2, 1, figsize=(9, 4.2), layout="constrained", height_ratios=(2, 1))
    for axes, some in ((both, list(ways)[::-1]), (large, [last])):
        left = [0.0] * len(some)
        for name in names:
            widths = [ways[way][name] for way in some]
            bars = axes.barh(some, widths, left=left, label=name)
            if axes is large:
                axes.bar_label(bars, [f"{width:.1f}" if width > 0.5 else "" for width in widths], label_type="center")
            left = [a + b for a, b in zip(left, widths, strict=True)]
        axes.bar_label(bars, [f" {total:.0f} ms" for total in left])
        axes.set(xlim=(0, 1.12 * max(left)), yticks=[])
        for row, way in enumerate(some):
            axes.annotate(way, (0, row + 0.42), va="bottom")
        axes.spines[["top", "right", "left"]].set_visible(False)
    both.margins(y=0.2)
    large.margins(y=0.4)
    large.set(xlabel="milliseconds a student, one core")
    figure.legend(*both.get_legend_handles_labels(), ncols=len(names), loc="outside upper center", frameon=False)
    plt.savefig(path, dpi=120)
    plt.close()
