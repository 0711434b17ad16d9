"""Answers prepared together and published together: who, when, what each door says, and all or nothing."""

import re

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.asgi import application
from moderation.actions import masquer
from notifications.models import Courriel, Notification
from reponses import lots
from reponses.actions import corriger
from reponses.forms_lots import PresenterLotForm
from reponses.models import Jalon, LotReponses, PlaceDeLot, Reponse
from socle.permissions import SYSTEME
from tests.fabriques import (
    BoiteFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    SoutienFabrique,
    rediger_reponse,
)
from tests.idees.gestes import coautrice_de
from tests.notifications.conftest import dire, taire
from tests.reponses.conftest import amener_reponse, dans
from tests.tableau import issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from timeline.phrases import phrase_en_texte
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
SECRET = "Lot-secret-avant-sa-parution"
TOUS = (
    "visiteur", "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice",
    "elue", "autre_elue", "ancienne_elue", "elue_du_projet", "experte", "autre_experte",
)  # fmt: skip
INSTRUCTION = {"agent", "administratrice", "referente"}
NON = {
    "sens": "no_go", "motif": "cout", "texte": "Non pour {titre}.", "alternative": "Le marché reste ouvert.",
    "conditions": "", "premiere_etape": "", "premiere_etape_le": "", "cout_estime": "", "acte_conseil": "", "version": "",
}  # fmt: skip


def idees_a_l_etude(boite, n, **champs):
    return [IdeeFabrique(titre=f"Idée du lot {i}", boite=boite, etat="en_etude", **champs) for i in range(n)]


def un_lot(boite, agent, elue, *, etats=("signee", "signee")):
    """An open lot whose answers are where `etats` says; "" : not begun."""
    idees = idees_a_l_etude(boite, len(etats))
    for idee, etat in zip(idees, etats, strict=True):
        if etat:
            amener_reponse(rediger_reponse(idee, agent=agent), etat, agent=agent, elue=elue)
    return lots.ouvrir(par=agent, titre=SECRET, cibles=idees)


@pytest.fixture
def lot(boite, agent, elue):
    """Two signed answers: it may come out."""
    return un_lot(boite, agent, elue)


@pytest.fixture
def gens(request):
    return {nom: AnonymousUser() if nom == "visiteur" else request.getfixturevalue(nom) for nom in TOUS}


def page(reponse) -> str:
    return reponse.content.decode()


def reponses_du_lot(lot):
    return [place.reponse_en_cours for place in lot.contenu()]


# --- The machine -------------------------------------------------------------------------------------------------

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("ouvert", "publier"): ("publie", INSTRUCTION),
    ("ouvert", "dissoudre"): ("dissous", INSTRUCTION),
}


@pytest.mark.parametrize("etat", LotReponses.Etat.values)
@pytest.mark.parametrize("transition", sorted(noms(LotReponses)))
def test_table(etat, transition, gens, boite, agent, elue):
    vise, permis = TABLE.get((etat, transition), (None, set()))

    def nouveau():
        lot = un_lot(boite, agent, elue)
        if etat != "ouvert":
            franchir(getattr(lot, {"publie": "publier", "dissous": "dissoudre"}[etat]), par=agent)
        return LotReponses.objects.get(pk=lot.pk)

    lot = nouveau()
    for role, personne in {**gens, "systeme": SYSTEME}.items():
        if role not in permis:
            assert (role, issue(lot, transition, personne)) == (role, "409" if vise is None else "403")
    for role in sorted(permis):
        assert (role, issue(nouveau(), transition, gens[role])) == (role, vise)


def test_le_graphe_est_celui_de_la_table():
    assert {(d, nom, v) for d, nom, v in graphe(LotReponses)} == {(d, nom, v) for (d, nom), (v, _) in TABLE.items()}


# --- Coming out together -----------------------------------------------------------------------------------------


