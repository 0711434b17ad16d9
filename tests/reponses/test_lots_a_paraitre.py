"""A lot of two signed answers, ready to come out: what it publishes, what it holds, which doors say nothing of it."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from moderation.actions import masquer
from notifications.models import Courriel, Notification
from reponses import lots
from reponses.actions import corriger
from reponses.models import Jalon, LotReponses, PlaceDeLot, Reponse
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, SoutienFabrique
from tests.notifications.conftest import dire, taire
from tests.reponses.conftest import amener_reponse, du_monde
from tests.reponses.lots import SECRET, ecrire_le_monde, idees_a_l_etude, page, reponses_du_lot
from tests.tableau import issue
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db
GESTES = ("ajouter_au_lot", "brouillons_du_lot", "consulter_lot", "presenter_lot")


@pytest.fixture(scope="module")
def _monde_du_module(pour_le_module):
    """Two signed answers: it may come out."""
    return pour_le_module(lambda: ecrire_le_monde(("signee", "signee")))


@pytest.fixture
def monde(_monde_du_module, db):
    return deepcopy(_monde_du_module)


agent, elue, referente, projet, boite, lot = map(du_monde, ("agent", "elue", "referente", "projet", "boite", "lot"))


def test_la_chronologie_nomme_les_reponses_et_jamais_le_lot(client, lot, agent):
    assert SECRET not in page(client.get(reverse("timeline:chronologie")))
    franchir(lot.publier, par=agent)
    entree = Entree.objects.pour_affichage().get(type="reponses.lot.publier")
    phrase = phrase_en_texte(entree)
    assert phrase.startswith("2 réponses officielles sont publiées ensemble : «")
    corps = page(client.get(reverse("timeline:chronologie")))
    for reponse in Reponse.objects.all():
        assert str(reponse.cible) in phrase
        assert reponse.get_absolute_url() in entree.phrase
    assert "sont publiées ensemble" in corps
    assert SECRET not in corps and lot.get_absolute_url() not in corps


def test_une_idee_masquee_n_est_pas_nommee(lot, agent, moderatrice):
    franchir(lot.publier, par=agent)
    cachee = Reponse.objects.first().cible
    masquer(cachee, par=moderatrice, motif="publicite", explication="C’est une publicité.")
    phrase = phrase_en_texte(Entree.objects.pour_affichage().get(type="reponses.lot.publier"))
    assert cachee.titre not in phrase
    assert "une contribution qui n’est plus visible" in phrase


def test_une_refusee_en_chemin_defait_tout(lot, agent, boite):
    """The last one can no longer be received by its idea: the first, already written, is undone with it."""
    derniere = max(reponses_du_lot(lot), key=lambda r: r.pk)
    type(derniere.cible)._base_manager.filter(pk=derniere.cible_id).update(
        etat="retiree", motif_retrait="J’ai changé d’avis."
    )
    entrees = Entree.objects.count()
    with pytest.raises(EtapeImpossible):
        franchir(LotReponses.objects.get().publier, par=agent)
    assert (LotReponses.objects.get().etat, Reponse.objects.publiees().count()) == ("ouvert", 0)
    assert (Entree.objects.count(), Jalon.objects.count()) == (entrees, 0)


def test_une_reponse_d_un_lot_ne_parait_pas_seule(client, lot, agent, elue):
    """Neither by the agent nor by the élue, at no door; out of the lot, she may."""
    place = lot.contenu()[0]
    reponse = place.reponse_en_cours
    for personne in (agent, elue):
        assert issue(Reponse.objects.get(pk=reponse.pk), "publier", personne) == "409"
    client.force_login(agent)
    adresse = reverse("timeline:etape", args=["reponses.reponse", reponse.pk, "publier"])
    assert client.post(adresse, {"etat": "signee", "lot": lot.pk}).status_code == 409
    lots.retirer(place, par=agent)
    assert issue(Reponse.objects.get(pk=reponse.pk), "publier", agent) == "publiee"


def test_une_correction_n_est_dans_aucun_lot(lot, agent, elue):
    """The answer that it corrects came out in a lot; it comes out by its own road."""
    franchir(lot.publier, par=agent)
    publiee = Reponse.objects.publiees().first()
    correction = corriger(publiee, par=agent, **{nom: getattr(publiee, nom) for nom in Reponse.CONTENU})
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    assert Reponse.objects.publiees().count() == 3
    assert PlaceDeLot.objects.filter(reponse=correction).count() == 0
    with pytest.raises(EtapeImpossible):
        lots.ouvrir(par=agent, titre="Un autre", cibles=[publiee.cible])


def test_dissoudre_libere_chacune(lot, agent):
    cible = lot.contenu()[0].cible
    franchir(lot.dissoudre, par=agent)
    assert not PlaceDeLot.objects.actives().exists()
    assert set(Reponse.objects.values_list("etat", flat=True)) == {"signee"}
    assert lots.ouvrir(par=agent, titre="Un autre", cibles=[cible]).contenu()[0].cible == cible
    assert not Entree.objects.publiques().filter(type__startswith="reponses.lot").exists()


def test_chacun_recoit_chaque_reponse_une_fois(lot, agent, voisin):
    """Somebody who supports both gets both, as usual; nobody gets a third letter for the lot."""
    for reponse in reponses_du_lot(lot):
        SoutienFabrique(idee=reponse.cible, personne=voisin)
    taire()
    franchir(lot.publier, par=agent)
    dire()
    dire()
    assert Courriel.objects.filter(personne=voisin).count() == 2
    assert Notification.objects.filter(personne=voisin).count() == 2
    for reponse in reponses_du_lot(lot):
        assert Courriel.objects.filter(personne=reponse.cible.auteur).count() == 1


def test_une_reponse_est_dans_un_seul_lot(lot, boite, agent):
    cible = lot.contenu()[0].cible
    with pytest.raises(EtapeImpossible, match="déjà dans un lot"):
        lots.ouvrir(par=agent, titre="Un autre", cibles=[*idees_a_l_etude(boite, 1), cible])
    assert LotReponses.objects.count() == 1, "nothing half written"
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceDeLot.objects.create(lot=lot, cible=cible)


def test_ce_qui_n_attend_pas_de_reponse_n_entre_pas(boite, agent, lot):
    for etat in ("publiee", "retenue"):
        with pytest.raises(EtapeImpossible):
            lots.ajouter(lot, par=agent, cibles=[IdeeFabrique(boite=boite, etat=etat)])
    assert lot.places.count() == 2


def test_une_reponse_quitte_le_lot_une_fois_et_jamais_apres_la_parution(lot, agent):
    premiere, seconde = lot.contenu()
    lots.retirer(premiere, par=agent)
    lots.retirer(premiere, par=agent)
    assert Entree.objects.filter(type="reponses.lot.retirer").count() == 1
    lots.ajouter(lot, par=agent, cibles=[premiere.cible])
    franchir(lot.publier, par=agent)
    with pytest.raises(EtapeImpossible):
        lots.retirer(seconde, par=agent)


@pytest.mark.parametrize("colonnes", [{"titre": "Autre"}, {"etat": "ouvert", "clos_le": None}])
def test_un_lot_paru_ne_change_plus_meme_par_la_base(lot, agent, colonnes):
    franchir(lot.publier, par=agent)
    fixees = ", ".join(f"{nom} = {'NULL' if valeur is None else repr(valeur)}" for nom, valeur in colonnes.items())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"UPDATE reponses_lotreponses SET {fixees}")
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceDeLot.objects.update(retiree_le=lot.clos_le)


def test_aucune_autre_porte_ne_le_dit(client, lot, citoyenne, boite):
    """Chronology, feed, registers, home, the ideas, their projet, the list of answers, the API, the élue's desk of another."""
    cible = lot.contenu()[0].cible
    adresses = [
        reverse("timeline:chronologie"), reverse("timeline:atom"), reverse("timeline:registre", args=["generale"]),
        reverse("timeline:registre", args=[f"projet-{cible.projet_id}"]), "/", cible.get_absolute_url(),
        cible.projet.get_absolute_url(), reverse("reponses:liste"), "/api/v1/reponses/", "/api/v1/chronologie/",
        "/plan-du-site.xml", "/idees/?q=Lot-secret", f"/administration/reponses/lotreponses/{lot.pk}/change/",
    ]  # fmt: skip
    for personne in (None, citoyenne):
        if personne:
            client.force_login(personne)
        for adresse in adresses:
            recue = client.get(adresse, follow=True)
            corps = b"".join(recue.streaming_content).decode() if recue.streaming else page(recue)
            corps = corps.replace("Lot-secret&", "").replace(adresse, "")
            assert SECRET not in corps, adresse
            assert f"/bureau/lots/{lot.pk}/" not in corps, adresse
            assert "reponses.lot." not in corps, adresse


