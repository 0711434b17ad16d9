"""The gallery: every component in every state, on one page that tests and eyes can go through."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle import temoins
from socle.templatetags.composants import ETATS

ANCRES = (
    "couleurs",
    "texte",
    "bouton",
    "etiquette",
    "jauge",
    "horloge",
    "carte-idee",
    "carte-projet",
    "piece-frise",
    "reponse",
    "commentaires",
    "etapes",
    "transitions",
    "piece-filtres",
    "pagination",
    "onglets",
    "formulaire",
    "lieu",
    "carte-geo",
    "photo",
    "personne",
    "bandeau",
    "vide",
    "statistique",
    "document",
    "regle",
    "confirmation",
)


class FormulaireTemoin(forms.Form):
    """One field of each kind, never saved."""

    titre = forms.CharField(
        label="Votre idée en quelques mots", max_length=120, help_text="Comme vous le diriez à un voisin."
    )
    texte = forms.CharField(
        label="Décrivez votre idée",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Décrivez votre idée en une ou deux phrases."},
    )
    theme = forms.ChoiceField(
        label="Thème",
        choices=[("", "Choisissez un thème"), ("nature", "Nature en ville"), ("velo", "Se déplacer")],
        required=False,
    )
    courriel = forms.EmailField(label="Adresse e-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    avis = forms.ChoiceField(
        label="Qu’en pensez-vous ?",
        choices=[("pour", "Je suis pour"), ("contre", "Je suis contre"), ("neutre", "Je ne sais pas encore")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    sujets = forms.MultipleChoiceField(
        label="Ce qui vous intéresse",
        choices=[("eau", "L’eau"), ("ecole", "L’école"), ("sport", "Le sport")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    le = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    charte = forms.BooleanField(
        label="J’ai lu la charte et je la respecte", error_messages={"required": "Cochez la case pour continuer."}
    )


class LieuTemoin(forms.Form):
    commune = forms.ChoiceField(
        label="Commune", choices=[("", "Choisir une commune"), ("44109", "Nantes"), ("44143", "Rezé")], required=False
    )
    adresse = forms.CharField(label="Lieu, en quelques mots", required=False)
    latitude = forms.Field(label="Latitude", required=False, widget=forms.HiddenInput)
    longitude = forms.Field(label="Longitude", required=False, widget=forms.HiddenInput)


class PhotoTemoin(forms.Form):
    photo = forms.FileField(label="Photo", required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    texte = forms.CharField(
        label="Ce que montre la photo", required=False, help_text="Pour les personnes qui ne la voient pas."
    )


class CommentaireTemoin(forms.Form):
    texte = forms.CharField(label="Votre commentaire", max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


@require_http_methods(["GET", "HEAD", "POST"])
def galerie(request):
    """Its buttons are there to be pressed: whatever is sent comes back to the page, and touches nothing."""
    if request.method == "POST":
        return redirect("galerie")
    return render(request, "galerie.html", contexte(timezone.now()))


def contexte(maintenant) -> dict:
    """Everything that the gallery shows, dated around `maintenant`."""

    def dans(jours):
        return maintenant + timedelta(days=jours)

    errone = FormulaireTemoin(
        {"titre": "Un titre gardé après l’erreur", "courriel": "camille.exemple", "texte": ""}, auto_id="errone_%s"
    )
    errone.add_error(None, "Deux réponses se contredisent.")
    return {
        "ancres": ANCRES,
        "etats": sorted(ETATS),
        "couleurs": ("fond", "surface", "sable", "eau", "loire", "action", "encre"),
        "seuils": ((0, 100), (37, 100), (100, 100), (1284, 1000), (12, None)),
        "echeances": {
            "loin": dans(42).date(),
            "proche": dans(3).date(),
            "jour": dans(0).date(),
            "passee": dans(-9).date(),
        },
        "hier": dans(-1),
        "idees": temoins.idees(dans),
        "projets": temoins.projets(dans),
        "entrees": temoins.entrees(dans),
        "a_venir": temoins.a_venir(dans),
        "filtres_frise": temoins.filtres_frise(),
        "reponses": temoins.reponses(dans),
        "jalons": temoins.jalons(dans),
        "commentaires": temoins.commentaires(dans),
        "etapes": temoins.etapes(dans),
        "transitions": temoins.transitions(),
        "objet": SimpleNamespace(pk=12),
        "ici": reverse("galerie"),
        "page": Paginator(range(200), 12).page(6),
        "filtres": temoins.filtres(),
        "filtres_actifs": [{"libelle": "Nature en ville", "url_retirer": "?"}, {"libelle": "Rezé", "url_retirer": "?"}],
        "onglets": [
            {"libelle": "L’essentiel", "url": "#onglets", "actif": True},
            {"libelle": "Chronologie", "url": "#frise", "nb": 23, "icone": "water"},
            {"libelle": "Documents", "url": "#document", "nb": 0},
        ],
        # Not the names that the thread reads: shown alone, they must not come in it a second time.
        "balance": [
            {"libelle": "Pour", "url": "#commentaires", "nb": 12, "position": "pour"},
            {"libelle": "Contre", "url": "#commentaires", "nb": 5, "position": "contre"},
            {"libelle": "Sans avis tranché", "url": "#commentaires", "nb": 3, "position": "neutre"},
            {"libelle": "Tous les avis", "url": "#commentaires", "nb": None, "position": "", "actif": True},
        ],
        "cite": {
            "url": "#commentaires",
            "auteur": "Camille Exemple",
            "extrait": "Au lavoir il n’y a pas un seul siège, et il fait très chaud.",
        },
        "fil": [
            {"texte": "Idées", "url": "/idees/"},
            {"texte": "Nature en ville", "url": "/idees/?theme=nature"},
            {"texte": "Des bancs à l’ombre"},
        ],
        "points": [
            {
                "lat": 47.2105,
                "lon": -1.5620,
                "titre": "Des bancs à l’ombre",
                "url": "#carte-geo",
                "etat": "publiee",
                "lieu": "Nantes",
            },
            {
                "lat": 47.2110,
                "lon": -1.5630,
                "titre": "Éclairer le passage",
                "url": "#carte-geo",
                "etat": "en_etude",
                "lieu": "Nantes",
            },
            {
                "lat": 47.1300,
                "lon": -1.5500,
                "titre": "Un atelier vélo",
                "url": "#carte-geo",
                "etat": "retenue",
                "lieu": "Rezé",
            },
        ],
        "formulaire": FormulaireTemoin(auto_id="temoin_%s"),
        "errone": errone,
        "lieu": LieuTemoin(auto_id="lieu_%s"),
        "photo": PhotoTemoin(auto_id="photo_%s"),
        "photo_gardee": {
            "pk": 7,
            "rang": 2,
            "url": static("images/icone-512.png"),
            "alternative": "Le dessin d’un estuaire",
            "champ": PhotoTemoin({"texte": "Le dessin d’un estuaire"}, auto_id="gardee_%s")["texte"],
        },
        "commentaire": CommentaireTemoin(auto_id="commenter_%s"),
        "consequences": ["L’auteur reçoit un message avec votre raison.", "L’idée ne sera plus visible."],
        "details_regle": ["Chaque idée est relue avant d’être publiée.", "Une réponse arrive en 60 jours au plus."],
    }