def test_tout_parait_ensemble_et_chacune_comme_une_seule(boite, agent, elue):
    """The seal, the clock, the promised step, the idea: nothing is different for having been in a lot."""
    idees = idees_a_l_etude(boite, 5)
    for n, idee in enumerate(idees):
        reponse = rediger_reponse(idee, agent=agent, sens="no_go" if n == 0 else "go")
        amener_reponse(reponse, "signee", agent=agent, elue=elue)
    lot = lots.ouvrir(par=agent, titre="Cinq", cibles=idees)
    franchir(lot.publier, par=agent)
    assert [Reponse.objects.get(cible_id=i.pk).etat for i in idees] == ["publiee"] * 5
    for idee in idees:
        idee.refresh_from_db()
    assert [i.etat for i in idees] == ["non_retenue"] + ["retenue"] * 4
    assert Jalon.objects.count() == 4
    assert not any(i.echeances.filter(tenue_le__isnull=True).exists() for i in idees)
    publiques = Entree.objects.publiques().filter(type__startswith="reponses.")
    assert sorted(publiques.values_list("type", flat=True)) == ["reponses.lot.publier"] + ["reponses.publier"] * 5
    for entree in publiques.filter(type="reponses.publier"):
        assert entree.donnees["sceau"] == Reponse.objects.get(pk=entree.cible_id).sceau()
    entree = publiques.get(type="reponses.lot.publier")
    assert sorted(entree.donnees["reponses"]) == sorted(Reponse.objects.values_list("pk", flat=True))
    assert entree.projet == boite.etape.projet
    assert verifier()[1] is None


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


@pytest.mark.parametrize("etat", ["", "brouillon", "en_consultation", "a_signer"])
def test_une_seule_pas_prete_et_rien_ne_parait(client, boite, agent, elue, etat):
    """The page says which, and why; the others stay signed."""
    lot = un_lot(boite, agent, elue, etats=("signee", etat, "signee"))
    entrees = Entree.objects.count()
    with pytest.raises(EtapeInvalide, match="Idée du lot 1"):
        franchir(lot.publier, par=agent)
    client.force_login(agent)
    recue = client.post(reverse("timeline:etape", args=["reponses.lotreponses", lot.pk, "publier"]), {"etat": "ouvert"})
    assert recue.status_code == 422
    assert "« Idée du lot 1 »" in page(recue) and "« Idée du lot 0 » " not in page(recue)
    assert "« Idée du lot 1 »" in page(client.get(lot.get_absolute_url()))
    assert (LotReponses.objects.get().etat, Entree.objects.count()) == ("ouvert", entrees)
    assert Reponse.objects.filter(etat="signee").count() == 2
    assert not Reponse.objects.publiees().exists()


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


@pytest.mark.parametrize("nombre", [0, 1])
def test_un_lot_reunit_au_moins_deux_reponses(boite, agent, elue, nombre):
    lot = un_lot(boite, agent, elue, etats=("signee",) * nombre)
    assert issue(lot, "publier", agent) == "400"


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


# --- What is in a lot --------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("champs", [{"etat": "perdu"}, {"titre": ""}, {"clos_le": "2026-01-01T00:00Z"}])
def test_la_base_refuse_un_lot_impossible(champs):
    lot = LotReponses(titre=champs.get("titre", "Un lot"), clos_le=champs.get("clos_le"))
    lot.__dict__.update(champs)
    with pytest.raises(IntegrityError), transaction.atomic():
        lot.save()


# --- Who ---------------------------------------------------------------------------------------------------------

VOIENT = {"brouillon": INSTRUCTION, "a_signer": INSTRUCTION | {"elue"}, "signee": INSTRUCTION | {"elue"}}


@pytest.mark.parametrize("etat", VOIENT)
def test_personne_hors_de_la_chaine_ne_le_voit(client, gens, boite, agent, elue, etat):
    """Queryset, page and steps say the same."""
    lot = un_lot(boite, agent, elue, etats=(etat, etat))
    adresse = lot.get_absolute_url()
    for nom, personne in gens.items():
        client.logout()
        if nom != "visiteur":
            client.force_login(personne)
        voit = nom in VOIENT[etat]
        assert (nom, LotReponses.objects.visibles_par(personne).filter(pk=lot.pk).exists()) == (nom, voit)
        attendu = 302 if nom in {"visiteur", "elue"} and (voit or nom == "visiteur") else 200 if voit else 404
        recue = client.get(adresse)
        assert (nom, recue.status_code) == (nom, attendu)
        assert SECRET not in page(recue) or voit
        recue = client.get(reverse("timeline:etape", args=["reponses.lotreponses", lot.pk, "publier"]))
        assert (nom, recue.status_code) == (nom, 200 if nom in INSTRUCTION else 403 if voit else 404)


