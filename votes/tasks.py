"""What the queue wakes for votes. The row of the count is what matters: `tic` goes on with it if the task is lost."""

from django_tasks import task

from votes import comptage


@task()
def compter(pk: int) -> None:
    comptage.executer(pk)
