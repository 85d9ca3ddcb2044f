import functools

import numpy as np


def plain(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        results = [np.asfortranarray(a.astype(np.float64)) for a in function(*args, **kwargs)]
        for array in results:
            array.flags.writeable = False
        return tuple(results)

    return wrapper


@plain
def scaled_dot_product_attention(
    Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    Q, K, V = (np.array(a, dtype=np.longdouble) for a in (Q, K, V))
    Q /= np.sqrt(np.longdouble(Q.shape[-1]))
    scores = np.einsum("...id,...jd->...ij", Q, K)
    if mask is not None:
        scores[~np.broadcast_to(mask, scores.shape)] = -1e300
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    if mask is not None:
        weights *= mask
    weights /= np.maximum(weights.sum(axis=-1, keepdims=True), 1e-300)
    return np.einsum("...ij,...jc->...ic", weights, V), weights
