# ---
# jupyter:
#   autograder:
#     assignment: 5-attention
# ---

# %% [markdown]
r"""
# Attention: the whole formula

**Goal.** Put your four functions together into `scaled_dot_product_attention`, and watch "bank" change its meaning.

**Time.** About 50 minutes. "Bank in two sentences" is a good place for a break.

The formula, complete:

$$\operatorname{Attention}(Q, K, V) = \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
"""

# %% [markdown]
"""
## Recall

1. Two of your four functions depend on d_k, the number of components of a key. Which ones, and how?
2. You shuffle the keys and their values together. Which of these change: scores, weights, output?

<details><summary>Answers, after you have said yours</summary>

1. `attention_scores` adds over d_k products, and `scale_scores` divides by its root.
2. The columns of scores and weights are shuffled along with the keys. The output stays.

</details>
"""

# %% insert="setup"

# %% tags=["illustration"]
from plots import allowed, arrows, heat, once_written  # plots.py lies beside it

# %% [markdown]
"""
## Your four functions

Copy your answers from notebooks 1 to 4 into these four cells. The cells give no points themselves, but what you
build today depends on them.
"""


# %% answer="copy-of-attention_scores"
def attention_scores(Q, K):
    """(…, n_q, d_k), (…, n_k, d_k) -> (…, n_q, n_k)"""
    ### BEGIN SOLUTION
    return Q @ np.swapaxes(K, -1, -2)
    ### END SOLUTION


# %% answer="copy-of-scale_scores"
def scale_scores(scores, d_k):
    """scores of any shape -> the same shape"""
    ### BEGIN SOLUTION
    return scores / np.sqrt(d_k)
    ### END SOLUTION


# %% answer="copy-of-softmax"
def softmax(scores, axis=-1):
    """scores of any shape -> weights of the same shape"""
    ### BEGIN SOLUTION
    powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)
    ### END SOLUTION


# %% answer="copy-of-weighted_sum"
def weighted_sum(weights, V):
    """(…, n_q, n_k), (…, n_k, d_v) -> (…, n_q, d_v)"""
    ### BEGIN SOLUTION
    return weights @ V
    ### END SOLUTION


# %% [markdown]
"""
## A word as a vector

Four components are enough to tell two banks apart: money, nature, seat and action. "bank" itself stands between money and
nature; words like "the" or "my" are all zeros. We chose the numbers so that you can follow them. A real
model learns such numbers, hundreds for each word, and nobody can name the components.

The lesson's second sentence is about a park *bench*, so it has no "bank" to look at. Ours is about the river.
"""

# %%
vectors = {  # money, nature, seat, action
    "bank": [1, 1, 0, 0],
    "paid": [1, 0, 0, 2],
    "salary": [3, 0, 0, 0],
    "river": [0, 3, 0, 0],
    "sat": [0, 0, 2, 1],
}
A = ["the", "bank", "paid", "my", "salary"]
B = ["we", "sat", "on", "the", "river", "bank"]
XA = np.array([vectors.get(word, [0, 0, 0, 0]) for word in A], dtype=float)
XB = np.array([vectors.get(word, [0, 0, 0, 0]) for word in B], dtype=float)
print(XA.shape, XB.shape)

# %% [markdown]
"""
Each word needs a query, a key and a value. To begin with, all three are the word's own vector: Q = K = V = X. This is
**self-attention**: a sentence asks itself. Later today you change what each word asks.

You know from notebook 0 what "bank" does in sentence A, "the bank paid my salary". But every word asks.

**Predict, in writing:** which word gets the largest weight from "paid"? And what do the weights of "the" look like, whose
query is all zeros?
"""

# %% [markdown]
"""
**My prediction** (double-click here and write): …
"""

# %% [markdown]
"""
## Put the steps in order

Here are the lines of the program, shuffled. One of them does not belong. Write the letters of the others in the right
order, for example `"AB"`.

The lesson that this course grew from lists five steps: multiply, repeat, softmax, multiply, add up. One step of the
formula is missing from that list. It is one of the lines here.
"""

