"""Invented ideas, answers and comments that the gallery shows: as many states as there are, dated around one instant.

Each function takes `dans`, which gives the instant so many days away (negative: ago). Names are those of the models.
"""

from types import SimpleNamespace

from django.templatetags.static import static
from django.utils.safestring import SafeString

TITRES = (
    "Des bancs à l’ombre le long de la promenade",
    "Un atelier vélo ouvert le samedi, tenu par les habitantes et les habitants du quartier",
    "Éclairer le passage sous le pont",
    "Un jardin partagé à la place du parking",
    "Des bus plus tard le vendredi soir",
)


def idees(dans) -> list[dict]:
    commun = {
        "url": "#carte-idee",
        "extrait": "L’été, il n’y a nulle part où s’asseoir entre les deux ponts. Les personnes âgées font demi-tour.",
    }
    image = {
        "vignette": {"url": static("images/exemple.svg")},
        "alternative": "Une promenade au bord de l’eau, sans banc",
    }
    return [
        commun
        | {
            "titre": TITRES[0],
            "etat": "publiee",
            "thematique": "Nature en ville",
            "commune": "Nantes",
            "auteur": "Camille Exemple",
            "publiee_le": dans(-12),
            "nb_soutiens": 37,
            "seuil": 100,
            "nb_commentaires": 8,
            "image": image,
        },
        commun
        | {
            "titre": TITRES[1],
            "etat": "en_etude",
            "thematique": "Se déplacer",
            "commune": "Rezé",
            "auteur": "Nadia Fictive",
            "nb_soutiens": 128,
            "seuil": 100,
            "nb_commentaires": 21,
            "due_le": dans(34).date(),
        },
        commun
        | {
            "titre": TITRES[2],
            "etat": "en_etude",
            "commune": "Saint-Herblain",
            "nb_soutiens": 140,
            "seuil": 100,
            "due_le": dans(-9).date(),
        },
        commun
        | {
            "titre": TITRES[3],
            "etat": "retenue",
            "thematique": "Nature en ville",
            "nb_soutiens": 342,
            "seuil": 100,
            "due_le": dans(5).date(),
            "repondue_le": dans(-2),
        },
        {"titre": TITRES[4], "url": "#carte-idee", "etat": "brouillon"},
    ]


def projets(dans) -> list[dict]:
    return [
        {
            "titre": "Bien vieillir dans la métropole",
            "url": "#carte-projet",
            "etat": "en_cours",
            "resume": "Comment vivre mieux, plus longtemps, et ensemble ? Six mois pour en parler.",
            "thematique": "Longévité",
            "territoire": "Les 24 communes",
            "debut_le": dans(-60),
            "fin_le": dans(90),
            "etape_en_cours": "Déposez votre proposition, jusqu’au 31 mai",
            "nb_contributions": 1284,
        },
        {
            "titre": "La place du marché",
            "url": "#carte-projet",
            "etat": "clos",
            "resume": "Une place à vivre, à pied d’abord.",
            "debut_le": dans(-700),
        },
    ]


def entrees(dans) -> list[dict]:
    lignes = (
        (-1, "idees.publier", "Nadia Fictive propose « Un atelier vélo ouvert le samedi ».", ""),
        (
            -3,
            "reponses.publier",
            "Réponse officielle : oui. Les bancs seront posés au printemps.",
            "Signée par Inès Imaginaire, adjointe à l’espace public.",
        ),
        (-20, "projets.etape.ouvrir", "L’étape « Déposez votre proposition » est ouverte.", ""),
        (-21, "commentaires.publier", "La discussion compte 50 commentaires.", ""),
        (
            -48,
            "idees.atteindre_seuil",
            "L’idée « Des bancs à l’ombre » a reçu 100 soutiens : la collectivité doit répondre.",
            "",
        ),
        (-60, "moderation.decision.masquer", "Un commentaire a été masqué : propos injurieux.", ""),
        (-90, "idees.publier", "Camille Exemple propose « Des bancs à l’ombre le long de la promenade ».", ""),
        (-420, "projets.annoncer", "Le projet « La promenade du bord de Loire » est annoncé.", ""),
    )
    return [
        {"pk": 40 - rang, "le": dans(jours), "type": code, "phrase": phrase, "detail": detail, "genre_libelle": ""}
        for rang, (jours, code, phrase, detail) in enumerate(lignes)
    ]


