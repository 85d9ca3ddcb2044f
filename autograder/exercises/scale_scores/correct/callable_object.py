import numpy as np


class Scaler:
    def __call__(self, scores, d_k):
        return np.multiply(scores, self.factor(d_k))

    @staticmethod
    def factor(d_k):
        return 1 / np.sqrt(d_k)


scale_scores = Scaler()
