# ---
# jupyter:
#   autograder:
#     assignment: 6-reflection
# ---

# %% [markdown]
"""
# Reflection: a word of your own

**Goal.** Predict what attention does with an ambiguous word, compute it, and explain where you were wrong.

**Time.** About 25 minutes.

Four answers in your own words, and a person reads them. Each reaches a level from 0 to 3, by the table below it: level 3
earns all its points, level 0 none. Being wrong costs nothing. Not looking does.

To answer, double-click on YOUR ANSWER HERE, write over it, and press Shift+Enter.
"""

# %% [markdown]
"""
## Recall

1. "sat" had score 0 with "bank". Was its weight 0?
2. Two sets of weights were far apart, and the two mixes nearly the same. When does that happen?

<details><summary>Answers, after you have said yours</summary>

1. No, 0.089. exp(0) is 1, so it takes its share.
2. When the values are alike: it hardly matters which of two equal values you take.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import arrows  # plots.py lies beside this notebook

# %% [markdown] question="senses"
"""
## 1 · Two senses

Choose an ambiguous word: **court**, **plant**, **bat** or **spring**, or one of your own. Write two sentences, about five
words each, in which it has two different senses. The word itself must stand in both, in the same form. The sentences about
"spring" further down are only the example: write your own.

Say in one line for each which sense it has there.
"""

# %% [markdown] written="senses"
"""
The word is "spring".

A: "this spring feeds the river": water that comes out of the ground.

B: "flowers open in early spring": a season of the year.

*For the marker: that was level 3. The same answer on the levels below it:*

**Level 2.** A: "this spring feeds the river", where water comes out of the ground. B: "I like this spring very much", the
season.

**Level 1.** "Spring" can be a season, or a place where water comes out of the ground.

**Level 0.** A: "flowers open in early spring". B: "birds come back in spring".
"""

# %% [markdown] rubric="senses"
"""
| level | senses |
|---|---|
| 0 | no second sense, or the sentences of the example |
| 1 | two senses are named, but there are no sentences |
| 2 | two sentences, but one leaves the sense open, or lacks the word |
| 3 | two clear sentences that both contain the word |
"""

# %% [markdown] question="prediction"
"""
## 2 · Your prediction

Before you run anything below: for each sentence, put **all** its words in order, from the one that should get the largest
weight from your word to the one that should get the smallest. Do not forget the word itself.

Guess the largest weight as a number, and say in a sentence why you expect this order. Do not change it afterwards: a
prediction that failed is worth as much as one that held.
"""

# %% [markdown] written="prediction"
"""
A: river > spring > feeds > this = the. I guess 0.5 for "river": it is all water. "feeds" is mostly an action.

B: flowers > spring > early > open > in. I guess 0.5 for "flowers". "early" says something about time, "open" is an
action, and "in" says nothing.

*For the marker: that was level 3. The same answer on the levels below it:*

**Level 2.** A: "river" first, then "feeds". B: "flowers", then "early". The little words get the rest.

**Level 1.** In A "river" will be important, and in B "flowers".

**Level 0.** Attention will find the right meaning from the context.
"""

# %% [markdown] rubric="prediction"
"""
| level | prediction |
|---|---|
| 0 | none |
| 1 | names a word that should get much |
| 2 | ranks some of the words |
| 3 | ranks all words of both sentences, the word itself included, before the run |
"""

# %% [markdown]
"""
## Run it

Below is a small world for "spring": four components, and a vector for each word that matters. Words that are not listed
are all zeros, and the output names them.

**Make it yours:** change `word`, the components, the vectors and the sentences, in small letters. Put the two senses
first: the picture has the first two components. Two rules keep it honest:

- your word gets both senses, in equal parts, for example [1, 1, 0, 0];
- choose each vector for what its word means, and not for the weight you hope to see.
"""

# %%
word = "spring"
components = ["water", "season", "thing", "action"]
vectors = {
    "spring": [1, 1, 0, 0],
    "feeds": [1, 0, 0, 2],
    "river": [3, 0, 1, 0],
    "flowers": [0, 2, 2, 0],
    "open": [0, 0, 0, 2],
    "early": [0, 1, 0, 0],
}
sentences = {"A": "this spring feeds the river", "B": "flowers open in early spring"}


# %%
def ask(sentence):
    """The words, the weights that `word` gives them, and its new vector."""
    words = [part.strip(".,;:!?") for part in sentence.lower().split()]
    if word not in words:
        raise ValueError(f"{word!r} (in small letters) must stand in {sentence!r}")
    zeros = [0] * len(components)
    for other, numbers in vectors.items():
        if len(numbers) != len(zeros):
            raise ValueError(f"{other!r} needs {len(zeros)} numbers, one a component")
    X = np.array([vectors.get(other, zeros) for other in words], dtype=float)
    scores = X[words.index(word)] @ X.T / len(components) ** 0.5
    shares = np.exp(scores - scores.max())
    return words, shares / shares.sum(), shares @ X / shares.sum()


# %%
for name, sentence in sentences.items():
    words, weights, new = ask(sentence)
    order = sorted(range(len(words)), key=lambda j: -weights[j])
    print(f"{name}: " + ", ".join(f"{words[j]} {weights[j]:.3f}" for j in order))
    amounts = [f"{components[c]} {new[c]:.2f}" for c in range(len(components))]
    print(f"   new {word}: " + ", ".join(amounts))
    print("   all zeros: " + ", ".join(w for w in words if w not in vectors))

# %% tags=["illustration"]
before = np.array(vectors[word], dtype=float)
after = {f"{word} in {name}": ask(sentence)[2] for name, sentence in sentences.items()}
arrows({f"{word} alone": before, **after}, *components[:2], f"Where {word} points")

# %% [markdown] question="evidence"
"""
## 3 · The evidence

