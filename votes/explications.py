"""« Pourquoi ce projet n'est pas retenu » and « qui a payé quoi », in sentences, from the figures of the sealed result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from socle.templatetags.composants import jour, nombre
from votes.models import Option, Scrutin
from votes.templatetags.montants import euros


@dataclass(frozen=True)
class Recit:
    """What is said of one option: a title, sentences, and lines (label, figure) of who paid."""

    titre: str
    phrases: list[str]
    payeurs: list[tuple[str, str]] = field(default_factory=list)


def raconter(scrutin: Scrutin, option: Option, partie: Mapping[str, Any]) -> Recit:
    """`partie`: the envelope of the result that holds this option."""
    if scrutin.depense:
        return _budget(option, partie)
    return _classement(scrutin, option, partie)


def raconter_le_retrait(option: Option) -> Recit:
    """Of an option that was taken out before the end: no envelope of the result counts it."""
    return Recit(
        _("Retirée du vote le %(jour)s") % {"jour": jour(option.retiree_le)},
        [
            option.motif_retrait,
            _("Elle n’a pas été comptée. Les bulletins qui la prenaient comptent pour leurs autres choix."),
        ],
    )


def _budget(option: Option, partie: Mapping[str, Any]) -> Recit:
    if option.cle in partie["retenues"]:
        rang = partie["retenues"].index(option.cle) + 1
        phrases = [
            ngettext(
                "Ce projet est le seul retenu.",
                "Ce projet est retenu : c’est le n° %(rang)s des %(n)s projets retenus.",
                len(partie["retenues"]),
            )
            % {"rang": rang, "n": len(partie["retenues"])},
            _("Il a reçu %(voix)s voix et coûte %(cout)s.")
            % {"voix": nombre(partie["totaux"][option.cle]), "cout": euros(option.cout)},
        ]
        return Recit(_("Retenu"), phrases, _payeurs(partie["qui_a_paye"].get(option.cle)))
    raison = partie["pourquoi"][option.cle]
    return Recit(_("Pourquoi ce projet n’est pas retenu"), [_cause(raison, partie), *_de_combien(raison)])


def _cause(raison: Mapping[str, Any], partie: Mapping[str, Any]) -> str:
    chiffres = {
        "voix": nombre(raison["voix"]),
        "cout": euros(raison["cout"]),
        "restait": euros(raison.get("restait")),
        "manque": euros(_centimes(raison.get("manque"))),
        "reste": euros(_centimes(raison.get("reste"))),
        "seuil": nombre(raison.get("seuil", 0)),
        "budget": euros(partie["budget"]),
        "categorie": raison.get("categorie", ""),
        "soutiens": nombre(raison.get("soutiens", 0)),
    }
    return {
        "seuil": _("Il a reçu %(voix)s voix : le règlement en demande au moins %(seuil)s."),
        "trop-cher": _("Il coûte %(cout)s, plus que tout le budget (%(budget)s)."),
        "sans-soutien": _("Personne ne l’a choisi."),
        "categorie": _(
            "Il a reçu %(voix)s voix, mais la catégorie « %(categorie)s » avait déjà tous les projets que le règlement permet."
        ),
        "budget": _(
            "Il a reçu %(voix)s voix et coûte %(cout)s. À son tour, il restait %(restait)s : il manquait %(manque)s."
        ),
        "arret": _(
            "Il a reçu %(voix)s voix. Le comptage s’arrête au premier projet qui ne tient plus dans le budget, et celui-ci "
            "venait après."
        ),
        "moyens": _(
            "Il coûte %(cout)s. Les personnes qui l’ont choisi (%(soutiens)s) avaient encore %(reste)s à elles toutes, à parts "
            "égales : il manquait %(manque)s."
        ),
    }[raison["code"]] % chiffres


def _de_combien(raison: Mapping[str, Any]) -> list[str]:
    """How near it was, when a count can tell."""
    phrases = []
    if plus := raison.get("voix_de_plus"):
        phrases.append(
            ngettext(
                "Avec %(n)s voix de plus, il aurait été retenu, tout le reste étant pareil.",
                "Avec %(n)s voix de plus, il aurait été retenu, tout le reste étant pareil.",
                plus,
            )
            % {"n": nombre(plus)}
        )
    elif raison["code"] in {"budget", "arret"}:
        phrases.append(_("Même avec plus de voix que tous les autres, il n’aurait pas été retenu."))
    if plus := raison.get("soutiens_de_plus"):
        modele = (
            ngettext(
                "%(n)s personne de plus pour lui seul aurait suffi à le payer, avec la même part.",
                "%(n)s personnes de plus pour lui seul auraient suffi à le payer, avec la même part chacune.",
                plus,
            )
            if raison["estimation"] == "exacte"
            else ngettext(
                "%(n)s personne de plus pour lui seul, au plus, aurait suffi à le payer, avec la même part.",
                "%(n)s personnes de plus pour lui seul, au plus, auraient suffi à le payer, avec la même part chacune.",
                plus,
            )
        )
        phrases.append(modele % {"n": nombre(plus)})
    return phrases


def _payeurs(paye: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Lines of a project that equal shares bought; none of one that the votes alone brought."""
    if paye is None:
        return []
    lignes = [
        (_("Personnes qui ont payé"), nombre(paye["payeuses"])),
        (_("En moyenne, chacune"), euros(_centimes(paye["moyenne"]))),
        (_("Ont payé leur part entière du prix"), nombre(paye["au_complet"])),
    ]
    if paye["au_plus"]:
        lignes.append((_("Ont donné tout ce qui leur restait"), nombre(paye["au_plus"])))
    lignes += [
        (_("Payé depuis %(lieu)s") % {"lieu": lieu or _("un lieu non dit")}, euros(_centimes(somme)))
        for lieu, somme in sorted(paye["par_territoire"].items(), key=lambda paire: -paire[1])
        if somme
    ]
    return lignes


