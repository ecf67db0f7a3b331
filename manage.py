#!/usr/bin/env python
"""Runs NavSync's commands."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "navsync.settings")
    # A command speaks for itself on the terminal: only warnings are logged beside it.
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    execute_from_command_line(sys.argv)
