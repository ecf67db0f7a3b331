"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

from navsync.starting import check_before_serving, ending_in_a_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navsync.settings")

# By this exit code gunicorn knows not to start the next worker.
_CAN_NOT_BE_LOADED = 4

with ending_in_a_sentence(_CAN_NOT_BE_LOADED):
    application = get_wsgi_application()
    check_before_serving()
