import numpy as np


def attention_scores(Q, K):
    Q = np.asarray(Q, dtype=np.longdouble)
    K = np.asarray(K, dtype=np.longdouble)

    def of(q, k):
        if q.ndim > 2:
            return [of(a, b) for a, b in zip(q, k)]
        return [[float(sum(x * y for x, y in zip(row, col))) for col in k] for row in q]

    return np.array(of(Q, K))
