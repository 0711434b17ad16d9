"""Named, closed conversions: from the text of a cell to a value. No expression, no template, nothing that runs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projets.models import Thematique
from territoires.models import Territoire
from timeline.survenue import Survenue

ANNEES = (1900, 2090)  # of a date that can be believed
COUT_MAX = Decimal("999999999999.99")
ENTIER_MAX = 2_000_000_000


class Refus(Exception):
    """This cell cannot be taken; `str()` says why."""


@dataclass
class References:
    """What cells name: places and themes of this site, read once."""

    territoires: dict[str, Territoire] = field(default_factory=dict)
    thematiques: dict[str, Thematique] = field(default_factory=dict)

    @classmethod
    def lire(cls) -> "References":
        references = cls()
        for lieu in Territoire.objects.defer("contour").order_by("-genre", "slug"):
            # Communes come last and win: a quartier of the same name is reached by its code.
            for nom in (lieu.nom, lieu.slug, lieu.code):
                references.territoires[cle_de(nom)] = lieu
        for theme in Thematique.objects.all():
            references.thematiques[cle_de(theme.nom)] = references.thematiques[cle_de(theme.slug)] = theme
        return references


def cle_de(nom: str) -> str:
    return " ".join(nom.casefold().split())


@dataclass(frozen=True)
class ThemeACreer:
    nom: str


def texte(brut: str, regle: Mapping, references) -> str:
    """One line: blanks folded."""
    return " ".join(brut.split())


def paragraphes(brut: str, regle: Mapping, references) -> str:
    return brut.replace("\r\n", "\n").replace("\r", "\n").strip()


def html(brut: str, regle: Mapping, references) -> str:
    """The words of an HTML text, its paragraphs and its lists as lines."""
    lecteur = _Mots()
    lecteur.feed(brut)
    lecteur.close()
    lignes = (" ".join(ligne.split()) for ligne in "".join(lecteur.mots).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()


class _Mots(HTMLParser):
    BLOCS = frozenset({"p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "section"})
    MUETS = frozenset({"script", "style", "template", "noscript"})

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.mots: list[str] = []
        self.muet = 0

    def handle_starttag(self, tag, attrs):
        if tag in self.MUETS:
            self.muet += 1
        elif tag in self.BLOCS:
            self.mots.append("\n\n")
        elif tag in {"br", "tr"}:
            self.mots.append("\n")
        elif tag == "li":
            self.mots.append("\n- ")

    def handle_endtag(self, tag):
        if tag in self.MUETS:
            self.muet = max(0, self.muet - 1)
        elif tag in self.BLOCS:
            self.mots.append("\n\n")

    def handle_data(self, data):
        if not self.muet:
            self.mots.append(data)


def entier(brut: str, regle: Mapping, references) -> int:
    chiffres = re.sub(r"[\s\u00a0\u202f]", "", brut)
    if not re.fullmatch(r"[0-9]{1,10}(\.0+)?", chiffres) or int(chiffres.partition(".")[0]) > ENTIER_MAX:
        raise Refus(_("Ce n’est pas un nombre entier."))
    return int(chiffres.partition(".")[0])


def nombre(brut: str, regle: Mapping, references) -> float:
    """A decimal number, for a position on the map."""
    ecrit = brut.strip().replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,20})?", ecrit):
        raise Refus(_("Ce n’est pas un nombre."))
    return float(ecrit)


def montant(brut: str, regle: Mapping, references) -> Decimal:
    """Euros: « 1 200,50 € », « 1.200.000 », « 100000 ». The last separator followed by one or two figures is decimal."""
    ecrit = re.sub(r"[\s\u00a0\u202f'’€]|euros?|EUR", "", brut, flags=re.IGNORECASE)
    trouve = re.fullmatch(r"([0-9]+|[0-9]{1,3}(?:[.,][0-9]{3})+)(?:[.,]([0-9]{1,2}))?", ecrit)
    if not trouve:
        raise Refus(_("Ce n’est pas un montant en euros."))
    try:
        valeur = Decimal(f"{re.sub('[.,]', '', trouve[1])}.{trouve[2] or '00'}")
    except InvalidOperation:
        raise Refus(_("Ce n’est pas un montant en euros.")) from None
    if valeur > COUT_MAX:
        raise Refus(_("Ce montant est démesuré."))
    return valeur


def _instant(brut: str) -> Survenue | None:
    """« 2019-01-21 20:46:55 +0100 », « 2015-10-17T18:15:29+0200 », with or without fractions; local when no zone is said."""
    ecrit = re.fullmatch(
        r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?", brut
    )
    if not ecrit:
        return None
    zone = {"UTC": "+00:00", "Z": "+00:00"}.get(ecrit[3] or "", ecrit[3] or "")
    lu = datetime.fromisoformat(f"{ecrit[1]}T{ecrit[2]}{zone}")
    return Survenue.a(timezone.make_aware(lu) if lu.tzinfo is None else lu.astimezone(UTC))


def _selon(motif: str, modele: str, precision: str, brut: str) -> Survenue | None:
    trouve = re.fullmatch(motif, brut)
    return Survenue(modele.format(*trouve.groups()), precision) if trouve else None


#: Names of the formats of a date that a mapping may choose.
FORMATS_DE_DATE: dict[str, Callable[[str], Survenue | None]] = {
    "instant": _instant,
    "jour": partial(_selon, r"(\d{4})-(\d{2})-(\d{2})", "{}-{}-{}", "jour"),
    "jour_fr": partial(_selon, r"(\d{2})/(\d{2})/(\d{4})", "{2}-{1}-{0}", "jour"),
    "mois": partial(_selon, r"(\d{4})-(\d{2})", "{}-{}", "mois"),
    "mois_fr": partial(_selon, r"(\d{2})/(\d{4})", "{1}-{0}", "mois"),
    "annee": partial(_selon, r"(\d{4})", "{}", "annee"),
}


def date_datee(brut: str, regle: Mapping, references) -> Survenue:
    """A date as precise as it is written: « 2015-03 » stays a month."""
    for nom in regle.get("formats") or FORMATS_DE_DATE:
        try:
            lue = FORMATS_DE_DATE[nom](brut.strip())
        except (ValueError, OverflowError):
            raise Refus(_("Cette date n’existe pas.")) from None
        if lue:
            if not date(ANNEES[0], 1, 1) <= lue.jour < date(ANNEES[1], 1, 1):
                raise Refus(_("Cette date est hors du temps : est-ce une valeur qui veut dire « inconnue » ?"))
            return lue
    raise Refus(_("Cette date n’est pas écrite dans un format connu."))


OUI, NON = {"oui", "true", "vrai", "1", "o", "yes", "x"}, {"non", "false", "faux", "0", "n", "no"}


def booleen(brut: str, regle: Mapping, references) -> bool:
    dit = cle_de(brut)
    if dit not in OUI | NON:
        raise Refus(_("Ce n’est ni oui ni non."))
    return dit in OUI


def liste(brut: str, regle: Mapping, references) -> str:
    """A value by the table of the mapping. One that the table does not hold is refused, never guessed."""
    if "table" in regle and cle_de(brut) not in _table(regle):
        raise Refus(_("Cette valeur n’est pas dans la correspondance."))
    return _traduit(brut, regle)


def _table(regle: Mapping) -> dict[str, str]:
    return {cle_de(cle): valeur for cle, valeur in regle.get("table", {}).items()}


def _traduit(brut: str, regle: Mapping) -> str:
    return _table(regle).get(cle_de(brut), brut)


def theme(brut: str, regle: Mapping, references: References) -> Thematique | ThemeACreer:
    """A theme of the site by name, after the table of the mapping; created only if the mapping says so."""
    nom = " ".join(_traduit(brut, regle).split())
    if connu := references.thematiques.get(cle_de(nom)):
        return connu
    if not regle.get("creer"):
        raise Refus(_("Ce thème n’existe pas sur le site, et la correspondance ne demande pas de le créer."))
    longueur = Thematique._meta.get_field("nom").max_length or 0
    if len(nom) > longueur:
        if regle.get("trop_long") != "tronquer":
            raise Refus(_("Ce nom de thème est trop long : donnez-lui un nom court dans la correspondance."))
        nom = f"{nom[: longueur - 1].rstrip()}…"
    return ThemeACreer(nom)


def territoire(brut: str, regle: Mapping, references: References) -> Territoire | None:
    """A commune or a quartier by its name or its code (INSEE)."""
    trouve = references.territoires.get(cle_de(_traduit(brut, regle)))
    if trouve is None and regle.get("inconnu") != "ignorer":
        raise Refus(_("Ce lieu n’est pas un territoire du site."))
    return trouve


def adresse(brut: str, regle: Mapping, references) -> str:
    """A web address that may be shown as a link."""
    ecrite = brut.strip()
    try:
        morceaux = urlsplit(ecrite)
    except ValueError:
        morceaux = urlsplit("")
    if morceaux.scheme not in {"http", "https"} or not morceaux.netloc or re.search(r"[\s<>\"']", ecrite):
        raise Refus(_("Ce n’est pas une adresse du web."))
    return ecrite


#: Name in a mapping -> function and what an agent reads.
CONVERSIONS: dict[str, tuple[Callable, object]] = {
    "texte": (texte, gettext_lazy("texte d’une ligne")),
    "paragraphes": (paragraphes, gettext_lazy("texte avec ses paragraphes")),
    "html": (html, gettext_lazy("texte en HTML, gardé sans sa mise en forme")),
    "entier": (entier, gettext_lazy("nombre entier")),
    "nombre": (nombre, gettext_lazy("nombre à virgule")),
    "montant": (montant, gettext_lazy("montant en euros")),
    "date": (date_datee, gettext_lazy("date : année, mois, jour ou instant")),
    "booleen": (booleen, gettext_lazy("oui ou non")),
    "liste": (liste, gettext_lazy("liste de valeurs")),
    "theme": (theme, gettext_lazy("thème, par son nom")),
    "territoire": (territoire, gettext_lazy("commune ou quartier, par son nom ou son code")),
    "adresse": (adresse, gettext_lazy("adresse du web")),
}
