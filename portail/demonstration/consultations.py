"""The consultations of the demonstration: one of every kind of question, one that is over with its results, a short survey,
and one in preparation. Every answer is invented, by a die that always falls the same way.
"""

import random
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from consultations import composition, horloge, participer
from consultations.models import Consultation, Donnee, Participation, Tranche
from consultations.questionnaire import FIN, Choix, Condition, Genre, Page, Question, Questionnaire, Saut
from territoires.models import Territoire
from timeline.etapes import franchir

DE = 2026  # of the die


def _choix(*libelles: str) -> tuple[Choix, ...]:
    return tuple(Choix(f"c{rang}", libelle) for rang, libelle in enumerate(libelles, start=1))


# --- Open: every kind of question, and a jump --------------------------------------------------------------------------

RUES = {
    "titre": "Votre rue en été",
    "description": "Douze rues vont être rénovées. Dites-nous comment vous vivez la chaleur : vos réponses aideront à choisir où planter d’abord.",
    "resultats": Consultation.Resultats.CLOTURE,
}
QUESTIONNAIRE_RUES = Questionnaire(
    (
        Page(
            "p1",
            "Vous et la chaleur",
            (
                Question("intro", Genre.EXPLICATION, "Pensez à la rue où vous passez le plus de temps l’été dernier."),
                Question(
                    "gene", Genre.UNIQUE, "La chaleur vous a-t-elle gêné·e dans cette rue ?", obligatoire=True,
                    choix=_choix("Oui, souvent", "Oui, quelques jours", "Non, jamais"),
                ),
                Question("ressenti", Genre.SENTIMENT, "Comment vous y sentez-vous à pied, l’après-midi ?"),
                Question(
                    "ombre", Genre.ECHELLE, "Cette rue a-t-elle assez d’ombre ?", minimum=Decimal(1), maximum=Decimal(5),
                    debut="Pas du tout", fin="Tout à fait",
                ),
            ),
            (Saut(Condition.CHOISI, "p3", "gene", "c3"),),
        ),
        Page(
            "p2",
            "Ce qui gêne, et où",
            (
                Question("titre1", Genre.SECTION, "Ce qui gêne"),
                Question(
                    "quoi", Genre.MULTIPLE, "Qu’est-ce qui vous gêne le plus ?", aide="Trois réponses au plus.",
                    choix=_choix("Le sol qui brûle", "Le manque d’arbres", "Pas un banc à l’ombre", "Pas d’eau à boire"),
                    avec_autre=True, maximum=Decimal(3),
                ),
                Question(
                    "quand", Genre.MATRICE, "À quels moments évitez-vous cette rue ?",
                    choix=_choix("Jamais", "Parfois", "Souvent"),
                    lignes=(Choix("matin", "Le matin"), Choix("midi", "À midi"), Choix("soir", "En fin de journée")),
                ),
                Question("lieu", Genre.LIEU, "Où fait-il le plus chaud ?"),
                Question("photo", Genre.FICHIER, "Une photo, si vous en avez une"),
            ),
        ),
        Page(
            "p3",
            "Ce que vous voudriez",
            (
                Question(
                    "ordre", Genre.CLASSEMENT, "Par quoi commencer ?",
                    choix=_choix("Des arbres", "Des fontaines", "Des sols clairs", "Des voiles d’ombre"),
                ),
                Question(
                    "minutes", Genre.NOMBRE, "Combien de minutes marchez-vous chaque jour en ville ?",
                    minimum=Decimal(0), maximum=Decimal(600), unite="minutes",
                ),
                Question("jour", Genre.DATE, "Un jour de l’été dernier où il a fait vraiment trop chaud ?"),
                Question("nom", Genre.TEXTE_COURT, "Le nom de cette rue ?"),
                Question("mots", Genre.TEXTE_LONG, "Autre chose à nous dire ?"),
            ),
            (Saut(Condition.TOUJOURS, FIN),),
        ),
    )
)  # fmt: skip

# --- Over, with its results --------------------------------------------------------------------------------------------

