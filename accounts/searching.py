"""What a search for people looks in, and the name lists are sorted by."""

from anyascii import anyascii


def fold(text: str) -> str:
    """Return the text without case and accents, single spaces between words."""
    if not text.isascii():
        text = anyascii(text)
    return " ".join(text.lower().split())


def search_text(
    first_name: str,
    middle_name: str,
    last_name: str,
    job_title: str,
    email: str,
    employee_id: str,
) -> str:
    """Return what a search looks in, folded as a search folds what is typed.

    Its first line is the name, last name first: lists are sorted by it. No word holds
    a line break, so none is found across the two.
    """
    rest = fold(f"{middle_name} {email} {employee_id} {job_title}")
    return f"{fold(f'{last_name} {first_name}')}\n{rest}"
