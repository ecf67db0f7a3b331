"""Who of support stands above whom: told by what each may do."""

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import User


def is_superuser(user: User | AnonymousUser) -> bool:
    """Return whether somebody may all."""
    return user.is_active and user.is_superuser


def groups_within(user: User | AnonymousUser) -> QuerySet[Group]:
    """Return the groups that hold nothing which this person doesn't hold."""
    if is_superuser(user):
        return Group.objects.all()
    lacking = Permission.objects.exclude(group__user=user.pk)
    return Group.objects.exclude(permissions__in=lacking)


def is_above(other: User, user: User | AnonymousUser) -> bool:
    """Return whether an identity holds more than this person may give."""
    if is_superuser(user):
        return False
    beyond = other.groups.exclude(pk__in=groups_within(user))
    return other.is_superuser or other.user_permissions.exists() or beyond.exists()


def is_below(other: User, user: User | AnonymousUser) -> bool:
    """Return whether an identity holds less than this person, as a peer doesn't.

    Nobody is below themselves, but that a superuser is above all.
    """
    if is_superuser(user):
        return True
    held = Permission.objects.filter(Q(group__user=user.pk) | Q(user=user.pk))
    return not is_above(other, user) and held.exclude(group__user=other.pk).exists()
