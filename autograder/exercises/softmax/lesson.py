# ---
# jupyter:
#   autograder:
#     assignment: 3-softmax
# ---

# %% [markdown]
r"""
# Softmax: from scores to weights

**Goal.** Write `softmax(scores, axis=-1)`, which turns scores into weights, and know what it can never do.

**Time.** About 30 minutes.

The formula so far:

$$\frac{Q K^\top}{\sqrt{d_k}}$$

Today it gets its middle:

$$\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right)$$
"""

# %% [markdown]
"""
## Recall

1. `attention_scores(Q, K)` gives a matrix. What does row 2, column 0 of it hold?
2. Why are scores divided by √d_k before they come here?

<details><summary>Answers, after you have said yours</summary>

1. The score of query 2 with key 0: how well that query fits that key.
2. The spread of a score grows like √d_k. Without the division one key takes nearly everything, and little is left to
   learn from.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import bars, heat, once_written  # plots.py lies beside this notebook

# %% [markdown]
"""
## A puzzle before the concept

A word has three scores, one for each neighbour. It wants to mix what the three have to say, so it needs **weights**:
numbers that are not negative and that add up to 1. A higher score must mean a higher weight.

You have the scores of the word "bank" from notebook 1: deposit 0.55, park −0.48, salary 0.80.

**Invent a rule before you read on.** The cell after next tries your rule on four rows of scores. Change the line after
`return` as often as you like. Five minutes without success are five minutes well spent.
"""


# %% tags=["illustration"]
def my_weights(scores):
    return scores / scores.sum()  # a first idea; change it


# %% tags=["illustration"]
rows = {"bank": [0.55, -0.48, 0.8], "all low": [-3, -2, -1]}
rows |= {"balanced": [-1, 0, 1], "all alike": [2, 2, 2]}
for name, row in rows.items():
    scores = np.array(row, dtype=float)
    with np.errstate(all="ignore"):
        weights = my_weights(scores)
    faults = []
    if not (weights >= 0).all():
        faults.append("some weight is negative, or not a number")
    if not np.isclose(weights.sum(), 1):
        faults.append("they do not add up to 1")
    if (np.diff(weights[np.argsort(scores)]) < 0).any():
        faults.append("a higher score got a lower weight")
    print(f"{name:9}", np.round(weights, 3), "; ".join(faults) or "all three hold")

# %% [markdown]
"""
<details><summary>What usually comes up, and where it breaks</summary>

- **Divide by the sum.** Breaks when scores are negative, and divides by 0 when they add up to 0.
- **Absolute values or squares first.** Positive, but the order is lost: −0.48 would beat 0.3.
- **Cut negative scores to 0.** "All low" has nothing left to divide.
- **Subtract the smallest score.** Better! But the lowest always gets exactly 0, and equal scores divide 0 by 0.

You need a function that is always positive and always rising. There is a famous one.

</details>
"""

# %% [markdown]
"""
## The rule: exp, then share

`exp` makes any number positive, and a larger number stays larger. So:

1. take `exp` of every score;
2. divide each by the sum of them all.

This rule is **softmax**. Here it is as a loop, on scores small enough to check in your head: exp(0) is 1, and exp(1)
is about 2.718.
"""

# %%
scores = [0.0, 1.0]
powers = [np.exp(score) for score in scores]
total = sum(powers)
for score, power in zip(scores, powers, strict=True):
    share = f"{power:.3f} / {total:.3f} = {power / total:.3f}"
    print(f"score {score}: exp is {power:.3f}, weight is {share}")

# %% [markdown]
"""
The weights are 0.269 and 0.731. A score that is higher by 1 always means a weight that is e ≈ 2.718 times as large,
wherever the two scores lie: softmax looks at **differences** only.

Remember that. It saves you twice more today.
"""

# %% [markdown]
"""
## Check the lesson

The lesson that this course grew from draws "bank" with three neighbours and writes weights beside them: 0.7 for
deposit, 0.1 for park and 0.2 for salary. In notebook 1 you computed the scores from the same drawing, and d_k is 3.

**Predict, in writing:** will softmax of the scaled scores give those weights? If not, will only the sizes be wrong, or
the order too?
"""

# %% [markdown]
"""
**My prediction** (double-click here and write): …
"""

# %%
names = ["deposit", "park", "salary"]
bank_scores = np.array([0.55, -0.48, 0.80])
for label, row in (("scaled", bank_scores / np.sqrt(3)), ("unscaled", bank_scores)):
    weights = np.exp(row) / np.exp(row).sum()
    print(f"{label:8}", dict(zip(names, np.round(weights, 3).tolist(), strict=True)))

# %% [markdown]
"""
The true weights are 0.369, 0.204 and 0.427. The drawing has it the other way round: it gives deposit more than salary,
although salary's score is the higher one.

