"""What agents do with a consultation: create it, set its rules, write its questionnaire in versions, copy it."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from consultations.models import Consultation, Version
from consultations.permissions import peut_composer, peut_conduire
from consultations.questionnaire import Page, Questionnaire, nouvelle_cle
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide
from timeline.journal import consigner

#: Once it is announced, the rules that people have read hold; these may still change, in front of everybody.
ENCORE_REGLABLES = ("description", "ferme_le")
SLUG_MAX = 150


@transaction.atomic
def creer(consultation: Consultation, *, par) -> Consultation:
    """Save a new one, with an empty page to begin on. Raises EtapeInterdite."""
    if not peut_conduire(consultation, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, prépare une consultation."))
    consultation.slug = _slug_libre(consultation.titre)
    consultation.save()
    depart = Questionnaire((Page(nouvelle_cle()),))
    Version.objects.create(consultation=consultation, numero=1, contenu=depart.en_json())
    consigner(
        "consultations.creer", cible=consultation, projet=consultation.projet_du_journal(), par=par, publique=False
    )
    return consultation


def _slug_libre(titre: str) -> str:
    racine = slugify(titre)[:SLUG_MAX] or "consultation"
    pris = set(Consultation.objects.filter(slug__startswith=racine).values_list("slug", flat=True))
    return next(slug for slug in (racine, *(f"{racine}-{n}" for n in range(2, len(pris) + 3))) if slug not in pris)


@transaction.atomic
def regler(consultation: Consultation, *, par, valeurs: dict) -> list[str]:
    """Change its words, dates and rules; names of the fields that changed.

    Once announced, only ENCORE_REGLABLES, and the end only to a later date: everybody reads the change. Raises
    EtapeInterdite, EtapeInvalide.
    """
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if not peut_composer(consultation, par):
        raise EtapeInterdite(_("Cette consultation ne change plus, ou votre rôle ne le permet pas."))
    changes = [nom for nom, valeur in valeurs.items() if getattr(consultation, nom) != valeur]
    if not changes:
        return []
    avant = {nom: getattr(consultation, nom) for nom in changes}
    if consultation.est_annoncee:
        _verifier_apres_l_annonce(consultation, valeurs, changes)
    for nom in changes:
        setattr(consultation, nom, valeurs[nom])
    consultation.full_clean(exclude=["slug"])
    consultation.save(update_fields=changes)
    dates = {
        nom: {"avant": avant[nom].isoformat(), "apres": valeurs[nom].isoformat()}
        for nom in changes
        if nom in {"ouvre_le", "ferme_le"}
    }
    consigner(
        "consultations.regler",
        cible=consultation,
        projet=consultation.projet_du_journal(),
        par=par,
        publique=consultation.est_annoncee,
        donnees={"champs": sorted(changes), **dates},
    )
    return changes


def _verifier_apres_l_annonce(consultation, valeurs, changes) -> None:
    figes = [nom for nom in changes if nom not in ENCORE_REGLABLES]
    if figes:
        nom = consultation._meta.get_field(figes[0]).verbose_name
        raise EtapeInvalide(
            _("Cette consultation est annoncée : « %(champ)s » ne change plus.") % {"champ": nom}, champ=figes[0]
        )
    if "ferme_le" in changes and consultation.ferme_le <= timezone.now():
        raise EtapeInvalide(_("Sa fin est passée : elle ne se rouvre pas."), champ="ferme_le")
    if "ferme_le" in changes and valeurs["ferme_le"] < consultation.ferme_le:
        raise EtapeInvalide(
            _("Des personnes ont noté la date de fin : elle peut être plus tard, pas plus tôt."), champ="ferme_le"
        )


# --- Versions ----------------------------------------------------------------------------------------------------


@transaction.atomic
def preparer(consultation: Consultation, *, par) -> Version:
    """The version in preparation; when there is none, one that starts from the published questionnaire."""
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if not peut_composer(consultation, par):
        raise EtapeInterdite(_("Ce questionnaire ne change plus, ou votre rôle ne le permet pas."))
    derniere = consultation.versions.latest("numero")
    if derniere.publiee_le is None:
        return derniere
    if not consultation.est_annoncee and not derniere.est_figee:
        derniere.publiee_le = None  # its announcement was taken back before anybody answered
        derniere.save(update_fields=["publiee_le"])
        return derniere
    return Version.objects.create(
        consultation=consultation, numero=derniere.numero + 1, contenu=derniere.contenu, redaction=derniere.redaction
    )


@transaction.atomic
def retoucher(
    version: Version, retouche: Callable[[Questionnaire], Questionnaire], *, par, redaction: int | None = None
) -> Version:
    """Apply a change to a version in preparation. `redaction` is the wording that the agent has read.

    Raises EtapeImpossible when a colleague has changed it meanwhile or it is published, EtapeInterdite, or what
    `retouche` raises.
    """
    version = (
        Version.objects.select_for_update(of=("self",)).select_related("consultation__etape__projet").get(pk=version.pk)
    )
    if not peut_composer(version.consultation, par):
        raise EtapeInterdite(_("Ce questionnaire ne change plus, ou votre rôle ne le permet pas."))
    if version.publiee_le is not None:
        raise EtapeImpossible(_("Cette version est publiée : préparez la suivante."))
    if redaction is not None and redaction != version.redaction:
        raise EtapeImpossible(
            _("Un ou une collègue a changé ce questionnaire entre-temps. Relisez-le, puis recommencez.")
        )
    version.contenu = retouche(version.questionnaire).en_json()
    version.redaction += 1
    version.__dict__.pop("questionnaire", None)
    version.save(update_fields=["contenu", "redaction"])
    return version


@transaction.atomic
def abandonner(version: Version, *, par) -> None:
    """Drop a version in preparation: what is published stays. Raises EtapeInterdite or EtapeImpossible."""
    version = (
        Version.objects.select_for_update(of=("self",)).select_related("consultation__etape__projet").get(pk=version.pk)
    )
    if not peut_composer(version.consultation, par):
        raise EtapeInterdite(_("Ce questionnaire ne change plus, ou votre rôle ne le permet pas."))
    if version.publiee_le is not None or not version.consultation.est_annoncee:
        raise EtapeImpossible(_("Cette version est déjà publiée, ou c’est la seule."))
    version.delete()


def publier_la_premiere(consultation: Consultation, *, par) -> None:
    """What announcing a consultation brings: its questionnaire is public."""
    version = consultation.versions.filter(publiee_le__isnull=True).order_by("-numero").first()
    if version is not None:
        _publier(version)


@transaction.atomic
def publier(version: Version, *, par, ce_qui_change: str = "") -> Version:
    """Ask the new version from now on, of a consultation that is announced; everybody reads that it changed, and why.

    A version that nobody has begun to answer is replaced; else both stay, and results tell them apart. Raises
    EtapeInterdite, EtapeImpossible or EtapeInvalide.
    """
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=version.consultation_id)
    version = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not peut_composer(consultation, par):
        raise EtapeInterdite(_("Ce questionnaire ne change plus, ou votre rôle ne le permet pas."))
    if version.publiee_le is not None or not consultation.est_annoncee:
        raise EtapeImpossible(_("Cette version est déjà publiée, ou la consultation n’est pas annoncée."))
    consultation.exiger_un_questionnaire(version.questionnaire)
    ancienne = consultation.version
    if ancienne.est_figee and not ce_qui_change.strip():
        raise EtapeInvalide(
            _("Des personnes ont déjà répondu : dites en une phrase ce qui change."), champ="ce_qui_change"
        )
    if ancienne.contenu == version.contenu:
        raise EtapeInvalide(_("Rien n’a changé depuis la version publiée."))
    if not ancienne.est_figee:
        version.numero = ancienne.numero
        ancienne.delete()
    version.ce_qui_change = ce_qui_change.strip()
    _publier(version)
    consigner(
        "consultations.version.publier",
        cible=consultation,
        projet=consultation.projet_du_journal(),
        par=par,
        donnees={
            "version": version.numero,
            "empreinte": version.questionnaire.empreinte,
            "ce_qui_change": version.ce_qui_change,
        },
    )
    return version


def _publier(version: Version) -> None:
    version.publiee_le = timezone.now()
    version.save(update_fields=["publiee_le", "numero", "ce_qui_change"])


@transaction.atomic
def dupliquer(consultation: Consultation, *, par) -> Consultation:
    """A new one in preparation, with the same rules and the same questions, of the same length, from tomorrow on; in the
    same stage while that one is not over. Raises EtapeInterdite."""
    demain = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    titre = _("Copie de %(titre)s") % {"titre": consultation.titre}
    etape = consultation.etape
    copie = Consultation(
        etape=etape if etape is not None and etape.etat not in etape.FINIES else None,
        titre=titre[: Consultation._meta.get_field("titre").max_length],
        ouvre_le=demain,
        ferme_le=demain + (consultation.ferme_le - consultation.ouvre_le),
        **{nom: getattr(consultation, nom) for nom in Consultation.REGLES},
    )
    creer(copie, par=par)
    derniere = consultation.versions.latest("numero")
    Version.objects.filter(consultation=copie).update(contenu=derniere.contenu)
    return copie
