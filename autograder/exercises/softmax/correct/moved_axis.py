import numpy as np


def softmax(scores, axis=-1):
    last = np.swapaxes(scores, axis, -1)
    powers = np.exp(last - last.max(-1)[..., None])
    return np.swapaxes(powers / powers.sum(-1)[..., None], axis, -1)
