"""Whatever happens in whatever order, supports are those of a plain model: sets of people, by hand or by a merge."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idees.actions import ne_plus_soutenir, soutenir
from idees.fusion import avancer, refuser_le_transfert
from idees.models import Fusion, Idee
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, reunir
from timeline.etapes import EtapeRefusee, franchir

pytestmark = pytest.mark.django_db
PERSONNES, IDEES = 5, 4  # the first of the people wrote the first idea, and so on

personne, idee = st.integers(0, PERSONNES - 1), st.integers(0, IDEES - 1)
geste = st.one_of(
    st.tuples(st.just("soutenir"), personne, idee),
    st.tuples(st.just("soutenir"), personne, idee),
    st.tuples(st.just("reprendre"), personne, idee),
    st.tuples(st.just("reunir"), idee, idee),
    st.tuples(st.just("reunir"), idee, idee),
    st.tuples(st.just("refuser"), personne, st.integers(0, 5)),
    st.tuples(st.just("defaire"), st.integers(0, 5)),
)


@dataclass
class Plan:
    """What should be: who supports what by her own hand, and what each living merge brings on top."""

    siens: list[set] = field(default_factory=lambda: [set() for _ in range(IDEES)])
    portes: dict[int, set] = field(default_factory=dict)  # merge -> people
    fusions: list[tuple[int, int]] = field(default_factory=list)
    vivantes: set[int] = field(default_factory=set)

    def entrantes(self, i):
        return [f for f in self.vivantes if self.fusions[f][1] == i]

    def sortante(self, i):
        return next((f for f in self.vivantes if self.fusions[f][0] == i), None)

    def soutiens(self, i) -> set:
        return self.siens[i].union(*(self.portes[f] for f in self.entrantes(i)))

    def soutenir(self, p, i):
        if self.sortante(i) is None and p != i:
            self.siens[i].add(p)
            for f in self.entrantes(i):
                self.portes[f].discard(p)

    def reprendre(self, p, i):
        if self.sortante(i) is None and p != i:
            self.siens[i].discard(p)
            for f in self.entrantes(i):
                self.portes[f].discard(p)

    def reunir(self, a, b):
        if a == b or self.sortante(a) is not None or self.sortante(b) is not None:
            return False
        self.fusions.append((a, b))
        f = len(self.fusions) - 1
        self.portes[f] = self.soutiens(a) - self.siens[b] - {b}
        self.vivantes.add(f)
        return True

    def refuser(self, p, f):
        if f not in self.vivantes or p not in self.portes[f]:
            return
        i = self.fusions[f][1]
        for g in [f]:
            self.portes[g].discard(p)
        # Her support of the target may also come by another merge: refusing one does not refuse the other.
        while (suite := self.sortante(i)) is not None and p not in self.soutiens(i):
            self.portes[suite].discard(p)
            i = self.fusions[suite][1]

    def defaire(self, f):
        if f in self.vivantes and self.sortante(self.fusions[f][1]) is None:
            self.vivantes.discard(f)


def _essayer(action, *args, **kwargs):
    try:
        action(*args, **kwargs)
    except EtapeRefusee:
        return False
    return True


def _jouer(gestes):
    gens = [PersonneFabrique() for _ in range(PERSONNES)]
    agent = PersonneFabrique(roles=["agent"])
    boite = BoiteFabrique(seuil_soutiens=1000)
    idees = [IdeeFabrique(boite=boite, auteur=gens[i], etat="publiee").pk for i in range(IDEES)]
    fusions: list[int] = []
    plan = Plan()

    def lue(i):
        return Idee.objects.get(pk=idees[i])

    for nom, *args in gestes:
        if nom == "soutenir":
            _essayer(soutenir, lue(args[1]), par=gens[args[0]])
            plan.soutenir(*args)
        elif nom == "reprendre":
            _essayer(ne_plus_soutenir, lue(args[1]), par=gens[args[0]])
            plan.reprendre(*args)
        elif nom == "reunir":
            if plan.reunir(*args):
                fusions.append(reunir(lue(args[0]), lue(args[1]), par=agent).pk)
            else:
                assert not _essayer(reunir, lue(args[0]), lue(args[1]), par=agent)
        elif args[-1] < len(fusions):
            fusion = Fusion.objects.get(pk=fusions[args[-1]])
            if nom == "refuser":
                _essayer(refuser_le_transfert, fusion, par=gens[args[0]])
                plan.refuser(*args)
            else:
                _essayer(franchir, fusion.defaire, par=agent, motif="Une erreur.")
                plan.defaire(*args)
        _comparer(plan, idees, gens, (nom, *args))
    assert avancer() == 0, "nothing is left to catch up with"


def _comparer(plan, idees, gens, dernier):
    rang = {p.pk: n for n, p in enumerate(gens)}
    for i, pk in enumerate(idees):
        lue = Idee.objects.get(pk=pk)
        presents = [rang[p] for p in lue.soutiens.values_list("personne", flat=True)]
        assert len(presents) == len(set(presents)), "each person counts once"
        assert set(presents) == plan.soutiens(i), (i, dernier)
        suite = plan.sortante(i)
        attendue = None if suite is None else idees[plan.fusions[suite][1]]
        assert (lue.fusionnee_dans_id, lue.etat == "fusionnee") == (attendue, suite is not None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(geste, max_size=25))
def test_toute_suite_de_gestes_donne_ce_que_dit_le_modele(db, gestes):
    with transaction.atomic():
        _jouer(gestes)
        transaction.set_rollback(True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(personne), st.sets(personne), st.lists(st.tuples(st.sampled_from(["soutenir", "reprendre"]), personne), max_size=6)
)  # fmt: skip
def test_defaire_rend_exactement_les_deux_idees(db, de_b, de_a, entre_temps):
    """Undone, B is what it was; A is what her supporters themselves made of it."""
    gestes = [("soutenir", p, 1) for p in de_b] + [("soutenir", p, 0) for p in de_a] + [("reunir", 1, 0)]
    gestes += [(nom, p, 0) for nom, p in entre_temps] + [("defaire", 0)]
    with transaction.atomic():
        _jouer(gestes)
        transaction.set_rollback(True)