NAVETTE = {
    "titre": "La navette du fleuve, après un an d’essai",
    "description": "La navette a traversé le fleuve pendant un an. Avant de décider de la suite, nous demandons à celles et ceux qui l’ont prise, et aux autres.",
    "resultats": Consultation.Resultats.CLOTURE,
}
QUESTIONNAIRE_NAVETTE = Questionnaire(
    (
        Page(
            "p1",
            "Votre usage",
            (
                Question(
                    "usage", Genre.UNIQUE, "Avez-vous pris la navette ?", obligatoire=True,
                    choix=_choix("Chaque semaine", "Quelques fois", "Jamais"),
                ),
            ),
            (Saut(Condition.CHOISI, "p3", "usage", "c3"),),
        ),
        Page(
            "p2",
            "Votre avis",
            (
                Question("avis", Genre.SENTIMENT, "Êtes-vous content·e du service ?", obligatoire=True),
                Question(
                    "detail", Genre.MATRICE, "Plus précisément ?", choix=_choix("À revoir", "Correct", "Très bien"),
                    lignes=(Choix("horaires", "Les horaires"), Choix("quais", "L’accès aux quais"), Choix("velos", "La place pour les vélos")),
                ),
                Question("attente", Genre.NOMBRE, "Combien de minutes attendez-vous, d’habitude ?", maximum=Decimal(60), unite="minutes"),
            ),
        ),
        Page(
            "p3",
            "La suite",
            (
                Question(
                    "suite", Genre.MULTIPLE, "Que faudrait-il pour la prendre plus souvent ?",
                    choix=_choix("Des départs plus tôt", "Des départs le soir", "Un arrêt de plus", "Un tarif avec le tramway"),
                ),
                Question("mots", Genre.TEXTE_LONG, "Un mot de plus ?"),
            ),
        ),
    )
)  # fmt: skip
MOTS_NAVETTE = (
    "Le premier départ est trop tard pour aller travailler.",
    "On traverse en cinq minutes, c’est très bien.",
    "Avec une poussette, la passerelle est trop raide.",
    "Il manque un abri quand il pleut.",
    "Je ne savais pas que le ticket de tramway était valable.",
)
BILAN_NAVETTE = """La plupart des personnes qui ont pris la navette en sont contentes. Deux demandes reviennent dans toutes les communes : partir plus tôt le matin, et rentrer plus tard le soir.

Ce que nous faisons : un premier départ à 6 h 15 dès le printemps, et un essai le vendredi et le samedi jusqu’à 22 h. La passerelle sera adoucie à la prochaine révision. L’arrêt supplémentaire n’est pas retenu : il rallongerait la traversée de dix minutes."""

# --- A short survey, and one in preparation -------------------------------------------------------------------------------

PISCINE = {
    "titre": "La piscine et vous",
    "description": "Trois questions, une minute. Les résultats se voient tout de suite.",
    "genre": Consultation.Genre.SONDAGE,
    "resultats": Consultation.Resultats.DIRECT,
    "presentation": Consultation.Presentation.ENSEMBLE,
    "profil": False,
}
QUESTIONNAIRE_PISCINE = Questionnaire(
    (
        Page(
            "p1",
            elements=(
                Question(
                    "venue", Genre.UNIQUE, "Venez-vous à la piscine ?", obligatoire=True,
                    choix=_choix("Chaque semaine", "De temps en temps", "Jamais"),
                ),
                Question("accueil", Genre.SENTIMENT, "Comment trouvez-vous l’accueil ?"),
                Question(
                    "horaire", Genre.MULTIPLE, "Quels horaires vous iraient mieux ?",
                    choix=_choix("Avant 8 h", "À midi", "Après 20 h", "Le dimanche"),
                ),
            ),
        ),
    )
)  # fmt: skip

BERGES = {
    "titre": "Les berges à l’heure du goûter",
    "description": "Que manque-t-il aux berges pour que les enfants y restent ? Questions en préparation.",
    "presentation": Consultation.Presentation.ENSEMBLE,
}
QUESTIONNAIRE_BERGES = Questionnaire(
    (Page("p1", elements=(Question("quoi", Genre.TEXTE_COURT, "Que manque-t-il aux berges ?"),)),)
)


# --- Told --------------------------------------------------------------------------------------------------------------


def raconter(recit) -> None:
    """Plan them on the story: prepared, announced, opened and closed by the clock, answered, commented."""
    de = random.Random(DE)
    rues = lambda: recit.projet("rues").etapes.order_by("ouvre_le").first()  # noqa: E731
    _annoncer(recit, RUES, QUESTIONNAIRE_RUES, (-14, 30), etape=rues)
    _annoncer(recit, NAVETTE, QUESTIONNAIRE_NAVETTE, (-75, -40))
    _annoncer(recit, PISCINE, QUESTIONNAIRE_PISCINE, (-6, 20))
    recit.le(recit.jour(-2), _preparer, recit, BERGES, QUESTIONNAIRE_BERGES, recit.jour(6), recit.jour(27))
    recit.le(recit.jour(-60, 18), _repondre_soi_meme, recit, NAVETTE["titre"], _a_la_navette(de))
    recit.le(recit.jour(-41), _repondre_en_nombre, recit, de, NAVETTE["titre"], 119, _a_la_navette, recit.jour(-74, 12))
    recit.le(recit.jour(-12), _restituer, recit)
    recit.le(recit.jour(-1, 8), _repondre_en_nombre, recit, de, PISCINE["titre"], 48, _a_la_piscine, recit.jour(-5, 12))
    recit.le(recit.jour(-1, 9), _repondre_en_nombre, recit, de, RUES["titre"], 30, _sur_les_rues, recit.jour(-13, 12))
    commencee = {"gene": ["c1"], "ressenti": ["2"]}
    recit.le(recit.jour(-1, 18), _repondre_soi_meme, recit, RUES["titre"], commencee, envoyer=False)


def _annoncer(recit, fiche, questionnaire, jours, *, etape=None) -> None:
    debut, fin = recit.jour(jours[0], 9), recit.jour(jours[1], 18)
    recit.le(recit.jour(jours[0] - 3), _preparer, recit, fiche, questionnaire, debut, fin, etape)
    recit.le(recit.jour(jours[0] - 2), lambda: franchir(_trouver(fiche["titre"]).programmer, par=recit.agent))
    recit.le(debut, horloge.battre)
    recit.le(fin, horloge.battre)


