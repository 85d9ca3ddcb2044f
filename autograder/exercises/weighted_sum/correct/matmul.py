def weighted_sum(weights, V):
    return weights @ V
