import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()  # before the consumers: they import models

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from config import connexions_gardees, lecture_bornee  # noqa: E402
from config.limites import CorpsBorne  # noqa: E402
from config.taches import demarrer  # noqa: E402
from portail.controles import exiger_une_base_saine  # noqa: E402
from timeline.routage import routes  # noqa: E402

exiger_une_base_saine()

application = ProtocolTypeRouter(
    {
        "http": CorpsBorne(pages),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(routes))),
    }
)

lecture_bornee.brancher()
connexions_gardees.brancher()
demarrer()  # the web process is also the worker, in the embedded profile
