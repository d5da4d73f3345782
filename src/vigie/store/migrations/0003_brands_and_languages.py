"""Codes of brands as long as a list of brands has them; a language only of those who chose one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vigie", "0002_tokens"),
    ]

    operations = [
        migrations.AlterField("grant", "brand", models.CharField(blank=True, max_length=100)),
        migrations.AlterField(
            "user",
            "language",
            models.CharField(blank=True, choices=[("fr", "Français"), ("en", "English")], max_length=2),
        ),
    ]
