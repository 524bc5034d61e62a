//! Rendering of comments.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    Scope,
    markdown::{self, RENDERER},
    platform::{entity::comment, topic::Topic},
};
use shared::{
    error::AppError,
    forms::{self, Field, FieldErrors, FieldProblem},
    model::account::Viewer,
};

/// Renders a comment.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if it has too many parts or if nothing of it would be visible.
pub(super) async fn rendered(content: &str) -> Result<String, AppError> {
    let refused = |problem| AppError::from(FieldErrors::one(Field::Comment, problem));
    let html = markdown::render_comment(content.to_owned()).await?;
    let html = html.ok_or_else(|| refused(FieldProblem::TooMuchMarkup))?;
    if has_text(&html) {
        Ok(html)
    } else {
        // Only marks, none of which are shown.
        Err(refused(FieldProblem::Required))
    }
}

/// Returns whether something of `html` is visible: a character that is neither white space nor invisible.
fn has_text(html: &str) -> bool {
    let is_invisible = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(
                character,
                '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{ffa0}'
            )
            || matches!(character, '\u{e0000}'..='\u{e007f}')
            || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
    };
    // The only white space that is written as an entity.
    let html = html.replace("&nbsp;", " ");
    let mut texts = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.any(|text| text.contains(|character| !is_invisible(character)))
}

/// Renders `content`, which `viewer` is writing.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many previews, and [`AppError::Invalid`] if the text is not valid.
pub async fn preview(scope: &Scope, viewer: &Viewer, content: &str) -> Result<String, AppError> {
    let limit = &scope.state.limits.preview;
    limit.check(&scope.state.db, viewer.id).await?;
    rendered(&forms::comment::content(content)?).await
}

/// Renders a batch of the comments that were rendered by an older version, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn render_old(scope: &Scope) -> Result<u64, AppError> {
    const BATCH: u64 = 200;
    let old: Vec<(i64, i64, i64, String)> = comment::Entity::find()
        .select_only()
        .columns([
            comment::Column::Id,
            comment::Column::PostId,
            comment::Column::Version,
            comment::Column::Content,
        ])
        .filter(comment::Column::Renderer.lt(RENDERER))
        .limit(BATCH)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    for (id, _, version, content) in &old {
        // A text that an older version has accepted and that has too many parts now keeps its HTML.
        let html = markdown::render_comment(content.clone()).await?;
        let mut update = comment::Entity::update_many()
            .col_expr(comment::Column::Renderer, Expr::value(RENDERER))
            .filter(comment::Column::Id.eq(*id))
            .filter(comment::Column::Version.eq(*version));
        if let Some(html) = html {
            update = update.col_expr(comment::Column::Html, Expr::value(html));
        }
        update.exec(scope.state.db.writer()).await?;
    }
    let topics = old.iter().map(|(_, post, ..)| Topic::Post(*post)).collect();
    if !old.is_empty() {
        scope.state.db.invalidate(topics).await;
    }
    Ok(old.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_of_nothing_but_marks_has_no_text() {
        for empty in [
            "",
            "<p></p>\n",
            "<p>\u{200b}\u{202e} \u{3164}</p>",
            "<blockquote>\n</blockquote>\n",
            "<p>&nbsp;\u{e0061}</p>",
        ] {
            assert!(!has_text(empty), "{empty:?}");
        }
        for visible in ["<p>a</p>", "<p>\u{202e}a</p>", "<p>👍</p>", "<p>&lt;</p>"] {
            assert!(has_text(visible), "{visible:?}");
        }
    }
}