# %%
lines = {
    "A": "output = weights @ XA",
    "B": "powers = np.exp(scores)",
    "C": "scores = XA @ XA.T",
    "D": "weights = powers / np.sum(powers, axis=-1, keepdims=True)",
    "E": "scores = XA * XA",
    "F": "scores = scores / np.sqrt(4)",
}


# %% answer="gap-order" tags=["illustration"]
def order():
    """The letters in the right order, as one string."""
    ### BEGIN SOLUTION
    return "CFBDA"
    ### END SOLUTION


# %% tags=["illustration"]
names = {"np": np, "XA": XA}
with once_written():
    try:
        for letter in order():
            exec(lines[letter], names)
        bank = names["output"][1]
        if "E" in order():
            print("It runs, but one line does not belong. Think of notebook 1.")
        elif np.allclose(bank, [1.642, 0.251, 0, 0.304], atol=1e-3):
            print("Right: scaled dot-product attention. New bank:", np.round(bank, 3))
        else:
            print("It runs, but exp meets unscaled scores. Think of notebook 2.")
    except (KeyError, NameError, ValueError) as problem:
        print("It stops: something is missing, or two shapes do not fit.", problem)

# %% [markdown] clause="mask"
"""
## Which words may look at which

Sometimes a word must not see another: an empty place that only fills up a short sentence, or, in a model that writes
text, a word that comes later. Softmax alone gives everybody something, so a **mask** says which words to leave out. It is an array of True and False, a row for each query and a column
for each key: **True means "may attend"**.

A **causal mask** lets each word see itself and the words before it.
"""

# %% tags=["illustration"] clause="mask"
causal = np.tril(np.ones((5, 5), dtype=bool))  # True up to the diagonal
allowed(causal, A, A, "A causal mask for sentence A")

# %% [markdown] clause="mask"
"""
## Where does the mask go?

A blocked key must get a weight of exactly 0, and the weights that remain must still sum to 1. Three ideas; one works.

**Predict** which, before you run it.
"""

# %% tags=["illustration"] clause="mask"
row = np.array([0.5, 1.0, 2.0])
may = np.array([True, True, False])


def shares(scores):
    return np.exp(scores) / np.exp(scores).sum()


for idea, weights in (
    ("weights set to 0 after softmax ", np.where(may, shares(row), 0)),
    ("scores multiplied by the mask  ", shares(row * may)),
    ("scores set very low before it  ", shares(np.where(may, row, -1e30))),
):
    print(idea, np.round(weights, 3), "sum", np.round(weights.sum(), 3))

# %% [markdown] clause="mask"
"""
The third. After softmax it is too late: the blocked key has already taken its share, and the row no longer sums to 1. A
score multiplied by False becomes 0, and exp(0) is 1: the blocked key is still there.

`np.where(mask, scores, low)` keeps a score where the mask is True and puts `low` where it is False. `low` has to be
lower than any score can get: where scores go down to −100,000, a `low` of −10,000 would win the row.
"""

# %% [markdown] clause="mask"
"""
> **Watch out.** Some libraries use True for "blocked". Here True means "may attend". Read the docstring each time.

`np.where` stretches a small mask over the scores, as numpy stretches any array: a mask of shape (n_k,) counts for every
query, and one of shape (batch, 1, n_k) counts for every query of its sentence.
"""

# %% [markdown] clause="fully-masked"
"""
## Nobody to ask

What if a query may attend to *no* key? If every score of a row is −1e30, they are all alike, and softmax spreads the
weights evenly: the word listens to all those it may not see.

The course's rule: **such a row has weights 0 and output 0.** Think about where you say that. Setting blocked weights to
0 *after* softmax does no harm when the scores were blocked before it, too.
"""

# %% [markdown]
"""
## What your function must keep

The check, and later the grading, ask for these lists and for nothing outside them.

- You return a tuple of two arrays, `(output, weights)`, in this order.
- The scale is the root of the number of components of a *key*, the last axis of `Q` and `K`. It is not d_v.
- n_q, n_k, d_k and d_v may all differ, and any of them may be 1.
- `Q`, `K` and `V` may be stacks, with one or two axes in front, the same for all three.
- Scaled scores up to ±100,000 work: no inf, no nan.
"""

