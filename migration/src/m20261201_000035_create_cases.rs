//! Creates the tables of cases, of the reports in them, and of the decisions of moderators.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, string_len, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [cases(), reports(), decisions()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["decisions", "reports", "cases"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// Returns the foreign key of `column` in `table`, which refers to the id of `other`.
fn key(
    table: &'static str,
    column: &'static str,
    other: &'static str,
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fkey"))
        .from(table, column)
        .to(other, "id")
        .on_delete(on_delete)
        .to_owned()
}

fn cases() -> TableCreateStatement {
    Table::create()
        .table("cases")
        .col(big_integer("id").auto_increment().primary_key())
        // Each is about one of these three.
        .col(big_integer_null("post_id").unique_key())
        .col(big_integer_null("comment_id").unique_key())
        .col(big_integer_null("user_id").unique_key())
        .col(timestamp_with_time_zone("opened_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(big_integer_null("claimed_by"))
        .col(timestamp_with_time_zone_null("claimed_until"))
        .foreign_key(&mut key("cases", "post_id", "posts", ForeignKeyAction::Cascade))
        .foreign_key(&mut key(
            "cases",
            "comment_id",
            "comments",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut key("cases", "user_id", "users", ForeignKeyAction::Cascade))
        .foreign_key(&mut key(
            "cases",
            "claimed_by",
            "users",
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn reports() -> TableCreateStatement {
    Table::create()
        .table("reports")
        .col(big_integer("id").auto_increment().primary_key())
        .col(big_integer("case_id"))
        .col(big_integer_null("reporter_id"))
        // Of somebody without an account, until they are told of the decision.
        .col(text_null("email"))
        .col(string_len("ground", 16))
        .col(text("content"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut key("reports", "case_id", "cases", ForeignKeyAction::Cascade))
        .foreign_key(&mut key(
            "reports",
            "reporter_id",
            "users",
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn decisions() -> TableCreateStatement {
    Table::create()
        .table("decisions")
        .col(big_integer("id").auto_increment().primary_key())
        // Without one, the account has been deleted; the act still counts.
        .col(big_integer_null("user_id"))
        .col(big_integer_null("moderator_id"))
        .col(text("moderator"))
        .col(string_len("act", 16))
        .col(text("subject"))
        .col(big_integer_null("post_id"))
        .col(big_integer_null("comment_id"))
        .col(string_len("ground", 16))
        .col(text("facts"))
        .col(boolean("is_automated").default(false))
        .col(timestamp_with_time_zone_null("until"))
        .col(timestamp_with_time_zone("created_at"))
        .col(text_null("appeal"))
        .col(timestamp_with_time_zone_null("appealed_at"))
        .col(text_null("answer"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(boolean("is_reversed").default(false))
        .foreign_key(&mut key(
            "decisions",
            "user_id",
            "users",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut key(
            "decisions",
            "moderator_id",
            "users",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut key(
            "decisions",
            "post_id",
            "posts",
            ForeignKeyAction::SetNull,
        ))
        .foreign_key(&mut key(
            "decisions",
            "comment_id",
            "comments",
            ForeignKeyAction::SetNull,
        ))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table(table).take();
        for column in columns {
            index.col(*column);
        }
        index
    };
    vec![
        index("cases_open_idx", "cases", &["opened_at", "id"])
            .and_where(Expr::col("closed_at").is_null())
            .take(),
        index("cases_claimed_by_idx", "cases", &["claimed_by"]),
        index("reports_reporter_idx", "reports", &["case_id", "reporter_id"])
            .unique()
            .take(),
        index("reports_reporter_id_idx", "reports", &["reporter_id"]),
        index("reports_created_at_idx", "reports", &["created_at"]),
        index("decisions_created_at_idx", "decisions", &["created_at"]),
        index("decisions_user_idx", "decisions", &["user_id", "id"]),
        index("decisions_appeals_idx", "decisions", &["appealed_at", "id"])
            .and_where(
                Expr::col("appealed_at")
                    .is_not_null()
                    .and(Expr::col("answered_at").is_null()),
            )
            .take(),
        index("decisions_moderator_id_idx", "decisions", &["moderator_id"]),
        index("decisions_post_id_idx", "decisions", &["post_id"]),
        index("decisions_comment_id_idx", "decisions", &["comment_id"]),
    ]
}
