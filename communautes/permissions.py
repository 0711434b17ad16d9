"""Who may do what in a community. What one may see is asked of the querysets (`visibles_par`)."""

from django.utils import timezone

from commentaires.permissions import CORRECTION_PERIODE, peut_parler_officiellement
from socle.permissions import est_connectee, est_systeme

OUVERTE, EN_SOMMEIL = "ouverte", "en_sommeil"
ANIME = frozenset({"animatrice", "referente"})


def role_de(communaute, personne) -> str:
    """« membre », « animatrice », « referente », « experte », or nothing: for whoever is in, and only as long as she is."""
    if not est_connectee(personne):
        return ""
    adhesion = communaute.adhesion_de(personne)
    return adhesion.role if adhesion and adhesion.est_en_cours else ""


def est_membre(communaute, personne) -> bool:
    return bool(role_de(communaute, personne))


def peut_lire_dedans(communaute, personne) -> bool:
    """What happens inside: everybody where the door is open, else those who are in; whatever their role in the house."""
    if communaute.est_publique and communaute.est_annoncee:
        return True
    return est_membre(communaute, personne)


def peut_fonder(personne) -> bool:
    """Whoever has shown that an address is hers: a community is a place that one answers for."""
    return est_connectee(personne) and bool(personne.adresses_prouvees)


def peut_participer(communaute, personne) -> bool:
    """Write inside, while it is open."""
    return communaute.etat == OUVERTE and est_membre(communaute, personne)


def peut_animer(communaute, personne) -> bool:
    """Welcome people, pin, close a thread, ask something of all: while it lives."""
    return communaute.etat in {OUVERTE, EN_SOMMEIL} and role_de(communaute, personne) in ANIME


def est_referente(communaute, personne) -> bool:
    return role_de(communaute, personne) == "referente"


def peut_ouvrir(communaute, personne) -> bool:
    """An agent, also of what she has proposed herself: the référent·e whom she names answers for it."""
    return est_connectee(personne) and personne.est_agent


def peut_retirer(communaute, personne) -> bool:
    return est_connectee(personne) and communaute.proposee_par_id == personne.pk


def peut_modifier(communaute, personne) -> bool:
    """Its words: whoever proposes it until it is open, then those who lead it."""
    if communaute.etat == "proposee":
        return peut_retirer(communaute, personne)
    return peut_animer(communaute, personne)


def peut_endormir(communaute, personne) -> bool:
    """By those who lead it, an agent, or the clock when nothing has happened there for long."""
    return est_systeme(personne) or peut_clore(communaute, personne) or peut_animer(communaute, personne)


def peut_reveiller(communaute, personne) -> bool:
    return peut_clore(communaute, personne) or peut_animer(communaute, personne)


def peut_clore(communaute, personne) -> bool:
    """For good: the city, by its référent·e there or by an agent, with a reason that everybody reads."""
    return est_connectee(personne) and (personne.est_agent or est_referente(communaute, personne))


# --- Coming and going --------------------------------------------------------------------------------------------


def est_la_sienne(adhesion, personne) -> bool:
    return est_connectee(personne) and adhesion.personne_id == personne.pk


def tient_une_place(communaute, personne, *etats) -> bool:
    """A seat of this panel was drawn for her and she has taken it; or it is in one of these states."""
    siennes = personne.places_tirees.filter(tirage__panel__communaute=communaute)
    return siennes.filter(etat__in=etats or ["acceptee"]).exists()


def peut_etre_membre(communaute, personne) -> bool:
    """Of a panel, whoever holds a seat and nobody else: one that could be completed by hand would not be drawn."""
    return not communaute.est_tiree or tient_une_place(communaute, personne)


def peut_entrer(adhesion, personne) -> bool:
    """By the open door of a public community, or by the seat that was drawn for her."""
    communaute = adhesion.communaute
    if not est_la_sienne(adhesion, personne) or communaute.etat != OUVERTE:
        return False
    return communaute.est_publique or (communaute.est_tiree and tient_une_place(communaute, personne))


