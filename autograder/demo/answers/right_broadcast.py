def softmax(scores, axis=-1):
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=axis, keepdims=True)
