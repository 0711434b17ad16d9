"""Tags and filters behind templates/composants/: icons, looks of states, dates and numbers."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from django import template
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from socle.adresses import montre_une_page, page_au_dessus
from socle.partage import apercu

register = template.Library()

# --- Language ----------------------------------------------------------------------------------------------------


@register.simple_tag
def en_francais() -> SafeString:
    """`lang="fr"` of an element whose words were written here, on a page in another language: `<p{% en_francais %}>`.

    People and the collectivité write in the language of the site; a screen reader must not read it as English.
    """
    ecrite, page = settings.LANGUAGE_CODE, get_language() or settings.LANGUAGE_CODE
    if page.partition("-")[0] == ecrite.partition("-")[0]:
        return mark_safe("")
    return format_html(' lang="{}"', ecrite)


@register.filter
def ecrit_ici(texte) -> str:
    """The same for words inside a sentence: `{% blocktranslate with motif=donnees.motif|ecrit_ici %}`. Nothing to say, nothing added."""
    langue = en_francais() if texte else ""
    return format_html("<span{}>{}</span>", langue, texte) if langue else texte


def en_phrase(modele: str, **mots) -> str:
    """`modele % mots`: plain text, unless some of the words are marked (`ecrit_ici`), and then HTML with the rest escaped.

    For sentences written in Python and read on a page.
    """
    if not any(isinstance(mot, SafeString) for mot in mots.values()):
        return modele % mots
    return mark_safe(conditional_escape(modele) % {nom: conditional_escape(mot) for nom, mot in mots.items()})


class _SansLiens(HTMLParser):
    """Keeps the text, as it is escaped, and a span for each element that says its language."""

    VIDES = frozenset({"br", "hr", "img", "wbr"})

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.morceaux: list[str] = []
        self._fins: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in self.VIDES:
            return
        langue = dict(attrs).get("lang")
        if langue:
            self.morceaux.append(format_html('<span lang="{}">', langue))
        self._fins.append("</span>" if langue else "")

    def handle_endtag(self, tag):
        if self._fins and tag not in self.VIDES:
            self.morceaux.append(self._fins.pop())

    def handle_data(self, data):
        self.morceaux.append(data)

    def handle_entityref(self, name):
        self.morceaux.append(f"&{name};")

    def handle_charref(self, name):
        self.morceaux.append(f"&#{name};")


@register.filter
def sans_liens(phrase) -> SafeString:
    """A sentence of the chronology inside another link: no link of its own, and still the language of its words.

    `striptags` is for what is not HTML: an attribute, a mail, a title.
    """
    lue = _SansLiens()
    lue.feed(conditional_escape(phrase))
    lue.close()
    return mark_safe("".join(lue.morceaux))


# --- Icons -------------------------------------------------------------------------------------------------------

NOM_ICONE = re.compile(r"[a-z0-9-]+")
TRACES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@lru_cache(maxsize=256)
def tracer(nom: str) -> str:
    """Inner drawing of a bootstrap-icons file. Raises LookupError for a name that the set does not have."""
    fichier = Path(settings.NPM_RACINE) / "bootstrap-icons" / "icons" / f"{nom}.svg"
    if not NOM_ICONE.fullmatch(nom) or not fichier.is_file():
        raise LookupError(f"icône inconnue : {nom}")
    trouve = TRACES.search(fichier.read_text(encoding="utf-8"))
    if trouve is None:
        raise LookupError(f"icône illisible : {nom}")
    return re.sub(r"\s*\n\s*", "", trouve.group(1)).strip()


@register.simple_tag
def icone(nom, classe="", titre="") -> SafeString:
    """Icon drawn inside the page: no font, no request, follows the colour of the text.

    Decorative (hidden from screen readers) unless `titre` says what it stands for. An unknown name draws nothing, for a
    missing picture must not cost the page; the suite checks that every name used exists.
    """
    return encadrer(str(nom), str(classe), str(titre))


@lru_cache(maxsize=1024)  # a page of cards draws a hundred of them
def encadrer(nom: str, classe: str, titre: str) -> SafeString:
    try:
        traces = mark_safe(tracer(nom))
    except LookupError:
        return mark_safe("")
    acces = format_html('role="img" aria-label="{}"', titre) if titre else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icone{}" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" {}>{}</svg>',
        f" {classe}" if classe else "",
        acces,
        traces,
    )


# --- Looks of codes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Apparence:
    """Colour family (a class of composants.css), icon and label of a code: never the colour alone."""

    famille: str
    icone: str
    libelle: object = ""


#: Colour families: neutre, eau (open), ambre (waiting for somebody), vert (yes, done), brique (no, late),
#: ardoise (over).
ETATS: dict[str, Apparence] = {
    "brouillon": Apparence("neutre", "pencil", _("Brouillon")),
    "soumise": Apparence("neutre", "send", _("Envoyée")),
    "a_moderer": Apparence("ambre", "hourglass-split", _("En relecture")),
    "publiee": Apparence("eau", "chat-square-heart", _("Publiée")),
    "publie": Apparence("eau", "megaphone", _("Publié")),
    "en_etude": Apparence("ambre", "search", _("En étude")),
    "retenue": Apparence("vert", "check-circle-fill", _("Retenue")),
    "non_retenue": Apparence("brique", "x-circle", _("Non retenue")),
    "en_realisation": Apparence("vert", "tools", _("En réalisation")),
    "realisee": Apparence("vert", "patch-check-fill", _("Réalisée")),
    "retiree": Apparence("ardoise", "arrow-return-left", _("Retirée par son auteur")),
    "refusee": Apparence("brique", "slash-circle", _("Refusée")),
    "fusionnee": Apparence("ardoise", "sign-merge-right", _("Réunie avec une autre")),
    "posee": Apparence("ambre", "hourglass-split", _("Réponse attendue")),
    "repondue": Apparence("vert", "patch-check-fill", _("Répondue")),
    "proposee": Apparence("ambre", "hourglass-split", _("Proposée")),
    "effective": Apparence("eau", "sign-merge-right", _("Réunies")),
    "abandonnee": Apparence("ardoise", "arrow-return-left", _("Abandonnée")),
    "defaite": Apparence("ardoise", "sign-intersection-y", _("Séparées")),
    "annonce": Apparence("eau", "megaphone", _("Annoncé")),
    "en_cours": Apparence("eau", "water", _("En cours")),
    "en_analyse": Apparence("ambre", "search", _("En analyse")),
    "decide": Apparence("vert", "check-circle-fill", _("Décidé")),
    "clos": Apparence("ardoise", "archive", _("Terminé")),
    "archive": Apparence("ardoise", "archive", _("Archivé")),
    "prevue": Apparence("neutre", "calendar-event", _("À venir")),
    "ouverte": Apparence("eau", "unlock", _("Ouverte")),
    "close": Apparence("ardoise", "lock", _("Terminée")),
    "annulee": Apparence("brique", "x-circle", _("Annulée")),
    "en_consultation": Apparence("ambre", "people", _("Services consultés")),
    "a_signer": Apparence("ambre", "pen", _("À signer")),
    "signee": Apparence("vert", "pen", _("Signée")),
    "retire": Apparence("ardoise", "arrow-return-left", _("Retiré par son auteur")),
    "programmee": Apparence("neutre", "calendar-event", _("À venir")),
    "restituee": Apparence("vert", "clipboard-check", _("Résultats commentés")),
    # Communities
    "en_sommeil": Apparence("ardoise", "moon-stars", _("En sommeil")),
    "invitee": Apparence("ambre", "envelope-open", _("Invitée")),
    "acceptee": Apparence("vert", "person-check", _("Membre")),
    "declinee": Apparence("ardoise", "arrow-return-left", _("Invitation déclinée")),
    "quittee": Apparence("ardoise", "box-arrow-right", _("Partie")),
    "exclue": Apparence("brique", "person-x", _("Exclue")),
    "depose": Apparence("ambre", "hourglass-split", _("À examiner")),
    "fonde": Apparence("vert", "check-circle-fill", _("Fondé")),
    "rejete": Apparence("brique", "x-circle", _("Rejeté")),
    # Drafts written together
    "en_ecriture": Apparence("eau", "pencil", _("En écriture")),
    "deposee": Apparence("vert", "send", _("Déposée")),
    # Votes
    "demandee": Apparence("ambre", "hourglass-split", _("Attendue")),
    "rendue": Apparence("vert", "check-circle", _("Rendue")),
    "ouvert": Apparence("eau", "unlock", _("Ouvert")),
    "depouille": Apparence("ambre", "hourglass-split", _("Compté, à proclamer")),
    "proclame": Apparence("vert", "patch-check-fill", _("Résultats proclamés")),
    "annule": Apparence("brique", "x-circle", _("Annulé")),
    # Panels
    "preparation": Apparence("neutre", "pencil", _("En préparation")),
    "calcule": Apparence("ambre", "hourglass-split", _("Prêt à être annoncé")),
    "tire": Apparence("vert", "dice-5", _("Tiré")),
    "interne": Apparence("ambre", "lock", _("Lu par le panel seul")),
    "tiree": Apparence("ambre", "envelope", _("Tirée, à contacter")),
    "contactee": Apparence("ambre", "hourglass-split", _("Contactée")),
    "remplacee": Apparence("ardoise", "arrow-repeat", _("Remplacée")),
}

#: Meaning of an official answer.
DECISIONS: dict[str, Apparence] = {
    "go": Apparence("vert", "check-circle-fill", pgettext_lazy("réponse officielle", "Oui")),
    "go_conditions": Apparence("ambre", "check2-circle", pgettext_lazy("réponse officielle", "Oui, sous conditions")),
    "no_go": Apparence("brique", "x-circle-fill", pgettext_lazy("réponse officielle", "Non")),
    "reponse": Apparence("loire", "chat-square-quote", pgettext_lazy("réponse officielle", "Réponse")),
}


@dataclass(frozen=True)
class ApparenceEntree:
    """Icon, colour family and weight (affluent, jalon, decision) of an entry of the chronology."""

    famille: str
    icone: str
    poids: str


#: By full type first, then by what stands before the last dot, and so on.
ENTREES: dict[str, ApparenceEntree] = {
    "projets": ApparenceEntree("loire", "signpost-split", "jalon"),
    "projets.recit": ApparenceEntree("loire", "journal-text", "jalon"),
    "projets.decider": ApparenceEntree("action", "patch-check-fill", "decision"),
    "projets.etape": ApparenceEntree("loire", "calendar-check", "jalon"),
    "projets.etape.annuler": ApparenceEntree("brique", "calendar-x", "jalon"),
    "reponses": ApparenceEntree("loire", "bank", "jalon"),
    "reponses.jalon.annuler": ApparenceEntree("brique", "calendar-x", "jalon"),
    "reponses.jalon.accomplir": ApparenceEntree("vert", "check-lg", "jalon"),
    "reponses.realisation": ApparenceEntree("loire", "megaphone", "affluent"),
    "reponses.realisation.retarder": ApparenceEntree("ambre", "hourglass-split", "jalon"),
    "reponses.publier": ApparenceEntree("action", "patch-check-fill", "decision"),
    "communautes.tirage": ApparenceEntree("loire", "dice-5", "jalon"),
    "communautes.tirage.annuler": ApparenceEntree("brique", "x-circle", "jalon"),
    "communautes.panel": ApparenceEntree("loire", "people", "jalon"),
    "communautes.panel.avis": ApparenceEntree("action", "patch-check-fill", "decision"),
    "communautes.compte_rendu": ApparenceEntree("loire", "journal-text", "affluent"),
    "idees": ApparenceEntree("eau", "lightbulb", "affluent"),
    "communautes.question": ApparenceEntree("eau", "question-circle", "affluent"),
    "communautes.question.atteindre_seuil": ApparenceEntree("ambre", "hourglass-split", "jalon"),
    "communautes.question.prendre": ApparenceEntree("ambre", "hourglass-split", "jalon"),
    "communautes.question.repondre": ApparenceEntree("vert", "patch-check-fill", "jalon"),
    "communautes.question.retirer": ApparenceEntree("ardoise", "arrow-return-left", "affluent"),
    "idees.atteindre_seuil": ApparenceEntree("ambre", "hourglass-split", "jalon"),
    "idees.prendre": ApparenceEntree("ambre", "search", "jalon"),
    "idees.fusion": ApparenceEntree("eau", "sign-merge-right", "affluent"),
    "idees.fusionner": ApparenceEntree("ardoise", "sign-merge-right", "affluent"),
    "idees.separer": ApparenceEntree("ardoise", "sign-intersection-y", "affluent"),
    "idees.retirer": ApparenceEntree("ardoise", "arrow-return-left", "affluent"),
    "idees.retenir": ApparenceEntree("vert", "check-circle-fill", "jalon"),
    "idees.ecarter": ApparenceEntree("brique", "x-circle", "jalon"),
    "idees.realiser": ApparenceEntree("vert", "tools", "jalon"),
    "idees.achever": ApparenceEntree("vert", "patch-check-fill", "decision"),
    "idees.ouvrir_un_projet": ApparenceEntree("action", "signpost-split", "decision"),
    "idees.importer": ApparenceEntree("eau", "lightbulb", "affluent"),
    "idees.importation": ApparenceEntree("ardoise", "box-arrow-in-down", "affluent"),
    "idees.reprise": ApparenceEntree("loire", "signpost", "affluent"),
    "idees.reprise.vote": ApparenceEntree("vert", "check-circle-fill", "jalon"),
    "idees.reprise.travaux": ApparenceEntree("vert", "tools", "jalon"),
    "idees.reprise.livraison": ApparenceEntree("vert", "patch-check-fill", "decision"),
    "idees.reprise.ouverture": ApparenceEntree("vert", "patch-check-fill", "decision"),
    "consultations": ApparenceEntree("loire", "ui-checks", "affluent"),
    "consultations.ouvrir": ApparenceEntree("eau", "ui-checks", "jalon"),
    "consultations.clore": ApparenceEntree("loire", "ui-checks", "jalon"),
    "consultations.restituer": ApparenceEntree("vert", "clipboard-check", "jalon"),
    "votes": ApparenceEntree("loire", "check2-square", "affluent"),
    "votes.annoncer": ApparenceEntree("loire", "megaphone", "jalon"),
    "votes.ouvrir": ApparenceEntree("eau", "check2-square", "jalon"),
    "votes.clore": ApparenceEntree("loire", "lock", "jalon"),
    "votes.reprendre": ApparenceEntree("loire", "box-arrow-in-down", "jalon"),
    "votes.depouiller": ApparenceEntree("ambre", "hourglass-split", "jalon"),
    "votes.proclamer": ApparenceEntree("action", "patch-check-fill", "decision"),
    "votes.annuler": ApparenceEntree("brique", "x-circle", "decision"),
    "votes.option.retirer": ApparenceEntree("ardoise", "dash-circle", "jalon"),
    "commentaires": ApparenceEntree("eau", "chat-left-text", "affluent"),
    "moderation": ApparenceEntree("ardoise", "shield-check", "affluent"),
}
ENTREE_ORDINAIRE = ApparenceEntree("loire", "record-circle", "affluent")


@register.simple_tag
def apparence_etat(code) -> Apparence:
    return ETATS.get(str(code), Apparence("neutre", "circle", str(code).replace("_", " ").capitalize()))


@register.simple_tag
def apparence_decision(code) -> Apparence:
    return DECISIONS.get(str(code), Apparence("neutre", "question-circle", str(code)))


@register.simple_tag
def apparence_entree(type_entree) -> ApparenceEntree:
    code = str(type_entree)
    while code:
        if code in ENTREES:
            return ENTREES[code]
        code = code.rpartition(".")[0]
    return ENTREE_ORDINAIRE


# --- Dates and numbers -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Echeance:
    """A due date seen from today. `jours` counts calendar days left, or days late when `en_retard`."""

    jour: date
    jours: int
    en_retard: bool
    proche: bool


@register.simple_tag
def lire_echeance(quand, aujourdhui=None) -> Echeance | None:
    """Due date (date or datetime) as an Echeance; nothing for no date. Due today is not late yet."""
    if not quand:
        return None
    jour = jour_local(quand)
    reste = (jour - jour_local(aujourdhui or timezone.now())).days
    return Echeance(jour=jour, jours=abs(reste), en_retard=reste < 0, proche=0 <= reste <= 7)


def jour_local(quand: date | datetime) -> date:
    if isinstance(quand, datetime):
        return timezone.localtime(quand).date() if timezone.is_aware(quand) else quand.date()
    return quand


@register.simple_tag
def maintenant() -> datetime:
    return timezone.localtime()


@register.filter
def jour(quand) -> str:
    """A day as people write it: « 1er mai 2026 » in French, “1 May 2026” in English."""
    if not quand:
        return ""
    ecrit = date_format(jour_local(quand), "DATE_FORMAT")
    return f"1er{ecrit[1:]}" if ecrit.startswith("1 ") and (get_language() or "").startswith("fr") else ecrit


@register.filter
def jour_iso(texte) -> str:
    """« 2027-03-12 », as the journal keeps it, in words."""
    return jour(date.fromisoformat(texte))


@register.filter
def jour_long(quand) -> str:
    """The same with its weekday: « vendredi 1er mai 2026 »."""
    if not quand:
        return ""
    semaine = date_format(jour_local(quand), "l")
    return f"{semaine} {jour(quand)}" if (get_language() or "").startswith("fr") else f"{semaine}, {jour(quand)}"


@register.filter
def iso(quand) -> str:
    """Date or datetime as the `datetime` attribute of <time> wants it."""
    if isinstance(quand, datetime) and timezone.is_aware(quand):
        quand = timezone.localtime(quand)
        return quand.isoformat(timespec="minutes")
    return quand.isoformat() if quand else ""


@register.filter
def nombre(valeur) -> str:
    """Number written for people: 12 345 in French, 12,345 in English."""
    return number_format(valeur, use_l10n=True, force_grouping=True)


@register.filter
def pour_cent(ecrit) -> str:
    """A number already written, and its sign as the language sets it: « 13,4 % » in French, “13.4%” in English."""
    blanc = " " if (get_language() or "").startswith("fr") else ""
    return f"{ecrit}{blanc}%"


@register.filter
def accord(valeur) -> int:
    """What a count agrees with (`count n=nb|accord`): zero is singular in French, which no catalogue says of the language of
    the source."""
    return 1 if not valeur and (get_language() or "").startswith("fr") else valeur


@register.filter
def borne(valeur, plafond) -> int:
    """A count that never passes its ceiling, for gauges: 130 supports of 100 fill the gauge once."""
    return max(0, min(int(valeur), int(plafond)))


@register.filter
def paragraphes(texte) -> SafeString:
    """Typed text as escaped paragraphs. HTML already known to be safe passes as it is."""
    if hasattr(texte, "__html__"):
        return texte
    return mark_safe(linebreaks(texte, autoescape=True))


@register.filter
def initiale(nom) -> str:
    lettres = str(nom).strip()
    return lettres[0].upper() if lettres else "?"


@register.simple_tag
def parts_de_la_barre(positions) -> list[dict]:
    """Pieces of the bar of `_balance.html`, in thousandths; nothing when nobody has spoken."""
    comptees = [position for position in positions if position["nb"]]
    total = sum(position["nb"] for position in comptees)
    parts, cumul = [], 0
    for position in comptees:
        debut, cumul = cumul * 1000 // total, cumul + position["nb"]
        parts.append({"position": position["position"], "debut": debut, "largeur": cumul * 1000 // total - debut})
    return parts


@register.inclusion_tag("_apercu_partage.html")
def apercu_de_page(titre, description, chemin):
    """What other sites show when the address of a public page is shared."""
    return apercu(titre, description, chemin)


# --- Pages -------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def page_courante(context, chemin, ici=None) -> SafeString:
    """`aria-current` for a menu link: "page" on the page itself, "true" on the pages below it. `ici`: the page's own path,
    where the menu does not know the request."""
    if ici is None:
        ici = context["request"].path if context.get("request") else ""
    if ici == chemin:
        return mark_safe('aria-current="page"')
    if chemin != "/" and ici.startswith(chemin):
        return mark_safe('aria-current="true"')
    return mark_safe("")


@register.simple_tag(takes_context=True)
def revenir_ici(context) -> str:
    """Address that shows this page again. A form to be corrected may stand where one can only send: then the page above."""
    demande = context["request"]
    if demande.method == "POST" and not montre_une_page(demande.path_info):
        return page_au_dessus(demande.path_info)
    return demande.get_full_path()


@register.simple_tag(takes_context=True)
def adresse_page(context, numero, parametre="page") -> str:
    """Address of a page of the list, the other parameters kept; page 1 has the plain address."""
    demande = context.get("request")
    parametres = demande.GET.copy() if demande else QueryDict(mutable=True)
    if int(numero) > 1:
        parametres[parametre] = str(numero)
    else:
        parametres.pop(parametre, None)
    return f"?{parametres.urlencode()}" if parametres else "?"


@register.simple_tag
def pages_proches(page) -> list[int | None]:
    """Page numbers worth a link: ends and neighbours; None stands for a gap."""
    return [
        numero if isinstance(numero, int) else None
        for numero in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


@register.filter
def deux_points(libelle) -> str:
    """What stands between a label and its error: nothing after a sentence or a question, which end by themselves."""
    return "" if str(libelle).rstrip().endswith((".", "…", "?", "!", ":")) else gettext(" :")


@register.filter
def ancre_champ(champ) -> str:
    """Id that an error summary points at: the field, or its first choice when it is a group."""
    if champ.id_for_label:
        return champ.id_for_label
    return f"{champ.auto_id}_0" if champ.use_fieldset else champ.auto_id
