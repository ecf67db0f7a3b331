"""What browsers keep of our pages: nothing, for they hold people's data."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


class NothingKept:
    """Middleware: no browser and no proxy stores an answer.

    So whoever comes next to a shared device reads nothing with the back button. Static
    files, which are nobody's, are answered before it and stay cached.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and say so in the answer."""
        response = self.get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        return response
