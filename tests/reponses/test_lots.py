"""Answers prepared together and published together: who, when, what each door says, and all or nothing."""

from contextlib import contextmanager

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.asgi import application
from reponses import lots
from reponses.forms_lots import PresenterLotForm
from reponses.models import Echeance, Jalon, LotReponses, Reponse
from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, PersonneFabrique, ProjetFabrique, ServiceFabrique, rediger_reponse
from tests.idees.gestes import coautrice_de
from tests.reponses.conftest import amener_reponse, dans
from tests.reponses.lots import INSTRUCTION, SECRET, TOUS, idees_a_l_etude, page, reponses_du_lot, un_lot
from tests.requetes import copier, requetes
from tests.tableau import issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeImpossible, EtapeInvalide, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
NON = {
    "sens": "no_go", "motif": "cout", "texte": "Non pour {titre}.", "alternative": "Le marché reste ouvert.",
    "conditions": "", "premiere_etape": "", "premiere_etape_le": "", "cout_estime": "", "acte_conseil": "", "version": "",
}  # fmt: skip


def fermer(lot, etat, agent):
    """« ouvert »: as it is."""
    if etat != "ouvert":
        franchir({"publie": lot.publier, "dissous": lot.dissoudre}[etat], par=agent)


@contextmanager
def sans_suite():
    """What is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def clients(gens):
    """Each signed in once."""
    ouverts = {nom: Client() for nom in gens}
    for nom, personne in gens.items():
        if nom != "visiteur":
            ouverts[nom].force_login(personne)
    return ouverts


@pytest.fixture
def gens(request):
    return {nom: AnonymousUser() if nom == "visiteur" else request.getfixturevalue(nom) for nom in TOUS}


# --- The machine -------------------------------------------------------------------------------------------------

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("ouvert", "publier"): ("publie", INSTRUCTION),
    ("ouvert", "dissoudre"): ("dissous", INSTRUCTION),
}


def test_table(gens, boite, agent, elue):
    """One lot, brought to each state; what a try changes is taken back before the next one."""
    lot, fautes = un_lot(boite, agent, elue), []
    for etat in LotReponses.Etat.values:
        with sans_suite():
            fermer(LotReponses.objects.get(pk=lot.pk), etat, agent)
            for transition in sorted(noms(LotReponses)):
                vise, permis = TABLE.get((etat, transition), (None, set()))
                for role, personne in {**gens, "systeme": SYSTEME}.items():
                    attendu = vise if role in permis else "409" if vise is None else "403"
                    with sans_suite():
                        obtenu = issue(LotReponses.objects.get(pk=lot.pk), transition, personne)
                    if obtenu != attendu:
                        fautes.append((etat, transition, role, obtenu, attendu))
    assert fautes == [], fautes


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


@pytest.mark.parametrize("nombre", [0, 1])
def test_un_lot_reunit_au_moins_deux_reponses(boite, agent, elue, nombre):
    lot = un_lot(boite, agent, elue, etats=("signee",) * nombre)
    assert issue(lot, "publier", agent) == "400"


# --- What is in a lot --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("champs", [{"etat": "perdu"}, {"titre": ""}, {"clos_le": "2026-01-01T00:00Z"}])
def test_la_base_refuse_un_lot_impossible(champs):
    lot = LotReponses(titre=champs.get("titre", "Un lot"), clos_le=champs.get("clos_le"))
    lot.__dict__.update(champs)
    with pytest.raises(IntegrityError), transaction.atomic():
        lot.save()


# --- Who ---------------------------------------------------------------------------------------------------------

VOIENT = {"brouillon": INSTRUCTION, "a_signer": INSTRUCTION | {"elue"}, "signee": INSTRUCTION | {"elue"}}


def test_personne_hors_de_la_chaine_ne_le_voit(gens, clients, boite, agent, elue):
    """Queryset, page and steps say the same, at each station of the same lot."""
    lot, fautes = un_lot(boite, agent, elue, etats=("brouillon", "brouillon")), []
    etape = reverse("timeline:etape", args=["reponses.lotreponses", lot.pk, "publier"])
    for etat, voient in VOIENT.items():
        for reponse in reponses_du_lot(lot):
            amener_reponse(reponse, etat, depuis=reponse.etat, agent=agent, elue=elue)
        for nom, personne in gens.items():
            voit = nom in voient
            recue = clients[nom].get(lot.get_absolute_url())
            lu = (
                LotReponses.objects.visibles_par(personne).filter(pk=lot.pk).exists(),
                recue.status_code,
                SECRET in page(recue) and not voit,
                clients[nom].get(etape).status_code,
            )
            attendu = (
                voit,
                302 if nom in {"visiteur", "elue"} and (voit or nom == "visiteur") else 200 if voit else 404,
                False,
                200 if nom in INSTRUCTION else 403 if voit else 404,
            )
            if lu != attendu:
                fautes.append((etat, nom, lu, attendu))
    assert fautes == [], fautes


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


def test_qui_prepare(clients, boite, agent, elue):
    """Each page of the lot, by each role: 404 for who does not see it, 403 for the élue who does. Then nothing of a closed one."""
    lot = un_lot(boite, agent, elue, etats=("", "brouillon", "en_consultation", "a_signer"))
    clos, fautes = un_lot(boite, agent, elue), []
    for nom in GESTES:
        adresse = reverse(f"reponses:{nom}", args=[lot.pk])
        for role, client in clients.items():
            for methode, permis in ((client.get, {200}), (client.post, {200, 422})):
                with sans_suite():
                    statut = methode(adresse, {"x": "1"}).status_code
                attendus = (
                    permis
                    if role in INSTRUCTION
                    else {302}
                    if role == "visiteur"
                    else {403}
                    if role == "elue"
                    else {404}
                )
                if statut not in attendus:
                    fautes.append((nom, role, methode.__name__, statut))
    for etat in ("publie", "dissous"):
        with sans_suite():
            fermer(LotReponses.objects.get(pk=clos.pk), etat, agent)
            statuts = [clients["agent"].get(reverse(f"reponses:{nom}", args=[clos.pk])).status_code for nom in GESTES]
        fautes += [(etat, nom, statut) for nom, statut in zip(GESTES, statuts, strict=True) if statut != 409]
    assert fautes == [], fautes


def test_qui_ouvre_un_lot(client, gens, projet):
    for role, personne in gens.items():
        client.logout()
        if role != "visiteur":
            client.force_login(personne)
        attendu = 200 if role in INSTRUCTION | {"autre_referente"} else 302 if role == "visiteur" else 403
        for nom in ("lots", "ouvrir_lot"):
            assert (role, client.get(reverse(f"reponses:{nom}")).status_code) == (role, attendu)


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

    def cout(lot):
        with CaptureQueriesContext(connection) as capture:
            list(PresenterLotForm(lot=lot).fields["signataire"].queryset)
        return len(capture)

    assert cout(petit) == cout(grand)


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


#: station of all the answers -> the pages that are asked there, and by whom.
COUTS = {
    "": [("brouillons_du_lot", "agent")],
    "en_consultation": [("presenter_lot", "agent")],
    "a_signer": [("lot", "agent"), ("lot", "referente"), ("signer_lot", "elue")],
}


def test_une_page_de_lot_coute_autant_avec_une_reponse_qu_avec_cinquante(clients, boite, agent, elue):
    """The same two lots all along: their answers go from one station to the next."""
    petit, grand = (un_lot(boite, agent, elue, etats=("",) * n) for n in (1, 50))
    fautes = []
    for etat, pages in COUTS.items():
        for place in [*petit.contenu(), *grand.contenu()] if etat else []:
            reponse = place.reponse_en_cours or rediger_reponse(place.cible, agent=agent)
            amener_reponse(reponse, etat, depuis=reponse.etat, agent=agent, elue=elue)
        for nom, qui in pages:
            petite, grande = (
                requetes(clients[qui], reverse(f"reponses:{nom}", args=[lot.pk])) for lot in (petit, grand)
            )
            if petite != grande:
                fautes.append((nom, qui, petite, grande))
    assert fautes == [], fautes


def test_la_phrase_coute_autant_pour_deux_reponses_que_pour_cinquante(boite, agent, elue):
    lot = un_lot(boite, agent, elue)
    franchir(lot.publier, par=agent)

    def cout(n):
        for _fois in range(2):  # content types are known the second time
            with CaptureQueriesContext(connection) as faites:
                [phrase] = [
                    e.phrase for e in Entree.objects.pour_affichage().sur(lot).filter(type="reponses.lot.publier")
                ]
        assert phrase.count("<a ") == n
        return len(faites)

    deux, place = cout(2), lot.places.first()
    idees = copier(place.cible, 48)
    reponses = copier(place.reponse, 48, cible_id=lambda n: idees[n].pk)
    copier(place, 48, cible_id=lambda n: idees[n].pk, reponse_id=lambda n: reponses[n].pk)
    assert cout(50) == deux


def test_les_listes_coutent_autant_avec_une_ligne_qu_avec_cinquante(client, boite, agent):
    client.force_login(agent)
    lot = lots.ouvrir(par=agent, titre="Un lot", cibles=[])
    idee = IdeeFabrique(boite=boite, etat="en_etude")
    adresses = [reverse("reponses:lots"), reverse("reponses:ouvrir_lot")]
    petites = [requetes(client, adresse) for adresse in adresses]
    copier(lot, 50)
    autres = copier(idee, 49)
    copier(Echeance.objects.get(cible_id=idee.pk), 49, cible_id=lambda n: autres[n].pk)
    assert [requetes(client, adresse) for adresse in adresses] == petites
    assert requetes(client, f"{adresses[0]}?page=2") <= petites[0]
    assert client.get(adresses[0]).context["page"].paginator.num_pages == 2


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
