"""What the demonstration writes together: a text in three versions that two people have signed, one that became an idea, and a
working group on an idea that was accepted. All invented."""

import uuid

from commentaires.actions import commenter
from communautes import actions as communautes
from communautes import ebauches
from communautes.models import Communaute, Ebauche
from idees import ensemble, groupes
from idees.models import Boite, Idee
from portail.demonstration import contenu
from projets.models import Thematique
from timeline.etapes import franchir

COMMUNAUTE = {
    "nom": "Les rives à pied",
    "resume": "Des marcheuses et marcheurs inventés qui veulent des rives où l’on s’arrête.",
    "description": "Nous marchons le long de l’eau le dimanche, et nous écrivons ensemble ce qui manque.",
    "charte": "On s’écoute. On écrit pour tout le monde, pas pour soi. On signe ce qu’on a lu.",
    "acces": Communaute.Acces.PUBLIQUE,
}
EN_ECRITURE = {
    "titre": "Des fontaines le long de la rive nord",
    "texte": "L’été, on marche une heure sans trouver d’eau. Il faudrait des fontaines le long de la rive nord.",
    "lieu": "",
}
AJOUTS = (
    ("Trois fontaines suffisent : près du pont, à mi-chemin, et à la halte des bateaux.", "Combien, et où"),
    ("Elles doivent être assez basses pour un fauteuil roulant et pour les enfants.", "Pour tout le monde"),
)
DEPOSEE = {
    "titre": "Des bancs à l’ombre tous les cinq cents mètres",
    "texte": "Marcher fait du bien, à condition de pouvoir s’arrêter. Nous proposons un banc à l’ombre tous les cinq cents mètres, "
    "en commençant par les chemins les plus fréquentés.",
    "lieu": "Rives de la Loire",
}
GROUPE = {
    "nom": "Groupe de travail : suivre une idée retenue",
    "resume": "Habitantes, habitants et agents inventés qui font avancer une idée retenue.",
    "description": "Nous lisons ce que la collectivité étudie, nous disons ce que nous en savons, et nous racontons ce qui avance.",
    "charte": "On s’écoute. On parle du projet, pas des personnes.",
    "acces": Communaute.Acces.PUBLIQUE,
}


def raconter(recit) -> None:
    """Plan them on the story; it needs its ideas."""
    recit.le(recit.jour(-60), _ouvrir_la_communaute, recit)
    recit.le(recit.jour(-40), _ecrire, recit, DEPOSEE)
    recit.le(recit.jour(-30), _deposer, recit)
    recit.le(recit.jour(-9), _ecrire, recit, EN_ECRITURE)
    recit.le(recit.jour(-6), _completer, recit, 0)
    recit.le(recit.jour(-3), _completer, recit, 1)
    recit.le(recit.jour(-2), _signer, recit)
    recit.le(recit.jour(-1), _fonder_un_groupe, recit)


def _gens(recit):
    """Who writes: the citizen of the demonstration, and two neighbours."""
    return recit.gens["citoyenne"], recit.voisins[4], recit.voisins[9]


def _communaute() -> Communaute:
    return Communaute.objects.get(nom=COMMUNAUTE["nom"])


def _ouvrir_la_communaute(recit) -> None:
    camille, *autres = _gens(recit)
    communaute = communautes.fonder(par=camille, **COMMUNAUTE)
    franchir(communaute.ouvrir, par=recit.agent, referente=recit.agent)
    for personne in autres:
        communautes.rejoindre(communaute, par=personne)


def _ecrire(recit, mots) -> None:
    valeurs = {**mots, "thematique": Thematique.objects.get(slug="nature-et-climat"), "territoire": None}
    ebauches.ouvrir(_communaute(), par=_gens(recit)[0], valeurs=valeurs, cle=uuid.uuid4())


def _ebauche(mots) -> Ebauche:
    return Ebauche.objects.get(titre=mots["titre"])


def _completer(recit, rang) -> None:
    ebauche, (ajout, resume) = _ebauche(EN_ECRITURE), AJOUTS[rang]
    valeurs = {nom: getattr(ebauche, nom) for nom in ebauches.CONTENU} | {"texte": f"{ebauche.texte}\n\n{ajout}"}
    ebauches.enregistrer(ebauche, par=_gens(recit)[rang + 1], valeurs=valeurs, base=ebauche.numero, resume=resume)


def _signer(recit) -> None:
    ebauche = _ebauche(EN_ECRITURE)
    for personne in _gens(recit)[:2]:
        ebauches.signer(ebauche, par=personne, numero=ebauche.numero)
    commenter(ebauche, par=_gens(recit)[2], texte="Je relis ce soir, et je signe si tout y est.")


def _deposer(recit) -> None:
    ebauche, gens = _ebauche(DEPOSEE), _gens(recit)
    for personne in gens:
        ebauches.signer(ebauche, par=personne, numero=1)
    boite = Boite.objects.get(slug=contenu.BOITE_LIBRE["slug"])
    idee = ensemble.deposer(
        ebauche, par=gens[0], boite=boite, thematique=ebauche.thematique, numero=1, cle=uuid.uuid4()
    )
    idee.refresh_from_db()
    if idee.etat == Idee.Etat.A_MODERER:
        franchir(idee.publier, par=recit.gens["modératrice"])


def _fonder_un_groupe(recit) -> None:
    """On the last accepted idea that has none."""
    retenues = Idee.objects.filter(etat__in=[Idee.Etat.RETENUE, Idee.Etat.EN_REALISATION], masquee_le__isnull=True)
    idee = retenues.filter(groupe_de_travail__isnull=True).order_by("-publiee_le", "-pk").first()
    if idee is None:
        return
    groupe = groupes.fonder(idee, par=recit.agent, animatrice=idee.auteur, **GROUPE)
    for personne in recit.voisins[12:16]:
        if personne.pk not in idee.autrices():
            communautes.rejoindre(groupe.communaute, par=personne)