def peut_frapper(adhesion, personne) -> bool:
    """Ask again, where one asks."""
    communaute = adhesion.communaute
    return est_la_sienne(adhesion, personne) and communaute.etat == OUVERTE and communaute.acces == "sur_demande"


def peut_repondre_a_l_invitation(adhesion, personne) -> bool:
    return est_la_sienne(adhesion, personne) and adhesion.communaute.etat in {OUVERTE, EN_SOMMEIL}


def peut_se_raviser(adhesion, personne) -> bool:
    """Take back her own refusal, for as long as nobody may invite her again; where the door is open she just comes in."""
    communaute = adhesion.communaute
    if communaute.etat not in {OUVERTE, EN_SOMMEIL} or communaute.est_publique:
        return False
    return est_la_sienne(adhesion, personne) and adhesion.invitable_le is not None


def peut_accueillir(adhesion, personne) -> bool:
    """Those who lead it decide on the requests of others."""
    return not est_la_sienne(adhesion, personne) and peut_animer(adhesion.communaute, personne)


def peut_inviter(communaute, personne) -> bool:
    return communaute.etat == OUVERTE and peut_animer(communaute, personne)


def peut_quitter(adhesion, personne) -> bool:
    """Always; the référent·e answers for the place in the name of the city, and is replaced first."""
    return est_la_sienne(adhesion, personne) and adhesion.role != "referente"


def peut_exclure(adhesion, personne) -> bool:
    """Those who lead it; nobody excludes the référent·e, and only she excludes somebody who leads with her."""
    if not peut_accueillir(adhesion, personne) or adhesion.role == "referente":
        return False
    return adhesion.role not in ANIME or est_referente(adhesion.communaute, personne)


def peut_nommer_une_referente(communaute, personne) -> bool:
    """An agent, and only where nobody answers for it any more: a role in the house opens no place that is held."""
    if communaute.etat not in {OUVERTE, EN_SOMMEIL} or not est_connectee(personne) or not personne.est_agent:
        return False
    tenues = communaute.adhesions.filter(role="referente", etat="acceptee").select_related("personne")
    return not any(adhesion.personne.est_agent for adhesion in tenues)


def peut_confier_un_role(communaute, personne) -> bool:
    """The référent·e, or an agent: who leads is the city's and the community's affair, not one leader's."""
    return communaute.etat in {OUVERTE, EN_SOMMEIL} and peut_clore(communaute, personne)


def peut_faire_appel(adhesion, personne) -> bool:
    return est_la_sienne(adhesion, personne) and adhesion.etat == "exclue"


def a_laisse_sa_place(adhesion) -> bool:
    """Her seat of this panel was freed by what happened last to her place here: an exclusion, and not a departure before it."""
    siennes = adhesion.personne.places_tirees.filter(tirage__panel__communaute=adhesion.communaute_id)
    return siennes.filter(etat="retiree", repondue_le__gte=adhesion.depuis_le).exists()


def a_ete_remplacee(adhesion) -> bool:
    """Her seat of this panel was drawn again: there is no place left to come back to."""
    return adhesion.communaute.est_tiree and tient_une_place(adhesion.communaute, adhesion.personne, "remplacee")


def peut_trancher_l_appel(appel, personne) -> bool:
    """The mediator, or an agent, who neither excluded nor leads there: never whoever is judged."""
    if not est_connectee(personne) or not (personne.est_mediatrice or personne.est_agent):
        return False
    adhesion = appel.adhesion
    if personne.pk in {adhesion.personne_id, adhesion.decidee_par_id}:
        return False
    return role_de(adhesion.communaute, personne) not in ANIME


def peut_lire_tout_l_appel(appel, personne) -> bool:
    """With its words: whoever made it, and those who may decide on it. Those who lead there read the answer only."""
    return est_la_sienne(appel.adhesion, personne) or peut_trancher_l_appel(appel, personne)


