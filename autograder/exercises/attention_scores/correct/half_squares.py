import numpy as np


# q·k = (|q|² + |k|² - |q - k|²) / 2
def attention_scores(Q, K):
    Q, K = Q.astype(float), K.astype(float)
    apart = Q[..., :, None, :] - K[..., None, :, :]
    q2 = (Q**2).sum(-1)[..., :, None]
    k2 = (K**2).sum(-1)[..., None, :]
    return (q2 + k2 - (apart**2).sum(-1)) / 2
