"""Things of the tests that are put where they are wanted leave the rows that the real road leaves."""

from datetime import date, datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from communautes import actions
from communautes.models import Communaute
from socle.permissions import SYSTEME
from tests.communautes.fabriques import animatrice_de, fonder, ouvrir, placer
from tests.fabriques import BoiteFabrique, EtapeFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, amener
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
#: What differs from one row to the next, whoever writes it.
PROPRES = ("empreinte", "precedente", "tete", "numero", "longueur", "password", "par_reference")


def lignes() -> dict[tuple, dict]:
    """{(model, key): columns} of the whole base."""
    return {
        (modele._meta.label, ligne[modele._meta.pk.attname]): ligne
        for modele in apps.get_models(include_auto_created=True)
        if not modele._meta.proxy
        for ligne in modele._base_manager.values()
    }


def ecrites(faire) -> list[tuple]:
    """The rows that `faire` writes or changes, without what makes each of them itself: keys by the order in which they came."""
    avant = lignes()
    faire()
    neuves = {cle: ligne for cle, ligne in lignes().items() if avant.get(cle) != ligne}
    modeles = {modele._meta.label: modele for modele in apps.get_models(include_auto_created=True)}
    rangs = {cle: rang for rang, cle in enumerate(sorted(neuves))}
    return [
        (cle[0], {champ.attname: comparable(champ, neuves[cle][champ.attname], rangs) for champ in modeles[cle[0]]._meta.concrete_fields})
        for cle in sorted(neuves)
    ]  # fmt: skip


def comparable(champ, valeur, rangs):
    if champ.name in PROPRES or isinstance(valeur, datetime | UUID):
        return type(valeur)
    if isinstance(valeur, date):
        return valeur
    if champ.primary_key or isinstance(champ, models.ForeignKey):
        modele = champ.model if champ.primary_key else champ.related_model
        return rangs.get((modele._meta.label, valeur), valeur)
    if champ.name == "cible_id":
        return "cible"
    return "".join(lettre for lettre in valeur if not lettre.isdigit()) if isinstance(valeur, str) else valeur


@pytest.fixture(params=["libre", "d’une étape"])
def boite(request):
    boite = BoiteFabrique(**({} if request.param == "libre" else {"etape": EtapeFabrique(projet__ouvert=True)}))
    IdeeFabrique(boite=boite, etat="publiee")  # the chain is begun, and the kinds of things have their numbers
    return boite


@pytest.mark.parametrize("etat", ["a_moderer", "publiee", "en_etude"])
def test_une_idee_posee_est_celle_du_chemin(boite, etat):
    posee = ecrites(lambda: IdeeFabrique(boite=boite, etat=etat))
    amenee = ecrites(lambda: amener(IdeeFabrique(boite=boite), etat))
    assert [ligne for ligne, autre in zip(posee, amenee, strict=True) if ligne != autre] == []
    assert any(modele == Entree._meta.label for modele, _colonnes in posee)


@pytest.mark.parametrize("acces", ["publique", "sur_demande", "sur_invitation"])
def test_une_membre_placee_est_entree_par_la_porte(acces):
    communaute = ouvrir(acces)
    hote = animatrice_de(communaute)

    def par_la_porte():
        personne = PersonneFabrique()
        if acces == Communaute.Acces.SUR_INVITATION:
            adhesion = actions.inviter(communaute, par=hote, pseudonyme=personne.pseudonyme)
            franchir(adhesion.accepter, par=personne)
        else:
            adhesion = actions.rejoindre(communaute, par=personne)
        if acces == Communaute.Acces.SUR_DEMANDE:
            franchir(adhesion.accueillir, par=hote)

    ecrites(par_la_porte)  # the kinds of things have their numbers
    entree = ecrites(par_la_porte)
    placee = ecrites(lambda: placer(communaute, PersonneFabrique(), hote))
    assert [ligne for ligne, autre in zip(placee, entree, strict=True) if ligne != autre] == []


def test_une_communaute_ouverte_l_est_par_sa_porte():
    def par_la_porte():
        communaute, agent = fonder(), PersonneFabrique(roles=["agent"])
        franchir(communaute.ouvrir, par=agent, referente=agent)

    ouvrir()  # the kinds of things have their numbers
    assert ecrites(ouvrir) == ecrites(par_la_porte)


def test_un_projet_annonce_et_ouvert_l_est_par_ses_etapes():
    def par_ses_etapes():
        projet = ProjetFabrique(annonce=False)
        franchir(projet.annoncer, par=projet.referente)
        franchir(projet.ouvrir, par=SYSTEME)

    ProjetFabrique(ouvert=True)
    assert ecrites(lambda: ProjetFabrique(ouvert=True)) == ecrites(par_ses_etapes)
