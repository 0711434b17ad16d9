"""Month by month: the open month is a plain count over the rows; a published month stays; a difference is always shown."""

import re
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idees.models import Idee
from moderation.actions import masquer
from portail.tic import tic
from reponses.actions import corriger
from reponses.models import Echeance, MoisScelle, Reponse
from reponses.mois import Compte, mois_par_mois, sceller_les_mois
from reponses.regles import motifs_de
from tests.fabriques import IdeeFabrique, PersonneFabrique, ServiceFabrique, publier_reponse
from tests.reponses.conftest import a_une_question, amener_reponse
from timeline.models import Entree, RegistreScelle

pytestmark = pytest.mark.django_db
PAGE = "/reponses/chiffres/"
DEBUT = datetime(2026, 9, 20, 10, tzinfo=UTC)


def texte(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


# --- A count by hand -----------------------------------------------------------------------------------------------


def compte_a_la_main() -> dict[tuple[int, int], dict]:
    """{month: its figures}, from all rows, one by one."""
    toutes = [r for r in Reponse.objects.all() if r.etat == "publiee"]
    horloges = {(e.cible_type_id, e.cible_id): e for e in Echeance.objects.all()}
    trouves: dict = {}
    for reponse in toutes:
        if reponse.corrige_id:
            continue
        siennes = [r for r in toutes if r.corrige_id == reponse.pk]
        dite = max(siennes, key=lambda r: (r.publiee_le, r.pk), default=reponse)
        jour = timezone.localdate(reponse.publiee_le)
        mois = trouves.setdefault((jour.year, jour.month), Counter())
        mois["total"] += 1
        mois[dite.sens] += 1
        if dite.sens != "reponse":
            mois[dite.sens, dite.motif] += 1
        if horloge := horloges.get((reponse.cible_type_id, reponse.cible_id)):
            mois["apres" if timezone.localdate(horloge.tenue_le) > horloge.due_le else "a_temps"] += 1
    return trouves


def nombres(compte: Compte) -> Counter:
    trouves = Counter(
        {nom: getattr(compte, nom) for nom in ("total", "go", "go_conditions", "no_go", "reponse", "a_temps", "apres")}
    )
    trouves.update({(s, m): n for s, motifs in compte.raisons.items() for m, n in motifs.items()})
    return +trouves


def photographie() -> dict:
    return {
        (s.annee, s.mois): tuple(getattr(s, champ.attname) for champ in MoisScelle._meta.fields)
        for s in MoisScelle.objects.all()
    }


# --- Whatever happens ----------------------------------------------------------------------------------------------

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("repondre"), st.sampled_from(Reponse.Sens.values), st.integers(0, 1), st.integers(-9, 9)),
        st.tuples(st.just("corriger"), st.integers(0, 9), st.integers(0, 1)),
        st.tuples(st.just("anciennes"), st.integers(1, 80)),
        st.tuples(st.just("attendre"), st.integers(1, 45)),
        st.tuples(st.just("tic")),
    ),
    max_size=14,
)  # fmt: skip


class Site:
    """Rows put down at once: what the road of an answer refuses (an old date) must show too."""

    def __init__(self, horloge):
        self.horloge = horloge
        self.type = ContentType.objects.get_for_model(Idee)
        self.service, self.elue = ServiceFabrique(), PersonneFabrique(roles=["elue"])
        self.mandat = self.elue.mandats.get()
        self.premieres: list[Reponse] = []

    def _ecrire(self, le, **champs):
        defauts = {
            "cible_type": self.type, "sens": "no_go", "motif": "cout", "texte": "Un texte.", "etat": "publiee",
            "conditions": "Selon.", "premiere_etape": "Choisir", "premiere_etape_le": le.date(), "alternative": "Autre.",
            "signataire": self.elue, "mandat": self.mandat, "signataire_nom": "Élue Fictive", "signataire_mandat": "Maire fictive",
            "signee_le": le, "publiee_le": le,
        }  # fmt: skip
        return Reponse.objects.bulk_create([Reponse(**defauts | champs)])[0]

    def repondre(self, sens, raison, marge, le=None):
        """`raison` is the rank of one that goes with the decision."""
        le, cle = le or timezone.now(), 10_000 + len(self.premieres)
        autres = a_une_question() if sens == "reponse" else {"sens": sens, "motif": motifs_de(sens)[raison]}
        Echeance.objects.create(
            cible_type=autres.get("cible_type", self.type), cible_id=cle, service=self.service, depuis_le=le - timedelta(days=30),
            due_le=timezone.localdate(le) + timedelta(days=marge), tenue_le=le,
        )  # fmt: skip
        self.premieres.append(self._ecrire(le, cible_id=cle, **autres))

    def corriger(self, rang, raison):
        if self.premieres:
            origine = self.premieres[rang % len(self.premieres)]
            autres = (
                {"sens": origine.sens, "motif": motifs_de(origine.sens)[raison]} if origine.motif else a_une_question()
            )
            self._ecrire(timezone.now(), cible_id=origine.cible_id, corrige=origine, **autres)

    def anciennes(self, jours):
        self.repondre("go", 0, 1, le=timezone.now() - timedelta(days=jours))

    def attendre(self, jours):
        self.horloge.shift(timedelta(days=jours))

    def tic(self):
        sceller_les_mois()


