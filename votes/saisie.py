"""What is ticked and typed on a ballot: read, kept as it is, shown again, put in words. It decides nothing (`votes.bulletins`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from votes.bulletins import verifier
from votes.models import Enveloppe, Option, Scrutin
from votes.montants import en_monnaie
from votes.reglement import moments_de

Brut = dict[str, list[str]]
Forme = Scrutin.Forme

CHOIX, BLANC = "choix", "blanc"
BLANC_CHOISI = "*"  # among single choices; no key of an option holds a star
#: Forms whose options have a field each: « points-banc-du-parc ».
PREFIXES = {Forme.POINTS: "points-", Forme.MENTIONS: "mention-", Forme.CLASSEMENT: "rang-"}
A_COCHER = frozenset({Forme.CHOIX, Forme.APPROBATION, Forme.SAC})
VALEUR_MAX = 60  # characters kept of a field: as long as the longest key
CHAMPS_MAX = 1000


@dataclass
class Saisie:
    """One ballot being filled in. `brut` is what its fields hold, by name."""

    scrutin: Scrutin
    enveloppe: Enveloppe
    options: list[Option]
    brut: Brut = field(default_factory=dict)
    #: Sentences about one option, by its key, and about the whole ballot.
    torts_des_options: dict[str, str] = field(default_factory=dict)
    torts: list[str] = field(default_factory=list)

    @property
    def est_blanche(self) -> bool:
        return bool(self.brut.get(BLANC)) or BLANC_CHOISI in self.brut.get(CHOIX, ())

    @property
    def a_des_torts(self) -> bool:
        return bool(self.torts or self.torts_des_options)

    @property
    def notes(self) -> dict[str, int]:
        """Values as a ballot holds them: those that can be read."""
        return {} if self.est_blanche else _lire(self)[0]

    @property
    def reste(self) -> "Reste":
        return mesurer(self.scrutin, self.enveloppe, self.options, _lire(self)[0])

    def champs_caches(self) -> list[tuple[str, str]]:
        """Hidden fields that carry it to the last step."""
        return [(nom, valeur) for nom, valeurs in self.brut.items() for valeur in valeurs]


#: How the ballot of a vote on priorities is drawn: its values are moments, not points.
PRIORITES = "priorites"


def presentation_de(scrutin: Scrutin) -> str:
    """Which fields the ballot has, for templates and for `bulletin.js`."""
    return PRIORITES if moments_de(scrutin) else str(scrutin.forme)


def prefixe_de(scrutin: Scrutin) -> str:
    return PREFIXES.get(Forme(scrutin.forme), "")


def recueillir(scrutin: Scrutin, champs: Mapping[str, Iterable[str]]) -> Brut:
    """The fields of a ballot among those of a request, cut short: nothing else is kept."""
    prefixe = prefixe_de(scrutin)
    brut: Brut = {}
    for nom, valeurs in champs.items():
        if len(brut) >= CHAMPS_MAX:
            break
        if nom in {CHOIX, BLANC} or (prefixe and nom.startswith(prefixe)):
            gardees = [str(valeur).strip()[:VALEUR_MAX] for valeur in list(valeurs)[:CHAMPS_MAX]]
            if gardees := [valeur for valeur in gardees if valeur]:
                brut[nom[: VALEUR_MAX + 10]] = gardees
    return brut


def de_notes(scrutin: Scrutin, notes: Mapping[str, int] | None) -> Brut:
    """The fields of a ballot that was cast; empty when none was."""
    if notes is None:
        return {}
    if not notes:
        return {CHOIX: [BLANC_CHOISI]} if scrutin.forme == Forme.CHOIX else {BLANC: ["1"]}
    prefixe = prefixe_de(scrutin)
    if not prefixe:
        return {CHOIX: list(notes)}
    return {f"{prefixe}{cle}": [str(valeur)] for cle, valeur in notes.items()}


def _lire(saisie: Saisie) -> tuple[dict[str, int], dict[str, str]]:
    """({key: value}, {key: sentence}); keys of another ballot are left in, for `verifier` to refuse."""
    prefixe = prefixe_de(saisie.scrutin)
    if not prefixe:
        return {cle: 1 for cle in saisie.brut.get(CHOIX, ()) if cle != BLANC_CHOISI}, {}
    notes, torts = {}, {}
    for nom, valeurs in saisie.brut.items():
        if not nom.startswith(prefixe):
            continue
        cle, ecrit = nom.removeprefix(prefixe), valeurs[0]
        if not (ecrit.isascii() and ecrit.isdecimal() and len(ecrit) <= 6):
            torts[cle] = _("« %(ecrit)s » n’est pas un nombre entier.") % {"ecrit": ecrit}
        elif int(ecrit) or saisie.scrutin.forme == Forme.MENTIONS:
            notes[cle] = int(ecrit)
    return notes, torts


def relire(saisie: Saisie) -> Saisie:
    """Fills in what is wrong with it, each sentence at its place."""
    notes, torts_des_options = _lire(saisie)
    saisie.torts_des_options = torts_des_options
    if saisie.est_blanche and notes:
        saisie.torts = [_("Vous avez choisi des propositions et coché « Je vote blanc ». Gardez l’un ou l’autre.")]
    elif not saisie.est_blanche and not notes and not torts_des_options:
        saisie.torts = [_RIEN[presentation_de(saisie.scrutin)]()]
    elif not torts_des_options:
        saisie.torts = verifier(saisie.scrutin, saisie.enveloppe, notes)
        _situer(saisie, notes)
    return saisie


def _situer(saisie: Saisie, notes: Mapping[str, int]) -> None:
    """A withdrawn option is told beside it."""
    for option in saisie.options:
        if option.cle in notes and option.est_retiree:
            saisie.torts_des_options[option.cle] = _("Retirée du vote : décochez-la.")


_RIEN: dict[str, Callable[[], str]] = {
    PRIORITES: lambda: _("Choisissez un moment pour une proposition au moins, ou cochez « Je vote blanc »."),
    Forme.CHOIX: lambda: _("Choisissez une proposition, ou « Je vote blanc »."),
    Forme.APPROBATION: lambda: _("Cochez au moins une proposition, ou « Je vote blanc »."),
    Forme.SAC: lambda: _("Cochez au moins une proposition, ou « Je vote blanc »."),
    Forme.POINTS: lambda: _("Donnez des points à une proposition au moins, ou cochez « Je vote blanc »."),
    Forme.MENTIONS: lambda: _("Donnez une mention à une proposition au moins, ou cochez « Je vote blanc »."),
    Forme.CLASSEMENT: lambda: _("Classez une proposition au moins, ou cochez « Je vote blanc »."),
}


# --- What is left ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reste:
    """How much is used, of how much. `total` is None where nothing limits it."""

    employe: int
    total: int | None
    phrase: str

    @property
    def depasse(self) -> bool:
        return self.total is not None and self.employe > self.total


def mesurer(scrutin: Scrutin, enveloppe: Enveloppe, options: list[Option], notes: Mapping[str, int]) -> Reste:
    """What is left to give, as a sentence. The module `bulletin.js` says the same while one ticks."""
    if moments_de(scrutin):
        return _choix(len(notes), scrutin.choix_max)
    forme = Forme(scrutin.forme)
    if forme == Forme.SAC:
        couts = {option.cle: option.cout or 0 for option in options}
        return _budget(sum(couts.get(cle, 0) for cle in notes), enveloppe.budget)
    if forme == Forme.POINTS:
        return _points(sum(notes.values()), scrutin.points_total)
    if forme == Forme.MENTIONS:
        return _sans_limite(len(notes), len([o for o in options if not o.est_retiree]))
    if forme == Forme.CHOIX:
        return Reste(len(notes), 1, "")
    return _choix(len(notes), scrutin.choix_max)


def _budget(employe: int, total: int | None) -> Reste:
    if total is None:
        return Reste(employe, None, _("Votre choix coûte %(n)s.") % {"n": en_monnaie(employe)})
    dits = {"total": en_monnaie(total), "employe": en_monnaie(employe), "reste": en_monnaie(abs(total - employe))}
    if employe > total:
        return Reste(employe, total, _("Votre choix dépasse le budget de %(reste)s.") % dits)
    return Reste(employe, total, _("Il reste %(reste)s sur %(total)s.") % dits)


def _points(employe: int, total: int | None) -> Reste:
    if total is None:
        return Reste(employe, None, _("Points donnés : %(n)s.") % {"n": employe})
    if employe > total:
        return Reste(employe, total, _("Points de trop : %(n)s.") % {"n": employe - total})
    return Reste(employe, total, _("Points restants : %(n)s sur %(total)s.") % {"n": total - employe, "total": total})


def _choix(employe: int, total: int | None) -> Reste:
    if total is None:
        phrase = ngettext("%(n)s proposition choisie.", "%(n)s propositions choisies.", employe) % {"n": employe}
        return Reste(employe, None, phrase)
    if employe > total:
        return Reste(employe, total, _("Choix de trop : %(n)s.") % {"n": employe - total})
    return Reste(employe, total, _("Choix restants : %(n)s sur %(total)s.") % {"n": total - employe, "total": total})


def _sans_limite(employe: int, toutes: int) -> Reste:
    return Reste(employe, toutes, _("Propositions jugées : %(n)s sur %(total)s.") % {"n": employe, "total": toutes})


# --- As a page shows it ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ligne:
    """An option with its field, or its fields. `mentions`: (value, name, ticked?) of each grade, or of each moment."""

    option: Option
    nom: str
    valeur: str
    coche: bool
    tort: str
    mentions: tuple[tuple[str, str, bool], ...] = ()

    @property
    def ident(self) -> str:
        return f"id_{self.option.cle}"


def lignes(saisie: Saisie) -> list[Ligne]:
    """Its options in the order that the page gives them; one that was taken out only where it was still ticked."""
    prefixe, coches = prefixe_de(saisie.scrutin), set(saisie.brut.get(CHOIX, ()))
    moments = moments_de(saisie.scrutin)
    # The worst grade is 0, the last moment 1.
    crans = list(enumerate(saisie.scrutin.mentions)) or list(enumerate(reversed(moments), start=1))
    faites = []
    for option in saisie.options:
        nom = f"{prefixe}{option.cle}" if prefixe else CHOIX
        valeur = next(iter(saisie.brut.get(nom, ())), "") if prefixe else option.cle
        coche = bool(valeur) if prefixe else option.cle in coches
        if option.est_retiree and not coche:
            continue
        mentions = tuple((str(rang), cran, valeur == str(rang)) for rang, cran in crans)
        # The best first, as they are read.
        faites.append(
            Ligne(option, nom, valeur, coche, saisie.torts_des_options.get(option.cle, ""), tuple(reversed(mentions)))
        )
    return faites


@dataclass(frozen=True)
class Mot:
    """One line of a ballot in words."""

    option: Option
    precision: str = ""


def en_mots(scrutin: Scrutin, options: Iterable[Option], notes: Mapping[str, int]) -> list[Mot]:
    """What a ballot says, in the order that says it best; nothing for a blank one. What was taken out since is told."""
    connues = {option.cle: option for option in options}
    siennes = [(connues[cle], valeur) for cle, valeur in notes.items() if cle in connues]
    forme = Forme(scrutin.forme)
    if forme == Forme.CLASSEMENT:
        siennes.sort(key=lambda paire: paire[1])
        return [Mot(option, _("place %(n)s") % {"n": valeur}) for option, valeur in siennes]
    if moments := moments_de(scrutin):
        siennes.sort(key=lambda paire: (-paire[1], paire[0].rang))
        return [Mot(option, moments[len(moments) - valeur]) for option, valeur in siennes]
    if forme == Forme.POINTS:
        siennes.sort(key=lambda paire: (-paire[1], paire[0].rang))
        return [
            Mot(option, ngettext("%(n)s point", "%(n)s points", valeur) % {"n": valeur}) for option, valeur in siennes
        ]
    if forme == Forme.MENTIONS:
        siennes.sort(key=lambda paire: (-paire[1], paire[0].rang))
        return [Mot(option, scrutin.mentions[valeur]) for option, valeur in siennes]
    siennes.sort(key=lambda paire: (paire[0].rang, paire[0].pk))
    avec_cout = forme == Forme.SAC
    return [Mot(option, en_monnaie(option.cout) if avec_cout and option.cout else "") for option, _un in siennes]


def silence(scrutin: Scrutin, options: Iterable[Option], notes: Mapping[str, int]) -> str:
    """What the published rule does of the options of which a ballot says nothing; empty where it goes without saying."""
    if not notes or all(option.cle in notes or option.est_retiree for option in options):
        return ""
    regles = (scrutin.reglement or {}).get("parametres", {})
    if scrutin.forme == Forme.MENTIONS and regles.get("blanc") == "pire":
        return _("Les autres propositions reçoivent « %(pire)s », comme le dit la règle.") % {
            "pire": scrutin.mentions[0]
        }
    if scrutin.forme == Forme.CLASSEMENT and regles.get("non-classes") == "dernier":
        return _("Les autres propositions viennent après celles-ci, à égalité entre elles.")
    return ""