def test_une_elue_referente_ailleurs_ne_lit_que_ce_qui_attend_son_nom(client, boite, agent, elue, autre_elue):
    """That she prepares answers elsewhere opens nothing here: what another élue decides is not hers to read before it is out."""
    lot = un_lot(boite, agent, autre_elue, etats=("a_signer",))
    sienne = IdeeFabrique(boite=boite, etat="en_etude")
    lots.ajouter(lot, par=agent, cibles=[sienne])
    amener_reponse(rediger_reponse(sienne, agent=agent), "a_signer", agent=agent, elue=elue)
    ProjetFabrique(referente=elue, ouvert=True)
    de_l_autre = next(p.cible for p in lot.contenu() if p.cible != sienne)
    client.force_login(elue)
    recue = client.get(lot.get_absolute_url())
    assert (recue.status_code, recue["Location"]) == (302, reverse("reponses:signer_lot", args=[lot.pk]))
    page_lue = page(client.get(recue["Location"]))
    assert str(sienne) in page_lue and str(de_l_autre) not in page_lue


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("qui", "ouvre"), [(None, False), ("citoyenne", False), ("agent", True)])
def test_le_flux_d_un_lot(request, transactional_db, qui, ouvre):
    """WS-03: a guessed number opens nothing."""
    agent = request.getfixturevalue("agent")
    personne = request.getfixturevalue(qui) if qui else None
    lot = lots.ouvrir(par=agent, titre="Un lot", cibles=[])
    client = Client()
    if personne:
        client.force_login(personne)
    cookies = "; ".join(f"{nom}={m.value}" for nom, m in client.cookies.items())

    async def ouvrir():
        entetes = [(b"origin", b"http://testserver"), (b"host", b"testserver"), (b"cookie", cookies.encode())]
        fil = WebsocketCommunicator(application, f"/ws/flux/reponses.lotreponses/{lot.pk}/", headers=entetes)
        connecte, _code = await fil.connect()
        await fil.disconnect()
        return connecte

    assert async_to_sync(ouvrir)() is ouvre


GESTES = ("ajouter_au_lot", "brouillons_du_lot", "consulter_lot", "presenter_lot")


@pytest.mark.parametrize("nom", GESTES)
def test_qui_prepare(client, gens, boite, agent, elue, nom):
    """Each page of the lot, by each role: 404 for who does not see it, 403 for the élue who does."""
    lot = un_lot(boite, agent, elue, etats=("", "brouillon", "en_consultation", "a_signer"))
    for role, personne in gens.items():
        client.logout()
        if role != "visiteur":
            client.force_login(personne)
        for methode in (client.get, client.post):
            recue = methode(reverse(f"reponses:{nom}", args=[lot.pk]), {"x": "1"})
            permis = {200} if methode == client.get else {200, 422}
            attendus = (
                permis if role in INSTRUCTION else {302} if role == "visiteur" else {403} if role == "elue" else {404}
            )
            assert recue.status_code in attendus, (role, recue.status_code)
    for etat in ("publie", "dissous"):
        clos = un_lot(boite, agent, elue)
        franchir(getattr(clos, {"publie": "publier", "dissous": "dissoudre"}[etat]), par=agent)
        client.force_login(agent)
        assert client.get(reverse(f"reponses:{nom}", args=[clos.pk])).status_code == 409


def test_qui_ouvre_un_lot(client, gens, projet):
    for role, personne in gens.items():
        client.logout()
        if role != "visiteur":
            client.force_login(personne)
        attendu = 200 if role in INSTRUCTION | {"autre_referente"} else 302 if role == "visiteur" else 403
        for nom in ("lots", "ouvrir_lot"):
            assert (role, client.get(reverse(f"reponses:{nom}")).status_code) == (role, attendu)


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


# --- Drafts, opinions, signature ---------------------------------------------------------------------------------


