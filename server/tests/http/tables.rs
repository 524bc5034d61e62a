//! Tests that exports, imports and backups contain what the tables say.

use std::{collections::BTreeMap, fs, path::PathBuf};

use domain::{
    data::tables::{self, DeclaredTable, Part},
    platform::db::Db,
};
use sea_orm::ConnectionTrait;
use server::{
    cli::{backup, transfer},
    config::{BackupArguments, Config, ExportArguments, ImportArguments, RestoreArguments},
};

use crate::{
    config::config,
    full_database::{fill, is_postgres, rows},
    persona::Site,
};

/// The table without which the program does not know the site.
const MIGRATIONS: &str = "seaql_migrations";

fn settings(site: &Site) -> Config {
    config("http://localhost:3000", site.folder())
}

/// Returns the tables of `db` with what they say.
async fn declared(db: &Db) -> Vec<DeclaredTable> {
    let there = db.tables().await.unwrap();
    let mut tables = tables::all();
    tables.retain(|table| there.iter().any(|name| name == table.name));
    tables
}

/// Exports the site, or the data of `user`, into a file in the folder of `site`, whose path is returned.
async fn export(site: &Site, user: Option<&str>) -> Option<PathBuf> {
    let file = site.folder().join("export.zip");
    let arguments = ExportArguments {
        file: file.clone(),
        user: user.map(str::to_owned),
        json: false,
    };
    let exported = transfer::export(&settings(site), arguments).await;
    exported.is_ok().then_some(file)
}

/// Returns the content of an export, which is deleted, or `None` if there is nobody to export.
async fn exported(site: &Site, user: Option<&str>) -> Option<Vec<u8>> {
    let file = export(site, user).await?;
    let content = fs::read(&file).unwrap();
    fs::remove_file(file).unwrap();
    Some(content)
}

/// Empties the tables of a full site one after another, and returns whether each did so change an export.
async fn changes_of_export(user: Option<&str>) -> Vec<(DeclaredTable, bool)> {
    let site = Site::new().await;
    fill(&site.state).await;
    let mut before = exported(&site, user).await;
    assert!(before.is_some());
    let mut changes = Vec::new();
    let mut tables = declared(&site.state.db).await;
    tables.retain(|table| table.name != MIGRATIONS);
    // Those that refer to others come first.
    for table in tables.into_iter().rev() {
        let sql = format!("DELETE FROM {}", table.name);
        site.state.db.writer().execute_unprepared(&sql).await.unwrap();
        let after = exported(&site, user).await;
        changes.push((table, after != before));
        before = after;
    }
    changes
}

#[tokio::test]
async fn an_export_is_made_from_the_tables_that_say_so() {
    for (table, has_changed) in changes_of_export(None).await {
        let part = table.participation.export;
        assert_eq!(has_changed, part == Part::Included, "{}: {part:?}", table.name);
    }
}

#[tokio::test]
async fn the_data_of_a_person_is_from_the_tables_that_say_so() {
    for (table, has_changed) in changes_of_export(Some("ada")).await {
        let part = table.participation.own_data;
        assert_eq!(has_changed, part == Part::Included, "{}: {part:?}", table.name);
    }
}

#[tokio::test]
async fn an_import_fills_the_tables_that_say_so() {
    let (site, other) = (Site::new().await, Site::new().await);
    fill(&site.state).await;
    let db = &other.state.db;
    let mut before = BTreeMap::new();
    for table in declared(db).await {
        before.insert(table.name, rows(db, table.name).await);
    }
    let arguments = ImportArguments {
        files: vec![export(&site, None).await.unwrap()],
        yes: false,
        trust: false,
        from: None,
        json: false,
    };
    transfer::import(&settings(&other), arguments).await.unwrap();
    for table in declared(db).await {
        let part = table.participation.import;
        let is_filled = before.get(table.name) != Some(&rows(db, table.name).await);
        let is_declared = matches!(part, Part::Included | Part::Derived);
        assert_eq!(is_filled, is_declared, "{}: {part:?}", table.name);
    }
}

#[tokio::test]
async fn a_restored_site_has_the_rows_of_the_tables_that_say_so() {
    let site = Site::new().await;
    if is_postgres(&site.state.db) {
        // It has backups of its own.
        return;
    }
    fill(&site.state).await;
    let file = site.folder().join("backup.zip");
    let arguments = BackupArguments {
        file: Some(file.clone()),
        json: false,
    };
    backup::take(&settings(&site), arguments).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = config("http://localhost:3000", folder.path());
    let arguments = RestoreArguments { file, force: true };
    backup::restore(&settings, arguments).await.unwrap();
    let restored = Db::connect(settings.database.url.expose()).await.unwrap();
    for table in declared(&restored).await {
        let part = table.participation.backup;
        let saved = rows(&site.state.db, table.name).await;
        let rows = rows(&restored, table.name).await;
        match part {
            Part::Included | Part::Derived => assert!(rows.is_superset(&saved), "{}: {part:?}", table.name),
            Part::Excluded(_) => assert!(rows.is_empty(), "{}: {part:?}", table.name),
        }
    }
}
