"""The steps of any state machine: which ones are open to me, and taking one. Each app's module mounts its own."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api import formulaires
from api.timeline import EntreeLue, entrees_lues_par
from timeline.etapes import (
    EtapeImpossible,
    champ_d_etat,
    etiquette_de,
    exiger_un_bouton,
    franchir,
    prevoir,
    raison,
    transitions_de,
    transitions_ouvertes,
)


class ChoixOffert(serializers.Serializer):
    valeur = serializers.CharField()
    libelle = serializers.CharField()


class ChampDemande(serializers.Serializer):
    nom = serializers.CharField(help_text="Son nom dans le corps de la demande.")
    libelle = serializers.CharField()
    aide = serializers.CharField()
    obligatoire = serializers.BooleanField()
    choix = ChoixOffert(many=True, help_text="Vide quand la valeur est libre.")


class EtapeOuverte(serializers.Serializer):
    nom = serializers.CharField(help_text="À mettre dans l’adresse pour la franchir.")
    libelle = serializers.CharField()
    prevenir = serializers.CharField(help_text="À lire avant : ce qui ne pourra pas être défait.")
    est_principale = serializers.BooleanField()
    champs = ChampDemande(many=True)


class EtapeFranchie(serializers.Serializer):
    etat = serializers.CharField(help_text="L’état atteint.")
    etat_libelle = serializers.CharField()
    entree = EntreeLue(help_text="Ce qui en est écrit dans la chronologie.")


class _EtapesDUnObjet(APIView):
    """Of one object that the person may see, found by `cle`."""

    modele: Any  # the subclass says which
    cle = "pk"

    def objet(self):
        visibles = self.modele._default_manager.visibles_par(self.request.user)
        return get_object_or_404(visibles, **{self.cle: self.kwargs[self.cle]})


class EtapesOuvertes(_EtapesDUnObjet):
    def get(self, request, **_cle):
        objet = self.objet()
        ouvertes = [
            _ouverte(objet, nom, etiquette, request.user)
            for nom, etiquette in transitions_ouvertes(objet, request.user)
        ]
        return Response(EtapeOuverte(ouvertes, many=True).data)


class UneEtape(_EtapesDUnObjet):
    def post(self, request, nom, **_cle):
        objet = self.objet()
        if nom not in transitions_de(self.modele):
            raise Http404
        etiquette = etiquette_de(objet, nom)
        exiger_un_bouton(etiquette)
        etat = getattr(objet, champ_d_etat(self.modele).name)
        if request.data.get("etat", etat) != etat:
            raise EtapeImpossible(raison(objet, request.user))
        prevoir(objet, nom, request.user)
        formulaire = _formulaire(objet, etiquette, request.user, request.data)
        dites = formulaires.exiger_valide(formulaire) if formulaire else {}
        entree = franchir(getattr(objet, nom), par=request.user, **dites)
        objet.refresh_from_db()  # what the step brought with it may have gone further
        champ = champ_d_etat(self.modele).name
        franchie = {
            "etat": getattr(objet, champ),
            "etat_libelle": getattr(objet, f"get_{champ}_display")(),
            "entree": entrees_lues_par(request.user).get(pk=entree.pk),
        }
        return Response(EtapeFranchie(franchie).data)


def _formulaire(objet, etiquette, personne, corps=None):
    if not etiquette.formulaire:
        return None
    classe = import_string(etiquette.formulaire)
    recues = formulaires.donnees(corps, classe) if corps is not None else None
    return classe(recues, objet=objet, par=personne)


def _ouverte(objet, nom, etiquette, personne) -> dict:
    formulaire = _formulaire(objet, etiquette, personne)
    champs = formulaire.fields.items() if formulaire else ()
    return {
        "nom": nom,
        "libelle": etiquette.libelle,
        "prevenir": objet.prevenir_de(nom) or etiquette.prevenir,
        "est_principale": etiquette.principale,
        "champs": [
            {
                "nom": nom_du_champ,
                "libelle": champ.label or "",
                "aide": champ.help_text,
                "obligatoire": champ.required,
                "choix": formulaires.choix(champ),
            }
            for nom_du_champ, champ in champs
        ],
    }


def ouvertes_decrites(quoi: str):
    """Description of the list of open steps of `quoi` (« une idée »)."""
    return extend_schema(
        summary=f"Les étapes que je peux faire franchir à {quoi}",
        description="Avec ce que chacune demande. Vide pour qui n’a rien à y faire.",
        responses=EtapeOuverte(many=True),
    )


def etape_decrite(modele, quoi: str):
    """Description of taking a step, with the names of all of them and what each asks."""
    noms = {nom: t[0].custom["etiquette"] for nom, t in transitions_de(modele).items()}
    noms = {nom: etiquette for nom, etiquette in noms.items() if not etiquette.automatique}
    lignes = [f"- `{nom}` : {etiquette.libelle}{_demandes(etiquette)}" for nom, etiquette in noms.items()]
    return extend_schema(
        summary=f"Faire franchir une étape à {quoi}",
        description=(
            "Le corps porte les champs que l’étape demande, et `etat` si vous voulez qu’elle soit refusée (409) "
            "quand l’état n’est plus celui que vous avez vu.\n\n" + "\n".join(lignes)
        ),
        parameters=[
            OpenApiParameter("nom", str, OpenApiParameter.PATH, enum=list(noms), description="Nom de l’étape.")
        ],
        request={
            "application/json": {
                "type": "object",
                "properties": {"etat": {"type": "string"}},
                "additionalProperties": True,
            }
        },
        responses=EtapeFranchie,
    )


def _demandes(etiquette) -> str:
    if not etiquette.formulaire:
        return ""
    champs = import_string(etiquette.formulaire).base_fields.items()
    return " (" + ", ".join(f"`{nom}`{'' if champ.required else ' facultatif'}" for nom, champ in champs) + ")"
