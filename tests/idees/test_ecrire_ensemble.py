"""What a community wrote becomes an idea: whose names, which box, and what is said where."""

import uuid
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.urls import reverse

from communautes.models import Adhesion, Communaute, Ebauche
from idees import ensemble
from idees.ensemble import DejaDeposee
from idees.models import CoAutrice, Idee, IdeeDeCommunaute
from idees.models.equipe import EQUIPE_MAX
from moderation.actions import masquer
from notifications.models import Abonnement, Courriel, Notification
from territoires.models import Territoire
from tests.communautes.ecrits import MOTS, deposer, ecrire_ensemble, reecrire, signer
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ThematiqueFabrique, amener_depuis_soumise
from tests.notifications.conftest import dire, taire
from tests.requetes import requetes
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
A = Communaute.Acces


def page(reponse) -> str:
    return unescape(reponse.content.decode())


@pytest.fixture
def ebauche():
    """Signed by the leader and by two members, in a public community."""
    ebauche = ecrire_ensemble(ouvrir(nom="Les lavandières fictives"))
    signer(ebauche, animatrice_de(ebauche.communaute), adherer(ebauche.communaute))
    return ebauche


def saisie(ebauche, boite, **autres) -> dict:
    ebauche.refresh_from_db()
    depart = {
        "boite": boite.pk,
        "thematique": ThematiqueFabrique().pk,
        "numero": ebauche.numero,
        "cle_saisie": uuid.uuid4(),
    }
    return depart | autres


def adresse(ebauche) -> str:
    return reverse("idees:deposer_ensemble", args=[ebauche.pk])


# --- Sending ---------------------------------------------------------------------------------------------------------


def test_le_texte_signe_devient_une_idee_au_nom_de_toutes(client, ebauche, moderatrice):
    hote = animatrice_de(ebauche.communaute)
    autre = next(s.personne for s in ebauche.signatures.all() if s.personne != hote)
    boite = BoiteFabrique()
    client.force_login(hote)
    assert "Déposer dans une boîte" in page(client.get(ebauche.get_absolute_url()))
    lue = page(client.get(adresse(ebauche)))
    assert boite.titre in lue and boite.regles_en_clair() in lue and autre.pseudonyme in lue and "co-auteur" in lue
    reponse = client.post(adresse(ebauche), saisie(ebauche, boite), follow=True)
    idee = Idee.objects.get()
    assert reponse.redirect_chain[-1][0] == idee.get_absolute_url() and "bien reçue" in page(reponse)
    assert (idee.auteur, idee.titre, idee.texte, idee.etat) == (hote, MOTS["titre"], MOTS["texte"], "a_moderer")
    assert [(c.personne, c.etat, c.place) for c in idee.coautrices.all()] == [(autre, "acceptee", 1)]
    assert idee.nom_de_l_auteur == f"{hote.pseudonyme}, avec {autre.pseudonyme}"
    assert Ebauche.objects.get().etat == "deposee" and IdeeDeCommunaute.objects.get().idee == idee
    assert {a.personne for a in Abonnement.objects.sur(idee)} == {hote, autre}
    entree = Entree.objects.get(type="communautes.ebauche.deposer")
    assert (entree.communaute, entree.donnees["version"]) == (ebauche.communaute, 1)
    assert Entree.objects.get(type="idees.soumettre").donnees["ensemble"] == 2
    franchir(idee.publier, par=moderatrice)
    client.logout()
    lue = page(client.get(idee.get_absolute_url()))
    assert "Écrite à plusieurs dans la communauté" in lue and "Les lavandières fictives" in lue
    assert "Lire comment le texte s’est écrit" in lue
    assert verifier()[1] is None


def test_une_boite_qui_publie_tout_de_suite_publie(ebauche):
    idee = deposer(ebauche, par=animatrice_de(ebauche.communaute), boite=BoiteFabrique(moderation="apres"))
    assert idee.etat == "publiee"


