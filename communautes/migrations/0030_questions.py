"""Questions to an élue: public from the first day, answered before a public date."""

import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models

from communautes.gardes import GarderLesQuestions
from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [
        ("communautes", "0020_ecrits"),
        ("reponses", "0090_reponse_a_une_question"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
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
                ("titre", models.CharField(max_length=200, verbose_name="Votre question")),
                ("texte", models.TextField(blank=True, max_length=2000, verbose_name="Pourquoi vous la posez")),
                ("cle_saisie", models.UUIDField(editable=False, unique=True)),
                ("destinataire_nom", models.CharField(blank=True, editable=False, max_length=120)),
                ("destinataire_mandat", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "etat",
                    django_fsm.FSMField(
                        choices=[
                            ("publiee", "Ouverte aux soutiens"),
                            ("posee", "Réponse attendue"),
                            ("repondue", "Répondue"),
                            ("retiree", "Retirée par son auteur"),
                        ],
                        default="publiee",
                        max_length=50,
                        protected=True,
                        verbose_name="État",
                    ),
                ),
                (
                    "publiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="Publiée le"),
                ),
                ("seuil", models.PositiveIntegerField(editable=False, verbose_name="Soutiens qui obligent à répondre")),
                ("delai", models.PositiveSmallIntegerField(editable=False, verbose_name="Délai de réponse, en jours")),
                (
                    "motif_retrait",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="Raison du retrait"),
                ),
                (
                    "auteur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Auteur",
                    ),
                ),
                (
                    "communaute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="communautes.communaute",
                    ),
                ),
                (
                    "destinataire",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Élu·e",
                    ),
                ),
            ],
            options={
                "verbose_name": "Question",
                "verbose_name_plural": "Questions",
                "ordering": ["-publiee_le", "-pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["communaute", "-publiee_le", "-id"], name="question_recentes"),
                    models.Index(fields=["auteur", "-publiee_le", "-id"], name="question_de"),
                    models.Index(fields=["destinataire", "etat"], name="question_pour"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("masquee_le__isnull", True), ("masquee_motif", "")),
                            models.Q(("masquee_le__isnull", False), models.Q(("masquee_motif", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="communautes_question_masquee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat__in", ["publiee", "posee", "repondue", "retiree"])),
                        name="question_etat",
                    ),
                    models.CheckConstraint(condition=models.Q(("titre", ""), _negated=True), name="question_titre"),
                    models.CheckConstraint(
                        condition=models.Q(("delai__gte", 1), ("seuil__gte", 1)), name="question_regles"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("etat", "retiree"), ("motif_retrait", ""), _connector="XOR"),
                        name="question_retrait",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("destinataire__isnull", True), ("destinataire_mandat", ""), ("destinataire_nom", "")
                            ),
                            models.Q(
                                models.Q(("destinataire_nom", ""), _negated=True),
                                models.Q(("destinataire_mandat", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="question_destinataire",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SoutienQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "personne",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="soutiens_de_questions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="soutiens", to="communautes.question"
                    ),
                ),
            ],
            options={
                "verbose_name": "Soutien d’une question",
                "verbose_name_plural": "Soutiens des questions",
                "ordering": ["-cree_le", "-pk"],
                "indexes": [
                    models.Index(fields=["personne", "-cree_le", "-id"], name="soutien_question_de"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "personne"), name="soutien_question_unique"),
                ],
            },
        ),
        # What was told to those who support it, and to whom it was asked.
        PoserVerrou(
            table="communautes_question",
            colonnes=["communaute_id", "seuil", "delai", "publiee_le", "destinataire_nom", "destinataire_mandat"],
            sans_suppression=False,
            message="Les regles d une question ne changent plus.",
        ),
        # What somebody has signed an answer to is not written otherwise afterwards.
        PoserVerrou(
            table="communautes_question",
            suffixe="mots",
            colonnes=["titre", "texte"],
            quand="OLD.etat IN ('posee', 'repondue')",
            message="Une question a laquelle une reponse est due ne change plus.",
        ),
        GarderLesQuestions(),
    ]
