"""Reports and decisions: what is written, what comes back, what can never be done without reasons."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction

from commentaires.actions import approuver, commenter
from idees.actions import soutenir
from idees.models import Idee
from moderation.actions import SIGNALEMENTS_MAX, masquer, retablir, signaler
from moderation.models import Decision, Signalement, modeles_moderables
from notifications.annonces import annoncer
from notifications.models import Courriel, Notification
from tests.fabriques import IdeeFabrique, PersonneFabrique
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, franchir
from timeline.models import Entree, RegistreScelle, Relais
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
RAISONS = {"motif": "injure", "explication": "Restons polis : dites-le autrement."}


@pytest.fixture
def idee():
    return IdeeFabrique(etat="publiee", titre="Des bancs à l’ombre")


@pytest.fixture
def commentaire(idee, voisin):
    return commenter(idee, par=voisin, texte="Vous êtes nuls.")


def tout_annoncer():
    for relais in list(Relais.objects.order_by("pk")):
        annoncer(relais.entree_id)


# --- No decision without its reasons (DSA-03) --------------------------------------------------------------------


def test_chaque_contribution_masquee_ou_refusee_a_ses_raisons(commentaire, idee, moderatrice):
    masquer(commentaire, par=moderatrice, **RAISONS)
    masquer(idee, par=moderatrice, **RAISONS)
    refusee = IdeeFabrique(etat="refusee")
    for modele in modeles_moderables():
        for objet in modele.objects.filter(masquee_le__isnull=False):
            assert Decision.objects.sur(objet).filter(sens="masquer", motif=objet.masquee_motif).exists()
    assert Decision.objects.sur(refusee).filter(sens="refuser").exists()


@pytest.mark.parametrize("raisons", [{"motif": "", "explication": "Non."}, {"motif": "injure", "explication": ""}])
def test_sans_raison_rien_n_est_masque(commentaire, moderatrice, raisons):
    """The database itself refuses; the contribution stays."""
    entrees = Entree.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        masquer(commentaire, par=moderatrice, **raisons)
    commentaire.refresh_from_db()
    assert not commentaire.est_masquee
    assert (Decision.objects.count(), Entree.objects.count()) == (0, entrees)


@pytest.mark.parametrize("raisons", [{"motif": "", "explication": "Non."}, {"motif": "publicite", "explication": ""}])
def test_sans_raison_rien_n_est_refuse(moderatrice, raisons):
    idee = IdeeFabrique(etat="a_moderer")
    with pytest.raises(IntegrityError), transaction.atomic():
        franchir(idee.refuser, par=moderatrice, **raisons)
    assert Idee.objects.get(pk=idee.pk).etat == "a_moderer"
    assert not Decision.objects.exists()


def test_la_base_tient_ensemble_la_date_et_le_motif(idee):
    with pytest.raises(IntegrityError), transaction.atomic():
        Idee.objects.filter(pk=idee.pk).update(masquee_motif="injure")


def test_une_decision_ne_se_reecrit_pas(commentaire, moderatrice):
    decision = masquer(commentaire, par=moderatrice, **RAISONS)
    decision.explication = "Autre chose."
    with pytest.raises(RegistreScelle):
        decision.save()
    with pytest.raises(RegistreScelle):
        decision.delete()
    for geste in (
        lambda q: q.update(motif="illegal"),
        lambda q: q.delete(),
        lambda q: q.bulk_update([decision], ["motif"]),
    ):
        with pytest.raises(RegistreScelle):
            geste(Decision.objects.all())
    for ordre in ("UPDATE moderation_decision SET explication = 'x'", "DELETE FROM moderation_decision"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(ordre)
    assert Decision.objects.get().explication == RAISONS["explication"]


def test_le_compte_efface_d_une_moderatrice_laisse_la_decision(commentaire):
    partante = PersonneFabrique(roles=["moderatrice"])
    masquer(commentaire, par=partante, **RAISONS)
    Decision._base_manager.filter(par=partante).update(par=None)
    assert Decision.objects.get().par is None


# --- Hidden, then back -------------------------------------------------------------------------------------------


def test_retablir_ramene_soutiens_commentaires_et_accords(idee, commentaire, citoyenne, voisin, moderatrice):
    soutenir(idee, par=citoyenne)
    approuver(commentaire, par=citoyenne)
    masquer(idee, par=moderatrice, **RAISONS)
    with pytest.raises(EtapeImpossible):
        soutenir(idee, par=voisin)
    retablir(idee, par=moderatrice, explication="Relu.")
    idee = Idee.objects.visibles_par(AnonymousUser()).pour_liste(AnonymousUser()).get(pk=idee.pk)
    assert (idee.nb_soutiens, idee.nb_commentaires, commentaire.accords.count()) == (1, 1, 1)
    assert soutenir(idee, par=voisin)
    assert [d.sens for d in Decision.objects.sur(idee)] == ["retablir", "masquer"]


def test_masquer_est_public_dans_le_journal_sans_les_mots(commentaire, idee, moderatrice):
    masquer(commentaire, par=moderatrice, **RAISONS)
    entree = Entree.objects.get(type="moderation.masquer")
    assert (entree.est_publique, entree.cible) == (True, commentaire)
    assert entree.donnees == {"decision": Decision.objects.get().pk, "motif": "injure"}
    assert verifier()[1] is None


def test_l_autrice_recoit_les_raisons_par_courriel(commentaire, voisin, moderatrice):
    decision = masquer(commentaire, par=moderatrice, **RAISONS)
    tout_annoncer()
    courriel = Courriel.objects.filter(destinataire=voisin.email).latest("pk")
    assert RAISONS["explication"] in courriel.texte
    assert decision.get_absolute_url() in courriel.texte
    assert moderatrice.pseudonyme not in courriel.texte
    assert Notification.objects.filter(personne=voisin, entree__type="moderation.masquer").exists()


# --- Reports -----------------------------------------------------------------------------------------------------


def test_un_signalement_est_consigne_en_prive(commentaire, citoyenne):
    signalement, nouveau = signaler(commentaire, par=citoyenne, motif="injure", texte="« nuls »")
    assert nouveau
    entree = Entree.objects.get(type="moderation.signaler")
    assert (entree.cible, entree.par, entree.est_publique) == (signalement, citoyenne, False)
    assert entree.donnees == {"motif": "injure"}


def test_un_signalement_ouvert_par_personne_et_par_chose(commentaire, idee, citoyenne, moderatrice):
    premier, _n = signaler(commentaire, par=citoyenne, motif="injure")
    assert signaler(commentaire, par=citoyenne, motif="illegal", texte="Encore.") == (premier, False)
    assert signaler(idee, par=citoyenne, motif="injure")[1]
    assert (Signalement.objects.count(), Entree.objects.filter(type="moderation.signaler").count()) == (2, 2)
    franchir(premier.ecarter, par=moderatrice)
    assert signaler(commentaire, par=citoyenne, motif="injure")[1], "set aside once, it may be reported again"
    with pytest.raises(IntegrityError), transaction.atomic():
        Signalement.objects.create(cible=commentaire, par=citoyenne, motif="injure")


def test_sans_compte_l_adresse_compte_pour_une_personne(commentaire):
    visiteuse = AnonymousUser()
    premier, nouveau = signaler(commentaire, par=visiteuse, motif="injure", nom="Lou", courriel="Lou@exemple.fr")
    assert nouveau
    assert signaler(commentaire, par=visiteuse, motif="injure", courriel="lou@exemple.fr") == (premier, False)
    assert signaler(commentaire, par=visiteuse, motif="injure")[1], "without an address, each one is read"
    assert (premier.par, premier.nom, premier.courriel) == (None, "Lou", "lou@exemple.fr")
    assert {e.par for e in Entree.objects.filter(type="moderation.signaler")} == {None}


def test_accuse_de_reception_puis_reponse(commentaire, citoyenne, moderatrice):
    """With an account and without; the words of the report are not mailed to an address that nobody checked."""
    signaler(commentaire, par=citoyenne, motif="injure", texte="Mots du signalement.")
    signaler(commentaire, par=AnonymousUser(), motif="injure", texte="Mots du signalement.", courriel="lou@exemple.fr")
    tout_annoncer()
    for adresse in (citoyenne.email, "lou@exemple.fr"):
        courriel = Courriel.objects.get(destinataire=adresse)
        assert "signalement" in courriel.objet
        assert "Mots du signalement" not in courriel.texte + courriel.html
    franchir(Signalement.objects.first().retenir, par=moderatrice, **RAISONS)
    tout_annoncer()
    for adresse in (citoyenne.email, "lou@exemple.fr"):
        assert Courriel.objects.filter(destinataire=adresse).count() == 2


def test_on_ne_signale_ni_ses_mots_ni_ce_qui_est_masque(commentaire, voisin, citoyenne, moderatrice):
    with pytest.raises(EtapeInterdite):
        signaler(commentaire, par=voisin, motif="injure")
    masquer(commentaire, par=moderatrice, **RAISONS)
    with pytest.raises(EtapeImpossible):
        signaler(commentaire, par=citoyenne, motif="injure")
    assert not Signalement.objects.exists()


def test_vingt_signalements_par_heure(citoyenne, idee, voisin):
    cibles = IdeeFabrique.create_batch(SIGNALEMENTS_MAX, boite=idee.boite, auteur=voisin, etat="publiee")
    for cible in cibles:
        signaler(cible, par=citoyenne, motif="publicite")
    with pytest.raises(TropVite):
        signaler(idee, par=citoyenne, motif="publicite")
    assert Signalement.objects.count() == SIGNALEMENTS_MAX


def test_une_decision_repond_a_tous_les_signalements_de_la_meme_chose(commentaire, idee, moderatrice):
    lanceuses = PersonneFabrique.create_batch(3)
    signalements = [signaler(commentaire, par=p, motif="injure")[0] for p in lanceuses]
    ailleurs, _n = signaler(idee, par=lanceuses[0], motif="injure")
    franchir(signalements[1].retenir, par=moderatrice, **RAISONS)
    assert set(Signalement.objects.exclude(pk=ailleurs.pk).values_list("etat", "traite_par")) == {
        ("fonde", moderatrice.pk)
    }
    assert Signalement.objects.get(pk=ailleurs.pk).etat == "recu"
    decision = Decision.objects.get()
    assert decision.signalement == signalements[1]
    assert Entree.objects.filter(type="moderation.retenir").count() == 3
    assert Entree.objects.filter(type="moderation.masquer").count() == 1


def test_ecarter_repond_aussi_a_tous(commentaire, moderatrice):
    signalements = [signaler(commentaire, par=p, motif="injure")[0] for p in PersonneFabrique.create_batch(3)]
    franchir(signalements[0].ecarter, par=moderatrice)
    assert set(Signalement.objects.values_list("etat", flat=True)) == {"ecarte"}
    commentaire.refresh_from_db()
    assert not commentaire.est_masquee
    assert not Decision.objects.exists()


def test_signale_puis_masque_par_une_autre_voie(commentaire, citoyenne, moderatrice):
    """The report can no longer be set aside; found right, it adds no second decision."""
    signalement, _n = signaler(commentaire, par=citoyenne, motif="injure")
    masquer(commentaire, par=moderatrice, **RAISONS)
    with pytest.raises(EtapeImpossible):
        franchir(signalement.ecarter, par=moderatrice)
    franchir(signalement.retenir, par=moderatrice, **RAISONS)
    assert Decision.objects.count() == 1
