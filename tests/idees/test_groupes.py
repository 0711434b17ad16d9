"""A working group on an idea: who founds it, who is asked in, its project step by step, and what its members are told."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from communautes.actions import modifier
from communautes.models import Adhesion, Communaute
from idees import groupes
from idees.actions import ouvrir_un_projet
from idees.models import GroupeDeTravail, Idee
from moderation.actions import masquer
from notifications.abonnements import abonner
from notifications.models import Courriel
from reponses.actions import accomplir_jalon, planifier_jalon
from reponses.models import Reponse
from tests.fabriques import CADRE, IdeeFabrique, PersonneFabrique, ProjetFabrique, publier_reponse, rediger_reponse
from tests.idees.gestes import coautrice_de
from tests.notifications.conftest import dire, taire
from tests.requetes import copier, requetes
from tests.timeline.test_concurrence import _ensemble, base_partagee  # noqa: F401 (a fixture)
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, EtapeRefusee, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
MOTS = {
    "nom": "Le groupe fictif du lavoir",
    "resume": "On fait avancer les bancs du lavoir.",
    "description": "On se retrouve pour de faux.",
    "charte": "On s’écoute.",
    "acces": Communaute.Acces.PUBLIQUE,
}


def page(reponse) -> str:
    return unescape(reponse.content.decode())


def fonder(idee, par=None, **contenu) -> GroupeDeTravail:
    return groupes.fonder(idee, par=par or PersonneFabrique(roles=["agent"]), **{**MOTS, **contenu})


# --- Who may --------------------------------------------------------------------------------------------------------

OUVERTS = ("en_etude", "retenue", "en_realisation")
ROLES = ("voisin", "autrice", "coautrice", "moderatrice", "elue", "agent")


@pytest.mark.parametrize("etat", [etat for etat in Idee.Etat.values if etat != "soumise"])
def test_table_de_qui_fonde(client, etat):
    idee = IdeeFabrique(etat=etat)
    # A fused idea shows its target; nothing is founded on it either way.
    gens = {
        "voisin": PersonneFabrique(),
        "autrice": idee.auteur,
        "coautrice": coautrice_de(idee),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
        "elue": PersonneFabrique(roles=["elue"]),
        "agent": PersonneFabrique(roles=["agent"]),
    }
    permis = {"autrice", "coautrice", "agent"} if etat in OUVERTS else set()

    def jouer(role):
        with transaction.atomic():
            try:
                groupe = fonder(idee, gens[role])
            except EtapeRefusee as refus:
                return refus.statut
            ouverte = groupe.communaute.est_ouverte
            transaction.set_rollback(True)
            return "ouverte" if ouverte else "proposee"

    attendus = {r: ("ouverte" if r == "agent" else "proposee") if r in permis else 403 for r in ROLES}
    assert {role: jouer(role) for role in ROLES} == attendus
    for role in ("voisin", "autrice", "agent"):
        client.force_login(gens[role])
        statut = client.get(reverse("idees:fonder_un_groupe", args=[idee.pk])).status_code
        assert (statut == 200) == (role in permis), (role, statut)


def test_un_seul_groupe_par_idee():
    idee = IdeeFabrique(etat="retenue")
    groupe = fonder(idee)
    with pytest.raises(EtapeImpossible):
        fonder(idee)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupeDeTravail.objects.create(idee=idee, communaute=Communaute.objects.create(**MOTS))
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupeDeTravail.objects.create(idee=IdeeFabrique(etat="retenue"), communaute=groupe.communaute)


def test_un_groupe_qui_n_est_pas_ouvert_laisse_sa_place(agent):
    idee = IdeeFabrique(etat="retenue")
    premier = fonder(idee, idee.auteur)
    assert premier.communaute.etat == "proposee"
    franchir(premier.communaute.refuser, par=agent, motif="Un groupe existe déjà ailleurs.")
    second = fonder(Idee.objects.get(pk=idee.pk), agent)
    assert Communaute.objects.count() == 2 and GroupeDeTravail.objects.get() == second


def test_une_citoyenne_sans_adresse_prouvee_ne_fonde_pas():
    idee = IdeeFabrique(etat="retenue")
    idee.auteur.emailaddress_set.update(verified=False)
    with pytest.raises(EtapeInterdite):
        fonder(idee, idee.auteur)


# --- Founding it ----------------------------------------------------------------------------------------------------


def test_par_un_agent_il_s_ouvre_et_chacune_est_invitee(client, agent):
    idee = IdeeFabrique(etat="retenue")
    avec, experte, suit = coautrice_de(idee), PersonneFabrique(pseudonyme="Experte Fictive"), PersonneFabrique()
    referente = PersonneFabrique(roles=["agent"])
    abonner(suit, idee)
    taire()
    client.force_login(agent)
    chemin = reverse("idees:fonder_un_groupe", args=[idee.pk])
    assert idee.titre in page(client.get(chemin))
    saisie = MOTS | {"animatrice": avec.pk, "experte": "experte fictive", "referente": referente.pk}
    reponse = client.post(chemin, saisie)
    groupe = GroupeDeTravail.objects.get()
    communaute = groupe.communaute
    assert reponse.headers["Location"] == communaute.get_absolute_url()
    assert (communaute.genre, communaute.etat, communaute.thematique) == ("groupe", "ouverte", idee.thematique)
    places = set(communaute.adhesions.values_list("personne", "role", "etat"))
    assert places == {
        (referente.pk, "referente", "acceptee"),
        (agent.pk, "animatrice", "acceptee"),
        (avec.pk, "animatrice", "invitee"),
        (experte.pk, "experte", "invitee"),
        (idee.auteur.pk, "membre", "invitee"),
    }
    franchir(communaute.adhesions.get(personne=avec).accepter, par=avec)
    assert communaute.adhesions.get(personne=avec).role == Adhesion.Role.ANIMATRICE
    entree = Entree.objects.get(type="idees.groupe.ouvrir")
    assert entree.est_publique and entree.cible == groupe
    dire()
    assert Courriel.objects.get(personne=suit).objet == f"Un groupe de travail s’ouvre : {idee.titre}"
    client.logout()
    lue = page(client.get(idee.get_absolute_url()))
    assert communaute.nom in lue and "Rejoindre le groupe" in lue and "s’ouvre autour de l’idée" in lue


def test_par_son_autrice_il_attend_un_agent(client, agent):
    idee = IdeeFabrique(etat="en_etude")
    client.force_login(idee.auteur)
    assert "Fonder un groupe de travail" in page(client.get(idee.get_absolute_url()))
    reponse = client.post(reverse("idees:fonder_un_groupe", args=[idee.pk]), MOTS, follow=True)
    assert "Un agent le lit, puis l’ouvre." in page(reponse)
    communaute = GroupeDeTravail.objects.get().communaute
    assert communaute.etat == "proposee"
    assert "Un agent doit encore l’ouvrir" in page(client.get(idee.get_absolute_url()))
    client.logout()
    assert communaute.nom not in page(client.get(idee.get_absolute_url()))
    assert client.get(reverse("idees:pas_a_pas", args=[communaute.slug])).status_code == 404
    franchir(communaute.ouvrir, par=agent, referente=agent)
    assert set(communaute.adhesions.values_list("personne", "role", "etat")) == {
        (agent.pk, "referente", "acceptee"),
        (idee.auteur.pk, "animatrice", "acceptee"),
    }
    assert communaute.nom in page(client.get(idee.get_absolute_url()))


MAUVAIS = [
    ({"nom": ""}, "Donnez un nom au groupe."),
    ({"nom": "n" * 81}, "80"),
    ({"charte": "\u200b"}, "Écrivez comment on travaille ici."),
    ({"acces": "sur_invitation"}, "Un groupe de travail ne se cache pas"),
    ({"acces": "tirage"}, "Choisissez une autre porte."),
    ({"experte": "Personne de ce nom"}, "Nous ne trouvons personne qui s’appelle ainsi."),
    ({"experte": "!!!"}, "Nous ne trouvons personne qui s’appelle ainsi."),
    ({"animatrice": "999999"}, "Sélectionnez un choix valide"),
    ({"referente": ""}, "obligatoire"),
]


@pytest.mark.parametrize(("mauvais", "phrase"), MAUVAIS)
def test_ce_qui_ne_va_pas_se_dit_et_rien_n_est_fonde(client, agent, mauvais, phrase):
    idee = IdeeFabrique(etat="retenue")
    client.force_login(agent)
    reponse = client.post(reverse("idees:fonder_un_groupe", args=[idee.pk]), MOTS | {"referente": agent.pk} | mauvais)
    assert reponse.status_code == 422 and phrase in page(reponse) and MOTS["resume"] in page(reponse)
    assert not Communaute.objects.exists()


def test_il_se_rattache_au_projet_quand_il_y_en_a_un(agent):
    idee = IdeeFabrique(etat="retenue")
    projet = ouvrir_un_projet(
        idee, par=agent, cadre={**CADRE, "titre": "Un projet fictif", "resume": "R.", "referente": agent}
    )
    assert fonder(Idee.objects.get(pk=idee.pk), agent).communaute.projet == projet


# --- The project, step by step ----------------------------------------------------------------------------------------


def adresse(groupe) -> str:
    return reverse("idees:pas_a_pas", args=[groupe.communaute.slug])


def test_le_projet_pas_a_pas_montre_ce_qui_est_fait_et_ce_qui_vient(client, agent):
    idee = IdeeFabrique(etat="en_etude")
    groupe = fonder(idee, agent)
    client.logout()
    lue = page(client.get(adresse(groupe)))
    assert idee.titre in lue and idee.texte in lue and "La réponse de la collectivité" in lue
    reponse = publier_reponse(Idee.objects.get(pk=idee.pk), agent=agent)
    planifier_jalon(
        reponse, par=agent, titre="Poser les bancs fictifs", prevu_le=timezone.localdate() + timedelta(days=90)
    )
    idee = Idee.objects.get(pk=idee.pk)
    projet = ouvrir_un_projet(
        idee, par=agent, cadre={**CADRE, "titre": "Le projet du lavoir", "resume": "R.", "referente": agent}
    )
    lue = page(client.get(adresse(groupe)))
    for dit in (
        reponse.texte,
        "Choisir les lieux",
        "Poser les bancs fictifs",
        projet.titre,
        "s’ouvre autour de l’idée",
        "Retenue",
    ):
        assert dit in lue, dit
    assert "Les échanges sont réservés" not in lue, "its door is open"
    accomplir_jalon(reponse.jalons.first(), par=agent)
    assert "1 étape faite sur 2" in page(client.get(adresse(groupe)))


def test_le_projet_pas_a_pas_ne_montre_que_des_choses_publiques(client, agent):
    """An agent reads no draft answer there, and a projet that is not announced is not named."""
    idee = IdeeFabrique(etat="en_etude")
    groupe = fonder(idee, agent)
    rediger_reponse(idee, sens="no_go", agent=agent, texte="Une réponse encore secrète.")
    Idee.objects.filter(pk=idee.pk).update(projet_ouvert=ProjetFabrique(annonce=False, titre="Un projet secret"))
    client.force_login(agent)
    lue = page(client.get(adresse(groupe)))
    assert "encore secrète" not in lue and "Un projet secret" not in lue


@pytest.mark.parametrize("acces", ["publique", "sur_demande"])
def test_qui_lit_quoi(client, acces):
    groupe = fonder(IdeeFabrique(etat="retenue"), acces=acces)
    communaute = groupe.communaute
    membre = adherer_a(communaute)
    for personne, echanges in ((None, acces == "publique"), (PersonneFabrique(), acces == "publique"), (membre, True)):
        client.logout()
        if personne:
            client.force_login(personne)
        lue = page(client.get(adresse(groupe)))
        assert ("Écrire ensemble" in lue) == echanges
        assert ("Les échanges sont réservés aux membres" in lue) == (not echanges)


def adherer_a(communaute) -> object:
    """A member, let in by the référent·e: a group founded by an agent has no other leader."""
    from communautes.actions import rejoindre

    personne = PersonneFabrique()
    adhesion = rejoindre(communaute, par=personne)
    if adhesion.etat == Adhesion.Etat.DEMANDEE:
        franchir(adhesion.accueillir, par=communaute.adhesions.get(role="referente").personne)
    return personne


@pytest.mark.parametrize("acces", ["publique", "sur_demande"])
@pytest.mark.parametrize("ouvert", [True, False])
def test_un_groupe_ne_se_cache_par_aucun_chemin(client, agent, acces, ouvert):
    """Founded on an idea that everybody reads, it stays on its page: by the form, as when it is founded, and by the action."""
    idee = IdeeFabrique(etat="retenue")
    par = agent if ouvert else idee.auteur
    groupe = fonder(idee, par, acces=acces)
    adresse_de_modifier = reverse("communautes:modifier", args=[groupe.communaute.slug])
    client.force_login(par)
    form = client.get(adresse_de_modifier).context["form"]
    assert "sur_invitation" not in dict(form.fields["acces"].choices) and acces in dict(form.fields["acces"].choices)
    vu = form.initial.get("vu") or ""
    reponse = client.post(adresse_de_modifier, MOTS | {"vu": vu, "acces": "sur_invitation"})
    assert reponse.status_code == 422 and "Un groupe de travail ne se cache pas" in page(reponse)
    with pytest.raises(EtapeInvalide, match="ne se cache pas"):
        modifier(groupe.communaute, par=par, acces="sur_invitation")
    with pytest.raises(EtapeInvalide, match="ne se cache pas"):
        fonder(IdeeFabrique(etat="retenue"), agent, acces="sur_invitation")
    reponse = client.post(adresse_de_modifier, MOTS | {"vu": vu, "acces": acces, "resume": "On s’y retrouve mieux."})
    assert reponse.status_code == 302
    groupe.communaute.refresh_from_db()
    assert (groupe.communaute.acces, groupe.communaute.resume) == (acces, "On s’y retrouve mieux.")


def test_un_groupe_cache_avant_ne_se_dit_plus_et_se_modifie_encore(client, agent):
    idee = IdeeFabrique(etat="retenue")
    groupe = fonder(idee, agent)
    membre = adherer_a(groupe.communaute)
    Communaute.objects.filter(pk=groupe.communaute.pk).update(acces="sur_invitation")
    assert modifier(groupe.communaute, par=agent, acces="sur_invitation", resume="Autrement.").resume == "Autrement."
    for personne in (None, PersonneFabrique(), PersonneFabrique(roles=["moderatrice"])):
        client.logout()
        if personne:
            client.force_login(personne)
        assert MOTS["nom"] not in page(client.get(idee.get_absolute_url()))
        assert client.get(adresse(groupe)).status_code == 404
        assert MOTS["nom"] not in page(client.get(reverse("timeline:chronologie")))
    assert not GroupeDeTravail.objects.visibles_par(AnonymousUser()).exists()
    client.force_login(membre)
    assert MOTS["nom"] in page(client.get(idee.get_absolute_url()))
    assert client.get(adresse(groupe)).status_code == 200


FINS = {"non_retenue": "n’est pas retenue", "realisee": "Cette idée est réalisée."}


@pytest.mark.parametrize("fin", [*FINS, "masquee"])
def test_quand_l_idee_finit_le_groupe_le_dit(client, agent, moderatrice, fin):
    idee = IdeeFabrique(etat="en_etude")
    groupe = fonder(idee, agent)
    if fin == "masquee":
        masquer(idee, par=moderatrice, motif="publicite", explication="Une publicité.")
    else:
        from tests.fabriques import CHEMINS, _suivre

        _suivre(idee, CHEMINS[fin][3:])
    lue = page(client.get(adresse(groupe)))
    if fin == "masquee":
        assert "L’idée de ce groupe n’est plus visible" in lue and idee.titre not in lue and idee.texte not in lue
    else:
        assert FINS[fin] in lue
    accueil = client.get(groupe.get_absolute_url())
    assert accueil.status_code == 200
    assert fin == "masquee" or FINS[fin] in page(accueil)


@pytest.mark.parametrize("etat", ["fusionnee", "retiree", "refusee"])
def test_ce_qui_ne_peut_arriver_apres_l_etude_se_dit_aussi(etat):
    from idees.pas_a_pas import fin_de

    assert fin_de(IdeeFabrique(etat=etat))
    assert fin_de(IdeeFabrique(etat="en_etude")) == ""


# --- Who is told -------------------------------------------------------------------------------------------------------


def test_les_membres_apprennent_chaque_etape_une_fois(agent):
    idee = IdeeFabrique(etat="en_etude")
    groupe = fonder(idee, agent, acces="sur_demande")
    membre, partie = adherer_a(groupe.communaute), adherer_a(groupe.communaute)
    franchir(groupe.communaute.adhesions.get(personne=partie).quitter, par=partie)
    suit = adherer_a(groupe.communaute)
    abonner(suit, idee)
    taire()
    reponse = publier_reponse(Idee.objects.get(pk=idee.pk), agent=agent)
    dire()
    dits = list(Courriel.objects.filter(personne=membre).values_list("objet", flat=True))
    assert dits and set(dits) == {f"Du nouveau pour votre groupe de travail : {idee.titre}"}
    assert not Courriel.objects.filter(personne=partie).exists()
    # Somebody who also follows the idea is told in the words of those who follow it, and once an entry.
    assert f"Du nouveau pour votre groupe de travail : {idee.titre}" not in Courriel.objects.filter(
        personne=suit, texte__contains=reponse.get_absolute_url()
    ).values_list("objet", flat=True)
    taire()
    jalon = reponse.jalons.first()
    accomplir_jalon(jalon, par=agent)
    dire()
    courriel = Courriel.objects.get(personne=membre)
    assert adresse(groupe) in courriel.texte and groupe.communaute.nom in courriel.texte


def test_ce_qui_n_est_pas_d_une_idee_ne_derange_aucun_groupe(agent):
    """The same steps of an answer to something else: no idea, no group, no error."""
    from idees.notifications_ensemble import PromessePourLeGroupe

    entree = Entree(type="reponses.publier")
    entree.cible = Reponse(cible=ProjetFabrique())
    assert not PromessePourLeGroupe(entree).concerne()


# --- Counting, several hands -------------------------------------------------------------------------------------------


def test_les_requetes_ne_dependent_pas_du_nombre(client, agent):
    groupe = fonder(IdeeFabrique(etat="retenue"), agent)
    reponse = Reponse.objects.get()
    avant = requetes(client, adresse(groupe))
    for n in range(49):
        planifier_jalon(
            reponse, par=agent, titre=f"Étape fictive {n}", prevu_le=timezone.localdate() + timedelta(days=n + 40)
        )
    membre, gens = adherer_a(groupe.communaute), PersonneFabrique.create_batch(49)
    copier(groupe.communaute.adhesions.get(personne=membre), 49, personne_id=lambda n: gens[n].pk)
    assert requetes(client, adresse(groupe)) == avant <= 45


def _fonder(idee_pk, par):
    from comptes.models import Utilisateur

    try:
        return fonder(Idee.objects.get(pk=idee_pk), Utilisateur.objects.get(pk=par)).communaute.etat
    except EtapeRefusee as refus:
        return type(refus).__name__


@pytest.mark.django_db(transaction=True)
def test_fonder_a_plusieurs_fait_un_groupe():
    idee = IdeeFabrique(etat="retenue")
    gens = [PersonneFabrique(roles=["agent"]) for _ in range(4)]
    reponses = _ensemble(_fonder, [(idee.pk, p.pk) for p in gens])
    assert sorted(reponses) == ["EtapeImpossible"] * 3 + ["ouverte"], reponses
    assert (GroupeDeTravail.objects.count(), Communaute.objects.count()) == (1, 1)
