"""The votes of the demonstration: a participatory budget that people fill in these days, with an envelope for each of two
communes, and the one of last year, counted by equal shares and proclaimed. Every person and every project is invented.
"""

import random
from datetime import timedelta

from django.utils import timezone

from projets.models import Etape
from reponses.models import Service
from territoires.models import Territoire
from timeline.etapes import franchir
from votes import composition, comptage, demandes, etudes, horloge, voter
from votes.heure import a_l_heure_du_site
from votes.models import Enveloppe, Etude, Option, Scrutin

DE = 44  # of the die

EN_COURS = {
    "titre": "Budget participatif : à vous de choisir",
    "question": "Quels projets réaliser avec le budget de cette année ?",
    "description": "Les services ont étudié les idées retenues. Remplissez le budget : chaque projet montre son coût.",
    "regle": Scrutin.Regle.PLUS_VOTES,
    "forme": Scrutin.Forme.SAC,
}
#: Title, cost in euros, category, commune (everybody's envelope when empty).
PROPOSITIONS_EN_COURS = (
    ("Des fontaines aux arrêts de tramway", 180_000, "Fraîcheur", ""),
    ("Cent bancs à l’ombre", 90_000, "Fraîcheur", ""),
    ("Une maison du vélo", 240_000, "Se déplacer", ""),
    ("Des passages piétons éclairés", 120_000, "Se déplacer", ""),
    ("Un verger pour l’école", 25_000, "Fraîcheur", "Rezé"),
    ("Un kiosque à musique", 60_000, "Se rencontrer", "Rezé"),
    ("Un terrain de pétanque couvert", 40_000, "Se rencontrer", "Orvault"),
    ("Des nichoirs le long du ruisseau", 8_000, "Nature", "Orvault"),
)
BUDGETS_EN_COURS = {"": 400_000, "Rezé": 70_000, "Orvault": 45_000}

PASSE = {
    "titre": "Budget participatif de l’an dernier",
    "question": "Quels projets réaliser avec le budget de l’année ?",
    "description": "Premier budget participatif, compté à parts égales : chaque personne disposait de la même part du budget.",
    "regle": Scrutin.Regle.PARTS_EGALES,
    "forme": Scrutin.Forme.APPROBATION,
    "choix_max": 5,
}
PROPOSITIONS_PASSEES = (
    ("La cour de l’école ouverte le samedi", 70_000, "Se rencontrer", ""),
    ("Un bassin pour les libellules", 30_000, "Nature", ""),
    ("Des casiers solidaires", 22_000, "Se rencontrer", ""),
    ("La passerelle repeinte", 140_000, "Se déplacer", ""),
    ("Un atelier de réparation", 55_000, "Se rencontrer", ""),
    ("Des haies le long de la voie verte", 48_000, "Nature", ""),
    ("Un abri pour les vélos de la gare", 95_000, "Se déplacer", ""),
)
BUDGETS_PASSES = {"": 250_000}


def raconter(recit) -> None:
    """Plan them on the story: prepared, studied, announced, opened and closed by the clock, counted, proclaimed."""
    de = random.Random(DE)
    _annoncer(recit, "budget_passe", PASSE, PROPOSITIONS_PASSEES, BUDGETS_PASSES, (-330, -312))
    recit.le(recit.jour(-313), _faire_voter, recit, de, PASSE["titre"], 30)
    recit.le(recit.jour(-310), _proclamer, recit, PASSE["titre"])
    _annoncer(recit, "budget", EN_COURS, PROPOSITIONS_EN_COURS, BUDGETS_EN_COURS, (-5, 16))
    recit.le(recit.jour(-1, 17), _faire_voter, recit, de, EN_COURS["titre"], 22)


def _trouver(titre: str) -> Scrutin:
    return Scrutin.objects.select_related("etape__projet").get(titre=titre)


def _annoncer(recit, cle, fiche, propositions, budgets, jours) -> None:
    debut, fin = recit.jour(jours[0], 9), recit.jour(jours[1], 18)
    recit.le(recit.jour(jours[0] - 20), _preparer, recit, cle, fiche, propositions, budgets, debut, fin)
    recit.le(recit.jour(jours[0] - 8), _etudier, recit, fiche["titre"])
    recit.le(recit.jour(jours[0] - 3), lambda: franchir(_trouver(fiche["titre"]).annoncer, par=recit.agent))
    recit.le(debut, horloge.battre)
    recit.le(fin, horloge.battre)