def test_les_brouillons_manquants_d_un_coup(client, boite, agent, elue):
    """Common words and own words; the one already begun is left as it is."""
    lot = un_lot(boite, agent, elue, etats=("", "brouillon", ""))
    sans = [place for place in lot.contenu() if place.reponse_en_cours is None]
    avant = next(p.reponse_en_cours for p in lot.contenu() if p.reponse_en_cours).texte
    client.force_login(agent)
    adresse = reverse("reponses:brouillons_du_lot", args=[lot.pk])
    formulaire = page(client.get(adresse))
    for nom in Reponse.CONTENU:
        assert f'name="{nom}"' in formulaire
    assert client.post(adresse, NON | {f"propre_{sans[0].pk}": "Venez nous voir."}).status_code == 302
    textes = {p.pk: p.reponse_en_cours.texte for p in lot.contenu()}
    assert textes[sans[0].pk] == f"Non pour {sans[0].cible}.\n\nVenez nous voir."
    assert textes[sans[1].pk] == f"Non pour {sans[1].cible}."
    assert avant in textes.values()
    assert client.get(adresse).url == lot.get_absolute_url(), "nothing is missing any more"


@pytest.mark.parametrize(
    ("change", "mots"),
    [
        ({"texte": "Bonjour {maire}"}, "{maire} ne veut rien dire ici"),
        ({"texte": "Une { seule"}, "Une accolade est seule"),
        ({"alternative": ""}, "Un non propose autre chose"),
        ({"sens": ""}, "Choisissez la décision."),
        ({"motif": "interet_general"}, "Cette raison ne va pas avec cette décision"),
        ({"texte": "x" * 4990}, "Avec le texte commun, c’est trop long"),
    ],
)
def test_un_mauvais_brouillon_se_dit_et_rien_n_est_ecrit(client, boite, agent, elue, change, mots):
    lot = un_lot(boite, agent, elue, etats=("", ""))
    propre = f"propre_{lot.contenu()[0].pk}"
    client.force_login(agent)
    recue = client.post(
        reverse("reponses:brouillons_du_lot", args=[lot.pk]), NON | {propre: "Des mots à elle."} | change
    )
    assert (recue.status_code, Reponse.objects.count()) == (422, 0)
    assert mots in page(recue)
    assert "Des mots à elle." in page(recue), "what was typed stays"


def test_quelqu_un_a_commence_pendant_ce_temps(boite, agent, elue):
    lot = un_lot(boite, agent, elue, etats=("", ""))
    premiere, seconde = lot.contenu()
    rediger_reponse(premiere.cible, agent=agent)
    contenu = {"sens": "no_go", "motif": "cout", "alternative": "Autre chose."}
    with pytest.raises(EtapeImpossible, match="Ce lot a changé"):
        lots.commencer(lot, par=agent, textes={premiere.pk: "Un", seconde.pk: "Deux"}, **contenu)
    assert Reponse.objects.count() == 1


def test_les_services_puis_la_signature_pour_toutes(client, boite, agent, elue, autre_elue):
    lot = un_lot(boite, agent, elue, etats=("brouillon", "brouillon", "a_signer"))
    service = ServiceFabrique()
    client.force_login(agent)
    avis = reverse("reponses:consulter_lot", args=[lot.pk])
    assert client.post(avis, {"services": [service.pk], "attendu_le": str(dans(-1))}).status_code == 422
    assert client.post(avis, {"attendu_le": str(dans(1))}).status_code == 422
    assert client.post(avis, {"services": [service.pk], "attendu_le": str(dans(1))}).status_code == 302
    assert sorted(r.etat for r in reponses_du_lot(lot)) == ["a_signer", "en_consultation", "en_consultation"]
    signataire = reverse("reponses:presenter_lot", args=[lot.pk])
    recue = client.post(signataire, {"signataire": autre_elue.pk})
    assert recue.status_code == 422
    assert "Un service n’a pas encore rendu son avis" in page(recue) and "« Idée du lot" in page(recue)
    for reponse in reponses_du_lot(lot):
        reponse.avis.filter(rendu_le__isnull=True).update(attendu_le=dans(-1))
    assert client.post(signataire, {"signataire": agent.pk}).status_code == 422
    assert client.post(signataire, {"signataire": autre_elue.pk}).status_code == 302
    assert [r.signataire for r in reponses_du_lot(lot)].count(autre_elue) == 2
    assert [r.etat for r in reponses_du_lot(lot)] == ["a_signer"] * 3


