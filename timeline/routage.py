from django.urls import re_path

from timeline.consumers import FluxConsumer, introuvable

routes = [
    re_path(r"^ws/flux/$", FluxConsumer.as_asgi()),
    re_path(r"^ws/flux/(?P<modele>[a-z]+\.[a-z]+)/(?P<pk>\d{1,18})/$", FluxConsumer.as_asgi()),
    re_path(r"", introuvable),  # last: without it the router raises, and a mistyped address is a fault of the server
]
