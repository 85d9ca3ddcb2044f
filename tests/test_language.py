"""The project is written in plain, modern English: each word that slows a reader has a replacement here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NEWLINE = "\n"
ROOT = Path(__file__).parents[1]

# A pattern for words in a row, and what to write instead. Spaces also stand for line breaks, underscores and hyphens.
BANNED = {
    "mend(s|ed|ing)?": "fix",
    "cur(e|es|ed|ing)": "fix, solve",
    "but for": "except, apart from, without",
    "save for": "except",
    "for want of": "because … is missing",
    "is to be had|are to be had|be had": "is available",
    "of (its|their|his|her|our|my) own": "its own, a separate",
    "by hand|hand( |-)graded": "manually, step by step",
    "for ever": "forever",
    "hand(s|ed|ing)? in": "submit",
    "whom": "a sentence with who, or with the noun",
    "(is|are|was|were|be|been)( not| both| only)? told": "is reported, gets, is given",
    "ha(s|ve|d) to look": "needs review",
    "our side": "the grader",
    "in force": "in effect, effective",
    "upon": "on",
    "anew": "again, from scratch",
    "ought": "should",
    "shall": "must, will",
    "lest": "so that … not",
    "n[ao]ught": "nothing, zero",
    "whence|hence(forth)?|hither(to)?|thither|whither|thence": "from where, so, until now",
    "(there|where|here)(of|in|by|upon|with)": "of it, in which, by which, with it",
    "amongst|whilst|unto|forthwith|albeit": "among, while, to, immediately, although",
    # Metaphors that once were names.
    "cards?": "exercise, definition",
    "desks?": "grader",
    "keepers?": "writer",
    "crews?": "pool, workers",
    "zygotes?": "fork server",
    "office hours?": "report, explanation",
    "text masters?": "lesson sources",
    "the house( s)?": "the project's",
}
PATTERNS = {re.compile(rf"\b({words})\b".replace(" ", r"[\s#*>|]+"), re.I): plain for words, plain in BANNED.items()}

# Where a banned word is the right one, and why.
ALLOWED = {
    r"attention,\s+built by hand": "the title of the course",
    r"var\(--card\)|--card: #": "the usual word for a box in the design of a page",
}

# Text that is not ours to word, or that is made from text that is checked here.
FOLDERS = ("autograder", "benchmarks", "docs", "tests", ".ci")
TEXT = {".py", ".md", ".yml", ".tpl", ".j2", ".css", ".ini", ".toml", ".txt", ".cff", ""}
NOT_OURS = {
    "LICENSE": "the licence's words",
    "tests/data": "recorded submissions and files of others",
    "tests/test_language.py": "the list itself",
}


def ours(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return (
        path.is_file() and path.suffix in TEXT and not any(name == no or name.startswith(f"{no}/") for no in NOT_OURS)
    )


FILES = sorted(
    path
    for path in [*ROOT.glob("*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    if ours(path)
)


def spaced(text: str) -> str:
    """The text with the words of names apart: `test_by_hand` and `ScoreKeeper` become words with spaces between."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.replace("_", " ").replace("'", " "))


def complaints(text: str) -> list[str]:
    """Each banned word as `LINE: "word", write: replacement`."""
    for context in ALLOWED:
        text = re.sub(context, lambda match: "\n" * match[0].count("\n"), text, flags=re.I)
    text = spaced(text)
    hits = [(match, plain) for pattern, plain in PATTERNS.items() for match in pattern.finditer(text)]
    return [
        f'{text.count(NEWLINE, 0, match.start()) + 1}: "{" ".join(match[0].split())}", write: {plain}'
        for match, plain in sorted(hits, key=lambda hit: hit[0].start())
    ]


def test_no_file_uses_a_banned_word() -> None:
    found = [f"{path.relative_to(ROOT)}:{hit}" for path in FILES for hit in complaints(path.read_text("utf-8"))]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\nMend that cell.", ['2: "Mend", write: fix']),
        ("# a class of\n# its own", ['1: "of # its own", write: its own, a separate']),
        ("def test_a_mark_by_hand", ['1: "by hand", write: manually, step by step']),
        ("class ResultKeeper", ['1: "Keeper", write: writer']),
        ("# Attention, built by hand", []),
        ("discard, secure, thought", []),
    ],
)
def test_a_banned_word_is_found_in_names_and_across_lines(text: str, expected: list[str]) -> None:
    assert complaints(text) == expected


def test_every_exception_is_still_needed() -> None:
    everything = "\n".join(path.read_text("utf-8") for path in FILES)
    assert [context for context in ALLOWED if not re.search(context, everything, re.I)] == []