def a_venir(dans) -> list[dict]:
    return [
        {
            "le": dans(20),
            "phrase": "Pose des premiers bancs",
            "url": "#frise",
            "genre": "projets",
            "detail": "Entre les deux ponts.",
        },
        {"le": dans(75), "fin_le": dans(80), "phrase": "Festival au bord de l’eau", "url": "", "genre": "projets"},
    ]


def filtres_frise() -> list[dict]:
    return [
        {"libelle": "Tout", "url": "#frise", "actif": True, "nb": 23},
        {"libelle": "Idées", "url": "#frise", "icone": "lightbulb", "nb": 12},
        {"libelle": "Réponses officielles", "url": "#frise", "icone": "patch-check", "nb": 1},
    ]


def reponses(dans) -> dict[str, SimpleNamespace]:
    def reponse(**champs):
        commun = {
            "get_absolute_url": "#reponse",
            "signataire_nom": "Inès Imaginaire",
            "signataire_mandat": "Vice-présidente à l’espace public",
            "signee_le": dans(-4),
            "publiee_le": dans(-3),
            "get_sens_display": "",
            "get_motif_display": "",
            "conditions": "",
            "premiere_etape": "",
            "premiere_etape_le": None,
            "alternative": "",
            "cout_estime": None,
            "cout_justification": "",
            "cout_le": None,
            "acte_conseil": "",
            "corrige": None,
        }
        return SimpleNamespace(**(commun | champs))

    oui = reponse(
        sens="go",
        get_motif_display="Utile à tout le monde",
        texte="Votre idée est bonne, nous la faisons.\n\n"
        "Six bancs et quatre arbres seront posés entre les deux ponts. "
        "Les bancs auront un dossier et des accoudoirs.",
        premiere_etape="Choix des emplacements avec les riverains, sur place",
        premiere_etape_le=dans(20).date(),
        cout_estime=24000,
        cout_justification="Marché de mobilier urbain en cours, pose comprise.",
        cout_le=dans(-20).date(),
        acte_conseil="Délibération 2026-41 du 3 avril 2026",
    )
    return {
        "oui": oui,
        "conditions": reponse(
            sens="go_conditions",
            texte="Oui, si l’association locale ouvre l’atelier avec nous.",
            conditions="Une convention d’un an, signée avant l’été.",
            premiere_etape="Première rencontre avec l’association",
            premiere_etape_le=dans(9).date(),
            corrige=oui,
        ),
        "non": reponse(
            sens="no_go",
            get_motif_display="Relève d’une autre collectivité",
            texte="Nous ne pouvons pas le faire : les horaires des trains sont fixés par la Région.",
            alternative="Nous ajoutons un bus après le dernier train, le vendredi et le samedi, "
            "à l’essai pendant six mois.",
        ),
        "brouillon": reponse(
            sens="no_go", texte="Texte en préparation.", signee_le=None, publiee_le=None, signataire_nom=""
        ),
    }


def jalons(dans) -> list[dict]:
    return [
        {"titre": "Emplacements choisis", "prevu_le": dans(-20).date(), "fait_le": dans(-22).date()},
        {"titre": "Commande des bancs", "prevu_le": dans(-2).date(), "est_en_retard": True},
        {"titre": "Pose", "prevu_le": dans(40).date()},
    ]


