//! Creates the queue of jobs, and moves the mails of the outbox into it.
//!
//! On PostgreSQL, servers of the previous version keep running meanwhile. For them `outbox` becomes a view of the mails
//! in the queue: what they insert becomes a job, they find nothing to send, and what they were sending ends with the
//! job. A later version may drop the view.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, integer, small_integer, string_len, string_len_null, string_len_uniq,
        text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
    sea_orm::DatabaseBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        lock(manager, "outbox").await?;
        create_jobs(manager).await?;
        let payload = if is_postgres(manager) {
            "'{\"recipient\":' || CAST(to_json(recipient) AS text) || ',\"template\":' || letter || '}'"
        } else {
            "'{\"recipient\":' || json_quote(recipient) || ',\"template\":' || letter || '}'"
        };
        let copy = format!(
            "INSERT INTO jobs (id, key, kind, lane, payload, user_id, created_at, due_at, attempts, lost, state, \
             finished_at, last_error) SELECT id, message_id, 'mail', {}, {payload}, user_id, created_at, due_at, \
             attempts, 0, CASE WHEN dead_at IS NULL THEN 'waiting' ELSE 'failed' END, dead_at, last_error FROM outbox",
            lane("letter")
        );
        execute(manager, &[&copy]).await?;
        execute(manager, carry_over(manager, Direction::ToJobs)).await?;
        manager
            .drop_table(Table::drop().table("outbox").to_owned())
            .await?;
        if is_postgres(manager) {
            return execute(manager, &[VIEW, &insert_through_view(), TRIGGER]).await;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        lock(manager, "jobs").await?;
        let (recipient, letter) = if is_postgres(manager) {
            execute(
                manager,
                &["DROP VIEW outbox", "DROP FUNCTION insert_mail_as_job()"],
            )
            .await?;
            (
                "CAST(payload AS json) ->> 'recipient'",
                "CAST(CAST(payload AS json) -> 'template' AS text)",
            )
        } else {
            ("payload ->> '$.recipient'", "payload -> '$.template'")
        };
        create_outbox(manager).await?;
        // Mails that wait for an administrator are given up, so that they are not sent by themselves.
        let copy = format!(
            "INSERT INTO outbox (id, message_id, recipient, letter, user_id, created_at, attempts, due_at, dead_at, \
             last_error) SELECT id, key, {recipient}, {letter}, user_id, created_at, attempts, due_at, \
             CASE state WHEN 'failed' THEN finished_at WHEN 'held' THEN due_at END, last_error \
             FROM jobs WHERE kind = 'mail' AND state <> 'done'"
        );
        execute(manager, &[&copy]).await?;
        execute(manager, carry_over(manager, Direction::ToOutbox)).await?;
        manager.drop_table(Table::drop().table("jobs").to_owned()).await
    }
}

fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DatabaseBackend::Postgres
}

/// Locks the `queue` on PostgreSQL, so that no mail is lost that a running server queues between the copy and the end of
/// the table. The table of users is locked first: its foreign keys are changed, and a server that had locked a user and
/// waited for this migration would deadlock with it.
async fn lock(manager: &SchemaManager<'_>, queue: &str) -> Result<(), DbErr> {
    if is_postgres(manager) {
        let statement = format!("LOCK TABLE users, {queue} IN ACCESS EXCLUSIVE MODE");
        execute(manager, &[&statement]).await?;
    }
    Ok(())
}

