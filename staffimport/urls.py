"""Addresses of the import's pages."""

from django.urls import path

from staffimport.views import (
    audit,
    compare,
    downloads,
    final,
    held,
    history,
    person,
    readiness,
    results,
    runs,
    settings,
    settings_files,
    staff,
    staff_add,
    staff_edit,
    staff_status,
    undo,
)

app_name = "staffimport"

urlpatterns = [
    path("runs/", history.history, name="runs"),
    path("runs/start-test/", runs.start_test, name="start_test"),
    path("runs/sync-now/", runs.start_sync, name="start_sync"),
    path("runs/start-import/", final.start_final, name="start_final"),
    path("runs/compare/", compare.compare, name="compare"),
    path("runs/compare.csv", compare.compare_csv, name="compare_csv"),
    path("runs/<int:number>/", runs.run, name="run"),
    path("runs/<int:number>/progress/", runs.progress, name="progress"),
    path("runs/<int:number>/cancel/", runs.cancel, name="cancel"),
    path("runs/<int:number>/held/", held.resolve, name="held"),
    path("runs/<int:number>/undo/", undo.undo, name="undo"),
    path("runs/<int:number>/results.csv", downloads.results_csv, name="csv"),
    path("runs/<int:number>/results.xlsx", downloads.results_xlsx, name="xlsx"),
    path("runs/<int:number>/rows/<int:row>/", results.row, name="row"),
    path("readiness/", readiness.readiness, name="readiness"),
    path("readiness/check/", readiness.check_now, name="check_now"),
    path("readiness/progress/", readiness.progress, name="readiness_progress"),
    path("readiness/<slug:code>/", readiness.people, name="readiness_people"),
    path("readiness/<slug:code>.csv", readiness.people_csv, name="readiness_csv"),
    path("setup/import-staff-data/", settings.settings, name="settings"),
    path("setup/import-staff-data/preview/", settings.preview, name="settings_preview"),
    path(
        "setup/import-staff-data/settings.json",
        settings_files.export_settings,
        name="export_settings",
    ),
    path(
        "setup/import-staff-data/file/",
        settings_files.import_settings,
        name="import_settings",
    ),
    path(
        "setup/import-staff-data/titles.csv",
        settings_files.titles_csv,
        name="titles_csv",
    ),
    path("staff/", staff.staff, name="staff"),
    path("staff/accounts.csv", staff.staff_csv, name="staff_csv"),
    path("staff/add/", staff_add.add, name="staff_add"),
    path("staff/add/alike/", staff_add.alike, name="staff_alike"),
    path("staff/<uuid:account>/", person.person, name="staff_person"),
    path("staff/<uuid:account>/edit/", staff_edit.edit, name="staff_edit"),
    path("staff/<uuid:account>/unpin/", staff_edit.unpin, name="staff_unpin"),
    path(
        "staff/<uuid:account>/deactivate/",
        staff_status.deactivate,
        name="staff_deactivate",
    ),
    path(
        "staff/<uuid:account>/reactivate/",
        staff_status.reactivate,
        name="staff_reactivate",
    ),
    path("audit/", audit.audit, name="audit"),
]