def test_ses_entrees_ne_sont_pas_publiques(lot, citoyenne, autre_referente, elue):
    for personne in (AnonymousUser(), citoyenne, autre_referente, elue):
        assert not Entree.objects.sur(lot).visibles_par(personne).exists()


def test_les_numeros_d_un_autre_projet_sont_refuses(client, lot, boite, referente, autre_referente, agent):
    """AC-06: by the form, by the action, in the address; nothing is written."""
    ailleurs = IdeeFabrique(titre="Idée d’ailleurs", boite=BoiteFabrique(), etat="en_etude")
    client.force_login(referente)
    for nom, args in (("ajouter_au_lot", [lot.pk]), ("ouvrir_lot", [])):
        recue = client.post(
            reverse(f"reponses:{nom}", args=args), {"titre": "Mon lot", "cibles": [f"idees.idee:{ailleurs.pk}"]}
        )
        assert recue.status_code == 422
        assert "Idée d’ailleurs" not in page(recue)
    with pytest.raises(EtapeInterdite):
        lots.ouvrir(par=referente, titre="Mon lot", cibles=[ailleurs])
    with pytest.raises(EtapeInterdite):
        lots.ajouter(lot, par=referente, cibles=[ailleurs])
    # A lot of two projets is no longer hers, and a place of another lot is not reached by hers.
    autre = lots.ouvrir(par=agent, titre="Autre", cibles=[ailleurs])
    place = autre.contenu()[0]
    assert client.post(reverse("reponses:retirer_du_lot", args=[lot.pk, place.pk])).status_code == 404
    assert client.post(reverse("reponses:retirer_du_lot", args=[autre.pk, place.pk])).status_code == 404
    client.force_login(autre_referente)
    assert client.post(reverse("reponses:retirer_du_lot", args=[lot.pk, lot.contenu()[0].pk])).status_code == 404
    assert (LotReponses.objects.count(), PlaceDeLot.objects.actives().count()) == (2, 3)
    lots.ajouter(lot, par=agent, cibles=idees_a_l_etude(BoiteFabrique(), 1))
    assert not LotReponses.objects.visibles_par(referente).exists()


