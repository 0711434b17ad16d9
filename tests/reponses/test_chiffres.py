"""The public figures: equal to a plain count over the rows, whatever the rows, and each leads to what it counts."""

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from html import unescape

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idees.models import Idee
from moderation.actions import masquer
from reponses.actions import corriger
from reponses.chiffres import compter, rang_proche
from reponses.models import Echeance, Reponse
from reponses.mois import sceller_les_mois
from reponses.regles import motifs_de
from tests.fabriques import IdeeFabrique, PersonneFabrique, ServiceFabrique, publier_reponse
from tests.reponses.conftest import a_une_question, amener_reponse
from tests.reponses.test_liste import remplir
from timeline.models import RegistreScelle

pytestmark = pytest.mark.django_db
PAGE = "/reponses/chiffres/"
MAINTENANT = datetime(2026, 11, 27, 10, tzinfo=UTC)

# --- Quantiles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valeurs", "mediane", "neuf"),
    [([], None, None), ([7], 7, 7), ([3, 1], 1, 3), ([1, 2, 3], 2, 3), (range(1, 11), 5, 9), (range(1, 12), 6, 10), ([0, 0], 0, 0)],
)  # fmt: skip
def test_rang_proche(valeurs, mediane, neuf):
    assert rang_proche(valeurs, Fraction(1, 2)) == mediane
    assert rang_proche(valeurs, Fraction(9, 10)) == neuf


@given(st.lists(st.integers(0, 400), min_size=1), st.fractions(0, 1))
def test_rang_proche_tient_sa_definition(valeurs, part):
    """The smallest of the values that at least `part` of them do not exceed."""
    rang = rang_proche(valeurs, part)
    convient = [v for v in valeurs if sum(autre <= v for autre in valeurs) >= part * len(valeurs)]
    assert rang == min(convient)


# --- Equal to a direct count ---------------------------------------------------------------------------------------

#: Decisions with each reason that goes with them: the database takes no other.
DECISIONS = [(sens, motif) for sens in Reponse.Sens.values for motif in motifs_de(sens) or [""]]
#: (service, days since the clock started, promised days, days to the answer, None, or « pile »: on the very day, answer)
LIGNES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 400),
        st.integers(1, 90),
        st.one_of(st.none(), st.just("pile"), st.integers(0, 400)),
        st.tuples(st.sampled_from(DECISIONS), st.booleans()).map(lambda choix: (*choix[0], choix[1])),
    ),
    max_size=12,
)


def ecrire(lignes, services):
    """The clocks and the published answers of these lines, and their corrections, put down at once."""
    type_, mandat = ContentType.objects.get_for_model(Idee), services["elue"].mandats.get()
    for rang, (service, depuis, promis, tenu, (sens, motif, corrigee)) in enumerate(lignes, 1):
        debut = MAINTENANT - timedelta(days=depuis)
        tenu = promis if tenu == "pile" else tenu
        tenue_le = None if tenu is None or tenu > depuis else debut + timedelta(days=tenu)
        autres = a_une_question() if sens == "reponse" else {"cible_type": type_}
        cible = {"cible_type": autres["cible_type"], "cible_id": 10_000 + rang}
        Echeance.objects.create(
            **cible, service=services[service], depuis_le=debut, due_le=(debut + timedelta(days=promis)).date(), tenue_le=tenue_le
        )  # fmt: skip
        if tenue_le is None:
            continue
        champs = {
            **cible, "sens": sens, "motif": motif, "texte": "Un texte.", "etat": "publiee", "conditions": "Selon.",
            "premiere_etape": "Choisir", "premiere_etape_le": tenue_le.date(), "alternative": "Autre chose.",
            "signataire": services["elue"], "mandat": mandat, "signataire_nom": "Élue Fictive",
            "signataire_mandat": "Maire fictive", "signee_le": tenue_le, "publiee_le": tenue_le,
            **autres,
        }  # fmt: skip
        (premiere,) = Reponse.objects.bulk_create([Reponse(**champs)])
        if corrigee:
            autre = {"corrige": premiere, "motif": (motifs_de(sens) or [""])[-1], "publiee_le": MAINTENANT}
            Reponse.objects.bulk_create([Reponse(**{**champs, **autre})])


