def softmax(scores, axis=-1):
    print("softmax of", scores.shape)
    last = np.moveaxis(np.asarray(scores, dtype=float), axis, -1)
    powers = np.exp(last - last.max(-1)[..., None])
    return np.moveaxis(powers / powers.sum(-1)[..., None], -1, axis)
