"""The format of a settings file: what it may say, read strictly, written in full.

Reading finds every fault at once, each a sentence that names the key, what stands there
and the remedy. What a key's remedy is, its type says (`Meta.description`).
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from schools.csv_files import shorten
from schools.errors import RefusedError
from schools.written import visible_line
from staffimport.core.keywords import KEYWORD_LENGTH, doubles, keyword_fault
from staffimport.core.values import AppliesTo, Level, Limits

_PRINTABLE = r"[^\x00-\x1f\x7f\ud800-\udfff]*\Z"
_SHOWN_LENGTH = 60
_MOST_DIGITS = 100

_LEVELS = {
    AppliesTo.BOTH: frozenset(Level),
    AppliesTo.SCHOOL: frozenset([Level.SCHOOL]),
    AppliesTo.DISTRICT: frozenset([Level.DISTRICT]),
}

Flag = Annotated[bool, Meta(description="true or false")]
Answer = Annotated[bool | None, Meta(description="true, false, or null if open")]
Percent = Annotated[float, Meta(ge=0, le=100, description="a number from 0 to 100")]
People = Annotated[
    int, Meta(ge=0, le=1_000_000, description="a whole number, 0 or more")
]
KeywordText = Annotated[
    str,
    Meta(
        pattern=rf"^(?=.*\S){_PRINTABLE}",
        max_length=KEYWORD_LENGTH,
        description=f"a word or words, at most {KEYWORD_LENGTH} characters on one line",
    ),
]
Name = Annotated[
    str,
    Meta(
        pattern=rf"^(?=.*\S){_PRINTABLE}",
        max_length=128,
        description="a name of at most 128 characters on one line",
    ),
]
NameOrNone = Annotated[
    Annotated[str, Meta(pattern=rf"^{_PRINTABLE}", max_length=128)] | None,
    Meta(description="a name of at most 128 characters on one line, or null for none"),
]
Placements = Annotated[AppliesTo, Meta(description='"school", "district" or "both"')]
Schools = Annotated[
    Literal["all"] | Annotated[tuple[str, ...], Meta(min_length=1)],
    Meta(description='"all" or a list of one school_id or more'),
]


class KeywordEntry(Struct, frozen=True):
    """One title keyword, in the list whose order decides."""

    keyword: KeywordText
    applies_to: Placements = AppliesTo.BOTH
    job_function: NameOrNone = None
    user_role: NameOrNone = None
    teacher_list: Flag = False
    counselor_list: Flag = False


class SchoolDefault(Struct, frozen=True):
    """What new school staff get when no keyword fits."""

    job_function: NameOrNone = None
    user_role: NameOrNone = "Other School Staff"
    teacher_list: Flag = False
    counselor_list: Flag = False


class DistrictDefault(Struct, frozen=True):
    """What new district staff get when no keyword fits; the zone they get anyway."""

    job_function: NameOrNone = None
    user_role: NameOrNone = "Other District Staff"
    teacher_list: Flag = False
    counselor_list: Flag = False
    zone: NameOrNone = None


class LimitsEntry(Struct, frozen=True):
    """The brake's limits, as `staffimport.core.values.Limits`."""

    removal_percent: Percent = Limits().removal_percent
    removal_people: People = Limits().removal_people
    update_percent: Percent = Limits().update_percent


class SettingsFile(Struct, frozen=True):
    """A whole settings file; a missing key has its default.

    Without `uses_sso` the answer is no: whoever writes a file has had the question.
    """

    keywords: tuple[KeywordEntry, ...] = ()
    school_default: SchoolDefault = SchoolDefault()
    district_default: DistrictDefault = DistrictDefault()
    protected_roles: tuple[Name, ...] = ("District Site Manager",)
    schools: Schools = "all"
    teacher_fallback: Flag = True
    uses_sso: Answer = False
    limits: LimitsEntry = LimitsEntry()


