"""Django's settings, all of them from the site's configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from vigie.language import LOCALE
from vigie.web.configuration import LOCAL, configuration, database_settings, kept_secret, sign_on

SITE = configuration()
HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = SITE.secret or kept_secret(SITE.home)
ALLOWED_HOSTS = SITE.hosts
ROOT_URLCONF = "vigie.web.urls"
WSGI_APPLICATION = "vigie.web.wsgi.application"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # the page of sessions tells times with it
    "django.contrib.staticfiles",
    "vigie.store.apps.Store",
    "vigie.web.apps.Web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "vigie.web.shield.shield",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vigie.web.spoken.spoken",
    "vigie.web.shield.bounded",
    "vigie.web.shield.plain",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vigie.web.accounts.answered",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vigie.web.frame.frame",
            ],
        },
    }
]
DATABASES = {"default": database_settings(SITE)}

# shared by all processes: tables that were asked for, and what slows down guessing
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "vigie_cache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

# who signs in, and how

AUTH_USER_MODEL = "vigie.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "vigie.web.accounts.Invited"
SOCIALACCOUNT_ADAPTER = "vigie.web.accounts.Known"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "vigie.web.forms.SignIn", "reset_password": "vigie.web.forms.Forgotten"}
MFA_FORMS = {"add_webauthn": "vigie.web.forms.NewKey", "edit_webauthn": "vigie.web.forms.KnownKey"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reached its address, or nobody could have followed it
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody has mail sent to strangers
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SITE.public else 0  # or everybody behind the proxy would be one machine
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Vigie – "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE.url.startswith("https") else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody makes an account for a stranger's address: an invitation reached it
MFA_TOTP_ISSUER = "Vigie"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE.public
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may lead nowhere but here, as the policy has it
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = sign_on(SITE)

# words

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [LOCALE]
FORMAT_MODULE_PATH = ["vigie.web.formats"]  # dates as people write them in Europe

# files

STATIC_URL = "/static/"
STATIC_ROOT = SITE.home / "static"
STATICFILES_DIRS = [HERE / "static", HERE.parent / "report" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# sessions, cookies, transport

SESSION_COOKIE_NAME = "vigie"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.url.startswith("https")
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "vigie.web.pages.front.stale"
CSRF_TRUSTED_ORIGINS = [SITE.url] if SITE.public else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE.public else None
SECURE_SSL_REDIRECT = SITE.url.startswith("https")
SECURE_HSTS_SECONDS = 31_536_000 if SITE.url.startswith("https") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE.url.startswith("https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# mail

_mail = urlparse(SITE.mail)
_relay = _mail.hostname in LOCAL  # on this machine: nobody reads on the way, and its certificate says nothing
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SITE.mail else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = (
    _mail.hostname or "localhost",
    _mail.port or (465 if _mail.scheme == "smtps" else 25 if _relay else 587),
)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and not _relay
EMAIL_TIMEOUT = 20  # seconds in which somebody waits for a page
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SITE.sender

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False}},  # who knocks
}
