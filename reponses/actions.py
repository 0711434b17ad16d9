"""Changes of an answer that touch other objects."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reponses import comptes_rendus
from reponses.mediation import clore_par_la_correction
from reponses.models import SCELLEE, Avis, Echeance, Jalon, Nouvelle, Reponse
from reponses.permissions import peut_instruire, peut_rediger, peut_rendre_avis
from reponses.regles import REPONSE, pose_une_question, sens_possibles
from socle.double_envoi import deja_envoye, recentes
from socle.permissions import A_UN_COLLEGUE, est_la_sienne
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, raison
from timeline.journal import consigner
from timeline.models import Entree
from timeline.temps_reel import diffuser, groupe_de


class TexteModifie(EtapeImpossible):
    """Somebody saved another text meanwhile; `actuelle` holds it."""

    def __init__(self, actuelle):
        super().__init__(
            _("%(qui)s a changé ce texte le %(quand)s, pendant que vous écriviez. Rien n’a été remplacé.")
            % actuelle.derniere_main()
        )
        self.actuelle = actuelle


def interdiction(cible, par) -> EtapeInterdite:
    """What somebody reads who may not prepare the answer to this."""
    if est_la_sienne(cible, par):
        return EtapeInterdite(str(A_UN_COLLEGUE))
    return EtapeInterdite(_("Seuls les agents, et la personne référente du projet, préparent la réponse officielle."))


def _exiger_d_instruire(reponse, par):
    if not peut_instruire(reponse, par):
        raise interdiction(reponse.cible, par)


@transaction.atomic
def rediger(cible, *, par, **contenu) -> Reponse:
    """Open the draft of the one answer of a target. Raises EtapeImpossible when there is one, or when none is awaited."""
    cible = type(cible)._base_manager.select_for_update(of=("self",)).get(pk=cible.pk)
    if not peut_rediger(cible, par):
        raise interdiction(cible, par)
    if Reponse.objects.sur(cible).exists():
        raise EtapeImpossible(_("Une réponse est déjà en cours d’écriture : ouvrez son dossier."))
    if not cible.attend_reponse():
        raise EtapeImpossible(raison(cible))
    contenu.setdefault("sens", REPONSE if pose_une_question(type(cible)) else "")
    if contenu["sens"] not in sens_possibles(type(cible)):
        raise EtapeInvalide(_("À une question on répond ; sur une idée ou un projet on décide."), champ="sens")
    return Reponse.objects.create(cible=cible, redigee_par=par, **contenu)


@transaction.atomic
def modifier(reponse, *, par, version, **contenu) -> Reponse:
    """Change a draft, if it is still the one that `version` names. Raises TexteModifie otherwise."""
    actuelle = _verrouiller(reponse)
    _exiger_d_instruire(actuelle, par)
    if actuelle.etat != Reponse.Etat.BROUILLON:
        raise EtapeImpossible(pourquoi_fermee(actuelle))
    if actuelle.version() != version:
        raise TexteModifie(actuelle)
    for nom, valeur in contenu.items():
        setattr(actuelle, nom, valeur)
    actuelle.modifiee_par, actuelle.modifiee_le = par, timezone.now()
    actuelle.save(update_fields=[*contenu, "modifiee_par", "modifiee_le"])
    # No entry is written for a draft: the pages that show it are told all the same.
    transaction.on_commit(partial(diffuser, groupe_de(actuelle)))
    return actuelle


def pourquoi_fermee(reponse) -> str:
    """One sentence: why this text cannot be changed now."""
    return str(SCELLEE) if reponse.est_scellee else raison(reponse)


@transaction.atomic
def corriger(reponse, *, par, **contenu) -> Reponse:
    """Open a correction of a published answer: another answer, on the same road, that names the first.

    The decision itself is not corrected. One correction at a time is being written.
    """
    originale = _verrouiller(reponse)
    _exiger_d_instruire(originale, par)
    if originale.etat != Reponse.Etat.PUBLIEE or originale.corrige_id is not None:
        raise EtapeImpossible(
            _("On corrige une réponse publiée. Pour préciser une correction, corrigez la réponse d’origine.")
        )
    if originale.corrections.exclude(etat=Reponse.Etat.PUBLIEE).exists():
        raise EtapeImpossible(_("Une correction de cette réponse est déjà en cours d’écriture."))
    return Reponse.objects.create(
        cible=originale.cible, corrige=originale, redigee_par=par, **{**contenu, "sens": originale.sens}
    )


def _verrouiller(reponse) -> Reponse:
    return Reponse.objects.select_for_update(of=("self",)).get(pk=reponse.pk)


def demander_avis(reponse, *, par, services, attendu_le=None, lue=""):
    """Follow-up of `consulter`: one request a service; an opinion already given stays, one still awaited has the new date."""
    for service in services:
        avis, nouveau = Avis.objects.get_or_create(
            reponse=reponse, service=service, defaults={"attendu_le": attendu_le}
        )
        if not nouveau and avis.rendu_le is None:
            avis.attendu_le = attendu_le
            avis.save(update_fields=["attendu_le"])


@transaction.atomic
def rendre_avis(avis, *, par, texte):
    """Write the opinion of a service in the file, once, as long as the answer is not signed."""
    reponse = _verrouiller(avis.reponse)
    if not peut_rendre_avis(reponse, par):
        raise interdiction(reponse.cible, par)
    avis = Avis.objects.select_for_update(of=("self",)).select_related("service").get(pk=avis.pk)
    if avis.rendu_le is not None:
        raise EtapeImpossible(_("Ce service a déjà rendu son avis. Un avis rendu ne change plus."))
    if reponse.est_scellee:
        raise EtapeImpossible(_("La réponse est signée : le dossier est fermé."))
    if not texte.strip():
        raise EtapeInvalide(_("Écrivez l’avis du service."), champ="texte")
    avis.texte, avis.rendu_le = texte, timezone.now()
    avis.save(update_fields=["texte", "rendu_le"])
    return consigner(
        "reponses.avis.rendre",
        cible=reponse,
        projet=reponse.projet_du_journal(),
        par=par,
        publique=False,
        donnees={"service": avis.service_id},
    )


def appliquer(reponse, *, par, lot=None):
    """Follow-up of `publier`: the clock stops, the first step is planned, the target learns its fate."""
    if reponse.corrige_id is None:
        Echeance.objects.filter(cible_type=reponse.cible_type, cible_id=reponse.cible_id, tenue_le__isnull=True).update(
            tenue_le=reponse.publiee_le
        )
        if reponse.est_favorable:
            Jalon.objects.create(reponse=reponse, titre=reponse.premiere_etape, prevu_le=reponse.premiere_etape_le)
        reponse.cible.recevoir_reponse(reponse, par=par)
    else:
        _retarder_par_la_correction(reponse, par)
        clore_par_la_correction(reponse)


def _retarder_par_la_correction(correction, par):
    """A correction that gives a later date to the first step announces a delay: what is promised stays beside it."""
    origine, attendue_le = correction.corrige, correction.premiere_etape_le
    jalon = origine.jalons.order_by("pk").first() if attendue_le else None
    if jalon is None or not jalon.est_attendu or attendue_le <= (jalon.attendue_le or jalon.prevu_le):
        return
    titre, texte = (Truncator(mots).chars(n) for mots, n in ((jalon.titre, 160), (correction.texte, 2000)))
    _ecrire_le_retard(jalon, par, titre=titre, texte=texte, attendue_le=attendue_le, correction=correction.pk)


@transaction.atomic
def planifier_jalon(reponse, *, par, titre, prevu_le) -> Jalon:
    """Promise another dated step of what a published yes announced. The same one sent twice is one."""
    reponse = _verrouiller(reponse)
    _exiger_de_suivre(reponse, par)
    if not titre.strip():
        raise EtapeInvalide(_("Écrivez ce qui sera fait."), champ="titre")
    if prevu_le < timezone.localdate():
        raise EtapeInvalide(_("Cette date est passée : choisissez une date à venir."), champ="prevu_le")
    if deja := _deja_promis(reponse, par, titre, prevu_le):
        return deja
    jalon = Jalon.objects.create(reponse=reponse, titre=titre, prevu_le=prevu_le)
    _consigner_jalon("planifier", jalon, par)
    return jalon


def _deja_promis(reponse, par, titre, prevu_le) -> Jalon | None:
    """The journal tells of a step on its answer, and when."""
    promesses = recentes(Entree.objects.sur(reponse), "le", type="reponses.jalon.planifier", par=par)
    promis = [entree.donnees["jalon"] for entree in promesses]
    return reponse.jalons.filter(pk__in=promis, titre=titre, prevu_le=prevu_le, annule_le__isnull=True).first()


@transaction.atomic
def accomplir_jalon(jalon, *, par, fait=None) -> Jalon:
    """Say that a step is done, once: a second press changes nothing. `fait` (`comptes_rendus.Fait`): what was done.

    Raises EtapeImpossible when somebody else was first and `fait` would be lost.
    """
    jalon = Jalon.objects.select_for_update(of=("self",)).select_related("reponse").get(pk=jalon.pk)
    _exiger_de_suivre(jalon.reponse, par)
    if jalon.annule_le:
        raise EtapeImpossible(_("Cette étape est annulée : elle ne se fait plus."))
    if jalon.fait_le is None:
        jalon.fait_le = timezone.localdate()
        jalon.save(update_fields=["fait_le"])
        dit = comptes_rendus.pour_le_journal(comptes_rendus.ecrire(jalon, fait, par=par)) if fait else {}
        _consigner_jalon("accomplir", jalon, par, **dit)
    elif fait and not comptes_rendus.deja_ecrit(jalon, fait, par=par):
        raise EtapeImpossible(_("Quelqu’un vient de dire que cette étape est faite. Votre récit n’est pas perdu."))
    return jalon


@transaction.atomic
def raconter_jalon(jalon, *, par, fait):
    """Add an account to a step that is done: a new dated row, beside those that are there. The same words sent twice are one."""
    jalon = Jalon.objects.select_for_update(of=("self",)).select_related("reponse").get(pk=jalon.pk)
    _exiger_de_suivre(jalon.reponse, par)
    if jalon.fait_le is None:
        raise EtapeImpossible(_("On raconte une étape faite : dites d’abord qu’elle l’est."))
    if deja := comptes_rendus.deja_ecrit(jalon, fait, par=par):
        return deja
    rendu = comptes_rendus.ecrire(jalon, fait, par=par)
    _consigner_jalon("raconter", jalon, par, **comptes_rendus.pour_le_journal(rendu))
    return rendu


@transaction.atomic
def donner_des_nouvelles(reponse, *, par, titre, texte) -> Nouvelle:
    """Tell how what was promised goes on. The same words sent twice are one."""
    reponse = _verrouiller(reponse)
    _exiger_de_suivre(reponse, par)
    dites = {"genre": Nouvelle.Genre.NOUVELLE, "titre": titre, "texte": texte, "publie_par": par}
    if deja := deja_envoye(reponse.nouvelles, "publie_le", **dites):
        return deja
    nouvelle = Nouvelle.objects.create(reponse=reponse, **dites)
    _consigner_nouvelle("informer", nouvelle, par)
    return nouvelle


@transaction.atomic
def annoncer_un_retard(jalon, *, par, titre, texte, attendue_le, attendue_vue=None) -> Nouvelle:
    """Say that a step will be late, why, and when it is now expected. The promised date stays.

    `attendue_vue` is the expected date that the person saw: when somebody has announced another one meanwhile, she is told.
    The same words sent twice are one.
    """
    jalon = Jalon.objects.select_for_update(of=("self",)).select_related("reponse").get(pk=jalon.pk)
    _exiger_de_suivre(jalon.reponse, par)
    if not jalon.est_attendu:
        raise EtapeImpossible(_("Cette étape n’est plus attendue : elle est faite ou annulée."))
    dit = {"titre": titre, "texte": texte, "attendue_le": attendue_le}
    deja = deja_envoye(jalon.nouvelles, "publie_le", publie_par=par, **dit)
    if deja and jalon.attendue_le == attendue_le:
        return deja
    if attendue_vue is not None and attendue_vue != (jalon.attendue_le or jalon.prevu_le):
        raise EtapeImpossible(_("Quelqu’un a annoncé une autre date pendant que vous écriviez. Relisez-la d’abord."))
    if attendue_le <= jalon.prevu_le:
        raise EtapeInvalide(_("Un retard annonce une date après celle qui est promise."), champ="attendue_le")
    if attendue_le < timezone.localdate():
        raise EtapeInvalide(_("Cette date est passée : choisissez une date à venir."), champ="attendue_le")
    return _ecrire_le_retard(jalon, par, **dit)


def _ecrire_le_retard(jalon, par, *, titre, texte, attendue_le, **autres) -> Nouvelle:
    nouvelle = Nouvelle.objects.create(
        reponse=jalon.reponse,
        genre=Nouvelle.Genre.DIFFICULTE,
        titre=titre,
        texte=texte,
        jalon=jalon,
        attendue_le=attendue_le,
        publie_par=par,
    )
    _consigner_nouvelle(
        "retarder",
        nouvelle,
        par,
        jalon=jalon.pk,
        etape=jalon.titre,
        prevu_le=jalon.prevu_le.isoformat(),
        attendue_le=attendue_le.isoformat(),
        **autres,
    )
    return nouvelle


@transaction.atomic
def annuler_jalon(jalon, *, par, motif) -> Jalon:
    """Say that a promised step will not take place, and why, once. It stays where it is, with its date."""
    jalon = Jalon.objects.select_for_update(of=("self",)).select_related("reponse").get(pk=jalon.pk)
    _exiger_de_suivre(jalon.reponse, par)
    if jalon.fait_le:
        raise EtapeImpossible(_("Cette étape est faite : elle ne s’annule plus."))
    if jalon.annule_le:
        raise EtapeImpossible(_("Cette étape est déjà annulée."))
    if not motif.strip():
        raise EtapeInvalide(_("Écrivez la raison : tout le monde la lira."), champ="motif")
    jalon.annule_le, jalon.motif_annulation = timezone.localdate(), motif.strip()
    jalon.save(update_fields=["annule_le", "motif_annulation"])
    _consigner_jalon("annuler", jalon, par, motif=jalon.motif_annulation)
    return jalon


def _exiger_de_suivre(reponse, par):
    _exiger_d_instruire(reponse, par)
    exiger_un_oui_publie(reponse)


def exiger_un_oui_publie(reponse):
    if reponse.etat != Reponse.Etat.PUBLIEE or reponse.corrige_id is not None or not reponse.est_favorable:
        raise EtapeImpossible(_("Les étapes de réalisation suivent un oui publié."))


def _consigner_jalon(verbe, jalon, par, **autres):
    consigner(
        f"reponses.jalon.{verbe}",
        cible=jalon.reponse,
        projet=jalon.reponse.projet_du_journal(),
        par=par,
        donnees={"jalon": jalon.pk, "titre": jalon.titre, "prevu_le": jalon.prevu_le.isoformat(), **autres},
    )


def _consigner_nouvelle(verbe, nouvelle, par, **autres):
    consigner(
        f"reponses.realisation.{verbe}",
        cible=nouvelle.reponse,
        projet=nouvelle.reponse.projet_du_journal(),
        par=par,
        donnees={
            "nouvelle": nouvelle.pk,
            "titre": nouvelle.titre,
            "empreinte_du_texte": nouvelle.empreinte(),
            **autres,
        },
    )
