"""The gallery: every component in every state, on one page that tests and eyes can go through."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from socle.templatetags.composants import ETATS

TITRES = (
    "Des bancs à l’ombre le long de la promenade",
    "Un atelier vélo ouvert le samedi, tenu par les habitantes et les habitants du quartier",
    "Éclairer le passage sous le pont",
    "Un jardin partagé à la place du parking",
    "Des bus plus tard le vendredi soir",
)


ANCRES = (
    "couleurs", "texte", "bouton", "etiquette", "jauge", "horloge", "carte-idee", "carte-projet",
    "piece-frise", "reponse", "commentaires", "etapes", "transitions", "piece-filtres", "pagination",
    "onglets", "formulaire", "lieu", "carte-geo", "photo", "personne", "bandeau", "vide", "statistique",
    "document", "regle", "confirmation",
)  # fmt: skip


class FormulaireTemoin(forms.Form):
    """One field of each kind, never saved."""

    titre = forms.CharField(label="Votre idée en quelques mots", max_length=120, help_text="Comme vous le diriez à un voisin.")
    texte = forms.CharField(
        label="Décrivez votre idée", max_length=500, widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": "Décrivez votre idée en une ou deux phrases."}
    )
    theme = forms.ChoiceField(label="Thème", choices=[("", "Choisissez un thème"), ("nature", "Nature en ville"), ("velo", "Se déplacer")], required=False)
    courriel = forms.EmailField(label="Adresse e-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    avis = forms.ChoiceField(
        label="Qu’en pensez-vous ?",
        choices=[("pour", "Je suis pour"), ("contre", "Je suis contre"), ("neutre", "Je ne sais pas encore")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    sujets = forms.MultipleChoiceField(
        label="Ce qui vous intéresse", choices=[("eau", "L’eau"), ("ecole", "L’école"), ("sport", "Le sport")], widget=forms.CheckboxSelectMultiple, required=False
    )
    le = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    charte = forms.BooleanField(label="J’ai lu la charte et je la respecte", error_messages={"required": "Cochez la case pour continuer."})


class LieuTemoin(forms.Form):
    commune = forms.ChoiceField(label="Commune", choices=[("", "Choisir une commune"), ("44109", "Nantes"), ("44143", "Rezé")], required=False)
    adresse = forms.CharField(label="Lieu, en quelques mots", required=False)
    latitude = forms.Field(label="Latitude", required=False, widget=forms.HiddenInput)
    longitude = forms.Field(label="Longitude", required=False, widget=forms.HiddenInput)


class PhotoTemoin(forms.Form):
    photo = forms.FileField(label="Photo", required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    texte = forms.CharField(label="Ce que montre la photo", required=False, help_text="Pour les personnes qui ne la voient pas.")


class CommentaireTemoin(forms.Form):
    texte = forms.CharField(label="Votre commentaire", max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


@require_safe
def galerie(request):
    return render(request, "galerie.html", contexte(timezone.now()))


def contexte(maintenant) -> dict:
    """Everything that the gallery shows, dated around `maintenant`."""

    def dans(jours):
        return maintenant + timedelta(days=jours)

    errone = FormulaireTemoin({"titre": "Un titre gardé après l’erreur", "courriel": "camille.exemple", "texte": ""}, auto_id="errone_%s")
    errone.add_error(None, "Deux réponses se contredisent.")
    return {
        "ancres": ANCRES,
        "etats": sorted(ETATS),
        "couleurs": ("fond", "surface", "sable", "eau", "loire", "action", "encre"),
        "seuils": ((0, 100), (37, 100), (100, 100), (1284, 1000), (12, None)),
        "echeances": {"loin": dans(42).date(), "proche": dans(3).date(), "jour": dans(0).date(), "passee": dans(-9).date()},
        "hier": dans(-1),
        "idees": idees(dans),
        "projets": projets(dans),
        "entrees": entrees(dans),
        "a_venir": a_venir(dans),
        "filtres_frise": filtres_frise(),
        "reponses": reponses(dans),
        "jalons": jalons(dans),
        "commentaires": commentaires(dans),
        "etapes": etapes(dans),
        "transitions": transitions(),
        "objet": SimpleNamespace(pk=12),
        "page": Paginator(range(200), 12).page(6),
        "filtres": filtres(),
        "filtres_actifs": [{"libelle": "Nature en ville", "url_retirer": "?"}, {"libelle": "Rezé", "url_retirer": "?"}],
        "onglets": [
            {"libelle": "L’essentiel", "url": "#onglets", "actif": True},
            {"libelle": "Chronologie", "url": "#frise", "nb": 23, "icone": "water"},
            {"libelle": "Documents", "url": "#document", "nb": 0},
        ],
        "fil": [{"texte": "Idées", "url": "/idees/"}, {"texte": "Nature en ville", "url": "/idees/?theme=nature"}, {"texte": "Des bancs à l’ombre"}],
        "points": [
            {"lat": 47.2105, "lon": -1.5620, "titre": "Des bancs à l’ombre", "url": "#carte-geo", "etat": "publiee", "lieu": "Nantes"},
            {"lat": 47.2110, "lon": -1.5630, "titre": "Éclairer le passage", "url": "#carte-geo", "etat": "en_etude", "lieu": "Nantes"},
            {"lat": 47.1300, "lon": -1.5500, "titre": "Un atelier vélo", "url": "#carte-geo", "etat": "retenue", "lieu": "Rezé"},
        ],
        "formulaire": FormulaireTemoin(auto_id="temoin_%s"),
        "errone": errone,
        "lieu": LieuTemoin(auto_id="lieu_%s"),
        "photo": PhotoTemoin(auto_id="photo_%s"),
        "commentaire": CommentaireTemoin(auto_id="commenter_%s"),
        "consequences": ["L’auteur reçoit un message avec votre raison.", "L’idée ne sera plus visible."],
        "details_regle": ["Chaque idée est relue avant d’être publiée.", "Une réponse arrive en 60 jours au plus."],
    }


def idees(dans) -> list[dict]:
    commun = {"url": "#carte-idee", "extrait": "L’été, il n’y a nulle part où s’asseoir entre les deux ponts. Les personnes âgées font demi-tour."}
    image = {"vignette": {"url": static("images/exemple.svg")}, "alternative": "Une promenade au bord de l’eau, sans banc"}
    return [
        commun | {"titre": TITRES[0], "etat": "publiee", "thematique": "Nature en ville", "commune": "Nantes", "auteur": "Camille Exemple", "publiee_le": dans(-12), "nb_soutiens": 37, "seuil": 100, "nb_commentaires": 8, "image": image},
        commun | {"titre": TITRES[1], "etat": "en_etude", "thematique": "Se déplacer", "commune": "Rezé", "auteur": "Nadia Fictive", "nb_soutiens": 128, "seuil": 100, "nb_commentaires": 21, "due_le": dans(34).date()},
        commun | {"titre": TITRES[2], "etat": "en_etude", "commune": "Saint-Herblain", "nb_soutiens": 140, "seuil": 100, "due_le": dans(-9).date()},
        commun | {"titre": TITRES[3], "etat": "retenue", "thematique": "Nature en ville", "nb_soutiens": 342, "seuil": 100, "due_le": dans(5).date(), "repondue_le": dans(-2)},
        {"titre": TITRES[4], "url": "#carte-idee", "etat": "brouillon"},
    ]  # fmt: skip


def projets(dans) -> list[dict]:
    return [
        {"titre": "Bien vieillir dans la métropole", "url": "#carte-projet", "etat": "en_cours", "resume": "Comment vivre mieux, plus longtemps, et ensemble ? Six mois pour en parler.", "thematique": "Longévité", "territoire": "Les 24 communes", "debut_le": dans(-60), "fin_le": dans(90), "etape_en_cours": "Déposez votre proposition, jusqu’au 31 mai", "nb_contributions": 1284},
        {"titre": "La place du marché", "url": "#carte-projet", "etat": "clos", "resume": "Une place à vivre, à pied d’abord.", "debut_le": dans(-700)},
    ]  # fmt: skip


def entrees(dans) -> list[dict]:
    lignes = (
        (-1, "idees.publier", "Nadia Fictive propose « Un atelier vélo ouvert le samedi ».", ""),
        (-3, "reponses.publier", "Réponse officielle : oui. Les bancs seront posés au printemps.", "Signée par Inès Imaginaire, adjointe à l’espace public."),
        (-20, "projets.etape.ouvrir", "L’étape « Déposez votre proposition » est ouverte.", ""),
        (-21, "commentaires.publier", "La discussion compte 50 commentaires.", ""),
        (-48, "idees.atteindre_seuil", "L’idée « Des bancs à l’ombre » a reçu 100 soutiens : la collectivité doit répondre.", ""),
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
        {"le": dans(20), "phrase": "Pose des premiers bancs", "url": "#frise", "genre": "projets", "detail": "Entre les deux ponts."},
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
            "get_absolute_url": "#reponse", "signataire_nom": "Inès Imaginaire", "signataire_mandat": "Vice-présidente à l’espace public",
            "signee_le": dans(-4), "publiee_le": dans(-3), "get_sens_display": "", "get_motif_display": "", "conditions": "", "premiere_etape": "",
            "premiere_etape_le": None, "alternative": "", "cout_estime": None, "acte_conseil": "", "corrige": None,
        }  # fmt: skip
        return SimpleNamespace(**(commun | champs))

    oui = reponse(
        sens="go", get_motif_display="Utile à tout le monde",
        texte="Votre idée est bonne, nous la faisons.\n\nSix bancs et quatre arbres seront posés entre les deux ponts. Les bancs auront un dossier et des accoudoirs.",
        premiere_etape="Choix des emplacements avec les riverains, sur place", premiere_etape_le=dans(20).date(), cout_estime=24000, acte_conseil="Délibération 2026-41 du 3 avril 2026",
    )  # fmt: skip
    return {
        "oui": oui,
        "conditions": reponse(sens="go_conditions", texte="Oui, si l’association locale ouvre l’atelier avec nous.", conditions="Une convention d’un an, signée avant l’été.", premiere_etape="Première rencontre avec l’association", premiere_etape_le=dans(9).date(), corrige=oui),
        "non": reponse(sens="no_go", get_motif_display="Relève d’une autre collectivité", texte="Nous ne pouvons pas le faire : les horaires des trains sont fixés par la Région.", alternative="Nous ajoutons un bus après le dernier train, le vendredi et le samedi, à l’essai pendant six mois."),
        "brouillon": reponse(sens="no_go", texte="Texte en préparation.", signee_le=None, publiee_le=None, signataire_nom=""),
    }  # fmt: skip


def jalons(dans) -> list[dict]:
    return [
        {"titre": "Emplacements choisis", "prevu_le": dans(-20).date(), "fait_le": dans(-22).date()},
        {"titre": "Commande des bancs", "prevu_le": dans(-2).date(), "est_en_retard": True},
        {"titre": "Pose", "prevu_le": dans(40).date()},
    ]


def commentaires(dans) -> list[dict]:
    accord = {"url_accord": "#commentaires", "url_signaler": "#commentaires", "url_repondre": "#commentaires"}
    return [
        accord | {
            "pk": 1, "auteur": "Nadia Fictive", "publie_le": dans(-6), "position": "pour", "nb_accords": 14, "suis_d_accord": True,
            "texte": "Je passe là tous les jours avec ma mère. Elle doit s’arrêter deux fois.\n\nUn banc par cent mètres suffirait.",
            "reponses": [
                accord | {"pk": 2, "auteur": "Service des espaces verts", "publie_le": dans(-5), "role": "agente", "role_libelle": "Agent", "voix_officielle": True, "nb_accords": 3, "suis_d_accord": False, "texte": SafeString("<p>Nous venons mesurer <strong>mardi matin</strong>. Venez en parler avec nous.</p>")},
            ],
        },
        accord | {"pk": 3, "auteur": "Sacha Imaginaire", "publie_le": dans(-4), "position": "contre", "nb_accords": 0, "suis_d_accord": False, "texte": "Et le bruit, le soir ?"},
        {"pk": 4, "auteur": "", "publie_le": dans(-3), "texte": "", "masque": "Ce commentaire a été masqué par la modération : propos injurieux."},
    ]  # fmt: skip


def etapes(dans) -> list[dict]:
    return [
        {"titre": "Réunion d’ouverture", "etat": "close", "get_etat_display": "Terminée", "get_genre_display": "Rencontre", "ouvre_le": dans(-60), "ferme_le": dans(-60), "lieu": "Salle fictive, Nantes"},
        {"titre": "Déposez votre proposition", "etat": "ouverte", "get_etat_display": "En ce moment", "get_genre_display": "Contribution en ligne", "ouvre_le": dans(-20), "ferme_le": dans(20), "url": "#etapes", "description": "Tout le monde peut écrire, soutenir et commenter."},
        {"titre": "La décision", "etat": "prevue", "get_etat_display": "À venir", "get_genre_display": "Décision", "ouvre_le": dans(60), "ferme_le": dans(75)},
    ]  # fmt: skip


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
        {"nom": "theme", "libelle": "Thème", "type": "choix", "choix": [{"valeur": "", "libelle": "Tout"}, {"valeur": "nature", "libelle": "Nature en ville", "actif": True}]},
        {"nom": "lieu", "libelle": "Commune ou quartier", "type": "choix", "choix": [{"valeur": "", "libelle": "Tout"}, {"valeur": "reze", "libelle": "Rezé", "actif": True}]},
        {"nom": "etat", "libelle": "Où en est l’idée", "type": "cases", "choix": [{"valeur": "publiee", "libelle": "Ouverte aux soutiens", "actif": True}, {"valeur": "en_etude", "libelle": "À l’étude"}, {"valeur": "retenue", "libelle": "Retenue"}]},
    ]  # fmt: skip