# %% [markdown] clause="mask"
"""
About masks:

- `mask` is None (everybody may look at everybody) or an array of booleans; True means "may attend".
- A blocked weight is exactly 0, and the rest of its row sums to 1.
"""

# %% [markdown] clause="mask-broadcast"
"""
- A mask has shape (n_q, n_k), or the same with the axes in front, (…, n_q, n_k), or (…, 1, n_k), or (n_k,).
"""

# %% [markdown] clause="fully-masked"
"""
- A row with no allowed key has weights 0 and output 0.
"""

# %% [markdown]
"""
About the arrays:

- Whole numbers give the same result as the same numbers written as floats. Nine digits have to be right.
- All arguments stay as they were. They may be read-only, or slices of larger arrays.
- Both results are plain numpy arrays of numbers. The inputs differ from student to student.
"""

# %% [markdown]
"""
<details><summary>Hint 1: a question</summary>

What does each of your four functions take, and what does it give back? Write them in a line, so that each eats what the
one before it gives.

</details>

<details><summary>Hint 2: a direction</summary>

Four functions, four calls, each with what the one before gave back. `Q.shape[-1]` is d_k.

</details>

<details><summary>Hint 3: nearly there</summary>

Name what each step gives: `scores`, `weights`, `output`. You will need `weights` twice: for the mix, and to return it.

</details>
"""

# %% [markdown] clause="mask"
"""
<details><summary>A hint for the mask</summary>

Write the function without the mask first, and run the check. Then: there is one place between scaling and softmax, and
one between softmax and the mix. `np.where(mask, …, …)` fits in both, and neither is needed when `mask is None`.

</details>
"""

# %% [markdown]
"""
## Write it
"""


# %% answer="scaled_dot_product_attention"
def scaled_dot_product_attention(Q, K, V, mask=None):
    """(output, weights): mixes (…, n_q, d_v) and weights (…, n_q, n_k)."""
    ### BEGIN SOLUTION
    scores = scale_scores(attention_scores(Q, K), Q.shape[-1])
    if mask is not None:
        # A finite number: with -inf a row that is blocked everywhere would give nan.
        scores = np.where(mask, scores, -1e30)
    weights = softmax(scores)
    if mask is not None:
        # This matters only where a query may attend to nobody.
        weights = np.where(mask, weights, 0.0)
    return weighted_sum(weights, V), weights
    ### END SOLUTION


# %% check="scaled_dot_product_attention"
check(scaled_dot_product_attention)

# %% [markdown]
"""
## Bank in two sentences

Now look at what you have built. Each row is a word that asks, each column a word that answers.

Find the row of "bank": you know it from notebook 0, and now it is yours. Then find "paid" and "the". Were your
predictions right?
"""

# %% tags=["illustration"]
with once_written():
    new_a, weights_a = scaled_dot_product_attention(XA, XA, XA)
    heat(weights_a, A, A, "Sentence A")

# %% tags=["illustration"]
with once_written():
    new_b, weights_b = scaled_dot_product_attention(XB, XB, XB)
    heat(weights_b, B, B, "Sentence B")

# %% [markdown]
"""
In A, "bank" gives 0.413 to "salary" and 0.251 to itself; in B it gives 0.400 to "river". "paid" gives most to itself,
0.60. And "the" asks for nothing, so all its scores are 0 and all five words get the same: a score of 0 is not a weight
of 0.
"""

# %% [markdown]
"""
Three more things to notice:

- The lesson says that "bank" looks at "money" in such a sentence. There is no "money" in it: **only keys that are
  present get weights.**
- "sat" in B ties with "on": both have score 0 with "bank".
- "bank" asks itself too. The lesson's drawing leaves that out, and takes "park" from its other sentence. **Predict:**
  what happens to the other four weights when the own key of "bank" is left out?
"""

# %% tags=["illustration"]
with once_written():
    others = np.array([0, 2, 3, 4])  # everybody in A but bank: one query, four keys
    _, without_itself = scaled_dot_product_attention(XA[1:2], XA[others], XA[others])
    for j, other in enumerate(others):
        before, now = weights_a[1, other], without_itself[0, j]
        print(f"bank -> {A[other]:6} {before:.3f} with itself, {now:.3f} without")