def _centimes(montant: Any) -> int | None:
    """Whole cents of a figure of the result: a number, or a fraction written « 2/3 »."""
    return None if montant is None else round(Fraction(montant))


def _classement(scrutin: Scrutin, option: Option, partie: Mapping[str, Any]) -> Recit:
    """Of a vote that spends nothing: its place, and what it got."""
    if scrutin.regle == Scrutin.Regle.OUI_NON:
        titre = _("Cette réponse l’emporte") if option.cle in partie["elues"] else _("Cette réponse ne l’emporte pas")
        return Recit(titre, [_ce_qu_elle_a(scrutin, option, partie), decision(scrutin, partie)])
    if scrutin.regle == Scrutin.Regle.PRIORITES:
        return _calendrier(scrutin, option, partie)
    titres = dict(scrutin.options.values_list("cle", "titre"))
    groupes = partie["classement"] or [[cle] for cle in partie["retenues"]]
    avant = 0
    for groupe in groupes:
        if option.cle in groupe:
            break
        avant += len(groupe)
    phrases = [
        _("Place %(place)s sur %(n)s.") % {"place": avant + 1, "n": len(partie["totaux"])},
        _ce_qu_elle_a(scrutin, option, partie),
    ]
    if scrutin.regle == Scrutin.Regle.VOTE_ALTERNATIF and (sortie := _elimination(option, partie, titres)):
        phrases.append(sortie)
    elue = option.cle in partie["elues"]
    if not elue:
        phrases += _qui_est_devant(scrutin, option, partie, titres)
    if scrutin.regle == Scrutin.Regle.CHOIX_UNIQUE and not partie["elues"]:
        phrases.append(_("Aucune n’a plus de la moitié des voix : le règlement le demande."))
    if egales := [e for e in partie["egalites"] if option.cle in e["options"]]:
        phrases.append(
            _("Elle était à égalité : %(comment)s a décidé.")
            % {
                "comment": _("le tirage au sort publié avant le vote")
                if egales[0]["decidee_par"] == "sort"
                else _("la règle publiée")
            }
        )
    if elue:
        return Recit(_("En tête"), phrases)
    perdue = _("Pourquoi elle n’est pas en tête") if partie["elues"] else _("Pourquoi elle n’est pas retenue")
    return Recit(perdue, phrases)


