"""PostgreSQL refuses to change or delete entries of the audit trail.

Two things are let through: an entry forgets an actor whose identity is deleted, and the
entries of a district go when its deletion has begun. On SQLite, which can't tell a test
that empties its tables from anybody else, the model alone refuses.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

GUARD = """
CREATE OR REPLACE FUNCTION schools_keep_audit_trail() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.actor_id IS NULL
            AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id'
        THEN
            RETURN NEW;
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM schools_district
        WHERE id = OLD.district_id AND deletion_begun_at IS NOT NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER schools_auditentry_append_only
    BEFORE UPDATE OR DELETE ON schools_auditentry
    FOR EACH ROW EXECUTE FUNCTION schools_keep_audit_trail();
"""
NO_GUARD = """
DROP TRIGGER schools_auditentry_append_only ON schools_auditentry;
DROP FUNCTION schools_keep_audit_trail();
"""


def put_up(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guard up."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD, params=None)


def take_down(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the guard down."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NO_GUARD, params=None)


class Migration(migrations.Migration):
    """Puts the guard up."""

    dependencies = [("schools", "0006_leaving")]

    operations = [migrations.RunPython(put_up, take_down)]
