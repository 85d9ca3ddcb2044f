def softmax(scores, axis=-1):
    result = np.zeros_like(scores)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result[:] = e / e.sum(axis=axis, keepdims=True)
    return result