def decision(scrutin: Scrutin, partie: Mapping[str, Any]) -> str:
    """Of a vote by yes or no: the majority that was asked, the share that « yes » got, and the quorum if one is missed."""
    mesures, regle = partie["mesures"], (scrutin.reglement or {}).get("parametres", {})
    if not mesures["quorum_atteint"]:
        quorum = int(regle["quorum"])
        return ngettext(
            "Le règlement demande au moins %(quorum)s bulletin pour décider : il n’y en a pas assez.",
            "Le règlement demande au moins %(quorum)s bulletins pour décider : il n’y en a pas assez.",
            quorum,
        ) % {"quorum": nombre(quorum)}
    if mesures["part"] is None:
        return _("Personne n’a répondu oui ou non.")
    dits = {"part": _pourcent(mesures["part"]), "majorite": _pourcent(str(regle["majorite"]))}
    if regle["base"] == "votantes":
        return (
            _("Le « oui » a %(part)s %% de tous les bulletins, blancs compris : il devait dépasser %(majorite)s %%.")
            % dits
            if regle["stricte"]
            else _(
                "Le « oui » a %(part)s %% de tous les bulletins, blancs compris : il devait atteindre %(majorite)s %%."
            )
            % dits
        )
    return (
        _("Le « oui » a %(part)s %% des réponses : il devait dépasser %(majorite)s %%.") % dits
        if regle["stricte"]
        else _("Le « oui » a %(part)s %% des réponses : il devait atteindre %(majorite)s %%.") % dits
    )


