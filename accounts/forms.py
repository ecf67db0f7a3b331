"""What somebody types of a staff account, checked field by field."""

from collections.abc import Container, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.access import Within
from accounts.addresses import is_address
from accounts.models import StaffAccount, UserRole
from accounts.services.staff_guards import role_misfit
from accounts.staff_rows import TEXTS
from accounts.staff_values import FIELDS, Pin, Values
from schools.columns import column_lengths
from schools.models import District, School
from schools.written import LineField

LABELS = {
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "job_title": "Job title",
    "email": "E-mail",
    "employee_id": "Employee ID",
}
TOO_LONG = "It has %(show_value)d characters; at most %(limit_value)d fit. Shorten it."
GONE = "What was chosen is gone meanwhile. Choose another one."
NO_NAME = "Enter the last name: without it nobody is found or matched."
NO_EMAIL = (
    "“%(value)s” is no e-mail address. Write it like name@district.org, or leave it "
    "empty."
)


class Typed(LineField):
    """A text that somebody types; one that is sent as it was `before` stays so."""

    def __init__(self, *, before: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.before = before

    def to_python(self, value: Any) -> Any:
        """Return the text put in order."""
        is_as_before = self.before is not None and value == self.before
        return value if is_as_before else super().to_python(value)


class AccountForm(forms.Form):
    """The fields of one account.

    `before` are the values it had, as a form sends them: these are taken as they are.
    """

    teacher_list = forms.BooleanField(required=False, label="Teacher List")
    counselor_list = forms.BooleanField(required=False, label="Counselor List")

    def __init__(
        self,
        district: District,
        data: QueryDict | None = None,
        initial: Mapping[str, object] | None = None,
        before: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.district = district
        self.before = before or {}
        for name, longest in column_lengths(StaffAccount, TEXTS).items():
            self.fields[name] = Typed(
                before=self.before.get(name),
                label=LABELS[name],
                required=False,
                max_length=longest,
                error_messages={"max_length": TOO_LONG},
            )
        for name, label, named in (
            ("job_function", "Job function", district.job_functions.all()),
            ("user_role", "User role", district.user_roles.all()),
            ("zone", "Zone", district.zones.all()),
        ):
            self.fields[name] = forms.ModelChoiceField(
                named,
                label=label,
                required=False,
                empty_label=_NOTHING[name],
                error_messages={"invalid_choice": GONE},
            )

    def clean_last_name(self) -> str:
        """Return the last name; a new account needs one."""
        name = str(self.cleaned_data["last_name"])
        if not name and self.before.get("last_name") != "":
            raise ValidationError(NO_NAME)
        return name

    def clean_email(self) -> str:
        """Return the address; one that is there already may be as bad as it is."""
        email = str(self.cleaned_data["email"])
        is_new = email != self.before.get("email")
        if email and is_new and not is_address(email):
            raise ValidationError(NO_EMAIL, params={"value": email})
        return email

    def check_role(self, *, at_district: bool) -> None:
        """Refuse, at its field, a role that doesn't fit the place; not one it had."""
        role = self.cleaned_data.get("user_role")
        if role is None or str(role.pk) == self.before.get("user_role"):
            return
        if misfit := role_misfit(role, at_district=at_district):
            self.add_error("user_role", misfit)

    def values(self) -> Values:
        """Return what was entered, once the form is valid."""
        given = self.cleaned_data
        return Values(**{name: given[name] for name in FIELDS if name in given})


_NOTHING = {
    "job_function": "None",
    "user_role": "No role",
    "zone": "Full access (unrestricted)",
}


class EditForm(AccountForm):
    """An account's fields, and for each that Clever knows what becomes of it."""

    def __init__(self, account: StaffAccount, data: QueryDict | None = None) -> None:
        before = values_of(account)
        super().__init__(account.district, data, before, before)
        self.account = account
        for name in TEXTS:
            is_pinned = name in account.pinned_fields
            choices = _PINNED if is_pinned else _FOLLOWING
            self.fields[pin_of(name)] = forms.ChoiceField(
                label=f"{LABELS[name]}: Clever", choices=choices, required=False
            )
        if account.school_id is not None:
            del self.fields["zone"]
        roles = self.fields["user_role"]
        if isinstance(roles, forms.ModelChoiceField):
            kept = {before["user_role"], data.get("user_role") if data else ""}
            roles.choices = _at_place(account, kept)

    def clean(self) -> dict[str, object]:
        """Look whether a new role fits where the account is."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        self.check_role(at_district=self.account.school_id is None)
        return cleaned

    def pins(self) -> dict[str, Pin]:
        """Return what becomes of each field, once the form is valid."""
        sent = {name: self.cleaned_data.get(pin_of(name)) for name in TEXTS}
        return {name: Pin(pin) for name, pin in sent.items() if pin}


class NewForm(AccountForm):
    """A new account's fields, where it is, and whether an import may change it.

    It can be only `within` the schools of somebody whom a zone restricts. A zone
    counts for an account at the district.
    """

    def __init__(
        self,
        district: District,
        data: QueryDict | None = None,
        initial: Mapping[str, object] | None = None,
        within: Within = None,
    ) -> None:
        super().__init__(district, data, initial)
        roles = self.fields["user_role"]
        if isinstance(roles, forms.ModelChoiceField):
            roles.choices = _by_level(district, within)
        schools = [
            (str(school.pk), school.name)
            for school in district.schools.order_by("name")
            if within is None or school.pk in within
        ]
        level = [(AT_DISTRICT, "District level")] if within is None else []
        if within is not None:
            del self.fields["zone"]
        self.fields["place"] = forms.ChoiceField(
            label="School",
            choices=[("", "Choose"), *level, *schools],
            error_messages={
                "required": "Choose a school, or the district level."
                if within is None
                else "Choose a school.",
                "invalid_choice": GONE,
            },
        )
        self.fields["pinning"] = forms.ChoiceField(
            label="If Clever has this person one day",
            choices=[
                ("pinned", "Keep what is entered here (pinned)"),
                ("follows", "Let Clever’s values replace it"),
            ],
            widget=forms.RadioSelect,
            initial="pinned",
        )

    def clean(self) -> dict[str, object]:
        """Leave out the zone at a school; look whether the role fits the place."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        place = cleaned.get("place")
        if place != AT_DISTRICT:
            cleaned["zone"] = None
        if place:
            self.check_role(at_district=place == AT_DISTRICT)
        return cleaned

    def school(self) -> School | None:
        """Return the chosen school, None for the district, once the form is valid."""
        place = self.cleaned_data["place"]
        return None if place == AT_DISTRICT else self.district.schools.get(pk=place)


def _by_level(district: District, within: Within) -> list[tuple[str, object]]:
    """Return the roles under the level of accounts that may have them.

    Somebody whom a zone restricts gives none of the district's.
    """
    roles = list(roles_within(district, within).order_by("name"))
    groups = [
        (
            f"{label} accounts",
            [(str(role.pk), role.name) for role in roles if role.level == level],
        )
        for level, label in UserRole.Level.choices
    ]
    return [("", _NOTHING["user_role"]), *(group for group in groups if group[1])]


def roles_within(district: District, within: Within) -> QuerySet[UserRole]:
    """Return the roles that accounts may have which somebody sees."""
    roles = district.user_roles.all()
    if within is None:
        return roles
    return roles.exclude(level=UserRole.Level.DISTRICT)


def _at_place(account: StaffAccount, kept: Container[object]) -> list[tuple[str, str]]:
    """Return the roles an account may have where it is, and by key those `kept`."""
    at_district = account.school_id is None
    roles = [
        (str(role.pk), role.name)
        for role in account.district.user_roles.order_by("name")
        if str(role.pk) in kept or not role_misfit(role, at_district=at_district)
    ]
    return [("", _NOTHING["user_role"]), *roles]


AT_DISTRICT = "district"
_FOLLOWING = [
    (Pin.CHANGED, "Pin it if I change it"),
    (Pin.FOLLOWS, "Let it follow Clever"),
    (Pin.PINNED, "Pin it as it is"),
]
_PINNED = [(Pin.PINNED, "Keep it pinned"), (Pin.FOLLOWS, "Let it follow Clever")]


def pin_of(name: str) -> str:
    """Return the name of the choice beside a field."""
    return f"pin-{name}"


def values_of(account: StaffAccount) -> dict[str, str]:
    """Return an account's fields as a form sends them."""
    values = {}
    for name in FIELDS:
        value = getattr(account, f"{name}_id", None) or getattr(account, name)
        if isinstance(value, bool):
            value = "on" if value else ""
        values[name] = "" if value is None else str(value)
    return values
