# ---
# jupyter:
#   autograder:
#     assignment: 0-start
# ---

# %% [markdown]
"""
# Start: a word asks its neighbours

**Goal.** Say in your own words what attention does, and with which three vectors.

**Time.** About 20 minutes, and 10 more if you want the numpy refresher at the end.

Seven notebooks, about three hours: this one, five in which you write a function each, and a last one about a word of
your own. The minutes are estimates. You need some Python and a little numpy. You need no machine learning.

This notebook has no points.
"""

# %% [markdown]
"""
## How the notebooks work

Press Shift+Enter to run a cell, and go from top to bottom.

Each day goes the same way: recall, **predict in writing**, run, fill a gap, write a function, check it, break it on
purpose, answer a question. The predictions are for you alone. Write them all the same: a wrong guess that you wrote
down teaches more than a right one that you only thought.
"""

# %% [markdown]
"""
Where you read `# YOUR CODE HERE`, write your lines there, and delete the line `raise NotImplementedError()`. Then run
the cell, and the check below it. You may check as often as you like: it costs nothing, and nobody counts.
Save the notebook before you hand it in.

Triangles like the one below open. Say your answer first.

<details><summary>Open me</summary>

Good. From now on, an answer or a hint waits here.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import arrows  # plots.py lies beside this notebook

# %% [markdown]
"""
## Guess first

A. The **bank** paid my salary.

B. We sat on the river **bank**.

You knew at once that these are two different banks. From which words did you know it? And which words told you
nothing?

Write two or three words for each sentence, and one word that was of no use.
"""

# %% [markdown]
"""
**My guess** (double-click here and write; Shift+Enter when you are done): …
"""

# %% [markdown]
"""
<details><summary>What most people write</summary>

A: "salary" and "paid". B: "river", perhaps "sat". Of no use: "the", "my", "we", "on".

</details>
"""

# %% [markdown]
"""
You let the neighbours of "bank" decide what it means, and you did not listen to all of them equally. **Attention** is a
way to compute exactly that: each word asks every word of its sentence how much it matters, and takes in more from those
that matter more.
"""

# %% [markdown]
"""
## A classroom that answers

You are "bank", and the teacher asks you to say what you are. You do not know, so you ask the class.

- "River" could help, if this is a geography lesson.
- "Money" could, if it is about economics.
- "Bench" could, in a lesson about parks: in some languages a bank is a thing to sit on.

Each of them shows a label that says what they know about. You compare each label with your question, and then you listen
to all of them, but most to those whose label fits best. What you take home is a mixture of what they said.
"""

# %% [markdown]
"""
## Three roles

Every word plays three roles, and has a vector for each:

| role | in the classroom | its vector |
|---|---|---|
| the one who asks | your question | **query** |
| the one who is asked | the label that is held up | **key** |
| the one who answers | what is then said | **value** |

A query is compared with keys. The result says *how much* of each value goes into the mix.

> **Watch out.** The key is not the answer. It is only the label by which an answer is found; the answer is the value.
"""

# %% [markdown]
"""
## Where the classroom misleads

Four things are different from a real class:

1. **Everybody answers.** Even those who have nothing to say are in the mix, with a small share.
2. **Shares are relative.** They add up to 1. If one classmate fits better, all others get less, though they did not
   change.
3. **You take home a mixture**, and not the best answer. Nothing is picked.
4. **You are in the room too.** A word asks itself as well, and may listen to itself most.
"""

# %% [markdown]
"""
## Words as numbers

A word's vector is a list of numbers, its **components**. Four are enough to tell our banks apart: money, nature, seat
and action. "bank" stands between money and nature. The little words are zero everywhere.

We chose these numbers ourselves. A real model learns its own, hundreds for each word; and it mostly works with pieces
of words. Whole words or pieces, they are called **tokens**; in this course a token is a word.
"""


# %%
vectors = {  # money, nature, seat, action
    "bank": [1, 1, 0, 0],
    "paid": [1, 0, 0, 2],
    "salary": [3, 0, 0, 0],
    "river": [0, 3, 0, 0],
    "sat": [0, 0, 2, 1],
}


def vector(word):
    return np.array(vectors.get(word, [0, 0, 0, 0]), dtype=float)


# %% [markdown]
"""
## Attention with the lid on

The cell below is complete. It is a machine with four parts: compare, keep the numbers small, make shares that add up to
1, mix. In each of the next four notebooks you open one part and build it yourself. Today, look only at what goes in and
what comes out.

To keep it simple, each word uses its own vector as query, as key and as value.

**Predict, in writing:** in sentence A, which word gets the largest share from "bank"? Does "the" get exactly 0?
"""


# %%
def ask(sentence, word="bank"):
    words = sentence.lower().replace(".", "").split()
    query = vector(word)
    raw = np.array([query @ vector(other) for other in words])  # notebook 1
    gentle = raw / 4**0.5  # notebook 2
    shares = np.exp(gentle) / np.exp(gentle).sum()  # notebook 3
    mix = sum(shares[j] * vector(words[j]) for j in range(len(words)))  # notebook 4
    return words, shares, mix


# %% [markdown]
"""
**My prediction** (double-click here and write): …
"""

# %%
for sentence in ("the bank paid my salary", "we sat on the river bank"):
    words, shares, mix = ask(sentence)
    for word, share in zip(words, shares, strict=True):
        print(f"{word:8}{share:.3f}  {'#' * round(50 * share)}")
    print("new bank:", np.round(mix, 3), "\n")

# %% [markdown]
"""
"Salary" gets the most, 0.413; in the other sentence it is "river", with 0.400. Next comes "bank" itself. And
"the" gets 0.092: little, but not 0. Everybody answers.

