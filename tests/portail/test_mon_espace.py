"""« Mon espace »: each section shows what is mine and only that, what became of it, and unfollows in one click."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commentaires.actions import approuver, commenter
from commentaires.distinctions import distinguer
from commentaires.models import Accord, Commentaire
from idees.actions import soutenir
from idees.models import Soutien
from moderation.actions import masquer
from notifications.abonnements import abonner, facon_de, suit
from notifications.models import Abonnement
from portail.espace import PAR_PAGE, SECTIONS
from reponses.models import Echeance
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, ThematiqueFabrique
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db

PAGES = ["mon_espace", *(section.nom for section in SECTIONS)]


def lire(client, nom, **parametres) -> str:
    reponse = client.get(reverse(f"portail:{nom}"), parametres)
    assert reponse.status_code == 200
    return reponse.content.decode()


@pytest.mark.parametrize("nom", PAGES)
def test_il_faut_un_compte(client, nom):
    chemin = reverse(f"portail:{nom}")
    reponse = client.get(chemin)
    assert reponse.status_code == 302
    assert reponse.url.endswith(f"?next={chemin}")


@pytest.mark.parametrize("nom", [nom for nom in PAGES if nom != "mes_donnees"])
def test_une_page_vide_propose_quelque_chose(client, citoyenne, nom):
    client.force_login(citoyenne)
    assert 'class="vide"' in lire(client, nom)


@pytest.mark.parametrize("nom", PAGES)
def test_le_menu_dit_ou_l_on_est(client, citoyenne, nom):
    client.force_login(citoyenne)
    page = lire(client, nom)
    assert f'<a href="{reverse(f"portail:{nom}")}" aria-current="page">' in page
    for autre in PAGES:
        assert f'href="{reverse(f"portail:{autre}")}"' in page


def test_mes_idees_dans_tous_leurs_etats_et_pas_celles_des_autres(client, citoyenne, voisin):
    for etat in ("brouillon", "publiee", "en_etude", "retiree", "refusee", "fusionnee", "realisee"):
        IdeeFabrique(boite=BoiteFabrique(moderation="avant"), auteur=citoyenne, etat=etat, titre=f"La mienne {etat}")
    IdeeFabrique(auteur=voisin, etat="publiee", titre="Celle du voisin")
    client.force_login(citoyenne)
    page = lire(client, "mes_idees")
    for etat in ("brouillon", "publiee", "en_etude", "retiree", "refusee", "fusionnee", "realisee"):
        assert f"La mienne {etat}" in page
    assert "Celle du voisin" not in page
    assert "Réponse attendue le" in page
    assert "Réalisée le" in page


def test_ce_que_je_soutiens_sauf_ce_que_la_moderation_masque(client, citoyenne, moderatrice):
    vue, cachee = IdeeFabrique(etat="publiee", titre="Des bancs"), IdeeFabrique(etat="publiee", titre="Titre à taire")
    for idee in (vue, cachee):
        soutenir(idee, par=citoyenne)
    masquer(cachee, par=moderatrice, motif="injure", explication="Une injure.")
    client.force_login(citoyenne)
    for nom in ("mon_espace", "mes_soutiens"):
        page = lire(client, nom)
        assert "Des bancs" in page
        assert "Titre à taire" not in page


def test_mes_commentaires_avec_ce_que_la_moderation_en_a_fait(client, citoyenne, voisin, moderatrice):
    idee = IdeeFabrique(etat="publiee", titre="Des bancs")
    Commentaire.objects.create(cible=idee, auteur=citoyenne, texte="Celui qui se lit")
    masque = Commentaire.objects.create(cible=idee, auteur=citoyenne, texte="Celui qui est masqué")
    retire = Commentaire.objects.create(cible=idee, auteur=citoyenne, texte="Celui que je retire")
    Commentaire.objects.create(cible=idee, auteur=voisin, texte="Celui du voisin")
    masquer(masque, par=moderatrice, motif="publicite", explication="Une publicité.")
    franchir(retire.retirer, par=citoyenne)
    client.force_login(citoyenne)
    page = lire(client, "mes_commentaires")
    assert "Masqué par la modération le" in page
    assert "Publicité ou démarchage" in page
    assert "Retiré par vous" in page
    assert page.count("dans la discussion « Des bancs »") == 3
    assert "Celui du voisin" not in page
    masquer(idee, par=moderatrice, motif="injure", explication="Une injure.")
    page = lire(client, "mes_commentaires")
    assert "Celui qui se lit" in page
    assert "Des bancs" not in page


def test_mes_accords_sauf_sur_ce_qui_ne_se_lit_plus(client, citoyenne, voisin, moderatrice):
    idee = IdeeFabrique(etat="publiee")
    vu = Commentaire.objects.create(cible=idee, auteur=voisin, texte="Bien dit")
    cache = Commentaire.objects.create(cible=idee, auteur=voisin, texte="Mal dit")
    for commentaire in (vu, cache):
        Accord.objects.create(commentaire=commentaire, personne=citoyenne)
    masquer(cache, par=moderatrice, motif="injure", explication="Une injure.")
    client.force_login(citoyenne)
    page = lire(client, "mes_accords")
    assert "Bien dit" in page
    assert "Mal dit" not in page


def test_mes_commentaires_et_ce_qu_ils_sont_devenus(client, citoyenne, voisin, agent, moderatrice):
    """What one of them changed, how many answers it got, and where the idea stands."""
    idee = IdeeFabrique(etat="en_etude", titre="Des bancs")
    ecoute = commenter(idee, par=citoyenne, texte="Tournez-les vers le lavoir.")
    commenter(idee, par=voisin, texte="Bonne idée.", parent=ecoute)
    masquer(
        commenter(idee, par=voisin, texte="Idiote.", parent=ecoute), par=moderatrice, motif="injure", explication="Oh."
    )
    posee = distinguer(ecoute, par=agent, ce_qui_change="Ils seront tournés vers le lavoir.")
    approuver(ecoute, par=voisin)
    for personne, nom in ((citoyenne, "mes_commentaires"), (voisin, "mes_accords")):
        client.force_login(personne)
        page = lire(client, nom)
        assert "Ils seront tournés vers le lavoir." in page
        assert "par la collectivité." in page
        assert "Réponse attendue le" in page
    client.force_login(citoyenne)
    assert "1 réponse reçue" in lire(client, "mes_commentaires")
    franchir(posee.retirer, par=agent, motif="Une erreur.")
    assert "Ils seront tournés" not in lire(client, "mes_commentaires")
    masquer(idee, par=moderatrice, motif="injure", explication="Une injure.")
    for nom in ("mes_commentaires", "mes_accords"):
        assert "Réponse attendue le" not in lire(client, nom)


def test_ce_que_je_suis_dit_ce_que_c_est_devenu(client, citoyenne):
    """An idea, a projet, a box: no kind is followed in silence."""
    for chose in (IdeeFabrique(etat="en_etude"), ProjetFabrique(ouvert=True), BoiteFabrique()):
        abonner(citoyenne, chose)
    client.force_login(citoyenne)
    assert lire(client, "mes_suivis").count('<p class="devenir">') == 3


def test_les_reponses_attendues_la_plus_en_retard_d_abord(client, citoyenne):
    mienne = IdeeFabrique(
        auteur=citoyenne, etat="en_etude", titre="Écrite par moi", boite=BoiteFabrique(delai_reponse=30)
    )
    soutenue = IdeeFabrique(etat="en_etude", titre="Soutenue par moi", boite=BoiteFabrique(delai_reponse=10))
    suivie = IdeeFabrique(etat="en_etude", titre="Suivie par moi", boite=BoiteFabrique(delai_reponse=20))
    IdeeFabrique(etat="en_etude", titre="Étrangère")
    IdeeFabrique(auteur=citoyenne, etat="retenue", titre="Répondue")
    soutenir(soutenue, par=citoyenne)
    abonner(citoyenne, suivie)
    # Her support of her own idea, or a follow beside a support, says nothing twice.
    abonner(citoyenne, mienne)
    client.force_login(citoyenne)
    reponse = client.get(reverse("portail:mes_attentes"))
    assert [e.cible.titre for e in reponse.context["page"]] == ["Soutenue par moi", "Suivie par moi", "Écrite par moi"]
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        client.force_login(citoyenne)
        page = lire(client, "mes_attentes")
        assert page.count("Réponse en retard : elle était promise pour le") == 1
        assert "1 réponse est en retard." in lire(client, "mon_espace")


def test_ne_plus_suivre_d_un_clic_et_se_raviser_d_un_autre(client, citoyenne):
    idee = IdeeFabrique(etat="publiee", titre="Des bancs")
    abonner(citoyenne, idee)
    abonnement = Abonnement.objects.get(personne=citoyenne)
    client.force_login(citoyenne)
    chemin = reverse("portail:ne_plus_suivre", args=[abonnement.pk])
    assert client.get(chemin).status_code == 405
    assert suit(citoyenne, idee)
    reponse = client.post(chemin, follow=True)
    assert not suit(citoyenne, idee)
    page = reponse.content.decode()
    assert "Vous ne suivez plus « Des bancs »." in page
    arrete = reponse.context["arrete"]
    client.post(arrete["url"], {"action": "suivre", "suite": reverse("portail:mes_suivis")})
    assert suit(citoyenne, idee)


def test_la_facon_de_suivre_se_lit_et_se_change_sur_la_ligne(client, citoyenne):
    choses = [IdeeFabrique(etat="publiee"), ProjetFabrique(ouvert=True), BoiteFabrique()]
    for chose in choses:
        abonner(citoyenne, chose, "informe")
    client.force_login(citoyenne)
    assert lire(client, "mes_suivis").count('value="informe" aria-pressed="true"') == 3
    abonnements = client.get(reverse("portail:mes_suivis")).context["page"].object_list
    assert [abonnement.cible for abonnement in abonnements] == choses[::-1]
    for abonnement in abonnements:
        suite = f"{reverse('portail:mes_suivis')}?page=1#suivi-{abonnement.pk}"
        for _double_clic in range(2):
            assert client.post(abonnement.url_facon, {"action": "participe", "suite": suite}).url == suite
        assert facon_de(citoyenne, abonnement.cible) == "participe"
    assert 'value="informe" aria-pressed="true"' not in lire(client, "mes_suivis")


@pytest.mark.parametrize(("dite", "rendue"), [("informe", "informe"), ("participe", "participe"), ("<b>", "participe")])
def test_se_raviser_rend_la_facon_d_avant(client, citoyenne, dite, rendue):
    idee = IdeeFabrique(etat="publiee")
    abonner(citoyenne, idee, "informe")
    client.force_login(citoyenne)
    abonnement = Abonnement.objects.get(personne=citoyenne)
    suite = client.post(reverse("portail:ne_plus_suivre", args=[abonnement.pk])).url
    assert suite.endswith("&facon=informe")
    page = client.get(suite.replace("facon=informe", f"facon={dite}")).content.decode()
    assert f'<input type="hidden" name="action" value="{rendue}">' in page


def test_deux_clics_presses_et_l_abonnement_d_une_autre(client, citoyenne, voisin):
    idee = IdeeFabrique(etat="publiee")
    abonner(citoyenne, idee)
    abonner(voisin, idee)
    sien, autre = (Abonnement.objects.get(personne=qui) for qui in (citoyenne, voisin))
    client.force_login(citoyenne)
    for _ in range(2):
        assert client.post(reverse("portail:ne_plus_suivre", args=[sien.pk])).status_code == 302
    client.post(reverse("portail:ne_plus_suivre", args=[autre.pk]))
    assert suit(voisin, idee)


def test_ce_qui_n_est_plus_visible_se_quitte_sans_dire_son_nom(client, citoyenne, moderatrice):
    idee = IdeeFabrique(etat="publiee", titre="Titre à taire")
    abonner(citoyenne, idee)
    masquer(idee, par=moderatrice, motif="injure", explication="Une injure.")
    client.force_login(citoyenne)
    for nom in ("mon_espace", "mes_suivis"):
        assert "Titre à taire" not in lire(client, nom)
    assert "Cette page n’est plus visible." in lire(client, "mes_suivis")
    abonnement = Abonnement.objects.get(personne=citoyenne)
    page = client.post(reverse("portail:ne_plus_suivre", args=[abonnement.pk]), follow=True).content.decode()
    assert "Titre à taire" not in page
    assert not suit(citoyenne, idee)


@pytest.mark.parametrize(
    "arrete", ["x", "idees.idee", "idees.idee-", "idees.idee-9999", "idees.idee-²", "auth.user-1", "idees.idee-" + "9" * 40, "<script>-1"]
)  # fmt: skip
def test_une_adresse_inventee_ne_montre_rien(client, citoyenne, arrete):
    client.force_login(citoyenne)
    page = lire(client, "mes_suivis", arrete=arrete)
    assert "Vous ne suivez plus" not in page
    assert "<script>-1" not in page


def test_une_longue_liste_se_lit_page_a_page(client, citoyenne):
    boite, theme = BoiteFabrique(), ThematiqueFabrique()
    for n in range(PAR_PAGE + 1):
        IdeeFabrique(boite=boite, thematique=theme, auteur=citoyenne, titre=f"Numéro {n}.")
    client.force_login(citoyenne)
    assert "Numéro 0." not in lire(client, "mes_idees")
    assert "Numéro 0." in lire(client, "mes_idees", page=2)
    assert "Numéro 0." in lire(client, "mes_idees", page="999")


def test_autant_de_requetes_pour_une_que_pour_cinquante(client, citoyenne, voisin):
    """Straight to the table, around one of each that came by the real roads; the first page, and the second."""
    boite, theme, projet = BoiteFabrique(), ThematiqueFabrique(), ProjetFabrique()
    sienne = IdeeFabrique(boite=boite, thematique=theme, auteur=voisin, etat="en_etude")
    mienne = IdeeFabrique(boite=boite, thematique=theme, auteur=citoyenne, etat="publiee")

    def autant(modele, nombre, **champs):
        """Others like this one."""
        noms = [c.attname for c in modele._meta.concrete_fields if not (c.primary_key or c.unique)]
        commun = {nom: getattr(modele, nom) for nom in noms} | champs
        rangs = range(nombre)
        return type(modele).objects.bulk_create(
            type(modele)(**commun, **({"slug": f"{nombre}-{n}"} if hasattr(modele, "slug") else {})) for n in rangs
        )

    def ajouter(idees, projets, boites):
        Soutien.objects.bulk_create(Soutien(idee=idee, personne=citoyenne) for idee in idees)
        Echeance.objects.bulk_create(
            [Echeance(cible=idee, service=boite.service, due_le=timezone.localdate()) for idee in idees],
            ignore_conflicts=True,
        )
        for suivies in zip(idees, projets, boites, strict=True):  # one of each kind after the other, as they are shown
            for cible in suivies:
                abonner(citoyenne, cible)
        Commentaire.objects.bulk_create(Commentaire(cible=idee, auteur=citoyenne, texte="Le mien") for idee in idees)
        siens = Commentaire.objects.bulk_create(
            Commentaire(cible=idee, auteur=voisin, texte="Le sien") for idee in idees
        )
        Accord.objects.bulk_create(Accord(commentaire=sien, personne=citoyenne) for sien in siens)

    def requetes(page) -> dict[str, int]:
        couts = {}
        for nom in PAGES:
            client.get(reverse(f"portail:{nom}"))
            with CaptureQueriesContext(connection) as captees:
                lire(client, nom, page=page)
            couts[nom] = len(captees)
        return couts

    client.force_login(citoyenne)
    ajouter([sienne], [projet], [boite])
    une = requetes(1)
    autant(mienne, 49)
    ajouter(autant(sienne, 49), autant(projet, 49), autant(boite, 49))
    assert requetes(1) == une
    assert [nom for nom, cout in requetes(2).items() if cout > une[nom]] == []


def test_une_personne_sans_rien_ne_voit_rien_de_celle_d_a_cote(client, citoyenne):
    idee = IdeeFabrique(etat="en_etude", titre="Pas la mienne")
    autre = PersonneFabrique()
    soutenir(idee, par=autre)
    abonner(autre, idee)
    Commentaire.objects.create(cible=idee, auteur=autre, texte="Pas le mien")
    client.force_login(citoyenne)
    for nom in PAGES:
        page = lire(client, nom)
        assert "Pas la mienne" not in page
        assert "Pas le mien" not in page
