#!/usr/bin/env python
"""Runs NavSync's commands."""

import os
import sys

import django
from django.core.management import execute_from_command_line

from navsync.starting import check_before_serving, ending_in_a_sentence

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navsync.settings")
    # A command speaks for itself on the terminal: only warnings are logged beside it.
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    with ending_in_a_sentence():
        django.setup()  # at once: Django would go on without settings, to say less
        if sys.argv[1:2] == ["runserver"]:
            check_before_serving()
        execute_from_command_line(sys.argv)