def test_deposer_deux_fois_mene_a_la_meme_idee(client, ebauche):
    hote, boite = animatrice_de(ebauche.communaute), BoiteFabrique()
    client.force_login(hote)
    deux_fois = saisie(ebauche, boite)
    chemins = [client.post(adresse(ebauche), deux_fois).headers["Location"] for _fois in range(2)]
    assert chemins[0] == chemins[1] == Idee.objects.get().get_absolute_url()
    with pytest.raises(DejaDeposee):
        deposer(ebauche, par=hote)
    # Somebody of the community whose name is not on it cannot read it while it waits: the draft tells her.
    client.force_login(adherer(ebauche.communaute))
    reponse = client.get(adresse(ebauche), follow=True)
    assert reponse.redirect_chain[-1][0] == ebauche.get_absolute_url()
    assert "Ce texte est déjà déposé" in page(reponse) and f"/idees/{Idee.objects.get().pk}/" not in page(reponse)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdeeDeCommunaute.objects.create(idee=IdeeFabrique(), ebauche=ebauche)


def test_on_ne_depose_que_ce_que_l_on_a_signe(client, ebauche):
    membre, boite = adherer(ebauche.communaute), BoiteFabrique()
    client.force_login(membre)
    assert "Signez d’abord ce texte" in page(client.get(adresse(ebauche)))
    reponse = client.post(adresse(ebauche), saisie(ebauche, boite))
    assert reponse.status_code == 403 and "Signez d’abord" in page(reponse)
    signer(ebauche, membre)
    perimee = saisie(ebauche, boite)
    reecrire(ebauche, texte="Des bancs et une fontaine au lavoir.")
    reponse = client.post(adresse(ebauche), perimee)
    assert reponse.status_code == 409 and "vient de changer" in page(reponse)
    assert not Idee.objects.exists() and Ebauche.objects.get().etat == "en_ecriture"


def test_les_regles_de_la_boite_s_appliquent(client, ebauche):
    commune = Territoire.objects.create(genre="commune", code="00000", nom="Commune fictive", slug="commune-fictive")
    hote = animatrice_de(ebauche.communaute)
    ouverte = BoiteFabrique()
    fermee = BoiteFabrique(est_active=False)
    reservee = BoiteFabrique(qui="habitantes", territoire=commune)
    client.force_login(hote)
    lue = page(client.get(adresse(ebauche)))
    assert ouverte.titre in lue and fermee.titre not in lue and reservee.titre not in lue
    for boite in (fermee, reservee):
        assert client.post(adresse(ebauche), saisie(ebauche, boite)).status_code == 422
        with pytest.raises(EtapeInvalide):
            deposer(ebauche, par=hote, boite=boite)
    assert not Idee.objects.exists()


def test_sans_boite_ouverte_on_le_dit(client, ebauche):
    client.force_login(animatrice_de(ebauche.communaute))
    assert "Aucune boîte n’est ouverte pour vous" in page(client.get(adresse(ebauche)))


@pytest.mark.parametrize(
    "mauvais",
    [{"boite": ""}, {"boite": "x"}, {"boite": 10**30}, {"thematique": ""}, {"numero": "x"}, {"numero": 0},
     {"cle_saisie": "pas-une-cle"}, {"numero": "9" * 40}],
)  # fmt: skip
def test_un_formulaire_invente_n_ecrit_rien(client, ebauche, mauvais):
    client.force_login(animatrice_de(ebauche.communaute))
    assert client.post(adresse(ebauche), saisie(ebauche, BoiteFabrique()) | mauvais).status_code in {409, 422}
    assert not Idee.objects.exists()


def test_les_idees_proches_se_regardent_avant(client, ebauche):
    proche = IdeeFabrique(titre=MOTS["titre"], texte=MOTS["texte"], etat="publiee")
    client.force_login(animatrice_de(ebauche.communaute))
    assert proche.titre in page(client.get(adresse(ebauche)))
    envoi = saisie(ebauche, proche.boite)
    reponse = client.post(adresse(ebauche), envoi)
    assert reponse.status_code == 422 and "Regardez d’abord les idées proches" in page(reponse)
    assert client.post(adresse(ebauche), envoi | {"vue": proche.pk}).status_code == 302
    assert Idee.objects.count() == 2