def _trouver(titre) -> Consultation:
    return Consultation.objects.select_related("etape__projet").get(titre=titre)


def _preparer(recit, fiche, questionnaire, debut, fin, etape=None) -> None:
    nouvelle = Consultation(ouvre_le=debut, ferme_le=fin, etape=etape() if etape else None, **fiche)
    composition.creer(nouvelle, par=recit.agent)
    version = composition.preparer(nouvelle, par=recit.agent)
    composition.retoucher(version, lambda _avant: questionnaire, par=recit.agent)


def _restituer(recit) -> None:
    franchir(_trouver(NAVETTE["titre"]).restituer, par=recit.agent, bilan=BILAN_NAVETTE)


def _repondre_soi_meme(recit, titre, brut, *, envoyer=True) -> None:
    """The citoyenne of the demonstration, by the road that everybody takes."""
    elle = recit.gens["citoyenne"]
    participation = participer.ouvrir(_trouver(titre), par=elle, cle=uuid.uuid4())
    for page in participation.version.questionnaire.pages:
        participation = participer.garder(participation, par=elle, page=page, brut=brut)
    if envoyer:
        participer.envoyer(participation, par=elle)


def _repondre_en_nombre(recit, de: random.Random, titre, nombre: int, reponse, depuis: datetime) -> None:
    """That many people, in four statements: what each typed is read as any answer is, and written all together."""
    consultation = _trouver(titre)
    version = consultation.version
    questionnaire = version.questionnaire
    communes = list(Territoire.objects.communes().defer("contour")) if consultation.profil else []
    duree = (timezone.now() - depuis).total_seconds()
    participations, lectures = [], []
    for rang, numero in enumerate(de.sample(range(10**8, 10**9), nombre)):
        le = depuis + timedelta(seconds=de.random() * duree)
        lectures.append(participer.relire(questionnaire, reponse(de)).valeurs)
        participations.append(
            Participation(
                consultation=consultation,
                version=version,
                numero=numero,
                personne=recit.voisins[rang] if rang < len(recit.voisins) // 2 else None,
                canal=_canal(de, consultation),
                territoire=de.choice(communes) if communes and de.random() < 0.8 else None,
                tranche=de.choice(Tranche.values) if consultation.profil and de.random() < 0.8 else "",
                accord_textes=True,
                cree_le=le,
                ecrite_le=le,
                envoyee_le=le,
            )
        )
    Participation.objects.bulk_create(participations)
    Donnee.objects.bulk_create(
        donnee
        for participation, valeurs in zip(participations, lectures, strict=True)
        for donnee in participer.donnees_de(participation, valeurs)
    )


def _canal(de, consultation) -> str:
    if consultation.est_sondage and de.random() < 0.4:
        return Participation.Canal.AILLEURS
    return de.choices([Participation.Canal.EN_LIGNE, Participation.Canal.PAPIER], [9, 1])[0]


def _a_la_navette(de) -> dict[str, list[str]]:
    brut = {
        "usage": de.choices(["c1", "c2", "c3"], [3, 5, 2]),
        "suite": de.sample(["c1", "c2", "c3", "c4"], de.randint(1, 2)),
    }
    if brut["usage"] != ["c3"]:
        brut |= {"avis": de.choices("12345", [1, 2, 3, 8, 5]), "attente": [str(de.randint(2, 25))]}
        brut |= {
            f"detail.{ligne}": de.choices(["c1", "c2", "c3"], [2, 4, 3]) for ligne in ("horaires", "quais", "velos")
        }
    if de.random() < 0.25:
        brut["mots"] = [de.choice(MOTS_NAVETTE)]
    return brut


def _a_la_piscine(de) -> dict[str, list[str]]:
    return {
        "venue": de.choices(["c1", "c2", "c3"], [2, 5, 3]),
        "accueil": de.choices("12345", [1, 1, 3, 6, 4]),
        "horaire": de.sample(["c1", "c2", "c3", "c4"], de.randint(1, 3)),
    }


def _sur_les_rues(de) -> dict[str, list[str]]:
    ordre = de.sample("1234", 4)
    return {
        "gene": de.choices(["c1", "c2", "c3"], [5, 4, 1]),
        "ressenti": de.choices("12345", [4, 5, 3, 2, 1]),
        "ombre": de.choices("12345", [6, 4, 3, 1, 1]),
        "quoi": de.sample(["c1", "c2", "c3", "c4"], 2),
        **{f"quand.{ligne}": de.choices(["c1", "c2", "c3"]) for ligne in ("matin", "midi", "soir")},
        "lieu.latitude": [f"{47.2 + de.random() / 20:.5f}"],
        "lieu.longitude": [f"{-1.6 + de.random() / 10:.5f}"],
        **{f"ordre.rang.c{rang}": [place] for rang, place in enumerate(ordre, start=1)},
        "minutes": [str(de.randrange(5, 90, 5))],
    }
