"""Times at which heads of the own log existed: receipts, as they came, and tokens of authorities."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("node", "0004_jobs")]

    operations = [
        migrations.CreateModel(
            name="StampRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("log", models.CharField(max_length=8)),
                ("size", models.PositiveBigIntegerField()),
                ("source", models.CharField(max_length=16)),
                ("time", models.DateTimeField()),
                ("raw", models.BinaryField()),
                ("token", models.BinaryField(default=b"")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["log", "size", "source"], name="one_stamp_of_a_head")
                ],
            },
        ),
    ]
