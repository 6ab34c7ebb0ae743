"""All addresses of a node."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("exchange/", include("paraph.node.exchange.urls")),
    path("", include("paraph.pages.urls")),
]
