import numpy as np


class Mixer:
    """Mixes, and lets nobody change the mix."""

    def __call__(self, weights, V):
        mix = np.asfortranarray(weights @ V)
        mix.flags.writeable = False
        return mix


weighted_sum = Mixer()
