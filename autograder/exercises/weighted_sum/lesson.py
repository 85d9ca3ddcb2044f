# ---
# jupyter:
#   autograder:
#     assignment: 4-weighted-sum
# ---

# %% [markdown]
r"""
# Weighted sums: the answer is a mix

**Goal.** Write `weighted_sum(weights, V)`, which mixes values by weights.

**Time.** About 15 minutes.

The formula so far:

$$\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right)$$

Today it gets its last factor:

$$\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
"""

# %% [markdown]
"""
## Recall

1. In a matrix of weights, what adds up to 1: each row or each column?
2. Two keys have scores 0.80 and 0.55. Can the second get the larger weight, at some temperature?

<details><summary>Answers, after you have said yours</summary>

1. Each row. A query shares out its own total of 1 over the keys.
2. No. Softmax keeps the order of the scores.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import once_written  # plots.py lies beside this notebook

# %% [markdown]
"""
## The question of the day

"Bank" has its weights. Now each neighbour hands over its **value**: the vector that carries what it has to say. The new
vector of "bank" is every value times its weight, added up: a **weighted sum**.

The lesson's drawing gives two components of each value (below), and the weights 0.7, 0.1, 0.2. You found out that the
true weights are 0.369, 0.204, 0.427.

**Predict, in writing:** the two sets of weights are far apart. Will the two mixes be far apart as well?
"""

# %%
names = ["deposit", "park", "salary"]
values = np.array([[1.0, 0.8], [0.2, 0.1], [0.9, 0.7]])
drawn = np.array([0.7, 0.1, 0.2])
powers = np.exp(np.array([0.55, -0.48, 0.80]) / np.sqrt(3))
true = powers / powers.sum()

# %% [markdown]
"""
**My prediction** (double-click here and write): …
"""

# %%
for label, weights in (("drawn", drawn), ("true", true)):
    mix = np.zeros(2)
    for j in range(3):
        mix = mix + weights[j] * values[j]
        print(f"{label}: after {names[j]:8}", np.round(mix, 3))

# %% [markdown]
"""
The drawn weights give [0.90, 0.71], the true ones about [0.794, 0.615]. Both lean towards deposit and salary, whose
values are nearly the same; it hardly matters which of the two gets more. The difference comes from park, with its weight
of 0.204 instead of 0.1.

So a mix can be nearly right although its weights are wrong. From the output alone you cannot read the weights back.
"""

# %% [markdown]
"""
> **Watch out.** Keys and values are different things. A key decides *how much* is taken from a word; its value is *what*
> is taken. A value is never compared with anything.
"""

# %% [markdown]
"""
## All queries at once

- `weights` has shape (n_q, n_k): a row for each query;
- `V` has shape (n_k, d_v): a value for each key. As many values as keys, always;
- the result has shape (n_q, d_v): a new vector for each query.

d_v is the number of components of a value. It may differ from d_k: nothing compares values with queries.

Fill the gap: one step of the sum. The loop in the cell after it calls your function for every pair.
"""


# %% answer="gap-step" tags=["illustration"]
def take_in(mix, weight, value):
    """The mix after one more value has been taken in with this weight."""
    ### BEGIN SOLUTION
    return mix + weight * value
    ### END SOLUTION


# %% tags=["illustration"]
weights = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])
V = np.array([[4.0, 0.0], [0.0, 8.0], [4.0, 4.0]])
with once_written():
    mixes = np.zeros((2, 2))
    for i in range(2):
        for j in range(3):
            mixes[i] = take_in(mixes[i], weights[i, j], V[j])
    print(mixes)  # the rows should be [3, 3] and [0, 8]

# %% [markdown]
"""
Look at one entry: mix i, component c, is the sum over all keys j of `weights[i, j] * V[j, c]`. A row of `weights` meets a
column of `V`. You know an operator that does this for every row and every column.

**Predict:** does anything have to be transposed this time? Write the shapes down before you run.
"""

# %%
some_weights = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]])
some_values = np.array([[4.0, 0.0], [0.0, 8.0], [4.0, 4.0]])
some_mixes = some_weights @ some_values
print(some_weights.shape, "@", some_values.shape, "->", some_mixes.shape)
print(some_mixes)

# %% [markdown]
"""
Nothing is transposed: the keys are the last axis of the weights and the first of the values, so they already face each
other. And `@` repeats for the axes in front, so a stack of sentences needs no extra line.
"""

# %% [markdown]
"""
## Order does not matter