def peut_reintegrer(adhesion, personne) -> bool:
    """Brought by an appeal that was found right, and in no other way: whoever may decide on it."""
    appel = adhesion.appels.filter(etat="fonde").order_by("-pk").first()
    return appel is not None and peut_trancher_l_appel(appel, personne)


def peut_voter_comme_membre(communaute, personne) -> bool:
    """Where a vote is that of its members: those who belong, not the city nor the experts who stand beside them."""
    return role_de(communaute, personne) in {"membre", "animatrice"} and peut_etre_membre(communaute, personne)


def peut_lire_les_membres(communaute, personne) -> bool:
    """The list of those who are in is for those who are in: belonging says something of a person."""
    return est_membre(communaute, personne)


# --- Forum, polls, shared documents -------------------------------------------------------------------------------


def peut_parler_pour_la_ville(communaute, personne) -> bool:
    """« Au nom de la collectivité »: the référent·e, and the agents and elected officials who are members."""
    if not peut_participer(communaute, personne):
        return False
    return est_referente(communaute, personne) or peut_parler_officiellement(personne)


def peut_fermer_le_sujet(sujet, personne) -> bool:
    """Those who lead; whoever opened it, while she still takes part."""
    if peut_animer(sujet.communaute, personne):
        return True
    return peut_participer(sujet.communaute, personne) and sujet.auteur_id == personne.pk


def peut_rouvrir_le_sujet(sujet, personne) -> bool:
    """Those who lead: a thread that they closed is not opened again behind them."""
    return peut_animer(sujet.communaute, personne)


def peut_corriger_le_sujet(sujet, personne) -> bool:
    """Its author, for a quarter of an hour, while people talk there."""
    return (
        peut_participer(sujet.communaute, personne)
        and sujet.auteur_id == personne.pk
        and sujet.discussion_ouverte()
        and timezone.now() < sujet.ouvert_le + CORRECTION_PERIODE
    )


def peut_clore_le_sondage(sondage, personne) -> bool:
    """Those who lead, or the clock."""
    return est_systeme(personne) or peut_animer(sondage.communaute, personne)


def peut_voter_au_sondage(sondage, personne) -> bool:
    return peut_participer(sondage.communaute, personne)


def peut_lire_les_resultats(sondage, personne) -> bool:
    """Whoever answered, and everybody who reads the inside once it is over: nobody chooses by what the others chose."""
    if sondage.est_clos:
        return peut_lire_dedans(sondage.communaute, personne)
    return est_membre(sondage.communaute, personne) and sondage.voix.filter(personne=personne).exists()


def peut_verser_une_version(document, personne) -> bool:
    """Every member writes in turn."""
    return peut_participer(document.communaute, personne)


def peut_retirer_le_document(document, personne) -> bool:
    return peut_animer(document.communaute, personne)


# --- Drafts written together -----------------------------------------------------------------------------------------


def peut_ecrire_l_ebauche(ebauche, personne) -> bool:
    """Any member, while it is being written: it belongs to the community, not to whoever opened it."""
    return ebauche.etat == "en_ecriture" and not ebauche.est_masquee and peut_participer(ebauche.communaute, personne)


def peut_signer_l_ebauche(ebauche, personne) -> bool:
    return peut_ecrire_l_ebauche(ebauche, personne)


def peut_abandonner_l_ebauche(ebauche, personne) -> bool:
    """Whoever opened it, as long as she is in; and those who lead."""
    communaute = ebauche.communaute
    if peut_animer(communaute, personne):
        return True
    return peut_participer(communaute, personne) and ebauche.ouverte_par_id == personne.pk


def peut_reprendre_l_ebauche(ebauche, personne) -> bool:
    return not ebauche.est_masquee and peut_abandonner_l_ebauche(ebauche, personne)


def peut_deposer_l_ebauche(ebauche, personne) -> bool:
    """A member whose name is on the present version: she sends what she has read, and not what others wrote since."""
    return (
        peut_ecrire_l_ebauche(ebauche, personne)
        and ebauche.signatures.filter(personne=personne, numero=ebauche.numero).exists()
    )