Could the drawing be right for another scaling? Divide the scores by a number T before softmax. T is called the
**temperature**: small T makes weights sharp, large T makes them flat.

**Predict again:** is there a T at which deposit gets more than salary?
"""

# %% tags=["illustration"]
sweep = {}
for temperature in (0.1, 0.5, 1.0, 3**0.5, 10.0):
    powers = np.exp(bank_scores / temperature)
    sweep[f"T = {temperature:.3g}"] = powers / powers.sum()
sweep["the drawing"] = [0.7, 0.1, 0.2]
bars(sweep, names, "Weights of bank at five temperatures")

# %% [markdown]
"""
No temperature does it. Dividing by a positive T keeps the order of the scores, exp keeps it, and sharing keeps it: **the
key with the highest score has the highest weight, always.** The drawing's numbers cannot come from its own vectors.
Another *query* could give them. With the keys of notebook 1, one that does is about [0.857, 1.255, −3.752]; try it there
if you like.

And one more thing to see: park's score is negative, yet its weight is 0.204. exp is never 0, so every key gets
something.

> **Watch out.** "Low score" does not mean "ignored". A fifth of what "bank" takes in comes from "park".
"""

# %% [markdown]
"""
## One row for each query

Scores come as a matrix: a row for each query, a column for each key. Each query shares out its own total of 1, so
**each row sums to 1**, and columns need not.

Fill the gap: the weights of one row, by the two steps of the rule. The cell after it calls your function row by row.
"""


# %% answer="gap-row" tags=["illustration"]
def weights_of_row(row):
    """The weights of one vector of scores, of the same length."""
    ### BEGIN SOLUTION
    powers = np.exp(row)
    return powers / powers.sum()
    ### END SOLUTION


# %% tags=["illustration"]
with once_written():
    two_rows = np.array([[1.0, 2.0, 4.0], [0.5, 0.0, -1.0]])
    weights = np.array([weights_of_row(row) for row in two_rows])
    print(np.round(weights, 3))
    print("rows sum to", weights.sum(axis=1))
    print("columns sum to", np.round(weights.sum(axis=0), 3))

# %% [markdown]
"""
## All rows at once

`axis` names the axis that a sum runs over. In a matrix `axis=1` (or `axis=-1`, the last one) adds up each row.

The sum of each row then has shape (2,), and numpy cannot line that up with a (2, 3) matrix. `keepdims=True` keeps the
summed axis as an axis of length 1: shape (2, 1), which stretches over the columns.
"""

# %%
powers = np.exp(np.array([[1.0, 2.0, 4.0], [0.5, 0.0, -1.0]]))
of_rows = powers.sum(axis=-1, keepdims=True)
of_columns = powers.sum(axis=0, keepdims=True)
print("without keepdims:", powers.sum(axis=-1).shape, " with:", of_rows.shape)
print("over the last axis, rows sum to 1:\n", np.round(powers / of_rows, 3))
print("over the first axis, columns do:\n", np.round(powers / of_columns, 3))

# %% [markdown]
"""
> **Watch out.** With the wrong axis nothing fails. The shape is right, the numbers look like weights, and every query
> has the wrong ones. Add up a row: that is the quickest test there is.
"""

# %% [markdown]
"""
## When exp is too large

**Predict:** the scores are 1000 and 999. What are the weights? (Softmax looks at differences only.) What will your
computer say?
"""

# %%
large = np.array([1000.0, 999.0])
with np.errstate(all="ignore"):  # numpy would warn: here the warning is the point
    powers = np.exp(large)
    print("exp gives", powers, "so the weights are", powers / powers.sum())
shifted = large - large.max()
powers = np.exp(shifted)
weights = np.round(powers / powers.sum(), 3)
print("shifted, exp gives", np.round(powers, 3), "so the weights are", weights)

# %% [markdown]
"""
A 64-bit float ends near 1.8e308, and exp(710) is already beyond it: that is **overflow**. The result is inf, and inf
divided by inf is nan, "not a number".

The remedy costs one line. Only differences matter, so subtract the row's maximum from the row: its largest score becomes
0, and exp is never more than 1.

This is the second remedy of notebook 2. The first, dividing by √d_k, does nothing here: even scaled scores can be large.
"""

# %% [markdown]
"""
> **Watch out.** Each row needs its **own** maximum. Take one maximum for the whole matrix, and a row that lies 2,000
> below it becomes exp(−2000), which is 0 in floats, everywhere. Then the row divides 0 by 0.