# %% [markdown]
"""
All four grow, each by the same factor: weights are shares of 1, and what one key loses the others gain.

Now look at the new vectors. The picture has the first two components, money and nature. The line below it has the
**cosine** of the angle between the two new vectors: 1 if they point the same way, 0 at a right angle.
"""

# %% tags=["illustration"]
with once_written():
    new_a, _ = scaled_dot_product_attention(XA, XA, XA)
    new_b, _ = scaled_dot_product_attention(XB, XB, XB)
    arrows(
        {"bank alone": XA[1], "bank in A": new_a[1], "bank in B": new_b[5]},
        "money",
        "nature",
        "Where bank points",
    )
    cosine = new_a[1] @ new_b[5] / np.linalg.norm(new_a[1]) / np.linalg.norm(new_b[5])
    print(f"cosine between the two banks: 1 before, {cosine:.3f} after")

# %% [markdown]
"""
The same word went in twice, with the same vector. What comes out points to 8.7° in A, nearly all money, and to 80.5° in
B, nearly all nature. The cosine between the two falls from 1 to 0.316.

No rule says "after 'river', bank means a shore". But do not say "no dictionary" either: the vectors *are* one, looked up
word by word. What attention adds is the mixing, and the mixing depends on the sentence.
"""

# %% [markdown]
"""
## Change what a word asks

A model does not use the word's vector as it is. It multiplies it by three matrices that it has learned: X @ W_Q gives
the queries, X @ W_K the keys, X @ W_V the values. They are called **projections**. So far ours were the identity, which
changes nothing.

Row r, column c of W_Q says: what a word has of component r, its query asks of component c. **Predict:** "bank" has some
nature. Let nature ask for seat. Which word of B gains?
"""

# %% tags=["illustration"]
W_Q, W_K, W_V = np.eye(4), np.eye(4), np.eye(4)
W_Q[1, 2] = 1  # what is nature also asks for seat; change me
with once_written():
    _, weights = scaled_dot_product_attention(XB @ W_Q, XB @ W_K, XB @ W_V)
    for j, word in enumerate(B):
        before, now = weights_b[5, j], weights[5, j]
        print(f"bank -> {word:6} {before:.3f} before, {now:.3f} now")

# %% [markdown]
"""
"sat" rises from 0.089 to 0.210, and every other word loses: weights are relative. Now change a line and predict again:

- `W_Q = 2 * np.eye(4)`: the same as no scaling at all here. Why? (√d_k is 2.)
- `W_V = np.eye(4)[:, :3]`: values of three components. What shape has the output?
- `W_Q = np.zeros((4, 4))`: a word that asks nothing. What are its weights?
- `W_Q = np.random.default_rng(0).normal(size=(4, 4))`: projections that nobody trained.
"""

# %% [markdown]
"""
<details><summary>What you should see</summary>

1. All scores double, and that undoes the division by 2.
2. (6, 3): a value's components are the output's. The weights stay.
3. All equal, one sixth each: every score is 0.
4. Weights that follow no sense of the words. The formula needs good projections; training finds them.

</details>
"""

# %% [markdown] clause="mask"
"""
## A word that cannot look ahead

A model that writes text, word by word, uses the causal mask. **Predict:** in A, "the bank paid my salary", where does
"bank" point when it can see only "the" and itself? And in B, where it stands last?
"""

# %% tags=["illustration"] clause="mask"
with once_written():
    before_a = np.tril(np.ones((5, 5), dtype=bool))
    before_b = np.tril(np.ones((6, 6), dtype=bool))
    causal_a, causal_weights = scaled_dot_product_attention(XA, XA, XA, before_a)
    causal_b, _ = scaled_dot_product_attention(XB, XB, XB, before_b)
    heat(causal_weights, A, A, "Sentence A under a causal mask")
    print("bank in A:", np.round(causal_a[1], 3), "in B:", np.round(causal_b[5], 3))

