# ---
# jupyter:
#   autograder:
#     assignment: 2-scaling
# ---

# %% [markdown]
r"""
# Scaling: why there is a square root

**Goal.** Write `scale_scores(scores, d_k)`, and say what the division fixes, and what it does not.

**Time.** About 15 minutes.

The formula so far:

$$Q K^\top$$

Today it gets a denominator:

$$\frac{Q K^\top}{\sqrt{d_k}}$$
"""

# %% [markdown]
"""
## Recall

1. Q has shape (5, 64), K has shape (7, 64). What shape do the scores have, and what is d_k?
2. Why is `Q * K` not the matrix of scores?

<details><summary>Answers, after you have said yours</summary>

1. (5, 7): a row for each query, a column for each key. d_k is 64, the number of components of a key.
2. It multiplies at equal places only, so most queries and keys never meet; and nothing is added up.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import curves, once_written  # plots.py lies beside this notebook

# %% [markdown]
"""
## The question of the day

A score adds up d_k products. Draw the components of queries and keys at random, around 0, with a spread of 1. Some
products are positive, some negative, so much cancels.

**Predict, in writing:** with d_k = 64, how far from 0 does a score typically lie? About 1, about 8, or about 64?

Spread means standard deviation here: `np.std`.
"""

# %% [markdown]
"""
**My prediction** (double-click here and write): …
"""

# %% [markdown]
"""
Fill the gap. `queries` and `keys` have shape (4000, d_k); query 0 meets key 0, query 1 meets key 1, and so on. Return the
spread of the 4,000 scores, one number.

<details><summary>Stuck?</summary>

Here each query meets one key only, its own. So `*` is right for once: add its products up along the last axis, and take
the spread of the sums.

</details>
"""


# %% answer="gap-spread" tags=["illustration"]
def spread_of_scores(queries, keys):
    """The standard deviation of the scores of query i with key i."""
    ### BEGIN SOLUTION
    return np.std((queries * keys).sum(axis=-1))
    ### END SOLUTION


# %% tags=["illustration"]
rng = np.random.default_rng(1)
with once_written():
    for d_k in (4, 64, 1024):
        queries, keys = rng.normal(size=(4000, d_k)), rng.normal(size=(4000, d_k))
        spread = spread_of_scores(queries, keys)
        print(f"d_k = {d_k:4}: the scores have a spread of {spread:.1f}")

# %% [markdown]
r"""
About 2, 8 and 32: the square roots of 4, 64 and 1024.

The reason fits in three lines:

- The **variance** is the spread squared, and one product of two such components has a variance of 1.
- Variances of independent numbers add up, so a sum of d_k products has variance d_k.
- Its spread is the root of that: √d_k.

Divide by √d_k, and the spread is 1 again, whatever d_k is.
"""

# %% [markdown]
"""
## What is so bad about large scores?

Soon the scores become **weights**, numbers that are not negative and add up to 1: each score gets its `exp`, divided by
the sum of all of them. Notebook 3 says why; today it is lent to you.

Eight keys compete for the attention of one query. If they were all alike, each would get 1/8, which is 0.125.

**Predict:** with d_k = 1024 and no scaling, how much does the best of the eight get, on average? And with scaling?
"""


# %% tags=["illustration"]
def best_weight(scores):  # the largest of the 8 weights, on average over the queries
    return (np.exp(scores.max(axis=1)) / np.exp(scores).sum(axis=1)).mean()


rng = np.random.default_rng(2)
sizes = (4, 16, 64, 256, 1024)
of_best, of_best_scaled = [], []
for d_k in sizes:
    queries, keys = rng.normal(size=(1000, 1, d_k)), rng.normal(size=(1000, 8, d_k))
    scores = (queries * keys).sum(axis=-1)
    of_best.append(best_weight(scores))
    of_best_scaled.append(best_weight(scores / d_k**0.5))
    two = f"{of_best[-1]:.2f} raw, {of_best_scaled[-1]:.2f} scaled"
    print(f"d_k = {d_k:4}: the best key gets {two}")

# %% tags=["illustration"]
both = {"raw": of_best, "scaled": of_best_scaled}
curves(sizes, both, "d_k", "weight of the best of 8 keys", "Saturation")

# %% [markdown]
"""
Without scaling the best key takes almost everything, 0.97 of it at d_k = 1024, and only because the vectors have many
components. This is **saturation**: the weights are stuck near 0 and 1. With scaling it stays near 0.36.

Why mind? A model learns from small nudges: it moves a score a little and watches what changes. When its own score is
nudged, a weight w moves by w(1 − w) times the nudge.

