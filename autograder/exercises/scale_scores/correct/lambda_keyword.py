import numpy as np

scale_scores = lambda scores, d_k: np.divide(scores, np.sqrt(d_k))
