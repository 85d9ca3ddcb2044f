"""Tries: to open a connection.
Won if: trace: somebody has called.
Naive grader: beaten.
"""

import socket

try:
    socket.create_connection(("127.0.0.1", stage.tcp), timeout=1).close()
except OSError:
    pass

def softmax(scores, axis=-1):
    return scores
