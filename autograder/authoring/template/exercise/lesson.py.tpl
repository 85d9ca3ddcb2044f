# ---
# jupyter:
#   autograder:
#     assignment: 7-mine
# ---

# %% [markdown]
# # Your own exercise
#
# This example works from end to end: it subtracts from each row its mean. Write your own text in its place, say in it
# everything that can cost points, and keep the cell markers.

# %% insert="setup"

# %% [markdown]
# ## Write it
#
# `my_function(rows)` takes an array of any shape whose last axis holds the rows. From each number it subtracts the mean
# of its row, so that every row of the result sums to 0. Whole numbers are welcome, and the caller's array stays as it is.

# %% answer="my_function"
def my_function(rows):
    """Subtract from each row its mean: (…, n) -> (…, n)."""
    ### BEGIN SOLUTION
    return rows - rows.mean(axis=-1, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# The check tells you what holds already, and for the rest what to look at.

# %% check="my_function"
check(my_function)
