import uuid

import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models

import communautes.models.dedans
from socle.verrous import PoserGarde, PoserVerrou


class Migration(migrations.Migration):
    dependencies = [
        ("communautes", "0010_forum"),
        ("projets", "0010_recit"),
        ("territoires", "0002_adresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ebauche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("masquee_le", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "masquee_motif",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hors_sujet", "Ce n’est pas le sujet ici"),
                            ("doublon", "C’est déjà proposé ailleurs"),
                            ("vie_privee", "Cela révèle la vie privée de quelqu’un"),
                            ("injure", "Propos injurieux ou menaçants"),
                            ("discrimination", "Propos racistes, sexistes ou discriminants"),
                            ("publicite", "Publicité ou démarchage"),
                            ("illegal", "Contraire à la loi"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("titre", models.CharField(max_length=120, verbose_name="Votre idée en quelques mots")),
                ("texte", models.TextField(max_length=5000, verbose_name="Décrivez votre idée")),
                (
                    "lieu",
                    models.CharField(blank=True, max_length=200, verbose_name="Adresse ou lieu, en quelques mots"),
                ),
                ("numero", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("cle_saisie", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "ouverte_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="Ouverte le"),
                ),
                (
                    "ecrite_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="Écrite le"),
                ),
                (
                    "etat",
                    django_fsm.FSMField(
                        choices=[("en_ecriture", "En écriture"), ("deposee", "Déposée"), ("abandonnee", "Abandonnée")],
                        default="en_ecriture",
                        max_length=50,
                        protected=True,
                        verbose_name="État",
                    ),
                ),
                ("motif", models.TextField(blank=True, editable=False, max_length=1000, verbose_name="Raison")),
                ("deposee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Déposée le")),
                (
                    "communaute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ebauches",
                        to="communautes.communaute",
                    ),
                ),
                (
                    "ouverte_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Ouverte par",
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territoires.territoire",
                        verbose_name="Commune ou quartier",
                    ),
                ),
                (
                    "thematique",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projets.thematique",
                        verbose_name="Thème",
                    ),
                ),
            ],
            options={
                "verbose_name": "Ébauche",
                "verbose_name_plural": "Ébauches",
                "ordering": ["-ecrite_le", "-pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["communaute", "-ecrite_le", "-id"], name="ebauche_liste"),
                    models.Index(fields=["ouverte_par", "etat"], name="ebauche_de"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("masquee_le__isnull", True), ("masquee_motif", "")),
                            models.Q(("masquee_le__isnull", False), models.Q(("masquee_motif", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="communautes_ebauche_masquee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["en_ecriture", "deposee", "abandonnee"])), name="ebauche_etat"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("titre", ""), _negated=True), models.Q(("texte", ""), _negated=True)
                        ),
                        name="ebauche_complete",
                    ),
                    models.CheckConstraint(condition=models.Q(("numero__gte", 1)), name="ebauche_numero"),
                    models.CheckConstraint(
                        condition=models.Q(("etat", "abandonnee"), ("motif", ""), _connector="XOR"),
                        name="ebauche_abandonnee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat", "deposee"), ("deposee_le__isnull", True), _connector="XOR"),
                        name="ebauche_deposee",
                    ),
                ],
            },
            bases=(communautes.models.dedans.DansUneCommunaute, models.Model),
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="Version lue")),
                ("le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="Date")),
                (
                    "ebauche",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signatures", to="communautes.ebauche"
                    ),
                ),
                (
                    "personne",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "Signature",
                "verbose_name_plural": "Signatures",
                "ordering": ["le", "pk"],
                "indexes": [
                    models.Index(fields=["personne", "-le"], name="signature_de"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ebauche", "personne"), name="signature_unique"),
                    models.CheckConstraint(condition=models.Q(("numero__gte", 1)), name="signature_numero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionEbauche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField(verbose_name="Numéro")),
                ("titre", models.CharField(max_length=120)),
                ("texte", models.TextField()),
                ("lieu", models.CharField(blank=True, max_length=200)),
                ("resume", models.CharField(blank=True, max_length=200, verbose_name="Ce qui change")),
                ("reprise_de", models.PositiveSmallIntegerField(null=True)),
                ("le", models.DateTimeField(verbose_name="Date")),
                (
                    "ebauche",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="communautes.ebauche"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territoires.territoire",
                    ),
                ),
                (
                    "thematique",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projets.thematique",
                    ),
                ),
            ],
            options={
                "verbose_name": "Version d’une ébauche",
                "verbose_name_plural": "Versions d’une ébauche",
                "ordering": ["-numero"],
                "constraints": [
                    models.UniqueConstraint(fields=("ebauche", "numero"), name="version_ebauche_unique"),
                    models.CheckConstraint(condition=models.Q(("numero__gte", 1)), name="version_ebauche_numero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reprise_de__isnull", True),
                            models.Q(("reprise_de__gte", 1), ("reprise_de__lt", models.F("numero"))),
                            _connector="OR",
                        ),
                        name="version_ebauche_reprise",
                    ),
                ],
            },
        ),
        # Who wrote it may be emptied when an account is erased; the words stay as people read and signed them.
        PoserVerrou(
            table="communautes_versionebauche",
            colonnes=[
                "id",
                "ebauche_id",
                "numero",
                "titre",
                "texte",
                "thematique_id",
                "territoire_id",
                "lieu",
                "resume",
                "reprise_de",
                "le",
            ],
            message="Une version ne se réécrit pas.",
        ),
        # What was sent is what people signed.
        PoserVerrou(
            table="communautes_ebauche",
            colonnes=[
                "communaute_id",
                "titre",
                "texte",
                "thematique_id",
                "territoire_id",
                "lieu",
                "numero",
                "etat",
                "deposee_le",
            ],
            quand="OLD.etat = 'deposee'",
            message="Un texte déposé ne change plus.",
        ),
        PoserGarde(
            table="communautes_versionebauche",
            cle="ebauche_id",
            parent="communautes_ebauche",
            quand="p.etat = 'en_ecriture'",
            message="On n écrit que dans un texte en écriture.",
            colonnes=["ebauche_id", "numero"],
        ),
        PoserGarde(
            table="communautes_signature",
            cle="ebauche_id",
            parent="communautes_ebauche",
            quand="p.etat = 'en_ecriture'",
            message="On ne signe qu un texte en écriture.",
            colonnes=["ebauche_id", "personne_id", "numero"],
            sans_suppression=False,
        ),
    ]