The new vector of "bank" is no longer [1, 1, 0, 0]. In A it is nearly all money, in B nearly all nature. Here are the
first two components as arrows.
"""

# %% tags=["illustration"]
in_a = ask("the bank paid my salary")[2]
in_b = ask("we sat on the river bank")[2]
banks = {"bank alone": vector("bank"), "bank in A": in_a, "bank in B": in_b}
arrows(banks, "money", "nature", "Where bank points")

# %% [markdown]
"""
The arrow of "bank" turns from 45° to 8.7° in A, and to 80.5° in B. That is the whole idea: **a word's vector changes
with its sentence.**

Now play. Write sentences of your own with these words, and predict before each run. What happens to "bank" with "river"
and "salary" in one sentence? With neither?
"""

# %%
words, shares, mix = ask("my salary paid the river bank")
print(dict(zip(words, np.round(shares, 3).tolist(), strict=True)))
print("new bank:", np.round(mix, 3))

# %% [markdown]
"""
<details><summary>What to see in this one</summary>

"salary" has the same vector as in A, and still its share fell from 0.413 to 0.292: "river" came in and took as much. A
share is never about one word alone.

</details>
"""

# %% [markdown]
"""
## What it cannot do

- **Only words that are there get a share.** "Money" would be a fine clue for A, but A does not contain it.
- **It has no rules, but it does have a dictionary.** Nobody wrote "after 'river', bank means a shore". But somebody, or
  some training, had to give each word its vector.
- **Order plays no role.** "Salary the my paid bank" gives "bank" the same vector as A. You see why in notebook 4.
"""

# %% [markdown] clause="mask"
"""
- **Not every word may look everywhere.** In a model that writes text, a word sees only what stands before it. Then
  "bank" in A could ask "the" and itself, and its clues would come too late. Notebook 5 shows what that does.
"""

# %% [markdown]
r"""
## The formula, still closed

In the next notebooks you will build this, one factor at a time:

$$\operatorname{Attention}(Q, K, V) = \;?$$

Q, K and V are matrices with all queries, all keys and all values of a text, one word a row.
"""

# %% [markdown]
"""
## One question

"Attention picks the most important word." What is wrong with this sentence? Answer in one or two of your own.
"""

# %% [markdown]
"""
**My answer** (double-click here and write): …
"""

# %% [markdown]
"""
<details><summary>One good answer</summary>

It picks nothing: every word gets a share, and the result is a mixture of all values. And "important" means only that a
key fits this query; for another query the shares are different.

</details>
"""

# %% [markdown]
"""
## Numpy: three questions at the door

Answer without running anything. Three right: skip to the end of this notebook.

1. `a` has shape (2, 3). What shape has `a.sum(axis=1)`?
2. A has shape (2, 3), B has shape (3, 4). Which works, `A * B` or `A @ B`, and what shape comes out?
3. `a` has shape (2, 3). Does `a / a.sum(axis=1)` work?

<details><summary>Answers</summary>

1. (2,): each row is added up to one number.
2. `A @ B`, shape (2, 4). `*` needs shapes that fit number by number.
3. No: (2, 3) and (2,) do not line up. With `keepdims=True` the sum has shape (2, 1), and it works.

</details>
"""

# %% [markdown]
"""
### Axes

An array has **axes**, counted from 0. A matrix has two: axis 0 runs down the rows, axis 1 along the columns. From the
back, −1 is the last axis and −2 the one before it.

Summing along an axis makes that axis disappear.
"""

# %%
a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print("shape", a.shape)
print("axis 0:", a.sum(axis=0))
print("axis 1:", a.sum(axis=1), "and axis -1 is the same:", a.sum(axis=-1))

# %% [markdown]
"""
### Stretching: broadcasting and keepdims

Numpy compares two shapes from the back. Two lengths fit if they are equal, or if one of them is 1 or missing; that one is
stretched. This is **broadcasting**.

`keepdims=True` leaves an axis of length 1 where the sum was taken, so that the sums line up with their rows.
"""

# %%
sums = a.sum(axis=1, keepdims=True)
print(a.shape, "and", sums.shape, "fit:")
print(np.round(a / sums, 2))

# %% [markdown]
"""
### Two products, and turning a matrix

`*` multiplies number by number. `@` is the matrix product: each row on the left meets each column on the right, their
products are added up, and the inner lengths have to be equal.

`swapaxes(-1, -2)` swaps the last two axes: rows become columns.
"""

# %%
b = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
print("a * b has shape", (a * b).shape)
turned = b.swapaxes(-1, -2)
print(a.shape, "@", turned.shape, "gives", (a @ turned).shape)
print(a @ turned)

# %% [markdown]
"""
### exp

`np.exp(x)` is e to the power x, for each number of an array. It is never negative, exp(0) is 1, and it grows with x: each
step of 1 multiplies by about 2.718.
"""

# %%
print(np.round(np.exp(np.array([-2.0, -1.0, 0.0, 1.0, 2.0])), 3))

# %% [markdown]
"""
## What you have now

- A word's query meets the keys of all words; the result decides how much of each value it takes in.
- Shares add up to 1, and nobody gets exactly nothing.
- The word's new vector is a mixture, so it depends on the sentence.

Next you open the first part of the machine: how does a query meet a key?

**Next:** [1 · Scores](../1-scores/1-scores.ipynb)
"""
