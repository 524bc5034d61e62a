//! The encoding of comments in the page: JSON without their texts, which the page contains already.

use std::marker::PhantomData;

use leptos::{
    prelude::document,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

use shared::{
    error::AppError,
    model::comment::{Comment, CommentPage, Discussion},
    paths,
};

/// Something that contains comments.
pub(in crate::pages) trait Commented {
    /// Calls `visit` with each comment.
    fn each(&mut self, visit: &mut dyn FnMut(&mut Comment));
}

impl Commented for Discussion {
    fn each(&mut self, visit: &mut dyn FnMut(&mut Comment)) {
        if let Self::Shown(page) = self {
            for thread in &mut page.threads {
                visit(&mut thread.root);
                thread.replies.iter_mut().for_each(&mut *visit);
            }
        }
    }
}

impl Commented for CommentPage {
    fn each(&mut self, visit: &mut dyn FnMut(&mut Comment)) {
        self.above.iter_mut().for_each(&mut *visit);
        visit(&mut self.comment);
        self.below.iter_mut().for_each(visit);
    }
}

/// The encoding of `T` without the texts of its comments.
pub(in crate::pages) struct WithoutTexts<T>(PhantomData<T>);

impl<T: Commented + Clone + Serialize + 'static> Encoder<Result<T, AppError>> for WithoutTexts<T> {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &Result<T, AppError>) -> Result<String, Self::Error> {
        let mut value = value.clone();
        if let Ok(value) = &mut value {
            value.each(&mut |comment| comment.html.clear());
        }
        serde_json::to_string(&value)
    }
}

impl<T: Commented + DeserializeOwned + 'static> Decoder<Result<T, AppError>> for WithoutTexts<T> {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<Result<T, AppError>, Self::Error> {
        let mut value: Result<T, AppError> = serde_json::from_slice(text.as_bytes())?;
        if let Ok(value) = &mut value {
            value.each(&mut |comment| comment.html = text_in_page(comment.id).unwrap_or_default());
        }
        Ok(value)
    }
}

/// Returns the text of the comment with this id from the document.
fn text_in_page(id: i64) -> Option<String> {
    let comment = document().get_element_by_id(&paths::comment_anchor(id))?;
    let text = comment.query_selector(".comment-text").ok()??;
    Some(text.inner_html())
}
