"""The product's settings as tests run them: development's defaults, made fast."""

import os

os.environ.setdefault("DEBUG", "on")

from navsync.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
