"""Where does the exchange live? Below `exchange/`; `server.py` knows the resources."""

from django.urls import path

from paraph.node.exchange import views

app_name = "exchange"
urlpatterns = [path("<path:target>", views.resource, name="resource")]
