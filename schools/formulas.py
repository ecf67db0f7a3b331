"""Cells that a spreadsheet would compute: how files of ours keep them text."""

# A cell that begins so is a formula to a spreadsheet, whoever wrote it. Some take the
# full-width signs for the plain ones.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_GUARD = "'"


def guard(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"{_GUARD}{text}" if text.startswith(_STARTS) else text


def unguard(text: str) -> str:
    """Return a text as it was before `guard`; any other as it is."""
    rest = text.removeprefix(_GUARD)
    return rest if rest.startswith(_STARTS) else text
