"""Where a form asks to go afterwards: the page that it was sent from."""

from django.utils.http import url_has_allowed_host_and_scheme


def suite_demandee(request) -> str:
    """The page of this site that `suite` names; empty for any other thing."""
    suite = request.POST.get("suite", request.GET.get("suite", ""))
    sienne = url_has_allowed_host_and_scheme(
        suite, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # What begins otherwise is read from the page that asks, or as the name of a view.
    return suite if sienne and suite.startswith(("/", f"{request.scheme}://")) else ""
