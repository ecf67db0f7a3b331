"""What the page of a support action asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms

from schools.models import AuditEntry, District, SchoolMatch
from schools.services import wishes
from schools.written import WrittenField

READ_BY_DISTRICT = "The district reads it in its history, with your name."


class ReasonForm(forms.Form):
    """Asks why; enough for most actions. `districts` are those it is asked about."""

    why = WrittenField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=READ_BY_DISTRICT,
    )

    def __init__(
        self, *args: Any, districts: Sequence[District] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.districts = districts


class ActivateForm(ReasonForm):
    """Asks with whom the request was confirmed, and for both prerequisites."""

    confirmed_with = WrittenField(
        max_length=200,
        label="Confirmed with",
        help_text="Name and position of the person in the district.",
    )
    clever_account = forms.BooleanField(
        label="The district has an active Clever account"
    )
    subscription = forms.BooleanField(
        label="The district has a Naviance for Districts subscription"
    )
    why = WrittenField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=READ_BY_DISTRICT,
    )
    field_order = ["confirmed_with", "clever_account", "subscription", "why"]


class LaunchDateForm(ReasonForm):
    """Asks for the new launch date."""

    launch_date = forms.DateField(
        label="New launch date",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="By the district’s own calendar.",
    )
    field_order = ["launch_date", "why"]


class DeclineForm(ReasonForm):
    """Asks which of the district's open wishes is declined."""

    wish = forms.ChoiceField(label="Wish")
    field_order = ["wish", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [
            (wish.asked, entry)
            for district in self.districts
            for wish in wishes.WISHES
            if (entry := wishes.open_wish(district, wish))
        ]
        choices = [(asked, _wish_line(entry)) for asked, entry in found]
        if len(choices) > 1:
            choices.insert(0, ("", "Choose a wish"))
        field = self.fields["wish"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class UnlockForm(ReasonForm):
    """Asks which of the district's locked school matches is meant."""

    match = forms.ModelChoiceField(
        SchoolMatch.objects.none(), label="School match", empty_label="Choose a match"
    )
    field_order = ["match", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locked = SchoolMatch.objects.filter(
            district__in=self.districts, imported_at__isnull=False
        )
        field = self.fields["match"]
        if isinstance(field, forms.ModelChoiceField):
            named = locked.select_related("school", "clever_school")
            field.queryset = named.order_by("school__name", "pk")


def _wish_line(entry: AuditEntry) -> str:
    words = wishes.in_words(entry)
    return f"{words[0].upper()}{words[1:]}, asked by {entry.actor_name}"
