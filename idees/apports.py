"""What one idea brings to another: supports and followers, each person once, and how they go back.

Rows of the source stay on the source for ever. A row made on the target by a merge is known by those that point at it
(`SoutienPorte`, `SuiviPorte`): no pointer means that the person came by herself. Everything here is idempotent.
"""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from idees.models import Fusion, Idee, Soutien, SoutienPorte, SuiviPorte
from notifications.models import Abonnement

ESSAIS = 5  # somebody may give, at this very moment, a support that we were about to carry


# --- To the target -----------------------------------------------------------------------------------------------


def porter(fusion) -> int:
    """Bring to the target whoever of the source is not there yet; number of supports seen. Under the lock of the ideas."""
    portes = _porter_les_soutiens(fusion)
    _porter_les_suivis(fusion)
    return portes


def _porter_les_soutiens(fusion) -> int:
    source, cible = fusion.source, fusion.cible
    deja = fusion.soutiens_portes.values("personne")
    # Locked: a support that is being taken back is waited for, then not carried.
    dates = dict(
        source.soutiens.exclude(personne__in=deja)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("personne", "cree_le")
    )
    if not dates:
        return 0
    presents = _presents(cible.soutiens, source.soutiens)
    nouveaux = _creer(
        lambda absents: [Soutien(idee=cible, personne_id=p, cree_le=dates[p]) for p in absents],
        lambda: dates.keys() - _presents(cible.soutiens, source.soutiens).keys() - cible.autrices(),
    )
    apportes = set(
        SoutienPorte.objects.filter(soutien__in=cible.soutiens.values("pk")).values_list("soutien", flat=True)
    )
    SoutienPorte.objects.bulk_create(
        SoutienPorte(fusion=fusion, personne_id=p, soutien_id=nouveaux.get(p) or _si_apporte(presents.get(p), apportes))
        for p in dates
    )
    return len(dates)


def _porter_les_suivis(fusion) -> None:
    de_la_source, de_la_cible = Abonnement.objects.sur(fusion.source), Abonnement.objects.sur(fusion.cible)
    deja = fusion.suivis_portes.values("personne")
    suivent = dict(de_la_source.exclude(personne__in=deja).values_list("personne", "facon"))
    if not suivent:
        return
    presents = _presents(de_la_cible, de_la_source)
    nouveaux = _creer(
        lambda absents: [Abonnement(personne_id=p, cible=fusion.cible, facon=suivent[p]) for p in absents],
        lambda: suivent.keys() - _presents(de_la_cible, de_la_source).keys(),
    )
    apportes = set(
        SuiviPorte.objects.filter(abonnement__in=de_la_cible.values("pk")).values_list("abonnement", flat=True)
    )
    SuiviPorte.objects.bulk_create(
        SuiviPorte(
            fusion=fusion, personne_id=p, abonnement_id=nouveaux.get(p) or _si_apporte(presents.get(p), apportes)
        )
        for p in suivent
    )


def _presents(de_la_cible, de_la_source) -> dict[int, int]:
    """{person: number of her row} of those of the source who are already on the target; locked, so that it stays true."""
    communs = de_la_cible.filter(personne__in=de_la_source.values("personne"))
    return dict(communs.select_for_update(of=("self",)).order_by("pk").values_list("personne", "pk"))


def _creer(lignes_de, chercher_absents) -> dict[int, int]:
    """Make the missing rows; {person: number of her row}. Whoever comes by herself meanwhile is no longer missing."""
    for essai in range(1, ESSAIS + 1):
        lignes = lignes_de(sorted(chercher_absents()))
        if not lignes:
            return {}
        try:
            with transaction.atomic():
                type(lignes[0])._base_manager.bulk_create(lignes)
        except IntegrityError:
            if essai == ESSAIS:
                raise
        else:
            return {ligne.personne_id: ligne.pk for ligne in lignes}
    return {}


