"""From the bytes of Clever's answers to records, forgiving about people's bad data.

A page is decoded in one go. Only when it doesn't fit are its records read one by one,
and those that don't fit are mended: a number where a text belongs becomes that text,
anything else unusable becomes the field's default. A record without an id, or an answer
not of Clever's shape (https://dev.clever.com/docs/paging-and-limits), is an error.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw, Struct, inspect

from clever.errors import UnreadableAnswer
from clever.records import District, Event, Me, Record, School, Section, User

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=Record | Event)
T = TypeVar("T")


class Link(Struct, frozen=True, gc=False):
    """A way from one answer to another, by `rel`: self, prev, next."""

    rel: str | None = None
    uri: str | None = None


class Item(Struct, Generic[T], frozen=True, gc=False):
    """One record in its wrapping."""

    data: T


class Page(Struct, Generic[T], frozen=True):
    """One page of a list, as sent."""

    data: list[Item[T]]
    links: list[Link] | None = None


class Count(Struct, frozen=True):
    """The answer to `count=true`; Clever documents the parameter, not the answer."""

    count: int | None = None


class RecordDecoder(Generic[R]):
    """Decodes pages, single answers and bare records of one kind."""

    def __init__(self, record: type[R], page: type[Page[R]]) -> None:
        self._name = record.__name__
        self._record: msgspec.json.Decoder[R] = msgspec.json.Decoder(record)
        self._page: msgspec.json.Decoder[Page[R]] = msgspec.json.Decoder(page)
        self._shape = inspect.type_info(record)

    def page(self, body: bytes) -> tuple[list[R], str | None]:
        """Return a page's records and the uri of the next page, None on the last.

        Raises UnreadableAnswer.
        """
        if NUL in body:
            return self._mended_page(body)
        try:
            page = self._page.decode(body)
        except (ValueError, RecursionError):
            return self._mended_page(body)
        return [item.data for item in page.data], next_uri(page.links)

    def single(self, body: bytes) -> R:
        """Return the record of a single-object answer; raises UnreadableAnswer."""
        return self.record(bytes(decoded(_SINGLE, body).data))

    def record(self, text: bytes) -> R:
        """Return the record of a bare JSON object; raises UnreadableAnswer."""
        return self._forgiving(text)[0]

    def _mended_page(self, body: bytes) -> tuple[list[R], str | None]:
        page = decoded(_PAGE, body)
        read = [self._forgiving(bytes(item.data)) for item in page.data]
        mended = sum(was_mended for _, was_mended in read)
        logger.info("Mended %d of %d %s records.", mended, len(read), self._name)
        return [record for record, _ in read], next_uri(page.links)

    def _forgiving(self, text: bytes) -> tuple[R, bool]:
        """Return the record and whether it had to be mended."""
        if NUL not in text:
            try:
                return self._record.decode(text), False
            except (ValueError, RecursionError):
                pass
        whole = msgspec.json.encode(_mended(_sound(text), self._shape))
        return decoded(self._record, whole), True


def next_uri(links: Iterable[Link] | None) -> str | None:
    """Return where a list goes on, None on its last page.

    Raises UnreadableAnswer for a next page without an address.
    """
    following = next((link for link in links or () if link.rel == "next"), None)
    if following is None:
        return None
    if not following.uri:
        raise UnreadableAnswer("the link to the next page is empty")
    return following.uri


def count(body: bytes) -> int | None:
    """Return the number in the answer to `count=true`, None where it gives none.

    Raises UnreadableAnswer.
    """
    return decoded(_COUNT, body).count


def me(body: bytes) -> Me:
    """Return whose sign-in token it is; raises UnreadableAnswer."""
    return decoded(_ME, body).data


def record_of(event: Event) -> Record | None:
    """Return an event's record, None for kinds we don't use (terms, courses, …).

    Raises UnreadableAnswer when the record has no id.
    """
    read = _BY_SUBJECT.get(event.subject)
    return read(bytes(event.object)) if read else None


def decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Decode strictly, with a second look at text that a strict reader refuses.

    Raises UnreadableAnswer.
    """
    try:
        try:
            return decoder.decode(body)
        except msgspec.ValidationError:
            raise
        except (ValueError, RecursionError):
            return decoder.decode(msgspec.json.encode(_sound(body)))
    except msgspec.ValidationError as error:
        raise UnreadableAnswer(str(error)) from error


def _sound(text: bytes) -> object:
    """Return the JSON in `text` without what a strict reader or a database refuses.

    These are bytes that aren't UTF-8, halves of characters (an emoji cut in two) and
    NUL. Numbers stay the text they were: "3.60008E+11" is how a spreadsheet spoils an
    id, and it should be seen as that.
    """
    if text.lstrip().startswith(b"<"):
        raise UnreadableAnswer("a web page instead of data")
    try:
        return _cleaned(_LOOSE.decode(text.decode(errors="replace").strip()))
    except (ValueError, RecursionError) as error:
        detail = f"broken JSON: {error}"
        raise UnreadableAnswer(detail) from error


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", "")
    if isinstance(value, list):
        return [_cleaned(member) for member in value]
    if isinstance(value, dict):
        return {str(_cleaned(key)): _cleaned(member) for key, member in value.items()}
    return value


def _mended(value: object, shape: inspect.Type) -> object:
    """Return `value` as `shape` can hold it, None where it can't."""
    mended: object = None
    match shape, value:
        case inspect.UnionType(types=members), _:
            whole = (_mended(value, member) for member in members)
            mended = next((found for found in whole if found is not None), None)
        case inspect.StrType(), str():
            mended = value
        case inspect.VarTupleType(item_type=member), list():
            parts = (_mended(part, member) for part in value)
            mended = [part for part in parts if part is not None]
        case inspect.StructType(fields=fields), dict():
            typed = ((f.encode_name, f.type) for f in fields)
            read = {name: _mended(value.get(name), kind) for name, kind in typed}
            mended = {name: part for name, part in read.items() if part is not None}
        case (inspect.RawType(), _) | (inspect.DictType(), dict()):
            mended = value
    return mended


_LOOSE = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=str, strict=False
)

# As it is written in JSON. PostgreSQL's text can't hold it.
NUL = b"\\u0000"

_PAGE = msgspec.json.Decoder(Page[Raw])
_SINGLE = msgspec.json.Decoder(Item[Raw])
_COUNT = msgspec.json.Decoder(Count)
_ME = msgspec.json.Decoder(Item[Me])

DISTRICTS = RecordDecoder(District, Page[District])
SCHOOLS = RecordDecoder(School, Page[School])
USERS = RecordDecoder(User, Page[User])
SECTIONS = RecordDecoder(Section, Page[Section])
EVENTS = RecordDecoder(Event, Page[Event])

_BY_SUBJECT: dict[str, Callable[[bytes], Record]] = {
    "districts": DISTRICTS.record,
    "schools": SCHOOLS.record,
    "users": USERS.record,
    "sections": SECTIONS.record,
}