# %% [markdown] clause="mask"
"""
In A the weights are 0.269 for "the" and 0.731 for "bank", and the new vector is [0.731, 0.731, 0, 0]: still 45°, exactly
between money and nature. Its clues, "paid" and "salary", come later. In B nothing changes, for "bank" comes last.

So "a word asks all the others" is half the truth: it holds where the whole text is there to read, and not in a model
that writes.
"""

# %% [markdown] clause="fully-masked"
"""
And the word that may ask nobody? Block the whole row of "the". **Predict** its weights and its output.
"""

# %% tags=["illustration"] clause="fully-masked"
with once_written():
    may = np.ones((5, 5), dtype=bool)
    may[0] = False  # "the" may attend to nobody
    output, weights = scaled_dot_product_attention(XA, XA, XA, may)
    print("weights of the:", weights[0], " output:", output[0])

# %% [markdown]
"""
## All at once, and what it costs

People say that attention is fast because it is parallel. Measure it: all scores, once pair by pair in a loop, and once
with your `attention_scores`. **Predict:** how many times as fast are matrices? And how does the time grow when the text
becomes twice as long?
"""

# %% tags=["illustration"]
from time import perf_counter


def milliseconds(program):
    times = []
    for _ in range(3):
        start = perf_counter()
        program()
        times.append(perf_counter() - start)
    return 1000 * min(times)


# %% tags=["illustration"]
with once_written():
    for n in (50, 100, 200):
        X = np.random.default_rng(n).normal(size=(n, 64))
        one_by_one = milliseconds(lambda X=X: [[q @ k for k in X] for q in X])
        together = milliseconds(lambda X=X: attention_scores(X, X))
        times = f"{one_by_one:6.2f} ms in a loop, {together:5.2f} ms at once"
        print(f"{n:3} words, {n * n:6,} scores: {times}")

# %% [markdown]
"""
The times are those of your computer, and they jump from run to run; look at how far apart they are. No pair waits for
another, so all of them can be computed at once. But count the scores: twice the words, four times the
scores. That is n², the price of letting everybody ask everybody.

And not everything is parallel. A model stacks many **layers** of attention, and each needs the result of the one before
it. A model that writes makes one word after another, because the next one depends on the last.
"""

# %% [markdown]
"""
## Break it on purpose

Copy your function into the scratch cell, break it there, and add a line that checks the copy. One at a time:

1. scale by the number of components of a *value*;
2. return only the output;
3. swap the two results;
4. forget `scale_scores`.

**Predict** each time: would sentence A have shown you the mistake? Then read what the check says. At the end, run your
own answer again.
"""

# %% tags=["illustration"]
# Scratch: copy your function here, break it, and check the copy.
# Nobody grades this cell.

# %% [markdown]
"""
<details><summary>What sentence A shows, and what it hides</summary>

1. Hidden. There Q = K = V = X, so a value has as many components as a key, and both roots are the same number.
2. Shown at once: five rows do not fit into two names.
3. Shown: the rows of "weights" do not sum to 1.
4. Hidden, unless you know the numbers: the rows sum to 1, and they only look sharper.

Square, equal and symmetric examples hide mistakes. The check's examples are none of these.

</details>
"""

# %% [markdown] question="why"
"""
## One question

Your friend reads the heat map of A and says: "The model *understands* bank as money, because it looks at salary." What
do you answer, in two sentences?
"""

# %% [markdown] reply="why"
"""
The weight says how much of the value of "salary" goes into the mix, for vectors that we chose ourselves. Mixes can be
alike with different weights, as you saw in notebook 4, so a weight alone is a weak explanation of what a model does.
"""

# %% [markdown]
r"""
## What you have now

- The whole formula, from your own four functions, and it returns the mix *and* the weights.
- The same word, two sentences, two vectors: 8.7° and 80.5°.
- Projections decide what a word asks, offers and says; a model learns them.
- n² scores: the price of asking everybody.

$$\operatorname{Attention}(Q, K, V) = \operatorname{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$

Last, you take a word of your own, and say what you expect before you compute.

**Next:** [6 · Reflection](../6-reflection/6-reflection.ipynb)
"""
