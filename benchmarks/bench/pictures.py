"""What the figures look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt


def draw_sizes(points: list[dict[str, Any]], path: Path) -> None:
    """What a class costs against its size: in all, for each further student, and in memory and on the disk."""
    _, (total, each, held) = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
    students = [point["students"] for point in points]
    total.loglog(students, [point["seconds"] for point in points], marker="o")
    total.set(ylabel="seconds in all")
    each.semilogx(students[1:], [point["ms a further student"] for point in points[1:]], marker="o")
    each.set(ylabel="ms a further student", xlim=total.get_xlim())
    for name, label in (("peak MB", "all processes"), ("gradebook MB", "gradebook")):
        held.semilogx(students, [point[name] for point in points], marker="o", label=label)
    held.set(ylabel="MB")
    held.legend(loc="center left")
    for axes in (total, each, held):
        axes.set(xlabel="students")
        axes.grid(alpha=0.3)
    for axes in (each, held):
        axes.set_ylim(0, 1.2 * axes.get_ylim()[1])
    plt.savefig(path, dpi=120)
    plt.close()


def draw_phases(ways: dict[str, dict[str, float]], path: Path) -> None:
    """Where the time of a student goes: the ways on one scale, and the last one enlarged."""
    names = [name for name in next(iter(ways.values())) if name != "ms a student"]
    last = list(ways)[-1]
    figure, (both, large) = plt.subplots(2, 1, figsize=(9, 4.2), layout="constrained", height_ratios=(2, 1))
    for axes, shown in ((both, list(ways)[::-1]), (large, [last])):
        left = [0.0] * len(shown)
        for name in names:
            widths = [ways[way][name] for way in shown]
            bars = axes.barh(shown, widths, left=left, label=name)
            if axes is large:
                axes.bar_label(bars, [f"{width:.1f}" if width > 0.5 else "" for width in widths], label_type="center")
            left = [a + b for a, b in zip(left, widths, strict=True)]
        axes.bar_label(bars, [f" {total:.0f} ms" for total in left])
        axes.set(xlim=(0, 1.12 * max(left)), yticks=[])
        for row, way in enumerate(shown):
            axes.annotate(way, (0, row + 0.42), va="bottom")
        axes.spines[["top", "right", "left"]].set_visible(False)
    both.margins(y=0.2)
    large.margins(y=0.4)
    large.set(xlabel="milliseconds a student, one core")
    figure.legend(*both.get_legend_handles_labels(), ncols=len(names), loc="outside upper center", frameon=False)
    plt.savefig(path, dpi=120)
    plt.close()
