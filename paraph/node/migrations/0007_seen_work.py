"""Whether the person whose work has ended has looked at it, in whichever session."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("node", "0006_longer_public_keys")]

    operations = [
        migrations.AddField(model_name="job", name="seen", field=models.BooleanField(default=False)),
    ]
