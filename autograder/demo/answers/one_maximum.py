def softmax(scores, axis=-1):
    e = np.exp(scores - scores.max())
    return e / e.sum(axis=axis, keepdims=True)
