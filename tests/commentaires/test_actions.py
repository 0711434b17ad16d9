"""What a discussion accepts, keeps and refuses."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from commentaires.actions import COMMENTAIRES_MAX, approuver, commenter, ne_plus_approuver
from commentaires.models import Accord, Commentaire
from comptes.models import Mandat
from moderation.actions import masquer
from notifications.models import Abonnement
from tests.fabriques import EtapeFabrique, IdeeFabrique, ServiceFabrique, publier_reponse
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee")


def test_un_commentaire_est_consigne_sans_ses_mots_et_son_autrice_suit_l_idee(idee, voisin):
    commentaire = commenter(idee, par=voisin, texte="Un mot très reconnaissable.", position="pour")
    entree = Entree.objects.get(type="commentaires.publier")
    assert (entree.cible, entree.par, entree.est_publique) == (commentaire, voisin, True)
    assert entree.donnees == {"sur": f"idees.idee:{idee.pk}", "reponse": False, "officielle": False}
    assert "reconnaissable" not in str(entree.donnees)
    assert Abonnement.objects.sur(idee).filter(personne=voisin).exists()
    assert (commentaire.position, commentaire.voix_officielle, commentaire.qualite) == ("pour", False, "")
    assert verifier()[1] is None


def test_une_reponse_tient_sous_un_premier_commentaire_et_ne_prend_pas_position(idee, voisin, citoyenne):
    premier = commenter(idee, par=voisin, texte="Des bancs.")
    reponse = commenter(idee, par=citoyenne, texte="À l’ombre.", position="contre", parent=premier)
    assert (reponse.parent, reponse.position) == (premier, "neutre")
    assert Entree.objects.get(cible_id=reponse.pk, type="commentaires.publier").donnees["reponse"] is True
    with pytest.raises(EtapeInvalide) as refus:
        commenter(idee, par=voisin, texte="Trois étages ?", parent=reponse)
    assert refus.value.champ == "parent"


def test_on_ne_repond_ni_ailleurs_ni_a_ce_qui_n_est_plus_la(idee, voisin, citoyenne, moderatrice):
    ailleurs = commenter(IdeeFabrique(etat="publiee"), par=citoyenne, texte="Ailleurs.")
    retire = commenter(idee, par=citoyenne, texte="Retiré.")
    franchir(retire.retirer, par=citoyenne)
    masque = commenter(idee, par=citoyenne, texte="Masqué.")
    masquer(masque, par=moderatrice, motif="injure", explication="Restons polis.")
    avant = Commentaire.objects.count(), Entree.objects.count()
    for parent in (ailleurs, retire, masque, Commentaire(pk=10**12)):
        with pytest.raises(EtapeInvalide):
            commenter(idee, par=voisin, texte="Je réponds.", parent=parent)
    assert (Commentaire.objects.count(), Entree.objects.count()) == avant


@pytest.mark.parametrize("texte", ["", "   \n ", "\x00", "a" * 3001])
def test_un_texte_vide_ou_trop_long_est_refuse(idee, voisin, texte):
    with pytest.raises(EtapeInvalide) as refus:
        commenter(idee, par=voisin, texte=texte)
    assert refus.value.champ == "texte"
    assert not Commentaire.objects.exists()
    assert not Entree.objects.filter(type="commentaires.publier").exists()


def test_le_caractere_nul_et_les_retours_de_ligne_du_navigateur_ne_comptent_pas(idee, voisin):
    texte = "a\x00\r\n" * 1500
    assert commenter(idee, par=voisin, texte=texte).texte == ("a\n" * 1500).strip()


def test_une_position_inconnue_est_refusee(idee, voisin):
    with pytest.raises(EtapeInvalide) as refus:
        commenter(idee, par=voisin, texte="Oui.", position="<script>")
    assert refus.value.champ == "position"


@pytest.mark.parametrize("etat", ["brouillon", "a_moderer", "retenue", "realisee", "retiree", "refusee", "fusionnee"])
def test_une_discussion_fermee_le_reste(etat, voisin):
    with pytest.raises(EtapeInterdite):
        commenter(IdeeFabrique(etat=etat), par=voisin, texte="Trop tard.")


def test_la_base_dit_si_la_discussion_est_ouverte_pas_la_page(idee, voisin, moderatrice):
    """The idea in hand is old news: it was hidden meanwhile."""
    vieille = type(idee).objects.get(pk=idee.pk)
    masquer(idee, par=moderatrice, motif="hors_sujet", explication="Pas ici.")
    with pytest.raises(EtapeInterdite):
        commenter(vieille, par=voisin, texte="Encore là ?")


def test_un_projet_se_discute_pendant_l_etape_qui_le_dit(voisin):
    ouverte = EtapeFabrique(projet__ouvert=True, ouvre=["commenter"])
    fermee = EtapeFabrique(projet__ouvert=True, ouvre=["soutenir"])
    assert commenter(ouverte.projet, par=voisin, texte="Bien.").projet_du_journal() == ouverte.projet
    with pytest.raises(EtapeInterdite):
        commenter(fermee.projet, par=voisin, texte="Bien.")
    with time_machine.travel(timezone.now() + timedelta(days=60)), pytest.raises(EtapeInterdite):
        commenter(ouverte.projet, par=voisin, texte="Deux mois après.")


# --- The official voice ------------------------------------------------------------------------------------------


def test_la_voix_officielle_garde_sa_qualite_du_jour(idee, agent, elue):
    de_l_agent = commenter(idee, par=agent, texte="Le service regarde.", officielle=True)
    de_l_elue = commenter(idee, par=elue, texte="J’ai lu.", officielle=True)
    assert de_l_agent.qualite == "Agent du dialogue citoyen"
    mandat = Mandat.objects.get(personne=elue)
    assert de_l_elue.qualite == f"{mandat.nom_officiel}, {mandat.intitule}"
    elue.roles_globaux.all().delete()
    mandat.delete()
    assert Commentaire.objects.get(pk=de_l_elue.pk).voix_officielle
    assert Entree.objects.get(cible_id=de_l_elue.pk, type="commentaires.publier").donnees["officielle"] is True


def test_un_agent_peut_aussi_parler_pour_lui_meme(idee, agent):
    commentaire = commenter(idee, par=agent, texte="À titre personnel.")
    assert (commentaire.voix_officielle, commentaire.qualite) == (False, "")


@pytest.mark.parametrize("qui", ["voisin", "moderatrice"])
def test_personne_d_autre_ne_parle_au_nom_de_la_collectivite(idee, qui, request):
    with pytest.raises(EtapeInterdite):
        commenter(idee, par=request.getfixturevalue(qui), texte="La mairie dit oui.", officielle=True)
    assert not Commentaire.objects.exists()


def test_la_base_refuse_une_voix_officielle_sans_qualite(idee, voisin):
    with pytest.raises(IntegrityError), transaction.atomic():
        Commentaire.objects.create(cible=idee, auteur=voisin, texte="Oui.", voix_officielle=True)


# --- Too much, twice ---------------------------------------------------------------------------------------------


def test_le_meme_envoi_deux_fois_fait_un_commentaire(idee, voisin):
    premier = commenter(idee, par=voisin, texte="Des bancs.")
    assert commenter(idee, par=voisin, texte=" Des bancs.\r\n") == premier
    assert (Commentaire.objects.count(), Entree.objects.filter(type="commentaires.publier").count()) == (1, 1)


def test_ce_n_est_pas_un_double_envoi(idee, voisin, citoyenne):
    """Another person, another thing, another place in the discussion, another position, or a minute later."""
    premier = commenter(idee, par=voisin, texte="Des bancs.")
    assert commenter(idee, par=voisin, texte="Des bancs.", position=Commentaire.Position.POUR) != premier
    commenter(idee, par=citoyenne, texte="Des bancs.")
    commenter(IdeeFabrique(etat="publiee"), par=voisin, texte="Des bancs.")
    commenter(idee, par=voisin, texte="Des bancs.", parent=premier)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        commenter(idee, par=voisin, texte="Des bancs.")
    assert Commentaire.objects.count() == 6


def test_dix_commentaires_en_cinq_minutes_puis_on_attend(idee, voisin, citoyenne):
    for n in range(COMMENTAIRES_MAX):
        commenter(idee, par=voisin, texte=f"Commentaire {n}.")
    with pytest.raises(TropVite) as refus:
        commenter(idee, par=voisin, texte="Encore un.")
    assert "5 minutes" in str(refus.value)
    commenter(idee, par=citoyenne, texte="Je n’y suis pour rien.")
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        commenter(idee, par=voisin, texte="Me revoilà.")
    assert Commentaire.objects.count() == COMMENTAIRES_MAX + 2


def test_retirer_ses_commentaires_ne_rend_pas_le_droit_d_en_ecrire_plus(idee, voisin):
    for n in range(COMMENTAIRES_MAX):
        franchir(commenter(idee, par=voisin, texte=f"Commentaire {n}.").retirer, par=voisin)
    with pytest.raises(TropVite):
        commenter(idee, par=voisin, texte="Encore un.")


# --- « D'accord » ------------------------------------------------------------------------------------------------


def test_d_accord_une_fois_et_cela_se_reprend(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Des bancs.")
    entrees = Entree.objects.count()
    assert [approuver(commentaire, par=citoyenne) for _ in range(3)] == [True, False, False]
    assert Accord.objects.count() == 1
    assert [ne_plus_approuver(commentaire, par=citoyenne) for _ in range(3)] == [True, False, False]
    assert Accord.objects.count() == 0
    assert Entree.objects.count() == entrees, "an opinion is not a public act"


def test_la_discussion_fermee_garde_les_accords_donnes(idee, voisin, citoyenne, agent):
    commentaire = commenter(idee, par=voisin, texte="Des bancs.")
    approuver(commentaire, par=citoyenne)
    franchir(idee.prendre, par=agent, service=ServiceFabrique())
    publier_reponse(idee, agent=agent)
    commentaire = Commentaire.objects.get(pk=commentaire.pk)
    for geste in (approuver, ne_plus_approuver):
        with pytest.raises(EtapeImpossible):
            geste(commentaire, par=citoyenne)
    assert Accord.objects.count() == 1


def test_un_commentaire_retire_entre_temps_ne_s_approuve_plus(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Des bancs.")
    franchir(Commentaire.objects.get(pk=commentaire.pk).retirer, par=voisin)
    with pytest.raises(EtapeImpossible):
        approuver(commentaire, par=citoyenne)


def test_la_base_refuse_deux_accords(idee, voisin, citoyenne):
    commentaire = commenter(idee, par=voisin, texte="Des bancs.")
    Accord.objects.create(commentaire=commentaire, personne=citoyenne)
    with pytest.raises(IntegrityError), transaction.atomic():
        Accord.objects.create(commentaire=commentaire, personne=citoyenne)


# --- Live --------------------------------------------------------------------------------------------------------


def test_tout_ce_qui_bouge_reveille_la_page_de_l_idee(
    idee, voisin, citoyenne, moderatrice, monkeypatch, django_capture_on_commit_callbacks
):
    from timeline import temps_reel

    reveilles = []
    monkeypatch.setattr("commentaires.actions.diffuser", lambda *groupes: reveilles.extend(groupes))
    monkeypatch.setattr("moderation.actions.diffuser", lambda *groupes: reveilles.extend(groupes))
    attendu = [temps_reel.groupe_de(idee)]

    def reveil(geste):
        reveilles.clear()
        with django_capture_on_commit_callbacks(execute=True):
            resultat = geste()
        assert reveilles == attendu
        return resultat

    commentaire = reveil(lambda: commenter(idee, par=voisin, texte="Des bancs."))
    reveil(lambda: approuver(commentaire, par=citoyenne))
    reveil(lambda: ne_plus_approuver(commentaire, par=citoyenne))
    reveil(lambda: masquer(commentaire, par=moderatrice, motif="injure", explication="Restons polis."))
    autre = reveil(lambda: commenter(idee, par=citoyenne, texte="Un autre."))
    reveil(lambda: franchir(autre.retirer, par=citoyenne))


@pytest.mark.django_db(transaction=True)
def test_ecrire_repond_meme_quand_un_recepteur_casse(idee, voisin, monkeypatch):
    """The channel layer is down: the comment is written all the same."""
    from timeline import temps_reel

    class Panne:
        async def group_send(self, *args):
            raise ConnectionError

    monkeypatch.setattr(temps_reel, "get_channel_layer", Panne)
    assert commenter(idee, par=voisin, texte="Des bancs.").pk