def commentaires(dans) -> list[dict]:
    accord = {"url_accord": "#commentaires", "url_signaler": "#commentaires", "url_repondre": "#commentaires"}
    return [
        accord
        | {
            "pk": 1,
            "auteur": "Nadia Fictive",
            "publie_le": dans(-6),
            "position": "pour",
            "nb_accords": 14,
            "suis_d_accord": True,
            "texte": "Je passe là tous les jours avec ma mère. Elle doit s’arrêter deux fois.\n\n"
            "Un banc par cent mètres suffirait.",
            "reponses": [
                accord
                | {
                    "pk": 2,
                    "auteur": "Service des espaces verts",
                    "publie_le": dans(-5),
                    "role": "agente",
                    "role_libelle": "Agent",
                    "voix_officielle": True,
                    "nb_accords": 3,
                    "suis_d_accord": False,
                    "texte": SafeString(
                        "<p>Nous venons mesurer <strong>mardi matin</strong>. Venez en parler avec nous.</p>"
                    ),
                },
            ],
        },
        accord
        | {
            "pk": 3,
            "auteur": "Sacha Imaginaire",
            "publie_le": dans(-4),
            "position": "contre",
            "nb_accords": 0,
            "suis_d_accord": False,
            "texte": "Et le bruit, le soir ?",
        },
        {
            "pk": 4,
            "auteur": "",
            "publie_le": dans(-3),
            "texte": "",
            "masque": "Ce commentaire a été masqué par la modération : propos injurieux.",
        },
    ]


def etapes(dans) -> list[dict]:
    return [
        {
            "titre": "Réunion d’ouverture",
            "etat": "close",
            "get_etat_display": "Terminée",
            "get_genre_display": "Rencontre",
            "ouvre_le": dans(-60),
            "ferme_le": dans(-60),
            "lieu": "Salle fictive, Nantes",
        },
        {
            "titre": "Déposez votre proposition",
            "etat": "ouverte",
            "get_etat_display": "En ce moment",
            "get_genre_display": "Contribution en ligne",
            "ouvre_le": dans(-20),
            "ferme_le": dans(20),
            "url": "#etapes",
            "description": "Tout le monde peut écrire, soutenir et commenter.",
        },
        {
            "titre": "La décision",
            "etat": "prevue",
            "get_etat_display": "À venir",
            "get_genre_display": "Décision",
            "ouvre_le": dans(60),
            "ferme_le": dans(75),
        },
    ]


def transitions() -> list[tuple[str, SimpleNamespace]]:
    def etiquette(libelle, prevenir="", formulaire="", principale=False):
        return SimpleNamespace(libelle=libelle, prevenir=prevenir, formulaire=formulaire, principale=principale)

    return [
        ("publier", etiquette("Publier", principale=True)),
        ("refuser", etiquette("Refuser", formulaire="moderation.forms.MotifForm")),
        ("fusionner", etiquette("Réunir avec une autre idée", prevenir="Les soutiens la rejoignent.")),
    ]


def filtres() -> list[dict]:
    return [
        {"nom": "q", "libelle": "Chercher", "type": "texte", "valeur": "banc"},
        {
            "nom": "theme",
            "libelle": "Thème",
            "type": "choix",
            "choix": [
                {"valeur": "", "libelle": "Tout"},
                {"valeur": "nature", "libelle": "Nature en ville", "actif": True},
            ],
        },
        {
            "nom": "lieu",
            "libelle": "Commune ou quartier",
            "type": "choix",
            "choix": [{"valeur": "", "libelle": "Tout"}, {"valeur": "reze", "libelle": "Rezé", "actif": True}],
        },
        {
            "nom": "etat",
            "libelle": "Où en est l’idée",
            "type": "cases",
            "choix": [
                {"valeur": "publiee", "libelle": "Ouverte aux soutiens", "actif": True},
                {"valeur": "en_etude", "libelle": "À l’étude"},
                {"valeur": "retenue", "libelle": "Retenue"},
            ],
        },
    ]
