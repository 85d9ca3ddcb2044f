# ---
# jupyter:
#   autograder:
#     assignment: 1-scores
# ---

# %% [markdown]
r"""
# Scores: every query meets every key

**Goal.** Write `attention_scores(Q, K)`, which compares every query with every key.

**Time.** About 20 minutes.

The formula so far is empty. Today it gets its first factor:

$$Q K^\top$$
"""

# %% [markdown]
"""
## Recall

1. A word brings three vectors: a query, a key and a value. Which two are compared with each other?
2. In the classroom, does the word listen to the best classmate only?

<details><summary>Answers, after you have said yours</summary>

1. Its query with the key of each word, its own key included. The value waits until notebook 4.
2. No. Everybody answers, and what the word takes home is a mix.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import grid, once_written  # plots.py lies beside this notebook

# %% [markdown]
"""
## The question of the day

The word "bank" looks for its meaning with the query below. Three neighbours hold up their keys. The numbers come from a
drawing in the lesson that this course grew from.

How do you measure how well a key fits a query? Attention multiplies them component by component and adds up: the **dot
product**. The result is one number, the **score**.

**Predict, in writing:** which neighbour gets the highest score, and which the lowest? Look at the signs first; do not
compute yet.
"""

# %%
query = np.array([0.8, -0.2, 0.5])  # bank
keys = {
    "deposit": np.array([0.9, 0.1, -0.3]),
    "park": np.array([-0.7, 0.6, 0.4]),
    "salary": np.array([0.85, -0.1, 0.2]),
}

# %% [markdown]
"""
**My prediction** (double-click here and write): …
"""

# %% [markdown]
"""
## One score, step by step

Take deposit. The components meet in pairs:

0.8 × 0.9 + (−0.2) × 0.1 + 0.5 × (−0.3) = 0.72 − 0.02 − 0.15 = **0.55**

Now do salary on paper, then run the loop. It prints each product, so you can find the place if you differ.
"""

# %%
for word, key in keys.items():
    products = [query[c] * key[c] for c in range(3)]
    print(f"{word:8}", np.round(products, 2), f"sum {sum(products):+.2f}")

# %% [markdown]
"""
Salary wins with 0.80, deposit has 0.55, and park is negative: −0.48.

Did you put deposit first? The drawing does as well. It looks best because of the large 0.9, but its last component
points against the query. A dot product rewards components that agree in sign *and* are large; each disagreement costs.

> **Watch out.** A score is not a percentage and not a probability. It may be negative, and it has no upper end. All it
> says is: higher fits better.
"""

# %% [markdown]
"""
## Many queries, many keys

A sentence has many queries. Put them into a matrix, one query a row, and do the same with the keys:

- `Q` has shape (n_q, d_k): n_q queries, each of d_k components;
- `K` has shape (n_k, d_k): n_k keys, of the **same** d_k components, or they could not be compared;
- the scores have shape (n_q, n_k): a row for each query, a column for each key.

Fill the gap: the score of one pair, a single number. The loop in the cell after it does the rest.
"""


# %% answer="gap-score" tags=["illustration"]
def score(query, key):
    """One number: how well this key fits this query."""
    ### BEGIN SOLUTION
    return np.sum(query * key)
    ### END SOLUTION


# %% tags=["illustration"]
Q = np.array([[0.8, -0.2, 0.5], [-0.5, 0.7, 0.1]])  # queries: bank, bench
K = np.array(list(keys.values()))  # keys: deposit, park, salary
with once_written():
    scores = np.zeros((2, 3))
    for i in range(2):
        for j in range(3):
            scores[i, j] = score(Q[i], K[j])
    print(scores)

# %% [markdown]
"""
You should see 0.55, −0.48, 0.80 in the first row. The second row belongs to another query, "bench", and its favourite is
park, with 0.81. Same keys, another question: another answer.

Do you read "setting an array element with a sequence" instead? Then `score` gives several numbers where one is wanted:
the products are there, but nobody has added them up.
"""

# %% [markdown]
"""
## Find the bug

Two queries, two keys. Somebody read "multiply Q with K" and wrote `Q * K`. It runs.

**Predict:** what shape do two queries and two keys have to give? What shape does this give?
"""

# %%
two_queries = np.array([[0.8, -0.2, 0.5], [-0.5, 0.7, 0.1]])
two_keys = np.array([[0.9, 0.1, -0.3], [-0.7, 0.6, 0.4]])
print(two_queries * two_keys)
print("and added up along the rows:", (two_queries * two_keys).sum(axis=-1))

# %% [markdown]
"""
<details><summary>What is wrong here?</summary>

`*` multiplies number by number, at equal places. Query 0 meets key 0, query 1 meets key 1, and nobody else meets at all.
Two queries and two keys have four scores, shape (2, 2); this gives (2, 3). Adding up gives only two of the four: the
diagonal.

</details>

> **Watch out.** In a sentence that asks itself there are as many queries as keys, so `Q * K` never complains.
"""

# %% [markdown]
r"""
## All pairs at once