def _preparer(recit, cle, fiche, propositions, budgets, debut, fin) -> None:
    etape = next(etape for etape in recit.projet(cle).etapes.all() if Etape.Fonction.VOTER in etape.ouvre)
    scrutin = composition.creer(Scrutin(etape=etape, ouvre_le=debut, ferme_le=fin, **fiche), par=recit.agent)
    lieux = {lieu.nom: lieu for lieu in Territoire.objects.communes().filter(nom__in=budgets).defer("contour")}
    composition.modifier_enveloppe(
        scrutin.enveloppes.get(territoire=None), par=recit.agent, valeurs={"budget": budgets[""] * 100}
    )
    for nom, budget in budgets.items():
        if nom:
            composition.ajouter_enveloppes(scrutin, [lieux[nom]], budget * 100, par=recit.agent)
    neuves = [
        Option(
            titre=titre,
            cout=cout * 100,
            categorie=categorie,
            territoire=lieux.get(lieu),
            proposee_par="Un habitant fictif",
        )
        for titre, cout, categorie, lieu in propositions
    ]
    composition.ajouter(scrutin, neuves, par=recit.agent)
    service = Service.objects.order_by("nom").first()
    attendue_le = timezone.localdate() + timedelta(days=10)
    etudes.demander(scrutin, list(scrutin.options.all()), [service], attendue_le, par=recit.agent)


def _etudier(recit, titre: str) -> None:
    for etude in Etude.objects.filter(option__scrutin__titre=titre).select_related("option__scrutin__etape__projet"):
        franchir(
            etude.rendre,
            par=recit.agent,
            conclusion=Etude.Conclusion.FAISABLE,
            motif="Fictif : le service a visité les lieux, rien ne s’y oppose.",
            cout=etude.option.cout,
            cout_motif="Fictif : d’après trois réalisations semblables.",
            calendrier="Un an d’études, puis six mois de travaux.",
            entretien="Par les équipes du quartier, sans budget de plus.",
        )


def _faire_voter(recit, de: random.Random, titre: str, nombre: int) -> None:
    """Neighbours vote by the road that everybody takes; each for what draws her, some for a commune of theirs too."""
    scrutin = _trouver(titre)
    enveloppes = list(scrutin.enveloppes.select_related("territoire").prefetch_related("options"))
    gouts = {o.cle: de.lognormvariate(0, 0.7) for e in enveloppes for o in e.options.all()}
    with a_l_heure_du_site():
        for voisin in recit.voisins[:nombre]:
            for enveloppe in [e for e in enveloppes if not e.est_locale] + _la_sienne(de, enveloppes):
                voter.voter(
                    scrutin,
                    par=voisin,
                    enveloppe=enveloppe,
                    notes=dict.fromkeys(_choisir(de, scrutin, enveloppe, gouts), 1),
                    empreinte=scrutin.empreinte,
                )


def _la_sienne(de: random.Random, enveloppes: list[Enveloppe]) -> list[Enveloppe]:
    locales = [enveloppe for enveloppe in enveloppes if enveloppe.est_locale]
    return [de.choice(locales)] if locales and de.random() < 0.7 else []


def _choisir(de: random.Random, scrutin: Scrutin, enveloppe: Enveloppe, gouts: dict[str, float]) -> list[str]:
    """Some options that she likes, within the bounds of the ballot."""
    tirees = sorted(enveloppe.options.all(), key=lambda o: -gouts[o.cle] * de.random())
    choisies: list[Option] = []
    for option in tirees[: scrutin.choix_max or 4]:
        total = sum(o.cout or 0 for o in choisies) + (option.cout or 0)
        if scrutin.forme != Scrutin.Forme.SAC or total <= (enveloppe.budget or 0):
            choisies.append(option)
    return [option.cle for option in choisies]


def _proclamer(recit, titre: str) -> None:
    comptage.executer(demandes.demander(_trouver(titre), par=recit.agent).pk)
    franchir(_trouver(titre).proclamer, par=recit.agent)
