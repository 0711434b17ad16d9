import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from portail.controles import exiger_une_base_saine  # noqa: E402

exiger_une_base_saine()
