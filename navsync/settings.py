"""NavSync's settings, from the environment alone (see .env.example)."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from navsync import logs
from navsync.environment import NEW_KEY_COMMAND, Environment, MisconfiguredError
from navsync.periodic import BEAT_SCHEDULE

# --- Paths -------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what a machine without servers keeps: database, queue

env = Environment()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")  # the environment itself wins over the file
# An empty variable is one that is not set.
env.ENVIRON = {name: value for name, value in env.ENVIRON.items() if value}

DEBUG = env.switch("DEBUG", default=False)

# --- Secrets -----------------------------------------------------------------

# Known to all, so good for development alone.
DEVELOPMENT_SECRET_KEY = "development-only-secret-key-known-to-everyone-0123456789"  # noqa: S105
DEVELOPMENT_ENCRYPTION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1rZXktMDEyMzQ1Njc4OTA="


def _needed(name: str, purpose: str, remedy: str) -> MisconfiguredError:
    return MisconfiguredError(
        f"{name} is not set: NavSync needs it to {purpose}. {remedy} "
        "For development set DEBUG=on instead."
    )


SECRET_KEY = env.secret("SECRET_KEY", DEVELOPMENT_SECRET_KEY if DEBUG else "")
if not SECRET_KEY:
    raise _needed(
        "SECRET_KEY",
        "sign sessions and links",
        "Set it to 50 or more random characters and keep it secret.",
    )

# Newest first: the first encrypts, all of them decrypt.
FIELD_ENCRYPTION_KEYS = env.encryption_keys(
    "FIELD_ENCRYPTION_KEYS", default=[DEVELOPMENT_ENCRYPTION_KEY] if DEBUG else []
)
if not FIELD_ENCRYPTION_KEYS:
    raise _needed(
        "FIELD_ENCRYPTION_KEYS",
        "keep the districts' Clever tokens encrypted",
        f"Make a key with: {NEW_KEY_COMMAND}.",
    )

# --- Addresses and security --------------------------------------------------

SITE_URL = env.web_address("SITE_URL", "http://localhost:8000")
ALLOWED_HOSTS = env.host_names(
    "ALLOWED_HOSTS",
    default=[urlsplit(SITE_URL).hostname or "localhost"]
    + (["localhost", "127.0.0.1", "[::1]"] if DEBUG else []),
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# In production a proxy ends TLS; it must set X-Forwarded-Proto and X-Forwarded-For
# itself and drop what a visitor sent under these names.
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by machines, inside, without TLS
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_AGE = 12 * 3600  # a working day
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = True  # htmx sends the token from the page

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Apps and pages ----------------------------------------------------------

INSTALLED_APPS = [
    "navsync",
    "staffimport",
    "accounts",
    "accounts.clever_sso",
    "schools",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "health_check",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "navsync.keeping.NothingKept",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.CurrentAccount",
    "accounts.looking_only.LookingOnly",
    "navsync.signin.SupportSecondFactor",
    "navsync.signin.CleverChangesNoCredentials",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "navsync.not_allowed.NotAllowedPage",
]

ROOT_URLCONF = "navsync.urls"
WSGI_APPLICATION = "navsync.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"  # stored times; pages show the district's own
USE_I18N = True
USE_TZ = True

# --- Sign-in -----------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "accounts.backends.DistrictRights",  # has_perm(right, district)
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "navsync.signin.SignIn"
ACCOUNT_FORMS = {
    "change_password": "accounts.password_forms.ChangePassword",
    "reset_password": "accounts.password_reset.AskForReset",
    "reset_password_from_key": "accounts.password_forms.SetPassword",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # invitations go to the address, which proves it
MFA_ADAPTER = "navsync.signin.SecondFactor"
MFA_TOTP_ISSUER = "NavSync"  # what an authenticator app lists it as
# Asking for a new password notes the address as unverified; whoever asks, nobody must
# be kept from a second factor by it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# A school is one IP address on its first morning; who guesses is stopped by account.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "30/m/ip,5/300s/key"}

SOCIALACCOUNT_ADAPTER = "accounts.clever_sso.adapter.CleverSignInAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: what comes back is bound to the browser
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # Clever verifies no addresses

SUPPORT_MFA_REQUIRED = env.switch("SUPPORT_MFA_REQUIRED", default=not DEBUG)

# --- Database ----------------------------------------------------------------

DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR}/navsync.sqlite3")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    with suppress(OSError):  # said in a sentence when the database can't be opened
        VAR_DIR.mkdir(exist_ok=True)
    # Without these an import dies of "database is locked": readers go on beside one
    # writer, a writer queues before it has read, and waits as long as an apply takes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Celery ------------------------------------------------------------------

CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL")
BROKER_DIR = Path(env.str("BROKER_DIR", default=str(VAR_DIR / "broker")))
_HAS_REDIS = CELERY_BROKER_URL.startswith(("redis://", "rediss://"))

CELERY_TASK_TIME_LIMIT = 2 * 3600  # no run takes that long; a hanging one ends
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT - 300
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Beyond the longest run, or Redis hands a task out again while it is being done.
    {"visibility_timeout": CELERY_TASK_TIME_LIMIT + 3600, "socket_connect_timeout": 5}
    if _HAS_REDIS
    else {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "bindings"),
        "polling_interval": 0.1,  # the default of 1 s makes a start take 2 s
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Over files an answer takes seconds; a worker's health stands in the database.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = _HAS_REDIS
# Late: a worker then takes only what it works on. Tasks claim their run in the
# database first, so one that comes twice does nothing the second time.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # no results, so no task that clears them away
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = [
    [
        ("staffimport.tasks.sync_due_districts", {"queue": "default"}),
        ("staffimport.tasks.check_new_districts", {"queue": "default"}),
        ("staffimport.tasks.sweep_runs", {"queue": "default"}),
        ("staffimport.tasks.clean_snapshots", {"queue": "default"}),
        ("staffimport.tasks.*", {"queue": "imports"}),
    ]
]
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# Shared by all web processes, or sign-in's rate limits would count each alone. No page
# needs it: while Redis is away, each process remembers alone.
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "navsync.redis_cache.RedisOrMemoryCache",
        "LOCATION": CELERY_BROKER_URL,
        "KEY_PREFIX": "navsync",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
    if _HAS_REDIS
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    }
}

# --- Clever ------------------------------------------------------------------

CLEVER_API_URL = env.web_address("CLEVER_API_URL", "https://api.clever.com")
CLEVER_API_VERSION = env.version("CLEVER_API_VERSION", "v3.1")
# Seconds before Clever is asked again after a failure; each further pause doubles.
CLEVER_BACKOFF = 0.5
CLEVER_OAUTH_URL = env.web_address("CLEVER_OAUTH_URL", "https://clever.com")
CLEVER_CLIENT_ID = env.str("CLEVER_CLIENT_ID", default="")
CLEVER_CLIENT_SECRET = env.secret("CLEVER_CLIENT_SECRET")

# --- E-mail ------------------------------------------------------------------

vars().update(  # EMAIL_HOST and the rest
    env.mail("EMAIL_URL", "consolemail://" if DEBUG else "smtp://localhost:25")
)
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="NavSync <no-reply@navsync.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="support@navsync.example")

# --- Leaving -----------------------------------------------------------------

# How long a disconnected district is kept before everything of it is deleted.
RETENTION_DAYS = env.days("RETENTION_DAYS", default=90)

# --- Logging -----------------------------------------------------------------

LOGGING = logs.configure(level=env.log_level("LOG_LEVEL"), as_json=not DEBUG)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # people's data stays out of the log