@given(LIGNES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_les_chiffres_sont_ceux_d_un_compte_ligne_a_ligne(lignes):

    with transaction.atomic(), time_machine.travel(MAINTENANT, tick=False):
        services = {n: ServiceFabrique() for n in range(3)} | {"elue": PersonneFabrique(roles=["elue"])}
        ecrire(lignes, services)
        chiffres = compter()
        horloges = list(Echeance.objects.select_related("service"))
        premieres = [r for r in Reponse.objects.all() if r.corrige_id is None]
        par_service = defaultdict(list)
        for horloge in horloges:
            par_service[horloge.service_id].append(horloge)

        def attendu(siennes):
            tenues = [h for h in siennes if h.tenue_le]
            return (
                sum(not h.jours_de_retard for h in tenues),
                sum(h.jours_de_retard > 0 for h in tenues),
                sum(not h.est_en_retard for h in siennes if not h.tenue_le),
                sum(h.est_en_retard for h in siennes),
            )

        def lu(delais):
            return delais.a_temps, delais.apres, delais.attendues, delais.en_retard

        assert lu(chiffres.ensemble) == attendu(horloges)
        assert {d.service: lu(d) for d in chiffres.services} == {s: attendu(h) for s, h in par_service.items()}
        for delais in [*chiffres.services, chiffres.ensemble]:
            siennes = par_service[delais.service] if delais.service else horloges
            jours = sorted(
                (timezone.localdate(h.tenue_le) - timezone.localdate(h.depuis_le)).days for h in siennes if h.tenue_le
            )
            assert delais.mediane == (jours[(len(jours) - 1) // 2] if jours else None)
            assert (delais.pour_cent_a_temps is None) == (delais.echues == 0)
        sens = Counter(r.sens for r in premieres)
        assert chiffres.questions == sens.pop("reponse", 0), "neither a yes nor a no"
        assert {c: n for c, _m, n in chiffres.decisions if n} == dict(sens)
        assert {c: n for c, _m, n in chiffres.refus} == dict(Counter(r.motif for r in premieres if r.sens == "no_go"))
        mois = Counter(timezone.localtime(r.publiee_le).strftime("%Y-%m") for r in premieres)
        assert {f"{m.premier_jour:%Y-%m}": m.compte.total for m in chiffres.mois} == dict(mois)
        assert chiffres.publiees == len(premieres)
        assert chiffres.corrections == Reponse.objects.count() - len(premieres)
        transaction.set_rollback(True)


# --- Each figure leads to what it counts ---------------------------------------------------------------------------

CHIFFRE_LIE = re.compile(r'<a href="(/reponses/[^"]*\?[^"]+)"[^>]*>([^<]+)</a>')


def test_chaque_nombre_mene_a_ce_qu_il_compte(client, agent, elue):
    with time_machine.travel(MAINTENANT, tick=False):
        remplir(5, agent=agent, elue=elue)
        publier_reponse(IdeeFabrique(etat="en_etude"), sens="no_go")
        page = unescape(client.get(PAGE).content.decode())
        chiffres = compter()
        suivis = 0
        for adresse, texte in CHIFFRE_LIE.findall(page):
            if not texte.strip().isdigit():
                continue
            assert client.get(adresse).context["page"].paginator.count == int(texte), adresse
            suivis += 1
        assert suivis >= 6
        liees = dict(
            re.findall(r'<a href="(/reponses/[^"]+)">([^<]+)</a></dt>\s*<dd class="statistique__valeur">', page)
        )
        attendus = {"?delai=a_temps": chiffres.ensemble.a_temps, "?delai=en_retard": chiffres.ensemble.apres}
        for requete, nombre in attendus.items():
            assert client.get(f"/reponses/{requete}").context["page"].paginator.count == nombre
            assert f"/reponses/{requete}" in liees
        for requete, nombre in {
            "?delai=en_retard": chiffres.ensemble.en_retard,
            "?delai=a_venir": chiffres.ensemble.attendues,
        }.items():
            assert client.get(f"/reponses/attendues/{requete}").context["page"].paginator.count == nombre
        for code, _mots, nombre in chiffres.decisions:
            assert (
                client.get("/reponses/", {"genre": "premieres", "decision": code}).context["page"].paginator.count
                == nombre
            )


def test_sans_reponse_aucun_taux(client):
    page = client.get(PAGE).content.decode()
    assert "rien à mesurer" in page and "%" not in re.sub(r"<[^>]+>", "", page)


# --- The past stays ------------------------------------------------------------------------------------------------


def test_une_correction_ne_change_aucun_nombre_du_passe(client, agent, elue):
    with time_machine.travel(MAINTENANT, tick=False) as horloge:
        originale = publier_reponse(IdeeFabrique(etat="en_etude"), sens="no_go", motif="cout", agent=agent, elue=elue)
        horloge.shift(timedelta(days=20))
        assert sceller_les_mois() == 1
        avant = compter()
        horloge.shift(timedelta(days=20))
        correction = corriger(
            originale, par=agent, motif="technique", texte="En fait, c’est impossible.", alternative="Un autre lieu."
        )
        amener_reponse(correction, "publiee", agent=agent, elue=elue)
        apres = compter()
        assert (apres.corrections, avant.corrections) == (1, 0)
        assert [m.compte for m in apres.mois] == [m.compte for m in avant.mois]
        assert (apres.refus, apres.decisions, apres.ensemble) == (avant.refus, avant.decisions, avant.ensemble)
        assert "Une correction publiée depuis" in client.get(PAGE).content.decode()


def test_ni_la_date_ni_la_reponse_comptees_ne_se_recrivent():
    reponse = publier_reponse(IdeeFabrique(etat="en_etude"))
    with pytest.raises(RegistreScelle):
        Reponse.objects.filter(pk=reponse.pk).update(motif="cout")
    with pytest.raises(RegistreScelle):
        Reponse.objects.filter(pk=reponse.pk).update(publiee_le=timezone.now() - timedelta(days=90))


# --- Who is named, what it costs -----------------------------------------------------------------------------------


def test_ce_qui_est_masque_compte_et_n_est_pas_nomme(client, moderatrice):
    idee = IdeeFabrique(etat="en_etude", titre="Un secret de polichinelle")
    avant = compter()
    masquer(idee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    assert compter() == avant
    page = client.get("/reponses/attendues/").content.decode()
    assert "polichinelle" not in page and "Une contribution qui n’est plus visible" in page


def test_les_attendues_les_plus_en_retard_d_abord_puis_filtrees(client):
    with time_machine.travel(MAINTENANT, tick=False) as horloge:
        ancienne = IdeeFabrique(etat="en_etude", titre="Une promesse ancienne")
        horloge.shift(timedelta(days=61))
        IdeeFabrique(etat="en_etude", titre="Une promesse récente")
        page = client.get("/reponses/attendues/").content.decode()
        assert page.index("Une promesse ancienne") < page.index("Une promesse récente")
        assert "En retard d’un jour" in page
        seule = client.get("/reponses/attendues/", {"delai": "en_retard"}).content.decode()
        assert "Une promesse ancienne" in seule and "Une promesse récente" not in seule
        service = ancienne.echeances.get().service_id
        siennes = client.get("/reponses/attendues/", {"service": service}).context["page"].paginator.count
        assert siennes == Echeance.objects.filter(service=service).count()


@pytest.mark.parametrize("parametre", ["service", "mois", "genre", "delai", "cible__auteur__email__startswith", "page"])
@pytest.mark.parametrize("chemin", ["/reponses/", "/reponses/attendues/"])
def test_une_adresse_inventee_ne_change_rien(client, publiee, chemin, parametre):
    """AC-05, INJ-01."""
    attendu = client.get(chemin).context["page"].paginator.count
    for valeur in ("x", "-1", "9" * 30, "2026-13", "2026-1", "0000-01", "\x00", "' OR 1=1 --"):
        reponse = client.get(chemin, {parametre: valeur})
        assert reponse.status_code == 200, valeur
        assert reponse.context["page"].paginator.count == attendu, valeur


def test_autant_de_requetes_avec_cinquante_qu_avec_une(client, agent, elue):
    def compter_les_requetes():
        return [_requetes(client, chemin) for chemin in (PAGE, "/reponses/attendues/", "/reponses/?service=1")]

    remplir(1, agent=agent, elue=elue)
    avant = compter_les_requetes()
    remplir(49, agent=agent, elue=elue)
    assert compter_les_requetes() == avant
    assert avant[0] <= 6


def _requetes(client, chemin) -> int:
    client.get(chemin)
    with CaptureQueriesContext(connection) as requetes:
        assert client.get(chemin).status_code == 200
    return len(requetes)


def test_htmx_ne_redemande_que_la_liste(client):
    IdeeFabrique(etat="en_etude")
    fragment = client.get(reverse("reponses:attendues"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and 'id="resultats"' in fragment
