"""The inside of a community of the demonstration: threads that people answer, a poll, a text written in turn and a plan.

Called by whoever founds the community: `raconter(recit, nom, debut=-40)` plans it all on the story, from `debut` (days from
today) on. Needs its référent·e, somebody who leads, and three members at least by then.
"""

from commentaires.actions import approuver, commenter
from commentaires.models import Commentaire
from communautes import documents, forum, sondages
from communautes.models import Communaute, DocumentPartage, Sondage, Sujet
from portail.demonstration import dessin
from socle.images import reencoder
from timeline.etapes import franchir

BIENVENUE = "Bienvenue : dites-nous qui vous êtes"
BANCS = "Où manque-t-il des bancs ?"
JOUR = "Quel jour pour la visite du quartier ?"
COMPTE_RENDU = "Ce que nous demandons"

SUJETS = [
    # (days after the beginning, who opens, title, text)
    (0, "animatrice", BIENVENUE, "Un prénom, votre coin du quartier, et **ce qui vous ferait sortir plus souvent**."),
    (
        3,
        0,
        BANCS,
        "Entre l’arrêt du tram et la place, il n’y en a aucun :\n\n- devant la pharmacie,\n- au milieu de la côte,\n- près du lavoir.",
    ),
    (8, 1, "Covoiturer pour le marché du samedi", "J’ai trois places. On part à neuf heures du lavoir."),
]
REPONSES = {
    BIENVENUE: [
        "Bonjour, j’habite au-dessus de la boulangerie. Un banc à mi-chemin, et je retourne au marché.",
        "Je viens avec mon père : il nous faudrait des toilettes ouvertes le dimanche.",
    ],
    BANCS: ["Devant la pharmacie, oui : on y attend debout.", "Et un dossier, sinon on ne s’en relève pas."],
}
VERSIONS = [
    ("", "Nous demandons trois bancs avec dossier entre l’arrêt du tram et la place."),
    (
        "On précise les endroits",
        "Nous demandons trois bancs avec dossier entre l’arrêt du tram et la place : devant la pharmacie, au milieu de la côte, "
        "près du lavoir.",
    ),
    (
        "On ajoute l’ombre",
        "Nous demandons trois bancs à l’ombre, avec dossier, entre l’arrêt du tram et la place : devant la pharmacie, au milieu de "
        "la côte, près du lavoir.",
    ),
]


def raconter(recit, nom: str, *, debut: int = -40) -> None:
    """Plan it all on the story."""
    for ecart, qui, titre, texte in SUJETS:
        recit.le(recit.jour(debut + ecart), _ouvrir, nom, qui, titre, texte)
    for titre, mots in REPONSES.items():
        for rang, texte in enumerate(mots):
            recit.le(recit.jour(debut + 4 + rang), _repondre, nom, titre, rang + 1, texte)
    recit.le(recit.jour(debut + 1), _epingler, nom)
    recit.le(recit.jour(debut + 6), _parler_pour_la_ville, nom)
    recit.le(recit.jour(debut + 10), _demander, nom)
    recit.le(recit.jour(debut + 11), _voter, nom)
    recit.le(recit.jour(debut + 16), _terminer, nom)
    for rang, (note, texte) in enumerate(VERSIONS):
        recit.le(recit.jour(debut + 12 + rang), _ecrire, nom, rang, note, texte)


def raconter_entre_soi(recit, nom: str, *, debut: int) -> None:
    """A few words behind a closed door: a thread, an answer, a document that nobody else knows of."""
    titre = "Souffler une heure"
    recit.le(recit.jour(debut), _ouvrir, nom, "animatrice", titre, "Qui vous remplace, quand vous sortez une heure ?")
    recit.le(recit.jour(debut + 1), _repondre, nom, titre, 1, "Ma voisine du dessous. Il a fallu oser demander.")
    adresses = "- Une halte de répit, le jeudi.\n- Un numéro à appeler le soir."
    recit.le(recit.jour(debut + 2), _partager, nom, "Nos adresses utiles", adresses)


def _communaute(nom) -> Communaute:
    return Communaute.objects.get(nom=nom)


def _animatrice(nom):
    return _communaute(nom).adhesions.en_cours().get(role="animatrice").personne


def _membre(nom, rang):
    membres = list(_communaute(nom).adhesions.en_cours().filter(role="membre").order_by("pk")[:8])
    return membres[rang % len(membres)].personne


def _sujet(nom, titre) -> Sujet:
    return Sujet.objects.get(communaute=_communaute(nom), titre=titre)


def _ouvrir(nom, qui, titre, texte) -> None:
    par = _animatrice(nom) if qui == "animatrice" else _membre(nom, qui)
    image = (
        {"photo": reencoder(dessin.photo(7)), "alternative": "Des arbres au bord de l’eau, et nulle part où s’asseoir"}
        if titre == BANCS
        else {}
    )
    forum.ouvrir(_communaute(nom), par=par, titre=titre, texte=texte, **image)


def _repondre(nom, titre, rang, texte) -> None:
    dit = commenter(_sujet(nom, titre), par=_membre(nom, rang), texte=texte)
    approuver(dit, par=_membre(nom, rang + 1))


def _epingler(nom) -> None:
    forum.epingler(_sujet(nom, BIENVENUE), par=_animatrice(nom))


def _parler_pour_la_ville(nom) -> None:
    """The référent·e answers the first words, and names whoever said them."""
    sujet, referente = _sujet(nom, BANCS), _communaute(nom).adhesions.en_cours().get(role="referente").personne
    cite = Commentaire.objects.sur(sujet).publies().order_by("pk").first()
    mots = f"@{cite.auteur.pseudonyme} : je passe mardi avec le service des espaces publics, et je vous dis ici ce qui se peut."
    commenter(sujet, par=referente, texte=mots, parent=cite, cite=cite, officielle=True)


def _demander(nom) -> None:
    sondages.demander(
        _communaute(nom),
        par=_membre(nom, 0),
        question=JOUR,
        options=["Mardi soir", "Samedi matin", "Dimanche après-midi"],
    )


def _voter(nom) -> None:
    sondage = Sondage.objects.get(communaute=_communaute(nom), question=JOUR)
    options = list(sondage.options.all())
    for rang, adhesion in enumerate(sondage.communaute.adhesions.en_cours().select_related("personne").order_by("pk")):
        sondages.voter(sondage, par=adhesion.personne, choix=[options[(0, 1, 1, 2, 1)[rang % 5]].pk])


def _terminer(nom) -> None:
    franchir(Sondage.objects.get(communaute=_communaute(nom), question=JOUR).clore, par=_animatrice(nom))


def _ecrire(nom, rang, note, texte) -> None:
    if rang == 0:
        _partager(nom, COMPTE_RENDU, texte)
    else:
        document = DocumentPartage.objects.get(communaute=_communaute(nom), titre=COMPTE_RENDU)
        documents.verser(document, par=_membre(nom, rang), vu=rang, note=note, texte=texte)


def _partager(nom, titre, texte) -> None:
    documents.partager(_communaute(nom), par=_membre(nom, 0), titre=titre, texte=texte)