@given(OPERATIONS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quoi_qu_il_arrive(operations):
    with transaction.atomic(), time_machine.travel(DEBUT, tick=False) as horloge:
        site, scelles = Site(horloge), {}
        for nom, *arguments in [*operations, ("tic",)]:
            getattr(site, nom)(*arguments)
            maintenant = photographie()
            assert {cle: maintenant[cle] for cle in scelles} == scelles  # what was sealed has not moved
            scelles = maintenant
            a_la_main = compte_a_la_main()
            montres = {(m.annee, m.mois): m for m in mois_par_mois()}
            assert montres.keys() == a_la_main.keys() | scelles.keys()
            for cle, mois in montres.items():
                assert nombres(mois.recompte) == a_la_main.get(cle, Counter())
                if cle not in scelles:
                    assert mois.publie is None and mois.compte == mois.recompte and mois.ecarts == []
                    continue
                assert nombres(mois.compte) == nombres(Compte.publie(MoisScelle.objects.get(annee=cle[0], mois=cle[1])))
                differe = nombres(mois.publie) != nombres(mois.recompte)
                assert bool(mois.ecarts) == bool(mois.causes) == differe
                assert all(e.publie != e.recompte for e in mois.ecarts)
        # After the clock has passed, exactly the months that are over are sealed.
        fini = timezone.localtime().replace(day=1).date()
        assert {cle for cle in montres if date(*cle, 1) < fini} == set(scelles)
        transaction.set_rollback(True)


# --- The clock -----------------------------------------------------------------------------------------------------


@pytest.fixture
def octobre(agent, elue):
    """An answer published in September, the clock in the middle of October."""
    with time_machine.travel(DEBUT, tick=False) as horloge:
        idee = IdeeFabrique(titre="Un parking", etat="en_etude")
        reponse = publier_reponse(idee, sens="no_go", motif="cout", agent=agent, elue=elue)
        horloge.shift(timedelta(days=25))
        yield reponse, horloge


def test_le_tic_scelle_le_mois_fini_une_fois(octobre):
    assert tic()["mois_scelles"] == 1
    assert tic()["mois_scelles"] == 0
    scelle = MoisScelle.objects.get()
    assert (scelle.annee, scelle.mois, scelle.no_go, scelle.a_temps) == (2026, 9, 1, 1)
    entree = Entree.objects.get(type="reponses.chiffres.sceller")
    assert entree.est_publique and entree.donnees["total"] == 1 and entree.donnees["mois"] == "2026-09"
    assert texte(entree.phrase) == "Les chiffres des réponses de septembre 2026 sont publiés : une réponse."


@pytest.mark.parametrize(
    ("maintenant", "scelles"),
    [
        (datetime(2026, 9, 30, 21, 59, tzinfo=UTC), 0),  # 23:59 in Paris
        (datetime(2026, 9, 30, 22, 30, tzinfo=UTC), 0),  # 0:30: somebody may still be publishing
        (datetime(2026, 9, 30, 23, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), 3),  # also the two without any answer
    ],
)
def test_le_mois_finit_a_l_heure_du_site(octobre, maintenant, scelles):
    with time_machine.travel(maintenant, tick=False):
        assert sceller_les_mois() == scelles


def test_le_mois_d_une_reponse_est_celui_du_site(agent, elue):
    """23:30 UTC on 30 September is October in Paris."""
    with time_machine.travel(datetime(2026, 9, 30, 22, 30, tzinfo=UTC), tick=False):
        publier_reponse(IdeeFabrique(etat="en_etude"), agent=agent, elue=elue)
        assert [(m.annee, m.mois, m.compte.total) for m in mois_par_mois()] == [(2026, 10, 1)]


def test_sans_reponse_rien_n_est_scelle():
    assert sceller_les_mois() == 0 and mois_par_mois() == []


@pytest.mark.django_db(transaction=True)
def test_deux_horloges_a_la_fois_scellent_une_fois(octobre):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    depart, faits, fautes = threading.Barrier(4), [], []

    def battre():
        try:
            depart.wait(timeout=10)
            faits.append(sceller_les_mois())
        except Exception as faute:
            fautes.append(faute)
        finally:
            connection.close()

    fils = [threading.Thread(target=battre) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=30)
    assert fautes == [] and sum(faits) == 1
    assert MoisScelle.objects.count() == Entree.objects.filter(type="reponses.chiffres.sceller").count() == 1


# --- What is sealed ------------------------------------------------------------------------------------------------


def test_rien_ne_recrit_un_mois_publie(octobre):
    sceller_les_mois()
    scelle = MoisScelle.objects.get()
    with pytest.raises(RegistreScelle):
        scelle.save()
    with pytest.raises(RegistreScelle):
        scelle.delete()
    autres = {
        "annee": 2025,
        "mois": 1,
        "scelle_le": timezone.now() + timedelta(days=1),
        "go": 7,
        "go_conditions": 7,
        "no_go": 7,
    }
    autres |= {"a_temps": 0, "apres": 1, "raisons": {}, "lignes": {}}
    for champ, valeur in autres.items():
        with pytest.raises(DatabaseError, match="reecrivent pas"), transaction.atomic():
            MoisScelle.objects.filter(pk=scelle.pk).update(**{champ: valeur})
    with pytest.raises(DatabaseError, match="reecrivent pas"), transaction.atomic():
        MoisScelle.objects.filter(pk=scelle.pk)._raw_delete("default")


@pytest.mark.parametrize("faute", [{"mois": 13}, {"mois": 0}, {"a_temps": 5}, {"annee": 2026, "mois": 9}])
def test_la_base_refuse_un_mois_impossible(octobre, faute):
    sceller_les_mois()
    nombres_ = {"go": 1, "go_conditions": 0, "no_go": 0, "a_temps": 1, "apres": 0}
    champs = {"annee": 2020, "mois": 1, **nombres_, "raisons": {}, "lignes": {}}
    with pytest.raises(DatabaseError), transaction.atomic():
        MoisScelle.objects.create(**champs | faute)


# --- The page ------------------------------------------------------------------------------------------------------


def test_une_correction_laisse_le_mois_publie_et_dit_la_difference(client, octobre, agent, elue):
    originale, horloge = octobre
    avant = texte(client.get(PAGE).content.decode())
    assert "pas encore : le mois se compte" in avant and "Recompté" not in avant
    tic()
    assert "le mois se compte" not in texte(client.get(PAGE).content.decode())
    horloge.shift(timedelta(days=3))
    correction = corriger(originale, par=agent, motif="technique", texte="Impossible.", alternative="Un autre lieu.")
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    page = client.get(PAGE).content.decode()
    lu = texte(page)
    cout = "Non : Trop cher par rapport au service rendu : publié le 15 octobre 2026, 1 ; recompté aujourd’hui, 0."
    assert cout in lu
    assert "Non : Impossible techniquement : publié le 15 octobre 2026, 0 ; recompté aujourd’hui, 1." in lu
    assert f"la réponse n° {originale.pk} a été corrigée le 18 octobre 2026" in lu
    assert f'href="{correction.get_absolute_url()}"' in page and 'id="ecart-2026-09"' in page
    (mois,) = mois_par_mois()
    assert mois.compte.raisons == {"no_go": {"cout": 1}} and mois.compte.total == mois.recompte.total == 1


def test_ce_qui_est_masque_reste_compte(octobre, moderatrice):
    """An answer was given: the figure says so, and nothing is named."""
    tic()
    masquer(octobre[0].cible, par=moderatrice, motif="injure", explication="Propos injurieux.")
    (mois,) = mois_par_mois()
    assert mois.ecarts == [] and mois.recompte.total == 1


def test_une_reponse_datee_d_un_mois_publie_se_voit(client, octobre):
    _reponse, horloge = octobre
    tic()
    Site(horloge).anciennes(20)
    page = client.get(PAGE).content.decode()
    assert "Réponses : publié le 15 octobre 2026, 1 ; recompté aujourd’hui, 2." in texte(page)
    assert "datée de ce mois, a été enregistrée après." in texte(page)


def test_autant_de_requetes_pour_un_an_de_differences_que_pour_un_mois(client):
    def requetes() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as lues:
            client.get(PAGE)
        return len(lues)

    with time_machine.travel(DEBUT, tick=False) as horloge:
        site, mesures = Site(horloge), []
        for _mois in range(12):
            for _n in range(4):
                site.repondre("no_go", 0, 1)
            horloge.shift(timedelta(days=31))
            sceller_les_mois()
            for rang in range(len(site.premieres) - 4, len(site.premieres)):
                site.corriger(rang, 1)
            mesures.append(requetes())
        assert len(mois_par_mois()) >= 12 and all(m.ecarts for m in mois_par_mois() if m.compte.total)
    assert len(set(mesures)) == 1 and mesures[0] <= 10