**Predict:** put the words in another order. Their keys and their values move together, and so do their weights. What
happens to the mix?
"""

# %%
order = [2, 0, 1]
print("as it was:", some_mixes)
print("shuffled: ", some_weights[:, order] @ some_values[order])

# %% [markdown]
"""
Nothing happens: a sum does not care about the order of what it adds. So attention alone cannot tell "dog bites man" from
"man bites dog". Models add the **position** of each word to its vector *before* attention; that is another story.

> **Watch out.** Shuffle only the values, and each weight lands on the wrong word. No error tells you.
"""

# %% [markdown]
"""
## What your function must keep

The check, and later the grading, ask for this list and for nothing outside it. About the numbers:

- Row i of the result is the sum, over all keys j, of `weights[i, j]` times `V[j]`.
- Weights are used **as they are**. They may add up to 2, or to 0, or be negative: you never divide by their sum.
- n_q, n_k and d_v may all differ, and any of them may be 1.
- Both may be stacks, with one or two axes in front, the same for both.
"""

# %% [markdown]
"""
About the arrays:

- Whole numbers work too, and nine digits have to be right.
- `weights` and `V` stay as they were. They may be read-only, or slices of larger arrays.
- You return a plain numpy array. The numbers differ from student to student.
"""

# %% [markdown]
"""
<details><summary>Hint 1: a question</summary>

Which axis do `weights` and `V` have in common, and where does it stand in each?

</details>

<details><summary>Hint 2: a direction</summary>

It stands last in one and last but one in the other. Which operator adds up over exactly this pair?

</details>

<details><summary>Hint 3: nearly there</summary>

One operator, no transpose, no division. It is the shortest function of the course.

</details>
"""

# %% [markdown]
"""
## Write it
"""


# %% answer="weighted_sum"
def weighted_sum(weights, V):
    """(…, n_q, n_k) and (…, n_k, d_v) -> mixes of shape (…, n_q, d_v)."""
    ### BEGIN SOLUTION
    # The keys face each other already: nothing is transposed. @ repeats over the batch.
    # The common mistake is to divide by the sum of the weights.
    return weights @ V
    ### END SOLUTION


# %% check="weighted_sum"
check(weighted_sum)

# %% [markdown]
"""
## Break it on purpose

Copy your function into the scratch cell. There, divide the weights by their sum first, "to be safe", and add a line that
checks the copy. Weights from softmax add up to 1 anyway, so where is the harm? Think of weights [2, 0] before you run it.

Then swap the axes of the weights. On which inputs does nothing fail? Run your own answer again before you go on.
"""

# %% tags=["illustration"]
# Scratch: copy your function here, break it, and check the copy.
# Nobody grades this cell.

# %% [markdown]
"""
<details><summary>What goes wrong</summary>

Weights [2, 0] should double the first value, and after the division they do not. A sum of 0 even divides by 0. A
function that "repairs" its input hides the mistake of the caller: softmax makes weights, and this function only mixes.

With swapped axes square weights still fit. The wrong query then gets each mix, in silence.

</details>
"""

# %% [markdown]
"""
## Two properties to test

Two things must hold for any weights and values. Twice the weights give twice the mix; and order does not matter. Test
both on your function.
"""

# %% tags=["illustration"]
with once_written():
    mixes = weighted_sum(some_weights, some_values)
    double = weighted_sum(2 * some_weights, some_values)
    print("twice the weights, twice the mix:", np.allclose(double, 2 * mixes))
    shuffled = weighted_sum(some_weights[:, order], some_values[order])
    print("shuffled together, the same mix: ", np.allclose(shuffled, mixes))

# %% [markdown] question="why"
"""
## One question

All weights of a query are equal. What is its mix, in one word? And where does the mix of any query lie, if its weights
are not negative and add up to 1?
"""

# %% [markdown] reply="why"
"""
The average. And any mix lies between the values: in each component, never above the largest value and never below the
smallest.
"""

# %% [markdown]
r"""
## What you have now

- The output is a mix of values; keys only decide how much of each.
- `weights @ V`, and no repair of the weights.
- d_v may differ from d_k.
- Order does not matter, so position must come from elsewhere.

$$\operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$

Every part is there. Next you put them together.

**Next:** [5 · Attention](../5-attention/5-attention.ipynb)
"""
