"""Every machine at once: what all of them owe."""

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from idees.models import Idee
from socle.etats import EtatsProteges, EtatsQuerySet
from tests.fabriques import IdeeFabrique
from timeline.diagrammes import graphe, machines, page
from timeline.etapes import Etiquette, champ_d_etat, franchir, transitions_de


def test_la_page_des_etats_est_a_jour():
    assert (settings.RACINE / "docs" / "etats.md").read_text() == page(), "lancer manage.py dessiner_etats"


@pytest.mark.parametrize("modele", machines(), ids=lambda m: m._meta.label)
class TestMachine:
    def test_son_champ_est_protege_et_sa_requete_aussi(self, modele):
        assert champ_d_etat(modele).protected
        assert issubclass(modele, EtatsProteges)
        assert isinstance(modele._default_manager.all(), EtatsQuerySet)
        assert hasattr(modele.objects, "visibles_par")

    def test_chaque_transition_a_sources_predicat_et_etiquette(self, modele):
        codes = {code for code, _libelle in champ_d_etat(modele).choices}
        for etapes in transitions_de(modele).values():
            for etape in etapes:
                assert etape.source in codes and etape.target in codes
                assert callable(etape.permission) and etape.permission.__name__.startswith(("peut_", "est_"))
                assert isinstance(etape.custom["etiquette"], Etiquette)

    def test_chaque_etat_est_atteint(self, modele):
        champ = champ_d_etat(modele)
        atteints, reste = {str(champ.get_default())}, True
        while reste:
            suivants = {vers for depart, _nom, vers in graphe(modele) if depart in atteints} - atteints
            atteints, reste = atteints | suivants, bool(suivants)
        assert atteints == {code for code, _libelle in champ.choices}

    def test_chaque_transition_a_sa_phrase(self, modele):
        for nom in transitions_de(modele):
            try:
                get_template(f"timeline/phrases/{modele.famille}.{nom}.html")
            except TemplateDoesNotExist:
                pytest.fail(f"pas de phrase pour {modele.famille}.{nom}")

    def test_ses_etats_sont_une_contrainte_de_la_base(self, modele):
        champ = champ_d_etat(modele).name
        listes = [c for c in modele._meta.constraints if f"('{champ}__in'" in repr(getattr(c, "condition", ""))]
        codes = {code for code, _libelle in champ_d_etat(modele).choices}
        assert any(all(repr(str(code)) in repr(c.condition) for code in codes) for c in listes)


@pytest.mark.django_db
def test_relire_un_objet_relit_son_etat_avec_lui(django_assert_num_queries):
    """In the same reading, under the same lock: not in one of its own, when somebody asks."""
    lue, vue_ailleurs = IdeeFabrique(), Idee.objects.get()
    franchir(vue_ailleurs.soumettre, par=lue.auteur)
    for relire in (lue.refresh_from_db, lambda: lue.refresh_from_db(fields=["etat"])):
        with django_assert_num_queries(1):
            relire()
            assert lue.etat == vue_ailleurs.etat != "brouillon"
    lue.save()  # what is known of its state is what was read
    sans_etat = Idee.objects.defer("etat").get()
    sans_etat.refresh_from_db()
    assert sans_etat.get_deferred_fields() == {"etat"}


@pytest.mark.django_db
def test_une_relecture_qui_echoue_laisse_l_etat():
    idee = IdeeFabrique()
    Idee.objects.all().delete()
    with pytest.raises(Idee.DoesNotExist):
        idee.refresh_from_db()
    assert idee.etat == "brouillon" and not idee.get_deferred_fields()
