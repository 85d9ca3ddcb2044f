"""The pictures in the notebooks, drawn with matplotlib.

Each function draws one figure and describes it in a sentence, which is the picture's alt text and is printed below it.
Colours are safe for colour-blind readers, scales are fixed, and backgrounds are white, on a dark theme too.
"""

from __future__ import annotations

import base64
import contextlib
import html
import io
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

COLOURS = ("#00224e", "#d55e00", "#009e73", "#cc79a7")
LINES = ("-", "--", ":", "-.")
Numbers = Any  # an array or a list of numbers


@contextlib.contextmanager
def once_written() -> Iterator[None]:
    """Print a sentence instead of an error if an answer that the code needs is still a stub or returns nothing."""
    try:
        yield
    except NotImplementedError:
        print("Not yet: an answer above is still empty. Write it, run its cell, then run this one again.")
    except TypeError as error:
        if "NoneType" not in str(error):
            raise
        print("Not yet: an answer above returns nothing (None). Does it end with `return`?")


def heat(weights: Numbers, queries: Sequence[str], keys: Sequence[str], title: str) -> None:
    """Draw attention weights, shape (n_q, n_k), as a heat map on a scale from 0 to 1; queries are rows."""
    weights = np.asarray(weights, dtype=float)
    figure, axes = _grid(weights, queries, keys, title, cmap="cividis", low=0.0, high=1.0)
    axes.set_ylabel("query")
    axes.set_xlabel("key")
    rows = [f'"{query}" {_describe_weights(row, keys)}' for query, row in zip(queries, weights, strict=True)]
    _show(figure, f"{title}. {'; '.join(rows)}.")


def grid(scores: Numbers, queries: Sequence[str], keys: Sequence[str], title: str) -> None:
    """Draw signed scores, shape (n_q, n_k), on a scale centred at 0: orange is below, purple above."""
    scores = np.asarray(scores, dtype=float)
    largest = float(np.abs(scores).max()) or 1.0
    figure, axes = _grid(scores, queries, keys, title, cmap="PuOr", low=-largest, high=largest)
    axes.set_ylabel("query")
    axes.set_xlabel("key")
    rows = [
        f'"{query}" scores highest with "{keys[int(row.argmax())]}" ({row.max():.2f}) and lowest with '
        f'"{keys[int(row.argmin())]}" ({row.min():.2f})'
        for query, row in zip(queries, scores, strict=True)
    ]
    _show(figure, f"{title}. {'; '.join(rows)}.")


def allowed(mask: Numbers, queries: Sequence[str], keys: Sequence[str], title: str) -> None:
    """Draw a boolean mask, shape (n_q, n_k): 1 where the query may attend to the key, otherwise 0."""
    mask = np.asarray(mask, dtype=float)
    figure, axes = _grid(mask, queries, keys, title, cmap="cividis", low=0.0, high=1.0, number="{:.0f}")
    axes.set_ylabel("query")
    axes.set_xlabel("key")
    rows = zip(queries, mask, strict=True)
    counts = [f'"{query}" may attend to {row.sum():.0f} of {len(keys)}' for query, row in rows]
    _show(figure, f"{title}. {'; '.join(counts)}.")


