"""Change a served roster as a district's sync would, with the events that follow.

    standin.change("update", kind="users", id=user_id, set={"email": "a@b.example"})
    standin.change("remove", kind="users", id=user_id)
    standin.change("unshare", school=school_id)

or, several as one sync, over HTTP:

    POST /_standin/changes   {"district": "…", "changes": [{"do": "add", …}, …]}

What can be done (`kind` is "users", "schools" or "sections"):

    add      kind, record          a new record; id, district and dates are filled in
    update   kind, id, set         objects are merged, null is set, lists are replaced
    remove   kind, id              gone from lists, 404 by id; sections keep the dead id
    new_id   id                    Clever gives a user another id; sections follow
    unshare  school                the school, its sections and those only there vanish
    share    school                and come back

Each change gives `<kind>.created`, `.updated` or `.deleted` events, and every sync, an
empty one too, a new `last_sync` of the district.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from clever.standin.district import District
from clever.standin.views import Filter
from clever.standin.wire import Record, timestamp

KINDS = ("schools", "users", "sections")


class Add(msgspec.Struct, tag_field="do", tag="add", forbid_unknown_fields=True):
    """A record appears; fields left out of `record` get plain values."""

    kind: str
    record: Record


class Update(msgspec.Struct, tag_field="do", tag="update", forbid_unknown_fields=True):
    """Values of a record change."""

    kind: str
    id: str
    set: Record


class Remove(msgspec.Struct, tag_field="do", tag="remove", forbid_unknown_fields=True):
    """A record goes."""

    kind: str
    id: str


class NewId(msgspec.Struct, tag_field="do", tag="new_id", forbid_unknown_fields=True):
    """A user's Clever id is replaced by a new one."""

    id: str


class Unshare(
    msgspec.Struct, tag_field="do", tag="unshare", forbid_unknown_fields=True
):
    """A school is no longer shared with the app."""

    school: str


class Share(msgspec.Struct, tag_field="do", tag="share", forbid_unknown_fields=True):
    """A school is shared again."""

    school: str


Change = Add | Update | Remove | NewId | Unshare | Share


class UnknownChangeError(Exception):
    """A change that can't be made; the message says what is wrong with it."""


