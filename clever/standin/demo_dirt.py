"""The demo district's dirt, in natural proportion: each mess befalls a few people.

The kinds are those product.md ("Data is dirty") and Clever's pages on data quirks and
anti-patterns tell of. `SOIL` says whom: the role, and which of those not in the cast.
"""

from collections.abc import Callable

from clever.standin.demo_cast import OFFICE_EMAIL, post_of
from clever.standin.demo_people import ABSENT, DOMAIN, WHOLE_DISTRICT, Person, Post

LONG_TITLE = "Teacher, " + "Interdisciplinary " * 25 + "Studies"


def no_email(person: Person) -> None:
    """Give null for the e-mail."""
    person.email = None


def absent_email(person: Person) -> None:
    """Leave the e-mail out of the record."""
    person.email = ABSENT


def email_without_at(person: Person) -> None:
    """Lose the "@"; Clever doesn't check it."""
    person.email = (person.email or "").replace("@", ".")


def email_without_domain(person: Person) -> None:
    """Lose the top-level domain."""
    person.email = (person.email or "").removesuffix(".example")


def email_in_capitals(person: Person) -> None:
    """Shout, with a space at the end."""
    person.email = f"{person.email} ".upper()


def shared_email(person: Person) -> None:
    """Use the office's mailbox."""
    person.email = OFFICE_EMAIL


def no_last_name(person: Person) -> None:
    """Leave the last name empty."""
    person.last = ""


def null_last_name(person: Person) -> None:
    """Give null for the last name."""
    person.last = None


def stray_spaces(person: Person) -> None:
    """Put spaces around and inside the name."""
    person.first, person.last = f" {person.first}", f"{person.last}  "


def suffix(person: Person) -> None:
    """Put a suffix into the last name."""
    person.last = f"{person.last} III"


def double_name(person: Person) -> None:
    """Put a typographic apostrophe and a hyphen into the last name."""
    person.last = f"D\u2019{person.last}-Núñez"


def emoji(person: Person) -> None:
    """Decorate the first name."""
    person.first = f"{person.first} 🍎"


def middle_name(person: Person) -> None:
    """Add a middle name, which Naviance takes from teachers only."""
    person.middle = (person.first or "")[:1] + "."


def long_title(person: Person) -> None:
    """Give a title of more than 255 characters."""
    _post(person).title = LONG_TITLE


def no_title(person: Person) -> None:
    """Give null for the title."""
    _post(person).title = None


def two_keywords(person: Person) -> None:
    """Give a title that several keywords fit."""
    _post(person).title = "Lead Counselor-Teacher"


def librarian_teacher(person: Person) -> None:
    """Give another title that several keywords fit."""
    _post(person).title = "Teacher Librarian"


def leading_zeros(person: Person) -> None:
    """Give one of the district's old employee ids, kept with leading zeros."""
    _post(person).employee_id = f"{person.number % 1000:05d}"


def no_employee_id(person: Person) -> None:
    """Leave the employee id out."""
    _post(person).employee_id = None


def repeated_employee_id(person: Person) -> None:
    """Give the same employee id to everyone so soiled."""
    _post(person).employee_id = "29999"


def no_sections(person: Person) -> None:
    """Teach in no section at all."""
    person.sections = False


def also_staff(person: Person) -> None:
    """Hold a staff role too: one e-mail, so Clever made it one user."""
    schools = list(_post(person).schools) or [1]
    person.staff = Post("Department Chair", f"{30000 + person.number}", schools)


def all_schools(person: Person) -> None:
    """Be attached to every school, as hand-typed "custom staff" often is."""
    _post(person).schools = list(WHOLE_DISTRICT)


SOIL: tuple[tuple[str, tuple[int, ...], Callable[[Person], None]], ...] = (
    ("teacher", (23, 311), no_email),
    ("staff", (60, 170), no_email),
    ("teacher", (188,), absent_email),
    ("teacher", (77, 402), email_without_at),
    ("staff", (31,), email_without_domain),
    ("teacher", (5, 95, 205, 305, 405), email_in_capitals),
    ("staff", (108, 120), shared_email),
    ("teacher", (444,), no_last_name),
    ("staff", (202,), null_last_name),
    ("teacher", (14, 114, 214, 314, 414, 514), stray_spaces),
    ("staff", (44, 144), stray_spaces),
    ("teacher", (33, 233, 433), suffix),
    ("teacher", (41, 241, 441), double_name),
    ("teacher", (480,), emoji),
    ("teacher", tuple(range(4, 560, 9)), middle_name),
    ("teacher", (260,), long_title),
    ("teacher", (90, 190, 290, 390, 490), no_title),
    ("staff", (9, 59, 109, 159, 209), no_title),
    ("admin", (3,), no_title),
    ("teacher", (100, 300), two_keywords),
    ("teacher", (450, 455), librarian_teacher),
    ("teacher", tuple(range(7, 590, 27)), leading_zeros),
    ("staff", (70, 71, 72), no_employee_id),
    ("teacher", (350, 351), repeated_employee_id),
    ("teacher", tuple(range(20, 600, 50)), no_sections),
    ("teacher", tuple(range(30, 600, 60)), also_staff),
    ("admin", (5, 11), also_staff),
    ("staff", (215,), all_schools),
)
TWO_USERS = ((118, 18), (219, 140), (520, 199))
"""Teacher and staff, by ordinal, who are one person with two addresses in Clever."""


def soil(people: list[Person]) -> None:
    """Spoil the records of the people whom `SOIL` and `TWO_USERS` name."""
    clean = [person for person in people if not person.is_cast]
    groups = {
        role: [person for person in clean if post_of(person, role)]
        for role in ("teacher", "staff", "admin")
    }
    for teacher, staff in TWO_USERS:
        _make_one_person(groups["teacher"][teacher], groups["staff"][staff])
    for role, ordinals, spoil in SOIL:
        for ordinal in ordinals:
            spoil(groups[role][ordinal])


def _make_one_person(teacher: Person, staff: Person) -> None:
    staff.first, staff.last = teacher.first, teacher.last
    staff.email = f"{teacher.first}.{teacher.last}@{DOMAIN}".lower()


def _post(person: Person) -> Post:
    post = person.teacher or person.staff or person.admin
    if post is None:
        raise LookupError(person.number)
    return post
