//! The statements that a read-only console permits.
//!
//! This is not a parser: whatever is not certain to be a single statement that reads is refused.

/// The first keywords of PostgreSQL statements that may only read.
const POSTGRES_KEYWORDS: &[&str] = &["SELECT", "WITH", "VALUES", "SHOW", "EXPLAIN"];
/// The first keywords of SQLite statements that may only read.
const SQLITE_KEYWORDS: &[&str] = &["SELECT", "WITH", "VALUES", "EXPLAIN"];
/// The pragmas that change nothing, whatever their arguments are.
const PRAGMAS: &[&str] = &[
    "collation_list",
    "compile_options",
    "database_list",
    "foreign_key_check",
    "foreign_key_list",
    "freelist_count",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "page_count",
    "quick_check",
    "table_info",
    "table_xinfo",
];
/// Substrings of functions and syntax that have effects beyond a rolled-back read-only transaction of PostgreSQL or
/// that leave it. `u&` introduces Unicode escapes, in which other names could be hidden.
const BEYOND_TRANSACTION: &[&str] = &[
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_logical_emit_message",
    "set_config",
    "dblink",
    "u&",
];

/// Returns whether `sql` begins like a PostgreSQL statement that only reads and contains nothing that does more.
/// Whether it is a single statement is left to the database.
pub(super) fn begins_as_postgres_read(sql: &str) -> bool {
    let lowercase = sql.to_ascii_lowercase();
    let is_read = after_blanks(sql).is_some_and(|sql| is_one_of(POSTGRES_KEYWORDS, word(sql).0));
    is_read && !BEYOND_TRANSACTION.iter().any(|name| lowercase.contains(name))
}

/// Returns whether `sql` is a single SQLite statement that begins like one that only reads.
pub(super) fn is_sqlite_read(sql: &str) -> bool {
    let Some((keyword, rest)) = after_blanks(sql).map(word) else {
        return false;
    };
    let is_read = is_one_of(SQLITE_KEYWORDS, keyword)
        || keyword.eq_ignore_ascii_case("PRAGMA")
            && after_blanks(rest).is_some_and(|rest| is_one_of(PRAGMAS, word(rest).0));
    is_read && is_single(rest)
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Returns the first word of `sql` and the rest.
fn word(sql: &str) -> (&str, &str) {
    let is_in_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '$') || !it.is_ascii();
    sql.split_at_checked(sql.find(|it| !is_in_word(it)).unwrap_or(sql.len()))
        .unwrap_or((sql, ""))
}

/// Returns `sql` without leading white space and comments, or `None` if the databases disagree about where a comment
/// ends.
fn after_blanks(mut sql: &str) -> Option<&str> {
    loop {
        sql = sql.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
        if let Some(comment) = sql.strip_prefix("--") {
            let (line, rest) = comment.split_once('\n').unwrap_or((comment, ""));
            // PostgreSQL ends the comment at a carriage return.
            if line.trim_end_matches('\r').contains('\r') {
                return None;
            }
            sql = rest;
        } else if let Some(comment) = sql.strip_prefix("/*") {
            let (text, rest) = comment.split_once("*/").unwrap_or((comment, ""));
            // PostgreSQL supports nested comments.
            if text.contains("/*") {
                return None;
            }
            sql = rest;
        } else {
            return Some(sql);
        }
    }
}

/// Returns whether nothing follows the first semicolon that ends an SQLite statement
/// (<https://sqlite.org/lang_expr.html#literal_values_constants_>).
fn is_single(sql: &str) -> bool {
    let mut rest = sql;
    loop {
        let Some(next) = after_blanks(rest) else {
            return false;
        };
        let mut characters = next.chars();
        let closing = match characters.next() {
            None => return true,
            Some(';') => return after_blanks(characters.as_str()) == Some(""),
            // Parameter names may contain quotes and semicolons.
            Some('$' | '@' | '#' | ':' | '?' | '\0') => return false,
            Some(quote @ ('\'' | '"' | '`')) => quote,
            Some('[') => ']',
            Some(_) => {
                rest = characters.as_str();
                continue;
            }
        };
        // A doubled quote is treated as the end of one literal and the start of the next, which is equivalent here.
        let Some((_, after)) = characters.as_str().split_once(closing) else {
            return false;
        };
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_ends_where_sqlite_ends_it() {
        for single in [
            "SELECT 1",
            "select ';' ; -- ;\n /* ; */ ",
            "WITH a AS (SELECT 'it''s; ok') SELECT \"a;b\", `c;`, [d;] FROM a;",
            "PRAGMA /* of */ table_info(posts)",
        ] {
            assert!(is_sqlite_read(single), "{single}");
        }
        for other in [
            "SELECT 1; SELECT 2",
            "SELECT 1;;",
            "SELECT 'a; SELECT 2",
            "SELECT '''; SELECT 2",
            "SELECT [a]]; SELECT 2",
            "SELECT $a(');SELECT 2--')",
            "SELECTED",
            "PRAGMA main.table_info(posts)",
            "PRAGMA journal_mode",
            "",
        ] {
            assert!(!is_sqlite_read(other), "{other}");
        }
    }

    #[test]
    fn a_comment_hides_no_keyword() {
        for hidden in [
            "/* /* */ SELECT */ DELETE FROM posts",
            "-- \rDELETE FROM posts --\nSELECT 1",
            "/* SELECT",
            "-- SELECT",
            "(SELECT 1)",
        ] {
            assert!(!begins_as_postgres_read(hidden), "{hidden}");
        }
        assert!(begins_as_postgres_read(
            "-- a\r\n/* b */ Select 1; DELETE FROM posts"
        ));
    }
}
