"""Notices of a run about titles that nobody has seen in Clever before."""

from collections.abc import Collection

NEW_TITLES = "new_titles"
_NAMED = 5
_KEPT = 200


def new_titles(
    before: Collection[str], now: Collection[str]
) -> list[dict[str, object]]:
    """Return a notice that names the titles of a pull that the one before lacked.

    `titles` lists them for the workbench; nothing is returned if none is new. Source:
    product.md, "Roles and lists": a title first seen in a later sync is a notice.
    """
    found = sorted(set(now) - set(before))
    if not found:
        return []
    named = ", ".join(f"“{title}”" for title in found[:_NAMED])
    rest = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    one = len(found) == 1
    text = (
        f"{'A title is' if one else f'{len(found)} titles are'} new in Clever: "
        f"{named}{rest}. Check on Import Staff Data which keyword fits "
        f"{'it' if one else 'them'}."
    )
    return [
        {
            "kind": NEW_TITLES,
            "text": text,
            "count": len(found),
            "titles": found[:_KEPT],
        }
    ]
