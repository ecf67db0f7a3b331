"""Support's page for sign-in identities, ours and the districts'.

Nobody gets more rights by it than the one who gives them has: a superuser is changed
by superusers alone, and a group is given by those who hold what it holds.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ManyToManyField
from django.http import HttpRequest, HttpResponse

from accounts.addresses import folded
from accounts.models import User
from accounts.queries.people import districts_of, is_of_districts, trails_of
from accounts.ranks import groups_within, is_above, is_superuser
from schools.models import District
from schools.support_admin import SupportAdmin

EMAIL_STAYS = (
    "Whoever reads an identity’s mail can set its password, so superusers alone change "
    "it. For a district’s person correct the e-mail on the account, then invite again. "
    "Somebody of support is added anew."
)


class NewUserForm(forms.ModelForm):
    """A new identity, which has no password yet; its address is kept in lower case."""

    email = forms.EmailField(  # only who comes with Clever alone has none
        help_text="They set their own password: “Forgot your password?” on the sign-in "
        "page mails them a link."
    )

    class Meta:
        """The e-mail alone; the rest is asked for on the next page."""

        model = User
        fields = ["email"]

    def clean_email(self) -> str | None:
        """Return the address as it is stored and looked up."""
        return _own_address(self.cleaned_data["email"], self.instance)

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's
        """Return the identity, for which nobody knows a password."""
        self.instance.set_unusable_password()
        user: User = super().save(commit=commit)
        return user


class UserForm(UserChangeForm):
    """An identity; its password is set by a link, never read.

    `asker`, who sends it, keeps what lets them in here: so somebody is always left who
    may give it to others.
    """

    asker: User | AnonymousUser

    class Meta:
        """All fields, the e-mail as it is."""

        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}

    def clean_email(self) -> str | None:
        """Return the address as it is stored and looked up."""
        return _own_address(self.cleaned_data["email"], self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse what would lock the asker out, or make a district's person support."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in _made_support(self.instance, cleaned, self.changed_data):
            email = cleaned.get("email", self.instance.email)
            if problem := _of_districts(self.instance, email):
                self.add_error(name, problem)
        if self.instance == self.asker:
            for name, loss in _own_losses(self.instance, cleaned):
                problem = f"You would {loss}. Have another lead or a superuser do it."
                self.add_error(name, problem)
        return cleaned


def _made_support(user: User, wanted: dict[str, Any], changed: list[str]) -> list[str]:
    """Return the fields by which somebody becomes support, or support's address theirs.

    Clever would no longer sign in a district's person who is support, nor would their
    session end with their account.
    """
    is_staff, groups = wanted.get("is_staff"), wanted.get("groups")
    by = ["is_staff"] if is_staff and "is_staff" in changed else []
    if groups is not None and groups.exclude(user=user).exists():
        by.append("groups")
    if not by and "email" in changed and (is_staff or groups):
        by.append("email")
    return by


def _of_districts(user: User, email: str | None) -> str:
    """Return why somebody can't be support: a district has them, or their address."""
    if districts_of(user).exists():
        return (
            f"{user} has accounts in districts. Make a separate identity for support."
        )
    if is_of_districts(email):
        return f"A district’s account has the address {email}. Support needs another."
    return ""


def _own_losses(user: User, wanted: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a user would lose of their way in: (field, what they would do)."""
    losses = [
        (name, "lock yourself out")
        for name in ("is_active", "is_staff", "is_superuser")
        if getattr(user, name) and not wanted.get(name, True)
    ]
    if user.is_superuser or "groups" not in wanted:
        return losses
    groups = user.groups.exclude(pk__in=wanted["groups"])
    return losses + [("groups", f"take {g} away from yourself") for g in groups]


def _own_address(email: str | None, user: User) -> str | None:
    if not email:
        return None
    email = folded(email)
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        problem = f"“{email}” is another identity's address. Use that identity."
        raise ValidationError(problem)
    return email


class UserAdmin(SupportAdmin, DjangoUserAdmin):
    """Sign-in identities (Naviance IDs), ours and the districts'."""

    form = UserForm
    add_form = NewUserForm
    filter_horizontal = []  # its script makes boxes that screen readers can't name
    secret_fields = ("password",)
    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "first_name", "last_name"]}),
        (
            "Naviance Support",
            {
                "fields": [
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "groups",
                    "user_permissions",
                ]
            },
        ),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email"]})]

    def audited_in(self, obj: User) -> list[District | None]:
        """Return the districts of an identity, none for one of our own."""
        return trails_of(obj)

    def get_form(
        self,
        request: HttpRequest,
        obj: User | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> type[forms.ModelForm]:
        """Return the form, which knows who sends it."""
        if obj is not None and not is_superuser(request.user):
            kwargs["help_texts"] = {"email": EMAIL_STAYS}
        form: type[forms.ModelForm] = super().get_form(
            request, obj, change=change, **kwargs
        )
        return type(form.__name__, (form,), {"asker": request.user})

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save; addresses that an identity had before lead to it no more."""
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email or "").delete()

    def get_fieldsets(
        self, request: HttpRequest, obj: User | None = None
    ) -> Any:  # Django keeps the type to itself
        """Leave the button that sets somebody's password to superusers."""
        shown = super().get_fieldsets(request, obj)
        if is_superuser(request.user):
            return shown
        return [
            (title, {**set_, "fields": [f for f in set_["fields"] if f != "password"]})
            for title, set_ in shown
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str]:
        """Fix what makes a superuser for everybody who is none, and the e-mail.

        Whoever could change it would have the password for it mailed to themselves.
        """
        fixed = [*super().get_readonly_fields(request, obj)]
        if is_superuser(request.user):
            return fixed
        fixed += ["is_superuser", "user_permissions"]
        return fixed if obj is None else [*fixed, "email"]

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Return whether this person may change identities, and this one."""
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or not is_above(obj, request.user))

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: object
    ) -> forms.ModelMultipleChoiceField | None:
        """Offer the groups that this person may give."""
        field: forms.ModelMultipleChoiceField | None = super().formfield_for_manytomany(
            db_field, request, **kwargs
        )
        if field is not None and db_field.name == "groups":
            field.queryset = groups_within(request.user)
        return field

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django's signature
        form_url: str = "",
    ) -> HttpResponse:
        """Let superusers alone set somebody's password; others have a link sent."""
        if not is_superuser(request.user):
            raise PermissionDenied
        answer = super().user_change_password(request, id, form_url)
        user = self.get_object(request, id)
        if user and request.method == "POST" and answer.status_code == FOUND:
            self.record(request, user, "set password")
        return answer


FOUND = 302
