from math import sqrt


def scale_scores(scores, d_k):
    return scores / sqrt(d_k)
