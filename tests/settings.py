"""The product's settings as tests run them: development's defaults, made fast."""

import os

os.environ["DEBUG"] = "on"

from navsync.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CLEVER_BACKOFF = 0
# Tests run with DEBUG off and nothing collected.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
