"""The pictures in the notebooks: each is described in a sentence, which plain Python prints instead."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.student_files import plots

Output = pytest.CaptureFixture[str]


def printed(capsys: Output) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_weights_are_described_by_their_largest(capsys: Output) -> None:
    plots.heat([[0.9, 0.1], [0.5, 0.5], [0, 0]], ["it", "is", "a"], ["cat", "dog"], "Weights")
    text = printed(capsys)
    assert text.startswith('Weights. "it" gives most to "cat" (0.90); "is" spreads evenly over 2 (0.50 each);')
    assert text.endswith('"a" attends to nobody.')


def test_signed_scores_are_described_by_both_ends(capsys: Output) -> None:
    plots.grid([[1.0, -2.0]], ["it"], ["cat", "dog"], "Scores")
    assert printed(capsys) == 'Scores. "it" scores highest with "cat" (1.00) and lowest with "dog" (-2.00).'
    plots.grid([[0.0, 0.0]], ["it"], ["cat", "dog"], "Zeros")
    assert "(0.00)" in printed(capsys)


def test_a_mask_is_described_by_how_many_keys_it_allows(capsys: Output) -> None:
    plots.allowed(np.tri(2, dtype=bool), ["it", "is"], ["cat", "dog"], "Mask")
    assert printed(capsys) == 'Mask. "it" may attend to 1 of 2; "is" may attend to 2 of 2.'


def test_bars_curves_and_arrows_are_described_by_their_numbers(capsys: Output) -> None:
    plots.bars({"scaled": [0.25, 0.75]}, ["cat", "dog"], "Bars")
    assert printed(capsys) == "Bars. scaled: cat 0.25, dog 0.75."
    plots.curves([2, 8], {"raw": [0.5, 1.0]}, "d_k", "largest weight", "Curves")
    assert printed(capsys) == "Curves. From d_k 2 to 8, raw goes from 0.50 to 1.00."
    plots.arrows({"cat": [1, 0], "dog": [0, 2, 9]}, "x", "y", "Arrows")
    assert printed(capsys) == "Arrows. cat: 0.0°; dog: 90.0°, where 0° is all x and 90° is all y."


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotImplementedError(), "an answer above is still empty"),
        (TypeError("'NoneType' object is not subscriptable"), "an answer above returns nothing (None)"),
    ],
)
def test_a_picture_of_an_answer_that_is_not_written_is_a_sentence(
    error: Exception, sentence: str, capsys: Output
) -> None:
    with plots.once_written():
        raise error
    assert sentence in printed(capsys)


def test_any_other_error_in_a_picture_is_shown() -> None:
    with pytest.raises(TypeError, match="must be real"), plots.once_written():
        raise TypeError("must be real number")
