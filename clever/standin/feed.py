"""The events endpoints: what changed, oldest first, kept for 30 days.

Source: dev.clever.com/docs/events-api and Clever's recorded answers.
"""

from dataclasses import dataclass

import msgspec
from werkzeug.wrappers import Response

from clever.standin.data import Call, list_response
from clever.standin.district import Event
from clever.standin.refusals import json_response, not_found
from clever.standin.state import PREVIOUS_ON_TOP
from clever.standin.wire import Record, timestamp


def event_record(event: Event, placement: str) -> Record:
    """Return the event as Clever sends it; `placement` is State.previous_attributes."""
    record: Record = {
        "id": event.id,
        "type": event.type,
        "created": timestamp(event.created),
        "data": {"object": event.object},
    }
    if event.previous is not None:
        carrier = record if placement == PREVIOUS_ON_TOP else record["data"]
        carrier["previous_attributes"] = event.previous
    return record


@dataclass(slots=True)
class EventWriter:
    """Writes list items, `{data, uri}`, of events."""

    events: dict[str, Event]
    version: str
    placement: str

    def write(self, record_id: str) -> bytes:
        """Return the item as JSON."""
        return msgspec.json.encode(
            {
                "data": event_record(self.events[record_id], self.placement),
                "uri": f"/{self.version}/events/{record_id}",
            }
        )


def list_events(call: Call) -> Response:
    """Answer /events, of all record types or of those named, of one school or all."""
    types = set(call.request.args.getlist("record_type")) - {""}
    school = call.request.args.get("school", "")
    events = {
        event.id: event
        for event in call.district.events_since(call.now)
        if (not types or event.type.split(".", maxsplit=1)[0] in types)
        and (not school or school in event.schools)
    }
    writer = EventWriter(events, call.version, call.state.previous_attributes)
    return list_response(call, sorted(events), writer, can_count=False)


def show_event(call: Call, record_id: str) -> Response:
    """Answer /events/{id}."""
    for event in call.district.events_since(call.now):
        if event.id == record_id:
            record = event_record(event, call.state.previous_attributes)
            here = {"rel": "self", "uri": f"/{call.version}/events/{record_id}"}
            return json_response({"data": record, "links": [here]})
    raise not_found()
