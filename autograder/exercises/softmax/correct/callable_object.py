import numpy as np


class Softmax:
    def __call__(self, scores, axis=-1):
        return self.normalise(np.exp(scores - np.amax(scores, axis, keepdims=True)), axis)

    def normalise(self, powers, axis):
        return np.true_divide(powers, np.add.reduce(powers, axis=axis, keepdims=True))


softmax = Softmax()
