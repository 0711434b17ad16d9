"""Twenty ideas told again in other words, among 892 real ones: how far the right one stands in the list.

The real texts are read beside the repository and skipped, aloud, where they are missing. Table: pytest -s.
"""

import pytest
from django.contrib.auth.models import AnonymousUser

from idees.semblables import PROCHE, semblables
from tests.idees import corpus_reel

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.deux_bases("chaque base trouve les mots à sa façon"),
    pytest.mark.skipif(bool(corpus_reel.manque()), reason=corpus_reel.manque() or "présents"),
]

#: (the right idea, title, text). The words are ours, written from the title and the first line of the original, before
#: any constant was chosen.
REDITES = [
    ("rn:103", "Voter en ligne aux élections", "Pouvoir voter depuis chez soi par internet, à toutes les élections, plutôt que de se déplacer au bureau."),
    ("mel:418", "Laisser chacun refuser le compteur Linky", "On nous pose ces compteurs communicants sans demander notre avis. Il faudrait l’accord de l’habitant."),
    ("mel:373", "Limiter la vitesse selon la route, pas partout pareil", "80 km/h partout n’a pas de sens : chaque département fixerait la limitation, route par route."),
    ("mel:380", "Verser un revenu de base à tout le monde", "Un revenu universel pour chacun, sans condition, ferait reculer le chômage."),
    ("mel:452", "Ne plus payer la redevance télé", "Cet impôt sur la télévision est injuste, il faut l’enlever."),
    ("mel:431", "Moins d’élus en France", "Il y a trop de mandats et trop d’élus, cela coûte des milliards."),
    ("mel:617", "Des locations mieux protégées du froid", "Beaucoup d’appartements loués laissent passer l’air froid en hiver : que les propriétaires les isolent."),
    ("mel:391", "Un tramway depuis Orchies", "Les bouchons au sud de Lille empirent : une ligne jusqu’à Pont de Bois aiderait."),
    ("mel:602", "Interdire les avions à bas prix", "Les compagnies low cost polluent : prendre l’avion devrait coûter son vrai prix."),
    ("mel:402", "Obliger tout le monde à voter", "Ceux qui ne votent pas se plaignent ensuite. Voter devrait être un devoir, comme ailleurs."),
    ("mel:363", "Noter les candidats par des mentions", "Remplacer l’élection à deux tours par le jugement majoritaire, où l’on donne son avis sur chacun."),
    ("rn:444", "Encourager le travail à la maison", "Aider les entreprises qui acceptent le télétravail, pour éviter des trajets chaque jour."),
    ("rn:420", "Une CNIL dans chaque région", "Ouvrir des bureaux de la CNIL près des gens, en région."),
    ("rn:515", "Des livres numériques moins chers", "Le livre numérique coûte presque autant que celui en papier : faire baisser les prix."),
    ("rn:438", "Passer les administrations aux logiciels libres", "Acheter des licences coûte des millions aux contribuables : l’open source suffirait."),
    ("rn:456", "Télécharger les émissions de France Télévisions", "Garder les vidéos de pluzz sur son ordinateur, en MP4."),
    ("rn:591", "Filmer les conseils municipaux", "Mettre en ligne la vidéo des séances publiques du conseil, pour qui ne peut pas y venir."),
    ("rn:648", "Un site pour aider les associations", "Les associations y déposeraient leurs demandes et leurs besoins au même endroit."),
    ("mel:477", "Choisir le texte de sa plaque de voiture", "En payant une redevance, le propriétaire d’un véhicule écrirait ce qu’il veut dessus."),
    ("mel:451", "Des programmes plus légers au collège et au lycée", "Trop de matières inutiles : les élèves croulent sous les cours."),
]  # fmt: skip

#: Ideas that nobody of the corpus had: nothing must look near.
ETRANGERES = [
    ("Des bancs à l’ombre près du lavoir", "Au lavoir il n’y a pas un seul siège et les anciens rentrent épuisés."),
    ("Une piscine plus grande à Rezé", "Les créneaux sont complets et les enfants n’apprennent plus à nager."),
    ("Planter des arbres dans la cour", "Il fait trop chaud l’été, on y joue sur du goudron."),
    ("Un marché le samedi matin", "Pour acheter des légumes près de chez soi."),
    ("Éclairer le passage sous la gare", "On y passe le soir avec la peur au ventre."),
]


def test_les_idees_redites_se_retrouvent_et_les_etrangeres_non(capsys):
    noms = corpus_reel.publier()
    entieres = [_rang(noms, nom, titre, texte) for nom, titre, texte in REDITES]
    titres = [_rang(noms, nom, titre, "") for nom, titre, _texte in REDITES]
    with capsys.disabled():
        print("\nidée        rang  distance  suivante  titre seul  redite")
        for (nom, titre, _t), (rang, distance, autre), (seul, _d, _a) in zip(REDITES, entieres, titres, strict=True):
            print(f"{nom:<11} {rang or '> 5':>4}  {distance:>8.3f}  {autre:>8.3f}  {seul or '> 5':>10}  {titre}")
    assert _parmi(entieres, 1) >= 16 and _parmi(entieres, 3) == len(REDITES)
    assert _parmi(titres, 1) >= 9 and _parmi(titres, 3) >= 13
    assert sum(distance <= PROCHE for _rang, distance, _autre in entieres) == len(REDITES)
    for titre, texte in ETRANGERES:
        assert [p for p in semblables(titre, texte, AnonymousUser()) if p.est_proche] == []


def _parmi(rangs, combien) -> int:
    return sum(rang is not None and rang <= combien for rang, _distance, _autre in rangs)


def _rang(noms, nom, titre, texte):
    """(rank of the right idea or None, its distance, that of the nearest other)."""
    proches = semblables(titre, texte, AnonymousUser())
    assert len(proches) == 5 and [p.distance for p in proches] == sorted(p.distance for p in proches)
    rang = next((r for r, proche in enumerate(proches, 1) if noms[proche.idee.pk] == nom), None)
    autres = [p.distance for p in proches if noms[p.idee.pk] != nom]
    return rang, proches[rang - 1].distance if rang else 1.0, autres[0]
