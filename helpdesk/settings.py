"""Every setting of the project, read from the environment and checked as a whole."""

from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from django.utils.csp import CSP

from helpdesk.env import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# -- The installation -------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
MASTER_KEY = env.key("MASTER_KEY")
MASTER_KEY_PREVIOUS = env.key("MASTER_KEY_PREVIOUS", required=False)  # only while `manage.py rotate_keys` is at work
PRODUCT_NAME = env.text("PRODUCT_NAME", "Chalkdesk")
SCHEME = env.choice("SCHEME", "https", ("https", "http"))
PLATFORM_HOST = env.text("PLATFORM_HOST", "localhost")
SHOW_COMPONENTS = env.flag("SHOW_COMPONENTS")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))

_platform_name = PLATFORM_HOST.partition(":")[0]
if SCHEME == "http" and _platform_name != "localhost" and not _platform_name.endswith(".localhost"):
    env.refuse("SCHEME may be http only when PLATFORM_HOST is localhost")
if SECRET_KEY and len(SECRET_KEY) < 50:
    env.refuse("SECRET_KEY must have at least 50 characters")

# Hosts are checked against the table of districts (tenants.isolation.middleware), so Django's own list stays open.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "helpdesk.urls_platform"
DISTRICT_URLCONF = "helpdesk.urls_district"
WSGI_APPLICATION = "helpdesk.wsgi.application"

# -- Applications, top floor last -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "tenants",  # first: its commands stand in for Django's where those know nothing of districts
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "lucide",
    "helpdesk",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "tickets",
    "console",
]

MIDDLEWARE = [
    "helpdesk.log.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "helpdesk.headers.Headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below what sets headers: a file carries them as a page does
    "tenants.isolation.middleware.DistrictMiddleware",
    "tenants.isolation.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "helpdesk.access.DefaultDeny",
]

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
                "helpdesk.context.product",
                "tickets.notify.inbox.bell",
            ],
            "builtins": ["django.templatetags.static", "helpdesk.templatetags.ui"],
        },
    }
]

# -- Data: one database, two doors (docs/adr/0001) --------------------------------------------------------------------
_database = urlsplit(env.url("DATABASE_URL", schemes=("postgresql", "postgres")))
DATABASE_ADMIN_URL = env.text("DATABASE_ADMIN_URL", "")  # only `manage.py bootstrap` uses it
_connection = {
    "ENGINE": "tenants.isolation.backend",
    "NAME": _database.path.lstrip("/"),
    "USER": unquote(_database.username or ""),
    "PASSWORD": unquote(_database.password or ""),
    "HOST": _database.hostname or "",
    "PORT": str(_database.port or ""),
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
}
DATABASES = {
    "default": _connection | {"ATOMIC_REQUESTS": True},
    "platform": dict(_connection),
}
DATABASE_ROUTERS = ["tenants.isolation.router.FloorRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache and broker never share a database: clearing a cache is FLUSHDB and would empty the queue.
REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))


def _next_database(url: str) -> str:
    parts = urlsplit(url)
    number = parts.path.lstrip("/") or "0"
    return urlunsplit(parts._replace(path=f"/{int(number) + 1 if number.isdigit() else 1}"))


BROKER_URL = env.url("BROKER_URL", _next_database(REDIS_URL), schemes=("redis", "rediss"))
_cache = {
    "BACKEND": "helpdesk.cache.ForgivingCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"serializer": "helpdesk.cache.JsonSerializer", "socket_timeout": 1, "socket_connect_timeout": 0.5},
}
CACHES = {
    "default": _cache | {"KEY_FUNCTION": "tenants.isolation.cachekeys.district_key"},
    "platform": _cache | {"KEY_FUNCTION": "tenants.isolation.cachekeys.platform_key"},
}

S3_ENDPOINT_URL = env.url("S3_ENDPOINT_URL", schemes=("https", "http"))
S3_PUBLIC_URL = env.url("S3_PUBLIC_URL", S3_ENDPOINT_URL, schemes=("https", "http"))
S3_ACCESS_KEY_ID = env.text("S3_ACCESS_KEY_ID")
S3_SECRET_ACCESS_KEY = env.text("S3_SECRET_ACCESS_KEY")
S3_BUCKET = env.text("S3_BUCKET", "chalkdesk")
S3_REGION = env.text("S3_REGION", "auto")

# -- Jobs (helpdesk.jobs) ---------------------------------------------------------------------------------------------
# The module that tells a job's district (`current`) and restores it (`district_scope_by_id`); named, never imported.
JOB_TENANCY = "tenants.isolation.scope"
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000  # a connection keeps memory for each schema it touched
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "visibility_timeout": 3600}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BEAT_SCHEDULE = {
    "deadlines": {"task": "tickets.desk.deadlines.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "sessions": {"task": "accounts.tasks.clear_sessions", "schedule": 3600.0, "options": {"expires": 3000}},
    "sweep": {"task": "tickets.spine.tasks.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "unsent files": {"task": "tickets.attachments.sweep.unsent", "schedule": 3600.0, "options": {"expires": 3000}},
    "orphaned files": {"task": "tickets.attachments.sweep.orphans", "schedule": 86400.0, "options": {"expires": 80000}},
}

# -- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.passwords.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "given_name", "family_name")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.signin.Adapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignIn",
    "reauthenticate": "accounts.forms.Confirm",
    "change_password": "accounts.forms.ChangePassword",
    "set_password": "accounts.forms.SetPassword",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Counted per district. A school sits behind one address, so addresses get room and accounts do not.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,100/h/ip,10/15m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "accounts.signin.SecondFactors"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactor",
    "reauthenticate": "accounts.forms.ConfirmByCode",
    "activate_totp": "accounts.forms.AddApp",
    "authenticate_webauthn": "accounts.forms.SecondPasskey",
    "reauthenticate_webauthn": "accounts.forms.ConfirmByPasskey",
    "login_webauthn": "accounts.forms.SignInByPasskey",
    "add_webauthn": "accounts.forms.AddPasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an admin vouched for the address by inviting it
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SCHEME == "http"
USERSESSIONS_TRACK_ACTIVITY = False
# Behind a proxy: the header in which it tells the caller's address, believed only from these peers.
CLIENT_IP_HEADER = env.text("CLIENT_IP_HEADER", "")
TRUSTED_PROXIES = env.text("TRUSTED_PROXIES", "127.0.0.1 ::1").split()
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}

# -- Sessions, cookies, headers ---------------------------------------------------------------------------------------
_secure = SCHEME == "https"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
CSRF_FAILURE_VIEW = "helpdesk.failures.csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_files = "{0.scheme}://{0.netloc}".format(urlsplit(S3_PUBLIC_URL))
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", _files],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, _files],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["tickets.attachments.handler.Capped"]
ATTACHMENT_MAX_BYTES = 25 * 1024 * 1024
ATTACHMENT_LINK_SECONDS = 60
ATTACHMENT_SCANNER = "tickets.attachments.scanning.Unscanned"

# -- Words, time, static files ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # each host serves its own files; no other site has use of them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},  # never used: files live in the object store
    "staticfiles": {"BACKEND": "helpdesk.assets.Storage"},
}
STATICFILES_FINDERS = [
    "helpdesk.assets.MadeFiles",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
LOGGING_CONFIG = "helpdesk.log.configure"
LOGGING = {"level": LOG_LEVEL}

env.check()
