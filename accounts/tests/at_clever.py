"""The browser's side of a sign-in with Clever, and whom the stand-in knows."""

import requests
from django.urls import reverse

from accounts.models import StaffAccount
from clever.standin.wire import Maker

ADA, XENIA, BORIS = (Maker(1, "").user_id(number) for number in (1, 24, 28))
HERE = "http://testserver"
CALLBACK = "/accounts/clever/login/callback/"


def account(district, clever_id, role="Teacher", **changes):
    return StaffAccount.objects.create(
        district=district,
        clever_id=clever_id,
        user_role=district.user_roles.get(name=role),
        **{"first_name": "Xenia", "last_name": "Xu", **changes},
    )


class Clever:
    """A browser's side of Clever: somebody is signed in there."""

    def __init__(self, standin, user):
        self._standin = standin
        self._browser = requests.Session()
        sent = {"district": standin.district_id, "user": user, "next": "/portal"}
        self._browser.post(f"{standin.url}/signin", sent)

    def answer(self, url):
        """The address Clever sends the browser to from there, on our side."""
        sent_back = self._browser.get(url, allow_redirects=False).headers["Location"]
        return sent_back.removeprefix(HERE)

    def icon(self):
        """Where the portal's icon leads."""
        query = f"client_id={self._standin.client_id}"
        return self.answer(f"{self._standin.url}/oauth/instant-login?{query}")


def came_back(client, standin, user, after=""):
    """The callback's address, after "Log in with Clever"."""
    begun = client.get(f"{reverse('clever_login')}{after}")
    return Clever(standin, user).answer(begun.url)


def log_in(client, standin, user, after=""):
    return client.get(came_back(client, standin, user, after))


def signed_in(client):
    return client.session.get("_auth_user_id")


def words(answer, status=403):
    assert answer.status_code == status
    return answer.content.decode()
