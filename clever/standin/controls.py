"""The stand-in's own endpoints under /_standin: faults, changes, a look inside."""

from collections.abc import Sequence

import msgspec
from werkzeug.wrappers import Request, Response

from clever.standin.changes import UnknownChangeError, apply_changes, parse_changes
from clever.standin.district import District
from clever.standin.refusals import RefusedError, json_response
from clever.standin.state import State
from clever.standin.wire import Record


class ChangeOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /_standin/changes; `district` may be left out of one."""

    changes: list[Record]
    district: str = ""


def show_state(state: State, _: Request) -> Response:
    """Answer with districts, active faults and counted requests; no tokens."""
    return json_response(
        {
            "districts": [
                {
                    "id": district.id,
                    "name": district.record["name"],
                    "last_sync": district.record["last_sync"],
                    "schools": len(district.schools),
                    "users": len(district.users),
                    "sections": len(district.sections),
                    "events": len(district.events),
                }
                for district in state.districts.values()
            ],
            "faults": state.faults.active(),
            "requests": dict(state.requests),
        }
    )


def show_faults(state: State, _: Request) -> Response:
    """Answer with the faults that are on."""
    return json_response({"faults": state.faults.active()})


def add_fault(state: State, request: Request) -> Response:
    """Switch on the fault in the body."""
    try:
        fault = state.faults.add(msgspec.json.decode(request.get_data(), type=Record))
    except (msgspec.DecodeError, ValueError) as error:
        raise RefusedError(400, str(error)) from error
    return json_response(fault, 201)


def clear_faults(state: State, _: Request) -> Response:
    """Switch off all faults."""
    state.faults.clear()
    return json_response({"faults": []})


def make_changes(state: State, request: Request) -> Response:
    """Make the changes in the body as one sync."""
    try:
        order = msgspec.json.decode(request.get_data(), type=ChangeOrder)
        district = pick_district(state, order.district)
        ids = apply_changes(district, parse_changes(order.changes), state.clock())
    except (msgspec.DecodeError, UnknownChangeError) as error:
        raise RefusedError(400, str(error)) from error
    return json_response({"ids": ids, "last_sync": district.record["last_sync"]})


def pick_district(state: State, district_id: str) -> District:
    """Return the district of this id, or the only one where none is named."""
    choices: Sequence[District] = list(state.districts.values())
    if district_id:
        choices = [d for d in choices if d.id == district_id]
    if len(choices) != 1:
        known = ", ".join(state.districts)
        sentence = f"Name one district of: {known}."
        raise UnknownChangeError(sentence)
    return choices[0]
