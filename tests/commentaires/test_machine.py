"""State × transition × role of a comment, and of « D'accord ». Everything that is not in the table is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commentaires.actions import approuver, commenter, ne_plus_approuver
from commentaires.models import Accord, Commentaire
from commentaires.permissions import peut_approuver, peut_commenter, peut_parler_officiellement, peut_retirer
from moderation.actions import masquer
from projets.models import RoleProjet
from socle.permissions import SYSTEME
from tests.fabriques import BoiteFabrique, EtapeFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique
from tests.tableau import cellules, issue, noms
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir

pytestmark = pytest.mark.django_db

ROLES = (
    "visiteur", "autrice", "voisin", "autrice_de_l_idee", "agent", "moderatrice", "elue", "administratrice", "systeme",
)  # fmt: skip

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {("publie", "retirer"): ("retire", {"autrice"})}


@pytest.fixture
def personnes():
    gens = {nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "moderatrice", "elue", "administratrice")}
    simples = {nom: PersonneFabrique() for nom in ("autrice", "voisin", "autrice_de_l_idee")}
    return gens | simples | {"visiteur": AnonymousUser(), "systeme": SYSTEME}


@pytest.fixture
def nouveau(personnes):
    def ecrire(etat="publie"):
        idee = IdeeFabrique(auteur=personnes["autrice_de_l_idee"], etat="publiee")
        commentaire = commenter(idee, par=personnes["autrice"], texte="Des bancs, oui.")
        if etat == "retire":
            franchir(commentaire.retirer, par=personnes["autrice"])
        if etat == "masque":
            masquer(commentaire, par=personnes["moderatrice"], motif="injure", explication="Restons polis.")
        return Commentaire.objects.get(pk=commentaire.pk)

    return ecrire


def test_la_table_connait_toute_la_machine():
    assert {nom for _etat, nom in TABLE} == noms(Commentaire)
    assert {etat for etat, _nom in TABLE} <= set(Commentaire.Etat.values)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("etat", "transition"), cellules(Commentaire.Etat.values, sorted(noms(Commentaire)), TABLE))
def test_table(etat, transition, role, personnes, nouveau):
    vise, permis = TABLE.get((etat, transition), (None, set()))
    attendu = "409" if vise is None else vise if role in permis else "403"
    assert issue(nouveau(etat), transition, personnes[role]) == attendu


#: state of the comment -> who may agree with it, while the discussion is open.
ACCORD = {
    "publie": {"voisin", "autrice_de_l_idee", "agent", "moderatrice", "elue", "administratrice"},
    "retire": set(),
    "masque": set(),
}


@pytest.mark.parametrize("role", [r for r in ROLES if r != "systeme"])
@pytest.mark.parametrize("etat", ACCORD)
def test_qui_peut_approuver(etat, role, personnes, nouveau):
    commentaire, personne = nouveau(etat), personnes[role]
    permis = role in ACCORD[etat]
    assert peut_approuver(commentaire, personne) is permis
    for geste in (approuver, ne_plus_approuver):
        if permis:
            assert geste(commentaire, par=personne) is True
        else:
            with pytest.raises((EtapeInterdite, EtapeImpossible)) as refus:
                geste(commentaire, par=personne)
            assert refus.value.statut == (403 if role in {"visiteur", "autrice"} else 409)
    assert Accord.objects.count() == 0


def test_qui_peut_commenter(personnes):
    ouverte, decidee = IdeeFabrique(etat="publiee"), IdeeFabrique(etat="realisee")
    permis = {role: peut_commenter(ouverte, personne) for role, personne in personnes.items()}
    assert permis == {role: role not in {"visiteur", "systeme"} for role in personnes}
    assert not any(peut_commenter(decidee, personne) for personne in personnes.values())


def test_qui_parle_au_nom_de_la_collectivite(personnes):
    officielles = {role for role, personne in personnes.items() if peut_parler_officiellement(personne)}
    assert officielles == {"agent", "elue", "administratrice"}
    personnes["elue"].mandats.update(fin="2020-01-01", debut="2019-01-01")
    assert not peut_parler_officiellement(personnes["elue"])


def test_l_elue_d_un_projet_y_parle_pendant_son_mandat(client):
    """Named in one projet: there alone, by the form and by the action, and under her mandate."""
    elue = PersonneFabrique()
    jour = timezone.localdate()
    elue.mandats.create(nom_officiel="Élue Fictive", intitule="Adjointe fictive aux places", debut=jour)
    etape = EtapeFabrique(projet=ProjetFabrique(ouvert=True))
    RoleProjet.objects.create(projet=etape.projet, personne=elue, role="elue")
    chez_elle = [etape.projet, IdeeFabrique(boite=BoiteFabrique(etape=etape), etat="publiee")]
    ailleurs = [ProjetFabrique(ouvert=True), IdeeFabrique(etat="publiee")]
    client.force_login(elue)
    for cible in chez_elle:
        assert 'name="officielle"' in client.get(cible.get_absolute_url()).content.decode()
        assert (
            "Adjointe fictive aux places" in commenter(cible, par=elue, texte="Je m’y engage.", officielle=True).qualite
        )
    for cible in ailleurs:
        assert 'name="officielle"' not in client.get(cible.get_absolute_url()).content.decode()
        with pytest.raises(EtapeInterdite):
            commenter(cible, par=elue, texte="Je m’y engage.", officielle=True)
    elue.mandats.update(fin="2020-01-01", debut="2019-01-01")
    assert not any(peut_parler_officiellement(elue, cible) for cible in chez_elle)


def test_personne_d_autre_ne_retire(personnes, nouveau):
    commentaire = nouveau()
    assert {role for role, personne in personnes.items() if peut_retirer(commentaire, personne)} == {"autrice"}