At the far end, a float cannot hold what is too small: exp(−746) is exactly 0. So a weight *can* be 0 on a computer,
where scores lie far enough apart. In exact arithmetic it never is.
"""

# %% [markdown]
"""
## What your function must keep

The check, and later the grading, ask for this list and for nothing outside it. About the numbers:

- The weights are not negative, and they sum to 1 along `axis`.
- `axis` may be any axis, counted from the front (0, 1, …) or from the back (−1, −2, …). Left out, it is the last.
- `scores` may be one vector, a matrix, or a stack of matrices with 3 or 4 axes. Any length may be 1.
- Scores up to ±100,000 work, also when rows lie far apart: no inf, no nan.
"""

# %% [markdown]
"""
About the arrays:

- Whole numbers give the same weights as the same numbers written as floats. Nine digits have to be right.
- `scores` itself stays as it was. It may be read-only, or a slice of a larger array.
- You return a plain numpy array of numbers: no list, no matrix.
- The numbers differ from student to student, so a remembered answer helps nobody.
"""

# %% [markdown]
"""
<details><summary>Hint 1: a question</summary>

Which three things happen to a row of scores, in which order? One of them protects the next.

</details>

<details><summary>Hint 2: a direction</summary>

Two of the three need to know the axis. Both have a `keepdims`.

</details>

<details><summary>Hint 3: nearly there</summary>

Give each step a name: `shifted`, `powers`, and the result. `np.max(scores, axis=…, keepdims=…)` belongs to the first.

</details>
"""

# %% [markdown]
"""
## Write it
"""


# %% answer="softmax"
def softmax(scores, axis=-1):
    """Weights of the same shape as `scores`, summing to 1 along `axis`."""
    ### BEGIN SOLUTION
    # The shift comes first: it keeps exp at 1 or below. Each row has its own maximum.
    # A new array for each step: `scores -= ...` would change the caller's numbers.
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=axis, keepdims=True)
    ### END SOLUTION


# %% check="softmax"
check(softmax)

# %% [markdown]
"""
## Look at it

The scores of "bank" once more, now with your function. Below them are a query to which all keys are alike ("no view"),
and one whose scores are ten times those of "bank". Each row has its own total of 1.
"""

# %% tags=["illustration"]
with once_written():
    three = np.array([bank_scores, [0.0, 0.0, 0.0], 10 * bank_scores]) / np.sqrt(3)
    heat(softmax(three), ["bank", "no view", "10 x bank"], names, "Your weights")

# %% [markdown]
"""
## Break it on purpose

Copy your function into the scratch cell, break it there, and add a line that checks the copy. One at a time:

1. leave out the shift;
2. take one maximum for all rows;
3. leave out one `keepdims`;
4. write `axis=0` where `axis=axis` stood.

**Predict** each time: on which inputs does it still agree with the right one? Then read what the check says. Could you
have fixed it from that answer alone? At the end, run your own answer again, so that the name holds the right function.
"""

# %% tags=["illustration"]
# Scratch: copy your function here, break it, and check the copy.
# Nobody grades this cell.

# %% [markdown]
"""
<details><summary>What goes wrong in each</summary>

1. Nothing, while scores are small. From about 710 on, inf and then nan.
2. Nothing, while rows lie close together. A row far below the maximum becomes 0 divided by 0.
3. Often an error, because the shapes do not line up. With as many rows as columns there is none: numbers meet
   the maximum or the sum of another row.
4. Nothing, as long as nobody reads the sums: columns add up to 1 instead of rows.

</details>
"""

# %% [markdown] question="why"
"""
## One question

Add 5 to every score of one row. What happens to that row's weights, and why? Then: what happens when you *multiply*
every score by 5? Answer in two sentences.
"""

# %% [markdown] reply="why"
"""
Adding 5 changes nothing, because all differences stay, and the factor exp(5) cancels between top and bottom.
Multiplying by 5 is a temperature of one fifth: differences grow, the weights get sharper, and the order stays.
"""

# %% [markdown]
r"""
## What you have now

- Softmax is exp, then share; it keeps the order and sees differences only.
- Rows sum to 1: one total for each query.
- The shift by the row's own maximum prevents overflow.
- You checked a drawing with its own numbers, and it was wrong.

$$\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right)$$

Weights are shares of *something*. Next you get what they share out: the values.

**Next:** [4 · Weighted sums](../4-weighted-sum/4-weighted-sum.ipynb)
"""