def bars(groups: Mapping[str, Numbers], names: Sequence[str], title: str) -> None:
    """Draw a group of bars for each entry of ``groups``, one bar for each name, on a scale from 0 to 1."""
    figure = Figure(figsize=(8.0, 3.2), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    bar_width = 0.8 / len(names)
    for j, name in enumerate(names):
        heights = [float(weights[j]) for weights in groups.values()]
        positions = np.arange(len(groups)) + j * bar_width
        drawn_bars = axes.bar(positions, heights, bar_width, label=name, color=COLOURS[j], edgecolor="white")
        axes.bar_label(drawn_bars, fmt="%.2f", fontsize=8)
    axes.set_xticks(np.arange(len(groups)) + bar_width * (len(names) - 1) / 2, list(groups))
    axes.set_ylim(0, 1.08)
    axes.set_ylabel("weight")
    axes.set_title(title)
    axes.legend(frameon=False, ncols=len(names), loc="upper center", fontsize=9)
    descriptions = [f"{label}: {_list_weights(weights, names)}" for label, weights in groups.items()]
    _show(figure, f"{title}. {'; '.join(descriptions)}.")


def curves(x: Numbers, lines: Mapping[str, Numbers], across: str, up: str, title: str) -> None:
    """Draw lines over ``x`` on a logarithmic axis; the vertical scale runs from 0 to 1."""
    figure = Figure(figsize=(6.4, 3.2), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    for i, (label, y) in enumerate(lines.items()):
        axes.plot(x, y, LINES[i % 4], color=COLOURS[i % 4], marker="o", label=label)
    axes.set_xscale("log", base=2)
    axes.set_xticks(list(x), [f"{value:g}" for value in x])
    axes.set_ylim(0, 1.05)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_title(title)
    axes.legend(frameon=False)
    ends = [f"{label} goes from {y[0]:.2f} to {y[-1]:.2f}" for label, y in lines.items()]
    _show(figure, f"{title}. From {across} {x[0]:g} to {x[-1]:g}, {'; '.join(ends)}.")


def arrows(vectors: Mapping[str, Numbers], across: str, up: str, title: str) -> None:
    """Draw the first two components of vectors, called ``across`` and ``up``, as arrows from the origin."""
    figure = Figure(figsize=(5.2, 4.4), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    tips = {label: np.asarray(vector, dtype=float)[:2] for label, vector in vectors.items()}
    limit = 1.4 * max(1.0, *(float(np.abs(tip).max()) for tip in tips.values()))
    angles = []
    for i, (label, (x, y)) in enumerate(tips.items()):
        style = {"arrowstyle": "-|>", "color": COLOURS[i % 4], "linestyle": LINES[i % 4], "lw": 2.2}
        axes.annotate("", xy=(x, y), xytext=(0, 0), arrowprops=style)
        axes.annotate(label, (x, y), xytext=(5, 5), textcoords="offset points", color=COLOURS[i % 4])
        angles.append(f"{label}: {np.degrees(np.arctan2(y, x)):.1f}°")
    low = -limit if any(float(tip.min()) < 0 for tip in tips.values()) else 0.0
    axes.set_xlim(low, limit)
    axes.set_ylim(low, limit)
    axes.set_aspect("equal")
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_title(title)
    _show(figure, f"{title}. {'; '.join(angles)}, where 0° is all {across} and 90° is all {up}.")


def _grid(
    numbers: Any,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    *,
    cmap: str,
    low: float,
    high: float,
    number: str = "{:.2f}",
) -> tuple[Figure, Axes]:
    """Draw a coloured grid with its number in each cell, dark on light and light on dark."""
    figure = Figure(figsize=(1.4 + 0.8 * len(columns), 1.4 + 0.5 * len(rows)), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(numbers, cmap=cmap, vmin=low, vmax=high, aspect="auto")
    for i, j in np.ndindex(numbers.shape):
        red, green, blue, _ = image.cmap(image.norm(numbers[i, j]))
        light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
        axes.text(j, i, number.format(numbers[i, j]), ha="center", va="center", color="black" if light else "white")
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_title(title)
    return figure, axes


def _describe_weights(row: Any, keys: Sequence[str]) -> str:
    """Describe a row of weights in words."""
    positive = row[row > 0]
    if not len(positive):
        return "attends to nobody"
    if len(positive) > 1 and np.ptp(positive) < 5e-3:
        return f"spreads evenly over {len(positive)} ({row.max():.2f} each)"
    return f'gives most to "{keys[int(row.argmax())]}" ({row.max():.2f})'


def _list_weights(weights: Numbers, names: Sequence[str]) -> str:
    return ", ".join(f"{name} {float(weight):.2f}" for name, weight in zip(names, weights, strict=True))


def _show(figure: Figure, sentence: str) -> None:
    """Show the figure with ``sentence`` as its alt text, and the same sentence as text below it."""
    # Plain Python cannot show pictures.
    if not (sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()):
        print(textwrap.fill(sentence, 90))
        return
    display = sys.modules["IPython"].display.display
    picture = io.BytesIO()
    # Faster than savefig, which draws the whole figure twice.
    figure.set_dpi(100)
    FigureCanvasAgg(figure).print_png(picture)  # type: ignore[no-untyped-call]
    bundle = {"image/png": base64.b64encode(picture.getvalue()).decode(), "text/plain": "<picture>"}
    display(bundle, raw=True, metadata={"image/png": {"alt": sentence}})
    # As HTML, because plain text would not be wrapped.
    display({"text/html": f"<p>{html.escape(sentence)}</p>", "text/plain": sentence}, raw=True)
