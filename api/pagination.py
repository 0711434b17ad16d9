import re

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination

ENTIER = re.compile(r"[0-9]{1,9}", re.ASCII)


class Pagination(LimitOffsetPagination):
    """`limit` and `offset` are whole numbers, or the request is refused; a limit past the maximum is the maximum."""

    default_limit = 20
    max_limit = 100
    limit_query_description = "Nombre de lignes voulues."
    offset_query_description = "Nombre de lignes à passer avant la première."

    def get_limit(self, request):
        return min(_entier(request, self.limit_query_param, self.default_limit, minimum=1), self.max_limit)

    def get_offset(self, request):
        return _entier(request, self.offset_query_param, 0, minimum=0)

    def get_schema_operation_parameters(self, view):
        limites, depart = super().get_schema_operation_parameters(view)
        limites["schema"] |= {"minimum": 1, "maximum": self.max_limit, "default": self.default_limit}
        depart["schema"] |= {"minimum": 0, "maximum": 10**9 - 1, "default": 0}
        return [limites, depart]


def _entier(request, nom, defaut, *, minimum):
    brut = request.query_params.get(nom)
    if brut is None:
        return defaut
    if not ENTIER.fullmatch(brut) or int(brut) < minimum:
        raise ValidationError({nom: [_("Écrivez un nombre entier, %(minimum)s ou plus.") % {"minimum": minimum}]})
    return int(brut)
