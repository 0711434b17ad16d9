"""The same title at the same moment, in real processes: everybody has her page, nobody an error."""

import pytest
from django.db import IntegrityError

from idees.actions import ouvrir_un_projet, regler
from idees.models import Boite
from projets.actions import creer
from projets.models import Projet
from reponses.models import Service
from socle.adresses import avec_adresse_libre, slug_libre
from tests.commentaires.test_concurrence import ensemble
from tests.fabriques import CADRE, IdeeFabrique, PersonneFabrique, ProjetFabrique, ServiceFabrique
from timeline.verification import verifier

ENSEMBLE = 4  # people


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("quoi", ["boites", "projets", "projets nés d’une idée"])
def test_le_meme_titre_au_meme_moment(quoi):
    agents = [PersonneFabrique(roles=["agent"]) for _ in range(ENSEMBLE)]
    service, idees = ServiceFabrique(), [IdeeFabrique(etat="retenue") for _ in agents] if "idée" in quoi else []
    gestes = {
        "boites": [
            lambda a=a: regler(Boite(titre="Vos idées", description="d", service=Service(pk=service.pk)), par=a)
            for a in agents
        ],
        "projets": [lambda a=a: creer(par=a, titre="Vos idées", resume="x") for a in agents],
        "projets nés d’une idée": [
            lambda i=i, a=a: ouvrir_un_projet(
                i, par=a, cadre={"titre": "Vos idées", "resume": "x", "referente": a, **CADRE}
            )
            for i, a in zip(idees, agents, strict=False)
        ],
    }[quoi]
    faits = ensemble(*gestes)
    assert not [fait for fait in faits if isinstance(fait, BaseException)], faits
    modele = Boite if quoi == "boites" else Projet
    adresses = set(modele.objects.filter(titre="Vos idées").values_list("slug", flat=True))
    assert adresses == {"vos-idees", *(f"vos-idees-{n}" for n in range(2, ENSEMBLE + 1))}
    assert verifier()[1] is None


@pytest.mark.django_db
def test_un_titre_sans_lettre_ou_trop_long_a_une_adresse():
    assert slug_libre(Boite, "?!") == "boite"
    long = "mot " * 60
    ProjetFabrique(slug=slug_libre(Projet, long))
    seconde = slug_libre(Projet, long)
    assert seconde.endswith("-2") and len(seconde) <= 160


@pytest.mark.django_db
def test_une_adresse_prise_entre_temps_est_remplacee(monkeypatch):
    prise = ProjetFabrique(slug="titre").slug
    proposees = iter([prise, "titre-2"])
    monkeypatch.setattr("socle.adresses.slug_libre", lambda modele, titre: next(proposees))
    assert avec_adresse_libre(Projet, "Titre", lambda slug: ProjetFabrique(slug=slug)).slug == "titre-2"


@pytest.mark.django_db
def test_une_autre_faute_n_est_pas_recommencee():
    essais = []

    def enregistrer(slug):
        essais.append(slug)
        return Boite.objects.create(slug=slug, titre="t", description="d")  # no service

    with pytest.raises(IntegrityError):
        avec_adresse_libre(Boite, "Titre", enregistrer)
    assert essais == ["titre"]
