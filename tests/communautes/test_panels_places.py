"""Drawn people: the letter, the key, the consent, the refusal; leaving frees the seat, an appeal gives it back."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from communautes.actions import confier, faire_appel, inviter
from communautes.models import Adhesion, Siege
from communautes.panels import consentement, places
from communautes.panels.adhesions import suivre
from communautes.panels.horloge import battre
from communautes.permissions import peut_voter_comme_membre
from comptes.effacement import effacer
from notifications.models import Courriel
from tests.communautes.fabriques_panels import (
    agent,
    lettres_de,
    membre_tiree,
    ouvrir_la_place,
    tirage_en,
)
from tests.fabriques import PersonneFabrique
from tests.notifications.conftest import dire
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree
from timeline.phrases import phrase_en_texte
from timeline.verification import verifier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]


@pytest.fixture
def panel():
    return tirage_en("tire").panel


def place(nom, panel, *suite):
    return reverse(f"communautes:{nom}", args=[panel.communaute.slug, *suite])


# --- Letters -----------------------------------------------------------------------------------------------------


def test_le_fichier_des_lettres_se_fait_une_fois(client, panel):
    client.force_login(panel.cree_par)
    reponse = client.post(place("lettres", panel))
    assert reponse["Content-Disposition"] == f'attachment; filename="lettres-{panel.communaute.slug}.csv"'
    lignes = list(csv.DictReader(io.StringIO(b"".join(reponse.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert len(lignes) == 4 and set(lignes[0]) == {
        "code",
        "clé",
        "adresse de la page",
        "identifiant",
        "nom",
        "adresse",
        "courriel",
    }
    assert {ligne["code"] for ligne in lignes} == set(Siege.objects.values_list("code", flat=True))
    assert all(ligne["nom"].startswith("Nom Fictif") and ligne["clé"].count("-") == 4 for ligne in lignes)
    # Nothing of it is kept in clear, nor told again.
    assert not Siege.objects.filter(cle__in=[ligne["clé"] for ligne in lignes]).exists()
    encore = client.post(place("lettres", panel))
    assert encore.status_code == 302 and encore["Location"] == place("sieges", panel)
    assert set(Siege.objects.values_list("etat", flat=True)) == {"contactee"}


def test_une_cellule_du_vivier_ne_lance_pas_de_formule(client, panel):
    from communautes.models import Coordonnees
    from comptes.chiffrement import chiffrer

    code = Siege.objects.first().code
    Coordonnees.objects.filter(code=code).update(
        contenu=chiffrer('{"identifiant": "1", "autres": {"nom": "=HYPERLINK(1)"}}')
    )
    client.force_login(panel.cree_par)
    assert b"'=HYPERLINK(1)" in b"".join(client.post(place("lettres", panel)).streaming_content)


def test_une_nouvelle_lettre_ferme_l_ancienne(panel):
    (code, ancienne), *_autres = lettres_de(panel).items()
    nouvelle = {x["code"]: x["cle"] for x in places.ecrire_les_lettres(panel, par=panel.cree_par, de_nouveau=True)}[
        code
    ]
    with pytest.raises(places.MauvaiseCle):
        ouvrir_la_place(panel, code, ancienne)
    assert ouvrir_la_place(panel, code, nouvelle.lower().replace("-", " ")).code == code


def test_refaire_les_lettres_est_a_la_referente_et_a_qui_a_cree_le_panel(client, panel):
    code, cle = next(iter(lettres_de(panel, par=agent()).items()))  # any agent makes the first ones
    autre = agent()
    client.force_login(autre)
    assert "Refaire les lettres sans réponse" not in client.get(place("sieges", panel)).content.decode()
    assert client.post(place("lettres", panel), {"de_nouveau": "1"}).status_code == 403
    assert ouvrir_la_place(panel, code, cle).code == code, "nothing has changed"
    assert not Entree.objects.filter(type="communautes.siege.refaire_les_lettres").exists()
    referente = PersonneFabrique(roles=["agent"])
    Adhesion.objects.filter(communaute=panel.communaute, role="referente").update(personne=referente)
    for qui in (panel.cree_par, referente):
        client.force_login(qui)
        assert "Refaire les lettres sans réponse" in client.get(place("sieges", panel)).content.decode()
        assert client.post(place("lettres", panel), {"de_nouveau": "1"}).status_code == 200


def test_chaque_fichier_de_lettres_est_dans_le_journal_de_celles_qui_animent(panel):
    lettres_de(panel)
    places.ecrire_les_lettres(panel, par=panel.cree_par, de_nouveau=True)
    assert places.ecrire_les_lettres(panel, par=panel.cree_par) == [], "nobody to write to is no event"
    entrees = Entree.objects.filter(type__endswith="faire_les_lettres").order_by("numero")
    assert [entree.type.rpartition(".")[2] for entree in entrees] == ["faire_les_lettres", "refaire_les_lettres"]
    assert {entree.communaute for entree in entrees} == {panel.communaute} and not entrees.filter(est_publique=True)
    assert "4 lettres aux personnes tirées au sort sont refaites" in phrase_en_texte(entrees[1])
    assert entrees[0] in Entree.objects.visibles_par(panel.cree_par)
    assert entrees[0] not in Entree.objects.visibles_par(membre_tiree_parmi(panel))


def membre_tiree_parmi(panel):
    """Somebody who sits, after letters were made twice: she does not lead."""
    faites = places.ecrire_les_lettres(panel, par=panel.cree_par, de_nouveau=True)
    membre = PersonneFabrique()
    places.accepter(ouvrir_la_place(panel, faites[0]["code"], faites[0]["cle"]), par=membre, version=1)
    return membre


def test_qui_a_laisse_une_adresse_recoit_aussi_un_courriel(panel):
    lettres = lettres_de(panel)
    courriels = list(Courriel.objects.filter(cle__startswith="panel-"))
    assert len(courriels) == 4 and all(panel.mandat.question in c.texte for c in courriels)
    assert {cle for c in courriels for cle in lettres.values() if cle in c.texte} == set(lettres.values())


def test_la_cle_d_un_courriel_parti_est_oubliee(panel):
    lettres_de(panel)
    parti, attend = Courriel.objects.filter(cle__startswith="panel-").order_by("pk")[:2]
    Courriel.objects.filter(pk=parti.pk).update(etat=Courriel.Etat.ENVOYE, envoye_le=timezone.now())
    assert battre()["cles_oubliees"] == 1
    assert not Courriel.objects.filter(pk=parti.pk).exists() and Courriel.objects.filter(pk=attend.pk).exists()


# --- The key -----------------------------------------------------------------------------------------------------


def test_une_mauvaise_cle_ne_dit_pas_ce_qui_est_faux(client, panel):
    code, _cle = next(iter(lettres_de(panel).items()))
    phrases = set()
    for essai in (
        {"code": code, "cle": "0000-0000-0000-0000-0000"},
        {"code": "inconnu", "cle": "0000-0000-0000-0000-0000"},
    ):
        reponse = client.post(place("place", panel), essai)
        assert reponse.status_code == 422 and reponse["Referrer-Policy"] == "same-origin"
        assert essai["code"].encode() in reponse.content, "what was typed is kept"
        phrases.add(str(reponse.context["form"].non_field_errors()))
    assert len(phrases) == 1


def test_on_ne_devine_pas_une_cle(panel):
    code, cle = next(iter(lettres_de(panel).items()))
    for _essai in range(5):
        with pytest.raises(places.MauvaiseCle):
            ouvrir_la_place(panel, code, "0" * 20)
    with pytest.raises(TropVite):
        ouvrir_la_place(panel, code, cle)
    # The codes are public: whoever tries keys from elsewhere does not shut her door.
    assert places.ouvrir(panel, code=code, cle=cle, reseau="un-autre-reseau")
    cache.clear()
    assert ouvrir_la_place(panel, code, cle)


def test_la_cle_d_un_panel_n_ouvre_rien_ailleurs(client, panel):
    autre = tirage_en("tire").panel
    code, cle = next(iter(lettres_de(panel).items()))
    with pytest.raises(places.MauvaiseCle):
        ouvrir_la_place(autre, code, cle)
    client.post(place("place", panel), {"code": code, "cle": cle})
    assert client.get(place("ma_place", autre)).status_code == 302


# --- Yes and no --------------------------------------------------------------------------------------------------


def ouvrir(client, panel) -> str:
    code, cle = next(iter(lettres_de(panel).items()))
    assert client.post(place("place", panel), {"code": code, "cle": cle})["Location"] == place("ma_place", panel)
    return code


def test_refuser_sans_compte(client, panel):
    code = ouvrir(client, panel)
    page = client.get(place("ma_place", panel))
    assert panel.mandat.question in page.content.decode() and "next=" in page.content.decode()
    assert client.post(place("refuser_place", panel))["Location"] == panel.get_absolute_url()
    siege = Siege.objects.get(code=code)
    assert (siege.etat, siege.cle, siege.personne) == ("declinee", "", None)
    assert client.get(place("ma_place", panel)).status_code == 302
    entree = Entree.objects.get(type="communautes.siege.decliner")
    assert entree.par is None and not entree.est_publique and entree.communaute == panel.communaute
    assert verifier()[1] is None


def test_accepter_fait_entrer_et_date_le_consentement(client, panel, citoyenne):
    code = ouvrir(client, panel)
    client.force_login(citoyenne)
    client.session.save()
    session = client.session
    siege = Siege.objects.get(code=code)
    session["places_ouvertes"] = {str(siege.pk): siege.cle}
    session.save()
    page = client.get(place("ma_place", panel)).content.decode()
    assert citoyenne.pseudonyme in page and str(consentement.VERSIONS[1]).split(".")[0] in page
    sans = client.post(place("ma_place", panel), {"version": 1})
    assert sans.status_code == 422 and Siege.objects.get(code=code).etat == "contactee"
    assert (
        client.post(place("ma_place", panel), {"version": 1, "accord": "on"})["Location"]
        == panel.communaute.get_absolute_url()
    )
    siege = Siege.objects.get(code=code)
    assert (siege.etat, siege.personne, siege.consentement_version) == ("acceptee", citoyenne, 1)
    assert siege.consenti_le and siege.consentement_texte == str(consentement.VERSIONS[1])
    assert Adhesion.objects.get(personne=citoyenne).etat == "acceptee"
    assert Entree.objects.filter(type="communautes.adhesion.accepter", communaute=panel.communaute).exists()


def test_un_compte_n_a_qu_une_place(panel):
    (un, cle_un), (deux, cle_deux), *_autres = lettres_de(panel).items()
    personne = PersonneFabrique()
    places.accepter(ouvrir_la_place(panel, un, cle_un), par=personne, version=1)
    with pytest.raises(EtapeImpossible, match="déjà une place"):
        places.accepter(ouvrir_la_place(panel, deux, cle_deux), par=personne, version=1)
    assert Siege.objects.get(code=deux).etat == "contactee"


def test_deux_pages_ouvertes_une_seule_reponse(panel):
    code, cle = next(iter(lettres_de(panel).items()))
    ici, la = ouvrir_la_place(panel, code, cle), ouvrir_la_place(panel, code, cle)
    places.decliner(la)
    with pytest.raises(EtapeImpossible):
        places.accepter(ici, par=PersonneFabrique(), version=1)


def test_qui_a_quitte_le_panel_ne_revient_pas_par_une_autre_place(panel):
    (un, cle_un), *_autres = lettres_de(panel).items()
    partie = PersonneFabrique()
    Adhesion.objects.create(communaute=panel.communaute, personne=partie, etat="exclue", motif="Insultes.")
    with pytest.raises(EtapeInterdite):
        places.accepter(ouvrir_la_place(panel, un, cle_un), par=partie, version=1)
    assert Siege.objects.get(code=un).etat == "contactee", "all or nothing"


@pytest.mark.parametrize("avant", [(), ("decliner",), ("accepter",), ("accepter", "quitter")])
def test_une_experte_prend_la_place_tiree_pour_elle_et_vote(panel, avant):
    elle = PersonneFabrique()
    adhesion = inviter(panel.communaute, par=panel.cree_par, pseudonyme=elle.pseudonyme, role="experte")
    for pas in avant:
        franchir(getattr(adhesion, pas), par=elle)
    membre_tiree(panel, elle)
    adhesion.refresh_from_db()
    assert (adhesion.etat, adhesion.role) == ("acceptee", "membre")
    panel.communaute.oublier_les_adhesions_lues()
    assert peut_voter_comme_membre(panel.communaute, elle)


# --- Only the draw makes a member ------------------------------------------------------------------------------------


def experte_de(panel) -> Adhesion:
    elle = PersonneFabrique()
    adhesion = inviter(panel.communaute, par=panel.cree_par, pseudonyme=elle.pseudonyme, role="experte")
    franchir(adhesion.accepter, par=elle)
    return adhesion


def reinviter_apres_un_non(panel):
    elle = PersonneFabrique()
    for reponse in ("decliner", "accepter"):
        adhesion = inviter(panel.communaute, par=panel.cree_par, pseudonyme=elle.pseudonyme, role="experte")
        # Days pass between two invitations.
        franchir(getattr(adhesion, reponse), par=elle)
        Adhesion.objects.filter(pk=adhesion.pk).update(depuis_le=timezone.now() - timedelta(days=60))


def donner_le_role(panel):
    with pytest.raises(EtapeInvalide, match="tirés au sort"):
        confier(experte_de(panel), par=panel.cree_par, role="membre")


def animer_puis_rendre_le_role(panel):
    adhesion = experte_de(panel)
    confier(adhesion, par=panel.cree_par, role="animatrice")
    with pytest.raises(EtapeInvalide, match="tirés au sort"):
        confier(adhesion, par=panel.cree_par, role="membre")


def passer_par_le_bouton(panel):
    adhesion = experte_de(panel)
    franchir(adhesion.quitter, par=adhesion.personne)
    with pytest.raises(EtapeInterdite, match="tirés au sort"):
        franchir(adhesion.inviter, par=panel.cree_par)


def faire_appel_d_une_exclusion(panel):
    adhesion = experte_de(panel)
    franchir(adhesion.exclure, par=panel.cree_par, motif="Par erreur.")
    appel = faire_appel(adhesion, par=adhesion.personne, texte="C’est une erreur.")
    franchir(appel.accorder, par=PersonneFabrique(roles=["mediatrice"]), reponse="En effet.")


def partir_puis_faire_appel_d_une_exclusion(panel):
    membre = membre_tiree(panel)
    franchir(panel.communaute.adhesions.get(personne=membre).quitter, par=membre)
    adhesion = inviter(panel.communaute, par=panel.cree_par, pseudonyme=membre.pseudonyme, role="experte")
    franchir(adhesion.accepter, par=membre)
    franchir(adhesion.exclure, par=panel.cree_par, motif="Par erreur.")
    assert not Siege.objects.du_panel(panel).reserves().exists(), "she left it herself, for good"
    appel = faire_appel(adhesion, par=membre, texte="C’est une erreur.")
    franchir(appel.accorder, par=PersonneFabrique(roles=["mediatrice"]), reponse="En effet.")
    assert Siege.objects.get(personne=membre).etat == "retiree"


def partir_puis_revenir_comme_experte(panel):
    membre = membre_tiree(panel)
    franchir(panel.communaute.adhesions.get(personne=membre).quitter, par=membre)
    adhesion = inviter(panel.communaute, par=panel.cree_par, pseudonyme=membre.pseudonyme, role="experte")
    franchir(adhesion.accepter, par=membre)
    assert Siege.objects.get(personne=membre).etat == "retiree", "the seat that one left is drawn again"


@pytest.mark.parametrize(
    "chemin",
    [
        reinviter_apres_un_non,
        donner_le_role,
        animer_puis_rendre_le_role,
        passer_par_le_bouton,
        faire_appel_d_une_exclusion,
        partir_puis_revenir_comme_experte,
        partir_puis_faire_appel_d_une_exclusion,
    ],
)
def test_personne_ne_devient_membre_d_un_panel_sans_y_tenir_une_place(panel, chemin):
    chemin(panel)
    membres = panel.communaute.adhesions.filter(role="membre", etat__in=["acceptee", "invitee"])
    assert not membres.exists()
    assert not any(peut_voter_comme_membre(panel.communaute, a.personne) for a in panel.communaute.adhesions.all())


def test_qui_tient_une_place_anime_puis_redevient_membre_et_vote(panel):
    membre = membre_tiree(panel)
    adhesion = panel.communaute.adhesions.get(personne=membre)
    for role in ("animatrice", "membre"):
        confier(adhesion, par=panel.cree_par, role=role)
        panel.communaute.oublier_les_adhesions_lues()
        assert peut_voter_comme_membre(panel.communaute, membre)


def test_qui_tient_une_place_ne_devient_pas_experte(client, panel):
    """She would lose her voice, and keep her seat."""
    adhesion = panel.communaute.adhesions.get(personne=membre_tiree(panel))
    with pytest.raises(EtapeInvalide, match="tient une place"):
        confier(adhesion, par=panel.cree_par, role="experte")
    client.force_login(panel.cree_par)
    page = client.get(place("role", panel, adhesion.pk)).content.decode()
    assert 'value="membre"' in page and 'value="experte"' not in page


def test_qui_prepare_le_panel_n_y_tient_pas_de_place(panel):
    code, cle = next(iter(lettres_de(panel).items()))
    for personne in (panel.cree_par, agent()):
        with pytest.raises(EtapeInterdite, match="prépare ce panel"):
            places.accepter(ouvrir_la_place(panel, code, cle), par=personne, version=1)
    assert Siege.objects.get(code=code).etat == "contactee"


def test_le_formulaire_d_un_panel_n_offre_que_ce_qui_se_peut(client, panel):
    experte = experte_de(panel)
    client.force_login(panel.cree_par)
    page = client.get(place("inviter", panel)).content.decode()
    assert 'value="experte"' in page and 'value="membre"' not in page and "tirés au sort" in page
    saisi = {"pseudonyme": PersonneFabrique(pseudonyme="Lou Invitée").pseudonyme, "role": "membre"}
    refuse = client.post(place("inviter", panel), saisi)
    assert refuse.status_code == 422 and "Lou Invitée" in refuse.content.decode()
    page = client.get(place("role", panel, experte.pk)).content.decode()
    assert 'value="animatrice"' in page and 'value="membre"' not in page


def test_une_experte_lit_a_quel_titre_elle_est_invitee(client, panel):
    elle = PersonneFabrique()
    inviter(panel.communaute, par=panel.cree_par, pseudonyme=elle.pseudonyme, role="experte")
    dire()
    client.force_login(elle)
    assert "invité·e comme expert·e" in client.get(panel.communaute.get_absolute_url()).content.decode()
    courriel = Courriel.objects.get(personne=elle)
    assert "comme expert·e" in courriel.texte and "comme expert·e" in courriel.html


# --- Left, come back, forgotten --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tiree", "phrase"), [
    (True, "Votre place ira à une autre personne tirée au sort : vous ne pourrez pas revenir."),
    (False, "Vous ne pourrez revenir que si l’on vous invite de nouveau."),
])  # fmt: skip
def test_quitter_le_panel_est_dit_definitif_a_qui_est_tiree(client, panel, tiree, phrase):
    personne = membre_tiree(panel) if tiree else PersonneFabrique()
    if not tiree:
        expertise = inviter(panel.communaute, par=panel.cree_par, pseudonyme=personne.pseudonyme, role="experte")
        franchir(expertise.accepter, par=personne)
    adhesion = panel.communaute.adhesions.get(personne=personne)
    client.force_login(personne)
    page = client.get(reverse("timeline:etape", args=["communautes.adhesion", adhesion.pk, "quitter"])).content.decode()
    assert f"Ce que vous y avez écrit reste. {phrase}" in page


def test_exclure_libere_et_un_appel_rend_la_place(panel):
    membre = membre_tiree(panel)
    adhesion = panel.communaute.adhesions.get(personne=membre)
    franchir(adhesion.exclure, par=panel.cree_par, motif="A insulté une voisine.")
    assert Siege.objects.get(personne=membre).etat == "retiree"
    appel = faire_appel(adhesion, par=membre, texte="Ce n’était pas moi.")
    franchir(appel.accorder, par=PersonneFabrique(roles=["mediatrice"]), reponse="C’est exact.")
    assert Siege.objects.get(personne=membre).etat == "acceptee"
    adhesion.refresh_from_db()
    assert (adhesion.etat, adhesion.role) == ("acceptee", "membre")


def test_la_place_d_une_exclue_lui_est_gardee_le_temps_de_l_appel(client, panel):
    """Kept for the time of an appeal, then until its answer; afterwards it is drawn again like any other."""
    membre = membre_tiree(panel)
    adhesion = panel.communaute.adhesions.get(personne=membre)
    franchir(adhesion.exclure, par=panel.cree_par, motif="A insulté une voisine.")
    dire()
    assert "Votre place est gardée jusqu’au" in Courriel.objects.filter(personne=membre).latest("pk").texte
    places_du = Siege.objects.du_panel(panel)

    def etat():
        return places_du.reserves().count(), places_du.vacants().count()

    assert etat() == (1, 0)
    client.force_login(panel.cree_par)
    page = client.get(place("sieges", panel)).content.decode()
    assert "1 place d’une personne exclue lui est gardée" in page and "Préparer un tirage" not in page
    assert "Place gardée le temps d’un appel" in page
    assert "Gardées le temps d’un appel : 1." in client.get(place("bureau_panel", panel)).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=16), tick=False):
        assert etat() == (0, 1), "no appeal came in time"
        appel = faire_appel(adhesion, par=membre, texte="Ce n’était pas moi.")
        assert etat() == (1, 0), "a late appeal keeps what is not yet drawn"
        franchir(appel.rejeter, par=PersonneFabrique(roles=["mediatrice"]), reponse="C’était bien vous.")
        assert etat() == (0, 1)


def test_on_ne_fait_plus_appel_quand_sa_place_est_tiree_de_nouveau(client, panel):
    membre = membre_tiree(panel)
    adhesion = panel.communaute.adhesions.get(personne=membre)
    franchir(adhesion.exclure, par=panel.cree_par, motif="A insulté une voisine.")
    siege = Siege.objects.get(personne=membre)
    suivre(siege, siege.remplacer, panel.cree_par)
    with pytest.raises(EtapeImpossible, match="tirée de nouveau"):
        faire_appel(adhesion, par=membre, texte="Ce n’était pas moi.")
    client.force_login(membre)
    page = client.get(panel.communaute.get_absolute_url()).content.decode()
    assert "votre place a été tirée de nouveau" in page and "Faire appel" not in page


def test_fermer_son_compte_libere_sa_place_et_ne_dit_plus_a_qui_elle_etait(panel):
    membre = membre_tiree(panel)
    pk = Siege.objects.get(personne=membre).pk
    effacer(membre)
    siege = Siege.objects.get(pk=pk)
    assert (siege.etat, siege.personne) == ("retiree", None) and siege.consenti_le
    assert verifier()[1] is None


def test_on_n_invite_que_des_expertes_dans_un_panel(panel):
    personne = PersonneFabrique()
    with pytest.raises(EtapeInterdite, match="tirés au sort"):
        inviter(panel.communaute, par=panel.cree_par, pseudonyme=personne.pseudonyme)
    assert (
        inviter(panel.communaute, par=panel.cree_par, pseudonyme=personne.pseudonyme, role="experte").etat == "invitee"
    )


def test_ce_qui_arrive_aux_places_ne_sort_pas(panel):
    membre_tiree(panel)
    types = {"communautes.siege.accepter", "communautes.siege.contacter"}
    for personne in (None, PersonneFabrique(), agent(), PersonneFabrique(roles=["moderatrice"])):
        from django.contrib.auth.models import AnonymousUser

        lues = set(Entree.objects.visibles_par(personne or AnonymousUser()).values_list("type", flat=True))
        assert not lues & types
    assert types <= set(Entree.objects.visibles_par(panel.cree_par).values_list("type", flat=True)), (
        "its référent·e leads it"
    )
