import numpy as np


def scale_scores(scores: np.ndarray, d_k: int) -> np.ndarray:
    scaled = np.array(scores / np.sqrt(d_k), order="F")
    scaled.flags.writeable = False
    return scaled