def test_l_autrice_d_une_idee_ne_signe_pas_le_lot(boite, agent, elue, autre_elue):
    idees = [IdeeFabrique(boite=boite, auteur=auteur, etat="en_etude") for auteur in (elue, PersonneFabrique())]
    for idee in idees:
        amener_reponse(rediger_reponse(idee, agent=agent), "en_consultation", agent=agent, elue=autre_elue)
    lot = lots.ouvrir(par=agent, titre="Lot", cibles=idees)
    assert list(PresenterLotForm(lot=lot).fields["signataire"].queryset) == [autre_elue]


def test_une_coautrice_ne_signe_pas_le_lot(client, boite, agent, autre_elue):
    """Among the choices, and by the step for whoever would go round the form; the choices cost no query an idea."""
    idees = [IdeeFabrique(boite=boite, etat="en_etude") for _n in range(3)]
    ensemble = [coautrice_de(idee, roles=["elue"]) for idee in idees]
    for idee in idees:
        amener_reponse(rediger_reponse(idee, agent=agent), "en_consultation", agent=agent, elue=autre_elue)
        Reponse.objects.sur(idee).get().avis.update(attendu_le=dans(-1))
    petit, grand = (lots.ouvrir(par=agent, titre="Lot", cibles=c) for c in (idees[:1], idees[1:]))
    assert [e.pk for e in PresenterLotForm(lot=grand).fields["signataire"].queryset.order_by("pk")] == sorted(
        [ensemble[0].pk, autre_elue.pk]
    )
    client.force_login(agent)
    recue = client.post(reverse("reponses:presenter_lot", args=[grand.pk]), {"signataire": ensemble[1].pk})
    assert recue.status_code == 422
    with pytest.raises(EtapeInvalide):
        lots.presenter(grand, par=agent, signataire=ensemble[1])
    assert {r.etat for r in reponses_du_lot(grand)} == {"en_consultation"}

    def requetes(lot):
        with CaptureQueriesContext(connection) as capture:
            list(PresenterLotForm(lot=lot).fields["signataire"].queryset)
        return len(capture)

    assert requetes(petit) == requetes(grand)


@pytest.fixture
def lot_a_signer(boite, agent, elue):
    return un_lot(boite, agent, elue, etats=("a_signer", "a_signer", "a_signer"))


def saisie_de(client, lot) -> dict:
    """Hidden versions, as the page of the signature gives them."""
    corps = page(client.get(reverse("reponses:signer_lot", args=[lot.pk])))
    return dict(re.findall(r'name="(lue_\d+)" value="(\w+)"', corps))


def test_l_elue_lit_tout_et_signe_tout(client, lot_a_signer, elue):
    client.force_login(elue)
    assert reverse("reponses:signer_lot", args=[lot_a_signer.pk]) in page(client.get(reverse("portail:bureau_elue")))
    adresse = reverse("reponses:signer_lot", args=[lot_a_signer.pk])
    corps = page(client.get(adresse))
    for reponse in reponses_du_lot(lot_a_signer):
        assert str(reponse.cible) in corps and reponse.version() in corps
    assert corps.count("Nous avons lu votre idée, voici notre réponse.") == 3
    donnees = saisie_de(client, lot_a_signer) | {"toutes": "1"}
    assert client.post(adresse, donnees).status_code == 422, "she has not said that she read"
    recue = client.post(adresse, donnees | {"confirmee": "on"}, follow=True)
    assert "3 réponses sont signées." in page(recue)
    assert {r.etat for r in reponses_du_lot(lot_a_signer)} == {"signee"}
    assert Entree.objects.filter(type="reponses.signer", par=elue).count() == 3


def test_elle_signe_celles_qu_elle_coche(client, lot_a_signer, elue):
    client.force_login(elue)
    adresse = reverse("reponses:signer_lot", args=[lot_a_signer.pk])
    choisie = reponses_du_lot(lot_a_signer)[1]
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on"}
    recue = client.post(adresse, donnees)
    assert recue.status_code == 422 and "Cochez au moins une réponse à signer." in page(recue)
    client.post(adresse, donnees | {"reponses": [choisie.pk]})
    assert [r.etat for r in Reponse.objects.order_by("pk") if r.pk == choisie.pk] == ["signee"]
    assert Reponse.objects.filter(etat="a_signer").count() == 2