def test_au_dela_de_dix_co_auteurs_on_le_dit_avant(client):
    ebauche = ecrire_ensemble()
    hote = animatrice_de(ebauche.communaute)
    gens = [adherer(ebauche.communaute) for _ in range(EQUIPE_MAX + 2)]
    signer(ebauche, *gens, hote)
    client.force_login(hote)
    lue = page(client.get(adresse(ebauche)))
    assert "au plus 10 co-auteurs" in lue and all(p.pseudonyme in lue for p in gens)
    idee = deposer(ebauche, par=hote)
    assert idee.autrices() == {hote.pk, *(p.pk for p in gens[:EQUIPE_MAX])}
    assert sorted(CoAutrice.objects.values_list("place", flat=True)) == list(range(1, EQUIPE_MAX + 1))
    assert {a.personne_id for a in Abonnement.objects.sur(idee)} == {hote.pk, *(p.pk for p in gens)}


@pytest.mark.parametrize("etat", [Adhesion.Etat.QUITTEE, Adhesion.Etat.EXCLUE])
def test_qui_n_est_plus_membre_n_est_pas_nommee(ebauche, etat):
    hote = animatrice_de(ebauche.communaute)
    autre = next(s.personne for s in ebauche.signatures.all() if s.personne != hote)
    adhesion = ebauche.communaute.adhesions.get(personne=autre)
    if etat == Adhesion.Etat.QUITTEE:
        franchir(adhesion.quitter, par=autre)
    else:
        franchir(adhesion.exclure, par=hote, motif="A insulté une voisine.")
    with pytest.raises(EtapeInterdite):
        deposer(ebauche, par=autre)
    assert deposer(ebauche, par=hote).autrices() == {hote.pk}


def test_un_texte_masque_ne_part_pas(ebauche, moderatrice):
    masquer(ebauche, par=moderatrice, motif="publicite", explication="Une publicité.")
    with pytest.raises(EtapeImpossible, match="masqué"):
        deposer(ebauche, par=animatrice_de(ebauche.communaute))


# --- What is said of the community -------------------------------------------------------------------------------------


def publier(idee):
    amener_depuis_soumise(idee, "publiee")
    return idee


@pytest.mark.parametrize(
    ("acces", "nommee", "historique"), [(A.PUBLIQUE, 1, 1), (A.SUR_DEMANDE, 1, 0), (A.SUR_INVITATION, 0, 0)]
)
def test_l_idee_ne_dit_que_ce_que_tout_le_monde_peut_trouver(client, acces, nommee, historique):
    communaute = ouvrir(acces, nom="Les lavandières secrètes")
    ebauche = ecrire_ensemble(communaute)
    hote = animatrice_de(communaute)
    signer(ebauche, hote)
    idee = publier(deposer(ebauche, par=hote))
    for personne in (None, PersonneFabrique(roles=["agent"]), hote):
        client.logout()
        if personne:
            client.force_login(personne)
        lue = page(client.get(idee.get_absolute_url()))
        assert ("Les lavandières secrètes" in lue) == bool(nommee)
        assert (communaute.slug in lue) == bool(nommee)
        assert ("Lire comment le texte" in lue) == (bool(historique) or (personne == hote and bool(nommee)))
    for chemin in (reverse("idees:liste"), reverse("timeline:chronologie"), reverse("idees:atom")):
        assert "lavandières secrètes" not in page(client.get(chemin)).replace(
            "Les lavandières secrètes", "" if nommee else "Les lavandières secrètes"
        )
    publiques = Entree.objects.autour(idee).visibles_par(AnonymousUser())
    assert "ebauche" not in str([e.donnees for e in publiques])


NOMMEE = "La page de l’idée dira qu’elle a été écrite dans votre communauté."
ON_COMPRENDRA = "Tout le monde pourra comprendre que vous en êtes membre."
TUE = "La page de l’idée ne dira rien de votre communauté."


