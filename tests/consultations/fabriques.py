"""Consultations of the tests, and answers to them."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from consultations import composition, participer
from consultations.models import Consultation, Donnee, Participation
from consultations.questionnaire import Choix, Condition, Genre, Page, Question, Questionnaire, Saut
from consultations.repondantes import Repondante
from socle.permissions import SYSTEME
from territoires.models import Territoire
from tests.fabriques import PersonneFabrique
from timeline.etapes import franchir

MOT = "0123456789ABCDEFGHJK"


def question(cle="q1", genre=Genre.UNIQUE, **champs) -> Question:
    """Of two choices `a` and `b`, when its kind has choices."""
    if genre in {Genre.UNIQUE, Genre.MULTIPLE, Genre.CLASSEMENT, Genre.MATRICE}:
        champs.setdefault("choix", (Choix("a", "Oui"), Choix("b", "Non")))
    if genre == Genre.MATRICE:
        champs.setdefault("lignes", (Choix("l1", "Le matin"), Choix("l2", "Le soir")))
    return Question(cle, genre, champs.pop("intitule", f"Question {cle} ?"), **champs)


def une_page(*questions: Question) -> Questionnaire:
    return Questionnaire((Page("p1", elements=questions or (question(),)),))


def avec_saut() -> Questionnaire:
    """Three pages; « Non » to the first question skips the second page."""
    return Questionnaire(
        (
            Page("p1", elements=(question("q1", obligatoire=True),), sauts=(Saut(Condition.CHOISI, "p3", "q1", "b"),)),
            Page("p2", elements=(question("q2", Genre.NOMBRE, maximum=Decimal(10), obligatoire=True),)),
            Page("p3", elements=(question("q3", Genre.TEXTE_LONG),)),
        )
    )


def de_chaque_genre() -> Questionnaire:
    return une_page(*(question(f"q{n}", genre) for n, genre in enumerate(Genre)))


def consultation(questionnaire: Questionnaire | None = None, *, etat="ouverte", agent=None, **champs) -> Consultation:
    """In this state, from yesterday to next week; the clock has done its part."""
    agent = agent or PersonneFabrique(roles=["agent"])
    maintenant = timezone.now()
    dates = {
        "ouverte": (-1, 7),
        "brouillon": (1, 7),
        "programmee": (1, 7),
        "close": (-7, 7),
        "restituee": (-7, 7),
    }[etat]
    champs = {
        "titre": "Consultation fictive",
        "ouvre_le": maintenant + timedelta(days=dates[0]),
        "ferme_le": maintenant + timedelta(days=dates[1]),
    } | champs
    nouvelle = composition.creer(Consultation(**champs), par=agent)
    version = composition.preparer(nouvelle, par=agent)
    composition.retoucher(version, lambda _avant: questionnaire or une_page(), par=agent)
    if etat == "brouillon":
        return nouvelle
    franchir(nouvelle.programmer, par=agent)
    if etat == "programmee":
        return nouvelle
    franchir(nouvelle.ouvrir, par=SYSTEME)
    return fermer(nouvelle, agent=agent, restituee=etat == "restituee") if etat != "ouverte" else nouvelle


def fermer(ouverte: Consultation, *, agent=None, restituee=False) -> Consultation:
    """As if its end had come; on a site in service its clock waits, or it would close it first."""
    with transaction.atomic():
        Consultation.objects.filter(pk=ouverte.pk).update(ferme_le=timezone.now() - timedelta(seconds=1))
        ouverte = Consultation.objects.get(pk=ouverte.pk)
        franchir(ouverte.clore, par=SYSTEME)
    if restituee:
        franchir(ouverte.restituer, par=agent or PersonneFabrique(roles=["agent"]), bilan="Nous retenons le banc.")
    return ouverte


def participation(de: Consultation, brut=None, *, personne=None, envoyee=True, **envoi) -> Participation:
    """An answer, of an account or of a browser; sent unless said otherwise."""
    par = personne or Repondante()
    commencee = participer.ouvrir(de, par=par, cle=uuid.uuid4())
    par = personne or Repondante([commencee.pk])
    for page in commencee.version.questionnaire.pages:
        commencee = participer.garder(commencee, par=par, page=page, brut={"q1": ["a"]} if brut is None else brut)
    return participer.envoyer(commencee, par=par, mot=MOT, **envoi) if envoyee else commencee


def repondre_en_masse(ouverte, reponses, **champs):
    """Rows as sending writes them, many at once. `reponses`: one {key: Valeur} per person; `champs`: values, or functions of
    her place in the list."""
    maintenant, version = timezone.now(), ouverte.version
    depart = Participation.objects.count()
    nouvelles = [
        Participation(
            consultation=ouverte,
            version=version,
            cle=uuid.uuid4(),
            numero=10**8 + (depart + n) * 7919 % (9 * 10**8),
            envoyee_le=maintenant,
            **{nom: valeur(n) if callable(valeur) else valeur for nom, valeur in champs.items()},
        )
        for n in range(len(reponses))
    ]
    faites = Participation.objects.bulk_create(nouvelles)
    Donnee.objects.bulk_create(
        [
            ligne
            for faite, valeurs in zip(faites, reponses, strict=True)
            for ligne in participer.donnees_de(faite, valeurs)
        ]
    )
    return faites


def commune(nom, population=100_000, **champs) -> Territoire:
    return Territoire.objects.create(
        genre=Territoire.Genre.COMMUNE, nom=nom, slug=nom.lower(), code=f"99{nom}", population=population, **champs
    )


def quartier(nom, ville, **champs) -> Territoire:
    return Territoire.objects.create(
        genre=Territoire.Genre.QUARTIER, nom=nom, slug=nom.lower(), code=f"99{nom}", parent=ville, **champs
    )
