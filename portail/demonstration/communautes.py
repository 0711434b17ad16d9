"""The communities of the demonstration: one of each door, one asleep, one that waits to be opened; people who came, who ask,
who were excluded and appealed. Every one of them is invented.
"""

from django.core.files.base import ContentFile

from communautes import actions
from communautes.horloge import battre
from communautes.models import Adhesion, Communaute
from portail.demonstration import dessin, forum
from projets.models import Thematique
from socle.images import reencoder
from territoires.models import Territoire
from timeline.etapes import franchir

A = Communaute.Acces
VOISINS, TRAJETS, AIDANTS, JARDIN, VELO = (
    "Réseau de voisins",
    "Se déplacer autrement après 70 ans",
    "Le cercle des aidants",
    "Les jardins du bout de la rue",
    "Réparer les vélos du quartier",
)
FICHES = {
    VOISINS: {
        "resume": "Monter des courses, arroser des plantes, prêter une perceuse : on se rend service entre voisins.",
        "description": "Beaucoup aideraient si on leur demandait. Ici on dit ce dont on a besoin, et ce que l’on sait faire.\n\n"
        "On se retrouve aussi le premier samedi du mois, autour d’un café.",
        "charte": "On se parle avec respect. On ne vend rien. On ne donne pas l’adresse d’une autre personne.",
        "acces": A.PUBLIQUE,
    },
    TRAJETS: {
        "resume": "Marcher, prendre le bus, être accompagné : nos trajets de tous les jours, et ce qui les rend difficiles.",
        "description": "Après le débat sur la longévité, un groupe s’est formé pour regarder de près les trajets du quotidien : "
        "l’arrêt sans banc, le feu trop court, la correspondance trop longue.",
        "charte": "On parle de trajets réels. On n’écrit rien sur la santé de quelqu’un d’autre.",
        "acces": A.SUR_DEMANDE,
    },
    AIDANTS: {
        "resume": "Des proches qui aident un parent, un conjoint ou un enfant, et qui en parlent entre eux.",
        "description": "Un lieu à l’abri des regards, pour souffler et échanger des adresses utiles.",
        "charte": "Ce qui se dit ici reste ici.",
        "acces": A.SUR_INVITATION,
    },
    JARDIN: {
        "resume": "Des habitants qui plantaient les pieds d’arbres de leur rue.",
        "description": "Le groupe a planté vingt pieds d’arbres, puis chacun a continué de son côté.",
        "charte": "On arrose à tour de rôle.",
        "acces": A.PUBLIQUE,
    },
    VELO: {
        "resume": "Une fois par mois, des bénévoles apprennent à réparer un vélo à qui le veut.",
        "description": "Nous cherchons un local et quelques outils. Nous sommes déjà cinq.",
        "charte": "On apprend à faire, on ne fait pas à la place.",
        "acces": A.PUBLIQUE,
    },
}
MOT = "Je prends le bus 23 tous les jours et j’aimerais en parler."
MOTIF = "A publié plusieurs fois l’adresse d’une voisine, malgré deux rappels de la charte."
APPEL = "C’était mon adresse et non la sienne : nous habitons le même immeuble. Personne ne me l’a demandé."


def raconter(recit) -> None:
    """Plan them on the story."""
    _ouvrir(recit, VOISINS, -120, territoire="Nantes Nord", photo=2)
    _ouvrir(recit, TRAJETS, -90, projet="longevite")
    _ouvrir(recit, AIDANTS, -60)
    _ouvrir(recit, JARDIN, -330, theme="nature-et-climat", photo=5)
    recit.le(recit.jour(-325), _faire_entrer, recit, JARDIN, range(20, 24))
    recit.le(recit.jour(-320), battre)
    recit.le(recit.jour(-160), battre)
    recit.le(recit.jour(-125), battre)
    recit.le(recit.jour(-110), _faire_entrer, recit, VOISINS, range(1, 15))
    forum.raconter(recit, VOISINS, debut=-100)
    recit.le(recit.jour(-80), _faire_entrer, recit, TRAJETS, range(4, 10))
    recit.le(recit.jour(-50), _inviter, recit, AIDANTS, range(10, 13))
    forum.raconter_entre_soi(recit, AIDANTS, debut=-45)
    recit.le(recit.jour(-3), _inviter, recit, AIDANTS, [13], accepte=False)
    recit.le(recit.jour(-12), _exclure, recit, TRAJETS, 5)
    recit.le(recit.jour(-9), _faire_appel, recit, TRAJETS, 5)
    recit.le(recit.jour(-2), _demander, recit, TRAJETS, 16)
    recit.le(recit.jour(-4), _proposer, recit, VELO, 18)
    recit.le(recit.jour(-1), battre)


def _trouver(nom: str) -> Communaute:
    return Communaute.objects.get(nom=nom)


def _fondatrice(recit, nom):
    """The citizen whose account one tries leads the first of them."""
    if nom == VOISINS:
        return recit.gens["citoyenne"]
    return recit.voisins[{TRAJETS: 3, AIDANTS: 9, JARDIN: 19}[nom]]


def _ouvrir(recit, nom, jour, **autour) -> None:
    recit.le(recit.jour(jour - 4), _fonder, _fondatrice(recit, nom), nom, recit, **autour)
    recit.le(recit.jour(jour), lambda: franchir(_trouver(nom).ouvrir, par=recit.agent, referente=recit.agent))


def _fonder(par, nom, recit, *, projet="", territoire="", theme="", photo=None) -> None:
    contenu = {"nom": nom, **FICHES[nom]}
    if projet:
        contenu["projet"] = recit.projet(projet)
    if territoire:
        contenu["territoire"] = Territoire.objects.defer("contour").filter(nom=territoire).first()
    if theme:
        contenu["thematique"] = Thematique.objects.get(slug=theme)
    if photo is not None:
        grande = reencoder(dessin.photo(photo))[0]
        contenu |= {
            "image": ContentFile(grande.contenu, name="image.webp"),
            "image_alternative": "Des arbres au bord de l’eau (dessin)",
        }
    actions.fonder(par=par, **contenu)


def _proposer(recit, nom, rang) -> None:
    _fonder(recit.voisins[rang], nom, recit, theme="se-deplacer")


def _faire_entrer(recit, nom, rangs) -> None:
    communaute = _trouver(nom)
    for rang in rangs:
        adhesion = actions.rejoindre(communaute, par=recit.voisins[rang])
        if adhesion.etat == Adhesion.Etat.DEMANDEE:
            franchir(adhesion.accueillir, par=_fondatrice(recit, nom))


def _demander(recit, nom, rang) -> None:
    actions.rejoindre(_trouver(nom), par=recit.voisins[rang], message=MOT)


def _inviter(recit, nom, rangs, accepte=True) -> None:
    communaute = _trouver(nom)
    for rang in rangs:
        invitee = recit.voisins[rang]
        adhesion = actions.inviter(communaute, par=_fondatrice(recit, nom), pseudonyme=invitee.pseudonyme)
        if accepte:
            franchir(adhesion.accepter, par=invitee)


def _sa_place(recit, nom, rang) -> Adhesion:
    return _trouver(nom).adhesions.get(personne=recit.voisins[rang])


def _exclure(recit, nom, rang) -> None:
    franchir(_sa_place(recit, nom, rang).exclure, par=_fondatrice(recit, nom), motif=MOTIF)


def _faire_appel(recit, nom, rang) -> None:
    actions.faire_appel(_sa_place(recit, nom, rang), par=recit.voisins[rang], texte=APPEL)