**Predict:** for which w is that largest? What is left of it at 0.97?
"""

# %% tags=["illustration"]
for w in (0.5, 0.36, 0.97, 0.999):
    print(f"w = {w}: moves by {w * (1 - w):.3f} times the nudge")

# %% [markdown]
"""
At 0.97 barely a tenth of the best case is left, and at 0.999 nearly nothing: a saturated query hardly learns. That is
the reason that the authors of the formula give
([Vaswani and others, 2017](https://arxiv.org/abs/1706.03762), footnote 4).
"""

# %% [markdown]
"""
## What scaling does not fix

You will read that √d_k is there "for numerical stability". Test that. Here are two large scores, with d_k = 64.

**Predict:** 8000 / √64 = 1000. Can your computer take `exp` of 1000?
"""

# %% tags=["illustration"]
two = np.array([8000.0, 7990.0]) / 64**0.5
with np.errstate(all="ignore"):  # numpy would warn: here the warning is the point
    powers = np.exp(two)
    print("exp of", two, "is", powers, "and the weights are", powers / powers.sum())
lower = np.exp(two - two.max())
print("with the larger one subtracted from both:", np.round(lower / lower.sum(), 3))

# %% [markdown]
"""
Scaled or not, `exp` **overflows**: its result is larger than a float can be, so it becomes inf, and inf / inf is nan,
"not a number". Subtracting the larger score from both gives 0.777 and 0.223. So there are two problems and two remedies:

| problem | remedy |
|---|---|
| weights stuck at 0 and 1 | divide by √d_k (today) |
| exp beyond what a float can hold | subtract the maximum (notebook 3) |

Neither does the other's work.
"""

# %% [markdown]
"""
## What your function must keep

The check, and later the grading, ask for this list and for nothing outside it. About the numbers:

- Every score is divided by the square root of `d_k`.
- `d_k` is the number you are given. It is not a length of `scores`: those are n_q and n_k.
- `scores` may be a matrix or a stack of matrices (3 or 4 axes); any length may be 1.
"""

# %% [markdown]
"""
About the arrays:

- Whole numbers work too, and nine digits have to be right.
- `scores` stays as it was: you make a new array. It may be read-only, or a slice of a larger array.
- You return a plain numpy array. The numbers differ from student to student.
"""

# %% [markdown]
"""
<details><summary>Hint 1: a question</summary>

Divide by d_k, by its square, or by its root: which one gives a spread of 1?

</details>

<details><summary>Hint 2: a direction</summary>

numpy divides every number of an array when you divide the array. `/` makes a new array; `/=` writes into the old one.

</details>

<details><summary>Hint 3: nearly there</summary>

One line with `np.sqrt` in it.

</details>
"""

# %% [markdown]
"""
## Write it
"""


# %% answer="scale_scores"
def scale_scores(scores, d_k):
    """Scores of any shape, divided by the square root of d_k."""
    ### BEGIN SOLUTION
    # `/` makes a new array. `/=` changes the caller's, and fails on whole numbers.
    # Another common mistake: to take d_k from the shape of the scores.
    return scores / np.sqrt(d_k)
    ### END SOLUTION


# %% check="scale_scores"
check(scale_scores)

# %% [markdown]
"""
## Look at it

The spread of random scores, raw and after your function. The second column should be near 1 in every row.
"""

# %% tags=["illustration"]
with once_written():
    for d_k in (4, 64, 1024):
        queries, keys = rng.normal(size=(4000, d_k)), rng.normal(size=(4000, d_k))
        raw = (queries * keys).sum(axis=-1, keepdims=True)
        scaled = scale_scores(raw, d_k)
        print(f"d_k = {d_k:4}: raw {np.std(raw):5.1f}, scaled {np.std(scaled):.2f}")

# %% [markdown]
"""
## Break it on purpose

Copy your function into the scratch cell, forget the root there, and add a line that checks the copy. Before you run it:
what spread would random scores have at d_k = 64, above 1 or below? What would that do to the weights?

Then try `scores /= …` with whole numbers. Run your own answer again before you go on.
"""

# %% tags=["illustration"]
# Scratch: copy your function here, break it, and check the copy.
# Nobody grades this cell.

# %% [markdown]
"""
<details><summary>What goes wrong</summary>

Without the root the spread is 1/8: all scores are nearly alike, and so are all weights. Every word listens to everybody
equally, which is as useless as listening to one only.

`/=` writes into the caller's array; and whole numbers have no place for the fractions, so numpy refuses.

</details>
"""

# %% [markdown]
"""
Two programs that look wrong and are right: `scores * d_k**-0.5`, and a query divided by √d_k *before* it meets the keys.
Can you say why?

<details><summary>Why they are right</summary>

A power of −1/2 is one over the root, so the first is the same division; the minus is easy to overlook. And a query that
is divided first makes each of its products smaller by the same factor, and so their sum.

</details>
"""

# %% [markdown] question="why"
"""
## One question

A colleague scales by the root of `scores.shape[-1]`. On which inputs does that give the right answer, and why is it
wrong?
"""

# %% [markdown] reply="why"
"""
Only where there happen to be as many keys as components. The last axis of the scores counts keys, n_k; but a score
grows with the number of products it adds up, and that is d_k.
"""

# %% [markdown]
r"""
## What you have now

- The spread of a score grows like √d_k, because variances add up.
- Without scaling the weights saturate, and a saturated query hardly learns.
- Scaling does not prevent overflow.

$$\frac{Q K^\top}{\sqrt{d_k}}$$

Scores may be negative, and they add up to nothing in particular. Next they become weights.

**Next:** [3 · Softmax](../3-softmax/3-softmax.ipynb)
"""
