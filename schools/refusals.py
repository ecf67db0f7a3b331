"""What keeps a deed from being done to a district as it stands, in sentences.

Each returns them, and an empty list where the deed may be done. The deed itself is
refused by them, and who is about to ask for it reads them before. Pure: they ask no
database and no clock.
"""

from schools.launch import is_on_its_way
from schools.models import District, DistrictState


def for_activation(district: District) -> list[str]:
    """Say why a district can't be activated."""
    if district.state == DistrictState.REQUESTED:
        return []
    return [
        f"{district} is {district.state.label.lower()} already; only a requested "
        "district can be activated."
    ]


def beside_the_way(district: District) -> list[str]:
    """Say why nothing on the way to launch can be done: it is not on it."""
    if is_on_its_way(district):
        return []
    why = inactive(district)
    return why or [f"{district} is {district.state.label.lower()} already."]


def inactive(district: District) -> list[str]:
    """Say that a district is not activated yet, or disconnected."""
    if district.activated_at is None and district.disconnected_at is None:
        return [f"{district} is not activated yet. Activate it first."]
    return disconnected(district)


def disconnected(district: District) -> list[str]:
    """Say that a district was disconnected."""
    if district.disconnected_at is None:
        return []
    return [f"{district} was disconnected from Clever."]


def for_review(district: District) -> list[str]:
    """Say why materials can't be marked as reviewed."""
    if why := beside_the_way(district):
        return why
    if district.materials_reviewed_at is None:
        return []
    return [f"The materials of {district} are marked as reviewed already."]


def for_taking_back_review(district: District) -> list[str]:
    """Say why a review of materials can't be taken back."""
    if why := beside_the_way(district):
        return why
    if district.materials_reviewed_at is not None:
        return []
    return [f"The materials of {district} are not marked as reviewed."]


def for_pause(district: District) -> list[str]:
    """Say why a district can't be paused."""
    if why := inactive(district):
        return why
    return [f"{district} is paused already."] if district.is_paused else []


def for_resume(district: District) -> list[str]:
    """Say why a district can't be resumed."""
    if why := inactive(district):
        return why
    return [] if district.is_paused else [f"{district} is not paused."]


def for_resuming_sync(district: District) -> list[str]:
    """Say why the periodic sync can't be resumed."""
    if why := inactive(district):
        return why
    if district.first_final_at is None:
        return ["No final import is applied. The next one starts the periodic sync."]
    if district.sync_paused_at is not None:
        return []
    return ["The periodic sync is on already."]


def for_disconnection(district: District) -> list[str]:
    """Say why a district can't be disconnected."""
    if district.disconnected_at is None:
        return []
    return [f"{district} is disconnected already."]


def for_return(district: District) -> list[str]:
    """Say why a district can't be connected again."""
    if district.disconnected_at is None:
        return [f"{district} is not disconnected."]
    if district.deletion_begun_at is None:
        return []
    return [f"{district} can't come back any more: its data is being deleted."]
