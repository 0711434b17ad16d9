"""What every operation of the API has in common in its OpenAPI description, so that a view says only what it does."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

#: Module of the view → the chapter that describes it.
CHAPITRES = {
    "api.idees": "Idées",
    "api.projets": "Projets",
    "api.recits": "Projets",
    "api.questions": "Communautés",
    "api.reponses": "Réponses officielles",
    "api.chiffres": "Réponses officielles",
    "api.realisation": "Réponses officielles",
    "api.mediation": "Réponses officielles",
    "api.consultations": "Consultations",
    "api.votes": "Votes",
    "api.communautes": "Communautés",
    "api.commentaires": "Discussions",
    "api.timeline": "Chronologie",
    "api.territoires": "Territoires",
    "api.suivis": "Suivre et être prévenu",
    "api.moi": "Moi",
}
REFUS = {
    "400": "Ce qui est envoyé ne convient pas : des phrases par champ, ou « detail » pour l’ensemble.",
    "403": "Il faut se connecter, ou ce compte ne permet pas cette action.",
    "404": "Rien ici que vous puissiez voir.",
    "409": "Ce n’est plus possible : l’état a changé entre-temps.",
    "413": "L’envoi est trop lourd.",
    "415": "Ce format n’est pas reçu.",
    "429": "Trop de demandes en peu de temps.",
}
PAR_CHAMP = {
    "type": "object",
    "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}


class Refus(serializers.Serializer):
    detail = serializers.CharField(help_text="Une phrase pour la personne.")


class Schema(AutoSchema):
    def get_tags(self):
        return [CHAPITRES[type(self.view).__module__]]

    def get_description(self):  # type: ignore[override] # drf-spectacular's own, without the arguments of DRF
        """Never a docstring: those speak to the people who read the code."""
        return ""

    def _map_serializer(self, serializer, direction, bypass_extensions=False):
        """Serializers are for reading, and whatever they show is always there; what is written goes through forms."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        return {**schema, "required": sorted(schema["properties"])} if schema.get("properties") else schema

    def get_operation(self, *args, **kwargs):
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            for code in self._codes_de_refus(operation):
                operation["responses"].setdefault(code, self._refus(code))
        return operation

    def _codes_de_refus(self, operation) -> list[str]:
        """What may be answered instead of what was asked."""
        codes = {"429"}
        if "requestBody" in operation:
            codes |= {"400", "413", "415"}
        if self.method not in SAFE_METHODS:
            codes |= {"403", "409"}
        if any(isinstance(permission, IsAuthenticated) for permission in self.view.get_permissions()):
            codes.add("403")
        lieux = {parametre["in"] for parametre in operation.get("parameters", ())}
        return sorted(codes | ({"400"} if "query" in lieux else set()) | ({"404"} if "path" in lieux else set()))

    def _refus(self, code) -> dict:
        composant = self.resolve_serializer(Refus, "response")
        if code == "400":
            composant = ResolvedComponent("RefusParChamp", ResolvedComponent.SCHEMA, PAR_CHAMP, "RefusParChamp")
            self.registry.register_on_missing(composant)
        return {"description": REFUS[code], "content": {"application/json": {"schema": composant.ref}}}
