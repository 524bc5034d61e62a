//! Tests of the whole site over HTTP within the process: middleware, routes, pages and forms, as a browser without
//! JavaScript uses them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]

mod access;
mod account;
mod appearance;
mod array_lengths;
mod background;
#[path = "../../../app/domain/tests/use_cases/bucket.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod bucket;
mod client_limit;
mod comment;
mod config;
mod connections;
mod contexts;
mod crawler;
mod data;
#[path = "../../../app/domain/tests/use_cases/database.rs"]
mod database;
mod docs;
mod edge;
mod editor;
mod errors;
mod explore;
mod feed;
#[path = "../../../app/domain/tests/use_cases/full_database.rs"]
mod full_database;
mod headers;
mod image;
mod injection;
mod invitation;
mod media;
mod moderation;
mod outgoing;
mod page_cache;
mod pages;
mod persona;
mod post;
mod post_source;
mod profile;
mod recovery;
mod same_origin;
mod served;
mod settings;
mod setup;
mod site_settings;
mod static_page;
mod tables;
mod tag;
mod theme;
mod throttle;
mod trash;
mod upload;
