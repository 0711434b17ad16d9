"""What the queue wakes for communities. The row of the job is what matters: `tic` goes on with it if the task is lost."""

from django_tasks import task

from communautes.panels import calcul


@task()
def calculer_les_lots(pk: int) -> None:
    calcul.executer(pk)