Set your prediction beside the result.

- Which places in your order were right, and which were not? Give the weights.
- How did the vector of your word change, in each sentence?
- Take the largest miss. Was it your idea of the words, the vectors that you chose, or the way attention works?

If nothing missed, change one vector so that something does, and explain that.
"""

# %% [markdown] written="evidence"
"""
A: the order was right, and "river" has 0.413 instead of my 0.5. B: "flowers" and "spring" tie with 0.299, and so do
"open" and "in" with 0.110. I had put "open" above "in"; but "spring" asks nothing about actions, so both have score 0.

The new "spring" is mostly water in A (1.64, season 0.25) and mostly season in B (1.08, water 0.30).

My largest miss is "flowers", 0.299 instead of 0.5. Half of its vector is "thing", which counts for nothing in the score:
that was my choice of vectors.

*For the marker: that was level 3. The same answer on the levels below it:*

**Level 2.** In A my order was right, and "river" has 0.413 where I guessed 0.5. In B I had "open" above "in", but both have
0.110.

**Level 1.** A: river 0.413, spring 0.251, feeds 0.152, this 0.092, the 0.092. B: flowers 0.299, spring 0.299, early 0.181,
open 0.110, in 0.110.

**Level 0.** It came out as I expected.
"""

# %% [markdown] rubric="evidence"
"""
| level | evidence |
|---|---|
| 0 | none |
| 1 | bare numbers |
| 2 | weights are compared with the prediction |
| 3 | also the new vectors, and a miss is discussed |
"""

# %% [markdown] question="mechanism"
"""
## 4 · The mechanism

A friend says: "So the model understood my word." Explain, in five or six sentences and without a formula, what really
happened, on your own example. Three things belong in it:

- what a weight depends on: which words, and which other weights;
- what the new vector is made of;
- one limit: something that this computation does not know, or that your choices put into it.
"""

# %% [markdown] written="mechanism"
"""
"spring" compared its query with the key of every word, and the comparisons became shares that add up to 1. "river" has
0.413 only because the others fit less: with "lake" in the sentence it would get less, though nothing about "river"
changed. The new vector is a mixture of all values by these shares. Nothing was picked or looked up. The limit: I chose
the vectors, so the result shows what I put in; and with the words shuffled it would be the same.

*For the marker: that was level 3. The same answer on the levels below it:*

**Level 2.** "spring" compared its query with all keys. The weights add up to 1, so "river" has 0.413 only because it fits
better than the rest. The new vector mixes all values, and most of it comes from "river".

**Level 1.** Each word has a query, a key and a value. The query is what it asks for, the key is its label, and the value is
what it says.

**Level 0.** The model read the sentence and understood that this spring is water.
"""

# %% [markdown] rubric="mechanism"
"""
| level | mechanism |
|---|---|
| 0 | "it understands" |
| 1 | repeats what query, key and value mean |
| 2 | two of: weights are relative to all keys; the result is a mix of values; a limit |
| 3 | all three |

Limits that count: people chose the vectors, order plays no role, words may be out of sight, a weight is not
an explanation.
"""

# %% [markdown]
"""
## Twenty words

| word | what it means here | notebook |
|---|---|---|
| attention | each word takes in from every word, more from those that fit better | 0 |
| query | the vector that asks | 0 |
| key | the vector that is compared with a query | 0 |
| value | the vector that is taken in | 0 |
| token | a word, or a piece of one | 0 |
| component | one number of a vector | 0 |
| axis | a direction of an array, counted from 0 | 0 |
"""

# %% [markdown]
"""
| word | what it means here | notebook |
|---|---|---|
| broadcasting | an axis of length 1 is stretched to fit | 0 |
| dot product | multiply component by component, add up | 1 |
| score | the dot product of a query and a key | 1 |
| batch | a stack of sentences, computed together | 1 |
| weight | a share of 1, given to a key | 2 |
| saturation | weights stuck near 0 and 1 | 2 |
| overflow | a number too large for a float | 2 |
"""

# %% [markdown]
"""
| word | what it means here | notebook |
|---|---|---|
| softmax | exp of each score, divided by their sum | 3 |
| temperature | what scores are divided by before softmax | 3 |
| weighted sum | each value times its weight, added up | 4 |
| self-attention | queries, keys and values come from one sentence | 5 |
| projection | a learned matrix that makes queries, keys or values | 5 |
"""

# %% [markdown] clause="mask"
"""
| word | what it means here | notebook |
|---|---|---|
| mask | says which keys a query may attend to | 5 |
"""

# %% [markdown]
r"""
## What you have now

You derived it, wrote it, broke it, and doubted it:

$$\operatorname{Attention}(Q, K, V) = \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$

What comes next, elsewhere: several attentions side by side ("heads"), positions added to the vectors, and many layers
on top of each other.

Save this notebook before you hand it in. To look something up, go back to [0 · Start](../0-start/0-start.ipynb).
"""
