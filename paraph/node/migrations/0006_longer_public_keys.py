"""A passkey's public half is longer than that of an Ed25519 key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("node", "0005_stamps")]

    operations = [
        migrations.AlterField(model_name="personkey", name="public", field=models.CharField(max_length=512)),
    ]