def _pourcent(part: str) -> str:
    """A share written « 2/3 », to two decimals, never rounded to the bound that it misses."""
    centiemes = Fraction(part) * 10_000
    return localize(Decimal(centiemes.numerator // centiemes.denominator) / 100)


def _calendrier(scrutin: Scrutin, option: Option, partie: Mapping[str, Any]) -> Recit:
    """Of a vote on priorities: the moment that its supporters want, and the one that it gets, or why it gets none."""
    tour = next(tour for tour in partie["tours"] if tour["option"] == option.cle)
    seuil = int((scrutin.reglement or {}).get("parametres", {}).get("seuil", 1))
    dits = {"voulu": tour["moment_voulu"], "moment": tour["moment"], "seuil": nombre(seuil)}
    if tour["moment_voulu"] is None:
        return Recit(_("Pourquoi elle n’est pas au calendrier"), [_("Personne ne l’a demandée.")])
    phrases = [
        ngettext(
            "%(n)s bulletin la demande, sur %(tous)s.", "%(n)s bulletins la demandent, sur %(tous)s.", tour["soutiens"]
        )
        % {"n": nombre(tour["soutiens"]), "tous": nombre(partie["bulletins"])}
    ]
    phrases.append(_("Le moment voulu par la moitié d’entre eux : « %(voulu)s ».") % dits)
    if tour["moment"] is not None:
        if tour["moment"] != tour["moment_voulu"]:
            phrases.append(_("Ce moment était plein : elle va au premier qui a de la place, « %(moment)s ».") % dits)
        return Recit(_("Au calendrier : %(moment)s") % dits, phrases)
    if tour["soutiens"] < seuil:
        phrases.append(_("Le règlement en demande au moins %(seuil)s.") % dits)
    else:
        phrases.append(_("Ce moment et les suivants étaient pleins, pris par des sujets plus demandés."))
        phrases += _dernier_pris(scrutin, tour, partie)
    return Recit(_("Pourquoi elle n’est pas au calendrier"), phrases)


def _dernier_pris(scrutin: Scrutin, tour: Mapping[str, Any], partie: Mapping[str, Any]) -> list[str]:
    """The topic that took the last room before this one was looked at, and how many asked for it."""
    avant = partie["tours"][: partie["tours"].index(tour)]
    pris = next((un for un in reversed(avant) if un["moment"] is not None), None)
    if pris is None:
        return []
    titre = scrutin.options.values_list("titre", flat=True).get(cle=pris["option"])
    return [
        ngettext(
            "Le dernier sujet pris avant elle, « %(titre)s », est demandé par %(n)s bulletin.",
            "Le dernier sujet pris avant elle, « %(titre)s », est demandé par %(n)s bulletins.",
            pris["soutiens"],
        )
        % {"titre": titre, "n": nombre(pris["soutiens"])}
    ]


def _elimination(option: Option, partie: Mapping[str, Any], titres: Mapping[str, str]) -> str:
    """At which round a run-off left it, with how many ballots, and who had the fewest after it; empty for one that stays."""
    for rang, tour in enumerate(partie["tours"], start=1):
        if tour["elue"] == option.cle:
            return ""
        if tour["eliminee"] == option.cle:
            autres = {cle: Fraction(voix) for cle, voix in tour["voix"].items() if cle != option.cle}
            suivante = min(autres, key=autres.__getitem__)
            return _("Elle est éliminée au tour %(tour)s, avec %(n)s voix : « %(suivante)s » en a %(sa)s.") % {
                "tour": rang,
                "n": _chiffre(tour["voix"][option.cle]),
                "suivante": titres[suivante],
                "sa": _chiffre(tour["voix"][suivante]),
            }
    return ""


def _chiffre(total: Any) -> str:
    """A figure of the result, whole or written « 7/2 », for a sentence."""
    exact = Fraction(total)
    return nombre(exact.numerator) if exact.denominator == 1 else localize(round(float(exact), 2))


def _bulletins(combien: int) -> str:
    return ngettext("%(n)s bulletin", "%(n)s bulletins", combien) % {"n": nombre(combien)}


def _voix(scrutin: Scrutin, total: int) -> str:
    """A total with its unit: points where they are given, votes elsewhere."""
    if scrutin.regle == Scrutin.Regle.POINTS:
        return ngettext("%(n)s point", "%(n)s points", total) % {"n": nombre(total)}
    return ngettext("%(n)s voix", "%(n)s voix", total) % {"n": nombre(total)}


def _ce_qu_elle_a(scrutin: Scrutin, option: Option, partie: Mapping[str, Any]) -> str:
    total = partie["totaux"][option.cle]
    if scrutin.regle == Scrutin.Regle.JUGEMENT_MAJORITAIRE:
        jauge = partie["mesures"]["jauges"][option.cle]
        return _("Sa mention majoritaire est « %(mention)s » : %(mieux)s, %(moins)s.") % {
            "mention": partie["mesures"]["mentions"][jauge["mention"]],
            "mieux": ngettext("%(n)s bulletin donne mieux", "%(n)s bulletins donnent mieux", jauge["mieux"])
            % {"n": nombre(jauge["mieux"])},
            "moins": ngettext("%(n)s donne moins bien", "%(n)s donnent moins bien", jauge["moins"])
            % {"n": nombre(jauge["moins"])},
        }
    if scrutin.regle == Scrutin.Regle.SCHULZE:
        return ngettext("Elle devance %(n)s autre proposition.", "Elle devance %(n)s autres propositions.", total) % {
            "n": nombre(total)
        }
    if scrutin.regle == Scrutin.Regle.VOTE_ALTERNATIF:
        return ngettext(
            "En première place sur %(n)s bulletin, pour %(tous)s en tout.",
            "En première place sur %(n)s bulletins, pour %(tous)s en tout.",
            int(Fraction(total)),
        ) % {"n": _chiffre(total), "tous": _bulletins(partie["bulletins"])}
    return _("Elle a reçu %(voix)s, sur %(tous)s.") % {
        "voix": _voix(scrutin, total),
        "tous": _bulletins(partie["bulletins"]),
    }


def _qui_est_devant(
    scrutin: Scrutin, option: Option, partie: Mapping[str, Any], titres: Mapping[str, str]
) -> list[str]:
    """Of one that is not elected: its figures beside those of the last elected, whom it would have had to pass."""
    if not partie["elues"]:
        return []
    derniere = partie["elues"][-1]
    if scrutin.regle == Scrutin.Regle.JUGEMENT_MAJORITAIRE:
        return [_par_la_mention(option.cle, derniere, partie["mesures"], titres)]
    if scrutin.regle == Scrutin.Regle.SCHULZE:
        return _par_les_duels(option.cle, partie, titres)
    if scrutin.regle == Scrutin.Regle.VOTE_ALTERNATIF:
        return _par_les_tours(partie, titres)
    ecart = partie["totaux"][derniere] - partie["totaux"][option.cle]
    if ecart <= 0:
        return []  # equal: what decided is said by itself
    modele = (
        _("La dernière qui passe, « %(titre)s », en a reçu %(total)s de plus.")
        if len(partie["elues"]) > 1
        else _("La première, « %(titre)s », en a reçu %(total)s de plus.")
    )
    return [modele % {"titre": titres[derniere], "total": nombre(ecart)}]


def _par_la_mention(cle: str, devant: str, mesures: Mapping[str, Any], titres: Mapping[str, str]) -> str:
    """Majority grades, and the shares that judge better and worse where the grades are the same."""
    elle, autre = mesures["jauges"][cle], mesures["jauges"][devant]
    dits = {"titre": titres[devant], "mention": mesures["mentions"][autre["mention"]]}
    if elle["mention"] != autre["mention"]:
        return _("« %(titre)s » est devant : sa mention majoritaire est « %(mention)s ».") % dits
    for nom, jauge in (("elle", elle), ("autre", autre)):
        for sens in ("mieux", "moins"):
            dits[f"{nom}_{sens}"] = _pourcent(str(Fraction(jauge[sens], jauge["total"])))
    return (
        _(
            "« %(titre)s » est devant avec la même mention : %(autre_mieux)s %% lui donnent mieux et %(autre_moins)s %% moins "
            "bien. Pour celle-ci, %(elle_mieux)s %% donnent mieux et %(elle_moins)s %% moins bien."
        )
        % dits
    )


def _par_les_duels(cle: str, partie: Mapping[str, Any], titres: Mapping[str, str]) -> list[str]:
    """The duel that it loses against the last elected that is ahead of it, or the chains of duels that say so."""
    duels, chemins = partie["mesures"]["duels"], partie["mesures"]["chemins"]
    devant = next((autre for autre in reversed(partie["elues"]) if chemins[autre][cle] > chemins[cle][autre]), None)
    if devant is None:
        return []  # nobody is ahead of it: the lot decided, and it is said by itself
    pour, contre = duels[devant][cle], duels[cle][devant]
    dits = {"titre": titres[devant], "pour": _bulletins(pour), "contre": nombre(contre)}
    if pour > contre:
        return [_("« %(titre)s » la devance : %(pour)s contre %(contre)s.") % dits]
    dits |= {"aller": nombre(chemins[devant][cle]), "retour": nombre(chemins[cle][devant])}
    return [
        _(
            "« %(titre)s » la devance par une suite de duels gagnés. Une suite a la force de son duel le plus serré : la plus forte "
            "a %(aller)s dans ce sens, %(retour)s dans l’autre."
        )
        % dits
    ]


def _par_les_tours(partie: Mapping[str, Any], titres: Mapping[str, str]) -> list[str]:
    """Who has the majority, and when."""
    for rang, tour in enumerate(partie["tours"], start=1):
        if tour["elue"] is not None:
            return [
                _("« %(titre)s » l’emporte au tour %(tour)s, avec %(n)s voix.")
                % {"titre": titres[tour["elue"]], "tour": rang, "n": _chiffre(tour["voix"][tour["elue"]])}
            ]
    return []
