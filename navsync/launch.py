"""The launch page: the days left, what is still needed, wishes, and the history."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.services.launch import ask_for_launch_date
from navsync.templatetags.console import long_day
from schools.access import ConsoleRequest, actor_of, manages_import
from schools.clock import day_in
from schools.errors import RefusedError
from schools.launch import days_left, has_passed, is_on_its_way
from schools.models import District, DistrictState
from schools.queries.launch_history import (
    launch_history,
    refusal_of_date,
    wish_for_date,
)
from schools.services import wishes
from schools.services.due_launches import stop_over_date
from schools.services.setting_up import resume_sync
from schools.written import WrittenField

MOST_DAYS_DRAWN = 60


@dataclass(frozen=True, slots=True)
class Countdown:
    """The days to the launch; `days` holds past, now or later for each on the way."""

    left: int
    days: tuple[str, ...]


class WishForm(forms.Form):
    """What the district asks support for: another date, or a launch at once."""

    EARLY, DATE = "early", "date"

    what = forms.ChoiceField(
        label="What do you ask for?",
        choices=[(DATE, "Another date"), (EARLY, "A launch as soon as possible")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you ask for."},
    )
    wanted = forms.DateField(
        label="Launch date you want",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write a date such as 2026-11-02."},
    )
    why = WrittenField(
        label="Why",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Naviance Support reads it.",
        error_messages={"required": "Say why, so that Support can judge it."},
    )

    def clean(self) -> dict[str, object]:
        """Ask for the date where a date is wanted."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        is_date = cleaned.get("what") == self.DATE
        if is_date and not cleaned.get("wanted") and "wanted" not in self.errors:
            self.add_error("wanted", "Choose the date you want.")
        return cleaned


def countdown(district: District) -> Countdown | None:
    """Return the days to the launch date; None where there is none to count to."""
    today = day_in(district, timezone.now())
    left, end = days_left(district, today), district.launch_date
    if left is None or end is None or district.activated_at is None:
        return None
    first = day_in(district, district.activated_at)
    length = min(max((end - first).days, 1), MOST_DAYS_DRAWN)
    days = [first + timedelta(days=i) for i in range(length)]
    marks = ["past" if d < today else "now" if d == today else "later" for d in days]
    return Countdown(left, tuple(marks))


@require_http_methods(["GET", "HEAD", "POST"])
@manages_import
def launch(request: ConsoleRequest) -> HttpResponse:
    """Show the way to launch; sent, ask support for another date.

    Manual, "Launch the Clever Integration".
    """
    district = request.district
    form = WishForm(
        request.POST or None, initial={"what": WishForm.DATE}, label_suffix=""
    )
    if request.method == "POST" and form.is_valid():
        try:
            wanted = _ask(request, form)
        except RefusedError as error:
            form.add_error(None, error.user_message)
        else:
            what = f"to launch on {long_day(wanted)}" if wanted else "to launch early"
            messages.success(request, f"Naviance Support is asked {what}.")
            return redirect("launch")
    history = launch_history(district)
    context = {
        "form": form,
        "history": history,
        "wish": wish_for_date(history),
        "refusal": refusal_of_date(history),
        "countdown": countdown(district),
        "has_passed": has_passed(district, day_in(district, timezone.now())),
        "stop": stop_over_date(district),
        "may_ask": is_on_its_way(district),
        "may_be_early": district.state == DistrictState.READY,
    }
    return render(request, "navsync/launch.html", context)


@require_POST
@manages_import
def take_back(request: ConsoleRequest) -> HttpResponse:
    """Withdraw the wish for another launch date."""
    actor = actor_of(request)
    try:
        wishes.take_back_wish(request.district, wishes.ANOTHER_DATE, actor)
    except RefusedError as error:
        messages.info(request, error.user_message)
    else:
        sentence = "Your wish for another launch date is taken back."
        messages.success(request, sentence)
    return redirect("launch")


@require_POST
@manages_import
def resume(request: ConsoleRequest) -> HttpResponse:
    """Let the periodic sync go on that an undo stopped."""
    try:
        resume_sync(request.district, actor_of(request))
    except RefusedError as error:
        messages.info(request, error.user_message)
    else:
        messages.success(request, "The periodic sync goes on.")
    return redirect("home")


def _ask(request: ConsoleRequest, form: WishForm) -> date | None:
    """Ask for what the form says; return the date, None for an early launch."""
    given = form.cleaned_data
    wanted = given["wanted"] if given["what"] == WishForm.DATE else None
    ask_for_launch_date(request.district, wanted, actor_of(request), given["why"])
    return wanted if isinstance(wanted, date) else None
