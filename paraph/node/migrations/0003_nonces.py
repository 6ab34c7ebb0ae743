from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0002_receipts"),
    ]

    operations = [
        migrations.CreateModel(
            name="NonceRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sender", models.CharField(max_length=8)),
                ("nonce", models.BinaryField(max_length=16)),
                ("at", models.BigIntegerField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "nonce"), name="one_request_of_a_nonce")
                ],
            },
        ),
    ]