def test_celle_qui_a_change_n_est_pas_signee_et_c_est_dit(client, lot_a_signer, agent, elue):
    """Taken back, changed and sent again while her page was open."""
    client.force_login(elue)
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"}
    changee = reponses_du_lot(lot_a_signer)[0]
    franchir(changee.reprendre, par=agent)
    changee.texte = "Un tout autre texte."
    changee.save(update_fields=["texte"])
    franchir(changee.consulter, par=agent, services=[])
    franchir(changee.presenter, par=agent, signataire=elue)
    recue = client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees, follow=True)
    assert "2 réponses sont signées." in page(recue)
    assert "Le texte a changé depuis que vous l’avez lu" in page(recue)
    assert Reponse.objects.get(pk=changee.pk).etat == "a_signer"
    # And a new page, with the new text, lets her sign it.
    client.post(recue.request["PATH_INFO"], saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"})
    assert Reponse.objects.get(pk=changee.pk).etat == "signee"


@pytest.mark.parametrize("lue", ["", "un ancien texte", None])
def test_rien_de_non_lu_n_est_signe(client, lot_a_signer, elue, lue):
    """A forged page that does not say what was read."""
    client.force_login(elue)
    pk = reponses_du_lot(lot_a_signer)[0].pk
    donnees = {"confirmee": "on", "reponses": [pk]} | ({} if lue is None else {f"lue_{pk}": lue})
    client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees)
    assert Reponse.objects.filter(etat="signee").count() == 0


def test_elle_ne_signe_rien_d_un_autre_nom(client, lot_a_signer, boite, agent, elue, autre_elue):
    """Numbers of another élue's answers, of another lot, or of nothing: left out."""
    ailleurs = amener_reponse(
        rediger_reponse(IdeeFabrique(boite=boite, etat="en_etude"), agent=agent),
        "a_signer",
        agent=agent,
        elue=autre_elue,
    )
    dehors = amener_reponse(
        rediger_reponse(IdeeFabrique(boite=boite, etat="en_etude"), agent=agent), "a_signer", agent=agent, elue=elue
    )
    client.force_login(elue)
    donnees = {f"lue_{r.pk}": r.version() for r in (ailleurs, dehors)} | {
        "lue_x": "1", "lue_999999999999999999999999": "1", "toutes": "1", "confirmee": "on",
    }  # fmt: skip
    client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees)
    assert not Reponse.objects.filter(etat="signee").exists()
    client.force_login(autre_elue)
    assert client.get(reverse("reponses:signer_lot", args=[lot_a_signer.pk])).status_code == 404
    client.force_login(agent)
    assert client.get(reverse("reponses:signer_lot", args=[lot_a_signer.pk])).status_code == 403


def test_un_mandat_fini_ne_signe_rien(client, lot_a_signer, elue):
    client.force_login(elue)
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"}
    elue.mandats.update(fin=dans(-1))
    recue = client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees, follow=True)
    assert "Votre mandat n’est pas en cours" in page(recue)
    assert not Reponse.objects.filter(etat="signee").exists()


def test_elle_choisit_un_de_ses_deux_mandats(client, lot_a_signer, elue):
    elue.mandats.create(nom_officiel="Élue Fictive", intitule="Maire adjointe fictive", debut=dans(-5))
    ancien = elue.mandats.order_by("debut").first()
    client.force_login(elue)
    adresse = reverse("reponses:signer_lot", args=[lot_a_signer.pk])
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"}
    assert client.post(adresse, donnees).status_code == 422
    client.post(adresse, donnees | {"mandat": ancien.pk})
    assert set(Reponse.objects.values_list("signataire_mandat", flat=True)) == {ancien.intitule}


# --- Pages -------------------------------------------------------------------------------------------------------