class SettingsRefusedError(RefusedError):
    """A settings file is no good and nothing of it was loaded; `problems` says why."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join([*self.problems, "No setting was changed."]))


def parse(content: bytes) -> SettingsFile:
    """Return the settings in a file; SettingsRefusedError lists all its faults."""
    try:
        raw = _read_json(content)
        problems = [*_faults(raw, SettingsFile, ""), *_keyword_faults(raw)]
    except RecursionError as error:
        problem = "The file holds lists within lists without end. Write it flat."
        raise SettingsRefusedError([problem]) from error
    if problems:
        raise SettingsRefusedError(problems)
    return msgspec.convert(raw, SettingsFile)


def encode(settings: SettingsFile) -> str:
    """Return the text of a settings file, every key in it, indented."""
    compact = msgspec.json.encode(settings)
    return msgspec.json.format(compact, indent=2).decode() + "\n"


def _read_json(content: bytes) -> object:
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_number,
            parse_float=_number,
        )
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"Line {line} is not UTF-8. Save the file as UTF-8."
        raise SettingsRefusedError([problem]) from error
    except json.JSONDecodeError as error:
        problem = (
            f"Line {error.lineno}, column {error.colno} is not JSON: {error.msg}. "
            "Correct it there, or start from a file of the settings as they are, "
            "exported on the Import Staff Data page."
        )
        raise SettingsRefusedError([problem]) from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Take a JSON object unless it has a key twice: one of the two would be lost."""
    times = Counter(key for key, _ in pairs)
    if double := [key for key, count in times.items() if count > 1]:
        key = shorten(double[0])
        problem = f"The key “{key}” stands twice in one place. Keep one of them."
        raise SettingsRefusedError([problem])
    return dict(pairs)


def _refuse_constant(name: str) -> object:
    raise SettingsRefusedError([f"{name} is no number. Write a number."])


@dataclass(frozen=True, slots=True)
class _TooLarge:
    """A number that Python can't hold, as it stood in the file."""

    text: str

    def __str__(self) -> str:
        return self.text


def _number(digits: str) -> object:
    # Python refuses to read a whole number of thousands of digits.
    is_whole = len(digits) < _MOST_DIGITS and digits.lstrip("-").isdigit()
    number = int(digits) if is_whole else float(digits)
    return number if math.isfinite(number) else _TooLarge(digits)


def _faults(value: object, kind: object, path: str) -> Iterator[str]:
    """Yield a sentence for each fault in `value`, which should be a `kind`."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        if isinstance(value, dict):
            yield from _faults_of_object(value, kind, path)
        else:
            yield _sentence(path, value, "an object: { … }")
    elif get_origin(kind) is tuple:
        if isinstance(value, list):
            for position, item in enumerate(value):
                yield from _faults(item, get_args(kind)[0], f"{path}[{position}]")
        else:
            yield _sentence(path, value, "a list: [ … ]")
    else:
        try:
            msgspec.convert(value, kind)
            is_fit = kind != Name or bool(visible_line(str(value)))
        except msgspec.ValidationError:
            is_fit = False
        if not is_fit:
            yield _sentence(path, value, _remedy(kind))


def _faults_of_object(
    value: dict[str, object], kind: type[Struct], path: str
) -> Iterator[str]:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    prefix = f"{path}." if path else ""
    for key in value:
        if key not in fields:
            yield f"“{prefix}{shorten(key)}” is no known key. Use: {', '.join(fields)}."
    for name, field in fields.items():
        if name in value:
            yield from _faults(value[name], field.type, f"{prefix}{name}")
        elif field.required:
            yield f"“{prefix}{name}” is missing. Write {_remedy(field.type)}."


def _keyword_faults(raw: object) -> Iterator[str]:
    """Yield a sentence for each keyword that is well written and no use."""
    listed = raw.get("keywords") if isinstance(raw, dict) else None
    entries: dict[int, KeywordEntry] = {}
    for position, item in enumerate(listed if isinstance(listed, list) else []):
        with suppress(msgspec.ValidationError):
            entries[position] = msgspec.convert(item, KeywordEntry)
    for position, entry in entries.items():
        if fault := keyword_fault(entry.keyword):
            yield f"“keywords[{position}].keyword” can't be used: {fault}"
    positions = list(entries)
    repeated = doubles(
        (entry.keyword, _LEVELS[entry.applies_to]) for entry in entries.values()
    )
    for place, earlier in repeated.items():
        position, first = positions[place], positions[earlier]
        yield (
            f"“keywords[{position}].keyword” is “{entries[position].keyword}”, which "
            f"“keywords[{first}]” has already and decides first. Take one of the two "
            "out, or give them different applies_to."
        )


def _remedy(kind: object) -> str:
    metas = (meta for meta in get_args(kind)[1:] if isinstance(meta, Meta))
    return next((meta.description for meta in metas if meta.description), "it anew")


def _sentence(path: str, value: object, remedy: str) -> str:
    shown = (
        str(value) if isinstance(value, _TooLarge) else json.dumps(value, default=str)
    )
    if len(shown) > _SHOWN_LENGTH:
        shown = f"{shown[:_SHOWN_LENGTH]}…"
    key = f"“{path}” is" if path else "The file holds"
    return f"{key} {shown}. Write {remedy}."