@pytest.mark.parametrize(("acces", "ou_l_on_signe", "ou_l_on_depose"), [
    (A.PUBLIQUE, set(), {NOMMEE}),  # who writes there is read by everybody already
    (A.SUR_DEMANDE, {NOMMEE, ON_COMPRENDRA}, {NOMMEE, ON_COMPRENDRA}),
    (A.SUR_INVITATION, {TUE}, {TUE}),
])  # fmt: skip
def test_qui_signe_lit_ce_que_l_idee_dira_de_sa_communaute_comme_qui_depose(
    client, acces, ou_l_on_signe, ou_l_on_depose
):
    communaute = ouvrir(acces)
    ebauche = ecrire_ensemble(communaute)
    hote = animatrice_de(communaute)

    def dites(nom, *args) -> set[str]:
        lue = page(client.get(reverse(nom, args=args)))
        return {phrase for phrase in (NOMMEE, ON_COMPRENDRA, TUE) if phrase in lue}

    client.force_login(hote)
    assert dites("communautes:ebauche", communaute.slug, ebauche.pk) == ou_l_on_signe
    assert dites("communautes:ecrire_l_ebauche", communaute.slug, ebauche.pk) == ou_l_on_signe
    assert dites("communautes:commencer_une_ebauche", communaute.slug) == ou_l_on_signe
    signer(ebauche, hote)
    assert dites("idees:deposer_ensemble", ebauche.pk) == ou_l_on_depose


def test_la_communaute_devenue_plus_fermee_n_est_plus_nommee(client, ebauche):
    hote = animatrice_de(ebauche.communaute)
    idee = publier(deposer(ebauche, par=hote))
    from communautes.actions import modifier

    modifier(ebauche.communaute, par=hote, acces=A.SUR_INVITATION)
    assert "lavandières" not in page(client.get(idee.get_absolute_url()))


# --- What becomes of it ------------------------------------------------------------------------------------------------

SUITES = {
    "refusee": "Refusée par la modération",
    "publiee": "Ouverte aux soutiens",
    "en_etude": "À l’étude",
    "retenue": "Retenue",
    "non_retenue": "Non retenue",
    "realisee": "Réalisée",
}


@pytest.mark.parametrize("etat", SUITES)
def test_l_ebauche_dit_ce_que_l_idee_devient_et_la_communaute_l_apprend(client, etat):
    communaute = ouvrir(A.SUR_DEMANDE)
    ebauche = ecrire_ensemble(communaute)
    hote, membre = animatrice_de(communaute), adherer(communaute)
    partie = adherer(communaute, etat=Adhesion.Etat.QUITTEE)
    Abonnement.objects.create(personne=partie, cible=communaute)
    signer(ebauche, hote)
    idee = deposer(ebauche, par=hote)
    taire()
    amener_depuis_soumise(idee, etat)
    client.force_login(membre)
    lue = page(client.get(ebauche.get_absolute_url()))
    assert SUITES[etat] in lue
    assert (f'href="/idees/{idee.pk}/"' in lue) == (etat != "refusee")
    dire()
    objets = list(Courriel.objects.filter(personne=membre).values_list("objet", flat=True))
    assert f"Idée de votre communauté : {SUITES[etat]}" in objets
    assert not Courriel.objects.filter(personne=partie).exists()
    assert not Notification.objects.filter(personne=partie).exists()
    # Whoever signed it is told as its author, and not a second time as a member.
    assert not Courriel.objects.filter(personne=hote, objet__contains="Idée de votre communauté").exists()


def test_la_page_d_une_idee_ne_coute_pas_plus_cher_pour_les_autres(client, ebauche):
    temoin = IdeeFabrique(etat="publiee")
    sans = requetes(client, temoin.get_absolute_url())
    idee = publier(deposer(ebauche, par=animatrice_de(ebauche.communaute)))
    assert requetes(client, temoin.get_absolute_url()) == sans
    assert requetes(client, idee.get_absolute_url()) <= sans + 4


def test_les_requetes_du_depot_ne_dependent_pas_du_nombre(client):
    ebauche = ecrire_ensemble()
    hote = animatrice_de(ebauche.communaute)
    signer(ebauche, hote, adherer(ebauche.communaute))
    BoiteFabrique()
    client.force_login(hote)
    avant = requetes(client, adresse(ebauche))
    signer(ebauche, *[adherer(ebauche.communaute) for _ in range(50)])
    BoiteFabrique.create_batch(49)
    assert requetes(client, adresse(ebauche)) == avant


def test_le_systeme_et_les_inconnues_ne_deposent_pas(ebauche):
    for personne in (PersonneFabrique(), PersonneFabrique(roles=["agent"])):
        with pytest.raises(EtapeInterdite):
            ensemble.deposer(
                ebauche,
                par=personne,
                boite=BoiteFabrique(),
                thematique=ThematiqueFabrique(),
                numero=1,
                cle=uuid.uuid4(),
            )