def test_un_titre_malveillant_reste_du_texte(client, boite, agent, elue):
    """XSS-02."""
    idees = [IdeeFabrique(titre=f"<img src=x onerror=alert({n})>", boite=boite, etat="en_etude") for n in range(2)]
    for idee in idees:
        amener_reponse(rediger_reponse(idee, agent=agent), "signee", agent=agent, elue=elue)
    lot = lots.ouvrir(par=agent, titre="<script>alert(1)</script>", cibles=idees)
    client.force_login(agent)
    for adresse in (
        reverse("reponses:lots"),
        lot.get_absolute_url(),
        reverse("reponses:ajouter_au_lot", args=[lot.pk]),
    ):
        corps = page(client.get(adresse))
        assert "<img src=x" not in corps and "<script>alert" not in corps
    franchir(lot.publier, par=agent)
    assert "<img src=x" not in page(client.get(reverse("timeline:chronologie")))


def requetes(client, adresse) -> int:
    client.get(adresse)  # content types, sessions
    with CaptureQueriesContext(connection) as faites:
        assert client.get(adresse).status_code == 200
    return len(faites)


@pytest.mark.parametrize(
    ("nom", "qui"),
    [
        ("lot", "agent"),
        ("lot", "referente"),
        ("signer_lot", "elue"),
        ("presenter_lot", "agent"),
        ("brouillons_du_lot", "agent"),
    ],
)
def test_une_page_de_lot_coute_autant_avec_une_reponse_qu_avec_vingt(request, client, boite, agent, elue, nom, qui):
    etat = {"lot": "a_signer", "signer_lot": "a_signer", "presenter_lot": "en_consultation", "brouillons_du_lot": ""}[
        nom
    ]
    petit, grand = (un_lot(boite, agent, elue, etats=(etat,) * n) for n in (1, 20))
    client.force_login(request.getfixturevalue(qui))
    petite, grande = (requetes(client, reverse(f"reponses:{nom}", args=[lot.pk])) for lot in (petit, grand))
    assert petite == grande


def test_la_phrase_coute_autant_pour_deux_reponses_que_pour_six(boite, agent, elue):
    couts = []
    for n in (2, 6):
        lot = un_lot(boite, agent, elue, etats=("signee",) * n)
        franchir(lot.publier, par=agent)
        with CaptureQueriesContext(connection) as faites:
            phrases = [e.phrase for e in Entree.objects.pour_affichage().sur(lot).filter(type="reponses.lot.publier")]
        assert phrases[0].count("<a ") == n
        couts.append(len(faites))
    assert couts[0] == couts[1]


def test_les_listes_coutent_autant_avec_une_ligne_qu_avec_cinquante(client, boite, agent):
    client.force_login(agent)
    lots.ouvrir(par=agent, titre="Un lot", cibles=[])
    IdeeFabrique(boite=boite, etat="en_etude")
    adresses = [reverse("reponses:lots"), reverse("reponses:ouvrir_lot")]
    petites = [requetes(client, adresse) for adresse in adresses]
    LotReponses.objects.bulk_create([LotReponses(titre=f"Lot {n}", cree_par=agent) for n in range(49)])
    idees_a_l_etude(boite, 8)
    assert [requetes(client, adresse) for adresse in adresses] == petites


def test_un_lot_sans_nom_ou_vide_se_dit(client, boite, agent):
    idee = IdeeFabrique(boite=boite, etat="en_etude")
    client.force_login(agent)
    adresse = reverse("reponses:ouvrir_lot")
    for donnees, mots in (
        ({"titre": "", "cibles": [f"idees.idee:{idee.pk}"]}, "Donnez un nom à ce lot."),
        ({"titre": "Un lot"}, "Cochez au moins une idée."),
        ({"titre": "Un lot", "cibles": ["idees.idee:999999"]}, "ne désigne rien que vous puissiez ajouter"),
        ({"titre": "Un lot", "cibles": ["comptes.utilisateur:1"]}, "ne désigne rien que vous puissiez ajouter"),
        ({"titre": "x" * 121, "cibles": [f"idees.idee:{idee.pk}"]}, "120"),
    ):
        recue = client.post(adresse, donnees)
        assert (recue.status_code, LotReponses.objects.count()) == (422, 0)
        assert mots in page(recue)
    assert client.post(adresse, {"titre": "Un lot", "cibles": [f"idees.idee:{idee.pk}"]}).status_code == 302
    assert LotReponses.objects.get().contenu()[0].cible == idee


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