def _si_apporte(pk, apportes) -> int | None:
    """The row, when it is there by another merge: both carry it. One that she made herself is hers alone."""
    return pk if pk in apportes else None


def suivre_la_fusion(idee) -> Idee:
    """After a support of `idee` is safe: the idea that counts it now. Merged at that very moment, the support follows."""
    idee.refresh_from_db(fields=["etat", "fusionnee_dans"])
    while idee.etat == Idee.Etat.FUSIONNEE:
        with transaction.atomic():
            fusion = Fusion.objects.effectives().filter(source=idee).select_for_update(of=("self",)).first()
            if fusion is None:
                break
            fusion.verrouiller_les_idees()
            porter(fusion)
        idee = fusion.cible
    return idee


def oubliees(depuis):
    """Merged ideas with a support that its merge did not see, since that time: the process died before it followed."""
    vus = SoutienPorte.objects.filter(
        fusion__source=OuterRef("idee"), fusion__etat=Fusion.Etat.EFFECTIVE, personne=OuterRef("personne")
    )
    recentes = Fusion.objects.effectives().filter(effective_le__gte=depuis).values("source")
    restes = Soutien.objects.filter(~Exists(vus), idee__in=recentes)
    return Idee.objects.filter(pk__in=restes.values("idee"))


# --- Back --------------------------------------------------------------------------------------------------------


def faire_sien(soutien) -> None:
    """She says again, by herself, what a merge had said for her: undoing it will change nothing for her."""
    Soutien.objects.select_for_update(of=("self",)).filter(pk=soutien.pk).first()
    if soutien.portages.update(soutien=None):
        SuiviPorte.objects.filter(fusion__cible=soutien.idee_id, personne=soutien.personne_id).update(abonnement=None)


def detacher(fusion, personne=None) -> None:
    """What stands on the target by this merge and by nothing else goes; of one person, or of all."""
    qui = {} if personne is None else {"personne": personne}
    _detacher(fusion.soutiens_portes.filter(**qui), "soutien")
    _detacher(fusion.suivis_portes.filter(**qui), "abonnement")


def _detacher(portes, champ) -> None:
    """`champ` names the row that these carry: it goes with the last merge that carries it."""
    modele = portes.model._meta.get_field(champ).related_model
    ceux_ci = portes.filter(**{champ: OuterRef("pk")})
    d_autres = portes.model.objects.exclude(pk__in=portes.values("pk")).filter(**{champ: OuterRef("pk")})
    modele.objects.filter(Exists(ceux_ci), ~Exists(d_autres)).delete()
    portes.update(**{champ: None})


def refuser_pour(fusion, personne) -> bool:
    """Keep her support out of the target, and of every idea that the target has joined since; False when it was not there."""
    fusion.verrouiller_les_idees()
    portes = fusion.soutiens_portes.filter(personne=personne, soutien__isnull=False)
    if not portes.filter(soutien__in=fusion.cible.soutiens.values("pk")).exists():
        return False
    detacher(fusion, personne)
    fusion.soutiens_portes.filter(personne=personne).update(refuse_le=timezone.now())
    _refermer_plus_loin(fusion.cible, personne)
    return True


def _refermer_plus_loin(idee, personne) -> None:
    """The target itself joined a third: a support that it no longer has cannot count there."""
    while idee.etat == Idee.Etat.FUSIONNEE and not idee.soutiens.filter(personne=personne).exists():
        suivante = Fusion.objects.effectives().select_related("cible").filter(source=idee).first()
        if suivante is None:
            return
        siens = suivante.soutiens_portes.filter(personne=personne)
        _detacher(siens, "soutien")
        siens.delete()
        if not Abonnement.objects.sur(idee).filter(personne=personne).exists():
            suivis = suivante.suivis_portes.filter(personne=personne)
            _detacher(suivis, "abonnement")
            suivis.delete()
        idee = suivante.cible