def test_personne_ne_repond_a_sa_propre_idee(client, lot, boite, agent):
    """Not offered, refused by the action; and a lot that holds hers waits for a colleague, whatever the door."""
    sienne = IdeeFabrique(titre="Mon idée à moi", boite=boite, auteur=agent, etat="en_etude")
    client.force_login(agent)
    assert "Mon idée à moi" not in page(client.get(reverse("reponses:ajouter_au_lot", args=[lot.pk])))
    with pytest.raises(EtapeInterdite, match="un ou une collègue"):
        lots.ajouter(lot, par=agent, cibles=[sienne])
    collegue = PersonneFabrique(roles=["agent"])
    lots.ajouter(lot, par=collegue, cibles=[sienne])
    assert issue(LotReponses.objects.get(pk=lot.pk), "dissoudre", agent) == "403"
    assert "un ou une collègue" in page(client.get(lot.get_absolute_url()))
    for nom in GESTES:
        assert client.get(reverse(f"reponses:{nom}", args=[lot.pk])).status_code == 403
    with pytest.raises(EtapeInterdite):
        lots.retirer(lot.contenu()[0], par=agent)


def test_un_lot_trop_grand_est_refuse(monkeypatch, lot, boite, agent):
    monkeypatch.setattr(lots, "LOT_MAX", 3)
    with pytest.raises(EtapeImpossible, match="3 réponses au maximum"):
        lots.ajouter(lot, par=agent, cibles=idees_a_l_etude(boite, 2))


def test_chaque_evenement_d_un_lot_a_sa_phrase(lot, boite, agent):
    lots.ajouter(lot, par=agent, cibles=idees_a_l_etude(boite, 1))
    lots.retirer(lot.contenu()[-1], par=agent)
    franchir(lot.dissoudre, par=agent)
    entrees = {
        e.type: phrase_en_texte(e) for e in Entree.objects.pour_affichage().filter(type__startswith="reponses.lot")
    }
    assert set(entrees) == {f"reponses.lot.{verbe}" for verbe in ("ouvrir", "ajouter", "retirer", "dissoudre")}
    assert all(SECRET in phrase and phrase.endswith(".") for phrase in entrees.values())
