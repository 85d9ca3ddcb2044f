"""A picture of the result."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save

SOURCE = """import matplotlib.pyplot as plt
plt.plot(softmax(np.arange(5.0)))
plt.show()"""


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code(SOURCE), below="check-softmax"))