def parse_changes(changes: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Read changes given as JSON objects; UnknownChangeError names what is wrong."""
    try:
        return msgspec.convert([dict(change) for change in changes], list[Change])
    except msgspec.ValidationError as error:
        raise UnknownChangeError(str(error)) from error


def apply_changes(
    district: District, changes: Sequence[Change], now: float
) -> list[str]:
    """Make the changes as one sync at `now` and return the id each one concerned.

    For `add` and `new_id` that is the new id. Raises UnknownChangeError at the first
    change that names an unknown kind or record; those before it stay made.
    """
    with district.lock:
        writer = _Writer(district, now)
        ids = [writer.make(change) for change in changes]
        district.record = {**district.record, "last_sync": timestamp(now)}
    return ids


class _Writer:
    def __init__(self, district: District, now: float) -> None:
        self.district = district
        self.now = now

    def make(self, change: Change) -> str:
        match change:
            case Add(kind, record):
                return self.add(kind, record)
            case Update(kind, record_id, values):
                return self.update(kind, record_id, values)
            case Remove(kind, record_id):
                return self.remove(kind, record_id)
            case NewId(record_id):
                return self.new_id(record_id)
            case Unshare(school):
                return self.share(school, is_shared=False)
            case Share(school):
                return self.share(school, is_shared=True)

    def add(self, kind: str, values: Record) -> str:
        self._require_kind(kind)
        moment = timestamp(self.now)
        record = {
            "id": self.district.new_record_id(self.now),
            "district": self.district.id,
            "created": moment,
            "last_modified": moment,
            **plain_values(kind),
            **values,
        }
        if record["id"] in self.district.collection(kind):
            sentence = f"{kind} already has {record['id']}."
            raise UnknownChangeError(sentence)
        self._put(kind, record)
        self._emit(f"{kind}.created", record)
        return str(record["id"])

    def update(self, kind: str, record_id: str, values: Record) -> str:
        old = self._get(kind, record_id)
        if values.get("id", record_id) != record_id:
            raise UnknownChangeError("An id is not set: use new_id.")
        new = merged(old, values)
        previous = {k: old.get(k) for k in values if old.get(k) != new.get(k)}
        if previous:
            new["last_modified"] = timestamp(self.now)
            self._put(kind, new)
            self._emit(f"{kind}.updated", new, previous)
        return record_id

    def remove(self, kind: str, record_id: str) -> str:
        record = self._get(kind, record_id)
        self._emit(f"{kind}.deleted", record)
        self.district.collection(kind).remove(record_id)
        return record_id

    def new_id(self, old_id: str) -> str:
        record = self._get("users", old_id)
        taught = self.district.sections.select(Filter(person=old_id))
        self.remove("users", old_id)
        born = {"created": timestamp(self.now), "last_modified": timestamp(self.now)}
        new_id = self.district.new_record_id(self.now)
        self.add("users", {**record, **born, "id": new_id})
        for section_id in taught:
            section = self.district.sections.get(section_id)
            values = {
                name: replaced(section.get(name), old_id, new_id)
                for name in ("teacher", "teachers", "students")
            }
            self.update("sections", section_id, values)
        return new_id

    def share(self, school: str, *, is_shared: bool) -> str:
        self._get("schools", school)
        before = self._shared_ids()
        hidden = self.district.hidden
        self.district.hidden = hidden - {school} if is_shared else hidden | {school}
        after = self._shared_ids()
        for kind in KINDS:
            records = self.district.collection(kind)
            for record_id in sorted(before[kind] - after[kind]):
                self._emit(f"{kind}.deleted", records.get(record_id), is_seen=True)
            for record_id in sorted(after[kind] - before[kind]):
                self._emit(f"{kind}.created", records.get(record_id), is_seen=True)
        return school

    def _shared_ids(self) -> dict[str, set[str]]:
        shared = Filter(hidden=self.district.hidden)
        return {
            kind: set(self.district.collection(kind).select(shared)) for kind in KINDS
        }

    def _emit(
        self,
        event_type: str,
        record: Record,
        previous: Record | None = None,
        *,
        is_seen: bool = False,
    ) -> None:
        # The app isn't told of what isn't shared with it.
        kind = event_type.split(".", maxsplit=1)[0]
        if is_seen or self.district.is_visible(kind, record["id"]):
            self.district.emit(event_type, record, previous, self.now)

    def _get(self, kind: str, record_id: str) -> Record:
        self._require_kind(kind)
        if record_id not in self.district.collection(kind):
            sentence = f"There is no {record_id} among {kind}."
            raise UnknownChangeError(sentence)
        return self.district.collection(kind).get(record_id)

    def _put(self, kind: str, record: Record) -> None:
        try:
            self.district.collection(kind).put(record)
        except msgspec.ValidationError as error:
            sentence = f"{record['id']} of {kind} would be unreadable: {error}."
            raise UnknownChangeError(sentence) from error

    def _require_kind(self, kind: str) -> None:
        if kind not in KINDS:
            sentence = f"kind is {kind!r}; use {', '.join(KINDS)}."
            raise UnknownChangeError(sentence)


def plain_values(kind: str) -> Record:
    """Return what a new record of this kind has where nothing else is said."""
    if kind == "users":
        return {
            "email": None,
            "name": {"first": "", "middle": None, "last": ""},
            "roles": {},
        }
    if kind == "schools":
        return {"name": "", "sis_id": "", "school_number": "", "nces_id": None}
    return {
        "name": "",
        "school": None,
        "sis_id": "",
        "subject": "",
        "teacher": None,
        "teachers": [],
        "students": [],
    }


def merged(old: Record, values: Record) -> Record:
    """Return old with the values set; objects are merged level by level."""
    new = dict(old)
    for name, value in values.items():
        before = old.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            new[name] = merged(before, value)
        else:
            new[name] = value
    return new


def replaced(
    value: str | list[str] | None, old: str, new: str
) -> str | list[str] | None:
    """Return the id, or the list of ids, with one id replaced by another."""
    if isinstance(value, list):
        return [new if item == old else item for item in value]
    return new if value == old else value
