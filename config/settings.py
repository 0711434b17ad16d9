"""Settings of both profiles, read from the environment only.

`ESTUAIRE_PROFIL=embarque` (default) runs on this machine alone: SQLite, everything in memory.
`ESTUAIRE_PROFIL=production` wants PostgreSQL, Redis, a mail server and a secret, and says which one is missing.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.fichiers_npm import FICHIERS_NPM

RACINE = Path(__file__).resolve().parent.parent
env = environ.Env()

PROFIL = env("ESTUAIRE_PROFIL", default="embarque")
if PROFIL not in {"embarque", "production"}:
    raise ImproperlyConfigured(f"ESTUAIRE_PROFIL vaut « {PROFIL} » : choisir « embarque » ou « production ».")
EST_PRODUCTION = PROFIL == "production"
DONNEES = Path(env("ESTUAIRE_DONNEES", default=str(RACINE / "donnees")))


def exiger(nom: str, pourquoi: str) -> str:
    """Value of a variable that the production profile cannot do without."""
    valeur = env(nom, default="")
    if not valeur:
        raise ImproperlyConfigured(f"La variable {nom} manque : {pourquoi}.")
    return valeur


def exiger_une_adresse(nom: str, valeur: str, schemas: set[str], exemple: str) -> str:
    """The value, when it is an address that the production profile can use: one of `schemas`, and a host.

    The value itself is not shown: it may hold a password.
    """
    try:
        lue = urlsplit(valeur)
        lisible = lue.scheme in schemas and bool(lue.hostname) and lue.port != 0  # a port that is no number raises
    except ValueError:
        lisible = False
    if not lisible:
        raise ImproperlyConfigured(f"{nom} n'est pas une adresse qui convient ici : écrire par exemple {exemple}.")
    return valeur


def cle_locale() -> str:
    """Secret key of this machine, made on first run and readable by its owner only."""
    chemin = DONNEES / "cle_secrete"
    if not chemin.exists():
        DONNEES.mkdir(parents=True, exist_ok=True)
        try:
            with open(chemin, "x", opener=lambda p, f: os.open(p, f, 0o600)) as fichier:
                fichier.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
    return chemin.read_text().strip()


# --- The machine -------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
if EST_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG est interdit en production : il montre les secrets aux visiteurs.")

if EST_PRODUCTION:
    SECRET_KEY = exiger("SECRET_KEY", "c'est elle qui signe les sessions et les liens")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY est trop courte : 50 caractères au moins, tirés au hasard.")
    ALLOWED_HOSTS = [
        h.strip() for h in exiger("ALLOWED_HOSTS", "les noms du site, séparés par des virgules").split(",")
    ]
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS ne peut pas être « * » : écrire les noms du site.")
    ADRESSE = exiger_une_adresse(
        "ESTUAIRE_ADRESSE",
        exiger("ESTUAIRE_ADRESSE", "l'adresse publique du site, par exemple https://dialogue.exemple.fr"),
        {"https"},
        "https://dialogue.exemple.fr",
    )
    if urlsplit(ADRESSE).path.strip("/") or urlsplit(ADRESSE).query:
        raise ImproperlyConfigured(
            "ESTUAIRE_ADRESSE est celle du site entier, sans chemin : https://dialogue.exemple.fr."
        )
    ADRESSE = ADRESSE.rstrip("/")  # compared with what browsers say of where a form comes from
    _base = exiger("DATABASE_URL", "l'adresse de la base PostgreSQL")
    if urlsplit(_base).scheme not in {"postgres", "postgresql", "pgsql", "psql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL doit désigner PostgreSQL en production, par exemple postgres://site:secret@serveur:5432/estuaire."
        )
    DATABASES = {"default": env.db_url_config(_base)}
    REDIS_URL = exiger_une_adresse(
        "REDIS_URL",
        exiger("REDIS_URL", "l'adresse de Redis (temps réel, cache, files d'attente)"),
        {"redis", "rediss"},
        "redis://serveur:6379/0",
    )
else:
    SECRET_KEY = env("SECRET_KEY", default="") or cle_locale()
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
    ADRESSE = env("ESTUAIRE_ADRESSE", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
    DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DONNEES / 'estuaire.sqlite3'}")}
    REDIS_URL = env("REDIS_URL", default="")

# The demonstration accounts have public passwords: they exist on one's own machine or not at all.
DEMONSTRATION = not EST_PRODUCTION and env.bool("ESTUAIRE_DEMONSTRATION", default=True)
# What this city is called, and nothing else in the code names it.
ESTUAIRE = {
    "nom_plateforme": env("ESTUAIRE_NOM", default="Estuaire"),
    "collectivite": env("ESTUAIRE_COLLECTIVITE", default="Nantes Métropole"),
    "contact": env("ESTUAIRE_CONTACT", default="dialogue-citoyen@exemple.fr"),
    "delegue_donnees": env("ESTUAIRE_DPO", default="donnees-personnelles@exemple.fr"),
    "code_source": env("ESTUAIRE_CODE_SOURCE", default=""),
    "tuiles": env("ESTUAIRE_TUILES", default=""),  # a tile server, if the city has one; maps work without
    "territoires": env("ESTUAIRE_TERRITOIRES", default=str(RACINE / "territoires" / "donnees" / "nantes.json")),
}

# --- The house ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "daphne",  # first: its runserver speaks ASGI
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # form templates are looked up like every other template
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "comptes.franceconnect",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "csp",
    "django_htmx",
    "django_fsm",
    "django_tasks",
    "django_tasks_db",
    "socle",
    "territoires",
    "comptes",
    "timeline",
    "notifications",
    "moderation",
    "commentaires",
    "reponses",
    "projets",
    "communautes",
    "idees",
    "consultations",
    "votes",
    "portail",
    "api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "socle.middleware.LectureSansCorps",  # before whatever reads the method
    "socle.cadres.SansTemoins",  # before whatever reads a cookie
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "comptes.middleware.RetourDeLaPorte",
    "comptes.middleware.PagesDeCompte",
    "comptes.middleware.JourneeDeTravail",
    "comptes.middleware.DoubleFacteurExige",
    "timeline.middleware.ErreursDuMetier",
    "socle.middleware.EnTetes",
    "socle.middleware.PageDuRienALire",
    "socle.middleware.ResteSynchrone",  # last: keeps the whole chain in one thread under ASGI
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "socle.contexte.site",
                "notifications.contexte.cloche",
            ],
        },
    }
]
FORM_RENDERER = "socle.formulaires.Rendu"

# --- Database, cache, real time, tasks ---------------------------------------------------------------------------

#: Between two requests of the web process, for whoever asks next.
CONNEXIONS_GARDEES = env.int("ESTUAIRE_CONNEXIONS", default=8)
#: Seconds that a request waits for its turn at the base, in a crowd: about as long as the server in front waits for it. Late
#: is better than an error page.
TOUR_ATTENDU = 60
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock at once: no « database is locked » in the middle of a change.
        "transaction_mode": "IMMEDIATE",
        "timeout": TOUR_ATTENDU,
        # FULL: what was acknowledged survives a power cut, not only a crash of the process.
        # recursive_triggers: the locks of socle/verrous.py also see the deletion hidden in a REPLACE.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; PRAGMA recursive_triggers=ON;",
    }
else:
    # Threads come and go under ASGI: kept connections leak, a pool does not.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": CONNEXIONS_GARDEES, "timeout": TOUR_ATTENDU}}

if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # redis-py's default timeout of five seconds would close every idle websocket.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
    }
    CACHES: dict[str, dict] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    # Django keeps 300 entries by default: the limits of one visitor would push out those of another.
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    }

TASKS = {
    "default": {
        "BACKEND": "config.taches.Celery" if EST_PRODUCTION else "config.taches.Embarque",
        "ENQUEUE_ON_COMMIT": False,
    }
}
CELERY_BROKER_URL = REDIS_URL
TIC_SECONDES = env.int("ESTUAIRE_TIC", default=20)

# Two ideas united: days left to their authors to say no, then to the supporters to keep theirs apart. Both are shown.
FUSION_JOURS_ACCORD = env.int("ESTUAIRE_FUSION_ACCORD", default=14)
FUSION_JOURS_REFUS = env.int("ESTUAIRE_FUSION_REFUS", default=14)

# An answer that is still awaited: days before its date when the team, then the elected officials, are told.
REPONSE_ESCALADE_EQUIPE_JOURS = env.int("ESTUAIRE_ESCALADE_EQUIPE", default=30)
REPONSE_ESCALADE_ELUES_JOURS = env.int("ESTUAIRE_ESCALADE_ELUES", default=7)

# « Réponse utile ? »: people before any number is shown, the percentage of useful below which the mediator reads again
# (0: never by itself). The page of each answer says both. Then the days that she leaves to make an answer precise.
APPRECIATIONS_MINIMUM = env.int("ESTUAIRE_APPRECIATIONS_MINIMUM", default=5)
APPRECIATIONS_NIVEAU = env.int("ESTUAIRE_APPRECIATIONS_NIVEAU", default=50)
if not 0 <= APPRECIATIONS_NIVEAU <= 100:
    raise ImproperlyConfigured("ESTUAIRE_APPRECIATIONS_NIVEAU est un pourcentage : un nombre entier de 0 à 100.")
# Days after its publication when those who waited for an answer are asked whether it was useful; 0: never.
REPONSE_UTILE_JOURS = env.int("ESTUAIRE_UTILE_JOURS", default=7)
MEDIATION_JOURS = env.int("ESTUAIRE_MEDIATION_JOURS", default=30)

# Questions to an élue: supports that make an answer due, then its days, written beside the form; those that one person may
# have waiting; the service in charge until somebody takes them.
QUESTIONS_SEUIL = env.int("ESTUAIRE_QUESTIONS_SEUIL", default=20)
QUESTIONS_DELAI_JOURS = env.int("ESTUAIRE_QUESTIONS_DELAI", default=30)
if QUESTIONS_SEUIL < 1 or QUESTIONS_DELAI_JOURS < 1:
    raise ImproperlyConfigured(
        "ESTUAIRE_QUESTIONS_SEUIL et ESTUAIRE_QUESTIONS_DELAI sont des nombres entiers, 1 ou plus."
    )
QUESTIONS_MAX_EN_ATTENTE = env.int("ESTUAIRE_QUESTIONS_MAX", default=3)
QUESTIONS_SERVICE = env("ESTUAIRE_QUESTIONS_SERVICE", default="Dialogue citoyen")

# --- Accounts ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["comptes.demonstration.Connexion"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "pseudonyme")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "comptes.mots_de_passe.MotDePasseDevinable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/mon-espace/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "comptes.adaptateurs.CompteAdaptateur"
SOCIALACCOUNT_ADAPTER = "comptes.adaptateurs.CompteExterneAdaptateur"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "comptes.models.nom_public"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "comptes.forms.InscriptionForm"
ACCOUNT_FORMS = {
    "login": "comptes.forms_acces.ConnexionForm",
    "signup": "comptes.forms_acces.CreationForm",
    "add_email": "comptes.forms_acces.AdresseForm",
    "reset_password": "comptes.forms_acces.OubliForm",
    "reset_password_from_key": "comptes.forms_acces.NouveauMotDePasseForm",
    "change_password": "comptes.forms_acces.ChangerMotDePasseForm",
    "set_password": "comptes.forms_acces.PoserMotDePasseForm",
    "reauthenticate": "comptes.forms_acces.ConfirmerForm",
}
SOCIALACCOUNT_FORMS = {
    "signup": "comptes.forms_acces.CreationExterneForm",
    "disconnect": "comptes.forms_acces.DelierForm",
}
MFA_FORMS = {
    "authenticate": "comptes.forms_acces.CodeForm",
    "reauthenticate": "comptes.forms_acces.ConfirmerParCodeForm",
    "activate_totp": "comptes.forms_acces.InstallerApplicationForm",
    "add_webauthn": "comptes.forms_acces.AjouterCleForm",
    "edit_webauthn": "comptes.forms_acces.RenommerCleForm",
    "authenticate_webauthn": "comptes.forms_acces.CleEnSecondForm",
    "login_webauthn": "comptes.forms_acces.ConnexionParCleForm",
    "reauthenticate_webauthn": "comptes.forms_acces.ConfirmerParCleForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # link scanners open every link of a mail
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the other sessions end all the same: their hash no longer matches
ACCOUNT_CHANGE_EMAIL = True  # one address at a time; the new one counts once its link is opened
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail for each change of what opens the account
# « key » is the address that is written to, or for failed sign-ins that address and the network it was tried from.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "confirm_email": "1/3m/key",
    "reset_password": "20/m/ip,1/3m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if EST_PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("ESTUAIRE_MANDATAIRES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "comptes.adaptateurs.DoubleFacteurAdaptateur"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the telephone's clock may be half a minute away; a code still serves once
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs in without a verified address; this is the one she is changing to
MFA_TOTP_ISSUER = ESTUAIRE["nom_plateforme"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not EST_PRODUCTION
# Agents, moderators, elected officials and administrators enter with a second factor, the demonstration excepted.
DOUBLE_FACTEUR_EXIGE = not DEMONSTRATION
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address given by somebody else never opens an existing account
SOCIALACCOUNT_PROVIDERS: dict = {}
if env("OIDC_ADRESSE", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "collectivite",
                "name": env("OIDC_NOM", default=str(ESTUAIRE["collectivite"])),
                "client_id": exiger("OIDC_CLIENT", "l'identifiant que le compte unique a donné à ce site"),
                "secret": exiger("OIDC_SECRET", "le secret que le compte unique a donné à ce site"),
                "settings": {"server_url": env("OIDC_ADRESSE")},
            }
        ],
    }
if env("FRANCECONNECT_ADRESSE", default=""):
    SOCIALACCOUNT_PROVIDERS["franceconnect"] = {
        "OAUTH_PKCE_ENABLED": False,  # not part of the FranceConnect protocol
        "APPS": [
            {
                "client_id": exiger("FRANCECONNECT_CLIENT", "l'identifiant donné par FranceConnect"),
                "secret": exiger("FRANCECONNECT_SECRET", "le secret donné par FranceConnect"),
                "settings": {
                    "server_url": env("FRANCECONNECT_ADRESSE"),
                    "acr": env("FRANCECONNECT_ACR", default="eidas1"),
                },
            }
        ],
    }

FOURNISSEURS_D_IDENTITE = [
    "{0.scheme}://{0.netloc}".format(urlsplit(app["settings"]["server_url"]))
    for fournisseur in SOCIALACCOUNT_PROVIDERS.values()
    for app in fournisseur["APPS"]
]

# --- Mail --------------------------------------------------------------------------------------------------------

# Every mail is first a row; a worker hands it to the transport. In the embedded profile the row is the mail (/courriels/).
EMAIL_BACKEND = "notifications.courriels.BoiteDEnvoi"
COURRIEL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend" if env("EMAIL_URL", default="") else ""
if EST_PRODUCTION:
    _exemple = "smtp+tls://utilisateur:secret@serveur:587"
    _serveur = exiger("EMAIL_URL", f"l'adresse du serveur de courriels, par exemple {_exemple}")
    # In clear, a mail that opens an account would be read on its way: to this very machine only.
    exiger_une_adresse("EMAIL_URL", _serveur, {"smtp", "smtp+tls", "smtp+ssl"}, _exemple)
    if urlsplit(_serveur).scheme == "smtp" and urlsplit(_serveur).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ImproperlyConfigured(
            f"EMAIL_URL enverrait les courriels sans les chiffrer : écrire par exemple {_exemple}."
        )
    if urlsplit(_serveur).port is None:
        raise ImproperlyConfigured(
            f"EMAIL_URL doit dire le port du serveur de courriels : écrire par exemple {_exemple}."
        )
if env("EMAIL_URL", default=""):
    _courriel = env.email_url("EMAIL_URL")
    EMAIL_HOST, EMAIL_PORT = _courriel["EMAIL_HOST"], _courriel["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _courriel["EMAIL_HOST_USER"], _courriel["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _courriel.get("EMAIL_USE_TLS", False), _courriel.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("ESTUAIRE_EXPEDITEUR", default=ESTUAIRE["contact"])
COURRIELS_LISIBLES = not EST_PRODUCTION

# --- Words, dates, files -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LOCALE_PATHS = [RACINE / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env("ESTUAIRE_FUSEAU", default="Europe/Paris")
USE_I18N = USE_TZ = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = RACINE / "staticfiles"
STATICFILES_DIRS = [RACINE / "static"]
NPM_RACINE = RACINE / "node_modules"
NPM_FICHIERS = FICHIERS_NPM
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.fichiers_npm.NpmFinder",
]
WHITENOISE_USE_FINDERS = not EST_PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "jpg", "webp"]
MEDIA_URL = "/medias/"
MEDIA_ROOT = DONNEES / "medias"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if EST_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # who picks a whole album is told how many we keep, not shown an error page
TELEVERSEMENT_MAX = 42_000_000  # bytes of a whole request that carries files: five photos, and the words
PHOTO_MAX = 8_000_000  # bytes
PHOTO_PIXELS_MAX = 25_000_000
DOCUMENT_MAX = 10_000_000  # bytes
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Safety ------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *([ESTUAIRE["tuiles"].split("/{")[0]] if ESTUAIRE["tuiles"] else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Signing in elsewhere starts with a form of ours that redirects there, and browsers check that too.
        "form-action": [SELF, *FOURNISSEURS_D_IDENTITE],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
#: Which sites may show the pages made for it (`socle.cadres`); any, unless the city names them. All other pages: none.
CADRES_ADMIS = env.list("ESTUAIRE_CADRES", default=["*"])
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if EST_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_REDIRECT_EXEMPT = [r"^sante$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [ADRESSE]

# --- API ---------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],  # no browsable API: it needs inline styles
    "URL_FORMAT_OVERRIDE": None,  # one format: nothing to choose in the address
    "DEFAULT_PARSER_CLASSES": ["api.corps.CorpsJSON"],
    "DEFAULT_METADATA_CLASS": None,  # the description says it all, once
    "DEFAULT_THROTTLE_CLASSES": ["api.cadence.Anonymes", "api.cadence.Personnes", "api.cadence.Ecritures"],
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min", "user": "1200/min", "ecriture": "60/min"},
    "NUM_PROXIES": env.int("ESTUAIRE_MANDATAIRES", default=0),
    "EXCEPTION_HANDLER": "api.erreurs.repondre",
}
#: Of the API and of every file of open data.
LICENCE_DES_DONNEES = {
    "name": "Licence Ouverte 2.0",
    "url": "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Estuaire",
    "DESCRIPTION": "Tout ce que le site montre, et ce qu'une personne connectée peut y faire. Pour écrire : être connecté sur "
    "le site, et joindre le jeton que donne `/api/v1/moi/`, dans l'en-tête `X-CSRFToken`.",
    "VERSION": "0.1.0",
    "LICENSE": LICENCE_DES_DONNEES,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Several models have an « etat » or a « genre »: each gets the name of its own.
    "ENUM_NAME_OVERRIDES": {
        "GenreDeConsultation": "consultations.models.Consultation.Genre",
        "EtatDeConsultation": "consultations.models.Consultation.Etat",
        "EtatDeVote": "votes.models.Scrutin.Etat",
        "FormeDeVote": "votes.models.Scrutin.Forme",
        "RegleDeVote": "votes.models.Scrutin.Regle",
        "ConclusionDEtude": "votes.models.Etude.Conclusion",
        "GenreDeCommunaute": "communautes.models.Communaute.Genre",
        "EtatDeCommunaute": "communautes.models.Communaute.Etat",
        "AccesDeCommunaute": "communautes.models.Communaute.Acces",
        "EtatDeQuestion": "communautes.models.Question.Etat",
        "FaconDeSuivre": "notifications.models.Abonnement.Facon",
        "EtatDIdee": "idees.models.Idee.Etat",
        "EtatDeProjet": "projets.models.Projet.Etat",
        "EtatDEtape": "projets.models.Etape.Etat",
        "EtatDeReponse": "reponses.models.Reponse.Etat",
        "EtatDeCommentaire": "commentaires.models.Commentaire.Etat",
        "GenreDEtape": "projets.models.Etape.Genre",
        "FonctionDEtape": "projets.models.Etape.Fonction",
        "GenreDeTerritoire": "territoires.models.Territoire.Genre",
        "NiveauDeParticipation": "projets.models.Projet.Niveau",
        "SensDeReponse": "reponses.models.Reponse.Sens",
        "MotifDeReponse": "reponses.models.Reponse.Motif",
        "PositionDeCommentaire": "commentaires.models.Commentaire.Position",
        "ModerationDeBoite": "idees.models.Boite.Moderation",
        "QuiPropose": "idees.models.Boite.Qui",
        "EtatDeFusion": "idees.models.Fusion.Etat",
        "VoieDeFusion": "idees.models.Fusion.Voie",
        "AvisSurReponse": "reponses.models.Appreciation.Avis",
        "EtatDeSecondeLecture": "reponses.models.SecondeLecture.Etat",
        "OrigineDeSecondeLecture": "reponses.models.SecondeLecture.Origine",
        "GenreDeNouvelle": "reponses.models.Nouvelle.Genre",
        "MomentDePhoto": "reponses.models.PhotoRealisation.Moment",
        "EtatDeRecit": "projets.models.Recit.Etat",
        "GenreDePassage": "projets.models.Bloc.Genre",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"simple": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"refus": {"()": "config.refus_ordinaires.SansTrace"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "simple", "filters": ["refus"]}},
    "root": {"handlers": ["console"], "level": env("ESTUAIRE_JOURNAL", default="WARNING")},
}
