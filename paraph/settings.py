"""The settings of a node, from its home folder (PARAPH_NODE_HOME)."""

import os
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from paraph.node.databases import database_of, postgresql
from paraph.node.homes import Home, open_home

_HOME = os.environ.get("PARAPH_NODE_HOME", "")
HOME: Home = open_home(Path(_HOME)) if _HOME else Home(Path("."), "XX", secret="x" * 50)
ON_LOOPBACK = HOME.host in ("127.0.0.1", "::1", "localhost")
PLAIN_STATIC = bool(os.environ.get("PARAPH_PLAIN_STATIC"))  # tests: no names with fingerprints
_ROOM = Path(__file__).parent

SECRET_KEY = HOME.secret
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"] if ON_LOOPBACK else ["*"]
ROOT_URLCONF = "paraph.urls"
WSGI_APPLICATION = "paraph.wsgi.application"

INSTALLED_APPS = [
    "paraph.pages",
    "paraph.mandate",
    "paraph.node",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_ROOM / "pages" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "paraph.pages.frame.frame",
            ]
        },
    }
]

_OWNER = os.environ.get("PARAPH_DATABASE")  # the address of who owns the tables, to make them
DATABASES = {"default": postgresql(_OWNER) if _OWNER else database_of(HOME)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "node_cache"}}

# Several nodes on one host share one cookie jar: each names its cookies after itself.
_NAME = HOME.code.lower()
SESSION_COOKIE_NAME = f"paraph_{_NAME}_session"
CSRF_COOKIE_NAME = f"paraph_{_NAME}_csrf"
LANGUAGE_COOKIE_NAME = f"paraph_{_NAME}_language"
KEY_COOKIE_NAME = f"paraph_{_NAME}_key"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(os.environ.get("PARAPH_TLS"))
SESSION_COOKIE_AGE = 12 * 3600  # a working day; the key stays open no longer
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

AUTH_USER_MODEL = "node.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "paraph.node.people.Adapter"
ACCOUNT_FORMS = {
    "login": "paraph.node.people.SignIn",
    "change_password": "paraph.node.people.NewPassword",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ON_LOOPBACK  # on http://localhost there is no other way

STARTED = datetime.now(UTC)  # of all workers, which are forks of one process
SEVERAL_WORKERS = int(os.environ.get("PARAPH_WORKERS", "1")) > 1
STARTS = ["paraph.pages.foresight.begin"]  # called once in each process that serves
GATES = ["paraph.mandate.gate.gate"]  # asked before any act is written; they see more than may leave

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [_ROOM / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Minsk"
STATIC_URL = "/static/"
STATIC_ROOT = HOME.path / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = PLAIN_STATIC
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
