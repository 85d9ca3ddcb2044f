"""How the text of a cell names its pictures, in forms that JupyterLab shows and a renderer of markdown does not."""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.feedback.pictures import attachment_uri

_IN_QUOTES = re.compile(r"""(?P<quote>["'])\s*data:image/[\w.+-]+[^,"']{0,200},(?P<data>[^"']*)(?P=quote)""", re.I)
_BARE = re.compile(r"(?<=[(<=\s])data:image/[\w.+-]+[^,()<>\s]{0,200},(?P<data>[\w+/=%.~-]+)", re.I)


def extract_data_uris(source: str, taken: Collection[str]) -> tuple[str, dict[str, str]]:
    """Replace pictures that are written into a text by the names of attachments; return the text and their data.

    Their data would make the text too long to render. ``taken`` are names that the new ones must differ from.
    """
    found: dict[str, str] = {}

    def name_for(data: str) -> str:
        number = len(found) + 1
        while f"picture-{number}" in taken or f"picture-{number}" in found:
            number += 1
        found[f"picture-{number}"] = data
        return attachment_uri(f"picture-{number}")

    source = _IN_QUOTES.sub(lambda match: f"{match['quote']}{name_for(match['data'])}{match['quote']}", source)
    return _BARE.sub(lambda match: name_for(match["data"]), source), found


def escape_names(source: str, attachments: Collection[str]) -> str:
    """Escape names of attachments in which markdown would see the end of a link, such as ``my drawing (1).png``."""
    for name in attachments:
        if re.search(r"[\s()]", name):
            source = source.replace(f"(attachment:{name})", f"({attachment_uri(name)})")
    return source
