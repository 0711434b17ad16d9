"""Coming in, being welcomed, invited, refused, excluded, and what each of them finds afterwards; bad input writes nothing."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communautes import actions
from communautes.models import Adhesion, Appel, Communaute
from comptes.effacement import effacer
from notifications.abonnements import abonner, suit
from notifications.models import Courriel
from socle.templatetags.composants import jour
from tests.communautes.ecrits import ecrire_ensemble
from tests.communautes.fabriques import adherer, animatrice_de, fonder, ouvrir, referente_de
from tests.communautes.fabriques_forum import un_sujet
from tests.communautes.fabriques_panels import fonder_un_panel
from tests.communautes.fabriques_questions import demander
from tests.fabriques import PersonneFabrique
from tests.notifications.conftest import dire, taire
from tests.requetes import copier, requetes
from timeline.etapes import EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
A, E, R = Communaute.Acces, Adhesion.Etat, Adhesion.Role


def url(nom, communaute, *reste):
    return reverse(f"communautes:{nom}", args=[communaute.slug, *reste])


def etape(client, objet, nom, **saisi):
    adresse = reverse("timeline:etape", args=[objet._meta.label_lower, objet.pk, nom])
    return client.post(adresse, {"etat": objet.etat, **saisi})


def place(communaute, personne) -> Adhesion:
    return communaute.adhesions.select_related("communaute").get(personne=personne)


# --- Coming in -------------------------------------------------------------------------------------------------------------


def test_une_porte_ouverte_se_passe_d_un_clic(client, citoyenne):
    communaute = ouvrir()
    client.force_login(citoyenne)
    for _ in range(2):  # twice changes nothing
        assert client.post(url("rejoindre", communaute)).status_code == 302
    assert place(communaute, citoyenne).etat == E.ACCEPTEE
    assert Entree.objects.filter(type="communautes.adhesion.entrer").count() == 1


def test_demander_puis_etre_accueillie(client, citoyenne):
    communaute = ouvrir(A.SUR_DEMANDE)
    client.force_login(citoyenne)
    page = client.get(url("rejoindre", communaute)).content.decode()
    assert "La charte" in client.get(communaute.get_absolute_url()).content.decode() and "On s’écoute." in page
    client.post(url("rejoindre", communaute), {"message": "Je prends le bus tous les jours."})
    client.force_login(animatrice_de(communaute))
    liste = client.get(url("membres", communaute)).content.decode()
    assert "Je prends le bus tous les jours." in liste and citoyenne.pseudonyme in liste
    assert "1 demande attend" in client.get(communaute.get_absolute_url()).content.decode()
    assert etape(client, place(communaute, citoyenne), "accueillir").status_code == 302
    assert place(communaute, citoyenne).etat == E.ACCEPTEE


def test_redemander_change_le_message_et_n_ecrit_rien_au_journal(client, citoyenne):
    communaute = ouvrir(A.SUR_DEMANDE)
    client.force_login(citoyenne)
    for message in ("Je prends le bus.", "Je prends aussi le tram.", ""):
        client.post(url("rejoindre", communaute), {"message": message})
    assert place(communaute, citoyenne).message == "Je prends aussi le tram."
    assert Entree.objects.filter(type="communautes.adhesion.demander").count() == 1


def test_une_personne_invitee_qui_demande_entre_et_le_lit(client, citoyenne):
    communaute = ouvrir(A.SUR_DEMANDE)
    actions.inviter(communaute, par=animatrice_de(communaute), pseudonyme=citoyenne.pseudonyme)
    client.force_login(citoyenne)
    page = client.post(url("rejoindre", communaute), follow=True).content.decode()
    assert place(communaute, citoyenne).etat == E.ACCEPTEE
    assert "Bienvenue" in page and "Votre demande est envoyée" not in page


def test_une_experte_qui_a_decline_et_qu_on_invite_de_nouveau_reste_experte(citoyenne):
    communaute = ouvrir(A.SUR_DEMANDE)
    for reponse in ("decliner", "accepter"):
        actions.inviter(communaute, par=animatrice_de(communaute), pseudonyme=citoyenne.pseudonyme, role=R.EXPERTE)
        franchir(getattr(place(communaute, citoyenne), reponse), par=citoyenne)
        communaute.adhesions.filter(personne=citoyenne).update(depuis_le=timezone.now() - timedelta(days=60))
    assert place(communaute, citoyenne).role == R.EXPERTE


def test_un_message_trop_long_est_garde(client, citoyenne):
    communaute = ouvrir(A.SUR_DEMANDE)
    client.force_login(citoyenne)
    reponse = client.post(url("rejoindre", communaute), {"message": "x" * 1001})
    assert reponse.status_code == 422 and "x" * 1001 in reponse.content.decode()
    assert not communaute.adhesions.filter(personne=citoyenne).exists()


@pytest.mark.parametrize("acces", [A.SUR_DEMANDE, A.SUR_INVITATION])
def test_on_n_entre_pas_de_force(client, acces, citoyenne):
    communaute = ouvrir(acces)
    client.force_login(citoyenne)
    reponse = client.post(url("rejoindre", communaute))
    assert reponse.status_code == (302 if acces == A.SUR_DEMANDE else 404)
    assert not communaute.adhesions.en_cours().filter(personne=citoyenne).exists()
    exclue = adherer(communaute, etat=E.EXCLUE)
    client.force_login(exclue)
    client.post(url("rejoindre", communaute))
    assert place(communaute, exclue).etat == E.EXCLUE


def test_un_refus_dit_pourquoi_et_ne_part_pas_sans_raison(client):
    communaute = ouvrir(A.SUR_DEMANDE)
    elle = adherer(communaute, etat=E.DEMANDEE)
    client.force_login(animatrice_de(communaute))
    assert etape(client, place(communaute, elle), "refuser", motif="  ").status_code == 422
    assert place(communaute, elle).etat == E.DEMANDEE
    etape(client, place(communaute, elle), "refuser", motif="Le groupe est complet.")
    client.force_login(elle)
    assert "Le groupe est complet." in client.get(communaute.get_absolute_url()).content.decode()


def test_un_etranger_ne_decide_de_rien(client, voisin, agent):
    """404: who asks to enter is of the inside; the team of the house is no exception."""
    communaute = ouvrir(A.SUR_DEMANDE)
    elle = adherer(communaute, etat=E.DEMANDEE)
    for personne in (voisin, agent):
        client.force_login(personne)
        assert etape(client, place(communaute, elle), "accueillir").status_code == 404
    client.force_login(adherer(communaute))
    assert etape(client, place(communaute, elle), "accueillir").status_code == 404, "a member does not read requests"


# --- Inviting ----------------------------------------------------------------------------------------------------------------


def test_inviter_par_pseudonyme(client, citoyenne):
    communaute = ouvrir(A.SUR_INVITATION)
    client.force_login(animatrice_de(communaute))
    saisi = {"pseudonyme": citoyenne.pseudonyme.upper(), "role": R.EXPERTE}
    assert client.post(url("inviter", communaute), saisi).status_code == 302
    assert "Invitations sans réponse" in client.get(url("membres", communaute)).content.decode()
    client.force_login(citoyenne)
    assert communaute.nom in client.get("/mon-espace/").content.decode()
    reponse = etape(client, place(communaute, citoyenne), "accepter")
    assert reponse.url == communaute.get_absolute_url()
    assert (place(communaute, citoyenne).etat, place(communaute, citoyenne).role) == (E.ACCEPTEE, R.EXPERTE)


#: Where one goes after a step of one's own: the front page, unless it is read no more.
MIENNES = "/communautes/?liste=miennes"


@pytest.mark.parametrize(("acces", "etat", "nom", "code"), [
    (A.SUR_INVITATION, E.INVITEE, "decliner", 404),
    (A.SUR_INVITATION, E.ACCEPTEE, "quitter", 404),
    (A.SUR_DEMANDE, E.ACCEPTEE, "quitter", 200),
    (A.SUR_DEMANDE, E.DEMANDEE, "renoncer", 200),
])  # fmt: skip
@pytest.mark.parametrize("suite", [True, False])
def test_partir_ne_mene_pas_a_une_page_introuvable(client, acces, etat, nom, code, suite):
    communaute = ouvrir(acces)
    personne = adherer(communaute, etat=etat)
    client.force_login(personne)
    page = communaute.get_absolute_url()
    assert client.get(page).status_code == 200
    reponse = etape(client, place(communaute, personne), nom, **({"suite": page} if suite else {}))
    assert reponse.url == (page if code == 200 else MIENNES)
    assert client.get(reponse.url).status_code == 200
    assert client.get(page).status_code == code
    # The same step from another page that was open: refused, and not sent to a page that is closed.
    encore = etape(client, place(communaute, personne), nom)
    assert encore.status_code == 409 and f'href="{reponse.url}"' in encore.content.decode()


def test_qui_anime_revient_a_la_liste_qu_elle_parcourt(client):
    communaute = ouvrir(A.SUR_DEMANDE)
    client.force_login(animatrice_de(communaute))
    demande = [adherer(communaute, etat=E.DEMANDEE) for _n in range(21)][-1]
    la_liste = url("membres", communaute)
    page = client.get(f"{la_liste}?demandes=2").content.decode()
    assert f'name="suite" value="{la_liste}?demandes=2"' in page
    assert etape(client, place(communaute, demande), "accueillir").url == la_liste
    assert etape(client, place(communaute, demande), "exclure", motif="Insultes.").url == la_liste


@pytest.mark.parametrize(("acces", "phrase"), [
    (A.PUBLIQUE, "Vous pourrez revenir quand vous voudrez."),
    (A.SUR_DEMANDE, "Vous pourrez demander à revenir."),
    (A.SUR_INVITATION, "Vous ne pourrez revenir que si l’on vous invite de nouveau."),
])  # fmt: skip
def test_quitter_dit_si_l_on_peut_revenir(client, acces, phrase):
    communaute = ouvrir(acces)
    personne = adherer(communaute)
    client.force_login(personne)
    adresse = reverse("timeline:etape", args=["communautes.adhesion", place(communaute, personne).pk, "quitter"])
    page = client.get(adresse).content.decode()
    assert f"Ce que vous y avez écrit reste. {phrase}" in page
    franchir(communaute.clore, par=referente_de(communaute), motif="C’est fini.")
    assert "n’accueille personne en ce moment" in client.get(adresse).content.decode()


@pytest.mark.parametrize(("qui", "nommee"), [("exclue", False), ("animatrice", True)])
def test_qui_est_exclue_ne_lit_pas_par_qui(client, qui, nommee):
    communaute = ouvrir(A.SUR_DEMANDE)
    hote, exclue = animatrice_de(communaute), adherer(communaute)
    basile = adherer(communaute, PersonneFabrique(pseudonyme="Basile Modèle"), role=R.ANIMATRICE)
    sienne = place(communaute, exclue)
    client.force_login(exclue if qui == "exclue" else hote)
    franchir(place(communaute, exclue).exclure, par=basile, motif="Insultes.")
    refus = etape(client, sienne, "quitter" if qui == "exclue" else "exclure", motif="Encore.")
    assert refus.status_code == 409 and ("Basile Modèle" in refus.content.decode()) is nommee
    assert "L’état est maintenant « Exclue »" in refus.content.decode()


@pytest.mark.parametrize("saisi", [
    ({"pseudonyme": "Personne d’ici", "role": "membre"}, "Nous ne trouvons personne"),
    ({"pseudonyme": "", "role": "membre"}, "Écrivez le pseudonyme"),
    ({"pseudonyme": "Voisine", "role": "animatrice"}, "Choisissez à quel titre"),
    ({"pseudonyme": "\x00\u202e", "role": "membre"}, "Écrivez le pseudonyme"),
])  # fmt: skip
def test_inviter_mal_n_ecrit_rien(client, saisi):
    envoi, phrase = saisi
    communaute = ouvrir(A.SUR_INVITATION)
    avant = communaute.adhesions.count()
    client.force_login(animatrice_de(communaute))
    reponse = client.post(url("inviter", communaute), envoi)
    assert reponse.status_code == 422 and phrase in reponse.content.decode()
    assert communaute.adhesions.count() == avant


def apres(jours):
    return time_machine.travel(timezone.now() + timedelta(days=jours), tick=False)


def decliner_encore_et_encore(client, communaute, elle, fois=5) -> list[int]:
    """By the pages, as people do; the statuses of the invitations."""
    statuts = []
    for _ in range(fois):
        client.force_login(animatrice_de(communaute))
        reponse = client.post(url("inviter", communaute), {"pseudonyme": elle.pseudonyme, "role": "membre"})
        statuts.append(reponse.status_code)
        client.force_login(elle)
        etape(client, place(communaute, elle), "decliner", suite="/communautes/")
    return statuts


@pytest.mark.parametrize("acces", A.values[:3])
def test_qui_decline_n_est_pas_invitee_de_nouveau_de_sitot(client, citoyenne, acces):
    communaute = ouvrir(acces)
    taire()
    assert decliner_encore_et_encore(client, communaute, citoyenne) == [302, 422, 422, 422, 422]
    dire()
    assert Courriel.objects.filter(personne=citoyenne).count() <= 1
    assert Entree.objects.filter(type="communautes.adhesion.inviter").count() == 1
    client.force_login(animatrice_de(communaute))
    reponse = client.post(url("inviter", communaute), {"pseudonyme": citoyenne.pseudonyme, "role": "membre"})
    quand = jour(timezone.localdate() + Adhesion.REPIT)
    assert f"Vous pourrez l’inviter de nouveau à partir du {quand}." in reponse.content.decode()
    refus = etape(client, place(communaute, citoyenne), "inviter")
    page = refus.content.decode()
    assert (
        refus.status_code == 400 and "Ce n’est pas possible" in page and quand in page and "Voir où cela en est" in page
    )
    autre = ouvrir(acces)
    actions.inviter(
        autre, par=animatrice_de(autre), pseudonyme=citoyenne.pseudonyme
    )  # of another one she knows nothing yet
    for jours, issue in ((Adhesion.REPIT.days - 1, E.DECLINEE), (Adhesion.REPIT.days, E.INVITEE)):
        with apres(jours), suppress(EtapeInvalide):
            actions.inviter(communaute, par=animatrice_de(communaute), pseudonyme=citoyenne.pseudonyme)
        assert place(communaute, citoyenne).etat == issue


def test_ce_qu_on_a_envoye_compte_meme_decline(monkeypatch):
    monkeypatch.setattr(actions, "INVITATIONS_MAX", 3)
    communaute = ouvrir(A.SUR_INVITATION)
    for _ in range(3):
        adherer(communaute, etat=E.DECLINEE)
    par, de_plus = animatrice_de(communaute), PersonneFabrique().pseudonyme
    with pytest.raises(TropVite, match="Attendez demain"):
        actions.inviter(communaute, par=par, pseudonyme=de_plus)
    with apres(1):
        actions.inviter(communaute, par=par, pseudonyme=de_plus)


@pytest.mark.parametrize("acces", [A.SUR_DEMANDE, A.SUR_INVITATION])
def test_decliner_par_erreur_se_repare(client, citoyenne, acces):
    """Also where the page is gone with the invitation: her own space gives it back, and nobody is written to."""
    communaute = ouvrir(acces, nom="Où l’on m’invitait")
    actions.inviter(communaute, par=animatrice_de(communaute), pseudonyme=citoyenne.pseudonyme)
    client.force_login(citoyenne)
    assert "on ne vous invitera plus ici pendant 30 jours" in client.get(communaute.get_absolute_url()).content.decode()
    etape(client, place(communaute, citoyenne), "decliner", suite="/communautes/")
    taire()
    mienne = client.get(reverse("portail:mes_communautes")).content.decode()
    assert "Où l’on m’invitait" in mienne and "Revenir sur ma réponse" in mienne
    trouvable = acces == A.SUR_DEMANDE
    assert (communaute.get_absolute_url() in mienne) == trouvable, "no link that leads nowhere"
    if trouvable:
        assert (
            "Vous pouvez revenir sur votre réponse avant le"
            in client.get(communaute.get_absolute_url()).content.decode()
        )
    adhesion = place(communaute, citoyenne)
    page = client.get(reverse("timeline:etape", args=["communautes.adhesion", adhesion.pk, "se_raviser"]))
    assert (communaute.get_absolute_url() in page.content.decode()) == trouvable, "the secret address is not told"
    reponse = etape(client, adhesion, "se_raviser")
    assert reponse.url == communaute.get_absolute_url(), "where she may answer"
    assert "Accepter l’invitation" in client.get(reponse.url).content.decode()
    etape(client, place(communaute, citoyenne), "accepter")
    assert (place(communaute, citoyenne).etat, place(communaute, citoyenne).role) == (E.ACCEPTEE, R.MEMBRE)
    dire()
    assert not Courriel.objects.exists()


@pytest.mark.parametrize(("acces", "jours", "encore"), [
    (A.SUR_INVITATION, Adhesion.REPIT.days - 1, True), (A.SUR_INVITATION, Adhesion.REPIT.days, False), (A.PUBLIQUE, 0, False),
])  # fmt: skip
def test_on_ne_se_ravise_qu_un_temps_et_ou_l_on_n_entre_pas_seule(client, citoyenne, acces, jours, encore):
    communaute = ouvrir(acces, nom="Où l’on m’invitait")
    actions.inviter(communaute, par=animatrice_de(communaute), pseudonyme=citoyenne.pseudonyme)
    franchir(place(communaute, citoyenne).decliner, par=citoyenne)
    with apres(jours):
        client.force_login(citoyenne)
        assert ("Où l’on m’invitait" in client.get(reverse("portail:mes_communautes")).content.decode()) == encore
        assert etape(client, place(communaute, citoyenne), "se_raviser").status_code == (302 if encore else 403)


@pytest.mark.parametrize("role", [R.MEMBRE, R.EXPERTE])
def test_qui_se_ravise_est_invitee_au_meme_titre(citoyenne, role):
    communaute = ouvrir(A.SUR_INVITATION)
    actions.inviter(communaute, par=animatrice_de(communaute), pseudonyme=citoyenne.pseudonyme, role=role)
    for reponse in ("decliner", "se_raviser", "accepter"):
        franchir(getattr(place(communaute, citoyenne), reponse), par=citoyenne)
    assert place(communaute, citoyenne).role == role


def test_une_experte_qui_se_ravise_n_entre_pas_dans_un_panel_comme_tiree_au_sort():
    panel = fonder_un_panel()
    elle = PersonneFabrique()
    adhesion = actions.inviter(panel.communaute, par=panel.cree_par, pseudonyme=elle.pseudonyme, role=R.EXPERTE)
    for pas in (adhesion.decliner, adhesion.se_raviser, adhesion.accepter):
        franchir(pas, par=elle)
    assert (adhesion.etat, adhesion.role) == (E.ACCEPTEE, R.EXPERTE)


# --- Going out ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("acces", A.values[:3])
@pytest.mark.parametrize("pas", ["quitter", "exclure"])
def test_ce_qu_on_suivait_dedans_finit_avec_la_place(client, pas, acces):
    """Left behind, they would be lines of her space that lead to nothing she may read."""
    communaute, ailleurs = ouvrir(acces), ouvrir(A.SUR_DEMANDE)
    elle, reste = adherer(communaute), adherer(communaute)
    adherer(ailleurs, elle)
    dedans = [un_sujet(communaute, reste), un_sujet(communaute, elle), ecrire_ensemble(communaute, par=elle)]
    dehors = [un_sujet(ailleurs), *([] if acces == A.SUR_INVITATION else [demander(communaute, par=reste)])]
    for chose in (communaute, *dedans, *dehors):
        abonner(elle, chose)
        abonner(reste, chose)
    par, dits = (elle, {}) if pas == "quitter" else (animatrice_de(communaute), {"motif": "A crié."})
    franchir(getattr(place(communaute, elle), pas), par=par, **dits)
    assert [chose for chose in (communaute, *dedans) if suit(elle, chose)] == []
    assert all(suit(elle, chose) for chose in dehors)
    assert all(suit(reste, chose) for chose in (communaute, *dedans, *dehors)), "of her alone"
    client.force_login(elle)
    assert "n’est plus visible" not in client.get(reverse("portail:mes_suivis")).content.decode()


def test_qui_revient_suit_de_nouveau_ce_qu_elle_veut(client, citoyenne):
    communaute = ouvrir()
    sujet = un_sujet(communaute, adherer(communaute, citoyenne))
    franchir(place(communaute, citoyenne).quitter, par=citoyenne)
    actions.rejoindre(communaute, par=citoyenne)
    assert suit(citoyenne, communaute) and not suit(citoyenne, sujet)
    client.force_login(citoyenne)
    client.post(reverse("notifications:suivre", args=["communautes.sujet", sujet.pk]), {"action": "participe"})
    assert suit(citoyenne, sujet)


# --- Leading -----------------------------------------------------------------------------------------------------------------


def en_nombre(adhesion, nombre) -> list[Adhesion]:
    """As many places like this one, each of somebody else."""
    gens = PersonneFabrique.create_batch(nombre)
    return copier(adhesion, nombre, personne_id=lambda n: gens[n].pk)


def test_la_liste_dit_les_roles_et_tient_sur_plusieurs_pages(client):
    communaute = ouvrir()
    client.force_login(referente_de(communaute))
    membre = place(communaute, adherer(communaute))
    une = requetes(client, url("membres", communaute))
    en_nombre(membre, 50)
    assert [requetes(client, f"{url('membres', communaute)}?page={n}") for n in (1, 2)] == [une, une]
    assert une <= 17
    page = client.get(url("membres", communaute))
    assert page.context["page"].paginator.num_pages == 2
    assert [a.role for a in page.context["page"].object_list[:3]] == [R.REFERENTE, R.ANIMATRICE, R.MEMBRE]


def test_les_files_de_l_animation_coutent_autant_pour_une_que_pour_cinquante(client):
    """Those who ask, who are invited, who were excluded and appeal: on the first page of each queue, and on the second."""
    communaute = ouvrir(A.SUR_DEMANDE)
    hote = animatrice_de(communaute)
    client.force_login(hote)
    demande, exclusion = (place(communaute, adherer(communaute, etat=etat)) for etat in (E.DEMANDEE, E.EXCLUE))
    invitation = actions.inviter(communaute, par=hote, pseudonyme=PersonneFabrique().pseudonyme)
    appel = actions.faire_appel(exclusion, par=exclusion.personne, texte="Non.")
    une = requetes(client, url("membres", communaute))
    en_nombre(demande, 49)
    en_nombre(invitation, 49)
    exclues = en_nombre(exclusion, 49)
    copier(appel, 49, adhesion_id=lambda n: exclues[n].pk)
    pages = ["", *(f"?{file}=2" for file in ("demandes", "invitees", "exclues"))]
    assert [requetes(client, url("membres", communaute) + page) for page in pages] == [une] * 4
    lues = client.get(url("membres", communaute)).context
    assert [lues[file].paginator.count for file in ("demandes", "invitees", "exclues")] == [50, 50, 50]
    assert une <= 23


def test_un_membre_ne_voit_ni_demandes_ni_exclusions(client):
    communaute = ouvrir(A.SUR_DEMANDE)
    demande, exclue = adherer(communaute, etat=E.DEMANDEE), adherer(communaute, etat=E.EXCLUE)
    client.force_login(adherer(communaute))
    page = client.get(url("membres", communaute)).content.decode()
    assert demande.pseudonyme not in page and exclue.pseudonyme not in page and "Exclure" not in page


def test_confier_un_role(client):
    communaute = ouvrir()
    membre = adherer(communaute)
    adresse = url("role", communaute, place(communaute, membre).pk)
    client.force_login(animatrice_de(communaute))
    assert client.post(adresse, {"role": R.ANIMATRICE}).status_code == 403
    client.force_login(referente_de(communaute))
    for faux in ("referente", "reine", ""):
        assert client.post(adresse, {"role": faux}).status_code == 422
    assert client.post(adresse, {"role": R.ANIMATRICE}).status_code == 302
    assert place(communaute, membre).role == R.ANIMATRICE
    nouvelle = adherer_agent(communaute)
    client.post(url("role", communaute, place(communaute, nouvelle).pk), {"role": R.REFERENTE})
    assert referente_de(communaute) == nouvelle


def adherer_agent(communaute):
    agent = PersonneFabrique(roles=["agent"])
    actions.rejoindre(communaute, par=agent)
    return agent


def test_un_agent_du_dehors_ne_connait_que_l_animation(client, agent):
    communaute = ouvrir(A.SUR_DEMANDE)
    membre = adherer(communaute)
    client.force_login(agent)
    assert client.get(url("role", communaute, place(communaute, membre).pk)).status_code == 404
    assert client.get(url("role", communaute, place(communaute, animatrice_de(communaute)).pk)).status_code == 200


def test_nommer_une_referente_quand_il_n_y_en_a_plus(client, agent):
    """No role in the house opens an inside: an agent takes the place that somebody left empty, and her name is on the page."""
    communaute = ouvrir(A.SUR_INVITATION)
    partie = referente_de(communaute)
    client.force_login(agent)
    assert client.get(url("nommer", communaute)).status_code == 403
    with pytest.raises(EtapeInterdite):
        actions.nommer_une_referente(communaute, par=agent, referente=agent)
    partie.roles_globaux.all().delete()
    assert "Nommer une personne référente" in client.get(communaute.get_absolute_url()).content.decode()
    with pytest.raises(EtapeInvalide):
        actions.nommer_une_referente(communaute, par=agent, referente=PersonneFabrique())
    assert client.post(url("nommer", communaute), {"referente": agent.pk}).status_code == 302
    assert referente_de(communaute) == agent and place(communaute, partie).role == R.ANIMATRICE
    assert Entree.objects.filter(type="communautes.adhesion.confier", par=agent, communaute=communaute).count() == 1


# --- Appeals -----------------------------------------------------------------------------------------------------------------


def test_faire_appel_et_lire_la_reponse(client):
    communaute = ouvrir(A.SUR_DEMANDE)
    elle, hote = adherer(communaute, etat=E.EXCLUE), animatrice_de(communaute)
    mediatrice = PersonneFabrique(roles=["mediatrice"])
    client.force_login(elle)
    assert client.post(url("faire_appel", communaute), {"texte": " "}).status_code == 422
    reponse = client.post(url("faire_appel", communaute), {"texte": "C’était mon adresse."})
    appel = Appel.objects.get()
    assert reponse.url == appel.get_absolute_url()
    assert client.get(url("faire_appel", communaute)).url == appel.get_absolute_url()
    assert "attend une réponse" in client.get(reponse.url).content.decode()

    client.force_login(hote)
    lue = client.get(reponse.url).content.decode()
    assert "C’était mon adresse." not in lue, "those who lead do not read the appeal"
    client.force_login(mediatrice)
    assert communaute.nom in client.get(reverse("communautes:appels")).content.decode()
    lue = client.get(reponse.url).content.decode()
    assert "C’était mon adresse." in lue and "A insulté une voisine." in lue and "Donner raison" in lue
    assert etape(client, appel, "accorder", reponse="").status_code == 422
    etape(client, appel, "accorder", reponse="L’adresse était bien la sienne.")
    assert place(communaute, elle).etat == E.ACCEPTEE
    client.force_login(hote)
    assert "L’adresse était bien la sienne." in client.get(reponse.url).content.decode()
    client.force_login(PersonneFabrique())
    assert client.get(reponse.url).status_code == 404


@pytest.mark.parametrize(
    ("roles", "code"), [([], 403), (["moderatrice"], 403), (["mediatrice"], 200), (["agent"], 200)]
)
def test_la_file_des_appels_est_a_celles_qui_decident(client, roles, code):
    client.force_login(PersonneFabrique(roles=roles))
    assert client.get(reverse("communautes:appels")).status_code == code
    assert client.get(f"{reverse('communautes:appels')}?etat=finis&page=9").status_code == code


def test_la_mediation_montre_ses_deux_files(client):
    client.force_login(PersonneFabrique(roles=["mediatrice"]))
    assert reverse("communautes:appels") in client.get("/bureau/mediation/").content.decode()
    assert "/bureau/mediation/" in client.get(reverse("communautes:appels")).content.decode()


@pytest.mark.parametrize("suite", ["", "?etat=finis"])
def test_la_file_des_appels_coute_autant_pour_un_que_pour_cinquante(client, suite):
    """Each from another community, and another person."""
    mediatrice, adresse = PersonneFabrique(roles=["mediatrice"]), reverse("communautes:appels")
    client.force_login(mediatrice)
    communaute = ouvrir(A.SUR_DEMANDE)
    exclusion = place(communaute, adherer(communaute, etat=E.EXCLUE))
    appel = actions.faire_appel(exclusion, par=exclusion.personne, texte="Non.")
    if suite:
        franchir(appel.rejeter, par=mediatrice, reponse="L’exclusion était juste.")
    un = requetes(client, adresse + suite)
    ailleurs, gens = copier(communaute, 49, slug=lambda n: f"copie-{n}"), PersonneFabrique.create_batch(49)
    exclues = copier(exclusion, 49, communaute_id=lambda n: ailleurs[n].pk, personne_id=lambda n: gens[n].pk)
    copier(appel, 49, adhesion_id=lambda n: exclues[n].pk)
    assert [requetes(client, f"{adresse}?page={n}&{suite[1:]}") for n in (1, 2)] == [un, un]
    assert client.get(adresse + suite).context["page"].paginator.count == 50
    assert un <= 6


# --- Her own space, and what is forgotten ------------------------------------------------------------------------------------


def test_mes_communautes(client, citoyenne):
    exclue_de = ouvrir(A.SUR_DEMANDE, nom="D’où je suis exclue")
    adherer(exclue_de, citoyenne, etat=E.EXCLUE)
    actions.faire_appel(place(exclue_de, citoyenne), par=citoyenne, texte="Non.")
    adherer(ouvrir(nom="Où je suis"), citoyenne)
    adherer(ouvrir(A.SUR_DEMANDE, nom="Où je demande"), citoyenne, etat=E.DEMANDEE)
    invitante = ouvrir(A.SUR_INVITATION, nom="Où on m’invite")
    actions.inviter(invitante, par=animatrice_de(invitante), pseudonyme=citoyenne.pseudonyme)
    adherer(ouvrir(nom="D’où je suis partie"), citoyenne, etat=E.QUITTEE)
    fonder(par=citoyenne, nom="Que je propose")
    client.force_login(citoyenne)
    page = client.get(reverse("portail:mes_communautes")).content.decode()
    for nom in ("D’où je suis exclue", "Où je suis", "Où je demande", "Où on m’invite", "Que je propose"):
        assert nom in page
    assert "D’où je suis partie" not in page and "Mon appel" in page

    une, adresse = requetes(client, reverse("portail:mes_communautes")), reverse("portail:mes_communautes")
    autres = copier(invitante, 49, slug=lambda n: f"copie-{n}", nom=lambda n: f"Copie {n}")
    copier(place(invitante, citoyenne), 49, communaute_id=lambda n: autres[n].pk)
    assert max(requetes(client, f"{adresse}?page={n}") for n in (1, 2)) <= une <= 17


def test_mes_communautes_vide(client, citoyenne):
    client.force_login(citoyenne)
    assert "Vous n’êtes dans aucune communauté" in client.get(reverse("portail:mes_communautes")).content.decode()


def test_effacer_son_compte_n_y_laisse_rien_de_la_personne(citoyenne):
    communaute = ouvrir(A.SUR_DEMANDE)
    adherer(communaute, citoyenne, etat=E.EXCLUE)
    actions.faire_appel(place(communaute, citoyenne), par=citoyenne, texte="Non.")
    proposee = fonder(par=citoyenne)
    effacer(citoyenne)
    assert not Adhesion.objects.filter(personne=citoyenne).exists() and not Appel.objects.exists()
    proposee.refresh_from_db()
    assert proposee.etat == "retiree" and "Participant effacé" in proposee.nom_de_l_auteur


def test_une_fondatrice_partie_avant_l_ouverture_n_anime_pas(citoyenne, agent):
    communaute = fonder(par=citoyenne)
    citoyenne.is_active = False
    citoyenne.save(update_fields=["is_active"])
    communaute.refresh_from_db()
    franchir(communaute.ouvrir, par=agent, referente=agent)
    assert [a.personne for a in communaute.adhesions.all()] == [agent]