async fn execute(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Returns the lane of a mail with this template: 0 if somebody waits for it, and otherwise 1.
fn lane(letter: &str) -> String {
    let notices = ["suspended", "reinstated", "post-hidden", "fault"];
    let is_notice = notices.map(|kind| format!("{letter} LIKE '{{\"kind\":\"{kind}\"%'"));
    format!("CASE WHEN {} THEN 1 ELSE 0 END", is_notice.join(" OR "))
}

async fn create_jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("jobs")
                .col(big_integer("id").auto_increment().primary_key())
                // The name of the job outside, such as a `Message-ID`.
                .col(string_len_uniq("key", 320))
                .col(string_len("kind", 32))
                .col(small_integer("lane"))
                // Empty once the job is done.
                .col(text_null("payload"))
                // The user with whom the job is deleted.
                .col(big_integer_null("user_id"))
                .col(timestamp_with_time_zone("created_at"))
                // The time of the next attempt; during an attempt, the time at which its lease expires.
                .col(timestamp_with_time_zone("due_at"))
                .col(integer("attempts"))
                // The number of attempts in a row that have ended without a result.
                .col(integer("lost"))
                // A random name of the current attempt.
                .col(string_len_null("holder", 32))
                .col(string_len("state", 16))
                .col(timestamp_with_time_zone_null("finished_at"))
                .col(text_null("last_error"))
                .foreign_key(
                    ForeignKey::create()
                        .name("jobs_user_id_fkey")
                        .from("jobs", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    let due = Expr::col("state").eq("waiting");
    create_index(manager, "jobs_due_idx", &["lane", "due_at", "id"], due).await?;
    let open = Expr::col("state").ne("done");
    create_index(manager, "jobs_open_idx", &["state", "kind", "id"], open).await?;
    let finished = Expr::col("finished_at").is_not_null();
    create_index(
        manager,
        "jobs_finished_idx",
        &["state", "finished_at", "id"],
        finished,
    )
    .await?;
    let of_user = Expr::col("user_id").is_not_null();
    create_index(manager, "jobs_user_id_idx", &["user_id"], of_user).await
}

async fn create_index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: &[&'static str],
    condition: Expr,
) -> Result<(), DbErr> {
    let mut index = Index::create().name(name).table("jobs").take();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index.and_where(condition).take()).await
}

/// Creates the table of the previous version.
async fn create_outbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("outbox")
                .col(big_integer("id").auto_increment().primary_key())
                .col(string_len_uniq("message_id", 320))
                .col(string_len("recipient", 254))
                .col(text("letter"))
                .col(big_integer_null("user_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone("due_at"))
                .col(timestamp_with_time_zone_null("dead_at"))
                .col(text_null("last_error"))
                .foreign_key(
                    ForeignKey::create()
                        .name("outbox_user_id_fkey")
                        .from("outbox", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    execute(
        manager,
        &[
            "CREATE INDEX outbox_dead_at_due_at_idx ON outbox (dead_at, due_at)",
            "CREATE INDEX outbox_user_id_idx ON outbox (user_id)",
        ],
    )
    .await
}

/// The table into which the rows are moved.
#[derive(Clone, Copy)]
enum Direction {
    ToJobs,
    ToOutbox,
}

/// Returns the statements that make the ids go on. The tokens of mails are ordered by these ids.
fn carry_over(manager: &SchemaManager<'_>, direction: Direction) -> &'static [&'static str] {
    match (is_postgres(manager), direction) {
        (true, Direction::ToJobs) => &[
            "SELECT setval(pg_get_serial_sequence('jobs', 'id'), pg_sequence_last_value(\
             CAST(pg_get_serial_sequence('outbox', 'id') AS regclass)))",
        ],
        (true, Direction::ToOutbox) => &[
            "SELECT setval(pg_get_serial_sequence('outbox', 'id'), pg_sequence_last_value(\
             CAST(pg_get_serial_sequence('jobs', 'id') AS regclass)))",
        ],
        (false, Direction::ToJobs) => &[
            "DELETE FROM sqlite_sequence WHERE name = 'jobs'",
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'jobs', seq FROM sqlite_sequence WHERE name = 'outbox'",
        ],
        (false, Direction::ToOutbox) => &[
            "DELETE FROM sqlite_sequence WHERE name = 'outbox'",
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', seq FROM sqlite_sequence WHERE name = 'jobs'",
        ],
    }
}

/// The mails of the queue as servers of the previous version know them, with columns of the same types, which their
/// prepared statements require. To these servers none is ever due.
const VIEW: &str = "CREATE VIEW outbox AS SELECT id, key AS message_id, \
     CAST(CAST(payload AS json) ->> 'recipient' AS varchar(254)) AS recipient, \
     CAST(CAST(payload AS json) -> 'template' AS text) AS letter, user_id, created_at, attempts, \
     CAST('9999-12-31' AS timestamptz) AS due_at, CASE state WHEN 'failed' THEN finished_at END AS dead_at, last_error \
     FROM jobs WHERE kind = 'mail' AND state <> 'done'";

const TRIGGER: &str = "CREATE TRIGGER outbox_jobs INSTEAD OF INSERT OR UPDATE OR DELETE ON outbox \
     FOR EACH ROW EXECUTE FUNCTION insert_mail_as_job()";

/// Returns the statement that creates the function behind the view. A mail that such a server could not send is left to
/// the new servers.
fn insert_through_view() -> String {
    format!(
        "CREATE FUNCTION insert_mail_as_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF TG_OP = 'DELETE' THEN DELETE FROM jobs WHERE id = OLD.id; RETURN OLD; END IF; \
         IF TG_OP = 'INSERT' THEN \
           INSERT INTO jobs (key, kind, lane, payload, user_id, created_at, due_at, attempts, lost, state) \
           VALUES (NEW.message_id, 'mail', {}, \
           '{{\"recipient\":' || CAST(to_json(NEW.recipient) AS text) || ',\"template\":' || NEW.letter || '}}', \
           NEW.user_id, NEW.created_at, NEW.due_at, NEW.attempts, 0, 'waiting'); \
         END IF; RETURN NEW; END $$",
        lane("NEW.letter")
    )
}
