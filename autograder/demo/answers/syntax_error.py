def softmax(scores, axis=-1)
    return np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)
