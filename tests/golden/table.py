"""Print the golden submissions as a table in Markdown: ``python -m tests.golden.table``.

It shows what the folders expect; ``test_golden.py`` compares that with what both commands do.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.kinds import ASSIGNMENTS, Kind, kinds


def rows() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| kind | what was submitted | status | score | who is asked | what the student reads |"
    yield "|---|---|---|---|---|---|"
    for assignment in ASSIGNMENTS:
        for kind in kinds(assignment):
            yield f"| {' | '.join(_columns(kind))} |"


def _columns(kind: Kind) -> list[str]:
    expected = kind.expected
    score = "NULL" if expected.score is None else f"{expected.score:g}"
    asked = "the instructor" if expected.asked else "nobody"
    words = "; ".join(f"“… {text} …”" for text in (expected.message, expected.note) if text)
    columns = [f"{kind.assignment}/{kind.name}", kind.what, expected.status, score, asked, words]
    return [column.replace("|", "\\|") for column in columns]


if __name__ == "__main__":
    print("\n".join(rows()))
