"""Writing an idea together: invited, accepted, named, and free to leave."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from comptes.effacement import effacer
from idees import equipe
from idees.actions import rediger, soutenir
from idees.equipe import INVITATIONS_MAX, Porteuse, inviter, jeton
from idees.fusion import proposer
from idees.models import CoAutrice, Idee, Soutien
from idees.models.equipe import DUREE_D_INVITATION, EQUIPE_MAX
from moderation.actions import masquer, signaler
from moderation.models import Decision
from notifications.models import Abonnement, Courriel, Notification
from portail.tic import tic
from socle.permissions import SYSTEME
from tests.commentaires.test_concurrence import ensemble
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique
from tests.idees.gestes import coautrice_de, placer
from tests.notifications.conftest import dire
from tests.requetes import copier, requetes
from tests.tableau import attendus, cases_fautives, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def brouillon(citoyenne):
    return IdeeFabrique(auteur=citoyenne, titre="Des bancs au lavoir")


@pytest.fixture
def publiee(citoyenne):
    return IdeeFabrique(auteur=citoyenne, titre="Des bancs au lavoir", etat="publiee", boite__seuil_soutiens=50)


def lettre() -> Courriel:
    dire()
    return Courriel.objects.filter(objet__contains="vous invite").latest("pk")


def chemin(courriel) -> str:
    return re.search(r"(/idees/invitations/\S+)", courriel.texte).group(1)


# --- The machine ---------------------------------------------------------------------------------------------------

ROLES = ("visiteur", "autrice", "invitee", "coautrice", "porteuse", "voisin", "agent", "moderatrice", "systeme")
TABLE = {
    ("invitee", "accepter"): ("acceptee", {"invitee"}),
    ("invitee", "decliner"): ("declinee", {"invitee", "porteuse"}),
    ("invitee", "annuler"): ("annulee", {"autrice"}),  # and the house, once its time has passed: below
    ("acceptee", "partir"): ("partie", {"invitee"}),
    ("acceptee", "ecarter"): ("partie", {"autrice"}),
    ("acceptee", "heriter"): ("partie", {"systeme"}),
}


@pytest.mark.parametrize("etat", CoAutrice.Etat.values)
def test_table(etat, publiee, citoyenne):
    """`invitee` is the person of the place; `coautrice` another accepted one, who decides for nobody else."""
    personne = PersonneFabrique()
    autre = coautrice_de(publiee)
    place = placer(publiee, personne, etat)
    gens = {
        "visiteur": AnonymousUser(),
        "autrice": citoyenne,
        "invitee": personne,
        "coautrice": autre,
        "porteuse": Porteuse(place.pk),
        "voisin": PersonneFabrique(),
        "agent": PersonneFabrique(roles=["agent"]),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
        "systeme": SYSTEME,
    }
    fautives = []
    for transition in sorted(noms(CoAutrice)):
        vise, permis = TABLE.get((etat, transition), (None, set()))
        fautives += cases_fautives(place, transition, attendus(ROLES, vise, permis), gens)
    assert fautives == []


def test_le_graphe_est_celui_de_la_table():
    assert {(depart, nom) for depart, nom, _vers in graphe(CoAutrice)} == set(TABLE)


def test_la_porteuse_d_une_autre_lettre_ne_decide_pas(publiee, voisin):
    place = placer(publiee, voisin)
    assert issue(place, "decliner", Porteuse(place.pk + 1)) == "403"
    assert issue(place, "accepter", Porteuse(place.pk)) == "403"


# --- Inviting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adresse_connue", [True, False])
def test_une_adresse_recoit_la_meme_reponse_qu_elle_ait_un_compte_ou_non(client, publiee, citoyenne, adresse_connue):
    adresse = "quelqu.une@exemple.fr"
    if adresse_connue:
        PersonneFabrique(email=adresse, pseudonyme="Quelqu’une Connue")
    client.force_login(citoyenne)
    page = client.post(reverse("idees:equipe", args=[publiee.pk]), {"qui": "Quelqu.Une@exemple.fr"}, follow=True)
    lu = unescape(page.content.decode())
    assert "L’invitation est envoyée" in lu and adresse in lu and "Quelqu’une Connue" not in lu
    place = CoAutrice.objects.get()
    assert (place.courriel, place.personne) == (adresse, None)
    courriel = lettre()
    assert (courriel.destinataire, courriel.personne) == (adresse, None)
    assert courriel.objet == "Camille Exemple vous invite à écrire une idée : Des bancs au lavoir"
    assert Entree.objects.filter(type="idees.equipe.inviter", est_publique=False).count() == 1


def test_un_pseudonyme_recoit_sa_lettre_a_l_adresse_de_son_compte(publiee, citoyenne, voisin):
    inviter(publiee, par=citoyenne, qui="sacha VOISIN")
    assert (lettre().destinataire, lettre().personne) == (voisin.email, voisin)
    assert Notification.objects.filter(personne=voisin).count() == 1


REFUS = [
    ("Inconnue Totale", "Nous ne trouvons personne"),
    ("Camille Exemple", "C’est votre pseudonyme"),
    ("pas@une adresse", "Écrivez une adresse complète"),
    ("", "Écrivez une adresse e-mail, ou un pseudonyme."),
    ("!!!", "Nous ne trouvons personne"),
    ("a" * 300, "254"),
    ("Sacha Voisin", "Cette personne est déjà invitée."),
    ("deja@exemple.fr", "Cette personne est déjà invitée."),
]


@pytest.mark.parametrize(("qui", "phrase"), REFUS)
def test_une_invitation_refusee_dit_pourquoi_et_garde_ce_qui_est_tape(client, publiee, citoyenne, voisin, qui, phrase):
    inviter(publiee, par=citoyenne, qui="Sacha Voisin")
    inviter(publiee, par=citoyenne, qui="deja@exemple.fr")
    client.force_login(citoyenne)
    page = client.post(reverse("idees:equipe", args=[publiee.pk]), {"qui": qui})
    lu = unescape(page.content.decode())
    assert page.status_code == 422 and phrase in lu and (not qui or qui in lu)
    assert CoAutrice.objects.count() == 2


def test_on_ne_s_invite_pas_soi_meme_par_son_adresse(publiee, citoyenne):
    with pytest.raises(EtapeInvalide, match="la vôtre"):
        inviter(publiee, par=citoyenne, qui=citoyenne.email.upper())


@pytest.mark.parametrize("qui", ["coautrice", "voisin", "agent", "moderatrice", "visiteur"])
def test_seule_l_autrice_invite(client, publiee, qui):
    personne = coautrice_de(publiee) if qui == "coautrice" else PersonneFabrique(roles=[qui] if qui[0] in "am" else [])
    avant = CoAutrice.objects.count()
    if qui != "visiteur":
        client.force_login(personne)
        with pytest.raises(EtapeInterdite):
            inviter(publiee, par=personne, qui="amie@exemple.fr")
    reponse = client.post(reverse("idees:equipe", args=[publiee.pk]), {"qui": "amie@exemple.fr"})
    assert reponse.status_code in {302, 403}
    if qui == "coautrice":
        assert "Inviter quelqu’un" not in client.get(reverse("idees:equipe", args=[publiee.pk])).content.decode()
    assert CoAutrice.objects.count() == avant


@pytest.mark.parametrize("etat", ["retiree", "refusee", "retenue", "fusionnee"])
def test_une_idee_finie_n_invite_plus(etat):
    idee = IdeeFabrique(etat=etat)
    with pytest.raises(EtapeImpossible):
        inviter(idee, par=idee.auteur, qui="amie@exemple.fr")


def test_dix_places_au_plus_et_une_invitation_perimee_rend_la_sienne(publiee, citoyenne):
    for n in range(EQUIPE_MAX):
        inviter(publiee, par=citoyenne, qui=f"amie{n}@exemple.fr")
    with pytest.raises(EtapeImpossible, match="complet"):
        inviter(publiee, par=citoyenne, qui="encore@exemple.fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        CoAutrice.objects.create(idee=publiee, courriel="x@exemple.fr", place=11, expire_le=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CoAutrice.objects.create(idee=publiee, courriel="x@exemple.fr", place=3, expire_le=timezone.now())
    CoAutrice.objects.filter(place=4).update(expire_le=timezone.now())
    assert inviter(publiee, par=citoyenne, qui="encore@exemple.fr").place == 4
    assert CoAutrice.objects.filter(etat="annulee", courriel="").count() == 1


@pytest.mark.django_db(transaction=True)
def test_la_derniere_place_ne_se_prend_qu_une_fois():
    idee = IdeeFabrique(etat="publiee")
    autrice = idee.auteur
    for n in range(EQUIPE_MAX - 1):
        inviter(idee, par=autrice, qui=f"amie{n}@exemple.fr")
    issues = ensemble(*[lambda n=n: inviter(idee, par=autrice, qui=f"derniere{n}@exemple.fr").place for n in range(4)])
    assert sorted(str(i) for i in issues if not isinstance(i, Exception)) == ["10"]
    assert CoAutrice.objects.vivantes().count() == EQUIPE_MAX


def test_on_n_ecrit_pas_a_toute_la_ville(publiee, citoyenne):
    autres = [IdeeFabrique(auteur=citoyenne, etat="publiee") for _ in range(3)]
    for n in range(INVITATIONS_MAX):
        inviter(autres[n % 3], par=citoyenne, qui=f"amie{n}@exemple.fr")
    with pytest.raises(TropVite):
        inviter(publiee, par=citoyenne, qui="encore@exemple.fr")
    for _ in range(3):
        idee = IdeeFabrique(etat="publiee")
        inviter(idee, par=idee.auteur, qui="cible@exemple.fr")
    idee = IdeeFabrique(etat="publiee")
    with pytest.raises(TropVite):
        inviter(idee, par=idee.auteur, qui="cible@exemple.fr")


# --- The letter ----------------------------------------------------------------------------------------------------


def test_ouvrir_la_lettre_ne_change_rien_et_l_accepter_une_fois_suffit(client, publiee, citoyenne, voisin):
    inviter(publiee, par=citoyenne, qui=voisin.email)
    lien = chemin(lettre())
    for _ in range(3):
        page = client.get(lien)  # a scanner of links, without an account
        assert page.status_code == 200 and "Des bancs au lavoir" in page.content.decode()
        assert "Accepter l’invitation" not in unescape(page.content.decode())
    assert CoAutrice.objects.get().etat == "invitee"
    assert client.post(lien, {"reponse": "accepter"}).status_code == 403
    client.force_login(voisin)
    assert "Accepter l’invitation" in unescape(client.get(lien).content.decode())
    assert client.post(lien, {"reponse": "autre"}).status_code == 200
    reponse = client.post(lien, {"reponse": "accepter"}, follow=True)
    assert "Bienvenue" in reponse.content.decode()
    place = CoAutrice.objects.get()
    assert (place.etat, place.personne, place.courriel) == ("acceptee", voisin, "")
    assert client.get(lien).status_code == 410
    assert client.post(lien, {"reponse": "decliner"}).status_code == 410
    assert CoAutrice.objects.get().etat == "acceptee"


@pytest.mark.parametrize("par", ["adresse", "pseudonyme"])
def test_un_autre_compte_ne_peut_pas_l_accepter(client, publiee, citoyenne, voisin, par):
    inviter(publiee, par=citoyenne, qui=voisin.email if par == "adresse" else voisin.pseudonyme)
    lien = chemin(lettre())
    for autre in (PersonneFabrique(), PersonneFabrique(roles=["agent"]), citoyenne):
        client.force_login(autre)
        page = unescape(client.get(lien).content.decode())
        assert "envoyée à une autre personne" in page and "Accepter l’invitation" not in page
        assert voisin.email not in page.replace(voisin.pseudonyme, "")
        assert client.post(lien, {"reponse": "accepter"}).status_code == 403
    assert CoAutrice.objects.get().etat == "invitee"
    assert Idee.objects.get(pk=publiee.pk).auteur == citoyenne


def test_une_adresse_qui_n_est_pas_prouvee_n_ouvre_rien(client, publiee, citoyenne):
    inviter(publiee, par=citoyenne, qui="promise@exemple.fr")
    usurpatrice = PersonneFabrique()
    usurpatrice.emailaddress_set.create(email="promise@exemple.fr", verified=False, primary=False)
    client.force_login(usurpatrice)
    lien = chemin(lettre())
    assert client.post(lien, {"reponse": "accepter"}).status_code == 403
    usurpatrice.emailaddress_set.update(verified=True)
    assert client.post(lien, {"reponse": "accepter"}).status_code == 302


def test_une_lettre_falsifiee_ou_d_ailleurs_n_existe_pas(client, publiee, citoyenne, voisin):
    place = inviter(publiee, par=citoyenne, qui=voisin.email)
    bon = jeton(place)
    assert voisin.email not in str(signing.loads(bon, salt=equipe.SEL))
    faux = [
        bon[:-1] + ("a" if bon[-1] != "a" else "b"),
        "x" + bon,
        signing.dumps([place.pk, place.courriel], salt="notifications.arreter"),
        signing.dumps([place.pk, "autre@exemple.fr"], salt=equipe.SEL),
        signing.dumps([place.pk + 99, place.courriel], salt=equipe.SEL),
        signing.dumps("n’importe quoi", salt=equipe.SEL),
        "\x00",
        "a" * 5000,
    ]
    client.force_login(voisin)
    for recu in faux:
        adresse = reverse("idees:invitation", args=[recu])
        assert client.get(adresse).status_code == 404, recu[:40]
        assert client.post(adresse, {"reponse": "accepter"}).status_code == 404
    assert CoAutrice.objects.get().etat == "invitee"


def test_le_temps_passe_et_la_lettre_s_eteint(client, publiee, citoyenne, voisin):
    place = inviter(publiee, par=citoyenne, qui=voisin.email)
    lien = reverse("idees:invitation", args=[jeton(place)])
    client.force_login(voisin)
    assert issue(place, "annuler", SYSTEME) == "403"
    with time_machine.travel(timezone.now() + DUREE_D_INVITATION + timedelta(seconds=1), tick=False):
        client.force_login(voisin)
        assert client.get(lien).status_code == 404
        assert client.post(lien, {"reponse": "accepter"}).status_code == 404
        frais = reverse("idees:invitation", args=[jeton(place)])  # signed today, for a place that has lapsed
        assert client.get(frais).status_code == 410
        assert issue(place, "accepter", voisin) == "400"
        assert tic()["idees.invitations"] == 1
        assert tic()["idees.invitations"] == 0
    place.refresh_from_db()
    assert (place.etat, place.courriel) == ("annulee", "")


def test_une_invitation_et_un_mot_de_passe_oublie_ne_s_echangent_pas(client, publiee, citoyenne, voisin):
    place = inviter(publiee, par=citoyenne, qui=voisin.email)
    cle = f"{user_pk_to_url_str(voisin)}-{default_token_generator.make_token(voisin)}"
    assert client.get(reverse("idees:invitation", args=[cle])).status_code == 404
    uid = user_pk_to_url_str(voisin)
    for essai in (jeton(place), jeton(place).replace(":", "-")):
        page = client.get(f"/comptes/password/reset/key/{uid}-{essai}/", follow=True)
        assert b'name="password1"' not in page.content
    voisin.refresh_from_db()
    assert voisin.check_password("une phrase assez longue")


def test_decliner_sans_compte_puis_l_auteur_le_sait(client, publiee, citoyenne):
    inviter(publiee, par=citoyenne, qui="amie@exemple.fr")
    lien = chemin(lettre())
    reponse = client.post(lien, {"reponse": "decliner"}, follow=True)
    assert "vous ne participez pas" in unescape(reponse.content.decode())
    place = CoAutrice.objects.get()
    assert (place.etat, place.courriel, place.personne) == ("declinee", "", None)
    dire()
    refus = Courriel.objects.get(objet__startswith="Une invitation est déclinée")
    assert refus.destinataire == citoyenne.email and "La personne invitée" in refus.texte
    assert client.get(lien).status_code == 410


def test_la_cloche_mene_a_l_invitation(client, publiee, citoyenne, voisin):
    inviter(publiee, par=citoyenne, qui="Sacha Voisin")
    dire()
    client.force_login(voisin)
    notification = Notification.objects.get(personne=voisin)
    reponse = client.post(reverse("notifications:ouvrir", args=[notification.pk]), follow=True)
    assert "Accepter l’invitation" in unescape(reponse.content.decode())
    client.force_login(PersonneFabrique())
    assert client.get(reverse("idees:mon_invitation", args=[CoAutrice.objects.get().pk])).status_code == 404


def test_une_idee_masquee_entre_temps_ne_s_ecrit_plus(client, publiee, citoyenne, voisin, moderatrice):
    place = inviter(publiee, par=citoyenne, qui=voisin.email)
    masquer(publiee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    assert issue(CoAutrice.objects.get(pk=place.pk), "accepter", voisin) == "400"


# --- What a co-author may do ---------------------------------------------------------------------------------------


def test_nommee_partout_et_partout_de_la_meme_facon(client, publiee):
    coautrice_de(publiee, pseudonyme="Sacha Autre")
    coautrice_de(publiee, pseudonyme="Lou Tiers")
    nom = "Camille Exemple, avec Sacha Autre et Lou Tiers"
    assert Idee.objects.get(pk=publiee.pk).nom_de_l_auteur == nom
    for porte in (publiee.get_absolute_url(), reverse("idees:liste"), reverse("portail:accueil")):
        assert nom in unescape(client.get(porte).content.decode()), porte
    assert client.get(reverse("api:idee", args=[publiee.pk])).json()["coauteurs"] == ["Sacha Autre", "Lou Tiers"]
    entree = Entree.objects.sur(publiee).filter(type="idees.rejoindre").first()
    assert entree.est_publique and "Lou Tiers devient co-auteur" in entree.phrase


def test_un_brouillon_ne_dit_rien_a_personne_d_autre(client, brouillon):
    sacha = coautrice_de(brouillon)
    assert not Entree.objects.filter(est_publique=True, type__startswith="idees.").exists()
    client.force_login(sacha)
    assert client.get(brouillon.get_absolute_url()).status_code == 200
    assert "Des bancs au lavoir" in client.get(reverse("portail:mon_espace")).content.decode()
    client.force_login(PersonneFabrique(roles=["agent"]))
    assert client.get(brouillon.get_absolute_url()).status_code == 404


#: What is tried, then whether the author, a co-author, an invited one and one who has left may do it.
DROITS = {
    "voir le brouillon": (True, True, False, False),
    "récrire le brouillon": (True, True, False, False),
    "envoyer": (True, False, False, False),
    "abandonner": (True, False, False, False),
}


@pytest.mark.une_fois("la table des droits d'un brouillon ; chaque geste s'écrit aussi dans test_brouillons")
@pytest.mark.parametrize("quoi", DROITS)
@pytest.mark.parametrize(("rang", "qui"), [(0, "autrice"), (1, "acceptee"), (2, "invitee"), (3, "partie")])
def test_les_droits_sur_un_brouillon(client, brouillon, quoi, rang, qui):
    personne = brouillon.auteur if qui == "autrice" else PersonneFabrique()
    if qui != "autrice":
        placer(brouillon, personne, qui)
    idee = Idee.objects.get(pk=brouillon.pk)

    def essayer():
        if quoi == "voir le brouillon":
            return Idee.objects.visibles_par(personne).filter(pk=idee.pk).exists()
        try:
            if quoi == "récrire le brouillon":
                rediger(idee, par=personne, valeurs={"texte": "Un autre texte, assez long."})
            else:
                franchir(getattr(idee, {"envoyer": "soumettre", "abandonner": "abandonner"}[quoi]), par=personne)
        except EtapeInterdite:
            return False
        return True

    assert essayer() is DROITS[quoi][rang]


def test_une_co_autrice_ne_retire_pas_l_idee_et_n_a_pas_le_bouton_envoyer(client, publiee, brouillon):
    sacha = coautrice_de(publiee)
    assert issue(Idee.objects.get(pk=publiee.pk), "retirer", sacha, motif="Non.") == "403"
    placer(brouillon, sacha, "acceptee")
    client.force_login(sacha)
    page = unescape(client.get(reverse("idees:modifier", args=[brouillon.pk])).content.decode())
    assert "Garder en brouillon" in page and "Envoyer mon idée" not in page


def test_accepter_enleve_le_soutien_et_le_dit(client, publiee, citoyenne, voisin):
    soutenir(publiee, par=voisin)
    inviter(publiee, par=citoyenne, qui=voisin.email)
    lien = chemin(lettre())
    client.force_login(voisin)
    assert "votre soutien sera enlevé" in unescape(client.get(lien).content.decode())
    page = client.post(lien, {"reponse": "accepter"}, follow=True)
    lu = unescape(page.content.decode())
    assert "Votre soutien est enlevé" in lu and "C’est votre idée" in lu
    assert not Soutien.objects.exists()
    with pytest.raises(EtapeInterdite):
        soutenir(Idee.objects.get(pk=publiee.pk), par=voisin)
    assert Abonnement.objects.sur(publiee).filter(personne=voisin).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", range(4))
def test_accepter_et_soutenir_en_meme_temps_ne_laisse_aucun_soutien(tour):
    idee = IdeeFabrique(etat="publiee", boite__seuil_soutiens=50)
    personne = PersonneFabrique()
    place = placer(idee, personne)
    gestes = [
        lambda: franchir(CoAutrice.objects.get(pk=place.pk).accepter, par=personne).type,
        lambda: soutenir(Idee.objects.get(pk=idee.pk), par=personne),
    ]
    ensemble(*gestes[:: 1 if tour % 2 else -1])
    assert CoAutrice.objects.get().etat == "acceptee"
    assert not Soutien.objects.exists()


def test_elle_recoit_ce_que_l_autrice_recoit_et_lit_les_decisions(client, publiee, citoyenne, moderatrice):
    sacha = coautrice_de(publiee)
    masquer(publiee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    dire()
    recus = Courriel.objects.filter(objet__startswith="Ce que vous avez écrit n’est plus visible")
    assert set(recus.values_list("personne", flat=True)) == {citoyenne.pk, sacha.pk}
    client.force_login(sacha)
    assert client.get(Decision.objects.get().get_absolute_url()).status_code == 200
    assert client.get(publiee.get_absolute_url()).status_code == 200


def test_elle_ne_modere_ni_ne_signale_ses_propres_mots(publiee):
    sacha = coautrice_de(publiee, roles=["moderatrice"])
    idee = Idee.objects.get(pk=publiee.pk)
    with pytest.raises(EtapeInterdite):
        masquer(idee, par=sacha, motif="injure", explication="Non.")
    with pytest.raises(EtapeInterdite):
        signaler(idee, par=sacha, motif="injure")
    attente = IdeeFabrique(etat="a_moderer")
    placer(attente, sacha, "acceptee")
    assert issue(Idee.objects.get(pk=attente.pk), "publier", sacha) == "403"


def test_reunir_n_ajoute_pas_le_soutien_d_une_co_autrice(publiee, agent):
    sacha = coautrice_de(publiee)
    autre = IdeeFabrique(etat="publiee")
    soutenir(autre, par=sacha)
    proposer(
        Idee.objects.get(pk=autre.pk),
        Idee.objects.get(pk=publiee.pk),
        par=agent,
        motif="C’est la même chose.",
        urgence="La réponse est prête.",
    )
    assert not Soutien.objects.filter(idee=publiee).exists()


# --- Leaving -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("nom", "par_elle"), [("partir", True), ("ecarter", False)])
def test_partir_ou_etre_ecartee(client, publiee, citoyenne, nom, par_elle):
    sacha = coautrice_de(publiee, pseudonyme="Sacha Autre")
    place = CoAutrice.objects.get()
    client.force_login(sacha if par_elle else citoyenne)
    adresse = reverse("timeline:etape", args=["idees.coautrice", place.pk, nom])
    page = unescape(client.get(reverse("idees:equipe", args=[publiee.pk])).content.decode())
    lien = re.search(rf'href="({adresse}[^"]*)"', page).group(1)
    suite = re.findall(r'name="suite" value="([^"]*)"', client.get(lien).content.decode())[-1]
    assert client.post(adresse, {"etat": "acceptee", "suite": suite}, follow=True).status_code == 200
    idee = Idee.objects.get(pk=publiee.pk)
    assert idee.nom_de_l_auteur == "Camille Exemple"
    dire()
    assert Courriel.objects.filter(personne=citoyenne if par_elle else sacha).count() >= 1
    assert not Idee.objects.ecrites_par(sacha).exists()
    assert soutenir(idee, par=sacha)  # she is a neighbour again
    assert placer(idee, sacha).etat == "invitee"  # and may be invited again


def test_fermer_son_compte_laisse_l_idee_a_qui_l_ecrivait_aussi(citoyenne, publiee, brouillon):
    sacha, lou = coautrice_de(publiee, pseudonyme="Sacha Autre"), coautrice_de(publiee, pseudonyme="Lou Tiers")
    placer(brouillon, lou, "acceptee")
    seule = IdeeFabrique(auteur=citoyenne)
    effacer(citoyenne)
    publiee, brouillon = Idee.objects.get(pk=publiee.pk), Idee.objects.get(pk=brouillon.pk)
    assert (publiee.auteur, publiee.nom_de_l_auteur) == (sacha, "Sacha Autre, avec Lou Tiers")
    assert (brouillon.auteur, brouillon.nom_de_l_auteur) == (lou, "Lou Tiers")
    assert not Idee.objects.filter(pk=seule.pk).exists()
    assert "à ses co-auteurs" in Entree.objects.sur(publiee).get(type="idees.transmettre").phrase
    dire()
    assert Courriel.objects.filter(personne=sacha, objet__startswith="Une idée est maintenant la vôtre").exists()
    franchir(brouillon.soumettre, par=lou)


def test_fermer_son_compte_finit_ses_places_et_ses_invitations(publiee, brouillon, citoyenne):
    sacha = coautrice_de(publiee)
    placer(brouillon, sacha)
    inviter(IdeeFabrique(auteur=citoyenne, etat="publiee"), par=citoyenne, qui=sacha.email)
    adresse = sacha.email
    effacer(sacha)
    assert sorted(CoAutrice.objects.values_list("etat", flat=True)) == ["declinee", "declinee", "partie"]
    assert not CoAutrice.objects.filter(courriel=adresse).exists()
    assert Idee.objects.get(pk=publiee.pk).nom_de_l_auteur == "Camille Exemple"


# --- What it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("porte", ["liste", "detail", "equipe", "mon_espace", "file"])
def test_autant_de_requetes_pour_une_co_autrice_que_pour_dix(client, porte, moderatrice):
    """As many as an idea may have; and fifty ideas of several, where they are in a list."""
    boite = BoiteFabrique()
    idees = [IdeeFabrique(boite=boite, etat="a_moderer" if porte == "file" else "publiee") for _ in range(2)]
    client.force_login(moderatrice if porte == "file" else idees[0].auteur)
    for idee in idees:
        coautrice_de(idee)
    adresse = {
        "liste": reverse("idees:liste"),
        "detail": idees[0].get_absolute_url(),
        "equipe": reverse("idees:equipe", args=[idees[0].pk]),
        "mon_espace": reverse("portail:mon_espace"),
        "file": reverse("moderation:file"),
    }[porte]
    une = requetes(client, adresse)
    for _ in range(9):
        coautrice_de(idees[0])
    for idee in copier(idees[1], 48) if porte in {"liste", "file", "mon_espace"} else ():
        coautrice_de(idee)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [une, une]


def test_dix_invitations_coutent_autant_qu_une(client, publiee, citoyenne):
    chemin = reverse("idees:equipe", args=[publiee.pk])
    client.force_login(citoyenne)
    inviter(publiee, par=citoyenne, qui="amie@exemple.fr")
    une = requetes(client, chemin)
    for n in range(9):
        inviter(publiee, par=citoyenne, qui=f"amie{n}@exemple.fr" if n % 2 else PersonneFabrique().pseudonyme)
    assert requetes(client, chemin) == une


def test_les_contraintes_tiennent_sans_les_formulaires(publiee, voisin):
    fautes = [
        {"personne": voisin, "courriel": "x@exemple.fr"},
        {},
        {"etat": "declinee", "courriel": "x@exemple.fr", "repondue_le": timezone.now()},
        {"etat": "acceptee", "repondue_le": timezone.now()},
        {"etat": "acceptee", "personne": voisin},
        {"etat": "perdue", "personne": voisin, "repondue_le": timezone.now()},
    ]
    for champs in fautes:
        with pytest.raises(IntegrityError), transaction.atomic():
            CoAutrice.objects.create(idee=publiee, place=1, expire_le=timezone.now(), **champs)
    assert connection.vendor and not CoAutrice.objects.exists()
