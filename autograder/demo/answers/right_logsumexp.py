def softmax(scores, axis=-1):
    top = scores.max(axis=axis, keepdims=True)
    log_sum = top + np.log(np.exp(scores - top).sum(axis=axis, keepdims=True))
    return np.exp(scores - log_sum)