The matrix product `A @ B` takes the dot product of every **row** of A with every **column** of B. Our keys are rows. So
turn K around first: its transpose has the keys as columns. That is the little ⊤ in $QK^\top$.

Shapes tell you whether it can work: (n_q, d_k) @ (d_k, n_k) → (n_q, n_k). The inner two are equal and disappear.
"""

# %%
three_keys = np.array([[0.9, 0.1, -0.3], [-0.7, 0.6, 0.4], [0.85, -0.1, 0.2]])
all_pairs = two_queries @ three_keys.T
print(two_queries.shape, "@", three_keys.T.shape, "->", all_pairs.shape)
print(all_pairs)

# %% [markdown]
"""
## Stacks

Models read many sentences at once: a **batch**. Then `Q` has shape (batch, n_q, d_k), or one axis more. `@` is ready for
that: it works on the last two axes and repeats for the axes in front.

But `.T` turns *all* axes around.

**Predict:** K has shape (4, 3, 2): four sentences, three keys, two components. Which shape should its transpose have?
Which does `.T` give?
"""

# %%
stack = np.zeros((4, 3, 2))
print("wanted: (4, 2, 3)")
print(".T gives:", stack.T.shape)
print("swapaxes(-1, -2) gives:", stack.swapaxes(-1, -2).shape)

# %% [markdown]
"""
`swapaxes(-1, -2)` swaps the last two axes, counted from the back, and leaves the batch in front where it is. On a plain
matrix it does what `.T` does.
"""

# %% [markdown]
"""
## What your function must keep

The check, and later the grading, ask for this list and for nothing outside it. About the numbers:

- Row i, column j of the result is the dot product of query i with key j.
- n_q, n_k and d_k may all differ, and any of them may be 1.
- `Q` and `K` may be stacks, with one or two axes in front; both have the same ones. You return a stack of score
  matrices.
"""

# %% [markdown]
"""
About the arrays:

- Whole numbers work too, and nine digits have to be right.
- `Q` and `K` stay as they were. They may be read-only, or slices of larger arrays.
- You return a plain numpy array, not a list. The numbers differ from student to student.
"""

# %% [markdown]
"""
<details><summary>Hint 1: a question</summary>

Write the two shapes below each other, batch included. Which axis of K has to move where, so that the inner two are
equal?

</details>

<details><summary>Hint 2: a direction</summary>

Count axes from the back, and the batch in front takes care of itself.

</details>

<details><summary>Hint 3: nearly there</summary>

One `@`, with something done to `K` on its right. You have seen both parts above.

</details>
"""

# %% [markdown]
"""
## Write it
"""


# %% answer="attention_scores"
def attention_scores(Q, K):
    """(…, n_q, d_k) and (…, n_k, d_k) -> scores of shape (…, n_q, n_k)."""
    ### BEGIN SOLUTION
    # Counted from the back, so that a batch in front does not matter.
    # K.T is the common mistake: right for one sentence, wrong for a stack.
    return Q @ np.swapaxes(K, -1, -2)
    ### END SOLUTION


# %% check="attention_scores"
check(attention_scores)

# %% [markdown]
"""
## Look at it

Queries are rows, keys are columns: you will see this picture in every paper about attention.
"""

# %% tags=["illustration"]
with once_written():
    scores = attention_scores(two_queries, three_keys)
    grid(scores, ["bank", "bench"], ["deposit", "park", "salary"], "Scores")

# %% [markdown]
"""
## Break it on purpose

Copy your function into the scratch cell, change it there, and add a line that checks the copy. Two to try, one at a time:

1. `Q @ K.T`. Which lines of the check still pass, and which do not?
2. Make the shapes fit with `K.reshape(…)` in place of a transpose. It runs, and the shape is right. **Predict** what
   happens to the keys, then print a small `K` before and after.

Read what the check says each time. Could you have fixed the function from that alone? Then run your own answer again,
so that the name holds the right function.
"""

# %% tags=["illustration"]
# Scratch: copy your function here, break it, and check the copy.
# Nobody grades this cell.

# %% [markdown]
"""
<details><summary>What goes wrong in each</summary>

1. One sentence is fine, and a stack is not: `.T` turns all axes around.
2. `reshape` reads the numbers in order and fills a new form with them, so components of different keys end up in one
   column. Only a transpose keeps each key together.

</details>
"""

# %% [markdown] question="why"
"""
## One question

A text becomes twice as long. How many more scores are there, and how many more numbers are there in Q? Answer in a
sentence or two.
"""

# %% [markdown] reply="why"
"""
Four times as many scores, because both n_q and n_k double, but only twice as many numbers in Q. This is why long texts
are expensive; notebook 5 measures it.
"""

# %% [markdown]
r"""
## What you have now

- A score is a dot product: one query meets one key.
- `@` with the transposed keys gives all pairs at once; `*` does not.
- Axes counted from the back leave the batch in peace.
- Salary fits "bank" better than deposit does. Keep that in mind: in notebook 3 you check a drawing with it.

$$Q K^\top$$

But how large do scores get when keys have not 3 components, but 64 or 1024?

**Next:** [2 · Scaling](../2-scaling/2-scaling.ipynb)
"""
